//! What arrives at vendor calls.
//!
//! In: leaves whose values are settled, and the vendor calls themselves. Out: [`Flows`]. It leaves alone how a value got
//! there (`propagate`).

use std::collections::BTreeSet;

use ecow::EcoVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::Bound;
use super::delivery::{Agreed, Delivery, Flows, Hop, Opaque, Place, Started, VendorCall};
use super::evaluate::Evaluator;
use super::hubs::Named;
use super::payload::{Leaf, Outcome};
use super::production::is_left_out;
use super::scrub::Scrubber;
use super::senders::Sender;
use super::value::{Data, FnRef, Presence, Spot};
use crate::facts::Name;
use crate::finding::{Payload, Transform};
use crate::ruleset::schema::Role;
use crate::source::FileId;

/// No person reads more values of one file, and none writes a file that sends more.
const MAX_LISTED: usize = 5_000;

/// A vendor call that was found.
pub(super) struct Made {
    pub vendor: usize,
    pub surface: Name,
    pub call: Name,
    pub place: Place,
    /// Whether something is handed over beside the name of an event.
    pub has_payload: bool,
}

/// The same value in the same call of the app is kept along so many ways: more make no other finding, and tell nothing new of
/// what it is sent with.
const MAX_WAYS: u8 = 4;
/// Callers beyond these say nothing more of what a start collects.
const MAX_STARTS: usize = 32;

/// What a finding is made of, but for the way that the value took.
#[derive(PartialEq, Eq, Hash)]
struct Arrived {
    location: Place,
    sink: Place,
    call: Name,
    role: Role,
    key: Vec<Name>,
    transform: Transform,
    /// As far as it is known only by types, or taken to be there.
    doubts: (u8, bool, Presence),
    sender: Option<Sender>,
    spot: Spot,
    path: EcoVec<Name>,
    aliases: EcoVec<Name>,
    /// The call that supplies it, if that is another.
    supplied: Option<Place>,
}

impl Arrived {
    fn of(leaf: &Leaf<'_>, data: &Data) -> Self {
        Self {
            location: leaf.location.clone(),
            sink: leaf.sink.clone(),
            call: leaf.call.clone(),
            role: leaf.role,
            key: leaf.key.clone(),
            transform: leaf.transform,
            doubts: (leaf.by_type, leaf.guessed, data.presence),
            sender: leaf.sender,
            spot: data.spot,
            path: data.path.clone(),
            aliases: data.aliases.clone(),
            supplied: data.origin().supplied.as_ref().map(|hop| hop.place.clone()),
        }
    }
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Arrivals<'p> {
    known: Vec<(Leaf<'p>, Data)>,
    /// Along how many ways each is known.
    ways: FxHashMap<Arrived, u8>,
    opaque: Vec<(Leaf<'p>, Spot, &'static str)>,
    pub calls: Vec<Made>,
    pub started: Vec<Started>,
    /// Where callers have said the options of a start, and how many of them.
    told_starts: FxHashMap<Place, usize>,
    pub agreed: Vec<Agreed>,
    /// Hooks that leave something out.
    pub scrubbers: Vec<Scrubber<'p>>,
    /// Calls of a vendor of which not even the name is known.
    pub computed: Vec<Opaque>,
    /// By which hubs something is passed on, to whom, and where the code says so.
    passed_on: BTreeSet<Named>,
    /// Values whose callers are no longer followed.
    given_up: FxHashSet<(Place, Vec<Name>, Name)>,
    listed: Listed,
    listed_unknown: Listed,
    /// Calls that no rule knows, each noted once.
    unlisted: FxHashSet<(Place, Name)>,
}

impl<'p> Arrivals<'p> {
    /// Whether one more caller may say the options of a start. Before the first, what is known of it without them is dropped.
    pub(super) fn admits_start(&mut self, place: &Place) -> bool {
        let told = self.told_starts.entry(place.clone()).or_default();
        *told += 1;
        if *told == 1 {
            self.started.retain(|it| it.place != *place);
        }
        *told <= MAX_STARTS
    }

    /// Keeps what is settled, and gives back what still waits for the callers of a function.
    pub(super) fn add(&mut self, outcome: Outcome<'p>) -> Option<(Leaf<'p>, FnRef)> {
        match outcome {
            Outcome::Known(leaf, data) => {
                let ways = self.ways.entry(Arrived::of(&leaf, &data)).or_default();
                if *ways < MAX_WAYS && self.listed.admits(&leaf.location) {
                    *ways += 1;
                    self.known.push((leaf, data));
                }
            }
            Outcome::Opaque(leaf, spot, reason) => {
                let is_new = !leaf.unlisted
                    || self
                        .unlisted
                        .insert((leaf.location.clone(), leaf.call.clone()));
                if is_new && self.listed_unknown.admits(&leaf.location) {
                    self.opaque.push((leaf, spot, reason));
                }
            }
            Outcome::PassedOn(leaf, destination) => {
                self.passed_on.insert(Named {
                    hub: leaf.vendor,
                    destination,
                    place: leaf.location,
                    sink: leaf.sink,
                });
            }
            Outcome::Waiting(leaf, function) => return Some((leaf, function)),
        }
        None
    }

    /// Notes a value whose callers are no longer followed, once for each place and key.
    pub(super) fn give_up(&mut self, leaf: Leaf<'p>, spot: Spot) {
        let key = (leaf.location.clone(), leaf.key.clone(), leaf.call.clone());
        if self.given_up.insert(key) {
            self.opaque
                .push((leaf, spot, "calls were followed for too many steps"));
        }
    }

    /// The methods that have to be called for what arrived to be sent.
    pub(super) fn senders(&self) -> impl Iterator<Item = Sender> {
        let known = self.known.iter().filter_map(|(leaf, _)| leaf.sender);
        known.chain(self.opaque.iter().filter_map(|(leaf, ..)| leaf.sender))
    }

