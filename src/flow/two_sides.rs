//! Which of several classes can stand behind an interface where it is asked, as some of them run on servers and others in pages.
//!
//! In: the file of a call, and the classes that implement the interface. Out: those that may run where the call does. It
//! leaves alone what only importers say of a file: an interface that both sides share is asked by what both share as well.

use super::evaluate::Evaluator;
use crate::facts::{ClassId, Imported};
use crate::source::{FileId, is_named};

/// Languages of files that make what a page shows.
const OF_PAGES: [&str; 4] = ["tsx", "jsx", "vue", "svelte"];

/// Where code runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Server,
    Pages,
}

impl Evaluator<'_> {
    /// The classes that may stand behind an interface for whoever asks in a file: all of them, unless some are of that file's
    /// side. Those of the other side are left out then.
    pub(super) fn of_side(
        &self,
        asking: FileId,
        classes: &[(FileId, ClassId)],
    ) -> Vec<(FileId, ClassId)> {
        if classes.len() < 2 {
            return classes.to_vec();
        }
        let Some(side) = self.side_of_asking(asking) else {
            return classes.to_vec();
        };
        let told: Vec<_> = classes
            .iter()
            .map(|class| (*class, self.side_by_vendors(class.0)))
            .collect();
        let is_served = told.iter().any(|(_, its)| *its == Some(side));
        let fits = |its: Option<Side>| !is_served || its.is_none_or(|its| its == side);
        let fitting = told.into_iter().filter(|(_, its)| fits(*its));
        fitting.map(|(class, _)| class).collect()
    }

    /// Where a file runs that asks.
    fn side_of_asking(&self, file: FileId) -> Option<Side> {
        let extension = self.program.source(file).path.extension();
        let is_of_pages = || {
            OF_PAGES
                .contains(&extension.as_str())
                .then_some(Side::Pages)
        };
        self.side_by_name(file).or_else(is_of_pages)
    }

    /// Where a class runs by the SDKs that its file imports, or by the file's name.
    fn side_by_vendors(&self, file: FileId) -> Option<Side> {
        let imports = self.program.facts(file).imports.iter();
        let packages = imports
            .filter(|import| import.imported != Imported::Nothing)
            .filter_map(|import| self.catalog.package(&import.specifier));
        let mut sides = packages.map(|(_, _, package)| match package.server {
            true => Side::Server,
            false => Side::Pages,
        });
        let first = sides.next();
        match sides.all(|side| Some(side) == first) {
            true => first.or_else(|| self.side_by_name(file)),
            false => None,
        }
    }

    fn side_by_name(&self, file: FileId) -> Option<Side> {
        let places = self.catalog.places?;
        let source = self.program.source(file);
        if is_named(source, &places.on_client) {
            return Some(Side::Pages);
        }
        is_named(source, &places.on_server).then_some(Side::Server)
    }
}
