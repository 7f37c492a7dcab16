//! One handmade report with every shape, in every format and at several widths.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use divulge::finding::*;
use divulge::report::{self, View};
use divulge::ruleset::Ruleset;
use divulge::texts::Texts;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

const SOURCE: &str = "import mixpanel from 'mixpanel-browser';\n\nexport function onLogin(user: User) {\n\
    \u{20}\u{20}const at = '日本'; mixpanel.people.set({ $email: user.email });\n}\n";

fn location(path: &str, line: u32, column: u32, end_column: u32) -> Location {
    Location {
        path: path.to_owned(),
        line,
        column,
        end_line: line,
        end_column,
        symbol: Some("onLogin".to_owned()),
    }
}

fn finding(vendor: &str, class: &str, property: &str, severity: Severity) -> Finding {
    let place = location("src/features/account/onboarding/login-form.tsx", 4, 20, 61);
    Finding {
        fingerprint: format!("{vendor}-{class}-{property}"),
        vendor: vendor.to_owned(),
        vendor_category: "product-analytics".to_owned(),
        call: "people.set".to_owned(),
        class: class.to_owned(),
        property: property.to_owned(),
        expression: "user.email".to_owned(),
        origin: Origin::Sent,
        transform: Transform::None,
        severity,
        confidence: Confidence::High,
        location: place.clone(),
        value: Some(location(
            "src/features/account/onboarding/login-form.tsx",
            4,
            49,
            59,
        )),
        sink: place,
        trace: vec![TraceStep {
            path: "src/features/account/onboarding/login-form.tsx".to_owned(),
            line: 4,
            column: 49,
            note: "read from `user`".to_owned(),
        }],
        reason: "`user.email` is an e-mail address".to_owned(),
        status: Status::New,
        suppression: None,
    }
}

fn every_shape() -> Report {
    let email = finding("mixpanel", "email", "$email", Severity::Critical);
    let hashed = Finding {
        transform: Transform::Hash,
        sink: location("src/lib/analytics.ts", 8, 3, 30),
        ..finding("google_analytics", "email", "em", Severity::High)
    };
    let auto = Finding {
        origin: Origin::Auto,
        expression: String::new(),
        call: "init".to_owned(),
        ..finding(
            "mixpanel",
            "user_agent",
            "$os, $browser, $device",
            Severity::Medium,
        )
    };
    let unsure = Finding {
        confidence: Confidence::Low,
        expression: "x\u{1b}[2J\u{202e}evil".to_owned(),
        ..finding(
            "mixpanel",
            "person_name",
            "a_rather_long_property_name",
            Severity::High,
        )
    };
    let suppressed = Finding {
        status: Status::Suppressed,
        suppression: Some(Suppression {
            by: "inline".to_owned(),
            reason: Some("consent".to_owned()),
            owner: None,
            until: Some("2027-03-01".to_owned()),
        }),
        ..finding("mixpanel", "phone", "$phone", Severity::High)
    };
    let locked = Finding {
        status: Status::Locked,
        ..finding("mixpanel", "org_id", "org", Severity::Critical)
    };
    let auto_collected = |class: &str, enabled| AutoCollected {
        vendor: "mixpanel".to_owned(),
        class: class.to_owned(),
        property: "$os, $browser, $device".to_owned(),
        enabled,
        location: enabled.then(|| location("src/lib/analytics.ts", 3, 1, 20)),
        turn_off: "property_blacklist: ['$os', '$browser', '$device']".to_owned(),
        condition: None,
    };
    Report {
        notes: Vec::new(),
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: "divulge".to_owned(),
            version: "0.1.0".to_owned(),
            rules_digest: "0123456789abcdef".to_owned(),
        },
        root: ".".to_owned(),
        combinations: vec![CombinationFound {
            id: "trust_anchor".to_owned(),
            vendor: "mixpanel".to_owned(),
            classes: vec!["email".to_owned(), "org_id".to_owned()],
            severity: Severity::Critical,
            title: "an address and an internal id make a forged notice believable".to_owned(),
            findings: vec![email.fingerprint.clone(), locked.fingerprint.clone()],
        }],
        expected: vec![Finding {
            vendor: "stripe".to_owned(),
            class: "address".to_owned(),
            ..email.clone()
        }],
        findings: vec![email, locked, hashed, suppressed, unsure, auto],
        auto_collected: vec![
            auto_collected("location", false),
            auto_collected("user_agent", true),
        ],
        sinks: [
            Payload::None,
            Payload::Resolved,
            Payload::Partial,
            Payload::Opaque,
        ]
        .into_iter()
        .map(|payload| Sink {
            vendor: "mixpanel".to_owned(),
            call: "track".to_owned(),
            location: location("src/a.ts", 1, 1, 9),
            payload,
        })
        .collect(),
        unresolved: vec![Unresolved {
            vendor: "mixpanel".to_owned(),
            call: "track".to_owned(),
            location: location("src/a.ts", 1, 1, 9),
            expression: "props".to_owned(),
            reason: "it comes from a parameter of an exported function".to_owned(),
        }],
        vendors: vec![VendorSeen {
            vendor: "mixpanel".to_owned(),
            name: "Mixpanel".to_owned(),
            category: "product-analytics".to_owned(),
            evidence: vec!["package".to_owned(), "call".to_owned()],
            locations: vec![location("package.json", 3, 1, 9)],
            passes_on: None,
        }],
        classes: vec![ClassSeen {
            id: "email".to_owned(),
            name: "E-mail address".to_owned(),
            severity: Severity::Critical,
            gain: "The address to phish.".to_owned(),
            reason: "Without an address there is no phishing.".to_owned(),
        }],
        notices: vec![Notice {
            path: "src/a.ts".to_owned(),
            line: Some(3),
            kind: NoticeKind::Unused,
            message: "nothing of email is found here any more".to_owned(),
        }],
        files: Files {
            seen: 12,
            read: 5,
            parsed: 3,
            left_out: vec![LeftOut {
                reason: "tests".to_owned(),
                count: 4,
            }],
            skipped: vec![FileNote {
                path: "src/big.js".to_owned(),
                reason: "larger than 1 MiB".to_owned(),
                line: None,
            }],
            errors: vec![FileNote {
                path: "src/broken.ts".to_owned(),
                reason: "a syntax error was skipped over".to_owned(),
                line: Some(7),
            }],
        },
    }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// The texts of both languages.
