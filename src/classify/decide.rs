//! Weighs what a value's names, holders, position and key say.
//!
//! In: a [`Subject`] and the prepared rules. Out: at most one [`Verdict`]. It leaves alone how a single name is read.

use ecow::EcoVec;

use super::names::{Around, Basis, Hit, Reading};
use super::words::Word;
use super::{Classifier, Recipient, Subject, ValueType, Verdict};
use crate::facts::Name;
use crate::finding::{Confidence, Transform};
use crate::ruleset::schema::{Kind, Role};

/// A class with the ground for it.
struct Ground {
    class: usize,
    confidence: Confidence,
    reason: String,
    /// A name says it, not the position alone.
    is_named: bool,
    /// What that name says was done to the value.
    transform: Transform,
}

/// What the value's own names say, and the name that says it.
struct Own {
    reading: Reading,
    /// The words of the deciding name.
    words: EcoVec<Word>,
    said: Said,
}

enum Said {
    Path,
    Named(Name),
    Producer(Name),
    Type(Name),
    Alias(Name),
    Origin(String),
    Nothing,
}

/// Whether no name says anything of a value, or all say that it is a person as a whole, of which nobody knows what it holds.
pub(super) fn is_unnamed(rules: &Classifier, subject: &Subject) -> bool {
    let weighing = Weighing { rules, subject };
    let may_be_whole = matches!(subject.ty, ValueType::Unknown | ValueType::Object);
    let names = subject.path.iter().chain(&subject.aliases);
    let mut names = names.chain(&subject.key).chain(&subject.named);
    names.all(|name| weighing.is_empty(name) || may_be_whole && weighing.is_person(name))
        && subject.producer.is_none()
}

/// Whether the name nearest to a value, or the key nearest to it, says that it is a person as a whole.
pub(super) fn is_whole(rules: &Classifier, subject: &Subject) -> bool {
    let weighing = Weighing { rules, subject };
    let is_whole = |names: &[Name]| {
        let mut names = names.iter().rev();
        let said = names.find(|name| !weighing.is_empty(name));
        said.is_some_and(|name| weighing.is_person(name) || weighing.is_holder(name))
    };
    is_whole(&subject.path) || is_whole(&subject.key)
}

pub(super) fn decide(rules: &Classifier, subject: &Subject) -> Option<Verdict> {
    if subject.literal.is_some() || subject.ty == ValueType::Boolean {
        return None;
    }
    let of_another;
    let subject = if is_of_another_group(rules, subject) {
        of_another = Subject {
            role: Some(Role::Properties),
            ..subject.clone()
        };
        &of_another
    } else {
        subject
    };
    let weighing = Weighing { rules, subject };
    let mut ground = weighing.weigh()?;
    if weighing.is_random() {
        ground = weighing.random(ground)?;
    }
    let class = &rules.classes[ground.class];
    let is_address = subject.role == Some(Role::Url);
    let is_needed = match subject.recipient {
        Recipient::Vendor => false,
        // A request names the app's own account by a constant.
        Recipient::Host => subject.path.last().is_some_and(|name| is_constant(name)),
        Recipient::Api | Recipient::Stranger => {
            let is_stranger = subject.recipient == Recipient::Stranger;
            class.proves
                || weighing.is_presented()
                || class.names_resource && is_address && is_stranger
                || subject.path.last().is_some_and(|name| is_constant(name))
        }
    };
    let is_setting = !class.in_settings && is_setting(rules, subject);
    if is_needed || is_setting {
        return None;
    }
    let allowed = |kind| class.kinds.contains(&kind);
    let confidence = match subject.ty {
        ValueType::Number if !allowed(Kind::Number) => return None,
        ValueType::Date if !allowed(Kind::Date) => return None,
        ValueType::Choice if !allowed(Kind::Choice) => return None,
        // A structure of unknown fields may hold less than its name says.
        ValueType::Object => ground.confidence.min(Confidence::Medium),
        _ => ground.confidence,
    };
    let confidence = match subject.recipient {
        Recipient::Stranger => confidence.min(Confidence::Medium),
        _ => confidence,
    };
    Some(Verdict {
        class: class.id.clone(),
        confidence,
        reason: ground.reason,
        transform: ground.transform,
    })
}

