//! On which side the parts of an SDK run: in pages, or on a server.
//!
//! In: a vendor's rule, where its packages are imported, and where the code at a place runs. Out: whether what stands at a
//! place is of pages, and whether anything of the vendor's is. It leaves alone what either part collects (`auto`), and how it is
//! known where code runs (`screens/`).

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use crate::flow::{Evidence, Flows, Place, Started};
use crate::pages::RunsAt;
use crate::read::Texts;
use crate::ruleset::schema::{Auto, Package, Vendor};
use crate::screens::Side;
use crate::source::FileId;
use crate::source::is_named;

/// How the expression begins that a class is first of all read from, if that is a document.
const DOCUMENT: &str = "document.";

/// The parts of one vendor's SDK that are here.
pub(super) struct Sides<'a> {
    pub(super) rule: &'a Vendor,
    flows: &'a Flows,
    rules: Rules<'a>,
    texts: &'a Texts,
    runs: &'a RunsAt,
    /// The packages that each file imports, but for files that only developers run.
    imported: BTreeMap<FileId, BTreeSet<&'a str>>,
    /// Packages that a file imports for pages.
    imported_in_pages: BTreeSet<&'a str>,
    /// Surfaces that only packages for servers give.
    on_servers: BTreeSet<&'a str>,
    /// Whether something runs in pages, once somebody has asked.
    in_pages: OnceCell<bool>,
}

impl<'a> Sides<'a> {
    pub(super) fn new(
        rule: &'a Vendor,
        flows: &'a Flows,
        rules: Rules<'a>,
        texts: &'a Texts,
        runs: &'a RunsAt,
    ) -> Self {
        let mut imported: BTreeMap<FileId, BTreeSet<&str>> = BTreeMap::new();
        let mut imported_in_pages = BTreeSet::new();
        for seen in flows.seen.iter().filter(|seen| seen.vendor == rule.id) {
            let Some(package) = seen.package.as_deref() else {
                continue;
            };
            let side = runs.side(&seen.place);
            if side != Side::Tool {
                imported.entry(seen.place.file).or_default().insert(package);
            }
            if side == Side::Pages {
                imported_in_pages.insert(package);
            }
        }
        let (servers, pages): (Vec<_>, Vec<_>) = rule.packages.iter().partition(|it| it.server);
        let globals = rule.globals.iter().map(|it| it.surface.as_str());
        let in_pages = pages.into_iter().flat_map(surfaces).chain(globals);
        let in_pages = given(rule, in_pages.collect());
        let on_servers = given(rule, servers.into_iter().flat_map(surfaces).collect());
        Self {
            rule,
            flows,
            rules,
            texts,
            runs,
            imported,
            imported_in_pages,
            on_servers: on_servers.difference(&in_pages).copied().collect(),
            in_pages: OnceCell::new(),
        }
    }

    /// All packages of the vendor that some file imports.
    pub(super) fn imports(&self, package: &str) -> bool {
        self.imported.values().any(|here| here.contains(package))
    }

    /// Whether something of the vendor's runs in pages.
    pub(super) fn is_in_pages(&self) -> bool {
        *self.in_pages.get_or_init(|| self.runs_in_pages())
    }

    fn runs_in_pages(&self) -> bool {
        let mut imported = self.imported_in_pages.iter();
        let is_imported = imported.any(|it| {
            !self.is_of_server(it) && !self.is_aside(it) && !self.is_started_elsewhere(it)
        });
        let of_vendor = |vendor: &str| vendor == self.rule.id;
        let mut seen = self.flows.seen.iter();
        let mut calls = self.flows.calls.iter();
        let mut started = self.flows.started.iter();
        is_imported
            || seen.any(|it| {
                of_vendor(&it.vendor)
                    && it.evidence == Evidence::Script
                    && self.runs.side(&it.place) == Side::Pages
            })
            || started.any(|it| of_vendor(&it.vendor) && self.starts_in_pages(it))
            || calls.any(|it| {
                of_vendor(&it.vendor)
                    && self.is_of_pages(&it.place, &it.surface)
                    && !self.is_by_started_elsewhere(it.place.file)
            })
    }

