//! Whose an address is.
//!
//! In: the vendors' hosts and APIs, the paths that the app's own server passes on, hosts that no rule knows. Out: for the
//! text of an address the [`Destination`]. It leaves alone how an address comes about (`requests`).

use rustc_hash::FxHashMap;

use super::subject::Recipient;
use crate::ruleset::schema::Vendor;
use crate::strangers::{MAX_HOST, Stranger};
use crate::variables::Variable;

/// A path of the app's own server that is passed on to a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    /// The start of the path, without a slash at its end.
    pub path: String,
    /// The address that it leads to, with its scheme.
    pub target: String,
}

/// Who receives a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Destination {
    pub vendor: usize,
    pub recipient: Recipient,
}

/// What the rules say of a host.
struct Host<'r> {
    vendor: usize,
    /// For an API, where it takes what the vendor is there for.
    collects: Option<&'r [String]>,
}

impl Host<'_> {
    fn takes(&self, path: &str) -> Option<Destination> {
        let recipient = match self.collects {
            None => Recipient::Host,
            Some(collects) if takes(collects, path) => Recipient::Api,
            Some(_) => return None,
        };
        Some(Destination {
            vendor: self.vendor,
            recipient,
        })
    }
}

/// Addresses, by whose they are.
#[derive(Default)]
pub(super) struct Destinations<'r> {
    /// APIs in front of what else the same host is.
    hosts: FxHashMap<&'r str, Vec<Host<'r>>>,
    strangers: FxHashMap<&'r str, usize>,
    /// Longest path first.
    passages: Vec<(&'r str, &'r str)>,
    /// By name, each with the vendor.
    variables: FxHashMap<&'r str, (&'r Variable, usize)>,
}

impl<'r> Destinations<'r> {
    /// Adds a vendor's hosts; the first vendor that names one keeps it.
    pub(super) fn add(&mut self, index: usize, vendor: &'r Vendor) {
        let apis = vendor
            .apis
            .iter()
            .map(|api| (&api.host, Some(api.collects.as_slice())));
        let plain = vendor.hosts.iter().map(|host| (host, None));
        for (host, collects) in apis.chain(plain) {
            let vendor = index;
            let known = self.hosts.entry(host.as_str()).or_default();
            known.push(Host { vendor, collects });
        }
    }

    /// Adds hosts that no rule knows, as vendors of their own.
    pub(super) fn add_strangers(&mut self, strangers: impl Iterator<Item = (usize, &'r Stranger)>) {
        self.strangers
            .extend(strangers.map(|(index, stranger)| (stranger.host.as_str(), index)));
    }

    /// Adds paths that lead elsewhere.
    pub(super) fn add_passages(&mut self, passages: &'r [Passage]) {
        let passages = passages
            .iter()
            .map(|passage| (passage.path.as_str(), passage.target.as_str()));
        self.passages.extend(passages);
        self.passages
            .sort_by_key(|(path, _)| (std::cmp::Reverse(path.len()), *path));
    }

    /// Adds a variable of the environment that holds an address of a vendor's.
    pub(super) fn add_variable(&mut self, variable: &'r Variable, vendor: usize) {
        self.variables.insert(&variable.name, (variable, vendor));
    }

    /// The names of such variables.
    pub(super) fn variables(&self) -> impl Iterator<Item = &'r str> + '_ {
        self.variables.keys().copied()
    }

    /// Whether a variable of the environment holds an address of a vendor's.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// Whose an address is that a variable of the environment holds, with what follows it.
    pub(super) fn of_variable(&self, name: &str, rest: &str) -> Option<Destination> {
        let (variable, vendor) = *self.variables.get(name)?;
        let mut hosts = self.hosts.values().flatten();
        let takes = rest.is_empty()
            || variable.is_hook
            || hosts.any(|host| host.vendor == vendor && host.takes(rest).is_some());
        takes.then_some(Destination {
            vendor,
            recipient: Recipient::Named,
        })
    }

    /// The paths that lead to a vendor, with whose they are.
    pub(super) fn passages(&self) -> impl Iterator<Item = (&'r str, Destination)> + '_ {
        self.passages
            .iter()
            .filter_map(|(path, target)| Some((*path, self.absolute(target)?)))
    }

    /// What the rules say of a host and of those above it.
    fn known<'a>(&'a self, host: &'a str) -> impl Iterator<Item = &'a Host<'r>> {
        let all = std::iter::successors(Some(host), |below| Some(below.split_once('.')?.1));
        all.flat_map(|host| self.hosts.get(host).into_iter().flatten())
    }

    /// Whether what is not known of an address's path decides whose it is.
    pub(super) fn is_open(&self, address: &str) -> bool {
        let Some((host, path)) = parts(address) else {
            return false;
        };
        let start = path.split(['?', '#']).next().unwrap_or_default();
        start.contains('*')
            && self.known(host).next().is_some()
            && self.known(host).all(|known| known.takes(path).is_none())
    }

    /// Whose the text of an address is.
    pub(super) fn of(&self, address: &str) -> Option<Destination> {
        if address.starts_with('/') && !address.starts_with("//") {
            return self.relative(address);
        }
        self.absolute(address)
    }

    fn relative(&self, path: &str) -> Option<Destination> {
        let (_, target) = self.passages.iter().find(|(start, _)| {
            path.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        })?;
        self.absolute(target)
    }

    fn absolute(&self, address: &str) -> Option<Destination> {
        let (host, path) = parts(address)?;
        let found = self.known(host).find_map(|known| known.takes(path));
        if found.is_some() {
            return found;
        }
        self.strangers.get(host).map(|vendor| Destination {
            vendor: *vendor,
            recipient: Recipient::Stranger,
        })
    }
}

/// The host and the path of an absolute address.
fn parts(address: &str) -> Option<(&str, &str)> {
    let rest = match address.find("//") {
        Some(at) if !address[..at].contains(['/', '?', '#']) => &address[at + 2..],
        _ => address,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = authority.rsplit('@').next()?;
    let host = authority.split(':').next()?;
    // What follows a whole host is the path, which has the slash itself (`https://api.acme.com${path}`).
    // Nothing does before a port.
    let (host, path) = match host.strip_suffix('*') {
        Some(whole)
            if host == authority && !whole.is_empty() && !whole.ends_with(['.', '-', '*']) =>
        {
            (whole, &rest[end - 1..])
        }
        _ => (host, path),
    };
    // No name in the net is longer, and each of its parts is looked up with all behind it.
    (host.len() <= MAX_HOST).then_some((host, path))
}

/// Whether a path is one of those, or below one; each of them may stand anywhere in it, since versions stand in front.
fn takes(collects: &[String], path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_below = |part: &String| {
        path.match_indices(part.as_str()).any(|(at, _)| {
            let rest = &path[at + part.len()..];
            rest.is_empty() || rest.starts_with('/') || part.ends_with('/')
        })
    };
    collects.is_empty() || collects.iter().any(is_below)
}
