//! What the functions of known libraries do with values.
//!
//! In: a call of such a function with its rule. Out: the value of the call, by the rule's [`Effect`]. It leaves alone which
//! function is known (`library`) and functions of the program (`apply`).

use super::addresses::whole_address;
use super::conditions::when;
use super::cookies::cookie_of;
use super::cuts::{rejoined, split};
use super::evaluate::{Evaluator, keys_of};
use super::expressions::{flag, text};
use super::functions::{bound, curried, operations, proxied};
use super::iterators::next;
use super::left_out::leaving_out;
use super::made::created;
use super::members::DEFAULT;
use super::object::Object;
use super::results::{CallExpr, function_of};
use super::shapes::TypeUse;
use super::stores::{computed, holder};
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::{Expr, Literal, Name};
use crate::finding::Transform;
use crate::ruleset::schema::{Effect, TransformFunction};
use crate::source::FileId;

/// A call of a known function or method.
pub(super) struct LibraryCall<'c> {
    pub rule: &'c TransformFunction,
    /// What the method is called on, and its name; none for a function.
    pub receiver: Option<(&'c V, &'c Name)>,
    pub args: &'c [V],
    pub call: &'c CallExpr<'c>,
    pub file: FileId,
    pub spot: Spot,
    /// The names of the callee.
    pub names: &'c [Name],
}

/// What is made of each element of a written list stands there so often that each can be taken out by its index.
const MAX_COPIES: usize = 6;

impl LibraryCall<'_> {
    /// Which argument the function does something to; none for a method.
    pub(super) fn position(&self) -> Option<usize> {
        self.receiver.is_none().then_some(self.rule.arg)
    }

    /// What the function does something to.
    fn subject(&self) -> V {
        match self.receiver {
            Some((receiver, _)) => receiver.clone(),
            None => self
                .args
                .get(self.rule.arg)
                .cloned()
                .unwrap_or_else(V::nothing),
        }
    }

    /// The arguments beside the one that it does something to, as one list of keys.
    fn keys(&self) -> V {
        let position = self.position();
        let others = self.args.iter().enumerate();
        let others = others.filter(|(at, _)| Some(*at) != position);
        let others: Vec<V> = others.map(|(_, key)| key.clone()).collect();
        match others.as_slice() {
            [only] => only.clone(),
            _ => V::new(Value::Array(others)),
        }
    }

    /// Whether a text is cut so that nearly all of it is left: after its first character (`capitalize`), or at a bound that
    /// only keeps it from being endless.
    fn cuts_little(&self) -> bool {
        const LONG: f64 = 32.0;
        let is_cut = self
            .receiver
            .is_some_and(|(_, name)| matches!(name.as_str(), "slice" | "substring" | "substr"));
        let numbers: Option<Vec<f64>> = self.args.iter().map(number).collect();
        is_cut
            && match numbers.as_deref() {
                Some([from]) => (0.0..=1.0).contains(from),
                Some([from, to]) => *from == 0.0 && *to >= LONG,
                _ => false,
            }
    }

    /// A value of which only the function that gave it is known.
    pub(super) fn given(&self) -> V {
        let given = Data::new(Root::Call, self.spot);
        V::new(Value::Data(given.made_by(self.names.last().cloned())))
    }
}

/// What of a value a text holds into which its fields are filled.
fn filled_in(value: &V) -> Vec<V> {
    let whole = |it: &V| V::new(Value::FieldsOf(it.clone()));
    match &**value {
        Value::Object(object) => {
            let fields = object.fields.iter().map(|field| field.value.clone());
            fields.chain(object.spreads.iter().map(whole)).collect()
        }
        _ => vec![whole(value)],
    }
}

/// Under which option a component that is loaded later has what loads it.
const LOADER: &str = "loader";

