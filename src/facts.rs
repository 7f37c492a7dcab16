//! What a source file says, free of any language's syntax tree.
//!
//! In: nothing; this module only defines shapes. Out: [`FileFacts`], owned plain data that `syntax/` fills and that
//! `link/` and `flow/` read. It leaves alone what any of it means: names are as written, and no vendor is known here.
//!
//! Everything is an arena addressed by small ids, so facts are cheap to keep and need no lifetimes. Identifiers are
//! already bound: an [`Expr::Ref`] points at the binding that the language's scoping rules give, an [`Expr::Global`]
//! is a name that no scope of the file declares.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

use crate::source::Span;

/// A name or a short text as it stands in the source, without quotes.
pub type Name = CompactString;

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $id(pub u32);

        impl $id {
            /// The position in the arena of the file.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An expression of one file.
    ExprId,
    /// A declared name of one file.
    BindingId,
    /// A function of one file; number 0 is the module's own body.
    FunctionId,
    /// A class of one file.
    ClassId,
    /// A type expression of one file.
    TypeId,
    /// An interface, alias, enum or namespace of one file.
    TypeDeclId,
    /// An import of one file.
    ImportId,
}

/// What a class with a template in a file of its own is exported as, before the template's name.
pub const TEMPLATE: &str = "template ";

/// Whether a name is another behind a prefix, as hooks, setters and handlers are called (`useUser`, `setUser`, `onUser`).
pub fn is_prefixed(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Names by which the platform's global object is known.
pub const PLATFORM: [&str; 4] = ["window", "globalThis", "self", "global"];

/// What every page's window has of itself, and keeps whatever a program assigns to it: some assignments do nothing, and one to
/// `location` leaves the page. What sends requests goes on sending them, whatever it is wrapped in.
pub const KEPT_BY_WINDOW: [&str; 8] = [
    "XMLHttpRequest",
    "document",
    "fetch",
    "history",
    "localStorage",
    "location",
    "navigator",
    "sessionStorage",
];

/// The module's own body is always the first function.
pub const MODULE: FunctionId = FunctionId(0);

/// All facts of one file.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// Expressions, children before parents.
    pub exprs: Vec<ExprNode>,
    /// Declared names.
    pub bindings: Vec<Binding>,
    /// Functions; the first is the module body.
    pub functions: Vec<Function>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Type expressions.
    pub types: Vec<Type>,
    /// Interfaces, aliases, enums.
    pub type_decls: Vec<TypeDecl>,
    /// Static imports (`import …`, `import x = require()`).
    pub imports: Vec<Import>,
    /// Exports in every form, CommonJS included.
    pub exports: Vec<Export>,
    /// Every call, `new`, tagged template and JSX element, in source order.
    pub calls: Vec<ExprId>,
    /// Assignments whose target hangs on a global (`window.pylon = …`) or on something that is no binding and no `this`.
    pub writes: Vec<Write>,
    /// The bodies and heads of loops: what stands later in one may happen earlier.
    pub loops: Vec<Span>,
    /// What runs only under a condition.
    pub guards: Vec<Guard>,
    /// `try` statements that catch, inner ones first.
    pub tries: Vec<Try>,
    /// What is thrown.
    pub throws: Vec<ExprId>,
    /// Modules that the file declares for others (`declare module 'x' { … }`), with their exports.
    pub modules: Vec<(Name, Vec<(Name, Exported)>)>,
    /// What the parser could not read.
    pub problems: Vec<Problem>,
}

/// A part of the program that runs only if a test comes out in a certain way.
#[derive(Debug, Clone)]
pub struct Guard {
    /// What it is about.
    pub span: Span,
    /// The test.
    pub test: Test,
}

/// How a test comes out.
#[derive(Debug, Clone)]
pub enum Test {
    /// The expression holds, or does not.
    Is(ExprId, bool),
    /// The first expression is one of the others, or is none of them (`switch`).
    OneOf(ExprId, ThinVec<ExprId>, bool),
}

/// A place at which the text is no valid program; the rest of the file is still read.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// One sentence for the report.
    pub message: String,
}

/// An expression with its place.
#[derive(Debug)]
pub struct ExprNode {
    /// What it is.
    pub expr: Expr,
    /// Where it stands.
    pub span: Span,
    /// The innermost function around it.
    pub function: FunctionId,
}

