//! What assignments and changing calls make of a value, in the order of the program.
//!
//! In: a value, and the writes and touches (`push`, `set`, `Object.assign`) of the name that holds it. Out: the value after
//! them; for the arguments of a call, the value as it is when the call happens. It leaves alone what the name stands for
//! before (`bindings`), what an object does with a field (`object`) and what a call puts into it (`filled`).

use super::alike::unconditional;
use super::bindings::with_alias;
use super::bounds::Bound;
use super::conditions::Assignment;
use super::evaluate::{Evaluator, keys_of};
use super::expressions::any;
use super::guards::Keys;
use super::object::Object;
use super::value::{Root, Spot, V, Value};
use crate::facts::{
    Binding, BindingId, Expr, ExprId, FileFacts, From, FunctionId, Item, Name, Step, Write,
};
use crate::source::{FileId, Span};

/// An object with more assignments than this is a table, and its fields are not told apart.
pub(super) const MAX_CHANGES: usize = 200;
/// Functions that are handed an object put something into it so often, and no more is followed.
const MAX_HANDED: usize = 20;
/// The order of more assignments than this does not count.
const MAX_ORDERED: usize = 30;

/// What is done to a value by the name that holds it.
#[derive(Clone)]
pub(super) struct Changes<'c> {
    pub file: FileId,
    /// Where the name is declared.
    pub declared: Span,
    pub writes: Vec<&'c Write>,
    pub touches: Vec<ExprId>,
    /// The value before all of it.
    pub first: V,
    /// How many functions it was handed through to be changed there.
    pub depth: usize,
}

