//! What recordings and autocapture take of the app's pages.
//!
//! In: the form fields and elements that show personal data, and which SDK takes such parts of pages. Out: one finding for each
//! vendor, class and file, at the first element that no marker of the vendor covers. It leaves alone which option decides
//! (`switches`), and how elements are found (`pages`).

use std::collections::BTreeMap;

use super::auto::Taken;
use super::places::Places;
use super::{Rules, rating};
use crate::finding::Finding;
use crate::flow::{OptionValue, Place};
use crate::pages::{Pages, Shown};
use crate::policy::Policy;
use crate::ruleset::schema::{Masking, Part};

/// What one vendor takes of one class in one file.
type Group<'a> = (&'a Taken<'a>, Vec<&'a (Place, Shown)>);

/// One finding for each vendor, class and file.
pub(super) fn findings(
    taken: &[Taken<'_>],
    pages: &Pages,
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> Vec<Finding> {
    let mut found: BTreeMap<(&str, &str, usize), Group<'_>> = BTreeMap::new();
    for taken in taken {
        let start = places.location(taken.place).path;
        let selectors = selectors(taken);
        for it in &pages.shown {
            let (place, shown) = it;
            let takes =
                |part: &Part| *part == shown.part || (*part == Part::Clicked && shown.is_clicked);
            if !taken.by.auto.takes.iter().any(takes)
                || is_masked(shown, &taken.by.vendor.masking, &selectors)
                || !pages.starts_in(&start, &places.location(place).path)
                || !pages.meets_shown(taken.place.file, place.file)
            {
                continue;
            }
            let key = (
                taken.by.vendor.id.as_str(),
                shown.class.as_str(),
                place.file.index(),
            );
            let (_, all) = found.entry(key).or_insert((taken, Vec::new()));
            if !all.iter().any(|(other, _)| other == place) {
                all.push(it);
            }
        }
    }
    let each = found.into_values();
    each.filter_map(|(taken, mut all)| {
        all.sort_by(|a, b| a.0.cmp(&b.0));
        finding(taken, &all, rules, policy, places)
    })
    .collect()
}

/// The selectors that a start names as masked.
fn selectors(taken: &Taken<'_>) -> Vec<String> {
    let options = taken
        .by
        .vendor
        .masking
        .iter()
        .filter(|it| it.kind == "selector-option");
    let named = options.filter_map(|it| taken.options.get(&it.name));
    let texts = named.flat_map(|value| match value {
        OptionValue::Known(toml::Value::String(text)) => vec![text.as_str()],
        list => list.listed(),
    });
    let each = texts.flat_map(|text| text.split(','));
    each.map(|text| text.trim().to_owned()).collect()
}

fn is_masked(shown: &Shown, markers: &[Masking], selectors: &[String]) -> bool {
    let has = |name: &str, values: &[String]| {
        shown.marks.iter().any(|(key, value)| {
            key == name
                && (values.is_empty() || values.iter().any(|it| value.contains(it.as_str())))
        })
    };
    let is_of_class = |name: &str| {
        let mut classes = shown.marks.iter().filter(|(key, _)| is_class(key));
        classes.any(|(_, value)| {
            value
                .split(|char: char| !char.is_alphanumeric() && !matches!(char, '-' | '_'))
                .any(|word| word == name)
        })
    };
    let by_marker = markers
        .iter()
        .filter(|it| !it.widens)
        .any(|it| match it.kind.as_str() {
            "css-class" => is_of_class(&it.name),
            // Some take the attribute's name as a class too.
            "attribute" => {
                has(&it.name, &it.values) || (it.values.is_empty() && is_of_class(&it.name))
            }
            _ => false,
        });
    by_marker
        || selectors
            .iter()
            .any(|selector| match selector.split_at_checked(1) {
                Some(("*", "")) => true,
                Some((".", class)) => is_of_class(class),
                Some(("[", rest)) => {
                    let name = rest.trim_end_matches(']');
                    has(name.split('=').next().unwrap_or(name), &[])
                }
                _ => false,
            })
}

/// An attribute that holds classes, in any language's spelling.
fn is_class(name: &str) -> bool {
    let name = name.trim_start_matches([':', '[']).trim_end_matches(']');
    matches!(name, "class" | "className" | "ngClass") || name.starts_with("class:")
}

fn finding(
    taken: &Taken<'_>,
    all: &[&(Place, Shown)],
    rules: Rules<'_>,
    policy: &Policy,
    places: &Places<'_>,
) -> Option<Finding> {
    let (place, shown) = all.first()?;
    let what = match shown.part {
        Part::Typed | Part::Password => "what is typed into a form field",
        _ => "what an element shows",
    };
    let more = match all.len() {
        1 => String::new(),
        count => format!(", and {} more in this file", count - 1),
    };
    let by = taken.by;
    let reason = format!(
        "no marker of {} keeps {what} out of what its SDK takes of the page{more} ({})",
        by.vendor.name, by.auto.property
    );
    let from = by.at_start("takes it of the page by itself");
    Some(Finding {
        severity: rating(&shown.class, rules, policy),
        ..by.finding(
            &shown.class,
            what,
            reason,
            (place, what),
            Some((taken.place, from.as_str())),
            places,
        )
    })
}
