//! Components of Angular: a class, and a template that names its members.
//!
//! In: classes with a `@Component` decorator, and templates in files of their own. Out: a template in the class's file is
//! lowered as a method of the class; for one in its own file, the class is exported under the template's name, and the
//! template asks for an object of it as a service would. It leaves alone selectors, so which component an
//! element is (`bound`).

use crate::facts::{
    Binding, BindingId, BindingKind, ClassId, Export, Exported, Expr, ExprId, FileFacts, From,
    FunctionKind, Import, ImportId, Imported, Item, Literal, Name, Source, TEMPLATE,
};
use crate::source::Span;
use thin_vec::{ThinVec, thin_vec};

use super::islands::Host;
use super::lower::{Lowering, This, blank_function, next};
use super::tree::Node;

/// Marks of a template of Angular in a page, beside the names in brackets.
const MARKS: [&str; 8] = [
    "*ngIf=",
    "*ngFor=",
    "<ng-container",
    "<ng-template",
    "(click)=\"",
    "(ngSubmit)=\"",
    "[(ngModel)]=",
    "[formGroup]=",
];

/// Whether the text of a page is a template of Angular.
pub(super) fn is_template(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark)) || text.split_whitespace().any(is_bound)
}

/// `[user]="current`, `(picked)="onPicked($event)"`: no attribute of HTML is called so.
fn is_bound(word: &str) -> bool {
    let Some((name, _)) = word.split_once("=\"") else {
        return false;
    };
    let inside = |open: char, close: char| name.strip_prefix(open)?.strip_suffix(close);
    let name = inside('[', ']').or_else(|| inside('(', ')'));
    name.is_some_and(|name| {
        let mut letters = name.chars();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter))
    })
}

/// Says whose template a file is: that of the component beside it with the same stem.
pub(super) fn bind_template(facts: &mut FileFacts, stem: &str, name: &str) {
    if let Some(import) = facts.imports.first_mut() {
        import.specifier = Name::from(format!("./{stem}"));
        import.imported = Imported::Named(Name::from(format!("{TEMPLATE}{name}")));
    }
}

impl<'t> Lowering<'t> {
    /// The import by which a template in its own file gets hold of its component.
    pub(super) fn open_owner(&mut self) {
        if self.host != Some(Host::Angular) {
            return;
        }
        let span = Span::new(0, 0);
        let binding = BindingId(next(&self.facts.bindings));
        let import = ImportId(next(&self.facts.imports));
        self.facts.imports.push(Import {
            specifier: Name::default(),
            imported: Imported::Nothing,
            binding: Some(binding),
            type_only: false,
            span,
        });
        self.facts.bindings.push(Binding {
            name: Name::const_new("Component"),
            span,
            kind: BindingKind::Import,
            function: self.function,
            ty: None,
            sources: thin_vec![Source {
                from: From::Import(import),
                path: ThinVec::new(),
                default: None,
                span,
                ty: None,
            }],
            writes: ThinVec::new(),
            touches: ThinVec::new(),
        });
        self.owner = Some(binding);
    }

    /// The object whose members a template names, if it is that of a component in another file.
    pub(super) fn owner_object(&mut self, node: Node<'t>) -> Option<ExprId> {
        let owner = self.owner?;
        let callee = self.add(Expr::Global(Name::const_new("inject")), node);
        let class = self.add(Expr::Ref(owner), node);
        let call = Expr::Call {
            callee,
            args: thin_vec![Item::Value(class)],
            type_args: ThinVec::new(),
        };
        Some(self.add(call, node))
    }

    /// Gives the components of the file their templates.
    pub(super) fn angular_components(&mut self) {
        for (class, options) in self.decorated() {
            // What its template enters into its fields, and what its users hand it, is not in the class.
            if self.facts.class(class).extends.is_none() {
                let base = self.add_at(Expr::Unknown, self.facts.class(class).span);
                self.facts.classes[class.index()].extends = Some(base);
            }
            for (key, value) in self.properties(options) {
                match key.as_str() {
                    "selector" => self.selected(class, value),
                    "templateUrl" => self.export_for_template(class, value),
                    "template" => {
                        let start = self.facts.span(value).start as usize;
                        if let Some(root) = self.templates.remove(&start) {
                            self.method_of_template(class, root);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The classes with a decorator for components, with the decorator's options.
    fn decorated(&self) -> Vec<(ClassId, ExprId)> {
        let facts = &self.facts;
        let decorators = facts.calls.iter().filter_map(|call| {
            let Expr::Call { callee, args, .. } = facts.expr(*call) else {
                return None;
            };
            let Expr::Ref(decorator) = facts.expr(*callee) else {
                return None;
            };
            let [Item::Value(options)] = args.as_slice() else {
                return None;
            };
            let is_component = facts.binding(*decorator).name == "Component";
            is_component.then_some((facts.span(*call).end, *options))
        });
        let decorated = decorators.filter_map(|(end, options)| {
            let after = (0..).zip(&facts.classes).filter(|it| it.1.span.end > end);
            let (class, _) = after.min_by_key(|it| it.1.span.end)?;
            Some((ClassId(class), options))
        });
        decorated.collect()
    }

    fn export_for_template(&mut self, class: ClassId, address: ExprId) {
        let Expr::Literal(Literal::String(address)) = self.facts.expr(address) else {
            return;
        };
        let name = address.strip_prefix("./").unwrap_or(address);
        let name = Name::from(format!("{TEMPLATE}{name}"));
        let span = self.facts.class(class).span;
        let value = self.add_at(Expr::Class(class), span);
        self.facts.exports.push(Export {
            name,
            what: Exported::Expr(value),
            span,
        });
    }

    fn method_of_template(&mut self, class: ClassId, root: Node<'t>) {
        let mut function = blank_function(FunctionKind::Method, super::tree::span(root));
        function.parent = Some(self.facts.class(class).function);
        function.class = Some(class);
        let function = self.add_function(function);
        let outer = std::mem::replace(&mut self.in_template, true);
        self.within(function, This::Class(class), |lowering| {
            lowering.scopes.push();
            lowering.bodies(&[root]);
            lowering.scopes.pop();
        });
        self.in_template = outer;
    }
}
