//! Computes values on demand, each once and within a budget.
//!
//! In: a program, the vendors' catalog, the library of known functions. Out: a [`Value`] for an expression, a name, a
//! function's result or a parameter. It leaves alone what each of them is made of: expressions (`expressions`), names
//! (`bindings`, `mutation`), parameters (`params`), what is read from a value (`members`), what calling it gives (`apply`);
//! and who calls whom (`propagate`).
//!
//! A value is computed for any call at once: parameters stay in it as such. An evaluation that comes back to itself, goes
//! too deep or takes too many steps ends as an unknown value that says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ecow::eco_vec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::acting::ActingAs;
use super::alternatives::MAX_ALTERNATIVES;
use super::asked::Asker;
use super::bounds::Bound;
use super::budget::Budget;
use super::catalog::Catalog;
use super::conditions::chosen;
use super::left_out::{LeftOut, leaving_out};
use super::library::Library;
use super::markup::are_sent;
use super::memo::Memo;
pub(super) use super::memo::Task;
use super::persons::Owners;
use super::positions::Positions;
use super::registry::Registry;
use super::rounds::Inputs;
use super::setters::Begun;
use super::shapes::{Shape, Shapes, TypeUse};
use super::subject::Subject;
use super::value::{Data, FnRef, Root, Spot, V, Value};
use crate::facts::{Expr, ExprId, Literal, Name, TypeId};
use crate::finding::Transform;
use crate::link::Program;
use crate::source::{FileId, Span};

/// Nested evaluations beyond this are not followed.
const MAX_DEPTH: usize = 220;

