//! A finding of what an SDK takes by itself.
//!
//! In: the SDK with its start, and what it takes where. Out: a [`Finding`] whose rating is not decided yet. It leaves alone
//! what is taken (`auto`, `addresses`, `recorded`).

use super::places::Places;
use crate::finding::{Confidence, Finding, Origin, Severity, Status, Transform};
use crate::flow::{Hop, Place, SCRIPT, Started};
use crate::ruleset::schema::{Auto, Vendor};

/// What stands for the call when no init call was found.
const NO_CALL: &str = "load";

/// Something that an SDK takes by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct BySdk<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) auto: &'a Auto,
    /// The start that says so; none: it is loaded, and how it is started is not known.
    pub(super) start: Option<&'a Started>,
}

impl BySdk<'_> {
    /// The finding at a place; `from` is where the SDK is started or loaded, if that is another. Both with a note.
    pub(super) fn finding(
        self,
        class: &str,
        property: &str,
        mut reason: String,
        at: (&Place, &str),
        from: Option<(&Place, &str)>,
        places: &Places<'_>,
    ) -> Finding {
        if let Some(turn_off) = &self.auto.turn_off {
            reason.push_str(&format!("; to turn it off: {turn_off}"));
        }
        let steps = [Some(at), from].into_iter().flatten();
        let steps = steps.map(|(place, note)| Hop {
            place: place.clone(),
            note: note.to_owned(),
        });
        Finding {
            fingerprint: String::new(),
            vendor: self.vendor.id.clone(),
            vendor_category: self.vendor.category.clone(),
            call: self.call(places).to_owned(),
            class: class.to_owned(),
            property: property.to_owned(),
            expression: places.expression(at.0),
            origin: Origin::Auto,
            transform: Transform::None,
            severity: Severity::Low,
            confidence: Confidence::Low,
            trace: steps.map(|step| places.step(&step)).collect(),
            sink: places.location(from.unwrap_or(at).0),
            location: places.location(at.0),
            value: None,
            reason,
            status: Status::New,
            suppression: None,
        }
    }

    /// What is to be said of the place at which it is started, or only loaded.
    pub(super) fn at_start(self, what: &str) -> String {
        match self.start {
            Some(_) => format!("the SDK is started here, and {what}"),
            None => format!("the SDK is loaded here ({what}); where it is started is not seen"),
        }
    }

    /// The init call as the rule names it: the one that stands in the text of the call, or the only one.
    fn call(&self, places: &Places<'_>) -> &str {
        let Some(start) = self.start else {
            return NO_CALL;
        };
        if start.surface == SCRIPT {
            return NO_CALL;
        }
        let text = places.text(&start.place);
        let head = text.split('(').next().unwrap_or(text);
        let init = &self.vendor.init;
        init.iter()
            .map(|init| init.path.as_str())
            .filter(|path| {
                let last = path.rsplit('.').next().unwrap_or(path);
                head.split(|char: char| !char.is_alphanumeric() && char != '_' && char != '$')
                    .any(|word| word == last)
            })
            .max_by_key(|path| path.len())
            .or_else(|| init.first().map(|init| init.path.as_str()))
            .unwrap_or(NO_CALL)
    }
}
