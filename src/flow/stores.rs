//! What holds a value that changes: stores, refs, and whatever else can be watched.
//!
//! In: a call that makes such a holder or reads from one, or a value that may be one. Out: the holder; what it holds. It leaves
//! alone which functions do that (`effects`), and what stands for what is put there later (`blanks`).

use super::blanks::is_blank;
use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, Spot, V, Value};
use crate::facts::Name;

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
fn hook(state: &V) -> V {
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

/// A value that is made of others, and is read like a ref or by calling it.
pub(super) fn computed(value: &V) -> V {
    under(KEPT.into_iter().chain([CALLED]), value)
}

impl Evaluator<'_> {
    /// `const [value, setValue] = useState(initial)`.
    pub(super) fn state(&self, library: &LibraryCall<'_>, subject: V) -> V {
        // One that is shared under a key is a ref: `const user = useState('user', () => initial)`.
        if let [key, initial] = library.args
            && key.as_str().is_some()
            && matches!(&**initial, Value::Function(_))
        {
            let initial = self.apply(initial, &[], Some(library.spot));
            return self.held(library, &initial);
        }
        let initial = match &*subject {
            Value::Function(_) => self.apply(&subject, &[], Some(library.spot)),
            _ => subject,
        };
        let is_told_later = self.is_told_later(library, &initial);
        let state = match &*initial {
            // What a state starts with says little: it is what is set later that counts.
            Value::Literal(_) | Value::Nothing => library.given(),
            Value::Array(elements) if elements.is_empty() => self.kept(library),
            _ => self.to_be_filled(&initial, || self.kept(library), library.spot),
        };
        let state = self.typed_by(library, state);
        let state = match is_told_later {
            true => V::union([state, self.put_into(library)]),
            false => state,
        };
        V::new(Value::Array(vec![state, V::nothing()]))
    }

    /// What holds a value under `current` or `value`.
    pub(super) fn held(&self, library: &LibraryCall<'_>, subject: &V) -> V {
        let kept = || self.kept(library);
        let held = match is_blank(subject) {
            true => kept(),
            false => self.to_be_filled(subject, kept, library.spot),
        };
        holder(&self.typed_by(library, held))
    }

    /// What a selector reads from a state, which may be known (`useStore(store, selector)`).
    pub(super) fn selected(&self, library: &LibraryCall<'_>) -> V {
        let state = library.args.iter().find_map(state_of);
        let state = state.unwrap_or_else(|| library.given());
        let selected = self.read_from(&state, library.args, Some(library.spot));
        self.typed_by(library, selected)
    }

    /// A state, or what a function that is handed over reads from it.
    pub(super) fn read_from(&self, state: &V, args: &[V], spot: Option<Spot>) -> V {
        let mut args = args.iter();
        match args.find(|arg| matches!(&***arg, Value::Function(_))) {
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
        let state = self.to_be_filled(&made, || whole, library.spot);
        let read = hook(&state);
        let mut object = Object::of(&read);
        for name in READ_BY {
            object.set(name, read.clone(), false);
        }
        V::new(Value::Object(object))
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
