//! Calls of what leads nowhere by itself, and is handed a way to a vendor.
//!
//! In: calls that were read, once all others have been followed as far as they go. Out: those whose arguments lead to a vendor
//! by now are followed as well, until none is left that does. It leaves alone what such a call does (`calls`, `lent`).

use super::calls::Written;
use super::propagate::Propagation;
use super::sinks::Manner;
use super::value::{FnRef, V, Value};
use super::wrapped::{makes, runs};
use crate::facts::{ClassId, Entry, Expr, ExprId, Literal, MemberKind};
use crate::source::FileId;

/// What lies deeper in an argument is not what it is handed over for.
const MAX_DEPTH: usize = 5;

/// A call whose arguments may come to lead to a vendor in this round, and the arguments.
struct Open {
    call: Written,
    arguments: Vec<Argument>,
}

struct Argument {
    value: V,
    /// It is a function that makes something for whoever takes it, not one that runs what is written in it.
    is_maker: bool,
}

impl Propagation<'_, '_> {
    /// Follows the calls that hand on a way to a vendor, and what comes of them.
    pub(super) fn turn_outward(&mut self) {
        // Whether an argument is worth looking at stays the same while no other file is read.
        let calls = std::mem::take(&mut self.progress.outward);
        let mut open = Vec::new();
        for call in calls {
            match self.ways(call) {
                arguments if arguments.is_empty() => self.progress.outward.push(call),
                arguments => open.push(Open { call, arguments }),
            }
        }
        loop {
            let (handed, left): (Vec<_>, Vec<_>) = open.into_iter().partition(|open| {
                let mut arguments = open.arguments.iter();
                arguments.any(|argument| match argument.is_maker {
                    true => self.brings_way(&argument.value),
                    false => self.is_way_out(&argument.value),
                })
            });
            open = left;
            if handed.is_empty() {
                break;
            }
            self.progress
                .handed_out
                .extend(handed.iter().map(|open| open.call));
            for Open { call, .. } in handed {
                self.follow(call);
                self.lend(call);
            }
            self.drain();
        }
        let left = open.into_iter().map(|open| open.call);
        self.progress.outward.extend(left);
    }

    /// The arguments of a call that lead to a vendor if something waits for the functions in them.
    fn ways(&self, written: Written) -> Vec<Argument> {
        let Written { file, call, .. } = written;
        let facts = self.evaluator.program.facts(file);
        let given: Vec<ExprId> = match facts.expr(call) {
            Expr::Call { args, .. } | Expr::New { args, .. } => {
                args.iter().filter_map(|item| item.expr()).collect()
            }
            Expr::Jsx { props, .. } => {
                let value = |entry: &Entry| match entry {
                    Entry::Property { value, .. } | Entry::Spread(value) => *value,
                };
                props.iter().map(value).collect()
            }
            _ => Vec::new(),
        };
        let may_lead = |value: &ExprId| self.reach.expr(file, *value);
        let is_maker = |value: ExprId| {
            let is_written = matches!(facts.expr(facts.uncast(value)), Expr::Function(_));
            written.manner == Manner::New || !is_written
        };
        let values = given.into_iter().filter(may_lead);
        let arguments = values.map(|value| Argument {
            value: self.evaluator.expr(file, value),
            is_maker: is_maker(value),
        });
        arguments
            .filter(|argument| self.is_way(&argument.value, 0, &|_| true))
            .collect()
    }

    /// Whether a value leads to a vendor by now.
    pub(super) fn is_way_out(&self, value: &V) -> bool {
        self.is_way(value, 0, &|function| {
            self.progress.worklist.is_awaited(function)
        })
    }

    /// Whether a value leads to a vendor, if certain functions do.
    fn is_way(&self, value: &V, depth: usize, leads: &dyn Fn(FnRef) -> bool) -> bool {
        match &**value {
            Value::Client(_) | Value::Vendor(_) => true,
            Value::Literal(Literal::String(path)) => {
                self.evaluator.destination(value).is_some()
                    || self.listeners.is_answered_by(path, leads)
            }
            Value::Text(_) => self.evaluator.destination(value).is_some(),
            Value::Function(closure) => leads(closure.target),
            Value::Data(_) => {
                runs(value).any(|closure| leads(closure.target))
                    || makes(value).any(|(file, class)| self.has_method(file, class, leads))
            }
            Value::Instance(instance) => self.has_method(instance.file, instance.class, leads),
            Value::Class(file, class) => self.has_method(*file, *class, leads),
            Value::Object(object) if depth < MAX_DEPTH => {
                let mut fields = object.fields.iter();
                fields.any(|field| self.is_way(&field.value, depth + 1, leads))
            }
            Value::Union(parts) | Value::Array(parts) if depth < MAX_DEPTH => {
                let mut parts = parts.iter();
                parts.any(|part| self.is_way(part, depth + 1, leads))
            }
            _ => false,
        }
    }

    fn has_method(&self, file: FileId, class: ClassId, leads: &dyn Fn(FnRef) -> bool) -> bool {
        let members = &self.evaluator.program.facts(file).class(class).members;
        members.iter().any(|member| match member.kind {
            MemberKind::Method(function) => leads(FnRef { file, function }),
            _ => false,
        })
    }
}
