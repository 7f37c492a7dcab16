//! Fills parameters in.
//!
//! In: a symbolic value and the arguments of one or more calls. Out: the value for these calls; parameters of other
//! functions stay. It leaves alone which calls there are (`propagate`).

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::addresses::copied;
use super::alike::unconditional;
use super::alternatives::MAX_ALTERNATIVES;
use super::by_key::{is_data, picked_of};
use super::conditions::when;
use super::cuts::cut;
use super::evaluate::{Evaluator, shared};
use super::expressions::text;
use super::left_out::leaving_out;
use super::object::{Field, Object};
use super::pending::Pending;
use super::shapes::{Shape, TypeUse};
use super::subject::ValueType;
use super::thrown::asked_of;
use super::value::{
    Closure, Data, FnRef, Frames, Handed, Instance, MAX_ALIASES, Named, Presence, Root, Spot, Step,
    V, Value,
};
use crate::facts::{Literal, Name};

/// A value that is nested deeper than any payload is one that feeds itself.
const MAX_NESTING: usize = 40;

/// The filling in of one value.
struct Filling<'f> {
    frames: &'f Frames,
    /// The functions whose parameters are filled in.
    pending: Pending,
    /// What is in the value more than once is filled in once, and is shared by what comes out. Each part is kept beside what
    /// became of it, so that its address stays its own.
    done: RefCell<FxHashMap<usize, (V, V)>>,
    /// A field of which nobody knows which it is stands for all of them.
    takes_all: bool,
    /// How the subjects of conditions are filled in, which does take all.
    of_subjects: OnceCell<Box<Filling<'f>>>,
}

impl<'f> Filling<'f> {
    fn new(frames: &'f Frames, takes_all: bool) -> Self {
        Self {
            frames,
            pending: frames.filled(),
            done: RefCell::default(),
            takes_all,
            of_subjects: OnceCell::new(),
        }
    }

    /// How the subjects of conditions are filled in.
    fn of_subjects(&self) -> &Self {
        match self.takes_all {
            true => self,
            false => self
                .of_subjects
                .get_or_init(|| Box::new(Self::new(self.frames, true))),
        }
    }
}

