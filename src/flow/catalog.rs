//! The vendor rules, arranged for look-up.
//!
//! In: the ruleset's vendors. Out: [`Catalog`]: what an import, a global, a type or a call of a vendor is. It leaves alone
//! how code gets there.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::destinations::{Destinations, Passage};
use super::value::{Client, HashableKind, Value, VendorThing};
use crate::facts::{Imported, Name};
use crate::outsiders::{Fork, Outsiders};
use crate::renamed::Renamed;
use crate::ruleset::pages::PageRules;
use crate::ruleset::schema::{
    Agreement, Call, ExportKind, Global, GlobalKind, Init, Listed, Package, Plugin, Vendor,
};
use crate::strangers::Strangers;
use crate::variables::Variable;

/// The surface of most SDKs.
const CLIENT: &str = "client";

/// All vendors.
pub struct Catalog<'r> {
    vendors: Vec<&'r Vendor>,
    /// Package name → vendor and its package.
    packages: FxHashMap<&'r str, (usize, usize)>,
    /// Global name → vendor and its global; several kinds and vendors may share one.
    globals: FxHashMap<&'r str, Vec<(usize, &'r Global)>>,
    /// What the names of globals start with.
    roots: FxHashSet<&'r str>,
    /// Vendor and `surface:path` → call.
    calls: FxHashMap<(usize, String), &'r Call>,
    /// What the methods of clients are called by which they are told something.
    methods: FxHashSet<&'r str>,
    control: FxHashSet<(usize, String)>,
    /// Calls that give back what they are given.
    makes: FxHashSet<(usize, String)>,
    plugins: FxHashMap<&'r str, (usize, &'r Plugin)>,
    /// Preset → the plugins that it may bring along.
    presets: FxHashMap<&'r str, Vec<(usize, &'r Plugin)>>,
    /// What names of files say of where they run.
    pub(super) places: Option<&'r PageRules>,
    /// Whose an address is.
    pub(super) destinations: Destinations<'r>,
    /// From this index on, vendors are strangers.
    rules: usize,
    /// Hosts that no rule knows.
    strangers: Option<&'r Strangers>,
    /// Packages that no rule lists.
    outsiders: Option<&'r Outsiders<'r>>,
    /// Where they stand among the vendors, each with the vendor of the rules that it is.
    outside: FxHashMap<usize, Option<usize>>,
    /// Names that the app gives to globals.
    renamed: Vec<&'r str>,
    /// The keys of options that list objects whose methods an SDK calls.
    handler_lists: Vec<&'r str>,
}

/// The place of a parameter that a call gives a value to: of a function that stands in an argument, maybe under a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Handed<'k> {
    pub argument: usize,
    pub key: Option<&'k str>,
    pub parameter: u32,
}

impl<'r> Catalog<'r> {
    /// Arranges the vendors of a ruleset, in the order given.
    pub fn new(vendors: impl IntoIterator<Item = &'r Vendor>) -> Self {
        let vendors: Vec<&Vendor> = vendors.into_iter().collect();
        let mut packages = FxHashMap::default();
        let mut globals: FxHashMap<&str, Vec<(usize, &Global)>> = FxHashMap::default();
        let mut roots = FxHashSet::default();
        let mut calls = FxHashMap::default();
        let mut control = FxHashSet::default();
        let mut makes = FxHashSet::default();
        let mut plugins = FxHashMap::default();
        let mut presets: FxHashMap<&str, Vec<(usize, &Plugin)>> = FxHashMap::default();
        let mut destinations = Destinations::default();
        for (index, vendor) in vendors.iter().enumerate() {
            for (at, package) in vendor.packages.iter().enumerate() {
                packages.entry(package.name.as_str()).or_insert((index, at));
            }
            for plugin in &vendor.plugins {
                plugins
                    .entry(plugin.name.as_str())
                    .or_insert((index, plugin));
                for preset in &plugin.presets {
                    presets.entry(preset).or_default().push((index, plugin));
                }
            }
            destinations.add(index, vendor);
            for global in &vendor.globals {
                roots.extend(global.name.split('.').next());
                globals
                    .entry(global.name.as_str())
                    .or_default()
                    .push((index, global));
            }
            for call in &vendor.calls {
                for surface in &call.surfaces {
                    calls
                        .entry((index, format!("{surface}:{}", call.path)))
                        .or_insert(call);
                }
            }
            control.extend(
                vendor
                    .control
                    .iter()
                    .map(|path| (index, with_surface(path))),
            );
            makes.extend(vendor.makes.iter().map(|path| (index, with_surface(path))));
        }
        let paths = vendors.iter().flat_map(|vendor| &vendor.calls);
        let methods = paths
            .filter_map(|call| call.path.rsplit('.').next())
            .collect();
        let listed = vendors.iter().flat_map(|vendor| &vendor.handlers);
        let handler_lists: BTreeSet<&str> = listed.map(|it| it.listed.as_str()).collect();
        let handler_lists = handler_lists.into_iter().collect();
        Self {
            rules: vendors.len(),
            vendors,
            packages,
            globals,
            roots,
            calls,
            methods,
            control,
            makes,
            places: None,
            destinations,
            strangers: None,
            outsiders: None,
            outside: FxHashMap::default(),
            renamed: Vec::new(),
            plugins,
            presets,
            handler_lists,
        }
    }