/// Whether it is said of a group that no word makes one of people (`playlist`): its id and name are no organisation's. The
/// kind of a group says what it does as a key of all groups.
fn is_of_another_group(rules: &Classifier, subject: &Subject) -> bool {
    let (Some(kind), Some(Role::GroupId | Role::GroupTraits)) = (&subject.group, subject.role)
    else {
        return false;
    };
    let around = Around {
        role: Some(Role::Groups),
        ..Around::default()
    };
    let words = rules.names.lexicon.words(kind);
    !matches!(
        rules.names.read(&words, around),
        Reading::Class(_) | Reading::Empty
    )
}

/// Whether a value is read from what was set for all users when the app was built or deployed.
fn is_setting(rules: &Classifier, subject: &Subject) -> bool {
    let starts_with = |setting: &String| {
        if let Some(function) = setting.strip_suffix("()") {
            return subject.producer.as_deref() == Some(function) && !subject.path.is_empty();
        }
        let names = setting.split('.');
        let count = names.clone().count();
        subject.global
            && subject.path.len() >= count
            && names.eq(subject.path[..count].iter().map(Name::as_str))
    };
    rules.settings.iter().any(starts_with)
}

/// Whether a name is written as that of a constant or a variable of the environment.
fn is_constant(name: &str) -> bool {
    name.contains(|char: char| char.is_ascii_uppercase())
        && !name.contains(|char: char| char.is_ascii_lowercase())
}

struct Weighing<'a> {
    rules: &'a Classifier,
    subject: &'a Subject,
}

