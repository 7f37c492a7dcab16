//! What only all parsed files together tell.
//!
//! In: the parsed files of a program. Out: [`Registry`]: who implements an interface, who extends a class, what a context
//! provides, what is assigned to a global, and as which argument a function stands in a call. It leaves alone values.

use rustc_hash::FxHashMap;

use super::asked::Table;
use super::library::Library;
use super::namespaces::Namespaces;
use super::shapes::{Shape, Shapes, TypeUse};
use crate::facts::{
    BindingId, ClassId, Entry, Expr, ExprId, FileFacts, From, FunctionId, Item, JsxTag, MODULE,
    Name, PLATFORM, Step, TypeDeclId, TypeDeclKind, property,
};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// A function in an options object under more keys than this, one inside the other, is not looked for.
const MAX_KEYS: usize = 4;

/// The type of the platform's global object.
const PLATFORM_TYPE: &str = "Window";

/// What the parsed files hold in common.
#[derive(Default)]
pub(super) struct Registry {
    pub implementers: Table<(FileId, TypeDeclId), Vec<(FileId, ClassId)>>,
    pub subclasses: Table<(FileId, ClassId), Vec<(FileId, ClassId)>>,
    /// Values given to the provider of a context, by the context's own declaration.
    pub provided: Table<(FileId, BindingId), Vec<(FileId, ExprId)>>,
    /// Calls that provide a value under a key.
    pub provisions: Vec<(FileId, ExprId, ExprId)>,
    /// The context of whose consumer a function is the child.
    pub consumes: FxHashMap<(FileId, FunctionId), (FileId, BindingId)>,
    /// The types that `declare global` gives to globals.
    pub declared: Table<Name, TypeUse>,
    pub globals: Table<Name, Vec<(FileId, ExprId)>>,
    pub namespaces: Namespaces,
    /// What an app gives all its components (`components`).
    pub of_components: Table<Name, Vec<(FileId, ExprId)>>,
    /// The call in which a function expression is an argument, and which.
    pub argument_of: FxHashMap<(FileId, FunctionId), (ExprId, usize)>,
    /// The call of a function expression where it stands.
    pub called: FxHashMap<(FileId, FunctionId), ExprId>,
    /// The call that is given a declared function by its name.
    pub named_in: FxHashMap<(FileId, FunctionId), ExprId>,
    /// The call or element with an object in which a function stands, which argument it is, and the dotted key.
    pub option_of: FxHashMap<(FileId, FunctionId), (ExprId, usize, String)>,
}

impl Registry {
    /// Whether a registry of more files tells the same to all who asked this one; what is known of functions in a file, only
    /// their file asks for.
    pub(super) fn tells_as(&self, other: &Self) -> bool {
        // Each of them has to hear what was asked of this one.
        let answers = [
            self.implementers.answers_as(&other.implementers, Vec::eq),
            self.subclasses.answers_as(&other.subclasses, Vec::eq),
            self.provided.answers_as(&other.provided, Vec::eq),
            self.declared
                .answers_as(&other.declared, |one, other| one.file == other.file),
            self.globals.answers_as(&other.globals, Vec::eq),
            self.of_components.answers_as(&other.of_components, Vec::eq),
            self.namespaces.tells_as(&other.namespaces),
            self.provisions == other.provisions,
        ];
        answers.iter().all(|same| *same)
    }

    /// Reads all files that are parsed now.
    pub(super) fn new(shapes: &Shapes<'_>, library: &Library<'_>) -> Self {
        let mut registry = Self::default();
        let files: Vec<FileId> = shapes.program.parsed().map(|(file, _)| file).collect();
        for file in files {
            registry.read(shapes, file);
            registry.read_provisions(shapes, library, file);
            registry.read_plugins(shapes.program.facts(file), library, file);
            registry.read_declared(shapes, file);
        }
        registry
    }

