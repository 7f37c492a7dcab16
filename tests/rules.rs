//! The embedded rules load, and every kind of mistake in a rule file is reported with its place.

use std::fs;
use std::path::Path;

use divulge::ruleset::schema::Maker;
use divulge::ruleset::{RuleErrors, Ruleset};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Vendors that everybody has heard of; losing one must not go unseen.
const COMMON: &str = "mixpanel segment amplitude posthog rudderstack google-analytics google-tag-manager firebase heap \
    snowplow pendo fullstory hotjar logrocket clarity sentry datadog intercom hubspot meta-pixel launchdarkly \
    customerio braze";

/// A vendor without a mistake; line 1 is `id`.
const SOUND: &str = r#"id = "acme"
name = "Acme"
category = "ads"
sources = ["npm acme@1"]
hosts = ["in.acme.example"]
control = ["reset"]

[[package]]
name = "acme"

[[global]]
name = "acme"
kind = "client"

[[call]]
path = "track"
args = ["event_name", "properties"]

[[init]]
path = "track"
options = 1

[[auto]]
class = "email"
property = "mail"
default = true
option = "mail"
off = [false]
turn_off = "mail: false"

[keys]
em = "email"
"#;

/// What is replaced in [`SOUND`], by what, and the place and message that this must give.
const MISTAKES: &[[&str; 3]] = &[
    ["name = \"Acme\"", "name = Acme", "2:8: "],
    [
        "name = \"Acme\"",
        "nam = \"Acme\"",
        "2:1: unknown field `nam`",
    ],
    [
        "id = \"acme\"",
        "id = \"acne\"",
        "1:6: id `acne` is not the file's name `acme`",
    ],
    ["name = \"Acme\"", "name = \" \"", "2:8: name is empty"],
    ["[\"npm acme@1\"]", "[]", "4:11: no source"],
    [
        "in.acme.example",
        "https://acme.example/",
        "5:10: `https://acme.example/` is no host",
    ],
    [
        "in.acme.example",
        "eu.api.mixpanel.com",
        "5:10: host `eu.api.mixpanel.com` lies within",
    ],
    [
        "[\"reset\"]",
        "[\"track\"]",
        "6:12: `track` on `client` is a call",
    ],
    [
        "[\"reset\"]",
        "[\"odd:reset\"]",
        "6:12: unknown surface `odd`",
    ],
    ["[\"reset\"]", "[\"\"]", "6:12: path is empty"],
    [
        "name = \"acme\"\n\n[[g",
        "name = \"posthog-js\"\n\n[[g",
        "9:8: package `posthog-js` belongs",
    ],
    [
        "name = \"acme\"\n\n[[g",
        "name = \"\"\n\n[[g",
        "9:8: name is empty",
    ],
    [
        "name = \"acme\"\n\n[[g",
        "name = \"acme\"\nexport = [{ name = \"X\", kind = \"component\" }]\n\n[[g",
        "10:11: no call `X`",
    ],
    [
        "name = \"acme\"\n\n[[g",
        "name = \"acme\"\n[[package]]\nname = \"acme\"\n\n[[g",
        "11:8: package `acme` is there twice",
    ],
    [
        "name = \"acme\"\nkind",
        "name = \"mixpanel\"\nkind",
        "12:8: global `mixpanel` belongs to `mixpanel`",
    ],
    [
        "kind = \"client\"",
        "kind = \"settings\"",
        "12:8: no call `acme`",
    ],
    ["kind = \"client\"", "kind = \"what\"", "13:8: "],
    [
        "[[init]]",
        "[[call]]\npath = \"track\"\nargs = []\n\n[[init]]",
        "20:8: call `track` on `client` is there twice",
    ],
    ["[\"npm acme@1\"]", "[\" \"]", "4:11: no source"],
    [
        "path = \"track\"\nargs",
        "path = \"track\"\nlasts = true\nargs",
        "17:1: unknown field `lasts`",
    ],
    [
        "path = \"track\"\nargs",
        "path = \"track\"\nsurfaces = [\"odd\"]\nargs",
        "17:13: unknown surface `odd`",
    ],
    [
        "[\"event_name\", \"properties\"]",
        "[\"event_name\", \"propertees\"]",
        "17:8: an argument is a known role",
    ],
    [
        "[\"event_name\", \"properties\"]",
        "[]\nvalue_class = \"mail\"",
        "18:15: unknown class `mail`",
    ],
    [
        "options = 1",
        "options = 2",
        "21:11: argument 2 is out of range: `track` has 2",
    ],
    [
        "options = 1",
        "options_key = \"o\"",
        "21:15: `options_key` needs `options`",
    ],
    [
        "class = \"email\"",
        "class = \"mail\"",
        "24:9: unknown class `mail`",
    ],
    ["option = \"mail\"\n", "", "27:1: `off` needs `option`"],
    [
        "default = true",
        "default = false",
        "28:1: `off` says nothing",
    ],
    [
        "turn_off = \"mail: false\"\n",
        "",
        "23:1: no `turn_off`: say how it is turned off, or that it cannot be turned off",
    ],
    [
        "hosts = ",
        "purpose = [\"mail\"]\nhosts = ",
        "5:12: unknown class `mail`",
    ],
    [
        "[[package]]\nname = \"acme\"\n",
        "[[package]]\nname = \"acme\"\nexport = [{ name = \"A\", kind = \"component\", surface = \"props\" }]\n\n\
         [[call]]\npath = \"A\"\nsurfaces = [\"props\"]\nargs = []\n\n\
         [[call]]\npath = \"send\"\nsurfaces = [\"props\"]\nargs = []\n",
        "18:8: nothing leads to `send` on `props`",
    ],
    [
        "in.acme.example",
        "mixpanel.com",
        "5:10: host `mixpanel.com` swallows",
    ],
    [
        "hosts = [\"in.acme.example\"]",
        "hosts = [\"acme.example\", \"in.acme.example\"]",
        "5:26: `in.acme.example` is there already: `acme.example` stands for it too",
    ],
    [
        "\"properties\"]",
        "\"destinations\"]",
        "17:1: only a hub has destinations",
    ],
    [
        "em = \"email\"",
        "em = \"mail\"",
        "32:6: unknown class `mail`",
    ],
    [
        "em = \"email\"",
        "\"send:em\" = \"email\"",
        "32:13: no call has the path `send`",
    ],
];

