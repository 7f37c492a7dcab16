//! The shape of `rules/uncovered.toml`: packages that hand data to somebody, and of which no more is known.
//!
//! In: TOML text. Out: serde structs that refuse unknown keys, and what of them makes no sense. It leaves alone where such a
//! package is used (`uncovered`), and what is known of vendors (`schema`).

use serde::Deserialize;

use super::error::{At, RuleError};

/// `rules/uncovered.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UncoveredPackages {
    /// Its entries.
    #[serde(default)]
    pub(super) uncovered: Vec<Uncovered>,
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
