//! What is provided to whoever asks for it: contexts, injection keys, objects of a class.
//!
//! In: a call that asks (`useContext`, `inject`), or the declaration of a context. Out: what its providers give. It leaves
//! alone where values are provided (`registry`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::registry::PROVIDER;
use super::value::{Data, Instance, Root, Spot, V, Value};
use crate::facts::{Binding, BindingId, Expr, ExprId, FileFacts, From, Item, Name, Step};
use crate::source::FileId;

impl Evaluator<'_> {
    /// What `useContext` and the like give: what was provided, or else what the context was made with.
    pub(super) fn context(&self, library: &LibraryCall<'_>) -> V {
        let LibraryCall {
            file, call, spot, ..
        } = *library;
        let facts = self.program.facts(file);
        if let Some(Item::Value(key)) = call.args.first() {
            let declared = match facts.expr(*key) {
                Expr::Ref(binding) => Some(self.shapes.declaration(file, *binding)),
                _ => None,
            };
            let provided = self.provided(declared, &self.expr(file, *key));
            if !matches!(&*provided, Value::Nothing) {
                return provided;
            }
            if let Some(value) = declared.and_then(|context| self.of_context(context, spot)) {
                return value;
            }
            // Who asks for a class gets an object of it.
            let key = self.expr(file, *key);
            match &*key {
                Value::Class(file, class) => {
                    return V::new(Value::Instance(Instance {
                        file: *file,
                        class: *class,
                        args: Vec::new(),
                        constructed: false,
                        made: None,
                    }));
                }
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

/// The variables beside a context that hold its provider (`const UserProvider = UserContext.Provider`).
pub(super) fn providers_of(
    facts: &FileFacts,
    context: BindingId,
) -> impl Iterator<Item = BindingId> + '_ {
    let is_context =
        move |expr: ExprId| matches!(facts.expr(expr), Expr::Ref(named) if *named == context);
    let bindings = (0..).map(BindingId).zip(&facts.bindings);
    let holds = move |binding: &Binding| {
        binding
            .sources
            .iter()
            .any(|source| match (&source.from, source.path.as_slice()) {
                (From::Expr(whole), [Step::Key(name)]) => name == PROVIDER && is_context(*whole),
                (From::Expr(member), []) => match facts.expr(*member) {
                    Expr::Member { object, name, .. } => name == PROVIDER && is_context(*object),
                    _ => false,
                },
                _ => false,
            })
    };
    bindings.filter_map(move |(id, binding)| holds(binding).then_some(id))
}