/// Expressions are most of what facts hold: one variant with more in it makes all of them larger.
const _: () = assert!(size_of::<ExprNode>() <= 64);

/// A `try` statement that catches.
#[derive(Debug, Clone, Copy)]
pub struct Try {
    /// Its block.
    pub body: Span,
    /// The parameter of its `catch`.
    pub caught: Span,
    /// The function in which it stands.
    pub function: FunctionId,
}

/// A literal value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    /// A string, escapes decoded.
    String(Name),
    /// A number as written.
    Number(Name),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `undefined` (also `void 0`).
    Undefined,
    /// A regular expression, as it is written.
    Regex(Name),
    /// A number or a yes or no that operators make of something; never written as such.
    Computed,
}

/// An expression.
#[derive(Debug)]
pub enum Expr {
    /// A name that this file declares.
    Ref(BindingId),
    /// A name that no scope of this file declares.
    Global(Name),
    /// `this`.
    This,
    /// `super`.
    Super,
    /// A literal.
    Literal(Literal),
    /// A template literal; literal pieces are kept, empty ones dropped.
    Template(ThinVec<TemplatePart>),
    /// An object literal.
    Object(ThinVec<Entry>),
    /// An array literal.
    Array(ThinVec<Item>),
    /// `object.name`, also `object?.name` and `object['name']`.
    Member {
        /// The object.
        object: ExprId,
        /// The property; a private one keeps its `#`.
        name: Name,
        /// Where the property's name stands.
        name_span: Span,
    },
    /// `object[index]` with an index that is no string literal.
    Index {
        /// The object.
        object: ExprId,
        /// The index.
        index: ExprId,
    },
    /// A call.
    Call {
        /// What is called.
        callee: ExprId,
        /// The arguments.
        args: ThinVec<Item>,
        /// Type arguments.
        type_args: ThinVec<TypeId>,
    },
    /// `new callee(…)`.
    New {
        /// What is constructed.
        callee: ExprId,
        /// The arguments.
        args: ThinVec<Item>,
        /// Type arguments.
        type_args: ThinVec<TypeId>,
    },
    /// `` tag`…` ``; the quasi is an [`Expr::Template`].
    Tagged {
        /// The tag.
        tag: ExprId,
        /// The template.
        quasi: ExprId,
        /// Type arguments as written.
        type_args: ThinVec<TypeId>,
    },
    /// A function or arrow expression, an object or class method.
    Function(FunctionId),
    /// A class expression.
    Class(ClassId),
    /// `test ? then : otherwise`.
    Conditional {
        /// The condition.
        test: ExprId,
        /// Its value when true.
        then: ExprId,
        /// Its value when false.
        otherwise: ExprId,
    },
    /// `&&`, `||`, `??`.
    Logical {
        /// Which.
        op: LogicalOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// Any other operator with two operands (`+`, `===`, `in`, `instanceof`, …).
    Binary {
        /// The operator as written.
        op: Name,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// A prefix or postfix operator (`!`, `-`, `typeof`, `void`, `delete`, `++`).
    Unary {
        /// The operator as written.
        op: Name,
        /// The operand.
        operand: ExprId,
    },
    /// An assignment used as an expression; its effect is also recorded as a source or a write.
    Assign {
        /// The operator as written (`=`, `+=`, `??=`).
        op: Name,
        /// The target, when it is a name or member; a pattern gives none.
        target: Option<ExprId>,
        /// The assigned value.
        value: ExprId,
    },
    /// `a, b`: the last is the value.
    Sequence(ThinVec<ExprId>),
    /// `await x`.
    Await(ExprId),
    /// `yield x`.
    Yield {
        /// What is given.
        value: Option<ExprId>,
        /// `yield* x`: each element of it.
        each: bool,
    },
    /// `x as T`, `<T>x`, `x satisfies T`; `as const` and `x!` carry no type.
    Cast {
        /// The value.
        value: ExprId,
        /// The type, if one is named.
        ty: Option<TypeId>,
        /// `satisfies` checks and does not change the type.
        satisfies: bool,
    },
    /// A JSX element.
    Jsx {
        /// What is rendered.
        tag: JsxTag,
        /// Attributes and spreads; an attribute without a value is `true`.
        props: ThinVec<Entry>,
        /// Expressions and elements between the tags (text is left out).
        children: ThinVec<ExprId>,
    },
    /// `import(specifier)`.
    Import(ExprId),
    /// `require('specifier')` of the module system.
    Require(Name),
    /// `import.meta`.
    ImportMeta,
    /// What could not be read.
    Unknown,
}

/// A logical operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogicalOp {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Nullish,
}

/// A piece of a template literal.
#[derive(Debug)]
pub enum TemplatePart {
    /// Literal text.
    Text(Name),
    /// `${…}`.
    Value(ExprId),
}

/// An entry of an object literal or of JSX attributes.
#[derive(Debug)]
pub enum Entry {
    /// `key: value`, `key`, `key() {}`; getters count as their function's call.
    Property {
        /// The key.
        key: Key,
        /// The value; a method's is [`Expr::Function`].
        value: ExprId,
        /// The whole entry.
        span: Span,
        /// `get key() {}`: reading the property calls the function.
        getter: bool,
    },
    /// `...value`.
    Spread(ExprId),
}

impl Entry {
    /// The name of a property, and its value; none if the name is computed, and none of what is spread.
    pub fn named(&self) -> Option<(&Name, ExprId)> {
        match self {
            Self::Property {
                key: Key::Name(name),
                value,
                ..
            } => Some((name, *value)),
            Self::Property { .. } | Self::Spread(_) => None,
        }
    }
}

/// The value of the first property of a name.
pub fn property(entries: &[Entry], wanted: &str) -> Option<ExprId> {
    let mut named = entries.iter().filter_map(Entry::named);
    named.find_map(|(name, value)| (name == wanted).then_some(value))
}

/// A property key.
#[derive(Debug, Clone)]
pub enum Key {
    /// A name, or a string or number literal.
    Name(Name),
    /// `[expression]`.
    Computed(ExprId),
}

/// An element of an array literal or an argument.
#[derive(Debug, Clone, Copy)]
pub enum Item {
    /// A value.
    Value(ExprId),
    /// `...value`.
    Spread(ExprId),
    /// A hole in an array.
    Hole,
}

impl Item {
    /// The expression that it is, or that is spread.
    pub fn expr(self) -> Option<ExprId> {
        match self {
            Self::Value(value) | Self::Spread(value) => Some(value),
            Self::Hole => None,
        }
    }
}

/// The tag of a JSX element.
#[derive(Debug)]
pub enum JsxTag {
    /// `<>`.
    Fragment,
    /// `<div>`, `<my-element>`.
    Intrinsic(Name),
    /// `<Provider>`, `<Context.Provider>`.
    Component(ExprId),
}

/// What kind of declaration made a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingKind {
    /// `const`, `using`.
    Const,
    /// `let`, `var`.
    Variable,
    /// A parameter, or a name inside a parameter's pattern.
    Param,
    /// A function declaration, or the name of a function expression inside itself.
    Function,
    /// A class declaration or the name of a class expression inside itself.
    Class,
    /// An import.
    Import,
    /// `catch (error)`.
    Caught,
    /// An enum.
    Enum,
    /// A TypeScript namespace.
    Namespace,
}