impl Evaluator<'_> {
    /// The value for the calls that `frames` describes.
    pub(super) fn substitute(&self, value: &V, frames: &Frames) -> V {
        if !value.pending().meets(frames.filled()) {
            return value.clone();
        }
        let filling = Filling::new(frames, false);
        self.deeper(value_spot(value), || self.fill(value, &filling, 0))
    }

    fn fill(&self, value: &V, filling: &Filling<'_>, depth: usize) -> V {
        if !value.pending().meets(filling.pending) || depth > MAX_NESTING {
            return value.clone();
        }
        if let Some((_, filled)) = filling.done.borrow().get(&value.address()) {
            return filled.clone();
        }
        let filled = self.fill_here(value, filling, depth);
        // Most values are no more than one parameter, which need not be remembered.
        if depth > 0 {
            let both = (value.clone(), filled.clone());
            filling.done.borrow_mut().insert(value.address(), both);
        }
        filled
    }

    fn fill_here(&self, value: &V, filling: &Filling<'_>, depth: usize) -> V {
        let frames = filling.frames;
        let all = |parts: &[V]| {
            parts
                .iter()
                .map(|part| self.fill(part, filling, depth + 1))
                .collect::<Vec<_>>()
        };
        match &**value {
            Value::Data(data) => match data.root {
                Root::Param(function, index) => match frames.get(function) {
                    Some(args) => self.fill_param(data, function, index, args, filling, depth),
                    None => self.with_handed(value, data, filling, depth),
                },
                _ => V::new(Value::Data(data.clone().arising(|origin| {
                    if let Some(given) = &mut origin.given {
                        *given = self.fill(given, filling, depth + 1);
                    }
                    if let Some(runs) = &mut origin.runs {
                        *runs = self.fill(runs, filling, depth + 1);
                    }
                    if let Some(named) = &mut origin.named {
                        *named = self.fill_name(named, filling, depth + 1);
                    }
                }))),
            },
            Value::Text(parts) => text(all(parts).into_iter()),
            Value::Array(parts) => {
                let mut out = Vec::new();
                for part in all(parts) {
                    match &*part {
                        Value::Spread(inner) => match &**inner {
                            Value::Array(elements) => out.extend(elements.iter().cloned()),
                            _ => out.push(part),
                        },
                        _ => out.push(part),
                    }
                }
                V::new(Value::Array(out))
            }
            Value::Union(parts) => V::union(all(parts)),
            Value::Object(Object {
                picked: Some(picked),
                spreads,
                ..
            }) => {
                let keys = self.fill(&picked.keys, filling, depth + 1);
                self.picked(&V::union(all(spreads)), &keys, picked.spot)
            }
            Value::Object(object) => {
                let mut out = Object {
                    without: object.without.clone(),
                    only: object.only.clone(),
                    is_error: object.is_error,
                    is_literal: object.is_literal,
                    is_element: object.is_element,
                    ..Object::default()
                };
                let (below, above): (Vec<&Field>, Vec<&Field>) = (object.fields.iter())
                    .partition(|field| field.is_below_spread && field.key.is_none());
                for field in below {
                    let filled = self.fill(&field.value, filling, depth + 1);
                    out.fields.push(Field {
                        value: filled,
                        is_below_spread: false,
                        ..field.clone()
                    });
                }
                // Of several, each may be the one that is not there.
                let is_one_of_several = object.spreads.len() > 1;
                for spread in &object.spreads {
                    let filled = self.fill(spread, filling, depth + 1);
                    let reduced = object.without.is_empty() && object.only.is_none();
                    if reduced {
                        out.spread(&filled, is_one_of_several)
                    } else {
                        out.lay_below();
                        out.spreads.push(filled)
                    }
                }
                for field in above {
                    let filled = self.fill(&field.value, filling, depth + 1);
                    if let Some(key) = &field.key {
                        let key = self.fill(key, filling, depth + 1);
                        out.put(&key, filled, field.maybe);
                        continue;
                    }
                    // A field that is set after a spread wins over the spread's.
                    if field.name == "*" || field.maybe {
                        out.fields.push(Field {
                            value: filled,
                            ..field.clone()
                        });
                    } else {
                        out.set(field.name.clone(), filled, false);
                    }
                }
                copied(&out).unwrap_or_else(|| V::new(Value::Object(out)))
            }
            Value::Function(closure) => {
                let mut filled = Closure {
                    bound: all(&closure.bound),
                    this: closure
                        .this
                        .as_ref()
                        .map(|this| self.fill(this, filling, depth + 1)),
                    ..closure.clone()
                };
                for (function, args) in frames.iter() {
                    if closure.frames.get(function).is_none()
                        && self.is_around(function, closure.target)
                    {
                        filled.frames = filled.frames.with(function, args);
                    }
                }
                V::new(Value::Function(filled))
            }
            Value::Instance(instance) => V::new(Value::Instance(Instance {
                args: all(&instance.args),
                ..instance.clone()
            })),
            Value::Changed(change, inner) => V::new(Value::Changed(
                *change,
                self.fill(inner, filling, depth + 1),
            )),
            Value::When(condition, inner) => {
                let subject = self.fill(&condition.subject, filling.of_subjects(), depth + 1);
                let condition = Rc::new(condition.of(subject));
                match self.is_met_by_type(&condition) {
                    Some(false) => V::nothing(),
                    Some(true) => self.fill(inner, filling, depth + 1),
                    None => {
                        let inner = self.fill(inner, filling, depth + 1);
                        self.of_pair(&condition, inner)
                    }
                }
            }
            Value::Without(left_out, inner) => {
                leaving_out(left_out, self.fill(inner, filling, depth + 1))
            }
            Value::Spread(inner) => V::new(Value::Spread(self.fill(inner, filling, depth + 1))),
            Value::FieldsOf(inner) => match picked_of(inner) {
                Some((object, picked)) => {
                    let key = self.fill(&picked.keys, filling, depth + 1);
                    let is_handed = object.is_symbolic();
                    let object = self.fill(object, filling, depth + 1);
                    // Who hands the object over says more of it than who reads from it.
                    let spot = match &*object {
                        Value::Data(data) if is_handed => data.spot,
                        _ => picked.spot,
                    };
                    match self.is_told(&object, &key) {
                        true => self.at_key(&object, &key, spot),
                        false => self.any_of(&object, picked.spot, filling),
                    }
                }
                None => V::new(Value::FieldsOf(self.fill(inner, filling, depth + 1))),
            },
            Value::KeysOf(inner) => V::new(Value::KeysOf(self.fill(inner, filling, depth + 1))),
            _ => value.clone(),
        }
    }

    /// A part of a parameter that is not filled in, with what it is called with.
    fn with_handed(&self, value: &V, data: &Data, filling: &Filling<'_>, depth: usize) -> V {
        let mut args = data.handed().flat_map(Handed::args);
        if !args.any(|arg| arg.pending().meets(filling.pending)) {
            return value.clone();
        }
        let filled = data.steps.iter().map(|step| match step {
            Step::Result(handed) => Step::Result(self.fill_handed(handed, filling, depth)),
            _ => step.clone(),
        });
        V::new(Value::Data(Data {
            steps: filled.collect(),
            ..data.clone()
        }))
    }

    /// Whether what a call of a value gives is made of what it is called with: most give the same, and are asked once.
    fn depends_on_args(&self, callee: &V) -> bool {
        callee.alternatives().iter().any(|callee| match &**callee {
            Value::Function(closure) => {
                let own = Pending::on(closure.target);
                !closure.bound.is_empty() || self.result(closure.target).pending().meets(own)
            }
            Value::Data(data) => matches!(data.root, Root::Param(..)),
            _ => true,
        })
    }

    fn fill_handed(&self, handed: &Handed, filling: &Filling<'_>, depth: usize) -> Handed {
        if handed.args().is_empty() {
            return handed.clone();
        }
        let args = handed.args().iter();
        let filled: Vec<V> = args.map(|arg| self.fill(arg, filling, depth + 1)).collect();
        Handed::new(&filled)
    }

    /// What a function gives that callers hand over to be called later, by what they know nothing of: its own parameters stay
    /// what they are.
    pub(super) fn called_later(&self, callee: &V) -> V {
        let given = |callee: &V| match &**callee {
            Value::Function(closure) if closure.is_alone() => {
                let function = closure.target;
                let declared = self
                    .program
                    .facts(function.file)
                    .function(function.function);
                let params = (0..).take(declared.params.len());
                let args: Vec<V> = params.map(|index| self.param(function, index)).collect();
                self.apply(callee, &args, None)
            }
            // Callers hand the function over.
            Value::Data(data) if matches!(data.root, Root::Param(..)) => {
                let mut result = data.clone();
                result.steps.push(Step::LaterResult);
                result.ty = None;
                V::new(Value::Data(result))
            }
            _ => self.apply(callee, &[], None),
        };
        V::union(callee.alternatives().iter().map(given))
    }

    /// What a store is asked by, once a caller says it.
    fn fill_name(&self, named: &Named, filling: &Filling<'_>, depth: usize) -> Named {
        let Named::By(key) = named else {
            return named.clone();
        };
        let key = self.fill(key, filling, depth);
        let said = key.as_str().map(Name::from);
        said.map_or(Named::By(key), Named::As)
    }

    /// An element of a list; of what is no list, it is one field of which nobody knows which.
    fn any_of(&self, value: &V, spot: Spot, filling: &Filling<'_>) -> V {
        if filling.takes_all {
            return self.element(value);
        }
        let has_fields = value.alternatives().iter().all(|value| match &**value {
            Value::Object(_) | Value::Instance(_) => true,
            _ => self.has_listed_fields(value),
        });
        let element = self.element(value);
        // A table of functions is called by key; any of them may be meant.
        let parts = element.alternatives();
        // Whichever of the program's own words it is, it is one of them.
        let is_word = parts.len() < MAX_ALTERNATIVES
            && parts.iter().all(|it| matches!(&**it, Value::Literal(_)));
        if has_fields && is_data(&element) && !is_word {
            V::unknown(spot, "which of its fields is read, is computed")
        } else {
            element
        }
    }

    fn is_around(&self, outer: FnRef, inner: FnRef) -> bool {
        if outer.file != inner.file {
            return false;
        }
        let facts = self.program.facts(outer.file);
        let mut at = facts.function(inner.function).parent;
        while let Some(function) = at {
            if function == outer.function {
                return true;
            }
            at = facts.function(function).parent;
        }
        false
    }

    fn fill_param(
        &self,
        data: &Data,
        function: FnRef,
        place: u32,
        args: &[V],
        filling: &Filling<'_>,
        depth: usize,
    ) -> V {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        let Some(param) = declared.params.get(place as usize) else {
            return V::nothing();
        };
        let at = place as usize;
        let before = args.get(..=at).unwrap_or(args);
        let is_spread = before.iter().any(|arg| matches!(&**arg, Value::Spread(_)));
        let mut given = match args.get(at) {
            _ if param.rest || is_spread => {
                let array = V::new(Value::Array(args.to_vec()));
                match param.rest {
                    true => self.tail(&array, place),
                    false => self.index(&array, place),
                }
            }
            Some(given) => given.clone(),
            None => V::nothing(),
        };
        // A parameter that is read as a whole is its default too, wherever it is read.
        let is_nothing = matches!(&*given, Value::Nothing | Value::Literal(Literal::Undefined));
        if is_nothing
            && !data.steps.is_empty()
            && let Some(default) = param.default
        {
            let default = self.expr(function.file, default);
            given = self.fill(&default, filling, depth + 1);
        }
        let mut value = with_param(given, param.name.as_ref());
        if let Some(ty) = &data.ty
            && data.steps.is_empty()
        {
            value = match self.is_of_texts(ty) {
                true => without_written(&value),
                false => value,
            };
            value = self.typed(value, ty, false);
        }
        let mut is_known = true;
        let presumed_at = match data.presence {
            Presence::Sure => None,
            Presence::Optional(step) => Some(usize::from(step)),
            Presence::Presumed | Presence::PresumedWhole => data.steps.len().checked_sub(1),
        };
        let whole = param.ty.map(|ty| TypeUse::new(function.file, ty));
        let declared = |value: V, steps: &[Step]| match &whole {
            Some(whole) => self.of_declared(value, whole, steps),
            None => value,
        };
        for (at, step) in data.steps.iter().enumerate() {
            if presumed_at == Some(at) {
                is_known = self.is_of_known_type(&value);
            }
            value = declared(value, &data.steps[..at]);
            value = match step {
                Step::Key(name) => {
                    self.member(&asked_of(value, param.name.as_ref(), name), name, data.spot)
                }
                Step::Index(index) => self.index(&value, *index),
                Step::Any => self.any_of(&value, data.spot, filling),
                Step::Each => self.iterated(&value),
                Step::From(from) => self.tail(&value, *from),
                Step::Result(handed) if self.depends_on_args(&value) => {
                    let args = self.fill_handed(handed, filling, depth);
                    self.apply(&value, args.args(), None)
                }
                Step::Result(_) => self.apply(&value, &[], None),
                Step::LaterResult => self.called_later(&value),
                Step::Cut(sign) => cut(&value, sign),
            };
        }
        value = declared(value, &data.steps);
        if !data.steps.is_empty()
            && let Some(ty) = &data.ty
        {
            value = self.typed(value, ty, false);
        }
        if !is_known {
            let is_last = presumed_at.is_some_and(|at| at + 1 == data.steps.len());
            value = presumed(
                value,
                match is_last && data.presence != Presence::PresumedWhole {
                    true => Presence::Presumed,
                    false => Presence::PresumedWhole,
                },
            );
        }
        // The field of a parameter is a name that the value is held by, like a parameter of its own.
        if let Some(Step::Key(name)) = data.steps.last() {
            value = with_param(value, Some(name));
        }
        value = self.of_same_holder(value, data);
        with_aliases(value, &data.aliases)
    }

    /// Whether a type is that of texts.
    fn is_of_texts(&self, ty: &TypeUse) -> bool {
        matches!(self.shapes.shape(ty), Shape::Scalar(ValueType::String))
    }

    /// Whether anything says what parts a value has.
    fn is_of_known_type(&self, value: &V) -> bool {
        value
            .alternatives()
            .iter()
            .any(|value| match &**unconditional(value) {
                Value::Data(data) => data
                    .ty
                    .as_ref()
                    .is_some_and(|ty| !matches!(self.shapes.shape(ty), Shape::Unknown)),
                _ => true,
            })
    }
}

