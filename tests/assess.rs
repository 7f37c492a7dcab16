//! From handmade flows to a report.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;

use divulge::assess::{Exposure, Rules, assess};
use divulge::classify::{Subject, Verdict};
use divulge::consent::Consent;
use divulge::finding::*;
use divulge::flow::{
    Delivery, Evidence, Flows, Hop, Opaque, OptionValue, Place, Seen, Started, VendorCall,
};
use divulge::pages::Pages;
use divulge::policy::{FailOn, Policy};
use divulge::read::Texts;
use divulge::ruleset::pages::PageRules;
use divulge::ruleset::schema::{Class, Combination, Combinations, Vendor};
use divulge::source::{FileId, RepoPath, SourceFile, Span};

const VENDOR: &str = r#"
id = "mixpanel"
name = "Mixpanel"
category = "product-analytics"
sources = ["test"]
[[init]]
path = "init"
[[auto]]
class = "location"
property = "$city"
default = true
option = "ip"
turn_off = "ip: false"
[[auto]]
class = "user_agent"
property = "$os"
default = true
option = "property_blacklist"
off_when_listed = "$os"
[[auto]]
class = "content"
property = "recording"
default = false
option = "record.percent"
off = [0]
[[auto]]
class = "referrer"
property = "$referrer"
default = true
option = "track"
off = ["none", false]
[[auto]]
class = "no_class_of_ours"
property = "x"
default = true
"#;

const TEXT: &str = "import mixpanel from 'mixpanel-browser';\nmixpanel.init('token', { ip: false });\n\
    function onLogin(user) {\n  /* 日本 */ mixpanel.people.set({ $email: user.email, x: 'ada@example.org' });\n}\n";

struct Scene {
    vendors: BTreeMap<String, Vendor>,
    classes: BTreeMap<String, Class>,
    combinations: Vec<Combination>,
    texts: Texts,
    flows: Flows,
    policy: Policy,
}

impl Scene {
    fn new() -> Self {
        Self::of(TEXT)
    }

    fn of(text: &str) -> Self {
        let vendor: Vendor = toml::from_str(VENDOR).unwrap();
        let classes = [
            ("email", "critical"),
            ("org_id", "critical"),
            ("user_agent", "medium"),
            ("location", "medium"),
            ("referrer", "low"),
            ("content", "critical"),
        ]
        .map(|(id, severity)| {
            let text = format!(
                "id = '{id}'\nname = '{id}'\nseverity = '{severity}'\ngain = 'g'\nreason = 'r'"
            );
            (id.to_owned(), toml::from_str(&text).unwrap())
        });
        let combinations: Combinations = toml::from_str(
            "[[combination]]\nid = 'anchor'\ntitle = 't'\nclasses = ['email', 'org_id']\nseverity = 'critical'\nreason = 'r'\n\
             [[combination]]\nid = 'browser'\ntitle = 't'\nclasses = ['user_agent']\nseverity = 'medium'\nreason = 'r'\n",
        )
        .unwrap();
        Self {
            vendors: BTreeMap::from([(vendor.id.clone(), vendor)]),
            classes: BTreeMap::from(classes),
            combinations: combinations.combinations,
            texts: Texts {
                files: vec![SourceFile {
                    path: RepoPath::new("src/a.js"),
                    text: text.to_owned(),
                }],
                ..Texts::default()
            },
            flows: Flows::default(),
            policy: Policy::default(),
        }
    }

    /// Where a text stands.
    fn place(&self, text: &str) -> Place {
        let file = &self.texts.files[0].text;
        let start = file.find(text).unwrap_or_else(|| panic!("no {text}"));
        Place {
            file: FileId(0),
            span: Span::new(
                u32::try_from(start).unwrap(),
                u32::try_from(start + text.len()).unwrap(),
            ),
            symbol: (start > 80).then(|| "onLogin".into()),
        }
    }

    fn delivery(&self, property: &str, expression: &str) -> Delivery {
        let call = self.place("mixpanel.people.set({ $email: user.email, x: 'ada@example.org' })");
        Delivery {
            vendor: "mixpanel".to_owned(),
            call: "people.set".to_owned(),
            property: property.to_owned(),
            subject: Subject::default(),
            expression: self.place(expression),
            transform: Transform::None,
            location: call.clone(),
            sink: call.clone(),
            trace: vec![Hop {
                place: call,
                note: "handed over".to_owned(),
            }],
            by_type: false,
            guessed: false,
        }
    }

