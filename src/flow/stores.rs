//! What holds a value that changes: stores, refs, and whatever else can be watched.
//!
//! In: a call that makes such a holder or reads from one, or a value that may be one. Out: the holder; what it holds. It leaves
//! alone which functions do that (`effects`), and what stands for what is put there later (`blanks`).

use super::blanks::{is_blank, is_blank_text};
use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::subject::ValueType;
use super::value::{Data, FnRef, Root, Spot, Step, V, Value};
use crate::facts::{Expr, ExprId, From, Item, Literal, Name, Source, is_prefixed};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// As which argument the function that makes a store is handed what reads it.
const GETTER: u32 = 1;
/// The function that makes a store is handed through no more functions than this that give it back.
const MAX_WRAPPED: usize = 4;

/// Under which names a holder keeps its value: a ref of React's kind, and one of Vue's.
const KEPT: [Name; 2] = [Name::const_new("current"), Name::const_new("value")];

/// Under which name the hook of a store keeps what calling it gives; no field of a program has it.
const CALLED: Name = Name::const_new("()");
/// The methods of such a hook that give the same.
const READ_BY: [Name; 2] = [
    Name::const_new("getState"),
    Name::const_new("getInitialState"),
];

/// An object that has a value under each of some names.
fn under(names: impl IntoIterator<Item = Name>, value: &V) -> V {
    let mut object = Object::default();
    for name in names {
        object.set(name, value.clone(), false);
    }
    V::new(Value::Object(object))
}

/// Something that gives a state, or what a function reads from it, when it is called.
pub(super) fn hook(state: &V) -> V {
    under([CALLED], state)
}

/// What the hook of a store gives.
pub(super) fn state_of(callee: &V) -> Option<V> {
    match &**callee {
        Value::Object(object) => object.get(&CALLED),
        _ => None,
    }
}

/// Something that holds a value.
pub(super) fn holder(value: &V) -> V {
    under(KEPT, value)
}

/// Whether a value is such a holder.
pub(super) fn is_holder(value: &V) -> bool {
    match &**value {
        Value::Object(object) => KEPT.iter().all(|name| object.get(name).is_some()),
        _ => false,
    }
}

/// A holder of what it held and of what is put into it as well, however it is read.
pub(super) fn put_in(holder: &V, put: &V) -> V {
    let mut holder = Object::of(holder);
    for name in KEPT.into_iter().chain([CALLED]) {
        if let Some(held) = holder.get(&name) {
            holder.set(name, V::union([held, put.clone()]), false);
        }
    }
    V::new(Value::Object(holder))
}

/// A value that is made of others, and is read like a ref or by calling it.
pub(super) fn computed(value: &V) -> V {
    under(KEPT.into_iter().chain([CALLED]), value)
}

/// Whether a value is a parameter as it is, and no part of one.
fn is_bare_param(data: &Data) -> bool {
    matches!(data.root, Root::Param(..)) && data.steps.is_empty()
}

