//! Reads a name with its owners as a data class, or says how little it says.
//!
//! In: the words of a name, of what stands before it, of the declared type, and the role. Out: a [`Reading`]. It leaves
//! alone where the name comes from and which of several names decides.

use std::collections::BTreeMap;

use compact_str::CompactString;
use ecow::EcoVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::words::{Lexicon, Word};
use crate::finding::{Confidence, Transform};
use crate::ruleset::schema::{Class, NameMatch, Role, Words};

/// On what a match rests; the order is from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Basis {
    /// An ambiguous name without an owner.
    Unowned,
    /// An ambiguous name in a role that makes it clear.
    Role,
    /// The declared type owns it.
    Type,
    /// The name is clear by itself.
    Plain,
    /// The owner makes it clear.
    Owner,
}

impl Basis {
    /// The name needs no role to be clear.
    pub(crate) fn is_clear(self) -> bool {
        self > Self::Role
    }
}

/// A class that a name stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// Position in the list of classes.
    pub(crate) class: usize,
    /// How sure the rule is.
    pub(crate) confidence: Confidence,
    /// On what it rests.
    pub(crate) basis: Basis,
    /// What the name says was done to the value.
    pub(crate) transform: Transform,
    /// It is made of words.
    pub(crate) in_words: bool,
    /// What it is as well, where its key says so.
    pub(crate) too: Option<usize>,
}

/// What a name says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reading {
    /// A class.
    Class(Hit),
    /// A flag, count or setting about a class, or a name that is known for something else.
    Turned,
    /// An ambiguous name with an owner that makes it something else (`plan.name`).
    Foreign,
    /// Something, but no class.
    Other,
    /// An ambiguous name without an owner (`id`, `name`).
    Generic,
    /// Nothing (`data`, `value`).
    Empty,
}

/// What stands around a name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around<'a> {
    /// The names before it, nearest first.
    pub(crate) owners: &'a [EcoVec<Word>],
    /// The declared type of its owner.
    pub(crate) ty: Option<&'a [Word]>,
    /// What the vendor takes the value for.
    pub(crate) role: Option<Role>,
    /// A part of what it names is meant, by a name that says nothing.
    pub(crate) is_part: bool,
    /// An element of what owns it is meant.
    pub(crate) of_element: bool,
}

#[derive(Debug)]
struct Entry {
    class: usize,
    phrase: Vec<CompactString>,
    owners: FxHashSet<CompactString>,
    unowned: bool,
    roles: Vec<Role>,
    not_after: FxHashSet<CompactString>,
    /// Empty if any word may stand before it.
    only_after: FxHashSet<CompactString>,
    not_in_roles: Vec<Role>,
    not_below: FxHashSet<CompactString>,
    whole: bool,
    itself: bool,
    /// Empty if it may be read from anything.
    read_from: FxHashSet<CompactString>,
    singular: bool,
    in_words: bool,
    too: Option<usize>,
    confidence: Confidence,
    transform: Transform,
}

/// All names of all classes, ready for use.
#[derive(Debug)]
pub(crate) struct Names {
    /// The word rules.
    pub(crate) lexicon: Lexicon,
    /// By the last word of the phrase, longest phrase first.
    entries: FxHashMap<CompactString, Vec<Entry>>,
}

