//! What a call expression gives back.
//!
//! In: a call, `new` or tagged template of a file. Out: its value: what the callee gives (`apply`), what a known function
//! does (`effects`), or what only a run knows. It leaves alone what the call does to a vendor (`sinks`) and who is called
//! (`propagate`).

use ecow::EcoVec;

use super::alike::unconditional;
use super::apply::error_object;
use super::by_key::picked_of;
use super::conditions::when;
use super::effects::LibraryCall;
use super::evaluate::{Evaluator, callee_names, package_of};
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::spelling::names_of;
use super::stores::state_of;
use super::substitute::with_bound;
use super::value::{Closure, Data, Instance, Root, Spot, V, Value};
use super::wrapped::run_by;
use crate::facts::{Expr, ExprId, Item, Literal, Name, TemplatePart, TypeId};
use crate::finding::Transform;
use crate::ruleset::schema::{Effect, TransformFunction};
use crate::source::FileId;

/// A call expression as the stages ask for it.
pub(super) struct CallExpr<'f> {
    pub callee: ExprId,
    pub args: &'f [Item],
    pub types: &'f [TypeId],
    pub is_new: bool,
}

impl Evaluator<'_> {
    /// The parts of a call or `new`.
    pub(super) fn call_parts(&self, file: FileId, id: ExprId) -> Option<CallExpr<'_>> {
        match self.program.facts(file).expr(id) {
            Expr::Call {
                callee,
                args,
                type_args,
            } => Some(CallExpr {
                callee: *callee,
                args,
                types: type_args,
                is_new: false,
            }),
            Expr::New {
                callee,
                args,
                type_args,
            } => Some(CallExpr {
                callee: *callee,
                args,
                types: type_args,
                is_new: true,
            }),
            _ => None,
        }
    }

    /// The value of a call expression. Of one that only a run knows, the type of the call says what it can: it takes the
    /// type arguments and the types of the arguments into account.
    pub(super) fn call(&self, file: FileId, id: ExprId) -> V {
        let value = self.call_value(file, id);
        let spot = self.spot(file, id);
        let is_open = value
            .alternatives()
            .iter()
            .any(|value| self.may_learn(value, spot));
        if !is_open {
            return value;
        }
        let ty = TypeUse::of(file, id);
        match self.shapes.shape(&ty) {
            Shape::Unknown | Shape::ValueOf(..) => value,
            _ => self.learned(&value, &ty, spot),
        }
    }

    /// Whether a value's type is not known, or only as far as the function that gave it says in general.
    fn may_learn(&self, value: &V, spot: Spot) -> bool {
        match &**value {
            Value::Data(data) => {
                let made_here = data.spot == spot && data.root == Root::Call;
                made_here
                    || data
                        .ty
                        .as_ref()
                        .is_none_or(|ty| matches!(self.shapes.shape(ty), Shape::Unknown))
            }
            Value::Changed(Transform::Encode, inner) | Value::When(_, inner) => {
                self.may_learn(inner, spot)
            }
            Value::Union(parts) => parts.iter().any(|part| self.may_learn(part, spot)),
            // What a library's function gives beside what is known of it.
            Value::Object(object) => made_here(object, spot).is_some(),
            _ => false,
        }
    }

    /// A value with the type of the call that gives it.
    fn learned(&self, value: &V, ty: &TypeUse, spot: Spot) -> V {
        match &**value {
            Value::Data(data) if self.may_learn(value, spot) => {
                let untyped = Data {
                    ty: None,
                    around: false,
                    ..data.clone()
                };
                self.typed(V::new(Value::Data(untyped)), ty, false)
            }
            Value::When(condition, inner) => when(condition, self.learned(inner, ty, spot)),
            Value::Changed(change @ Transform::Encode, inner) => {
                V::new(Value::Changed(*change, self.learned(inner, ty, spot)))
            }
            Value::Union(parts) => V::union(parts.iter().map(|part| self.learned(part, ty, spot))),
            Value::Object(object) => match made_here(object, spot) {
                Some(at) => {
                    let mut object = object.clone();
                    let known = self.learned(&object.spreads[at], ty, spot);
                    object.spreads.make_mut()[at] = known;
                    V::new(Value::Object(object))
                }
                None => value.clone(),
            },
            _ => value.clone(),
        }
    }

    fn call_value(&self, file: FileId, id: ExprId) -> V {
        let spot = self.spot(file, id);
        let facts = self.program.facts(file);
        let Some(call) = self.call_parts(file, id) else {
            return match facts.expr(id) {
                Expr::Tagged { tag, quasi, .. } => self
                    .dressed(file, *tag)
                    .unwrap_or_else(|| self.expr(file, *quasi)),
                _ => V::nothing(),
            };
        };
        let args = self.items(file, call.args);
        if let Expr::Member { object, name, .. } = facts.expr(call.callee) {
            return self.method_call(file, &call, *object, name, &args, spot);
        }
        let callee = self.expr(file, call.callee);
        self.plain_call(file, &call, &callee, &args, spot)
    }

    /// What is waited for. A template that is handed to a function whose answer takes time is no text but a query, and the
    /// answer is what it finds.
    pub(super) fn awaited(&self, file: FileId, value: ExprId) -> V {
        let Expr::Tagged {
            tag,
            quasi,
            type_args,
        } = self.program.facts(file).expr(value)
        else {
            return self.expr(file, value);
        };
        let spot = self.spot(file, value);
        let tag = self.expr(file, *tag);
        let found = self.apply(&tag, &self.tagged(file, *quasi), Some(spot));
        if !matches!(&*found, Value::Nothing) {
            return found;
        }
        let names = callee_names(&tag);
        let found = Data::new(Root::Call, spot).made_by(names.last().cloned());
        let found = V::new(Value::Data(found));
        match self.type_arg(file, type_args) {
            Some(ty) => self.typed(found, &ty, false),
            None => found,
        }
    }

    /// The component to which a package's function gives styles that a template tells (`styled(Card)`…``).
    fn dressed(&self, file: FileId, tag: ExprId) -> Option<V> {
        if !matches!(self.program.facts(file).expr(tag), Expr::Call { .. }) {
            return None;
        }
        match &*self.expr(file, tag) {
            Value::Data(data) if data.root == Root::Call => data.origin().given.clone(),
            _ => None,
        }
    }

    /// What a tag is called with: the texts of the template, and each value in it.
    fn tagged(&self, file: FileId, quasi: ExprId) -> Vec<V> {
        let Expr::Template(parts) = self.program.facts(file).expr(quasi) else {
            return Vec::new();
        };
        let values = parts.iter().filter_map(|part| match part {
            TemplatePart::Value(value) => Some(self.expr(file, *value)),
            TemplatePart::Text(_) => None,
        });
        let texts = V::new(Value::Array(Vec::new()));
        std::iter::once(texts).chain(values).collect()
    }

    fn method_call(
        &self,
        file: FileId,
        call: &CallExpr<'_>,
        object: ExprId,
        name: &Name,
        args: &[V],
        spot: Spot,
    ) -> V {
        let receiver = self.expr(file, object);
        if let Some(value) = self.function_method(&receiver, name, args) {
            return value;
        }
        if self.is_called_by_method(file, call, &receiver, name) {
            let args = args.get(1..).unwrap_or_default();
            return self.plain_call(file, call, &receiver, args, spot);
        }
        let callee = self.expr(file, call.callee);
        self.method_of((&receiver, name), &callee, file, call, args, spot)
    }

    /// Whether what somebody hands over is called with an object of the caller's, or none (`run.call(this, event)`): a method
    /// of its own that has that name (`client.call('load')`) is seldom handed that.
    fn is_called_by_method(
        &self,
        file: FileId,
        call: &CallExpr<'_>,
        receiver: &V,
        name: &Name,
    ) -> bool {
        let is_param = |it: &V| matches!(&**unconditional(it), Value::Data(data) if matches!(data.root, Root::Param(..)));
        let facts = self.program.facts(file);
        let is_on_object = || match call.args.first() {
            Some(Item::Value(on)) => matches!(
                facts.expr(facts.uncast(*on)),
                Expr::This | Expr::Literal(Literal::Null | Literal::Undefined)
            ),
            _ => false,
        };
        name == "call" && receiver.alternatives().iter().all(is_param) && is_on_object()
    }

    /// What a method gives; `callee` is the member of the receiver.
    pub(super) fn method_of(
        &self,
        (receiver, name): (&V, &Name),
        callee: &V,
        file: FileId,
        call: &CallExpr<'_>,
        args: &[V],
        spot: Spot,
    ) -> V {
        // A value that came on several ways has a method on each of them.
        if let (Value::Union(parts), Value::Union(_)) = (&**receiver, &**callee) {
            return V::union(parts.iter().map(|part| {
                let callee = self.member(part, name, spot);
                self.method_of((part, name), &callee, file, call, args, spot)
            }));
        }
        // One that is there under a condition has it under that.
        if let (Value::When(condition, inner), Value::When(..)) = (&**receiver, &**callee) {
            let callee = self.member(inner, name, spot);
            let given = self.method_of((inner, name), &callee, file, call, args, spot);
            return when(condition, given);
        }
        // Of any one of the fields of several objects, a method that only a run knows is what it is of a field.
        let is_data = |part: &V| matches!(&**unconditional(part), Value::Data(_));
        let is_of_field = || {
            matches!(&**receiver, Value::FieldsOf(_)) && callee.alternatives().iter().all(is_data)
        };
        match &**callee {
            Value::Union(_) if is_of_field() && self.library.method(name).is_some() => {}
            Value::Function(_)
            | Value::Client(_)
            | Value::Class(..)
            | Value::Vendor(_)
            | Value::Instance(_)
            | Value::Union(_) => {
                return self.called(callee, call, file, args, spot);
            }
            Value::Object(_) if state_of(callee).is_some() => {
                return self.called(callee, call, file, args, spot);
            }
            _ => {}
        }
        // A digest's chain (`createHash('sha256').update(x).digest('hex')`): whatever is fed in is digested.
        if let Value::Changed(change @ Transform::Hash, inner) = &**receiver {
            return V::new(Value::Changed(
                *change,
                V::union(args.iter().cloned().chain([inner.clone()])),
            ));
        }
        let outside = matches!(
            &**receiver,
            Value::Data(Data {
                root: Root::Global | Root::Outside(_),
                ..
            })
        );
        let as_function = || {
            self.library
                .function(&callee_names(callee), package_of(callee))
        };
        // A function changes what it is given; one that is given nothing is a method of what stands before it.
        let is_own = args.is_empty() && self.library.method(name).is_some();
        let function = (outside && !is_own).then(as_function).flatten();
        let function = function.or_else(|| self.library.method_of_made(receiver, name));
        let known = match function {
            Some(rule) => Some((rule, None)),
            None => {
                let method = self.library.method(name);
                let method = method.filter(|rule| !self.is_no_list(rule, receiver, name));
                method.map(|rule| (rule, Some((receiver, name))))
            }
        };
        if let Some((rule, receiver)) = known {
            return self.effect(&LibraryCall {
                rule,
                receiver,
                args,
                call,
                file,
                spot,
                names: &callee_names(callee),
            });
        }
        match &**callee {
            Value::Data(data) => self.data_call(data, call, file, args, spot),
            // A method that a value of known making does not have gives nothing that is known.
            _ => V::unknown(spot, "it is the result of a call that is not known"),
        }
    }

    /// Whether a method that is called like one of lists is that of an object by its type (`repository.find(id)`).
    fn is_no_list(&self, rule: &TransformFunction, receiver: &V, name: &Name) -> bool {
        let is_of_lists = matches!(
            rule.does,
            Effect::Element | Effect::Elements | Effect::Map | Effect::FlatMap
        );
        let Value::Data(Data { ty: Some(ty), .. }) = &**unconditional(receiver) else {
            return false;
        };
        is_of_lists
            && match self.shapes.solid(ty) {
                Shape::Fields { fields, .. } => fields.get(name).is_some(),
                _ => false,
            }
    }

    pub(super) fn plain_call(
        &self,
        file: FileId,
        call: &CallExpr<'_>,
        callee: &V,
        args: &[V],
        spot: Spot,
    ) -> V {
        if let Value::Data(data) = &**callee {
            let rule = self.library.of(callee);
            if let Some(rule) = rule.or_else(|| self.library.of_made(callee)) {
                return self.effect(&LibraryCall {
                    rule,
                    receiver: None,
                    args,
                    call,
                    file,
                    spot,
                    names: &callee_names(callee),
                });
            }
            return match args {
                [thunk] if thunk.is_function() && self.is_dispatch(file, call.callee) => {
                    self.apply(thunk, &[], Some(spot))
                }
                _ => self.data_call(data, call, file, args, spot),
            };
        }
        self.called(callee, call, file, args, spot)
    }

    /// Whether a name holds what tells a store (`const dispatch = useDispatch()`).
    fn is_dispatch(&self, file: FileId, callee: ExprId) -> bool {
        let facts = self.program.facts(file);
        let mut rules = names_of(facts, callee).filter_map(|name| {
            let name = std::slice::from_ref(name);
            self.library.function(name, None)
        });
        rules.any(|rule| rule.does == Effect::Dispatch)
    }

    fn called(&self, callee: &V, call: &CallExpr<'_>, file: FileId, args: &[V], spot: Spot) -> V {
        // Of a table of functions through which a loop runs, it is each of them.
        if let Value::FieldsOf(table) = &**callee
            && picked_of(table).is_none()
        {
            return self.called(&self.element(table), call, file, args, spot);
        }
        let mut value = self.apply(callee, args, Some(spot));
        value = self.cookie_by_name(callee, args, value);
        if let (Value::Client(_), Value::Data(_)) = (&**callee, &*value)
            && let Some(given) = self.given_by_client(call, args, spot)
        {
            return given;
        }
        if call.is_new {
            value = made_at(value, spot);
        }
        match self.type_arg(file, call.types) {
            Some(ty) if !call.is_new => self.typed(value, &ty, false),
            _ => value,
        }
    }

    /// What a client gives of which its rule says nothing: what is measured or guarded is what the function for it gives
    /// (`startSpan(options, send)`), an object of a class for what is sent is what it is made of (`new AcmeUser({ email })`).
    fn given_by_client(&self, call: &CallExpr<'_>, args: &[V], spot: Spot) -> Option<V> {
        let run = function_of(args).map(|run| self.apply(run, &[], Some(spot)));
        run.filter(|given| !matches!(&**given, Value::Nothing))
            .or_else(|| match args {
                [given] if call.is_new && is_written(given) => Some(given.clone()),
                _ => None,
            })
    }

    /// The result of a call of something that only a run knows.
    pub(super) fn data_call(
        &self,
        data: &Data,
        call: &CallExpr<'_>,
        file: FileId,
        args: &[V],
        spot: Spot,
    ) -> V {
        // Built-in errors carry the text they are made with.
        if call.is_new
            && data.root == Root::Global
            && data.path.last().is_some_and(|name| name.ends_with("Error"))
        {
            return error_object(args);
        }
        if let Some(element) = self.made_element(data, args) {
            return element;
        }
        if let Some(state) = self.own_state(data) {
            return state;
        }
        if let Some(selected) = self.read_by_hook(data, args, spot) {
            return selected;
        }
        // An empty one, which takes fields from here on.
        let is_record = |name: &str| matches!(name, "FormData" | "URLSearchParams" | "Headers");
        if call.is_new
            && args.is_empty()
            && data.root == Root::Global
            && matches!(data.path.as_slice(), [name] if is_record(name))
        {
            return V::new(Value::Object(Object::default()));
        }
        if call.is_new
            && args.is_empty()
            && data.root == Root::Global
            && matches!(data.path.as_slice(), [name] if name == "Array")
        {
            return V::new(Value::Array(Vec::new()));
        }
        let declared = data.ty.as_ref().and_then(|ty| self.shapes.result(ty));
        let around = declared.is_none();
        // Of a function that is asked for something the object says what for (`useWatch({ name })`): what of it is a type
        // argument of its own.
        let is_asked = data.path.last().is_some_and(|it| self.library.answers(it));
        let is_part =
            is_asked && call.types.len() > 1 && matches!(args, [given] if is_written(given));
        let ty = declared.or_else(|| {
            let of_whole = self.type_arg(file, call.types);
            of_whole.filter(|_| !is_part)
        });
        let mut result = Data {
            ty,
            spot,
            choice: false,
            around: around && !call.types.is_empty(),
            ..data.clone()
        };
        result.owner = None;
        let is_outside = matches!(data.root, Root::Outside(_));
        let is_made = call.is_new || !is_outside;
        result = result.arising(|origin| {
            // What a function gives that another gave is known by that one (`customAlphabet(…)()`).
            if !data.path.is_empty() {
                origin.producer = Some(Name::from(data.path.join(".")));
            }
            origin.named = None;
            origin.given = match args {
                [given] if is_outside && !is_asked && is_written(given) => Some(given.clone()),
                _ if call.is_new || is_asked || data.root == Root::Global => None,
                _ => function_of(args).cloned(),
            };
            origin.made_of = match args {
                [only] if !is_made && matches!(&**only, Value::Data(_)) => Some(only.clone()),
                _ => None,
            };
            origin.runs = match call.is_new {
                true => None,
                false => run_by(data, args),
            };
        });
        if let Root::Param(of, _) = data.root {
            result.steps.push(self.result_step(of, args, Some(spot)));
            result.path = EcoVec::new();
        } else {
            result.root = Root::Call;
            result.steps.clear();
            result.path.clear();
        }
        result.aliases.clear();
        let ty = result.ty.clone();
        let value = V::new(Value::Data(result));
        match ty {
            Some(ty) => self.typed(value, &ty, true),
            None if call.is_new && data.root == Root::Global && is_of_form(data) => {
                self.entered_in_form(file, call.callee, value)
            }
            None => value,
        }
    }

    /// `f.bind(…)`, `f.call(…)`, `f.apply(…)`.
    fn function_method(&self, receiver: &V, name: &Name, args: &[V]) -> Option<V> {
        // A function of the platform or a library stays what it is (`fetch.bind(window)`).
        if let (Value::Data(data), "bind", [on]) = (&**receiver, name.as_str(), args)
            && matches!(data.root, Root::Global | Root::Outside(_))
            && on.as_str().is_none()
        {
            return Some(receiver.clone());
        }
        if !matches!(
            &**receiver,
            Value::Function(_) | Value::Client(_) | Value::Vendor(_)
        ) {
            return None;
        }
        match name.as_str() {
            "bind" => Some(match &**receiver {
                Value::Function(closure) => {
                    let bound = with_bound(closure, args.get(1..).unwrap_or_default());
                    V::new(Value::Function(Closure {
                        bound,
                        ..closure.clone()
                    }))
                }
                _ => receiver.clone(),
            }),
            "call" => Some(self.apply(receiver, args.get(1..).unwrap_or_default(), None)),
            "apply" => match args.get(1).map(|list| &**list) {
                Some(Value::Array(list)) => Some(self.apply(receiver, list, None)),
                Some(_) => {
                    Some(self.apply(receiver, &[V::new(Value::Spread(args[1].clone()))], None))
                }
                None => Some(self.apply(receiver, &[], None)),
            },
            _ => None,
        }
    }
}

