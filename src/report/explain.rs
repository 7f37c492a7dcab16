//! Each finding in its source.
//!
//! In: a [`Report`], and a closure that gives the text of a file. Out: for each finding the lines of its call with the
//! value underlined, the way the value took, and why it counts. It leaves alone which findings matter.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Sources, View, turn_off, visible};
use crate::finding::{Finding, Location, Origin, Report, Severity, Status};

/// A line that is longer cannot be shown whole, and what is underlined could be anywhere.
const LONGEST_LINE: usize = 400;
/// A call may be as long as a page; this many of its lines say enough.
const MOST_LINES: u32 = 12;

/// Renders all findings that are not accepted, worst first.
pub fn explain(report: &Report, view: &View<'_>, sources: &Sources<'_>) -> String {
    let renderer = Renderer::styled()
        .decor_style(DecorStyle::Ascii)
        .term_width(view.width);
    let mut out = String::new();
    for finding in &report.findings {
        if finding.status == Status::New {
            out.push_str(&frame(report, finding, view, &renderer, sources));
            out.push_str("\n\n");
        }
    }
    out
}

fn frame(
    report: &Report,
    finding: &Finding,
    view: &View<'_>,
    renderer: &Renderer,
    sources: &Sources<'_>,
) -> String {
    let verb = match finding.origin {
        Origin::Sent => "is sent to",
        Origin::Auto => "is collected by",
    };
    let uncertain = if finding.confidence < view.confidence {
        " (uncertain)"
    } else {
        ""
    };
    let title = format!(
        "{} {verb} {} by {}{uncertain}",
        visible(&finding.class),
        visible(&finding.vendor),
        visible(&finding.call)
    );
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
    };
    let mut group: Group<'_> = level
        .with_name(finding.severity.as_str())
        .primary_title(title)
        .elements(Vec::<Snippet<'_, Annotation<'_>>>::new());
    let label = match finding.origin {
        Origin::Sent => format!("sent as `{}`", visible(&finding.property)),
        Origin::Auto => format!("collects `{}`", visible(&finding.property)),
    };
    match sources(&finding.location.path)
        .and_then(|text| snippet(text, &finding.location, Some(&finding.expression), label))
    {
        Some(snippet) => group = group.element(snippet),
        None => group = group.element(Level::NOTE.message(format!("at {}", at(&finding.location)))),
    }
    if finding.sink != finding.location {
        let label = format!("{} is called here", visible(&finding.call));
        if let Some(snippet) =
            sources(&finding.sink.path).and_then(|text| snippet(text, &finding.sink, None, label))
        {
            group = group.element(snippet);
        }
    }
    for (number, step) in finding.trace.iter().enumerate() {
        let text = format!(
            "{}. {}:{}:{} {}",
            number + 1,
            visible(&step.path),
            step.line,
            step.column,
            visible(&step.note)
        );
        group = group.element(Level::NOTE.with_name("way").message(text));
    }
    group = group.element(Level::NOTE.with_name("why").message(format!(
        "{} ({} confidence)",
        visible(&finding.reason),
        finding.confidence
    )));
    if finding.origin == Origin::Auto
        && let Some(text) = turn_off(report, finding)
    {
        group = group.element(Level::HELP.message(format!("turn it off: {}", visible(text))));
    }
    renderer.render(&[group])
}

/// The lines of a place. The value is underlined where it stands as written, otherwise the whole call is.
fn snippet(
    text: &str,
    place: &Location,
    value: Option<&str>,
    label: String,
) -> Option<Snippet<'static, Annotation<'static>>> {
    let last = place.end_line.min(place.line.saturating_add(MOST_LINES));
    let lines = lines(text, place.line, last)?;
    let shown = text.get(lines.clone())?;
    if shown.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    let first = shown.split('\n').next().unwrap_or_default();
    let start = offset(first, place.column);
    let end = if last == place.end_line {
        let before = shown.rfind('\n').map_or(0, |at| at + 1);
        before + offset(shown.get(before..)?, place.end_column)
    } else {
        shown.len()
    };
    let call = start..end.max(start);
    let span = value
        .filter(|value| !value.is_empty())
        .and_then(|value| find(shown, &call, value))
        .unwrap_or(call);
    // What is shown is longer than what is written wherever a mark was made visible; the underline moves along.
    let before = visible_lines(shown.get(..span.start)?);
    let marked = visible_lines(shown.get(span.clone())?);
    let after = visible_lines(shown.get(span.end..)?);
    let span = before.len()..before.len() + marked.len();
    Some(
        Snippet::source(before + &marked + &after)
            .path(visible(&place.path).into_owned())
            .line_start(place.line as usize)
            .annotation(AnnotationKind::Primary.span(span).label(label)),
    )
}

/// Source with everything visible but its line breaks.
fn visible_lines(text: &str) -> String {
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| visible(line.strip_suffix('\r').unwrap_or(line)))
        .collect();
    lines.join("\n")
}

/// The bytes from the start of one line to the end of another.
fn lines(text: &str, first: u32, last: u32) -> Option<Range<usize>> {
    let mut start = None;
    let mut at = 0;
    for (number, line) in (1..=last).zip(text.split_inclusive('\n')) {
        if number == first {
            start = Some(at);
        }
        at += line.len();
    }
    let start = start?;
    let shown = text.get(start..at)?.trim_end_matches(['\n', '\r']);
    Some(start..start + shown.len())
}

/// The byte of a column, which counts UTF-16 units from 1.
fn offset(line: &str, column: u32) -> usize {
    let mut units = 1;
    for (at, char) in line.char_indices() {
        if units >= column as usize {
            return at;
        }
        units += char.len_utf16();
    }
    line.len()
}

/// Where a value stands in a call, as a whole word.
fn find(text: &str, call: &Range<usize>, value: &str) -> Option<Range<usize>> {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
    let inside = text.get(call.clone())?;
    inside
        .match_indices(value)
        .map(|(at, _)| call.start + at..call.start + at + value.len())
        .find(|range| {
            let before = text
                .get(..range.start)
                .and_then(|text| text.chars().next_back());
            let after = text.get(range.end..).and_then(|text| text.chars().next());
            !before.is_some_and(is_name) && !after.is_some_and(is_name)
        })
}

fn at(location: &Location) -> String {
    format!(
        "{}:{}:{}",
        visible(&location.path),
        location.line,
        location.column
    )
}