    /// Whether a package does nothing in pages, though they import it: all its starts are on servers.
    fn is_started_elsewhere(&self, package: &str) -> bool {
        let started = self.flows.started.iter();
        let sides = started
            .filter(|it| it.vendor == self.rule.id && !it.later)
            .filter(|it| {
                let here = self.imported.get(&it.place.file);
                here.is_some_and(|here| here.contains(package))
            })
            .map(|it| self.runs.side(&it.place))
            .filter(|side| *side != Side::Tool);
        is_each(sides, |side| side != Side::Pages)
    }

    /// Whether a file has the SDK by packages that are started elsewhere.
    fn is_by_started_elsewhere(&self, file: FileId) -> bool {
        let here = self.imported.get(&file);
        here.is_some_and(|here| here.iter().all(|it| self.is_started_elsewhere(it)))
    }

    /// Whether a start is one in pages.
    pub(super) fn starts_in_pages(&self, start: &Started) -> bool {
        self.is_of_pages(&start.place, &start.surface)
    }

    /// Whether a start is one of a package that collects something.
    pub(super) fn starts_package(&self, start: &Started, auto: &Auto) -> bool {
        let here = self.imported.get(&start.place.file);
        here.is_some_and(|here| auto.packages.iter().any(|it| here.contains(it.as_str())))
    }

    /// Whether a start is one at the edge of a network, by the name of its file or what that says.
    pub(super) fn starts_at_edge(&self, start: &Started) -> bool {
        let file = self.texts.get(start.place.file);
        let mut said = self.rules.pages.edge_declared.iter();
        self.is_named(start.place.file, &self.rules.pages.on_edge)
            || file.is_some_and(|file| said.any(|it| file.text.contains(it)))
    }

    /// Whether a start is one where there is no document: in a worker of a browser, by the name of its file, or in an app on a
    /// device, by the package.
    pub(super) fn starts_without_document(&self, start: &Started) -> bool {
        let file = start.place.file;
        self.is_named(file, &self.rules.pages.in_workers)
            || self
                .imported
                .get(&file)
                .is_some_and(|here| here.iter().any(|it| self.is_of_device(it)))
    }

    /// Whether all packages that are imported are for apps on devices, and none comes as a script.
    pub(super) fn is_on_devices_alone(&self) -> bool {
        self.is_each_package(|it| self.is_of_device(it))
    }

    /// Whether all packages that are imported are among some, and none comes as a script.
    pub(super) fn is_of_packages_alone(&self, packages: &[String]) -> bool {
        self.is_each_package(|it| packages.iter().any(|package| package == it))
    }

    fn is_each_package(&self, is_so: impl Fn(&str) -> bool) -> bool {
        let imported = self.imported.values().flatten();
        let mut seen = self.flows.seen.iter();
        let is_script = seen.any(|it| it.vendor == self.rule.id && it.evidence == Evidence::Script);
        !is_script && is_each(imported, |it| is_so(it))
    }

    /// Whether a package is one for apps on devices.
    fn is_of_device(&self, package: &str) -> bool {
        let mut said = self.rules.pages.on_devices.iter();
        said.any(|it| package.contains(it.as_str()))
    }

    /// Whether something collected is of a document, which not all that runs an SDK has.
    pub(super) fn is_of_document(&self, auto: &Auto) -> bool {
        let class = self.rules.classes.get(&auto.class);
        let origin = class.and_then(|it| it.origins.first());
        !auto.worker || !auto.takes.is_empty() || origin.is_some_and(|it| it.starts_with(DOCUMENT))
    }

    /// Whether something is collected on servers.
    pub(super) fn is_by_server(&self, auto: &Auto) -> bool {
        auto.packages.iter().any(|it| self.is_of_server(it))
    }

