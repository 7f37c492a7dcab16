//! What an expression can be, as far as the program's text tells.
//!
//! In: nothing; this module only defines shapes. Out: [`Value`], a symbolic value. It leaves alone how one is computed
//! (`evaluate`) and what is done with it (`payload`).
//!
//! A value may contain parameters that no call has filled in yet ([`Root::Param`]); then it is *symbolic*, and
//! `substitute` fills them in for one call.

use std::ops::{BitOr, Deref};
use std::rc::Rc;

use ecow::EcoVec;

use super::alternatives::is_same;
use super::conditions::Condition;
use super::delivery::{Hop, Place};
use super::left_out::LeftOut;
use super::object::Object;
use super::parts::has_more_parts_than;
use super::pending::Pending;
use super::same::Holder;
use super::shapes::TypeUse;
use crate::facts::{ClassId, FunctionId, Literal, Name};
use crate::finding::Transform;
use crate::ruleset::schema::ExportKind;
use crate::source::{FileId, Span};

/// More names of variables that held a value are not kept; the first ones are nearest to where it comes from.
pub(super) const MAX_ALIASES: usize = 6;
/// An argument of a function that callers supply has no more parts than this.
const MAX_HANDED: usize = 24;
/// Arguments of more functions, one around the other, are not kept.
const MAX_FRAMES: usize = 16;

/// A function of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FnRef {
    pub file: FileId,
    pub function: FunctionId,
}

/// A place without its symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Spot {
    pub file: FileId,
    pub span: Span,
}

impl Place {
    /// The place without its symbol.
    pub(super) fn spot(&self) -> Spot {
        Spot {
            file: self.file,
            span: self.span,
        }
    }
}

/// A shared value.
#[derive(Debug, Clone)]
pub(super) struct V(Rc<Node>);

#[derive(Debug)]
struct Node {
    value: Value,
    pending: Pending,
}

impl V {
    /// Wraps a value and notes whose parameters are in it.
    pub(super) fn new(value: Value) -> Self {
        let all = |parts: &[V]| parts.iter().map(V::pending).collect();
        let pending = match &value {
            Value::Nothing
            | Value::Literal(_)
            | Value::Class(..)
            | Value::Module(_)
            | Value::Platform
            | Value::Client(_)
            | Value::Vendor(_) => Pending::default(),
            Value::Text(parts) | Value::Array(parts) | Value::Union(parts) => all(parts),
            Value::Object(object) => {
                let values = object.fields.iter().map(|field| field.value.pending());
                let keys = object.fields.iter().filter_map(|field| field.key.as_ref());
                let fields = values.chain(keys.map(V::pending));
                let picked = object.picked.iter().map(|picked| picked.keys.pending());
                fields.chain(picked).collect::<Pending>() | all(&object.spreads)
            }
            // A function's body may mention the parameters of the functions around it.
            Value::Function(closure) if closure.within.is_none() => Pending::default(),
            Value::Function(closure) => {
                let this = closure.this.iter().map(V::pending);
                closure.within | all(&closure.bound) | this.collect()
            }
            Value::Instance(instance) => all(&instance.args),
            Value::Creator(creator) => creator.prepare.iter().map(V::pending).collect(),
            Value::Data(data) => match data.root {
                Root::Param(function, _) => data
                    .handed()
                    .flat_map(|handed| handed.args())
                    .map(V::pending)
                    .fold(Pending::on(function), Pending::bitor),
                _ => {
                    let origin = data.origin();
                    let key = origin.named.iter().filter_map(Named::to_come);
                    let handed = origin.given.iter().chain(&origin.runs);
                    handed.chain(key).map(V::pending).collect()
                }
            },
            Value::When(condition, value) => condition.subject.pending() | value.pending(),
            Value::Changed(_, value)
            | Value::Without(_, value)
            | Value::Spread(value)
            | Value::FieldsOf(value)
            | Value::KeysOf(value) => value.pending(),
        };
        Self(Rc::new(Node { value, pending }))
    }

    /// Whether a parameter is in it.
    pub(super) fn is_symbolic(&self) -> bool {
        !self.0.pending.is_none()
    }

    /// Whose parameters are in it.
    pub(super) fn pending(&self) -> Pending {
        self.0.pending
    }

    /// Where it is kept: equal for the same shared value as long as somebody holds it.
    pub(super) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// No value.
    pub(super) fn nothing() -> Self {
        thread_local! {
            static NOTHING: V = V::new(Value::Nothing);
        }
        NOTHING.with(V::clone)
    }

    /// A runtime value of which nothing is known.
    pub(super) fn unknown(spot: Spot, reason: &'static str) -> Self {
        Self::new(Value::Data(Data::new(Root::Unknown(reason), spot)))
    }

