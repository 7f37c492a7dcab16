//! What makes two findings the same flow.
//!
//! In: the flows of an earlier state (a lock file, another tree) and of the present one. Out: which present flow is which
//! earlier one. It leaves alone what being known means.
//!
//! No place in a file counts, so moved and reformatted code stays what it is. Everything that makes it another exposure
//! does: another vendor, class, property, call, transform, file or enclosing symbol. Only three things may change without a
//! new flow: the name of a file, where it is plain which file it was; where an SDK that collects by itself is started; and
//! the words in which a rule says what that SDK collects. Something else that it begins to collect is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Origin, Transform};

/// A flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// Where the call is; first, so that flows sort by file.
    pub file: String,
    /// The enclosing symbol.
    pub symbol: Option<String>,
    /// The vendor's id.
    pub vendor: String,
    /// The data class.
    pub class: String,
    /// The key as the vendor receives it.
    pub property: String,
    /// The SDK's call.
    pub call: String,
    /// Who sends it.
    pub origin: Origin,
    /// What happened to it on the way.
    pub transform: Transform,
}

impl Flow {
    /// The flow that a finding is of, with its path as seen from another directory.
    pub fn of(finding: &Finding, directory: &str) -> Self {
        let path = &finding.location.path;
        Self {
            file: if directory.is_empty() {
                path.clone()
            } else {
                format!("{directory}/{path}")
            },
            symbol: finding.location.symbol.clone(),
            vendor: finding.vendor.clone(),
            class: finding.class.clone(),
            property: finding.property.clone(),
            call: finding.call.clone(),
            origin: finding.origin,
            transform: finding.transform,
        }
    }

    /// The same without its file. A component may be named after its file, and is renamed with it.
    fn anywhere(&self) -> Self {
        let stem = stem(&self.file);
        Self {
            file: String::new(),
            symbol: self.symbol.as_ref().map(|symbol| {
                if symbol == stem {
                    String::new()
                } else {
                    symbol.clone()
                }
            }),
            ..self.clone()
        }
    }

    /// What an SDK collects, wherever it is started.
    fn collected(&self) -> (&str, &str, &str) {
        (&self.vendor, &self.class, &self.property)
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn stem(path: &str) -> &str {
    let name = name(path);
    name.split('.').next().unwrap_or(name)
}

/// What is known of the files of two states.
pub struct FilesOf<'a> {
    /// Whether an earlier file is there no more.
    pub gone: &'a dyn Fn(&str) -> bool,
    /// Whether a present file was not there before.
    pub fresh: &'a dyn Fn(&str) -> bool,
    /// Whether the present rules still say of an SDK that it collects something, whether it is on or not.
    pub is_said: &'a dyn Fn(&Flow) -> bool,
}

/// For each present flow that is known, the earlier one that it is.
pub fn pair(
    earlier: &BTreeSet<Flow>,
    present: &BTreeSet<Flow>,
    files: &FilesOf<'_>,
) -> BTreeMap<Flow, Flow> {
    let mut pairs: BTreeMap<Flow, Flow> = earlier
        .intersection(present)
        .map(|flow| (flow.clone(), flow.clone()))
        .collect();
    let mut old: BTreeSet<&Flow> = earlier.difference(present).collect();
    let mut new: BTreeSet<&Flow> = present.difference(earlier).collect();
    // What SDKs collect says little of a file: another file that starts the same one looks alike.
    let by_the_code = |flow: &Flow| flow.origin == Origin::Sent;
    for shows in [&by_the_code as &dyn Fn(&Flow) -> bool, &|_| true] {
        for (to, from) in renamed(&old, &new, files, shows) {
            old.remove(from);
            new.remove(to);
            pairs.insert(to.clone(), from.clone());
        }
    }
    for (to, from) in started_elsewhere(&old, &new) {
        old.remove(from);
        new.remove(to);
        pairs.insert(to.clone(), from.clone());
    }
    for (to, from) in reworded(&old, &new, files) {
        pairs.insert(to.clone(), from.clone());
    }
    pairs
}

/// Flows of files that have another name now. A file that is gone and one that is fresh are the same if they share a flow
/// that `shows` it, and neither shares one with any other such file; of several, those of the same name are.
fn renamed<'f>(
    old: &BTreeSet<&'f Flow>,
    new: &BTreeSet<&'f Flow>,
    files: &FilesOf<'_>,
    shows: &dyn Fn(&Flow) -> bool,
) -> Vec<(&'f Flow, &'f Flow)> {
    let by_file = |flows: &BTreeSet<&'f Flow>, counts: &dyn Fn(&str) -> bool| {
        let mut found: BTreeMap<&'f str, BTreeMap<Flow, &'f Flow>> = BTreeMap::new();
        for flow in flows.iter().filter(|flow| counts(&flow.file)) {
            found
                .entry(&flow.file)
                .or_default()
                .insert(flow.anywhere(), flow);
        }
        found
    };
    let gone = by_file(old, files.gone);
    let fresh = by_file(new, files.fresh);
    let mut forth: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut back: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, flows) in &gone {
        for (to, others) in &fresh {
            if flows
                .keys()
                .any(|flow| shows(flow) && others.contains_key(flow))
            {
                forth.entry(from).or_default().insert(to);
                back.entry(to).or_default().insert(from);
            }
        }
    }
    let mut pairs = Vec::new();
    for (from, candidates) in &forth {
        let Some(to) = only(from, candidates) else {
            continue;
        };
        if back.get(to).and_then(|sources| only(to, sources)) != Some(from) {
            continue;
        }
        let (Some(flows), Some(others)) = (gone.get(from), fresh.get(to)) else {
            continue;
        };
        let shared = flows
            .iter()
            .filter_map(|(key, from)| Some((*others.get(key)?, *from)));
        pairs.extend(shared);
    }
    pairs
}

