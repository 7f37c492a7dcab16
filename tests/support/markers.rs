//! Expectations that stand in the fixtures as comments, and their comparison with a report.
//!
//! # The format
//!
//! ```text
//! //~ mixpanel email critical            the app sends this class to this vendor at this line
//! //~ mixpanel email critical @high      … with this confidence (checked only where it is written)
//! //~ mixpanel email critical; mixpanel person_name high
//! //~^ mixpanel email critical           stands for the line above; every further ^ is one line more
//! //~? mixpanel email critical           a known miss: fails as soon as it is found
//! //~! opaque mixpanel                   an entry of `unresolved` for this vendor
//! //~@ auto mixpanel location            the SDK collects this by itself; stands at the init call (a severity may follow)
//! {/*~ … */}   /*~ … */   <!--~ … -->    the same where `//` is no comment; carets stand before the sign: `//~^@ auto …`
//! ```
//! Several comments may stand on one line (`//~ mixpanel email critical //~! opaque mixpanel`).
//!
//! # The rule
//!
//! A finding belongs to the line on which its `location` starts: the app's call that supplies the value. If no marker for
//! its vendor, class and severity stands on that line, markers on a later line of the same call (`line..=end_line`) match,
//! so the line of a property in a call of several lines can carry it. A marker that an inner call has taken is not there
//! for the call around it. Findings are counted once per line, vendor, class and severity.
//!
//! Every sent finding needs a marker and every marker a finding, whatever the confidence. What the SDK collects is
//! compared only in a case that has a `//~@` marker, what is unresolved only in a case that has a `//~!` marker or is
//! declared [`Strictness::unresolved`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use divulge::finding::{Confidence, Origin, Report, Severity};

/// What a marker expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A finding of the app's own code.
    Sent,
    /// A finding that is known to be missed.
    Miss,
    /// An entry of `unresolved`.
    Opaque,
    /// A finding of what the SDK collects.
    Auto,
}

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Marker {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) kind: Kind,
    pub(crate) vendor: String,
    /// Empty for [`Kind::Opaque`].
    pub(crate) class: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Sent => {}
            Kind::Miss => f.write_str("known miss ")?,
            Kind::Opaque => f.write_str("opaque ")?,
            Kind::Auto => f.write_str("auto ")?,
        }
        f.write_str(&self.vendor)?;
        if !self.class.is_empty() {
            write!(f, " {}", self.class)?;
        }
        if let Some(severity) = self.severity {
            write!(f, " {severity}")?;
        }
        if let Some(confidence) = self.confidence {
            write!(f, " @{confidence}")?;
        }
        Ok(())
    }
}

/// The comment openers that may hold a marker, each with what ends it.
const OPENERS: [(&str, &str); 3] = [("//~", "//~"), ("/*~", "*/"), ("<!--~", "-->")];

/// Reads the markers of one file.
pub(crate) fn parse(path: &str, text: &str) -> Result<Vec<Marker>, String> {
    let mut markers = Vec::new();
    for (line, number) in text.lines().zip(1_u32..) {
        let mut rest = line;
        while let Some((at, opener, closer)) = OPENERS
            .iter()
            .filter_map(|(opener, closer)| Some((rest.find(opener)?, opener, closer)))
            .min()
        {
            let body = &rest[at + opener.len()..];
            let end = body.find(closer).unwrap_or(body.len());
            parse_comment(path, number, &body[..end], &mut markers)
                .map_err(|reason| format!("{path}:{number}: {reason}: `{}`", body[..end].trim()))?;
            rest = &body[end..];
        }
    }
    Ok(markers)
}