    /// Whether a framework's configuration may start an SDK by this name.
    pub(super) fn is_plugin(&self, name: &str) -> bool {
        self.plugins.contains_key(name) || self.presets.contains_key(name)
    }

    /// The plugin of a name.
    pub(super) fn plugin(&self, name: &str) -> Option<(usize, &'r Plugin)> {
        self.plugins.get(name).copied()
    }

    /// The plugins that a preset may bring along.
    pub(super) fn plugins_of(&self, preset: &str) -> &[(usize, &'r Plugin)] {
        self.presets.get(preset).map_or(&[], Vec::as_slice)
    }

    /// The keys of options that list objects whose methods an SDK calls.
    pub(super) fn handler_lists(&self) -> &[&'r str] {
        &self.handler_lists
    }

    /// With hosts that no rule knows; each is a vendor of its own.
    #[must_use]
    pub fn with_strangers(mut self, strangers: &'r Strangers) -> Self {
        let numbered = (self.vendors.len()..).zip(&strangers.hosts);
        self.destinations.add_strangers(numbered);
        let vendors = strangers.hosts.iter().map(|stranger| &stranger.vendor);
        self.vendors.extend(vendors);
        self.strangers = Some(strangers);
        self
    }

    /// With packages that no rule lists.
    #[must_use]
    pub fn with_outsiders(mut self, outsiders: &'r Outsiders<'r>) -> Self {
        for vendor in &outsiders.vendors {
            let index = self.vendors.len();
            let known = self.vendors.iter().position(|known| known.id == vendor.id);
            self.outside.insert(index, known);
            for (at, package) in vendor.packages.iter().enumerate() {
                self.packages
                    .entry(package.name.as_str())
                    .or_insert((index, at));
            }
            self.vendors.push(vendor);
        }
        for Fork { name, package } in &outsiders.forks {
            if let Some(known) = self.packages.get(package.as_str()).copied() {
                self.packages.entry(name.as_str()).or_insert(known);
            }
        }
        self.outsiders = Some(outsiders);
        self
    }

    /// Other names of packages that the rules list.
    pub(super) fn forks(&self) -> &'r [Fork] {
        self.outsiders.map_or(&[], |outsiders| &outsiders.forks)
    }

    /// Whether a vendor is known by a package that no rule lists.
    pub(super) fn is_outside(&self, index: usize) -> bool {
        self.outside.contains_key(&index)
    }

    /// What no rule lists, by the last name of a path.
    fn outside<T>(
        &self,
        vendor: usize,
        path: &str,
        told: impl FnOnce(&'r Outsiders<'r>, &str) -> T,
    ) -> Option<T> {
        let outsiders = self.outsiders.filter(|_| self.is_outside(vendor))?;
        Some(told(outsiders, path.rsplit('.').next()?))
    }

    /// With other names of globals.
    #[must_use]
    pub fn with_renamed(mut self, renamed: &'r [Renamed]) -> Self {
        for Renamed { name, global } in renamed {
            if let Some(uses) = self.globals.get(global.as_str()).cloned() {
                self.roots.insert(name);
                self.globals.entry(name).or_insert(uses);
                self.renamed.push(name);
            }
        }
        self
    }

    /// The names that only this app gives to vendors' globals.
    pub(super) fn renamed(&self) -> &[&'r str] {
        &self.renamed
    }

    /// With what names of files say of where they run.
    #[must_use]
    pub fn with_places(mut self, places: &'r PageRules) -> Self {
        self.places = Some(places);
        self
    }

    /// With paths that the app's own server passes on.
    #[must_use]
    pub fn with_passages(mut self, passages: &'r [Passage]) -> Self {
        self.destinations.add_passages(passages);
        self
    }

    /// With variables of the environment that hold an address of a vendor's.
    #[must_use]
    pub fn with_variables(mut self, variables: &'r [Variable]) -> Self {
        for variable in variables {
            let mut known = self.vendors.iter();
            if let Some(index) = known.position(|known| known.id == variable.vendor) {
                self.destinations.add_variable(variable, index);
            }
        }
        self
    }