/// A declared name and everything in this file that gives it a value.
#[derive(Debug)]
pub struct Binding {
    /// The name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// By what.
    pub kind: BindingKind,
    /// The innermost function around the declaration (a parameter belongs to its own function).
    pub function: FunctionId,
    /// The declared type of the name itself (not of a pattern around it).
    pub ty: Option<TypeId>,
    /// Initialiser and assignments.
    pub sources: ThinVec<Source>,
    /// Assignments to and deletions of its members (`p.email = …`).
    pub writes: ThinVec<Write>,
    /// Calls of a method on this name or on a member of it (`p.push(x)`, `p.list.push(x)`), `Object.assign(p, …)`, and calls
    /// for what they do that are handed it (`addPage(p);`).
    pub touches: ThinVec<ExprId>,
}

impl Binding {
    /// The parameter that the name is as a whole, and nothing else.
    pub fn param(&self) -> Option<(FunctionId, u32)> {
        match self.sources.as_slice() {
            [only] if only.path.is_empty() => match only.from {
                From::Param { function, index } => Some((function, index)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// One way in which a name gets its value.
#[derive(Debug)]
pub struct Source {
    /// The value before destructuring.
    pub from: From,
    /// The way through a destructuring pattern, outermost first; empty for a plain name.
    pub path: ThinVec<Step>,
    /// The default of the innermost pattern or parameter.
    pub default: Option<ExprId>,
    /// The declarator, parameter or assignment.
    pub span: Span,
    /// The type that the pattern or variable declares for the value before destructuring.
    pub ty: Option<TypeId>,
}

/// Where a value before destructuring comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// An expression.
    Expr(ExprId),
    /// A parameter.
    Param {
        /// The function.
        function: FunctionId,
        /// Which parameter, from 0.
        index: u32,
    },
    /// An element of an iterable (`for (const x of xs)`).
    ElementOf(ExprId),
    /// A key of an object (`for (const k in o)`).
    KeyOf(ExprId),
    /// An import.
    Import(ImportId),
    /// A function declaration.
    Function(FunctionId),
    /// A class declaration.
    Class(ClassId),
    /// An enum or namespace declaration.
    TypeDecl(TypeDeclId),
    /// `catch (error)`.
    Caught,
    /// Declared without a value (`let x;`, `declare const x: T`).
    Nothing,
    /// Set by the markup around the script (`<input bind:value={x}>`).
    Markup,
}

/// One step of a path into a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A property.
    Key(Name),
    /// A property whose name is computed.
    Computed(ExprId),
    /// An array element.
    Index(u32),
    /// `...rest` of an object: all but these keys.
    RestOf(ThinVec<Name>),
    /// `...rest` of an array from this index on.
    RestFrom(u32),
}

/// How an object holds a value.
#[derive(Debug, Clone, Copy)]
pub enum HeldBy<'f> {
    /// Under a name.
    Name(&'f Name),
    /// Under a key that is computed.
    Key(ExprId),
    /// As a map does.
    Entry(ExprId),
}

/// An assignment to a member.
#[derive(Debug)]
pub struct Write {
    /// The root of the target: given for [`FileFacts::writes`] only (`window` in `window.a.b = 1`).
    pub root: Option<ExprId>,
    /// The way from the root to the assigned property.
    pub path: ThinVec<Step>,
    /// The assigned value; none for `delete`.
    pub value: Option<ExprId>,
    /// The whole assignment.
    pub span: Span,
    /// The function in which it happens.
    pub function: FunctionId,
}

/// What a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// The module body.
    Module,
    /// `function`.
    Function,
    /// `=>`.
    Arrow,
    /// A method of a class or object.
    Method,
    /// `constructor`.
    Constructor,
    /// `get x()`.
    Getter,
    /// `set x(v)`.
    Setter,
    /// A field initialiser or static block.
    Initializer,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its own name, or that of the variable, property or field it is assigned to.
    pub name: Option<Name>,
    /// The whole function.
    pub span: Span,
    /// What it is.
    pub kind: FunctionKind,
    /// The function around it; none for the module body.
    pub parent: Option<FunctionId>,
    /// The class whose `this` holds inside (arrows inherit it).
    pub class: Option<ClassId>,
    /// The object literal whose `this` holds inside a method of it (arrows inherit it).
    pub this_object: Option<ExprId>,
    /// `static`.
    pub is_static: bool,
    /// `async`.
    pub is_async: bool,
    /// `function*`.
    pub is_generator: bool,
    /// It has no body: `declare function f(): T;`.
    pub is_signature: bool,
    /// Parameters.
    pub params: ThinVec<Param>,
    /// The values of `return`, or an arrow's expression body.
    pub returns: ThinVec<ExprId>,
    /// Declared result.
    pub return_type: Option<TypeId>,
    /// Names of its type parameters, with their constraints.
    pub type_params: ThinVec<TypeParam>,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name, if it is no pattern.
    pub name: Option<Name>,
    /// The declared type.
    pub ty: Option<TypeId>,
    /// The default value.
    pub default: Option<ExprId>,
    /// `...rest`.
    pub rest: bool,
    /// `constructor(private x: T)`: also a field of the class.
    pub property: Option<Access>,
    /// Where it stands.
    pub span: Span,
}

/// A type parameter.
#[derive(Debug)]
pub struct TypeParam {
    /// The name.
    pub name: Name,
    /// `extends T`.
    pub constraint: Option<TypeId>,
    /// `= T`.
    pub default: Option<TypeId>,
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// Its name, or that of the variable it is assigned to.
    pub name: Option<Name>,
    /// The whole class.
    pub span: Span,
    /// The function around it.
    pub function: FunctionId,
    /// `extends`.
    pub extends: Option<ExprId>,
    /// Objects whose parts' members it has as well (`mixins` of a component's options).
    pub mixins: ThinVec<ExprId>,
    /// Type arguments of `extends`.
    pub extends_args: ThinVec<TypeId>,
    /// `implements`.
    pub implements: ThinVec<TypeId>,
    /// Methods, fields, accessors, parameter properties.
    pub members: ThinVec<Member>,
    /// Assignments to `this.…` in its methods.
    pub writes: ThinVec<Write>,
    /// Calls in its methods that put something into what a field holds (`this.list.push(x)`).
    pub touches: ThinVec<ExprId>,
    /// Type parameters.
    pub type_params: ThinVec<TypeParam>,
    /// `abstract`.
    pub is_abstract: bool,
}

/// A member of a class.
#[derive(Debug)]
pub struct Member {
    /// The name; a computed one is left out, a private one keeps its `#`.
    pub name: Name,
    /// `static`.
    pub is_static: bool,
    /// What it is.
    pub kind: MemberKind,
    /// Where it stands.
    pub span: Span,
}

/// What a class member is.
#[derive(Debug, Clone, Copy)]
pub enum MemberKind {
    /// A method.
    Method(FunctionId),
    /// An abstract or overload signature without a body.
    Signature(Option<TypeId>),
    /// `get`.
    Getter(FunctionId),
    /// `set`.
    Setter(FunctionId),
    /// A field.
    Field {
        /// Its initialiser.
        value: Option<ExprId>,
        /// Its declared type.
        ty: Option<TypeId>,
    },
    /// `constructor(private x: T)`.
    ParamProperty {
        /// The constructor.
        function: FunctionId,
        /// Which parameter.
        index: u32,
        /// Its declared type.
        ty: Option<TypeId>,
        /// Who may read it.
        access: Access,
    },
}

/// Who may read a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The class, and those below it.
    Own,
    /// Whoever has the object.
    Open,
}

/// A static import; one entry for each imported name.
#[derive(Debug)]
pub struct Import {
    /// The module as written.
    pub specifier: Name,
    /// What is taken from it.
    pub imported: Imported,
    /// The name it gets here.
    pub binding: Option<BindingId>,
    /// `import type`.
    pub type_only: bool,
    /// Where it stands.
    pub span: Span,
}

/// What an import or re-export takes from its module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Imported {
    /// `import x`.
    Default,
    /// `import { x }`.
    Named(Name),
    /// `import * as x`.
    Namespace,
    /// `import x = require()`.
    Equals,
    /// `import 'x'`.
    Nothing,
}

