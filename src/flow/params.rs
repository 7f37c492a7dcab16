//! What a parameter is, before any caller is known.
//!
//! In: a function and the position of a parameter. Out: what a library or a vendor's call is known to hand to such a
//! function (`users.map(user => …)`, the options of an SDK, a higher-order component), or else the parameter itself. It
//! leaves alone what the app's own calls hand over (`substitute`, `propagate`).

use super::catalog::Handed;
use super::evaluate::{Evaluator, Task, callee_names, package_of};
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::value::{Client, Data, FnRef, Root, Spot, V, Value, VendorThing};
use super::wrapped::runs;
use crate::facts::PLATFORM;
use crate::facts::{Expr, ExprId, From, Item, JsxTag, Literal};
use crate::ruleset::schema::{Effect, ExportKind, TransformFunction};
use crate::source::FileId;

impl Evaluator<'_> {
    /// The value of a parameter: what the function it belongs to is known to be called with by a library, or itself.
    pub(super) fn param(&self, function: FnRef, index: u32) -> V {
        let facts = self.program.facts(function.file);
        let declared = facts.function(function.function);
        let Some(param) = declared.params.get(index as usize) else {
            return V::nothing();
        };
        let spot = Spot {
            file: function.file,
            span: param.span,
        };
        self.once(Task::param(function, index), spot, || {
            if let Some(value) = self.given_by_library(function, index) {
                return param.ty.map_or(value.clone(), |ty| {
                    self.typed(value, &TypeUse::new(function.file, ty), false)
                });
            }
            if let Some(value) = self.given_by_snippet(function, index) {
                return value;
            }
            if let Some(props) = self.given_by_route(function, index, spot) {
                return props;
            }
            let positions = self.positions(function.file);
            if let (0, Some(context)) = (index, positions.consumes.get(&function.function))
                && let Some(value) = self.of_context(*context, spot)
            {
                return value;
            }
            let ty = match param.ty {
                Some(ty) => Some(TypeUse::new(function.file, ty)),
                None => self
                    .shapes
                    .expected_param(function.file, function.function, index)
                    .filter(|ty| !matches!(self.shapes.shape(ty), Shape::Unknown)),
            };
            let path = param.name.iter().cloned().collect();
            let data = Data {
                path,
                ty,
                ..Data::new(Root::Param(function, index), spot)
            };
            if let Some(entered) = self.given_by_field(function, index, &data) {
                return entered;
            }
            if data.ty.is_none()
                && let Some(record) = self.given_by_form(function, index)
            {
                return record;
            }
            if let Some(mut props) = self.given_by_hoc(function, index) {
                props.spreads.push(V::new(Value::Data(data)));
                return V::new(Value::Object(props));
            }
            let shape = data.ty.as_ref().map(|ty| self.shapes.shape(ty));
            self.known_by_type(shape, data)
        })
    }

    /// What a snippet calls its own function with: the page's global object under another name, and the names by which it
    /// reads members of that (`(function (w, n) { w[n] = … })(window, 'acme')`).
    fn given_by_snippet(&self, function: FnRef, index: u32) -> Option<V> {
        let file = function.file;
        let call = *self.positions(file).called.get(&function.function)?;
        let facts = self.program.facts(file);
        let Expr::Call { args, .. } = facts.expr(call) else {
            return None;
        };
        let is_platform = |item: &Item| match item {
            Item::Value(value) => {
                matches!(facts.expr(*value), Expr::Global(name) if PLATFORM.contains(&name.as_str()))
            }
            Item::Spread(_) | Item::Hole => false,
        };
        let given = args
            .get(index as usize)
            .filter(|_| args.iter().any(is_platform))?;
        let Item::Value(value) = given else {
            return None;
        };
        let is_name = matches!(facts.expr(*value), Expr::Literal(Literal::String(_)));
        (is_platform(given) || is_name).then(|| self.expr(file, *value))
    }

    /// The props that a vendor's higher-order component adds to those of a component.
    fn given_by_hoc(&self, function: FnRef, index: u32) -> Option<Object> {
        let positions = self.positions(function.file);
        let at = &function.function;
        let literal = positions.argument_of.get(at).map(|(call, _)| call);
        let call = *literal.or_else(|| positions.named_in.get(at))?;
        if index != 0 {
            return None;
        }
        let callee = self.call_parts(function.file, call)?.callee;
        let Value::Vendor(VendorThing::Export {
            vendor,
            kind,
            surface,
            members,
            ..
        }) = &*self.expr(function.file, callee)
        else {
            return None;
        };
        if kind.0 != ExportKind::Hoc {
            return None;
        }
        let client = V::new(Value::Client(Client::new(*vendor, surface.clone())));
        let mut props = Object::default();
        for member in members {
            props.set(member.clone(), client.clone(), false);
        }
        Some(props)
    }

    /// The client that a vendor's call hands to a function under a key of its options.
    fn given_by_option(&self, function: FnRef, index: u32) -> Option<V> {
        let positions = self.positions(function.file);
        let (call, position, key) = positions.option_of.get(&function.function)?;
        let handed = Some(Handed {
            argument: *position,
            key: Some(key),
            parameter: index,
        });
        let callee = match self.program.facts(function.file).expr(*call) {
            Expr::Call { callee, .. } | Expr::New { callee, .. } => *callee,
            Expr::Jsx {
                tag: JsxTag::Component(tag),
                ..
            } => *tag,
            _ => return None,
        };
        let given = match &*self.expr(function.file, callee) {
            Value::Client(client) => {
                self.catalog
                    .gives(client.vendor, &client.surface, &client.dotted(), handed)
            }
            Value::Vendor(VendorThing::Export {
                vendor,
                surface,
                name,
                ..
            }) => self.catalog.gives(*vendor, surface, name, handed),
            _ => None,
        };
        given.map(|client| V::new(Value::Client(client)))
    }

    /// What a library calls a function with that stands in its arguments (`users.map(user => …)`).
    fn given_by_library(&self, function: FnRef, index: u32) -> Option<V> {
        let file = function.file;
        let facts = self.program.facts(file);
        if let Some(given) = self.given_by_option(function, index) {
            return Some(given);
        }
        let positions = self.positions(file);
        if let (0, Some((call, position, key))) =
            (index, positions.option_of.get(&function.function))
            && let Expr::Call { callee, args, .. } = facts.expr(*call)
            && let Some(query) = self.query(&self.expr(file, *callee))
            && query.arg == *position
            && query.key.as_ref() == Some(key)
        {
            let options = self.expr(file, args.get(*position)?.expr()?);
            return self.query_context(query, &options, self.spot(file, *call));
        }
        let &(call, position) = positions.argument_of.get(&function.function)?;
        let Expr::Call { callee, args, .. } = facts.expr(call) else {
            return None;
        };
        let callee_value = self.expr(file, *callee);
        let handed = Some(Handed {
            argument: position,
            key: None,
            parameter: index,
        });
        if let Value::Client(Client {
            vendor,
            surface,
            path,
            ..
        }) = &*callee_value
        {
            return self
                .catalog
                .gives(*vendor, surface, &path.join("."), handed)
                .map(|client| V::new(Value::Client(client)));
        }
        // `queue.push(client => …)`
        if let Value::Vendor(VendorThing::Push { name }) = &*callee_value {
            let given = self
                .catalog
                .globals(name)
                .iter()
                .find_map(|(vendor, global)| {
                    self.catalog.gives(*vendor, &global.surface, "push", handed)
                });
            return given.map(|client| V::new(Value::Client(client)));
        }
        let Expr::Member { object, name, .. } = facts.expr(*callee) else {
            let names = callee_names(&callee_value);
            let rule = self.library.of(&callee_value)?;
            let state = || {
                let state = Data::new(Root::Call, self.spot(file, call));
                V::new(Value::Data(state.made_by(names.last().cloned())))
            };
            if rule.does == Effect::Derive && (index, position) == (0, rule.arg + 1) {
                let Some(Item::Value(holders)) = args.get(rule.arg) else {
                    return None;
                };
                return Some(self.watched(&self.expr(file, *holders), self.spot(file, call)));
            }
            if rule.does == Effect::Queries && (index, position) == (0, rule.arg + 1) {
                let key = self.expr(file, args.get(rule.arg)?.expr()?);
                return self.query_context(rule, &key, self.spot(file, call));
            }
            if let Some(given) = self.given_each(rule, file, args, (index, position)) {
                return Some(given);
            }
            let is_given = match rule.does {
                Effect::Watches => index < 2,
                Effect::Fetches => index == 0,
                _ => false,
            };
            if is_given && position == rule.arg + 1 {
                let Some(Item::Value(source)) = args.get(rule.arg) else {
                    return None;
                };
                return Some(self.given_by(&self.expr(file, *source), self.spot(file, call)));
            }
            return (rule.does == Effect::Select && index == 0).then(state);
        };
        if matches!(&*callee_value, Value::Function(_) | Value::Client(_)) {
            return None;
        }
        // `Array.from(users, user => …)`, `_.forOwn(user, (value, name) => …)`
        if let Some(rule) =
            (self.library).function(&callee_names(&callee_value), package_of(&callee_value))
            && let Some(given) = self.given_each(rule, file, args, (index, position))
        {
            return Some(given);
        }
        let rule = self.library.method(name)?;
        let receiver = self.expr(file, *object);
        match rule.does {
            Effect::Then if index == 0 && position == usize::from(name == "then") => {
                let unknown = Data {
                    path: facts.function(function.function).params[0]
                        .name
                        .iter()
                        .cloned()
                        .collect(),
                    ..Data::new(Root::Caught, self.spot(file, call))
                };
                let caught = self.thrown_by(file, *object);
                Some(V::union([V::new(Value::Data(unknown)), caught]))
            }
            Effect::Then if index == 0 && position == 0 => Some(receiver),
            Effect::Watch if index == 0 && position == 0 => {
                Some(self.held_by(&receiver, self.spot(file, call)))
            }
            Effect::Reduce if position == 0 && index == 1 => Some(self.element(&receiver)),
            Effect::Reduce if position == 0 && index == 0 => match args.get(1) {
                Some(Item::Value(start)) => Some(self.expr(file, *start)),
                _ => Some(self.element(&receiver)),
            },
            Effect::Map | Effect::FlatMap | Effect::Elements | Effect::Element | Effect::Drop
                if index == 0 && position == 0 && args.len() == 1 =>
            {
                Some(self.element(&receiver))
            }
            _ => None,
        }
    }

    /// What a function at a position of a call gets as a parameter of what the call runs through: an element of a list, the value
    /// or the name of a field.
    fn given_each(
        &self,
        rule: &TransformFunction,
        file: FileId,
        args: &[Item],
        (index, position): (u32, usize),
    ) -> Option<V> {
        let is_meant = position == rule.arg.checked_sub(1).unwrap_or(1);
        let given = || Some(self.expr(file, args.get(rule.arg)?.expr()?));
        match (rule.does, index) {
            (Effect::Map, 0) if is_meant => Some(self.element(&given()?)),
            (Effect::EachField, 0) if is_meant => Some(V::new(Value::FieldsOf(given()?))),
            (Effect::EachField, 1) if is_meant => Some(V::new(Value::KeysOf(given()?))),
            _ => None,
        }
    }

    /// Whether a function is written as an argument of a call that does more with it than give it back: what it is called
    /// with is then the callee's business, and what it reads from that is its own.
    pub(super) fn is_callback(&self, function: FnRef) -> bool {
        let positions = self.positions(function.file);
        let Some(&(call, _)) = positions.argument_of.get(&function.function) else {
            return false;
        };
        let Some(parts) = self.call_parts(function.file, call) else {
            return false;
        };
        // A listener is called with what is announced, so whoever announces it supplies the value.
        if let Expr::Member { name, .. } = self.program.facts(function.file).expr(parts.callee)
            && self
                .library
                .method(name)
                .is_some_and(|rule| matches!(rule.does, Effect::Listen | Effect::Observe))
        {
            return false;
        }
        if self.is_given_back(call, function) {
            return false;
        }
        let callee = self.expr(function.file, parts.callee);
        let rule = self
            .library
            .function(&callee_names(&callee), package_of(&callee));
        rule.is_none_or(|rule| {
            !matches!(
                rule.does,
                Effect::SameFunction
                    | Effect::Observe
                    | Effect::Receive
                    | Effect::EventContext
                    | Effect::Partial
                    | Effect::Curry
                    | Effect::Operations
            )
        })
    }

    /// Whether a call gives a function back that it is handed; or what runs it, which is then kept under a name. What a
    /// package's function gives that nobody keeps is not for calling (`app.post('/at', handler)`).
    fn is_given_back(&self, call: ExprId, function: FnRef) -> bool {
        let given = self.expr(function.file, call);
        given.alternatives().iter().any(|it| match &**it {
            Value::Function(closure) => closure.target == function,
            _ => {
                runs(it).any(|closure| closure.target == function)
                    && self.is_kept(function.file, call)
            }
        })
    }

    /// Whether what an expression gives has a name.
    fn is_kept(&self, file: FileId, expr: ExprId) -> bool {
        let mut bindings = self.program.facts(file).bindings.iter();
        bindings.any(|binding| {
            let mut sources = binding.sources.iter();
            sources.any(|it| matches!(it.from, From::Expr(from) if from == expr))
        })
    }
}