/// A value that is read as a text (`typeof event === 'string' ? event : event.action`), which no object is that is written out or
/// of a class.
fn without_written(value: &V) -> V {
    let is_written = |it: &V| match &**it {
        Value::Object(object) => object.is_error || object.is_literal && !object.is_element,
        Value::Instance(_) => true,
        _ => false,
    };
    let parts = value.alternatives();
    match parts.iter().any(is_written) {
        true => V::union(parts.iter().filter(|it| !is_written(it)).cloned()),
        false => value.clone(),
    }
}

/// A part of a value that is taken to have it for what a function allows.
fn presumed(value: V, presence: Presence) -> V {
    let presume = |value: &V| presumed(value.clone(), presence);
    match &*value {
        Value::Data(data) => V::new(Value::Data(Data {
            presence,
            ..data.clone()
        })),
        Value::Union(parts) => V::union(parts.iter().map(presume)),
        Value::When(condition, inner) => when(condition, presume(inner)),
        Value::Changed(change, inner) => V::new(Value::Changed(*change, presume(inner))),
        _ => value,
    }
}

fn with_param(value: V, name: Option<&Name>) -> V {
    match name {
        Some(name) => with_aliases(value, std::slice::from_ref(name)),
        None => value,
    }
}

fn with_aliases(value: V, names: &[Name]) -> V {
    match &*value {
        Value::Data(data) => {
            // Most are known by these names already.
            let is_new =
                |name: &Name| data.path.last() != Some(name) && !data.aliases.contains(name);
            if data.aliases.len() >= MAX_ALIASES || !names.iter().any(is_new) {
                return value;
            }
            let mut data = data.clone();
            for name in names {
                if data.aliases.len() < MAX_ALIASES
                    && data.path.last() != Some(name)
                    && !data.aliases.contains(name)
                {
                    data.aliases.push(name.clone());
                }
            }
            V::new(Value::Data(data))
        }
        Value::Union(parts) => V::union(parts.iter().map(|part| with_aliases(part.clone(), names))),
        Value::When(condition, inner) => when(condition, with_aliases(inner.clone(), names)),
        _ => value,
    }
}

/// A closure's own bound arguments before those of a call.
pub(super) fn with_bound(closure: &Closure, args: &[V]) -> Vec<V> {
    if closure.is_trap {
        let args = V::new(Value::Array(args.to_vec()));
        return vec![V::nothing(), V::nothing(), args];
    }
    let Some(under) = &closure.under else {
        return closure.bound.iter().chain(args).cloned().collect();
    };
    let given = match under.is_last {
        true => args.last(),
        false => args.first(),
    };
    let mut object = Object::default();
    let given = given.cloned().unwrap_or_else(V::nothing);
    object.set(under.key.clone(), given, false);
    let given = V::new(Value::Object(object));
    let bound = closure.bound.iter().filter(|_| !under.is_last);
    bound.cloned().chain([given]).collect()
}

/// The frames of one call of a closure.
pub(super) fn frames_of(closure: &Closure, args: &[V]) -> Frames {
    closure
        .frames
        .with(closure.target, shared(&with_bound(closure, args)))
}

/// Where a value is named, if it is one that only a run knows.
fn value_spot(value: &V) -> Option<Spot> {
    match &**value {
        Value::Data(data) => Some(data.spot),
        _ => None,
    }
}
