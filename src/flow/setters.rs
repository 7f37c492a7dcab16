//! What is put into a state by the function that is made with it.
//!
//! In: a call that makes a state and its setter (`const [target, setTarget] = useState('')`), or a store with actions. Out: what
//! the file calls the setter with, as far as it says more than the state itself; what the parameter of a function around such a call is, its
//! callers say. It leaves alone what the state starts with (`stores`), and what a reducer makes of it (`reducers`).

use std::cell::RefCell;

use ecow::EcoVec;
use rustc_hash::FxHashMap;

use super::alternatives::MAX_ALTERNATIVES;
use super::blanks::{bound_to, is_blank, is_blank_text};
use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::pending::Pending;
use super::shapes::{Shape, TypeUse};
use super::subject::ValueType;
use super::value::{Data, FnRef, Root, Spot, V, Value};
use crate::facts::{
    BindingId, Expr, ExprId, FileFacts, From, FunctionId, Item, Literal, Name, Source, Step,
};
use crate::source::FileId;

/// Unions in unions of the type of a state beyond this are taken for known.
const MAX_DEPTH: usize = 3;
/// As which argument the function that makes a store is handed what puts something into it.
const SETTER: u32 = 0;

/// A call that puts something into a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Put {
    pub file: FileId,
    pub call: ExprId,
    /// What it puts there.
    pub given: ExprId,
}

/// What of that which is put into a state is not known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToldLater {
    /// All of it.
    All,
    /// What fields of its type are made of.
    Fields,
}

/// What states are known to be while it is computed what is put into them: that may be made of the state itself
/// (`setForm({ ...form, error: check(form.email) })`).
#[derive(Default)]
pub(super) struct Begun(RefCell<FxHashMap<(FileId, BindingId), V>>);

impl Begun {
    /// What a name holds by now, if it is a state that is being computed.
    pub(super) fn state(&self, file: FileId, name: BindingId) -> Option<V> {
        let begun = self.0.borrow();
        match begun.is_empty() {
            true => None,
            false => begun.get(&(file, name)).cloned(),
        }
    }
}

