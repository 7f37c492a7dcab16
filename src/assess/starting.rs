//! Under which conditions SDKs are started.
//!
//! In: starts with the tests around them. Out: all of these tests, in words. It leaves alone what is collected once the SDK is
//! started (`switches`).
//!
//! Of two starts in the branches of one test, one happens whatever the test says.

use super::places::Places;
use crate::flow::{Place, Started};

/// Tests, each with how it must come out.
type Tests = Vec<(Place, bool)>;

/// Whether the SDK is started whenever the code around it runs, if these are its starts.
pub(super) fn is_always(start: &Started, starts: &[&Started], places: &Places<'_>) -> bool {
    tests(start, starts, places).is_empty()
}

/// All tests that decide whether a start happens, in words; none: it always does. The other starts are those that are as good.
pub(super) fn condition(
    start: &Started,
    starts: &[&Started],
    places: &Places<'_>,
) -> Option<String> {
    let tests = tests(start, starts, places);
    let mut said: (Vec<String>, Vec<String>) = Default::default();
    for (test, wanted) in &tests {
        let text = places.expression(test);
        let (text, wanted) = affirmed(&text, *wanted);
        let said = if wanted { &mut said.0 } else { &mut said.1 };
        if !said.iter().any(|it| it == text) {
            said.push(text.to_owned());
        }
    }
    let (only_if, unless) = (said.0.join(", and "), said.1.join(", or "));
    match (only_if.as_str(), unless.as_str()) {
        ("", "") => None,
        (only_if, "") => Some(format!("only if {only_if}")),
        ("", unless) => Some(format!("unless {unless}")),
        (only_if, unless) => Some(format!("only if {only_if}, and unless {unless}")),
    }
}

/// A test without a negation around it, where it is one thing; and without what always holds in a page
/// (`typeof window !== "undefined" && isOn`): the rest is the app's own.
fn affirmed(mut test: &str, mut wanted: bool) -> (&str, bool) {
    test = test.trim();
    let (joined, other) = if wanted { ("&&", "||") } else { ("||", "&&") };
    while let Some((first, rest)) = test.split_once(joined) {
        if rest.contains(other) || !is_of_place(first.trim()) {
            break;
        }
        test = rest.trim();
    }
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '?');
    if let Some(bare) = test.strip_prefix('!')
        && bare.chars().all(is_name)
    {
        (test, wanted) = (bare, !wanted);
    }
    (test, wanted)
}

fn tests(start: &Started, starts: &[&Started], places: &Places<'_>) -> Tests {
    let telling = |start: &Started| -> Tests {
        let all = start.only_if.iter();
        all.filter(|(test, wanted)| {
            let text = places.text(test);
            !is_of_place(text) && !is_of_once(text, *wanted, places.around(test))
        })
        .cloned()
        .collect()
    };
    let mut own = telling(start);
    let others: Vec<Tests> = starts
        .iter()
        .filter(|it| it.place != start.place)
        .map(|it| telling(it))
        .collect();
    // What stands in the other branch of the innermost test makes that test tell nothing.
    while let Some((test, wanted)) = own.last() {
        let around = &own[..own.len() - 1];
        let is_other_branch = |it: &Tests| {
            it.split_last().is_some_and(|((other, holds), before)| {
                other == test && holds != wanted && before == around
            })
        };
        if !others.iter().any(is_other_branch) {
            break;
        }
        own.pop();
    }
    own
}

/// A test for being in a page at all: there it always holds.
fn is_of_place(test: &str) -> bool {
    let test = test.trim_start_matches('(').trim_start();
    test.starts_with("typeof ") && !test.contains("&&") && !test.contains("||")
}

/// A test for not having been here before, by a name or by what was put into the page.
fn is_of_once(test: &str, wanted: bool, around: &str) -> bool {
    is_of_kept(test, wanted, around) || is_of_page(test, wanted, around)
}

/// What looks for an element in the page.
const LOOKS: [&str; 4] = [
    "getElementById(",
    "querySelector(",
    "getElementsByTagName(",
    "querySelectorAll(",
];

