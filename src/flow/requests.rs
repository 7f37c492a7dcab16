//! Requests that reach a vendor without its SDK.
//!
//! In: the callee and arguments of a call. Out: a [`Request`] if it sends a request to a vendor's host: which vendor, and
//! what is handed over in address and payload. It leaves alone requests to other hosts.

use super::addresses::query_of;
use super::alike::unconditional;
use super::delivery::Place;
use super::destinations::Destination;
use super::evaluate::{Evaluator, package_of};
use super::expressions::text;
use super::object::Object;
use super::outgoing::{callee_data, with_maker};
use super::payload::Leaf;
use super::value::{Data, FnRef, Root, V, Value, maker_of};
use crate::facts::{ExprId, Literal, Name};
use crate::ruleset::schema::{self as ruleset, Role};
use crate::source::FileId;

/// An address is read with so many of the hosts that it may begin with, and no more.
const MAX_BEGINNINGS: usize = 8;

/// A request to a vendor.
pub(super) struct Request<'p> {
    pub to: Destination,
    /// The function that sends it.
    pub call: Name,
    pub leaves: Vec<Leaf<'p>>,
}

impl<'p> Evaluator<'p> {
    /// The request to a vendor that a call sends, if it sends one. The address is an argument, or what an earlier call on
    /// the same object gave; a client or the call may hold the address that others are
    /// relative to.
    pub(super) fn request(
        &self,
        callee: &V,
        client: Option<&V>,
        args: &[V],
        place: &Place,
    ) -> Option<Request<'p>> {
        let rule = self.request_rule(callee)?;
        let url = self.target(rule, args, place)?;
        // What a call says itself counts before what its client says for all.
        let mut holders = args.iter().rev().chain(client);
        let base = holders.find_map(|holder| {
            rule.base.iter().find_map(|key| match &**holder {
                Value::Object(object) => object.get(key),
                _ => None,
            })
        });
        let to =
            url.alternatives()
                .iter()
                .find_map(|url| match (&base, self.destination(url)) {
                    (_, Some(to)) => Some(to),
                    (Some(base), None) if !is_absolute(url) => base
                        .alternatives()
                        .iter()
                        .find_map(|base| self.destination_below(base, url)),
                    _ => None,
                })?;
        let call = called(rule, callee);
        let leaves = self.parts(rule, to, &call, url, args, place);
        is_sent(rule, &leaves).then_some(Request { to, call, leaves })
    }

    /// Whether a value is a client whose requests go below an address that leads to somebody.
    pub(super) fn is_client_of_host(&self, client: &V) -> bool {
        let Value::Object(object) = &**client else {
            return false;
        };
        let Some(Data {
            root: Root::Outside(package),
            ..
        }) = callee_data(client)
        else {
            return false;
        };
        let mut bases = self.library.base_keys(package);
        bases.any(|key| {
            let base = object.get(key).unwrap_or_else(V::nothing);
            let mut bases = base.alternatives().iter();
            bases.any(|base| self.destination(base).is_some())
        })
    }

    /// What a request hands over, for a vendor that is known already.
    pub(super) fn request_parts(
        &self,
        callee: &V,
        to: Destination,
        args: &[V],
        place: &Place,
    ) -> Vec<Leaf<'p>> {
        let parts = self.request_rule(callee).and_then(|rule| {
            let url = self.target(rule, args, place)?;
            let call = called(rule, callee);
            Some(self.parts(rule, to, &call, url, args, place))
        });
        parts.unwrap_or_default()
    }

    /// The address of a request.
    pub(super) fn address_of(&self, callee: &V, args: &[V], place: &Place) -> Option<V> {
        self.target(self.request_rule(callee)?, args, place)
    }

    /// What a request brings.
    pub(super) fn payload_of(&self, callee: &V, args: &[V], place: &Place) -> V {
        let rule = self.request_rule(callee);
        let payload = rule.and_then(|rule| Some((rule, args.get(rule.payload?)?)));
        let Some((rule, payload)) = payload else {
            return V::nothing();
        };
        if rule.keys.is_empty() {
            return payload.clone();
        }
        let mut keys = rule.keys.iter();
        let read = |key: &String| self.member(payload, &key.into(), place.spot());
        keys.find_map(|key| Some(read(key)).filter(|it| !it.is_empty()))
            .unwrap_or_else(V::nothing)
    }

    /// The request that an element makes the browser send (`<img src>`), or by which it sends what is entered in it
    /// (`<form action>`).
    pub(super) fn request_by_element(
        &self,
        (file, element): (FileId, ExprId),
        name: Name,
        props: &V,
        place: &Place,
    ) -> Option<Request<'p>> {
        let rule = self.library.request(std::slice::from_ref(&name), None)?;
        let mut args = vec![props.clone()];
        let request = self.request_by(std::slice::from_ref(&name), &args, place)?;
        if rule.fields.is_empty() {
            return Some(request);
        }
        let url = self.target(rule, &args, place)?;
        args.push(self.fields(file, element, &rule.fields));
        self.request_of(rule, &name, url, &args, place)
    }

    /// The rule of the request that calling a value sends.
    pub(super) fn request_rule(&self, callee: &V) -> Option<&'p ruleset::Request> {
        let data = callee_data(callee)?;
        let rule = self
            .library
            .request(&request_names(callee), package_of(callee))?;
        // What a caller hands over under such a name opens whatever it likes.
        let is_told = matches!(data.root, Root::Global | Root::Outside(_));
        (!rule.navigates || is_told).then_some(rule)
    }

    /// The request that assigning an address to a member of a made object sends (`new Image().src = …`).
    pub(super) fn request_by_member(
        &self,
        object: &V,
        member: &Name,
        address: &V,
        place: &Place,
    ) -> Option<Request<'p>> {
        let maker = maker_of(object)?;
        let names = [maker.clone(), member.clone()];
        self.request_by(&names, std::slice::from_ref(address), place)
    }

    /// The request of a rule to an address that is known already.
    pub(super) fn request_of(
        &self,
        rule: &ruleset::Request,
        call: &Name,
        url: V,
        args: &[V],
        place: &Place,
    ) -> Option<Request<'p>> {
        let to = url
            .alternatives()
            .iter()
            .find_map(|url| self.destination(url))?;
        let leaves = self.parts(rule, to, call, url, args, place);
        is_sent(rule, &leaves).then_some(Request {
            to,
            call: call.clone(),
            leaves,
        })
    }

    /// The request that assigning an address to a member of the platform sends (`location.href = …`).
    pub(super) fn request_by_assigning(
        &self,
        target: &[Name],
        address: &V,
        place: &Place,
    ) -> Option<Request<'p>> {
        self.request_by(target, std::slice::from_ref(address), place)
    }

    fn request_by(&self, names: &[Name], args: &[V], place: &Place) -> Option<Request<'p>> {
        let rule = self.library.request(names, None)?;
        let url = self.target(rule, args, place)?;
        let call = names.last().cloned().unwrap_or_default();
        self.request_of(rule, &call, url, args, place)
    }

    /// The address in the arguments of a request.
    pub(super) fn target(&self, rule: &ruleset::Request, args: &[V], place: &Place) -> Option<V> {
        let first = args.get(rule.url)?;
        Some(match (&rule.url_key, &**first) {
            (Some(key), _) if holds_address(first) => {
                let address = self.member(first, &key.into(), place.spot());
                // As components of React Native are handed it.
                let uri = match &*address {
                    Value::Object(source) => source.get("uri"),
                    _ => None,
                };
                uri.unwrap_or(address)
            }
            (_, Value::Object(object)) => {
                said_in_parts(rule, object).unwrap_or_else(|| first.clone())
            }
            _ => first.clone(),
        })
    }

    /// The request to a vendor that a method of something unknown sends, as far as its name and the address tell.
    pub(super) fn request_by_unknown(
        &self,
        callee: &V,
        args: &[V],
        place: &Place,
    ) -> Option<Request<'p>> {
        let Value::Data(data) = &**callee else {
            return None;
        };
        let [.., _, method] = data.path.as_slice() else {
            return None;
        };
        let rule = self.library.request_of_unknown(method)?;
        let url = self.target(rule, args, place)?;
        if !url.alternatives().iter().any(is_absolute) {
            return None;
        }
        self.request_of(rule, method, url, args, place)
    }

    fn parts(
        &self,
        rule: &ruleset::Request,
        to: Destination,
        call: &Name,
        url: V,
        args: &[V],
        place: &Place,
    ) -> Vec<Leaf<'p>> {
        let leaf = |role, value| Leaf {
            recipient: to.recipient,
            ..Leaf::new(to.vendor, call, role, value, place)
        };
        let address = self.leading_to(to, &url);
        let address = match rule.navigates {
            true if is_shared(rule, &address) => V::nothing(),
            true => query_of(&address),
            false => address,
        };
        let mut leaves = vec![leaf(Role::Url, address)];
        // A request that is made beforehand holds the payload beside its address.
        let first = || {
            args.get(rule.url)
                .filter(|first| rule.url_key.is_some() && holds_address(first))
        };
        // Nor is what hears of the answer one.
        let given = |at: usize| args.get(at).filter(|given| !given.is_function());
        if let Some(payload) = rule.payload.and_then(|at| given(at).or_else(first)) {
            if rule.keys.is_empty() {
                leaves.push(leaf(Role::Properties, payload.clone()));
            } else {
                let parts = rule
                    .keys
                    .iter()
                    .map(|key| self.member(payload, &key.into(), place.spot()));
                leaves.extend(parts.map(|part| leaf(Role::Properties, part)));
            }
        }
        leaves
    }

    /// Those alternatives of an address that lead somewhere, if any does by itself: what a picture shows otherwise tells
    /// nobody anything.
    fn leading_to(&self, to: Destination, url: &V) -> V {
        let leads = |url: &&V| {
            self.destination(url)
                .is_some_and(|it| it.vendor == to.vendor)
        };
        let leading = V::union(url.alternatives().iter().filter(leads).cloned());
        if leading.is_empty() {
            url.clone()
        } else {
            leading
        }
    }

    /// Whose an address is. Of several hosts that it may begin with, the one of a vendor with rules counts before others, and any
    /// before none (`${IS_LOCAL ? 'http://localhost:9000' : 'https://api.vendor.io'}/v1`).
    pub(super) fn destination(&self, url: &V) -> Option<Destination> {
        let is_known = |to: &Destination| !self.catalog.is_stranger(to.vendor);
        let first = self.destination_of_first(url);
        if first.as_ref().is_some_and(is_known) {
            return first;
        }
        let others = by_beginning(url);
        let mut others = others.iter().filter_map(|it| self.destination_of_first(it));
        let known = others.clone().find(is_known);
        known.or(first).or_else(|| others.next())
    }

    /// Whose an address is by the first host that it may begin with.
    fn destination_of_first(&self, url: &V) -> Option<Destination> {
        let destinations = &self.catalog.destinations;
        let mut text = String::new();
        read_text(url, &mut text);
        let of_variable = || {
            let variable = variable(url)?;
            let rest = text.trim_start_matches('*');
            destinations.of_variable(variable, rest)
        };
        destinations.of(&text).or_else(of_variable)
    }

    /// Whose an address is that is relative to another.
    fn destination_below(&self, base: &V, url: &V) -> Option<Destination> {
        let mut text = String::new();
        read_text(base, &mut text);
        let mut rest = String::new();
        read_text(url, &mut rest);
        let joined = format!(
            "{}/{}",
            text.trim_end_matches('/'),
            rest.trim_start_matches('/')
        );
        self.catalog.destinations.of(&joined)
    }

    /// The vendor of the rules to whom an address leads.
    pub(super) fn vendor_of(&self, url: &V) -> Option<usize> {
        let to = self.destination(url)?;
        (!self.catalog.is_stranger(to.vendor)).then_some(to.vendor)
    }
}

