//! What calling a value gives.
//!
//! In: a callee's value with the values of its arguments. Out: the value of the call. It leaves alone how the call is
//! written (`results`), and known functions of libraries (`effects`).

use super::bindings::with_alias;
use super::evaluate::{Evaluator, shared};
use super::left_out::leaving_out;
use super::memo::Task;
use super::object::Object;
use super::shapes::TypeUse;
use super::stores::state_of;
use super::substitute::{frames_of, with_bound};
use super::value::{
    Client, Closure, Data, FnRef, Frames, Handed, Instance, Root, Spot, Step, V, Value, VendorThing,
};
use crate::facts::{Binding, BindingKind, Expr, ExprId, From, Literal, Name};
use crate::ruleset::schema::{ExportKind, GlobalKind};

/// Where errors have their text.
const MESSAGE: Name = Name::const_new("message");

impl Evaluator<'_> {
    /// The value of calling (or constructing) a value.
    pub(super) fn apply(&self, callee: &V, args: &[V], spot: Option<Spot>) -> V {
        match &**callee {
            // A function may call, by the default of its parameter, itself.
            Value::Function(closure) if args.is_empty() && spot.is_none() && closure.is_alone() => {
                let function = closure.target;
                let spot = self.spot_of(function);
                self.once(Task::given_alone(function), spot, || {
                    self.apply_here(callee, args, None)
                })
            }
            _ => self.deeper(spot, || self.apply_here(callee, args, spot)),
        }
    }

    fn apply_here(&self, callee: &V, args: &[V], spot: Option<Spot>) -> V {
        match &**callee {
            Value::Creator(creator) => self.created(creator, args),
            Value::Function(closure) if self.waits_for_more(closure, args) => {
                V::new(Value::Function(Closure {
                    bound: with_bound(closure, args),
                    ..closure.clone()
                }))
            }
            Value::Function(closure) if let Some(copied) = self.copied_by(closure, args) => copied,
            Value::Function(closure) => {
                let frames = self.frames_of(closure, args);
                let mut result = self.result(closure.target);
                if let Some(this) = &closure.this {
                    if result.is_symbolic()
                        && let Some(holder) = self.holder(this)
                    {
                        result = self.kept_by(holder, result, &frames);
                    }
                    if let Value::Instance(instance) = &**this {
                        result = self.itself(&result, this, instance);
                    }
                }
                let value = self.substitute(&result, &frames);
                let declared = self
                    .program
                    .facts(closure.target.file)
                    .function(closure.target.function);
                if let Some(choice) = spot.and_then(|spot| choice_of(&value, &declared.name, spot))
                {
                    return choice;
                }
                match (&*value, spot) {
                    // One that calls itself for a part, and gives back what has none.
                    (Value::Nothing, Some(_))
                        if self.gives_back(closure.target)
                            && let Some(part) = with_bound(closure, args).first().cloned() =>
                    {
                        part
                    }
                    (Value::Nothing, Some(_)) if self.says_nothing(closure.target) => value,
                    (Value::Nothing, Some(spot))
                        if declared.return_type.is_some() || !declared.returns.is_empty() =>
                    {
                        let mut data = Data::new(Root::Call, spot).made_by(declared.name.clone());
                        data.ty = declared
                            .return_type
                            .map(|ty| TypeUse::new(closure.target.file, ty));
                        V::new(Value::Data(data))
                    }
                    (Value::Data(data), Some(spot))
                        if data.origin().producer.is_none() && data.path.is_empty() =>
                    {
                        let data = Data {
                            spot,
                            ..data.clone()
                        };
                        V::new(Value::Data(data.made_by(declared.name.clone())))
                    }
                    // What only another function knows is what this one says that it gives.
                    (Value::Data(data), Some(_))
                        if data.root == Root::Call
                            && data.path.is_empty()
                            && declared.params.is_empty() =>
                    {
                        match &declared.name {
                            Some(name) => with_alias(value, name),
                            None => value,
                        }
                    }
                    _ => value,
                }
            }
            Value::Class(file, class) => {
                if self.is_error_class(*file, *class) {
                    return self.error_of_class(*file, *class, args);
                }
                V::new(Value::Instance(Instance {
                    file: *file,
                    class: *class,
                    args: args.to_vec(),
                    constructed: true,
                    made: None,
                }))
            }
            Value::Client(client) => self.client_call(client, args, spot),
            Value::Vendor(VendorThing::Export { kind, .. }) if kind.0 == ExportKind::Hoc => {
                // The component, with more props; or what takes the component, set up.
                args.iter()
                    .find(|arg| matches!(&***arg, Value::Function(_) | Value::Class(..)))
                    .unwrap_or(callee)
                    .clone()
            }
            Value::Vendor(thing) => self.vendor_call(thing),
            Value::Union(parts) => V::union(parts.iter().map(|part| self.apply(part, args, spot))),
            Value::Data(data) if let Root::Param(of, _) = data.root => {
                if let Some(state) = self.own_state(data) {
                    return state;
                }
                let mut result = data.clone();
                result.steps.push(self.result_step(of, args, spot));
                V::new(Value::Data(result))
            }
            Value::Data(data) => {
                let mut result = data.clone().arising(|origin| {
                    origin.producer = Some(Name::from(data.path.join(".")));
                    origin.given = None;
                    origin.runs = None;
                });
                result.root = Root::Call;
                result.path.clear();
                result.steps.clear();
                result.ty = data.ty.as_ref().and_then(|ty| self.shapes.result(ty));
                V::new(Value::Data(result))
            }
            Value::Object(_) => match state_of(callee) {
                Some(state) => self.read_from(&state, args, spot),
                None => V::nothing(),
            },
            _ => V::nothing(),
        }
    }

    /// What a function gives that copies what it is given, without some keys.
    fn copied_by(&self, closure: &Closure, args: &[V]) -> Option<V> {
        let left_out = self.left_out_by(closure.target)?;
        let args = with_bound(closure, args);
        let given = args.first()?;
        let is_laid_out = !matches!(&**given, Value::Spread(_));
        is_laid_out.then(|| leaving_out(&left_out, given.clone()))
    }

    /// Whether a function gives back what it is given as it is, under some condition.
    fn gives_back(&self, function: FnRef) -> bool {
        let facts = self.program.facts(function.file);
        let mut returns = facts.function(function.function).returns.iter();
        returns.any(|given| facts.is_param(facts.uncast(*given), function.function, 0))
    }

    /// What a method gives that gives its own object back: the object that it is called on.
    fn itself(&self, result: &V, this: &V, called: &Instance) -> V {
        let is_this = |value: &V| match &**value {
            Value::Instance(it) => {
                !it.constructed
                    && called.constructed
                    && self.is_below((called.file, called.class), (it.file, it.class))
            }
            _ => false,
        };
        if !result.alternatives().iter().any(is_this) {
            return result.clone();
        }
        V::union(result.alternatives().iter().map(|it| match is_this(it) {
            true => this.clone(),
            false => it.clone(),
        }))
    }

    /// Whether a curried function does not have all its arguments yet.
    pub(super) fn waits_for_more(&self, closure: &Closure, args: &[V]) -> bool {
        let facts = self.program.facts(closure.target.file);
        let params = facts.function(closure.target.function).params.len();
        closure.curried && closure.bound.len() + args.len() < params
    }

    /// The frames of a call of a closure: its own arguments and, for a method of a constructed object, its constructor's.
    pub(super) fn frames_of(&self, closure: &Closure, args: &[V]) -> Frames {
        let mut frames = frames_of(closure, args);
        if let Some(this) = &closure.this
            && let Value::Instance(instance) = &**this
            && instance.constructed
            && let Some(constructor) = self.constructor(instance.file, instance.class)
        {
            frames = frames.with(constructor, shared(&instance.args));
        }
        frames
    }

    /// The step to what a parameter of a function gives that is called with these at a place.
    pub(super) fn result_step(&self, of: FnRef, args: &[V], at: Option<Spot>) -> Step {
        let declared = self.program.facts(of.file).function(of.function).span;
        let is_here = |at: Spot| at.file == of.file && declared.contains(at.span);
        match at.is_none_or(is_here) {
            true => Step::Result(Handed::new(args)),
            false => Step::LaterResult,
        }
    }

    fn client_call(&self, client: &Client, args: &[V], spot: Option<Spot>) -> V {
        let path = client.dotted();
        if self.catalog.makes(client.vendor, &client.surface, &path) {
            return V::union(args.iter().cloned());
        }
        if let Some(given) = self
            .catalog
            .gives(client.vendor, &client.surface, &path, None)
        {
            return V::new(Value::Client(Client {
                only: self.methods_of(client, args),
                ..given
            }));
        }
        let Some(spot) = spot else {
            return V::nothing();
        };
        let result = Data::new(Root::Call, spot).made_by(Some(Name::from(path)));
        V::new(Value::Data(result))
    }

    fn vendor_call(&self, thing: &VendorThing) -> V {
        match thing {
            VendorThing::Export {
                vendor,
                kind,
                surface,
                members,
                ..
            } => {
                let client = V::new(Value::Client(Client::new(*vendor, surface.clone())));
                match kind.0 {
                    ExportKind::Factory | ExportKind::Hook | ExportKind::Constructor
                        if members.is_empty() =>
                    {
                        client
                    }
                    ExportKind::Factory | ExportKind::Hook | ExportKind::Constructor => {
                        let mut object = Object::default();
                        for member in members {
                            object.set(member.clone(), client.clone(), false);
                        }
                        V::new(Value::Object(object))
                    }
                    ExportKind::Client
                    | ExportKind::Command
                    | ExportKind::Component
                    | ExportKind::Hoc
                    | ExportKind::Inert => V::nothing(),
                }
            }
            VendorThing::Global { name } => V::union(
                self.catalog
                    .global(
                        name,
                        &[
                            GlobalKind::Constructor,
                            GlobalKind::Function,
                            GlobalKind::Client,
                        ],
                    )
                    .into_iter()
                    .filter_map(|(vendor, rule)| match rule.kind {
                        // A script may leave a function that gives the client (`Stripe(key)`).
                        GlobalKind::Client => self.catalog.gives(vendor, &rule.surface, "", None),
                        GlobalKind::Function => {
                            self.catalog.gives(vendor, &rule.surface, name, None)
                        }
                        _ => Some(Client::new(vendor, Name::from(&rule.surface))),
                    })
                    .map(|client| V::new(Value::Client(client))),
            ),
            VendorThing::Push { .. } => V::nothing(),
        }
    }

    /// Whether nothing is all that a function gives, in so many words (`const none = () => undefined`). What is no constant of its
    /// own may be put in its place by something else.
    fn says_nothing(&self, function: FnRef) -> bool {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        let is_nothing = |returned: &ExprId| {
            matches!(
                facts.expr(*returned),
                Expr::Literal(Literal::Undefined | Literal::Null)
            )
        };
        let is_it = |binding: &Binding| match &binding.sources[..] {
            [only] => match only.from {
                From::Function(of) => of == function.function,
                From::Expr(value) => {
                    binding.kind == BindingKind::Const
                        && only.path.is_empty()
                        && matches!(facts.expr(value), Expr::Function(of) if *of == function.function)
                }
                _ => false,
            },
            _ => false,
        };
        !declared.is_generator
            && !declared.returns.is_empty()
            && declared.returns.iter().all(is_nothing)
            && facts.bindings.iter().any(is_it)
    }
}

