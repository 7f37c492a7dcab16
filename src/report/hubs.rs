//! What hubs pass on, in a sentence each.
//!
//! In: a [`Report`]. Out: for each hub that is sent something what it passes on, whom the code names, and that nobody can see
//! the rest. It leaves alone what is passed on by an export of a container, which is found like anything else that is sent.

use super::escape::visible;
use crate::finding::{Report, VendorSeen};
use crate::texts::Texts;

/// One sentence for each hub that is called.
pub(super) fn lines(report: &Report, texts: &Texts) -> Vec<String> {
    let is_called = |seen: &&VendorSeen| report.sinks.iter().any(|sink| sink.vendor == seen.vendor);
    let called = report.vendors.iter().filter(is_called);
    called
        .filter_map(|seen| line(report, seen, texts))
        .collect()
}

fn line(report: &Report, seen: &VendorSeen, texts: &Texts) -> Option<String> {
    let passes_on = seen.passes_on.as_ref()?;
    let what = texts.named("vendor", &seen.vendor, "forwards", &passes_on.what);
    let names = passes_on.to.iter();
    let names: Vec<String> = names
        .map(|id| visible(report.name_of(id)).into_owned())
        .collect();
    let key = if names.is_empty() {
        "rests.hub"
    } else {
        "rests.hub_named"
    };
    let blanks = [
        ("vendor", &*visible(&seen.name)),
        ("what", &*visible(what)),
        ("names", &*texts.list(&names)),
    ];
    Some(texts.fill(key, &blanks))
}