/// The object that a `new` at this place makes. One of a class of errors stands behind what the error says.
fn made_at(value: V, spot: Spot) -> V {
    match &*value {
        Value::Instance(instance) => V::new(Value::Instance(Instance {
            made: Some(spot),
            ..instance.clone()
        })),
        Value::Object(error) if error.is_error => {
            let mut error = error.clone();
            let behind = error.spreads.iter().cloned();
            error.spreads = behind.map(|it| made_at(it, spot)).collect();
            V::new(Value::Object(error))
        }
        _ => value,
    }
}

/// Whether a constructor makes a record of a form.
fn is_of_form(constructor: &Data) -> bool {
    matches!(constructor.path.as_slice(), [name] if name == "FormData")
}

/// Whether a value is, or may be, an object that is written field by field.
fn is_written(value: &V) -> bool {
    value.alternatives().iter().any(|value| {
        matches!(&**unconditional(value), Value::Object(object) if !object.fields.is_empty())
    })
}

/// The only function among the arguments of a call.
pub(super) fn function_of(args: &[V]) -> Option<&V> {
    let mut functions = args.iter().filter(|arg| arg.is_function());
    functions.next().filter(|_| functions.next().is_none())
}

/// Which spread of an object is what the call at this place gives.
fn made_here(object: &Object, spot: Spot) -> Option<usize> {
    object.spreads.iter().position(|spread| {
        matches!(&**spread, Value::Data(data) if data.root == Root::Call && data.spot == spot)
    })
}