impl Names {
    /// Classes count by their position in the map; `packages` are the lists of packages of which the tree depends on one.
    pub(crate) fn new(
        words: &Words,
        classes: &BTreeMap<String, Class>,
        packages: &FxHashSet<String>,
    ) -> Self {
        let all = || classes.values().flat_map(|class| &class.matches);
        let lexicon = Lexicon::new(
            words,
            all().flat_map(|rule| rule.names.iter().chain(&rule.owners).map(String::as_str)),
        );
        let mut names = Self {
            lexicon,
            entries: FxHashMap::default(),
        };
        for (at, class) in classes.values().enumerate() {
            let depends = |list: &String| packages.contains(list);
            let counts = |rule: &&NameMatch| {
                rule.with_packages.as_ref().is_none_or(depends)
                    && !rule.without_packages.as_ref().is_some_and(depends)
            };
            for rule in class.matches.iter().filter(counts) {
                let too = rule.may_be_too.as_ref();
                let too = too.and_then(|id| classes.keys().position(|known| known == id));
                names.add(at, rule, too, words);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for entries in names.entries.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.phrase.len()));
        }
        names
    }

    fn add(&mut self, class: usize, rule: &NameMatch, too: Option<usize>, words: &Words) {
        let owners = self.lexicon.set(&expand(&rule.owners, words));
        let not_after = self.lexicon.set(&expand(&rule.not_after, words));
        let only_after = self.lexicon.set(&expand(&rule.only_after, words));
        let read_from = self.lexicon.set(&rule.read_from);
        let not_below = self.lexicon.set(&rule.not_below);
        for name in expand(&rule.names, words) {
            let phrase = self.lexicon.words(&name);
            let phrase: Vec<_> = phrase.into_iter().map(|word| word.text).collect();
            let Some(last) = phrase.last().cloned() else {
                continue;
            };
            self.entries.entry(last).or_default().push(Entry {
                class,
                phrase,
                owners: owners.clone(),
                unowned: rule.owners.iter().any(|owner| owner == "@none"),
                roles: rule.in_roles.clone(),
                not_after: not_after.clone(),
                only_after: only_after.clone(),
                not_in_roles: rule.not_in_roles.clone(),
                not_below: not_below.clone(),
                whole: rule.whole,
                itself: rule.itself,
                read_from: read_from.clone(),
                singular: rule.singular,
                in_words: rule.in_words,
                too,
                confidence: rule.confidence,
                transform: rule.transform,
            });
        }
    }

    /// What a name says.
    pub(crate) fn read(&self, words: &[Word], around: Around<'_>) -> Reading {
        let mut level = words;
        while let [rest @ .., last] = level {
            if let Some(reading) = self.match_end(level, around) {
                return reading;
            }
            if !self.lexicon.is_neutral(&last.text) {
                break;
            }
            level = rest;
        }
        if words.iter().all(|word| self.says_nothing(word)) || self.lexicon.is_alone(words) {
            return Reading::Empty;
        }
        let alone = Around {
            role: None,
            ..around
        };
        // A flag or a count by itself (`enabled`, `total`).
        let flag = words.iter().all(|word| self.lexicon.is_turning(&word.text));
        let turned = flag
            || (1..words.len()).any(|end| {
                let is_class = matches!(
                    self.match_end(&words[..end], alone),
                    Some(Reading::Class(_))
                );
                is_class && !words[end..].iter().all(|word| self.says_nothing(word))
            });
        if turned {
            Reading::Turned
        } else {
            Reading::Other
        }
    }

    /// Whether a name may well stand for a class, whoever owns what it names.
    pub(crate) fn may_say(&self, words: &[Word], class: usize) -> bool {
        let entries = words.last().and_then(|last| self.entries.get(&last.text));
        let mut entries = entries.into_iter().flatten();
        entries.any(|entry| {
            entry.class == class && entry.confidence > Confidence::Low && entry.ends(words)
        })
    }

    /// The word that says what a name is, if one does: the last that is not empty.
    pub(crate) fn head<'a>(&self, words: &'a [Word]) -> Option<&'a str> {
        words
            .iter()
            .rev()
            .find(|word| !self.says_nothing(word))
            .map(|word| word.text.as_str())
    }

    /// Whether what stands before the word that owns a name leaves it what it is.
    fn is_kept(&self, entry: &Entry, owner: &[Word]) -> bool {
        let mut said = owner.iter().rev().filter(|word| !self.says_nothing(word));
        said.nth(1).is_none_or(|word| entry.may_follow(&word.text))
    }

    /// Whether a name is that of a thing rather than of the person whose name stands before it: `guestList.name` is a list's,
    /// and `guestList[0].name` a guest's.
    fn is_things_own(&self, entry: &Entry, before: &[Word], around: Around<'_>) -> bool {
        let [only] = entry.phrase.as_slice() else {
            return false;
        };
        let thing = match before {
            [] => around.owners.first().map(|name| &**name),
            before => Some(before),
        };
        let is_element = around.of_element && before.is_empty();
        !is_element && thing.is_some_and(|name| self.lexicon.is_thing_with(name, only))
    }

    fn says_nothing(&self, word: &Word) -> bool {
        self.lexicon.is_empty(&word.text) || self.lexicon.is_neutral(&word.text)
    }

    fn match_end(&self, words: &[Word], around: Around<'_>) -> Option<Reading> {
        let entries = self.entries.get(&words.last()?.text)?;
        let mut best: Option<(usize, Hit)> = None;
        let mut weaker = None;
        let mut turned = Vec::new();
        for entry in entries.iter().filter(|entry| entry.ends(words)) {
            let length = entry.phrase.len();
            if best.is_some_and(|(longest, _)| length < longest) {
                break;
            }
            // What turns `session id` turns the `id` of a session too.
            if turned
                .iter()
                .any(|&(class, longer)| class == entry.class && length < longer)
            {
                continue;
            }
            let before = &words[..words.len() - length];
            match self.judge(entry, before, words, around) {
                Some(Reading::Class(hit)) => {
                    let better = best.is_none_or(|(_, best)| {
                        (hit.basis, hit.confidence) > (best.basis, best.confidence)
                    });
                    if better {
                        best = Some((length, hit));
                    }
                }
                Some(reading) => {
                    if matches!(reading, Reading::Turned) {
                        turned.push((entry.class, length));
                    }
                    weaker = Some(blocking(weaker, reading));
                }
                None => {}
            }
        }
        best.map(|(_, hit)| Reading::Class(hit)).or(weaker)
    }

    fn judge(
        &self,
        entry: &Entry,
        before: &[Word],
        words: &[Word],
        around: Around<'_>,
    ) -> Option<Reading> {
        if entry.singular && words.last().is_some_and(|word| word.plural) {
            return None;
        }
        if around
            .role
            .is_some_and(|role| entry.not_in_roles.contains(&role))
        {
            return None;
        }
        if before
            .iter()
            .any(|word| self.lexicon.is_turning(&word.text))
        {
            return Some(Reading::Turned);
        }
        let mut further = around.owners.iter().flatten();
        if further.any(|word| entry.not_below.contains(&word.text)) {
            return Some(Reading::Turned);
        }
        let inner = self.head(before);
        let outer = || {
            around
                .owners
                .iter()
                .find_map(|name| self.head(self.lexicon.main_part(name)))
        };
        let owner = inner.or_else(outer);
        // Names without a meaning of their own can still turn another (`event` in `event.data.name`).
        let silent = before.last().into_iter().chain(
            around
                .owners
                .iter()
                .take_while(|_| before.is_empty())
                .take_while(|name| self.head(name).is_none())
                .take_while(|name| !self.lexicon.is_brought(name))
                .filter_map(|name| name.last()),
        );
        let of_type = around.ty.filter(|_| owner.is_none());
        // A type may say more of the owner than its name does (`session: Checkout.Session`).
        let kind_of_owner = around.ty.filter(|ty| {
            let named = ty.last().map(|word| word.text.as_str());
            !entry.only_after.is_empty() && owner.is_some() && named == owner
        });
        let kind_of_owner = kind_of_owner.and_then(|ty| ty.split_last()?.1.last());
        if silent
            .chain(of_type.and_then(<[Word]>::last))
            .chain(kind_of_owner)
            .map(|word| word.text.as_str())
            .chain(owner)
            .any(|word| entry.not_after.contains(word))
        {
            return Some(Reading::Turned);
        }
        if entry.whole && inner.is_some() || entry.itself && around.is_part {
            return None;
        }
        let hit = |basis| {
            Some(Reading::Class(Hit {
                class: entry.class,
                confidence: entry.confidence,
                basis,
                transform: entry.transform,
                in_words: entry.in_words,
                too: entry.too,
            }))
        };
        if !entry.read_from.is_empty() {
            let nearest = around.owners.first().filter(|_| before.is_empty());
            let nearest = nearest.and_then(|name| name.last());
            let is_read_from = nearest.is_some_and(|word| entry.read_from.contains(&word.text));
            return is_read_from.then(|| hit(Basis::Owner)).flatten();
        }
        if entry.owners.is_empty() && !entry.unowned && entry.roles.is_empty() {
            return if inner.is_none_or(|word| entry.may_follow(word)) {
                hit(Basis::Plain)
            } else {
                Some(Reading::Foreign)
            };
        }
        if self.is_things_own(entry, before, around) {
            return Some(Reading::Foreign);
        }
        if owner.is_some_and(|word| entry.owners.contains(word)) {
            let outer = around.owners.iter();
            let owning = match inner {
                Some(_) => before,
                None => outer
                    .map(|name| self.lexicon.main_part(name))
                    .find(|name| self.head(name).is_some())
                    .unwrap_or_default(),
            };
            return if self.is_kept(entry, owning) {
                hit(Basis::Owner)
            } else {
                Some(Reading::Foreign)
            };
        }
        let ty = around.ty.map(|name| self.lexicon.main_part(name));
        let typed = ty.and_then(|ty| self.head(ty));
        let is_typed = entry.only_after.is_empty()
            || owner.is_none() && ty.is_some_and(|ty| self.is_kept(entry, ty));
        // The type is that of what has the part, if a part is meant.
        let is_typed = is_typed && !around.is_part;
        if inner.is_none() && is_typed && typed.is_some_and(|word| entry.owners.contains(word)) {
            return hit(Basis::Type);
        }
        // A word that says nothing by itself may be one that the rule names (`form.comment`), of whatever type it is.
        let nearest = around.owners.first().filter(|_| before.is_empty());
        let nearest = nearest.and_then(|name| name.last());
        if owner.is_none() && nearest.is_some_and(|word| entry.owners.contains(&word.text)) {
            return hit(Basis::Owner);
        }
        if owner.is_some() || (typed.is_some() && !around.owners.is_empty()) {
            return Some(Reading::Foreign);
        }
        if around.role.is_some_and(|role| entry.roles.contains(&role)) {
            return hit(Basis::Role);
        }
        if entry.unowned {
            return hit(Basis::Unowned);
        }
        Some(Reading::Generic)
    }
}

impl Entry {
    fn may_follow(&self, word: &str) -> bool {
        self.only_after.is_empty() || self.only_after.contains(word)
    }

    fn ends(&self, words: &[Word]) -> bool {
        words.len() >= self.phrase.len()
            && words[words.len() - self.phrase.len()..]
                .iter()
                .zip(&self.phrase)
                .all(|(word, phrase)| word.text == *phrase)
    }
}

/// Of two readings that are no class, the one that says more.
fn blocking(known: Option<Reading>, new: Reading) -> Reading {
    match (known, new) {
        (Some(Reading::Turned), _) | (_, Reading::Turned) => Reading::Turned,
        (Some(Reading::Foreign), _) | (_, Reading::Foreign) => Reading::Foreign,
        (_, new) => new,
    }
}

/// Puts the words of a list in the place of its name.
fn expand(listed: &[String], words: &Words) -> Vec<String> {
    let mut all = Vec::with_capacity(listed.len());
    for name in listed {
        match name.as_str() {
            "@person" => all.extend(words.person.iter().cloned()),
            "@org" => all.extend(words.org.iter().cloned()),
            "@visit" => all.extend(words.visit.iter().cloned()),
            "@none" => {}
            _ => all.push(name.clone()),
        }
    }
    all
}