/// Evaluates expressions of one program.
pub(super) struct Evaluator<'p> {
    pub program: &'p Program<'p>,
    pub catalog: &'p Catalog<'p>,
    pub library: &'p Library<'p>,
    pub shapes: Rc<Shapes<'p>>,
    pub registry: Registry,
    pub owners: Owners<'p>,
    recognises: &'p (dyn Fn(&Subject) -> bool + Sync),
    /// Vendors (by index) whose package or script is in the tree, which proves their globals with ordinary names.
    pub proven: FxHashSet<usize>,
    /// One of them is sent pages, so that elements are values.
    pub sends_pages: bool,
    pub positions: Rc<Positions>,
    /// What functions of the app that copy what they are given leave out of it.
    pub copiers: RefCell<FxHashMap<FnRef, Option<Rc<LeftOut>>>>,
    /// States that are being computed.
    pub begun: Begun,
    /// For objects of which class a method is looked at.
    pub acting: ActingAs,
    asker: Asker,
    memo: RefCell<Memo>,
    depth: Cell<usize>,
    /// What is being computed has come back to itself somewhere.
    is_in_circle: Cell<bool>,
    budget: Budget,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(
        inputs: &Inputs<'p>,
        shapes: Rc<Shapes<'p>>,
        positions: Rc<Positions>,
        proven: FxHashSet<usize>,
        (memo, budget): (Memo, Budget),
    ) -> Self {
        let asker = Asker::default();
        let registry = Registry::new(&shapes, inputs.library, &asker);
        Self {
            program: inputs.program,
            catalog: inputs.catalog,
            library: inputs.library,
            shapes,
            registry,
            owners: Owners::new(inputs.owner),
            recognises: inputs.recognises,
            sends_pages: are_sent(inputs.catalog, &proven),
            proven,
            positions,
            copiers: RefCell::default(),
            begun: Begun::default(),
            acting: ActingAs::default(),
            asker,
            depth: Cell::new(0),
            is_in_circle: Cell::new(false),
            budget,
            memo: RefCell::new(memo),
        }
    }

    /// Forgets what rests on answers of a registry of fewer files that are others now. Whether there were none.
    pub(super) fn take_up(&mut self, before: Registry) -> bool {
        let wrong = before.differences(&self.registry);
        if !wrong.is_empty() {
            self.memo.get_mut().forget(&wrong);
        }
        wrong.is_empty()
    }

    /// Whether the name by which something is asked for says that it is personal data.
    pub(super) fn is_telling(&self, name: &Name) -> bool {
        (self.recognises)(&Subject {
            named: Some(name.clone()),
            ..Subject::default()
        })
    }

    /// What has been computed, and what the files told each other then.
    pub(super) fn into_parts(self) -> (Memo, Budget, Registry) {
        (self.memo.into_inner(), self.budget, self.registry)
    }

    /// The value of a task; one that is already being computed gives nothing to itself.
    pub(super) fn once(&self, task: Task, spot: Spot, compute: impl FnOnce() -> V) -> V {
        let asker = self.asker.now();
        if let Some(found) = self.memo.borrow_mut().known(task, asker) {
            return found;
        }
        if let Some(reason) = self.refusal(Some(spot)) {
            return V::unknown(spot, reason);
        }
        let Some(id) = self.memo.borrow_mut().begin(task, asker) else {
            self.is_in_circle.set(true);
            return V::nothing();
        };
        self.asker.replace(id);
        let was_in_circle = self.is_in_circle.replace(false);
        let value = match task.is_of_class() {
            true => self.below(compute),
            false => self.acting.aside(|| self.below(compute)),
        };
        let is_in_circle = self.is_in_circle.replace(was_in_circle);
        self.is_in_circle.set(was_in_circle || is_in_circle);
        self.asker.replace(asker);
        let mut memo = self.memo.borrow_mut();
        // What came to nothing because it was asked for by what it is made of is something for who asks next; what does so twice
        // stays so.
        let is_lost = is_in_circle && value.is_empty() && !memo.lost(task);
        // What was left out for want of steps may be found by who asks next; what is left out twice stays so, or everybody would
        // compute it anew.
        let is_kept = !self.budget.is_used_up() || memo.cut(task);
        memo.end(task, id, (is_kept && !is_lost).then(|| value.clone()));
        value
    }

    /// Computes one level deeper, or gives nothing where that is too deep.
    pub(super) fn deeper(&self, spot: Option<Spot>, compute: impl FnOnce() -> V) -> V {
        match self.refusal(spot) {
            None => self.below(compute),
            Some(_) => V::nothing(),
        }
    }

    /// Why nothing more is computed, if there are no levels or steps left for it; what nobody asks to compute something else
    /// is a question of its own.
    fn refusal(&self, spot: Option<Spot>) -> Option<&'static str> {
        if self.depth.get() == 0 {
            self.budget.begin(spot.map(|spot| spot.file));
        }
        if self.budget.is_used_up() {
            if let Some(spot) = spot.filter(|_| self.budget.cut()) {
                self.shapes.bounds.hit(Bound::Steps, spot);
            }
            return Some("following it takes too long");
        }
        if self.depth.get() >= MAX_DEPTH {
            if let Some(spot) = spot {
                self.shapes.bounds.hit(Bound::Depth, spot);
            }
            return Some("the value is computed in too many steps");
        }
        None
    }

    fn below(&self, compute: impl FnOnce() -> V) -> V {
        self.budget.step();
        self.depth.set(self.depth.get() + 1);
        let value = compute();
        self.depth.set(self.depth.get() - 1);
        value
    }

    /// The value of an expression.
    pub(super) fn expr(&self, file: FileId, expr: ExprId) -> V {
        let spot = self.spot(file, expr);
        let function = || self.program.facts(file).function_of(expr);
        let task = self.acting.task(Task::expr(file, expr), file, function);
        self.once(task, spot, || {
            self.program.enter(file);
            self.compute(file, expr)
        })
    }

    /// The place of an expression.
    pub(super) fn spot(&self, file: FileId, expr: ExprId) -> Spot {
        Spot {
            file,
            span: self.program.facts(file).span(expr),
        }
    }

    /// The place of a function.
    pub(super) fn spot_of(&self, function: FnRef) -> Spot {
        let facts = self.program.facts(function.file);
        Spot {
            file: function.file,
            span: facts.function(function.function).span,
        }
    }

    /// What a function gives back, for any call of it.
    pub(super) fn result(&self, function: FnRef) -> V {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        self.once(Task::result(function), self.spot_of(function), || {
            if declared.is_generator && declared.returns.is_empty() {
                return self.yielded(function);
            }
            let value = V::union(declared.returns.iter().map(|returned| {
                let value = self.expr(function.file, *returned);
                if declared.returns.len() == 1 {
                    return value;
                }
                self.given_back(function.file, function.function, *returned, value)
            }));
            match declared.return_type {
                Some(ty) if !matches!(&*value, Value::Nothing) => {
                    self.typed(value, &TypeUse::new(function.file, ty), false)
                }
                _ => value,
            }
        })
    }

    /// What a generator gives to those who loop over it.
    fn yielded(&self, generator: FnRef) -> V {
        let facts = self.program.facts(generator.file);
        let nodes = (0..).map(ExprId).zip(&facts.exprs);
        let given = nodes.filter_map(|(id, node)| match node.expr {
            Expr::Yield {
                value: Some(value),
                each,
            } if facts.function_of(id) == generator.function => {
                let value = self.expr(generator.file, value);
                Some(match each {
                    true => V::new(Value::Spread(value)),
                    false => value,
                })
            }
            _ => None,
        });
        V::new(Value::Array(given.collect()))
    }

    /// A value of a declared type: unknown values learn it, and a vendor's type makes it a client.
    pub(super) fn typed(&self, value: V, ty: &TypeUse, cast: bool) -> V {
        match &*value {
            Value::Data(data)
                if cast
                    || data.ty.as_ref().is_none_or(|known| {
                        matches!(self.shapes.shape(known), Shape::Unknown)
                            || self.shapes.is_part_of(ty, known)
                    }) =>
            {
                match self.shapes.shape(ty) {
                    // The name of a type that is declared elsewhere says whose value it is (`AuthUser`).
                    Shape::Unknown if data.ty.is_some() || self.shapes.name(ty).is_none() => value,
                    shape => {
                        let data = Data {
                            ty: Some(ty.clone()),
                            ..data.clone()
                        };
                        self.known_by_type(Some(shape), data)
                    }
                }
            }
            Value::Data(data) if data.ty.is_some() && self.shapes.is_any(ty) => {
                V::new(Value::Data(Data {
                    around: true,
                    ..data.clone()
                }))
            }
            // A parameter to whose members something is assigned.
            Value::Object(object) if object.picked.is_none() => match object.spreads.as_slice() {
                [only] if is_plain_parameter(only) => {
                    let mut object = object.clone();
                    object.spreads = eco_vec![self.typed(only.clone(), ty, cast)];
                    V::new(Value::Object(object))
                }
                _ => value,
            },
            Value::When(condition, inner) => chosen(condition, self.typed(inner.clone(), ty, cast)),
            Value::Without(left_out, inner) => {
                leaving_out(left_out, self.typed(inner.clone(), ty, cast))
            }
            Value::Changed(Transform::Encode, inner) => {
                let inner = self.typed(inner.clone(), ty, cast);
                V::new(Value::Changed(Transform::Encode, inner))
            }
            Value::Union(parts) => {
                V::union(parts.iter().map(|part| self.typed(part.clone(), ty, cast)))
            }
            _ => value,
        }
    }

    /// A value of a type, as what the type alone says that it is.
    pub(super) fn known_by_type(&self, shape: Option<Shape>, data: Data) -> V {
        let may_be_more = shape.as_ref().is_some_and(|shape| self.may_be_more(shape));
        match shape.and_then(|shape| shape.object(data.spot)) {
            Some(object) if may_be_more => V::union([object, V::new(Value::Data(data))]),
            Some(object) => object,
            None => V::new(Value::Data(data)),
        }
    }

    /// Whether a value may be more than its type says: a client of requests may have been made with an address, and a function of
    /// the app's own may stand in the place of the platform's.
    pub(super) fn may_be_more(&self, shape: &Shape) -> bool {
        match shape {
            Shape::Sender(Some(package), _) => self.library.base_keys(package).next().is_some(),
            Shape::Sender(None, _) => true,
            _ => false,
        }
    }

    /// A value that the code says to be of a type: what is said to be anything, or something unknown, may have more than its
    /// type tells.
    pub(super) fn cast(&self, value: V, ty: &TypeUse) -> V {
        let is_known = !matches!(self.shapes.shape(ty), Shape::Unknown);
        let value = match &*value {
            Value::Data(data) if data.ty.is_some() && data.around == is_known => {
                V::new(Value::Data(Data {
                    around: !is_known,
                    ..data.clone()
                }))
            }
            // What stands for an object that is made later (`new Proxy({} as Tracker, …)`).
            Value::Object(object) if object.fields.is_empty() && object.spreads.is_empty() => {
                match self.shapes.shape(ty) {
                    Shape::Class(..) => {
                        let spot = Spot {
                            file: ty.file,
                            span: Span::default(),
                        };
                        V::new(Value::Data(Data::new(Root::Kept, spot)))
                    }
                    _ => value,
                }
            }
            _ => value,
        };
        self.typed(value, ty, true)
    }

    /// A type argument of a call, as the type of what it gives.
    pub(super) fn type_arg(&self, file: FileId, types: &[TypeId]) -> Option<TypeUse> {
        types.first().map(|ty| TypeUse::new(file, *ty))
    }
}