    /// Hosts that no rule knows, and the files that may lead there.
    pub(super) fn strangers(&self) -> Option<&'r Strangers> {
        self.strangers
    }

    /// Whether no rule knows a vendor.
    pub(super) fn is_stranger(&self, index: usize) -> bool {
        index >= self.rules
    }

    /// A vendor by its index.
    pub fn vendor(&self, index: usize) -> &'r Vendor {
        self.vendors[index]
    }

    /// All vendors with their indexes.
    pub fn vendors(&self) -> impl Iterator<Item = (usize, &'r Vendor)> + '_ {
        self.vendors.iter().copied().enumerate()
    }

    /// The package that a specifier names, itself or by a subpath.
    pub(super) fn package(&self, specifier: &str) -> Option<(usize, usize, &'r Package)> {
        let specifier = specifier.strip_prefix("npm:").unwrap_or(specifier);
        let mut name = specifier;
        loop {
            if let Some(&(vendor, at)) = self.packages.get(name) {
                return Some((vendor, at, &self.vendors[vendor].packages[at]));
            }
            name = name.rsplit_once('/')?.0;
        }
    }

    /// What an import from a vendor's package is.
    pub(super) fn import(&self, specifier: &str, imported: &Imported) -> Option<Value> {
        let (vendor, at, package) = self.package(specifier)?;
        match imported {
            Imported::Default => Some(
                self.exported(vendor, at, "default")
                    .unwrap_or_else(|| namespace(vendor, at, package)),
            ),
            Imported::Named(name) => Some(self.member(vendor, at, name)),
            Imported::Namespace | Imported::Equals | Imported::Nothing => {
                Some(namespace(vendor, at, package))
            }
        }
    }

    /// The client that an import from a vendor's package makes when it is constructed.
    pub(super) fn made_by(&self, specifier: &str, imported: &Imported) -> Option<Client> {
        match self.import(specifier, imported)? {
            Value::Vendor(VendorThing::Export {
                vendor,
                surface,
                kind: HashableKind(ExportKind::Constructor | ExportKind::Factory),
                ..
            }) => Some(Client::new(vendor, surface)),
            _ => None,
        }
    }

    /// A member of a package's namespace.
    pub(super) fn member(&self, vendor: usize, at: usize, name: &str) -> Value {
        let package = &self.vendors[vendor].packages[at];
        self.exported(vendor, at, name)
            .unwrap_or_else(|| match name {
                "default" => namespace(vendor, at, package),
                _ => Value::Client(Client {
                    path: vec![Name::from(name)],
                    ..Client::new(vendor, Name::from(&package.namespace))
                }),
            })
    }

    fn exported(&self, vendor: usize, at: usize, name: &str) -> Option<Value> {
        let export = self.vendors[vendor].packages[at]
            .exports
            .iter()
            .find(|export| export.name == name)?;
        let vendor = match &export.vendor {
            Some(id) => self.vendors.iter().position(|it| it.id == *id)?,
            None => vendor,
        };
        Some(match export.kind {
            ExportKind::Client => Value::Client(Client {
                // Of another vendor it is a call of that one's.
                path: export.vendor.iter().map(|_| Name::from(name)).collect(),
                package: (name == "default").then_some(at),
                ..Client::new(vendor, Name::from(&export.surface))
            }),
            kind => Value::Vendor(VendorThing::Export {
                vendor,
                kind: HashableKind(kind),
                surface: Name::from(&export.surface),
                members: export.members.iter().map(Name::from).collect(),
                name: Name::from(name),
            }),
        })
    }

    /// The surface that a type of a vendor's package stands for.
    pub(super) fn type_of(&self, specifier: &str, name: &str) -> Option<Client> {
        let (vendor, _, package) = self.package(specifier)?;
        let surface = package.types.get(name).map(String::as_str).or_else(|| {
            let export = package.exports.iter().find(|export| export.name == name)?;
            matches!(export.kind, ExportKind::Constructor | ExportKind::Client)
                .then_some(export.surface.as_str())
        })?;
        Some(Client::new(vendor, Name::from(surface)))
    }

    /// The surface of a type name that only one vendor's packages export, for ambient uses.
    pub(super) fn globals(&self, name: &str) -> &[(usize, &'r Global)] {
        self.globals.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a global of this name is a vendor's, or holds one that is.
    pub(super) fn is_root(&self, name: &str) -> bool {
        self.roots.contains(name)
    }

    /// All names of globals.
    pub fn global_names(&self) -> impl Iterator<Item = (&'r str, bool)> + '_ {
        self.globals
            .iter()
            .map(|(name, uses)| (*name, uses.iter().all(|(_, global)| global.common_word)))
    }

    /// A call rule.
    pub(super) fn call(&self, vendor: usize, surface: &str, path: &str) -> Option<&'r Call> {
        let listed = |vendor, surface: &str, path: &str| {
            let key = (vendor, format!("{surface}:{path}"));
            self.calls.get(&key).copied()
        };
        let guessed = || self.outside(vendor, path, Outsiders::call).flatten();
        match self.outside.get(&vendor).copied().flatten() {
            // The client may be one of several things that the package exports.
            Some(known) => {
                let exported = path.match_indices('.').map(|(at, _)| &path[at + 1..]);
                let mut paths = std::iter::once(path).chain(exported);
                paths.find_map(|path| listed(known, CLIENT, path))
            }
            None => listed(vendor, surface, path),
        }
        .or_else(guessed)
    }

    /// Whether the client of some vendor has a method of this name by which it is told something.
    pub(super) fn is_method(&self, name: &str) -> bool {
        self.methods.contains(name)
    }

    /// Whether a call is known to carry nothing.
    pub(super) fn is_control(&self, vendor: usize, surface: &str, path: &str) -> bool {
        self.control
            .contains(&(vendor, format!("{surface}:{path}")))
    }

    /// Whether a call only makes what others send.
    pub(super) fn makes(&self, vendor: usize, surface: &str, path: &str) -> bool {
        self.makes.contains(&(vendor, format!("{surface}:{path}")))
    }

    /// What a call may tell the SDK of consent.
    pub(super) fn agreements(
        &self,
        vendor: usize,
        path: &str,
    ) -> impl Iterator<Item = &'r Agreement> {
        let all = self.vendors[vendor].agreements.iter();
        all.filter(move |it| it.call.as_deref() == Some(path))
    }

    /// What a call gives, if that is a client again: itself, to a callback, or to one under a key of an argument.
    pub(super) fn gives(
        &self,
        vendor: usize,
        surface: &str,
        path: &str,
        handed: Option<Handed<'_>>,
    ) -> Option<Client> {
        let mut given = self.given_by(vendor, surface, path);
        let given = given.find_map(|(to, client)| (to == handed).then_some(client));
        let guessed = || {
            let gives = handed.is_none() && self.outside(vendor, path, Outsiders::gives)?;
            gives.then(|| Client::new(vendor, Name::from(surface)))
        };
        given.or_else(guessed)
    }

    /// What a call hands clients to: which argument or key of one, as which parameter, and which client.
    pub(super) fn handed_by(
        &self,
        vendor: usize,
        surface: &str,
        path: &str,
    ) -> impl Iterator<Item = (Handed<'r>, Client)> {
        let given = self.given_by(vendor, surface, path);
        given.filter_map(|(to, client)| Some((to?, client)))
    }

    fn given_by(
        &self,
        vendor: usize,
        surface: &str,
        path: &str,
    ) -> impl Iterator<Item = (Option<Handed<'r>>, Client)> {
        let all = self.vendors[vendor].gives.iter();
        all.filter(move |gives| gives.from == surface && gives.path == path)
            .map(move |gives| {
                let handed = gives.callback.map(|argument| Handed {
                    argument,
                    key: gives.callback_key.as_deref(),
                    parameter: gives.parameter,
                });
                (handed, Client::new(vendor, Name::from(&gives.surface)))
            })
    }

    /// Where a call that gives a client says which methods of it there are.
    pub(super) fn methods_by(&self, client: &Client) -> Option<&'r Listed> {
        let path = client.dotted();
        let mut gives = self.vendors[client.vendor].gives.iter();
        let given = gives.find(|gives| gives.from == client.surface && gives.path == path);
        given.and_then(|gives| gives.methods.as_ref())
    }

    /// Whether a call gives a client, itself or to a callback.
    pub(super) fn gives_any(&self, vendor: usize, surface: &str, path: &str) -> bool {
        let mut gives = self.vendors[vendor].gives.iter();
        gives.any(|gives| gives.from == surface && gives.path == path)
    }

    /// The init rule of a call.
    pub(super) fn init(&self, vendor: usize, surface: &str, path: &str) -> Option<&'r Init> {
        self.vendors[vendor]
            .init
            .iter()
            .find(|init| init.path == path && init.surfaces.iter().any(|s| s == surface))
    }

    /// The first global of a name with a kind.
    pub(super) fn global(&self, name: &str, kinds: &[GlobalKind]) -> Vec<(usize, &'r Global)> {
        self.globals(name)
            .iter()
            .copied()
            .filter(|(_, global)| kinds.contains(&global.kind))
            .collect()
    }
}

/// A call as rules list it, with its surface.
fn with_surface(path: &str) -> String {
    if path.contains(':') {
        path.to_owned()
    } else {
        format!("client:{path}")
    }
}

fn namespace(vendor: usize, at: usize, package: &Package) -> Value {
    Value::Client(Client {
        package: Some(at),
        ..Client::new(vendor, Name::from(&package.namespace))
    })
}
