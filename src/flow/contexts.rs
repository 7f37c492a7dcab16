//! What is provided to whoever asks for it: contexts, injection keys, objects of a class.
//!
//! In: a call that asks (`useContext`, `inject`), a class that names a context, or the declaration of one. Out: what its
//! providers give. It leaves alone where values are provided (`registry`).

use std::collections::BTreeMap;

use super::by_key::picked_by;
use super::effects::LibraryCall;
use super::evaluate::{Evaluator, callee_names, package_of};
use super::object::Object;
use super::registry::PROVIDER;
use super::shapes::TypeUse;
use super::subject::ValueType;
use super::value::{Data, FnRef, Instance, Root, Spot, V, Value};
use crate::facts::{
    Binding, BindingId, Expr, ExprId, FileFacts, From, Item, MemberKind, Name, Source, Step, Type,
};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// The member of a component's class that names its context, and the one under which its objects have it.
const CONTEXT_TYPE: &str = "contextType";
pub(super) const CONTEXT: &str = "context";

impl Evaluator<'_> {
    /// What `useContext` and the like give: what was provided, or else what the context was made with.
    pub(super) fn context(&self, library: &LibraryCall<'_>) -> V {
        let spot = library.spot;
        if let Some((declared, key)) = self.asked_for(library) {
            if let Some(value) = self.offered(declared, &key, spot) {
                return value;
            }
            if self.is_told_by_callers(&key) && self.is_name(&key) {
                let provided = self.all_provided();
                if !provided.fields.is_empty() {
                    return picked_by(V::new(Value::Object(provided)), key, spot);
                }
            }
            match &*key {
                Value::Class(..) => return object_of(&key),
                Value::Data(Data {
                    root: Root::Outside(package),
                    path,
                    ..
                }) if path
                    .last()
                    .is_some_and(|name| self.library.is_sender(package, name)) =>
                {
                    return key;
                }
                _ => {}
            }
        }
        let unknown = Data::new(Root::Call, spot).made_by(Some(Name::const_new("context")));
        self.typed_by(library, V::new(Value::Data(unknown)))
    }

    /// What a container puts in by the key that a decorator names (`@Inject(KEY)`); nothing if nobody provides it, so that the
    /// type of what it is put into says what it is.
    pub(super) fn injected(&self, library: &LibraryCall<'_>) -> V {
        let Some((declared, key)) = self.asked_for(library) else {
            return V::nothing();
        };
        match self.offered(declared, &key, library.spot) {
            Some(provided) => V::union(provided.alternatives().iter().map(object_of)),
            None if matches!(&*key, Value::Class(..)) => object_of(&key),
            None => V::nothing(),
        }
    }

    /// The key that a call names first, and its declaration if it is a name.
    fn asked_for(&self, library: &LibraryCall<'_>) -> Option<(Option<(FileId, BindingId)>, V)> {
        let Some(Item::Value(key)) = library.call.args.first() else {
            return None;
        };
        let file = library.file;
        let declared = match self.program.facts(file).expr(*key) {
            Expr::Ref(binding) => Some(self.shapes.declaration(file, *binding)),
            _ => None,
        };
        Some((declared, self.expr(file, *key)))
    }

    /// What an object of a component that is a class has as its `context`: the value of the one that the class names
    /// (`static contextType = Session`, or assigned behind the class).
    pub(super) fn context_of_class(&self, instance: &Instance, spot: Spot) -> Option<V> {
        let (file, class) = (instance.file, instance.class);
        let (file, key) = match self.find_member(file, class, CONTEXT_TYPE, true) {
            Some((file, member)) => match member.kind {
                MemberKind::Field { value, .. } => (file, value?),
                _ => return None,
            },
            None => (file, self.written_by_name(file, class, CONTEXT_TYPE)?),
        };
        let Expr::Ref(binding) = self.program.facts(file).expr(key) else {
            return None;
        };
        let declared = self.shapes.declaration(file, *binding);
        self.offered(Some(declared), &self.expr(file, key), spot)
    }

    /// What is provided under a key, or else what the context is made with that it names.
    fn offered(&self, declared: Option<(FileId, BindingId)>, key: &V, spot: Spot) -> Option<V> {
        let provided = self.provided(declared, key);
        match &*provided {
            Value::Nothing => self.of_context(declared?, spot),
            _ => Some(provided),
        }
    }

    /// Whether a name is declared as what can be asked for by `useContext`.
    pub(super) fn is_context(&self, (file, context): (FileId, BindingId)) -> bool {
        let sources = self.program.facts(file).binding(context).sources.iter();
        let mut made = sources.filter_map(|source| match source.from {
            From::Expr(made) => self.call_parts(file, made),
            _ => None,
        });
        made.any(|call| {
            let callee = self.expr(file, call.callee);
            let names = callee_names(&callee);
            let rule = self.library.function(&names, package_of(&callee));
            rule.is_some_and(|rule| rule.does == Effect::MakeContext)
        })
    }

    /// What is provided under a key: under the same declared name, or under the same text.
    fn provided(&self, declared: Option<(FileId, BindingId)>, key: &V) -> V {
        let text = key.as_str();
        let injected = text.and_then(|text| self.registry.injected.get(&Name::from(text)));
        let injected = injected.into_iter().flatten().copied();
        let provisions = self.registry.provisions.get(&()).into_iter().flatten();
        let found = provisions.filter(|(file, known, _)| {
            match (declared, self.program.facts(*file).expr(*known)) {
                (Some(declared), Expr::Ref(known)) => {
                    self.shapes.declaration(*file, *known) == declared
                }
                _ => text.is_some() && text == self.expr(*file, *known).as_str(),
            }
        });
        let found = found.map(|(file, _, value)| (*file, *value));
        V::union(
            injected
                .chain(found)
                .map(|(file, value)| self.expr(file, value)),
        )
    }

    /// Whether a key is declared to be a text, and no context.
    fn is_name(&self, key: &V) -> bool {
        let Value::Data(data) = &**key else {
            return false;
        };
        let is_text = |ty: &TypeUse| {
            let kind = self.shapes.value_type(ty);
            matches!(kind, ValueType::String | ValueType::Choice)
        };
        data.ty.as_ref().is_some_and(is_text) || self.is_one_of_names(data)
    }

    /// Whether a parameter is declared to be one of the names of a type (`<Part extends keyof Context>(part: Part)`).
    fn is_one_of_names(&self, data: &Data) -> bool {
        let Root::Param(FnRef { file, function }, index) = data.root else {
            return false;
        };
        let facts = self.program.facts(file);
        let function = facts.function(function);
        let declared = function.params.get(index as usize).and_then(|it| it.ty);
        let Some(Type::Ref { path, .. }) = declared.map(|ty| facts.ty(ty)) else {
            return false;
        };
        let mut params = function.type_params.iter();
        let param = params.find(|param| **path == [param.name.clone()]);
        let constraint = param.and_then(|param| param.constraint);
        constraint.is_some_and(|ty| matches!(facts.ty(ty), Type::KeyOf(_)))
    }

    /// All that is provided under a text, by that, for who hands on what its callers ask for (`get = (name) => getContext(name)`).
    fn all_provided(&self) -> Object {
        let names: Vec<Name> = self.registry.injected.keys().cloned().collect();
        let mut all = Object::default();
        for name in names {
            let provided = self.registry.injected.get(&name).into_iter().flatten();
            let value = V::union(provided.map(|(file, value)| self.expr(*file, *value)));
            all.set(name, value, false);
        }
        all
    }

    /// What the providers of a context give, by the context itself, its `Provider`, or another name of that.
    fn given(&self, context: (FileId, BindingId)) -> Vec<(FileId, ExprId)> {
        let facts = self.program.facts(context.0);
        let provided = self.registry.provided.get(&context).into_iter().flatten();
        let mut found: Vec<(FileId, ExprId)> = provided.copied().collect();
        let names = std::iter::once(context.1).chain(providers_of(facts, context.1));
        for name in names {
            let given = self.registry.given.get(&facts.binding(name).name);
            let given = given.into_iter().flatten();
            let of_this = given.filter(|(file, component, _)| {
                self.shapes.declaration(*file, *component) == (context.0, name)
            });
            found.extend(of_this.map(|(file, _, value)| (*file, *value)));
        }
        found
    }

    /// The value of a context: what its providers give, or else what it was made with.
    pub(super) fn of_context(&self, context: (FileId, BindingId), spot: Spot) -> Option<V> {
        let provided = self.given(context).into_iter();
        let mut found: Vec<V> = provided
            .map(|(file, value)| self.expr(file, value))
            .collect();
        let binding = self.program.facts(context.0).binding(context.1);
        let mut ty = None;
        let mut defaults = Vec::new();
        for source in &binding.sources {
            if let From::Expr(made) = source.from
                && let Some(made) = self.call_parts(context.0, made)
            {
                defaults.extend(self.items(context.0, made.args));
                ty = ty.or_else(|| self.type_arg(context.0, made.types));
            }
        }
        let data = Data::new(Root::Kept, spot).made_by(Some(binding.name.clone()));
        let whole = V::new(Value::Data(data));
        let whole = match &ty {
            Some(ty) => self.typed(whole, ty, false),
            None => whole,
        };
        // A provider that cannot be seen puts something in the place of what a context is made with blank.
        let defaults = defaults.iter();
        found.extend(defaults.map(|it| self.to_be_filled(it, || whole.clone(), spot)));
        let value = V::union(found);
        if !matches!(&*value, Value::Nothing) {
            return Some(value);
        }
        ty.map(|_| whole)
    }
}

