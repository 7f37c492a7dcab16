//! What each stage of a scan takes, on a generated app.
//!
//! `cargo bench --bench stages`, with a part of a name behind it for some of them.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot start has to say so"
)]

mod tree;

use std::sync::LazyLock;

use divan::Bencher;
use divulge::Analysis;
use divulge::discover::{Tree, discover};
use divulge::progress::Progress;
use divulge::read::{Texts, read};
use divulge::report;
use divulge::ruleset::Ruleset;
use divulge::search::mentions;
use divulge::settings::Settings;
use divulge::syntax::extract_file;
use tempfile::TempDir;

struct App {
    _directory: TempDir,
    settings: Settings,
    rules: Ruleset,
    found: Tree,
    texts: Texts,
}

static APP: LazyLock<App> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    tree::write(directory.path(), tree::PLAIN).unwrap();
    let settings = Settings::of(&[directory.path().to_owned()]).unwrap();
    let rules = settings.ruleset().unwrap();
    let found = discover(&settings).unwrap();
    let texts = read(&found, &|| ());
    App {
        _directory: directory,
        settings,
        rules,
        found,
        texts,
    }
});

fn main() {
    LazyLock::force(&APP);
    divan::main();
}

#[divan::bench]
fn rules() -> Ruleset {
    APP.settings.ruleset().unwrap()
}

#[divan::bench]
fn walk() -> Tree {
    discover(&APP.settings).unwrap()
}

#[divan::bench]
fn read_texts() -> Texts {
    read(&APP.found, &|| ())
}

#[divan::bench]
fn search() -> usize {
    let packages = APP.rules.vendors.values().flat_map(|it| &it.packages);
    let names: Vec<String> = packages.map(|it| it.name.clone()).collect();
    mentions(&APP.texts.files, &names).len()
}

#[divan::bench]
fn parse() -> usize {
    let files = APP.texts.files.iter();
    let facts = files.map(|file| extract_file(&file.text, file.path.as_str()));
    facts.map(|facts| facts.exprs.len()).sum()
}

/// All of it, from the walk to the judgement.
#[divan::bench]
fn scan() -> Analysis {
    divulge::examine(&APP.settings, &APP.rules, &Progress::default()).unwrap()
}

#[divan::bench]
fn write_json(bencher: Bencher<'_, '_>) {
    let made = divulge::analyze(&APP.settings, &APP.rules).unwrap();
    bencher.bench(|| report::json(&made));
}