impl Evaluator<'_> {
    /// The arguments of a call, as they are when it happens: what the function around it assigns to a member of an argument
    /// only later does not count.
    pub(super) fn items_at(&self, file: FileId, items: &[Item], call: ExprId) -> Vec<V> {
        let facts = self.program.facts(file);
        let is_changed = |item: &Item| match item {
            Item::Value(value) => matches!(
                facts.expr(*value),
                Expr::Ref(binding) if self.has_later_changes(file, *binding, call)
            ),
            _ => false,
        };
        if !items.iter().any(is_changed) {
            return self.items(file, items);
        }
        let mut out = Vec::new();
        for item in items {
            match item {
                Item::Value(value) if is_changed(item) => {
                    if let Expr::Ref(binding) = facts.expr(*value) {
                        out.push(self.binding_at(file, *binding, call));
                    }
                }
                _ => out.extend(self.items(file, std::slice::from_ref(item))),
            }
        }
        out
    }

    fn has_later_changes(&self, file: FileId, binding: BindingId, call: ExprId) -> bool {
        let facts = self.program.facts(file);
        let binding = facts.binding(binding);
        let mut writes = binding.writes.iter();
        let mut touches = binding.touches.iter();
        writes.any(|write| is_later(facts, binding, call, write.span, write.function))
            || touches.any(|touch| {
                let around = facts.function_of(*touch);
                is_later(facts, binding, call, facts.span(*touch), around)
                    && self.may_change(file, binding.span, *touch)
            })
    }

    /// The value of a name when a call happens.
    fn binding_at(&self, file: FileId, id: BindingId, call: ExprId) -> V {
        let facts = self.program.facts(file);
        let binding = facts.binding(id);
        let writes = binding
            .writes
            .iter()
            .filter(|write| !is_later(facts, binding, call, write.span, write.function));
        let touches: Vec<ExprId> = binding
            .touches
            .iter()
            .copied()
            .filter(|touch| {
                let around = facts.function_of(*touch);
                !is_later(facts, binding, call, facts.span(*touch), around)
            })
            .collect();
        let happened = |write: &Write| has_happened(facts, binding, call, write);
        self.changed_by(file, binding, writes, &touches, happened)
    }

    /// The value of a name where it is read, if an assignment to one of its members has happened by then whatever else did;
    /// what is assigned later may be meant too, since others may hold the same object.
    pub(super) fn overwritten(&self, file: FileId, id: BindingId, read: ExprId) -> Option<V> {
        let facts = self.program.facts(file);
        let binding = facts.binding(id);
        let happened = |write: &Write| has_happened(facts, binding, read, write);
        if binding.writes.len() > MAX_ORDERED || !binding.writes.iter().any(happened) {
            return None;
        }
        let (writes, touches) = (&binding.writes, &binding.touches);
        Some(self.changed_by(file, binding, writes, touches, happened))
    }

    /// The value of a name after some of what is assigned to its members and the calls that change it.
    pub(super) fn changed_by<'w>(
        &self,
        file: FileId,
        binding: &Binding,
        writes: impl IntoIterator<Item = &'w Write>,
        touches: &[ExprId],
        happened: impl Fn(&Write) -> bool,
    ) -> V {
        // What else is in what is filled, or changed in places, is known by its name.
        let mut value = with_alias(self.unwritten(file, binding), &binding.name);
        let mut changes = Changes {
            file,
            declared: binding.span,
            writes: writes.into_iter().collect(),
            touches: touches.to_vec(),
            first: value.clone(),
            depth: 0,
        };
        for (frames, within) in self.changed_within(binding, &mut changes) {
            let written = self.written(value, &within, |_| false);
            value = self.substitute(&written, &frames);
        }
        with_alias(self.written(value, &changes, happened), &binding.name)
    }

    /// A value after the assignments to its members and the calls that change it; those that have `happened` for sure leave
    /// nothing of what was there before.
    pub(super) fn written(
        &self,
        value: V,
        changes: &Changes<'_>,
        happened: impl Fn(&Write) -> bool,
    ) -> V {
        let Changes {
            file,
            declared,
            ref writes,
            ref touches,
            ..
        } = *changes;
        if matches!(
            &*value,
            Value::Client(_)
                | Value::Vendor(_)
                | Value::Class(..)
                | Value::Function(_)
                | Value::Module(_)
        ) {
            return value;
        }
        if writes.len() + touches.len() > MAX_CHANGES {
            let written = writes.first().map(|write| write.span);
            let touched = || Some(self.spot(file, *touches.first()?).span);
            if let Some(span) = written.or_else(touched) {
                self.shapes.bounds.hit(Bound::Changes, Spot { file, span });
            }
            return value;
        }
        let mut value = value;
        for write in writes.iter().copied() {
            match write.value {
                Some(assigned) => {
                    value = match self.assigned_by_key(file, declared, &value, write, assigned) {
                        Some(value) => value,
                        None => {
                            let literal = self.program.facts(file).expr(assigned);
                            let assigned = self.expr(file, assigned);
                            let is_known = matches!(literal, Expr::Literal(_))
                                || assigned.alternatives().iter().all(is_all_it_is);
                            let sure = is_known && write.path.len() == 1 && happened(write);
                            let assignment = assignment(file, declared, write, &value);
                            let assigned = self.under_guards(&assignment, assigned);
                            self.assign(file, &value, &write.path, assigned, sure)
                        }
                    };
                }
                None => {
                    let names = match write.path.as_slice() {
                        [Step::Key(name)] => Some(vec![name.clone()]),
                        [Step::Computed(key)] => keys_of(&self.expr(file, *key)),
                        _ => None,
                    };
                    if let Some(names) = names {
                        let without = self.without(&value, &names);
                        value = match happened(write) {
                            true => without,
                            false => self.perhaps_without(file, declared, write, value, without),
                        };
                    }
                }
            }
        }
        let mut handed = 0;
        for touch in touches {
            let after = (handed < MAX_HANDED).then(|| self.handed_out(&value, changes, *touch));
            value = match after.flatten() {
                Some(after) => {
                    handed += 1;
                    after
                }
                None => self.touched(file, value, *touch),
            };
        }
        if handed == MAX_HANDED
            && let Some(last) = touches.last()
        {
            let spot = self.spot(file, *last);
            self.shapes.bounds.hit(Bound::Changes, spot);
        }
        value
    }

    /// `safe[key] = props[key]` under each key that `key` can be, and `safe[key] = value` in a loop that lets only some keys
    /// through.
    fn assigned_by_key(
        &self,
        file: FileId,
        declared: Span,
        value: &V,
        write: &Write,
        assigned: ExprId,
    ) -> Option<V> {
        let [Step::Computed(key)] = write.path.as_slice() else {
            return None;
        };
        if matches!(&**value, Value::Array(_)) {
            return None;
        }
        let mut object = Object::of(value);
        if let Some(fields) = self.read_by_key(file, *key, assigned) {
            for (name, field) in fields {
                object.set(name, field, true);
            }
            return Some(V::new(Value::Object(object)));
        }
        // A loop over all keys; anything else may leave some of them as they are.
        let is_any = match &*self.expr(file, *key) {
            Value::KeysOf(_) => true,
            // The list is made of what is assigned to.
            Value::Nothing => self.runs_through_keys(file, *key),
            _ => false,
        };
        if is_any
            && matches!(
                &*self.expr(file, assigned),
                Value::Literal(_) | Value::Nothing
            )
            && let Some(keys) = self.overwritten_keys(file, (declared, write.span), *key)
        {
            let others = Keys {
                only: false,
                ..keys
            };
            let spot = self.spot(file, assigned);
            return Some(self.restricted_object(value, &[others], spot));
        }
        let keys = self.guarded_keys(file, write.span, *key);
        let fields = self.chosen_by_key(file, *key, assigned);
        let spot = self.spot(file, assigned);
        if fields.is_none()
            && let Some(copied) = self.copied_by_key(file, *key, assigned)
        {
            let copied = self.under_guards(&assignment(file, declared, write, value), copied);
            object.spread(&self.restricted_object(&copied, &keys, spot), true);
            return Some(V::new(Value::Object(object)));
        }
        if keys.is_empty() && fields.is_none() {
            return None;
        }
        let fields = fields.unwrap_or_else(|| self.expr(file, assigned));
        object.set(any(), self.restricted(&fields, &keys, spot), true);
        Some(V::new(Value::Object(object)))
    }

    /// Whether a name is written to run through all keys of something.
    fn runs_through_keys(&self, file: FileId, key: ExprId) -> bool {
        let facts = self.program.facts(file);
        let Expr::Ref(binding) = facts.expr(key) else {
            return false;
        };
        let [source] = facts.binding(*binding).sources.as_slice() else {
            return false;
        };
        match source.from {
            From::KeyOf(_) => true,
            From::ElementOf(list) => match facts.expr(list) {
                Expr::Call { callee, .. } => matches!(
                    facts.expr(*callee),
                    Expr::Member { object, name, .. } if name == "keys"
                        && matches!(facts.expr(*object), Expr::Global(name) if name == "Object")
                ),
                _ => false,
            },
            _ => false,
        }
    }

    /// `HIDDEN.includes(key) ? '…' : props[key]`: each side with the keys for which it is taken.
    fn chosen_by_key(&self, file: FileId, key: ExprId, assigned: ExprId) -> Option<V> {
        let Expr::Conditional {
            test,
            then,
            otherwise,
        } = self.program.facts(file).expr(assigned)
        else {
            return None;
        };
        let side = |wanted: bool, value: ExprId| {
            let keys = self.keys_if(file, *test, wanted, key);
            let given = self.only_if(file, *test, wanted, self.expr(file, value));
            let is_told = !keys.is_empty();
            (
                is_told,
                self.restricted(&given, &keys, self.spot(file, value)),
            )
        };
        let (first, second) = (side(true, *then), side(false, *otherwise));
        (first.0 || second.0).then(|| V::union([first.1, second.1]))
    }

    /// A value with another one at a path into it: instead of what was there, if it is `sure` to have been put there.
    pub(super) fn assign(
        &self,
        file: FileId,
        value: &V,
        path: &[Step],
        assigned: V,
        sure: bool,
    ) -> V {
        let Some((first, rest)) = path.split_first() else {
            return assigned;
        };
        let names = match first {
            Step::Key(name) => Some(vec![name.clone()]),
            Step::Computed(key) => keys_of(&self.expr(file, *key)),
            _ => None,
        };
        if let Value::Array(elements) = &**value {
            // `list.length = 0` and `list[i] = x` leave a list a list.
            let mut elements = elements.clone();
            if matches!(first, Step::Computed(_) | Step::Index(_)) && rest.is_empty() {
                elements.push(assigned);
            }
            return V::new(Value::Array(elements));
        }
        if let Some(names @ [_, _, ..]) = names.as_deref() {
            let mut value = value.clone();
            for name in names {
                let (name, assigned) = (Some(name.clone()), assigned.clone());
                value = self.assign_at(file, &value, name, rest, assigned, false);
            }
            return value;
        }
        if let (None, Step::Computed(key), []) = (&names, first, rest) {
            let mut object = Object::of(value);
            object.put(&self.expr(file, *key), assigned, true);
            return V::new(Value::Object(object));
        }
        let name = names.and_then(|names| names.into_iter().next());
        self.assign_at(file, value, name, rest, assigned, sure)
    }

    fn assign_at(
        &self,
        file: FileId,
        value: &V,
        name: Option<Name>,
        rest: &[Step],
        assigned: V,
        sure: bool,
    ) -> V {
        let mut object = Object::of(value);
        let assigned = match (&name, rest) {
            (Some(name), []) => with_alias(assigned, name),
            (None, []) => assigned,
            (Some(name), rest) => {
                let inner = object.get(name).unwrap_or_else(V::nothing);
                self.assign(file, &inner, rest, assigned, false)
            }
            (None, _) => return value.clone(),
        };
        let is_maybe = !sure || name.is_none();
        object.set(name.unwrap_or_else(any), assigned, is_maybe);
        V::new(Value::Object(object))
    }
}

