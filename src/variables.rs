//! Variables of the environment whose names say that they hold the address of a vendor.
//!
//! In: the texts, the vendors' names, the rules' words for addresses, and which domains are the app's own. Out:
//! [`Variable`]s. It leaves alone what is sent there (`flow`). The value is in no file of the tree, so the name is all that
//! there is to tell: `SLACK_WEBHOOK_URL` is Slack's, `STRIPE_SUCCESS_URL` is where Stripe sends people back to.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use regex::Regex;
use rustc_hash::FxHashMap;

use crate::own::OwnDomains;
use crate::ruleset::schema::{Environment, Vendor};
use crate::search::holds_word;
use crate::source::SourceFile;

/// What a text mentions that reads the environment.
const ENVIRONMENT: &str = "env";
/// How variables of the environment are spelt: words in capitals.
const SPELLING: &str = r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b";
/// No vendor's name is of more words (`CUSTOMER_IO`).
const MAX_WORDS: usize = 3;

/// Such a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The id of the vendor.
    pub vendor: String,
    /// It is that of a hook, which has its path already.
    pub is_hook: bool,
}

/// Finds them.
pub fn find<'r>(
    texts: &[SourceFile],
    vendors: impl Iterator<Item = &'r Vendor>,
    words: &Environment,
    own: &OwnDomains,
) -> Vec<Variable> {
    let Ok(spelling) = Regex::new(SPELLING) else {
        return Vec::new();
    };
    let names = names_of(vendors, words, own);
    let spelt: BTreeSet<&str> = texts
        .par_iter()
        .filter(|file| holds_word(&file.text, ENVIRONMENT))
        .flat_map_iter(|file| spelling.find_iter(&file.text).map(|found| found.as_str()))
        .collect();
    let told = spelt.into_iter().filter_map(|name| {
        Some(Variable {
            name: name.to_owned(),
            vendor: (*vendor_of(name, &names, words)?).to_owned(),
            is_hook: {
                let name = name.to_ascii_lowercase();
                words.hook.iter().any(|word| name.contains(word))
            },
        })
    });
    told.collect()
}

/// The vendors by what they are called in the name of a variable. One that this app itself is, or whose name is a word of
/// any app, is none.
fn names_of<'r>(
    vendors: impl Iterator<Item = &'r Vendor>,
    words: &Environment,
    own: &OwnDomains,
) -> FxHashMap<String, &'r str> {
    let mut names = FxHashMap::default();
    for vendor in vendors {
        let apis = vendor.apis.iter().map(|api| &api.host);
        let mut hosts = vendor.hosts.iter().chain(apis).peekable();
        if hosts.peek().is_none() || hosts.any(|host| own.is_own(host)) {
            continue;
        }
        for name in [&vendor.id, &vendor.name] {
            let letters = name.chars().filter(char::is_ascii_alphanumeric);
            let name: String = letters.collect::<String>().to_ascii_lowercase();
            if !words.common.contains(&name) {
                names.entry(name).or_insert(vendor.id.as_str());
            }
        }
    }
    names
}

/// The vendor that a variable names, if the rest of the name speaks of an address and of nothing else.
fn vendor_of<'n>(
    name: &str,
    names: &'n FxHashMap<String, &str>,
    words: &Environment,
) -> Option<&'n &'n str> {
    let name = name.to_ascii_lowercase();
    let parts: Vec<&str> = name.split('_').collect();
    let is_among = |list: &[String], part: &str| list.iter().any(|word| word == part);
    let is_never = parts.iter().any(|part| is_among(&words.never, part));
    let mut found = BTreeMap::new();
    for start in 0..parts.len() {
        for end in start + 1..=parts.len().min(start + MAX_WORDS) {
            if is_never && !is_hook(&parts[end..], words) {
                continue;
            }
            // `SLACK_HOOK_ALERTS`, `SLACK_ALERTS_URL`
            let behind = parts.get(end);
            let last = parts.last().filter(|_| end < parts.len());
            let is_address = [behind, last]
                .iter()
                .flatten()
                .any(|part| is_among(&words.address, part));
            if let (Some(vendor), true) = (names.get(&parts[start..end].concat()), is_address) {
                // Of two names that fit, the longer one is meant.
                found.insert(end - start, vendor);
            }
        }
    }
    found.into_values().next_back()
}

/// Whether what follows the name of a vendor speaks of something that it is told by a request, in which case other words say
/// what that is about (`SLACK_WEBHOOK_LOGIN_ALERTS`, `SLACK_ERROR_WEBHOOK_URL`).
fn is_hook(behind: &[&str], words: &Environment) -> bool {
    let is_among = |list: &[String], part: &str| list.iter().any(|word| word == part);
    let Some(hook) = behind.iter().position(|part| is_among(&words.hook, part)) else {
        return false;
    };
    let behind = &behind[hook + 1..];
    // What stands behind the word for the address is the address's own.
    let is_address = behind
        .first()
        .is_some_and(|part| is_among(&words.address, part));
    is_address && behind.len() > 2
        || !behind
            .last()
            .is_some_and(|part| is_among(&words.kept, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> Option<String> {
        let list = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let words = Environment {
            address: list(&["url", "host", "webhook"]),
            never: list(&["success", "token"]),
            hook: list(&["webhook"]),
            kept: list(&["token"]),
            common: list(&["front"]),
        };
        let mut names = FxHashMap::default();
        names.insert("acmeio".to_owned(), "acme-io");
        names.insert("acme".to_owned(), "acme");
        vendor_of(name, &names, &words).map(ToString::to_string)
    }

    #[test]
    fn takes_a_name_and_a_word_for_an_address() {
        assert_eq!(told("ACME_URL").as_deref(), Some("acme"));
        assert_eq!(told("NEXT_PUBLIC_ACME_IO_HOST").as_deref(), Some("acme-io"));
        assert_eq!(told("ACME_PROJECT"), None);
        assert_eq!(told("ACME_SUCCESS_URL"), None);
        assert_eq!(told("OTHER_URL"), None);
    }

    #[test]
    fn what_is_told_by_a_hook_says_nothing_of_its_address() {
        assert_eq!(told("ACME_WEBHOOK_SUCCESS").as_deref(), Some("acme"));
        assert_eq!(told("ACME_SUCCESS_WEBHOOK_URL").as_deref(), Some("acme"));
        assert_eq!(
            told("ACME_WEBHOOK_URL_LEAKED_TOKEN").as_deref(),
            Some("acme")
        );
        assert_eq!(told("ACME_WEBHOOK_TOKEN"), None);
        assert_eq!(told("ACME_WEBHOOK_URL_TOKEN"), None);
        assert_eq!(told("SUCCESS_WEBHOOK_URL"), None);
    }
}
