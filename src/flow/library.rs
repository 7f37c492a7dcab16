//! Functions of the language and of well-known libraries, by what they do with a value.
//!
//! In: the transform rules. Out: [`Library`]: the rule for a callee's names. It leaves alone what the effect means
//! (`effects`).

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluate::{callee_names, package_of};
use super::messages::POSTED;
use super::value::{Data, Root, V, Value, maker_of};
use crate::facts::Name;
use crate::ruleset::schema::{
    Document, Effect, Fields, Request, Sample, Serving, Subscribing, TransformFunction, Transforms,
};

/// How a digest is fed, and the rule for the one that the platform makes.
const FEED: &str = "update";
const FED: &str = "createHash.update";

/// The transform rules, by name.
pub struct Library<'r> {
    functions: FxHashMap<&'r str, Vec<&'r TransformFunction>>,
    methods: FxHashMap<&'r str, &'r TransformFunction>,
    requests: &'r [Request],
    request_roots: FxHashSet<&'r str>,
    /// Types by package whose objects send requests.
    senders: FxHashSet<(&'r str, &'r str)>,
    keepers: FxHashSet<&'r str>,
    /// Functions that give back the function that they are handed, for others to call.
    wrapping: FxHashSet<&'r str>,
    hearing: FxHashSet<&'r str>,
    announcing: FxHashSet<&'r str>,
    receiving: FxHashSet<&'r str>,
    /// The functions that send something, by the wire or the type of the message, where the app gives it no name of its own.
    announcers: FxHashMap<&'r str, Vec<&'r str>>,
    asking: FxHashSet<&'r str>,
    answering: FxHashSet<&'r str>,
    happening: FxHashSet<&'r str>,
    platform: FxHashSet<&'r str>,
    /// How values of classes look in texts.
    pub samples: &'r [Sample],
    documents: &'r [Document],
    /// What answers requests of the app to its own server.
    pub(super) serving: &'r Serving,
    /// What has methods called for events.
    pub(super) subscribing: &'r [Subscribing],
    /// Fields of pages in which people enter texts.
    pub(super) fields: &'r Fields,
}

impl<'r> Library<'r> {
    /// Arranges the rules; of two rules for one method the first counts.
    pub fn new(transforms: &'r Transforms) -> Self {
        let mut announcers: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut functions: FxHashMap<&str, Vec<&TransformFunction>> = FxHashMap::default();
        let mut methods = FxHashMap::default();
        for rule in &transforms.functions {
            for name in &rule.names {
                match name.strip_prefix('.') {
                    Some(method) => {
                        methods.entry(method).or_insert(rule);
                    }
                    None => functions.entry(name.as_str()).or_default().push(rule),
                }
            }
        }
        let requests = &transforms.requests;
        let first = |name: &'r String| name.split('.').next();
        let last = |name: &'r String| name.rsplit('.').next();
        for rule in &transforms.functions {
            let means = match rule.does {
                Effect::Send if !rule.channel => rule.wire.as_deref(),
                Effect::Post => Some(POSTED),
                _ => None,
            };
            if let Some(means) = means {
                let announcers = announcers.entry(means).or_default();
                announcers.extend(rule.names.iter().filter_map(last));
            }
        }
        let named = |is: fn(Effect) -> bool| {
            let rules = transforms
                .functions
                .iter()
                .filter(move |rule| is(rule.does));
            rules
                .flat_map(|rule| rule.names.iter().filter_map(last))
                .collect()
        };
        Self {
            functions,
            methods,
            requests,
            request_roots: requests
                .iter()
                .filter(|rule| !rule.of_unknown)
                .flat_map(|rule| {
                    let names = rule.names.iter().filter_map(first);
                    names.chain(rule.package.as_deref())
                })
                .collect(),
            senders: requests
                .iter()
                .filter_map(|rule| Some((rule.package.as_deref()?, rule.object.as_deref()?)))
                .collect(),
            keepers: named(|does| !does.is_made_of_arguments()),
            wrapping: named(|does| does == Effect::SameFunction),
            hearing: named(Effect::hears),
            announcing: named(Effect::announces),
            receiving: named(|does| matches!(does, Effect::Receive | Effect::EventContext)),
            announcers,
            asking: transforms.asking.iter().map(String::as_str).collect(),
            answering: transforms.answering.iter().map(String::as_str).collect(),
            happening: transforms.happening.iter().map(String::as_str).collect(),
            platform: transforms.platform.iter().map(String::as_str).collect(),
            samples: &transforms.samples,
            documents: &transforms.documents,
            serving: &transforms.serving,
            subscribing: &transforms.subscribing,
            fields: &transforms.fields,
        }
    }

