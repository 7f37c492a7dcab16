//! Any text in the place of everything that a report takes from the scanned tree, in every format: what machines read stays
//! readable, and no terminal is told to do anything.
#![no_main]

use std::sync::LazyLock;

use divulge::finding::{
    Confidence, FileNote, Files, Finding, Location, Notice, NoticeKind, Origin, Payload, Report,
    SCHEMA_VERSION, Severity, Sink, Status, Tool, TraceStep, Transform, Unresolved,
};
use divulge::report::{self, View};
use divulge::ruleset::Ruleset;
use divulge::texts::Texts;
use libfuzzer_sys::fuzz_target;

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| {
    let rules = Ruleset::embedded().expect("the rules are valid");
    rules.texts("en").expect("there is English")
});

fn hostile(text: &str) -> Report {
    let place = Location {
        path: text.to_owned(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 2,
        symbol: Some(text.to_owned()),
    };
    let finding = Finding {
        fingerprint: "f".to_owned(),
        vendor: text.to_owned(),
        vendor_category: text.to_owned(),
        call: text.to_owned(),
        class: text.to_owned(),
        property: text.to_owned(),
        expression: text.to_owned(),
        origin: Origin::Sent,
        transform: Transform::None,
        severity: Severity::High,
        confidence: Confidence::High,
        location: place.clone(),
        value: Some(place.clone()),
        sink: place.clone(),
        trace: vec![TraceStep {
            path: text.to_owned(),
            line: 1,
            column: 1,
            note: text.to_owned(),
        }],
        reason: text.to_owned(),
        status: Status::New,
        suppression: None,
    };
    let note = FileNote {
        path: text.to_owned(),
        reason: text.to_owned(),
        line: Some(1),
    };
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: "divulge".to_owned(),
            version: "0".to_owned(),
            rules_digest: "0".to_owned(),
        },
        root: ".".to_owned(),
        findings: vec![finding.clone()],
        expected: vec![finding],
        sinks: vec![Sink {
            vendor: text.to_owned(),
            call: text.to_owned(),
            location: place.clone(),
            payload: Payload::Resolved,
        }],
        unresolved: vec![Unresolved {
            vendor: text.to_owned(),
            call: text.to_owned(),
            location: place,
            expression: text.to_owned(),
            reason: text.to_owned(),
        }],
        notices: vec![Notice {
            path: text.to_owned(),
            line: Some(1),
            kind: NoticeKind::Invalid,
            message: text.to_owned(),
        }],
        files: Files {
            errors: vec![note.clone()],
            skipped: vec![note],
            ..Files::default()
        },
        ..Report::default()
    }
}

/// What a terminal obeys, beside the colours that the program itself writes.
fn is_obeyed(char: char) -> bool {
    matches!(char, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1a}' | '\u{1c}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let report = hostile(&text);
    let view = View {
        confidence: Confidence::Low,
        accepted: true,
        ..View::new(&ENGLISH)
    };
    let json = report::json(&report).expect("JSON can be written");
    let read: Report = serde_json::from_str(&json).expect("JSON can be read");
    assert!(read == report);
    for made in [
        report::sarif(&report, &view),
        report::gitlab(&report, &view),
    ] {
        let made = made.expect("JSON can be written");
        serde_json::from_str::<serde_json::Value>(&made).expect("JSON can be read");
    }
    for line in report::rdjson(&report, &view)
        .expect("JSON can be written")
        .lines()
        .filter(|line| !line.is_empty())
    {
        assert!(line.starts_with(['{', '}', ' ', ']', '[']));
    }
    let table = report::table(&report, &view);
    let explained = report::explain(&report, &view, &|_| Some(&text));
    for shown in [table, explained] {
        assert!(!shown.contains(is_obeyed), "{shown:?}");
    }
    let commands = report::github(&report, &view);
    for line in commands.lines() {
        assert!(line.is_empty() || line.starts_with("::"), "{line:?}");
    }
    report::csv(&report, &view).expect("CSV can be written");
    let _ = report::markdown(&report, &view);
    let _ = report::junit(&report, &view);
});
