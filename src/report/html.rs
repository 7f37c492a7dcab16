//! The report as a page.
//!
//! In: a [`Report`], texts, and a closure that gives the text of a file. Out: one HTML file: who holds what, and each finding
//! with its way from the source to the vendor, its reason and its code. It leaves alone style and script (`page`).
//!
//! Without the script every finding is there, closed; the script only hides what is filtered out.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::document::html::{inline, table};
use super::document::{Line, Part, Table, code, plain, rated};
use super::layout::{confidence_key, severity_key};
use super::page::page;
use super::{Sources, View, hubs, visible};
use crate::finding::{Finding, Location, Origin, Report, Severity, Status, Transform};
use crate::texts::Texts;

/// Lines of code around a call.
const AROUND: u32 = 2;
/// A call that is longer is cut.
const MOST_LINES: u32 = 14;
/// A longer line is cut.
const LONGEST_LINE: usize = 240;
/// Characters that a box of the flow picture has room for.
const BOX: usize = 74;

/// Renders a report; without `sources` no code is shown.
pub fn html(
    report: &Report,
    view: &View<'_>,
    texts: &Texts,
    sources: Option<&Sources<'_>>,
) -> String {
    let all: Vec<&Finding> = report.findings.iter().chain(&report.expected).collect();
    let body = html! {
        h1 { (texts.say("page.title")) }
        p {
            (texts.count("count.findings", report.findings.len() as u64))
            (texts.say("list.between"))
            (texts.count("count.vendors", report.vendors.len() as u64))
            (texts.say("list.between"))
            (texts.count("count.files", report.files.read))
        }
        h2 id="inventory" { (texts.say("page.inventory")) }
        (table(&matrix(report, &all, view, texts)))
        (together(report, texts))
        h2 id="findings" { (texts.say("page.findings")) }
        (filters(report, &all, texts))
        @for finding in &all { (card(report, finding, view, texts, sources)) }
        (unresolved(report, texts))
        h2 id="rests" { (texts.say("rests.title")) }
        (rests(report, view, texts))
    };
    let title = texts.say("page.title");
    page(texts.language(), title, texts.say("page.skip"), &body)
}

fn class_name(class: &str, texts: &Texts) -> String {
    texts.named("class", class, "name", class).to_owned()
}

/// Vendors in rows, classes in columns, each cell coloured by the worst of its findings.
fn matrix(report: &Report, findings: &[&Finding], view: &View<'_>, texts: &Texts) -> Table {
    let counting = || {
        findings
            .iter()
            .filter(|it| it.confidence >= view.confidence)
    };
    let mut classes: Vec<(std::cmp::Reverse<Severity>, &str)> = Vec::new();
    for class in counting()
        .map(|it| it.class.as_str())
        .collect::<BTreeSet<_>>()
    {
        let of_class = counting().filter(|it| it.class == class);
        if let Some(worst) = of_class.map(|it| it.severity).max() {
            classes.push((std::cmp::Reverse(worst), class));
        }
    }
    classes.sort_unstable();
    let vendors: BTreeSet<&str> = counting().map(|it| it.vendor.as_str()).collect();
    let rows = vendors.iter().map(|vendor| {
        let cells = classes.iter().map(|(_, class)| {
            let held = || counting().filter(|it| it.vendor == *vendor && it.class == *class);
            let Some(worst) = held().map(|it| it.severity).max() else {
                return plain(texts.say("mark.none"));
            };
            let words = ["cell.sent", "cell.hashed", "cell.part", "cell.collected"];
            let said = words.into_iter().filter_map(|key| {
                let count = held().filter(|it| how(it) == key).count();
                (count > 0).then(|| format!("{} {count}", texts.say(key)))
            });
            let said: Vec<String> = said.collect();
            vec![Part::Rated(worst, said.join(" + "))]
        });
        std::iter::once(plain(report.name_of(vendor)))
            .chain(cells)
            .collect()
    });
    let names = classes.iter().map(|(_, class)| class_name(class, texts));
    Table {
        caption: texts.say("inventory.title").to_owned(),
        rows: rows.collect(),
        head: std::iter::once(texts.say("head.vendor").to_owned())
            .chain(names)
            .collect(),
    }
}