    /// Forgets what only these methods send.
    pub(super) fn forget(&mut self, unasked: &[Sender]) {
        let is_sent = |leaf: &Leaf<'_>| leaf.sender.is_none_or(|sender| !unasked.contains(&sender));
        self.known.retain(|(leaf, _)| is_sent(leaf));
        self.opaque.retain(|(leaf, ..)| is_sent(leaf));
    }

    /// All of it, as the following stages see it.
    pub(super) fn flows(self, evaluator: &Evaluator<'p>) -> Flows {
        let id = |vendor: usize| evaluator.catalog.vendor(vendor).id.clone();
        for spot in self.listed.cut.iter().chain(&self.listed_unknown.cut) {
            evaluator.shapes.bounds.hit(Bound::Findings, *spot);
        }
        let hooks: Vec<_> = self
            .scrubbers
            .iter()
            .map(|scrubber| evaluator.looked_into(scrubber))
            .collect();
        let deliveries = self
            .known
            .iter()
            .filter(|(leaf, _)| !evaluator.is_scrubbed(leaf, &hooks, &self.started))
            .map(|(leaf, data)| delivery(evaluator, leaf, data));
        let opaque = self.opaque.iter().map(|(leaf, spot, reason)| Opaque {
            vendor: id(leaf.vendor),
            call: leaf.call.to_string(),
            place: leaf.location.clone(),
            expression: evaluator.place_of(*spot),
            reason: (*reason).to_owned(),
        });
        let sinks_of = |leaf: &Leaf<'p>| leaf.sink.clone();
        let known: FxHashSet<Place> = self.known.iter().map(|(leaf, _)| sinks_of(leaf)).collect();
        let unknown: FxHashSet<Place> = self
            .opaque
            .iter()
            .map(|(leaf, ..)| sinks_of(leaf))
            .chain(self.computed.iter().map(|it| it.place.clone()))
            .collect();
        let calls = self.calls.iter().map(|made| VendorCall {
            vendor: id(made.vendor),
            surface: made.surface.to_string(),
            call: made.call.to_string(),
            place: made.place.clone(),
            payload: payload(made, &known, &unknown),
            probes: evaluator.is_probe(made.vendor, &made.place),
        });
        let mut flows = Flows {
            deliveries: deliveries.collect(),
            opaque: opaque.chain(self.computed.iter().cloned()).collect(),
            calls: calls.collect(),
            passed_on: evaluator.catalog.passed_on(&self.passed_on, &self.started),
            started: self
                .started
                .iter()
                .map(|it| evaluator.mounted(it))
                .collect(),
            agreed: self.agreed.clone(),
            idle_hooks: hooks
                .iter()
                .filter_map(|hook| evaluator.idle(hook))
                .collect(),
            ..Flows::default()
        };
        flows.relay(evaluator.catalog);
        flows
    }
}

/// How much of what a call hands over is known.
fn payload(made: &Made, known: &FxHashSet<Place>, unknown: &FxHashSet<Place>) -> Payload {
    let place = &made.place;
    match (
        made.has_payload,
        unknown.contains(place),
        known.contains(place),
    ) {
        (false, false, false) => Payload::None,
        (_, false, _) => Payload::Resolved,
        (_, true, false) => Payload::Opaque,
        (_, true, true) => Payload::Partial,
    }
}

/// Counts what each file sends.
#[derive(Default)]
struct Listed {
    of_file: FxHashMap<FileId, usize>,
    /// What was too much.
    cut: BTreeSet<Spot>,
}

impl Listed {
    /// Whether one more of a file is kept.
    fn admits(&mut self, place: &Place) -> bool {
        let count = self.of_file.entry(place.file).or_default();
        *count += 1;
        let is_admitted = *count <= MAX_LISTED;
        if !is_admitted {
            self.cut.insert(place.spot());
        }
        is_admitted
    }
}

fn delivery(evaluator: &Evaluator<'_>, leaf: &Leaf<'_>, data: &Data) -> Delivery {
    let expression = evaluator.place_of(data.spot);
    let subject = evaluator.subject(leaf, data);
    let property = if leaf.key.is_empty() {
        let role = serde_json::to_value(leaf.role)
            .ok()
            .and_then(|role| role.as_str().map(str::to_owned))
            .unwrap_or_default();
        format!("${role}")
    } else {
        leaf.key.join(".")
    };
    let mut trace = vec![Hop {
        place: expression.clone(),
        note: "the value is read".to_owned(),
    }];
    let supplied = data.origin().supplied.as_deref();
    let location = supplied.map_or(&leaf.location, |hop| &hop.place);
    trace.extend(supplied.cloned());
    trace.extend(leaf.chain.iter().cloned());
    let vendor = evaluator.catalog.vendor(leaf.vendor);
    trace.push(Hop {
        place: leaf.sink.clone(),
        note: format!("{}: `{}`", vendor.name, leaf.call),
    });
    Delivery {
        vendor: vendor.id.clone(),
        call: leaf.call.to_string(),
        property,
        subject,
        expression,
        transform: leaf.transform,
        location: location.clone(),
        sink: leaf.sink.clone(),
        trace,
        by_type: leaf.by_type > 0,
        guessed: leaf.guessed
            || data.presence == Presence::PresumedWhole
            || [location, &leaf.sink]
                .into_iter()
                .any(|at| is_for_development(evaluator, at)),
    }
}

/// Whether a place is reached only where no users are.
fn is_for_development(evaluator: &Evaluator<'_>, at: &Place) -> bool {
    is_left_out(evaluator.program.facts(at.file), at.span)
}