/// A test for a script that is not in the page yet (`if (document.getElementById(id)) return`).
fn is_of_page(test: &str, wanted: bool, around: &str) -> bool {
    let test = test.trim_matches(['(', ')', ' ']);
    let (sought, is_absent) = match test.strip_prefix('!') {
        Some(sought) => (sought, wanted),
        None => (test, !wanted),
    };
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
    let looks = |value: &str| LOOKS.iter().any(|it| value.contains(it));
    if !is_absent || sought.is_empty() || sought.contains("&&") || sought.contains("||") {
        return false;
    }
    if !sought.chars().all(is_name) {
        return looks(sought);
    }
    ["const", "let", "var"].iter().any(|keyword| {
        let declared = format!("{keyword} {sought} =");
        let value = around.split_once(declared.as_str()).map(|(_, value)| value);
        let value = value.and_then(|it| it.split([';', '\n']).next());
        value.is_some_and(looks)
    })
}

/// A test for what is kept (`if (!client) client = init()`, `if (!isStarted) { isStarted = true; … }`): the first
/// time it always holds. `around` is the text of the file.
fn is_of_kept(test: &str, wanted: bool, around: &str) -> bool {
    let test = test.trim_matches(['(', ')', ' ']);
    let test = test.strip_suffix("=== true").map_or(test, str::trim_end);
    let kept = match (test.strip_prefix('!'), wanted) {
        (Some(kept), true) => kept,
        (None, false) => test,
        _ => return false,
    };
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.');
    if kept.is_empty() || !kept.chars().all(is_name) {
        return false;
    }
    around.match_indices(kept).any(|(at, _)| {
        let before = around.get(..at).unwrap_or_default();
        // What a name is declared with is no sign of having been here.
        let is_declared = ["const", "let", "var"]
            .iter()
            .any(|keyword| before.trim_end().ends_with(keyword));
        let after = around
            .get(at + kept.len()..)
            .unwrap_or_default()
            .trim_start();
        let value = after.strip_prefix("??=").or_else(|| {
            after
                .strip_prefix('=')
                .filter(|rest| !rest.starts_with(['=', '>']))
        });
        let statement = value.and_then(|rest| rest.split([';', '\n']).next());
        let keeps = |value: &str| value.trim_start().starts_with("true") || value.contains('(');
        !before.ends_with(is_name) && !is_declared && statement.is_some_and(keeps)
    })
}

#[cfg(test)]
mod tests {
    use super::{affirmed, is_of_once};

    #[test]
    fn a_condition_is_said_in_few_words() {
        let page = "typeof window !== 'undefined' && isOn";
        assert_eq!(affirmed(page, true), ("isOn", true));
        let page = "typeof window === 'undefined' || !settings.key";
        assert_eq!(affirmed(page, false), ("settings.key", true));
        assert_eq!(affirmed("!isOff", true), ("isOff", false));
        for (kept, wanted) in [
            ("isOn && typeof window !== 'undefined'", true),
            ("typeof window !== 'undefined' && isOn || isTest", true),
            ("!isOff && isOn", true),
            ("isOn", false),
        ] {
            assert_eq!(affirmed(kept, wanted), (kept, wanted));
        }
    }

    #[test]
    fn what_runs_once_runs() {
        let kept = "let client;\nexport function get() {\n  if (!client) {\n    client = init('key');\n  }\n}";
        assert!(is_of_once("!client", true, kept));
        assert!(is_of_once("client", false, kept));
        assert!(!is_of_once("client", true, kept));
        let marked = "if (!this.isStarted) {\n  init('key');\n  this.isStarted = true;\n}";
        assert!(is_of_once("(!this.isStarted)", true, marked));
        let told = "const isAllowed = consent;\nif (!isRefused) init('key');\nif (isRefused === true) stop();";
        assert!(!is_of_once("!isRefused", true, told));
        assert!(!is_of_once("!isAllowed", true, told));
        let asked = "const refused = asks();\nif (refused) return;\ninit('key');";
        assert!(!is_of_once("refused", false, asked));
        assert!(!is_of_once("!a && b", true, "a = true"));
        let kept = "if (ref.current === true) return;\nref.current = true;\ninit('key');";
        assert!(is_of_once("ref.current === true", false, kept));
        let put = "const script = document.getElementById('it');\nif (script) return;";
        assert!(is_of_once("script", false, put));
        assert!(is_of_once("!script", true, put));
        assert!(!is_of_once("script", true, put));
        assert!(is_of_once("document.querySelector('#it')", false, ""));
        let other = "const script = settings.script;\nif (script) return;";
        assert!(!is_of_once("script", false, other));
    }
}
