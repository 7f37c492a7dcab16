//! The day a vendor is breached: what the commands say, on trees whose answer is known.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use divulge::breach::{self, Brief, Inventory, Look, State};
use divulge::progress::Progress;
use divulge::ruleset::Ruleset;
use divulge::settings::Settings;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn brief(vendor: &str, root: &Path) -> Result<Brief, Box<dyn std::error::Error>> {
    let rules = Ruleset::embedded()?;
    let settings = Settings::of(&[root.to_owned()])?;
    let analysis = divulge::examine(&settings, &rules, &Progress::default())?;
    let look = Look::new(
        vendor,
        analysis.report,
        &analysis.texts,
        settings.root.clone(),
        &rules,
    );
    Ok(breach::brief(vendor, &look, &rules, &settings.policy))
}

fn divulge(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("divulge")
        .expect("the program is built")
        .args(arguments)
        .arg("-q")
        .env_remove("LANG")
        .env_remove("LC_ALL")
        .env("COLUMNS", "100")
        .output()
        .expect("the program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

fn tree(files: &[(&str, &str)]) -> Result<tempfile::TempDir, std::io::Error> {
    let dir = tempfile::tempdir()?;
    for (name, text) in files {
        let path = dir.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(dir)
}

#[test]
fn the_incident_is_reproduced() -> Outcome {
    let brief = brief("mixpanel", Path::new("fixtures/incident"))?;
    let likeness = &brief.likeness[0];
    assert_eq!(likeness.incident, "mixpanel-2025-11");
    assert!(likeness.same_vendor);
    assert_eq!(
        (likeness.held(), likeness.sent(), likeness.collected()),
        (7, 4, 3)
    );
    let exposed: BTreeMap<&str, Option<State>> = likeness
        .exposed
        .iter()
        .map(|item| (item.id.as_str(), item.state))
        .collect();
    let expected = [
        ("email", State::Sent),
        ("location", State::Collected),
        ("name", State::Sent),
        ("org-id", State::Sent),
        ("referrer", State::Collected),
        ("user-agent", State::Collected),
        ("user-id", State::Sent),
    ];
    assert_eq!(
        exposed,
        expected.map(|(id, state)| (id, Some(state))).into()
    );
    for item in &likeness.not_exposed {
        let expected = (item.id != "usage").then_some(State::NotSeen);
        assert_eq!(item.state, expected, "{}", item.id);
    }
    let never: BTreeSet<&str> = brief
        .never_sent
        .iter()
        .filter(|never| never.must_never)
        .map(|never| never.class.as_str())
        .collect();
    assert_eq!(never, ["content", "credential", "gov_id", "payment"].into());
    for never in &brief.never_sent {
        let found = (never.state, never.resolved_calls, never.open_calls);
        assert_eq!(found, (State::NotSeen, 4, 0), "{}", never.class);
    }
    assert!(brief.scenarios.iter().all(|scenario| scenario.enabled));
    let screens: Vec<&str> = brief.screens.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(screens, ["ApiKeys", "Organization", "SignIn"]);
    Ok(())
}

#[test]
fn what_is_not_known_is_never_said_to_be_clean() -> Outcome {
    let dir = tree(&[(
        "src/a.ts",
        "import mixpanel from 'mixpanel-browser'\nimport { load } from './gone'\n\
         export function send(user: { email: string }) {\n  mixpanel.track('a', load())\n  \
         mixpanel.people.set({ $email: user.email })\n}\n",
    )])?;
    let brief = brief("mixpanel", dir.path())?;
    assert_eq!(brief.vendor.calls.total, 2);
    assert_eq!(brief.vendor.open_calls(), 1);
    let credential = brief.vendor.of("credential").map(|it| it.state);
    assert_eq!(credential, Some(State::Unresolved));
    let root = dir.path().to_str().ok_or("a temporary path is UTF-8")?;
    let text = divulge(&["incident", "mixpanel", root, "--lang", "en"]);
    assert!(text.contains("Not known whole: 1 of 2 calls"), "{text}");
    assert!(!text.contains("need not be rotated"), "{text}");
    assert!(
        !text.contains("You need not change your password"),
        "{text}"
    );
    assert!(text.contains("Do not say yet"), "{text}");
    Ok(())
}

#[test]
fn a_vendor_that_is_not_there_is_said_to_be_absent() {
    let text = divulge(&["incident", "amplitude", "fixtures/incident", "--lang", "en"]);
    assert!(text.contains("Nothing of Amplitude was found"), "{text}");
    assert!(!text.contains("Draft"), "{text}");
}

#[test]
fn screens_are_found_from_the_tree_of_files() -> Outcome {
    let dir = tree(&[
        (
            "package.json",
            r#"{"name":"x","dependencies":{"next":"15"}}"#,
        ),
        (
            "tsconfig.json",
            r#"{"compilerOptions":{"baseUrl":".","paths":{"@/*":["src/*"]}}}"#,
        ),
        (
            "src/lib/index.ts",
            "export * from './track'\nexport { other } from './other'\n",
        ),
        ("src/lib/other.ts", "export function other() {}\n"),
        (
            "src/lib/track.ts",
            "import mixpanel from 'mixpanel-browser'\nexport function useSend(user: { email: string }) {\n  \
             mixpanel.people.set({ $email: user.email })\n}\nexport function quiet() {}\n",
        ),
        (
            "src/components/form.tsx",
            "import { useSend } from '@/lib'\nexport function Form({ user }: { user: { email: string } }) {\n  useSend(user)\n  return null\n}\nexport const Plain = () => null\n",
        ),
        (
            "src/app/(main)/team/[id]/page.tsx",
            "import { Form } from '@/components/form'\nexport default function Page() { return <Form user={u} /> }\n",
        ),
        (
            "src/app/plain/page.tsx",
            "import { Plain } from '@/components/form'\nimport { other, quiet } from '@/lib'\nexport default function Page() { other(); quiet(); return <Plain /> }\n",
        ),
    ])?;
    let brief = brief("mixpanel", dir.path())?;
    let screens: Vec<&str> = brief.screens.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(screens, ["/team/[id]"]);
    Ok(())
}

#[test]
fn an_inventory_counts_every_vendor_with_every_class() -> Outcome {
    let dir = tree(&[
        (
            "package.json",
            r#"{"dependencies":{"@sentry/react":"9","mixpanel-browser":"2"}}"#,
        ),
        (
            "a.ts",
            "import { AnalyticsBrowser } from '@segment/analytics-next'\nimport mixpanel from 'mixpanel-browser'\n\
             import * as amplitude from '@amplitude/analytics-browser'\n\
             import sha256 from 'crypto-js/sha256'\nconst analytics = AnalyticsBrowser.load({ writeKey: 'x' })\n\
             analytics.identify(user.id, { email: user.email })\n\
             mixpanel.people.set({ $email: sha256(user.email).toString() })\n\
             amplitude.track('a', { domain: user.email.split('@')[1] })\n",
        ),
    ])?;
    let rules = Ruleset::embedded()?;
    let settings = Settings::of(&[dir.path().to_owned()])?;
    let analysis = divulge::examine(&settings, &rules, &Progress::default())?;
    let inventory = Inventory::new(&analysis.report, &rules, &settings.policy, &analysis.texts);
    let of = |id: &str| inventory.vendors.iter().find(|vendor| vendor.vendor == id);
    let segment = of("segment").ok_or("a hub is a vendor like others")?;
    assert!(segment.forwards.is_some());
    assert_eq!(segment.of("email").map(|it| it.state), Some(State::Sent));
    let hashed = of("mixpanel")
        .and_then(|it| it.of("email"))
        .map(|it| it.state);
    assert_eq!(hashed, Some(State::Hashed));
    // The domain of an address is no digest of it.
    let amplitude = of("amplitude").and_then(|it| it.of("email"));
    let amplitude = amplitude.ok_or("a vendor that holds a part is listed")?;
    assert_eq!(
        (amplitude.state, amplitude.part, amplitude.hashed),
        (State::Part, 1, 0)
    );
    let sentry = of("sentry").ok_or("a vendor without visible data is listed")?;
    assert!(!sentry.has_visible_data());
    let root = dir.path().to_str().ok_or("a temporary path is UTF-8")?;
    let csv = divulge(&["inventory", root, "--format", "csv"]);
    assert!(csv.contains("segment,Segment (Twilio),cdp,"), "{csv}");
    let text = divulge(&["inventory", root, "--lang", "en"]);
    assert!(text.contains("Without visible data"), "{text}");
    Ok(())
}

#[test]
fn declared_and_found_are_compared() -> Outcome {
    let dir = tree(&[
        ("docs/subprocessors.md", "| Amplitude | analytics |\n"),
        (
            "a.ts",
            "import mixpanel from 'mixpanel-browser'\nmixpanel.track('a')\n",
        ),
    ])?;
    let root = dir.path().to_str().ok_or("a temporary path is UTF-8")?;
    let output = Command::cargo_bin("divulge")?
        .args(["inventory", root, "--declared", "--format", "json", "-q"])
        .output()?;
    assert_eq!(output.status.code(), Some(1));
    let found: breach::Declared = serde_json::from_slice(&output.stdout)?;
    assert_eq!(found.undeclared, ["mixpanel"]);
    assert_eq!(found.unused["amplitude"], ["docs/subprocessors.md:1"]);
    assert_eq!(found.files, ["docs/subprocessors.md"]);
    Ok(())
}

/// What a browser would run, load or take for markup.
const HOSTILE: &str = "\"><img src=x onerror=alert(1)></script><script>alert(2)</script>";

#[test]
fn nothing_of_the_scanned_tree_is_markup() -> Outcome {
    let quoted = HOSTILE.replace('\'', "");
    let source = format!(
        "import mixpanel from 'mixpanel-browser'\nexport function send(user: any) {{\n  \
         mixpanel.people.set({{ '{quoted}': user.email, note: `{quoted}${{user.email}}` }})\n}}\n"
    );
    let dir = tree(&[("src/<b>evil</b> & 'x'.ts", &source)])?;
    let root = dir.path().to_str().ok_or("a temporary path is UTF-8")?;
    let page = |arguments: &[&str]| -> String {
        let file = dir.path().join("out.html");
        let name = file.to_string_lossy().into_owned();
        let status = Command::cargo_bin("divulge")
            .expect("the program is built")
            .args(arguments)
            .args([root, "--output", &name, "--format", "html", "-q"])
            .output()
            .expect("the program runs");
        assert!(status.status.code().is_some_and(|code| code < 2));
        fs::read_to_string(file).expect("the page is written")
    };
    for arguments in [
        &["scan"][..],
        &["inventory", "--evidence"],
        &["incident", "mixpanel"],
    ] {
        let text = page(arguments);
        assert!(!text.contains("<img"), "{arguments:?}");
        assert!(!text.contains("<b>"), "{arguments:?}");
        assert_eq!(text.matches("<script>").count(), 1, "{arguments:?}");
        assert!(text.contains("default-src 'none'"), "{arguments:?}");
        for address in ["src=\"http", "href=\"http", "url(", "@import", " style=\""] {
            assert!(!text.contains(address), "{arguments:?}: {address}");
        }
        assert!(text.contains("scope=\"col\""), "{arguments:?}");
    }
    let bare = page(&["scan", "--no-excerpts"]);
    assert!(!bare.contains("<pre"));
    let markdown = divulge(&["incident", "mixpanel", root, "--format", "markdown"]);
    for line in markdown.lines() {
        let outside: String = line.split('`').step_by(2).collect();
        assert!(!outside.contains("<img"), "{line}");
    }
    Ok(())
}

fn sources() -> Vec<(PathBuf, String)> {
    walkdir::WalkDir::new("src")
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"))
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            Some((entry.path().to_owned(), text))
        })
        .collect()
}

#[test]
fn no_text_is_missing_in_any_language() -> Outcome {
    let rules = Ruleset::embedded()?;
    let base = rules.catalogue("en").ok_or("there are English texts")?;
    let languages: Vec<&str> = rules.languages().collect();
    assert_eq!(languages, ["en", "ja"]);
    let ja = rules.catalogue("ja").ok_or("there are Japanese texts")?;
    // A language that does not tell one from many needs no text for one, and may begin every name as it is.
    let optional = |key: &str| key.ends_with(".one") || key == "list.small";
    let missing: Vec<&String> = base
        .keys()
        .filter(|key| !optional(key) && !ja.contains_key(*key))
        .collect();
    assert!(missing.is_empty(), "ja.toml lacks {missing:?}");
    // Sentences of the analysis are English there.
    let is_idle = |key: &&String| {
        !base.contains_key(*key) && !key.starts_with("phrase.") && !key.starts_with("category.")
    };
    let idle: Vec<&String> = ja.keys().filter(is_idle).collect();
    assert!(idle.is_empty(), "ja.toml has {idle:?}, which nothing says");
    let blanks = |text: &str| -> BTreeSet<String> {
        let parts = text.split('{').skip(1);
        parts
            .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
            .collect()
    };
    for (key, text) in base {
        if let Some(other) = ja.get(key) {
            assert_eq!(blanks(text), blanks(other), "blanks of {key}");
        }
    }
    Ok(())
}

#[test]
fn every_text_that_is_said_is_there() -> Outcome {
    let rules = Ruleset::embedded()?;
    let base = rules.catalogue("en").ok_or("there are English texts")?;
    let sections: BTreeSet<&str> = base
        .keys()
        .filter_map(|key| Some(key.split_once('.')?.0))
        .filter(|section| {
            !["class", "combination", "scenario", "incident", "vendor"].contains(section)
        })
        .collect();
    let mut said = BTreeSet::new();
    for (_, text) in sources() {
        let code = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or_default()
            .to_owned();
        for string in code.split('"').skip(1).step_by(2) {
            let is_key = string.split_once('.').is_some_and(|(section, rest)| {
                let plain = |char: char| char.is_ascii_lowercase() || char == '_';
                sections.contains(section) && !rest.is_empty() && rest.chars().all(plain)
            });
            if is_key {
                said.insert(string.to_owned());
            }
        }
    }
    assert!(said.len() > 80, "{said:?}");
    let missing: Vec<&String> = said.iter().filter(|key| !base.contains_key(*key)).collect();
    assert!(missing.is_empty(), "en.toml lacks {missing:?}");
    Ok(())
}

#[test]
fn sentences_of_the_analysis_are_said_in_other_languages() -> Outcome {
    let rules = Ruleset::embedded()?;
    let ja = rules.catalogue("ja").ok_or("there are Japanese texts")?;
    for vendor in rules.vendors.values() {
        let key = format!("category.{}", vendor.category);
        assert!(ja.contains_key(&key), "{key}");
    }
    let code: Vec<String> = sources().into_iter().map(|(_, text)| text).collect();
    let phrases: BTreeSet<&str> = ja
        .keys()
        .filter_map(|key| key.strip_prefix("phrase."))
        .collect();
    for phrase in &phrases {
        let said = format!("\"{phrase}\"");
        assert!(code.iter().any(|text| text.contains(&said)), "{phrase}");
    }
    // Why a value is not known, and why a file is left out.
    let before = [
        "V::unknown(spot, ",
        "Root::Unknown(",
        "Some(",
        "then_some(",
        "Skipped(",
    ];
    let mut count = 0;
    for (path, text) in sources() {
        let is_about = ["src/flow", "src/read.rs", "src/discover.rs"];
        if !is_about.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for start in before {
            for (at, _) in code.match_indices(start) {
                let rest = code[at + start.len()..].trim_start();
                let Some((phrase, _)) = rest.strip_prefix('"').and_then(|it| it.split_once('"'))
                else {
                    continue;
                };
                let is_word = path.starts_with("src/flow") && !phrase.contains(' ');
                if !is_word {
                    count += 1;
                    assert!(phrases.contains(phrase), "{}: {phrase}", path.display());
                }
            }
        }
    }
    assert!(count > 15, "{count}");
    Ok(())
}

#[test]
fn the_language_is_that_of_the_environment() -> Outcome {
    let output = Command::cargo_bin("divulge")?
        .args(["incident", "mixpanel", "fixtures/incident", "-q"])
        .env("LC_ALL", "ja_JP.UTF-8")
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    for word in [
        "極高",
        "メールアドレス",
        "直ちに行うこと",
        "お知らせ文案",
        "個人情報保護委員会",
    ] {
        assert!(text.contains(word), "{word}");
    }
    let unknown = Command::cargo_bin("divulge")?
        .args(["inventory", "fixtures/incident", "--lang", "jp"])
        .output()?;
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8(unknown.stderr)?.contains("there are en and ja"));
    Ok(())
}

#[test]
fn a_brief_as_json_reads_back() -> Outcome {
    let text = divulge(&[
        "incident",
        "mixpanel",
        "fixtures/incident",
        "--format",
        "json",
    ]);
    let brief: Brief = serde_json::from_str(&text)?;
    assert_eq!(brief.vendor.held().count(), 9);
    assert!(brief.notice.iter().any(|line| line.contains("Mixpanel")));
    assert_eq!(brief.removal.len(), 7);
    Ok(())
}
