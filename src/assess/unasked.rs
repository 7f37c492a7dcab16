//! What SDKs do before people are asked, in an app that asks.
//!
//! In: how starts and calls of vendors are reached, what SDKs are told of consent, and the options they are started with. Out:
//! [`Practice`]s. It leaves alone how that is found (`consent/`). Quiet is: an SDK that starts once consent is given, or with
//! an option or call that makes it wait; and whatever nobody is asked about.

use super::Rules;
use super::places::Places;
use super::practices::Practice;
use super::sides::Sides;
use crate::consent::{Consent, Reach};
use crate::finding::Payload;
use crate::flow::{Agreed, Flows, OptionValue, Place, Started, VendorCall};
use crate::pages::Pages;
use crate::read::Texts;
use crate::ruleset::schema::Vendor;

/// Something is sent before people are asked, or without looking at what they said.
const BEFORE_CONSENT: &str = "before-consent";
/// The app asks for consent, and this SDK starts without it.
const NOT_ASKED: &str = "runs-without-consent";

/// How an app asks.
enum Asks<'a> {
    /// It tells the SDK what people said, here.
    Sdk(&'a Agreed),
    /// It asks for the sake of others, here.
    Others(&'a Place),
}

/// Finds what is worth a note.
pub(super) fn unasked(
    flows: &Flows,
    rules: Rules<'_>,
    texts: &Texts,
    consent: &Consent,
    pages: &Pages,
    places: &Places<'_>,
) -> Vec<Practice> {
    let seen = Seen {
        flows,
        rules,
        texts,
        consent,
        pages,
        places,
    };
    let each = rules.vendors.values();
    each.flat_map(|vendor| seen.of_vendor(vendor)).collect()
}

struct Seen<'a> {
    flows: &'a Flows,
    rules: Rules<'a>,
    texts: &'a Texts,
    consent: &'a Consent,
    pages: &'a Pages,
    places: &'a Places<'a>,
}

impl<'a> Seen<'a> {
    fn of_vendor(&self, vendor: &Vendor) -> Vec<Practice> {
        let is_here = self.flows.started.iter().any(|it| it.vendor == vendor.id)
            || self.flows.calls.iter().any(|it| it.vendor == vendor.id);
        if !is_here {
            return Vec::new();
        }
        let runs = &self.pages.runs;
        let sides = Sides::new(vendor, self.flows, self.rules, self.texts, runs);
        // People are asked in pages; what a server does is asked elsewhere, and what others install asks nobody.
        let is_asked = |place: &Place, surface: &str| {
            sides.is_of_pages(place, surface)
                && !self.pages.is_published(&self.places.location(place).path)
        };
        let starts: Vec<&Started> = self
            .flows
            .started
            .iter()
            .filter(|it| it.vendor == vendor.id && !it.later && is_asked(&it.place, &it.surface))
            .collect();
        let calls: Vec<&VendorCall> = self
            .flows
            .calls
            .iter()
            .filter(|it| it.vendor == vendor.id && is_asked(&it.place, &it.surface))
            .filter(|it| !starts.iter().any(|start| start.place == it.place))
            .collect();
        let reach = |place: &Place| self.consent.of(place);
        let is_open = |it: &Started| reach(&it.place) == Reach::AtLoad && !self.waits(vendor, it);
        let sends = |it: &&&VendorCall| it.payload != Payload::None;
        let unasked = calls.iter().filter(sends);
        let unasked = unasked.filter(|it| reach(&it.place) > Reach::Unknown);
        let unasked: Vec<&VendorCall> = unasked.copied().collect();
        let mut found: Vec<Practice> = Vec::new();
        for start in starts.iter().filter(|it| is_open(it)) {
            let Some(asks) = self.asks(vendor, &start.place) else {
                continue;
            };
            let of_app = unasked
                .iter()
                .filter(|it| self.share(&it.place, &start.place));
            found.push(Practice {
                id: match asks {
                    Asks::Sdk(_) => BEFORE_CONSENT,
                    Asks::Others(_) => NOT_ASKED,
                },
                vendor: vendor.id.clone(),
                place: start.place.clone(),
                message: self.of_start(vendor, &asks, of_app.count()),
            });
        }
        let tested: Vec<&&VendorCall> = calls
            .iter()
            .filter(|it| reach(&it.place) == Reach::Consented)
            .collect();
        for call in unasked {
            let here = |place: &Place| self.share(place, &call.place);
            let Some(asks) = self.asks(vendor, &call.place) else {
                continue;
            };
            // What is told by the call of another is seen at that one; what starts later, or waits by itself, sends nothing.
            let is_told = matches!(asks, Asks::Sdk(agreed) if agreed.by != vendor.id);
            let own: Vec<&&Started> = starts.iter().filter(|it| here(&it.place)).collect();
            let is_refused = self
                .refusals(vendor)
                .into_iter()
                .any(|it| here(&it.place) && reach(&it.place) == Reach::AtLoad);
            let is_started = own.is_empty() && !is_refused || own.iter().any(|it| is_open(it));
            if is_told || !is_started {
                continue;
            }
            let message = match tested.iter().find(|it| here(&it.place)) {
                Some(tested) => format!(
                    "`{}` of {} is called without the test of consent that is around other calls of it ({})",
                    call.call,
                    vendor.name,
                    self.shown(&tested.place)
                ),
                None if reach(&call.place) == Reach::AtLoad => format!(
                    "`{}` of {} is called as soon as the page loads, and the app asks for consent ({})",
                    call.call,
                    vendor.name,
                    self.shown(asks.place())
                ),
                None => continue,
            };
            found.push(Practice {
                id: BEFORE_CONSENT,
                vendor: vendor.id.clone(),
                place: call.place.clone(),
                message,
            });
        }
        found
    }