impl Evaluator<'_> {
    /// The value of a call of a known function.
    pub(super) fn effect(&self, library: &LibraryCall<'_>) -> V {
        if self.is_behind_last_dot(library) {
            return flag();
        }
        let value = self.effect_of(library);
        match self.cookie_looked_for(library) {
            Some(name) => cookie_of(&value, &name),
            None => value,
        }
    }

    /// A value as a text: an error says its message, and nothing of what else it keeps.
    fn said(&self, value: V) -> V {
        let says = |it: &V| match &**it {
            Value::Object(object) if object.is_error => text([it.clone()].into_iter()),
            Value::Instance(instance) if self.is_error_class(instance.file, instance.class) => {
                text([it.clone()].into_iter())
            }
            // So does what is handed over as one.
            Value::Data(data) if data.ty.as_ref().is_some_and(|ty| self.is_of_errors(ty)) => {
                text([it.clone()].into_iter())
            }
            _ => it.clone(),
        };
        V::union(value.alternatives().iter().map(says))
    }

    /// Whether a value is a parameter of which no type says whether it is a text or a list.
    fn may_be_list(&self, value: &V) -> bool {
        match &**value {
            Value::Data(data) => matches!(data.root, Root::Param(..)) && self.may_be_anything(data),
            _ => false,
        }
    }

    /// Whether a type is one of errors, by its name.
    fn is_of_errors(&self, ty: &TypeUse) -> bool {
        self.shapes
            .name(ty)
            .is_some_and(|name| name.ends_with("Error"))
    }

    /// What a method gives that runs a function beside its other arguments, with what stands for its object
    /// (`database.transaction(async (within) => …)`).
    fn run_by_method(&self, library: &LibraryCall<'_>) -> V {
        let is_data = |it: &V| matches!(&**it, Value::Data(_));
        let within = library.receiver.map(|(receiver, _)| receiver.clone());
        // What is found within is known by its names, whatever the object is made of.
        let within = within.filter(|it| it.alternatives().iter().all(is_data));
        let within = within.unwrap_or_else(|| library.given());
        let given =
            function_of(library.args).map(|run| self.apply(run, &[within], Some(library.spot)));
        given.unwrap_or_else(|| library.given())
    }

    fn effect_of(&self, library: &LibraryCall<'_>) -> V {
        let (args, spot) = (library.args, library.spot);
        let subject = library.subject();
        match library.rule.does {
            Effect::Drop => flag(),
            Effect::Hash => graded(Transform::Hash, subject),
            // Of a list it leaves out elements, and of each element nothing.
            Effect::Truncate if self.is_list(&subject) => {
                let from = args.first().and_then(number);
                self.behind(&subject, from.unwrap_or_default())
            }
            // Of what may be a list as well as a text, all but the first.
            Effect::Truncate
                if args.len() == 1
                    && self.may_be_list(&subject)
                    && number(&args[0]) == Some(1.0) =>
            {
                self.tail(&subject, 1)
            }
            Effect::Truncate if self.is_behind_at(library) => graded(Transform::Domain, subject),
            Effect::Truncate if library.cuts_little() || self.finds_quoted(library) => subject,
            Effect::Truncate => graded(Transform::Truncate, subject),
            Effect::Domain => graded(Transform::Domain, subject),
            Effect::Encode => graded(Transform::Encode, self.replaced(library, subject)),
            Effect::Decode => untyped(decoded(subject)),
            Effect::Split => split(args, subject),
            Effect::Same => whole_address(&subject).unwrap_or(subject),
            Effect::Text => self.said(whole_address(&subject).unwrap_or(subject)),
            Effect::Rewritten => {
                self.rewritten(library, whole_address(&subject).unwrap_or(subject))
            }
            Effect::SameFunction | Effect::EachField => subject,
            Effect::Wraps => self.wrapped_by_rule(library, &subject),
            Effect::Checked => self.checked(library),
            Effect::CallResult if library.receiver.is_some() => self.run_by_method(library),
            Effect::CallResult => self.apply(&subject, &[], Some(spot)),
            Effect::Loaded => self.loaded(library, &subject),
            Effect::Computed => {
                let getter = match &*subject {
                    Value::Object(_) => self.member(&subject, &Name::const_new("get"), spot),
                    _ => subject,
                };
                computed(&self.apply(&getter, &[], Some(spot)))
            }
            Effect::Pick => self.picked(&subject, &library.keys(), spot),
            Effect::Omit => match self.keys_beside(library) {
                Some(keys) => self.without(&subject, &keys),
                None => subject,
            },
            // A function stays one, whatever is put on it.
            Effect::Merge => match args {
                [function, rest @ ..] if function.is_function() => {
                    V::union([function.clone(), merged(rest.iter(), false)])
                }
                _ => merged(args.iter(), false),
            },
            Effect::Defaults => merged(args.iter().rev(), true),
            Effect::Client => self.made_client(library, subject),
            Effect::Addressed => {
                let mut object = Object::default();
                if let Some(rest) = args.get(library.rule.arg + 1) {
                    object.spread(rest, false);
                }
                object.set(Name::const_new("url"), subject, false);
                V::new(Value::Object(object))
            }
            Effect::Map | Effect::FlatMap => self.mapped(library, &subject),
            Effect::Elements => self.elements(library, subject),
            Effect::Settle => self.settled(&subject),
            Effect::Element => match (library.receiver, &*subject) {
                // `Map.get` and the like on something that is no list is a look-up by name.
                (Some((_, name)), Value::Literal(_)) if name == "at" => subject,
                _ => self
                    .taken_by_place(library, &subject)
                    .unwrap_or_else(|| self.element(&subject)),
            },
            Effect::Join => text([rejoined(&self.element(&subject))].into_iter()),
            Effect::FilledIn => {
                let filled = args.get(library.rule.arg);
                let parts = filled.iter().flat_map(|it| it.alternatives());
                text(parts.flat_map(filled_in))
            }
            Effect::Entries => {
                let pair = V::new(Value::Array(vec![
                    V::new(Value::KeysOf(subject.clone())),
                    V::new(Value::FieldsOf(subject)),
                ]));
                V::new(Value::Array(vec![pair]))
            }
            Effect::Keys => V::new(Value::Array(vec![V::new(Value::KeysOf(subject))])),
            Effect::Values => V::new(Value::Array(vec![V::new(Value::FieldsOf(subject))])),
            Effect::FromEntries => self
                .paired_by_key(library)
                .unwrap_or_else(|| self.of_entries(&subject)),
            Effect::Record => self.record(library, subject),
            Effect::Pairs => self.map_of(library, &subject),
            Effect::Address => self.address(library),
            Effect::Then => self.then(library, subject),
            Effect::Listen
            | Effect::Emit
            | Effect::Observe
            | Effect::Post
            | Effect::Receive
            | Effect::Expose
            | Effect::Provide
            | Effect::Service => V::nothing(),
            // A thunk is called by the store; what else answers a message, only a run knows.
            Effect::Dispatch => match args.first() {
                Some(thunk) if thunk.is_function() => self.apply(thunk, &[], Some(spot)),
                _ => library.given(),
            },
            // What another process answers.
            Effect::Send => self.typed_by(library, library.given()),
            Effect::EventContext => library.given(),
            Effect::Plugin => subject,
            Effect::Message => self.message(library),
            Effect::Action => self.action(library),
            Effect::Slice => self.slice(library),
            Effect::Endpoints => self.endpoints(library),
            Effect::Store => library.given(),
            Effect::Partial => bound(&subject, args, library.position()),
            Effect::Curry => curried(&subject),
            Effect::Invoke => match args.get(2).map(|list| &**list) {
                Some(Value::Array(list)) => self.apply(&subject, list, Some(spot)),
                _ => self.apply(&subject, &[], Some(spot)),
            },
            Effect::Calls => {
                let (function, rest) = self.called_of(args, spot);
                self.apply(&function, rest, Some(spot))
            }
            Effect::Member => match args.get(1).and_then(keys_of) {
                Some(names) => V::union(names.iter().map(|name| self.member(&subject, name, spot))),
                None => self.element(&subject),
            },
            Effect::Later => library.given(),
            Effect::Promised => self.promised(library, &subject),
            Effect::Created => created(self, library),
            Effect::Next => next(self, library),
            Effect::List => listed(subject),
            Effect::Proxy => proxied(self, library, subject),
            Effect::Reduce => match args.split_first() {
                Some((function, start)) => {
                    let start = start.first().cloned().unwrap_or_else(V::nothing);
                    self.apply(function, &[start, self.element(&subject)], Some(spot))
                }
                None => subject,
            },
            Effect::State => self.state(library, subject),
            Effect::StoreHook => self.store_hook(library),
            Effect::Logger => self.logger(library),
            Effect::Refs => self.as_refs(&subject),
            Effect::Filled => self.to_be_filled(&subject, || self.kept(library), spot),
            Effect::Ref => holder(&self.held(library, &subject)),
            Effect::Signal => computed(&self.held(library, &subject)),
            Effect::Held => self.held_by(&subject, spot),
            Effect::Watch => library.given(),
            Effect::Operations => operations(self, library),
            Effect::Derive => self.derived(library, &subject),
            Effect::Select => self.selected(library),
            Effect::Selector => self.selector(library),
            Effect::Context => self.context(library),
            Effect::Injected => self.injected(library),
            Effect::MakeContext => library.given(),
            Effect::App => self.app(&library.given()),
            Effect::AppPlugin => subject,
            Effect::Fetches | Effect::Queries => self.answered(library),
            Effect::Named | Effect::Watches => self.named(library),
            Effect::LookedUp => self.looked_up(library),
            Effect::Pattern => self.filled_pattern(&subject, args.get(library.rule.arg + 1), spot),
            Effect::Tag => match subject.as_str() {
                Some(tag) => {
                    let tag = Name::from(format!("<{}>", tag.to_ascii_lowercase()));
                    V::new(Value::Data(Data::new(Root::Call, spot).made_by(Some(tag))))
                }
                None => library.given(),
            },
        }
    }

    /// What is left of a value that is written as text with a function that is asked for each of its fields, at any depth.
    fn replaced(&self, library: &LibraryCall<'_>, subject: V) -> V {
        let replacer = library.args.get(1).map(|replacer| &**replacer);
        let Some(Value::Function(replacer)) = replacer else {
            return subject;
        };
        match self.left_out_by_replacer(replacer.target) {
            Some(left_out) => leaving_out(&left_out, subject),
            None => subject,
        }
    }

    /// A value of the type that the call is written with (`useState<User>()`).
    pub(super) fn typed_by(&self, library: &LibraryCall<'_>, value: V) -> V {
        match self.type_arg(library.file, library.call.types) {
            Some(ty) if matches!(&*value, Value::Nothing) => {
                self.typed(library.given(), &ty, false)
            }
            Some(ty) => self.typed(value, &ty, false),
            None => value,
        }
    }

    /// What a package's function that makes clients gives: the options, and for the rest the package itself. Options that
    /// only a run knows say no address, and stay out so that no method is read from them.
    fn made_client(&self, library: &LibraryCall<'_>, options: V) -> V {
        let callee = self.expr(library.file, library.call.callee);
        let Value::Data(Data {
            root: root @ Root::Outside(_),
            path,
            ..
        }) = &*callee
        else {
            return library.given();
        };
        let maker = path.len().saturating_sub(1);
        let package = V::new(Value::Data(Data {
            path: path.get(..maker.max(1)).unwrap_or_default().into(),
            ..Data::new(root.clone(), library.spot)
        }));
        let mut object = Object::default();
        if let Value::Object(options) = &*options {
            object.fields.clone_from(&options.fields);
        }
        object.spreads.push(package);
        V::new(Value::Object(object))
    }

    /// The keys that the arguments beside the object list, in one list or one by one.
    fn keys_beside(&self, library: &LibraryCall<'_>) -> Option<Vec<Name>> {
        let mut keys = Vec::new();
        for (at, arg) in library.args.iter().enumerate() {
            if Some(at) != library.position() {
                keys.extend(self.listed_keys(arg)?);
            }
        }
        Some(keys)
    }

    /// What a function gives for each element.
    fn mapped(&self, library: &LibraryCall<'_>, subject: &V) -> V {
        // Some libraries take the function first.
        let at = match library.position() {
            Some(0) => 1,
            Some(position) => position - 1,
            None => 0,
        };
        // `Array.from(list)` beside `Array.from(list, each)`.
        if library.args.len() <= at {
            return subject.clone();
        }
        let is_flat = library.rule.does == Effect::FlatMap;
        if let (Value::Array(words), Some(function), false) =
            (&**subject, library.args.get(at), is_flat)
            && let Some(folded) = self.folded_words(words, function)
        {
            return folded;
        }
        let result = library.args.get(at).map_or_else(V::nothing, |function| {
            self.apply(function, &[self.element(subject)], Some(library.spot))
        });
        let results = result.alternatives().iter();
        // Of the lists that the function gives only the elements are left.
        let results = results.map(|given| match &**given {
            Value::Array(_) | Value::Data(_) if is_flat => V::new(Value::Spread(given.clone())),
            _ => given.clone(),
        });
        let result = V::union(results);
        let is_spread = |element: &V| matches!(&**element, Value::Spread(_));
        let count = match &**subject {
            Value::Array(elements) if !is_flat && !elements.iter().any(is_spread) => elements.len(),
            _ => 1,
        };
        V::new(Value::Array(vec![result; count.clamp(1, MAX_COPIES)]))
    }

    /// What becomes of each of several promises.
    fn settled(&self, promises: &V) -> V {
        let outcome = |value: V| {
            let mut outcome = Object::default();
            outcome.set(Name::const_new("status"), flag(), false);
            outcome.set(Name::const_new("value"), value, false);
            V::new(Value::Object(outcome))
        };
        match &**promises {
            Value::Array(promises) => V::new(Value::Array(
                promises
                    .iter()
                    .map(|promise| match &**promise {
                        Value::Spread(list) => V::new(Value::Spread(self.settled(list))),
                        _ => outcome(promise.clone()),
                    })
                    .collect(),
            )),
            _ => V::new(Value::Array(vec![outcome(self.element(promises))])),
        }
    }

    /// The same elements, with those that `concat` adds.
    fn elements(&self, library: &LibraryCall<'_>, subject: V) -> V {
        match (&*subject, library.receiver) {
            (Value::Data(_), Some((_, name))) if name == "concat" => V::new(Value::Array(vec![
                V::new(Value::Spread(subject)),
                V::union(library.args.iter().map(|arg| self.element(arg))),
            ])),
            (Value::Array(elements), Some((_, name))) if name == "concat" => {
                let more = library.args.iter().flat_map(|arg| match &**arg {
                    Value::Array(elements) => elements.clone(),
                    Value::Data(_) => vec![V::new(Value::Spread(arg.clone()))],
                    _ => vec![arg.clone()],
                });
                V::new(Value::Array(elements.iter().cloned().chain(more).collect()))
            }
            (Value::Array(_), Some((_, name))) if name == "filter" => {
                self.filtered(library, subject)
            }
            (_, Some((_, name))) if name == "fill" && !matches!(&*subject, Value::Object(_)) => {
                let known = match &*subject {
                    Value::Array(elements) => elements.as_slice(),
                    _ => &[],
                };
                let filled = library.args.iter().take(1);
                V::new(Value::Array(known.iter().chain(filled).cloned().collect()))
            }
            (Value::Array(elements), Some((_, name))) if added_from(name).is_some() => {
                let added = library.args.iter().skip(added_from(name).unwrap_or(0));
                V::new(Value::Array(
                    elements.iter().chain(added).cloned().collect(),
                ))
            }
            (Value::Literal(_) | Value::Text(_), Some((_, name))) if name == "concat" => {
                text(std::iter::once(subject).chain(library.args.iter().cloned()))
            }
            _ => subject,
        }
    }

    /// The keys or entries of an object that a predicate lets through.
    fn filtered(&self, library: &LibraryCall<'_>, subject: V) -> V {
        let element = self.element(&subject);
        let of_entries = matches!(&*element, Value::Array(_));
        match library.args.first().map(|predicate| &**predicate) {
            Some(Value::Function(predicate)) => {
                let keys = self.filtered_keys(predicate, of_entries);
                if keys.is_empty() {
                    subject
                } else {
                    self.restricted(&subject, &keys, library.spot)
                }
            }
            _ => subject,
        }
    }

    /// Whether a text is searched for what stands between angle brackets (`Name <address>`), which is all of what matters.
    fn finds_quoted(&self, library: &LibraryCall<'_>) -> bool {
        let facts = self.program.facts(library.file);
        let Some(pattern) = library.call.args.first().and_then(|it| it.expr()) else {
            return false;
        };
        let pattern = match facts.expr(pattern) {
            Expr::Ref(binding) => match facts.constant(*binding) {
                Some(value) => value,
                None => return false,
            },
            _ => pattern,
        };
        let is_quoted = |it: &Name| it.contains("<(") && it.contains(")>");
        matches!(facts.expr(pattern), Expr::Literal(Literal::Regex(written)) if is_quoted(written))
    }

    /// What a promise gives.
    /// The component that a function loads, as what its module exports by default where it gives that.
    fn loaded(&self, library: &LibraryCall<'_>, subject: &V) -> V {
        let spot = library.spot;
        let loader = match &**subject {
            Value::Object(_) => self.member(subject, &Name::const_new(LOADER), spot),
            _ => subject.clone(),
        };
        let given = self.apply(&loader, &[], Some(spot));
        let by_default = |given: &V| self.member(given, &Name::const_new(DEFAULT), spot);
        V::union(given.alternatives().iter().map(|given| match &**given {
            Value::Object(_) | Value::Module(_) => by_default(given),
            // What callers load may be either.
            Value::Data(data) if matches!(data.root, Root::Param(..)) => {
                V::union([given.clone(), by_default(given)])
            }
            _ => given.clone(),
        }))
    }

    fn then(&self, library: &LibraryCall<'_>, subject: V) -> V {
        // What a rejected promise gives is an error, and what `finally` gives is nothing.
        if library.receiver.is_some_and(|(_, name)| name != "then") {
            return subject;
        }
        match library.args.first() {
            Some(function) if function.is_function() => {
                self.apply(function, &[subject], Some(library.spot))
            }
            _ => subject,
        }
    }
}