    /// Whether it is a function of the program.
    pub(super) fn is_function(&self) -> bool {
        matches!(&**self, Value::Function(_))
    }

    /// Nothing, or a list that starts without elements: the declared type says more.
    pub(super) fn is_empty(&self) -> bool {
        match &**self {
            Value::Nothing => true,
            Value::Array(elements) => elements.is_empty(),
            _ => false,
        }
    }

    /// The text, if it is a string literal.
    pub(super) fn as_str(&self) -> Option<&str> {
        match &**self {
            Value::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl Deref for V {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0.value
    }
}

/// A symbolic value.
#[derive(Debug)]
pub(super) enum Value {
    /// `undefined`, `null`, or no value at all.
    Nothing,
    /// A literal.
    Literal(Literal),
    /// Text joined from pieces.
    Text(Vec<V>),
    /// An object whose making is known.
    Object(Object),
    /// An array whose making is known; spreads are [`Value::Spread`].
    Array(Vec<V>),
    /// A function of the program.
    Function(Closure),
    /// A function of a library that makes messages.
    Creator(Creator),
    /// A class of the program.
    Class(FileId, ClassId),
    /// An object of a class of the program.
    Instance(Instance),
    /// All exports of a file.
    Module(FileId),
    /// `window`, `globalThis`, `self`.
    Platform,
    /// A vendor's client, or a member of it.
    Client(Client),
    /// Something else of a vendor.
    Vendor(VendorThing),
    /// A value that only a run knows.
    Data(Data),
    /// One of several.
    Union(Vec<V>),
    /// A value after a change that leaves less of it.
    Changed(Transform, V),
    /// A value that is there only under a condition on a parameter.
    When(Rc<Condition>, V),
    /// A value without the fields of some keys.
    Without(Rc<LeftOut>, V),
    /// All elements of an array, in the place of arguments or elements.
    Spread(V),
    /// Any one of the fields of an object (the value part of its entries).
    FieldsOf(V),
    /// Any one of the keys of an object.
    KeysOf(V),
}

/// A function with what it closes over.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    pub target: FnRef,
    pub this: Option<V>,
    /// Arguments bound in front.
    pub bound: Vec<V>,
    /// Arguments of the functions around it.
    pub frames: Frames,
    /// The functions around it, whose parameters it may mention.
    pub within: Pending,
    /// It waits for all its parameters, however many calls bring them.
    pub curried: bool,
    /// It is called in the place of a proxy, which is what its members are too: with the target, `this` and a list of the
    /// arguments.
    pub is_trap: bool,
    /// A library calls it, and hands one argument over under a key of an object.
    pub under: Option<Under>,
}

impl Closure {
    /// Whether nothing is known of what it will be called with, or around it.
    pub(super) fn is_alone(&self) -> bool {
        let is_bare = self.this.is_none() && self.bound.is_empty() && self.frames.0.is_none();
        is_bare && !self.curried && !self.is_trap && self.under.is_none()
    }
}

/// The key under which a library hands one of its arguments over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Under {
    pub key: Name,
    /// It is the last argument; else the first.
    pub is_last: bool,
}

/// A function of a library that makes messages of one type.
#[derive(Debug, Clone)]
pub(super) struct Creator {
    /// The type of the messages.
    pub kind: Name,
    /// Makes the fields of the message; without it the first argument is the payload.
    pub prepare: Option<V>,
}

/// Arguments by function.
#[derive(Debug, Clone, Default)]
pub(super) struct Frames(Option<Rc<Frame>>);

#[derive(Debug)]
struct Frame {
    function: FnRef,
    args: Rc<Vec<V>>,
    rest: Frames,
    depth: usize,
    filled: Pending,
}

impl Frames {
    /// With one more function's arguments.
    pub(super) fn with(&self, function: FnRef, args: Rc<Vec<V>>) -> Self {
        let depth = self.0.as_ref().map_or(0, |frame| frame.depth) + 1;
        if depth > MAX_FRAMES {
            return self.clone();
        }
        Self(Some(Rc::new(Frame {
            function,
            args,
            rest: self.clone(),
            depth,
            filled: Pending::on(function) | self.filled(),
        })))
    }

    /// The arguments of a function.
    pub(super) fn get(&self, function: FnRef) -> Option<&Rc<Vec<V>>> {
        let mut frames = self;
        while let Some(frame) = &frames.0 {
            if frame.function == function {
                return Some(&frame.args);
            }
            frames = &frame.rest;
        }
        None
    }

    /// Whether no function's arguments are kept.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The functions whose arguments there are.
    pub(super) fn filled(&self) -> Pending {
        self.0
            .as_ref()
            .map_or_else(Pending::default, |frame| frame.filled)
    }

