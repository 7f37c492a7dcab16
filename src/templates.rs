//! Templates of other languages that name a vendor.
//!
//! In: the templates that the walk met, and the rules. Out: a [`FileNote`] for each of which the text names a vendor's script,
//! host or global, or cannot be looked at: what it hands over is not read, and must not be missed in silence. It leaves alone what
//! else is in them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::bounded;
use crate::discover::Tree;
use crate::finding::FileNote;
use crate::ruleset::Ruleset;
use crate::search::Names;

/// The kinds of file that pages are made of on servers.
pub const EXTENSIONS: [&str; 24] = [
    "pug",
    "jade",
    "ejs",
    "eta",
    "hbs",
    "handlebars",
    "mustache",
    "njk",
    "nunjucks",
    "twig",
    "liquid",
    "erb",
    "haml",
    "slim",
    "cshtml",
    "jsp",
    "ftl",
    "php",
    "phtml",
    "jinja",
    "jinja2",
    "j2",
    "gohtml",
    "mako",
];
/// No template is larger.
const MOST: u64 = 1 << 20;
/// Shorter names stand in any text.
const SHORTEST: usize = 4;

/// Says which of a tree's templates name vendors.
pub fn unread(tree: &Tree, ruleset: &Ruleset) -> Vec<FileNote> {
    if tree.templates.is_empty() {
        return Vec::new();
    }
    let (written, vendors): (Vec<String>, Vec<&str>) = names(ruleset).into_iter().unzip();
    let Some(names) = Names::new(&written) else {
        return Vec::new();
    };
    let notes = tree.templates.par_iter().filter_map(|path| {
        let note = |reason: String| FileNote {
            path: path.as_str().to_owned(),
            reason: format!("a template in another language, {reason}"),
            line: None,
        };
        let text = match bounded::read(&tree.root.join(path.as_str()), MOST) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => return Some(note(format!("which cannot be looked at: {error}"))),
        };
        let named = names.mentioned(&text).into_iter();
        let named: BTreeSet<&str> = named.map(|hit| vendors[hit]).collect();
        let named: Vec<&str> = named.into_iter().collect();
        let is_told = !named.is_empty();
        is_told.then(|| note(format!("which is not read and names {}", named.join(", "))))
    });
    notes.collect()
}

/// By what is written where a vendor's SDK is loaded or called in a page, the vendor's name. Some languages have a sign before a name
/// (`$mixpanel->identify(…)`).
fn names(ruleset: &Ruleset) -> BTreeMap<String, &str> {
    let mut names = BTreeMap::new();
    for vendor in ruleset.vendors.values() {
        let globals = vendor.globals.iter().filter(|global| !global.common_word);
        let globals = globals.map(|global| global.name.as_str());
        let written = vendor
            .scripts
            .iter()
            .chain(&vendor.hosts)
            .map(String::as_str);
        for name in written.chain(globals).filter(|name| name.len() >= SHORTEST) {
            for spelled in [name.to_owned(), format!("${name}")] {
                names.entry(spelled).or_insert(vendor.name.as_str());
            }
        }
    }
    names
}