#[test]
fn embedded_rules_load() -> Outcome {
    let rules = Ruleset::embedded()?;
    for id in COMMON.split_whitespace() {
        assert!(rules.vendors.contains_key(id), "no rule file for {id}");
    }
    assert!(
        rules.vendors.len() >= 215,
        "{} vendors",
        rules.vendors.len()
    );
    assert_eq!(rules.digest.len(), 16);
    assert_eq!(rules.digest, Ruleset::embedded()?.digest);
    Ok(())
}

#[test]
fn the_three_that_mixpanel_collects_by_itself_are_on() -> Outcome {
    let rules = Ruleset::embedded()?;
    for class in ["location", "user_agent", "referrer"] {
        let mut auto = rules.vendors["mixpanel"].auto.iter();
        let known = auto.any(|it| it.class == class && it.default && it.option.is_some());
        assert!(known, "{class} with the option that turns it off");
    }
    Ok(())
}

/// `tests/sdk` looks at real SDKs in a browser, where there is one: what a rule says that it has no witness for would be found only there.
#[test]
fn what_sdks_collect_has_a_witness() -> Outcome {
    let rules = Ruleset::embedded()?;
    let mut seen = 0;
    for entry in fs::read_dir("tests/sdk/sdks")? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|it| it.to_str());
        let id = id.ok_or("a file with a name")?;
        let text = fs::read_to_string(&path)?;
        for auto in &rules.vendors[id].auto {
            let others = !auto.packages.is_empty()
                && !(auto.packages.iter()).any(|it| text.contains(&format!("package: '{it}'")));
            if auto.by != Maker::Sdk || others {
                continue;
            }
            let single = format!("'{}'", auto.property.replace('\'', "\\'"));
            let double = format!("\"{}\"", auto.property);
            let bare = format!(" {}:", auto.property);
            let known = [single, double, bare].iter().any(|it| text.contains(it));
            assert!(
                known,
                "{} does not say how `{}` is seen, or where else",
                path.display(),
                auto.property
            );
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen} looked for");
    Ok(())
}

