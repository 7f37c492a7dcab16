//! Which name a computed key has, by the constant that it is written with.
//!
//! In: the expression of a key (`[IDS.MAIL]`), of a type or an object literal. Out: the name that a literal, a member of a
//! constant object or of an enumeration gives it, here or in another file. It leaves alone keys that only a run knows
//! (`by_key`).

use super::shapes::Shapes;
use crate::facts::{
    BindingId, BindingKind, Entry, Expr, ExprId, FileFacts, From, Item, Key, Literal, Name, Step,
    Type, TypeDeclId, TypeDeclKind, TypeMember,
};
use crate::link::Definition;
use crate::source::FileId;

/// Constants that stand for one another are followed this far.
const MAX_HOPS: usize = 12;
/// The global whose members are no names.
const SYMBOL: &str = "Symbol";
/// A function of the language that gives back what it is given.
const FREEZE: &str = "freeze";
const OBJECT: &str = "Object";

/// What stands for a constant.
enum Constant {
    Value(FileId, ExprId),
    Enum(FileId, TypeDeclId),
    Module(FileId),
}

/// What a computed key is.
pub(super) enum ConstantKey {
    /// A name.
    Named(Name),
    /// A symbol: nothing that is under one is copied, listed or sent.
    Symbol,
    /// Only a run knows.
    Unknown,
}

