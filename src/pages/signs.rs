//! What the text of a file must say for it to be worth parsing here.
//!
//! In: the rules of pages, and a text. Out: whether the file may speak of a parameter of an address, or have an element that
//! shows something, of a data class. A yes may be wrong and costs the parsing of one file; a no must be right. It leaves alone
//! what the file says in fact (`addresses`, `elements`).

use rustc_hash::FxHashSet;

use regex::Regex;

use super::elements::{Kinds, is_path_byte};
use super::named::Named;
use crate::ruleset::pages::PageRules;
use crate::search::holds_word;

/// What is filled into an address is looked for no further than this; a file in which it is longer is parsed.
const MAX_FILLED: usize = 2_000;

/// Signs of addresses with parameters.
pub(super) struct Signs<'n> {
    named: &'n Named<'n>,
    /// The names of each way by which an address is read.
    reads: Vec<Vec<String>>,
    /// A parameter in the path of a route.
    route: Regex,
    /// Keys of which one makes an object with a path a route.
    shown_by: &'n [String],
    /// A parameter in the query of a link.
    query: Regex,
    /// Something is added to a text that ends like a path, or is the query of a link, or a part of a list of such.
    added: Regex,
}

impl<'n> Signs<'n> {
    pub(super) fn new(rules: &'n PageRules, named: &'n Named<'n>) -> Option<Self> {
        let mut reads: Vec<Vec<String>> = rules.all_reads().map(names).collect();
        reads.sort();
        reads.dedup();
        let queries = rules.queries.iter();
        let queries: String = queries
            .map(|name| format!("|{}\\(", regex::escape(name)))
            .collect();
        Some(Self {
            named,
            reads,
            route: Regex::new(r#"path\s*[:=]\s*\{?\s*['"`][^'"`\n]*[:$]\w"#).ok()?,
            shown_by: &rules.shown_by,
            query: Regex::new(r#"[?&]([\w-]+)=(?:\$\{|['"`])"#).ok()?,
            added: Regex::new(&format!(
                r#"[/?]['"]\s*\+|\?\$\{{|(?:query|search|params|queryParams)['"\]]?\s*[:=]|routerLink\]|\(\s*\[\s*['"`]{queries}"#
            ))
            .ok()?,
        })
    }

    /// Whether a file may speak of an address with a parameter that counts.
    pub(super) fn has_address(&self, text: &str) -> bool {
        self.has_route(text)
            || self.has_query(text)
            || self.fills_a_path(text)
            || (self.added.is_match(text) || self.reads_address(text)) && self.names_one(text)
    }

    fn has_route(&self, text: &str) -> bool {
        self.route.is_match(text)
            && (text.contains("Route") || self.shown_by.iter().any(|key| text.contains(key)))
    }

    fn has_query(&self, text: &str) -> bool {
        let mut keys = self.query.captures_iter(text);
        keys.any(|found| {
            found
                .get(1)
                .is_some_and(|key| self.named.may_be(key.as_str()))
        })
    }

    /// `` `/invite/${…}` ``
    fn fills_a_path(&self, text: &str) -> bool {
        let mut fills = text.match_indices("/${");
        fills.any(|(at, sign)| {
            let rest = &text[at + sign.len()..];
            inner(rest).is_none_or(|inner| self.names_one(inner))
        })
    }

    fn reads_address(&self, text: &str) -> bool {
        let mut reads = self.reads.iter();
        reads.any(|names| names.iter().all(|name| holds_word(text, name)))
    }

    /// Whether any name in a text is that of a parameter that counts.
    pub(super) fn names_one(&self, text: &str) -> bool {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '-');
        let names = text
            .split(|char| !is_name(char))
            .filter(|it| !it.is_empty());
        let mut before = "";
        for name in names {
            if seen.insert(name) && self.named.may_be(name) {
                return true;
            }
            // A name may be written with a dot or a space in it.
            if self.named.may_end(name) && self.named.may_be(&format!("{before} {name}")) {
                return true;
            }
            before = name;
        }
        false
    }
}

/// The names of a way: `useRouter` and `query` of `useRouter().query.*`.
pub(super) fn names(way: &str) -> Vec<String> {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
    let way = way.strip_prefix("new ").unwrap_or(way);
    let mut names = way.split(|char| !is_name(char));
    let first = names.next().unwrap_or_default();
    let rest = names.filter(|name| {
        !name.is_empty() && *name != "new" && !name.starts_with(|first: char| first.is_numeric())
    });
    std::iter::once(first)
        .chain(rest)
        .map(str::to_owned)
        .collect()
}

/// What stands before the brace that closes one which is open at the start; none if that is far.
fn inner(text: &str) -> Option<&str> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().take(MAX_FILLED) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return text.get(..at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether a script may have an element that takes or shows something.
pub(super) fn may_show(text: &str, kinds: &Kinds<'_>) -> bool {
    // Templates in a script have other marks around what they show.
    text.contains("template") && (text.contains("template:") || text.contains("@Component("))
        || has_field(text, kinds)
        || shows(text, kinds)
}

/// `<Input …`
fn has_field(text: &str, kinds: &Kinds<'_>) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = text[at + 1..].trim_start();
        let end = rest.find(|char: char| {
            !(char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '-' | ':'))
        });
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        !name.is_empty() && kinds.is_field(name)
    })
}

