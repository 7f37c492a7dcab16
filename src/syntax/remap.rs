//! Places of what was not read where it stands.
//!
//! In: the facts of a file, and where a place of its scripts lies in the file. Out: the same facts, every place of which is
//! in the file. It leaves alone everything but places.

use crate::facts::{Entry, Expr, FileFacts, Source, Type, TypeDeclKind, TypeMember, Write};
use crate::source::Span;
use thin_vec::ThinVec;

/// Moves every place.
pub(super) fn remap(facts: &mut FileFacts, to: impl Fn(Span) -> Span) {
    let move_it = |span: &mut Span| *span = to(*span);
    let writes = |writes: &mut [Write]| writes.iter_mut().for_each(|it| move_it(&mut it.span));
    let sources = |all: &mut ThinVec<Source>| all.iter_mut().for_each(|it| move_it(&mut it.span));
    let members =
        |members: &mut ThinVec<TypeMember>| members.iter_mut().for_each(|it| move_it(&mut it.span));
    for node in &mut facts.exprs {
        move_it(&mut node.span);
        match &mut node.expr {
            Expr::Member { name_span, .. } => move_it(name_span),
            Expr::Object(entries) | Expr::Jsx { props: entries, .. } => {
                for entry in entries {
                    if let Entry::Property { span, .. } = entry {
                        move_it(span);
                    }
                }
            }
            _ => {}
        }
    }
    for binding in &mut facts.bindings {
        move_it(&mut binding.span);
        sources(&mut binding.sources);
        writes(&mut binding.writes);
    }
    for function in &mut facts.functions {
        move_it(&mut function.span);
        for param in &mut function.params {
            move_it(&mut param.span);
        }
    }
    for class in &mut facts.classes {
        move_it(&mut class.span);
        writes(&mut class.writes);
        for member in &mut class.members {
            move_it(&mut member.span);
        }
    }
    for ty in &mut facts.types {
        if let Type::Object(object) = ty {
            members(object);
        }
    }
    for decl in &mut facts.type_decls {
        move_it(&mut decl.span);
        if let TypeDeclKind::Interface { members: own, .. } = &mut decl.kind {
            members(own);
        }
    }
    for import in &mut facts.imports {
        move_it(&mut import.span);
    }
    for export in &mut facts.exports {
        move_it(&mut export.span);
    }
    writes(&mut facts.writes);
    facts.loops.iter_mut().for_each(move_it);
    for problem in &mut facts.problems {
        move_it(&mut problem.span);
    }
    let exprs = &facts.exprs;
    facts
        .calls
        .sort_by_key(|call| exprs[call.index()].span.start);
}