#[test]
fn code_can_reach_every_vendor() -> Outcome {
    for (id, vendor) in Ruleset::embedded()?.vendors {
        let hosts = vendor.hosts.len() + vendor.apis.len();
        let ways = hosts + vendor.packages.len() + vendor.globals.len();
        assert!(ways > 0, "{id} has no host, package or global");
    }
    Ok(())
}

#[test]
fn a_user_directory_adds_and_overrides() -> Outcome {
    let dir = tempfile::tempdir()?;
    write(dir.path(), "vendors/acme.toml", SOUND)?;
    let other = SOUND
        .replace("acme", "mixpanel")
        .replace("Acme", "Our Mixpanel");
    write(dir.path(), "vendors/mixpanel.toml", &other)?;
    let embedded = Ruleset::embedded()?;
    let rules = Ruleset::load(&[dir.path().to_owned()])?;
    assert_eq!(rules.vendors.len(), embedded.vendors.len() + 1);
    assert_eq!(rules.vendors["mixpanel"].name, "Our Mixpanel");
    assert_ne!(rules.digest, embedded.digest);
    Ok(())
}

#[test]
fn each_mistake_has_its_place() -> Outcome {
    for [from, to, expected] in MISTAKES {
        assert!(SOUND.contains(from), "{from}");
        let shown = mistakes("vendors/acme.toml", &SOUND.replacen(from, to, 1))?.to_string();
        let place = format!("vendors/acme.toml:{expected}");
        let found = shown.lines().any(|line| line.contains(&place));
        assert!(found, "{to}: wanted {place}, got {shown}");
    }
    Ok(())
}

#[test]
fn two_files_with_one_id_are_a_mistake() -> Outcome {
    let dir = tempfile::tempdir()?;
    write(dir.path(), "vendors/acme.toml", SOUND)?;
    write(dir.path(), "vendors/more/acme.toml", SOUND)?;
    let errors = failed(dir.path());
    assert!(
        errors.to_string().contains("a vendor with the same id"),
        "{errors}"
    );
    Ok(())
}

#[test]
fn a_file_in_a_strange_place_is_a_mistake() -> Outcome {
    let shown = mistakes("vendor/acme.toml", SOUND)?.to_string();
    assert!(
        shown.contains("vendor/acme.toml:1:1: no rule file belongs here"),
        "{shown}"
    );
    Ok(())
}

#[test]
fn a_missing_directory_is_a_mistake() -> Outcome {
    let dir = tempfile::tempdir()?;
    let errors = failed(&dir.path().join("absent"));
    assert_eq!(errors.errors.len(), 1);
    Ok(())
}