fn parse_comment(path: &str, line: u32, body: &str, out: &mut Vec<Marker>) -> Result<(), String> {
    let unlifted = body.trim_start_matches('^');
    let up = u32::try_from(body.len() - unlifted.len()).map_err(|_| "too many `^`".to_owned())?;
    let line = line
        .checked_sub(up)
        .filter(|&line| line > 0)
        .ok_or("`^` above the first line")?;
    let (kind, entries) = match unlifted.chars().next() {
        Some('?') => (Kind::Miss, &unlifted[1..]),
        Some('!') => (Kind::Opaque, &unlifted[1..]),
        Some('@') => (Kind::Auto, &unlifted[1..]),
        _ => (Kind::Sent, unlifted),
    };
    for entry in entries.split(';') {
        let mut words = entry.split_whitespace().peekable();
        match kind {
            Kind::Opaque => {
                if words.next() != Some("opaque") {
                    return Err("expected `opaque vendor`".to_owned());
                }
            }
            Kind::Auto => {
                if words.next() != Some("auto") {
                    return Err("expected `auto vendor class`".to_owned());
                }
            }
            Kind::Sent | Kind::Miss => {}
        }
        let vendor = words.next().ok_or("no vendor")?.to_owned();
        let class = match kind {
            Kind::Opaque => String::new(),
            _ => words.next().ok_or("no class")?.to_owned(),
        };
        let severity = match words.peek() {
            Some(word) if !word.starts_with('@') && kind != Kind::Opaque => {
                let severity = severity(word).ok_or("no such severity")?;
                words.next();
                Some(severity)
            }
            _ => None,
        };
        if severity.is_none() && matches!(kind, Kind::Sent | Kind::Miss) {
            return Err("no severity".to_owned());
        }
        let confidence = match words.next() {
            Some(word) => Some(
                word.strip_prefix('@')
                    .and_then(confidence)
                    .ok_or("expected `@low`, `@medium` or `@high`")?,
            ),
            None => None,
        };
        if words.next().is_some() {
            return Err("too many words".to_owned());
        }
        out.push(Marker {
            path: path.to_owned(),
            line,
            kind,
            vendor,
            class,
            severity,
            confidence,
        });
    }
    Ok(())
}

fn severity(word: &str) -> Option<Severity> {
    [
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ]
    .into_iter()
    .find(|severity| severity.as_str() == word)
}

fn confidence(word: &str) -> Option<Confidence> {
    [Confidence::Low, Confidence::Medium, Confidence::High]
        .into_iter()
        .find(|confidence| confidence.as_str() == word)
}

/// What is compared although no marker asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Strictness {
    /// Every entry of `unresolved` needs a marker.
    pub(crate) unresolved: bool,
}

/// Findings that one marker stands for.
#[derive(Debug, Default)]
struct Group {
    end_line: u32,
    confidences: BTreeSet<Confidence>,
    /// Properties with the values as written, for the message.
    shown: BTreeSet<String>,
}

/// Path, line, vendor, class, severity.
type Key<'r> = (&'r str, u32, &'r str, &'r str, Option<Severity>);

/// Compares a report with the markers; every difference is one entry.
pub(crate) fn compare(report: &Report, markers: &[Marker], strictness: Strictness) -> Vec<String> {
    let mut problems = Vec::new();
    compare_kind(
        &findings(report, Origin::Sent),
        markers,
        Kind::Sent,
        &mut problems,
    );
    if markers.iter().any(|marker| marker.kind == Kind::Auto) {
        compare_kind(
            &findings(report, Origin::Auto),
            markers,
            Kind::Auto,
            &mut problems,
        );
    }
    if strictness.unresolved || markers.iter().any(|marker| marker.kind == Kind::Opaque) {
        compare_kind(&unresolved(report), markers, Kind::Opaque, &mut problems);
    }
    problems.sort();
    problems
}

fn findings(report: &Report, origin: Origin) -> BTreeMap<Key<'_>, Group> {
    let mut groups: BTreeMap<Key<'_>, Group> = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.origin == origin) {
        let at = &finding.location;
        let group = groups
            .entry((
                &at.path,
                at.line,
                &finding.vendor,
                &finding.class,
                Some(finding.severity),
            ))
            .or_default();
        group.end_line = group.end_line.max(at.end_line);
        group.confidences.insert(finding.confidence);
        group.shown.insert(format!(
            "{} {}: {} ({})",
            finding.call, finding.property, finding.expression, finding.reason
        ));
    }
    groups
}

fn unresolved(report: &Report) -> BTreeMap<Key<'_>, Group> {
    let mut groups: BTreeMap<Key<'_>, Group> = BTreeMap::new();
    for entry in &report.unresolved {
        let at = &entry.location;
        let group = groups
            .entry((&at.path, at.line, &entry.vendor, "", None))
            .or_default();
        group.end_line = group.end_line.max(at.end_line);
        group.shown.insert(format!(
            "{}: {} ({})",
            entry.call, entry.expression, entry.reason
        ));
    }
    groups
}

