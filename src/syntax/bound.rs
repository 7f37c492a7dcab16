//! What an Angular component is handed by who uses it, and what it sends back.
//!
//! In: a component's class, lowered, and its selector. Out: a function that takes the component's props, as those of other
//! frameworks do, given to all templates under the selector's name; inputs are fields that hold a prop, and an output's
//! `emit` is also a call of the handler that a prop is. It leaves alone selectors of attributes and classes, and what a
//! template hands over (`template`).

use crate::facts::{
    BindingId, ClassId, Expr, ExprId, From, FunctionId, FunctionKind, Item, Literal, MODULE,
    MemberKind, Name, Source, Step, Write,
};
use crate::source::Span;
use thin_vec::{ThinVec, thin_vec};

use super::lower::{Lowering, blank_function, blank_source};
use super::template::{component_name, prop};

/// A member by which a component and its user know each other.
struct Bound {
    /// The member.
    name: Name,
    /// How the template calls it.
    outside: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A field or setter that holds what is handed over.
    Field(Option<FunctionId>),
    /// A function that gives what is handed over.
    Signal,
    /// What sends events.
    Output,
    /// A signal that also sends what is put into it.
    Model,
}

impl<'t> Lowering<'t> {
    /// Makes the class known to templates under its selector.
    pub(super) fn selected(&mut self, class: ClassId, selector: ExprId) {
        let Expr::Literal(Literal::String(selector)) = self.facts.expr(selector) else {
            return;
        };
        let names: Vec<Name> = selector
            .split(',')
            .map(str::trim)
            .filter(|name| name.contains('-') && !name.contains(['[', '.', ':', ' ']))
            .map(|name| Name::from(component_name(name)))
            .collect();
        let bound = self.bound_members(class);
        if names.is_empty() || bound.is_empty() {
            return;
        }
        let span = self.facts.class(class).span;
        let (function, props) = self.add_component(span);
        for member in &bound {
            match member.kind {
                Kind::Field(None) => {
                    let value = self.prop_of(props, &member.outside, span);
                    self.holds(class, &member.name, value, span);
                }
                Kind::Field(Some(setter)) => self.sets(setter, function, &member.outside),
                Kind::Signal | Kind::Model => {
                    let value = self.prop_of(props, &member.outside, span);
                    let value = self.giving(value, span);
                    self.holds(class, &member.name, value, span);
                }
                Kind::Output => {}
            }
        }
        self.send_back(class, props, &bound);
        let given = self.add_at(Expr::Function(function), span);
        let root = self.add_at(Expr::Unknown, span);
        for name in names {
            self.facts.writes.push(Write {
                root: Some(root),
                path: thin_vec![
                    Step::Key(Name::const_new("globalProperties")),
                    Step::Key(name),
                ],
                value: Some(given),
                span,
                function: MODULE,
            });
        }
    }

    /// Inputs and outputs, by their decorators or by what makes them.
    fn bound_members(&self, class: ClassId) -> Vec<Bound> {
        let facts = &self.facts;
        let called = |value: ExprId| {
            let Expr::Call { callee, args, .. } = facts.expr(value) else {
                return None;
            };
            let name = match facts.expr(*callee) {
                Expr::Ref(maker) => facts.binding(*maker).name.as_str(),
                // `input.required<T>()`
                Expr::Member { object, .. } => match facts.expr(*object) {
                    Expr::Ref(maker) => facts.binding(*maker).name.as_str(),
                    _ => return None,
                },
                _ => return None,
            };
            let alias = args.iter().find_map(|arg| match arg {
                Item::Value(arg) => match facts.expr(*arg) {
                    Expr::Literal(Literal::String(alias)) => Some(alias.to_string()),
                    _ => None,
                },
                Item::Spread(_) | Item::Hole => None,
            });
            Some((name, alias))
        };
        let mut found = Vec::new();
        // A decorator stands before its member, or in it.
        let mut from = facts.class(class).span.start;
        for member in &facts.class(class).members {
            let start = std::mem::replace(&mut from, member.span.end);
            let inside = |call: &&ExprId| {
                let span = facts.span(**call);
                span.start >= start && span.end <= member.span.end
            };
            let decorated = facts
                .calls
                .iter()
                .filter(inside)
                .filter_map(|call| called(*call));
            let mut bound = |outside: Option<String>, kind| {
                found.push(Bound {
                    name: member.name.clone(),
                    outside: outside.unwrap_or_else(|| member.name.to_string()),
                    kind,
                });
            };
            let made = match member.kind {
                MemberKind::Field {
                    value: Some(value), ..
                } => called(value).map(|(maker, _)| maker),
                _ => None,
            };
            match made {
                Some("input") => bound(None, Kind::Signal),
                Some("model") => bound(None, Kind::Model),
                Some("output") => bound(None, Kind::Output),
                _ => {
                    for (decorator, alias) in decorated {
                        match (decorator, member.kind) {
                            ("Input", MemberKind::Setter(setter)) => {
                                bound(alias, Kind::Field(Some(setter)));
                            }
                            ("Input", MemberKind::Field { .. }) => bound(alias, Kind::Field(None)),
                            ("Output", _) => bound(alias, Kind::Output),
                            _ => {}
                        }
                    }
                }
            }
        }
        found
    }

