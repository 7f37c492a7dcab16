//! The state of lowering one file, and the arenas it fills.
//!
//! In: facts piece by piece, from the modules beside this one. Out: the finished [`FileFacts`]. It leaves alone what
//! each syntax form means; those modules know.

use rustc_hash::{FxHashMap, FxHashSet};
use thin_vec::{ThinVec, thin_vec};

use crate::facts::{
    Binding, BindingId, BindingKind, ClassId, Exported, Expr, ExprId, ExprNode, FileFacts, From,
    Function, FunctionId, FunctionKind, MODULE, Name, Param, Source, Type, TypeDeclId, TypeId,
    Write,
};
use crate::source::Span;

use super::component::{Component, Options};
use super::islands::Host;
use super::scope::Scopes;
use super::tree::{self, Node};

/// What `this` is at the present place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum This {
    /// Nothing that the file says.
    #[default]
    Unknown,
    /// An instance of a class, or the class itself in its static members.
    Class(ClassId),
    /// The object literal that is that many levels deep in [`Lowering::objects`].
    Object(usize),
}

/// Where the exports of the present module body go.
#[derive(Debug, Default)]
pub(super) enum ExportSink {
    /// To the file.
    #[default]
    File,
    /// To a namespace.
    Namespace(Vec<(Name, Exported)>),
    /// Nowhere: what `declare global` holds is everybody's.
    Nowhere,
}

/// What a script is to the others of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// They all share their names.
    Shared,
    /// Its names are seen by no other.
    Apart,
    /// It is the file's template.
    Template,
    /// It is the text of a literal at this offset, and runs where that stands.
    Within(usize),
    /// It is the text of a literal at this offset, and the template of a component.
    TemplateIn(usize),
}

/// A script of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    /// The root of its tree.
    pub(super) root: Node<'t>,
    pub(super) role: Role,
}

/// One file being lowered.
#[derive(Debug)]
pub(super) struct Lowering<'t> {
    pub(super) text: &'t str,
    pub(super) facts: FileFacts,
    pub(super) scopes: Scopes,
    /// The function around the present place.
    pub(super) function: FunctionId,
    pub(super) this: This,
    /// For every object literal around the present place the functions whose `this` it is: an object gets its id only
    /// after its members.
    pub(super) objects: Vec<Vec<FunctionId>>,
    /// Classes that were announced by their scope, by the offset of their declaration.
    pub(super) class_ids: FxHashMap<usize, ClassId>,
    /// Interfaces, aliases and the like that were announced by their scope, by the offset of their declaration.
    pub(super) type_decl_ids: FxHashMap<usize, TypeDeclId>,
    /// Functions that have a body somewhere: their overload signatures count for nothing.
    pub(super) implemented: FxHashSet<BindingId>,
    /// The import statements that were announced, by their offset.
    pub(super) announced_imports: FxHashSet<usize>,
    pub(super) exports: ExportSink,
    /// Whether a `var` can occur at all, which spares most files the search for them.
    pub(super) has_var: bool,
    pub(super) in_global: bool,
    /// The kind of file that holds the scripts.
    pub(super) host: Option<Host>,
    /// The component that the file is.
    pub(super) component: Option<Component>,
    /// The next object literal is the options of a component or store.
    pub(super) options_next: Option<Options>,
    /// Such objects, by the class that they are.
    pub(super) options: FxHashMap<ClassId, ExprId>,
    /// The class of the options around the present place, outside of functions.
    pub(super) options_class: Option<ClassId>,
    /// The component of Angular whose template the file is.
    pub(super) owner: Option<BindingId>,
    /// Scripts that are the text of literals, by the literals' offsets.
    pub(super) within: FxHashMap<usize, Node<'t>>,
    /// Templates that are.
    pub(super) templates: FxHashMap<usize, Node<'t>>,
    /// Names that nothing declares are the component's.
    pub(super) in_template: bool,
    /// Names that the present condition of a conditional type infers.
    pub(super) inferred: Vec<Name>,
    /// Where the statements end of which the next one is the first to come.
    pub(super) block_end: Option<u32>,
    depth: u32,
    limit: u32,
    unread: Option<Span>,
}

impl<'t> Lowering<'t> {
    /// Starts with an empty module body; `limit` bounds how deep the lowering recurses.
    pub(super) fn new(text: &'t str, limit: u32) -> Self {
        let mut facts = FileFacts::default();
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        facts
            .functions
            .push(blank_function(FunctionKind::Module, Span::new(0, end)));
        Self {
            text,
            facts,
            scopes: Scopes::default(),
            function: MODULE,
            this: This::Unknown,
            objects: Vec::new(),
            class_ids: FxHashMap::default(),
            type_decl_ids: FxHashMap::default(),
            implemented: FxHashSet::default(),
            announced_imports: FxHashSet::default(),
            exports: ExportSink::File,
            has_var: text.contains("var"),
            in_global: false,
            inferred: Vec::new(),
            block_end: None,
            host: None,
            component: None,
            options_next: None,
            options: FxHashMap::default(),
            options_class: None,
            owner: None,
            within: FxHashMap::default(),
            templates: FxHashMap::default(),
            in_template: false,
            depth: 0,
            limit,
            unread: None,
        }
    }

