//! What a form sends.
//!
//! In: an element that sends what is entered in it. Out: an object of the fields in it, by their names: what they are set to,
//! or else what the user enters. It leaves alone where the form leads (`requests`), and what a
//! field is for (`entered`).

use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, Named, Root, V, Value};
use crate::facts::{Expr, ExprId, JsxTag, Name, property};
use crate::source::FileId;

/// A form with more elements in it than this is not one that somebody fills in.
const MAX_ELEMENTS: usize = 2_000;

/// The attributes that a field is set by.
const VALUES: [&str; 2] = ["value", "defaultValue"];

impl Evaluator<'_> {
    /// The fields in an element, by their names. A component with a name and no parts counts as the field that it shows.
    pub(super) fn fields(&self, file: FileId, element: ExprId, tags: &[String]) -> V {
        let facts = self.program.facts(file);
        let mut fields = Object::default();
        let mut left = vec![element];
        let mut seen = 0;
        while let Some(at) = left.pop() {
            let Expr::Jsx {
                tag,
                props,
                children,
            } = facts.expr(at)
            else {
                left.extend(parts(facts.expr(at)));
                continue;
            };
            seen += 1;
            if seen > MAX_ELEMENTS {
                break;
            }
            left.extend(children.iter().rev());
            let is_field = match tag {
                JsxTag::Intrinsic(tag) => tags.iter().any(|known| known == tag),
                JsxTag::Component(_) => children.is_empty(),
                JsxTag::Fragment => false,
            };
            let prop = |name: &str| property(props, name);
            let name = prop("name").map(|name| self.expr(file, name));
            if let Some(name) = name.as_ref().and_then(|name| name.as_str())
                && is_field
            {
                let value = VALUES.iter().find_map(|value| prop(value));
                let value = match value.map(|value| self.expr(file, value)) {
                    Some(value) if !matches!(&*value, Value::Nothing) => value,
                    _ => {
                        let mut field = Data::new(Root::Call, self.spot(file, at));
                        field.aliases = self.said_beside_name(file, props);
                        let named = Named::As(Name::from(name));
                        V::new(Value::Data(
                            field.arising(|origin| origin.named = Some(named)),
                        ))
                    }
                };
                fields.set(Name::from(name), value, true);
            }
        }
        V::new(Value::Object(fields))
    }
}

/// The elements that stand behind a condition.
fn parts(expr: &Expr) -> Vec<ExprId> {
    match expr {
        Expr::Conditional {
            then, otherwise, ..
        } => vec![*then, *otherwise],
        Expr::Logical { left, right, .. } => vec![*left, *right],
        _ => Vec::new(),
    }
}
