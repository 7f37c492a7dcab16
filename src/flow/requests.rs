//! Requests that reach a vendor without its SDK.
//!
//! In: the callee and arguments of a call. Out: a [`Request`] if it sends a request to a vendor's host: which vendor, and
//! what is handed over in address and payload. It leaves alone requests to other hosts.

use super::delivery::Place;
use super::evaluate::{Evaluator, package_of};
use super::outgoing::{callee_data, with_maker};
use super::payload::Leaf;
use super::value::{Data, FnRef, Root, Spot, V, Value};
use crate::facts::{Literal, Name};
use crate::ruleset::schema::{self as ruleset, Role};

/// A request to a vendor.
pub(super) struct Request<'p> {
    pub vendor: usize,
    /// The function that sends it.
    pub call: Name,
    pub leaves: Vec<Leaf<'p>>,
}

impl<'p> Evaluator<'p> {
    /// The request to a vendor that a call sends, if it sends one. The address is an argument, or what an earlier call on
    /// the same object gave; a client may hold the address that others are relative to.
    pub(super) fn request(
        &self,
        callee: &V,
        client: Option<&V>,
        args: &[V],
        place: &Place,
    ) -> Option<Request<'p>> {
        let rule = self.request_rule(callee)?;
        let url = self.target(rule, args, place)?;
        let base = client.and_then(|client| {
            rule.base.iter().find_map(|key| match &**client {
                Value::Object(object) => object.get(key),
                _ => None,
            })
        });
        let vendor =
            url.alternatives()
                .iter()
                .find_map(|url| match (&base, self.vendor_of(url)) {
                    (_, Some(vendor)) => Some(vendor),
                    (Some(base), None) if !is_absolute(url) => base
                        .alternatives()
                        .iter()
                        .find_map(|base| self.vendor_of(base)),
                    _ => None,
                })?;
        let names = request_names(callee);
        let call = names.last().cloned().unwrap_or_default();
        Some(Request {
            vendor,
            leaves: self.parts(rule, vendor, &call, url, args, place),
            call,
        })
    }

    /// What a request hands over, for a vendor that is known already.
    pub(super) fn request_parts(
        &self,
        callee: &V,
        vendor: usize,
        args: &[V],
        place: &Place,
    ) -> Vec<Leaf<'p>> {
        let parts = self.request_rule(callee).and_then(|rule| {
            let url = self.target(rule, args, place)?;
            let call = request_names(callee).last().cloned().unwrap_or_default();
            Some(self.parts(rule, vendor, &call, url, args, place))
        });
        parts.unwrap_or_default()
    }

    /// The address of a request.
    pub(super) fn address_of(&self, callee: &V, args: &[V], place: &Place) -> Option<V> {
        self.target(self.request_rule(callee)?, args, place)
    }

    /// The request that an element makes the browser send (`<img src>`).
    pub(super) fn request_by_element(
        &self,
        element: Name,
        props: &V,
        place: &Place,
    ) -> Option<Request<'p>> {
        self.request_by(&[element], std::slice::from_ref(props), place)
    }

    fn request_rule(&self, callee: &V) -> Option<&'p ruleset::Request> {
        callee_data(callee)?;
        self.library
            .request(&request_names(callee), package_of(callee))
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
        self.request_by(&names, std::slice::from_ref(address), place)
    }

    fn request_by(&self, names: &[Name], args: &[V], place: &Place) -> Option<Request<'p>> {
        let rule = self.library.request(names, None)?;
        let url = self.target(rule, args, place)?;
        let vendor = url
            .alternatives()
            .iter()
            .find_map(|url| self.vendor_of(url))?;
        let call = names.last().cloned().unwrap_or_default();
        Some(Request {
            vendor,
            leaves: self.parts(rule, vendor, &call, url, args, place),
            call,
        })
    }

    fn target(&self, rule: &ruleset::Request, args: &[V], place: &Place) -> Option<V> {
        let first = args.get(rule.url)?;
        Some(match (&rule.url_key, &**first) {
            // What has an `href` is an address itself (`new URL(…)`), not what holds one.
            (Some(key), Value::Object(object)) if object.get("href").is_none() => {
                self.member(first, &key.into(), spot_of(place))
            }
            _ => first.clone(),
        })
    }

    fn parts(
        &self,
        rule: &ruleset::Request,
        vendor: usize,
        call: &Name,
        url: V,
        args: &[V],
        place: &Place,
    ) -> Vec<Leaf<'p>> {
        let leaf = |role, value| Leaf::new(vendor, call, role, value, place);
        let mut leaves = vec![leaf(Role::Url, url)];
        // A request that is made beforehand holds the payload beside its address.
        let first = || {
            args.get(rule.url)
                .filter(|first| rule.url_key.is_some() && matches!(&***first, Value::Object(_)))
        };
        if let Some(payload) = rule.payload.and_then(|at| args.get(at).or_else(first)) {
            if rule.keys.is_empty() {
                leaves.push(leaf(Role::Properties, payload.clone()));
            } else {
                let parts = rule
                    .keys
                    .iter()
                    .map(|key| self.member(payload, &key.into(), spot_of(place)));
                leaves.extend(parts.map(|part| leaf(Role::Properties, part)));
            }
        }
        leaves
    }

    /// The vendor whose host an address names.
    pub(super) fn vendor_of(&self, url: &V) -> Option<usize> {
        let mut text = String::new();
        read_text(url, &mut text);
        let rest = match text.find("//") {
            Some(at) if !text[..at].contains(['/', '?', '#']) => &text[at + 2..],
            _ => text.as_str(),
        };
        let host = rest.split(['/', '?', '#', ':']).next()?;
        self.catalog.host(host.rsplit('@').next()?)
    }
}

/// The names of a callee as the rules write them.
pub(super) fn request_names(callee: &V) -> Vec<Name> {
    callee_data(callee).map(with_maker).unwrap_or_default()
}

/// The function whose parameter an address starts with.
pub(super) fn awaited(address: &V) -> Option<FnRef> {
    match &**address {
        Value::Data(Data {
            root: Root::Param(function, _),
            ..
        }) => Some(*function),
        Value::Text(parts) => parts.first().and_then(awaited),
        Value::Changed(_, inner) => awaited(inner),
        Value::Union(parts) => parts.iter().find_map(awaited),
        _ => None,
    }
}

fn is_absolute(url: &V) -> bool {
    let mut text = String::new();
    read_text(url, &mut text);
    text.starts_with("//")
        || text
            .split('/')
            .next()
            .is_some_and(|start| start.ends_with(':'))
}

fn spot_of(place: &Place) -> Spot {
    Spot {
        file: place.file,
        span: place.span,
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
