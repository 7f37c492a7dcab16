//! Keys whose meaning another key beside them says: `owner_id` beside `owner_type`, `to` beside `subject` and `html`.
//!
//! In: an object and one of its keys. Out: what the key says once the kind is put in (`artist_id`, `to_email`). It leaves alone
//! what such a name means (`classify`).

use super::alike::unconditional;
use super::object::Object;
use super::value::{V, Value};
use crate::facts::{Literal, Name};

/// What is of one kind or another, as the last word of a key's beginning.
const HOLDERS: [&str; 8] = [
    "owner", "target", "subject", "object", "entity", "resource", "actor", "group",
];
/// What such a key says of it.
const ENDS: [&str; 14] = [
    "_ids", "_id", "_slugs", "_slug", "_uuid", "_key", "Ids", "IDs", "Id", "ID", "Slug", "Uuid",
    "UUID", "Key",
];
/// Ends that say of a thing what another one says more clearly.
const KEYS: [(&str, &str); 2] = [("_key", "_id"), ("Key", "Id")];
/// What the other key is called behind the same beginning.
const KINDS: [&str; 4] = ["_type", "Type", "_kind", "Kind"];
/// To whom a letter goes.
const ADDRESSED: [&str; 8] = [
    "to",
    "cc",
    "bcc",
    "reply_to",
    "replyTo",
    "recipient",
    "recipients",
    "toAddress",
];
/// What makes it a letter: this key, and what is in it.
const SUBJECT: &str = "subject";
const CONTENTS: [&str; 9] = [
    "html",
    "text",
    "body",
    "content",
    "contents",
    "message",
    "template",
    "react",
    "attachments",
];
/// A kind that only a run knows.
const ANY: &str = "entity";

/// What a key says with the kind that stands beside it.
pub(super) fn with_kind(object: &Object, key: &Name) -> Option<Name> {
    let (holder, end) = ENDS
        .iter()
        .find_map(|end| Some((key.strip_suffix(end)?, *end)))?;
    let lower = holder.to_lowercase();
    HOLDERS.iter().find(|word| lower.ends_with(**word))?;
    let beside = object.fields.iter().find(|field| {
        let kind = field.name.strip_prefix(holder);
        kind.is_some_and(|kind| KINDS.contains(&kind))
    })?;
    let clearer = KEYS.iter().find(|(known, _)| *known == end);
    let end = clearer.map_or(end, |(_, clearer)| *clearer);
    Some(Name::from(format!("{}{end}", kind_of(&beside.value))))
}

/// What a key says of those to whom a letter goes, beside what makes it one.
pub(super) fn of_letter<'n>(
    key: &Name,
    mut names: impl Iterator<Item = &'n Name> + Clone,
) -> Option<Name> {
    let is_addressed = ADDRESSED.contains(&key.as_str());
    let is_letter = is_addressed
        && names.clone().any(|name| name == SUBJECT)
        && names.any(|name| CONTENTS.contains(&name.as_str()));
    is_letter.then(|| Name::from(format!("{key}_email")))
}

fn kind_of(value: &V) -> Name {
    match &**unconditional(value) {
        Value::Literal(Literal::String(word)) => word.clone(),
        // A member of an enum that is declared elsewhere.
        Value::Data(data) => match data.path.as_slice() {
            [of, .., word] if of.starts_with(char::is_uppercase) => word.clone(),
            _ => Name::const_new(ANY),
        },
        _ => Name::const_new(ANY),
    }
}
