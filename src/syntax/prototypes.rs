//! Classes written as functions.
//!
//! In: the lowered file. Out: a class for each function whose `prototype` is given members (`A.prototype.track = function
//! () {}`, `A.prototype = { … }`, `Object.assign(A.prototype, { … })`); its name then stands for both. It leaves alone
//! members that are given under computed names, and inheritance by functions of libraries.

use std::collections::BTreeMap;
use thin_vec::ThinVec;

use crate::facts::{
    BindingId, Class, ClassId, Expr, ExprId, FileFacts, From, FunctionId, FunctionKind, Item,
    Member, MemberKind, Name, Source, Step, Write,
};

use super::touches::fills_this;

/// What a prototype is given.
#[derive(Default)]
struct Given {
    members: Vec<(Name, ExprId)>,
    /// The constructor of another prototype that it is made of.
    base: Option<ExprId>,
}

/// Makes classes of such functions.
pub(super) fn make_classes(facts: &mut FileFacts) {
    for (binding, given) in prototypes(facts) {
        if let Some(constructor) = function_of(facts, binding) {
            make_class(facts, binding, constructor, given);
        }
    }
}

/// What the prototypes of names in a file are given.
fn prototypes(facts: &FileFacts) -> BTreeMap<BindingId, Given> {
    let mut found: BTreeMap<BindingId, Given> = BTreeMap::new();
    for (index, binding) in (0..).zip(&facts.bindings) {
        for write in &binding.writes {
            let ([Step::Key(first), rest @ ..], Some(value)) = (write.path.as_slice(), write.value)
            else {
                continue;
            };
            if first != "prototype" {
                continue;
            }
            match rest {
                [Step::Key(name)] => {
                    let given = found.entry(BindingId(index)).or_default();
                    given.members.push((name.clone(), value));
                }
                [] => take(facts, value, found.entry(BindingId(index)).or_default()),
                _ => {}
            }
        }
    }
    // `Object.assign(A.prototype, { … })`
    for call in &facts.calls {
        if let Some((target, _)) = assigned(facts, *call)
            && let Some(binding) = prototype_of(facts, target)
        {
            take(facts, *call, found.entry(binding).or_default());
        }
    }
    found
}

/// Takes what a prototype is set to: an object, or one made of others.
fn take(facts: &FileFacts, value: ExprId, given: &mut Given) {
    if let Expr::Object(entries) = facts.expr(value) {
        given.members.extend(entries.iter().filter_map(|entry| {
            let (name, value) = entry.named()?;
            Some((name.clone(), value))
        }));
    } else if let Some((target, sources)) = assigned(facts, value) {
        for source in std::iter::once(target).chain(sources) {
            if matches!(facts.expr(source), Expr::Object(_)) {
                take(facts, source, given);
            }
        }
    } else if let Some(base) = made_of(facts, value) {
        given.base = Some(base);
    }
}

/// `Object.assign(target, …)`
fn assigned(facts: &FileFacts, call: ExprId) -> Option<(ExprId, Vec<ExprId>)> {
    let args = of_object(facts, call, "assign")?;
    let mut values = args.iter().filter_map(|arg| match arg {
        Item::Value(value) => Some(*value),
        _ => None,
    });
    Some((values.next()?, values.collect()))
}

/// The `B` of `Object.create(B.prototype)` and of `new B()`.
fn made_of(facts: &FileFacts, value: ExprId) -> Option<ExprId> {
    if let Expr::New { callee, .. } = facts.expr(value) {
        return Some(*callee);
    }
    let [Item::Value(prototype), ..] = of_object(facts, value, "create")? else {
        return None;
    };
    of_prototype(facts, *prototype)
}

fn of_object<'f>(facts: &'f FileFacts, call: ExprId, method: &str) -> Option<&'f [Item]> {
    let Expr::Call { callee, args, .. } = facts.expr(call) else {
        return None;
    };
    match facts.expr(*callee) {
        Expr::Member { object, name, .. } if name == method => match facts.expr(*object) {
            Expr::Global(global) if global == "Object" => Some(args),
            _ => None,
        },
        _ => None,
    }
}

/// The `A` of `A.prototype`.
fn of_prototype(facts: &FileFacts, value: ExprId) -> Option<ExprId> {
    match facts.expr(value) {
        Expr::Member { object, name, .. } if name == "prototype" => Some(*object),
        _ => None,
    }
}

