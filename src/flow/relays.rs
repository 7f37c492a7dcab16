//! What libraries pass on that are no vendor themselves.
//!
//! In: what arrives, and whom hubs pass it on to. Out: what arrives at a library that `relays`, at the vendors that the code
//! names to it: at the call itself (a model), else when it was started (plugins, a mail server). It leaves alone whom the code
//! names (`hubs`).

use std::collections::BTreeSet;

use super::catalog::Catalog;
use super::delivery::{Delivery, Flows, Hop, PassedOn, Place};
use crate::facts::Name;
use crate::ruleset::schema::Vendor;

impl Flows {
    /// Hands on what libraries were given. What nobody is known for stays with the library.
    pub(super) fn relay(&mut self, catalog: &Catalog<'_>) {
        let relays: Vec<&Vendor> = catalog
            .vendors()
            .map(|(_, vendor)| vendor)
            .filter(|vendor| vendor.relays)
            .collect();
        let delivering: BTreeSet<Place> = self
            .deliveries
            .iter()
            .filter(|it| relays.iter().any(|library| library.id == it.vendor))
            .map(|it| it.sink.clone())
            .collect();
        // What a library's plugins of the app's own hand on has arrived there already.
        let others = self.deliveries.iter();
        let others = others.filter(|it| relays.iter().all(|library| library.id != it.vendor));
        let arrived: BTreeSet<(Place, Place)> = others.map(supplied).collect();
        let mut kept = Vec::with_capacity(self.deliveries.len());
        for delivery in std::mem::take(&mut self.deliveries) {
            let Some(library) = relays.iter().find(|it| it.id == delivery.vendor) else {
                kept.push(delivery);
                continue;
            };
            let receiving = receiving(&self.passed_on, &delivery, &delivering);
            // A service that a text names somebody to gets it as well.
            let is_service = !library.hosts.is_empty() && receiving.iter().any(|it| !it.by_value);
            let mut vendors: Vec<&str> = receiving
                .iter()
                .filter_map(|it| it.vendor.as_deref())
                .collect();
            vendors.sort_unstable();
            vendors.dedup();
            kept.extend(
                vendors
                    .iter()
                    .map(|vendor| handed_on(&delivery, vendor, library)),
            );
            let is_handed_on =
                || library.hosts.is_empty() && arrived.contains(&supplied(&delivery));
            let is_known = !vendors.is_empty() || is_handed_on();
            if !is_known || is_service {
                kept.push(delivery);
            }
        }
        self.deliveries = kept;
    }
}

/// Which value arrives, and from which call of the app.
fn supplied(delivery: &Delivery) -> (Place, Place) {
    (delivery.location.clone(), delivery.expression.clone())
}

/// To whom what arrives is passed on: whom the call itself names, at this very place if it names several; else whom those
/// calls name that hand over nothing else.
fn receiving<'p>(
    passed_on: &'p [PassedOn],
    delivery: &Delivery,
    delivering: &BTreeSet<Place>,
) -> Vec<&'p PassedOn> {
    let of_hub = || passed_on.iter().filter(|it| it.hub == delivery.vendor);
    let of_call = || of_hub().filter(|it| it.sink == delivery.sink);
    let of_place: Vec<_> = of_call()
        .filter(|it| it.place == delivery.location)
        .collect();
    if !of_place.is_empty() {
        return of_place;
    }
    let of_call: Vec<_> = of_call().collect();
    if !of_call.is_empty() {
        return of_call;
    }
    of_hub()
        .filter(|it| !delivering.contains(&it.sink))
        .collect()
}

fn handed_on(delivery: &Delivery, vendor: &str, library: &Vendor) -> Delivery {
    let mut delivery = delivery.clone();
    vendor.clone_into(&mut delivery.vendor);
    delivery.subject.vendor = Name::from(vendor);
    delivery.trace.push(Hop {
        place: delivery.sink.clone(),
        note: format!("passed on by {}", library.name),
    });
    delivery
}