/// Whether a value is a parameter as a whole of which no type is known.
fn is_plain_parameter(value: &V) -> bool {
    matches!(
        &**value,
        Value::Data(Data {
            root: Root::Param(..),
            ty: None,
            steps,
            ..
        }) if steps.is_empty()
    )
}

/// The property names that a value can be, if all of them are known.
pub(super) fn keys_of(value: &V) -> Option<Vec<Name>> {
    all_of(value, |name| name.as_str().map(Name::from))
}

/// The texts and numbers that a value may be, if it is nothing but that: what it can be compared with.
pub(super) fn words_of(value: &V) -> Option<Vec<Name>> {
    all_of(value, word_of)
}

fn all_of(value: &V, name_of: impl Fn(&V) -> Option<Name>) -> Option<Vec<Name>> {
    let alternatives = value.alternatives();
    // A longer list may have been cut.
    if alternatives.len() >= MAX_ALTERNATIVES {
        return None;
    }
    alternatives.iter().map(name_of).collect()
}

/// A text, or a number as it is written.
pub(super) fn word_of(value: &V) -> Option<Name> {
    match &**value {
        Value::Literal(Literal::String(word)) => Some(word.clone()),
        Value::Literal(Literal::Number(number)) if is_plain_number(number) => Some(number.clone()),
        _ => None,
    }
}