/// The same, if that is a name of the file.
fn prototype_of(facts: &FileFacts, value: ExprId) -> Option<BindingId> {
    match facts.expr(of_prototype(facts, value)?) {
        Expr::Ref(binding) => Some(*binding),
        _ => None,
    }
}

/// The function that a name stands for.
fn function_of(facts: &FileFacts, binding: BindingId) -> Option<FunctionId> {
    let sources = &facts.binding(binding).sources;
    sources.iter().find_map(|source| match source.from {
        From::Function(function) => Some(function),
        From::Expr(value) => function_in(facts, value),
        _ => None,
    })
}

fn function_in(facts: &FileFacts, value: ExprId) -> Option<FunctionId> {
    match facts.expr(facts.uncast(value)) {
        Expr::Function(function) => Some(*function),
        _ => None,
    }
}

fn make_class(facts: &mut FileFacts, binding: BindingId, constructor: FunctionId, given: Given) {
    let class = ClassId(super::lower::next(&facts.classes));
    let span = facts.function(constructor).span;
    let mut members = vec![Member {
        name: Name::const_new("constructor"),
        is_static: false,
        kind: MemberKind::Method(constructor),
        span,
    }];
    let mut functions = vec![constructor];
    for (name, value) in given.members {
        let named = match facts.expr(value) {
            Expr::Ref(other) => function_of(facts, *other),
            _ => function_in(facts, value),
        };
        let kind = match named {
            Some(function) => MemberKind::Method(function),
            None => MemberKind::Field {
                value: Some(value),
                ty: None,
            },
        };
        functions.extend(function_in(facts, value));
        members.push(Member {
            name,
            is_static: false,
            kind,
            span: facts.span(value),
        });
    }
    let owned = with_arrows(facts, &functions);
    let writes = writes_to_this(facts, &owned);
    let filling = filling_of_this(facts, &owned);
    for function in owned {
        let function = &mut facts.functions[function.index()];
        function.class = Some(class);
        function.this_object = None;
    }
    facts.classes.push(Class {
        name: Some(facts.binding(binding).name.clone()),
        span,
        function: facts
            .function(constructor)
            .parent
            .unwrap_or(crate::facts::MODULE),
        extends: given.base,
        mixins: ThinVec::new(),
        extends_args: ThinVec::new(),
        implements: ThinVec::new(),
        members: members.into(),
        writes,
        touches: filling.into(),
        type_params: ThinVec::new(),
        is_abstract: false,
    });
    // What the class has is no longer something that is done to the function.
    let is_own = |call: &ExprId| {
        assigned(facts, *call).is_none_or(|(target, _)| prototype_of(facts, target).is_none())
    };
    let touches = facts.binding(binding).touches.iter().copied();
    let touches = touches.filter(is_own).collect();
    let named = &mut facts.bindings[binding.index()];
    named.touches = touches;
    named.writes.retain(
        |write| !matches!(write.path.first(), Some(Step::Key(first)) if first == "prototype"),
    );
    named.sources.push(Source {
        from: From::Class(class),
        path: ThinVec::new(),
        default: None,
        span,
        ty: None,
    });
}

/// The functions, and the arrows in them, which have the same `this`.
fn with_arrows(facts: &FileFacts, functions: &[FunctionId]) -> Vec<FunctionId> {
    let mut owned = functions.to_vec();
    // An inner function stands behind the one around it.
    for (index, function) in (0..).zip(&facts.functions) {
        if function.kind == FunctionKind::Arrow
            && function
                .parent
                .is_some_and(|parent| owned.contains(&parent))
        {
            owned.push(FunctionId(index));
        }
    }
    owned
}

/// The calls in functions that put something into what a member of `this` holds.
fn filling_of_this(facts: &FileFacts, functions: &[FunctionId]) -> Vec<ExprId> {
    let calls = facts.calls.iter().copied();
    calls
        .filter(|call| functions.contains(&facts.function_of(*call)) && fills_this(facts, *call))
        .collect()
}

/// What functions assign to members of `this`.
fn writes_to_this(facts: &FileFacts, functions: &[FunctionId]) -> ThinVec<Write> {
    let is_to_this = |write: &&Write| {
        let root = write.root.map(|root| facts.expr(root));
        matches!(root, Some(Expr::This)) && functions.contains(&write.function)
    };
    let writes = facts.writes.iter().filter(is_to_this);
    writes
        .map(|write| Write {
            root: None,
            path: write.path.clone(),
            value: write.value,
            span: write.span,
            function: write.function,
        })
        .collect()
}