/// From which argument on a method puts its arguments into the list that it gives.
fn added_from(method: &str) -> Option<usize> {
    match method {
        "with" => Some(1),
        "toSpliced" => Some(2),
        _ => None,
    }
}

/// A list of the same elements.
fn listed(value: V) -> V {
    match &*value {
        Value::Nothing => V::new(Value::Array(Vec::new())),
        _ => value,
    }
}

/// `Object.assign({}, …)`: one object of all, of which the last wins; where it `must_have` a value for that, what is under a name
/// before may be left.
fn merged<'v>(args: impl Iterator<Item = &'v V>, must_have: bool) -> V {
    let mut object = Object::default();
    for (nth, arg) in args.enumerate() {
        object.spread(arg, must_have && nth > 0);
    }
    V::new(Value::Object(object))
}

/// A value that was changed, on top of what was done to it before.
pub(super) fn graded(transform: Transform, value: V) -> V {
    match &*value {
        Value::Literal(_) | Value::Nothing => match transform {
            // The algorithm's name is the only argument of a digest that is fed later.
            Transform::Hash => V::new(Value::Changed(transform, value)),
            _ => value,
        },
        Value::Changed(before, inner) => {
            V::new(Value::Changed(transform.max(*before), inner.clone()))
        }
        _ => V::new(Value::Changed(transform, value)),
    }
}

fn number(value: &V) -> Option<f64> {
    match &**value {
        Value::Literal(Literal::Number(number)) => number.parse().ok(),
        _ => None,
    }
}

/// A value as it was before it was encoded.
pub(super) fn decoded(value: V) -> V {
    match &*value {
        Value::Changed(Transform::Encode, inner) => inner.clone(),
        _ => value,
    }
}

/// What is parsed from a text has no longer the text's type.
fn untyped(value: V) -> V {
    match &*value {
        Value::Data(data) if data.ty.is_some() => V::new(Value::Data(Data {
            ty: None,
            ..data.clone()
        })),
        Value::Union(parts) => V::union(parts.iter().map(|part| untyped(part.clone()))),
        Value::When(condition, inner) => when(condition, untyped(inner.clone())),
        _ => value,
    }
}
