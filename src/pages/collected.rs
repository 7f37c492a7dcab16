//! Parameters of addresses, each once.
//!
//! In: where code speaks of a parameter, with what is known of its address. Out: [`Parameter`]s. It leaves alone how they are
//! found in a file (`addresses`, `links`, `constants`).

use std::collections::BTreeMap;

use super::addresses::How;
use super::apps::Apps;
use super::named::Named;
use super::{Parameter, routes};
use crate::flow::Place;
use crate::read::Texts;

/// Parameters, each once: under the route that it is on, else in the file that speaks of it.
pub(super) struct Collected<'n> {
    pub(super) named: &'n Named<'n>,
    pub(super) apps: &'n Apps,
    pub(super) texts: &'n Texts,
    /// By package, class, name and address or file.
    pub(super) found: BTreeMap<(String, String, String, String), Parameter>,
}

impl Collected<'_> {
    /// A parameter on a route that ends alike, in the same file, or, for a link, read by a page that is on several routes.
    fn is_known(
        &self,
        package: Option<&str>,
        class: &str,
        word: &str,
        route: Option<&str>,
        path: &str,
    ) -> bool {
        let mut alike = self.found.iter().filter(|((of, kind, other, _), _)| {
            kind == class && other == word && package.is_none_or(|it| it == of)
        });
        alike.any(
            |((.., known), parameter)| match (route, parameter.has_route) {
                (Some(route), true) => is_end(known, route) || is_end(route, known),
                (Some(_), false) => path.is_empty(),
                (None, _) => known == path,
            },
        )
    }

    /// A parameter of a path of which no more is known; a route that has it says more.
    pub(super) fn add_in_path(
        &mut self,
        place: Place,
        name: &str,
        path: &str,
        shown_in: Vec<String>,
    ) {
        let word = self.named.folded(name);
        let class = self.named.class(name, path);
        let is_on_route = self.found.iter().any(|((_, known, ..), it)| {
            it.in_path
                && it.has_route
                && class == Some(known)
                && self.named.folded(&it.name) == word
                && self.shares(&it.place, path)
        });
        if is_on_route {
            return;
        }
        self.add(place.clone(), How::Read, "", name, path, shown_in);
        let mut all = self.found.values_mut();
        if let Some(added) = all.find(|it| it.place == place && it.name == name) {
            added.in_path = true;
            added.address = format!(":{name}");
        }
    }

    fn shares(&self, place: &Place, path: &str) -> bool {
        let file = self.texts.get(place.file);
        file.is_some_and(|file| self.apps.share(file.path.as_str(), path))
    }

    pub(super) fn add(
        &mut self,
        place: Place,
        how: How,
        address: &str,
        name: &str,
        path: &str,
        shown_in: Vec<String>,
    ) {
        let around = format!("{address} {path}");
        let Some(class) = self.named.class(name, &around) else {
            return;
        };
        let in_path = routes::has_parameter(address, name);
        let route = match address {
            "" => None,
            address => Some(routes::folded(address)),
        };
        // What stands in a path is the same parameter, whatever it is called.
        let word = if in_path {
            String::new()
        } else {
            self.named.folded(name)
        };
        let file = self.texts.get(place.file);
        let package = file
            .map_or("", |file| self.apps.package(file.path.as_str()))
            .to_owned();
        let of = match how {
            How::Route => None,
            How::Read => Some(Some(package.as_str())),
            How::Link => Some(None),
        };
        if of.is_some_and(|of| self.is_known(of, class, &word, route.as_deref(), path)) {
            return;
        }
        let key = route.unwrap_or_else(|| path.to_owned());
        let shown = match in_path {
            true => routes::path(address).to_owned(),
            false => format!("{}?{name}", routes::path(address)),
        };
        self.found
            .entry((package, class.to_owned(), word, key))
            .or_insert_with(|| Parameter {
                place,
                how,
                in_path,
                shown_in,
                has_route: !address.is_empty(),
                name: name.to_owned(),
                address: shown,
                class: class.to_owned(),
            });
    }
}

/// Whether an address ends with all parts of another.
fn is_end(address: &str, end: &str) -> bool {
    !end.is_empty()
        && address
            .strip_suffix(end)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
}