fn texts(language: &str) -> &'static Texts {
    static ALL: LazyLock<BTreeMap<String, Texts>> = LazyLock::new(|| {
        let rules = Ruleset::embedded().unwrap();
        let all = rules.languages();
        all.filter_map(|language| Some((language.to_owned(), rules.texts(language)?)))
            .collect()
    });
    &ALL[language]
}

fn view(width: usize) -> View<'static> {
    View {
        width,
        ..View::new(texts("en"))
    }
}

#[test]
fn table_fits_and_says_everything() {
    let report = every_shape();
    for width in [40, 60, 80, 120, 200] {
        let text = plain(&report::table(&report, &view(width)));
        for line in text.lines() {
            assert!(line.width() <= width, "{width}: {line}\n{text}");
        }
        let joined = text.split_whitespace().collect::<String>();
        for part in [
            "critical",
            "google",
            "hashed",
            "Uncertain",
            "Turn",
            "location",
            "Worse",
            "1payload",
            "12filesseen",
            "4tests",
            "largerthan1MiB",
            "1inthelockfile,1suppressed",
        ] {
            assert!(joined.contains(part), "{width}: no {part} in\n{text}");
        }
        assert!(
            !joined.contains("$phone"),
            "{width}: shows what is suppressed\n{text}"
        );
    }
}

#[test]
fn wide_table_keeps_a_finding_on_one_line() {
    let text = plain(&report::table(&every_shape(), &view(160)));
    assert!(
        text.lines().any(|line| line.contains("critical")
            && line.contains("people.set")
            && line.contains("$email ← user.email")
            && line.contains("login-form.tsx:4")),
        "{text}"
    );
}

/// Whether a text has words of two letters and more, beside what is code, an id or a path.
fn english(text: &str) -> Vec<String> {
    let words = text.split(|char: char| !char.is_ascii_alphabetic() && char != '-');
    let words = words.filter(|word| word.len() > 1);
    words.map(str::to_owned).collect()
}

