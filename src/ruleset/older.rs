//! Entries of what SDKs collect, one for each range of versions.
//!
//! In: entries that say what turned something off in older versions. Out: an entry for each of these ranges of versions, and
//! one for the versions since. It leaves alone which version is here (`assess/`).

use super::schema::{Auto, Older};

/// An entry for each range of versions, the oldest first.
pub(super) fn unfolded(entries: Vec<Auto>) -> Vec<Auto> {
    entries.into_iter().flat_map(of_entry).collect()
}

fn of_entry(mut auto: Auto) -> Vec<Auto> {
    let mut found = Vec::new();
    for older in std::mem::take(&mut auto.older) {
        let Older {
            before,
            option,
            off,
            off_when_listed,
            turn_off,
        } = older;
        found.push(Auto {
            before: Some(before.clone()),
            option,
            off,
            off_when_listed,
            turn_off: Some(turn_off),
            ..auto.clone()
        });
        auto.since = Some(before);
    }
    found.push(auto);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_range_of_versions_has_its_switch() {
        let auto: Auto = toml::from_str(
            r#"
            class = "url"
            property = "page"
            default = true
            since = "1"
            option = "newest"
            off = [false]
            turn_off = "newest=false"
            older = [
              { before = "2", turn_off = "cannot be turned off" },
              { before = "3.1", option = "older", off = [true], turn_off = "older=true" },
            ]
            "#,
        )
        .unwrap();
        let found = unfolded(vec![auto]);
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                (
                    it.since.as_deref(),
                    it.before.as_deref(),
                    it.option.as_deref(),
                )
            })
            .collect();
        let expected = [
            (Some("1"), Some("2"), None),
            (Some("2"), Some("3.1"), Some("older")),
            (Some("3.1"), None, Some("newest")),
        ];
        assert_eq!(found, expected);
    }
}