    fn read(&mut self, shapes: &Shapes<'_>, file: FileId) {
        let facts = shapes.program.facts(file);
        for (index, class) in (0..).zip(&facts.classes) {
            let id = ClassId(index);
            for ty in &class.implements {
                match shapes.shape(&TypeUse::new(file, *ty)) {
                    Shape::Fields {
                        decl: Some(decl), ..
                    } => self.implementers.entry(decl).or_default().push((file, id)),
                    Shape::Class(base_file, base, _) => self
                        .subclasses
                        .entry((base_file, base))
                        .or_default()
                        .push((file, id)),
                    _ => {}
                }
            }
            if let Some(Expr::Ref(binding)) = class.extends.map(|extends| facts.expr(extends))
                && let Some(base) = shapes.class_of_binding(file, *binding)
            {
                self.subclasses.entry(base).or_default().push((file, id));
            }
        }
        for call in &facts.calls {
            match facts.expr(*call) {
                Expr::Jsx {
                    tag: JsxTag::Component(tag),
                    props,
                    children,
                } => {
                    self.read_consumer(shapes, file, *tag, children);
                    self.read_provider(shapes, file, facts, *tag, props);
                    self.read_options(file, facts, (*call, 0), props, "");
                }
                Expr::Call { callee, args, .. } | Expr::New { callee, args, .. } => {
                    if let Expr::Function(function) = facts.expr(*callee) {
                        self.called.insert((file, *function), *call);
                    }
                    for (index, arg) in args.iter().enumerate() {
                        let Item::Value(arg) = arg else { continue };
                        match facts.expr(*arg) {
                            Expr::Function(function) => {
                                self.argument_of.insert((file, *function), (*call, index));
                            }
                            Expr::Object(entries) => {
                                self.read_options(file, facts, (*call, index), entries, "");
                            }
                            Expr::Ref(binding) => {
                                let sources = &facts.binding(*binding).sources;
                                let declared = sources.iter().find_map(|it| match it.from {
                                    From::Function(function) => Some(function),
                                    From::Expr(value) => match facts.expr(value) {
                                        Expr::Function(function) => Some(*function),
                                        _ => None,
                                    },
                                    _ => None,
                                });
                                if let Some(function) = declared {
                                    self.named_in.entry((file, function)).or_insert(*call);
                                }
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        self.read_app(file, facts);
        self.namespaces.read(file, facts);
        for write in &facts.writes {
            let (Some(root), Some(value)) = (write.root, write.value) else {
                continue;
            };
            let name = match (facts.expr(root), write.path.as_slice()) {
                (Expr::Global(root), [Step::Key(name)]) if PLATFORM.contains(&root.as_str()) => {
                    name
                }
                (Expr::Global(name), []) => name,
                _ => continue,
            };
            self.globals
                .entry(name.clone())
                .or_default()
                .push((file, value));
        }
    }

    /// Functions in an argument object, by the dotted keys to them.
    fn read_options(
        &mut self,
        file: FileId,
        facts: &FileFacts,
        (call, index): (ExprId, usize),
        entries: &[Entry],
        prefix: &str,
    ) {
        for (name, value) in entries.iter().filter_map(Entry::named) {
            let path = match prefix {
                "" => name.to_string(),
                prefix => format!("{prefix}.{name}"),
            };
            match facts.expr(value) {
                Expr::Function(function) => {
                    self.option_of
                        .insert((file, *function), (call, index, path));
                }
                Expr::Object(inner) if path.split('.').count() < MAX_KEYS => {
                    self.read_options(file, facts, (call, index), inner, &path);
                }
                _ => {}
            }
        }
    }

    /// `provide(key, value)`, by the rules.
    fn read_provisions(&mut self, shapes: &Shapes<'_>, library: &Library<'_>, file: FileId) {
        let facts = shapes.program.facts(file);
        for call in &facts.calls {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                continue;
            };
            let [Item::Value(key), Item::Value(value)] = args.as_slice() else {
                continue;
            };
            let rule = match facts.expr(*callee) {
                Expr::Member { name, .. } => library.method(name),
                Expr::Ref(binding) => {
                    let name = &facts.binding(*binding).name;
                    library.function(std::slice::from_ref(name), None)
                }
                Expr::Global(name) => library.function(std::slice::from_ref(name), None),
                _ => None,
            };
            if rule.is_some_and(|rule| rule.does == Effect::Provide) {
                self.provisions.push((file, *key, *value));
            }
        }
    }

    /// What a file says of the types of globals: `interface Window` and variables without a value.
    fn read_declared(&mut self, shapes: &Shapes<'_>, file: FileId) {
        let facts = shapes.program.facts(file);
        let is_script = facts.imports.is_empty() && facts.exports.is_empty();
        for decl in facts.type_decls.iter().filter(|it| it.global || is_script) {
            let TypeDeclKind::Interface { members, .. } = &decl.kind else {
                continue;
            };
            if decl.name != PLATFORM_TYPE {
                continue;
            }
            for member in members {
                if let (Some(name), Some(ty)) = (&member.name, member.ty) {
                    let ty = TypeUse::new(file, ty);
                    self.declared.entry(name.clone()).or_insert(ty);
                }
            }
        }
        if !shapes.program.source(file).path.as_str().ends_with(".d.ts") {
            return;
        }
        for binding in facts.bindings.iter().filter(|it| it.function == MODULE) {
            let is_bare = binding.sources.iter().all(|it| it.from == From::Nothing);
            if let (true, Some(ty)) = (is_bare, binding.ty) {
                let ty = TypeUse::new(file, ty);
                self.declared.entry(binding.name.clone()).or_insert(ty);
            }
        }
    }

    /// `<Context.Consumer>{value => …}</Context.Consumer>`.
    fn read_consumer(
        &mut self,
        shapes: &Shapes<'_>,
        file: FileId,
        tag: ExprId,
        children: &[ExprId],
    ) {
        let facts = shapes.program.facts(file);
        let functions = children
            .iter()
            .filter_map(|child| match facts.expr(*child) {
                Expr::Function(function) => Some(*function),
                _ => None,
            });
        let functions: Vec<FunctionId> = functions.collect();
        if functions.is_empty() {
            return;
        }
        // The consumer may go by a name of its own, in another file too.
        let (at, tag) = match facts.expr(tag) {
            Expr::Ref(binding) => {
                let (at, binding) = shapes.declaration(file, *binding);
                let sources = &shapes.program.facts(at).binding(binding).sources;
                match sources.first().map(|source| source.from) {
                    Some(From::Expr(value)) => (at, value),
                    _ => return,
                }
            }
            _ => (file, tag),
        };
        let facts = shapes.program.facts(at);
        if let Expr::Member { object, name, .. } = facts.expr(tag)
            && name == "Consumer"
            && let Expr::Ref(context) = facts.expr(*object)
        {
            let context = shapes.declaration(at, *context);
            for function in functions {
                self.consumes.insert((file, function), context);
            }
        }
    }

    fn read_provider(
        &mut self,
        shapes: &Shapes<'_>,
        file: FileId,
        facts: &FileFacts,
        tag: ExprId,
        props: &[Entry],
    ) {
        let context = match facts.expr(tag) {
            Expr::Member { object, name, .. } if name == "Provider" => *object,
            _ => return,
        };
        let Expr::Ref(binding) = facts.expr(context) else {
            return;
        };
        let Some(value) = property(props, "value") else {
            return;
        };
        self.provided
            .entry(shapes.declaration(file, *binding))
            .or_default()
            .push((file, value));
    }
}
