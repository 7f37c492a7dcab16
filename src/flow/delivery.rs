//! What the flow stage gives: values that arrive at vendor calls, and all that is known around them.
//!
//! In: nothing; this module only defines shapes. Out: [`Flows`], which `classify/` and `assess/` read. It leaves alone
//! what class a value is of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::containers::Passed;
use crate::facts::Name;
use crate::finding::{FileNote, Payload, Transform, stranger};
use crate::source::{FileId, Span};

/// A place in the scanned tree, not yet counted in lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
    /// The enclosing named function, method (`Class.method`) or component.
    pub symbol: Option<Name>,
}

/// A step of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hop {
    /// Where.
    pub place: Place,
    /// What happens there, for people.
    pub note: String,
}

/// One value that one app call hands to one vendor call under one property.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    /// The vendor's id.
    pub vendor: String,
    /// The vendor's call (`people.set`).
    pub call: String,
    /// The key as the vendor receives it (`address.city`); for a positional value its role with `$` (`$user_id`).
    pub property: String,
    /// What is known of the value.
    pub subject: Subject,
    /// The value as written: where it is first named.
    pub expression: Place,
    /// What happened to it on the way.
    pub transform: Transform,
    /// The app's call that supplies the value.
    pub location: Place,
    /// The SDK call.
    pub sink: Place,
    /// From the value's origin to the SDK call, which is the last step.
    pub trace: Vec<Hop>,
    /// The property is known from a declared type only: the object is sent whole.
    pub by_type: bool,
    /// A package's function was given it, and is only taken to give it back; or it is read from a part of a value of which
    /// only the function that it is handed to says that it may have that part.
    pub guessed: bool,
}

/// A vendor call that sends or attaches data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VendorCall {
    /// The vendor's id.
    pub vendor: String,
    /// Of which of the vendor's surfaces it is a call; empty for a request by hand.
    pub surface: String,
    /// The vendor's call.
    pub call: String,
    /// Where.
    pub place: Place,
    /// How much of its payload is known.
    pub payload: Payload,
    /// It is made only where the code finds the SDK there.
    pub probes: bool,
}

/// A value that reaches a vendor and cannot be known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Opaque {
    /// The vendor's id.
    pub vendor: String,
    /// The vendor's call.
    pub call: String,
    /// The app's call that supplies it.
    pub place: Place,
    /// The value as written.
    pub expression: Place,
    /// Why it cannot be known, one clause.
    pub reason: String,
}

/// An init call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Started {
    /// The vendor's id.
    pub vendor: String,
    /// Which of the vendor's surfaces is started.
    pub surface: String,
    /// Where.
    pub place: Place,
    /// Its options, by dotted path.
    pub options: BTreeMap<String, OptionValue>,
    /// Some options are not known (a spread, a parameter, a value from elsewhere).
    pub open: bool,
    /// What the code computes an option from, by dotted path, where it is written at the call.
    pub computed: BTreeMap<String, Place>,
    /// The tests under which the call is made, outermost first, each with how it must come out.
    pub only_if: Vec<(Place, bool)>,
    /// It changes options of an SDK that is started elsewhere.
    pub later: bool,
    /// The functions that the SDK hands what it sends to, and those of the app that these hand it on to.
    pub hooks: Vec<Place>,
}

/// A call by which an SDK is told of consent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Agreed {
    /// The vendor's id.
    pub vendor: String,
    /// Whose call it is; others may be told by it as well.
    pub by: String,
    /// The call.
    pub call: String,
    /// Where.
    pub place: Place,
    /// It refuses consent, or makes the SDK wait for it.
    pub refuses: bool,
}

/// A hook that could leave something out of what is sent, and leaves everything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IdleHook {
    /// The vendor's id.
    pub vendor: String,
    /// The option or call that sets it.
    pub option: String,
    /// The call that brings it.
    pub place: Place,
}

/// The value of an init option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum OptionValue {
    /// A literal, or a list of literals.
    Known(toml::Value),
    /// A list of which only these literal strings are known.
    Listed(Vec<String>),
    /// An object, whose fields stand under longer paths.
    Object,
    /// One of these, depending on something; none stands for not being set.
    OneOf(Vec<Option<toml::Value>>),
    /// Something that is decided elsewhere.
    Unknown,
}