    /// Lowers the whole file. A script that stands apart still sees the names of those that do not.
    pub(super) fn program(&mut self, pieces: &[Piece<'t>]) {
        let of = |role| {
            let pieces = pieces.iter().filter(move |piece| piece.role == role);
            pieces.map(|piece| piece.root).collect::<Vec<_>>()
        };
        self.scopes.push();
        self.open_component();
        self.open_owner();
        for piece in pieces {
            match piece.role {
                Role::Within(at) => self.within.insert(at, piece.root),
                Role::TemplateIn(at) => self.templates.insert(at, piece.root),
                _ => None,
            };
        }
        self.bodies(&of(Role::Shared));
        self.close_component();
        self.angular_components();
        for root in of(Role::Template) {
            self.template_body(root);
        }
        for root in of(Role::Apart) {
            self.scopes.push();
            self.bodies(&[root]);
            self.scopes.pop();
        }
        self.scopes.pop();
    }

    /// The first place that was too deep to be read.
    pub(super) fn unread(&self) -> Option<Span> {
        self.unread
    }

    /// The facts, with the calls in source order (they were recorded when they ended).
    pub(super) fn finish(mut self) -> FileFacts {
        super::touches::do_to_aliased(&mut self.facts);
        super::prototypes::make_classes(&mut self.facts);
        let exprs = &self.facts.exprs;
        self.facts
            .calls
            .sort_by_key(|call| exprs[call.index()].span.start);
        self.facts
    }

    /// Goes one level deeper unless that is too deep; every success is followed by [`Self::leave`].
    pub(super) fn enter(&mut self, node: Node<'t>) -> bool {
        if self.depth >= self.limit {
            self.unread.get_or_insert_with(|| tree::span(node));
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The source of a node.
    pub(super) fn slice(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The source of a node as a name.
    pub(super) fn name(&self, node: Node<'t>) -> Name {
        Name::new(self.slice(node))
    }

    pub(super) fn add(&mut self, expr: Expr, node: Node<'t>) -> ExprId {
        self.add_at(expr, tree::span(node))
    }

    pub(super) fn add_at(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(next(&self.facts.exprs));
        self.facts.exprs.push(ExprNode {
            expr,
            span,
            function: self.function,
        });
        id
    }

    /// Adds an expression that is listed among the calls.
    pub(super) fn add_call(&mut self, expr: Expr, node: Node<'t>) -> ExprId {
        let id = self.add(expr, node);
        self.facts.calls.push(id);
        id
    }

    pub(super) fn add_type(&mut self, ty: Type) -> TypeId {
        let id = TypeId(next(&self.facts.types));
        self.facts.types.push(ty);
        id
    }

    pub(super) fn add_function(&mut self, function: Function) -> FunctionId {
        let id = FunctionId(next(&self.facts.functions));
        self.facts.functions.push(function);
        id
    }

    /// Adds a function of one parameter, and gives it with the name that the parameter has inside.
    pub(super) fn add_taking(
        &mut self,
        mut function: Function,
        parameter: Name,
    ) -> (FunctionId, BindingId) {
        let span = function.span;
        function.params.push(Param {
            name: Some(parameter.clone()),
            ty: None,
            default: None,
            rest: false,
            property: None,
            span,
        });
        let function = self.add_function(function);
        let binding = BindingId(next(&self.facts.bindings));
        self.facts.bindings.push(Binding {
            name: parameter,
            span,
            kind: BindingKind::Param,
            function,
            ty: None,
            sources: thin_vec![blank_source(From::Param { function, index: 0 }, span)],
            writes: ThinVec::new(),
            touches: ThinVec::new(),
        });
        (function, binding)
    }

    /// Adds a function of a component's props.
    pub(super) fn add_component(&mut self, span: Span) -> (FunctionId, BindingId) {
        let mut function = blank_function(FunctionKind::Function, span);
        function.parent = Some(MODULE);
        self.add_taking(function, Name::const_new("props"))
    }

    /// Declares a value in the innermost scope. A second declaration of the name there is the same binding.
    pub(super) fn declare(&mut self, name: Name, kind: BindingKind, span: Span) -> BindingId {
        if let Some(known) = self.scopes.value_here(&name) {
            return known;
        }
        let id = BindingId(next(&self.facts.bindings));
        self.scopes.declare_value(&name, id);
        self.facts.bindings.push(Binding {
            name,
            span,
            kind,
            function: self.function,
            ty: None,
            sources: ThinVec::new(),
            writes: ThinVec::new(),
            touches: ThinVec::new(),
        });
        id
    }

    /// Gives a binding a value that is no pattern's.
    pub(super) fn source(&mut self, binding: BindingId, from: From, span: Span) {
        self.facts.bindings[binding.index()].sources.push(Source {
            from,
            path: ThinVec::new(),
            default: None,
            span,
            ty: None,
        });
    }

    /// Records a write whose target hangs on no binding and no `this` of a class.
    pub(super) fn write(&mut self, write: Write) {
        self.facts.writes.push(write);
    }
}

/// The index that the next element gets.
pub(super) fn next<T>(arena: &[T]) -> u32 {
    u32::try_from(arena.len()).unwrap_or(u32::MAX)
}

/// A source about which only where it comes from is known.
pub(super) fn blank_source(from: From, span: Span) -> Source {
    Source {
        from,
        path: ThinVec::new(),
        default: None,
        span,
        ty: None,
    }
}

/// A function about which only its kind and place are known.
pub(super) fn blank_function(kind: FunctionKind, span: Span) -> Function {
    Function {
        name: None,
        span,
        kind,
        parent: None,
        class: None,
        this_object: None,
        is_static: false,
        is_async: false,
        is_generator: false,
        is_signature: false,
        params: ThinVec::new(),
        returns: ThinVec::new(),
        return_type: None,
        type_params: ThinVec::new(),
    }
}
