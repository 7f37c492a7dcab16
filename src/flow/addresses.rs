//! Addresses that code makes, and their parts.
//!
//! In: what `new URL` is called with. Out: an address with its parts. It leaves alone who is sent to by it (`destinations`).

use super::alike::unconditional;
use super::alternatives::is_same;
use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::expressions::text;
use super::object::Object;
use super::value::{V, Value};
use crate::facts::{Literal, Name};
use crate::finding::Transform;

/// The sign between the path of an address and what it asks for.
const QUERY: char = '?';
/// The part of an address that has it.
const QUERY_PART: Name = Name::const_new("searchParams");

impl Evaluator<'_> {
    /// An address; one that only a run knows is known by the function that makes it.
    pub(super) fn address(&self, library: &LibraryCall<'_>) -> V {
        let (path, base) = (library.args.first(), library.args.get(1));
        if let Some(said) = path.and_then(said_with_query) {
            return said;
        }
        // A base that callers say is known once they do.
        let to_come = |base: &V| base.is_symbolic().then(|| base.clone());
        let base = base.and_then(|base| known_address(base).or_else(|| to_come(base)));
        let mut pieces: Vec<V> = Vec::new();
        for piece in base.into_iter().chain(path.and_then(known_address)) {
            let ends = pieces.last().and_then(V::as_str);
            let is_open = ends.is_some_and(|base| !base.ends_with('/'));
            if is_open && piece.as_str().is_some_and(|path| !path.starts_with('/')) {
                let slash = Literal::String(Name::const_new("/"));
                pieces.push(V::new(Value::Literal(slash)));
            }
            pieces.push(piece);
        }
        if pieces.is_empty() {
            return self.parts_of_address(library);
        }
        let mut object = Object::default();
        object.set(Name::const_new("href"), text(pieces.into_iter()), false);
        let query = V::new(Value::Object(Object::default()));
        object.set(QUERY_PART, query, false);
        V::new(Value::Object(object))
    }

    /// The parts of an address that only a run knows, which are of the same address. What host it is on tells nothing of
    /// anybody, but for the addresses that the rule names.
    fn parts_of_address(&self, library: &LibraryCall<'_>) -> V {
        let Some(given) = library.args.first() else {
            return library.given();
        };
        let each = given.alternatives().iter();
        V::union(each.map(|address| self.parts_of(unconditional(address), library)))
    }

    fn parts_of(&self, address: &V, library: &LibraryCall<'_>) -> V {
        let mut object = Object::default();
        if let Value::Data(data) = &**address
            && let Some(name) = data.path.last().or(data.aliases.last())
        {
            object.spread(&library.given(), false);
            let is_telling = library.rule.members.iter().any(|it| it == name.as_str());
            let of_host = ["host", "hostname", "origin"].into_iter();
            let parts = ["href", "pathname", "search"].into_iter();
            for part in parts.chain(of_host.filter(|_| is_telling)) {
                object.set(Name::const_new(part), address.clone(), false);
            }
            return V::new(Value::Object(object));
        }
        library.given()
    }
}

/// An address that is said beside what it asks for (`{ url, query }`).
fn said_with_query(parts: &V) -> Option<V> {
    let Value::Object(parts) = &**parts else {
        return None;
    };
    let (url, query) = (parts.get("url")?, parts.get("query")?);
    let mut object = Object::default();
    object.set(
        Name::const_new("href"),
        known_address(&url).unwrap_or(url),
        false,
    );
    object.set(QUERY_PART, query, false);
    Some(V::new(Value::Object(object)))
}

/// An address with its parts, as one text; of several values, those that are such addresses.
pub(super) fn whole_address(value: &V) -> Option<V> {
    match &**value {
        Value::Union(parts) => {
            let is_any = parts.iter().any(|part| whole_address(part).is_some());
            let whole = |part: &V| whole_address(part).unwrap_or_else(|| part.clone());
            is_any.then(|| V::union(parts.iter().map(whole)))
        }
        Value::Object(object) => {
            object.get("pathname")?;
            object.get("href")
        }
        _ => None,
    }
}

