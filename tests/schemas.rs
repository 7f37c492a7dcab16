//! The committed JSON Schemas are those of the program, for editors to check what people write.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use divulge::{config, finding, reviewed, ruleset};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// Draft 7, which editors of TOML read.
fn check<T: JsonSchema>(name: &str) {
    let path = format!("{}/docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("DIVULGE_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "docs/{name}.schema.json is old; run the tests with DIVULGE_UPDATE=1 to write it"
    );
}

#[test]
fn schemas_are_the_committed_ones() {
    check::<config::Config>("divulge.toml");
    check::<reviewed::Written>("divulge.lock");
    check::<ruleset::schema::Vendor>("vendor");
    check::<ruleset::schema::Class>("class");
    check::<finding::Difference>("difference");
}

/// What the program writes and reads keeps to its schema.
#[test]
fn a_configuration_keeps_to_its_schema() {
    let schema = include_str!("../docs/divulge.toml.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let fits = |text: &str| {
        let value: toml::Value = toml::from_str(text).unwrap();
        validator.is_valid(&serde_json::to_value(value).unwrap())
    };
    let allow =
        "[[allow]]\nvendor = 'acme'\nclasses = ['email']\nreason = 'x'\nuntil = '2027-03-01'\n";
    assert!(fits(&format!(
        "fail-on = 'high'\nown-domains = ['example.com']\n{allow}"
    )));
    assert!(!fits(&allow.replace("reason", "raeson")));
    assert!(!fits("fail-on = 'hihg'"));
}