/// Whether a number is written in the one way in which every number of its value is that is (`16`, and neither `0x10` nor `16.0`).
pub(super) fn is_plain_number(number: &str) -> bool {
    let is_padded = number.len() > 1 && number.starts_with('0');
    !is_padded && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The names of a callee that is not part of the program.
pub(super) fn callee_names(value: &V) -> Vec<Name> {
    match &**value {
        Value::Data(data) => data.path.to_vec(),
        _ => Vec::new(),
    }
}

/// The package that a value comes from.
pub(super) fn package_of(value: &V) -> Option<&str> {
    match &**value {
        // A client that a package's function made.
        Value::Object(object) => match object.spreads.as_slice() {
            [only] if !matches!(&**only, Value::Object(_)) => package_of(only),
            _ => None,
        },
        Value::Data(Data {
            root: Root::Outside(specifier),
            ..
        }) => Some(specifier),
        _ => None,
    }
}

/// The name of a package; one of the platform's own has two.
pub(super) fn plain_specifier(specifier: &str) -> &str {
    specifier.strip_prefix("node:").unwrap_or(specifier)
}

impl Shape {
    /// The object that is known by its type alone: a vendor's client, or what sends requests.
    pub(super) fn object(self, spot: Spot) -> Option<V> {
        match self {
            Self::Client(client) => Some(V::new(Value::Client(client))),
            Self::Sender(package, name) => Some(V::new(Value::Data(Data {
                path: eco_vec![name],
                ..Data::new(package.map_or(Root::Global, Root::Outside), spot)
            }))),
            _ => None,
        }
    }
}

/// Shares arguments.
pub(super) fn shared(args: &[V]) -> Rc<Vec<V>> {
    Rc::new(args.to_vec())
}