/// An export.
#[derive(Debug)]
pub struct Export {
    /// The name that others import; `default` for the default, `*` for `export * from`, `module.exports` for CommonJS'
    /// whole.
    pub name: Name,
    /// What it is.
    pub what: Exported,
    /// Where it stands.
    pub span: Span,
}

/// What an export stands for.
#[derive(Debug)]
pub enum Exported {
    /// A name of this file.
    Binding(BindingId),
    /// An expression (`export default …`, `exports.x = …`, `module.exports = …`, `export = …`).
    Expr(ExprId),
    /// An interface, alias or enum of this file.
    Type(TypeDeclId),
    /// A re-export.
    From {
        /// The module as written.
        specifier: Name,
        /// What of it; [`Imported::Nothing`] is everything (`export *`).
        imported: Imported,
    },
}

/// A type expression.
#[derive(Debug)]
pub enum Type {
    /// `string`, `number`, `any`, `void`, …
    Keyword(Name),
    /// A literal type.
    Literal(Literal),
    /// A named type, `A.B` as two names.
    Ref {
        /// The names as written.
        path: ThinVec<Name>,
        /// What the first name is in this file.
        target: TypeTarget,
        /// Type arguments.
        args: ThinVec<TypeId>,
    },
    /// `{ … }`.
    Object(ThinVec<TypeMember>),
    /// `A | B`.
    Union(ThinVec<TypeId>),
    /// `A & B`.
    Intersection(ThinVec<TypeId>),
    /// `T[]`, `readonly T[]`.
    Array(TypeId),
    /// `[A, B]`.
    Tuple(ThinVec<TypeId>),
    /// `(a: A) => R`.
    Function {
        /// Type parameters.
        type_params: ThinVec<TypeParam>,
        /// Parameters.
        params: ThinVec<(Name, Option<TypeId>)>,
        /// Result.
        result: Option<TypeId>,
    },
    /// `typeof x.y`.
    TypeOf(ExprId),
    /// `x is T`, the result of a function that tells whether its parameter is that.
    Predicate {
        /// The parameter.
        param: Name,
        /// What it is if the answer is yes.
        ty: TypeId,
    },
    /// `keyof T`.
    KeyOf(TypeId),
    /// `T['x']`.
    Indexed {
        /// The object type.
        object: TypeId,
        /// The index type.
        index: TypeId,
    },
    /// `{ [K in Keys]: T }`.
    Mapped {
        /// The name of a key in the types beside it.
        param: Name,
        /// The keys.
        keys: TypeId,
        /// `as T`: the key that it becomes.
        alias: Option<TypeId>,
        /// The value.
        value: Option<TypeId>,
    },
    /// `A extends B ? C : D`.
    Conditional {
        /// What is asked about.
        tested: TypeId,
        /// What it is asked to be.
        pattern: TypeId,
        /// When it holds.
        then: TypeId,
        /// When it does not.
        otherwise: TypeId,
    },
    /// `import('specifier').A.B<…>`.
    Import {
        /// The module as written.
        specifier: Name,
        /// The names after it.
        path: ThinVec<Name>,
        /// Type arguments.
        args: ThinVec<TypeId>,
    },
    /// A template literal type.
    Template,
    /// What could not be read.
    Unknown,
}

