//! What only all parsed files together tell.
//!
//! In: the parsed files of a program. Out: [`Registry`]: who implements an interface, who extends a class, what a context
//! provides, and what is assigned to a global. It leaves alone values, and what a file tells of itself alone (`positions`).

use memchr::memmem;

use super::asked::{Asker, Table, ValueId};
use super::handed_setters::HandedSetters;
use super::implementing::typed_literals;
use super::installed::Installed;
use super::library::Library;
use super::namespaces::Namespaces;
use super::positions::function_of;
use super::shapes::{Shape, Shapes, TypeUse};
use crate::facts::{
    BindingId, ClassId, Entry, Expr, ExprId, FileFacts, From, Item, JsxTag, KEPT_BY_WINDOW,
    Literal, MODULE, Name, PLATFORM, Step, TypeDeclId, TypeDeclKind, property,
};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// The type of the platform's global object.
const PLATFORM_TYPE: &str = "Window";

/// The member of a context that provides a value.
pub(super) const PROVIDER: &str = "Provider";

/// Under which names a provider of NestJS and Angular has its key (<https://docs.nestjs.com/fundamentals/custom-providers>,
/// <https://angular.dev/guide/di/defining-dependency-providers>), …
const PROVIDED: &str = "provide";
/// … what is put in, or the class of it, …
const USED: [&str; 3] = ["useValue", "useClass", "useExisting"];
/// … and what makes it.
const FACTORY: &str = "useFactory";

/// What the parsed files hold in common.
pub(super) struct Registry {
    pub implementers: Table<(FileId, TypeDeclId), Vec<(FileId, ClassId)>>,
    pub subclasses: Table<(FileId, ClassId), Vec<(FileId, ClassId)>>,
    /// The object literals that the code says to be of an interface.
    pub literals: Table<(FileId, TypeDeclId), Vec<(FileId, ExprId)>>,
    /// Values given to the provider of a context, by the context's own declaration.
    pub provided: Table<(FileId, BindingId), Vec<(FileId, ExprId)>>,
    /// Values given to components, of which one may be a context or its provider by another name, by the component's name.
    pub given: Table<Name, Vec<(FileId, BindingId, ExprId)>>,
    /// Values that calls provide under a text.
    pub injected: Table<Name, Vec<(FileId, ExprId)>>,
    /// Calls that provide a value under another key: the file, the key and the value.
    pub provisions: Table<(), Vec<(FileId, ExprId, ExprId)>>,
    /// The types that `declare global` gives to globals.
    pub declared: Table<Name, TypeUse>,
    pub globals: Table<Name, Vec<(FileId, ExprId)>>,
    pub namespaces: Namespaces,
    pub installed: Installed,
    pub handed_setters: HandedSetters,
    /// What an app gives all its components (`components`).
    pub of_components: Table<Name, Vec<(FileId, ExprId)>>,
}

impl Registry {
    fn empty(asker: &Asker) -> Self {
        Self {
            implementers: Table::new(asker),
            subclasses: Table::new(asker),
            literals: Table::new(asker),
            provided: Table::new(asker),
            given: Table::new(asker),
            injected: Table::new(asker),
            provisions: Table::new(asker),
            declared: Table::new(asker),
            globals: Table::new(asker),
            namespaces: Namespaces::new(asker),
            installed: Installed::new(asker),
            handed_setters: HandedSetters::new(asker),
            of_components: Table::new(asker),
        }
    }

    /// Reads all files that are parsed now.
    pub(super) fn new(shapes: &Shapes<'_>, library: &Library<'_>, asker: &Asker) -> Self {
        let mut registry = Self::empty(asker);
        let files: Vec<FileId> = shapes.program.parsed().map(|(file, _)| file).collect();
        for file in files {
            registry.read(shapes, file);
            registry.installed.read(shapes, file);
            registry
                .handed_setters
                .read(shapes.program.facts(file), file);
            registry.read_provisions(shapes, library, file);
            registry.read_containers(shapes, file);
            registry.read_plugins(shapes.program.facts(file), library, file);
            registry.read_declared(shapes, file);
            registry.read_literals(shapes, file);
        }
        registry
    }

    /// Those whom a registry of more files would have told something else, and that one is asked by all from then on.
    pub(super) fn differences(self, now: &Self) -> Vec<ValueId> {
        let mut found = Vec::new();
        let into = &mut found;
        self.implementers
            .differences(&now.implementers, Vec::eq, into);
        self.subclasses.differences(&now.subclasses, Vec::eq, into);
        self.literals.differences(&now.literals, Vec::eq, into);
        self.provided.differences(&now.provided, Vec::eq, into);
        self.given.differences(&now.given, Vec::eq, into);
        self.injected.differences(&now.injected, Vec::eq, into);
        self.provisions.differences(&now.provisions, Vec::eq, into);
        let is_same_file = |before: &TypeUse, now: &TypeUse| before.file == now.file;
        self.declared.differences(&now.declared, is_same_file, into);
        self.globals.differences(&now.globals, Vec::eq, into);
        self.of_components
            .differences(&now.of_components, Vec::eq, into);
        self.namespaces.differences(&now.namespaces, into);
        self.installed.differences(&now.installed, into);
        self.handed_setters.differences(&now.handed_setters, into);
        found
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
            if let Expr::Jsx {
                tag: JsxTag::Component(tag),
                props,
                ..
            } = facts.expr(*call)
            {
                self.read_provider(shapes, file, facts, *tag, props);
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
            if KEPT_BY_WINDOW.contains(&name.as_str()) {
                continue;
            }
            self.globals
                .entry(name.clone())
                .or_default()
                .push((file, value));
        }
    }