/// Whether an assignment to a member of a local name has happened whenever the name is read: in the same run of the function
/// that declares it, and under no test and in no loop that the reading is not in as well.
fn has_happened(facts: &FileFacts, binding: &Binding, read: ExprId, write: &Write) -> bool {
    let at = facts.span(read);
    binding.function == write.function
        && facts.function_of(read) == write.function
        && write.span.end <= at.start
        && facts
            .guards_around(write.function, write.span)
            .all(|guard| guard.span.contains(at))
        && facts
            .loops
            .iter()
            .all(|body| !body.contains(write.span) || body.contains(at))
}

/// Where a member of the name that is declared at a place, which holds this value so far, is assigned.
fn assignment<'v>(file: FileId, declared: Span, write: &Write, before: &'v V) -> Assignment<'v> {
    Assignment {
        file,
        function: write.function,
        declared,
        at: write.span,
        before: Some(before),
    }
}

/// Whether a value is known for what it is. What is made of what was there may be more than is known of it.
fn is_all_it_is(value: &V) -> bool {
    match &**unconditional(value) {
        Value::Literal(_) | Value::Changed(..) => true,
        Value::Data(data) => matches!(data.root, Root::Param(..)) && !data.is_called(),
        _ => false,
    }
}

/// Whether a change to a member of a local name comes after a call in the same run of the function that declares it.
fn is_later(
    facts: &FileFacts,
    binding: &Binding,
    call: ExprId,
    change: Span,
    around: FunctionId,
) -> bool {
    let at = facts.span(call);
    binding.function == around
        && facts.function_of(call) == around
        && change.start >= at.end
        && !facts
            .loops
            .iter()
            .any(|body| body.contains(at) && body.contains(change) && !body.contains(binding.span))
}
