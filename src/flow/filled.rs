//! What calls put into a value: into a list by `push`, a map or a record by `set`, an object by `Object.assign`, a digest by
//! `update`, a logger by `add`, a store or signal by `set` and `next`.
//!
//! In: a value, and a call of one of its methods, or one that it is handed to. Out: the value after it. It leaves alone what
//! is assigned to members, and in which order all of it happens (`mutation`).

use super::addresses::to_be_asked;
use super::alike::unconditional;
use super::bounds::Bound;
use super::conditions::chosen;
use super::effects::graded;
use super::evaluate::Evaluator;
use super::expressions::any;
use super::mutation::MAX_CHANGES;
use super::object::Object;
use super::stores::{is_holder, put_in};
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, HeldBy, Item, Name};
use crate::finding::Transform;
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// How a logger is told of one more to hand things to.
const ADD: &str = "add";

impl Evaluator<'_> {
    /// The value of a name after a call that changes what it holds.
    pub(super) fn touched(&self, file: FileId, value: V, call: ExprId) -> V {
        let facts = self.program.facts(file);
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return value;
        };
        if let Some((_, others)) = facts.merged_into(call) {
            return self.merged(file, &value, others);
        }
        let Expr::Member { object, name, .. } = facts.expr(*callee) else {
            return value;
        };
        match (facts.expr(*object), args.as_slice()) {
            (Expr::Global(_), [_, Item::Value(key), Item::Value(given)]) => {
                self.with_property(file, &value, *key, name, *given)
            }
            _ => match facts.held(*object) {
                Some((_, key)) => self.filled_below(value, key, self.spot(file, call), name, args),
                None => self.filled(file, value, name, args),
            },
        }
    }

    /// An object after `Object.defineProperty(object, key, { value })` or `Reflect.set(object, key, value)`.
    fn with_property(
        &self,
        file: FileId,
        value: &V,
        key: ExprId,
        function: &Name,
        given: ExprId,
    ) -> V {
        let mut given_value = self.expr(file, given);
        if function == "defineProperty" {
            let spot = self.spot(file, given);
            let get = self.member(&given_value, &Name::const_new("get"), spot);
            let plain = self.member(&given_value, &Name::const_new("value"), spot);
            given_value = V::union([plain, self.apply(&get, &[], Some(spot))]);
        }
        let key = self.expr(file, key).as_str().map_or_else(any, Name::from);
        let mut object = Object::of(value);
        object.set(key, given_value, true);
        V::new(Value::Object(object))
    }

    /// A value after a call that puts something into what it holds under a key.
    fn filled_below(&self, value: V, key: HeldBy<'_>, spot: Spot, name: &Name, args: &[Item]) -> V {
        match &*value {
            // One of several addresses, each of which takes it.
            Value::Union(parts) if parts.iter().all(is_written) => {
                let filled = |part: &V| self.filled_below(part.clone(), key, spot, name, args);
                return V::union(parts.iter().map(filled));
            }
            Value::When(condition, inner) if is_written(inner) => {
                return chosen(
                    condition,
                    self.filled_below(inner.clone(), key, spot, name, args),
                );
            }
            _ => {}
        }
        let file = spot.file;
        let (by, is_written) = match key {
            HeldBy::Name(name) => (Some(name.clone()), true),
            HeldBy::Key(key) | HeldBy::Entry(key) => {
                (self.expr(file, key).as_str().map(Name::from), false)
            }
        };
        let mut record = match &*value {
            Value::Object(record) if record.picked.is_none() => record.clone(),
            // What a caller hands over to be filled by key is a table.
            Value::Data(data) if matches!(key, HeldBy::Key(_)) && is_param(data) => {
                Object::of(&value)
            }
            Value::Data(_) if !is_written && is_made_map(&value) => Object::of(&value),
            _ => return value,
        };
        let by = by.unwrap_or_else(any);
        if let Some(address) = to_be_asked(&record, &by)
            && matches!(args, [Item::Value(key), ..] if self.expr(file, *key).as_str().is_some())
        {
            record = address;
        }
        let held = match record.get(&by) {
            // The first under this key makes the list.
            None if !is_written => V::new(Value::Array(Vec::new())),
            Some(held) => held,
            None => self.member(&value, &by, spot),
        };
        record.set(by, self.filled(file, held, name, args), true);
        V::new(Value::Object(record))
    }

    /// A value that has the members of others as well (`Object.assign(value, …)`).
    fn merged(&self, file: FileId, value: &V, others: &[Item]) -> V {
        let mut object = Object::of(value);
        for other in self.items(file, others) {
            object.spread(&other, true);
        }
        V::new(Value::Object(object))
    }

    /// What a field holds after calls that put something into it (`this.list.push(x)`), if it is a list, a set or a map, or that
    /// merge something into it.
    pub(super) fn filled_field(&self, field: V, calls: &[(FileId, ExprId)]) -> V {
        let merges = |(file, call): &(FileId, ExprId)| {
            self.program.facts(*file).merged_into(*call).is_some()
        };
        if !field.alternatives().iter().any(takes_more) && !calls.iter().any(merges) {
            return field;
        }
        if calls.len() > MAX_CHANGES {
            if let Some((file, call)) = calls.first() {
                let spot = self.spot(*file, *call);
                self.shapes.bounds.hit(Bound::Changes, spot);
            }
            return field;
        }
        let mut field = field;
        for (file, call) in calls {
            let facts = self.program.facts(*file);
            if let Some((_, others)) = facts.merged_into(*call) {
                field = self.merged(*file, &field, others);
            } else if let Expr::Call { callee, args, .. } = facts.expr(*call)
                && let Expr::Member { name, .. } = facts.expr(*callee)
            {
                field = self.filled(*file, field, name, args);
            }
        }
        field
    }

    /// A value after a call of one of its methods. Of several (`queue = []` empties a list that is filled elsewhere) the first
    /// that can take something stands for all that do: who reads the name gets what was put into any.
    fn filled(&self, file: FileId, value: V, name: &Name, args: &[Item]) -> V {
        match &*value {
            Value::Union(parts) => {
                // What was there before is beside what was put into it.
                let is_put = matches!(name.as_str(), "set" | "append");
                let filled = || parts.iter().rposition(|part| is_put && is_record(part));
                match parts.iter().position(takes_more).or_else(filled) {
                    Some(at) => {
                        let mut parts = parts.clone();
                        parts[at] = self.filled(file, parts[at].clone(), name, args);
                        V::union(parts)
                    }
                    None => self.filled_one(file, value, name, args),
                }
            }
            Value::When(condition, inner) if takes_more(inner) => {
                chosen(condition, self.filled(file, inner.clone(), name, args))
            }
            _ => self.filled_one(file, value, name, args),
        }
    }

    fn filled_one(&self, file: FileId, value: V, name: &Name, args: &[Item]) -> V {
        // A digest that is fed: `hash.update(x)`, and later `hash.digest()`.
        let fed = self.library.method_of_made(&value, name);
        if let Some(rule) = fed.filter(|rule| rule.does == Effect::Hash) {
            let given = self.items(file, args);
            return match given.get(rule.arg) {
                Some(given) => graded(Transform::Hash, given.clone()),
                None => value,
            };
        }
        if fed.is_some_and(|rule| rule.does == Effect::Logger) || is_client(&value) && name == ADD {
            return self.with_transports(value, &self.items(file, args));
        }
        match (name.as_str(), args) {
            ("push" | "unshift" | "add", _) if matches!(&*value, Value::Array(_)) => {
                let Value::Array(elements) = &*value else {
                    return value;
                };
                let mut elements = elements.clone();
                elements.extend(self.items(file, args));
                V::new(Value::Array(elements))
            }
            ("set" | "append", [Item::Value(key), Item::Value(field)]) if is_record(&value) => {
                self.with_entry(file, value, *key, *field)
            }
            // What is put there by its name may be made of all that the program keeps, which says nothing of what one takes out.
            ("set" | "next", [Item::Value(put)])
                if is_holder(&value) && is_written_out(self.program.facts(file), *put) =>
            {
                put_in(&value, &self.expr(file, *put))
            }
            _ => value,
        }
    }

    /// A record after a field was put into it, or, in a loop over the names and values of another one, each of that one's
    /// (`Object.entries(fields).forEach(([key, value]) => params.append(key, value))`).
    fn with_entry(&self, file: FileId, record: V, key: ExprId, field: ExprId) -> V {
        let mut object = Object::of(&record);
        if let Some(name) = self.expr(file, key).as_str() {
            object.set(name.into(), self.expr(file, field), true);
        } else if is_made_map(&record) {
            object.set(any(), self.expr(file, field), true);
        } else if !is_made_record(&record) && object.is_literal {
            // What the app wrote out has a method of its own.
            return record;
        } else if let Some(fields) = self.read_by_key(file, key, field) {
            for (name, field) in fields {
                object.set(name, field, true);
            }
        } else if let Some(copied) = self.copied_by_key(file, key, field) {
            object.spread(&copied, true);
        } else {
            object.set(any(), self.expr(file, field), true);
        }
        V::new(Value::Object(object))
    }
}

