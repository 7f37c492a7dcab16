//! What the facts of small texts say.

use divulge::facts::{
    BindingKind, Entry, Exported, Expr, ExprId, FileFacts, From, FunctionKind, Item, JsxTag, Key,
    Literal, MemberKind, Step, TemplatePart, Type, TypeDeclKind, TypeId, TypeTarget,
};
use divulge::syntax::{Language, extract};

fn ts(text: &str) -> FileFacts {
    clean(text, Language::TypeScript)
}

fn js(text: &str) -> FileFacts {
    clean(text, Language::JavaScript)
}

fn clean(text: &str, language: Language) -> FileFacts {
    let facts = extract(text, language);
    assert!(facts.problems.is_empty(), "{:?}", facts.problems);
    facts
}

/// An expression in a short form of its own.
fn show(facts: &FileFacts, id: ExprId) -> String {
    let list = |ids: &[ExprId]| {
        ids.iter()
            .map(|id| show(facts, *id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let items = |items: &[Item]| {
        items
            .iter()
            .map(|item| match item {
                Item::Value(id) => show(facts, *id),
                Item::Spread(id) => format!("...{}", show(facts, *id)),
                Item::Hole => "<hole>".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    let entries = |entries: &[Entry]| {
        entries
            .iter()
            .map(|entry| match entry {
                Entry::Spread(id) => format!("...{}", show(facts, *id)),
                Entry::Property {
                    key, value, getter, ..
                } => {
                    let get = if *getter { "get " } else { "" };
                    match key {
                        Key::Name(name) => format!("{get}{name}: {}", show(facts, *value)),
                        Key::Computed(key) => {
                            format!("{get}[{}]: {}", show(facts, *key), show(facts, *value))
                        }
                    }
                }
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    match facts.expr(id) {
        Expr::Ref(binding) => format!("{}#{}", facts.binding(*binding).name, binding.0),
        Expr::Global(name) => format!("@{name}"),
        Expr::This => "this".into(),
        Expr::Super => "super".into(),
        Expr::Literal(Literal::String(text)) => format!("{:?}", text.as_str()),
        Expr::Literal(Literal::Number(text)) => text.to_string(),
        Expr::Literal(Literal::Bool(value)) => value.to_string(),
        Expr::Literal(Literal::Null) => "null".into(),
        Expr::Literal(Literal::Undefined) => "undefined".into(),
        Expr::Literal(Literal::Regex(_)) => "/regex/".into(),
        Expr::Literal(Literal::Computed) => "computed".to_owned(),
        Expr::Template(parts) => {
            let parts: String = parts
                .iter()
                .map(|part| match part {
                    TemplatePart::Text(text) => text.to_string(),
                    TemplatePart::Value(id) => format!("${{{}}}", show(facts, *id)),
                })
                .collect();
            format!("`{parts}`")
        }
        Expr::Object(list) => format!("{{{}}}", entries(list)),
        Expr::Array(list) => format!("[{}]", items(list)),
        Expr::Member { object, name, .. } => format!("{}.{name}", show(facts, *object)),
        Expr::Index { object, index } => {
            format!("{}[{}]", show(facts, *object), show(facts, *index))
        }
        Expr::Call { callee, args, .. } => format!("{}({})", show(facts, *callee), items(args)),
        Expr::New { callee, args, .. } => format!("new {}({})", show(facts, *callee), items(args)),
        Expr::Tagged { tag, quasi, .. } => format!("{}{}", show(facts, *tag), show(facts, *quasi)),
        Expr::Function(function) => match &facts.function(*function).name {
            Some(name) => format!("fn {name}"),
            None => "fn".into(),
        },
        Expr::Class(class) => format!("class {:?}", facts.class(*class).name),
        Expr::Conditional {
            test,
            then,
            otherwise,
        } => {
            format!(
                "({} ? {} : {})",
                show(facts, *test),
                show(facts, *then),
                show(facts, *otherwise)
            )
        }
        Expr::Logical { op, left, right } => {
            format!("({} {op:?} {})", show(facts, *left), show(facts, *right))
        }
        Expr::Binary { op, left, right } => {
            format!("({} {op} {})", show(facts, *left), show(facts, *right))
        }
        Expr::Unary { op, operand } => format!("({op} {})", show(facts, *operand)),
        Expr::Assign { op, target, value } => {
            let target = target.map_or("<pattern>".into(), |target| show(facts, target));
            format!("({target} {op} {})", show(facts, *value))
        }
        Expr::Sequence(parts) => format!("({})", list(parts)),
        Expr::Await(inner) => format!("await {}", show(facts, *inner)),
        Expr::Yield { value, each } => format!(
            "yield{} {}",
            if *each { "*" } else { "" },
            value.map_or(String::new(), |value| show(facts, value))
        ),
        Expr::Cast {
            value,
            ty,
            satisfies,
        } => {
            let word = if *satisfies { "satisfies" } else { "as" };
            let ty = ty.map_or(String::new(), |ty| show_type(facts, ty));
            format!("({} {word} {ty})", show(facts, *value))
        }
        Expr::Jsx {
            tag,
            props,
            children,
        } => {
            let tag = match tag {
                JsxTag::Fragment => String::new(),
                JsxTag::Intrinsic(name) => name.to_string(),
                JsxTag::Component(id) => show(facts, *id),
            };
            format!("<{tag} {{{}}}>[{}]", entries(props), list(children))
        }
        Expr::Import(inner) => format!("import({})", show(facts, *inner)),
        Expr::Require(specifier) => format!("require({specifier})"),
        Expr::ImportMeta => "import.meta".into(),
        Expr::Unknown => "?".into(),
    }
}

fn show_type(facts: &FileFacts, id: TypeId) -> String {
    let list = |ids: &[TypeId], with: &str| {
        ids.iter()
            .map(|id| show_type(facts, *id))
            .collect::<Vec<_>>()
            .join(with)
    };
    let opt = |id: &Option<TypeId>| id.map_or("-".to_owned(), |id| show_type(facts, id));
    match facts.ty(id) {
        Type::Keyword(name) => name.to_string(),
        Type::Literal(literal) => format!("{literal:?}"),
        Type::Ref { path, target, args } => {
            let mark = match target {
                TypeTarget::Decl(_) => "decl",
                TypeTarget::Class(_) => "class",
                TypeTarget::Binding(_) => "binding",
                TypeTarget::Param => "param",
                TypeTarget::Global => "global",
            };
            let args = if args.is_empty() {
                String::new()
            } else {
                format!("<{}>", list(args, ", "))
            };
            format!("{mark}:{}{args}", path.join("."))
        }
        Type::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|member| {
                    let name = member.name.as_deref().unwrap_or("[]");
                    format!(
                        "{name}{}: {}",
                        if member.optional { "?" } else { "" },
                        opt(&member.ty)
                    )
                })
                .collect();
            format!("{{{}}}", members.join("; "))
        }
        Type::Union(parts) => list(parts, " | "),
        Type::Intersection(parts) => list(parts, " & "),
        Type::Array(element) => format!("{}[]", show_type(facts, *element)),
        Type::Tuple(parts) => format!("[{}]", list(parts, ", ")),
        Type::Function { params, result, .. } => {
            let params: Vec<_> = params
                .iter()
                .map(|(name, ty)| format!("{name}: {}", opt(ty)))
                .collect();
            format!("({}) => {}", params.join(", "), opt(result))
        }
        Type::TypeOf(expr) => format!("typeof {}", show(facts, *expr)),
        Type::KeyOf(inner) => format!("keyof {}", show_type(facts, *inner)),
        Type::Indexed { object, index } => format!(
            "{}[{}]",
            show_type(facts, *object),
            show_type(facts, *index)
        ),
        Type::Mapped { keys, value, .. } => {
            format!("{{[{}]: {}}}", show_type(facts, *keys), opt(value))
        }
        Type::Conditional {
            then, otherwise, ..
        } => {
            format!(
                "? {} : {}",
                show_type(facts, *then),
                show_type(facts, *otherwise)
            )
        }
        Type::Import {
            specifier,
            path,
            args,
        } => {
            format!(
                "import({specifier}).{}<{}>",
                path.join("."),
                list(args, ", ")
            )
        }
        Type::Template => "template".into(),
        Type::Predicate { param, ty } => format!("{param} is {}", show_type(facts, *ty)),
        Type::Unknown => "?".into(),
    }
}

fn show_path(facts: &FileFacts, path: &[Step]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Key(name) => format!(".{name}"),
            Step::Computed(id) => format!("[{}]", show(facts, *id)),
            Step::Index(index) => format!("[{index}]"),
            Step::RestOf(keys) => format!("...-{}", keys.join("-")),
            Step::RestFrom(index) => format!("...{index}"),
        })
        .collect()
}

/// The sources of all bindings of a name: where from, which way, and the default.
fn sources(facts: &FileFacts, name: &str) -> Vec<String> {
    facts
        .bindings
        .iter()
        .filter(|binding| binding.name == name)
        .flat_map(|binding| &binding.sources)
        .map(|source| {
            let from = match source.from {
                From::Expr(id) => show(facts, id),
                From::Param { index, function } => {
                    format!("param {index} of {:?}", facts.function(function).name)
                }
                From::ElementOf(id) => format!("element of {}", show(facts, id)),
                From::KeyOf(id) => format!("key of {}", show(facts, id)),
                From::Import(id) => {
                    let import = &facts.imports[id.index()];
                    format!("{:?} from {}", import.imported, import.specifier)
                }
                From::Function(id) => format!("fn {:?}", facts.function(id).name.as_deref()),
                From::Class(id) => format!("class {:?}", facts.class(id).name.as_deref()),
                From::TypeDecl(id) => format!("decl {}", facts.type_decl(id).name),
                From::Caught => "caught".into(),
                From::Nothing => "nothing".into(),
                From::Markup => "markup".into(),
            };
            let default = source
                .default
                .map_or(String::new(), |id| format!(" = {}", show(facts, id)));
            format!("{from}{}{default}", show_path(facts, &source.path))
        })
        .collect()
}

fn calls(facts: &FileFacts) -> Vec<String> {
    facts.calls.iter().map(|call| show(facts, *call)).collect()
}

fn file_writes(facts: &FileFacts) -> Vec<String> {
    facts
        .writes
        .iter()
        .map(|write| show_write(facts, write))
        .collect()
}

fn show_write(facts: &FileFacts, write: &divulge::facts::Write) -> String {
    format!(
        "{}{} = {}",
        write.root.map_or(String::new(), |root| show(facts, root)),
        show_path(facts, &write.path),
        write
            .value
            .map_or("deleted".into(), |value| show(facts, value))
    )
}

fn exports(facts: &FileFacts) -> Vec<String> {
    facts
        .exports
        .iter()
        .map(|export| format!("{}: {}", export.name, show_exported(facts, &export.what)))
        .collect()
}

fn show_exported(facts: &FileFacts, what: &Exported) -> String {
    match what {
        Exported::Binding(id) => format!("binding {}", facts.binding(*id).name),
        Exported::Expr(id) => show(facts, *id),
        Exported::Type(id) => format!("type {}", facts.type_decl(*id).name),
        Exported::From {
            specifier,
            imported,
        } => format!("{imported:?} from {specifier}"),
    }
}

fn alias(facts: &FileFacts, name: &str) -> String {
    let found = facts
        .type_decls
        .iter()
        .find(|decl| decl.name == name)
        .expect(name);
    match &found.kind {
        TypeDeclKind::Alias(ty) => show_type(facts, *ty),
        TypeDeclKind::Interface { extends, members } => {
            let extends: Vec<_> = extends.iter().map(|ty| show_type(facts, *ty)).collect();
            let members: Vec<_> = members
                .iter()
                .map(|member| {
                    format!(
                        "{}{}: {}",
                        member.name.as_deref().unwrap_or("[]"),
                        if member.optional { "?" } else { "" },
                        member.ty.map_or("-".to_owned(), |ty| show_type(facts, ty))
                    )
                })
                .collect();
            format!(
                "interface({}) {{{}}}",
                extends.join(", "),
                members.join("; ")
            )
        }
        TypeDeclKind::Enum(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| {
                    format!(
                        "{name}={}",
                        value.map_or("-".into(), |value| show(facts, value))
                    )
                })
                .collect();
            format!("enum {}", members.join(", "))
        }
        TypeDeclKind::Namespace(names) => {
            let names: Vec<_> = names
                .iter()
                .map(|(name, what)| format!("{name}: {}", show_exported(facts, what)))
                .collect();
            format!("namespace {}", names.join(", "))
        }
    }
}

mod scoping {
    use super::*;

    #[test]
    fn a_function_may_be_used_before_its_declaration() {
        let facts = js("f(); function f() {}");
        assert_eq!(calls(&facts), ["f#0()"]);
        assert_eq!(sources(&facts, "f"), [r#"fn Some("f")"#]);
    }

    #[test]
    fn var_belongs_to_the_function_and_let_to_the_block() {
        let facts = js("function f() { if (x) { var a = 1; let b = 2; } log(a, b); } log(a)");
        assert_eq!(calls(&facts), ["@log(a#1, @b)", "@log(@a)"]);
    }

    #[test]
    fn inner_names_shadow_outer_ones() {
        let facts = js("const a = 1; { const a = 2; f(a); } f(a); (a => f(a))(a)");
        assert_eq!(calls(&facts), ["@f(a#1)", "@f(a#0)", "fn(a#0)", "@f(a#2)"]);
    }

    #[test]
    fn parameters_see_each_other_but_not_the_body() {
        let facts = js("function f(a, b = () => g(a, c)) { var c = 1; }");
        assert_eq!(calls(&facts), ["@g(a#1, @c)"]);
    }

    #[test]
    fn loops_catch_and_function_names_have_scopes() {
        let facts = js(
            "for (let i = 0; i < n; i++) f(i); for (const x of xs) f(x); try {} catch (e) { f(e) } \
             (function g() { g() }); f(i, x, e, g)",
        );
        let last = calls(&facts).pop().unwrap();
        assert_eq!(last, "@f(@i, @x, @e, @g)");
        assert_eq!(sources(&facts, "x"), ["element of @xs"]);
        assert_eq!(sources(&facts, "e"), ["caught"]);
        assert_eq!(sources(&facts, "g"), [r#"fn Some("g")"#]);
    }

    #[test]
    fn var_heads_of_loops_are_hoisted() {
        let facts = js("function f() { for (var k in o) {} g(k) }");
        assert_eq!(calls(&facts), ["@g(k#1)"]);
        assert_eq!(sources(&facts, "k"), ["key of @o"]);
    }

    #[test]
    fn type_names_live_beside_values() {
        let facts = ts(
            "const User = 1; type User = string; function f<T>(a: User, b: T, c: Date) { return User }",
        );
        let types: Vec<_> = facts.functions[1]
            .params
            .iter()
            .map(|param| show_type(&facts, param.ty.unwrap()))
            .collect();
        assert_eq!(types, ["decl:User", "param:T", "global:Date"]);
        assert_eq!(show(&facts, facts.functions[1].returns[0]), "User#0");
    }

    #[test]
    fn imported_types_and_classes_are_found() {
        let facts =
            ts("import type { A } from 'a'; import N from 'n'; class C {} let x: A, y: N.B<C>;");
        let types: Vec<_> = facts
            .bindings
            .iter()
            .filter_map(|b| b.ty)
            .map(|ty| show_type(&facts, ty))
            .collect();
        assert_eq!(types, ["binding:A", "binding:N.B<class:C>"]);
    }

    #[test]
    fn switch_cases_share_a_scope() {
        let facts = js("switch (a()) { case b(): let x = 1; c(x); default: d(x) } e(x)");
        assert_eq!(
            calls(&facts),
            ["@a()", "@b()", "@c(x#0)", "@d(x#0)", "@e(@x)"]
        );
    }
}

mod values {
    use super::*;

    #[test]
    fn assignments_add_sources() {
        let facts =
            js("let x; x = a; x ??= b; x += c; [x] = d; ({ x } = e); ({ k: { x = 1 } } = f)");
        assert_eq!(
            sources(&facts, "x"),
            [
                "nothing",
                "@a",
                "@b",
                "(x#0 + @c)",
                "@d[0]",
                "@e.x",
                "@f.k.x = 1"
            ]
        );
    }

    #[test]
    fn patterns_give_ways_defaults_and_rests() {
        let facts = js("const { a, b: c = 1, d: [, e, ...f], 'g-h': i, [k]: l, ...m } = v");
        assert_eq!(sources(&facts, "a"), ["@v.a"]);
        assert_eq!(sources(&facts, "c"), ["@v.b = 1"]);
        assert_eq!(sources(&facts, "e"), ["@v.d[1]"]);
        assert_eq!(sources(&facts, "f"), ["@v.d...2"]);
        assert_eq!(sources(&facts, "i"), ["@v.g-h"]);
        assert_eq!(sources(&facts, "l"), ["@v[@k]"]);
        assert_eq!(sources(&facts, "m"), ["@v...-a-b-d-g-h"]);
    }

    #[test]
    fn parameters_are_sources_with_types() {
        let facts = ts("function f(this: X, a: A = 1, { b }: B = {}, ...c: C[]) {}");
        assert_eq!(sources(&facts, "a"), [r#"param 0 of Some("f") = 1"#]);
        assert_eq!(sources(&facts, "b"), [r#"param 1 of Some("f").b"#]);
        assert_eq!(sources(&facts, "c"), [r#"param 2 of Some("f")"#]);
        let b = facts.bindings.iter().find(|b| b.name == "b").unwrap();
        assert_eq!(show_type(&facts, b.sources[0].ty.unwrap()), "global:B");
        assert!(b.ty.is_none());
        let params = &facts.functions[1].params;
        assert_eq!(params.len(), 3);
        assert!(params[2].rest);
        assert_eq!(params[1].name, None);
        assert!(params[1].default.is_some());
    }

    #[test]
    fn javascript_parameters_too() {
        let facts = js("function f(a, b = 1, { c, d = 2 }, ...e) {} x => x");
        assert_eq!(sources(&facts, "b"), [r#"param 1 of Some("f") = 1"#]);
        assert_eq!(sources(&facts, "d"), [r#"param 2 of Some("f").d = 2"#]);
        assert_eq!(sources(&facts, "e"), [r#"param 3 of Some("f")"#]);
        assert_eq!(sources(&facts, "x"), ["param 0 of None"]);
    }

    #[test]
    fn writes_go_to_the_binding() {
        let facts = js("const p = {}; p.a.b = v; p['c'] = w; p[0] = x; p[k] += y; delete p.a;");
        let writes: Vec<_> = facts.bindings[0]
            .writes
            .iter()
            .map(|write| show_write(&facts, write))
            .collect();
        assert_eq!(
            writes,
            [
                ".a.b = @v",
                ".c = @w",
                "[0] = @x",
                "[@k] = (p#0[@k] + @y)",
                ".a = deleted"
            ]
        );
        assert!(facts.writes.is_empty());
    }

    #[test]
    fn writes_to_globals_and_results_go_to_the_file() {
        let facts = ts(
            "window.x = a; (window as any).y = b; globalThis!.z.w = c; foo().v = d; undeclared = e; [u] = f;",
        );
        assert_eq!(
            file_writes(&facts),
            [
                "@window.x = @a",
                "@window.y = @b",
                "@globalThis.z.w = @c",
                "@foo().v = @d",
                "@undeclared = @e",
                "@u = @f[0]"
            ]
        );
    }

    #[test]
    fn this_is_the_class_or_the_object() {
        let facts = js(
            "class A { m() { this.a = 1; () => { this.b = 2 }; function f() { this.c = 3 } } } \
             const o = { n() { this.d = 4 }, p: function () { this.e = 5 } }",
        );
        let writes: Vec<_> = facts.classes[0]
            .writes
            .iter()
            .map(|write| show_write(&facts, write))
            .collect();
        assert_eq!(writes, [".a = 1", ".b = 2"]);
        assert_eq!(
            file_writes(&facts),
            ["this.c = 3", "this.d = 4", "this.e = 5"]
        );
        let objects: Vec<_> = facts
            .functions
            .iter()
            .filter_map(|f| f.this_object)
            .collect();
        assert_eq!(objects.len(), 2);
        assert!(matches!(facts.expr(objects[0]), Expr::Object(_)));
    }

    #[test]
    fn method_calls_touch_their_name() {
        let facts =
            js("const p = []; p.push(1); p.a.push(2); p(); Object.assign(p, q); p?.append(3)");
        let touches: Vec<_> = facts.bindings[0]
            .touches
            .iter()
            .map(|id| show(&facts, *id))
            .collect();
        assert_eq!(
            touches,
            [
                "p#0.push(1)",
                "p#0.a.push(2)",
                "@Object.assign(p#0, @q)",
                "p#0.append(3)"
            ]
        );
    }

    #[test]
    fn using_declares() {
        assert_eq!(sources(&js("using x = f()"), "x"), ["@f()"]);
        assert_eq!(sources(&ts("using x = f()"), "x"), ["@f()"]);
    }
}

mod expressions {
    use super::*;

    fn last(text: &str) -> String {
        let facts = clean(text, Language::Tsx);
        show(&facts, ExprId(facts.exprs.len() as u32 - 1))
    }

    #[test]
    fn every_form_is_read() {
        for (text, shown) in [
            ("a?.b?.[0]?.(c)", "@a.b[0](@c)"),
            ("a['b'].c", "@a.b.c"),
            ("a!.b!", "@a.b"),
            ("((a))", "@a"),
            ("a as B", "(@a as global:B)"),
            ("a as const", "@a"),
            ("a satisfies B", "(@a satisfies global:B)"),
            ("undefined", "undefined"),
            ("void 0", "undefined"),
            ("[1, , ...a]", "[1, <hole>, ...@a]"),
            ("f(...a, b)", "@f(...@a, @b)"),
            ("new Foo", "new @Foo()"),
            ("new a.Foo(1)", "new @a.Foo(1)"),
            ("tag`a${b}c\\n`", "@tag`a${@b}c\n`"),
            ("a ? b : c ? d : e", "(@a ? @b : (@c ? @d : @e))"),
            ("a && b || c", "((@a And @b) Or @c)"),
            ("a ?? b", "(@a Nullish @b)"),
            ("a + b === c", "((@a + @b) === @c)"),
            ("typeof a", "(typeof @a)"),
            ("i++", "(++ @i)"),
            ("(a, b)", "(@a, @b)"),
            ("import('x')", "import(\"x\")"),
            ("require('x').y", "require(x).y"),
            ("import.meta.env", "import.meta.env"),
            ("/a/g", "/regex/"),
            ("-1", "(- 1)"),
            ("f<string>(a)", "@f(@a)"),
            (
                "({ a, 'b': 1, [c]: 2, ...d, 3: 4 })",
                "{a: @a, b: 1, [@c]: 2, ...@d, 3: 4}",
            ),
            (
                "({ get a() { return 1 }, set a(v) {}, async b() {}, *c() {} })",
                "{get a: fn a, b: fn b, c: fn c}",
            ),
            ("x = [a] = b", "(@x = (<pattern> = @b))"),
            ("'\\u{1F600}'", "\"😀\""),
            ("super.x", "super.x"),
            ("new.target", "?"),
        ] {
            assert_eq!(last(text), shown, "{text}");
        }
    }

    #[test]
    fn jsx_is_read() {
        assert_eq!(
            last(
                "<A.B x='1' {...y} z={1} w xlink:href='b' n=<i/>>text {c} {/* no */} {...d} <></> <my-el/><D/></A.B>"
            ),
            "<@A.B {x: \"1\", ...@y, z: 1, w: true, xlink:href: \"b\", n: <i {}>[]}>[@c, @d, < {}>[], <my-el {}>[], <@D {}>[]]"
        );
        assert_eq!(
            calls(&clean("<a>{f(<B/>)}</a>", Language::JavaScript)),
            ["<a {}>[@f(<@B {}>[])]", "@f(<@B {}>[])", "<@B {}>[]"]
        );
    }

    #[test]
    fn what_stands_in_a_script_is_one_and_its_address_is_none() {
        let facts = clean(
            "<><script async src={`https://a.example/b.js?id=${c}`} /><script children={`d(e)`} /><Script id={`${c}-f`}>{`g(h)`}</Script></>",
            Language::Tsx,
        );
        let calls = calls(&facts);
        let is_read = |call: &str| calls.iter().any(|it| it.contains(call));
        assert!(is_read("d(") && is_read("g("), "{calls:?}");
    }

    #[test]
    fn calls_come_in_source_order() {
        let facts = js(
            "a(b(), new C(d``)); if (e()) { throw f() } else while (g()) { h() } do {} while (i()); l: for (;;) j()",
        );
        let names: Vec<_> = calls(&facts)
            .iter()
            .map(|call| call.split('@').nth(1).unwrap()[..1].to_owned())
            .collect();
        assert_eq!(names.concat(), "abCdefghij");
    }

    #[test]
    fn a_local_require_is_no_module() {
        assert_eq!(
            calls(&js("function f(require) { require('x') }")),
            ["require#1(\"x\")"]
        );
    }

    #[test]
    fn spans_are_bytes_of_the_whole_node() {
        let facts = js("'é'; foo.bar(1)");
        let span = facts.span(facts.calls[0]);
        assert_eq!((span.start, span.end), (6, 16));
    }
}

mod functions {
    use super::*;

    fn names(facts: &FileFacts) -> Vec<String> {
        facts.functions[1..]
            .iter()
            .map(|f| f.name.as_deref().unwrap_or("-").to_owned())
            .collect()
    }

    #[test]
    fn functions_are_named_after_what_holds_them() {
        let facts = clean(
            "const a = () => {}; let o = { b() {}, c: () => {}, d: function own() {} }; x.y.e = function () {}; f = () => {}; \
             class K { g = () => {}; h() {} } const i = useCallback(() => {}, []); const j = memo(forwardRef(() => {})); (() => {})()",
            Language::Tsx,
        );
        assert_eq!(
            names(&facts),
            ["a", "b", "c", "own", "e", "f", "g", "g", "h", "i", "j", "-"]
        );
    }

    #[test]
    fn a_default_export_is_named_default() {
        assert_eq!(names(&js("export default () => {}")), ["default"]);
        assert_eq!(names(&js("export default function () {}")), ["default"]);
        assert_eq!(names(&js("export default function f() {}")), ["f"]);
    }

    #[test]
    fn returns_are_the_functions_own() {
        let facts = js("function f() { if (a) return b; return () => c }");
        let returns = |n: usize| {
            facts.functions[n]
                .returns
                .iter()
                .map(|id| show(&facts, *id))
                .collect::<Vec<_>>()
        };
        assert_eq!(returns(1), ["@b", "fn"]);
        assert_eq!(returns(2), ["@c"]);
    }

    #[test]
    fn kinds_and_flags() {
        let facts = js(
            "async function* f() {} async () => {}; class A { static async m() {} get x() {} set x(v) {} constructor() {} }",
        );
        let kinds: Vec<_> = facts
            .functions
            .iter()
            .map(|f| (f.kind, f.is_async, f.is_generator, f.is_static))
            .collect();
        assert_eq!(
            kinds,
            [
                (FunctionKind::Module, false, false, false),
                (FunctionKind::Function, true, true, false),
                (FunctionKind::Arrow, true, false, false),
                (FunctionKind::Method, true, false, true),
                (FunctionKind::Getter, false, false, false),
                (FunctionKind::Setter, false, false, false),
                (FunctionKind::Constructor, false, false, false),
            ]
        );
    }

    #[test]
    fn overloads_count_for_nothing_and_declarations_for_themselves() {
        let facts =
            ts("function f(a: string): void; function f(a: any) {} declare function g(x: A): B;");
        assert_eq!(names(&facts), ["f", "g"]);
        assert_eq!(
            show_type(&facts, facts.functions[2].return_type.unwrap()),
            "global:B"
        );
        assert_eq!(sources(&facts, "g"), [r#"fn Some("g")"#]);
    }
}

mod classes {
    use super::*;

    #[test]
    fn members_of_every_kind() {
        let facts = ts(
            "abstract class A<T> extends B.C<D> implements E, F { @dec() x: string; static #y = f(); \
             constructor(private readonly p: string, q = 1) { super() } get z() { return 1 } set z(v) {} \
             static { g() } abstract m(): void; n(a: string): void; n(a: any) {} [k: string]: any; [Symbol.iterator]() {} }",
        );
        let class = &facts.classes[0];
        let members: Vec<_> = class
            .members
            .iter()
            .map(|member| {
                let kind = match member.kind {
                    MemberKind::Method(_) => "method",
                    MemberKind::Signature(_) => "signature",
                    MemberKind::Getter(_) => "get",
                    MemberKind::Setter(_) => "set",
                    MemberKind::Field { .. } => "field",
                    MemberKind::ParamProperty { .. } => "property",
                };
                format!(
                    "{}{kind} {}",
                    if member.is_static { "static " } else { "" },
                    member.name
                )
            })
            .collect();
        assert_eq!(
            members,
            [
                "field x",
                "static field #y",
                "method constructor",
                "property p",
                "get z",
                "set z",
                "signature m",
                "signature n",
                "method n"
            ]
        );
        assert!(class.is_abstract);
        assert_eq!(show(&facts, class.extends.unwrap()), "@B.C");
        assert_eq!(show_type(&facts, class.extends_args[0]), "global:D");
        assert_eq!(class.implements.len(), 2);
        assert_eq!(calls(&facts), ["@dec()", "@f()", "super()", "@g()"]);
        let in_class = facts.functions[1..].iter().all(|f| f.class.is_some());
        assert!(in_class);
    }

    #[test]
    fn javascript_classes_too() {
        let facts = js("const A = class extends B { x = () => this; 'q'() {} static y }");
        let class = &facts.classes[0];
        assert_eq!(class.name.as_deref(), Some("A"));
        assert_eq!(show(&facts, class.extends.unwrap()), "@B");
        let names: Vec<_> = class
            .members
            .iter()
            .map(|member| member.name.as_str())
            .collect();
        assert_eq!(names, ["x", "q", "y"]);
        assert!(
            facts
                .functions
                .iter()
                .any(|f| f.kind == FunctionKind::Arrow && f.class.is_some())
        );
    }
}

mod modules {
    use super::*;

    #[test]
    fn imports() {
        let facts = ts(
            "import d, * as n from 'a'; import { x, type Y, default as z } from 'b'; import 'c'; import {} from 'c0'; import q = require('d'); import type T from 'e'",
        );
        let imports: Vec<_> = facts
            .imports
            .iter()
            .map(|import| {
                let local = import
                    .binding
                    .map_or("-".into(), |id| facts.binding(id).name.clone());
                format!(
                    "{:?} from {} as {local}{}",
                    import.imported,
                    import.specifier,
                    if import.type_only { " (type)" } else { "" }
                )
            })
            .collect();
        assert_eq!(
            imports,
            [
                "Default from a as d",
                "Namespace from a as n",
                "Named(\"x\") from b as x",
                "Named(\"Y\") from b as Y (type)",
                "Default from b as z",
                "Nothing from c as -",
                "Nothing from c0 as -",
                "Equals from d as q",
                "Default from e as T (type)"
            ]
        );
        assert!(
            facts
                .bindings
                .iter()
                .all(|binding| binding.kind == BindingKind::Import)
        );
    }

    #[test]
    fn exports_of_every_form() {
        let facts = ts(
            "export const { a, b: c } = o; export function f() {} export class K {} const x = 1; type X = string; \
             export { x as y, X, missing }; export { p as q, default } from 'm'; export * from 'n'; export * as ns from 'r'; \
             export type T = 1; export interface I {} export enum E { A } export import al = N.M; export default x;",
        );
        assert_eq!(
            exports(&facts),
            [
                "a: binding a",
                "c: binding c",
                "f: binding f",
                "K: binding K",
                "y: binding x",
                "X: type X",
                "missing: @missing",
                "q: Named(\"p\") from m",
                "default: Default from m",
                "*: Nothing from n",
                "ns: Namespace from r",
                "T: type T",
                "I: type I",
                "E: binding E",
                "E: type E",
                "al: binding al",
                "default: binding x"
            ]
        );
    }

    #[test]
    fn default_exports() {
        assert_eq!(
            exports(&js("export default function f() {}")),
            ["default: binding f"]
        );
        assert_eq!(
            exports(&js("export default class {}")),
            ["default: class Some(\"default\")"]
        );
        assert_eq!(
            exports(&js("export default memo(A)")),
            ["default: @memo(@A)"]
        );
        assert_eq!(
            exports(&ts("const x = 1; export = x")),
            ["module.exports: binding x"]
        );
    }

    #[test]
    fn commonjs_exports() {
        let facts = js(
            "module.exports = { a }; exports.b = 1; module.exports.c = function () {}; exports.d = exports.e = 2",
        );
        assert_eq!(
            exports(&facts),
            [
                "module.exports: {a: @a}",
                "b: 1",
                "c: fn c",
                "e: 2",
                "d: (@exports.e = 2)"
            ]
        );
        assert!(facts.writes.is_empty());
        assert!(
            js("const module = {}; module.exports = 1")
                .exports
                .is_empty()
        );
    }
}

mod types {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, shown) in [
            ("string", "string"),
            ("'a' | -1 | null", "String(\"a\") | Number(\"-1\") | Null"),
            ("A & B & C", "global:A & global:B & global:C"),
            ("| A | B[]", "global:A | global:B[]"),
            ("readonly A[]", "global:A[]"),
            ("[a: A, b?: B, ...C[]]", "[global:A, global:B, global:C[]]"),
            (
                "(a: A, ...r: B[]) => x is C",
                "(a: global:A, r: global:B[]) => x is global:C",
            ),
            ("new (a: A) => B", "(a: global:A) => global:B"),
            ("typeof a.b.c.d", "typeof @a.b.c.d"),
            ("typeof import('x').a.b", "typeof import(\"x\").a.b"),
            ("keyof A", "keyof global:A"),
            ("A['x']['y']", "global:A[String(\"x\")][String(\"y\")]"),
            (
                "{ [K in keyof A as B]?: A[K] }",
                "{[keyof global:A]: global:A[param:K]}",
            ),
            ("A extends (infer U)[] ? U : U", "? param:U : global:U"),
            ("`a${B}`", "template"),
            ("import('x').A.B", "import(x).A.B<>"),
            ("Array<A>", "global:Array<global:A>"),
            ("N.M<A>", "global:N.M<global:A>"),
            (
                "{ a: A; b?: B; c(x: C): D; [k: string]: E; get f(): F; (y: G): H }",
                "{a: global:A; b?: global:B; c: (x: global:C) => global:D; []: global:E; f: global:F; []: (y: global:G) => global:H}",
            ),
        ] {
            let facts = ts(&format!("type Tested = {text};"));
            assert_eq!(alias(&facts, "Tested"), shown, "{text}");
        }
    }

    #[test]
    fn declarations() {
        let facts = ts(
            "interface A<T> extends B, C<T> { x: T; m?(): void } interface A<T> { y: string } \
             enum E { P, Q = 'q', 'r s' } namespace N { export const a = 1; export type Z = string; const hidden = 2 } namespace M.O { export const b = 1 }",
        );
        assert_eq!(
            alias(&facts, "A"),
            "interface(global:B, global:C<param:T>) {x: param:T; m?: () => void; y: string}"
        );
        assert_eq!(alias(&facts, "E"), "enum P=-, Q=\"q\", r s=-");
        assert_eq!(alias(&facts, "N"), "namespace a: binding a, Z: type Z");
        assert_eq!(alias(&facts, "M"), "namespace O: type O");
        assert_eq!(sources(&facts, "E"), ["decl E"]);
        assert_eq!(sources(&facts, "N"), ["decl N"]);
    }

    #[test]
    fn global_and_foreign_declarations() {
        let facts = ts(
            "declare global { interface Window { a: string } var analytics: SDK } \
             declare module 'x' { export const y: string; interface Z {} } declare const k: string; analytics.track(k);",
        );
        let window = facts
            .type_decls
            .iter()
            .find(|decl| decl.name == "Window")
            .unwrap();
        assert!(window.global);
        assert!(
            !facts
                .type_decls
                .iter()
                .find(|decl| decl.name == "Z")
                .unwrap()
                .global
        );
        assert!(facts.exports.is_empty());
        assert_eq!(sources(&facts, "k"), ["nothing"]);
        let analytics = facts
            .bindings
            .iter()
            .find(|b| b.name == "analytics")
            .unwrap();
        assert_eq!(show_type(&facts, analytics.ty.unwrap()), "global:SDK");
        assert_eq!(analytics.touches.len(), 1);
    }
}

mod hostile {
    use super::*;
    use std::time::{Duration, Instant};

    /// Every text ends soon in every language, on the 2 MB stack of a test.
    fn ends(text: &str) -> FileFacts {
        for language in [Language::JavaScript, Language::Tsx] {
            ends_in(text, language);
        }
        ends_in(text, Language::TypeScript)
    }

    fn ends_in(text: &str, language: Language) -> FileFacts {
        let started = Instant::now();
        let facts = extract(text, language);
        let took = started.elapsed();
        assert!(
            took < Duration::from_secs(15),
            "{took:?} for {}…",
            &text[..20]
        );
        facts
    }

    #[test]
    fn deep_brackets_are_refused() {
        for bracket in ["(", "[", "{", "`${", "f(", "a=>{", "(&type "] {
            let facts = ends(&bracket.repeat(100_000));
            assert!(
                facts.problems[0].message.starts_with("nested too deeply ("),
                "{:?}",
                facts.problems
            );
            assert_eq!(facts.functions.len(), 1);
        }
        ends(&"}+".repeat(2_000));
    }

    #[test]
    fn recovery_is_bounded() {
        ends(&"!>".repeat(2_000));
        ends(&"*]+".repeat(400));
        ends(&"}+".repeat(300));
        ends(&"(&type ".repeat(450));
    }

    #[test]
    fn long_chains_are_read_whole() {
        let calls = ends(&format!("x{}", ".a()".repeat(20_000)));
        assert_eq!(calls.calls.len(), 20_000);
        let sum = ends(&format!("{}x()", "x+".repeat(20_000)));
        assert_eq!(sum.calls.len(), 1);
        let branches = ends(
            "if (a()) b(); else "
                .repeat(5_000)
                .trim_end_matches("else "),
        );
        assert_eq!(branches.calls.len(), 10_000);
        let ternaries = ends(&format!("{}x", "a() ? b : ".repeat(5_000)));
        assert_eq!(ternaries.calls.len(), 5_000);
        let union = ends(&format!("type A = {}B", "X | ".repeat(20_000)));
        assert_eq!(union.types.len(), 20_002);
    }

    #[test]
    fn what_nests_without_brackets_is_read_up_to_a_depth() {
        for text in [
            "a=>".repeat(20_000) + "b()",
            "!".repeat(20_000) + "b()",
            "a=".repeat(20_000) + "b()",
            "await ".repeat(20_000) + "b()",
            "a**".repeat(20_000) + "b()",
            "for(;;)".repeat(20_000) + "b()",
            "a:".repeat(20_000) + "b()",
            "typeof ".repeat(20_000) + "b()",
            "A.".repeat(20_000) + "b()",
        ] {
            ends(&text);
        }
        let jsx = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
        let facts = ends_in(&jsx, Language::Tsx);
        assert!(
            facts
                .problems
                .iter()
                .any(|problem| problem.message.contains("too deeply"))
        );
    }

    #[test]
    fn nested_templates_are_read() {
        let text = format!("{}f(){}", "`${".repeat(400), "}`".repeat(400));
        assert_eq!(ends(&text).calls.len(), 1);
        let text = format!("{}{}", "f(() => { ".repeat(240), "})".repeat(240));
        assert_eq!(ends(&text).calls.len(), 240);
    }

    #[test]
    fn every_form_may_nest_as_deep_as_brackets_may() {
        for (open, core, close, times) in [
            ("x = class { m = ", "f()", " }", 490),
            ("x = { m() { return ", "f()", " } }", 240),
            ("x = function (a = ", "f()", ") {}", 490),
            ("if (a) { ", "f()", " }", 490),
            (
                "for (const x of y) { switch (a) { case 1: ",
                "f()",
                " } }",
                240,
            ),
            ("try { ", "f()", " } catch (e) {}", 490),
            ("x = [a, ", "f()", "]", 490),
            ("x = new A(...", "f()", ")", 490),
            ("x = <a b={", "f()", "}/>", 490),
            ("x = <a>{", "f()", "}</a>", 490),
            ("x = (a, ", "f()", ")", 490),
            ("x[", "f()", "]", 490),
            ("namespace N { ", "f()", " }", 490),
        ] {
            let text = format!("{}{core}{}", open.repeat(times), close.repeat(times));
            // Without the assignment inside, where that would need brackets of its own.
            let text = format!("x = {}", text.replace("x = ", "")).replace("x = x[", "x[");
            let text = match open.split_once(' ').map(|(first, _)| first) {
                Some("if" | "for" | "try" | "namespace") => text.replacen("x = ", "", 1),
                _ => text,
            };
            let facts = ends_in(&text, Language::Tsx);
            assert!(facts.problems.is_empty(), "{open}: {:?}", facts.problems);
            let named: Vec<_> = facts
                .calls
                .iter()
                .filter(|call| matches!(facts.expr(**call), Expr::Call { .. }))
                .collect();
            assert_eq!(named.len(), 1, "{open}");
        }
        let text = format!("type A = {}B{}", "{ a: [".repeat(240), "] }".repeat(240));
        assert!(ends_in(&text, Language::Tsx).problems.is_empty());
        let text = format!("const {}b{} = c", "{ a: [".repeat(240), "] }".repeat(240));
        assert_eq!(sources(&ends_in(&text, Language::Tsx), "b").len(), 1);
    }

    #[test]
    fn broken_texts_do_no_harm() {
        for text in [
            "",
            "\u{feff}",
            "'",
            "`${",
            "import",
            "export",
            "class",
            "const {",
            "<",
            "<a",
            "{{{",
            "é".repeat(9).as_str(),
            "\0\0",
        ] {
            for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
                extract(text, language);
            }
        }
    }
}

mod errors {
    use super::*;

    #[test]
    fn the_rest_of_a_broken_file_is_read() {
        let facts = extract(
            "const a = 1;\n)]] const;\nfoo(a); function g() { return bar(a) }",
            Language::TypeScript,
        );
        assert_eq!(facts.problems.len(), 1);
        assert!(
            facts.problems[0].message.starts_with("syntax error; "),
            "{:?}",
            facts.problems
        );
        let calls = calls(&facts);
        assert!(calls.contains(&"@foo(a#0)".to_owned()), "{calls:?}");
        assert!(calls.contains(&"@bar(a#0)".to_owned()), "{calls:?}");
    }

    #[test]
    fn types_in_javascript_are_read() {
        let facts = js(
            "// @flow\nimport type { A } from 'a'; export function f(x: A, y: ?string): void { g(x) }",
        );
        assert_eq!(calls(&facts), ["@g(x#2)"]);
        assert_eq!(facts.functions[1].params.len(), 2);
    }

    #[test]
    fn extensions() {
        assert_eq!(Language::of_extension("mjs"), Some(Language::JavaScript));
        assert_eq!(Language::of_extension("cts"), Some(Language::TypeScript));
        assert_eq!(Language::of_extension("tsx"), Some(Language::Tsx));
        assert_eq!(Language::of_extension("vue"), None);
    }
}