/// The only candidate, or the only one of the same name.
fn only<'f>(file: &str, candidates: &BTreeSet<&'f str>) -> Option<&'f str> {
    let one = |mut found: Vec<&'f str>| if found.len() == 1 { found.pop() } else { None };
    let all: Vec<&str> = candidates.iter().copied().collect();
    let same: Vec<&str> = candidates
        .iter()
        .copied()
        .filter(|candidate| name(candidate) == name(file))
        .collect();
    one(all).or_else(|| one(same))
}

/// What an SDK collects is the same exposure wherever it is started, as long as it is started once.
fn started_elsewhere<'f>(
    old: &BTreeSet<&'f Flow>,
    new: &BTreeSet<&'f Flow>,
) -> Vec<(&'f Flow, &'f Flow)> {
    let by_what = |flows: &BTreeSet<&'f Flow>| {
        let mut found: BTreeMap<(&'f str, &'f str, &'f str), Vec<&'f Flow>> = BTreeMap::new();
        for flow in flows.iter().filter(|flow| flow.origin == Origin::Auto) {
            found.entry(flow.collected()).or_default().push(flow);
        }
        found
    };
    let before = by_what(old);
    by_what(new)
        .into_iter()
        .filter_map(
            |(what, to)| match (to.as_slice(), before.get(&what)?.as_slice()) {
                ([to], [from]) => Some((*to, *from)),
                _ => None,
            },
        )
        .collect()
}

/// What the rules say in other words now: an earlier flow that they no longer speak of is the present one that names one of
/// the same properties, or the only one of its class.
fn reworded<'f>(
    old: &BTreeSet<&'f Flow>,
    new: &BTreeSet<&'f Flow>,
    files: &FilesOf<'_>,
) -> Vec<(&'f Flow, &'f Flow)> {
    let of_class = |flow: &Flow, other: &Flow| {
        flow.origin == Origin::Auto
            && other.origin == Origin::Auto
            && (&flow.vendor, &flow.class) == (&other.vendor, &other.class)
    };
    let other_words = |from: &Flow, to: &Flow| of_class(from, to) && from.property != to.property;
    let mut pairs = Vec::new();
    for to in new {
        let silent = old
            .iter()
            .filter(|from| other_words(from, to) && !(files.is_said)(from));
        let silent: Vec<&Flow> = silent.copied().collect();
        let named = properties(&to.property);
        let same = silent
            .iter()
            .find(|from| properties(&from.property).intersection(&named).count() > 0);
        let others = new.iter().filter(|other| of_class(other, to)).count();
        let only = silent.first().filter(|_| silent.len() == 1 && others == 1);
        if let Some(from) = same.or(only) {
            pairs.push((*to, *from));
        }
    }
    pairs
}