impl Evaluator<'_> {
    /// `const [value, setValue] = useState(initial)`.
    pub(super) fn state(&self, library: &LibraryCall<'_>, subject: V) -> V {
        // One that is shared under a key is a ref: `const user = useState('user', () => initial)`.
        if let [key, initial] = library.args
            && key.as_str().is_some()
            && initial.is_function()
        {
            let initial = self.apply(initial, &[], Some(library.spot));
            return holder(&self.held(library, &initial));
        }
        let reducer = library.reducer();
        let initial = match (&*subject, library.args.get(library.rule.arg + 1)) {
            (Value::Function(_), _) => self.apply(&subject, &[], Some(library.spot)),
            // `useReducer(reducer, given, make)`: what the state starts with is made of what is given.
            (_, Some(make)) if reducer.is_some() && make.is_function() => {
                self.apply(make, &[subject], Some(library.spot))
            }
            _ => subject,
        };
        let told_later = self.told_later(library, &initial);
        let state = match &*initial {
            // What a state starts with says little: it is what is set later that counts.
            Value::Literal(_) | Value::Nothing => library.given(),
            Value::Union(_) if is_blank_text(&initial) => library.given(),
            Value::Array(elements) if elements.is_empty() => self.kept(library),
            // What a hook of the app's own is handed may be little, or what makes it.
            Value::Data(data) if is_bare_param(data) => {
                let made = self.apply(&initial, &[], Some(library.spot));
                V::union([initial.clone(), made, library.given()])
            }
            _ => self.to_be_filled(&initial, || self.kept(library), library.spot),
        };
        let state = self.typed_by(library, state);
        // What starts as a text stays one, where nothing else is said of it.
        let state = match &*initial {
            Value::Literal(Literal::String(_)) if library.call.types.is_empty() => {
                let text = Shape::Scalar(ValueType::String);
                self.typed(state, &TypeUse::known(library.file, text), false)
            }
            _ => state,
        };
        let state = match told_later {
            Some(told) => {
                let put = self.going_on(library, &state, || self.put_into(library, told));
                V::union([state, put])
            }
            None => state,
        };
        let (state, dispatch) = match reducer {
            Some(reducer) => self.reduced(library, reducer, state),
            None => (state, V::nothing()),
        };
        V::new(Value::Array(vec![state, dispatch]))
    }

    /// What something holds that is made to hold a value.
    pub(super) fn held(&self, library: &LibraryCall<'_>, subject: &V) -> V {
        let kept = || self.kept(library);
        let held = match is_blank(subject) {
            true => kept(),
            false => self.to_be_filled(subject, kept, library.spot),
        };
        let held = self.typed_by(library, held);
        self.field_of_ref(library, &held).unwrap_or(held)
    }

    /// What a selector reads from a state, which may be known (`useStore(store, selector)`).
    pub(super) fn selected(&self, library: &LibraryCall<'_>) -> V {
        let state = library.args.iter().find_map(state_of);
        let state = state.unwrap_or_else(|| library.given());
        let selected = self.read_from(&state, library.args, Some(library.spot));
        self.typed_by(library, selected)
    }

    /// What a selector gives that is made of others: what its last function makes of what they read from a state
    /// (`createSelector([nameOf, planOf], (name, plan) => …)`).
    pub(super) fn selector(&self, library: &LibraryCall<'_>) -> V {
        let is_function = |arg: &V| matches!(&**arg, Value::Function(_));
        let Some(last) = library.args.iter().rposition(is_function) else {
            return library.given();
        };
        let inputs = match &library.args[..last] {
            [only] if let Value::Array(inputs) = &**only => inputs.as_slice(),
            inputs => inputs,
        };
        let state = [library.given()];
        let read: Vec<V> = (inputs.iter())
            .map(|input| self.apply(input, &state, Some(library.spot)))
            .collect();
        let given = match read.as_slice() {
            [] => &state[..],
            read => read,
        };
        hook(&self.apply(&library.args[last], given, Some(library.spot)))
    }

    /// A state, or what a function that is handed over reads from it.
    pub(super) fn read_from(&self, state: &V, args: &[V], spot: Option<Spot>) -> V {
        let mut args = args.iter();
        match args.find(|arg| matches!(&***arg, Value::Function(_)) || state_of(arg).is_some()) {
            Some(selector) => self.apply(selector, std::slice::from_ref(state), spot),
            None => state.clone(),
        }
    }

    /// The hook of a store that a function makes (`create((set, get) => ({ … }))`).
    pub(super) fn store_hook(&self, library: &LibraryCall<'_>) -> V {
        let callee = self.expr(library.file, library.call.callee);
        // `create<State>()(…)`: the function is handed to what the first call gives.
        let Some(maker) = library.args.get(library.rule.arg) else {
            return self.typed_by(library, callee);
        };
        let mut whole = self.kept(library);
        if let Value::Data(Data { ty: Some(ty), .. }) = &*callee {
            whole = self.typed(whole, ty, true);
        }
        let made = match &**maker {
            Value::Function(_) => {
                let given = [library.given(), hook(&whole)];
                self.apply(maker, &given, Some(library.spot))
            }
            _ => maker.clone(),
        };
        let made = self.unwrapped(&made, library.spot);
        let mut state = self.to_be_filled(&made, || whole, library.spot);
        if let Value::Function(closure) = &**maker {
            let put = self.put_by_actions(closure.target, &made, &state, library.spot);
            state = V::union([state, put]);
        }
        let read = hook(&state);
        let mut object = Object::of(&read);
        for name in READ_BY {
            object.set(name, read.clone(), false);
        }
        V::new(Value::Object(object))
    }

    /// What the function that makes a store is handed to read the store with gives when it is called (`get()` of
    /// `create((set, get) => ({ … }))`): what the store is made of.
    pub(super) fn own_state(&self, getter: &Data) -> Option<V> {
        let Root::Param(maker, index) = getter.root else {
            return None;
        };
        let is_getter = match getter.steps.as_slice() {
            [] => index == GETTER,
            [Step::Index(GETTER)] => index == 0,
            _ => false,
        };
        let store = is_getter.then(|| self.store_made_by(maker)).flatten()?;
        state_of(&self.expr(maker.file, store))
    }

    /// Whether a parameter is what a store is read with by the function that makes it.
    pub(super) fn reads_own_store(&self, maker: FnRef, index: u32) -> bool {
        index == GETTER && self.store_made_by(maker).is_some()
    }

    /// The call that makes a store by a function.
    fn store_made_by(&self, maker: FnRef) -> Option<ExprId> {
        let file = maker.file;
        let mut call = *self.positions(file).argument_of.get(&maker.function)?;
        for _ in 0..MAX_WRAPPED {
            let callee = self.expr(file, self.call_parts(file, call.0)?.callee);
            let rule = self.library.of(&callee)?;
            match rule.does {
                Effect::StoreHook => return (call.1 == rule.arg).then_some(call.0),
                Effect::SameFunction => call = self.handed_to(file, call.0)?,
                _ => return None,
            }
        }
        None
    }

    /// The call that has another one as an argument, and the position.
    fn handed_to(&self, file: FileId, inner: ExprId) -> Option<(ExprId, usize)> {
        let facts = self.program.facts(file);
        facts.calls.iter().find_map(|call| {
            let args = self.call_parts(file, *call)?.args;
            let is_inner = |item: &Item| matches!(item, Item::Value(value) if *value == inner);
            Some((*call, args.iter().position(is_inner)?))
        })
    }

    /// What the hook of a store whose maker is not known gives when it is handed a function that reads from the state:
    /// `useStore(state => state.user.email)`.
    pub(super) fn read_by_hook(&self, hook: &Data, args: &[V], spot: Spot) -> Option<V> {
        let is_hook = hook.root == Root::Call && hook.steps.is_empty();
        let called = hook.aliases.last().or(hook.path.last())?;
        let is_named = is_prefixed(called, "use");
        let [selector, ..] = args else {
            return None;
        };
        let Value::Function(closure) = &**selector else {
            return None;
        };
        if !is_hook || !is_named || !self.is_reader(closure.target) {
            return None;
        }
        let state = V::new(Value::Data(Data {
            ty: hook.ty.clone(),
            around: hook.ty.is_some(),
            ..Data::new(Root::Call, spot).made_by(Some(called.clone()))
        }));
        Some(self.apply(selector, &[state], Some(spot)))
    }

    /// Whether all that a function does is to read a member of its only parameter.
    fn is_reader(&self, function: FnRef) -> bool {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        let ([_], [read]) = (declared.params.as_slice(), declared.returns.as_slice()) else {
            return false;
        };
        let mut at = *read;
        while let Expr::Member { object, .. } = facts.expr(at) {
            at = *object;
        }
        let is_param = |source: &Source| matches!(source.from, From::Param { function: of, .. } if of == function.function);
        at != *read
            && matches!(facts.expr(at), Expr::Ref(binding)
                if facts.binding(*binding).sources.iter().any(is_param))
    }

    /// A store whose refs are read by their names alone.
    fn unwrapped(&self, made: &V, spot: Spot) -> V {
        let Value::Object(object) = &**made else {
            return made.clone();
        };
        let mut object = object.clone();
        for field in object.fields.make_mut() {
            field.value = self.held_by(&field.value, spot);
        }
        V::new(Value::Object(object))
    }

    /// The fields of a store, each as a ref again (`storeToRefs`).
    pub(super) fn as_refs(&self, store: &V) -> V {
        let Value::Object(object) = &**store else {
            return store.clone();
        };
        let mut object = object.clone();
        for field in object.fields.make_mut() {
            if !matches!(&*field.value, Value::Function(_) | Value::Class(..)) {
                field.value = holder(&field.value);
            }
        }
        V::new(Value::Object(object))
    }

    /// What a value holds; what is no holder is the value itself.
    pub(super) fn held_by(&self, value: &V, spot: Spot) -> V {
        let [current, kept] = KEPT;
        match &**value {
            Value::Object(object) if object.get(&current).is_some() => {
                object.get(&kept).unwrap_or_else(|| value.clone())
            }
            Value::Object(_) if let Some(state) = state_of(value) => state,
            Value::Data(data)
                if data
                    .ty
                    .as_ref()
                    .is_some_and(|ty| self.shapes.field(ty, &kept).is_some()) =>
            {
                self.member(value, &kept, spot)
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.held_by(part, spot))),
            Value::When(condition, inner) => when(condition, self.held_by(inner, spot)),
            _ => value.clone(),
        }
    }

    /// What a function that watches one or several holders is called with.
    pub(super) fn watched(&self, holders: &V, spot: Spot) -> V {
        match &**holders {
            Value::Array(all) => V::new(Value::Array(
                all.iter().map(|it| self.held_by(it, spot)).collect(),
            )),
            _ => self.held_by(holders, spot),
        }
    }

    /// What a getter gives or a holder holds, alone or in a list.
    pub(super) fn given_by(&self, source: &V, spot: Spot) -> V {
        match &**source {
            Value::Array(all) => V::new(Value::Array(
                all.iter().map(|it| self.given_by(it, spot)).collect(),
            )),
            Value::Function(_) => self.apply(source, &[], Some(spot)),
            _ => self.held_by(source, spot),
        }
    }

    /// A store of what a function makes of the values of others.
    pub(super) fn derived(&self, library: &LibraryCall<'_>, holders: &V) -> V {
        let spot = library.spot;
        let made = match library.args.get(library.rule.arg + 1) {
            Some(function) => self.apply(function, &[self.watched(holders, spot)], Some(spot)),
            None => library.given(),
        };
        holder(&self.typed_by(library, made))
    }
}
