//! Components of a host file: what the file itself is, beside the scripts in it.
//!
//! In: the lowered scripts. Out: the component as a function that takes its props, which is the file's default export; the
//! options of a Vue component, or of a store in any file, as a class, whose members the template and every function among
//! the options see. It leaves alone options that come from elsewhere (mixins), which stand as a base class that is not
//! known.

use rustc_hash::FxHashMap;
use thin_vec::{ThinVec, thin_vec};

use crate::facts::{
    BindingId, BindingKind, ClassId, Entry, Export, Exported, Expr, ExprId, FileFacts, From,
    FunctionId, FunctionKind, Item, Literal, MODULE, Member, MemberKind, Name, Source, Step,
    is_prefixed,
};
use crate::source::Span;

use super::islands::Host;
use super::lower::{Lowering, This, blank_function, blank_source};
use super::tree::{self, Node};

/// The component that a file is.
#[derive(Debug)]
pub(super) struct Component {
    function: FunctionId,
    /// What it is given.
    props: BindingId,
    /// The scripts say what that is, so a name that nothing else declares is one of them.
    declares_props: bool,
    /// The options, if it is written with options.
    class: Option<ClassId>,
}

/// What makes a ref, which a template reads without its `value`.
const REFS: [&str; 4] = ["ref", "shallowRef", "customRef", "toRef"];

/// Whose options an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Options {
    Component,
    Store,
}

/// Names of JavaScript that a template may use; all others are the component's.
const BUILT_IN: [&str; 28] = [
    "Infinity",
    "undefined",
    "NaN",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "Math",
    "Number",
    "Date",
    "Array",
    "Object",
    "Boolean",
    "String",
    "RegExp",
    "Map",
    "Set",
    "JSON",
    "Intl",
    "BigInt",
    "Error",
    "Symbol",
    "console",
    "require",
];

/// Names the component that a file is after the file, as those do that use it: `user-card.vue` is `UserCard`.
pub(super) fn name(facts: &mut FileFacts, stem: &str) {
    let words = stem.split(|letter: char| !letter.is_alphanumeric());
    let name: String = words
        .flat_map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            [first.to_uppercase(), rest.to_owned()]
        })
        .collect();
    let exported = facts.exports.iter().find(|export| export.name == "default");
    if let Some(Exported::Expr(value)) = exported.map(|export| &export.what)
        && let Expr::Function(function) = facts.expr(*value)
        && !name.is_empty()
    {
        let function = function.index();
        facts.functions[function].name.get_or_insert(name.into());
    }
}

impl<'t> Lowering<'t> {
    /// Starts the component of a file whose host has such.
    pub(super) fn open_component(&mut self) {
        if !matches!(self.host, Some(Host::Vue | Host::Svelte | Host::Astro)) {
            return;
        }
        let (function, props) = self.add_component(Span::new(0, 0));
        self.component = Some(Component {
            function,
            props,
            declares_props: false,
            class: None,
        });
    }

    /// Makes the component what the file exports.
    pub(super) fn close_component(&mut self) {
        let Some(component) = &self.component else {
            return;
        };
        let (function, props) = (component.function, component.props);
        if self.host == Some(Host::Svelte) {
            for export in &self.facts.exports {
                let Exported::Binding(binding) = export.what else {
                    continue;
                };
                let binding = &mut self.facts.bindings[binding.index()];
                if binding.kind == BindingKind::Variable {
                    binding.sources.push(Source {
                        path: thin_vec![Step::Key(export.name.clone())],
                        ..blank_source(From::Param { function, index: 0 }, binding.span)
                    });
                }
            }
        }
        if let Some(class) = component.class {
            // Who mixes the component into another finds its members by it.
            self.facts.functions[function.index()].class = Some(class);
            self.take_options(class, Some((function, props)));
        }
        let value = self.add_at(Expr::Function(function), Span::new(0, 0));
        let what = Exported::Expr(value);
        let exports = &mut self.facts.exports;
        match exports.iter_mut().find(|export| export.name == "default") {
            Some(export) => export.what = what,
            None => exports.push(Export {
                name: Name::const_new("default"),
                what,
                span: Span::new(0, 0),
            }),
        }
    }

    /// What a compiler's function gives: `defineProps()`, `withDefaults(props, …)`, `$props()`.
    pub(super) fn compiled(
        &mut self,
        node: Node<'t>,
        callee: ExprId,
        args: &[Item],
        types: &[crate::facts::TypeId],
    ) -> Option<ExprId> {
        let Expr::Global(name) = self.facts.expr(callee) else {
            return None;
        };
        match (self.host?, name.as_str(), args.first()) {
            (Host::Vue, "withDefaults", Some(Item::Value(props))) => Some(*props),
            (Host::Vue, "defineProps", _) | (Host::Svelte, "$props", _) => {
                let props = self.props(node)?;
                let ty = types.first().copied();
                let cast = Expr::Cast {
                    value: props,
                    ty,
                    satisfies: false,
                };
                Some(self.add(cast, node))
            }
            _ => None,
        }
    }

