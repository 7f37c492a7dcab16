//! What is stored by a key that runs through a list of names.
//!
//! In: `safe[key] = …props[key]…` (or `{ [key]: … }`, or pairs of both for `Object.fromEntries`) where `key` is one of some
//! names, or `safe[row.name] = row.value` for the rows of a list. Out: for each name the value that is stored under it, so that
//! a loop over a list of allowed keys lets exactly these through; for a key that runs through all of an object, that object. It leaves alone where the fields go (`mutation`, `expressions`).

use ecow::eco_vec;

use super::alike::unconditional;
use super::bindings::with_alias;
use super::conditions::chosen;
use super::cookies::{cookie_of, is_of_all_cookies};
use super::effects::LibraryCall;
use super::evaluate::{Evaluator, keys_of};
use super::expressions::{any, text};
use super::object::{Object, Picked};
use super::shapes::{Shape, TypeUse};
use super::value::{Data, Spot, V, Value};
use crate::facts::{
    BindingId, Expr, ExprId, From, FunctionId, Item, Literal, Name, Step, TemplatePart,
};
use crate::finding::Transform;
use crate::ruleset::schema::Effect;
use crate::source::FileId;

/// A list of more names than this is a table, and its fields are not told apart.
const MAX_NAMES: usize = 200;
/// The same of a list of rows, of which each has a name and a value to be computed.
const MAX_ROWS: usize = 50;
/// How far the way from what is stored to what is read is followed.
const MAX_DEPTH: usize = 16;