/// Whether an argument says what it is where it is handed over: a member, a text or an object.
fn is_written_out(facts: &FileFacts, arg: ExprId) -> bool {
    matches!(
        facts.expr(facts.uncast(arg)),
        Expr::Member { .. } | Expr::Template(_) | Expr::Binary { .. } | Expr::Object(_)
    )
}

/// Whether a value is an object that is written out.
fn is_written(value: &V) -> bool {
    matches!(&**unconditional(value), Value::Object(object) if object.picked.is_none())
}

/// Whether a value is a list, a set or a map that was made here, whatever it depends on.
fn takes_more(value: &V) -> bool {
    let value = unconditional(value);
    matches!(&**value, Value::Array(_)) || is_made_record(value)
}

/// `URLSearchParams`, `FormData`, `Map` and objects take fields by `set` and `append`.
fn is_record(value: &V) -> bool {
    match &**value {
        Value::Object(_) => true,
        Value::Data(data) => {
            data.root == Root::Call
                && data.origin().producer.as_deref().is_some_and(|name| {
                    matches!(name, "URLSearchParams" | "FormData" | "Headers") || is_map(name)
                })
        }
        _ => false,
    }
}

/// Whether a value is what the constructor of a record gives, with or without fields that were set later.
pub(super) fn is_made_record(value: &V) -> bool {
    match &**value {
        Value::Object(object) => object.spreads.iter().any(is_made_record),
        _ => is_record(value),
    }
}

/// Whether a value is a map, whose keys say nothing of what it holds.
pub(super) fn is_made_map(value: &V) -> bool {
    match &**value {
        Value::Object(object) => object.spreads.iter().any(is_made_map),
        Value::Data(data) => {
            data.root == Root::Call && data.origin().producer.as_deref().is_some_and(is_map)
        }
        _ => false,
    }
}

/// Whether a constructor of this name makes a map.
fn is_map(name: &str) -> bool {
    matches!(name, "Map" | "WeakMap")
}

fn is_client(value: &V) -> bool {
    matches!(&**value, Value::Client(client) if client.path.is_empty())
}

fn is_param(data: &Data) -> bool {
    matches!(data.root, Root::Param(..))
}
