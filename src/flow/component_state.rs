//! The state of a component that is a class.
//!
//! In: a component's class. Out: what `this.state` of its objects is: what it begins with (a field, or an assignment in the
//! constructor), with what `this.setState(…)` puts into it, or else what its declared type says. It leaves alone states of
//! functions (`stores`).

use super::alike::unconditional;
use super::bindings::with_alias;
use super::evaluate::Evaluator;
use super::object::Object;
use super::shapes::TypeUse;
use super::value::{Data, Instance, Root, Spot, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, Item, Name};
use crate::source::FileId;

/// The member that components keep their state under, the method that puts something into it, and that of components alone.
pub(super) const STATE: &str = "state";
const SETTER: &str = "setState";
const PROPS: &str = "props";
/// The state's type among the arguments of what a component extends.
const TYPE: usize = 1;

impl Evaluator<'_> {
    /// The state of a component, which begins with a value; none if the class is no component with a state.
    pub(super) fn state_of_component(
        &self,
        instance: &Instance,
        initial: &V,
        spot: Spot,
    ) -> Option<V> {
        let (file, class) = (instance.file, instance.class);
        self.find_member(file, class, PROPS, false)?;
        let put: Vec<(FileId, ExprId)> = self
            .lineage((file, class))
            .flat_map(|(file, class)| {
                let facts = self.program.facts(file);
                let calls = facts.calls.iter().filter(move |call| {
                    let around = facts.function(facts.function_of(**call));
                    around.class == Some(class) && !around.is_static
                });
                calls.filter_map(move |call| Some((file, given(facts, *call)?)))
            })
            .collect();
        if put.is_empty() {
            return initial
                .is_empty()
                .then(|| self.declared_state(instance, spot))?;
        }
        let mut state = Object::of(initial);
        for (file, put) in put {
            let mut put = self.expr(file, put);
            // `this.setState((before) => ({ … }))`: what was there before is known.
            if matches!(&*put, Value::Function(_)) {
                put = self.apply(&put, &[], Some(spot));
            }
            for put in put.alternatives() {
                match &**put {
                    Value::Object(put) => {
                        for field in &put.fields {
                            // The name under which it is kept says something of it as well.
                            let kept = V::new(Value::Data(Data {
                                path: [field.name.clone()].into_iter().collect(),
                                ..Data::new(Root::Kept, spot)
                            }));
                            let value = with_alias(field.value.clone(), &field.name);
                            let value = match is_told_by_names(&value) {
                                true => V::union([kept, value]),
                                false => value,
                            };
                            state.set(field.name.clone(), value, true);
                        }
                        let others = put.spreads.iter().filter(|it| !is_state(it));
                        state.spreads.extend(others.cloned());
                    }
                    Value::Data(data) if !matches!(data.root, Root::Unknown(_)) => {
                        state.spreads.push(put.clone());
                    }
                    _ => {}
                }
            }
        }
        Some(V::new(Value::Object(state)))
    }

    /// What the type says that a component declares for its state.
    fn declared_state(&self, instance: &Instance, spot: Spot) -> Option<V> {
        let mut lineage = self.lineage((instance.file, instance.class));
        let ty = lineage.find_map(|(file, class)| {
            let args = &self.program.facts(file).class(class).extends_args;
            args.get(TYPE).map(|ty| TypeUse::new(file, *ty))
        })?;
        let kept = Data {
            path: [Name::const_new(STATE)].into_iter().collect(),
            ..Data::new(Root::Kept, spot)
        };
        Some(self.typed(V::new(Value::Data(kept)), &ty, false))
    }
}

/// What a call puts into the state of the object that it is made on.
fn given(facts: &FileFacts, call: ExprId) -> Option<ExprId> {
    let Expr::Call { callee, args, .. } = facts.expr(call) else {
        return None;
    };
    let Expr::Member { object, name, .. } = facts.expr(*callee) else {
        return None;
    };
    match args.first() {
        Some(Item::Value(given)) if name == SETTER && matches!(facts.expr(*object), Expr::This) => {
            Some(*given)
        }
        _ => None,
    }
}

/// Whether only names say what a value is: it is what a call gives, or a parameter.
fn is_told_by_names(value: &V) -> bool {
    match &**unconditional(value) {
        Value::Data(data) => matches!(data.root, Root::Call | Root::Param(..)),
        _ => false,
    }
}

/// Whether a value is the state as a whole, which is in it already (`this.setState({ ...this.state, to })`).
fn is_state(value: &V) -> bool {
    match &**value {
        Value::Data(data) => data.path.last().is_some_and(|name| name == STATE),
        _ => false,
    }
}
