//! Addresses of which the host is known, and the path is what callers of a function say (`fetch(`${HOST}/v0${path}`)`).
//!
//! In: an address. Out: the function whose callers decide by the path whether it is of a vendor. It leaves alone addresses whose
//! host callers say (`outgoing`), and what is known without them (`destinations`).

use super::evaluate::Evaluator;
use super::requests::{read_text, variable};
use super::value::{Data, FnRef, Root, V, Value};

impl Evaluator<'_> {
    /// The function whose callers say the path of an address, where a vendor takes only some paths of the host.
    pub(super) fn path_by(&self, address: &V) -> Option<FnRef> {
        address
            .alternatives()
            .iter()
            .find_map(|address| self.path_of_one_by(address))
    }

    fn path_of_one_by(&self, address: &V) -> Option<FnRef> {
        let destinations = &self.catalog.destinations;
        let mut text = String::new();
        read_text(address, &mut text);
        let is_open = match variable(address) {
            Some(name) if destinations.is_variable(name) => {
                let rest = text.trim_start_matches('*');
                rest.contains('*') && destinations.of_variable(name, rest).is_none()
            }
            _ => destinations.is_open(&text),
        };
        is_open.then(|| parameter_in(address)).flatten()
    }
}

/// The function whose parameter is in a text.
pub(super) fn parameter_in(text: &V) -> Option<FnRef> {
    match &**text {
        Value::Data(Data {
            root: Root::Param(function, _),
            ..
        }) => Some(*function),
        Value::Text(parts) | Value::Union(parts) => parts.iter().find_map(parameter_in),
        Value::Changed(_, inner) | Value::When(_, inner) => parameter_in(inner),
        Value::Object(object) => parameter_in(&object.get("href")?),
        _ => None,
    }
}

/// The function whose parameter is the path of an address, below what only a run knows or what all requests begin with
/// (`${process.env.API}${path}`, `/v1${path}`).
pub(super) fn path_below(address: &V) -> Option<FnRef> {
    match &**address {
        Value::Text(parts) => {
            let path = parts.iter().find(|it| !is_above_paths(it))?;
            parameter_in(path).filter(|_| matches!(&**path, Value::Data(_)))
        }
        Value::Changed(_, inner) | Value::When(_, inner) => path_below(inner),
        Value::Union(parts) => parts.iter().find_map(path_below),
        _ => None,
    }
}

/// Whether paths stand below a piece of an address: a whole one ends in no part of a path that others complete (`/users/${id}`).
fn is_above_paths(piece: &V) -> bool {
    match &**piece {
        Value::Data(data) => !matches!(data.root, Root::Param(..)),
        Value::Union(parts) => parts.iter().any(is_above_paths),
        _ => piece.as_str().is_some_and(|text| {
            text == "/" || !text.ends_with('/') && !text.contains(['?', '#', '='])
        }),
    }
}
