//! Tests of the harness itself, with reports made by hand.

use divulge::finding::{
    Confidence, Files, Finding, Location, Origin, Report, SCHEMA_VERSION, Severity, Status, Tool,
    TraceStep, Transform, Unresolved,
};
use libtest_mimic::{Failed, Trial};

use crate::markers::{Kind, Strictness, compare, parse};

type Test = fn() -> Result<(), String>;

/// The tests of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 8] = [
        ("markers_are_read", markers_are_read),
        ("bad_markers_are_refused", bad_markers_are_refused),
        ("a_marked_finding_passes", a_marked_finding_passes),
        ("differences_are_told", differences_are_told),
        ("a_property_line_may_carry_it", a_property_line_may_carry_it),
        ("an_inner_call_takes_its_own", an_inner_call_takes_its_own),
        (
            "a_known_miss_fails_when_found",
            a_known_miss_fails_when_found,
        ),
        ("auto_and_opaque_are_opted_in", auto_and_opaque_are_opted_in),
    ];
    tests
        .into_iter()
        .map(|(name, test)| {
            Trial::test(format!("harness::{name}"), move || {
                test().map_err(Failed::from)
            })
        })
        .collect()
}

fn same<T: PartialEq + std::fmt::Debug>(actual: T, expected: T) -> Result<(), String> {
    if actual == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:#?}\nactual   {actual:#?}"))
    }
}

fn markers_are_read() -> Result<(), String> {
    let text = "a() //~ mixpanel email critical @high; sentry user_id high\r\n\
                b() //~! opaque mixpanel //~^? mixpanel phone high\n\
                {/*~ mixpanel url medium */} //~@ auto mixpanel location\n\
                <!--~^^ heap email critical -->\n";
    let shown: Vec<String> = parse("a.tsx", text)?
        .iter()
        .map(|marker| format!("{} {marker}", marker.line))
        .collect();
    same(
        shown,
        vec![
            "1 mixpanel email critical @high".to_owned(),
            "1 sentry user_id high".to_owned(),
            "2 opaque mixpanel".to_owned(),
            "1 known miss mixpanel phone high".to_owned(),
            "3 mixpanel url medium".to_owned(),
            "3 auto mixpanel location".to_owned(),
            "2 heap email critical".to_owned(),
        ],
    )?;
    let plain = parse("a.ts", "const url = 'https://a.b'; // a comment\n")?;
    same(plain.len(), 0)
}

fn bad_markers_are_refused() -> Result<(), String> {
    for text in [
        "//~ mixpanel",
        "//~ mixpanel email",
        "//~ mixpanel email severe",
        "//~ mixpanel email critical high",
        "//~ mixpanel email critical @sure",
        "//~! mixpanel",
        "//~@ mixpanel email",
        "//~^ mixpanel email critical",
        "//~ mixpanel email critical;",
    ] {
        if let Ok(markers) = parse("a.ts", text) {
            return Err(format!("{text} is read as {markers:?}"));
        }
    }
    Ok(())
}

fn a_marked_finding_passes() -> Result<(), String> {
    let markers = parse("a.ts", "f() //~ mixpanel email critical\n")?;
    same(markers[0].kind, Kind::Sent)?;
    let twice = report(vec![finding(1, 1, "email"), finding(1, 1, "email")]);
    same(compare(&twice, &markers, Strictness::default()), Vec::new())
}

fn differences_are_told() -> Result<(), String> {
    let markers = parse(
        "a.ts",
        "f() //~ mixpanel email high\n\
         f() //~ mixpanel phone high\n\
         f()\n\
         f() //~ mixpanel email critical @low\n",
    )?;
    let report = report(vec![
        finding(1, 1, "email"),
        finding(3, 3, "email"),
        finding(4, 4, "email"),
    ]);
    let actual = "mixpanel email critical @high by track key: value (by name)";
    same(
        compare(&report, &markers, Strictness::default()),
        vec![
            format!("a.ts:1: expected mixpanel email high, actual {actual}"),
            "a.ts:2: expected mixpanel phone high, actual nothing".to_owned(),
            format!("a.ts:3: expected nothing, actual {actual}"),
            format!("a.ts:4: expected mixpanel email critical @low, actual {actual}"),
        ],
    )
}

