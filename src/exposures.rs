//! Which of the values that arrive are personal data.
//!
//! In: the values that arrive at vendors, and the classifier. Out: an [`Exposure`] for each that has a class, by itself or by
//! what it is sent with in one object. It leaves alone how a class is told (`classify`) and how bad that is (`assess`).

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::Exposure;
use crate::classify::{Beside, Classifier, Verdict};
use crate::facts::Name;
use crate::finding::Confidence;
use crate::flow::{Delivery, Hop, Place};

/// The object that a value is sent in: of whom, by which call, and the keys that lead to it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Sent<'d> {
    vendor: &'d str,
    location: &'d Place,
    sink: &'d Place,
    /// By which calls it gets there: functions that are handed over are called at one place for all who hand one over.
    way: &'d [Hop],
    within: &'d [Name],
}

impl<'d> Sent<'d> {
    /// None for a value that is sent by its position.
    fn of(delivery: &'d Delivery) -> Option<Self> {
        let (_, within) = delivery.subject.key.split_last()?;
        Some(Self {
            vendor: &delivery.vendor,
            location: &delivery.location,
            sink: &delivery.sink,
            way: delivery.trace.get(1..).unwrap_or_default(),
            within,
        })
    }
}

/// A value with a class: where it is read, the names of what it is read from, and the class' id.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Classed<'d> {
    at: &'d Place,
    owner: &'d [Name],
    class: String,
}

/// The classes of all values, in their order. `typed` is the name under which a field holds any text.
pub(crate) fn of<'d>(
    deliveries: &'d [Delivery],
    classifier: &Classifier,
    typed: Option<&str>,
) -> Vec<Exposure<'d>> {
    let mut verdicts: Vec<Vec<Verdict>> = deliveries
        .iter()
        .map(|delivery| classifier.classify(&delivery.subject))
        .collect();
    // With the value of which each class is: one that is sent under several keys is not beside itself.
    let mut together: BTreeMap<Sent<'d>, BTreeSet<Classed<'d>>> = BTreeMap::new();
    for (delivery, verdicts) in deliveries.iter().zip(&verdicts) {
        if let Some(sent) = Sent::of(delivery)
            && !verdicts.is_empty()
        {
            let classes = verdicts.iter().map(|verdict| verdict.class.clone());
            let owner = owner(delivery);
            let classes = classes.map(|class| Classed {
                at: &delivery.expression,
                owner,
                class,
            });
            together.entry(sent).or_default().extend(classes);
        }
    }
    for (delivery, verdicts) in deliveries.iter().zip(&mut verdicts) {
        let others = Sent::of(delivery).and_then(|sent| together.get(&sent));
        if let Some(others) = others.filter(|_| verdicts.is_empty()) {
            let others = others.iter().filter(|it| *it.at != delivery.expression);
            let own = owner(delivery);
            let of_same = others
                .clone()
                .filter(|it| it.owner == own && !own.is_empty());
            let beside = Beside {
                of_same_owner: of_same.map(|it| it.class.as_str()).collect(),
                all: others.map(|it| it.class.as_str()).collect(),
            };
            if !beside.all.is_empty() {
                *verdicts = classifier.classify_beside(&delivery.subject, &beside);
            }
        }
    }
    if let Some(typed) = typed {
        give_way(deliveries, &mut verdicts, typed);
    }
    let each = deliveries.iter().zip(verdicts);
    each.flat_map(|(delivery, verdicts)| {
        let verdicts = verdicts.into_iter();
        verdicts.map(move |verdict| Exposure { delivery, verdict })
    })
    .collect()
}

/// The names of what a value is read from.
fn owner(delivery: &Delivery) -> &[Name] {
    let names = delivery.subject.path.split_last();
    names.map_or(&[], |(_, owner)| owner)
}

/// Of what one key may be sent with, a value that may be any text says nothing more where another one is known for what it is:
/// a state that is named for an address, and what somebody types into it.
fn give_way(deliveries: &[Delivery], verdicts: &mut [Vec<Verdict>], typed: &str) {
    let is_any_text = |it: &Delivery| it.subject.named.as_deref() == Some(typed);
    if !deliveries.iter().any(is_any_text) {
        return;
    }
    let is_told = |verdicts: &[Verdict]| {
        let mut verdicts = verdicts.iter();
        verdicts.any(|verdict| verdict.confidence > Confidence::Low)
    };
    let told = deliveries.iter().zip(&*verdicts);
    let told = told.filter(|(delivery, verdicts)| !is_any_text(delivery) && is_told(verdicts));
    let told: BTreeSet<_> = told.map(|(delivery, _)| key_at(delivery)).collect();
    for (delivery, verdicts) in deliveries.iter().zip(verdicts) {
        // What is typed may be told by its key or by the variable that it is put into.
        if is_any_text(delivery) && !is_told(verdicts) && told.contains(&key_at(delivery)) {
            verdicts.clear();
        }
    }
}

/// The key of a call to a vendor that a value is sent under, and who supplies it.
fn key_at(delivery: &Delivery) -> (&str, &str, &Place, &Place) {
    let Delivery {
        vendor,
        property,
        location,
        sink,
        ..
    } = delivery;
    (vendor, property, location, sink)
}