/// The key of how a vendor comes by a value.
fn how(finding: &Finding) -> &'static str {
    match (finding.origin, finding.transform) {
        (Origin::Auto, _) => "cell.collected",
        (Origin::Sent, Transform::Hash) => "cell.hashed",
        (Origin::Sent, Transform::Truncate | Transform::Domain) => "cell.part",
        (Origin::Sent, Transform::None | Transform::Encode) => "cell.sent",
    }
}

/// A sentence in which names of the code stand between backticks.
fn quoting(text: &str) -> Line {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| match at % 2 {
            0 => Part::Text(part.to_owned()),
            _ => Part::Code(part.to_owned()),
        })
        .collect()
}

fn together(report: &Report, texts: &Texts) -> Markup {
    html! {
        @if !report.combinations.is_empty() {
            h2 id="together" { (texts.say("page.together")) }
            ul {
                @for found in &report.combinations {
                    @let key = format!("combination.{}.title", found.id);
                    li {
                        (inline(&vec![rated(texts, found.severity)])) " "
                        (visible(report.name_of(&found.vendor))) ": "
                        (visible(texts.find(&key).unwrap_or(&found.title)))
                    }
                }
            }
        }
    }
}

fn filters(report: &Report, findings: &[&Finding], texts: &Texts) -> Markup {
    let vendors: BTreeSet<&str> = findings.iter().map(|it| it.vendor.as_str()).collect();
    let classes: BTreeSet<&str> = findings.iter().map(|it| it.class.as_str()).collect();
    let severities: BTreeSet<Severity> = findings.iter().map(|it| it.severity).collect();
    let select = |name: &str, label: &str, options: Vec<(String, String)>| {
        html! {
            label {
                (label)
                select name=(name) {
                    option value="" { (texts.say("page.all")) }
                    @for (value, shown) in options { option value=(value) { (visible(&shown)) } }
                }
            }
        }
    };
    let named = |it: &&str| ((*it).to_owned(), report.name_of(it).to_owned());
    html! {
        // The script shows it: without one it would do nothing.
        form id="filters" class="filters" hidden aria-label=(texts.say("page.filter")) {
            (select("vendor", texts.say("head.vendor"), vendors.iter().map(named).collect()))
            (select("class", texts.say("head.class"), classes.iter()
                .map(|it| ((*it).to_owned(), class_name(it, texts))).collect()))
            (select("severity", texts.say("head.severity"), severities.iter().rev()
                .map(|it| (it.to_string(), texts.say(severity_key(*it)).to_owned())).collect()))
            label { (texts.say("page.filter_text")) input type="search" name="text"; }
            output id="shown" data-words=(texts.say("page.shown")) {}
        }
    }
}

fn card(
    report: &Report,
    finding: &Finding,
    view: &View<'_>,
    texts: &Texts,
    sources: Option<&Sources<'_>>,
) -> Markup {
    let row = |key: &str, line: &Line| {
        html! { tr { th scope="row" { (texts.say(key)) } td { (inline(line)) } } }
    };
    html! {
        details data-finding="" data-vendor=(finding.vendor) data-class=(finding.class)
            data-severity=(finding.severity.as_str()) {
            summary {
                (inline(&vec![rated(texts, finding.severity)])) " "
                (class_name(&finding.class, texts)) " → " (visible(report.name_of(&finding.vendor))) " "
                code { (visible(&finding.call)) } " "
                code { (cut(&finding.property, BOX)) } " "
                span class="where" { (visible(&finding.location.line_of_file())) }
                @for mark in marks(report, finding, view, texts) { " · " (mark) }
            }
            table {
                tbody {
                    (row("page.property", &code(finding.property.as_str())))
                    @if !finding.expression.is_empty() {
                        (row("page.value", &code(finding.expression.as_str())))
                    }
                    (row("page.reason", &quoting(&finding.reason)))
                    (row("page.confidence",
                        &plain(texts.say(confidence_key(finding.confidence)))))
                }
            }
            @if finding.origin == Origin::Sent { (flow(finding, texts)) }
            @if let Some(text) = sources.and_then(|sources| sources(&finding.location.path)) {
                (excerpt(text, &finding.location, texts))
            }
        }
    }
}

fn marks(report: &Report, finding: &Finding, view: &View<'_>, texts: &Texts) -> Vec<String> {
    let mut marks = Vec::new();
    if finding.origin == Origin::Auto {
        marks.push("origin.auto");
    }
    if finding.confidence < view.confidence {
        marks.push("page.uncertain");
    }
    if finding.status != Status::New {
        marks.push("page.accepted");
    }
    let is_expected = |it: &Finding| it.fingerprint == finding.fingerprint;
    if report.expected.iter().any(is_expected) {
        marks.push("page.expected");
    }
    marks
        .into_iter()
        .map(|key| texts.say(key).to_owned())
        .collect()
}