    fn started(&mut self, options: &[(&str, OptionValue)]) {
        let started = Started {
            vendor: "mixpanel".to_owned(),
            surface: "client".to_owned(),
            place: self.place("mixpanel.init('token', { ip: false })"),
            options: options
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            open: false,
            computed: BTreeMap::new(),
            only_if: Vec::new(),
            later: false,
            hooks: Vec::new(),
        };
        self.flows.started.push(started);
    }

    fn report(&self, exposures: &[(&Delivery, &str, Confidence)]) -> Report {
        let exposures = exposures
            .iter()
            .map(|(delivery, class, confidence)| Exposure {
                delivery,
                verdict: Verdict {
                    transform: Transform::None,
                    class: (*class).to_owned(),
                    confidence: *confidence,
                    reason: "why".to_owned(),
                },
            })
            .collect();
        let rules = Rules {
            vendors: &self.vendors,
            classes: &self.classes,
            combinations: &self.combinations,
            pages: &PageRules::default(),
            digest: "digest",
        };
        assess(
            &self.flows,
            exposures,
            rules,
            &self.policy,
            &self.texts,
            &Pages::default(),
            &Consent::default(),
            &[],
            Files::default(),
        )
    }

    /// What is on, by class.
    fn enabled(&self) -> BTreeMap<String, bool> {
        self.report(&[])
            .auto_collected
            .into_iter()
            .map(|auto| (auto.class, auto.enabled))
            .collect()
    }
}

const HIGH: Confidence = Confidence::High;

#[test]
fn a_finding_says_what_where_and_how_bad() {
    let scene = Scene::new();
    let delivery = scene.delivery("$email", "user.email");
    let report = scene.report(&[(&delivery, "email", HIGH)]);
    let finding = &report.findings[0];
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(finding.vendor_category, "product-analytics");
    assert_eq!(finding.expression, "user.email");
    assert_eq!((finding.location.line, finding.location.column), (4, 12));
    assert_eq!(finding.location.symbol.as_deref(), Some("onLogin"));
    assert_eq!(finding.fingerprint.len(), 16);
    assert!(scene.policy.fails(finding));
    let literal = scene.delivery("x", "'ada@example.org'");
    let report = scene.report(&[(&literal, "email", HIGH)]);
    assert_eq!(report.findings[0].expression, "'***'");
}

#[test]
fn a_digest_and_a_part_are_one_step_lower() {
    let scene = Scene::new();
    for (transform, severity) in [
        (Transform::None, Severity::Critical),
        (Transform::Encode, Severity::Critical),
        (Transform::Hash, Severity::High),
        (Transform::Domain, Severity::High),
        (Transform::Truncate, Severity::High),
    ] {
        let delivery = Delivery {
            transform,
            ..scene.delivery("$email", "user.email")
        };
        let report = scene.report(&[(&delivery, "email", HIGH)]);
        assert_eq!(report.findings[0].severity, severity, "{transform:?}");
    }
}

#[test]
fn the_same_at_the_same_call_is_one_finding() {
    let scene = Scene::new();
    let long = Delivery {
        trace: vec![
            Hop {
                place: scene.place("user"),
                note: "one".to_owned(),
            };
            3
        ],
        ..scene.delivery("$email", "user.email")
    };
    let short = scene.delivery("$email", "user.email");
    let hashed = Delivery {
        transform: Transform::Hash,
        ..short.clone()
    };
    let other = scene.delivery("x", "user.email");
    let mut exposures = vec![
        (&long, "email", HIGH),
        (&short, "email", HIGH),
        (&short, "email", Confidence::Low),
        (&hashed, "email", HIGH),
        (&other, "email", HIGH),
    ];
    let report = scene.report(&exposures);
    assert_eq!(report.findings.len(), 2);
    let merged = &report.findings[0];
    assert_eq!((merged.trace.len(), merged.transform), (1, Transform::None));
    exposures.reverse();
    assert_eq!(scene.report(&exposures), report);
}

