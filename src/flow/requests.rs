//! Requests that reach a vendor without its SDK.
//!
//! In: the callee and arguments of a call. Out: a [`Request`] if it sends a request to a vendor's host: which vendor, and
//! what is handed over in address and payload. It leaves alone requests to other hosts.

use super::delivery::Place;
use super::evaluate::{Evaluator, callee_names, package_of};
use super::payload::Leaf;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::{Literal, Name};
use crate::ruleset::schema::Role;

/// A request to a vendor.
pub(super) struct Request<'p> {
    pub vendor: usize,
    /// The function that sends it.
    pub call: Name,
    pub leaves: Vec<Leaf<'p>>,
}

impl<'p> Evaluator<'p> {
    /// The request to a vendor that a call sends, if it sends one.
    pub(super) fn request(&self, callee: &V, args: &[V], place: &Place) -> Option<Request<'p>> {
        let Value::Data(Data {
            root: Root::Global | Root::Outside(_),
            ..
        }) = &**callee
        else {
            return None;
        };
        self.request_by(&callee_names(callee), package_of(callee), args, place)
    }

    /// The request that assigning an address to a member of a made object sends (`new Image().src = …`).
    pub(super) fn request_by_member(
        &self,
        object: &V,
        member: &Name,
        address: &V,
        place: &Place,
    ) -> Option<Request<'p>> {
        let Value::Data(Data {
            root: Root::Call,
            producer: Some(maker),
            ..
        }) = &**object
        else {
            return None;
        };
        let names = [maker.clone(), member.clone()];
        self.request_by(&names, None, std::slice::from_ref(address), place)
    }

    fn request_by(
        &self,
        names: &[Name],
        package: Option<&str>,
        args: &[V],
        place: &Place,
    ) -> Option<Request<'p>> {
        let rule = self.library.request(names, package)?;
        let spot = Spot {
            file: place.file,
            span: place.span,
        };
        let first = args.get(rule.url)?;
        let url = match (&rule.url_key, &**first) {
            (Some(key), Value::Object(_) | Value::Data(_)) => self.member(first, &key.into(), spot),
            _ => first.clone(),
        };
        let vendor = url
            .alternatives()
            .iter()
            .find_map(|url| self.vendor_of(url))?;
        let call = names.last().cloned().unwrap_or_default();
        let leaf = |role, value| Leaf::new(vendor, &call, role, value, place);
        let mut leaves = vec![leaf(Role::Url, url)];
        if let Some(payload) = rule.payload.and_then(|at| args.get(at)) {
            if rule.keys.is_empty() {
                leaves.push(leaf(Role::Properties, payload.clone()));
            } else {
                let parts = rule
                    .keys
                    .iter()
                    .map(|key| self.member(payload, &key.into(), spot));
                leaves.extend(parts.map(|part| leaf(Role::Properties, part)));
            }
        }
        Some(Request {
            vendor,
            call: call.clone(),
            leaves,
        })
    }

    /// The vendor whose host an address names.
    fn vendor_of(&self, url: &V) -> Option<usize> {
        let mut text = String::new();
        read_text(url, &mut text);
        let rest = text
            .split_once("//")
            .map_or(text.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', '?', '#', ':']).next()?;
        let host = host.rsplit('@').next()?;
        let known = self
            .catalog
            .vendors()
            .flat_map(|(index, vendor)| vendor.hosts.iter().map(move |host| (index, host)));
        known
            .filter(|(_, known)| {
                host == known.as_str()
                    || host
                        .strip_suffix(known.as_str())
                        .is_some_and(|rest| rest.ends_with('.'))
            })
            .max_by_key(|(_, known)| known.len())
            .map(|(index, _)| index)
    }
}

/// The literal pieces of an address; what is not literal stands as `*`.
fn read_text(value: &V, text: &mut String) {
    match &**value {
        Value::Literal(Literal::String(piece)) => text.push_str(piece),
        Value::Text(parts) => parts.iter().for_each(|part| read_text(part, text)),
        Value::Union(parts) => {
            if let Some(known) = parts
                .iter()
                .find(|part| matches!(&***part, Value::Literal(_) | Value::Text(_)))
            {
                read_text(known, text);
            }
        }
        Value::Changed(_, inner) => read_text(inner, text),
        Value::Object(object) => {
            if let Some(address) = object.get("href") {
                read_text(&address, text);
            }
        }
        _ => text.push('*'),
    }
}
