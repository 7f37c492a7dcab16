//! Which version of an SDK is here, as far as its rule distinguishes versions.
//!
//! In: an entry of a rule and the versions of the tree's dependencies. Out: whether the entry holds for one of them. It
//! leaves alone where versions are read from (`manifests`).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::ruleset::schema::{Auto, Package, Vendor};

/// Whether the entry is about a version that is here. A version that is not known is the newest.
pub(super) fn holds(auto: &Auto, vendor: &Vendor, versions: &BTreeMap<String, String>) -> bool {
    if auto.since.is_none() && auto.before.is_none() {
        return true;
    }
    // A package counts its versions for itself: that of one for servers says nothing of what is in pages.
    let is_meant = |package: &&Package| match auto.packages.as_slice() {
        [] if vendor.versioned_by.is_empty() => !package.server,
        [] => vendor.versioned_by.contains(&package.name),
        packages => packages.contains(&package.name),
    };
    let mut known = vendor
        .packages
        .iter()
        .filter(is_meant)
        .filter_map(|package| versions.get(&package.name))
        .peekable();
    if known.peek().is_none() {
        return auto.before.is_none();
    }
    known.any(|version| {
        let since = auto.since.as_deref();
        let before = auto.before.as_deref();
        since.is_none_or(|since| order(version, since) != Ordering::Less)
            && before.is_none_or(|before| order(version, before) == Ordering::Less)
    })
}

/// Compares versions number by number; what is missing is zero, and `x` any number.
fn order(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| -> Vec<u64> {
        text.split(['.', '-', '+'])
            .map_while(|part| match part {
                "x" => Some(u64::MAX),
                part => part.parse().ok(),
            })
            .collect()
    };
    let (a, b) = (parts(a), parts(b));
    (0..a.len().max(b.len()))
        .map(|at| (a.get(at).unwrap_or(&0), b.get(at).unwrap_or(&0)))
        .map(|(a, b)| a.cmp(b))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}