impl Evaluator<'_> {
    /// Computes what becomes of a state that is known as far as it is by itself.
    pub(super) fn going_on<R>(
        &self,
        library: &LibraryCall<'_>,
        state: &V,
        compute: impl FnOnce() -> R,
    ) -> R {
        let facts = self.program.facts(library.file);
        let name = bound_to(facts, library, |path| matches!(path, [Step::Index(0)]));
        let key = name.map(|name| (library.file, name));
        if let Some(key) = key {
            self.begun.0.borrow_mut().insert(key, state.clone());
        }
        let computed = compute();
        if let Some(key) = key {
            self.begun.0.borrow_mut().remove(&key);
        }
        computed
    }

    /// What of that which is put into a state later says what it is, if it starts blank; nothing if it is declared of a type that
    /// holds no text.
    pub(super) fn told_later(&self, library: &LibraryCall<'_>, initial: &V) -> Option<ToldLater> {
        let starts_blank = match &**initial {
            Value::Nothing | Value::Literal(Literal::Null | Literal::Undefined) => true,
            Value::Object(object) => object.spreads.is_empty(),
            // What a component is handed to begin with is no more than that.
            Value::Data(data) => self.may_be_a_blank_text(data),
            // What there is already, or nothing (`useState(row.label ?? '')`).
            Value::Union(parts) => {
                parts.iter().any(is_blank) && parts.iter().all(|it| self.may_be_text(it))
            }
            _ => is_blank_text(initial),
        };
        // What a reducer is told of is not what the state is then.
        let is_reduced = library.rule.arg > 0
            && library
                .args
                .first()
                .is_none_or(|key| key.as_str().is_none());
        if !starts_blank || is_reduced {
            return None;
        }
        let Some(ty) = self.type_arg(library.file, library.call.types) else {
            return Some(ToldLater::All);
        };
        match self.says_little(&ty, 0) {
            true => Some(ToldLater::All),
            false => self
                .shapes
                .all_fields(&ty)
                .is_some()
                .then_some(ToldLater::Fields),
        }
    }

    /// Whether a value is handed over by callers, and may be a text that says nothing.
    fn may_be_a_blank_text(&self, data: &Data) -> bool {
        matches!(data.root, Root::Param(..)) && self.is_text_by_type(data)
    }

    /// Whether a value is one that can stand in the place of a text.
    fn may_be_text(&self, value: &V) -> bool {
        match &**value {
            Value::Data(data) => self.is_text_by_type(data),
            Value::Literal(_) | Value::Nothing => true,
            _ => false,
        }
    }

    fn is_text_by_type(&self, data: &Data) -> bool {
        let shape = data.ty.as_ref().map(|ty| self.shapes.shape(ty));
        matches!(
            shape,
            None | Some(Shape::Unknown | Shape::Scalar(ValueType::String | ValueType::Unknown))
        )
    }

    /// Whether a type leaves open what a value of it is.
    fn says_little(&self, ty: &TypeUse, depth: usize) -> bool {
        match self.shapes.shape(ty) {
            Shape::Unknown => true,
            Shape::Scalar(ty) => matches!(ty, ValueType::String | ValueType::Unknown),
            Shape::Fields { name, .. } => name.is_none(),
            Shape::Union(parts) if depth < MAX_DEPTH => {
                let mut parts = parts.iter();
                parts.any(|part| self.says_little(part, depth + 1))
            }
            _ => false,
        }
    }

    /// What is put into a state later.
    pub(super) fn put_into(&self, library: &LibraryCall<'_>, told: ToldLater) -> V {
        let facts = self.program.facts(library.file);
        let setter = bound_to(facts, library, |path| matches!(path, [Step::Index(1)]));
        let Some(setter) = setter else {
            return V::nothing();
        };
        let around = self.around(library, facts.function_of(library.call.callee));
        let hook = facts.function_of(library.call.callee);
        let by_users = self.set_by_users(library.file, hook, setter);
        let put = V::union([
            self.given_to_setter(library.file, setter, around, library.spot),
            self.put_by_calls(&by_users, around, library.spot),
        ]);
        match told {
            ToldLater::All => put,
            ToldLater::Fields => V::union(put.alternatives().iter().filter_map(written_fields)),
        }
    }

    /// What a file calls a setter with.
    fn given_to_setter(&self, file: FileId, setter: BindingId, around: Pending, spot: Spot) -> V {
        let facts = self.program.facts(file);
        let calls = facts.calls.iter().filter_map(|call| {
            let given =
                given_to(facts, setter, *call).or_else(|| promised_to(facts, setter, *call))?;
            Some(Put {
                file,
                call: *call,
                given,
            })
        });
        let calls: Vec<Put> = calls.collect();
        self.put_by_calls(&calls, around, spot)
    }

    /// What calls put into a state.
    fn put_by_calls(&self, calls: &[Put], around: Pending, spot: Spot) -> V {
        let put = calls.iter().filter_map(|Put { file, call, given }| {
            let facts = self.program.facts(*file);
            let mut given = self.expr(*file, *given);
            // `setTarget((old) => …)`: the state itself is known already.
            if matches!(&*given, Value::Function(_)) {
                given = self.apply(&given, &[], Some(spot));
            }
            let told = told(&given)?;
            let is_open = self.is_open_to_callers(*file, facts.function_of(*call), around);
            let known = told.alternatives().iter();
            let known = known.filter(|value| is_open || value.pending().is_within(around));
            Some(V::union(known.cloned()))
        });
        V::union(put.take(MAX_ALTERNATIVES))
    }

    /// What the actions of a store put into those of its fields that start blank and of which no type says more
    /// (`create((set) => ({ who: null, login: (who) => set({ who }) }))`).
    pub(super) fn put_by_actions(&self, maker: FnRef, made: &V, state: &V, spot: Spot) -> V {
        let (Value::Object(made), Value::Object(state)) = (&**made, &**state) else {
            return V::nothing();
        };
        let is_untyped = |kept: &V| match &**kept {
            Value::Data(data) => {
                let shape = data.ty.as_ref().map(|ty| self.shapes.shape(ty));
                matches!(shape, None | Some(Shape::Unknown))
            }
            _ => true,
        };
        let is_open = |name: &Name| {
            // What a store does not begin with is put there by its actions alone.
            let starts_blank = made.get(name).is_none_or(|it| is_blank(&it));
            starts_blank && state.get(name).is_none_or(|kept| is_untyped(&kept))
        };
        let facts = self.program.facts(maker.file);
        let is_setter = |source: &Source| {
            let setter = (maker.function, SETTER);
            let is_it = |from: From| matches!(from, From::Param { function, index } if (function, index) == setter);
            source.path.is_empty() && is_it(source.from)
        };
        let mut bindings = (0..).map(BindingId).zip(&facts.bindings);
        let setter = bindings.find(|(_, it)| matches!(&it.sources[..], [only] if is_setter(only)));
        let Some((setter, _)) = setter else {
            return V::nothing();
        };
        let put = self.given_to_setter(maker.file, setter, Pending::on(maker), spot);
        let put = put.alternatives().iter().filter_map(|put| {
            let Value::Object(object) = &**put else {
                return None;
            };
            let fields = object.fields.iter().filter(|field| is_open(&field.name));
            let mut told = Object::default();
            for field in fields {
                told.set(field.name.clone(), field.value.clone(), false);
            }
            (!told.fields.is_empty()).then(|| V::new(Value::Object(told)))
        });
        V::union(put)
    }

    /// Whether what the functions are given that stand between a call and the function that keeps the state is said by calls
    /// that may be seen. What happens on the page is told to its listeners by nobody.
    fn is_open_to_callers(&self, file: FileId, inner: FunctionId, around: Pending) -> bool {
        let facts = self.program.facts(file);
        let chain = std::iter::successors(Some(inner), |it| facts.function(*it).parent);
        let mut inner = chain
            .map(|function| FnRef { file, function })
            .take_while(|it| !Pending::on(*it).is_within(around));
        inner.all(|it| {
            facts.function(it.function).params.is_empty()
                || !self.is_callback(it) && !self.listens_to_page(it)
        })
    }

    /// A function and those around it, whose parameters a state may hold.
    fn around(&self, library: &LibraryCall<'_>, function: FunctionId) -> Pending {
        let facts = self.program.facts(library.file);
        let file = library.file;
        let chain = std::iter::successors(Some(function), |it| facts.function(*it).parent);
        chain
            .map(|function| Pending::on(FnRef { file, function }))
            .collect()
    }
}

