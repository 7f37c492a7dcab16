//! What a person enters in a field of the page.
//!
//! In: a function that a field calls when something is entered (`<input type="email" onChange={e => …}>`), a field that is
//! looked up in the page (`document.getElementById('email')`), or an element by which the page tells something. Out: the
//! function's parameter, an event with what is entered in the `target`, or the text itself; the field with what is entered as its
//! `value`; always under the name that tells what the field is for. It leaves alone what a form sends as a whole (`forms`).

use ecow::EcoVec;
use rustc_hash::FxHashMap;

use super::blanks::bound_to;
use super::effects::LibraryCall;
use super::evaluate::Evaluator;
use super::object::Object;
use super::shapes::{Shape, TypeUse};
use super::subject::ValueType;
use super::value::{Data, FnRef, Named, Root, Spot, V, Value};
use crate::facts::{
    BindingId, Entry, Expr, ExprId, FileFacts, FunctionId, Item, JsxTag, Name, property,
};
use crate::source::FileId;

/// Where events have the element.
const TARGETS: [Name; 2] = [Name::const_new("target"), Name::const_new("currentTarget")];
/// Where elements have what is entered.
const VALUE: Name = Name::const_new("value");
/// The attribute that says what browsers may fill in, as elements and components write it, and what it says where that is
/// nothing.
const COMPLETES: [&str; 2] = ["autocomplete", "autoComplete"];
const SAYS_NOTHING: [&str; 2] = ["on", "off"];
/// Attributes by which a program tells its fields apart.
const NAMES: [&str; 2] = ["name", ID];
const ID: &str = "id";
const TYPE: &str = "type";
/// The attribute by which an element is handed to a ref.
const REF: &str = "ref";

/// The element by which a page tells its scripts something, and the attribute with what it tells.
const META: &str = "meta";
const CONTENT: Name = Name::const_new("content");

/// What a selector asks of an attribute of an element.
fn attribute_of<'s>(selector: &'s str, name: &str) -> Option<&'s str> {
    let (_, rest) = selector.split_once(&format!("[{name}"))?;
    let said = rest.trim_start_matches(['^', '*', '$', '~', '|']);
    let said = said.strip_prefix('=')?.split(']').next()?;
    Some(said.trim_matches(['"', '\'']))
}

/// What the page's server tells by an element that a selector finds (`meta[name="user-id"]`).
fn said_by_page(selector: &str) -> Option<Name> {
    let own = selector.rsplit([' ', '>']).next()?;
    let is_told = own.strip_prefix(META)?.starts_with('[');
    let said = NAMES.iter().find_map(|name| attribute_of(own, name));
    said.filter(|_| is_told).map(Name::from)
}

/// What a field is for.
enum Purpose {
    /// Texts, by the name that says of what kind.
    Named(Name),
    /// Something that is no text.
    Of(ValueType),
}

/// What a file does with its refs.
#[derive(Default)]
pub(super) struct Refs {
    /// The first element that each is handed to.
    elements: FxHashMap<BindingId, ExprId>,
    /// Where what is entered is first read by each.
    reads: FxHashMap<BindingId, ExprId>,
}

impl Refs {
    fn read(facts: &FileFacts) -> Self {
        let name = |expr: ExprId| match facts.expr(expr) {
            Expr::Ref(binding) => Some(*binding),
            _ => None,
        };
        let mut found = Self::default();
        for (id, node) in (0..).map(ExprId).zip(&facts.exprs) {
            match &node.expr {
                Expr::Jsx { props, .. } => {
                    if let Some(handed) = property(props, REF).and_then(name) {
                        found.elements.entry(handed).or_insert(id);
                    }
                }
                Expr::Member {
                    object, name: last, ..
                } if *last == VALUE => {
                    if let Expr::Member { object, .. } = facts.expr(*object)
                        && let Some(holder) = name(*object)
                    {
                        found.reads.entry(holder).or_insert(id);
                    }
                }
                _ => {}
            }
        }
        found
    }
}

