//! Weighs what a value's names, holders, position and key say.
//!
//! In: a [`Subject`] and the prepared rules. Out: at most one [`Verdict`]. It leaves alone how a single name is read.

use ecow::EcoVec;

use super::keys::last;
use super::names::{Around, Basis, Hit, Reading};
use super::own::{Own, Said};
use super::words::Word;
use super::{Classifier, Recipient, Subject, ValueType, Verdict};
use crate::facts::Name;
use crate::finding::{Confidence, Transform};
use crate::ruleset::schema::{Kind, Role};

/// A class with the ground for it.
pub(super) struct Ground {
    pub(super) class: usize,
    pub(super) confidence: Confidence,
    pub(super) reason: String,
    /// A name says it, not the position alone.
    pub(super) is_named: bool,
    /// What that name says was done to the value.
    pub(super) transform: Transform,
}

/// Whether no name says anything of a value, or all say that it is a person as a whole, of which nobody knows what it holds, or it is
/// a part that holds whatever there is (`job.data`).
pub(super) fn is_unnamed(rules: &Classifier, subject: &Subject) -> bool {
    let weighing = Weighing::of(rules, subject);
    let may_be_whole = matches!(subject.ty, ValueType::Unknown | ValueType::Object);
    let names = subject.path.iter().chain(&subject.aliases);
    let mut names = names.chain(&subject.key).chain(&subject.named);
    let is_in_bag = may_be_whole && subject.path.len() > 1 && is_bag(rules, subject.path.last());
    (is_in_bag
        || names.all(|name| weighing.is_empty(name) || may_be_whole && weighing.is_person(name)))
        && subject.producer.is_none()
        && !is_answer(&weighing, subject)
}

/// Whether a name is one of what holds whatever there is.
fn is_bag(rules: &Classifier, name: Option<&Name>) -> bool {
    name.is_some_and(|name| rules.bags.contains(name.as_str()))
}

/// Whether the name nearest to a value, or the key nearest to it, says that it is a person as a whole; or no name says what
/// it is that is sent under a key for whatever there is (`params: match.params`).
pub(super) fn is_whole(rules: &Classifier, subject: &Subject) -> bool {
    let weighing = Weighing::of(rules, subject);
    let is_whole = |names: &[Name]| {
        let mut names = names.iter().rev();
        let said = names.find(|name| !weighing.is_empty(name));
        said.is_some_and(|name| weighing.is_person(name) || weighing.is_holder(name))
    };
    let is_in_bag = || {
        let is_all_there_is = is_bag(rules, subject.path.last());
        is_bag(rules, subject.key.last())
            && (is_all_there_is || subject.path.iter().all(|name| weighing.is_empty(name)))
    };
    !is_answer(&weighing, subject)
        && (is_whole(&subject.path) || is_whole(&subject.key) || is_in_bag())
}

/// Whether the key nearest to a value asks a question, to which it is the answer (`is_staff: administrator`).
fn is_answer(weighing: &Weighing<'_>, subject: &Subject) -> bool {
    let key = subject.key.last();
    key.is_some_and(|key| weighing.is_question(key))
}

