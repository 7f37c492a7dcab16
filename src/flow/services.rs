//! What a class of a library stands for where a generator asks for it (`yield* Mailer`, of Effect).
//!
//! In: a class that extends what a library makes for it. Out: what its options make, or else what its type says. It leaves
//! alone classes of which a program makes objects (`classes`), and what containers put in (`contexts`).

use super::evaluate::{Evaluator, callee_names, package_of};
use super::shapes::TypeUse;
use super::value::{Data, Root, Spot, V, Value};
use crate::facts::{ClassId, Expr, Item, property};
use crate::ruleset::schema::Effect;
use crate::source::FileId;

impl Evaluator<'_> {
    /// What is given to who asks for a class, if it is that of a service.
    pub(super) fn service(&self, file: FileId, class: ClassId, spot: Spot) -> Option<V> {
        let facts = self.program.facts(file);
        // `Service<Self>()('Name', { … })` and `Tag('Name')<Self, Shape>()`: the library's function gives one that gives the class.
        let made = self.call_parts(file, facts.class(class).extends?)?;
        let maker = self.call_parts(file, made.callee)?;
        let callee = self.expr(file, maker.callee);
        let rule = (self.library).function(&callee_names(&callee), package_of(&callee))?;
        if rule.does != Effect::Service {
            return None;
        }
        if let Some(Item::Value(options)) = made.args.last()
            && let Expr::Object(options) = facts.expr(facts.uncast(*options))
            && let Some(given) = (rule.members.iter()).find_map(|name| property(options, name))
        {
            let given = self.expr(file, given);
            return Some(match given.is_function() {
                true => self.apply(&given, &[], Some(spot)),
                false => given,
            });
        }
        let name = facts.class(class).name.clone();
        let unknown = V::new(Value::Data(Data::new(Root::Call, spot).made_by(name)));
        Some(match made.types {
            [_, .., shape] => self.typed(unknown, &TypeUse::new(file, *shape), false),
            _ => unknown,
        })
    }
}
