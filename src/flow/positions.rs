//! Where the functions of a file stand.
//!
//! In: the calls and elements of a parsed file. Out: [`InFile`]: the call whose argument a function is, the key of an options
//! object that it stands under, the context whose consumer calls it. It leaves alone what the calls mean (`params`).

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::entered::Refs;
use super::evaluate::Evaluator;
use super::shapes::Shapes;
use super::value::{FnRef, Value};
use crate::facts::{
    BindingId, Entry, Expr, ExprId, FileFacts, From, FunctionId, Item, JsxTag, Name,
};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// A function in an options object under more keys than this, one inside the other, is not looked for.
const MAX_KEYS: usize = 4;

/// Where the functions of each file stand, read when it is first asked for.
#[derive(Default)]
pub(super) struct Positions(RefCell<FxHashMap<FileId, Rc<InFile>>>);

/// Where the functions of a file stand.
#[derive(Default)]
pub(super) struct InFile {
    /// The context of whose consumer a function is the child.
    pub consumes: FxHashMap<FunctionId, (FileId, BindingId)>,
    /// The call in which a function expression is an argument, and which.
    pub argument_of: FxHashMap<FunctionId, (ExprId, usize)>,
    /// The call of a function expression where it stands.
    pub called: FxHashMap<FunctionId, ExprId>,
    /// The call that is given a declared function by its name.
    pub named_in: FxHashMap<FunctionId, ExprId>,
    /// The call or element with an object in which a function stands, which argument it is, and the dotted key.
    pub option_of: FxHashMap<FunctionId, (ExprId, usize, String)>,
    /// The component whose prop a function is; none if it is an element of the page.
    pub prop_of: FxHashMap<FunctionId, Option<ExprId>>,
    /// The element or component one of whose props a function is, and which; none if it is one of several.
    pub element_of: FxHashMap<FunctionId, Option<(ExprId, Name)>>,
    /// Functions of which every use is a call in this file; found when it is first asked for.
    pub only_called: OnceCell<FxHashSet<FunctionId>>,
    /// Names that something is added to or taken from; found when it is first asked for.
    pub counted: OnceCell<FxHashSet<BindingId>>,
    /// What is done with refs; found when it is first asked for.
    pub refs: OnceCell<Refs>,
}

impl InFile {
    /// Whether a function stands among the arguments of a call, or in an object there.
    pub(super) fn is_argument(&self, function: FunctionId) -> bool {
        self.argument_of.contains_key(&function) || self.option_of.contains_key(&function)
    }
}

impl Evaluator<'_> {
    /// Where the functions of a file stand.
    pub(super) fn positions(&self, file: FileId) -> Rc<InFile> {
        if let Some(found) = self.positions.0.borrow().get(&file) {
            return Rc::clone(found);
        }
        let found = Rc::new(InFile::read(&self.shapes, file));
        let mut all = self.positions.0.borrow_mut();
        Rc::clone(all.entry(file).or_insert(found))
    }

    /// Whether a function is handed to an element of the page, or to a component that is not of the program.
    pub(super) fn listens_to_page(&self, function: FnRef) -> bool {
        match self
            .positions(function.file)
            .prop_of
            .get(&function.function)
        {
            None => false,
            Some(None) => true,
            Some(Some(tag)) => !matches!(
                &*self.expr(function.file, *tag),
                Value::Function(_) | Value::Class(..)
            ),
        }
    }
}

impl InFile {
    fn read(shapes: &Shapes<'_>, file: FileId) -> Self {
        let facts = shapes.program.facts(file);
        let mut found = Self::default();
        for call in &facts.calls {
            match facts.expr(*call) {
                Expr::Jsx {
                    tag: JsxTag::Component(tag),
                    props,
                    children,
                } => {
                    found.read_consumer(shapes, file, *tag, children);
                    found.read_options(facts, (*call, 0), props, "");
                    found.read_props(shapes, facts, *call, Some(*tag), props);
                }
                Expr::Jsx {
                    tag: JsxTag::Intrinsic(_),
                    props,
                    ..
                } => found.read_props(shapes, facts, *call, None, props),
                Expr::Call { callee, args, .. } | Expr::New { callee, args, .. } => {
                    if let Expr::Function(function) = facts.expr(*callee) {
                        found.called.insert(*function, *call);
                    }
                    for (index, arg) in args.iter().enumerate() {
                        if let Item::Value(arg) = arg {
                            found.read_argument(facts, (*call, index), *arg);
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn read_argument(&mut self, facts: &FileFacts, at: (ExprId, usize), arg: ExprId) {
        match facts.expr(arg) {
            Expr::Function(function) => {
                self.argument_of.insert(*function, at);
            }
            Expr::Object(entries) => self.read_options(facts, at, entries, ""),
            Expr::Ref(binding) => {
                if let Some(function) = declared(facts, *binding) {
                    self.named_in.entry(function).or_insert(at.0);
                }
            }
            _ => {}
        }
    }

    /// Functions that are props, written there or by their names.
    fn read_props(
        &mut self,
        shapes: &Shapes<'_>,
        facts: &FileFacts,
        element: ExprId,
        tag: Option<ExprId>,
        props: &[Entry],
    ) {
        for (name, value) in props.iter().filter_map(Entry::named) {
            let function =
                function_of(facts, value).or_else(|| kept_as_it_is(shapes, facts, value));
            if let Some(function) = function {
                self.prop_of.entry(function).or_insert(tag);
                let at = Some((element, name.clone()));
                self.element_of
                    .entry(function)
                    .and_modify(|known| *known = None)
                    .or_insert(at);
            }
        }
    }

    /// Functions in an argument object, by the dotted keys to them.
    fn read_options(
        &mut self,
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
                    self.option_of.insert(*function, (call, index, path));
                }
                Expr::Object(inner) if path.split('.').count() < MAX_KEYS => {
                    self.read_options(facts, (call, index), inner, &path);
                }
                _ => {}
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
                self.consumes.insert(function, context);
            }
        }
    }
}

/// The function that an expression is, written there or by its name.
pub(super) fn function_of(facts: &FileFacts, expr: ExprId) -> Option<FunctionId> {
    match facts.expr(expr) {
        Expr::Function(function) => Some(*function),
        Expr::Ref(binding) => declared(facts, *binding),
        _ => None,
    }
}

/// The function that a name is declared to be.
fn declared(facts: &FileFacts, binding: BindingId) -> Option<FunctionId> {
    let mut sources = facts.binding(binding).sources.iter();
    sources.find_map(|it| match it.from {
        From::Function(function) => Some(function),
        From::Expr(value) => match facts.expr(value) {
            Expr::Function(function) => Some(*function),
            _ => None,
        },
        _ => None,
    })
}

/// The function that a name holds as a known function gives it back (`useCallback((event) => …, [])`).
fn kept_as_it_is(shapes: &Shapes<'_>, facts: &FileFacts, name: ExprId) -> Option<FunctionId> {
    let Expr::Ref(binding) = facts.expr(name) else {
        return None;
    };
    let Expr::Call { callee, args, .. } = facts.expr(facts.constant(*binding)?) else {
        return None;
    };
    let name = match facts.expr(*callee) {
        Expr::Ref(binding) => &facts.binding(*binding).name,
        Expr::Global(name) | Expr::Member { name, .. } => name,
        _ => return None,
    };
    let rule = shapes.library.function(std::slice::from_ref(name), None)?;
    match args.get(rule.arg) {
        Some(Item::Value(given)) if rule.does == Effect::SameFunction => match facts.expr(*given) {
            Expr::Function(function) => Some(*function),
            _ => None,
        },
        _ => None,
    }
}
