//! Globals of vendors under names of the app's own.
//!
//! In: the texts, and the rules' patterns by which a snippet or an option gives a global another name. Out: [`Renamed`]s. It
//! leaves alone what the global is.

use std::collections::BTreeSet;

use rayon::prelude::*;
use regex::Regex;

use crate::ruleset::schema::Vendor;
use crate::source::SourceFile;

/// Another name of a global.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Renamed {
    /// The name that the app gives.
    pub name: String,
    /// The name in the rules.
    pub global: String,
}

/// Finds them; a pattern that is none is for the rules' check to tell.
pub fn find<'r>(texts: &[SourceFile], vendors: impl Iterator<Item = &'r Vendor>) -> Vec<Renamed> {
    let globals = vendors.flat_map(|vendor| &vendor.globals);
    let patterns: Vec<(Regex, &str)> = globals
        .flat_map(|global| {
            global
                .renamed
                .iter()
                .map(move |it| (it, global.name.as_str()))
        })
        .filter_map(|(pattern, global)| Some((Regex::new(pattern).ok()?, global)))
        .collect();
    let found: BTreeSet<Renamed> = texts
        .par_iter()
        .flat_map_iter(|file| {
            patterns.iter().flat_map(move |(pattern, global)| {
                let names = pattern.captures_iter(&file.text);
                let names = names.filter_map(|found| Some(found.get(1)?.as_str()));
                names
                    .filter(move |name| name != global)
                    .map(|name| Renamed {
                        name: name.to_owned(),
                        global: (*global).to_owned(),
                    })
            })
        })
        .collect();
    found.into_iter().collect()
}