    fn prop_of(&mut self, props: BindingId, name: &str, span: Span) -> ExprId {
        let object = self.add_at(Expr::Ref(props), span);
        self.member_at(object, Name::new(name), span)
    }

    fn holds(&mut self, class: ClassId, field: &Name, value: ExprId, span: Span) {
        self.facts.classes[class.index()].writes.push(Write {
            root: None,
            path: thin_vec![Step::Key(field.clone())],
            value: Some(value),
            span,
            function: MODULE,
        });
    }

    /// A setter is called with what is handed over.
    fn sets(&mut self, setter: FunctionId, component: FunctionId, name: &str) {
        let is_parameter = |source: &Source| matches!(source.from, From::Param { function, index: 0 } if function == setter);
        let mut bindings = self.facts.bindings.iter_mut();
        let parameter =
            bindings.find(|it| it.sources.iter().any(is_parameter) && it.function == setter);
        if let Some(parameter) = parameter {
            let props = From::Param {
                function: component,
                index: 0,
            };
            parameter.sources.push(Source {
                path: thin_vec![Step::Key(Name::new(name))],
                ..blank_source(props, parameter.span)
            });
        }
    }

    /// A function that gives a value.
    fn giving(&mut self, value: ExprId, span: Span) -> ExprId {
        let mut function = blank_function(FunctionKind::Arrow, span);
        function.parent = Some(MODULE);
        function.returns.push(value);
        let function = self.add_function(function);
        self.add_at(Expr::Function(function), span)
    }

    /// `this.picked.emit(user)` calls what the template hands over as `(picked)`.
    fn send_back(&mut self, class: ClassId, props: BindingId, bound: &[Bound]) {
        let facts = &self.facts;
        let sent = |call: &ExprId| {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                return None;
            };
            let Expr::Member { object, name, .. } = facts.expr(*callee) else {
                return None;
            };
            let Expr::Member {
                object: this,
                name: field,
                ..
            } = facts.expr(*object)
            else {
                return None;
            };
            let is_own = matches!(facts.expr(*this), Expr::This)
                && facts.function(facts.function_of(*call)).class == Some(class);
            let member = bound.iter().find(|it| is_own && it.name == *field)?;
            let event = match (member.kind, name.as_str()) {
                (Kind::Output, "emit" | "next") => member.outside.clone(),
                (Kind::Model, "set") => format!("{}-change", member.outside),
                _ => return None,
            };
            Some((*call, event, args.clone()))
        };
        let sent: Vec<_> = facts.calls.iter().filter_map(sent).collect();
        for (call, event, args) in sent {
            let span = self.facts.span(call);
            let inner = self.facts.function_of(call);
            let outer = std::mem::replace(&mut self.function, inner);
            let callee = self.prop_of(props, &prop(&format!("on-{event}")), span);
            let call = self.add_at(
                Expr::Call {
                    callee,
                    args,
                    type_args: ThinVec::new(),
                },
                span,
            );
            self.facts.calls.push(call);
            self.function = outer;
        }
    }
}
