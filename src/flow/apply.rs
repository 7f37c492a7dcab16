//! What a call gives back.
//!
//! In: a call expression, or a callee with its arguments. Out: the value of the call. It leaves alone what the call does to
//! a vendor (`sinks`) and who is called (`propagate`).

use super::effects::LibraryCall;
use super::evaluate::{Evaluator, callee_names, package_of, shared};
use super::object::Object;
use super::shapes::TypeUse;
use super::substitute::with_bound;
use super::value::{
    Client, Closure, Data, Frames, Instance, Root, Spot, Step, V, Value, VendorThing,
};
use crate::facts::{Expr, ExprId, Item, Literal, Name, TypeId};
use crate::finding::Transform;
use crate::ruleset::schema::{ExportKind, GlobalKind};
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

    /// The value of a call expression.
    pub(super) fn call(&self, file: FileId, id: ExprId) -> V {
        let spot = self.spot(file, id);
        let facts = self.program.facts(file);
        let Some(call) = self.call_parts(file, id) else {
            return match facts.expr(id) {
                Expr::Tagged { quasi, .. } => self.expr(file, *quasi),
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
        let callee = self.expr(file, call.callee);
        match &*callee {
            Value::Function(_)
            | Value::Client(_)
            | Value::Class(..)
            | Value::Vendor(_)
            | Value::Instance(_)
            | Value::Union(_) => {
                return self.called(&callee, call, file, args, spot);
            }
            _ => {}
        }
        // A digest's chain (`createHash('sha256').update(x).digest('hex')`): whatever is fed in is digested.
        if let Value::Changed(change @ Transform::Hash, inner) = &*receiver {
            return V::new(Value::Changed(
                *change,
                V::union(args.iter().cloned().chain([inner.clone()])),
            ));
        }
        let outside = matches!(
            &*receiver,
            Value::Data(Data {
                root: Root::Global | Root::Outside(_),
                ..
            })
        );
        if outside
            && let Some(rule) = self
                .library
                .function(&callee_names(&callee), package_of(&callee))
        {
            return self.effect(&LibraryCall {
                rule,
                receiver: None,
                args,
                call,
                file,
                spot,
                names: &callee_names(&callee),
            });
        }
        if let Some(rule) = self.library.method(name) {
            return self.effect(&LibraryCall {
                rule,
                receiver: Some((&receiver, name)),
                args,
                call,
                file,
                spot,
                names: &callee_names(&callee),
            });
        }
        match &*callee {
            Value::Data(data) => self.data_call(data, call, file, args, spot),
            // A method that a value of known making does not have gives nothing that is known.
            _ => V::unknown(spot, "it is the result of a call that is not known"),
        }
    }

    fn plain_call(
        &self,
        file: FileId,
        call: &CallExpr<'_>,
        callee: &V,
        args: &[V],
        spot: Spot,
    ) -> V {
        if let Value::Data(data) = &**callee {
            let names = callee_names(callee);
            if let Some(rule) = self.library.function(&names, package_of(callee)) {
                return self.effect(&LibraryCall {
                    rule,
                    receiver: None,
                    args,
                    call,
                    file,
                    spot,
                    names: &names,
                });
            }
            return self.data_call(data, call, file, args, spot);
        }
        self.called(callee, call, file, args, spot)
    }

    fn called(&self, callee: &V, call: &CallExpr<'_>, file: FileId, args: &[V], spot: Spot) -> V {
        let value = self.apply(callee, args, Some(spot));
        match self.type_arg(file, call.types) {
            Some(ty) if !call.is_new => self.typed(value, &ty, false),
            _ => value,
        }
    }

    /// The result of a call of something that only a run knows.
    fn data_call(
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
        let mut ty = data.ty.as_ref().and_then(|ty| self.shapes.result(ty));
        ty = ty.or_else(|| self.type_arg(file, call.types));
        let mut result = Data {
            producer: Some(Name::from(data.path.join("."))),
            named: None,
            ty,
            spot,
            choice: false,
            ..data.clone()
        };
        result.owner = None;
        if matches!(data.root, Root::Param(..)) {
            result.steps.push(Step::Result);
            result.path = Vec::new();
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
            None => value,
        }
    }

    /// `f.bind(…)`, `f.call(…)`, `f.apply(…)`.
    fn function_method(&self, receiver: &V, name: &Name, args: &[V]) -> Option<V> {
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

    /// The value of calling (or constructing) a value.
    pub(super) fn apply(&self, callee: &V, args: &[V], spot: Option<Spot>) -> V {
        self.deeper(|| self.apply_here(callee, args, spot))
    }

    fn apply_here(&self, callee: &V, args: &[V], spot: Option<Spot>) -> V {
        match &**callee {
            Value::Function(closure) => {
                let frames = self.frames_of(closure, args);
                let result = self.result(closure.target);
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
                    (Value::Nothing, Some(spot))
                        if declared.return_type.is_some() || !declared.returns.is_empty() =>
                    {
                        let mut data = Data {
                            producer: declared.name.clone(),
                            ..Data::new(Root::Call, spot)
                        };
                        data.ty = declared
                            .return_type
                            .map(|ty| TypeUse::new(closure.target.file, ty));
                        V::new(Value::Data(data))
                    }
                    (Value::Data(data), Some(spot))
                        if data.producer.is_none() && data.path.is_empty() =>
                    {
                        V::new(Value::Data(Data {
                            producer: declared.name.clone(),
                            spot,
                            ..data.clone()
                        }))
                    }
                    _ => value,
                }
            }
            Value::Class(file, class) => {
                if self.is_error_class(*file, *class) {
                    return error_object(args);
                }
                V::new(Value::Instance(Instance {
                    file: *file,
                    class: *class,
                    args: args.to_vec(),
                    constructed: true,
                }))
            }
            Value::Client(client) => self.client_call(client, spot),
            Value::Vendor(VendorThing::Export { kind, .. }) if kind.0 == ExportKind::Hoc => {
                // The component, with more props; or what takes the component, set up.
                args.iter()
                    .find(|arg| matches!(&***arg, Value::Function(_) | Value::Class(..)))
                    .unwrap_or(callee)
                    .clone()
            }
            Value::Vendor(thing) => self.vendor_call(thing),
            Value::Union(parts) => V::union(parts.iter().map(|part| self.apply(part, args, spot))),
            Value::Data(data) if matches!(data.root, Root::Param(..)) => {
                let mut result = data.clone();
                result.steps.push(Step::Result);
                V::new(Value::Data(result))
            }
            Value::Data(data) => {
                let mut result = data.clone();
                result.producer = Some(Name::from(data.path.join(".")));
                result.root = Root::Call;
                result.path.clear();
                result.steps.clear();
                result.ty = data.ty.as_ref().and_then(|ty| self.shapes.result(ty));
                V::new(Value::Data(result))
            }
            _ => V::nothing(),
        }
    }

    /// The frames of a call of a closure: its own arguments and, for a method of a constructed object, its constructor's.
    pub(super) fn frames_of(&self, closure: &Closure, args: &[V]) -> Frames {
        let mut frames = super::substitute::frames_of(closure, args);
        if let Some(this) = &closure.this
            && let Value::Instance(instance) = &**this
            && instance.constructed
            && let Some(constructor) = self.constructor(instance.file, instance.class)
        {
            frames = frames.with(constructor, shared(&instance.args));
        }
        frames
    }

    fn client_call(&self, client: &Client, spot: Option<Spot>) -> V {
        let path = client.dotted();
        if let Some(given) = self
            .catalog
            .gives(client.vendor, &client.surface, &path, None, None)
        {
            return V::new(Value::Client(given));
        }
        let Some(spot) = spot else {
            return V::nothing();
        };
        V::new(Value::Data(Data {
            producer: Some(Name::from(path)),
            ..Data::new(Root::Call, spot)
        }))
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
                let client = V::new(Value::Client(Client {
                    vendor: *vendor,
                    surface: surface.clone(),
                    path: Vec::new(),
                    package: None,
                }));
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
                    .global(name, &[GlobalKind::Constructor, GlobalKind::Function])
                    .into_iter()
                    .filter_map(|(vendor, rule)| match rule.kind {
                        GlobalKind::Function => {
                            self.catalog.gives(vendor, &rule.surface, name, None, None)
                        }
                        _ => Some(Client {
                            vendor,
                            surface: Name::from(&rule.surface),
                            path: Vec::new(),
                            package: None,
                        }),
                    })
                    .map(|client| V::new(Value::Client(client))),
            ),
            VendorThing::Push { .. } => V::nothing(),
        }
    }
}

/// A function that only ever gives one of a few words back tells by which one what it was asked about.
fn choice_of(value: &V, name: &Option<Name>, spot: Spot) -> Option<V> {
    let words = value.alternatives();
    let all = words.len() > 1 && words.iter().all(|word| word.as_str().is_some());
    all.then(|| {
        V::new(Value::Data(Data {
            producer: name.clone(),
            choice: true,
            ..Data::new(Root::Call, spot)
        }))
    })
}

fn error_object(args: &[V]) -> V {
    let mut object = Object::default();
    if let Some(message) = args.first() {
        object.set(Name::const_new("message"), message.clone(), false);
    }
    if let Some(options) = args.get(1)
        && let Value::Object(options) = &**options
        && let Some(cause) = options.get("cause")
    {
        object.set(Name::const_new("cause"), cause, false);
    }
    if object.fields.is_empty() {
        object.set(
            Name::const_new("message"),
            V::new(Value::Literal(Literal::Undefined)),
            false,
        );
    }
    V::new(Value::Object(object))
}
