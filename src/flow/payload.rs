//! What is in the arguments of a vendor call.
//!
//! In: a vendor call with its arguments. Out: [`Leaf`]s, one for each value under each key, and what becomes of each:
//! known, waiting for the callers of a function, or opaque. It leaves alone what class a value is of.

use std::collections::BTreeMap;
use std::rc::Rc;

use ecow::EcoVec;

use super::chosen::Chosen;
use super::cuts::cut_at;
use super::delivery::{Hop, Place};
use super::evaluate::Evaluator;
use super::further::Further;
use super::held::Held;
use super::hubs::Destination;
use super::senders::Sender;
use super::shapes::Shape;
use super::sinks::{SinkCall, role_of};
use super::subject::{Recipient, Subject, ValueType};
use super::value::{Data, FnRef, Named, Presence, Root, Spot, Step, V, Value};
use super::watched::Watched;
use crate::facts::{ClassId, Literal, Name};
use crate::finding::Transform;
use crate::ruleset::schema::{Call, Role};
use crate::source::FileId;

/// One value under one key of a vendor call.
#[derive(Clone)]
pub(super) struct Leaf<'r> {
    pub vendor: usize,
    pub call: Name,
    pub role: Role,
    /// Roles of keys that the rule lists, by dotted path.
    pub keys: Option<&'r BTreeMap<String, Role>>,
    /// The class that the rule gives to the call's bare values.
    pub value_class: Option<&'r str>,
    pub key: Vec<Name>,
    pub value: V,
    pub transform: Transform,
    pub in_text: bool,
    /// Of an object only the text is told that the language makes of it (`${user}`), unlike one that is encoded first
    /// (`${JSON.stringify(user)}`).
    pub is_flat: bool,
    /// And that text has words of the program's own.
    pub amid_words: bool,
    pub by_type: u8,
    /// The names of the types whose fields these are, from the outermost on.
    pub types: EcoVec<Name>,
    /// A package's function was given it, of which it is not known that it gives it back.
    pub guessed: bool,
    /// Classes of which no value is in its text.
    pub removed: EcoVec<Name>,
    /// It is spread into an object, and so has fields.
    pub is_spread: bool,
    /// A protocol sends it as a text of the program's own (a query in GraphQL).
    pub is_document: bool,
    /// What the key says with the kind of it that a key beside it tells.
    pub key_with_kind: Option<Name>,
    /// The app's call that supplies the value.
    pub location: Place,
    /// The SDK call.
    pub sink: Place,
    /// The class of the object on which the outermost of these calls is made, if it is one of `this`.
    pub receiver: Option<(FileId, ClassId)>,
    /// The functions that parameters on the way were taken for.
    pub chosen: Chosen,
    /// Calls of the app's own functions on the way, outermost first.
    pub chain: Rc<Vec<Hop>>,
    /// What the call says has happened: the name of the event, a message, an error. Once it is a constant or an error of the
    /// function's own, the function around the call is no wrapper: it reports that event.
    pub event: V,
    /// The kind of the group that the call is about.
    pub group: V,
    pub recipient: Recipient,
    /// The vendor's rule does not know the call.
    pub unlisted: bool,
    /// Where it was read from what a method of a parameter gives, and the calls on the way from there: whoever hands the
    /// object over supplies the means, not the value.
    pub fetched: Option<(Place, Rc<Vec<Hop>>)>,
    /// Where each class by itself supplies it, and the calls on the way from there: the base of several classes hands on to
    /// whichever of them it is what it is given (`handle(job) { this.process(job) }`).
    pub dispatched: Option<Rc<(Place, Rc<Vec<Hop>>)>>,
    /// It is known by the name by which it is read from an object, and counts once that is known to be given anything.
    pub held: Option<Rc<Held<'r>>>,
    /// It is told where it is reported, and here only if it is something else.
    pub watched: Option<Rc<Watched<'r>>>,
    /// The method that has to be called on the object that was given it.
    pub sender: Option<Sender>,
    /// How many functions have handed on the message that it is, from the vendor call outwards.
    pub handed_on: usize,
    /// Conditions under which it comes to the vendor, as far as callers are still to decide them.
    pub further: Rc<[Further]>,
}