#[test]
fn known_by_type_alone_is_not_sure() {
    let scene = Scene::new();
    let delivery = Delivery {
        by_type: true,
        ..scene.delivery("$email", "user.email")
    };
    let report = scene.report(&[(&delivery, "email", HIGH)]);
    assert_eq!(report.findings[0].confidence, Confidence::Medium);
}

#[test]
fn fingerprints_stay_when_lines_move_and_are_unique() {
    let prints = |scene: &Scene| {
        let first = scene.delivery("$email", "user.email");
        let second = Delivery {
            location: scene.place("user.email"),
            ..first.clone()
        };
        let report = scene.report(&[(&second, "email", HIGH), (&first, "email", HIGH)]);
        let prints = report
            .findings
            .iter()
            .map(|finding| finding.fingerprint.clone());
        prints.collect::<Vec<_>>()
    };
    let here = prints(&Scene::new());
    assert_ne!(here[0], here[1]);
    assert_eq!(here, prints(&Scene::of(&format!("// one\n// two\n{TEXT}"))));
}

#[test]
fn literal_options_decide_what_is_collected() {
    let known = |value: toml::Value| OptionValue::Known(value);
    let none = BTreeMap::new();
    assert_eq!(Scene::new().enabled(), none, "nothing is loaded");

    let mut scene = Scene::new();
    scene.started(&[]);
    let defaults = scene.enabled();
    assert_eq!(
        defaults.values().copied().collect::<Vec<_>>(),
        [false, true, true, true, true]
    );

    let check = |options: &[(&str, OptionValue)], class: &str, on: bool| {
        let mut scene = Scene::new();
        scene.started(options);
        assert_eq!(scene.enabled()[class], on, "{options:?}");
    };
    check(&[("ip", known(false.into()))], "location", false);
    check(&[("ip", known(true.into()))], "location", true);
    check(&[("ip", known(0.into()))], "location", false);
    check(&[("ip", OptionValue::Unknown)], "location", true);
    check(&[("ip.deep", known(1.into()))], "location", true);
    let list = |items: &[&str]| known(items.to_vec().into());
    check(
        &[("property_blacklist", list(&["$os"]))],
        "user_agent",
        false,
    );
    check(&[("property_blacklist", list(&["$x"]))], "user_agent", true);
    let part = OptionValue::Listed(vec!["$os".to_owned()]);
    check(&[("property_blacklist", part)], "user_agent", false);
    check(&[("record.percent", known(5.into()))], "content", true);
    check(&[("record.percent", known(0.0.into()))], "content", false);
    check(&[("record", known(false.into()))], "content", false);
    check(&[("track", known("none".into()))], "referrer", false);
    check(&[("track", known("all".into()))], "referrer", true);
}

#[test]
fn one_init_call_that_enables_is_enough() {
    let mut scene = Scene::new();
    scene.started(&[("ip", OptionValue::Known(false.into()))]);
    scene.started(&[]);
    assert!(scene.enabled()["location"]);
}

#[test]
fn what_is_on_is_a_finding_at_the_init_call() {
    let mut scene = Scene::new();
    scene.started(&[("ip", OptionValue::Known(false.into()))]);
    let report = scene.report(&[]);
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            (
                finding.class.as_str(),
                finding.call.as_str(),
                finding.confidence,
            )
        })
        .collect();
    // A class that no rule knows is listed, and no finding.
    assert_eq!(
        found,
        [("user_agent", "init", HIGH), ("referrer", "init", HIGH)]
    );
    assert_eq!(report.findings[0].location.line, 2);
    assert_eq!(report.findings[0].origin, Origin::Auto);
    assert!(!report.findings[0].trace.is_empty());
    let off = report
        .auto_collected
        .iter()
        .find(|auto| auto.class == "location");
    assert_eq!(off.unwrap().location.as_ref().map(|at| at.line), Some(2));
    assert!(!scene.policy.fails(&report.findings[0]));
    scene.policy.fail_on = FailOn::Medium;
    assert!(scene.policy.fails(&report.findings[0]));
    assert_eq!(report.combinations.len(), 1);
    assert_eq!(
        report.combinations[0].findings,
        [report.findings[0].fingerprint.clone()]
    );
}

