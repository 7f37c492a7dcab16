//! What the key says under which a vendor receives a value.
//!
//! In: a subject, what its own names say, and the prepared rules. Out: the ground that the key, or the vendor's own meaning of
//! it, gives a class. It leaves alone what decides between a value's names and its key (`decide`).

use ecow::EcoVec;

use super::ValueType;
use super::decide::{Ground, Weighing};
use super::names::{Around, Basis, Hit, Reading};
use super::own::Own;
use super::words::Word;
use crate::finding::{Confidence, Transform};
use crate::ruleset::schema::Role;

/// Where an address that code makes has its parameters.
const QUERY: &str = "searchParams";

impl Weighing<'_> {
    /// Whether a key says which of two classes of one thing a value is, of which its own name says less
    /// (`{ org_id: app.owner_org }`).
    pub(super) fn is_told_by_key(&self, own: Hit, key: Hit) -> bool {
        let is_id = self.rules.classes[key.class].names_resource;
        is_id && own.confidence < Confidence::High && key.confidence == Confidence::High
    }

    /// What the key says, and the words of the name that says it.
    pub(super) fn key(&self) -> Option<(Reading, EcoVec<Word>)> {
        // What holds the groups is no group.
        let count = match self.subject.role {
            Some(Role::Groups) => 1,
            _ => usize::MAX,
        };
        let with_kind = self.subject.key_with_kind.iter();
        let others = self.subject.key.iter().rev();
        // An address has its query there, and sends each parameter by itself.
        let others = others
            .enumerate()
            .filter(|(at, key)| *at == 0 || key.as_str() != QUERY);
        let others = others.map(|(_, key)| key);
        let names = with_kind.clone().chain(others.skip(with_kind.len()));
        let names = names.flat_map(|key| key.rsplit('.')).take(count);
        let chain: Vec<EcoVec<Word>> = names.map(|key| self.words(key)).collect();
        chain.iter().enumerate().find_map(|(at, words)| {
            let around = Around {
                owners: &chain[at + 1..],
                ty: None,
                role: self.subject.role,
                is_part: false,
                of_element: false,
            };
            let reading = self.rules.names.read(words, around);
            let reading = self.of_parameter(reading, at, &chain);
            (!matches!(reading, Reading::Empty)).then(|| (reading, words.clone()))
        })
    }

    /// What the key says of a parameter in the text of an address: what the address is called turns no name in it
    /// (`{ url: `/?${new URLSearchParams({ search })}` }`).
    fn of_parameter(&self, reading: Reading, at: usize, chain: &[EcoVec<Word>]) -> Reading {
        let names = &self.rules.names;
        let is_turned = matches!(reading, Reading::Turned | Reading::Foreign);
        let is_within_address = || {
            let outer = chain.get(at + 1..).unwrap_or_default();
            let [address, owners @ ..] = outer else {
                return false;
            };
            let around = Around {
                owners,
                ..Around::default()
            };
            matches!(names.read(address, around), Reading::Class(_))
        };
        if is_turned && self.subject.in_text && is_within_address() {
            return names.read(&chain[at], Around::default());
        }
        reading
    }

    pub(super) fn by_key(&self, key: &(Reading, EcoVec<Word>), own: &Own) -> Option<Ground> {
        let (Reading::Class(hit), words) = key else {
            return None;
        };
        if self.subject.in_text && !hit.basis.is_clear() {
            return None;
        }
        let is_other = match self.rules.classes[hit.class].prose {
            true => !self.may_be(hit.class, own),
            false => self.is_named_otherwise(hit.class, own) || self.is_not_named(hit.class, own),
        };
        if is_other {
            return None;
        }
        let role = self.subject.role;
        let likely = hit.confidence.min(Confidence::Medium);
        let confidence = match own.reading {
            Reading::Empty => likely,
            _ if role == Some(Role::Groups) => likely,
            // `{ prompt: chat.value }`: what the value is read from makes the key clear.
            Reading::Other if !hit.basis.is_clear() && self.is_owned(hit.class, words) => likely,
            // `people.set({ company: session.value })`
            Reading::Other if hit.basis == Basis::Role && role == Some(Role::Traits) => {
                Confidence::Low
            }
            // `group("company", id, { name: site.name })`: whatever a group is called in the code, it is its name.
            Reading::Foreign
                if hit.basis == Basis::Role
                    && role == Some(Role::GroupTraits)
                    && last(words) == last(&own.words) =>
            {
                likely
            }
            // One of a few words that a function gives is what its key says, whatever the function is called.
            Reading::Other
                if self.subject.ty == ValueType::Choice
                    && self.rules.classes[hit.class].of_machine =>
            {
                Confidence::Low
            }
            _ if !hit.basis.is_clear() => return None,
            Reading::Generic => likely,
            Reading::Foreign if self.is_turned(words, own) || self.is_vague(words) => return None,
            Reading::Foreign if last(words) == last(&own.words) => likely,
            Reading::Other if matches!(role, Some(Role::Traits | Role::GroupTraits)) => likely,
            _ => Confidence::Low,
        };
        Some(self.ground_of_key(*hit, confidence))
    }

    /// Whether a value is named as nothing of a class is (`{ api_key: key.name }`).
    fn is_not_named(&self, class: usize, own: &Own) -> bool {
        let not_named = &self.rules.classes[class].not_named;
        last(&own.words).is_some_and(|said| not_named.contains(said))
    }

    /// Whether what the value is read from makes a key something else (`{ fullName: repository.name }`).
    fn is_turned(&self, key: &[Word], own: &Own) -> bool {
        let mut owners: Vec<EcoVec<Word>> = Vec::new();
        if let [before @ .., _] = own.words.as_slice()
            && !before.is_empty()
        {
            owners.push(before.into());
        }
        let path = self.subject.path.iter().rev().map(|name| self.words(name));
        owners.extend(path.skip_while(|words| *words != own.words).skip(1));
        let around = Around {
            owners: &owners,
            ..Around::default()
        };
        matches!(self.rules.names.read(key, around), Reading::Turned)
    }

    /// Whether a name is of somebody by a word that stands for something else as well (`{ owner_id: list.id }`).
    pub(super) fn is_vague(&self, name: &[Word]) -> bool {
        let lexicon = &self.rules.names.lexicon;
        name.iter().any(|word| lexicon.is_vague(&word.text))
    }

    /// Whether a key, read as a name below the value's own, is one of a class by its owner.
    fn is_owned(&self, class: usize, key: &[Word]) -> bool {
        let owners: Vec<EcoVec<Word>> = self
            .subject
            .path
            .iter()
            .rev()
            .map(|name| self.words(name))
            .collect();
        let around = Around {
            owners: &owners,
            ..Around::default()
        };
        matches!(
            self.rules.names.read(key, around),
            Reading::Class(hit) if hit.class == class && hit.basis == Basis::Owner
        )
    }

    /// `Some(None)`: a key that is no personal data.
    pub(super) fn vendor_key(&self) -> Option<Option<usize>> {
        let subject = self.subject;
        let keys = self.rules.keys.get(subject.vendor.as_str())?;
        // From the whole path to its last name.
        (0..subject.key.len()).find_map(|start| {
            let key = subject.key[start..].join(".");
            let of_call = keys.get(&format!("{}:{key}", subject.call));
            of_call.or_else(|| keys.get(&key)).copied()
        })
    }

    pub(super) fn by_vendor_key(&self, class: usize, confidence: Confidence) -> Option<Ground> {
        let subject = self.subject;
        let key = subject.key.last()?;
        Some(Ground {
            class,
            confidence,
            reason: format!(
                "`{key}` is a key of {} for: {}",
                subject.vendor, self.rules.classes[class].name
            ),
            is_named: false,
            transform: Transform::None,
        })
    }

    pub(super) fn ground_of_key(&self, hit: Hit, confidence: Confidence) -> Ground {
        let class = hit.class;
        Ground {
            class,
            confidence,
            reason: format!(
                "the vendor receives it as `{}`, which says: {}",
                self.subject.key.join("."),
                self.rules.classes[class].name
            ),
            is_named: true,
            transform: hit.transform,
        }
    }
}

pub(super) fn last(words: &[Word]) -> Option<&str> {
    words.last().map(|word| word.text.as_str())
}