/// What a text names as the vendor does: words that no sentence has.
fn properties(text: &str) -> BTreeSet<&str> {
    let is_part = |char: char| char.is_alphanumeric() || char == '_' || char == '$';
    let words = text.split(|char| !is_part(char));
    words
        .filter(|word| word.len() > 1 && word.contains(['_', '$']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(file: &str, symbol: &str, property: &str) -> Flow {
        Flow {
            file: file.to_owned(),
            symbol: Some(symbol.to_owned()),
            vendor: "acme".to_owned(),
            class: "email".to_owned(),
            property: property.to_owned(),
            call: "track".to_owned(),
            origin: Origin::Sent,
            transform: Transform::None,
        }
    }

    /// Pairs flows; every file of only one side is gone or fresh.
    fn paired(earlier: &[Flow], present: &[Flow]) -> Vec<(String, String)> {
        let has = |flows: &[Flow], file: &str| flows.iter().any(|flow| flow.file == file);
        let files = FilesOf {
            gone: &|file| !has(present, file),
            fresh: &|file| !has(earlier, file),
            is_said: &|flow| flow.property.starts_with("said"),
        };
        let [old, new] = [earlier, present].map(|flows| flows.iter().cloned().collect());
        pair(&old, &new, &files)
            .into_iter()
            .map(|(to, from)| {
                (
                    format!("{}#{}", to.file, to.property),
                    format!("{}#{}", from.file, from.property),
                )
            })
            .collect()
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        let all = all.iter();
        all.map(|(to, from)| ((*to).to_owned(), (*from).to_owned()))
            .collect()
    }

    #[test]
    fn a_renamed_file_keeps_its_flows_and_no_others() {
        let found = paired(
            &[flow("a.ts", "f", "x"), flow("a.ts", "f", "y")],
            &[flow("b/c.ts", "f", "x"), flow("b/c.ts", "f", "z")],
        );
        assert_eq!(found, pairs(&[("b/c.ts#x", "a.ts#x")]));
    }

    #[test]
    fn a_copy_is_no_renamed_file() {
        let found = paired(
            &[flow("a.ts", "f", "x")],
            &[flow("a.ts", "f", "x"), flow("b.ts", "f", "x")],
        );
        assert_eq!(found, pairs(&[("a.ts#x", "a.ts#x")]));
    }

    #[test]
    fn what_could_be_either_is_neither() {
        let two = [flow("b.ts", "f", "x"), flow("c.ts", "f", "x")];
        assert_eq!(paired(&[flow("a.ts", "f", "x")], &two), []);
        let same_name = [flow("b.ts", "f", "x"), flow("lib/a.ts", "f", "x")];
        assert_eq!(
            paired(&[flow("a.ts", "f", "x")], &same_name),
            pairs(&[("lib/a.ts#x", "a.ts#x")])
        );
        assert_eq!(paired(&two, &[flow("a.ts", "f", "x")]), []);
    }

    #[test]
    fn a_component_is_renamed_with_its_file() {
        let found = paired(&[flow("A.vue", "A", "x")], &[flow("B.vue", "B", "x")]);
        assert_eq!(found, pairs(&[("B.vue#x", "A.vue#x")]));
        assert_eq!(
            paired(&[flow("A.vue", "A", "x")], &[flow("B.vue", "C", "x")]),
            []
        );
    }

    #[test]
    fn a_rule_may_say_the_same_in_other_words() {
        let auto = |property: &str| Flow {
            origin: Origin::Auto,
            ..flow("a.ts", "f", property)
        };
        let names = |earlier: &[&str], present: &[&str]| {
            let [earlier, present] =
                [earlier, present].map(|all| all.iter().map(|it| auto(it)).collect::<Vec<_>>());
            let found = paired(&earlier, &present).into_iter();
            let cut = |text: String| text.rsplit('#').next().unwrap_or_default().to_owned();
            found
                .map(|(to, from)| (cut(to), cut(from)))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(&["request IP"], &["IP"]),
            pairs(&[("IP", "request IP")])
        );
        assert_eq!(
            names(&["$os, $browser", "x"], &["$os", "$browser on events", "y"]),
            pairs(&[
                ("$browser on events", "$os, $browser"),
                ("$os", "$os, $browser")
            ])
        );
        // What the rules still speak of was turned off, and the other turned on: that is new.
        assert_eq!(names(&["said: clicks"], &["replay"]), []);
    }

    #[test]
    fn an_sdk_may_be_started_elsewhere() {
        let auto = |file: &str, call: &str| Flow {
            origin: Origin::Auto,
            call: call.to_owned(),
            ..flow(file, "f", "$os")
        };
        let kept = flow("a.ts", "f", "x");
        let found = paired(
            &[auto("a.ts", "init"), kept.clone()],
            &[auto("b.ts", "load"), kept.clone()],
        );
        assert_eq!(
            found,
            pairs(&[("a.ts#x", "a.ts#x"), ("b.ts#$os", "a.ts#$os")])
        );
        let twice = paired(
            &[auto("a.ts", "init"), kept.clone()],
            &[auto("b.ts", "load"), auto("c.ts", "load"), kept],
        );
        assert_eq!(twice, pairs(&[("a.ts#x", "a.ts#x")]));
    }
}