/// The way of the value, from top to bottom: the value, each call that it goes through, the vendor.
fn flow(finding: &Finding, texts: &Texts) -> Markup {
    let mut boxes = vec![(finding.expression.clone(), finding.location.line_of_file())];
    let steps = finding.trace.iter();
    boxes.extend(steps.map(|step| (step.note.clone(), format!("{}:{}", step.path, step.line))));
    let end = format!("{}: {}", finding.vendor, finding.call);
    boxes.push((end, finding.sink.line_of_file()));
    boxes.dedup();
    let height = boxes.len() * 62 - 16;
    let last = boxes.len() - 1;
    let told: Vec<&str> = boxes.iter().map(|(text, _)| text.as_str()).collect();
    html! {
        svg class="flow" role="img" viewBox={ "0 0 640 " (height) } width="640" height=(height)
            aria-label={ (texts.say("page.flow")) ": " (visible(&told.join(" → "))) } {
            @for (index, (text, place)) in boxes.iter().enumerate() {
                @let top = index * 62;
                rect class=[(index == last).then_some("end")] x="1" y=(top + 1) width="638" height="44" rx="5" {}
                text x="12" y=(top + 19) { (cut(text, BOX)) }
                text class="sub" x="12" y=(top + 37) { (cut(place, BOX + 16)) }
                @if index < last {
                    path d={ "M40 " (top + 46) "v11" } {}
                    path class="tip" d={ "M35 " (top + 55) "h10l-5 7z" } {}
                }
            }
        }
    }
}

fn excerpt(text: &str, location: &Location, texts: &Texts) -> Markup {
    let first = location.line.saturating_sub(AROUND).max(1);
    let last = location.end_line.min(location.line + MOST_LINES) + AROUND;
    let lines = (1u32..)
        .zip(text.lines())
        .skip(first.saturating_sub(1) as usize)
        .take_while(|(number, _)| *number <= last);
    html! {
        pre tabindex="0" aria-label=(texts.say("page.excerpt")) {
            code {
                @for (number, line) in lines {
                    @let is_here = (location.line..=location.end_line).contains(&number);
                    span class=[is_here.then_some("here")] {
                        (format!("{number:>5}  ")) (cut(line, LONGEST_LINE))
                    }
                    "\n"
                }
            }
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    let text = visible(text);
    if text.chars().count() <= most {
        return text.into_owned();
    }
    let mut cut: String = text.chars().take(most - 1).collect();
    cut.push('…');
    cut
}

fn unresolved(report: &Report, texts: &Texts) -> Markup {
    html! {
        @if !report.unresolved.is_empty() {
            h2 id="unresolved" { (texts.say("page.unresolved")) }
            ul {
                @for open in &report.unresolved {
                    li {
                        code { (visible(&open.location.line_of_file())) } " "
                        (visible(report.name_of(&open.vendor))) " " code { (visible(&open.call)) } ": "
                        code { (visible(&open.expression)) } " (" (visible(texts.phrase(&open.reason))) ")"
                    }
                }
            }
        }
    }
}

fn rests(report: &Report, view: &View<'_>, texts: &Texts) -> Markup {
    let files = &report.files;
    let blanks = [
        ("seen", files.seen.to_string()),
        ("read", files.read.to_string()),
        ("parsed", files.parsed.to_string()),
        ("errors", files.errors.len().to_string()),
    ];
    let blanks: Vec<(&str, &str)> = blanks.iter().map(|(key, n)| (*key, n.as_str())).collect();
    let word = texts.say(confidence_key(view.confidence)).to_owned();
    let tool = [
        ("version", report.tool.version.as_str()),
        ("digest", &report.tool.rules_digest),
    ];
    html! {
        ul {
            li { (texts.fill("rests.files", &blanks)) }
            li { (texts.fill("rests.certain", &[("confidence", &word)])) }
            li { (texts.say("rests.limits")) }
            @for line in hubs::lines(report, texts) {
                li { (line) }
            }
            li { (visible(&texts.fill("rests.tool", &tool))) }
            @for file in &files.errors {
                li { code { (visible(&file.path)) } " " (visible(&file.reason)) }
            }
        }
    }
}