/// What the first name of a type reference is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeTarget {
    /// An interface, alias or enum of this file.
    Decl(TypeDeclId),
    /// A class of this file.
    Class(ClassId),
    /// An import or another value of this file.
    Binding(BindingId),
    /// A type parameter in scope.
    Param,
    /// Nothing in this file: a built-in or an ambient type.
    Global,
}

/// A member of an object type.
#[derive(Debug)]
pub struct TypeMember {
    /// The property; none for an index signature and for a computed key.
    pub name: Option<Name>,
    /// `[expression]`, where that is no index signature.
    pub key: Option<ExprId>,
    /// Its type; a method's is [`Type::Function`].
    pub ty: Option<TypeId>,
    /// `?`.
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// An interface, alias, enum or namespace.
#[derive(Debug)]
pub struct TypeDecl {
    /// The name.
    pub name: Name,
    /// What it is.
    pub kind: TypeDeclKind,
    /// Type parameters.
    pub type_params: ThinVec<TypeParam>,
    /// Where it stands.
    pub span: Span,
    /// Declared inside `declare global`.
    pub global: bool,
}

/// What a type declaration is.
#[derive(Debug)]
pub enum TypeDeclKind {
    /// An interface.
    Interface {
        /// `extends`.
        extends: ThinVec<TypeId>,
        /// Its own members.
        members: ThinVec<TypeMember>,
    },
    /// `type A = …`.
    Alias(TypeId),
    /// An enum: members with their initialisers.
    Enum(ThinVec<(Name, Option<ExprId>)>),
    /// `namespace N { … }`: its exported names.
    Namespace(ThinVec<(Name, Exported)>),
}

impl Binding {
    /// What a name is declared to be as a whole.
    pub fn initial(&self) -> Option<ExprId> {
        self.sources.iter().find_map(|source| match source.from {
            From::Expr(value) if source.path.is_empty() => Some(value),
            _ => None,
        })
    }
}

impl FileFacts {
    /// What a promise fails with that is made to (`Promise.reject(error)`).
    pub fn rejected(&self, value: ExprId) -> Option<ExprId> {
        let Expr::Call { callee, args, .. } = self.expr(value) else {
            return None;
        };
        let Expr::Member { object, name, .. } = self.expr(*callee) else {
            return None;
        };
        let is_promise = matches!(self.expr(*object), Expr::Global(name) if name == "Promise");
        let error = args.first().and_then(|item| item.expr());
        error.filter(|_| is_promise && name == "reject")
    }