fn compare_kind(
    groups: &BTreeMap<Key<'_>, Group>,
    markers: &[Marker],
    kind: Kind,
    problems: &mut Vec<String>,
) {
    let expected: Vec<&Marker> = markers
        .iter()
        .filter(|marker| marker.kind == kind)
        .collect();
    let mut taken = vec![false; expected.len()];
    let mut open: Vec<(&Key<'_>, &Group)> = Vec::new();

    // Exact lines first, so that no call around takes them.
    for (key, group) in groups {
        let matched = claim(key, group, &expected, &mut taken, problems, |line| {
            line == key.1
        });
        if !matched {
            open.push((key, group));
        }
    }
    // Then lines inside a call, the innermost call first.
    open.sort_by_key(|(key, group)| (group.end_line.saturating_sub(key.1), **key));
    let mut unexpected: Vec<(&Key<'_>, &Group)> = Vec::new();
    for (key, group) in open {
        let inside = |line| line > key.1 && line <= group.end_line;
        if !claim(key, group, &expected, &mut taken, problems, inside) {
            unexpected.push((key, group));
        }
    }

    // What is left on either side; a pair that differs in severity alone is said as one.
    for (marker, taken) in expected.iter().zip(&taken) {
        if *taken {
            continue;
        }
        let pair = unexpected.iter().position(|(key, group)| {
            (key.0, key.2, key.3) == (&*marker.path, &*marker.vendor, &*marker.class)
                && (key.1..=group.end_line.max(key.1)).contains(&marker.line)
        });
        let at = format!("{}:{}", marker.path, marker.line);
        match pair {
            Some(index) => {
                let (key, group) = unexpected.remove(index);
                problems.push(format!(
                    "{at}: expected {marker}, actual {}",
                    show(key, group)
                ));
            }
            None => problems.push(format!("{at}: expected {marker}, actual nothing")),
        }
    }
    for (key, group) in unexpected {
        let miss = markers.iter().any(|marker| {
            kind == Kind::Sent
                && marker.kind == Kind::Miss
                && (&*marker.path, &*marker.vendor, &*marker.class) == (key.0, key.2, key.3)
                && (key.1..=group.end_line.max(key.1)).contains(&marker.line)
        });
        let shown = show(key, group);
        problems.push(if miss {
            format!(
                "{}:{}: a known miss is found now, drop its `?`: {shown}",
                key.0, key.1
            )
        } else {
            format!("{}:{}: expected nothing, actual {shown}", key.0, key.1)
        });
    }
}

/// Takes every free marker that fits the group on a line that `on` accepts.
fn claim(
    key: &Key<'_>,
    group: &Group,
    expected: &[&Marker],
    taken: &mut [bool],
    problems: &mut Vec<String>,
    on: impl Fn(u32) -> bool,
) -> bool {
    let mut matched = false;
    for (marker, taken) in expected.iter().zip(taken) {
        let fits = (&*marker.path, &*marker.vendor, &*marker.class) == (key.0, key.2, key.3)
            && (marker.severity.is_none() || marker.severity == key.4)
            && on(marker.line);
        if !fits || (*taken && marker.kind != Kind::Auto) {
            continue;
        }
        *taken = true;
        matched = true;
        if let Some(confidence) = marker.confidence
            && !group.confidences.contains(&confidence)
        {
            problems.push(format!(
                "{}:{}: expected {marker}, actual {}",
                marker.path,
                marker.line,
                show(key, group)
            ));
        }
    }
    matched
}

fn show(key: &Key<'_>, group: &Group) -> String {
    let mut text = key.2.to_owned();
    if !key.3.is_empty() {
        text.push(' ');
        text.push_str(key.3);
    }
    if let Some(severity) = key.4 {
        text.push(' ');
        text.push_str(severity.as_str());
    }
    for confidence in &group.confidences {
        text.push_str(" @");
        text.push_str(confidence.as_str());
    }
    for (index, shown) in group.shown.iter().enumerate() {
        text.push_str(if index == 0 { " by " } else { ", " });
        text.push_str(shown);
    }
    text
}
