//! The object literals of a file that do what an interface says.
//!
//! In: the facts of a file. Out: its object literals with functions in them, each with the type that the code says it is of.
//! It leaves alone what the type is (`registry`), and classes, which name what they implement.

use crate::facts::{Entry, Expr, ExprId, FileFacts, From, Type, TypeDeclKind, TypeId, TypeTarget};

/// The literals that a variable, a function's result or a cast gives a type of the program.
pub(super) fn typed_literals(facts: &FileFacts) -> Vec<(ExprId, TypeId)> {
    let mut found = Vec::new();
    let mut add = |value: ExprId, ty: TypeId| {
        if let Some(literal) = literal(facts, value)
            && names_type(facts, ty)
        {
            found.push((literal, ty));
        }
    };
    for binding in &facts.bindings {
        let Some(ty) = binding.ty else { continue };
        for source in &binding.sources {
            if let (From::Expr(value), []) = (source.from, source.path.as_slice()) {
                add(value, ty);
            }
        }
    }
    for function in &facts.functions {
        if let Some(ty) = function.return_type {
            function.returns.iter().for_each(|value| add(*value, ty));
        }
    }
    for node in &facts.exprs {
        if let Expr::Cast {
            value,
            ty: Some(ty),
            ..
        } = node.expr
        {
            add(value, ty);
        }
    }
    found
}

/// The object literal with functions in it that an expression is, or that a variable holds.
fn literal(facts: &FileFacts, value: ExprId) -> Option<ExprId> {
    match facts.expr(value) {
        Expr::Object(entries) => {
            let does = |entry: &Entry| match entry {
                Entry::Property { value, .. } => is_function(facts, *value),
                Entry::Spread(_) => false,
            };
            entries.iter().any(does).then_some(value)
        }
        Expr::Ref(binding) => match facts.constant(*binding) {
            Some(value) if matches!(facts.expr(value), Expr::Object(_)) => literal(facts, value),
            _ => None,
        },
        _ => None,
    }
}

fn is_function(facts: &FileFacts, value: ExprId) -> bool {
    match facts.expr(value) {
        Expr::Function(_) => true,
        Expr::Ref(binding) => facts.binding(*binding).sources.iter().any(|source| {
            source.path.is_empty()
                && match source.from {
                    From::Function(_) => true,
                    From::Expr(value) => matches!(facts.expr(value), Expr::Function(_)),
                    _ => false,
                }
        }),
        _ => false,
    }
}

/// Whether a type is one of the program's by its name, or a built-in one of such.
fn names_type(facts: &FileFacts, ty: TypeId) -> bool {
    let Type::Ref { target, args, .. } = facts.ty(ty) else {
        return false;
    };
    match target {
        TypeTarget::Binding(_) => true,
        TypeTarget::Decl(decl) => matches!(
            &facts.type_decl(*decl).kind,
            TypeDeclKind::Interface { .. } | TypeDeclKind::Alias(_)
        ),
        TypeTarget::Global => args.first().is_some_and(|arg| names_type(facts, *arg)),
        TypeTarget::Class(_) | TypeTarget::Param => false,
    }
}
