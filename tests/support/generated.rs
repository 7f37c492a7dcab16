//! Cases whose input is too big or too odd to commit. Each stands beside a good file, which must still be reported.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::checked;
use crate::markers::Strictness;

/// A file of which every scan must report exactly what it marks.
const GOOD: &str = "import mixpanel from 'mixpanel-browser'\n\
                    export function onSignIn(user: { email: string }) {\n\
                    \u{20} mixpanel.people.set({ $email: user.email }) //~ mixpanel email critical\n\
                    }\n";

const IMPORT: &str = "import mixpanel from 'mixpanel-browser'\n";

/// Files by name.
type Made = Vec<(&'static str, Vec<u8>)>;
/// Makes the odd files of a case.
type Make = fn() -> Made;

/// The tests of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let inputs: [(&str, Make); 17] = [
        ("nested_parentheses", || one(nested("(", "1", ")", 20_000))),
        ("nested_arrays", || one(nested("[", "1", "]", 20_000))),
        ("nested_objects", || one(nested("{a:", "1", "}", 20_000))),
        ("nested_functions", || {
            one(nested("(() => ", "1", ")", 5_000))
        }),
        ("nested_conditions", || {
            one(nested("x ? 1 : ", "1", "", 20_000))
        }),
        ("nested_templates", || one(nested("`${", "1", "}`", 5_000))),
        ("nested_elements", || one(nested("<a>", "b", "</a>", 5_000))),
        ("nested_spreads", || one(nested("{...", "x", "}", 10_000))),
        ("call_chain", || one(nested("x", "", ".then(f)", 20_000))),
        ("concatenation", || one(nested("", "'a'", " + 'b'", 20_000))),
        ("unclosed", || one("mixpanel.track('a', {".repeat(5_000))),
        ("wrapper_chain", || one(wrapper_chain(300))),
        ("described_types", || one(described_types(14_000))),
        ("many_calls", || one(many_calls(5_000))),
        ("filled_by_functions", || one(filled_by_functions(60))),
        ("every_byte", || {
            vec![("odd.ts", (0..=255).cycle().take(70_000).collect())]
        }),
        ("broken_utf8", broken_utf8),
    ];
    inputs
        .into_iter()
        .map(|(name, make)| {
            Trial::test(format!("generated::{name}"), move || {
                beside_a_good_file(&make()).map_err(Failed::from)
            })
        })
        .collect()
}

fn one(text: String) -> Made {
    vec![("odd.tsx", text.into_bytes())]
}

/// More than 1 MiB of types, as tools write them for an API: most of it are descriptions.
fn described_types(count: usize) -> String {
    let types = (0..count).map(|at| {
        format!("/** What it is, in as many words as it takes. */\nexport interface T{at} {{ a: string }}\n")
    });
    types.collect()
}

fn beside_a_good_file(odd: &[(&str, Vec<u8>)]) -> Result<(), String> {
    let dir = tempfile::Builder::new()
        .prefix("case-")
        .tempdir()
        .map_err(|e| e.to_string())?;
    let write = |path: &Path, bytes: &[u8]| fs::write(path, bytes).map_err(|e| e.to_string());
    write(&dir.path().join("good.ts"), GOOD.as_bytes())?;
    for (name, bytes) in odd {
        write(&dir.path().join(name), bytes)?;
    }
    checked(dir.path(), Strictness::default()).map(|_| ())
}

/// `track` of an expression that is nested `depth` times.
fn nested(open: &str, core: &str, close: &str, depth: usize) -> String {
    format!(
        "{IMPORT}mixpanel.track('Deep', {}{core}{})\n",
        open.repeat(depth),
        close.repeat(depth)
    )
}

/// A wrapper of a wrapper of a wrapper.
fn wrapper_chain(length: usize) -> String {
    let mut text = format!("{IMPORT}const f0 = (name, props) => mixpanel.track(name, props)\n");
    for index in 1..length {
        let _ = writeln!(
            text,
            "const f{index} = (name, props) => f{}(name, props)",
            index - 1
        );
    }
    let _ = writeln!(text, "f{}('Deep', {{ depth: {length} }})", length - 1);
    text
}

fn many_calls(count: usize) -> String {
    let mut text = IMPORT.to_owned();
    for index in 0..count {
        let _ = writeln!(
            text,
            "mixpanel.track('Row {index} shown', {{ row: {index} }})"
        );
    }
    text
}

/// Functions that are handed one object, each of which copies what it held before, and hands it to the one before.
fn filled_by_functions(count: usize) -> String {
    let mut text = format!("{IMPORT}function f0(all) {{ all.list = [...all.list, all] }}\n");
    for index in 1..count {
        let before = index - 1;
        let _ = writeln!(
            text,
            "function f{index}(all) {{ f{before}(all); all.list = [...all.list, ...all.list]; f{before}(all) }}"
        );
    }
    let calls: String = (0..count).map(|index| format!("f{index}(all); ")).collect();
    let _ = writeln!(
        text,
        "const all = {{ list: [1] }}; {calls}mixpanel.track('All', all)"
    );
    text
}

fn broken_utf8() -> Made {
    let mut bytes = b"// caf\xe9 \xff\xfe\n".to_vec();
    bytes.extend_from_slice(b"export const label = '\xc3\x28'\n");
    vec![("odd.ts", bytes)]
}