    /// `Astro.props`
    pub(super) fn page_props(
        &mut self,
        node: Node<'t>,
        object: ExprId,
        name: &str,
    ) -> Option<ExprId> {
        let is_page = self.host == Some(Host::Astro) && name == "props";
        match self.facts.expr(object) {
            Expr::Global(global) if is_page && global == "Astro" => self.props(node),
            _ => None,
        }
    }

    /// What whoever uses the component hands over.
    pub(super) fn handed_over(&mut self, node: Node<'t>) -> Option<ExprId> {
        let props = self.component.as_ref()?.props;
        Some(self.add(Expr::Ref(props), node))
    }

    fn props(&mut self, node: Node<'t>) -> Option<ExprId> {
        let component = self.component.as_mut()?;
        component.declares_props = true;
        let props = component.props;
        Some(self.add(Expr::Ref(props), node))
    }

    /// Takes the next object literal for the options of the component, if the file may be written so.
    pub(super) fn expect_options(&mut self) {
        if self.host == Some(Host::Vue) && self.function == MODULE {
            self.options_next = Some(Options::Component);
        }
    }

    /// Takes the next object literal for the options of a store, if the callee makes such of them.
    pub(super) fn expect_store(&mut self, callee: ExprId) {
        if let Expr::Ref(binding) = self.facts.expr(callee)
            && self.facts.binding(*binding).name == "defineStore"
        {
            self.options_next = Some(Options::Store);
        }
    }

    /// A store made of options is what its users' function makes: among the arguments that function stands for them.
    pub(super) fn made_store(&mut self, node: Node<'t>, args: &mut [Item]) {
        self.options_next = None;
        for arg in args {
            let Item::Value(object) = *arg else { continue };
            let made = self.options.iter().find(|(_, known)| **known == object);
            let Some(class) = made.map(|(class, _)| *class) else {
                continue;
            };
            self.take_options(class, None);
            let mut function = blank_function(FunctionKind::Arrow, tree::span(node));
            function.parent = Some(self.function);
            let function = self.add_function(function);
            let outer = std::mem::replace(&mut self.function, function);
            let callee = self.add(Expr::Class(class), node);
            let made = Expr::New {
                callee,
                args: ThinVec::new(),
                type_args: ThinVec::new(),
            };
            let made = self.add(made, node);
            self.function = outer;
            self.facts.functions[function.index()].returns.push(made);
            *arg = Item::Value(self.add(Expr::Function(function), node));
        }
    }

    /// The class that an options object is, before its entries are read.
    pub(super) fn open_options(&mut self, node: Node<'t>) -> Option<ClassId> {
        let whose = self.options_next.take()?;
        let class = self.blank_class(node);
        // What mixins, plugins and stores add to it is not known.
        let base = self.add(Expr::Unknown, node);
        self.facts.classes[class.index()].extends = Some(base);
        if whose == Options::Component {
            self.component.as_mut()?.class = Some(class);
        }
        Some(class)
    }

    /// Lowers a template in a function of its own, in which the component's names are known.
    pub(super) fn template_body(&mut self, root: Node<'t>) {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let mut function = blank_function(FunctionKind::Method, Span::new(0, end));
        function.parent = Some(MODULE);
        let class = self.component.as_ref().and_then(|it| it.class);
        function.class = class;
        let id = self.add_function(function);
        let this = class.map_or(This::Unknown, This::Class);
        self.in_template = matches!(self.host, Some(Host::Vue | Host::Angular));
        self.within(id, this, |lowering| {
            lowering.scopes.push();
            lowering.bodies(&[root]);
            lowering.scopes.pop();
        });
        self.in_template = false;
    }

    /// What a name of a template stands for that no scope declares.
    pub(super) fn of_component(&mut self, node: Node<'t>, name: &str) -> Option<ExprId> {
        if !self.in_template || BUILT_IN.contains(&name) {
            return None;
        }
        let props = self.component.as_ref().filter(|component| {
            let is_tag = name.starts_with(|first: char| first.is_uppercase());
            let is_given = is_tag || name.starts_with('$') || is_directive(name);
            component.class.is_none() && component.declares_props && !is_given
        });
        let object = match props.map(|component| component.props) {
            Some(props) => self.add(Expr::Ref(props), node),
            // A component goes by its name or selector, whoever's template it is in.
            None if name.starts_with(|first: char| first.is_uppercase()) => {
                self.add(Expr::This, node)
            }
            None => match self.owner_object(node) {
                Some(owner) => owner,
                None => self.add(Expr::This, node),
            },
        };
        let member = Expr::Member {
            object,
            name: Name::new(name),
            name_span: tree::span(node),
        };
        Some(self.add(member, node))
    }

