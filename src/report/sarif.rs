//! SARIF 2.1.0, as GitHub and GitLab take it.
//!
//! In: a [`Report`] whose paths are relative to the repository. Out: one run with one rule per data class, so that ratings
//! of rules are ratings of classes, and one result per class and line, since code scanning takes two results of a rule on a
//! line for one. It leaves alone what is accepted, unless that is asked for.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{View, shown};
use crate::finding::{ClassSeen, Confidence, Finding, Location, Origin, Report, Severity, Status};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const HOMEPAGE: &str = "https://github.com/divulge/divulge";
/// Code scanning refuses longer descriptions.
const LONGEST: usize = 1000;

/// Renders a report.
///
/// # Errors
///
/// Never for a report that this program made.
pub fn sarif(report: &Report, view: &View<'_>) -> Result<String> {
    let mut groups: BTreeMap<(&str, &str, u32, Status), Vec<&Finding>> = BTreeMap::new();
    for finding in shown(report, view) {
        let place = anchor(finding);
        let key = (
            finding.class.as_str(),
            place.path.as_str(),
            place.line,
            finding.status,
        );
        groups.entry(key).or_default().push(finding);
    }
    let mut groups: Vec<Vec<&Finding>> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(worst(group)));
    let classes: BTreeSet<&str> = groups
        .iter()
        .flatten()
        .map(|finding| finding.class.as_str())
        .collect();
    let rules: Vec<Value> = classes.iter().map(|class| rule(class, report)).collect();
    let results: Vec<Value> = groups
        .iter()
        .map(|group| result(group, &classes, view))
        .collect();
    let notes: Vec<Value> = report.files.errors.iter().map(notification).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "informationUri": HOMEPAGE,
                "rules": rules,
            } },
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notes,
            }],
            "results": results,
        }],
    });
    let mut text =
        serde_json::to_string_pretty(&log).context("cannot write the report as SARIF")?;
    text.push('\n');
    Ok(text)
}

fn worst(group: &[&Finding]) -> Option<Severity> {
    group.iter().map(|finding| finding.severity).max()
}

/// The value itself where it stands in the same file as the call, so that results of one call differ.
fn anchor(finding: &Finding) -> &Location {
    finding
        .value
        .as_ref()
        .filter(|value| {
            value.path == finding.location.path
                && (finding.location.line..=finding.location.end_line).contains(&value.line)
        })
        .unwrap_or(&finding.location)
}

fn rule_id(class: &str) -> String {
    format!("divulge/{class}")
}

fn rule(id: &str, report: &Report) -> Value {
    let class = report.classes.iter().find(|class| class.id == id);
    let name = class.map_or(id, |class| class.name.as_str());
    let severity = class.map_or_else(
        || {
            let found = report.findings.iter().filter(|finding| finding.class == id);
            found.map(|finding| finding.severity).max()
        },
        |class| Some(class.severity),
    );
    let severity = severity.unwrap_or(Severity::Medium);
    let (short, full) = match class {
        Some(ClassSeen { gain, reason, .. }) => (
            format!("{name} is handed to a vendor"),
            format!("{gain} {reason}"),
        ),
        None => (
            format!("{name} is handed to a vendor"),
            format!("Personal data of the class {name} reaches a third party."),
        ),
    };
    let help = format!(
        "{full} Send less (a hash, a flag, nothing), turn the collection off, or accept the flow with a reason: \
         `divulge explain {id}` says more."
    );
    json!({
        "id": rule_id(id),
        "name": pascal(id),
        "shortDescription": { "text": cut(&short) },
        "fullDescription": { "text": cut(&full) },
        "help": { "text": cut(&help) },
        "defaultConfiguration": { "level": level(severity) },
        "properties": {
            "security-severity": score(severity),
            "precision": "high",
            "tags": ["security", "privacy"],
        },
    })
}

