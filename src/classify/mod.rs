//! Says which data class a value is of.
//!
//! In: a [`Subject`], what the flow stage knows of a value, and the class rules. Out: [`Verdict`]s. It leaves alone how
//! the value got there and how bad that is.
//!
//! The value decides before the key: its own path and origin, then variables that held it, then the vendor's own keys,
//! its position in the call, and last the key by which the vendor receives it.

mod beside;
mod decide;
mod keys;
mod names;
mod own;
pub(crate) mod words;
mod written;

use std::collections::BTreeMap;

use ecow::EcoVec;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{Confidence, Transform};
use crate::ruleset::schema::{Class, Kind, Role, Vendor, Words};
use names::Names;

use words::Word;

pub use crate::flow::{Owner, Recipient, Subject, ValueType};
pub use beside::Beside;

/// A class, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The class id.
    pub class: String,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence for people.
    pub reason: String,
    /// What its name says was done to it.
    pub transform: Transform,
}

/// The class rules, ready for use.
#[derive(Debug)]
pub struct Classifier {
    names: Names,
    classes: Vec<Known>,
    /// Class by role.
    positions: FxHashMap<Role, usize>,
    /// Class by dotted path of a global, or by `name()`.
    origins: FxHashMap<String, usize>,
    /// By vendor: class by key or `call:key`; none for a key that is no personal data.
    keys: FxHashMap<String, FxHashMap<String, Option<usize>>>,
    /// Dotted paths of globals that hold the app's own settings.
    settings: Vec<String>,
    /// Functions whose result is made at random.
    random: FxHashSet<String>,
    /// Signs with which programs put several values into one text.
    signs: FxHashSet<String>,
    /// Keys under which a program says who it is itself.
    presented: FxHashSet<String>,
    /// Names of what all can read who load a page.
    published: Vec<EcoVec<Word>>,
    /// Keys of objects from kinds of groups to their ids.
    group_maps: FxHashSet<String>,
    /// Keys under which as much is sent as there is.
    bags: FxHashSet<String>,
    /// Lists of packages of which the tree depends on one.
    packages: FxHashSet<String>,
}

/// What is needed of a class beside its names.
#[derive(Debug)]
struct Known {
    id: String,
    name: String,
    kinds: Vec<Kind>,
    in_settings: bool,
    proves: bool,
    prose: bool,
    names_resource: bool,
    of_machine: bool,
    may_be: Option<usize>,
    /// Ids of classes.
    beside: Vec<String>,
    not_named: FxHashSet<String>,
}

impl Classifier {
    /// Whether the tree depends on a package of a list.
    pub fn has_packages(&self, list: &str) -> bool {
        self.packages.contains(list)
    }

    /// Prepares the rules for a tree that depends on some packages. A vendor key with an unknown class is ignored: that is for
    /// the rules' check to say.
    pub fn new(
        words: &Words,
        classes: &BTreeMap<String, Class>,
        vendors: &BTreeMap<String, Vendor>,
        dependencies: &FxHashSet<String>,
    ) -> Self {
        let at = |id: &str| classes.keys().position(|known| known == id);
        let keys = vendors.iter().map(|(vendor, rules)| {
            let keys = rules.keys.iter().filter_map(|(key, class)| {
                let class = if class == NO_CLASS {
                    None
                } else {
                    Some(at(class)?)
                };
                Some((key.clone(), class))
            });
            (vendor.clone(), keys.collect())
        });
        let keys = keys.collect();
        let each = || classes.values().enumerate();
        let lists = words.packages.iter();
        let packages = lists
            .filter(|(_, all)| all.iter().any(|it| dependencies.contains(it)))
            .map(|(list, _)| list.clone())
            .collect();
        let names = Names::new(words, classes, &packages);
        let published = words.published.iter();
        let published = published.map(|name| names.lexicon.words(name)).collect();
        Self {
            names,
            published,
            positions: each()
                .flat_map(|(at, class)| class.roles.iter().map(move |role| (*role, at)))
                .collect(),
            origins: each()
                .flat_map(|(at, class)| class.origins.iter().map(move |from| (from.clone(), at)))
                .collect(),
            keys,
            settings: words.settings.clone(),
            random: words.random.iter().cloned().collect(),
            signs: words.signs.iter().cloned().collect(),
            presented: words.presented.iter().cloned().collect(),
            group_maps: words.group_maps.iter().cloned().collect(),
            bags: words.bags.iter().cloned().collect(),
            packages,
            classes: classes
                .values()
                .map(|class| Known {
                    id: class.id.clone(),
                    name: spoken(&class.name),
                    kinds: class.kinds.clone(),
                    in_settings: class.in_settings,
                    proves: class.proves,
                    prose: class.prose,
                    names_resource: class.names_resource,
                    of_machine: class.of_machine,
                    may_be: class.may_be.as_deref().and_then(at),
                    beside: class.beside.clone(),
                    not_named: class.not_named.iter().cloned().collect(),
                })
                .collect(),
        }
    }

    /// A name in lower-case words, synonyms and plurals folded.
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        let words = self.names.lexicon.words(name).into_iter();
        words.map(|word| word.text.to_string()).collect()
    }

    /// Whether no name says anything of a value: neither those that it is read by, nor the key under which it is sent.
    pub fn is_unnamed(&self, subject: &Subject) -> bool {
        decide::is_unnamed(self, subject)
    }

    /// Whether the name of a value, or the key under which it is sent, says that it is a person as a whole, or what is kept
    /// of one; or that it may be anything.
    pub fn is_person(&self, subject: &Subject) -> bool {
        decide::is_whole(self, subject)
    }

    /// What a name says of the owner of what is read from it.
    pub fn owner(&self, name: &str) -> Owner {
        let lexicon = &self.names.lexicon;
        let words = lexicon.words(name);
        let says_nothing =
            |word: &Word| lexicon.is_empty(&word.text) || lexicon.is_neutral(&word.text);
        if words.iter().all(says_nothing) {
            return Owner::Unsaid;
        }
        let may_be_person = |word: &Word| lexicon.is_person(&word.text) || says_nothing(word);
        match words.iter().all(|word| !word.plural && may_be_person(word)) {
            true => Owner::Person,
            false => Owner::Thing,
        }
    }

    /// The class of a value, if it has one; at most one of each.
    pub fn classify(&self, subject: &Subject) -> Vec<Verdict> {
        let Some(verdict) = decide::decide(self, subject, false) else {
            return Vec::new();
        };
        let also = decide::also(self, subject, &verdict);
        std::iter::once(verdict).chain(also).collect()
    }

    /// The class that a value without one has because of what it is sent with.
    pub fn classify_beside(&self, subject: &Subject, others: &Beside<'_>) -> Vec<Verdict> {
        beside::decide(self, subject, others).into_iter().collect()
    }
}

/// What a vendor's key stands for when it is no personal data.
const NO_CLASS: &str = "none";

/// A name as it stands inside a sentence: `E-mail address` but `IP address`.
fn spoken(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}