#[test]
fn a_report_in_another_language_has_no_english_of_ours() {
    let mut report = every_shape();
    // What stands in a report of the scanned tree and of the rules is no text of ours.
    let ours = |text: String| -> Vec<String> {
        let known = format!("{:?}", every_shape());
        let words = english(&text).into_iter();
        words
            .filter(|word| !known.contains(word.as_str()))
            .collect()
    };
    let ja = texts("ja");
    for width in [60, 100, 200] {
        let view = View {
            width,
            ..View::new(ja)
        };
        for accepted in [true, false] {
            let view = View { accepted, ..view };
            let table = plain(&report::table(&report, &view));
            assert!(table.contains("極高"), "{table}");
            // Names of things, and the tags and lines of Markdown.
            let allowed = [
                "details", "summary", "sub", "code", "", "SDK", "divulge", "explain", "format",
                "json", "MiB", "ID", "OS",
            ];
            for text in [table, report::markdown(&report, &view)] {
                let mut found = ours(text.clone());
                found.retain(|word| !allowed.contains(&word.trim_matches('-')));
                assert_eq!(found, Vec::<String>::new(), "{text}");
            }
        }
    }
    report.findings.clear();
    let nothing = plain(&report::table(&report, &View::new(ja)));
    assert!(nothing.contains("検出されませんでした"), "{nothing}");
}

