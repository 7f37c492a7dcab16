//! Methods of classes that answer requests of the app to its own server, by what decorates them.
//!
//! In: a file's decorators (`@Post('measure') track(@Body() body: Dto)` in a `@Controller('telemetry')`). Out: the paths that the
//! methods answer, and what each of their parameters is of the request. It leaves alone functions that are registered by calls
//! or by the place of their file (`served`).

use std::rc::Rc;

use super::decorators::{Decorator, decorated, decorators, text_of};
use super::evaluate::Evaluator;
use super::listeners::Listeners;
use super::value::{FnRef, Spot, V};
use crate::facts::{Class, Expr, FileFacts, FunctionId, Item, Name, property};
use crate::ruleset::schema::ServingClass;
use crate::source::FileId;

/// The key under which a decorator that is given options has its path.
const PATH: &str = "path";

/// What a parameter is of a request.
#[derive(Clone)]
pub(super) enum Taken {
    /// Nothing that a request brings.
    Nothing,
    /// The request itself.
    Request,
    /// What the request has under this name, or below a key of it.
    Of(Name, Option<Name>),
}

impl Taken {
    /// The argument in the place of the parameter.
    pub(super) fn of(&self, evaluator: &Evaluator<'_>, request: &V, spot: Spot) -> V {
        match self {
            Self::Nothing => V::nothing(),
            Self::Request => request.clone(),
            Self::Of(name, key) => {
                let whole = evaluator.member(request, name, spot);
                match key {
                    Some(key) => evaluator.member(&whole, key, spot),
                    None => whole,
                }
            }
        }
    }
}

impl Listeners {
    /// The methods of a file's classes that answer requests.
    pub(super) fn read_controllers(&mut self, evaluator: &Evaluator<'_>, file: FileId) {
        let facts = evaluator.program.facts(file);
        for rule in &evaluator.library.serving.classes {
            let decorators = decorators(evaluator, file, &rule.package);
            for class in &facts.classes {
                self.read_controller(evaluator, file, rule, &decorators, class);
            }
        }
    }

    fn read_controller(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        rule: &ServingClass,
        decorators: &[Decorator<'_>],
        class: &Class,
    ) {
        let facts = evaluator.program.facts(file);
        let Some(own) = decorator_of(facts, rule, decorators, class) else {
            return;
        };
        let bases = paths(evaluator, file, own.args);
        for (function, answers) in decorated(class, decorators, &rule.methods) {
            let takes: Rc<[Taken]> = takes(evaluator, (file, function), rule, decorators).into();
            for decorator in answers {
                let ways = paths(evaluator, file, decorator.args);
                for way in bases
                    .iter()
                    .flat_map(|base| ways.iter().map(move |it| (base, it)))
                {
                    let path = format!("{}/{}", way.0, way.1);
                    let function = evaluator.closure(FnRef { file, function });
                    self.add_route(&path, function, None, Some(Rc::clone(&takes)));
                }
            }
        }
    }
}

/// The decorator that makes a class one whose methods answer: no other class ends between the two.
fn decorator_of<'d, 'f>(
    facts: &FileFacts,
    rule: &ServingClass,
    decorators: &'d [Decorator<'f>],
    class: &Class,
) -> Option<&'d Decorator<'f>> {
    decorators.iter().find(|it| {
        let ends = facts.classes.iter().map(|other| other.span.end);
        let next = ends.filter(|end| *end > it.span.end).min();
        it.name == rule.class && next == Some(class.span.end)
    })
}

/// What each parameter of a method is of the request.
fn takes(
    evaluator: &Evaluator<'_>,
    (file, function): (FileId, FunctionId),
    rule: &ServingClass,
    decorators: &[Decorator<'_>],
) -> Vec<Taken> {
    let facts = evaluator.program.facts(file);
    let params = &facts.function(function).params;
    let taken = params.iter().map(|param| {
        let mut of_param = decorators.iter().filter(|it| param.span.contains(it.span));
        let found = of_param.find_map(|it| Some((rule.params.get(it.name.as_str())?, it.args)));
        match found {
            None => Taken::Nothing,
            Some((name, _)) if name.is_empty() => Taken::Request,
            Some((name, args)) => Taken::Of(Name::from(name), first_text(evaluator, file, args)),
        }
    });
    taken.collect()
}

/// The paths that a decorator is given: a text, several, or options with one; none is the path around it.
fn paths(evaluator: &Evaluator<'_>, file: FileId, args: &[Item]) -> Vec<String> {
    let facts = evaluator.program.facts(file);
    let Some(Item::Value(given)) = args.first() else {
        return vec![String::new()];
    };
    let given = match facts.expr(*given) {
        Expr::Object(entries) => property(entries, PATH),
        _ => Some(*given),
    };
    let texts = match given.map(|given| (given, facts.expr(given))) {
        Some((_, Expr::Array(items))) => items.iter().filter_map(|it| it.expr()).collect(),
        Some((given, _)) => vec![given],
        None => Vec::new(),
    };
    let found: Vec<String> = texts
        .into_iter()
        .filter_map(|text| text_of(evaluator, file, text))
        .collect();
    match (found.is_empty(), given) {
        (true, None) => vec![String::new()],
        _ => found,
    }
}

fn first_text(evaluator: &Evaluator<'_>, file: FileId, args: &[Item]) -> Option<Name> {
    let first = args.first()?.expr()?;
    text_of(evaluator, file, first).map(Name::from)
}