fn a_property_line_may_carry_it() -> Result<(), String> {
    let markers = parse("a.ts", "f({\n  email, //~ mixpanel email critical\n})\n")?;
    let inside = report(vec![finding(1, 3, "email")]);
    same(
        compare(&inside, &markers, Strictness::default()),
        Vec::new(),
    )?;
    let outside = report(vec![finding(1, 1, "email")]);
    same(compare(&outside, &markers, Strictness::default()).len(), 2)
}

fn an_inner_call_takes_its_own() -> Result<(), String> {
    let markers = parse(
        "a.ts",
        "f(() => {\n  g({\n    email, //~ mixpanel email critical\n  })\n})\n",
    )?;
    let nested = report(vec![finding(1, 5, "email"), finding(2, 4, "email")]);
    let problems = compare(&nested, &markers, Strictness::default());
    same(problems.len(), 1)?;
    same(problems[0].starts_with("a.ts:1: expected nothing"), true)
}

fn a_known_miss_fails_when_found() -> Result<(), String> {
    let markers = parse("a.ts", "f() //~? mixpanel email critical\n")?;
    same(
        compare(&report(Vec::new()), &markers, Strictness::default()),
        Vec::new(),
    )?;
    let problems = compare(
        &report(vec![finding(1, 1, "email")]),
        &markers,
        Strictness::default(),
    );
    same(problems.len(), 1)?;
    same(problems[0].contains("known miss is found"), true)
}

fn auto_and_opaque_are_opted_in() -> Result<(), String> {
    let mut auto = finding(1, 1, "location");
    auto.origin = Origin::Auto;
    let mut report = report(vec![auto]);
    report.unresolved.push(Unresolved {
        vendor: "mixpanel".to_owned(),
        call: "track".to_owned(),
        location: location(2, 2),
        expression: "props".to_owned(),
        reason: "from outside".to_owned(),
    });
    same(compare(&report, &[], Strictness::default()), Vec::new())?;
    same(
        compare(&report, &[], Strictness { unresolved: true }).len(),
        1,
    )?;
    let markers = parse(
        "a.ts",
        "//~@ auto mixpanel location\n//~! opaque mixpanel\n",
    )?;
    same(
        compare(&report, &markers, Strictness::default()),
        Vec::new(),
    )?;
    let other = parse(
        "a.ts",
        "//~@ auto mixpanel referrer low\n\n//~! opaque mixpanel\n",
    )?;
    same(compare(&report, &other, Strictness::default()).len(), 4)
}

fn location(line: u32, end_line: u32) -> Location {
    Location {
        path: "a.ts".to_owned(),
        line,
        column: 1,
        end_line,
        end_column: 4,
        symbol: None,
    }
}

fn finding(line: u32, end_line: u32, class: &str) -> Finding {
    Finding {
        fingerprint: format!("{line}-{class}"),
        vendor: "mixpanel".to_owned(),
        vendor_category: "product-analytics".to_owned(),
        call: "track".to_owned(),
        class: class.to_owned(),
        property: "key".to_owned(),
        expression: "value".to_owned(),
        origin: Origin::Sent,
        transform: Transform::None,
        severity: Severity::Critical,
        confidence: Confidence::High,
        location: location(line, end_line),
        value: None,
        sink: location(line, end_line),
        trace: vec![TraceStep {
            path: "a.ts".to_owned(),
            line,
            column: 1,
            note: "handed over".to_owned(),
        }],
        reason: "by name".to_owned(),
        status: Status::New,
        suppression: None,
    }
}

fn report(findings: Vec<Finding>) -> Report {
    Report {
        notes: Vec::new(),
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: "divulge".to_owned(),
            version: "0.0.0".to_owned(),
            rules_digest: String::new(),
        },
        root: ".".to_owned(),
        findings,
        expected: Vec::new(),
        auto_collected: Vec::new(),
        combinations: Vec::new(),
        sinks: Vec::new(),
        unresolved: Vec::new(),
        vendors: Vec::new(),
        classes: Vec::new(),
        notices: Vec::new(),
        files: Files::default(),
    }
}
