//! Names that say whose something is.
//!
//! In: what is read from a variable, and the names by which it is known already. Out: the same, known by the name of the
//! variable as well where that says of whom or of what it is and the others say nothing of an owner (`const user = data.response`,
//! `const team = rows[0]`). It leaves alone what any of these names means (`classify`).

use std::cell::RefCell;

use ecow::EcoVec;
use rustc_hash::FxHashMap;

use super::conditions::when;
use super::evaluate::Evaluator;
use super::value::{Data, Step, V, Value};
use crate::facts::{Expr, ExprId, Name};
use crate::source::FileId;

/// What programs call anything that they got from elsewhere.
const HOLDING_ANYTHING: [&str; 16] = [
    "data", "result", "results", "response", "res", "row", "rows", "item", "items", "record",
    "records", "payload", "body", "json", "entry", "entries",
];

/// What a name says of the owner of what is read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// It is a person.
    Person,
    /// Nothing.
    Unsaid,
    /// It is something else.
    Thing,
}

/// What names say, each asked for once.
pub(super) struct Owners<'p> {
    says: &'p (dyn Fn(&Name) -> Owner + Sync),
    known: RefCell<FxHashMap<Name, Owner>>,
}

impl<'p> Owners<'p> {
    pub(super) fn new(says: &'p (dyn Fn(&Name) -> Owner + Sync)) -> Self {
        let known = RefCell::default();
        Self { says, known }
    }

    fn of(&self, name: &Name) -> Owner {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let says = (self.says)(name);
        self.known.borrow_mut().insert(name.clone(), says);
        says
    }

    fn is_person(&self, name: &Name) -> bool {
        self.of(name) == Owner::Person
    }

    /// The name of a variable that says what the last name of the path into it does not: that it holds a person. What is no
    /// part of anything has a name of its own, which a function that it is handed to does not know better.
    pub(super) fn held_by<'d>(&self, data: &'d Data) -> Option<&'d Name> {
        let is_part = data.path.len() > 1 && !data.aliases.is_empty();
        let last = data.path.last().filter(|_| is_part)?;
        let mut names = data.aliases.iter().rev();
        let person = names.find(|name| self.is_person(name))?;
        (person != last && !self.is_person(last)).then_some(person)
    }
}

impl Evaluator<'_> {
    /// What is read by a name from a variable: of whom or of what the variable says, where nothing else says whose it is
    /// (`const user = { name: data.name }`).
    pub(super) fn of_holder(&self, value: V, file: FileId, object: ExprId, name: &Name) -> V {
        let facts = self.program.facts(file);
        match facts.expr(object) {
            Expr::Ref(binding) => {
                let holder = &facts.binding(*binding).name;
                match self.owners.of(holder) {
                    Owner::Unsaid => value,
                    Owner::Person => self.owned(value, holder, name),
                    Owner::Thing => self.known_by(value, holder, name),
                }
            }
            _ => value,
        }
    }

    /// What is filled in for a part of a parameter, which a variable held that said of whom it is.
    pub(super) fn of_same_holder(&self, value: V, part: &Data) -> V {
        let ([.., holder, last], Some(Step::Key(name))) = (&*part.path, part.steps.last()) else {
            return value;
        };
        let is_step = |step: &Step| matches!(step, Step::Key(name) if name == holder);
        let is_of_variable = last == name && !part.steps.iter().any(is_step);
        match is_of_variable && self.owners.is_person(holder) {
            true => self.owned(value, holder, name),
            false => value,
        }
    }

    /// The same of a thing, which only says more than what holds anything.
    fn known_by(&self, value: V, thing: &Name, name: &Name) -> V {
        let each = |value: &V| match &**value {
            Value::Data(data) => {
                let holder = data.path.iter().rev().nth(1);
                match holder.is_some_and(|it| HOLDING_ANYTHING.contains(&it.as_str())) {
                    true => self.owned(value.clone(), thing, name),
                    false => value.clone(),
                }
            }
            _ => value.clone(),
        };
        V::union(value.alternatives().iter().map(each))
    }

    fn owned(&self, value: V, owner: &Name, name: &Name) -> V {
        let each = |value: &V| self.owned(value.clone(), owner, name);
        match &*value {
            Value::Data(data) => match data.path.split_last() {
                Some((last, owners))
                    if last == name
                        && data.owner.is_none()
                        && owners
                            .iter()
                            .all(|known| self.owners.of(known) == Owner::Unsaid) =>
                {
                    let mut path = EcoVec::from(owners);
                    path.extend([owner.clone(), last.clone()]);
                    V::new(Value::Data(Data {
                        path,
                        ..data.clone()
                    }))
                }
                _ => value,
            },
            Value::Union(parts) => V::union(parts.iter().map(each)),
            Value::When(condition, inner) => when(condition, each(inner)),
            _ => value,
        }
    }
}
