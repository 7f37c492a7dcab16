//! Packages outside the tree that no rule lists, and whose names say that they hand on what happens in the app.
//!
//! In: the texts, what the tree depends on, its own packages, and the rules' words for such names. Out: [`Outsiders`]: each
//! as a vendor of its own, or as one that the rules know where its name or a key in the tree says so; and [`Fork`]s, which
//! are listed under another name. It leaves alone what is handed to them (`flow`).

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::classify::words::split;
use crate::finding::PACKAGE_VENDOR;
use crate::manifests::Manifests;
use crate::ruleset::Ruleset;
use crate::ruleset::schema::{Call, Package, Vendor};
use crate::ruleset::uncovered::{Guesses, Signs};
use crate::search::specifiers;
use crate::source::SourceFile;

/// What the surface of such packages is called. How the vendor is reached by them, and what is done there besides, is not known.
pub const OUTSIDE: &str = "outside";

/// Where the types of others' packages are published.
const TYPES: &str = "types";

/// A package of the rules under somebody else's name: `@acme/vendor-sdk` for `vendor-sdk`.
#[derive(Debug)]
pub struct Fork {
    /// The name that the tree depends on.
    pub name: String,
    /// The name in the rules.
    pub package: String,
}

/// The outsiders, and what is taken of their calls.
#[derive(Debug, Default)]
pub struct Outsiders<'r> {
    /// Packages that are in the rules by another name.
    pub forks: Vec<Fork>,
    /// The others, each as a vendor with the modules of it that are imported, in the order of their names.
    pub vendors: Vec<Vendor>,
    guesses: Option<&'r Guesses>,
}

/// What is told of such a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outside {
    /// The module of it that is imported.
    pub module: String,
    /// The id of the vendor that it is taken for.
    pub vendor: String,
    /// What the vendor is called.
    pub name: String,
}

impl<'r> Outsiders<'r> {
    /// Whose each imported module is taken for.
    pub fn told(&self) -> Vec<Outside> {
        let told = self.vendors.iter().flat_map(|vendor| {
            vendor.packages.iter().map(|module| Outside {
                module: module.name.clone(),
                vendor: vendor.id.clone(),
                name: vendor.name.clone(),
            })
        });
        told.collect()
    }

    /// What a function sends, by its name.
    pub fn call(&self, function: &str) -> Option<&'r Call> {
        let words: Vec<_> = split(function).collect();
        let guesses = self.guesses?;
        if is_any(&words[..words.len().min(1)], &guesses.others) {
            return None;
        }
        let sending = guesses.sending.iter();
        let mut sending = sending.filter(|sending| is_any(&words, &sending.words));
        sending.next().map(|sending| &sending.call)
    }

    /// Whether a function gives a client, by its name; one without a name of its own is what the package is as a whole.
    pub fn gives(&self, function: &str) -> bool {
        let words: Vec<_> = split(function).collect();
        let is_class = function.starts_with(|sign: char| sign.is_ascii_uppercase());
        let is_maker = |guesses: &Guesses| {
            is_any(&words[..words.len().min(1)], &guesses.giving)
                && is_any(&words, &guesses.signs.words)
        };
        is_class || function.is_empty() || self.guesses.is_some_and(is_maker)
    }
}

fn is_any<W: AsRef<str>>(words: &[W], known: &[String]) -> bool {
    words
        .iter()
        .any(|word| known.iter().any(|it| it == word.as_ref()))
}

/// Finds them. Only what a package.json of the tree depends on counts: any other name may be a path of the app's own.
pub fn find<'r>(
    texts: &[SourceFile],
    manifests: &Manifests,
    ruleset: &'r Ruleset,
) -> Outsiders<'r> {
    let Some(guesses) = &ruleset.guesses else {
        return Outsiders::default();
    };
    let known = known_packages(ruleset);
    let own = manifests.own_names();
    let candidates = manifests.dependencies.iter().map(String::as_str);
    let candidates: BTreeSet<&str> = candidates
        .filter(|package| !own.contains(package) && !known.contains(package))
        .collect();
    let (forks, others): (BTreeSet<_>, BTreeSet<_>) = candidates
        .into_iter()
        .partition(|name| forked(name, &known).is_some());
    let forks = forks.into_iter().filter_map(|name| {
        Some(Fork {
            name: name.to_owned(),
            package: forked(name, &known)?.to_owned(),
        })
    });
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for module in named_modules(texts, &guesses.signs) {
        if let Some(package) = package_of(module)
            && others.contains(package)
            && !is_listed(module, &known)
        {
            modules.entry(package).or_default().push(module);
        }
    }
    // The key of a vendor whose own package is there is for that one.
    let is_alone = |id: &&str| {
        let vendor = ruleset.vendors.get(*id);
        let mut packages = vendor.iter().flat_map(|vendor| &vendor.packages);
        !packages.any(|it| manifests.dependencies.contains(&it.name))
    };
    let keyed = (!modules.is_empty())
        .then(|| keyed(texts, &guesses.signs))
        .flatten()
        .filter(is_alone);
    let vendors = modules.into_iter().map(|(package, modules)| {
        let named = modules.iter().find_map(|it| vendor_of(it, &guesses.signs));
        let known = named.or(keyed).and_then(|id| ruleset.vendors.get(id));
        outsider(package, &modules, known)
    });
    Outsiders {
        forks: forks.collect(),
        vendors: vendors.collect(),
        guesses: Some(guesses),
    }
}