impl Evaluator<'_> {
    /// What the parameter of a function is, which is known so far by its place, if a field of the page calls the function.
    pub(super) fn given_by_field(&self, function: FnRef, index: u32, known: &Data) -> Option<V> {
        let file = function.file;
        let facts = self.program.facts(file);
        let positions = self.positions(file);
        let (element, prop) = positions.element_of.get(&function.function)?.as_ref()?;
        let Expr::Jsx { tag, props, .. } = facts.expr(*element) else {
            return None;
        };
        if index != 0 || !prop.starts_with("on") {
            return None;
        }
        let purpose = self.purpose_of_field(file, tag, props)?;
        // Elements of the page hand over an event, which nobody keeps; components may hand over the text.
        let is_kept = matches!(tag, JsxTag::Component(_)) && keeps_all(facts, function.function);
        let is_said = match known.ty.as_ref().map(|ty| self.shapes.shape(ty)) {
            // What a component of the program calls it with is seen there.
            Some(Shape::Scalar(ValueType::String)) if !self.listens_to_page(function) => {
                return None;
            }
            Some(Shape::Scalar(ValueType::String)) => true,
            Some(Shape::Scalar(ty)) if ty != ValueType::Unknown => return None,
            _ => false,
        };
        let mut texts = self.library.fields.texts.iter();
        let is_text = is_kept || is_said || texts.any(|it| it == prop.as_str());
        let spot = match is_text {
            true => known.spot,
            false => self.read_at(file, function.function).unwrap_or(known.spot),
        };
        let entered = entered(purpose, spot);
        if is_text {
            return Some(entered);
        }
        let whole = V::new(Value::Data(known.clone()));
        let mut event = Object::of(&whole);
        for name in &TARGETS {
            let mut target = Object::of(&self.member(&whole, name, spot));
            target.set(VALUE, entered.clone(), false);
            event.set(name.clone(), V::new(Value::Object(target)), false);
        }
        Some(V::new(Value::Object(event)))
    }

    /// An element that is looked up in the page by its id or by a selector, with what is entered in it, if it may be a field for
    /// texts.
    pub(super) fn looked_up(&self, library: &LibraryCall<'_>) -> V {
        let whole = library.given();
        let asked = library.args.first().and_then(V::as_str);
        let asked = asked.unwrap_or_default();
        if let Some(said) = said_by_page(asked).filter(|said| self.is_telling(said)) {
            let mut element = Object::of(&whole);
            element.set(CONTENT, entered(Purpose::Named(said), library.spot), false);
            return V::new(Value::Object(element));
        }
        let purpose = match library.rule.key {
            Some(_) => self.purpose_by_names([asked]),
            None => self.purpose_by_selector(asked),
        };
        let Some(purpose) = purpose else {
            return whole;
        };
        let mut element = Object::of(&whole);
        element.set(VALUE, entered(Purpose::Named(purpose), library.spot), false);
        V::new(Value::Object(element))
    }

    /// The element that a ref is handed to, with what is entered in it, if it is a field for texts (`<input ref={box} />` and
    /// `box.current.value`).
    pub(super) fn field_of_ref(&self, library: &LibraryCall<'_>, whole: &V) -> Option<V> {
        let file = library.file;
        let facts = self.program.facts(file);
        let name = bound_to(facts, library, <[_]>::is_empty)?;
        let positions = self.positions(file);
        let refs = positions.refs.get_or_init(|| Refs::read(facts));
        let Expr::Jsx { tag, props, .. } = facts.expr(*refs.elements.get(&name)?) else {
            return None;
        };
        let purpose = self.purpose_of_field(file, tag, props)?;
        let read = refs.reads.get(&name).map(|read| self.spot(file, *read));
        let mut element = Object::of(whole);
        element.set(VALUE, entered(purpose, read.unwrap_or(library.spot)), false);
        Some(V::new(Value::Object(element)))
    }

    /// What a selector says of what is entered in the element that it finds (`#email`, `input[name=email]`); none if that is no
    /// field for texts.
    fn purpose_by_selector(&self, selector: &str) -> Option<Name> {
        let fields = self.library.fields;
        // The element itself comes last; what is around it stands before.
        let own = selector.rsplit([' ', '>', '+', '~']).next()?;
        let of_attribute = |name: &str| attribute_of(own, name);
        if let Some(ty) = of_attribute(TYPE) {
            let purpose = fields.types.get(ty)?;
            if Some(purpose.as_str()) != fields.any_text() {
                return Some(Name::from(purpose));
            }
        }
        let tag = own.split(['#', '.', '[', ':']).next()?;
        if !tag.is_empty() && !fields.has(tag) {
            return None;
        }
        let id = own.split_once('#');
        let id = id.and_then(|(_, id)| id.split(['.', '[', ':']).next());
        let names = NAMES.iter().filter_map(|name| of_attribute(name));
        self.purpose_by_names(names.chain(id))
    }

    /// The first of the names of a field that says something, or that it holds some text.
    fn purpose_by_names<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Name> {
        let mut names = names.into_iter().map(Name::from);
        names
            .find(|name| self.is_telling(name))
            .or_else(|| self.library.fields.any_text().map(Name::from))
    }

    /// What a field is for; none if it is none of those that are known.
    fn purpose_of_field(&self, file: FileId, tag: &JsxTag, props: &[Entry]) -> Option<Purpose> {
        let facts = self.program.facts(file);
        let fields = self.library.fields;
        let name = match tag {
            JsxTag::Intrinsic(name) => name.clone(),
            JsxTag::Component(tag) => last_name(facts, *tag)?,
            JsxTag::Fragment => return None,
        };
        if !fields.has(&name) {
            return None;
        }
        let attribute = |name: &str| {
            let value = property(props, name)?;
            Some(self.expr(file, value))
        };
        let said = |name: &str| attribute(name).and_then(|it| it.as_str().map(Name::from));
        let is_number = |(attribute, words): (&String, &Vec<String>)| {
            said(attribute).is_some_and(|it| words.iter().any(|word| word == it.as_str()))
        };
        let by_browser = self.completed(file, props);
        let by_name = || NAMES.iter().find_map(|name| said(name));
        let mut choices = fields.choices.iter();
        if choices.any(|it| property(props, it).is_some()) {
            return Some(Purpose::Of(ValueType::Choice));
        }
        if fields.numbers.iter().any(is_number) {
            // A number may be that of a card or a telephone.
            let named = by_browser.or_else(by_name).map(Purpose::Named);
            return Some(named.unwrap_or(Purpose::Of(ValueType::Number)));
        }
        // A type that a run computes may be any.
        let by_type = match attribute(TYPE) {
            None if fields.is_long(&name) => fields.prose.as_str(),
            None => fields.any_text()?,
            Some(ty) => fields.types.get(ty.as_str()?)?,
        };
        // Any text says less than a name; other types say more.
        let is_any = Some(by_type) == fields.any_text() || by_type == fields.prose;
        // A field for long texts holds what somebody wrote, whatever the program tells it apart by.
        let by_name = || by_name().filter(|it| by_type != fields.prose || self.is_telling(it));
        Some(Purpose::Named(match is_any {
            false => Name::from(by_type),
            true => by_browser
                .or_else(by_name)
                .unwrap_or_else(|| Name::from(by_type)),
        }))
    }

    /// What a field of a form says that it is for, beside its name: the word that says most comes last.
    pub(super) fn said_beside_name(&self, file: FileId, props: &[Entry]) -> EcoVec<Name> {
        let fields = self.library.fields;
        let said = |name: &str| {
            self.expr(file, property(props, name)?)
                .as_str()
                .map(Name::from)
        };
        let by_type = said(TYPE).and_then(|ty| fields.types.get(ty.as_str()));
        let by_type = by_type.filter(|it| Some(it.as_str()) != fields.any_text());
        let all = [
            said(ID),
            by_type.map(Name::from),
            self.completed(file, props),
        ];
        all.into_iter().flatten().collect()
    }

    /// What browsers may fill in: of several words (`shipping street-address`) the last one says what that is.
    fn completed(&self, file: FileId, props: &[Entry]) -> Option<Name> {
        let said = COMPLETES.iter().find_map(|name| property(props, name))?;
        let said = self.expr(file, said);
        let word = said.as_str()?.split_whitespace().last()?;
        (!SAYS_NOTHING.contains(&word)).then(|| Name::from(word))
    }

    /// Where a function first reads what is entered.
    fn read_at(&self, file: FileId, function: FunctionId) -> Option<Spot> {
        let facts = self.program.facts(file);
        let within = facts.function(function).span;
        let is_target = |object: ExprId| matches!(facts.expr(object), Expr::Member { name, .. } if TARGETS.contains(name));
        let mut exprs = (0..).map(ExprId).zip(&facts.exprs);
        exprs.find_map(|(id, _)| match facts.expr(id) {
            Expr::Member { object, name, .. }
                if *name == VALUE && within.contains(facts.span(id)) && is_target(*object) =>
            {
                Some(self.spot(file, id))
            }
            _ => None,
        })
    }
}

/// Whether all that a function does is to put what it is given into a state.
fn keeps_all(facts: &FileFacts, function: FunctionId) -> bool {
    let [only] = &facts.function(function).returns[..] else {
        return false;
    };
    match facts.expr(*only) {
        Expr::Call { callee, args, .. } => {
            let is_given =
                matches!(&args[..], [Item::Value(given)] if facts.is_param(*given, function, 0));
            is_given && facts.sets_state(*callee)
        }
        _ => false,
    }
}

/// What somebody enters.
fn entered(purpose: Purpose, spot: Spot) -> V {
    let entered = Data::new(Root::Call, spot);
    V::new(Value::Data(match purpose {
        Purpose::Named(name) => entered.arising(|origin| {
            origin.named = Some(Named::As(name));
        }),
        Purpose::Of(ty) => Data {
            ty: Some(TypeUse::known(spot.file, Shape::Scalar(ty))),
            ..entered
        },
    }))
}

/// The last name of a component (`Form.Input`).
fn last_name(facts: &FileFacts, tag: ExprId) -> Option<Name> {
    match facts.expr(tag) {
        Expr::Ref(binding) => Some(facts.binding(*binding).name.clone()),
        Expr::Member { name, .. } => Some(name.clone()),
        _ => None,
    }
}
