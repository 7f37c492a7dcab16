//! What a form sends.
//!
//! In: an element that sends what is entered in it, a function of the app that reads what is entered
//! (`new FormData(event.currentTarget)`), or one that a form of a library calls (`<Formik onSubmit={send} />`). Out: an object of
//! the fields in it, by their names: what they are set to, or else what the user enters. It leaves alone where the form leads
//! (`requests`), and what a field is for (`entered`).

use super::evaluate::Evaluator;
use super::object::Object;
use super::value::{Data, FnRef, Named, Root, V, Value};
use crate::facts::{Expr, ExprId, JsxTag, Name, property};
use crate::source::FileId;

/// A form with more elements in it than this is not one that somebody fills in.
const MAX_ELEMENTS: usize = 2_000;

/// The attributes that a field is set by.
const VALUES: [&str; 2] = ["value", "defaultValue"];

/// The element that is a form, and the rule for what it sends.
const FORM: &str = "form";
const SENT: Name = Name::const_new("<form>");

/// Under which name a component or hook for forms is given what its fields begin with, and those of what it calls with all that
/// is in them.
const INITIAL: &str = "initialValues";
const SUBMITS: [&str; 2] = ["onSubmit", "onFinish"];

impl Evaluator<'_> {
    /// What a form of a library calls a function with, whose fields it is told beside it by what they begin with
    /// (`<Form initialValues={{ email: '' }} onSubmit={send} />`).
    pub(super) fn given_by_form(&self, function: FnRef, index: u32) -> Option<V> {
        let file = function.file;
        let facts = self.program.facts(file);
        let positions = self.positions(file);
        let of_element = || match positions.element_of.get(&function.function)? {
            Some((element, prop)) => match facts.expr(*element) {
                Expr::Jsx { props, .. } => Some((props, prop.as_str())),
                _ => None,
            },
            None => None,
        };
        let of_options = || {
            let (call, position, key) = positions.option_of.get(&function.function)?;
            let Expr::Call { args, .. } = facts.expr(*call) else {
                return None;
            };
            match facts.expr(args.get(*position)?.expr()?) {
                Expr::Object(entries) => Some((entries, key.as_str())),
                _ => None,
            }
        };
        let (beside, called) = of_element().or_else(of_options)?;
        if index != 0 || !SUBMITS.contains(&called) {
            return None;
        }
        let initial = self.expr(file, property(beside, INITIAL)?);
        let Value::Object(initial) = &*initial else {
            return None;
        };
        let mut record = Object::default();
        for field in &initial.fields {
            let entered = Data::new(Root::Call, self.spot_of(function));
            let named = Named::As(field.name.clone());
            let entered = entered.arising(|origin| origin.named = Some(named));
            record.set(field.name.clone(), V::new(Value::Data(entered)), false);
        }
        (!record.fields.is_empty()).then(|| V::new(Value::Object(record)))
    }

    /// A record of what is entered in a form, with the fields of the form that calls the function where it is made, or else of
    /// the only one in the file.
    pub(super) fn entered_in_form(&self, file: FileId, at: ExprId, record: V) -> V {
        let rule = self.library.request(std::slice::from_ref(&SENT), None);
        let Some((form, rule)) = self.form_of(file, at).zip(rule) else {
            return record;
        };
        let fields = self.fields(file, form, &rule.fields);
        match (&*fields, &*record) {
            (Value::Object(fields), Value::Data(data)) if !fields.fields.is_empty() => {
                let rest = data.clone().arising(|origin| origin.is_laid_out = true);
                let mut whole = Object::of(&V::new(Value::Data(rest)));
                for field in &fields.fields {
                    whole.set(field.name.clone(), field.value.clone(), false);
                }
                V::new(Value::Object(whole))
            }
            _ => record,
        }
    }

    fn form_of(&self, file: FileId, at: ExprId) -> Option<ExprId> {
        let facts = self.program.facts(file);
        let is_form = |element: ExprId| matches!(facts.expr(element), Expr::Jsx { tag: JsxTag::Intrinsic(tag), .. } if tag == FORM);
        let positions = self.positions(file);
        let mut around = Some(facts.function_of(at));
        while let Some(function) = around {
            if let Some(Some((element, _))) = positions.element_of.get(&function)
                && is_form(*element)
            {
                return Some(*element);
            }
            around = facts.function(function).parent;
        }
        let mut forms = facts.calls.iter().copied().filter(|call| is_form(*call));
        match (forms.next(), forms.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

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
                        let is_long = matches!(tag, JsxTag::Intrinsic(tag) if self.library.fields.is_long(tag));
                        if is_long && !self.is_telling(&Name::from(name)) {
                            field.aliases.push(Name::from(&self.library.fields.prose));
                        }
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

/// Whether a value is the record of a form whose fields are laid out beside it.
pub(super) fn is_laid_out(value: &V) -> bool {
    matches!(&**value, Value::Data(data) if data.path.is_empty() && data.origin().is_laid_out)
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
