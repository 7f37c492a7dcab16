//! What is read of the scripts inside components and pages.

use divulge::facts::{Expr, FileFacts, From};
use divulge::source::{Lines, Position};
use divulge::syntax::extract_file;

fn clean(text: &str, extension: &str) -> FileFacts {
    let facts = extract_file(text, extension);
    assert!(facts.problems.is_empty(), "{:?}", facts.problems);
    facts
}

/// The names of the functions that are called, in order.
fn called(facts: &FileFacts) -> Vec<&str> {
    let names = facts
        .calls
        .iter()
        .filter_map(|call| match facts.expr(*call) {
            Expr::Call { callee, .. } => Some(match facts.expr(*callee) {
                Expr::Global(name) => name.as_str(),
                Expr::Ref(binding) => facts.binding(*binding).name.as_str(),
                Expr::Member { name, .. } => name.as_str(),
                _ => "?",
            }),
            Expr::Jsx { .. } => None,
            _ => Some("?"),
        });
    names.collect()
}

/// For every use of a name whether it is bound.
fn uses(facts: &FileFacts, name: &str) -> Vec<bool> {
    let uses = facts.exprs.iter().filter_map(|node| match &node.expr {
        Expr::Global(global) => (global == name).then_some(false),
        Expr::Ref(binding) => (facts.binding(*binding).name == name).then_some(true),
        _ => None,
    });
    uses.collect()
}

#[test]
fn only_scripts_are_read() {
    let text = r#"<!doctype html>
<!-- <script>comment()</script> --><!-->
<SCRIPT>upper()</Script >
<script type="module">module()</script><script type='text/javascript; charset=utf-8'>kind()</script>
<script data-a="</script>" data-b='>' data-c=x>attributes()</script>
<script type="application/json">json()</script>
<script type=application/ld+json>linked()</script>
<script type="text/template"><b>template()</b></script>
<script type="importmap">map()</script>
<script src="/a.js">body()</script>
<style>/* <script>style()</script> */</style>
<textarea><script>area()</script></textarea>
<script></script><script>
</script>
<p title="<script>title()</script>">a < b</p>
<scripted>element()</scripted>
<script>last("</scripts>")</script>
"#;
    let facts = clean(text, "html");
    assert_eq!(
        called(&facts),
        ["upper", "module", "kind", "attributes", "last"]
    );
    assert_eq!(called(&clean(text, "htm")), called(&facts));
}

#[test]
fn scripts_do_not_run_into_each_other() {
    let text = "<script>one()</script><script>(two)()</script><script>three(</script><script>four()</script>";
    let facts = extract_file(text, "html");
    assert_eq!(facts.calls.first().map(|_| called(&facts)[0]), Some("one"));
    assert!(called(&facts).contains(&"two"), "{:?}", called(&facts));
    assert_eq!(called(&facts).last(), Some(&"four"));
    assert_eq!(facts.problems.len(), 1, "{:?}", facts.problems);
}

#[test]
fn classic_scripts_share_their_names_and_modules_do_not() {
    let text = "<script>use(a, b)</script><script>var a = 1</script><script type=module>const b = a</script>";
    let facts = clean(text, "html");
    assert_eq!(uses(&facts, "a"), [true, true]);
    assert_eq!(uses(&facts, "b"), [false]);
}

#[test]
fn places_are_those_of_the_file() {
    let text = "<p>é😀</p>\r\n<p>ü</p>\r\n<b>😀</b><script>\r\n  a('é'); sent()\r\n</script>\r\n<script>'😀'; next()</script>";
    for extension in ["vue", "svelte", "html"] {
        let facts = clean(text, extension);
        let lines = Lines::new(text);
        let places: Vec<Position> = facts
            .calls
            .iter()
            .map(|call| lines.position(facts.span(*call).start))
            .collect();
        let at = |line, column| Position { line, column };
        assert_eq!(places, [at(4, 3), at(4, 11), at(6, 15)], "{extension}");
        assert_eq!(called(&facts), ["a", "sent", "next"]);
    }
}

