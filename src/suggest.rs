//! The name that was meant.
//!
//! In: a name that does not exist and those that do. Out: the nearest, if one is near. It leaves alone what the names
//! stand for.

/// Below this likeness a suggestion would rather confuse.
const NEAR: f64 = 0.75;

/// The most similar of the names; the first one among equals.
fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let likeness = strsim::jaro_winkler(&typed, &name.to_lowercase());
        if likeness >= NEAR && best.is_none_or(|(other, _)| likeness > other) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

/// A sentence for a name that does not exist.
pub(crate) fn unknown<'a>(
    what: &str,
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
    list: &str,
) -> String {
    match nearest(typed, names) {
        Some(name) => format!("there is no {what} `{typed}`; did you mean `{name}`?"),
        None => format!("there is no {what} `{typed}`; {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_slip_and_nothing_else() {
        let names = ["email", "phone", "org_id"];
        assert_eq!(nearest("emial", names), Some("email"));
        assert_eq!(nearest("Email", names), Some("email"));
        assert_eq!(nearest("zzz", names), None);
    }
}