fn result(group: &[&Finding], rules: &BTreeSet<&str>, view: &View<'_>) -> Value {
    let Some(first) = group.first() else {
        return Value::Null;
    };
    let mut sinks: Vec<&Location> = Vec::new();
    let mut sentences = Vec::new();
    for finding in group {
        let mut text = sentence(finding);
        if finding.sink != finding.location {
            let id = sinks.iter().position(|sink| **sink == finding.sink);
            let id = id.unwrap_or_else(|| {
                sinks.push(&finding.sink);
                sinks.len() - 1
            });
            // A related location is shown only where the message links to it.
            text.push_str(&format!(", by [the SDK call]({id})"));
        }
        if finding.confidence < view.confidence {
            text.push_str(" (uncertain)");
        }
        text.push_str(": ");
        text.push_str(&bracketed(&finding.reason));
        sentences.push(text);
    }
    sentences.dedup();
    let uncertain = group
        .iter()
        .all(|finding| finding.confidence < view.confidence);
    let severity = worst(group).unwrap_or(Severity::Low);
    let vendors: BTreeSet<&str> = group
        .iter()
        .map(|finding| finding.vendor.as_str())
        .collect();
    let flows: Vec<Value> = group.iter().map(|finding| code_flow(finding)).collect();
    let related: Vec<Value> = sinks
        .iter()
        .enumerate()
        .map(|(id, sink)| {
            let mut place = location(sink);
            place["id"] = json!(id);
            place["message"] = json!({ "text": "the SDK call" });
            place
        })
        .collect();
    let mut prints = vec![("divulge/v1".to_owned(), json!(first.fingerprint))];
    prints.extend(
        group
            .iter()
            .skip(1)
            .enumerate()
            .map(|(at, finding)| (format!("divulge/v1/{}", at + 1), json!(finding.fingerprint))),
    );
    let mut result = json!({
        "ruleId": rule_id(&first.class),
        "ruleIndex": rules.iter().position(|class| *class == first.class),
        "level": if uncertain { "note" } else { level(severity) },
        "message": { "text": sentences.join(". ") + "." },
        "locations": [location(anchor(first))],
        "codeFlows": flows,
        "relatedLocations": related,
        "partialFingerprints": prints.into_iter().collect::<serde_json::Map<_, _>>(),
        "properties": {
            "severity": severity.as_str(),
            "confidence": confidence(group).as_str(),
            "vendors": vendors,
            "tags": vendors.iter().map(|vendor| format!("vendor/{vendor}")).collect::<Vec<_>>(),
        },
    });
    if first.status != Status::New {
        // One comment may accept several findings of a line, and is listed once.
        let accepted: BTreeSet<(bool, &str)> = group
            .iter()
            .filter_map(|finding| finding.suppression.as_ref())
            .map(|suppression| {
                let reason = suppression.reason.as_deref().unwrap_or_default();
                (suppression.by == "inline", reason)
            })
            .collect();
        let accepted: Vec<Value> = accepted
            .into_iter()
            .map(|(is_inline, reason)| {
                json!({
                    "kind": if is_inline { "inSource" } else { "external" },
                    "status": "accepted",
                    "justification": if reason.is_empty() { "no reason is given" } else { reason },
                })
            })
            .collect();
        result["suppressions"] = json!(accepted);
    }
    result
}

fn confidence(group: &[&Finding]) -> Confidence {
    let all = group.iter().map(|finding| finding.confidence);
    all.max().unwrap_or(Confidence::Low)
}

fn sentence(finding: &Finding) -> String {
    let [property, vendor, call] =
        [&finding.property, &finding.vendor, &finding.call].map(|text| bracketed(text));
    match finding.origin {
        Origin::Sent => {
            let value = if finding.expression.is_empty() {
                finding.class.clone()
            } else {
                format!("`{}`", bracketed(&finding.expression))
            };
            format!("{value} is sent to {vendor} as `{property}` ({call})")
        }
        Origin::Auto => format!("the SDK of {vendor} collects `{property}` by itself ({call})"),
    }
}

/// Brackets would begin a link in a message.
fn bracketed(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

fn code_flow(finding: &Finding) -> Value {
    let steps = finding.trace.iter().map(|step| {
        json!({ "location": {
            "physicalLocation": {
                "artifactLocation": artifact(&step.path),
                "region": { "startLine": step.line.max(1), "startColumn": step.column.max(1) },
            },
            "message": { "text": or_blank(&step.note) },
        } })
    });
    let mut sink = location(&finding.sink);
    sink["message"] = json!({ "text": format!("{} of {}", finding.call, finding.vendor) });
    let steps: Vec<Value> = steps.chain([json!({ "location": sink })]).collect();
    json!({ "threadFlows": [{ "locations": steps }] })
}

fn location(place: &Location) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(&place.path),
        "region": {
            "startLine": place.line.max(1),
            "startColumn": place.column.max(1),
            "endLine": place.end_line.max(place.line).max(1),
            "endColumn": place.end_column.max(1),
        },
    } })
}

fn artifact(path: &str) -> Value {
    json!({ "uri": uri(path), "uriBaseId": "%SRCROOT%" })
}

/// A relative path as a URI. A colon in the first segment would make a scheme of it, so it is encoded like all else.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn notification(note: &crate::finding::FileNote) -> Value {
    let region = note.line.map_or_else(
        || json!({ "startLine": 1 }),
        |line| json!({ "startLine": line.max(1) }),
    );
    json!({
        "level": "warning",
        "message": { "text": or_blank(&note.reason) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact(&note.path),
            "region": region,
        } }],
    })
}

/// Empty texts are refused.
fn or_blank(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

fn pascal(id: &str) -> String {
    id.split(['_', '-', '.'])
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + chars.as_str()
            })
        })
        .collect()
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("src/a b%.ts"), "src/a%20b%25.ts");
        assert_eq!(uri("c:/[id]/日.ts"), "c%3A/%5Bid%5D/%E6%97%A5.ts");
    }
}