/// The class of a value; of one that stands beside something of a person (`is_beside`) its key need not say that it is of one.
pub(super) fn decide(rules: &Classifier, subject: &Subject, is_beside: bool) -> Option<Verdict> {
    if subject.literal.is_some() || subject.ty == ValueType::Boolean {
        return None;
    }
    let in_other_role;
    let role = is_of_another_group(rules, subject)
        .then_some(Role::Properties)
        .or_else(|| is_id_of_group(rules, subject).then_some(Role::Groups));
    let subject = if role.is_some() {
        in_other_role = Subject {
            role,
            ..subject.clone()
        };
        &in_other_role
    } else {
        subject
    };
    let weighing = Weighing {
        is_beside,
        ..Weighing::of(rules, subject)
    };
    let mut ground = weighing.weigh()?;
    if weighing.is_random() {
        ground = weighing.random(ground)?;
    }
    let class = &rules.classes[ground.class];
    if class.prose && subject.is_document {
        return None;
    }
    if subject.removed.iter().any(|gone| *gone == class.id) {
        return None;
    }
    let is_address = subject.role == Some(Role::Url);
    let is_of_constant = subject.path.last().is_some_and(|name| is_constant(name));
    let is_named_as_constant = subject.named.as_ref().is_some_and(|name| is_constant(name));
    let is_needed = match subject.recipient {
        Recipient::Vendor if class.proves => false,
        Recipient::Vendor => {
            let is_listed = is_of_constant && is_read_from_a_list(&subject.path)
                || subject.of_package && is_member_of_enumeration(&subject.path);
            is_listed && weighing.origin().is_none()
        }
        // A request names the app's own account by a constant.
        Recipient::Host => {
            is_of_constant
                || class.proves && (is_named_as_constant || is_address && weighing.is_published())
        }
        Recipient::Api | Recipient::Stranger | Recipient::Named => {
            let is_stranger = subject.recipient == Recipient::Stranger;
            class.proves
                || weighing.is_presented()
                || class.names_resource && is_address && is_stranger
                || is_of_constant
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
        Recipient::Stranger | Recipient::Named => confidence.min(Confidence::Medium),
        _ => confidence,
    };
    // What is known of a person has what a function takes of one; of anything else that nobody knows it need not be so.
    let has_it = weighing.is_of_person() && !class.of_machine;
    let confidence = match subject.presumed && !has_it {
        true => Confidence::Low,
        false => confidence,
    };
    Some(Verdict {
        class: class.id.clone(),
        confidence,
        reason: ground.reason,
        transform: ground.transform,
    })
}

/// What a value is as well, of which its own name says a class: the key under which it is sent names another that what is
/// named so may be.
pub(super) fn also(rules: &Classifier, subject: &Subject, verdict: &Verdict) -> Option<Verdict> {
    let weighing = Weighing::of(rules, subject);
    let Reading::Class(own) = weighing.own().reading else {
        return None;
    };
    let other = own.too?;
    if rules.classes[own.class].id != verdict.class || !own.basis.is_clear() || subject.in_text {
        return None;
    }
    let ground = match (weighing.vendor_key(), weighing.key()) {
        (Some(Some(class)), _) if class == other => {
            weighing.by_vendor_key(other, Confidence::High)?
        }
        (None, Some((Reading::Class(hit), _))) if hit.class == other && hit.basis.is_clear() => {
            weighing.ground_of_key(hit, hit.confidence)
        }
        _ => return None,
    };
    Some(Verdict {
        class: rules.classes[other].id.clone(),
        confidence: ground
            .confidence
            .min(Confidence::Medium)
            .min(verdict.confidence),
        reason: ground.reason,
        transform: Transform::None,
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

/// Whether a value is sent as the id of a group in a map of them, whoever the map is handed to.
fn is_id_of_group(rules: &Classifier, subject: &Subject) -> bool {
    let [.., map, _] = subject.key.as_slice() else {
        return false;
    };
    matches!(subject.role, None | Some(Role::Properties)) && rules.group_maps.contains(map.as_str())
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

/// Whether a value is read from an enumeration (`Mode.ALL_EMAILS`) or from the environment, where nobody's data stands.
fn is_read_from_a_list(path: &[Name]) -> bool {
    let [.., list, _] = path else {
        return false;
    };
    let is_type = starts_as_type(list) && list.contains(|char: char| char.is_ascii_lowercase());
    is_type || list == "env"
}

/// Whether a value is a member of an enumeration of a package that is not here (`Schema.Subject.Biography`).
fn is_member_of_enumeration(path: &[Name]) -> bool {
    matches!(path, [.., list, member] if starts_as_type(list) && starts_as_type(member))
}

/// Whether a name is written as that of a type.
pub(super) fn starts_as_type(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Whether a name is written as that of a constant or a variable of the environment.
fn is_constant(name: &str) -> bool {
    name.contains(|char: char| char.is_ascii_uppercase())
        && !name.contains(|char: char| char.is_ascii_lowercase())
}

/// A subject, and the rules by which it is weighed.
pub(super) struct Weighing<'a> {
    pub(super) rules: &'a Classifier,
    pub(super) subject: &'a Subject,
    /// What it is sent with says that it is of a person.
    is_beside: bool,
}

impl<'a> Weighing<'a> {
    pub(super) fn of(rules: &'a Classifier, subject: &'a Subject) -> Self {
        Self {
            rules,
            subject,
            is_beside: false,
        }
    }
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
        let says_little = self.is_of_nameless_field(&own);
        if (says_little || matches!(own.reading, Reading::Empty | Reading::Generic))
            && let Some(alias) = self.alias()
        {
            own = alias;
        } else if says_little && self.is_held_as_another_thing(&own) || self.is_renamed(&own) {
            own.reading = Reading::Other;
        }
        let key = self.key();
        let says_nothing = matches!(own.reading, Reading::Empty | Reading::Generic);
        let vendor_key = vendor_key.filter(|class| class.is_none_or(|it| self.may_be(it, &own)));
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
        if let Some(ground) = self.by_holder_of_device() {
            return Some(ground);
        }
        if let Some(Some(class)) = vendor_key {
            let of_part = || self.sure_of_part(class, &own);
            return self.by_vendor_key(class, of_part().unwrap_or(sure));
        }
        self.by_position(sure, &own)
            .or_else(|| self.by_key(key.as_ref()?, &own))
            .or_else(|| {
                // What anything is known by is no text of anybody's, whatever holds it.
                let is_id = last(&own.words) == Some("id");
                let is_text = |ground: &Ground| self.rules.classes[ground.class].prose;
                self.by_holder().filter(|it| !is_id || !is_text(it))
            })
    }

    /// Whether all that is known of a value is that some field of the page holds it, which says less than the variable that it is
    /// put into.
    fn is_of_nameless_field(&self, own: &Own) -> bool {
        let is_unsure =
            matches!(own.reading, Reading::Class(hit) if hit.confidence == Confidence::Low);
        is_unsure && matches!(own.said, Said::Named(_)) && self.subject.path.is_empty()
    }

    /// Whether the variable that holds a value, or the key under which it is sent, says that it is no text of the kind that its
    /// field may hold (`plan`).
    fn is_held_as_another_thing(&self, own: &Own) -> bool {
        let Reading::Class(hit) = own.reading else {
            return false;
        };
        let not_named = &self.rules.classes[hit.class].not_named;
        let names = self.subject.aliases.last().into_iter();
        let mut names = names.chain(self.subject.key.last());
        names.any(|name| {
            let words = self.words(name);
            let said = words.last().map(|word| word.text.as_str());
            said.is_some_and(|said| not_named.contains(said))
                && !self.rules.names.may_say(&words, hit.class)
        })
    }

    /// Whether a variable that holds a value says more closely what it is, and that turns the name into something else
    /// (`const { address: tokenAddress } = token`).
    fn is_renamed(&self, own: &Own) -> bool {
        let Reading::Class(hit) = own.reading else {
            return false;
        };
        let is_turned = |alias: &Name| {
            let words = self.words(alias);
            words.len() > 1
                && last(&words) == last(&own.words)
                && matches!(
                    self.rules.names.read(&words, Around::default()),
                    Reading::Turned
                )
        };
        hit.confidence < Confidence::High && self.subject.aliases.iter().any(is_turned)
    }

    /// What the variable that holds a value says clearly, where the value's own path only says that it is of something else.
    fn by_holder(&self) -> Option<Ground> {
        let alias = self.alias()?;
        match alias.reading {
            Reading::Class(hit) if hit.basis.is_clear() => {
                Some(self.ground_of_own(hit, hit.confidence, &alias))
            }
            _ => None,
        }
    }

    /// Whether a key says that a trait of somebody is another than that which its own name may stand for.
    fn is_other_trait(&self, hit: Hit, key: &[Word], own: &Own) -> bool {
        let lexicon = &self.rules.names.lexicon;
        let is_trait = matches!(self.subject.role, Some(Role::Traits | Role::GroupTraits));
        let names_somebody = || {
            key.iter()
                .any(|word| lexicon.is_person(&word.text) || lexicon.is_holder(&word.text))
        };
        hit.basis == Basis::Role
            && is_trait
            && !self.is_beside
            && last(key) != last(&own.words)
            && !names_somebody()
    }

    /// Where a vendor takes an id for a person's, and the variable that holds it says that it is a browser's: those who have
    /// not signed in go by that.
    fn by_holder_of_device(&self) -> Option<Ground> {
        let device = self.rules.positions.get(&Role::DeviceId)?;
        let is_person = matches!(self.subject.role, Some(Role::UserId | Role::Alias));
        self.by_holder()
            .filter(|ground| is_person && ground.class == *device)
    }

    fn ground_of_own(&self, hit: Hit, confidence: Confidence, own: &Own) -> Ground {
        Ground {
            class: hit.class,
            confidence,
            reason: self.reason_of_own(hit, own),
            is_named: true,
            transform: hit.transform,
        }
    }

    /// Whether it is what a program says of itself.
    fn is_presented(&self) -> bool {
        let key = self.subject.key.last();
        key.is_some_and(|key| self.rules.presented.contains(key.as_str()))
            && self.vendor_key().is_none()
    }

    /// Whether it is what a page says of itself in the addresses of what it loads.
    fn is_published(&self) -> bool {
        let last = self.subject.path.last();
        let words = last.map(|name| self.words(name)).unwrap_or_default();
        let mut published = self.rules.published.iter();
        published.any(|name| words.ends_with(name)) && !self.is_of_person()
    }

    /// Whether the name of what it is read from says that this is a person.
    fn is_of_person(&self) -> bool {
        let owners = self.subject.path.iter().rev().skip(1);
        let mut owners = owners.skip_while(|name| self.is_empty(name));
        owners.next().is_some_and(|name| self.is_person(name))
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

    /// What is made at random is an id or nothing; and the id of nobody, if only its position says whose. What is made anew for
    /// each request tells two of them apart, and joins none; an SDK may keep it for the calls that follow.
    fn random(&self, ground: Ground) -> Option<Ground> {
        let is_kept_by_sdk = self.subject.recipient == Recipient::Vendor;
        if ground.is_named && self.subject.made_for_call && !is_kept_by_sdk {
            return None;
        }
        if !self.is_nobodys_yet(&ground) {
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

    /// Whether an id is a person's only because of where a vendor takes it, or because of the vendor's own word for whomever it
    /// sees (`distinct_id`): the variable that holds it must say that it is that of somebody the app knows.
    fn is_nobodys_yet(&self, ground: &Ground) -> bool {
        let rules = self.rules;
        if rules.positions.get(&Role::UserId) != Some(&ground.class) {
            return false;
        }
        let is_taken_for_one = matches!(self.subject.role, Some(Role::UserId | Role::Alias))
            || self.vendor_key() == Some(Some(ground.class));
        let lexicon = &rules.names.lexicon;
        let is_somebodys = |name: &Name| {
            let words = self.words(name);
            let reading = rules.names.read(&words, Around::default());
            matches!(reading, Reading::Class(hit) if hit.class == ground.class)
                && words
                    .iter()
                    .any(|word| lexicon.is_person(&word.text) || lexicon.is_holder(&word.text))
        };
        is_taken_for_one && !self.subject.aliases.iter().any(is_somebodys)
    }

    /// The value's own name says a class: only something more definite may differ.
    fn weigh_own(
        &self,
        hit: Hit,
        own: &Own,
        vendor_key: Option<Option<usize>>,
        key: Option<(Reading, EcoVec<Word>)>,
    ) -> Option<Ground> {
        let ground = |confidence| Some(self.ground_of_own(hit, confidence, own));
        // Who signs in with an address calls it a user name.
        if let Some((Reading::Class(other), _)) = &key
            && other.basis.is_clear()
            && self.rules.classes[hit.class].may_be == Some(other.class)
        {
            return Some(self.ground_of_key(*other, other.confidence));
        }
        // An owner may be an organisation: where one stands, it is.
        if self.is_vague(&own.words) {
            let position = self.by_position(Confidence::Medium, own);
            let is_group = self.subject.role == Some(Role::Groups);
            let key = match &key {
                Some((Reading::Class(other), _)) if is_group || other.basis.is_clear() => {
                    Some(self.ground_of_key(*other, other.confidence.min(Confidence::Medium)))
                }
                _ => None,
            };
            let other = position.or(key).filter(|it| it.class != hit.class);
            if other.is_some() {
                return other;
            }
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
            // A part of a text that is that.
            Some(Some(class)) if class == hit.class && self.subject.in_text => {
                return ground(raised(hit.confidence));
            }
            Some(Some(class)) if class == hit.class => return ground(Confidence::High),
            Some(Some(class)) if hit.confidence == Confidence::Low || !hit.basis.is_clear() => {
                return self.by_vendor_key(class, Confidence::High);
            }
            _ => {}
        }
        if hit.confidence == Confidence::Low || !hit.basis.is_clear() {
            let position = self.by_position(Confidence::High, own);
            if position.is_some() {
                return position;
            }
        }
        match key {
            // A key that only repeats the name says nothing more, and neither does one that may mean something else.
            Some((Reading::Class(_), words)) if words == own.words && hit.basis.is_clear() => {
                ground(hit.confidence)
            }
            Some((Reading::Class(other), words)) if other.class == hit.class => {
                ground(match other.basis.is_clear() && words != own.words {
                    true => raised(hit.confidence),
                    false => hit.confidence,
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
            // Of whom the traits are says what a name is only where the key leaves it open (`{ plan: data.name }`).
            Some((Reading::Other | Reading::Class(_), words))
                if self.is_other_trait(hit, &words, own) =>
            {
                None
            }
            _ => ground(hit.confidence),
        }
    }

    fn by_position(&self, confidence: Confidence, own: &Own) -> Option<Ground> {
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
        let confidence = match self.rules.classes[class].prose {
            true => self.written(class, own)?,
            false => confidence,
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
}

fn raised(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Low => Confidence::Medium,
        Confidence::Medium | Confidence::High => Confidence::High,
    }
}
