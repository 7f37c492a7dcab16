//! Events that a component sends to whoever uses it.
//!
//! In: a call in a component of Vue or Svelte. Out: if it sends such an event (`$emit('pick', user)`, `dispatch('pick',
//! user)`), a call of the component's property of the handler's name, which is what a template's `@pick` and `on:pick` hand
//! over. It leaves alone events that only a run names, and those that are sent to others than the component's user.

use crate::facts::{BindingId, Entry, Expr, ExprId, From, Item, Key, Literal, Name, Step};
use thin_vec::{ThinVec, thin_vec};

use super::islands::Host;
use super::lower::Lowering;
use super::template::prop;
use super::tree::{self, Node};

impl<'t> Lowering<'t> {
    /// The call of the user's handler that a call is.
    pub(super) fn sent_event(
        &mut self,
        node: Node<'t>,
        callee: ExprId,
        args: &[Item],
    ) -> Option<ExprId> {
        let host = self.host.filter(|_| self.sends_events(callee))?;
        let (Item::Value(event), payload) = args.split_first()? else {
            return None;
        };
        let Expr::Literal(Literal::String(event)) = self.facts.expr(*event) else {
            return None;
        };
        let name = Name::from(prop(&format!("on-{event}")));
        let object = self.handed_over(node)?;
        let callee = self.add(
            Expr::Member {
                object,
                name,
                name_span: tree::span(node),
            },
            node,
        );
        let args = match (host, payload.first()) {
            (Host::Svelte, Some(Item::Value(detail))) => {
                thin_vec![Item::Value(self.event(node, *detail))]
            }
            _ => payload.into(),
        };
        let call = Expr::Call {
            callee,
            args,
            type_args: ThinVec::new(),
        };
        Some(self.add_call(call, node))
    }

    /// What a handler of Svelte is called with.
    fn event(&mut self, node: Node<'t>, detail: ExprId) -> ExprId {
        let entry = Entry::Property {
            key: Key::Name(Name::const_new("detail")),
            value: detail,
            span: self.facts.span(detail),
            getter: false,
        };
        self.add(Expr::Object(thin_vec![entry]), node)
    }

    fn sends_events(&self, callee: ExprId) -> bool {
        match (self.host, self.facts.expr(callee)) {
            (Some(Host::Vue), Expr::Member { object, name, .. }) => {
                match self.facts.expr(*object) {
                    Expr::This => name == "$emit",
                    Expr::Ref(context) => name == "emit" && self.is_setup_context(*context, &[]),
                    _ => false,
                }
            }
            (Some(Host::Vue), Expr::Ref(binding)) => {
                self.is_made_by(*binding, "defineEmits")
                    || self.is_setup_context(*binding, &[Step::Key(Name::const_new("emit"))])
            }
            (Some(Host::Svelte), Expr::Ref(binding)) => {
                self.is_made_by(*binding, "createEventDispatcher")
            }
            _ => false,
        }
    }

    /// Whether a name is what a function of the framework gives.
    fn is_made_by(&self, binding: BindingId, maker: &str) -> bool {
        let sources = &self.facts.binding(binding).sources;
        sources.iter().any(|source| {
            let From::Expr(value) = source.from else {
                return false;
            };
            let Expr::Call { callee, .. } = self.facts.expr(value) else {
                return false;
            };
            match self.facts.expr(*callee) {
                Expr::Global(name) => name == maker,
                Expr::Ref(function) => self.facts.binding(*function).name == maker,
                _ => false,
            }
        })
    }

    /// Whether a name is read from the second parameter of a `setup`.
    fn is_setup_context(&self, binding: BindingId, path: &[Step]) -> bool {
        let sources = &self.facts.binding(binding).sources;
        sources.iter().any(|source| {
            let From::Param { function, index: 1 } = source.from else {
                return false;
            };
            let name = self.facts.function(function).name.as_deref();
            source.path == path && name == Some("setup")
        })
    }
}
