//! Whether a file is of the app, or only shows it to others.
//!
//! In: the path of a file, and the names of directories. Out: a [`Standing`]. It leaves alone where the code of the file runs.

use super::Pages;
use crate::ruleset::pages::PageRules;

/// What a file is there for, what is nearest to the app's users first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is of the app, as far as is known.
    App,
    /// It is of a site that explains the app.
    Docs,
    /// It shows others how something is done: nobody visits it.
    Example,
}

impl Pages {
    /// What a file is there for, by the directories around its package and the first below. Deeper ones are parts of an app,
    /// which may have pages called so.
    pub fn standing(&self, path: &str, rules: &PageRules) -> Standing {
        let package = self.apps.as_ref().map_or("", |apps| apps.package(path));
        let below = path.strip_prefix(package).unwrap_or(path);
        let below = below.trim_start_matches('/').split_once('/');
        let mut around: Vec<&str> = package.split('/').collect();
        around.extend(below.map(|(first, _)| first));
        let is_one = |names: &[String]| around.iter().any(|it| names.iter().any(|name| name == it));
        if is_one(&rules.examples) {
            Standing::Example
        } else if is_one(&rules.docs) {
            Standing::Docs
        } else {
            Standing::App
        }
    }
}
