//! Addresses that are made of a pattern and what stands for its names.
//!
//! In: a pattern (`/users/:id`, `/users/[id]`), if it is written down, and an object with what its names stand for. Out: the text
//! that it becomes. It leaves alone whose address that is, and names that the object does not have.

use super::evaluate::Evaluator;
use super::expressions::text;
use super::value::{Spot, V, Value};
use crate::facts::{Literal, Name};

/// What a piece of a pattern begins with that is a name and not the text itself.
const PARAMETER: char = ':';

impl Evaluator<'_> {
    /// `generatePath('/users/:id', { id })`, `resolve('/users/[id]', { id })`.
    pub(super) fn filled_pattern(&self, pattern: &V, given: Option<&V>, spot: Spot) -> V {
        let Some(written) = pattern.as_str() else {
            let given = given.cloned().map(|given| V::new(Value::FieldsOf(given)));
            return text([pattern.clone()].into_iter().chain(given));
        };
        let mut parts = Vec::new();
        for piece in written.split_inclusive('/') {
            let (named, slash) = match piece.strip_suffix('/') {
                Some(named) => (named, "/"),
                None => (piece, ""),
            };
            match (name_in(named), given) {
                (Some((before, name, behind)), Some(given)) => {
                    parts.push(literal(before));
                    parts.push(self.member(given, &Name::from(name), spot));
                    parts.push(literal(&format!("{behind}{slash}")));
                }
                _ => parts.push(literal(piece)),
            }
        }
        text(parts.into_iter())
    }
}

fn literal(text: &str) -> V {
    V::new(Value::Literal(Literal::String(Name::from(text))))
}

/// The name in a piece of a pattern (`:id?`, `org-[id]`, `[[...rest]]`, `[id=integer]`), with what stands around it.
fn name_in(piece: &str) -> Option<(&str, &str, &str)> {
    let is_name = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == '-';
    if let Some(name) = piece.strip_prefix(PARAMETER) {
        let end = name.find(|sign| !is_name(sign)).unwrap_or(name.len());
        return (end > 0).then(|| ("", &name[..end], ""));
    }
    let (before, rest) = piece.split_once('[')?;
    let (inside, behind) = rest.rsplit_once(']')?;
    let name = inside.trim_matches(['[', ']']).trim_start_matches("...");
    let end = name.find(|sign| !is_name(sign)).unwrap_or(name.len());
    (end > 0).then(|| (before, &name[..end], behind))
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn names_stand_in_patterns_as_routers_write_them() {
        assert_eq!(name_in(":id"), Some(("", "id", "")));
        assert_eq!(name_in(":user-id?"), Some(("", "user-id", "")));
        assert_eq!(name_in("org-[id]"), Some(("org-", "id", "")));
        assert_eq!(name_in("[[...rest]]"), Some(("", "rest", "")));
        assert_eq!(name_in("[id=integer].json"), Some(("", "id", ".json")));
        for none in ["users", "(group)", ":", "[]", "a]b[c"] {
            assert_eq!(name_in(none), None, "{none}");
        }
    }
}