    /// The expression of an id.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.index()].expr
    }

    /// The expression without the types that it is said to be of.
    pub fn uncast(&self, id: ExprId) -> ExprId {
        let mut inner = id;
        while let Expr::Cast { value, .. } = self.expr(inner) {
            inner = *value;
        }
        inner
    }

    /// The module that an expression loads by `import('…')`, where that is written out.
    pub fn loaded(&self, expr: &Expr) -> Option<&Name> {
        let Expr::Import(specifier) = expr else {
            return None;
        };
        match self.expr(*specifier) {
            Expr::Literal(Literal::String(specifier)) => Some(specifier),
            _ => None,
        }
    }

    /// The modules from which something is imported or handed on by name.
    pub fn specifiers(&self) -> impl Iterator<Item = &Name> {
        let imports = self.imports.iter();
        let taken = imports.filter(|import| import.imported != Imported::Nothing);
        let handed_on = self.exports.iter().filter_map(|export| match &export.what {
            Exported::From { specifier, .. } => Some(specifier),
            _ => None,
        });
        taken.map(|import| &import.specifier).chain(handed_on)
    }

    /// Whether an expression is a parameter of a function as a whole, and nothing else.
    pub fn is_param(&self, expr: ExprId, function: FunctionId, index: u32) -> bool {
        let Expr::Ref(binding) = self.expr(expr) else {
            return false;
        };
        self.binding(*binding).param() == Some((function, index))
    }

