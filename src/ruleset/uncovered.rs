//! The shape of `rules/uncovered.toml`: packages that hand data to somebody, and of which no more is known.
//!
//! In: TOML text. Out: serde structs that refuse unknown keys, and what of them makes no sense. It leaves alone where such a
//! package is used (`uncovered`), and what is known of vendors (`schema`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::{At, RuleError};
use super::schema::Call;

/// `rules/uncovered.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UncoveredPackages {
    /// Its entries.
    #[serde(default)]
    pub(super) uncovered: Vec<Uncovered>,
    /// What the names of others say.
    pub(super) guesses: Option<Guesses>,
}

impl UncoveredPackages {
    /// Reports entries that say nothing.
    pub(super) fn check(&self, at: &At<'_>, errors: &mut Vec<RuleError>) {
        for (index, entry) in self.uncovered.iter().enumerate() {
            let is_blank = |text: &String| text.trim().is_empty();
            if is_blank(&entry.vendor)
                || is_blank(&entry.hands)
                || entry.packages.is_empty()
                || entry.packages.iter().any(is_blank)
            {
                at.report(
                    &["uncovered".into(), index.into()],
                    "an entry needs a vendor, what is handed to it, and packages".to_owned(),
                    errors,
                );
            }
        }
    }
}

/// Packages of one vendor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncovered {
    /// The id that the vendor would have.
    pub vendor: String,
    /// What they do, as the rest of a sentence that starts with the package.
    pub hands: String,
    /// Their names.
    pub packages: Vec<String>,
}

/// What the names of a package say that nothing lists, and those of its functions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guesses {
    /// The names of modules.
    pub signs: Signs,
    /// Words by which the names of functions begin that give a client, if another of its words is one of `signs.words`.
    pub giving: Vec<String>,
    /// Words by which the names of functions begin that send nothing.
    pub others: Vec<String>,
    /// What functions send, by words of their names; the first counts.
    pub sending: Vec<Sending>,
}

/// Names of modules that hand on what happens in an app.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    /// Words of such names.
    pub words: Vec<String>,
    /// Words that name the vendor as well, to its id.
    pub vendors: BTreeMap<String, String>,
    /// What the names of keys begin with by which an app proves who it is to a vendor (`ACME` of `ACME_API_KEY`), to its id.
    pub keys: BTreeMap<String, String>,
}

impl Signs {
    /// All words of which a name has one.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.words
            .iter()
            .chain(self.vendors.keys())
            .map(String::as_str)
    }
}

/// What a function sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// Words of its name.
    pub words: Vec<String>,
    /// What its arguments are; the path is of no meaning.
    pub call: Call,
}