    /// The same functions, with what is made of their arguments.
    pub(super) fn map(&self, make: impl Fn(FnRef, Rc<Vec<V>>) -> Rc<Vec<V>>) -> Self {
        let all: Vec<_> = self.iter().collect();
        let outermost_first = all.into_iter().rev();
        outermost_first.fold(Self::default(), |frames, (function, args)| {
            frames.with(function, make(function, args))
        })
    }

    /// All functions that are filled in, innermost first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (FnRef, Rc<Vec<V>>)> + '_ {
        let mut frames = self;
        std::iter::from_fn(move || {
            let frame = frames.0.as_ref()?;
            frames = &frame.rest;
            Some((frame.function, Rc::clone(&frame.args)))
        })
    }
}

/// An object of a class.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub file: FileId,
    pub class: ClassId,
    /// What its constructor got, if that is known.
    pub args: Vec<V>,
    pub constructed: bool,
    /// The `new` that makes it.
    pub made: Option<Spot>,
}

impl Instance {
    /// Any object of a class.
    pub(super) fn of_class(file: FileId, class: ClassId) -> Self {
        Self {
            file,
            class,
            args: Vec::new(),
            constructed: false,
            made: None,
        }
    }
}

/// A vendor's client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Client {
    /// Which vendor of the catalog.
    pub vendor: usize,
    pub surface: Name,
    /// Members from the client on.
    pub path: Vec<Name>,
    /// It is the namespace of this package, whose exports are its members.
    pub package: Option<usize>,
    /// Its only methods, if the code says which they are.
    pub only: EcoVec<Name>,
}

impl Client {
    /// A client as it is made.
    pub(super) fn new(vendor: usize, surface: impl Into<Name>) -> Self {
        Self {
            vendor,
            surface: surface.into(),
            path: Vec::new(),
            package: None,
            only: EcoVec::new(),
        }
    }

    /// Whether it has a member of a name, as far as the code says.
    pub(super) fn has(&self, name: &Name) -> bool {
        self.only.is_empty() || !self.path.is_empty() || self.only.contains(name)
    }

    /// The path as the rules write it.
    pub(super) fn dotted(&self) -> String {
        self.path.join(".")
    }
}

/// Something of a vendor that is no client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum VendorThing {
    /// An export of a package.
    Export {
        vendor: usize,
        kind: ExportKindKey,
        surface: Name,
        members: Vec<Name>,
        name: Name,
    },
    /// A global by its name; the catalog knows its kinds.
    Global { name: Name },
    /// The `push` of a global queue.
    Push { name: Name },
}

/// [`ExportKind`] as a key.
pub(super) type ExportKindKey = HashableKind;

/// An export kind that can be compared and hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HashableKind(pub ExportKind);

impl std::hash::Hash for HashableKind {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0 as u8).hash(state);
    }
}

/// A value that only a run knows.
#[derive(Debug, Clone)]
pub(super) struct Data {
    pub root: Root,
    /// The way from the root.
    pub steps: EcoVec<Step>,
    /// The names of root and steps, for people and for classification.
    pub path: EcoVec<Name>,
    /// Variables and parameters that held it.
    pub aliases: EcoVec<Name>,
    pub ty: Option<TypeUse>,
    /// The name of the type that it is a member of.
    pub owner: Option<Name>,
    /// Where it is named first.
    pub spot: Spot,
    /// One of a few words that the code itself lists.
    pub choice: bool,
    pub presence: Presence,
    /// It may have fields that its type lacks: the function that gave it is not known, and its type may be that of a part of it,
    /// or the code says that it may be anything.
    pub around: bool,
    /// How the root came about, if anything is known of that; [`Data::origin`] tells, and all that is read from it shares it.
    pub origin: Option<Rc<Origin>>,
}

/// The function that made an object which a call gave.
pub(super) fn maker_of(object: &V) -> Option<&Name> {
    match &**object {
        Value::Data(data) if data.root == Root::Call => data.origin().producer.as_ref(),
        _ => None,
    }
}

/// How a value came about.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// The function that made it.
    pub producer: Option<Name>,
    /// What the producer was asked for.
    pub named: Option<Named>,
    /// The call that supplies it, where it reaches the vendor by way of a callee that this call supplies as well.
    pub supplied: Option<Rc<Hop>>,
    /// The object whose method is given it.
    pub kept_by: Option<Rc<Holder>>,
    /// The object that the function of a package was given which gave it: it may be that object, or be made of it; or the
    /// function that something unknown was given, of which it may be the result.
    pub given: Option<V>,
    /// What the function of a package was handed which gave it, where that is no object: it may be made of it.
    pub made_of: Option<V>,
    /// The function of the program that runs when it is called: a wrapper of a package was handed it, and gave this.
    pub runs: Option<V>,
    /// What it holds is laid out beside it.
    pub is_laid_out: bool,
}