#[test]
fn the_blocks_of_a_vue_component() {
    let text = r#"<template>
  <div v-if="a > b"><template #x><i>{{ a < b }}</i></template></div>
  <textarea></textarea>
</template>
<docs lang="md">
```vue
<script setup>docs()</script>
```
</docs>
<script lang="ts">export const name = 'x' as string; helper();</script>
<script setup lang="ts" generic="T extends Record<string, number>">
const props = defineProps<{ a: string }>(); show(name);
</script>
<template lang="pug">
p <script>pug()</script>
</template>
<script lang="coffee">coffee -> x</script>
<script />
<style scoped>a { b: c }</style>"#;
    let facts = extract_file(text, "vue");
    let notes = facts.problems.iter().map(|it| it.message.as_str());
    let unread: Vec<&str> = notes.collect();
    assert_eq!(unread, ["its template is in pug, which is not read"]);
    assert_eq!(called(&facts), ["helper", "show"]);
    assert_eq!(uses(&facts, "name"), [true]);
}

#[test]
fn the_stores_of_a_svelte_component() {
    let text = r#"<script context="module" lang="ts">import { user } from './user';</script>
<script lang="ts">
  export let id: string;
  let count = $state(0);
  let state = 1;
  $: name = $user.name;
  $: ({ mail } = $user);
  $: $user = load(id);
  $: use(name, mail, $other, $state, $$props);
</script>
<Title>{name}</Title>
<div {id} {...rest} on:click={() => { if (a > "b") c(); }} class="x">{name}</div>
<Script>{later()}</Script>"#;
    let facts = clean(text, "svelte");
    assert_eq!(uses(&facts, "user"), [true, true, true]);
    assert_eq!(uses(&facts, "name").len(), 2);
    assert!(uses(&facts, "name").iter().all(|bound| *bound));
    assert_eq!(uses(&facts, "mail"), [true]);
    assert_eq!(uses(&facts, "$other"), [false]);
    assert_eq!(uses(&facts, "$state"), [false, false]);
    assert_eq!(called(&facts), ["$state", "load", "use", "c", "later"]);
    let sources = |name: &str| {
        let binding = facts.bindings.iter().find(|binding| binding.name == name);
        binding.map_or(0, |binding| {
            let given = binding.sources.iter();
            given
                .filter(|source| matches!(source.from, From::Expr(_)))
                .count()
        })
    };
    assert_eq!(sources("name"), 1);
    assert_eq!(sources("mail"), 1);
    // What is given to a store is what it holds from then on.
    let user = facts.bindings.iter().find(|binding| binding.name == "user");
    let held = user.map_or(0, |user| user.writes.len());
    assert_eq!((sources("user"), held), (0, 1));
}

#[test]
fn outside_of_svelte_a_dollar_is_part_of_the_name() {
    let facts = clean("<script>const a = 1; use($a); $: b = 1;</script>", "vue");
    assert_eq!(uses(&facts, "$a"), [false]);
    assert_eq!(uses(&facts, "b"), [false]);
}

#[test]
fn the_frontmatter_and_the_scripts_of_an_astro_page() {
    let text = "\u{feff}\n---\nconst user: string = front('---');\n// ---\n  ---\n<Layout a={x > 1 ? \"'\" : y}>{list.map((a) => <b>{a}</b>)}</Layout>\n<script type=\"application/ld+json\" set:html={JSON.stringify({ a: b => 1 })} />\n<script>const user = 1 as number; client(user);</script>\n<script is:inline define:vars={{ other }}>inline(other, user)</script>";
    let facts = clean(text, "astro");
    assert_eq!(called(&facts), ["front", "map", "client", "inline"]);
    let users = facts.bindings.iter().filter(|it| it.name == "user");
    assert_eq!(users.count(), 2, "the two are not the same user");
    assert_eq!(uses(&facts, "user"), [true, true]);

    for (text, calls) in [
        ("---\na()\n---\n", vec!["a"]),
        ("---\r\na()\r\n---", vec!["a"]),
        ("--- a() ---<p>b()</p>", vec!["a"]),
        ("------<script>b()</script>", vec!["b"]),
        ("---\na()<script>b()</script>", vec!["b"]),
        ("<p>--- a() ---</p><script>b()</script>", vec!["b"]),
        ("", vec![]),
    ] {
        assert_eq!(called(&clean(text, "astro")), calls, "{text:?}");
    }
}