/// The fields of an object that is written out, without what is spread into it: of the state itself all is known already.
fn written_fields(put: &V) -> Option<V> {
    match &**put {
        Value::Object(object) if !object.fields.is_empty() => Some(V::new(Value::Object(Object {
            spreads: EcoVec::new(),
            ..object.clone()
        }))),
        Value::When(condition, inner) => Some(when(condition, written_fields(inner)?)),
        _ => None,
    }
}

/// What a call hands to a setter, if it is one of it.
pub(super) fn given_to(facts: &FileFacts, setter: BindingId, call: ExprId) -> Option<ExprId> {
    let Expr::Call { callee, args, .. } = facts.expr(call) else {
        return None;
    };
    let is_called = matches!(facts.expr(*callee), Expr::Ref(binding) if *binding == setter);
    let Some(Item::Value(given)) = args.first() else {
        return None;
    };
    let may_tell = || {
        !matches!(
            facts.expr(*given),
            Expr::Literal(_) | Expr::Unary { .. } | Expr::Array(_)
        )
    };
    (is_called && may_tell()).then_some(*given)
}

/// What a promise gives to a setter that is handed to it (`load().then(setUser)`), as the promise.
fn promised_to(facts: &FileFacts, setter: BindingId, call: ExprId) -> Option<ExprId> {
    let Expr::Call { callee, args, .. } = facts.expr(call) else {
        return None;
    };
    let is_setter = |item: &Item| matches!(item, Item::Value(value) if matches!(facts.expr(*value), Expr::Ref(binding) if *binding == setter));
    match facts.expr(*callee) {
        Expr::Member { object, name, .. }
            if name == "then" && args.first().is_some_and(is_setter) =>
        {
            Some(*object)
        }
        _ => None,
    }
}

/// What of a value has a name, a type or parts that have one.
fn told(value: &V) -> Option<V> {
    let is_told = |value: &V| told(value).is_some();
    match &**value {
        Value::Data(data) => is_named(data).then(|| value.clone()),
        // A client that is started once the page is there, or what was made around one.
        Value::Client(_) | Value::Vendor(_) | Value::Instance(_) | Value::Function(_) => {
            Some(value.clone())
        }
        Value::Union(parts) => {
            let told = V::union(parts.iter().filter_map(told));
            (!matches!(&*told, Value::Nothing)).then_some(told)
        }
        Value::Object(object) => {
            let mut parts = object.fields.iter().map(|field| &field.value);
            let is_any = parts.any(is_told) || object.spreads.iter().any(is_told);
            is_any.then(|| value.clone())
        }
        Value::Array(parts) | Value::Text(parts) => {
            parts.iter().any(is_told).then(|| value.clone())
        }
        Value::Changed(_, inner)
        | Value::When(_, inner)
        | Value::Without(_, inner)
        | Value::Spread(inner) => is_told(inner).then(|| value.clone()),
        _ => None,
    }
}

/// Whether it is known what a value is, or what it was called before it was put there.
fn is_named(data: &Data) -> bool {
    match data.root {
        Root::Unknown(_) | Root::Caught => false,
        _ => data.ty.is_some() || !data.path.is_empty() || data.origin().named.is_some(),
    }
}