/// Who asks for a class gets an object of it.
fn object_of(value: &V) -> V {
    match &**value {
        Value::Class(file, class) => V::new(Value::Instance(Instance::of_class(*file, *class))),
        _ => value.clone(),
    }
}

/// The declarations of what values are provided for, with the values: contexts, and keys that are no texts.
pub(super) fn provisions(
    evaluator: &Evaluator<'_>,
) -> BTreeMap<(FileId, BindingId), Vec<(FileId, ExprId)>> {
    let Evaluator {
        program,
        registry,
        shapes,
        ..
    } = evaluator;
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (context, values) in registry.provided.iter() {
        found.entry(*context).or_default().extend(values);
    }
    for (file, component, value) in registry.given.iter().flat_map(|(_, given)| given) {
        let (at, named) = shapes.declaration(*file, *component);
        let facts = program.facts(at);
        let contexts = facts.binding(named).sources.iter();
        let contexts = contexts.filter_map(|source| context_of_provider(facts, source));
        for context in contexts.chain(
            [named]
                .into_iter()
                .filter(|it| evaluator.is_context((at, *it))),
        ) {
            found
                .entry((at, context))
                .or_default()
                .push((*file, *value));
        }
    }
    for (file, key, value) in registry.provisions.iter().flat_map(|(_, all)| all) {
        if let Expr::Ref(key) = program.facts(*file).expr(*key) {
            let key = shapes.declaration(*file, *key);
            found.entry(key).or_default().push((*file, *value));
        }
    }
    found
}

/// The variables beside a context that hold its provider (`const UserProvider = UserContext.Provider`).
pub(super) fn providers_of(
    facts: &FileFacts,
    context: BindingId,
) -> impl Iterator<Item = BindingId> + '_ {
    let bindings = (0..).map(BindingId).zip(&facts.bindings);
    let holds = move |binding: &Binding| {
        let mut sources = binding.sources.iter();
        sources.any(|source| context_of_provider(facts, source) == Some(context))
    };
    bindings.filter_map(move |(id, binding)| holds(binding).then_some(id))
}

/// The context whose provider a variable holds.
fn context_of_provider(facts: &FileFacts, source: &Source) -> Option<BindingId> {
    let From::Expr(expr) = source.from else {
        return None;
    };
    let context = match (source.path.as_slice(), facts.expr(expr)) {
        ([Step::Key(name)], _) if name == PROVIDER => expr,
        ([], Expr::Member { object, name, .. }) if name == PROVIDER => *object,
        _ => return None,
    };
    match facts.expr(context) {
        Expr::Ref(context) => Some(*context),
        _ => None,
    }
}