/// An address as it goes out under a key or in a text, where it is one that code made with `new URL`: as one text.
pub(super) fn sent_address(object: &Object) -> Option<V> {
    let address = object.get("href")?;
    let is_made = match object.get("pathname") {
        // Its parts are all of the same address.
        Some(path) => is_same(&path, &address, 0),
        None => {
            let query = object.get(&QUERY_PART)?;
            matches!(&*query, Value::Object(query) if holds_nothing(query))
        }
    };
    is_made.then_some(address)
}

/// An address that callers say, into whose query something is put: as one that code made.
pub(super) fn to_be_asked(address: &Object, part: &Name) -> Option<Object> {
    let whole = address.get("href").filter(V::is_symbolic)?;
    address.get("pathname").filter(|_| *part == QUERY_PART)?;
    let mut made = Object::default();
    made.set(Name::const_new("href"), whole, false);
    made.set(QUERY_PART, V::new(Value::Object(Object::default())), false);
    Some(made)
}

/// An address that is a copy of one which code made as well (`new URL(address)`), once that is known: what was put into the query of
/// either.
pub(super) fn copied(address: &Object) -> Option<V> {
    let whole = address.get("href")?;
    let Value::Object(made) = &**unconditional(&whole) else {
        return None;
    };
    made.get("href")?;
    let mut made = made.clone();
    if let Some(more) = address.get(&QUERY_PART) {
        let mut asked = Object::default();
        asked.spread(&made.get(&QUERY_PART).unwrap_or_else(V::nothing), false);
        asked.spread(&more, false);
        made.set(QUERY_PART, V::new(Value::Object(asked)), false);
    }
    Some(V::new(Value::Object(made)))
}

fn holds_nothing(query: &Object) -> bool {
    query.fields.is_empty() && query.spreads.is_empty()
}

/// Whether something was put into the query of an address that code made.
pub(super) fn has_query(address: &Object) -> bool {
    let is_filled = |query: &V| matches!(&**query, Value::Object(query) if !holds_nothing(query));
    let is_made = || address.get("href").is_some() && address.get("pathname").is_none();
    let query = address.get(&QUERY_PART);
    query.is_some_and(|query| query.alternatives().iter().any(is_filled)) && is_made()
}

/// What an address asks for: all that comes after its `?`.
pub(super) fn query_of(address: &V) -> V {
    match &**address {
        Value::Text(parts) => {
            let asks = |part: &V| part.as_str().is_some_and(|piece| piece.contains(QUERY));
            let Some(at) = parts.iter().position(asks) else {
                return V::nothing();
            };
            let first = parts[at].as_str().and_then(|piece| piece.split_once(QUERY));
            let first = first.map(|(_, rest)| Literal::String(rest.into()));
            let first = first.map(|rest| V::new(Value::Literal(rest)));
            text(first.into_iter().chain(parts.iter().skip(at + 1).cloned()))
        }
        Value::Object(object) => {
            let parts = ["search", "searchParams"].into_iter();
            V::union(parts.filter_map(|part| object.get(part)))
        }
        Value::Union(parts) => V::union(parts.iter().map(query_of)),
        Value::When(condition, inner) => when(condition, query_of(inner)),
        Value::Changed(change, inner) => V::new(Value::Changed(*change, query_of(inner))),
        _ => V::nothing(),
    }
}

/// What is known of a part of an address, which may have a fallback (`host || 'https://…'`).
fn known_address(part: &V) -> Option<V> {
    part.alternatives().iter().find_map(|it| match &**it {
        Value::Literal(Literal::String(_)) | Value::Text(_) => Some(it.clone()),
        // Without the slash at its end it leads to the same host.
        Value::Changed(Transform::Truncate, inner) | Value::When(_, inner) => known_address(inner),
        Value::Object(address) => address.get("href"),
        _ => None,
    })
}