    /// Whether an expression is a function that puts something into a state: `setUser` of `const [user, setUser] = useState()`.
    pub fn sets_state(&self, expr: ExprId) -> bool {
        let Expr::Ref(binding) = self.expr(expr) else {
            return false;
        };
        let binding = self.binding(*binding);
        is_prefixed(&binding.name, "set")
            && matches!(&binding.sources[..], [only] if only.path[..] == [Step::Index(1)])
    }

    /// Where an expression stands.
    pub fn span(&self, id: ExprId) -> Span {
        self.exprs[id.index()].span
    }

    /// The innermost function around an expression.
    pub fn function_of(&self, id: ExprId) -> FunctionId {
        self.exprs[id.index()].function
    }

    /// The binding of an id.
    pub fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[id.index()]
    }

    /// The function of an id.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    /// The guards in a function around a place.
    pub fn guards_around(&self, function: FunctionId, at: Span) -> impl Iterator<Item = &Guard> {
        let around = self.function(function).span;
        self.guards
            .iter()
            .filter(move |guard| guard.span.contains(at) && around.contains(guard.span))
    }

    /// What an expression is held by: the object, and the name or key of it (`acc.list`, `acc[key]`, `acc[key] ??= []`,
    /// `map.get(key)`).
    pub fn held(&self, expr: ExprId) -> Option<(ExprId, HeldBy<'_>)> {
        match self.expr(expr) {
            Expr::Member { object, name, .. } => Some((*object, HeldBy::Name(name))),
            Expr::Index { object, index } => Some((*object, HeldBy::Key(*index))),
            Expr::Cast { value, .. } => self.held(*value),
            Expr::Assign {
                op,
                target: Some(target),
                ..
            } if matches!(op.as_str(), "||=" | "??=") => self.held(*target),
            Expr::Call { callee, args, .. } => match (self.expr(*callee), args.as_slice()) {
                (Expr::Member { object, name, .. }, [Item::Value(key)]) if name == "get" => {
                    Some((*object, HeldBy::Entry(*key)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The member of `this` that a name is another name of: `const { list } = this`, `const list = this.list`.
    pub fn field_of_this(&self, id: BindingId) -> Option<&Name> {
        let [source] = self.binding(id).sources.as_slice() else {
            return None;
        };
        let From::Expr(value) = source.from else {
            return None;
        };
        match (self.expr(value), source.path.as_slice()) {
            (Expr::This, [Step::Key(name)]) => Some(name),
            (Expr::Member { object, name, .. }, []) => {
                matches!(self.expr(*object), Expr::This).then_some(name)
            }
            _ => None,
        }
    }

    /// What a call puts the members of its other arguments into: `Object.assign(target, …)`, `_.extend(target, …)`, and
    /// `assign(target, …)` where that is lodash's.
    pub fn merged_into(&self, call: ExprId) -> Option<(ExprId, &[Item])> {
        let Expr::Call { callee, args, .. } = self.expr(call) else {
            return None;
        };
        let is_merging = |name: &Name| matches!(name.as_str(), "assign" | "extend" | "merge");
        let is_meant = match self.expr(*callee) {
            Expr::Member { object, name, .. } => match self.expr(*object) {
                Expr::Global(global) => {
                    let global = global.as_str();
                    global == "Object" && name == "assign"
                        || matches!(global, "_" | "$" | "jQuery" | "angular") && is_merging(name)
                }
                Expr::Ref(binding) => is_merging(name) && self.is_of_lodash(*binding),
                _ => false,
            },
            Expr::Ref(binding) => self.import_of(*binding).is_some_and(|import| {
                let by_name = match &import.imported {
                    Imported::Named(name) => is_merging(name),
                    _ => import
                        .specifier
                        .rsplit(['/', '.'])
                        .next()
                        .is_some_and(|name| {
                            matches!(name, "assign" | "extend" | "merge" | "object-assign")
                        }),
                };
                by_name && (is_lodash(&import.specifier) || import.specifier == "object-assign")
            }),
            _ => false,
        };
        match args.split_first() {
            Some((Item::Value(target), others)) if is_meant => Some((*target, others)),
            _ => None,
        }
    }

    fn is_of_lodash(&self, binding: BindingId) -> bool {
        let import = self.import_of(binding);
        import.is_some_and(|import| is_lodash(&import.specifier) || import.specifier == "jquery")
    }

    /// Whether a call puts something into what it is noted at, as far as its name tells, or hands it to a function that may.
    pub fn may_fill(&self, call: ExprId) -> bool {
        let Expr::Call { callee, .. } = self.expr(call) else {
            return false;
        };
        match self.expr(*callee) {
            Expr::Member { name, .. } if fills(name) => true,
            _ => self.hands_over(call) || self.merged_into(call).is_some(),
        }
    }

    /// Whether a call hands its arguments to a function by its name, or to a method of the object around (`addPage(…)`,
    /// `this.addPage(…)`), which is none that merges them.
    pub fn hands_over(&self, call: ExprId) -> bool {
        match self.expr(call) {
            Expr::Call { callee, .. } => {
                self.is_by_name(*callee) && self.merged_into(call).is_none()
            }
            _ => false,
        }
    }

    fn is_by_name(&self, callee: ExprId) -> bool {
        match self.expr(callee) {
            Expr::Ref(_) => true,
            Expr::Member { object, .. } => matches!(self.expr(*object), Expr::This),
            _ => false,
        }
    }

    /// The import that a name stands for.
    pub fn import_of(&self, id: BindingId) -> Option<&Import> {
        let mut sources = self.binding(id).sources.iter();
        sources.find_map(|source| match source.from {
            From::Import(import) => Some(&self.imports[import.index()]),
            _ => None,
        })
    }

    /// What a name is declared to be, if it is never anything else.
    pub fn constant(&self, id: BindingId) -> Option<ExprId> {
        let binding = self.binding(id);
        let [source] = binding.sources.as_slice() else {
            return None;
        };
        match source.from {
            From::Expr(value)
                if source.path.is_empty()
                    && source.default.is_none()
                    && binding.writes.is_empty() =>
            {
                Some(value)
            }
            _ => None,
        }
    }

    /// The class of an id.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    /// The type expression of an id.
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id.index()]
    }

    /// The type declaration of an id.
    pub fn type_decl(&self, id: TypeDeclId) -> &TypeDecl {
        &self.type_decls[id.index()]
    }
}

/// Whether a method of this name puts its arguments into what it is called on.
pub fn fills(name: &str) -> bool {
    matches!(name, "push" | "unshift" | "add" | "set" | "append")
}

/// Whether a module is of lodash or underscore. Facts are read before any rule is, so the few names of what merges stand here.
fn is_lodash(specifier: &str) -> bool {
    specifier.starts_with("lodash") || specifier == "underscore"
}
