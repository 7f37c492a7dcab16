//! What the hooks give that a library makes for the endpoints of an API.
//!
//! In: a call that lists endpoints with the types of what they answer (RTK Query's `createApi`, `injectEndpoints`). Out: an object
//! with a hook for each of them, which gives what is answered under `data`. It leaves alone endpoints of which no type is
//! written, which are told by the names of their hooks, and requests themselves (`requests`).

use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::shapes::TypeUse;
use super::spelling::capitalized;
use super::stores::hook;
use super::value::{Data, Root, V, Value};
use crate::facts::{Entry, Expr, ExprId, Item, Name, property};
use crate::source::FileId;

/// The option that lists them, or makes the list.
const ENDPOINTS: &str = "endpoints";
/// Under which names an answer stands.
const ANSWERED: [Name; 2] = [Name::const_new("data"), Name::const_new("currentData")];
/// What waits for the answer of a request that is only sent when it is asked for.
const UNWRAP: Name = Name::const_new("unwrap");

impl Evaluator<'_> {
    /// An API with its hooks.
    pub(super) fn endpoints(&self, library: &LibraryCall<'_>) -> V {
        let mut api = match library.receiver {
            Some((receiver, _)) => Object::of(receiver),
            None => Object::of(&library.given()),
        };
        for (name, made, ty) in self.answers(library) {
            let spot = self.spot(library.file, made);
            let answer = Data::new(Root::Call, spot).made_by(Some(name.clone()));
            let answer = self.typed(V::new(Value::Data(answer)), &ty, false);
            let mut result = Object::default();
            for name in ANSWERED {
                result.set(name, answer.clone(), false);
            }
            let result = V::new(Value::Object(result));
            // What sends the request, and what came of it.
            let mut sent = Object::of(&result);
            sent.set(UNWRAP, hook(&answer), false);
            let sent = V::new(Value::Object(sent));
            let on_demand = V::new(Value::Array(vec![hook(&sent), result.clone()]));
            let name = capitalized(&name);
            for (hook_name, gives) in [
                (format!("use{name}Query"), &result),
                (format!("use{name}InfiniteQuery"), &result),
                (format!("use{name}QueryState"), &result),
                (format!("useLazy{name}Query"), &on_demand),
                (format!("use{name}Mutation"), &on_demand),
            ] {
                api.set(Name::from(hook_name), hook(gives), false);
            }
        }
        V::new(Value::Object(api))
    }

    /// The endpoints, where each is made, and the types of their answers, as they are written.
    fn answers(&self, library: &LibraryCall<'_>) -> Vec<(Name, ExprId, TypeUse)> {
        let file = library.file;
        let Some(Item::Value(options)) = library.call.args.first() else {
            return Vec::new();
        };
        let facts = self.program.facts(file);
        let Expr::Object(options) = facts.expr(facts.uncast(*options)) else {
            return Vec::new();
        };
        let Some(Expr::Function(maker)) = property(options, ENDPOINTS).map(|it| facts.expr(it))
        else {
            return Vec::new();
        };
        let lists = facts.function(*maker).returns.iter();
        let entries = lists.filter_map(|list| match facts.expr(facts.uncast(*list)) {
            Expr::Object(entries) => Some(entries),
            _ => None,
        });
        let named = entries.flatten().filter_map(Entry::named);
        let typed =
            named.filter_map(|(name, made)| Some((name.clone(), made, self.answer(file, made)?)));
        typed.collect()
    }

    /// The type of the answer of one (`build.query<User, void>({ … })`).
    fn answer(&self, file: FileId, made: ExprId) -> Option<TypeUse> {
        let facts = self.program.facts(file);
        match facts.expr(facts.uncast(made)) {
            Expr::Call { type_args, .. } => self.type_arg(file, type_args),
            _ => None,
        }
    }
}