#[test]
fn without_an_init_call_defaults_stand_at_the_import() {
    let mut scene = Scene::new();
    let import = scene.place("import mixpanel from 'mixpanel-browser';");
    let seen = |evidence| Seen {
        vendor: "mixpanel".to_owned(),
        evidence,
        place: import.clone(),
        package: (evidence == Evidence::Import).then(|| "mixpanel-browser".to_owned()),
    };
    scene.flows.seen = vec![seen(Evidence::Package), seen(Evidence::Host)];
    assert!(scene.report(&[]).findings.is_empty(), "not loaded");
    scene.flows.seen.push(seen(Evidence::Import));
    let report = scene.report(&[]);
    assert_eq!(report.findings[0].confidence, Confidence::Medium);
    assert_eq!(
        (
            report.findings[0].location.line,
            report.findings[0].call.as_str()
        ),
        (1, "load")
    );
    assert_eq!(report.auto_collected[0].location, None);
    assert_eq!(report.vendors[0].evidence, ["package", "import", "host"]);
    assert_eq!(report.vendors[0].locations.len(), 1);
}

#[test]
fn what_one_package_collects_needs_that_package() {
    let mut scene = Scene::new();
    let import = scene.place("import mixpanel from 'mixpanel-browser';");
    let vendor = scene.vendors.get_mut("mixpanel").unwrap();
    vendor.auto.retain(|auto| auto.class == "location");
    vendor.auto[0].packages = vec!["mixpanel".to_owned()];
    let seen = |package: &str| Seen {
        vendor: "mixpanel".to_owned(),
        evidence: Evidence::Import,
        place: import.clone(),
        package: Some(package.to_owned()),
    };
    scene.flows.seen = vec![seen("mixpanel-browser")];
    assert!(scene.report(&[]).auto_collected.is_empty());
    scene.flows.seen.push(seen("mixpanel"));
    assert_eq!(scene.report(&[]).auto_collected.len(), 1);
}

#[test]
fn what_a_vendor_is_there_to_process_is_expected() {
    let mut scene = Scene::new();
    let email = scene.delivery("$email", "user.email");
    let org = scene.delivery("org", "user");
    let exposures = [(&email, "email", HIGH), (&org, "org_id", HIGH)];
    let before = scene.report(&exposures);
    assert_eq!(before.findings.len(), 2);
    assert_eq!(before.combinations.len(), 1);
    assert!(before.expected.is_empty());
    let vendor = scene.vendors.get_mut("mixpanel").unwrap();
    vendor.purpose = vec!["email".to_owned()];
    let report = scene.report(&exposures);
    let classes = |findings: &[Finding]| -> Vec<String> {
        findings.iter().map(|it| it.class.clone()).collect()
    };
    assert_eq!(classes(&report.findings), ["org_id"]);
    assert_eq!(classes(&report.expected), ["email"]);
    assert!(report.combinations.is_empty());
    // The rest of it is as it was.
    assert!(before.findings.contains(&report.expected[0]));
    scene.policy.min_severity = Severity::Critical;
    scene.policy.classes = ["org_id".to_owned()].into();
    assert!(scene.report(&exposures).expected.is_empty());
}

/// What the code sends and what the SDK collects are joined on the user.
#[test]
fn combinations_are_of_all_that_a_vendor_holds() {
    let mut case = Scene::new();
    case.combinations = toml::from_str::<Combinations>(
        "[[combination]]\nid = 'update'\ntitle = 't'\nclasses = ['email', 'user_agent']\nseverity = 'critical'\nreason = 'r'\n",
    )
    .unwrap()
    .combinations;
    let email = case.delivery("$email", "user.email");
    let sent = [(&email, "email", Confidence::High)];
    assert!(
        case.report(&sent).combinations.is_empty(),
        "nothing is started"
    );
    case.started(&[]);
    let report = case.report(&sent);
    let [found] = report.combinations.as_slice() else {
        panic!("{:?}", report.combinations);
    };
    let mut origins: Vec<Origin> = report
        .findings
        .iter()
        .filter(|finding| found.findings.contains(&finding.fingerprint))
        .map(|finding| finding.origin)
        .collect();
    origins.sort();
    assert_eq!(origins, [Origin::Sent, Origin::Auto]);
    let off = toml::Value::Array(vec!["$os".into()]);
    case.flows.started.clear();
    case.started(&[("property_blacklist", OptionValue::Known(off))]);
    assert!(
        case.report(&sent).combinations.is_empty(),
        "it collects no browser"
    );
}

