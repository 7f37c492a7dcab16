//! Members that a component's options take from elsewhere: from a store, and from what the components around provide.
//!
//! In: `...mapActions(['save'])` among the methods or computed properties of a component, its `provide` and its `inject`.
//! Out: members of the component that do what the helper of the framework makes of them: a method that dispatches the
//! action, a field that reads the store's member, a field that asks for what is provided. It leaves alone what a store is.

use crate::facts::{ClassId, Entry, Expr, ExprId, FunctionKind, Item, Literal, MemberKind, Name};
use crate::source::Span;
use thin_vec::{ThinVec, thin_vec};

use super::lower::{Lowering, blank_function};

impl Lowering<'_> {
    /// The members that the spreads of an options object stand for.
    pub(super) fn mapped_members(&mut self, class: ClassId, options: ExprId) {
        let Expr::Object(entries) = self.facts.expr(options) else {
            return;
        };
        let spreads = entries.iter().filter_map(|entry| match entry {
            Entry::Spread(value) => Some(*value),
            Entry::Property { .. } => None,
        });
        for spread in spreads.collect::<Vec<_>>() {
            self.mapped(class, spread);
        }
    }

    fn mapped(&mut self, class: ClassId, call: ExprId) {
        let Expr::Call { callee, args, .. } = self.facts.expr(call) else {
            return;
        };
        let Expr::Ref(helper) = self.facts.expr(*callee) else {
            return;
        };
        let helper = self.facts.binding(*helper).name.clone();
        let args: Vec<ExprId> = args
            .iter()
            .filter_map(|item| match item {
                Item::Value(value) => Some(*value),
                _ => None,
            })
            .collect();
        let (store, names) = match args[..] {
            [names] => (None, names),
            [store, names, ..] => (Some(store), names),
            [] => return,
        };
        let is_store = store.filter(|store| matches!(self.facts.expr(*store), Expr::Ref(_)));
        if let Some(store) = is_store {
            if helper.starts_with("map") {
                for (name, member, at) in self.listed(names) {
                    let value = self.of_store(store, member, at);
                    self.option_field(class, name, value);
                }
            }
            return;
        }
        let method = match helper.as_str() {
            "mapActions" => "dispatch",
            "mapMutations" => "commit",
            _ => return,
        };
        let space = match store.map(|store| self.facts.expr(store)) {
            Some(Expr::Literal(Literal::String(space))) => format!("{space}/"),
            Some(_) => return,
            None => String::new(),
        };
        for (name, message, at) in self.listed(names) {
            let message = Name::from(format!("{space}{message}"));
            self.messenger(class, name, method, message, at);
        }
    }

    /// The members of the component, and what each stands for: `['save']`, `{ keep: 'save' }`.
    fn listed(&self, names: ExprId) -> Vec<(Name, Name, Span)> {
        let text = |value: ExprId| match self.facts.expr(value) {
            Expr::Literal(Literal::String(text)) => Some((text.clone(), self.facts.span(value))),
            _ => None,
        };
        match self.facts.expr(names) {
            Expr::Array(items) => items
                .iter()
                .filter_map(|item| match item {
                    Item::Value(value) => text(*value).map(|(name, at)| (name.clone(), name, at)),
                    _ => None,
                })
                .collect(),
            Expr::Object(entries) => entries
                .iter()
                .filter_map(|entry| {
                    let (name, value) = entry.named()?;
                    text(value).map(|(member, at)| (name.clone(), member, at))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// `useStore().member`
    fn of_store(&mut self, store: ExprId, member: Name, at: Span) -> ExprId {
        let object = self.called_at(store, Vec::new(), at);
        self.member_at(object, member, at)
    }

    /// A method that hands its argument to the store, as a message of that name.
    fn messenger(&mut self, class: ClassId, name: Name, method: &str, message: Name, at: Span) {
        let mut function = blank_function(FunctionKind::Method, at);
        function.name = Some(name.clone());
        function.parent = Some(self.function);
        function.class = Some(class);
        let (function, binding) = self.add_taking(function, Name::const_new("payload"));
        let outer = std::mem::replace(&mut self.function, function);
        let this = self.add_at(Expr::This, at);
        let store = self.member_at(this, Name::const_new("$store"), at);
        let callee = self.member_at(store, Name::new(method), at);
        let message = self.add_at(Expr::Literal(Literal::String(message)), at);
        let payload = self.add_at(Expr::Ref(binding), at);
        let sent = self.called_at(callee, vec![message, payload], at);
        self.function = outer;
        self.facts.functions[function.index()].returns.push(sent);
        self.option_member(class, name, at, MemberKind::Method(function));
    }

    /// `provide: { key: value }`, also as what a function gives.
    pub(super) fn provided_options(&mut self, provided: ExprId) {
        let objects = match self.facts.expr(provided) {
            Expr::Function(function) => self.facts.function(*function).returns.clone(),
            _ => thin_vec![provided],
        };
        for object in objects {
            for (key, value) in self.properties(object) {
                let at = self.facts.span(value);
                let function = std::mem::replace(&mut self.function, self.facts.function_of(value));
                let callee = self.add_at(Expr::Global(Name::const_new("provide")), at);
                let key = self.add_at(Expr::Literal(Literal::String(key)), at);
                self.called_at(callee, vec![key, value], at);
                self.function = function;
            }
        }
    }

    /// `inject: ['key']`, `inject: { name: 'key' }`, `inject: { name: { from: 'key' } }`.
    pub(super) fn injected_options(&mut self, class: ClassId, injected: ExprId) {
        let mut asked = self.listed(injected);
        for (name, value) in self.properties(injected) {
            if let Expr::Object(_) = self.facts.expr(value) {
                let from = self.properties(value).into_iter().find(|it| it.0 == "from");
                let key = from.and_then(|(_, key)| match self.facts.expr(key) {
                    Expr::Literal(Literal::String(key)) => Some(key.clone()),
                    _ => None,
                });
                asked.push((name.clone(), key.unwrap_or(name), self.facts.span(value)));
            }
        }
        for (name, key, at) in asked {
            let callee = self.add_at(Expr::Global(Name::const_new("inject")), at);
            let key = self.add_at(Expr::Literal(Literal::String(key)), at);
            let value = self.called_at(callee, vec![key], at);
            self.option_field(class, name, value);
        }
    }

    pub(super) fn member_at(&mut self, object: ExprId, name: Name, at: Span) -> ExprId {
        let member = Expr::Member {
            object,
            name,
            name_span: at,
        };
        self.add_at(member, at)
    }

    fn called_at(&mut self, callee: ExprId, args: Vec<ExprId>, at: Span) -> ExprId {
        let call = Expr::Call {
            callee,
            args: args.into_iter().map(Item::Value).collect(),
            type_args: ThinVec::new(),
        };
        let call = self.add_at(call, at);
        self.facts.calls.push(call);
        call
    }
}
