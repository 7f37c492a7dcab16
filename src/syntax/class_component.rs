//! Components that are classes.
//!
//! In: a class that is lowered. Out: its `props`, as what its constructor is handed, so that elements hand props to it like to
//! a component that is a function. It leaves alone what the class does with them.

use crate::facts::{Access, ClassId, FunctionId, FunctionKind, Member, MemberKind, Name, Param};

use super::function::Shape;
use super::lower::{Lowering, This};
use super::tree::{self, Node};

const PROPS: Name = Name::const_new("props");

impl<'t> Lowering<'t> {
    /// Gives a class that extends a component the field `props`.
    pub(super) fn props_of_class(&mut self, node: Node<'t>, class: ClassId) {
        let Some(heritage) = heritage_of_component(self, node) else {
            return;
        };
        let declared = &self.facts.classes[class.index()];
        if declared.members.iter().any(|member| member.name == PROPS) {
            return;
        }
        let ty = declared.extends_args.first().copied();
        let own = declared
            .members
            .iter()
            .find_map(|member| match member.kind {
                MemberKind::Method(function) if member.name == "constructor" => Some(function),
                _ => None,
            });
        let function = own.unwrap_or_else(|| self.implied_constructor(heritage, class));
        let params = &mut self.facts.functions[function.index()].params;
        if params.is_empty() {
            params.push(Param {
                name: Some(PROPS),
                ty: None,
                default: None,
                rest: false,
                property: None,
                span: tree::span(heritage),
            });
        }
        params[0].ty = params[0].ty.or(ty);
        let kind = MemberKind::ParamProperty {
            function,
            index: 0,
            ty: params[0].ty,
            access: Access::Own,
        };
        let span = params[0].span;
        self.facts.classes[class.index()].members.push(Member {
            name: PROPS,
            is_static: false,
            kind,
            span,
        });
    }

    fn implied_constructor(&mut self, heritage: Node<'t>, class: ClassId) -> FunctionId {
        let name = Name::const_new("constructor");
        let shape = Shape {
            kind: FunctionKind::Constructor,
            name: Some(name.clone()),
            this: This::Class(class),
            is_static: false,
        };
        let function = self.open_function(heritage, shape);
        self.facts.classes[class.index()].members.push(Member {
            name,
            is_static: false,
            kind: MemberKind::Method(function),
            span: tree::span(heritage),
        });
        function
    }
}

/// What a class extends, if that is named like the components that a library gives to extend.
fn heritage_of_component<'t>(lowering: &Lowering<'t>, node: Node<'t>) -> Option<Node<'t>> {
    let mut parts = tree::named(node).into_iter();
    let heritage = parts.find(|part| part.kind() == "class_heritage")?;
    let clause = tree::first_named(heritage)?;
    let value = tree::field(clause, "value").unwrap_or(clause);
    let name = lowering.slice(value);
    let name = name.rsplit('.').next().unwrap_or(name);
    matches!(name, "Component" | "PureComponent").then_some(heritage)
}