impl Shapes<'_> {
    /// What the key of a member of a type is; an index signature has none.
    pub(super) fn key_of_member(&self, file: FileId, member: &TypeMember) -> ConstantKey {
        match (&member.name, member.key) {
            (Some(name), _) => ConstantKey::Named(name.clone()),
            (None, Some(key)) => self.constant_key(file, key),
            (None, None) => ConstantKey::Unknown,
        }
    }

    /// What a computed key is.
    pub(super) fn constant_key(&self, file: FileId, key: ExprId) -> ConstantKey {
        match self.text_of(file, key, 0) {
            Some(name) => ConstantKey::Named(name),
            None if self.is_symbol(file, key) => ConstantKey::Symbol,
            None => ConstantKey::Unknown,
        }
    }

    /// The name that a member of an enumeration stands for: its text or number, or what it is called if it has none.
    pub(super) fn enum_value(&self, file: FileId, decl: TypeDeclId, member: &str) -> Option<Name> {
        self.value_in_enum(file, decl, member, 0)
    }

    /// The texts under these names in a constant object.
    pub(super) fn values_of(
        &self,
        file: FileId,
        object: ExprId,
        names: &[Name],
    ) -> Option<Vec<Name>> {
        let texts = names.iter().map(|name| {
            let held = self.constant(file, object, 0)?;
            match self.constant_in(held, name, 0)? {
                Constant::Value(file, value) => self.text_of(file, value, 0),
                _ => None,
            }
        });
        texts.collect()
    }

    /// Whether an expression is a literal, or a name that is declared to be one and cannot be anything else.
    pub(super) fn is_literal(&self, file: FileId, expr: ExprId) -> bool {
        match self.constant(file, expr, 0) {
            Some(Constant::Value(at, value)) => {
                let is_kept = matches!(self.program.facts(file).expr(expr), Expr::Member { .. });
                !is_kept && matches!(self.program.facts(at).expr(value), Expr::Literal(_))
            }
            _ => false,
        }
    }

    /// The declaration of a type that a name stands for, here or where it is imported from.
    pub(super) fn type_decl_of(
        &self,
        file: FileId,
        binding: BindingId,
    ) -> Option<(FileId, TypeDeclId)> {
        let found = match self.import_of(file, binding) {
            Some(Definition::Type(file, decl)) => return Some((file, decl)),
            Some(Definition::Binding(file, binding)) => (file, binding),
            Some(_) => return None,
            None => (file, binding),
        };
        let (file, binding) = self.declaration(found.0, found.1);
        let sources = &self.program.facts(file).binding(binding).sources;
        sources.iter().find_map(|source| match source.from {
            From::TypeDecl(decl) => Some((file, decl)),
            _ => None,
        })
    }

    fn value_in_enum(
        &self,
        file: FileId,
        decl: TypeDeclId,
        member: &str,
        depth: usize,
    ) -> Option<Name> {
        let TypeDeclKind::Enum(members) = &self.program.facts(file).type_decl(decl).kind else {
            return None;
        };
        let (name, value) = members.iter().find(|(name, _)| name == member)?;
        match value {
            Some(value) => self.text_of(file, *value, depth + 1),
            None => Some(name.clone()),
        }
    }

    fn text_of(&self, file: FileId, expr: ExprId, depth: usize) -> Option<Name> {
        if depth > MAX_HOPS {
            return None;
        }
        let (holder, member) = match self.program.facts(file).expr(expr) {
            Expr::Member { object, name, .. } => (*object, name.clone()),
            Expr::Index { object, index } => (*object, self.text_of(file, *index, depth + 1)?),
            _ => {
                let Constant::Value(file, value) = self.constant(file, expr, depth)? else {
                    return None;
                };
                return match self.program.facts(file).expr(value) {
                    Expr::Literal(Literal::String(text) | Literal::Number(text)) => {
                        Some(text.clone())
                    }
                    Expr::Member { .. } | Expr::Index { .. } => {
                        self.text_of(file, value, depth + 1)
                    }
                    _ => None,
                };
            }
        };
        match self.constant(file, holder, depth + 1)? {
            Constant::Enum(file, decl) => self.value_in_enum(file, decl, &member, depth),
            held => match self.constant_in(held, &member, depth)? {
                Constant::Value(file, value) => self.text_of(file, value, depth + 1),
                _ => None,
            },
        }
    }

    /// What an expression stands for, through names, imports and casts.
    fn constant(&self, file: FileId, expr: ExprId, depth: usize) -> Option<Constant> {
        if depth > MAX_HOPS {
            return None;
        }
        let facts = self.program.facts(file);
        match facts.expr(expr) {
            Expr::Cast { value, .. } => self.constant(file, *value, depth + 1),
            Expr::Call { callee, args, .. } => match frozen(facts, *callee, args) {
                Some(frozen) => self.constant(file, frozen, depth + 1),
                None => Some(Constant::Value(file, expr)),
            },
            Expr::Ref(binding) => match self.import_of(file, *binding) {
                Some(definition) => self.constant_defined(definition, depth + 1),
                None => self.constant_defined(Definition::Binding(file, *binding), depth + 1),
            },
            Expr::Member { object, name, .. } => {
                let held = self.constant(file, *object, depth + 1)?;
                self.constant_in(held, name, depth + 1)
            }
            _ => Some(Constant::Value(file, expr)),
        }
    }

    fn constant_defined(&self, definition: Definition, depth: usize) -> Option<Constant> {
        if depth > MAX_HOPS {
            return None;
        }
        match definition {
            Definition::Binding(file, binding) => {
                let (file, binding) = self.declaration(file, binding);
                let facts = self.program.facts(file);
                let binding = facts.binding(binding);
                let [source] = binding.sources.as_slice() else {
                    return None;
                };
                let is_const = binding.kind == BindingKind::Const;
                match (&source.from, source.path.as_slice()) {
                    (From::Expr(value), []) if is_const => self.constant(file, *value, depth + 1),
                    (From::Expr(value), [Step::Key(name)]) if is_const => {
                        let held = self.constant(file, *value, depth + 1)?;
                        self.constant_in(held, name, depth + 1)
                    }
                    (From::TypeDecl(decl), []) => Some(Constant::Enum(file, *decl)),
                    (From::Import(import), []) => {
                        let import = &facts.imports[import.index()];
                        let found =
                            self.program
                                .import(file, &import.specifier, &import.imported)?;
                        self.constant_defined(found, depth + 1)
                    }
                    _ => None,
                }
            }
            Definition::Expr(file, value) => self.constant(file, value, depth + 1),
            Definition::Type(file, decl) => Some(Constant::Enum(file, decl)),
            Definition::Namespace(file) => Some(Constant::Module(file)),
            Definition::MemberOf(file, object, name) => {
                let held = self.constant(file, object, depth + 1)?;
                self.constant_in(held, &name, depth + 1)
            }
            Definition::Outside { .. } => None,
        }
    }

    /// What stands under a name in a constant.
    fn constant_in(&self, held: Constant, name: &str, depth: usize) -> Option<Constant> {
        if depth > MAX_HOPS {
            return None;
        }
        match held {
            Constant::Value(file, object) => {
                let Expr::Object(entries) = self.program.facts(file).expr(object) else {
                    return None;
                };
                for entry in entries.iter().rev() {
                    let value = match entry {
                        Entry::Property {
                            key: Key::Name(key),
                            value,
                            getter: false,
                            ..
                        } => (key == name).then_some(*value),
                        Entry::Property {
                            key: Key::Computed(key),
                            value,
                            ..
                        } => {
                            let key = self.text_of(file, *key, depth + 1);
                            (key.as_deref() == Some(name)).then_some(*value)
                        }
                        Entry::Property { .. } => None,
                        Entry::Spread(spread) => {
                            let spread = self.constant(file, *spread, depth + 1)?;
                            if let Some(found) = self.constant_in(spread, name, depth + 1) {
                                return Some(found);
                            }
                            None
                        }
                    };
                    if let Some(value) = value {
                        return self.constant(file, value, depth + 1);
                    }
                }
                None
            }
            Constant::Module(file) => {
                let definition = self.program.export(file, name)?;
                self.constant_defined(definition, depth + 1)
            }
            Constant::Enum(..) => None,
        }
    }

    /// Whether a key is a symbol: one of the language, or a name that one is declared or made for.
    fn is_symbol(&self, file: FileId, key: ExprId) -> bool {
        let facts = self.program.facts(file);
        let is_global = |file: FileId, expr: ExprId| {
            matches!(self.program.facts(file).expr(expr),
                Expr::Global(name) if name == SYMBOL)
        };
        match facts.expr(key) {
            Expr::Member { object, .. } => is_global(file, *object),
            Expr::Ref(binding) => {
                let (file, binding) = self.declaration(file, *binding);
                let facts = self.program.facts(file);
                let binding = facts.binding(binding);
                let is_declared = binding.ty.is_some_and(|ty| match facts.ty(ty) {
                    Type::Keyword(word) => word.contains("symbol"),
                    _ => false,
                });
                let mut sources = binding.sources.iter();
                is_declared
                    || sources.any(|source| match source.from {
                        From::Nothing => true,
                        From::Expr(made) => match facts.expr(made) {
                            Expr::Call { callee, .. } => match facts.expr(*callee) {
                                Expr::Member { object, .. } => is_global(file, *object),
                                _ => is_global(file, *callee),
                            },
                            _ => false,
                        },
                        _ => false,
                    })
            }
            _ => false,
        }
    }
}

/// What `Object.freeze(…)` is given, which it gives back.
pub(super) fn frozen(facts: &FileFacts, callee: ExprId, args: &[Item]) -> Option<ExprId> {
    match (facts.expr(callee), args) {
        (Expr::Member { object, name, .. }, [Item::Value(frozen)]) if name == FREEZE => {
            let is_global = matches!(facts.expr(*object), Expr::Global(it) if it == OBJECT);
            is_global.then_some(*frozen)
        }
        _ => None,
    }
}