/// A function that only ever gives one of a few words back tells by which one what it was asked about.
fn choice_of(value: &V, name: &Option<Name>, spot: Spot) -> Option<V> {
    let words = value.alternatives();
    // A blank is there for something to be added to it.
    let said = words.iter().filter(|word| word.as_str() != Some(""));
    let all = said.count() > 1 && words.iter().all(|word| word.as_str().is_some());
    all.then(|| {
        V::new(Value::Data(Data {
            choice: true,
            ..Data::new(Root::Call, spot).made_by(name.clone())
        }))
    })
}

/// The text of an error that another one is made with (`new Error(error)`), or whatever it is made with.
fn text_of_error(message: &V) -> V {
    V::union(message.alternatives().iter().map(|it| match &**it {
        Value::Object(object) if object.is_error => object.get(&MESSAGE).unwrap_or_else(V::nothing),
        _ => it.clone(),
    }))
}

/// What a built-in error keeps of what it is made with.
pub(super) fn error_object(args: &[V]) -> V {
    let mut object = Object {
        is_error: true,
        ..Object::default()
    };
    if let Some(message) = args.first() {
        object.set(MESSAGE, text_of_error(message), false);
    }
    if let Some(options) = args.get(1)
        && let Value::Object(options) = &**options
        && let Some(cause) = options.get("cause")
    {
        object.set(Name::const_new("cause"), cause, false);
    }
    if object.fields.is_empty() {
        object.set(MESSAGE, V::new(Value::Literal(Literal::Undefined)), false);
    }
    V::new(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(word: &str) -> V {
        V::new(Value::Literal(Literal::String(Name::from(word))))
    }

    fn message_of(error: &V) -> V {
        match &**error {
            Value::Object(object) => object.get(&MESSAGE).expect("an error has a text"),
            other => panic!("no error: {other:?}"),
        }
    }

    #[test]
    fn an_error_that_is_made_with_another_has_its_text() {
        let first = error_object(&[text("refused")]);
        let second = error_object(&[V::union([first, text("failed")])]);
        let message = message_of(&second);
        let words: Vec<_> = message.alternatives().iter().map(V::as_str).collect();
        assert_eq!(words, [Some("refused"), Some("failed")]);
    }
}