#[test]
fn long_address_of_a_vendor_leaves_room_for_the_rest_of_the_table() {
    let mut report = every_shape();
    report.findings.push(finding(
        "host:answers.endpoint.letterbox.example",
        "email",
        "contact",
        Severity::Critical,
    ));
    let text = plain(&report::table(&report, &view(80)));
    let sent = text.split("\n\n").next().unwrap_or_default();
    assert!(sent.contains('┆'), "no table:\n{text}");
    for part in ["host:answers.", "endpoint.", "letterbox.example"] {
        assert!(sent.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn what_is_on_somewhere_is_not_listed_as_off() {
    let off = |report: &Report| {
        let text = plain(&report::table(report, &view(120)));
        let line = text.lines().find(|line| line.contains("Turned off"));
        line.map(str::to_owned)
    };
    let mut report = every_shape();
    let line = off(&report).expect("something is off");
    assert!(line.contains("location"), "{line}");
    let on = report.auto_collected.iter().find(|it| it.enabled).cloned();
    let mut also_off = on.expect("something is on");
    also_off.enabled = false;
    report.auto_collected.push(also_off);
    let line = off(&report).expect("something is off");
    assert!(!line.contains("user_agent"), "{line}");
}

#[test]
fn table_breaks_places_between_directories_and_names_never() {
    for width in [76, 80, 100, 120, 140] {
        let text = plain(&report::table(&every_shape(), &view(width)));
        for whole in ["critical", "google_analytics", "user_agent", "people.set"] {
            assert!(
                text.contains(whole),
                "{width}: {whole} is broken in\n{text}"
            );
        }
        for whole in ["login-form.tsx:4", "← user.email"] {
            assert!(
                text.contains(whole),
                "{width}: {whole} is broken in\n{text}"
            );
        }
        assert!(!text.contains('╌'), "{width}: lines between rows\n{text}");
    }
}

#[test]
fn findings_that_differ_in_their_place_share_a_row() {
    let mut report = every_shape();
    for line in 10..20 {
        let mut again = finding("mixpanel", "email", "$email", Severity::Critical);
        again.location.line = line;
        report.findings.push(again);
    }
    let text = plain(&report::table(&report, &view(120)));
    assert!(text.contains("What the code sends: 12 findings"), "{text}");
    assert_eq!(text.matches("$email ←").count(), 1, "{text}");
    assert!(text.contains("login-form.tsx:11"), "{text}");
    assert!(text.contains("and 8 more places"), "{text}");
}

#[test]
fn many_values_in_one_place_of_a_call_share_a_row() {
    let report = |count: u32| {
        let mut report = every_shape();
        report.findings.clear();
        for line in 10..10 + count {
            let mut told = finding("slack", "user_id", "text", Severity::High);
            told.expression = format!("user{line}.id");
            told.location.line = line;
            report.findings.push(told);
        }
        plain(&report::table(&report, &view(120)))
    };
    let text = report(4);
    assert_eq!(text.matches("text ←").count(), 4, "{text}");
    let text = report(12);
    assert!(text.contains("What the code sends: 12 findings"), "{text}");
    assert_eq!(text.matches("text ←").count(), 1, "{text}");
    assert!(
        text.contains("user10.id") && !text.contains("user13.id"),
        "{text}"
    );
    assert!(text.contains("and 9 more"), "{text}");
}

#[test]
fn what_is_expected_is_named_and_held_but_not_counted() {
    let mut report = every_shape();
    let text = plain(&report::table(&report, &view(160)));
    let line = "Not counted, since the vendor is there to process it: stripe address.";
    assert!(text.contains(line), "{text}");
    assert!(
        text.matches("stripe").count() > 1,
        "the summary has it: {text}"
    );
    report.expected.clear();
    let text = plain(&report::table(&report, &view(160)));
    assert!(
        !text.contains("Not counted") && !text.contains("stripe"),
        "{text}"
    );
}

#[test]
fn what_an_sdk_collects_of_a_class_is_one_row() {
    let mut report = every_shape();
    report
        .findings
        .retain(|finding| finding.origin == Origin::Auto);
    report.auto_collected.retain(|auto| auto.enabled);
    let (collected, auto) = (
        &report.findings[0].clone(),
        &report.auto_collected[0].clone(),
    );
    let on = |property: &str| Finding {
        property: property.to_owned(),
        ..collected.clone()
    };
    let switch = |property: &str, turn_off: &str| AutoCollected {
        property: property.to_owned(),
        turn_off: turn_off.to_owned(),
        ..auto.clone()
    };
    report.findings = vec![on("$os (family)"), on("$browser"), on("$device")];
    report.auto_collected = vec![
        switch(
            "$os (family)",
            "config.os=false (since version 2); or a proxy",
        ),
        switch("$browser", "config.os=false"),
        switch("$device", ""),
    ];
    let text = plain(&report::table(&report, &view(160)));
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with(" medium"))
        .collect();
    assert_eq!(rows.len(), 1, "{text}");
    assert!(rows[0].contains("$os, $browser, $device"), "{text}");
    assert!(
        rows[0].ends_with("config.os=false; the rest has no switch"),
        "{text}"
    );
    let names: Vec<String> = (0..30)
        .map(|number| format!("$property_{number}"))
        .collect();
    report.findings = names.iter().map(|name| on(name)).collect();
    report.auto_collected = names.iter().map(|name| switch(name, "")).collect();
    let text = plain(&report::table(&report, &view(160)));
    assert!(text.contains("$property_0, $property_1, "), "{text}");
    assert!(text.contains("and 23 more"), "{text}");
    assert!(text.contains("`divulge explain VENDOR` lists"), "{text}");
}

#[test]
fn nothing_of_the_scanned_tree_reaches_the_terminal_raw() {
    let report = every_shape();
    let hostile = "x\u{1b}[31m\u{202e}";
    let shown = plain(&report::table(&report, &view(120)));
    assert!(shown.contains("<U+202E>"), "{shown}");
    for text in [
        report::table(&report, &view(120)),
        report::explain(&report, &view(120), &|_| Some(hostile)),
    ] {
        let text = plain(&text);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn no_findings_is_a_sentence() {
    let mut report = every_shape();
    report.findings.clear();
    report.auto_collected.clear();
    report.combinations.clear();
    let text = plain(&report::table(&report, &view(200)));
    assert!(
        text.starts_with(
            "No personal data was found that the code sends (2 calls known, 1 payload unknown)."
        ),
        "{text}"
    );
    report.sinks.clear();
    report.vendors.clear();
    let text = plain(&report::table(&report, &view(80)));
    assert!(
        text.starts_with("No known vendor is used in 5 files."),
        "{text}"
    );
}

#[test]
fn summary_becomes_a_list_when_nothing_else_fits() {
    let mut report = every_shape();
    for vendor in 0..12 {
        for class in 0..12 {
            report.findings.push(finding(
                &format!("vendor_number_{vendor}"),
                &format!("class_number_{class}"),
                "p",
                Severity::Low,
            ));
        }
    }
    let text = plain(&report::table(&report, &view(80)));
    assert!(text.contains("  class_number_3: sent\n"), "{text}");
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}

#[test]
fn explain_underlines_the_value_in_its_line() {
    let report = every_shape();
    let text = plain(&report::explain(&report, &view(100), &|path| {
        path.ends_with("login-form.tsx").then_some(SOURCE)
    }));
    let lines: Vec<&str> = text.lines().collect();
    let code = lines
        .iter()
        .position(|line| line.contains("$email: user.email"))
        .expect("the line of the call is shown");
    let before = lines[code].split("user.email").next().unwrap();
    let marks = lines[code + 1].find('^').expect("something is underlined");
    assert_eq!(lines[code + 1][..marks].width(), before.width(), "{text}");
    assert!(
        lines[code + 1].contains("^^^^^^^^^^ sent as `$email`"),
        "{text}"
    );
    assert!(text.contains("way: 1. src/features"), "{text}");
    assert!(text.contains("turn it off: property_blacklist"), "{text}");
    assert!(!text.contains("$phone"), "{text}");
}

#[test]
fn explain_does_without_the_source() {
    let text = plain(&report::explain(&every_shape(), &view(80), &|_| None));
    assert!(text.contains("login-form.tsx:4:20"), "{text}");
}

#[test]
fn json_reads_back() {
    let report = every_shape();
    let text = report::json(&report).unwrap();
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(read, report);
    assert_eq!(report::json(&read).unwrap(), text);
    assert!(text.ends_with("}\n"));
}

#[test]
fn schema_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
    let schema = schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Report>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("DIVULGE_UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == text,
        "docs/report.schema.json is old; run the tests with DIVULGE_UPDATE=1 to write it"
    );
}

#[test]
fn schema_accepts_a_report_and_nothing_else() {
    let schema = include_str!("../docs/report.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut report = serde_json::to_value(every_shape()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    report["findings"][0]["severity"] = "huge".into();
    assert!(!validator.is_valid(&report));
}

/// Text as a stranger would write it.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z./_$]{0,40}",
        ".{0,30}",
        "[\\PC\u{1b}\u{202e}\u{200b}日本 \n\r\t/]{0,60}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_fits_and_stays_visible(
        texts in prop::collection::vec(text(), 8),
        width in 30_usize..200,
    ) {
        let mut report = every_shape();
        for finding in &mut report.findings {
            finding.vendor.clone_from(&texts[0]);
            finding.class.clone_from(&texts[1]);
            finding.call.clone_from(&texts[2]);
            finding.property.clone_from(&texts[3]);
            finding.expression.clone_from(&texts[4]);
            finding.location.path.clone_from(&texts[5]);
            finding.reason.clone_from(&texts[6]);
        }
        report.unresolved[0].expression.clone_from(&texts[7]);
        report.auto_collected[1].turn_off.clone_from(&texts[7]);
        let shown = plain(&report::table(&report, &view(width)));
        for line in shown.lines() {
            let columns: usize = line
                .chars()
                .map(|char| unicode_width::UnicodeWidthChar::width(char).unwrap_or(0))
                .sum();
            // Terminals disagree on sequences of several characters; either count is right.
            let columns = columns.min(line.width());
            prop_assert!(columns <= width, "{}: {}\n{}", width, line, shown);
        }
        let hidden = |char: char| char != '\n' && (char.is_control() || char == '\u{202e}');
        prop_assert!(!shown.contains(hidden), "{:?}", shown);
    }

    #[test]
    fn any_place_in_any_source_is_shown(
        source in "(.{0,30}\n){0,6}",
        value in ".{0,5}",
        place in prop::array::uniform4(0_u32..9),
    ) {
        let mut report = every_shape();
        report.findings.truncate(1);
        let finding = &mut report.findings[0];
        finding.expression = value;
        finding.location.line = place[0];
        finding.location.column = place[1];
        finding.location.end_line = place[2];
        finding.location.end_column = place[3];
        let shown = plain(&report::explain(&report, &view(80), &|_| Some(source.as_str())));
        prop_assert!(shown.contains("email is sent to mixpanel"));
        prop_assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{:?}", shown);
    }
}
