//! To whom a hub passes on what it is sent, where the code says so.
//!
//! In: what a call of a hub names as destinations, the options with which it is started. Out: [`PassedOn`], with the vendor
//! that is meant. It leaves alone what an export of a container says (`containers`), and what is sent.

use std::collections::BTreeSet;

use super::catalog::Catalog;
use super::delivery::{OptionValue, PassedOn, Place, Started};
use super::evaluate::Evaluator;
use super::object::Field;
use super::outcomes::Outcomes;
use super::payload::{Leaf, Outcome};
use super::value::{V, Value, VendorThing};
use crate::facts::{Literal, Name};
use crate::ruleset::schema::{Role, Vendor};

/// Whom a call of a hub names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Destination {
    /// As the hub calls it.
    Name(Name),
    /// A vendor, by a client or plugin of its package.
    Vendor(usize),
}

/// Whom a call of a hub names, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub hub: usize,
    pub destination: Destination,
    /// Where the code says so.
    pub place: Place,
    /// The hub's call.
    pub sink: Place,
}

impl<'p> Evaluator<'p> {
    /// Takes the destinations that a leaf names; whether there was something to take. What is not known yet is left to wait.
    pub(super) fn take_destinations(&self, leaf: &Leaf<'p>, out: &mut Outcomes<'p>) -> bool {
        let is_on = |value: &V| {
            !matches!(
                &**value,
                Value::Nothing | Value::Literal(Literal::Bool(false))
            )
        };
        let passed_on =
            |name: &Name| Outcome::PassedOn(leaf.clone(), Destination::Name(name.clone()));
        let vendor_of = |value: &V| match &**value {
            Value::Client(client) => Some(client.vendor),
            Value::Vendor(VendorThing::Export { vendor, .. }) => Some(*vendor),
            _ => None,
        };
        if let Some(vendor) = vendor_of(&leaf.value) {
            out.push(Outcome::PassedOn(leaf.clone(), Destination::Vendor(vendor)));
            return true;
        }
        match &*leaf.value {
            Value::Literal(Literal::String(name)) => out.push(passed_on(&Name::from(&**name))),
            Value::Literal(_) => {}
            // What an object has spread in is looked at as one of its own.
            Value::Object(object) => {
                for field in object.fields.iter().filter(|field| is_on(&field.value)) {
                    let destination = vendor_of(&field.value).map_or_else(
                        || Destination::Name(field.name.clone()),
                        Destination::Vendor,
                    );
                    out.push(Outcome::PassedOn(leaf.clone(), destination));
                    self.take_told(leaf, field, out);
                }
                for spread in &object.spreads {
                    let inner = Leaf {
                        value: spread.clone(),
                        ..leaf.clone()
                    };
                    self.take_destinations(&inner, out);
                }
            }
            _ => return false,
        }
        true
    }
}

impl<'p> Evaluator<'p> {
    /// What is told to one destination alone (`integrations: { Amplitude: { session_id } }`), which the hub gets as well.
    fn take_told(&self, leaf: &Leaf<'p>, field: &Field, out: &mut Outcomes<'p>) {
        if !matches!(&*field.value, Value::Object(_)) {
            return;
        }
        let mut key = leaf.key.clone();
        key.push(field.name.clone());
        out.extend(self.outcomes(
            Leaf {
                role: Role::Properties,
                value: field.value.clone(),
                key,
                ..leaf.clone()
            },
            false,
        ));
    }
}

impl Catalog<'_> {
    /// All that hubs pass on, by what their calls name and by how they are started.
    pub(super) fn passed_on(&self, named: &BTreeSet<Named>, started: &[Started]) -> Vec<PassedOn> {
        let mut found = BTreeSet::new();
        for named in named {
            let hub = self.vendor(named.hub);
            found.extend(match &named.destination {
                Destination::Name(name) => {
                    self.destination_of(hub, name, &named.place, &named.sink)
                }
                Destination::Vendor(vendor) => Some(PassedOn {
                    hub: hub.id.clone(),
                    name: self.vendor(*vendor).id.clone(),
                    vendor: Some(self.vendor(*vendor).id.clone()),
                    place: named.place.clone(),
                    sink: named.sink.clone(),
                    by_value: true,
                })
                .filter(|_| *vendor != named.hub),
            });
        }
        for (_, hub) in self.vendors() {
            let keys = hub
                .init
                .iter()
                .filter_map(|init| init.destinations.as_deref());
            for key in keys {
                for started in started.iter().filter(|started| started.vendor == hub.id) {
                    for name in names_below(started, key) {
                        found.extend(self.destination_of(
                            hub,
                            name,
                            &started.place,
                            &started.place,
                        ));
                    }
                }
            }
        }
        found.into_iter().collect()
    }

    fn destination_of(
        &self,
        hub: &Vendor,
        name: &str,
        place: &Place,
        sink: &Place,
    ) -> Option<PassedOn> {
        // A hub lists itself, and all others, beside the others.
        if names_of(hub).any(|own| words(own) == words(name)) {
            return None;
        }
        Some(PassedOn {
            hub: hub.id.clone(),
            name: name.to_owned(),
            vendor: self.known_as(name).map(str::to_owned),
            place: place.clone(),
            sink: sink.clone(),
            by_value: false,
        })
    }

    /// The vendor whose id or other name is part of a name, word by word; the longest if there are several.
    fn known_as(&self, name: &str) -> Option<&str> {
        let given = words(name);
        let is_within = |known: &str| {
            let known = words(known);
            let length = known.len();
            let is_part = length > 0 && given.windows(length).any(|part| *part == known[..]);
            is_part.then_some(length)
        };
        // What a hub calls all others is a word of many names.
        let receiving = self
            .vendors()
            .filter(|(_, vendor)| vendor.forwards.is_none());
        let matches = receiving.filter_map(|(_, vendor)| {
            let longest = names_of(vendor).filter_map(is_within).max()?;
            Some((longest, vendor.id.as_str()))
        });
        let longest = matches.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
        longest.map(|(_, vendor)| vendor)
    }
}

/// The names under which a vendor is listed.
fn names_of(vendor: &Vendor) -> impl Iterator<Item = &str> {
    let others = vendor.known_as.iter().map(String::as_str);
    others.chain([vendor.id.as_str()])
}

/// The keys of an object among the options, without those that are off.
fn names_below<'s>(started: &'s Started, key: &str) -> impl Iterator<Item = &'s str> {
    let prefix = format!("{key}.");
    let options = started.options.iter();
    options.filter_map(move |(path, value)| {
        let name = path.strip_prefix(&prefix)?;
        let is_off = matches!(value, OptionValue::Known(toml::Value::Boolean(false)));
        let is_setting_of_one = path.match_indices('.').any(|(at, _)| {
            at > key.len() && matches!(started.options.get(&path[..at]), Some(OptionValue::Object))
        });
        (!is_off && !is_setting_of_one).then_some(name)
    })
}

/// The words of a name in small letters.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|char: char| !char.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