    /// Whether two places can be of one app.
    fn share(&self, a: &Place, b: &Place) -> bool {
        let path = |place: &Place| self.places.location(place).path;
        self.pages.share(&path(a), &path(b))
    }

    /// How the app that a vendor is in asks for consent, if it does.
    fn asks(&self, vendor: &Vendor, at: &Place) -> Option<Asks<'a>> {
        let given = || self.flows.agreed.iter().filter(|it| !it.refuses);
        if let Some(own) = given()
            .filter(|it| it.vendor == vendor.id && self.share(&it.place, at))
            .min_by_key(|it| &it.place)
        {
            return Some(Asks::Sdk(own));
        }
        if !self.rules.pages.consent_for.contains(&vendor.category) {
            return None;
        }
        let all = given().map(|it| &it.place).chain(&self.consent.asked);
        all.filter(|it| self.share(it, at)).min().map(Asks::Others)
    }

    /// Whether an SDK sends nothing until it is told of consent.
    fn waits(&self, vendor: &Vendor, start: &Started) -> bool {
        let by_option = vendor.agreements.iter().any(|it| {
            let value = it
                .option
                .as_ref()
                .and_then(|option| start.options.get(option));
            match value {
                Some(OptionValue::Known(value)) => it.waits.contains(value),
                // What the code computes for it is what people said.
                Some(OptionValue::OneOf(_) | OptionValue::Unknown) => true,
                Some(OptionValue::Object) => it.waits.is_empty(),
                _ => false,
            }
        });
        by_option
            || self.refusals(vendor).into_iter().any(|it| {
                let is_beside =
                    it.place.file == start.place.file && it.place.symbol == start.place.symbol;
                is_beside || self.consent.of(&it.place) == Reach::AtLoad
            })
    }

    /// The calls by which an SDK is told that nobody agreed.
    fn refusals(&self, vendor: &Vendor) -> Vec<&Agreed> {
        let all = self.flows.agreed.iter();
        all.filter(|it| it.refuses && it.vendor == vendor.id)
            .collect()
    }

    fn of_start(&self, vendor: &Vendor, asks: &Asks<'_>, calls: usize) -> String {
        let more = match calls {
            0 => String::new(),
            1 => "; 1 call of it has no test of consent around it either".to_owned(),
            calls => format!("; {calls} calls of it have no test of consent around them either"),
        };
        let at = self.shown(asks.place());
        match asks {
            Asks::Sdk(agreed) => {
                let option = vendor.agreements.iter().find_map(|it| it.option.as_deref());
                let wait =
                    option.map_or_else(String::new, |it| format!(", since `{it}` is not set"));
                format!(
                    "{} starts to send as soon as the page loads{wait}, before `{}` says that people agreed ({at}){more}",
                    vendor.name, agreed.call
                )
            }
            Asks::Others(_) => format!(
                "the app asks for consent ({at}), and {} is started without it{more}",
                vendor.name
            ),
        }
    }

    fn shown(&self, place: &Place) -> String {
        let at = self.places.location(place);
        format!("{}:{}", at.path, at.line)
    }
}

impl<'a> Asks<'a> {
    fn place(&self) -> &'a Place {
        match self {
            Self::Sdk(agreed) => &agreed.place,
            Self::Others(place) => place,
        }
    }
}
