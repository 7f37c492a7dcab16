//! JUnit's XML.
//!
//! In: a [`Report`]. Out: one suite per file and one failing case per finding; one passing case where there is none. It
//! leaves alone what is below the threshold that fails a run: a case that is uncertain is skipped, not failed.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{View, shown, told, visible};
use crate::finding::{Finding, Report};

/// Renders a report.
pub fn junit(report: &Report, view: &View<'_>) -> String {
    let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    let all = shown(report, view);
    for finding in &all {
        files
            .entry(&finding.location.path)
            .or_default()
            .push(finding);
    }
    let skips = |finding: &Finding| finding.confidence < view.confidence;
    let skipped = all.iter().filter(|finding| skips(finding)).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"divulge\" tests=\"{}\" failures=\"{}\" skipped=\"{skipped}\">",
        all.len().max(1),
        all.len() - skipped
    );
    if all.is_empty() {
        out.push_str(
            "  <testsuite name=\"divulge\" tests=\"1\" failures=\"0\">\n    \
             <testcase classname=\"divulge\" name=\"no personal data reaches a vendor that is not accepted\"/>\n  \
             </testsuite>\n",
        );
    }
    for (path, findings) in files {
        let skipped = findings.iter().filter(|finding| skips(finding)).count();
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{skipped}\">",
            xml(path),
            findings.len(),
            findings.len() - skipped
        );
        for finding in findings {
            case(&mut out, finding, skips(finding));
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(out: &mut String, finding: &Finding, skipped: bool) {
    let place = &finding.location;
    let name = format!(
        "{} to {} as {} at {}:{}",
        finding.class, finding.vendor, finding.property, place.line, place.column
    );
    let _ = writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\">",
        xml(&place.path),
        xml(&name),
        xml(&place.path),
        place.line
    );
    let text = xml(&told(finding));
    if skipped {
        let _ = writeln!(out, "      <skipped message=\"uncertain: {text}\"/>");
    } else {
        let _ = writeln!(
            out,
            "      <failure type=\"{}\" message=\"{text}\"/>",
            finding.severity
        );
    }
    out.push_str("    </testcase>\n");
}

/// Text for an attribute. XML has no way to write most control characters at all, so they are shown.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in visible(text).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(char),
        }
    }
    out
}