    /// Whether all that is on servers of a package that collects something is at the edge of a network.
    pub(super) fn is_at_edge_alone(&self, auto: &Auto) -> bool {
        let started = self.flows.started.iter();
        let started = started
            .filter(|it| it.vendor == self.rule.id && !it.later && self.starts_package(it, auto))
            .filter(|it| !self.starts_in_pages(it));
        is_each(started, |it| self.starts_at_edge(it))
    }

    /// Whether a package that can be of both sides is of pages alone here: all starts of it are, by the names of their files.
    pub(super) fn is_of_pages_alone(&self, auto: &Auto) -> bool {
        let of_server = |it: &String| self.is_of_server(it) && self.imports(it);
        let started = self.flows.started.iter();
        let started = started
            .filter(|it| it.vendor == self.rule.id && !it.later && self.starts_package(it, auto));
        let on_client = &self.rules.pages.on_client;
        !auto.packages.iter().any(of_server)
            && is_each(started, |it| self.is_named(it.place.file, on_client))
    }

    /// Whether what stands at a place is of pages, and of the SDK itself.
    pub(super) fn is_of_pages(&self, place: &Place, surface: &str) -> bool {
        // A request by hand is no part of an SDK.
        let is_aside = self.rule.aside.iter().any(|it| it == surface);
        let is_elsewhere = self.runs.side(place) != Side::Pages;
        if surface.is_empty() || is_aside || is_elsewhere || self.on_servers.contains(surface) {
            return false;
        }
        let of_pages = |packages: &BTreeSet<&str>| packages.iter().any(|it| !self.is_of_server(it));
        match self.imported.get(&place.file) {
            Some(here) => of_pages(here),
            None if self.is_of_window(place) => true,
            // What the file gets from elsewhere is of a package that is imported there, or of a script.
            None => {
                self.imported.is_empty() || self.imported.values().any(of_pages) || {
                    let mut of_servers = self.rule.packages.iter().filter(|it| it.server);
                    !of_servers.any(|it| surfaces(it).any(|it| it == surface))
                }
            }
        }
    }

    /// Whether a call is one of what a script put into the window of its page: no server has one.
    fn is_of_window(&self, place: &Place) -> bool {
        let file = self.texts.get(place.file);
        file.is_some_and(|file| file.slice(place.span).starts_with("window."))
    }

    /// A package of a part beside the SDK.
    fn is_aside(&self, package: &str) -> bool {
        let mut packages = self.rule.packages.iter().filter(|it| it.name == package);
        packages.any(|it| surfaces(it).all(|it| self.rule.aside.iter().any(|aside| aside == it)))
    }

    fn is_of_server(&self, package: &str) -> bool {
        let mut packages = self.rule.packages.iter();
        packages.any(|it| it.name == package && it.server)
    }

    /// Whether a file has one of the names.
    fn is_named(&self, file: FileId, names: &[String]) -> bool {
        let file = self.texts.get(file);
        file.is_some_and(|file| is_named(file, names))
    }
}

/// The surfaces that a package gives.
fn surfaces(package: &Package) -> impl Iterator<Item = &str> {
    let exported = package.exports.iter().map(|it| it.surface.as_str());
    let typed = package.types.values().map(String::as_str);
    [package.namespace.as_str()]
        .into_iter()
        .chain(exported)
        .chain(typed)
}

/// Surfaces with those that their calls give.
fn given<'a>(rule: &'a Vendor, mut surfaces: BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    loop {
        let more = rule
            .gives
            .iter()
            .filter(|it| surfaces.contains(it.from.as_str()))
            .map(|it| it.surface.as_str());
        let all: BTreeSet<&str> = surfaces.iter().copied().chain(more).collect();
        if all.len() == surfaces.len() {
            return all;
        }
        surfaces = all;
    }
}

/// Whether there are some, and all of them are so.
fn is_each<T>(all: impl Iterator<Item = T>, is_so: impl Fn(T) -> bool) -> bool {
    let mut all = all.peekable();
    all.peek().is_some() && all.all(is_so)
}