impl Weighing<'_> {
    fn weigh(&self) -> Option<Ground> {
        let vendor_key = self.vendor_key();
        let silent = matches!(
            self.subject.role,
            Some(Role::Options | Role::Other | Role::Callback)
        );
        if silent {
            return self.by_vendor_key(vendor_key??, Confidence::High);
        }
        let mut own = self.own();
        if matches!(own.reading, Reading::Empty | Reading::Generic)
            && let Some(alias) = self.alias()
        {
            own = alias;
        }
        let key = self.key();
        let says_nothing = matches!(own.reading, Reading::Empty | Reading::Generic);
        // A text that something else is part of is not that.
        let is_part = self.subject.in_text && !says_nothing;
        let vendor_key = vendor_key.filter(|class| class.is_none() || !is_part);
        if let Reading::Class(hit) = own.reading {
            return self.weigh_own(hit, &own, vendor_key, key);
        }
        if matches!(own.reading, Reading::Turned) || vendor_key == Some(None) {
            return None;
        }
        let sure = if says_nothing {
            Confidence::High
        } else {
            Confidence::Medium
        };
        if let Some(Some(class)) = vendor_key {
            return self.by_vendor_key(class, sure);
        }
        self.by_position(sure)
            .or_else(|| self.by_key(key.as_ref()?, &own))
    }

    /// Whether it is what a program says of itself.
    fn is_presented(&self) -> bool {
        let key = self.subject.key.last();
        key.is_some_and(|key| self.rules.presented.contains(key.as_str()))
            && self.vendor_key().is_none()
    }

    /// Whether it is made at random.
    fn is_random(&self) -> bool {
        let subject = self.subject;
        let Some(producer) = subject.producer.as_deref() else {
            return false;
        };
        let short = producer.rsplit('.').next().unwrap_or(producer);
        let is_made = [producer, short]
            .iter()
            .any(|name| self.rules.random.contains(*name));
        is_made && subject.path.iter().all(|name| self.is_empty(name))
    }

    /// What is made at random is an id or nothing; and the id of nobody, if only its position says whose.
    fn random(&self, ground: Ground) -> Option<Ground> {
        let is_position =
            !ground.is_named && matches!(self.subject.role, Some(Role::UserId | Role::Alias));
        if !is_position {
            return self.rules.classes[ground.class]
                .names_resource
                .then_some(ground);
        }
        let class = *self.rules.positions.get(&Role::DeviceId)?;
        let name = &self.rules.classes[class].name;
        Some(Ground {
            class,
            reason: format!("it is made at random, so it is no more than: {name}"),
            ..ground
        })
    }

    /// The value's own name says a class: only something more definite may differ.
    fn weigh_own(
        &self,
        hit: Hit,
        own: &Own,
        vendor_key: Option<Option<usize>>,
        key: Option<(Reading, EcoVec<Word>)>,
    ) -> Option<Ground> {
        let ground = |confidence| {
            Some(Ground {
                class: hit.class,
                confidence,
                reason: self.reason_of_own(hit, own),
                is_named: true,
                transform: hit.transform,
            })
        };
        // Who signs in with an address calls it a user name.
        if let Some((Reading::Class(other), _)) = &key
            && other.basis.is_clear()
            && self.rules.classes[hit.class].may_be == Some(other.class)
        {
            return Some(self.ground_of_key(*other, other.confidence));
        }
        if hit.confidence == Confidence::High && hit.basis.is_clear() {
            return ground(Confidence::High);
        }
        // `captureMessage(message)`: the variable is named after the argument that it is. In the text of an error such a name
        // is one of the program's own: the message of the error behind it.
        let named_after_argument = match self.subject.role {
            Some(Role::Message | Role::EventName | Role::Key | Role::GroupType) => {
                !self.subject.in_text
            }
            Some(Role::Error) => true,
            _ => false,
        };
        let is_vendors_key = vendor_key == Some(Some(hit.class));
        if hit.basis == Basis::Unowned && named_after_argument && !is_vendors_key {
            return None;
        }
        match vendor_key {
            Some(None) => return None,
            Some(Some(class)) if class == hit.class => return ground(Confidence::High),
            Some(Some(class)) if hit.confidence == Confidence::Low || !hit.basis.is_clear() => {
                return self.by_vendor_key(class, Confidence::High);
            }
            _ => {}
        }
        if hit.confidence == Confidence::Low || !hit.basis.is_clear() {
            let position = self.by_position(Confidence::High);
            if position.is_some() {
                return position;
            }
        }
        match key {
            // A key that only repeats the name says nothing more.
            Some((Reading::Class(other), words)) if other.class == hit.class => {
                ground(if words == own.words {
                    hit.confidence
                } else {
                    raised(hit.confidence)
                })
            }
            Some((Reading::Class(other), words))
                if other.basis.is_clear()
                    && (!hit.basis.is_clear()
                        || hit.confidence == Confidence::Low
                        || self.is_told_by_key(hit, other)
                        || last(&words) == last(&own.words)) =>
            {
                Some(self.ground_of_key(other, other.confidence.min(Confidence::Medium)))
            }
            // A key that says the same of something nearer says no other thing.
            Some((Reading::Foreign, words)) if last(&words) == last(&own.words) => {
                ground(hit.confidence)
            }
            Some((Reading::Foreign | Reading::Turned, _)) if !hit.basis.is_clear() => None,
            _ => ground(hit.confidence),
        }
    }

    /// Whether a key says which of two classes of one thing a value is, of which its own name says less
    /// (`{ org_id: app.owner_org }`).
    fn is_told_by_key(&self, own: Hit, key: Hit) -> bool {
        let is_id = self.rules.classes[key.class].names_resource;
        is_id && own.confidence < Confidence::High && key.confidence == Confidence::High
    }

    /// The origin, the path, the name asked for, the function that made it, its type.
    fn own(&self) -> Own {
        let subject = self.subject;
        if let Some((class, origin)) = self.origin() {
            return Own {
                reading: Reading::Class(Hit {
                    class,
                    confidence: Confidence::High,
                    basis: Basis::Owner,
                    transform: Transform::None,
                }),
                words: EcoVec::new(),
                said: Said::Origin(origin),
            };
        }
        let producer: Vec<&str> = subject
            .producer
            .iter()
            .flat_map(|producer| producer.split('.'))
            .collect();
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
            };
            let mut reading = self.rules.names.read(&chain[at], around);
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

    fn alias(&self) -> Option<Own> {
        for alias in &self.subject.aliases {
            let words = self.words(alias);
            match self.rules.names.read(&words, Around::default()) {
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

    fn origin(&self) -> Option<(usize, String)> {
        let subject = self.subject;
        if subject.global {
            // A global may be written with the object that holds all globals before it.
            let found = (0..subject.path.len().min(2))
                .find_map(|start| self.longest_origin(&subject.path[start..]));
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

    fn is_empty(&self, name: &Name) -> bool {
        let reading = self.rules.names.read(&self.words(name), Around::default());
        matches!(reading, Reading::Empty)
    }

    /// Whether a name says that something is a person, and nothing else.
    fn is_person(&self, name: &Name) -> bool {
        let lexicon = &self.rules.names.lexicon;
        let words = self.words(name);
        words.iter().all(|word| {
            !word.plural && (lexicon.is_person(&word.text) || lexicon.is_empty(&word.text))
        })
    }

    /// Whether a name says that something holds what is known of a person, and nothing else.
    fn is_holder(&self, name: &Name) -> bool {
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

    /// What the key says, and the words of the name that says it.
    fn key(&self) -> Option<(Reading, EcoVec<Word>)> {
        // What holds the groups is no group.
        let count = match self.subject.role {
            Some(Role::Groups) => 1,
            _ => usize::MAX,
        };
        let names = self.subject.key.iter().rev();
        let names = names.flat_map(|key| key.rsplit('.')).take(count);
        let chain: Vec<EcoVec<Word>> = names.map(|key| self.words(key)).collect();
        chain.iter().enumerate().find_map(|(at, words)| {
            let around = Around {
                owners: &chain[at + 1..],
                ty: None,
                role: self.subject.role,
            };
            let reading = self.rules.names.read(words, around);
            (!matches!(reading, Reading::Empty)).then(|| (reading, words.clone()))
        })
    }

    fn by_key(&self, key: &(Reading, EcoVec<Word>), own: &Own) -> Option<Ground> {
        let (Reading::Class(hit), words) = key else {
            return None;
        };
        if self.subject.in_text && !hit.basis.is_clear() {
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
            _ if !hit.basis.is_clear() => return None,
            Reading::Generic => likely,
            Reading::Foreign if self.is_turned(words, own) => return None,
            Reading::Foreign if last(words) == last(&own.words) => likely,
            Reading::Other if matches!(role, Some(Role::Traits | Role::GroupTraits)) => likely,
            _ => Confidence::Low,
        };
        Some(self.ground_of_key(*hit, confidence))
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

    fn by_position(&self, confidence: Confidence) -> Option<Ground> {
        let subject = self.subject;
        let role = subject.role?;
        let of_call = subject
            .value_class
            .as_deref()
            .filter(|_| role == Role::Value)
            .and_then(|id| self.rules.classes.iter().position(|class| class.id == id));
        let class = match of_call {
            Some(class) => class,
            None => *self.rules.positions.get(&role)?,
        };
        Some(Ground {
            class,
            confidence,
            reason: format!(
                "this position of `{}` takes: {}",
                subject.call, self.rules.classes[class].name
            ),
            is_named: false,
            transform: Transform::None,
        })
    }

    /// `Some(None)`: a key that is no personal data.
    fn vendor_key(&self) -> Option<Option<usize>> {
        let subject = self.subject;
        let keys = self.rules.keys.get(subject.vendor.as_str())?;
        let last = subject.key.last()?;
        let dotted = subject.key.join(".");
        [dotted.as_str(), last.as_str()]
            .into_iter()
            .find_map(|key| {
                let of_call = keys.get(&format!("{}:{key}", subject.call));
                of_call.or_else(|| keys.get(key)).copied()
            })
    }

    fn by_vendor_key(&self, class: usize, confidence: Confidence) -> Option<Ground> {
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

    fn ground_of_key(&self, hit: Hit, confidence: Confidence) -> Ground {
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

    fn reason_of_own(&self, hit: Hit, own: &Own) -> String {
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

    fn words(&self, name: &str) -> EcoVec<Word> {
        self.rules.names.lexicon.words(name)
    }
}

fn last(words: &[Word]) -> Option<&str> {
    words.last().map(|word| word.text.as_str())
}

fn raised(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Low => Confidence::Medium,
        Confidence::Medium | Confidence::High => Confidence::High,
    }
}
