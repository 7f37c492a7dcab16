//! What the tree adds to types of packages, where it leads to a vendor.
//!
//! In: the declarations of a file (`declare module 'server' { interface Request { analytics: Analytics } }`, or the same in a
//! namespace of `declare global` that a package's types extend). Out: the names by which others reach it, and the packages
//! whose objects have it. It leaves alone what the types are then (`declared`), and what leads (`leads`).
//!
//! Who has an object of such a type need not name the file or what it adds (`request.analytics.track(…)`).

use std::collections::BTreeSet;

use super::evaluate::Evaluator;
use super::leads::Leads;
use super::shapes::TypeUse;
use super::terms::Term;
use crate::facts::{
    Exported, FileFacts, Imported, Name, Type, TypeDeclId, TypeDeclKind, TypeTarget,
};
use crate::link::{Definition, Program};
use crate::source::FileId;

/// What a file adds.
pub(super) struct Added<'p> {
    facts: &'p FileFacts,
    /// The declarations with the members that lead to a vendor.
    members: Vec<(TypeDeclId, &'p Name)>,
}

impl<'p> Added<'p> {
    /// What a file adds that leads to a vendor.
    pub(super) fn by(evaluator: &Evaluator<'p>, leads: &mut Leads<'_, 'p>, file: FileId) -> Self {
        let facts = evaluator.program.facts(file);
        let of_modules = facts.modules.iter().flat_map(|(_, exported)| exported);
        let added = of_modules.filter_map(|(_, exported)| match exported {
            Exported::Type(decl) => Some(*decl),
            _ => None,
        });
        let all = (0..).map(TypeDeclId).zip(&facts.type_decls);
        let global = all.filter(|(_, decl)| decl.global).map(|(id, _)| id);
        let mut members = Vec::new();
        for decl in added.chain(global) {
            let TypeDeclKind::Interface { members: own, .. } = &facts.type_decl(decl).kind else {
                continue;
            };
            for member in own {
                if let (Some(name), Some(ty)) = (&member.name, member.ty)
                    && leads.type_use(&TypeUse::new(file, ty), 0)
                {
                    members.push((decl, name));
                }
            }
        }
        Self { facts, members }
    }

    /// How the members are read: by a dot, or out of an object.
    pub(super) fn terms(&self) -> impl Iterator<Item = Term> {
        let names = self.members.iter().map(|(_, name)| name);
        names.flat_map(|name| {
            [".", "{ ", "{"].map(|before| Term::anywhere(format!("{before}{name}")))
        })
    }

    /// The packages to whose types they are added.
    pub(super) fn packages(&self, program: &Program<'_>) -> BTreeSet<Name> {
        let mut packages = BTreeSet::new();
        if self.members.is_empty() {
            return packages;
        }
        let is_added = |exported: &[(Name, Exported)]| {
            let mut added = self.members.iter();
            added.any(|(added, _)| {
                let mut types = exported.iter().map(|(_, exported)| exported);
                types.any(|it| matches!(it, Exported::Type(decl) if decl == added))
            })
        };
        let modules = self.facts.modules.iter();
        let declared = modules.filter(|(_, exported)| is_added(exported));
        packages.extend(declared.map(|(specifier, _)| specifier.clone()));
        let namespaces =
            self.facts
                .type_decls
                .iter()
                .filter_map(|decl| match (&decl.kind, decl.global) {
                    (TypeDeclKind::Namespace(exported), true) => {
                        is_added(exported).then_some(&decl.name)
                    }
                    _ => None,
                });
        let namespaces: BTreeSet<&Name> = namespaces.collect();
        for file in program.declarations() {
            let facts = program.facts(file);
            let extending = facts.modules.iter().filter(|(_, exported)| {
                exported.iter().any(|(_, exported)| match exported {
                    Exported::Type(decl) => extends_one_of(facts, *decl, &namespaces),
                    _ => false,
                })
            });
            packages.extend(extending.map(|(specifier, _)| specifier.clone()));
            // A package that hands on the types of another.
            let handing_on = facts.modules.iter().filter(|(_, exported)| {
                exported.iter().any(|(_, exported)| match exported {
                    Exported::From { specifier, .. } => packages.contains(specifier),
                    _ => false,
                })
            });
            let handing_on: Vec<Name> = handing_on.map(|(it, _)| it.clone()).collect();
            packages.extend(handing_on);
        }
        packages
    }
}

/// Whether an interface extends what is in one of some global namespaces.
fn extends_one_of(facts: &FileFacts, decl: TypeDeclId, namespaces: &BTreeSet<&Name>) -> bool {
    let TypeDeclKind::Interface { extends, .. } = &facts.type_decl(decl).kind else {
        return false;
    };
    extends.iter().any(|base| match facts.ty(*base) {
        Type::Ref {
            path,
            target: TypeTarget::Global,
            ..
        } => path.first().is_some_and(|first| namespaces.contains(first)),
        _ => false,
    })
}

/// A package of whose objects some lead to a vendor by what the tree adds to their types.
pub(super) fn package(specifier: Name) -> Definition {
    Definition::Outside {
        specifier,
        imported: Imported::Nothing,
    }
}
