//! What must hold of every report, whatever was scanned.

use std::collections::{BTreeMap, BTreeSet};

use divulge::finding::{Location, Report};

/// Everything in a report that breaks a rule that all reports keep; `texts` are the scanned files by path.
pub(crate) fn broken(report: &Report, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut problems = Vec::new();
    if report.root != "." {
        problems.push(format!("root is `{}`", report.root));
    }
    let mut fingerprints = BTreeSet::new();
    for finding in &report.findings {
        let name = format!(
            "{} {} {} at {}:{}",
            finding.vendor,
            finding.class,
            finding.property,
            finding.location.path,
            finding.location.line
        );
        if !fingerprints.insert(finding.fingerprint.as_str()) {
            problems.push(format!("{name}: fingerprint is not its own"));
        }
        problems.extend(place(
            &format!("{name}: location"),
            &finding.location,
            texts,
        ));
        problems.extend(place(&format!("{name}: sink"), &finding.sink, texts));
        if finding.reason.is_empty() {
            problems.push(format!("{name}: no reason"));
        }
        for step in &finding.trace {
            problems.extend(point(
                &format!("{name}: trace"),
                &step.path,
                step.line,
                step.column,
                texts,
            ));
        }
        match finding.trace.last() {
            None => problems.push(format!("{name}: no trace")),
            Some(last) if (&last.path, last.line) != (&finding.sink.path, finding.sink.line) => {
                problems.push(format!(
                    "{name}: the trace ends at {}:{}, not at the sink {}:{}",
                    last.path, last.line, finding.sink.path, finding.sink.line
                ));
            }
            Some(_) => {}
        }
    }
    for pair in report.findings.windows(2) {
        if pair[0].severity < pair[1].severity {
            problems.push(format!(
                "findings are not worst first: {} {} before {} {}",
                pair[0].class, pair[0].severity, pair[1].class, pair[1].severity
            ));
        }
    }
    for entry in &report.unresolved {
        problems.extend(place("unresolved", &entry.location, texts));
    }
    for sink in &report.sinks {
        problems.extend(place("sink", &sink.location, texts));
    }
    for location in report
        .auto_collected
        .iter()
        .filter_map(|auto| auto.location.as_ref())
    {
        problems.extend(place("auto_collected", location, texts));
    }
    for location in report.vendors.iter().flat_map(|vendor| &vendor.locations) {
        problems.extend(place("vendor", location, texts));
    }
    for found in &report.combinations {
        if let Some(unknown) = found
            .findings
            .iter()
            .find(|f| !fingerprints.contains(f.as_str()))
        {
            problems.push(format!(
                "{}: no finding has fingerprint {unknown}",
                found.id
            ));
        }
    }
    for note in report.files.errors.iter().chain(&report.files.skipped) {
        if !texts.contains_key(&note.path) {
            problems.push(format!("a note names `{}`, which is not there", note.path));
        }
    }
    problems
}

fn place(what: &str, at: &Location, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut problems = point(what, &at.path, at.line, at.column, texts);
    problems.extend(point(what, &at.path, at.end_line, at.end_column, texts));
    if (at.end_line, at.end_column) < (at.line, at.column) {
        problems.push(format!(
            "{what}: {}:{} ends before it starts",
            at.path, at.line
        ));
    }
    problems
}

fn point(
    what: &str,
    path: &str,
    line: u32,
    column: u32,
    texts: &BTreeMap<String, String>,
) -> Vec<String> {
    let Some(text) = texts.get(path) else {
        return vec![format!("{what}: there is no `{path}`")];
    };
    let index = usize::try_from(line).unwrap_or(usize::MAX).checked_sub(1);
    let Some(content) = index.and_then(|index| text.split('\n').nth(index)) else {
        return vec![format!("{what}: {path} has no line {line}")];
    };
    let width = content.encode_utf16().count() + 1;
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    if column == 0 || column > width {
        return vec![format!("{what}: {path}:{line} has no column {column}")];
    }
    Vec::new()
}
