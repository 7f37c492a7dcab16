//! What SDKs keep on the device.
//!
//! In: the rules' `[[stays]]`, and with which options SDKs are started. Out: [`OnDevice`], which knows the calls that send nothing
//! of what they are given. It leaves alone what the calls are given. Where no start is seen, or an option is computed,
//! nothing is taken to stay.

use super::Rules;
use super::switches::{Options, State, is_on, with_later};
use crate::flow::{Flows, Started};
use crate::ruleset::schema::Stays;

/// The calls by vendor and path.
pub(super) struct OnDevice<'a>(Vec<(&'a str, &'a str)>);

impl<'a> OnDevice<'a> {
    pub(super) fn new(flows: &Flows, rules: Rules<'a>) -> Self {
        let mut calls = Vec::new();
        for vendor in rules.vendors.values() {
            for stays in &vendor.stays {
                if holds(stays, &vendor.id, flows) {
                    let paths = stays.calls.iter();
                    calls.extend(paths.map(|path| (vendor.id.as_str(), path.as_str())));
                }
            }
        }
        Self(calls)
    }

    /// Whether a call sends nothing of what it is given.
    pub(super) fn keeps(&self, vendor: &str, call: &str) -> bool {
        self.0.contains(&(vendor, call))
    }
}

/// Whether every start of the SDK says so.
fn holds(stays: &Stays, vendor: &str, flows: &Flows) -> bool {
    let of_vendor = flows.started.iter().filter(|it| it.vendor == vendor);
    let (changes, starts): (Vec<&Started>, Vec<&Started>) = of_vendor.partition(|it| it.later);
    let mut starts = starts.into_iter().filter(|it| it.surface == stays.surface);
    let kept = |start: &Started| !start.open && is_kept(stays, &with_later(start, &changes));
    starts.next().is_some_and(kept) && starts.all(kept)
}

fn is_kept(stays: &Stays, options: &Options) -> bool {
    let mut needs = stays.needs.iter();
    let mut unless = stays.unless.iter();
    needs.all(|(option, values)| is_on(values, options.get(option)) == State::On)
        && unless.all(|(option, values)| is_on(values, options.get(option)) == State::Off)
}