/// What a name is taken to be.
#[derive(Clone, Copy)]
enum Taken<'n> {
    /// A key is one of its names.
    Key { key: BindingId, name: &'n Name },
    /// What runs through a list is one of its rows.
    Row { list: ExprId, row: &'n V },
}

impl Evaluator<'_> {
    /// What is stored under each name that `key` can be, if what is stored depends on the key.
    pub(super) fn read_by_key(
        &self,
        file: FileId,
        key: ExprId,
        value: ExprId,
    ) -> Option<Vec<(Name, V)>> {
        if let Some(fields) = self.read_by_row(file, key, value) {
            return Some(fields);
        }
        let Expr::Ref(binding) = self.program.facts(file).expr(key) else {
            return None;
        };
        let key = *binding;
        let names = self.names_of(file, key)?;
        let field = |name: Name| {
            let taken = Taken::Key { key, name: &name };
            let value = self.taking(file, taken, value, 0)?;
            Some((name, value))
        };
        names.into_iter().map(field).collect()
    }

    /// What is stored under the names that the rows of a list tell beside their values
    /// (`for (const { name, value } of rows) record[name] = value`); under any name, where a row does not tell it.
    fn read_by_row(&self, file: FileId, key: ExprId, value: ExprId) -> Option<Vec<(Name, V)>> {
        let list = self.rows_of(file, key)?;
        let rows = self.expr(file, list);
        let Value::Array(rows) = &*rows else {
            return None;
        };
        let is_row = |row: &V| matches!(&**row, Value::Object(_) | Value::Data(_));
        let is_written = |row: &V| matches!(&**row, Value::Object(_));
        if rows.len() > MAX_ROWS || !rows.iter().all(is_row) || !rows.iter().any(is_written) {
            return None;
        }
        let field = |row: &V| {
            let taken = Taken::Row { list, row };
            let name = self.taking(file, taken, key, 0)?;
            let name = name.as_str().map_or_else(any, Name::from);
            Some((name, self.taking(file, taken, value, 0)?))
        };
        rows.iter().map(field).collect()
    }

    /// The list of whose rows a key reads a field (`row.name`, `name` of `({ name }) => …`).
    fn rows_of(&self, file: FileId, key: ExprId) -> Option<ExprId> {
        let facts = self.program.facts(file);
        let mut at = facts.uncast(key);
        let mut is_field = false;
        while let Expr::Member { object, .. } = facts.expr(at) {
            is_field = true;
            at = facts.uncast(*object);
        }
        let Expr::Ref(row) = facts.expr(at) else {
            return None;
        };
        let [source] = facts.binding(*row).sources.as_slice() else {
            return None;
        };
        let is_field = is_field || matches!(source.path.as_slice(), [Step::Key(_)]);
        is_field
            .then(|| self.list_through(file, source.from))
            .flatten()
    }

    /// `Object.fromEntries(KEYS.map((key) => [key, …props[key]…]))`, also of several such lists that are joined.
    pub(super) fn paired_by_key(&self, library: &LibraryCall<'_>) -> Option<V> {
        let [Item::Value(pairs)] = library.call.args else {
            return None;
        };
        let mut object = Object::default();
        match self.program.facts(library.file).expr(*pairs) {
            Expr::Array(lists) => {
                let is_joined = lists.iter().any(|list| matches!(list, Item::Spread(_)));
                for list in is_joined.then_some(lists)? {
                    match list {
                        Item::Spread(pairs) => self.pair(library.file, *pairs, &mut object)?,
                        Item::Value(pair) => {
                            let pair = self.expr(library.file, *pair);
                            let name = Name::from(self.index(&pair, 0).as_str()?);
                            object.set(name, self.index(&pair, 1), true);
                        }
                        _ => return None,
                    }
                }
            }
            _ => self.pair(library.file, *pairs, &mut object)?,
        }
        Some(V::new(Value::Object(object)))
    }

    /// Sets what a function makes for each key of a list; none if it is not known which keys these are.
    fn pair(&self, file: FileId, pairs: ExprId, object: &mut Object) -> Option<()> {
        let facts = self.program.facts(file);
        let Expr::Call { args, .. } = facts.expr(pairs) else {
            return None;
        };
        let [Item::Value(each)] = args.as_slice() else {
            return None;
        };
        let Expr::Function(each) = facts.expr(*each) else {
            return None;
        };
        let [pair] = facts.function(*each).returns.as_slice() else {
            return None;
        };
        let Expr::Array(pair) = facts.expr(*pair) else {
            return None;
        };
        let [Item::Value(key), Item::Value(value)] = pair.as_slice() else {
            return None;
        };
        for (name, field) in self.read_by_key(file, *key, *value)? {
            let field = with_alias(field, &name);
            object.set(name, field, true);
        }
        Some(())
    }

    /// `{ ...kept, [key]: props[key] }` under tests that let only some keys through. Whether there are any.
    pub(super) fn put_by_guarded_key(
        &self,
        file: FileId,
        object: &mut Object,
        key: ExprId,
        value: ExprId,
    ) -> bool {
        let spot = self.spot(file, value);
        let keys = self.guarded_keys(file, self.spot(file, key).span, key);
        if keys.is_empty() {
            return false;
        }
        match self.copied_by_key(file, key, value) {
            Some(copied) => object.spread(&self.restricted_object(&copied, &keys, spot), true),
            None => {
                let value = self.restricted(&self.expr(file, value), &keys, spot);
                object.set(any(), value, true);
            }
        }
        true
    }

    /// What is copied when each of its fields is stored under its own name: `copy[key] = value` for the pairs of both, and for
    /// what `forEach` gives of a record (`params.forEach((value, key) => …)`).
    pub(super) fn copied_by_key(&self, file: FileId, key: ExprId, value: ExprId) -> Option<V> {
        if let (Value::KeysOf(keys), Some(fields)) =
            (&*self.expr(file, key), fields_of(&self.expr(file, value)))
        {
            return is_same(keys, fields).then(|| fields.clone());
        }
        let facts = self.program.facts(file);
        let source = |id: ExprId| match facts.expr(id) {
            Expr::Ref(binding) => match facts.binding(*binding).sources.as_slice() {
                [source] if source.default.is_none() => Some(source),
                _ => None,
            },
            _ => None,
        };
        let (key, value) = (source(key)?, source(value)?);
        let pairs = match (key.from, value.from) {
            (From::ElementOf(keys), From::ElementOf(values)) if keys == values => {
                let is_pair = matches!(
                    (&key.path[..], &value.path[..]),
                    ([Step::Index(0)], [Step::Index(1)])
                );
                self.expr(file, is_pair.then_some(keys)?)
            }
            (
                From::Param { function, index: 1 },
                From::Param {
                    function: of,
                    index: 0,
                },
            ) if function == of && key.path.is_empty() && value.path.is_empty() => {
                self.expr(file, self.mapped_by(file, function)?)
            }
            _ => return None,
        };
        self.is_read_by_name(&pairs).then_some(pairs)
    }

    /// `{ [key]: props[key] }` for keys of which it is not known which they are: under each of them it is what the object has
    /// there.
    pub(super) fn under_same_key(&self, file: FileId, key: ExprId, value: ExprId) -> Option<V> {
        let facts = self.program.facts(file);
        let name = |id: ExprId| match facts.expr(facts.uncast(id)) {
            Expr::Ref(binding) => Some(*binding),
            _ => None,
        };
        let Expr::Index { object, index } = facts.expr(facts.uncast(value)) else {
            return None;
        };
        if name(key)? != name(*index)? {
            return None;
        }
        let keys = self.expr(file, key);
        let record = self.expr(file, *object);
        let mut records = record.alternatives().iter();
        if keys.is_symbolic()
            || keys_of(&keys).is_some()
            || !records.all(|it| self.is_read_by_name(unconditional(it)))
        {
            return None;
        }
        Some(V::new(Value::Object(Object {
            spreads: eco_vec![record],
            picked: Some(Picked {
                keys,
                spot: self.spot(file, value),
            }),
            ..Object::default()
        })))
    }

    /// What is under one name where each field of a record is stored by a key (`copy[key] = record[key] ?? ''`): the record's
    /// own field of that name.
    pub(super) fn stored_under(&self, stored: &V, name: &Name, spot: Spot) -> V {
        let inner = |value: &V| self.stored_under(value, name, spot);
        match &**stored {
            Value::FieldsOf(record) => match self.member(record, name, spot) {
                // Keys may have been written that are made of the record's.
                found if matches!(&*found, Value::Nothing) => match self.has_like(record, name) {
                    true => stored.clone(),
                    false => found,
                },
                found => found,
            },
            Value::Union(parts) => V::union(parts.iter().map(inner)),
            Value::When(condition, value) => chosen(condition, inner(value)),
            Value::Changed(transform, value) => V::new(Value::Changed(*transform, inner(value))),
            Value::Data(data) if is_of_all_cookies(data) => cookie_of(stored, name),
            _ => stored.clone(),
        }
    }

    /// Whether a record may have a field on whose name another name ends, or the other way round.
    fn has_like(&self, record: &V, name: &Name) -> bool {
        let bare = |name: &Name| -> String {
            let letters = name.chars().filter(|sign| sign.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let name = bare(name);
        let is_like = |field: &Name| {
            let field = bare(field);
            field.ends_with(&name) || name.ends_with(&field)
        };
        record.alternatives().iter().any(|record| match &**record {
            Value::Object(object) if object.is_whole() => {
                object.fields.iter().any(|field| is_like(&field.name))
            }
            Value::Data(Data { ty: Some(ty), .. }) => match self.shapes.solid(ty) {
                Shape::Fields {
                    fields,
                    open: false,
                    ..
                } => fields.iter().any(|field| is_like(&field.name)),
                _ => true,
            },
            Value::Nothing => false,
            _ => true,
        })
    }

    /// The names that a key runs through: all of a list, however long, or the few that it can be.
    fn names_of(&self, file: FileId, key: BindingId) -> Option<Vec<Name>> {
        self.list_of(file, key)
            .and_then(|list| self.names_in(file, list))
            .or_else(|| keys_of(&self.binding(file, key)))
    }

    /// The names of a list, unless it is a table.
    fn names_in(&self, file: FileId, list: ExprId) -> Option<Vec<Name>> {
        let names = self.listed_keys(&self.expr(file, list))?;
        (names.len() <= MAX_NAMES).then_some(names)
    }

    /// The names of a list that is written out, if a key is one that is found in it (`KEYS.find((key) => record[key])`).
    pub(super) fn found_in_list(&self, file: FileId, key: ExprId) -> Option<Vec<Name>> {
        let facts = self.program.facts(file);
        let Expr::Ref(binding) = facts.expr(facts.uncast(key)) else {
            return None;
        };
        let Expr::Call { callee, .. } = facts.expr(facts.constant(*binding)?) else {
            return None;
        };
        self.names_in(file, self.owner_of(file, *callee, Effect::Element)?)
    }

    /// The list that a name is each element of, in a loop or as what a function is called with for each (`LIST.map(…)`).
    fn list_of(&self, file: FileId, name: BindingId) -> Option<ExprId> {
        let [source] = self.program.facts(file).binding(name).sources.as_slice() else {
            return None;
        };
        source
            .path
            .is_empty()
            .then(|| self.list_through(file, source.from))
            .flatten()
    }

    /// The list that is run through where a value comes from.
    fn list_through(&self, file: FileId, from: From) -> Option<ExprId> {
        match from {
            From::ElementOf(list) => Some(list),
            From::Param { function, index: 0 } => self.mapped_by(file, function),
            From::Param { function, index: 1 } => self.run_by(file, function, Effect::Reduce),
            _ => None,
        }
    }

    /// What a function is called for each element of.
    fn mapped_by(&self, file: FileId, function: FunctionId) -> Option<ExprId> {
        self.run_by(file, function, Effect::Map)
    }

    /// What has the method that does this with a function.
    fn run_by(&self, file: FileId, function: FunctionId, does: Effect) -> Option<ExprId> {
        let positions = self.positions(file);
        let (call, _) = *positions
            .argument_of
            .get(&function)
            .filter(|at| at.1 == 0)?;
        self.owner_of(file, self.call_parts(file, call)?.callee, does)
    }

    /// What a method is called on that does this.
    fn owner_of(&self, file: FileId, callee: ExprId, does: Effect) -> Option<ExprId> {
        let Expr::Member { object, name, .. } = self.program.facts(file).expr(callee) else {
            return None;
        };
        (self.library.method(name)?.does == does).then_some(*object)
    }

    /// What an expression gives when the key is this name; none if it has nothing to do with the key.
    fn taking(&self, file: FileId, taken: Taken<'_>, id: ExprId, depth: usize) -> Option<V> {
        let facts = self.program.facts(file);
        if depth > MAX_DEPTH {
            return None;
        }
        let spot = self.spot(file, id);
        let inner = |id: ExprId| self.taking(file, taken, id, depth + 1);
        let either = |id: ExprId| inner(id).unwrap_or_else(|| self.expr(file, id));
        match facts.expr(id) {
            Expr::Ref(binding) => {
                let sources = facts.binding(*binding).sources.as_slice();
                let source = match sources {
                    [source] if source.default.is_none() => Some(source),
                    _ => None,
                };
                match (taken, source) {
                    (Taken::Key { key, name }, _) if *binding == key => Some(literal(name)),
                    (Taken::Row { list, row }, Some(source))
                        if self.list_through(file, source.from) == Some(list) =>
                    {
                        match source.path.as_slice() {
                            [] => Some(row.clone()),
                            [Step::Key(name)] => Some(self.member(row, name, spot)),
                            _ => None,
                        }
                    }
                    (_, Some(source)) if source.path.is_empty() => match source.from {
                        From::Expr(value) => inner(value),
                        _ => None,
                    },
                    _ => None,
                }
            }
            Expr::Index { object, index } => {
                let name = inner(*index)?;
                let name = name.as_str()?;
                Some(self.member(&either(*object), &Name::from(name), spot))
            }
            Expr::Member { object, name, .. } => Some(self.member(&inner(*object)?, name, spot)),
            Expr::Call { callee, args, .. } => {
                let call = self.call_parts(file, id)?;
                let mut depends = false;
                let args: Vec<V> = args
                    .iter()
                    .map(|arg| match arg {
                        Item::Value(arg) => {
                            let value = inner(*arg);
                            depends |= value.is_some();
                            Some(value.unwrap_or_else(|| self.expr(file, *arg)))
                        }
                        _ => None,
                    })
                    .collect::<Option<_>>()?;
                let Expr::Member { object, name, .. } = facts.expr(*callee) else {
                    let callee = self.expr(file, *callee);
                    return depends.then(|| self.plain_call(file, &call, &callee, &args, spot));
                };
                let receiver = inner(*object);
                if receiver.is_none() && !depends {
                    return None;
                }
                let receiver = receiver.unwrap_or_else(|| self.expr(file, *object));
                let callee = self.member(&receiver, name, self.spot(file, call.callee));
                Some(self.method_of((&receiver, name), &callee, file, &call, &args, spot))
            }
            Expr::Logical { left, right, .. } => match (inner(*left), inner(*right)) {
                (None, None) => None,
                _ => Some(V::union([either(*left), either(*right)])),
            },
            Expr::Conditional {
                then, otherwise, ..
            } => match (inner(*then), inner(*otherwise)) {
                (None, None) => None,
                _ => Some(V::union([either(*then), either(*otherwise)])),
            },
            Expr::Template(parts) => {
                let value = |part: &TemplatePart| match part {
                    TemplatePart::Value(value) => inner(*value),
                    TemplatePart::Text(_) => None,
                };
                parts.iter().any(|part| value(part).is_some()).then(|| {
                    text(parts.iter().map(|part| match part {
                        TemplatePart::Text(words) => literal(words),
                        TemplatePart::Value(value) => either(*value),
                    }))
                })
            }
            Expr::Await(value) => inner(*value),
            // `changes[key] = { to: props[key] }`
            Expr::Object(entries) => {
                let mut object = Object::default();
                let mut depends = false;
                for entry in entries {
                    let (name, value) = entry.named()?;
                    let field = inner(value);
                    depends |= field.is_some();
                    let field = field.unwrap_or_else(|| self.expr(file, value));
                    object.set(name.clone(), field, false);
                }
                depends.then(|| V::new(Value::Object(object)))
            }
            Expr::Cast {
                value,
                ty,
                satisfies,
            } => {
                let value = inner(*value)?;
                Some(match ty {
                    Some(ty) if !satisfies => self.cast(value, &TypeUse::new(file, *ty)),
                    _ => value,
                })
            }
            _ => None,
        }
    }
}

/// What a value is a field of, as it is or spelled out as a text (`String(value)`).
fn fields_of(value: &V) -> Option<&V> {
    match &**unconditional(value) {
        Value::FieldsOf(record) => Some(record),
        Value::Changed(Transform::Encode, inner) => fields_of(inner),
        Value::Text(parts) => match parts.as_slice() {
            [only] => fields_of(only),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the keys and the fields of an object are those of one.
pub(super) fn is_same(keys: &V, fields: &V) -> bool {
    match (&**keys, &**fields) {
        (Value::Data(keys), Value::Data(fields)) => {
            keys.root == fields.root && keys.path == fields.path && keys.steps == fields.steps
        }
        (Value::Union(keys), Value::Union(fields)) => {
            let mut both = keys.iter().zip(fields);
            keys.len() == fields.len() && both.all(|(keys, fields)| is_same(keys, fields))
        }
        _ => keys.address() == fields.address(),
    }
}

fn literal(name: &Name) -> V {
    V::new(Value::Literal(Literal::String(name.clone())))
}
