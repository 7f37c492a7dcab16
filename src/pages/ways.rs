//! Expressions as the way to their value.
//!
//! In: an expression of a file. Out: its way as text (`useRouter().query`, `new URLSearchParams(location.search)`), with the
//! names of the file followed to what they stand for. It leaves alone what lies in other files, and what a way means.

use super::readers::ByName;
use crate::facts::{
    BindingId, Exported, Expr, ExprId, FileFacts, From, FunctionId, Imported, Item, Step,
};
use crate::facts::{Literal, LogicalOp};
use crate::ruleset::pages::PageRules;

/// Names are followed through no more declarations than this.
const MAX_DEPTH: usize = 12;
/// What gives what the function that it is handed gives.
const MEMOS: [&str; 2] = ["useMemo", "React.useMemo"];
/// What other globals are members of, and may be left out.
const ROOTS: [&str; 4] = ["window", "globalThis", "self", "document"];

/// The ways of one file.
pub(super) struct Ways<'f> {
    facts: &'f FileFacts,
    rules: &'f PageRules,
    /// The function that is the file's default export.
    shown: Option<FunctionId>,
    /// What functions of the app give, by the file's names of them.
    readers: ByName,
}

impl<'f> Ways<'f> {
    pub(super) fn new(facts: &'f FileFacts, rules: &'f PageRules, readers: ByName) -> Self {
        let default = facts.exports.iter().find(|export| export.name == "default");
        let shown = default.and_then(|export| match export.what {
            Exported::Binding(binding) => function_of_binding(facts, binding),
            Exported::Expr(expr) => match facts.expr(expr) {
                Expr::Function(function) => Some(*function),
                Expr::Ref(binding) => function_of_binding(facts, *binding),
                _ => None,
            },
            _ => None,
        });
        Self {
            facts,
            rules,
            shown,
            readers,
        }
    }

    /// The way of an expression; empty for what others are members of.
    pub(super) fn of(&self, expr: ExprId) -> Option<String> {
        self.within(expr, 0)
    }

    /// The way to what a pattern takes apart, and the name of the last thing that it takes out.
    pub(super) fn taken(&self, from: &From, path: &[Step]) -> Option<(String, String)> {
        let (Step::Key(last), before) = path.split_last()? else {
            return None;
        };
        let way = with_steps(self.source(from, 0)?, before)?;
        Some((way, last.to_string()))
    }

    /// The way to what a function gives, if it gives one thing.
    pub(super) fn given_by(&self, function: FunctionId) -> Option<String> {
        self.given_within(function, 0)
    }

    fn given_within(&self, function: FunctionId, depth: usize) -> Option<String> {
        match self.facts.function(function).returns.as_slice() {
            [only] => self.within(*only, depth),
            _ => None,
        }
    }

    fn within(&self, expr: ExprId, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        let inner = |expr: ExprId| self.within(expr, depth + 1);
        match self.facts.expr(expr) {
            Expr::Global(name) if ROOTS.contains(&name.as_str()) => Some(String::new()),
            Expr::Global(name) if self.rules.imported.iter().any(|it| it == name.as_str()) => None,
            Expr::Global(name) => Some(name.to_string()),
            Expr::This => Some(String::new()),
            Expr::Ref(binding) => self.binding(*binding, depth + 1),
            Expr::Member { object, name, .. } => Some(member(&inner(*object)?, name)),
            Expr::Index { object, index } => match self.facts.expr(*index) {
                Expr::Literal(Literal::Number(number)) => Some(member(&inner(*object)?, number)),
                _ => None,
            },
            Expr::Call { callee, args, .. } => {
                if let Expr::Ref(binding) = self.facts.expr(*callee)
                    && let Some(way) = self.readers.get(binding)
                {
                    return Some(way.clone());
                }
                let callee = inner(*callee)?;
                match args.first() {
                    Some(Item::Value(made)) if MEMOS.contains(&callee.as_str()) => {
                        match self.facts.expr(*made) {
                            Expr::Function(function) => self.given_within(*function, depth + 1),
                            _ => None,
                        }
                    }
                    _ => Some(callee + "()"),
                }
            }
            Expr::New { callee, args, .. } => {
                let made = inner(*callee)?;
                let of = match args.first() {
                    Some(Item::Value(value)) => inner(*value)?,
                    _ => String::new(),
                };
                Some(format!("new {made}({of})"))
            }
            Expr::Await(value) | Expr::Cast { value, .. } => inner(*value),
            Expr::Logical {
                op: LogicalOp::Or | LogicalOp::Nullish,
                left,
                ..
            } => inner(*left),
            Expr::Conditional { then, .. } => inner(*then),
            _ => None,
        }
    }

    fn binding(&self, binding: BindingId, depth: usize) -> Option<String> {
        let declared = self.facts.binding(binding);
        let [source] = declared.sources.as_slice() else {
            return None;
        };
        match source.from {
            From::Param { .. } if source.path.is_empty() => Some(declared.name.to_string()),
            _ => with_steps(self.source(&source.from, depth)?, &source.path),
        }
    }

    fn source(&self, from: &From, depth: usize) -> Option<String> {
        match from {
            From::Expr(expr) => self.within(*expr, depth + 1),
            From::Import(import) => {
                let import = &self.facts.imports[import.index()];
                if self.rules.is_apart(&import.specifier) {
                    return None;
                }
                match &import.imported {
                    Imported::Named(name) => Some(name.to_string()),
                    _ => Some(self.facts.binding(import.binding?).name.to_string()),
                }
            }
            // What a page is shown with.
            From::Param { function, index: 0 } if self.shown == Some(*function) => {
                Some("props".to_owned())
            }
            _ => None,
        }
    }
}

/// The function that a name of the file stands for.
pub(super) fn function_of_binding(facts: &FileFacts, binding: BindingId) -> Option<FunctionId> {
    let declared = facts.binding(binding);
    declared
        .sources
        .iter()
        .find_map(|source| match source.from {
            From::Function(function) => Some(function),
            From::Expr(expr) => match facts.expr(expr) {
                Expr::Function(function) => Some(*function),
                _ => None,
            },
            _ => None,
        })
}

fn with_steps(way: String, steps: &[Step]) -> Option<String> {
    steps.iter().try_fold(way, |way, step| match step {
        Step::Key(name) => Some(member(&way, name)),
        Step::Index(index) => Some(member(&way, &index.to_string())),
        _ => None,
    })
}

fn member(way: &str, name: &str) -> String {
    match way {
        "" => name.to_owned(),
        way => format!("{way}.{name}"),
    }
}