/// A package as a vendor: the one of the rules that it is taken for, or one of its own.
fn outsider(package: &str, modules: &[&str], known: Option<&Vendor>) -> Vendor {
    let (id, name) = match known {
        Some(vendor) => (vendor.id.clone(), vendor.name.clone()),
        None => (format!("{PACKAGE_VENDOR}{package}"), package.to_owned()),
    };
    let modules = modules.iter().map(|it| Package::of_name(it, OUTSIDE));
    Vendor {
        id,
        name,
        packages: modules.collect(),
        ..Vendor::default()
    }
}

/// The package of the rules that another is by its name without the scope. A name of one word is that of many things, and types
/// are no code.
fn forked<'n>(name: &'n str, known: &BTreeSet<&str>) -> Option<&'n str> {
    let (scope, package) = name.strip_prefix('@')?.split_once('/')?;
    (scope != TYPES && package.contains('-') && known.contains(package)).then_some(package)
}

/// The modules that are imported and whose names are such signs.
fn named_modules<'t>(texts: &'t [SourceFile], signs: &Signs) -> BTreeSet<&'t str> {
    // One pass over a text for all signs is cheaper than one for each word in front of a specifier.
    let Ok(any) = AhoCorasick::new(signs.all()) else {
        return BTreeSet::new();
    };
    let texts = texts.par_iter().filter(|file| any.is_match(&file.text));
    texts
        .flat_map_iter(|file| specifiers(&file.text))
        .filter(|specifier| is_sign(specifier, signs))
        .collect()
}

/// Whether a module is a package of the rules, or a part of one.
fn is_listed(module: &str, known: &BTreeSet<&str>) -> bool {
    let starts = module.match_indices('/').map(|(at, _)| &module[..at]);
    starts.chain([module]).any(|start| known.contains(start))
}

/// The packages of which the rules say something.
fn known_packages(ruleset: &Ruleset) -> BTreeSet<&str> {
    let vendors = ruleset.vendors.values().flat_map(|vendor| &vendor.packages);
    let vendors = vendors.map(|package| package.name.as_str());
    let uncovered = ruleset.uncovered.iter().flat_map(|entry| &entry.packages);
    let functions = ruleset
        .transforms
        .functions
        .iter()
        .filter_map(|it| it.package.as_deref());
    vendors
        .chain(uncovered.map(String::as_str))
        .chain(functions)
        .collect()
}

/// The package of a specifier: two parts for one in a scope.
fn package_of(specifier: &str) -> Option<&str> {
    let parts = if specifier.starts_with('@') { 2 } else { 1 };
    let end = specifier
        .match_indices('/')
        .nth(parts - 1)
        .map(|(at, _)| at);
    let package = &specifier[..end.unwrap_or(specifier.len())];
    (!package.is_empty() && !package.starts_with('.')).then_some(package)
}

/// Whether the name of a module says what it is for.
fn is_sign(specifier: &str, signs: &Signs) -> bool {
    let words: Vec<_> = split(specifier).collect();
    is_any(&words, &signs.words) || vendor_of(specifier, signs).is_some()
}

/// The vendor that the name of a module says.
fn vendor_of<'s>(specifier: &str, signs: &'s Signs) -> Option<&'s str> {
    let words: Vec<_> = split(specifier).collect();
    let mut vendors = signs.vendors.iter();
    vendors
        .find(|(word, _)| words.iter().any(|it| it == word))
        .map(|(_, vendor)| vendor.as_str())
}

/// The only vendor of whom the code names a key (`ACME_API_KEY`).
fn keyed<'s>(texts: &[SourceFile], signs: &'s Signs) -> Option<&'s str> {
    let names: Vec<&str> = signs.keys.keys().map(String::as_str).collect();
    let pattern = format!(
        r"\b(?:[A-Z0-9]+_)*({})(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|ID)\b",
        names.join("|")
    );
    let pattern = Regex::new(&pattern).ok().filter(|_| !names.is_empty())?;
    let found: BTreeSet<&str> = texts
        .par_iter()
        .flat_map_iter(|file| pattern.captures_iter(&file.text))
        .filter_map(|found| signs.keys.get(found.get(1)?.as_str()))
        .map(String::as_str)
        .collect();
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none())
}