/// Whether a request hands anything over: a page that is only shown is no call of whoever has it.
fn is_sent(rule: &ruleset::Request, leaves: &[Leaf<'_>]) -> bool {
    let says_something = |leaf: &Leaf<'_>| !leaf.value.is_empty() && leaf.value.as_str().is_none();
    !rule.navigates || leaves.iter().any(says_something)
}

/// Whether an address is one where a person tells others something.
fn is_shared(rule: &ruleset::Request, address: &V) -> bool {
    let mut text = String::new();
    read_text(address, &mut text);
    rule.shares_at.iter().any(|part| text.contains(part))
}

/// Whether a value is an object that holds an address; what has an `href` is one itself (`new URL(…)`).
fn holds_address(value: &V) -> bool {
    matches!(&**value, Value::Object(object) if object.get("href").is_none())
}

/// The address that an object says in parts (`{ hostname, path }`).
fn said_in_parts(rule: &ruleset::Request, object: &Object) -> Option<V> {
    let said = |keys: &[String]| keys.iter().find_map(|key| object.get(key));
    let scheme = V::new(Value::Literal(Literal::String(Name::const_new("https://"))));
    let parts = [Some(scheme), Some(said(&rule.host)?), said(&rule.path)];
    Some(text(parts.into_iter().flatten()))
}

/// The names of a callee as the rules write them.
pub(super) fn request_names(callee: &V) -> Vec<Name> {
    callee_data(callee).map(with_maker).unwrap_or_default()
}

/// What the call of a request is called: of a component that shows an element, that.
fn called(rule: &ruleset::Request, callee: &V) -> Name {
    match rule.names.first() {
        Some(element) if element.starts_with('<') => Name::from(element),
        _ => request_names(callee).last().cloned().unwrap_or_default(),
    }
}

/// An address that is joined of pieces and may begin with one of several, once for each; none of any other.
fn by_beginning(url: &V) -> Vec<V> {
    let Value::Text(parts) = &**unconditional(url) else {
        return Vec::new();
    };
    let Some((first, rest)) = parts.split_first() else {
        return Vec::new();
    };
    let Value::Union(beginnings) = &**unconditional(first) else {
        return Vec::new();
    };
    let is_known = |it: &&V| {
        matches!(
            &**unconditional(it),
            Value::Literal(Literal::String(_)) | Value::Text(_)
        )
    };
    let known = beginnings.iter().filter(is_known).take(MAX_BEGINNINGS);
    let beginning_with = |it: &V| text(std::iter::once(it).chain(rest).cloned());
    known.map(beginning_with).collect()
}

/// The function whose parameter an address starts with.
pub(super) fn awaited(address: &V) -> Option<FnRef> {
    match &**address {
        Value::Data(Data {
            root: Root::Param(function, _),
            ..
        }) => Some(*function),
        Value::Text(parts) => parts.first().and_then(awaited),
        Value::Object(address) => awaited(&address.get("href")?),
        Value::Changed(_, inner) | Value::When(_, inner) => awaited(inner),
        Value::Union(parts) => parts.iter().find_map(awaited),
        _ => None,
    }
}

/// The name of what an address starts with.
pub(super) fn variable(address: &V) -> Option<&Name> {
    match &**address {
        Value::Data(data) => data.path.last(),
        Value::Text(parts) => parts.first().and_then(variable),
        Value::Changed(_, inner) | Value::When(_, inner) => variable(inner),
        Value::Union(parts) => parts.iter().find_map(variable),
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

/// The literal pieces of an address; what is not literal stands as `*`.
pub(super) fn read_text(value: &V, text: &mut String) {
    read_pieces(value, text, false);
}

/// The same of an address whose parts are counted, so that a part that may be one of several stands as `*` as well.
pub(super) fn read_parts(value: &V, text: &mut String) {
    read_pieces(value, text, true);
}

fn read_pieces(value: &V, text: &mut String, is_counted: bool) {
    match &**value {
        Value::Literal(Literal::String(piece)) => text.push_str(piece),
        Value::Text(parts) => {
            for part in parts {
                let before = text.len();
                read_pieces(part, text, is_counted);
                if is_counted && text.len() == before && part.as_str().is_none() {
                    text.push('*');
                }
            }
        }
        Value::Union(parts) => {
            let is_known = |part: &&V| matches!(&***part, Value::Literal(_) | Value::Text(_));
            if let Some(known) = parts.iter().find(is_known) {
                read_pieces(known, text, is_counted);
            }
        }
        Value::Changed(_, inner) | Value::When(_, inner) => read_pieces(inner, text, is_counted),
        Value::Object(object) => {
            if let Some(address) = object.get("href") {
                read_pieces(&address, text, is_counted);
            }
        }
        _ => text.push('*'),
    }
}