#[test]
fn combinations_need_the_values_themselves() {
    let scene = Scene::new();
    let email = scene.delivery("$email", "user.email");
    let org = scene.delivery("org", "user");
    let hashed = Delivery {
        transform: Transform::Hash,
        ..email.clone()
    };
    let both = scene.report(&[(&email, "email", HIGH), (&org, "org_id", HIGH)]);
    assert_eq!(both.combinations[0].id, "anchor");
    assert_eq!(both.combinations[0].findings.len(), 2);
    let digest = scene.report(&[(&hashed, "email", HIGH), (&org, "org_id", HIGH)]);
    assert!(digest.combinations.is_empty());
    let guess = scene.report(&[(&email, "email", Confidence::Low), (&org, "org_id", HIGH)]);
    assert!(guess.combinations.is_empty());
}

#[test]
fn policy_rates_filters_and_never_changes_a_fingerprint() {
    let mut scene = Scene::new();
    let email = scene.delivery("$email", "user.email");
    let org = scene.delivery("org", "user");
    let exposures = [(&email, "email", HIGH), (&org, "org_id", HIGH)];
    let all = scene.report(&exposures);
    scene.policy.classes.insert("org_id".to_owned());
    let one = scene.report(&exposures);
    assert_eq!(one.findings.len(), 1);
    assert!(all.findings.contains(&one.findings[0]));
    assert_eq!(
        one.combinations[0].findings,
        [one.findings[0].fingerprint.clone()]
    );
    scene.policy.classes.clear();
    scene
        .policy
        .severities
        .insert("org_id".to_owned(), Severity::Low);
    scene.policy.min_severity = Severity::Medium;
    let rated = scene.report(&exposures);
    assert_eq!(rated.findings.len(), 1);
    assert_eq!(rated.findings[0].class, "email");
    scene.policy.vendors.insert("another".to_owned());
    assert!(scene.report(&exposures).findings.is_empty());
}

#[test]
fn order_is_total_whatever_comes_first() {
    let scene = Scene::new();
    let a = scene.delivery("a", "user.email");
    let b = scene.delivery("b", "user.email");
    let mut exposures = vec![
        (&b, "referrer", HIGH),
        (&b, "email", HIGH),
        (&a, "email", HIGH),
        (&a, "location", HIGH),
    ];
    let report = scene.report(&exposures);
    let order: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (finding.class.as_str(), finding.property.as_str()))
        .collect();
    assert_eq!(
        order,
        [
            ("email", "a"),
            ("email", "b"),
            ("location", "a"),
            ("referrer", "b")
        ]
    );
    exposures.reverse();
    assert_eq!(scene.report(&exposures), report);
}

#[test]
fn calls_and_unknown_payloads_are_listed_once() {
    let mut scene = Scene::new();
    let place = scene.place("mixpanel.people.set({ $email: user.email, x: 'ada@example.org' })");
    let call = |payload| VendorCall {
        vendor: "mixpanel".to_owned(),
        surface: "client".to_owned(),
        call: "people.set".to_owned(),
        place: place.clone(),
        payload,
        probes: false,
    };
    scene.flows.calls = vec![call(Payload::Resolved), call(Payload::Partial)];
    let opaque = Opaque {
        vendor: "mixpanel".to_owned(),
        call: "people.set".to_owned(),
        place: place.clone(),
        expression: place.clone(),
        reason: "it is a parameter".to_owned(),
    };
    scene.flows.opaque = vec![opaque.clone(), opaque];
    let report = scene.report(&[]);
    assert_eq!(report.sinks.len(), 1);
    assert_eq!(report.sinks[0].payload, Payload::Partial);
    assert_eq!(report.unresolved.len(), 1);
    assert!(!report.unresolved[0].expression.contains("ada@"));
    assert_eq!(report.vendors[0].evidence, ["call"]);
    scene.policy.max_unresolved = Some(0);
    assert!(scene.policy.too_many_unresolved(&report));
    scene.policy.max_unresolved = Some(1);
    assert!(!scene.policy.too_many_unresolved(&report));
}
