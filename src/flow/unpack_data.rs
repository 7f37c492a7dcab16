//! Takes what only a run knows out of a payload.
//!
//! In: a [`Leaf`] whose value is known by names and types alone. Out: its [`Outcome`]s: one for each field that its type lists, or
//! the value as it is; why it is not known what it holds. It leaves alone values whose making is known (`unpack`).

use std::rc::Rc;

use super::alike::unconditional;
use super::bounds::Bound;
use super::delivery::Hop;
use super::doubts::UNREAD;
use super::evaluate::Evaluator;
use super::markup::element_in;
use super::outcomes::Outcomes;
use super::payload::{Leaf, Outcome};
use super::polymorphic::of_letter;
use super::shapes::{Shape, TypeUse};
use super::subject::ValueType;
use super::unpack::role_of_options;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::Name;
use crate::ruleset::schema::Role;

/// Fields of declared types nested deeper than this are not laid out.
const MAX_TYPE_DEPTH: u8 = 3;
/// A type with more fields than this is laid out up to here.
const MAX_FIELDS: usize = 120;

/// Why a payload is not known as a whole although its type is.
const OPEN: &str = "its type allows more fields than it lists";

impl<'p> Evaluator<'p> {
    /// Whether a leaf is all that a call is given, some of whose keys are data of persons by the rule, and the call starts no SDK.
    fn tells_of_persons(&self, leaf: &Leaf<'p>) -> bool {
        let is_of_person =
            |role: &Role| matches!(role, Role::Email | Role::Phone | Role::PersonName);
        let mut roles = leaf.keys.iter().flat_map(|keys| keys.values());
        let mut starts = self.catalog.vendor(leaf.vendor).init.iter();
        leaf.role == Role::Options
            && leaf.key.is_empty()
            && roles.any(is_of_person)
            && starts.all(|start| start.path != *leaf.call)
    }

    /// Takes a value apart by the fields of its type, or as it is.
    pub(super) fn take_data_apart(
        &self,
        leaf: Leaf<'p>,
        data: &Data,
        is_final: bool,
        depth: usize,
        out: &mut Outcomes<'p>,
    ) {
        // Of settings only the keys that the rule lists are data, so what they are has to be known.
        let is_setting = matches!(leaf.role, Role::Options | Role::Destinations | Role::Other);
        let waits = matches!(data.root, Root::Param(..)) && !is_final;
        let is_looked_at =
            leaf.role == Role::Destinations || leaf.role == Role::Options && lists_below(&leaf);
        let by_type = || data.ty.as_ref().and_then(|ty| self.shapes.all_fields(ty));
        if is_setting && !(is_looked_at && (waits || by_type().is_some())) {
            // What a letter is made of, and to whom it goes, is told in the place of options.
            if self.tells_of_persons(&leaf) && self.scalar_type(data) == ValueType::Unknown {
                let reason = self.opaque_reason(data);
                out.push(Outcome::Opaque(leaf, data.spot, reason));
            }
            return;
        }
        if let (Root::Param(function, _), true) = (&data.root, waits) {
            let function = *function;
            out.push(Outcome::Waiting(leaf, function));
            return;
        }
        // The name of an event is the app's own word; only what is joined into it may be data.
        if leaf.role == Role::EventName && !leaf.in_text {
            return;
        }
        // An error's own text is the program's, as far as can be told.
        if leaf.role == Role::Error && !leaf.in_text && leaf.key.is_empty() {
            return;
        }
        let shape = data
            .ty
            .as_ref()
            .map_or(Shape::Unknown, |ty| self.shapes.shape(ty));
        let by_type = by_type();
        let fields = match &shape {
            _ if by_type.is_some() => by_type,
            Shape::ValueOf(file, expr) => {
                let value = self.expr(*file, *expr);
                if matches!(&*value, Value::Object(_)) {
                    self.take_apart(
                        Leaf {
                            value,
                            by_type: leaf.by_type + 1,
                            ..leaf
                        },
                        is_final,
                        depth + 1,
                        out,
                    );
                    return;
                }
                None
            }
            _ => None,
        };
        let takes_object = matches!(
            leaf.role,
            Role::Traits | Role::Properties | Role::GroupTraits | Role::Groups
        );
        match fields {
            Some(fields) if leaf.by_type < MAX_TYPE_DEPTH && !leaf.is_flat => {
                if fields.len() > MAX_FIELDS {
                    self.shapes.bounds.hit(Bound::Fields, leaf.location.spot());
                }
                let is_payload = takes_object && leaf.key.is_empty();
                let is_open = || data.ty.as_ref().is_some_and(|ty| self.shapes.is_open(ty));
                if is_payload && is_open() {
                    out.push(Outcome::Opaque(leaf.clone(), data.spot, OPEN));
                }
                // What is of one of several types need not be of the one that was read.
                let is_unread = |ty: &TypeUse| self.shapes.is_partly_unread(ty);
                if takes_object && leaf.by_type == 0 && data.ty.as_ref().is_some_and(is_unread) {
                    out.push(Outcome::Opaque(leaf.clone(), data.spot, UNREAD));
                }
                // Objects in a list are sent with their fields, as one object is.
                let value = match &shape {
                    Shape::List(_) => self.element(&leaf.value),
                    _ => leaf.value.clone(),
                };
                let leaf = Leaf {
                    role: role_of_options(&leaf),
                    value,
                    ..leaf
                };
                let names: Vec<Name> = fields.iter().map(|it| it.name.clone()).collect();
                let mut types = leaf.types.clone();
                types.extend(data.owner.clone());
                types.extend(data.ty.as_ref().and_then(|ty| self.name_of_type(ty)));
                for field in fields.into_iter().take(MAX_FIELDS) {
                    let ty = field.ty.as_ref();
                    if ty.is_some_and(|ty| self.tells_nothing_more(&shape, &types, ty)) {
                        continue;
                    }
                    let value = self.member(&leaf.value, &field.name, data.spot);
                    let next = Leaf {
                        by_type: leaf.by_type + 1,
                        types: types.clone(),
                        is_document: self.library.is_document(&field.name, names.iter()),
                        key_with_kind: of_letter(&field.name, names.iter()),
                        ..self.under(&leaf, &field.name, value)
                    };
                    self.take_apart(next, is_final, depth + 1, out);
                }
            }
            _ if takes_object
                && leaf.key.is_empty()
                && !leaf.in_text
                && !is_read_from_platform(data)
                && self.scalar_type(data) == ValueType::Unknown =>
            {
                let given = data.origin().given.as_ref();
                if let Some(given) = given.and_then(|given| self.in_result(given, data.spot)) {
                    let given = self.handed_back(&leaf, data, &given);
                    self.take_apart(given, is_final, depth + 1, out);
                }
                out.push(Outcome::Opaque(leaf, data.spot, self.opaque_reason(data)));
            }
            _ => {
                // The page of a mail that was rendered.
                let of_page = self.is_listed(&leaf).then(|| element_in(&leaf.value));
                if let Some(element) = of_page.flatten() {
                    let page = Leaf {
                        value: element,
                        ..leaf.clone()
                    };
                    self.take_apart(page, is_final, depth + 1, out);
                }
                out.push(Outcome::Known(leaf, data.clone()));
            }
        }
    }