/// What becomes of a leaf.
pub(super) enum Outcome<'r> {
    /// The value is known as far as it can be.
    Known(Leaf<'r>, Data),
    /// It is a parameter of this function.
    Waiting(Leaf<'r>, FnRef),
    /// It names somebody to whom a hub passes on what it is sent.
    PassedOn(Leaf<'r>, Destination),
    /// It cannot be known.
    Opaque(Leaf<'r>, Spot, &'static str),
}

/// The role of an object in the place of a role that is a text: `identify({ … })` without an id, `event({ category, action })`
/// without a name.
pub(super) fn role_of_object(role: Role) -> Role {
    match role {
        Role::UserId => Role::Traits,
        Role::EventName => Role::Properties,
        role => role,
    }
}

impl Leaf<'_> {
    /// A value at a call of a vendor, before it is taken apart.
    pub(super) fn new(vendor: usize, call: &Name, role: Role, value: V, place: &Place) -> Self {
        Self {
            vendor,
            call: call.clone(),
            role,
            keys: None,
            value_class: None,
            key: Vec::new(),
            value,
            transform: Transform::None,
            in_text: false,
            is_flat: false,
            amid_words: false,
            by_type: 0,
            types: EcoVec::new(),
            guessed: false,
            removed: EcoVec::new(),
            is_spread: false,
            is_document: false,
            key_with_kind: None,
            location: place.clone(),
            sink: place.clone(),
            chain: Rc::default(),
            receiver: None,
            chosen: Chosen::default(),
            event: V::nothing(),
            group: V::nothing(),
            recipient: Recipient::Vendor,
            unlisted: false,
            fetched: None,
            dispatched: None,
            held: None,
            watched: None,
            sender: None,
            handed_on: 0,
            further: Rc::default(),
        }
    }

    /// The same, supplied where it was read.
    pub(super) fn supplied_where_read(self) -> Self {
        let read = self.fetched.clone();
        self.supplied_at(read)
    }

    /// The same, supplied by the class that knows what it is, where nobody calls its base.
    pub(super) fn supplied_by_class(self) -> Self {
        let class = self.dispatched.as_deref().cloned();
        self.supplied_at(class)
    }

    /// The same, supplied by a call further in, if there is one.
    fn supplied_at(self, at: Option<(Place, Rc<Vec<Hop>>)>) -> Self {
        match at {
            Some((location, chain)) => Self {
                location,
                chain,
                ..self
            },
            None => self,
        }
    }

    /// Whether what has happened is said by constants, or by errors that were made or caught where they are reported.
    pub(super) fn has_event(&self) -> bool {
        let events = self.event.alternatives();
        events.iter().all(|event| match &**event {
            Value::Data(data) => data.root == Root::Caught,
            Value::Object(object) => object.is_error && !event.is_symbolic(),
            _ => event.as_str().is_some(),
        })
    }
}

impl<'p> Evaluator<'p> {
    /// The leaves of a vendor call.
    pub(super) fn leaves(&self, sink: &SinkCall<'p>, place: &Place) -> Vec<Leaf<'p>> {
        let Some(rule) = sink.rule else {
            return Vec::new();
        };
        let args = self.laid_out(&sink.args, rule.args.len());
        let event = self.event(rule, &args);
        let group = self.group_kind(rule, &args, place);
        let mut leaves = Vec::new();
        let mut next_key: Option<Name> = None;
        for (arg, value) in rule.args.iter().zip(args) {
            let (role, keys) = role_of(arg);
            let mut leaf = Leaf {
                keys,
                value_class: rule.value_class.as_deref(),
                event: event.clone(),
                group: group.clone(),
                ..Leaf::new(sink.vendor, sink.name(), role, value, place)
            };
            match role {
                Role::Key => {
                    next_key = leaf.value.as_str().map(Name::from);
                    continue;
                }
                // `people.set('email', x)` beside `people.set({ email: x })`.
                Role::Traits | Role::Properties | Role::GroupTraits
                    if leaf.value.as_str().is_some() =>
                {
                    next_key = leaf.value.as_str().map(Name::from);
                    continue;
                }
                Role::Value => leaf.key.extend(next_key.take()),
                Role::UserId | Role::EventName if matches!(&*leaf.value, Value::Object(_)) => {
                    leaf.role = role_of_object(role);
                }
                // `track((defaults) => ({ ...defaults, … }))`: the function gives the event with all that is sent with it, and
                // is handed what the SDK sends by itself.
                Role::EventName if matches!(&*leaf.value, Value::Function(_)) => {
                    let nothing = [V::nothing()];
                    leaf.value = self.apply(&leaf.value, &nothing, Some(leaf.location.spot()));
                    leaf.role = role_of_object(role);
                }
                Role::Other | Role::Callback | Role::GroupType => continue,
                Role::Options if keys.is_none() => continue,
                Role::PropertiesCallback => {
                    // The properties themselves may stand in its place.
                    let is_param = |data: &Data| matches!(data.root, Root::Param(..));
                    let given = leaf.value.alternatives().iter().map(|it| match &**it {
                        Value::Function(_) => self.called_later(it),
                        Value::Data(data) if is_param(data) => self.called_later(it),
                        _ => it.clone(),
                    });
                    leaf.value = V::union(given);
                    leaf.role = Role::Properties;
                }
                _ => {}
            }
            leaves.push(leaf);
        }
        leaves
    }

    /// What a call that no rule knows is given.
    pub(super) fn unlisted_leaves(&self, sink: &SinkCall<'p>, place: &Place) -> Vec<Leaf<'p>> {
        let leaf = |value: &V| Leaf {
            unlisted: true,
            ..Leaf::new(
                sink.vendor,
                &sink.path,
                Role::Properties,
                value.clone(),
                place,
            )
        };
        sink.args.iter().map(leaf).collect()
    }

    /// The arguments by position, `...args` taken apart.
    pub(super) fn laid_out(&self, args: &[V], count: usize) -> Vec<V> {
        let mut out = Vec::new();
        for arg in args {
            match &**arg {
                Value::Spread(list) => {
                    let left = count.saturating_sub(out.len());
                    out.extend((0_u32..).take(left).map(|at| self.index(list, at)));
                }
                _ => out.push(arg.clone()),
            }
        }
        out
    }

    /// What a call says has happened.
    fn event(&self, rule: &Call, args: &[V]) -> V {
        let roles = [Role::EventName, Role::Message, Role::Error].into_iter();
        let mut given = roles.map(|role| self.given_as(role, rule, args));
        let said = given.find(|it| !matches!(&**it, Value::Nothing));
        said.unwrap_or_else(V::nothing)
    }

    /// What a call is given in a role, by position or by a key.
    fn given_as(&self, wanted: Role, rule: &Call, args: &[V]) -> V {
        for (arg, value) in rule.args.iter().zip(args) {
            match role_of(arg) {
                (role, _) if role == wanted => return value.clone(),
                (_, Some(keys)) => {
                    let named = keys.iter().find(|(_, role)| **role == wanted);
                    if let (Some((name, _)), Value::Object(object)) = (named, &**value) {
                        return object.get(name).unwrap_or_else(V::nothing);
                    }
                }
                _ => {}
            }
        }
        V::nothing()
    }

    /// The kind of the group that a call is about: also one that callers hand over together with the rest.
    fn group_kind(&self, rule: &Call, args: &[V], place: &Place) -> V {
        let given = self.given_as(Role::GroupType, rule, args);
        if !matches!(&*given, Value::Nothing) {
            return given;
        }
        let under = rule.args.iter().zip(args).find_map(|(arg, value)| {
            let mut keys = role_of(arg).1?.iter();
            let (name, _) = keys.find(|(_, role)| **role == Role::GroupType)?;
            Some(self.member(value, &Name::from(name), place.spot()))
        });
        under.unwrap_or_else(V::nothing)
    }

    /// What classification may know of a leaf's value.
    pub(super) fn subject(&self, leaf: &Leaf<'_>, data: &Data) -> Subject {
        let is_callback = data.path.is_empty() && data.origin().producer.is_none();
        let (path, producer) = self.read_by(data);
        Subject {
            path,
            global: data.root == Root::Global,
            producer,
            named: data.origin().named.as_ref().and_then(Named::known).cloned(),
            aliases: data.aliases.to_vec(),
            key: leaf.key.clone(),
            role: Some(leaf.role),
            group: leaf.group.as_str().map(Name::from),
            value_class: leaf.value_class.map(Name::from),
            ty: match &data.ty {
                // That it is a text says less.
                _ if data.choice => ValueType::Choice,
                Some(ty) => match self.shapes.shape(ty) {
                    Shape::List(Some(element)) => self.shapes.value_type(&element),
                    _ => self.shapes.value_type(ty),
                },
                None => ValueType::Unknown,
            },
            owner_type: data.owner.clone().or_else(|| {
                if is_callback {
                    data.ty.as_ref().and_then(|ty| self.shapes.name(ty))
                } else {
                    None
                }
            }),
            vendor: Name::from(&self.catalog.vendor(leaf.vendor).id),
            call: leaf.call.clone(),
            literal: None::<Literal>,
            in_text: leaf.in_text,
            amid_words: leaf.in_text && leaf.amid_words,
            removed: leaf.removed.to_vec(),
            recipient: leaf.recipient,
            of_element: data
                .steps
                .iter()
                .any(|step| matches!(step, Step::Any | Step::Each | Step::Index(_))),
            presumed: data.presence == Presence::Presumed,
            cut_at: cut_at(data).cloned(),
            is_document: leaf.is_document && !leaf.in_text,
            of_package: matches!(data.root, Root::Outside(_)),
            key_with_kind: leaf.key_with_kind.clone(),
            made_for_call: Self::is_made_for_call(leaf, data),
        }
    }

    /// The names that a value is read by, and the function that made it or its root. What a request brings is read from it,
    /// whether its server keeps it there (`req.body.note`) or gives it when called (`(await req.json()).note`).
    fn read_by(&self, data: &Data) -> (Vec<Name>, Option<Name>) {
        let producer = data.origin().producer.clone();
        let body = producer.as_deref().and_then(|it| self.body_of(it));
        match body {
            Some(body) => (body.into_iter().chain(data.path.clone()).collect(), None),
            None => (data.path.to_vec(), producer),
        }
    }

    /// Whether the call that made a value stands in the call that hands it over.
    fn is_made_for_call(leaf: &Leaf<'_>, data: &Data) -> bool {
        let Place { file, span, .. } = leaf.location;
        data.root == Root::Call
            && data.steps.is_empty()
            && data.spot.file == file
            && span.contains(data.spot.span)
    }
}