    /// The object literals with functions in them that are said to be of an interface.
    fn read_literals(&mut self, shapes: &Shapes<'_>, file: FileId) {
        for (literal, ty) in typed_literals(shapes.program.facts(file)) {
            if let Shape::Fields {
                decl: Some(decl), ..
            } = shapes.shape(&TypeUse::new(file, ty))
            {
                let known = self.literals.entry(decl).or_default();
                if !known.contains(&(file, literal)) {
                    known.push((file, literal));
                }
            }
        }
    }

    /// `provide(key, value)` and `exposeInMainWorld(name, value)`, by the rules.
    fn read_provisions(&mut self, shapes: &Shapes<'_>, library: &Library<'_>, file: FileId) {
        let facts = shapes.program.facts(file);
        for call in &facts.calls {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                continue;
            };
            let rule = || match facts.expr(*callee) {
                Expr::Member { name, .. } => library.method(name),
                Expr::Ref(binding) => {
                    let name = &facts.binding(*binding).name;
                    library.function(std::slice::from_ref(name), None)
                }
                Expr::Global(name) => library.function(std::slice::from_ref(name), None),
                _ => None,
            };
            let (key, value) = match args.as_slice() {
                [Item::Value(options)] => {
                    if let Expr::Object(options) = facts.expr(*options)
                        && let Some(rule) = rule().filter(|rule| rule.does == Effect::Provide)
                        && let Some(provided) =
                            property(options, rule.key.as_deref().unwrap_or_default())
                    {
                        self.provide_all(shapes, file, provided);
                    }
                    continue;
                }
                [Item::Value(key), Item::Value(value)] => (key, value),
                _ => continue,
            };
            match (rule().map(|rule| rule.does), facts.expr(*key)) {
                (Some(Effect::Provide), _) => self.provide(facts, file, *key, *value),
                (Some(Effect::Expose), Expr::Literal(Literal::String(name))) => {
                    let exposed = self.globals.entry(name.clone()).or_default();
                    exposed.push((file, *value));
                }
                _ => {}
            }
        }
    }

    /// Each field of an object, under its name, in whichever file that is written.
    fn provide_all(&mut self, shapes: &Shapes<'_>, file: FileId, provided: ExprId) {
        let facts = shapes.program.facts(file);
        let (file, provided) = match facts.expr(facts.uncast(provided)) {
            Expr::Ref(binding) => {
                let (at, declared) = shapes.declaration(file, *binding);
                let constant = shapes.program.facts(at).constant(declared);
                constant.map_or((file, provided), |constant| (at, constant))
            }
            _ => (file, provided),
        };
        let facts = shapes.program.facts(file);
        if let Expr::Object(entries) = facts.expr(facts.uncast(provided)) {
            for (name, value) in entries.iter().filter_map(Entry::named) {
                let injected = self.injected.entry(name.clone()).or_default();
                injected.push((file, value));
            }
        }
    }

    fn provide(&mut self, facts: &FileFacts, file: FileId, key: ExprId, value: ExprId) {
        match facts.expr(key) {
            Expr::Literal(Literal::String(name)) => {
                let injected = self.injected.entry(name.clone()).or_default();
                injected.push((file, value));
            }
            _ => {
                let provisions = self.provisions.entry(()).or_default();
                provisions.push((file, key, value));
            }
        }
    }

    /// What a container is told to put in by a key: `{ provide: KEY, useFactory: () => … }`.
    fn read_containers(&mut self, shapes: &Shapes<'_>, file: FileId) {
        // Far fewer files name one of these than provide something.
        let text = shapes.program.source(file).text.as_bytes();
        let mut means = USED.iter().chain([&FACTORY]);
        if !means.any(|name| memmem::find(text, name.as_bytes()).is_some()) {
            return;
        }
        let facts = shapes.program.facts(file);
        for node in &facts.exprs {
            let Expr::Object(entries) = &node.expr else {
                continue;
            };
            let Some(key) = property(entries, PROVIDED) else {
                continue;
            };
            for value in USED.iter().filter_map(|used| property(entries, used)) {
                self.provide(facts, file, key, value);
            }
            let factory = property(entries, FACTORY);
            let factory = factory.and_then(|it| function_of(facts, facts.uncast(it)));
            for made in factory.iter().flat_map(|it| &facts.function(*it).returns) {
                self.provide(facts, file, key, *made);
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

    fn read_provider(
        &mut self,
        shapes: &Shapes<'_>,
        file: FileId,
        facts: &FileFacts,
        tag: ExprId,
        props: &[Entry],
    ) {
        let (named, is_provider) = match facts.expr(tag) {
            Expr::Member { object, name, .. } if name == PROVIDER => (*object, true),
            _ => (tag, false),
        };
        let Expr::Ref(binding) = facts.expr(named) else {
            return;
        };
        let Some(value) = property(props, "value") else {
            return;
        };
        if is_provider {
            let context = shapes.declaration(file, *binding);
            let provided = self.provided.entry(context).or_default();
            provided.push((file, value));
        } else {
            // Most components are no contexts: whether this is one is found out by who asks for a context of its name.
            let name = facts.binding(*binding).name.clone();
            let given = self.given.entry(name).or_default();
            given.push((file, *binding, value));
        }
    }
}