#[test]
fn markup_alone_is_no_problem() {
    for extension in ["vue", "svelte", "astro", "html"] {
        for text in [
            "",
            "<",
            "<script",
            "<script a=\"",
            "<!-- <script>a()</script>",
            "<template><p>{{ a }}",
            "</script>",
            "<a b='<c d=\"{e",
            "é<é é=é>é",
            "<script src=x>",
        ] {
            // A lone `>` is an error to Astro itself.
            if extension == "astro" && text.contains("=é>") {
                continue;
            }
            let facts = clean(text, extension);
            assert!(called(&facts).is_empty(), "{extension} {text:?}");
        }
    }
}

#[test]
fn what_is_not_closed_is_still_read() {
    for text in [
        "<script>a()",
        "<style>b {<script>a()</script>",
        "<p title=\"x><script>a()</script>",
        "<div {x <script>a()</script>><script>a()</script>",
    ] {
        for extension in ["vue", "svelte", "html"] {
            let facts = extract_file(text, extension);
            assert_eq!(called(&facts).first(), Some(&"a"), "{extension} {text:?}");
        }
    }
}

#[test]
fn bounds_hold_for_each_script() {
    let deep = format!("a({}", "(".repeat(600));
    let text = format!("<p>{deep}</p>\n<script>{deep}</script>\n<script>b()</script>");
    let facts = extract_file(&text, "html");
    assert_eq!(called(&facts), ["b"]);
    assert_eq!(facts.problems.len(), 1);
    let line = Lines::new(&text)
        .position(facts.problems[0].span.start)
        .line;
    assert_eq!(line, 2);
}

#[test]
fn what_a_template_calls_stands_where_it_is_written() {
    for (text, extension) in [
        (
            "<template>\n<a x=\"é😀\" @click=\"hit(1)\">b</a></template>",
            "vue",
        ),
        (
            "<template>\n<a x='é😀'  >{{f(\n  2)}} {{ hit(1) }}</a></template>",
            "vue",
        ),
        (
            "{#each xs as x}\n<a x='é😀' on:click={(e)=>hit(1)}>b</a>{/each}",
            "svelte",
        ),
        ("\n<p>é😀     {'}'}     {@html  hit(1)}</p>", "svelte"),
        (
            "---\n---\n<p>é😀         {xs.map(() =>  hit(1))}</p>",
            "astro",
        ),
        ("<br>\n<a x='é😀'   onclick='hit(1)'>b</a>", "html"),
    ] {
        let facts = clean(text, extension);
        let call = facts
            .calls
            .iter()
            .find(|call| {
                matches!(facts.expr(**call), Expr::Call { callee, .. }
                    if text.get(facts.span(*callee).start as usize..facts.span(*callee).end as usize) == Some("hit"))
            })
            .map(|call| facts.span(*call));
        let Some(span) = call else {
            panic!("{extension}: {text:?} does not call it");
        };
        assert_eq!(&text[span.start as usize..span.end as usize], "hit(1)");
        let before = text[..span.start as usize].rsplit('\n').next();
        let column = before.map_or(0, |line| line.encode_utf16().count());
        let lines = text[..span.start as usize].matches('\n').count();
        let position = Lines::new(text).position(span.start);
        assert_eq!(
            (position.line as usize, position.column as usize),
            (lines + 1, column + 1)
        );
    }
}

#[test]
fn broken_markup_takes_no_time() {
    let started = std::time::Instant::now();
    for piece in [
        "<a ",
        "<a b=\"",
        "<a b={",
        "<!--",
        "<style>",
        "<b><template>",
        "</",
        "<a {",
        "<script>",
        "<a b='<a c=\"",
        "<a b={'",
        "{\\'\\'",
        "{`",
        "{{",
        "{#if a}",
        "<a v-for='b in c'>",
        "<i></b>",
        "<script>a</script>",
    ] {
        let text = piece.repeat(40_000);
        for extension in ["vue", "svelte", "astro", "html"] {
            extract_file(&text, extension);
        }
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn other_files_are_read_by_their_extension() {
    assert_eq!(called(&clean("a(<b>c)", "ts")), ["a"]);
    assert_eq!(called(&clean("a(<b>c</b>)", "jsx")).first(), Some(&"a"));
    assert!(extract_file("a()", "css").calls.is_empty());
}