    /// What a function that was handed an object or another function may give: that object, or what that function gives, if
    /// that is an object (`retry(async () => ({ email }))`).
    fn in_result(&self, given: &V, spot: Spot) -> Option<V> {
        if !given.is_function() {
            return Some(given.clone());
        }
        let result = self.apply(given, &[], Some(spot));
        let is_object = |it: &V| matches!(&**unconditional(it), Value::Object(_));
        result
            .alternatives()
            .iter()
            .any(is_object)
            .then_some(result)
    }

    /// What a package's function was given, in the place of what it gives: most that take one object and whose result is
    /// sent leave out what is empty, or name the keys otherwise.
    fn handed_back(&self, leaf: &Leaf<'p>, data: &Data, given: &V) -> Leaf<'p> {
        let name = data.origin().producer.clone();
        let name = name.unwrap_or_else(|| Name::const_new("a function"));
        let mut chain = Vec::clone(&leaf.chain);
        chain.push(Hop {
            place: self.place_of(data.spot),
            note: format!("handed to `{name}`"),
        });
        Leaf {
            value: given.clone(),
            guessed: true,
            chain: Rc::new(chain),
            ..leaf.clone()
        }
    }

    /// What the type of an object is called, or that of the objects in a list.
    fn name_of_type(&self, ty: &TypeUse) -> Option<Name> {
        let named = |ty: &TypeUse| match self.shapes.solid(ty) {
            Shape::Fields { name, .. } => name,
            Shape::Class(file, class, _) => {
                self.shapes.program.facts(file).class(class).name.clone()
            }
            _ => None,
        };
        match self.shapes.solid(ty) {
            Shape::List(element) => named(&element?),
            _ => named(ty),
        }
    }

    /// A field that is a function is sent by nobody; one of the very type that it is a field of (the version before, the
    /// parent), or of one of those around, holds nothing that these do not.
    fn tells_nothing_more(&self, whole: &Shape, around: &[Name], field: &TypeUse) -> bool {
        let is_around = || {
            let name = self.name_of_type(field);
            name.is_some_and(|name| around.contains(&name))
        };
        match (self.shapes.solid(field), whole) {
            (Shape::Function(_), _) => true,
            (Shape::Class(file, class, _), Shape::Class(of, whole, _))
                if (file, class) == (*of, *whole) =>
            {
                true
            }
            (
                Shape::Fields {
                    decl: Some(decl), ..
                },
                Shape::Fields {
                    decl: Some(whole), ..
                },
            ) if decl == *whole => true,
            _ => is_around(),
        }
    }

    fn scalar_type(&self, data: &Data) -> ValueType {
        data.ty
            .as_ref()
            .map_or(ValueType::Unknown, |ty| match self.shapes.value_type(ty) {
                ValueType::Object => ValueType::Unknown,
                scalar => scalar,
            })
    }
}

/// Whether the rule lists keys that are deeper inside than a leaf.
fn lists_below(leaf: &Leaf<'_>) -> bool {
    let Some(keys) = leaf.keys else { return false };
    if leaf.key.is_empty() {
        return true;
    }
    let above = format!("{}.", leaf.key.join("."));
    keys.keys().any(|key| key.starts_with(&above))
}

/// Whether a value is what an object of the platform has under a name (`location.href` below a key that is computed), which is
/// hardly ever an object itself.
fn is_read_from_platform(data: &Data) -> bool {
    data.root == Root::Global && data.path.len() > 1
}