impl Origin {
    const UNKNOWN: Self = Self {
        producer: None,
        named: None,
        supplied: None,
        kept_by: None,
        given: None,
        made_of: None,
        runs: None,
        is_laid_out: false,
    };
}

/// The text that a store is asked by (`localStorage.getItem('email')`).
#[derive(Debug, Clone)]
pub(super) enum Named {
    As(Name),
    /// A caller says it.
    By(V),
}

impl Named {
    /// The text, if it is known.
    pub(super) fn known(&self) -> Option<&Name> {
        match self {
            Self::As(name) => Some(name),
            Self::By(_) => None,
        }
    }

    /// What it will be.
    pub(super) fn to_come(&self) -> Option<&V> {
        match self {
            Self::As(_) => None,
            Self::By(key) => Some(key),
        }
    }
}

/// Whether a part of a value is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Presence {
    /// As far as can be told.
    Sure,
    /// The type that it is read from at this step allows that it is not.
    Optional(u8),
    /// A function that is handed the value only allows that it has such a part, and nothing says that it does.
    Presumed,
    /// The same of something that is read from such a part.
    PresumedWhole,
}

/// A step into a runtime value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(Name),
    Index(u32),
    /// Any element or field.
    Any,
    /// Any element of a list; an object has none.
    Each,
    /// All but the first elements.
    From(u32),
    /// The result of calling it, with what it is called with.
    Result(Handed),
    /// The result of calling what was kept, somewhere else than in the function whose parameter it is.
    LaterResult,
    /// The pieces between these signs, of a text.
    Cut(Name),
}

impl Step {
    /// Whether it is the result of a call.
    pub(super) fn is_result(&self) -> bool {
        matches!(self, Self::Result(_) | Self::LaterResult)
    }
}

/// The arguments with which a parameter is called.
#[derive(Debug, Clone)]
pub(super) struct Handed(Rc<[V]>);

impl Handed {
    /// Arguments of so many parts that a function hardly sends one of them are not kept.
    pub(super) fn new(args: &[V]) -> Self {
        let kept = args
            .iter()
            .map(|arg| match has_more_parts_than(MAX_HANDED, arg) {
                true => V::nothing(),
                false => arg.clone(),
            });
        Self(kept.collect())
    }

    pub(super) fn args(&self) -> &[V] {
        &self.0
    }
}

impl PartialEq for Handed {
    fn eq(&self, other: &Self) -> bool {
        let mut both = self.0.iter().zip(&*other.0);
        self.0.len() == other.0.len() && both.all(|(one, other)| is_same(one, other, 0))
    }
}

impl Eq for Handed {}

/// Where a runtime value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Root {
    /// A parameter that is not filled in.
    Param(FnRef, u32),
    /// A global of the platform.
    Global,
    /// Something of a package outside the tree.
    Outside(Name),
    /// The result of a call.
    Call,
    /// What is put into a state, a store or a field after it was made.
    Kept,
    /// A caught error.
    Caught,
    /// Nothing is known, and why.
    Unknown(&'static str),
}

impl Data {
    /// A value of which only its root is known.
    pub(super) fn new(root: Root, spot: Spot) -> Self {
        Self {
            root,
            steps: EcoVec::new(),
            path: EcoVec::new(),
            aliases: EcoVec::new(),
            ty: None,
            owner: None,
            spot,
            choice: false,
            presence: Presence::Sure,
            around: false,
            origin: None,
        }
    }

    /// Whether something is called on the way to it.
    pub(super) fn is_called(&self) -> bool {
        self.steps.iter().any(Step::is_result)
    }

    /// What functions are called with on the way to it.
    pub(super) fn handed(&self) -> impl Iterator<Item = &Handed> {
        self.steps.iter().filter_map(|step| match step {
            Step::Result(handed) => Some(handed),
            _ => None,
        })
    }

    /// How its root came about.
    pub(super) fn origin(&self) -> &Origin {
        self.origin.as_deref().unwrap_or(&Origin::UNKNOWN)
    }

    /// The same value, with what is known of how its root came about.
    pub(super) fn arising(mut self, tell: impl FnOnce(&mut Origin)) -> Self {
        let mut origin = self.origin().clone();
        tell(&mut origin);
        self.origin = Some(Rc::new(origin));
        self
    }

    /// The same value, which a function of this name made.
    pub(super) fn made_by(self, producer: Option<Name>) -> Self {
        match producer {
            None if self.origin.is_none() => self,
            _ => self.arising(|origin| origin.producer = producer),
        }
    }
}