    /// Whether what an object has under a key is a text of the program's own, which a protocol sends with its other keys.
    pub(super) fn is_document<'n>(
        &self,
        key: &str,
        mut keys: impl Iterator<Item = &'n Name>,
    ) -> bool {
        let rule = self.documents.iter().find(|rule| rule.key == key);
        rule.is_some_and(|rule| {
            keys.any(|name| rule.beside.iter().any(|other| other == name.as_str()))
        })
    }

    /// Whether setting a member of this name may send a request.
    pub(super) fn has_member_request(&self, name: &str) -> bool {
        let mut names = self.requests.iter().flat_map(|rule| &rule.names);
        names.any(|known| known.rsplit_once('.').is_some_and(|(_, last)| last == name))
    }

    /// The options under which clients of a package have the address that their requests go below.
    pub(super) fn base_keys(&self, package: &str) -> impl Iterator<Item = &'r str> {
        let rules = self.requests.iter();
        let of_package = rules.filter(move |rule| rule.package.as_deref() == Some(package));
        of_package.flat_map(|rule| rule.base.iter().map(String::as_str))
    }

    /// The rules of requests that a method of this name sends, to where an earlier call leads.
    pub(super) fn opened_requests(&self, method: &str) -> impl Iterator<Item = &'r Request> {
        let rules = self
            .requests
            .iter()
            .filter(|rule| !rule.opened_by.is_empty());
        rules.filter(move |rule| {
            let mut names = rule.names.iter();
            names.any(|name| name.rsplit('.').next() == Some(method))
        })
    }

    /// Whether requests are sent by a global of this name or by what it holds, or by what a package of this name exports.
    pub(super) fn is_request_root(&self, name: &str) -> bool {
        self.request_roots.contains(name)
    }

    /// Whether a global of this name sends a request by being called.
    pub(super) fn is_sent_by(&self, global: &str) -> bool {
        let mut rules = self.requests.iter();
        rules.any(|rule| rule.package.is_none() && rule.names.iter().any(|name| name == global))
    }

    /// Whether requests are sent by methods of objects of a package's type.
    pub(super) fn is_sender(&self, package: &str, name: &str) -> bool {
        self.senders.contains(&(package, name))
    }

    /// Whether a function of this name gives back the function that it is handed, so that whoever has that may call it.
    pub(super) fn wraps(&self, name: &str) -> bool {
        self.wrapping.contains(name)
    }

    /// Whether a function of this name may give more than it is given: what was kept elsewhere.
    pub(super) fn keeps(&self, name: &str) -> bool {
        self.keepers.contains(name)
    }

    /// Whether a function of this name may register what is called for an event.
    pub(super) fn hears(&self, name: &str) -> bool {
        self.hearing.contains(name)
    }

    /// Whether a function of this name may register what is called for what another process sends.
    pub(super) fn receives(&self, name: &str) -> bool {
        self.receiving.contains(name)
    }

    /// The names of the functions that send what an event stands for, if those who send it do not name it.
    pub(super) fn announcers(&self, event: &str) -> &[&'r str] {
        self.announcers.get(event).map_or(&[], Vec::as_slice)
    }

    /// Whether a function of this name may have others called.
    pub(super) fn announces(&self, name: &str) -> bool {
        self.announcing.contains(name)
    }

    /// Whether a method hands nothing over, by the first word of its name (`getItem` as `get`).
    pub(super) fn asks(&self, method: &str) -> bool {
        self.asking.contains(first_word(method))
    }

    /// Whether a module is the platform's global object.
    pub(super) fn is_platform(&self, specifier: &str) -> bool {
        self.platform.contains(specifier)
    }

    /// Whether a function gives what it is asked for, and nothing of what it is given.
    pub(super) fn answers(&self, function: &str) -> bool {
        self.answering.contains(first_word(function))
    }

    /// Whether a prop of this name is called for what a person does on the page (`onClick`, `onMouseEnter`).
    pub(super) fn happens(&self, prop: &str) -> bool {
        let Some(happening) = prop.strip_prefix("on") else {
            return false;
        };
        happening.starts_with(|first: char| first.is_ascii_uppercase())
            && (self.happening).contains(&*first_word_of(happening))
    }

    /// The packages that send something to a global queue where nothing in the tree receives it.
    pub(super) fn senders_by_default(&self) -> impl Iterator<Item = &'r str> {
        let rules = self.functions.values().flatten();
        let by_default = rules.filter(|rule| rule.otherwise.is_some());
        by_default.filter_map(|rule| rule.package.as_deref())
    }

    /// The rule for a method of a value.
    pub(super) fn method(&self, name: &str) -> Option<&'r TransformFunction> {
        self.methods.get(name).copied()
    }

    /// The rule for a function that sends a request; one without a package is a global.
    pub(super) fn request(&self, names: &[Name], package: Option<&str>) -> Option<&'r Request> {
        let last = names.last()?;
        let dotted = names
            .len()
            .checked_sub(2)
            .map(|at| format!("{}.{last}", names[at]));
        self.requests.iter().find(|rule| {
            rule.package.as_deref() == package
                && rule.opened_by.is_empty()
                && !rule.of_unknown
                && rule.names.iter().any(|name| match &dotted {
                    Some(dotted) => name == dotted,
                    None => name == last,
                })
        })
    }

    /// The rule of a method that is known by its name alone.
    pub(super) fn request_of_unknown(&self, method: &str) -> Option<&'r Request> {
        let mut rules = self.requests.iter().filter(|rule| rule.of_unknown);
        rules.find(|rule| rule.names.iter().any(|name| name == method))
    }

    /// The rule for a method of what a function made (`createHash(…).update(…)`).
    pub(super) fn method_of_made(&self, made: &V, name: &Name) -> Option<&'r TransformFunction> {
        let maker = maker_of(made)?;
        let last = maker.rsplit('.').next()?;
        let own = self.functions.get(format!("{last}.{name}").as_str());
        // What is made by way of a digest's function (`sha256.create()`) is fed as any digest is.
        let fed = || {
            let mut parts = maker.split(['.', '-']);
            let is_digest = name == FEED && parts.any(|part| self.is_digest(part));
            is_digest.then(|| self.functions.get(FED)).flatten()
        };
        let mut rules = own.or_else(fed)?.iter().copied();
        rules.find(|rule| rule.package.is_none())
    }

    /// The rule for what a value does when it is called that a function made (`compile(page)(data)`).
    pub(super) fn of_made(&self, callee: &V) -> Option<&'r TransformFunction> {
        let Value::Data(made) = &**callee else {
            return None;
        };
        let maker = maker_of(callee).filter(|_| made.path.is_empty() && made.steps.is_empty())?;
        let mut rules = self.functions.get(maker.as_str())?.iter().copied();
        rules.find(|rule| rule.of_made)
    }

    fn is_digest(&self, name: &str) -> bool {
        let mut rules = self.functions.get(name).into_iter().flatten();
        rules.any(|rule| rule.does == Effect::Hash)
    }

    /// The rule for a function by the names of its callee, outermost first, and the package it comes from.
    pub(super) fn function(
        &self,
        names: &[Name],
        package: Option<&str>,
    ) -> Option<&'r TransformFunction> {
        let last = names.last()?;
        let dotted = names
            .len()
            .checked_sub(2)
            .map(|at| format!("{}.{last}", names[at]));
        let wildcard = names
            .len()
            .checked_sub(2)
            .map(|at| format!("{}.*", names[at]));
        [dotted.as_deref(), wildcard.as_deref(), Some(last.as_str())]
            .into_iter()
            .flatten()
            .find_map(|name| {
                self.functions
                    .get(name)?
                    .iter()
                    .copied()
                    .find(|rule| match &rule.package {
                        Some(wanted) => package.is_some_and(|package| {
                            package == wanted || package.starts_with(&format!("{wanted}/"))
                        }),
                        None => !rule.of_made && (!rule.alone || names.len() == 1),
                    })
            })
    }

    /// The rule for what a value does when it is called: by its own names, or, of what a package exports as a whole, by the
    /// name that the file gives it (`import debounce from 'just-debounce-it'`).
    pub(super) fn of(&self, callee: &V) -> Option<&'r TransformFunction> {
        let own = self.function(&callee_names(callee), package_of(callee));
        own.or_else(|| match &**callee {
            Value::Data(Data {
                root: Root::Outside(package),
                path,
                aliases,
                ..
            }) if path.len() == 1 && package.rsplit('/').next() == path.last().map(|it| &**it) => {
                self.function(std::slice::from_ref(aliases.first()?), None)
            }
            _ => None,
        })
    }
}

/// The first word of a name in camel case whose first letter is a capital, in lower case.
fn first_word_of(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let rest = letters.take_while(char::is_ascii_lowercase);
    first.into_iter().chain(rest).collect()
}

/// The word that a name in camel case starts with.
fn first_word(name: &str) -> &str {
    let end = name.find(|next: char| !next.is_ascii_lowercase());
    &name[..end.unwrap_or(name.len())]
}