#[test]
fn mistakes_in_classes_and_combinations_are_found() -> Outcome {
    let class = "id = \"mine\"\nname = \"Mine\"\nseverity = \"low\"\ngain = \"g\"\nreason = \"r\"\n\
                 [[match]]\nnames = [\"it\"]\nowners = [\"@people\"]\n";
    let shown = mistakes("classes/mine.toml", class)?.to_string();
    assert!(
        shown.contains("classes/mine.toml:8:11: unknown owner group `@people`"),
        "{shown}"
    );
    let combination = "[[combination]]\nid = \"c\"\ntitle = \"t\"\nclasses = [\"email\", \"mail\"]\n\
                       severity = \"high\"\nreason = \"r\"\n";
    let shown = mistakes("combinations.toml", combination)?.to_string();
    assert!(
        shown.contains("combinations.toml:4:21: unknown class `mail`"),
        "{shown}"
    );
    let sample = "[[sample]]\nclass = \"mail\"\nvalues = [\"a@example.com\"]\n";
    let shown = mistakes("transforms.toml", sample)?.to_string();
    assert!(
        shown.contains("transforms.toml:2:9: unknown class `mail`"),
        "{shown}"
    );
    Ok(())
}

#[test]
fn a_list_of_packages_has_to_be_there() -> Outcome {
    let class = "id = \"mine\"\nname = \"Mine\"\nseverity = \"low\"\ngain = \"g\"\nreason = \"r\"\n\
                 [[match]]\nnames = [\"it\"]\nwith_packages = \"shops\"\n\
                 [[match]]\nnames = [\"that\"]\nwithout_packages = \"wallet\"\n";
    let shown = mistakes("classes/mine.toml", class)?.to_string();
    for expected in [
        "classes/mine.toml:8:17: `words.toml` has no list of packages `shops`",
        "classes/mine.toml:11:20: `words.toml` has no list of packages `wallet`",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    // A list of the user's own is one.
    let dir = tempfile::tempdir()?;
    write(
        dir.path(),
        "classes/mine.toml",
        &class.replace("wallet", "wallets"),
    )?;
    let words = "person = []\norg = []\nempty = []\nsettings = []\nneutral_after = []\nturning_before = []\n\
                 [synonyms]\n[packages]\nshops = [\"shop\"]\n";
    write(dir.path(), "words.toml", words)?;
    Ruleset::load(&[dir.path().to_owned()])?;
    Ok(())
}

#[test]
fn mistakes_in_incidents_and_scenarios_are_found() -> Outcome {
    let incident = "id = \"mine\"\nvendor = \"nobody\"\ntitle = \"t\"\nsummary = \"s\"\nsources = [\"x\"]\n\
                    [[timeline]]\nid = \"a\"\ndate = \"2025-13-01\"\nevent = \"e\"\n\
                    [[exposed]]\nid = \"a\"\nname = \"n\"\nclasses = [\"mail\"]\n";
    let shown = mistakes("incidents/mine.toml", incident)?.to_string();
    for expected in [
        "incidents/mine.toml:2:10: unknown vendor `nobody`",
        "incidents/mine.toml:8:8: `2025-13-01` is no date",
        "incidents/mine.toml:13:12: unknown class `mail`",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    let scenario = "[[scenario]]\nid = \"s\"\nletter = \"Z\"\ntitle = \"t\"\nneeds = [[\"email\"], [\"mail\"]]\n\
                    severity = \"high\"\nhow = \"h\"\nphrase = \"\"\ndefence = \"d\"\nwarning = \"w\"\n";
    let shown = mistakes("scenarios.toml", scenario)?.to_string();
    for expected in [
        "scenarios.toml:5:22: unknown class `mail`",
        "scenarios.toml:8:10: phrase is empty",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    Ok(())
}

fn mistakes(name: &str, text: &str) -> Result<RuleErrors, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    write(dir.path(), name, text)?;
    Ok(failed(dir.path()))
}

fn failed(dir: &Path) -> RuleErrors {
    match Ruleset::load(&[dir.to_owned()]) {
        Ok(_) => panic!("{} loads", dir.display()),
        Err(errors) => errors,
    }
}

fn write(dir: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let path = dir.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}

const MANUAL: &str = include_str!("../docs/rules.md");

/// Every field of a shape and of all shapes in it, and every word that one of them may be.
fn words_of(schema: &serde_json::Value, words: &mut std::collections::BTreeSet<String>) {
    let fields = schema
        .get("properties")
        .and_then(|fields| fields.as_object());
    words.extend(fields.into_iter().flat_map(|fields| fields.keys().cloned()));
    for word in [schema.get("const")].into_iter().flatten() {
        words.extend(word.as_str().map(str::to_owned));
    }
    match schema {
        serde_json::Value::Object(parts) => {
            parts.values().for_each(|part| words_of(part, words));
        }
        serde_json::Value::Array(parts) => parts.iter().for_each(|part| words_of(part, words)),
        _ => {}
    }
}

#[test]
fn the_manual_names_every_field_and_word() {
    use divulge::ruleset::incidents::{Incident, Scenarios};
    use divulge::ruleset::schema::{Class, Combinations, Transforms, Vendor, Words};
    let mut words = std::collections::BTreeSet::new();
    for schema in [
        schemars::schema_for!(Vendor),
        schemars::schema_for!(Class),
        schemars::schema_for!(Words),
        schemars::schema_for!(Combinations),
        schemars::schema_for!(Scenarios),
        schemars::schema_for!(Incident),
        schemars::schema_for!(Transforms),
    ] {
        words_of(schema.as_value(), &mut words);
    }
    assert!(words.len() > 100, "{words:?}");
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    let named: std::collections::BTreeSet<&str> = MANUAL.split(|char| !is_name(char)).collect();
    let missing: Vec<&String> = words
        .iter()
        .filter(|word| !named.contains(word.as_str()))
        .collect();
    assert!(missing.is_empty(), "docs/rules.md leaves out {missing:?}");
}

#[test]
fn the_examples_of_the_manual_are_in_order() -> Outcome {
    let readme = include_str!("../README.md");
    let dir = tempfile::tempdir()?;
    fs::create_dir(dir.path().join("vendors"))?;
    fs::create_dir(dir.path().join("classes"))?;
    fs::create_dir(dir.path().join("incidents"))?;
    let mut files = std::collections::BTreeMap::<&str, String>::new();
    let blocks = |text: &'static str| {
        text.split("```toml\n")
            .skip(1)
            .filter_map(|block| block.split("```").next())
    };
    let head = blocks(readme)
        .find(|block| block.starts_with("id = "))
        .and_then(|block| block.split("[[package]]").next())
        .ok_or("the README has no vendor")?;
    files.insert("vendors/acme.toml", head.to_owned());
    for block in blocks(MANUAL) {
        let file = match block.split('\n').next().unwrap_or_default() {
            "id = \"loyalty_number\"" => "classes/loyalty_number.toml",
            "[[combination]]" => "combinations.toml",
            "[[scenario]]" => "scenarios.toml",
            "id = \"acme-2026-01\"" => "incidents/acme-2026-01.toml",
            "[[function]]" | "[[request]]" | "[[sample]]" | "[[document]]" | "[environment]"
            | "[serving]" | "[[subscribing]]" | "[fields]" => "transforms.toml",
            "[guesses]" => "uncovered.toml",
            line if line.starts_with("person = ") => "words.toml",
            _ => "vendors/acme.toml",
        };
        files.entry(file).or_default().push_str(block);
    }
    assert_eq!(files.len(), 8);
    for (name, text) in files {
        fs::write(dir.path().join(name), text)?;
    }
    Ruleset::load(&[dir.path().to_owned()])?;
    Ok(())
}

/// Who is guessed to receive what a package is handed must be a vendor that the rules know.
#[test]
fn guesses_name_known_vendors() -> Outcome {
    let rules = Ruleset::load(&[])?;
    let guesses = rules.guesses.as_ref().ok_or("the rules guess nothing")?;
    let named = guesses.signs.vendors.values();
    for vendor in named.chain(guesses.signs.keys.values()) {
        assert!(rules.vendors.contains_key(vendor), "{vendor}");
    }
    Ok(())
}