impl OptionValue {
    /// The literal strings of a list, as far as they are known.
    pub fn listed(&self) -> Vec<&str> {
        match self {
            Self::Known(toml::Value::Array(all)) => {
                all.iter().filter_map(toml::Value::as_str).collect()
            }
            Self::Listed(all) => all.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// How a vendor is known to be in the code; the order is that of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Evidence {
    /// Named in a package.json.
    Package,
    /// Installed, by a list of installed packages.
    Lock,
    /// Imported.
    Import,
    /// Called.
    Call,
    /// Its script is loaded.
    Script,
    /// One of its hosts is named.
    Host,
    /// A hub passes data on to it.
    Hub,
}

/// A vendor that is in the code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// The vendor's id.
    pub vendor: String,
    /// By what.
    pub evidence: Evidence,
    /// Where.
    pub place: Place,
    /// The package, for an import.
    pub package: Option<String>,
}

/// Somebody to whom a hub passes on what it is sent, by what the code says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PassedOn {
    /// The hub's id.
    pub hub: String,
    /// How the hub calls who receives it.
    pub name: String,
    /// The id of who receives it, if a rule knows the name.
    pub vendor: Option<String>,
    /// Where the code says so.
    pub place: Place,
    /// The hub's own call that is told so.
    pub sink: Place,
    /// It is told by a client or plugin of who receives it, not by a name.
    pub by_value: bool,
}

/// All that the flow stage found, in the order of files and places.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Flows {
    /// Values that arrive.
    pub deliveries: Vec<Delivery>,
    /// All vendor calls.
    pub calls: Vec<VendorCall>,
    /// Values that arrive and cannot be known.
    pub opaque: Vec<Opaque>,
    /// Init calls.
    pub started: Vec<Started>,
    /// Calls by which SDKs are told of consent.
    pub agreed: Vec<Agreed>,
    /// Hooks that leave nothing out.
    pub idle_hooks: Vec<IdleHook>,
    /// Vendors seen.
    pub seen: Vec<Seen>,
    /// What hubs pass on, and to whom.
    pub passed_on: Vec<PassedOn>,
    /// Versions of the packages that the tree depends on, where a rule distinguishes them.
    pub versions: BTreeMap<String, String>,
    /// What keeps the result from being whole, one sentence each.
    pub notes: Vec<String>,
    /// Bounds that were hit, with their places.
    pub bounds: Vec<FileNote>,
}

impl Flows {
    /// Whether any file imports a vendor's package.
    pub fn is_any_imported(&self) -> bool {
        let mut seen = self.seen.iter();
        seen.any(|it| it.evidence == Evidence::Import)
    }

    /// Adds what hubs pass on: each value that is pushed under a key that a tag reads also arrives at the tag's vendor.
    pub fn pass_on(&mut self, passed: &[Passed]) {
        let mut more = Vec::new();
        for passed in passed {
            let place = Place {
                file: passed.file,
                span: passed.span,
                symbol: None,
            };
            self.seen.push(Seen {
                vendor: passed.vendor.clone(),
                evidence: Evidence::Hub,
                place: place.clone(),
                package: None,
            });
            self.passed_on.push(PassedOn {
                hub: passed.hub.clone(),
                name: passed.vendor.clone(),
                vendor: Some(passed.vendor.clone()),
                place: place.clone(),
                sink: place.clone(),
                by_value: false,
            });
            let is_read = |property: &str| {
                let mut keys = passed.keys.iter();
                keys.any(|key| {
                    let rest = property.strip_prefix(key.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
            };
            let pushed = self.deliveries.iter();
            let pushed = pushed.filter(|it| it.vendor == passed.hub && is_read(&it.property));
            for delivery in pushed {
                let mut delivery = delivery.clone();
                delivery.vendor.clone_from(&passed.vendor);
                delivery.subject.vendor = Name::from(&passed.vendor);
                delivery.sink = place.clone();
                delivery.trace.push(Hop {
                    place: place.clone(),
                    note: format!("passed on by the tag `{}`", passed.tag),
                });
                more.push(delivery);
            }
        }
        self.deliveries.extend(more);
    }

    /// Leaves of what goes to strangers only what is personal: any other request is no matter of a vendor. Of those that are
    /// sent something personal, what is not known stays as well.
    pub fn forget_strangers(&mut self, is_personal: impl Fn(&Subject) -> bool) {
        let is_stranger = |vendor: &str| stranger(vendor).is_some();
        self.deliveries
            .retain(|delivery| !is_stranger(&delivery.vendor) || is_personal(&delivery.subject));
        let sinks: BTreeSet<(&str, &Place)> = self
            .deliveries
            .iter()
            .map(|delivery| (delivery.vendor.as_str(), &delivery.sink))
            .collect();
        let vendors: BTreeSet<&str> = sinks.iter().map(|(vendor, _)| *vendor).collect();
        self.calls.retain(|call| {
            let is_known = matches!(call.payload, Payload::None | Payload::Resolved);
            !is_stranger(&call.vendor)
                || sinks.contains(&(&call.vendor, &call.place))
                || (!is_known && vendors.contains(call.vendor.as_str()))
        });
        self.opaque.retain(|opaque| {
            !is_stranger(&opaque.vendor) || vendors.contains(opaque.vendor.as_str())
        });
        self.seen.retain(|seen| !is_stranger(&seen.vendor));
    }
}
