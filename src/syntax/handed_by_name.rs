//! Functions that an element is handed by their names.
//!
//! In: the value of an attribute. Out: if it is what puts something into a state (`<Field save={setUser}>`), or a handler of the
//! page that was handed over itself (`<input onChange={props.onChange}>`), a function that calls it, as if it were spelled out
//! (`(event) => props.onChange(event)`); else the value as it is. It leaves alone handlers that the file declares: whoever asks for
//! those finds them by their names.

use thin_vec::{ThinVec, thin_vec};

use crate::facts::{
    BindingId, BindingKind, Expr, ExprId, From, FunctionKind, Item, JsxTag, Name, Param, Step,
    is_prefixed,
};

use super::function::Shape;
use super::lower::Lowering;
use super::tree::{self, Node};

/// What a function that is spelled out calls what it is given.
const GIVEN: Name = Name::const_new("event");

impl<'t> Lowering<'t> {
    /// The value of an attribute, as a function if it stands for one.
    pub(super) fn spelled_out(
        &mut self,
        node: Node<'t>,
        tag: &JsxTag,
        attribute: &Name,
        value: ExprId,
    ) -> ExprId {
        let is_handler = match tag {
            JsxTag::Intrinsic(_) => is_prefixed(attribute, "on") && self.was_handed_over(value),
            JsxTag::Component(_) => self.facts.sets_state(value),
            JsxTag::Fragment => false,
        };
        match is_handler {
            true => self.calling(node, attribute, value),
            false => value,
        }
    }

    /// A function that calls a value with what it is given.
    fn calling(&mut self, node: Node<'t>, name: &Name, callee: ExprId) -> ExprId {
        let this = self.this;
        let shape = Shape {
            kind: FunctionKind::Arrow,
            name: Some(name.clone()),
            this,
            is_static: self.facts.function(self.function).is_static,
        };
        let function = self.open_function(node, shape);
        let span = tree::span(node);
        self.within(function, this, |lowering| {
            lowering.scopes.push();
            let given = lowering.declare(GIVEN, BindingKind::Param, span);
            lowering.source(given, From::Param { function, index: 0 }, span);
            let argument = lowering.add(Expr::Ref(given), node);
            let call = Expr::Call {
                callee,
                args: thin_vec![Item::Value(argument)],
                type_args: ThinVec::new(),
            };
            let call = lowering.add_call(call, node);
            let spelled = &mut lowering.facts.functions[function.index()];
            spelled.params.push(Param {
                name: Some(GIVEN),
                ty: None,
                default: None,
                rest: false,
                property: None,
                span,
            });
            spelled.returns.push(call);
            lowering.scopes.pop();
        });
        self.add(Expr::Function(function), node)
    }

    /// Whether a value is what the function around it was handed, or what a hook gives under a name.
    fn was_handed_over(&self, value: ExprId) -> bool {
        match self.facts.expr(value) {
            Expr::Ref(binding) => self.is_handed(*binding) || self.is_given_by_call(*binding),
            Expr::Member { object, .. } => match self.facts.expr(*object) {
                Expr::Ref(holder) => self.is_handed(*holder) || self.is_given_by_call(*holder),
                Expr::Member { object, name, .. } => {
                    name == "props" && matches!(self.facts.expr(*object), Expr::This)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_handed(&self, binding: BindingId) -> bool {
        let binding = self.facts.binding(binding);
        binding.kind == BindingKind::Param && binding.sources.len() == 1
    }

    /// Whether a name is a part of what a call gives (`const { onChange } = useField()`).
    fn is_given_by_call(&self, binding: BindingId) -> bool {
        let [only] = &self.facts.binding(binding).sources[..] else {
            return false;
        };
        let From::Expr(given) = only.from else {
            return false;
        };
        let is_call = matches!(self.facts.expr(given), Expr::Call { .. });
        is_call && matches!(only.path.last(), Some(Step::Key(_)))
    }
}
