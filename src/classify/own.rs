//! What a value's own names say: where it comes from, the path by which it is read, who made it, what held it.
//!
//! In: a subject and the prepared rules. Out: [`Own`]. It leaves alone the position and the key under which it is sent (`keys`),
//! and what decides between them (`decide`).

use ecow::EcoVec;

use super::decide::{Weighing, starts_as_type};
use super::names::{Around, Basis, Hit, Reading};
use super::words::Word;
use crate::facts::Name;
use crate::finding::{Confidence, Transform};

/// What the value's own names say, and the name that says it.
pub(super) struct Own {
    pub(super) reading: Reading,
    /// The words of the deciding name.
    pub(super) words: EcoVec<Word>,
    pub(super) said: Said,
}

pub(super) enum Said {
    Path,
    Named(Name),
    Producer(Name),
    Type(Name),
    Alias(Name),
    Origin(String),
    Nothing,
}

impl Weighing<'_> {
    /// The origin, the path, the name asked for, the function that made it, its type.
    pub(super) fn own(&self) -> Own {
        let subject = self.subject;
        if let Some((class, origin)) = self.origin() {
            return Own {
                reading: Reading::Class(Hit {
                    class,
                    confidence: Confidence::High,
                    basis: Basis::Owner,
                    transform: Transform::None,
                    in_words: false,
                    too: None,
                }),
                words: EcoVec::new(),
                said: Said::Origin(origin),
            };
        }
        let mut producer: Vec<&str> = subject
            .producer
            .iter()
            .flat_map(|producer| producer.split('.'))
            .collect();
        // What is read from a record that was just made is that of whatever holds such records.
        let is_read = !subject.path.is_empty() || subject.named.is_some();
        if let [_, .., act] = producer.as_slice()
            && is_read
            && self.rules.names.lexicon.is_act(&self.words(act))
        {
            producer.pop();
        }
        let ty = subject.owner_type.as_deref().map(|ty| self.words(ty));
        // From the value outwards: the path, what was asked for, the function, its receivers.
        let mut names: Vec<(EcoVec<Word>, Said)> = Vec::new();
        // A global of the platform owns nothing: `document.title` is no document's.
        let root = usize::from(subject.global && subject.path.len() > 1);
        names.extend(
            subject.path[root..]
                .iter()
                .rev()
                .map(|name| (self.words(name), Said::Path)),
        );
        names.extend(
            subject
                .named
                .iter()
                .map(|name| (self.words(name), Said::Named(name.clone()))),
        );
        names.extend(
            producer
                .iter()
                .rev()
                .map(|name| (self.words(name), Said::Producer((*name).into()))),
        );
        let own_names = names.len() - producer.len().saturating_sub(1);
        let (chain, mut said): (Vec<_>, Vec<_>) = names.into_iter().unzip();
        let role = subject.role.filter(|_| !subject.in_text);
        for at in 0..own_names {
            let around = Around {
                owners: &chain[at + 1..],
                ty: ty.as_deref(),
                role,
                is_part: at > 0,
                of_element: subject.of_element,
            };
            let mut reading = self.rules.names.read(&chain[at], around);
            if let Reading::Class(hit) = reading
                && self.is_cut_out_of(hit)
            {
                reading = Reading::Other;
            }
            if !matches!(reading, Reading::Empty) {
                // `query` may be what was searched for; `query.data` need not be.
                if let Reading::Class(hit) = &mut reading
                    && at > 0
                    && hit.basis == Basis::Unowned
                {
                    hit.confidence = Confidence::Low;
                }
                let own = Own {
                    reading,
                    words: chain[at].clone(),
                    said: said.swap_remove(at),
                };
                let unknown = matches!(own.reading, Reading::Other) && subject.path.len() == 1;
                return unknown
                    .then(|| self.by_type(ty.as_deref()))
                    .flatten()
                    .unwrap_or(own);
            }
        }
        self.by_type(ty.as_deref()).unwrap_or(Own {
            reading: Reading::Empty,
            words: EcoVec::new(),
            said: Said::Nothing,
        })
    }

    /// A type that is itself named like a class (`EmailAddress`, `UserId`).
    fn by_type(&self, ty: Option<&[Word]>) -> Option<Own> {
        let words = ty?;
        let Reading::Class(hit) = self.rules.names.read(words, Around::default()) else {
            return None;
        };
        hit.basis.is_clear().then(|| Own {
            reading: Reading::Class(Hit {
                confidence: hit.confidence.min(Confidence::Medium),
                ..hit
            }),
            words: words.into(),
            said: Said::Type(self.subject.owner_type.clone().unwrap_or_default()),
        })
    }

    pub(super) fn alias(&self) -> Option<Own> {
        // `const message = t('greeting')` is no text of anybody's own.
        let is_given = self.subject.producer.is_some() && self.subject.named.is_none();
        let is_of_program =
            |hit: Hit| is_given && !hit.basis.is_clear() && self.rules.classes[hit.class].prose;
        for alias in &self.subject.aliases {
            let words = self.words(alias);
            match self.rules.names.read(&words, Around::default()) {
                Reading::Class(hit) if is_of_program(hit) || self.is_cut_out_of(hit) => {}
                Reading::Class(hit) => {
                    return Some(Own {
                        reading: Reading::Class(Hit {
                            confidence: hit.confidence.min(Confidence::Medium),
                            ..hit
                        }),
                        words,
                        said: Said::Alias(alias.clone()),
                    });
                }
                Reading::Turned => {
                    return Some(Own {
                        reading: Reading::Turned,
                        words,
                        said: Said::Nothing,
                    });
                }
                _ => {}
            }
        }
        None
    }

    /// Whether a value is cut out of a text at a sign with which programs put several values into one: a piece of what was
    /// called a query, or a full name, is then neither what somebody wrote nor anybody's name (`fullName.split('/')`).
    fn is_cut_out_of(&self, hit: Hit) -> bool {
        let sign = self.subject.cut_at.as_deref();
        hit.in_words && sign.is_some_and(|it| self.rules.signs.contains(it))
    }

    /// The class of what the value is by where it comes from, and that.
    pub(super) fn origin(&self) -> Option<(usize, String)> {
        let subject = self.subject;
        if subject.global {
            // A global may be written with the object that holds all globals before it.
            let found = (0..subject.path.len().min(2))
                .find_map(|start| self.longest_origin(&subject.path[start..]));
            if found.is_some() {
                return found;
            }
        }
        // What a package says of the device is a member of an object that stands for all of it (`Platform.Version`).
        let is_type = |name: &Name| starts_as_type(name);
        if subject.of_package && subject.path.first().is_some_and(is_type) {
            let found = self.longest_origin(&subject.path);
            if found.is_some() {
                return found;
            }
        }
        let producer = subject.producer.as_deref()?;
        if !subject.path.iter().all(|name| self.is_empty(name)) {
            return None;
        }
        let short = producer.rsplit('.').next().unwrap_or(producer);
        [producer, short].into_iter().find_map(|name| {
            let called = format!("{name}()");
            let class = self.rules.origins.get(&called)?;
            Some((*class, called))
        })
    }

    pub(super) fn is_empty(&self, name: &Name) -> bool {
        let reading = self.rules.names.read(&self.words(name), Around::default());
        matches!(reading, Reading::Empty)
    }

    /// Whether a name says that something is a person, and nothing else.
    pub(super) fn is_person(&self, name: &Name) -> bool {
        let lexicon = &self.rules.names.lexicon;
        let words = self.words(name);
        words.iter().all(|word| {
            !word.plural && (lexicon.is_person(&word.text) || lexicon.is_empty(&word.text))
        })
    }

    /// Whether a name asks a question about what it speaks of.
    pub(super) fn is_question(&self, name: &Name) -> bool {
        self.rules.names.lexicon.is_question(&self.words(name))
    }

    /// Whether a name says that something holds what is known of a person, and nothing else.
    pub(super) fn is_holder(&self, name: &Name) -> bool {
        let lexicon = &self.rules.names.lexicon;
        let words = self.words(name);
        words.iter().all(|word| {
            !word.plural && (lexicon.is_holder(&word.text) || lexicon.is_empty(&word.text))
        })
    }

    fn longest_origin(&self, path: &[Name]) -> Option<(usize, String)> {
        let said = path
            .iter()
            .rposition(|name| !self.is_empty(name))
            .map_or(path.len(), |last| last + 1);
        (1..=said).rev().find_map(|end| {
            let dotted = path[..end].join(".");
            let exact = (end == said).then(|| self.rules.origins.get(&dotted));
            let below = || self.rules.origins.get(&format!("{dotted}.*"));
            let class = *exact.flatten().or_else(below)?;
            Some((class, dotted))
        })
    }

    pub(super) fn reason_of_own(&self, hit: Hit, own: &Own) -> String {
        let class = &self.rules.classes[hit.class].name;
        match &own.said {
            Said::Origin(origin) => format!("`{origin}` gives: {class}"),
            Said::Named(name) => format!("it is read by the name `{name}`, which says: {class}"),
            Said::Producer(name) => format!("`{name}` gives it, whose name says: {class}"),
            Said::Type(name) => format!("its type `{name}` says: {class}"),
            Said::Alias(name) => format!("it was held by `{name}`, whose name says: {class}"),
            Said::Path | Said::Nothing => {
                let path = self.subject.path.join(".");
                match (&self.subject.owner_type, hit.basis) {
                    (Some(ty), Basis::Type) => {
                        format!("`{path}` is read from a `{ty}`, which says: {class}")
                    }
                    (_, Basis::Role) => {
                        format!("`{path}` is sent where the vendor expects: {class}")
                    }
                    _ => format!("`{path}` is named like: {class}"),
                }
            }
        }
    }

    pub(super) fn words(&self, name: &str) -> EcoVec<Word> {
        self.rules.names.lexicon.words(name)
    }
}