    /// Whether a name of a template is a ref, whose value it then stands for.
    pub(super) fn is_ref(&self, binding: BindingId) -> bool {
        let binding = self.facts.binding(binding);
        let is_made_by = |callee: ExprId| {
            let name = match self.facts.expr(callee) {
                Expr::Ref(function) => self.facts.binding(*function).name.as_str(),
                Expr::Global(name) => name.as_str(),
                _ => return false,
            };
            REFS.contains(&name)
        };
        self.in_template
            && binding.function == MODULE
            && binding.sources.first().is_some_and(|source| {
                matches!(source.from, From::Expr(value) if source.path.is_empty()
                    && matches!(self.facts.expr(value), Expr::Call { callee, .. } if is_made_by(*callee)))
            })
    }

    /// Whether a name of a template may be a ref that some other function makes.
    pub(super) fn may_be_ref(&self, node: Node<'t>, binding: BindingId) -> bool {
        // A node's parent is found by a search from the root, so it is asked for last.
        let is_called = || {
            node.parent().is_some_and(|parent| {
                parent.kind() == "call_expression" && tree::field(parent, "function") == Some(node)
            })
        };
        let binding = self.facts.binding(binding);
        self.in_template
            && binding.function == MODULE
            && binding.sources.iter().any(|source| {
                matches!(source.from, From::Expr(value)
                    if matches!(self.facts.expr(value), Expr::Call { .. }))
            })
            && !is_called()
    }

    /// The value of what may be a ref.
    pub(super) fn unwrapped(&mut self, node: Node<'t>, value: ExprId) -> ExprId {
        let callee = self.add(Expr::Global(Name::const_new("unref")), node);
        let call = Expr::Call {
            callee,
            args: thin_vec![Item::Value(value)],
            type_args: ThinVec::new(),
        };
        self.add(call, node)
    }

    /// Makes the options' entries members of the class.
    fn take_options(&mut self, class: ClassId, component: Option<(FunctionId, BindingId)>) {
        let Some(options) = self.options.get(&class).copied() else {
            return;
        };
        // What a function among the options is called with, instead of what any caller hands it.
        let mut given: FxHashMap<FunctionId, From> = FxHashMap::default();
        for (name, value) in self.properties(options) {
            match name.as_str() {
                "data" | "state" | "setup" => {
                    if let Expr::Function(function) = *self.facts.expr(value) {
                        let returns = self.facts.function(function).returns.clone();
                        for returned in returns {
                            self.fields(class, returned);
                        }
                        if let (true, Some((component, _))) = (name == "setup", component) {
                            let from = From::Param {
                                function: component,
                                index: 0,
                            };
                            given.insert(function, from);
                        }
                    } else {
                        self.fields(class, value);
                    }
                }
                "methods" | "actions" => {
                    self.fields(class, value);
                    self.mapped_members(class, value);
                }
                "mixins" | "extends" => {
                    let items = match self.facts.expr(value) {
                        Expr::Array(items) => items.clone(),
                        _ => thin_vec![Item::Value(value)],
                    };
                    let mixins = items.iter().filter_map(|item| match item {
                        Item::Value(mixin) => Some(*mixin),
                        Item::Spread(_) | Item::Hole => None,
                    });
                    self.facts.classes[class.index()].mixins.extend(mixins);
                }
                "provide" => self.provided_options(value),
                "inject" => self.injected_options(class, value),
                "computed" | "getters" => {
                    self.mapped_members(class, value);
                    for (name, value) in self.properties(value) {
                        let getter = match self.facts.expr(value) {
                            Expr::Function(function) => Some(*function),
                            Expr::Object(_) => self.function_of_entry(value, "get"),
                            _ => None,
                        };
                        match getter {
                            Some(getter) => {
                                // It may take the object as its parameter, which is all that an arrow can do.
                                self.facts.functions[getter.index()].class = Some(class);
                                let object = self.this_of(getter, value);
                                given.insert(getter, From::Expr(object));
                                self.option(class, name, value, MemberKind::Getter(getter));
                            }
                            None => self.option_field(class, name, value),
                        }
                    }
                }
                "props" => {
                    if let Some((_, props)) = component {
                        self.prop_fields(class, props, value);
                    }
                }
                "watch" => {
                    for (path, value) in self.properties(value) {
                        let watcher = match self.facts.expr(value) {
                            Expr::Function(function) => Some(*function),
                            Expr::Object(_) => self.function_of_entry(value, "handler"),
                            _ => None,
                        };
                        if let Some(watcher) = watcher {
                            let from = From::Expr(self.watched(watcher, &path, value));
                            given.insert(watcher, from);
                        }
                    }
                }
                "directives" => {
                    for (name, value) in self.properties(value) {
                        self.option_field(class, directive(&name), value);
                    }
                }
                _ => {}
            }
        }
        for source in self
            .facts
            .bindings
            .iter_mut()
            .flat_map(|it| &mut it.sources)
        {
            if let From::Param { function, index: 0 } = source.from
                && let Some(from) = given.get(&function)
            {
                source.from = *from;
            }
        }
    }