/// `{user.email}`
fn shows(text: &str, kinds: &Kinds<'_>) -> bool {
    text.match_indices('}').any(|(at, _)| {
        let before = &text[..at];
        let line = before.trim_end().rsplit('\n').next().unwrap_or_default();
        let commented = line.find("//").and_then(|at| line.get(..at));
        kinds.shows(last_path(before)) || commented.is_some_and(|it| kinds.shows(last_path(it)))
    })
}

/// The names with dots between that a text ends with, before brackets and a comment.
fn last_path(text: &str) -> &str {
    let mut text = text;
    loop {
        text = text.trim_end_matches(|char: char| char.is_whitespace() || char == ')');
        match text.strip_suffix("*/").and_then(|rest| rest.rfind("/*")) {
            Some(start) => text = &text[..start],
            None => break,
        }
    }
    let bytes = text.as_bytes();
    let length = bytes
        .iter()
        .rev()
        .take_while(|it| is_path_byte(**it))
        .count();
    &text[text.len() - length..]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classify::Classifier;
    use crate::ruleset::pages::{AddressParameter, FieldKind};
    use crate::ruleset::schema::Words;

    fn rules() -> PageRules {
        let parameter = |names: &[&str]| AddressParameter {
            without_packages: None,
            class: "email".to_owned(),
            names: names.iter().map(|it| (*it).to_owned()).collect(),
            not_after: Vec::new(),
            whole: false,
            on: Vec::new(),
        };
        let field = FieldKind {
            class: "email".to_owned(),
            types: Vec::new(),
            autocomplete: Vec::new(),
            names: vec!["email".to_owned()],
            not_after: Vec::new(),
        };
        PageRules {
            reads: vec!["useRouter().query.*".to_owned()],
            shown_by: vec!["component".to_owned()],
            queries: vec!["stringify".to_owned()],
            fields: vec!["input".to_owned()],
            field_kinds: vec![field],
            texts: vec![parameter(&["email"])],
            parameters: vec![parameter(&["email", "api key"])],
            ..PageRules::default()
        }
    }

    fn with_classifier<T>(look: impl FnOnce(&PageRules, &Classifier) -> T) -> T {
        let none = (BTreeMap::new(), BTreeMap::new());
        let words = Words::default();
        let classifier = Classifier::new(&words, &none.0, &none.1, &FxHashSet::default());
        look(&rules(), &classifier)
    }

    #[test]
    fn a_script_that_shows_nothing_of_a_class_is_not_parsed() {
        with_classifier(|rules, classifier| {
            let fields = Named::of_fields(&rules.field_kinds, classifier);
            let kinds = Kinds::new(rules, fields, Named::new(&rules.texts, classifier));
            for shown in [
                "<p>{user.email}</p>",
                "<p>{ (user.primaryEmail) }</p>",
                "<p>{user.email!}</p>",
                "<p>{user?.email /* shown */ }</p>",
                "<p>{\n  user.email // shown\n}</p>",
                "<Form.Input name=\"x\" />",
                "<input>",
                "const it = { template: '<p v-text=\"x\"></p>' }",
            ] {
                assert!(may_show(shown, &kinds), "{shown}");
            }
            for quiet in [
                "<p>{user.name}</p>",
                "<p>{user.emails.length}</p>",
                "<Inputless />",
                "<Template>{x}</Template>",
            ] {
                assert!(!may_show(quiet, &kinds), "{quiet}");
            }
        });
    }

    #[test]
    fn a_file_that_speaks_of_no_such_address_is_not_parsed() {
        with_classifier(|rules, classifier| {
            let named = Named::new(&rules.parameters, classifier);
            let signs = Signs::new(rules, &named).unwrap();
            for speaking in [
                "const { email } = useRouter().query",
                "const it = useRouter(); it.query.userEmail",
                "const url = `/verify?email=${address}`",
                "const url = `/verify/${encodeURIComponent(user.email)}/done`",
                "const url = '/verify/' + user.email",
                "go({ pathname: '/verify', query: { apiKey } })",
                "go({ to: '/verify', search: { 'api.key': key } })",
                "go('/verify?' + new URLSearchParams({ email }))",
                "const url = `/verify?${write({ email })}`",
                "const query = stringify({ email })",
                "router.navigate(['/verify', user.email])",
                "<a [routerLink]=\"['/verify', user.email]\">",
                "const routes = [{ path: '/x/:id', component: Home }]",
            ] {
                assert!(signs.has_address(speaking), "{speaking}");
            }
            for quiet in [
                "const { page } = useRouter().query",
                "const email = query",
                "const url = `/verify/${id}?page=${page}`",
                "const url = '/verify/' + id",
                "const path = 'a:b'",
            ] {
                assert!(!signs.has_address(quiet), "{quiet}");
            }
        });
    }

    #[test]
    fn what_is_filled_in_without_an_end_is_not_passed_over() {
        assert_eq!(inner("a({ b }) } c"), Some("a({ b }) "));
        assert_eq!(inner("a { b"), None);
        assert_eq!(
            names("new URLSearchParams(useLocation().search).get(*)"),
            ["URLSearchParams", "useLocation", "search", "get"]
        );
    }
}
