//! What the parameter of an address holds, by its name.
//!
//! In: the name of a parameter and the address it stands in. Out: a data class, if the rules know the name. It leaves alone
//! where the address was found.

use crate::classify::Classifier;
use crate::ruleset::pages::{AddressParameter, FieldKind};

/// The rules, with their names in words.
pub(super) struct Named<'r> {
    classifier: &'r Classifier,
    rules: Vec<Rule<'r>>,
}

struct Rule<'r> {
    class: &'r str,
    whole: bool,
    names: Vec<Vec<String>>,
    not_after: Vec<String>,
    on: Vec<String>,
}

impl<'r> Rule<'r> {
    fn new(
        class: &'r str,
        names: &[String],
        not_after: &[String],
        classifier: &Classifier,
    ) -> Self {
        Self {
            class,
            whole: false,
            names: names.iter().map(|it| classifier.words(it)).collect(),
            not_after: folded(not_after, classifier),
            on: Vec::new(),
        }
    }
}

impl Rule<'_> {
    /// Whether a name in words ends with one of the rule's.
    fn is_named(&self, words: &[String]) -> bool {
        self.names.iter().any(|name| {
            let Some(before) = words.strip_suffix(name.as_slice()) else {
                return false;
            };
            let is_other = before.last().is_some_and(|it| self.not_after.contains(it));
            !name.is_empty() && !is_other && (before.is_empty() || !self.whole)
        })
    }
}

impl<'r> Named<'r> {
    /// By the names of parameters, or of values.
    pub(super) fn new(rules: &'r [AddressParameter], classifier: &'r Classifier) -> Self {
        let counts = |rule: &&AddressParameter| {
            let list = rule.without_packages.as_ref();
            !list.is_some_and(|list| classifier.has_packages(list))
        };
        let rules = rules.iter().filter(counts).map(|rule| Rule {
            whole: rule.whole,
            on: folded(&rule.on, classifier),
            ..Rule::new(&rule.class, &rule.names, &rule.not_after, classifier)
        });
        Self {
            classifier,
            rules: rules.collect(),
        }
    }

    /// By the names of form fields.
    pub(super) fn of_fields(rules: &'r [FieldKind], classifier: &'r Classifier) -> Self {
        let rules = rules
            .iter()
            .map(|rule| Rule::new(&rule.class, &rule.names, &rule.not_after, classifier));
        Self {
            classifier,
            rules: rules.collect(),
        }
    }

    /// The class of a parameter; `address` is all that is known of where it stands.
    pub(super) fn class(&self, name: &str, address: &str) -> Option<&'r str> {
        let words = self.classifier.words(name);
        let around = self.classifier.words(address);
        let found = self.rules.iter().find(|rule| {
            rule.is_named(&words)
                && (rule.on.is_empty() || around.iter().any(|it| rule.on.contains(it)))
        });
        found.map(|found| found.class)
    }

    /// Whether a parameter of this name has a class at some address.
    pub(super) fn may_be(&self, name: &str) -> bool {
        let words = self.classifier.words(name);
        self.rules.iter().any(|rule| rule.is_named(&words))
    }

    /// Whether a name of several words that has a class may end with this one.
    pub(super) fn may_end(&self, name: &str) -> bool {
        let mut names = self.rules.iter().flat_map(|rule| &rule.names);
        names.any(|words| {
            words.len() > 1 && words.last().is_some_and(|last| starts_alike(name, last))
        })
    }

    /// A name in words.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.classifier.words(name)
    }

    /// A parameter's name in words, by which two are the same.
    pub(super) fn folded(&self, name: &str) -> String {
        self.classifier.words(name).join(" ")
    }
}

/// Whether a written word may be a folded one, by its first letter.
fn starts_alike(written: &str, folded: &str) -> bool {
    let first = |word: &str| word.chars().next().map(|first| first.to_ascii_lowercase());
    first(written) == first(folded)
}

fn folded(words: &[String], classifier: &Classifier) -> Vec<String> {
    words.iter().flat_map(|it| classifier.words(it)).collect()
}
