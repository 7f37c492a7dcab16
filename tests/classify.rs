//! What each class takes and leaves, by name, owner, origin, position and key.
//!
//! In: `tests/classify/*.txt`, one case per line: the class (`-` for none, `email?` for one of low confidence), then the
//! value's path (`-` for none), then what else is known of it: `@key.as.sent`, `role=…`, `alias=…` (repeatable), `by=…`
//! for the function that made it, `named=…` for what that was asked for, `type=…` for the declared type of its owner,
//! `is=number|boolean|choice|date|object`, `global`, `text` for a piece of a longer text, `vendor=…`. It leaves alone how
//! a value gets there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use divulge::classify::{Classifier, Subject, ValueType};
use divulge::facts::Literal;
use divulge::finding::Confidence;
use divulge::ruleset::schema::{Class, Combinations, Transforms, Vendor, Words};
use rustc_hash::FxHashSet;
use serde::de::DeserializeOwned;

fn rules(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("rules")
        .join(path)
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).expect("a rule file");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn classes() -> BTreeMap<String, Class> {
    fs::read_dir(rules("classes"))
        .expect("the class rules")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let class: Class = read(&path);
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            assert_eq!(stem, Some(class.id.as_str()));
            (class.id.clone(), class)
        })
        .collect()
}

fn classifier() -> Classifier {
    let vendor: Vendor = toml::from_str(
        r#"
        id = "acme"
        name = "Acme"
        category = "ads"
        sources = []
        keys = { em = "email", "$name" = "person_name", label = "none", "track:ph" = "phone" }
        "#,
    )
    .expect("a vendor");
    let vendors = BTreeMap::from([("acme".to_owned(), vendor)]);
    Classifier::new(
        &read::<Words>(&rules("words.toml")),
        &classes(),
        &vendors,
        &FxHashSet::default(),
    )
}

fn subject(words: &str) -> Subject {
    let mut parts = words.split_whitespace();
    let path = parts.next().expect("a path");
    let mut subject = Subject {
        call: "track".into(),
        vendor: "acme".into(),
        ..Subject::default()
    };
    if path != "-" {
        subject.path = path.split('.').map(Into::into).collect();
    }
    for part in parts {
        if let Some(key) = part.strip_prefix('@') {
            subject.key = key.split('.').map(Into::into).collect();
            continue;
        }
        match part.split_once('=') {
            Some(("role", role)) => {
                subject.role = Some(serde_json::from_value(role.into()).expect("a role"));
            }
            Some(("alias", name)) => subject.aliases.push(name.into()),
            Some(("by", name)) => subject.producer = Some(name.into()),
            Some(("named", name)) => subject.named = Some(name.into()),
            Some(("type", name)) => subject.owner_type = Some(name.into()),
            Some(("vendor", name)) => subject.vendor = name.into(),
            Some(("call", name)) => subject.call = name.into(),
            Some(("literal", text)) => subject.literal = Some(Literal::String(text.into())),
            Some(("is", kind)) => {
                subject.ty = match kind {
                    "number" => ValueType::Number,
                    "boolean" => ValueType::Boolean,
                    "choice" => ValueType::Choice,
                    "date" => ValueType::Date,
                    "object" => ValueType::Object,
                    _ => panic!("no type {kind}"),
                };
            }
            None if part == "global" => subject.global = true,
            None if part == "text" => subject.in_text = true,
            _ => panic!("no part {part}"),
        }
    }
    subject
}

#[test]
fn every_case_has_its_class() {
    let classifier = classifier();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/classify");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(cases).expect("the cases") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a file of cases");
        for (line, case) in text.lines().enumerate() {
            let Some((expected, words)) = case.split_once(char::is_whitespace) else {
                continue;
            };
            if expected == "#" {
                continue;
            }
            seen += 1;
            let verdicts = classifier.classify(&subject(words));
            assert!(verdicts.len() <= 1, "{case}: {verdicts:?}");
            let got = verdicts.first().map_or("-".to_owned(), |verdict| {
                let unsure = if verdict.confidence == Confidence::Low {
                    "?"
                } else {
                    ""
                };
                format!("{}{unsure}", verdict.class)
            });
            if got != expected {
                let name = path.file_name().unwrap_or_default().display();
                wrong.push(format!("{name}:{}: {case} => {got}", line + 1));
            }
        }
    }
    assert!(seen > 300, "only {seen} cases were read");
    assert!(
        wrong.is_empty(),
        "{} of {seen}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_class_has_a_case_that_finds_it() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/classify");
    let all: String = fs::read_dir(cases)
        .expect("the cases")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a file of cases"))
        .collect();
    for class in classes().keys() {
        let found = all
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .any(|expected| expected == class);
        assert!(found, "no case for {class}");
    }
}

#[test]
fn every_name_of_every_class_is_read_as_some_class() {
    let classifier = classifier();
    for class in classes().values() {
        for rule in class.matches.iter().filter(|rule| {
            rule.owners.is_empty()
                && rule.in_roles.is_empty()
                && rule.read_from.is_empty()
                && rule.with_packages.is_none()
        }) {
            for name in &rule.names {
                let subject = Subject {
                    path: vec![name.replace(' ', "_").into()],
                    ..Subject::default()
                };
                let verdicts = classifier.classify(&subject);
                let found = verdicts.iter().any(|verdict| verdict.class == class.id);
                assert!(found, "`{name}` of {} gives {verdicts:?}", class.id);
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_name_is_read_without_a_panic(path in "\\PC{0,24}", key in "\\PC{0,24}") {
        let subject = Subject {
            path: vec![path.as_str().into(), key.as_str().into()],
            key: vec![key.as_str().into()],
            aliases: vec![path.as_str().into()],
            producer: Some(key.into()),
            global: true,
            ..Subject::default()
        };
        thread_local! {
            static CLASSIFIER: Classifier = classifier();
        }
        CLASSIFIER.with(|classifier| assert!(classifier.classify(&subject).len() <= 1));
    }
}

#[test]
fn the_other_rules_have_their_shape() {
    let transforms: Transforms = read(&rules("transforms.toml"));
    assert!(!transforms.functions.is_empty());
    let combinations: Combinations = read(&rules("combinations.toml"));
    let known = classes();
    for combination in combinations.combinations {
        for class in &combination.classes {
            assert!(
                known.contains_key(class),
                "{} names {class}",
                combination.id
            );
        }
    }
}

#[test]
fn a_reason_names_what_decided() {
    let classifier = classifier();
    let reason = |words: &str| classifier.classify(&subject(words))[0].reason.clone();
    assert_eq!(
        reason("user.email"),
        "`user.email` is named like: e-mail address"
    );
    assert_eq!(
        reason("input.value alias=userEmail"),
        "it was held by `userEmail`, whose name says: e-mail address"
    );
    assert_eq!(
        reason("x role=user_id"),
        "this position of `track` takes: user id"
    );
    assert_eq!(reason("x @em"), "`em` is a key of acme for: e-mail address");
    assert_eq!(
        reason("navigator.userAgent global"),
        "`navigator.userAgent` gives: browser, system or device"
    );
}