    /// The named entries of an object literal; none of anything else.
    pub(super) fn properties(&self, object: ExprId) -> Vec<(Name, ExprId)> {
        let Expr::Object(entries) = self.facts.expr(object) else {
            return Vec::new();
        };
        let named = entries.iter().filter_map(Entry::named);
        named.map(|(name, value)| (name.clone(), value)).collect()
    }

    fn function_of_entry(&self, object: ExprId, name: &str) -> Option<FunctionId> {
        let found = self
            .properties(object)
            .into_iter()
            .find(|it| it.0 == name)?;
        match self.facts.expr(found.1) {
            Expr::Function(function) => Some(*function),
            _ => None,
        }
    }

    fn fields(&mut self, class: ClassId, object: ExprId) {
        for (name, value) in self.properties(object) {
            match *self.facts.expr(value) {
                Expr::Function(function) => {
                    self.option(class, name, value, MemberKind::Method(function));
                }
                _ => self.option_field(class, name, value),
            }
        }
    }

    pub(super) fn option_field(&mut self, class: ClassId, name: Name, value: ExprId) {
        let kind = MemberKind::Field {
            value: Some(value),
            ty: None,
        };
        self.option(class, name, value, kind);
    }

    fn option(&mut self, class: ClassId, name: Name, value: ExprId, kind: MemberKind) {
        self.option_member(class, name, self.facts.span(value), kind);
    }

    pub(super) fn option_member(
        &mut self,
        class: ClassId,
        name: Name,
        span: Span,
        kind: MemberKind,
    ) {
        self.facts.classes[class.index()].members.push(Member {
            name,
            is_static: false,
            kind,
            span,
        });
    }

    /// `props: { user: Object }`, `props: ['user']`
    fn prop_fields(&mut self, class: ClassId, props: BindingId, declared: ExprId) {
        let names: Vec<(Name, ExprId)> = match self.facts.expr(declared) {
            Expr::Array(items) => items
                .iter()
                .filter_map(|item| match item {
                    Item::Value(value) => match self.facts.expr(*value) {
                        Expr::Literal(Literal::String(name)) => Some((name.clone(), *value)),
                        _ => None,
                    },
                    _ => None,
                })
                .collect(),
            _ => self.properties(declared),
        };
        for (name, at) in names {
            let span = self.facts.span(at);
            let object = self.add_at(Expr::Ref(props), span);
            let member = Expr::Member {
                object,
                name: name.clone(),
                name_span: span,
            };
            let value = self.add_at(member, span);
            self.option_field(class, name, value);
        }
    }

    /// The object itself, as one of its functions sees it.
    fn this_of(&mut self, function: FunctionId, at: ExprId) -> ExprId {
        let span = self.facts.span(at);
        let outer = std::mem::replace(&mut self.function, function);
        let this = self.add_at(Expr::This, span);
        self.function = outer;
        this
    }

    /// The value at a watched path, as the watcher itself would read it.
    fn watched(&mut self, watcher: FunctionId, path: &str, at: ExprId) -> ExprId {
        let span = self.facts.span(at);
        let mut value = self.this_of(watcher, at);
        let outer = std::mem::replace(&mut self.function, watcher);
        for name in path.split('.') {
            let member = Expr::Member {
                object: value,
                name: Name::new(name),
                name_span: span,
            };
            value = self.add_at(member, span);
        }
        self.function = outer;
        value
    }
}

/// Whether a name is one under which a template calls a directive.
fn is_directive(name: &str) -> bool {
    is_prefixed(name, "v")
}

/// The name under which a template calls a directive.
pub(super) fn directive(name: &str) -> Name {
    Name::from(format!("v{}", super::template::component_name(name)))
}
