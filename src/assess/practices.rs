//! How an app goes about signing out.
//!
//! In: the calls of vendors, what identifies people, the texts of the tree, and the rules. Out: [`Practice`]s that a reviewer may
//! want to know of. It leaves alone what is sent, how an SDK is started (`notes`), and consent (`unasked`).

use std::collections::BTreeMap;

use super::sides::Sides;
use super::{Exposure, Rules};
use crate::finding::Payload;
use crate::flow::{Flows, Place};
use crate::pages::RunsAt;
use crate::read::Texts;
use crate::ruleset::schema::Role;
use crate::screens::Side;

/// People sign out, and the SDK goes on as the one who was there before.
const NO_RESET: &str = "no-reset-at-sign-out";

/// How a call ends that tells that the user is nobody.
const NOBODY: [&str; 4] = ["(null)", "(undefined)", "({})", "()"];

/// Something that the app does, or leaves undone.
pub(super) struct Practice {
    pub(super) id: &'static str,
    pub(super) vendor: String,
    pub(super) place: Place,
    pub(super) message: String,
}

/// For each vendor that is told who the user is, the first call that tells it, if nothing ever takes that back.
pub(super) fn practices(
    flows: &Flows,
    exposures: &[Exposure<'_>],
    rules: Rules<'_>,
    texts: &Texts,
    runs: &RunsAt,
) -> Vec<Practice> {
    let signs_out = any(texts, |text| {
        rules
            .pages
            .sign_outs
            .iter()
            .any(|name| text.contains(&format!("{name}(")))
    });
    if !signs_out {
        return Vec::new();
    }
    let mut identified: BTreeMap<&str, (&Place, &str)> = BTreeMap::new();
    for exposure in exposures {
        let delivery = exposure.delivery;
        let is_kept = rules.vendors.get(&delivery.vendor).is_some_and(|vendor| {
            vendor
                .calls
                .iter()
                .any(|call| call.path == delivery.call && call.lasting)
        });
        // A server tells of each request whose it is, and has nothing to forget.
        let is_in_pages = runs.side(&delivery.sink) == Side::Pages;
        if is_kept
            && is_in_pages
            && matches!(delivery.subject.role, Some(Role::UserId | Role::Traits))
        {
            let first = identified
                .entry(&delivery.vendor)
                .or_insert((&delivery.sink, &delivery.call));
            if delivery.sink < *first.0 {
                *first = (&delivery.sink, &delivery.call);
            }
        }
    }
    let each = identified.into_iter().filter_map(|(id, (place, call))| {
        let vendor = rules.vendors.get(id)?;
        let resets: Vec<&str> = vendor
            .control
            .iter()
            .map(|path| path.rsplit([':', '.']).next().unwrap_or(path))
            .filter(|name| rules.pages.resets.iter().any(|it| it == name))
            .collect();
        // The call that tells who it is may tell that it is nobody, too.
        let is_taken_back = flows.calls.iter().any(|it| {
            let file = texts.get(it.place.file);
            let written = file.map_or("", |file| file.slice(it.place.span));
            let is_nobody = NOBODY.iter().any(|end| written.ends_with(end));
            it.vendor == id && it.call == call && (is_nobody || it.payload == Payload::None)
        });
        let is_reset = any(texts, |text| {
            let is_of_vendor = vendor.packages.iter().any(|it| text.contains(&it.name))
                || vendor.globals.iter().any(|it| text.contains(&it.name))
                || text.to_lowercase().contains(id);
            is_of_vendor && resets.iter().any(|name| calls(text, name))
        });
        let is_told = !resets.is_empty() || call.rsplit('.').next()?.starts_with("set");
        let is_in_pages = || Sides::new(vendor, flows, rules, texts, runs).is_in_pages();
        (is_told && !is_reset && !is_taken_back && is_in_pages()).then(|| Practice {
            id: NO_RESET,
            vendor: id.to_owned(),
            place: place.clone(),
            message: format!(
                "people sign out of the app, and nothing tells {}: the next one to use the device is taken for them",
                vendor.name
            ),
        })
    });
    each.collect()
}

/// Whether a text calls a method of that name, or names the command.
fn calls(text: &str, name: &str) -> bool {
    [
        format!(".{name}("),
        format!("'{name}'"),
        format!("\"{name}\""),
        format!("?.{name}?.("),
    ]
    .iter()
    .any(|it| text.contains(it.as_str()))
}

fn any(texts: &Texts, is_so: impl Fn(&str) -> bool) -> bool {
    let sources = texts.files.iter();
    sources
        .filter(|file| !file.path.as_str().ends_with(".json"))
        .any(|file| is_so(&file.text))
}
