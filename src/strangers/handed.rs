//! Which texts hand an address to a function of another file, which may send something there.
//!
//! In: a text that names a host. Out: whether it calls something that it imports, or a method of its own object, with an address
//! or with what it calls one. It is read by pattern and not by parser: every file with a host is asked. It leaves alone
//! whether the function sends anything (`flow`).

use std::collections::BTreeSet;

use memchr::memmem;

use super::{DECLARING, MAX_STEPS, SHORTEST_NAME, is_of_name};
use crate::search::holds_word;

/// What is called with an address and sends nothing there.
const SENDING_NOTHING: [&str; 22] = [
    "URL",
    "require",
    "import",
    "startsWith",
    "endsWith",
    "includes",
    "indexOf",
    "replace",
    "replaceAll",
    "split",
    "match",
    "test",
    "open",
    "openURL",
    "openExternal",
    "push",
    "redirect",
    "navigate",
    "expect",
    "toBe",
    "toEqual",
    "equal",
];

/// A file that hands addresses to more functions than this is looked at for these; what it imports at once stands in so many
/// bytes.
const MAX_ROOTS: usize = 64;
const MAX_CLAUSE: usize = 2_000;

/// What a request does, where that is said before its address.
const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// How the names of keys end that hold an address.
const OF_ADDRESSES: [&str; 12] = [
    "url", "Url", "URL", "uri", "Uri", "endpoint", "Endpoint", "host", "Host", "base", "origin",
    "server",
];
/// The keys before an address stand in so many bytes.
const MOST_OF_KEYS: usize = 200;

/// Whether a text hands an address to a function of another file, which may send something there (`post('https://…', …)`), or
/// what it calls one (`` const url = `https://…`; post(url) ``).
pub(super) fn hands_to_import(text: &str) -> bool {
    let written = memmem::find_iter(text.as_bytes(), "://").filter_map(|at| {
        let before = text[..at].trim_end_matches(|char: char| char.is_ascii_alphabetic());
        before.strip_suffix(['"', '\'', '`'])
    });
    let written: Vec<&str> = written.collect();
    let named = names_of_addresses(text, &written);
    let handed = named.iter().flat_map(|name| {
        let plain = ["", "this."].map(|of| format!("({of}{name}"));
        let begun = ["", "this."].map(|of| format!("(`${{{of}{name}}}"));
        plain.into_iter().chain(begun).flat_map(|handed| {
            let found: Vec<usize> = memmem::find_iter(text.as_bytes(), &handed).collect();
            found
                .into_iter()
                .filter(move |at| !goes_on(&text[at + handed.len()..]))
        })
    });
    let handed: Vec<usize> = handed.collect();
    let called = written.iter().filter_map(|before| called_before(before));
    let called = called.chain(handed.iter().filter_map(|at| called_before(&text[..=*at])));
    let roots: BTreeSet<&str> = called.filter(|root| !root.is_empty()).collect();
    let mut roots = roots.into_iter().take(MAX_ROOTS);
    let clauses = import_clauses(text);
    roots.any(|root| root == "this" || clauses.iter().any(|clause| holds_word(clause, root)))
}

/// The names that a text gives to addresses, by what stands before each, and to what begins with one of these. Of a list of
/// addresses the first count.
fn names_of_addresses<'t>(text: &'t str, written: &[&'t str]) -> BTreeSet<&'t str> {
    let mut names: BTreeSet<&str> = written
        .iter()
        .filter_map(|it| assigned_before(it))
        .take(MAX_ROOTS)
        .collect();
    for _ in 0..MAX_STEPS {
        let further: Vec<&str> = (names.iter())
            .flat_map(|name| {
                let begun = format!("`${{{name}}}");
                let found: Vec<usize> = memmem::find_iter(text.as_bytes(), &begun).collect();
                found
                    .into_iter()
                    .filter_map(|at| assigned_before(&text[..at]))
            })
            .take(MAX_ROOTS)
            .collect();
        names.extend(further);
    }
    names
}

/// The name to which is assigned what stands behind a text (`const url: string = `).
fn assigned_before(before: &str) -> Option<&str> {
    let line = before.rsplit('\n').next()?;
    let before = line.trim_end().strip_suffix('=')?.trim_end();
    let declared = DECLARING.iter().find_map(|word| {
        let behind = before.trim_start().strip_prefix(word)?;
        behind.strip_prefix(' ')
    });
    let declared = declared.unwrap_or(before).trim_start();
    let end = declared.find(|char: char| !is_of_name(char));
    let name = &declared[..end.unwrap_or(declared.len())];
    (name.len() >= SHORTEST_NAME).then_some(name)
}

/// What is called with what stands behind a text, first or behind the verb of a request or under `url`, by the name that it
/// begins with (`http` of `http.post<User>(` and `http('POST', `, `send` of `send({ method, url: `).
fn called_before(before: &str) -> Option<&str> {
    let before = before.trim_end();
    let before = without_verb(before)
        .or_else(|| without_keys(before))
        .unwrap_or(before);
    let before = without_types(before.strip_suffix('(')?);
    let is_of_path = |char: char| is_of_name(char) || char == '.';
    let name = &before[before.trim_end_matches(is_of_path).len()..];
    let method = name.rsplit('.').next()?;
    (!SENDING_NOTHING.contains(&method)).then(|| name.split('.').next().unwrap_or(name))
}

/// A text without the verb of a request that it ends with (`'POST', `).
fn without_verb(before: &str) -> Option<&str> {
    let before = before.strip_suffix(',')?.trim_end();
    let inner = before.strip_suffix(['"', '\'', '`'])?;
    let start = inner.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let verb = &inner[start.len()..];
    let is_verb = VERBS.iter().any(|known| verb.eq_ignore_ascii_case(known));
    let before = start.strip_suffix(['"', '\'', '`'])?.trim_end();
    is_verb.then_some(before)
}

/// A text without the keys of an object that it ends with, if the last of them is that of an address.
fn without_keys(before: &str) -> Option<&str> {
    let keys = before.strip_suffix(':')?;
    let is_of_address = OF_ADDRESSES.iter().any(|end| keys.ends_with(end));
    let near = keys.len().saturating_sub(MOST_OF_KEYS);
    let start = memchr::memrchr(b'{', &keys.as_bytes()[near..]).filter(|_| is_of_address)?;
    Some(keys[..near + start].trim_end())
}

/// A text without the type arguments that it ends with.
fn without_types(before: &str) -> &str {
    match before.strip_suffix('>').and_then(|inner| inner.rfind('<')) {
        Some(start) => &before[..start],
        None => before,
    }
}

/// Whether a name does not end where a text begins.
fn goes_on(rest: &str) -> bool {
    rest.starts_with(is_of_name)
}

/// What stands between `import` and `from` in a text.
fn import_clauses(text: &str) -> Vec<&str> {
    let starts = memmem::find_iter(text.as_bytes(), "import").filter(|at| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|before| before == '\n')
    });
    let clauses = starts.filter_map(|at| {
        let clause = &text.as_bytes()[at..(at + MAX_CLAUSE).min(text.len())];
        memmem::find(clause, b"from").map(|end| &text[at..at + end])
    });
    clauses.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_hands_an_address_to_another_file() {
        for hands in [
            "import { post } from './http';\npost('https://api.acme.io/x', body)",
            "import {\n  get,\n  post,\n} from './http';\nexport const send = () => post(`https://api.acme.io/${path}`)",
            "import api from './api';\napi.post(\n  \"https://api.acme.io\")",
            "class A { send() { this.http.post('https://api.acme.io') } }",
            "import { get } from './http';\nconst load = () => get<User>(`https://api.acme.io/${path}`)",
            "import { get } from './http';\nconst url = `https://api.acme.io/${path}`;\nget(url)",
            "import { request } from './http';\nrequest('POST', 'https://api.acme.io/x', body)",
            "import { send } from './http';\nsend({ method, url: 'https://api.acme.io/x', data })",
            "import { make } from './api';\nconst api = make({ apiUrl: 'https://api.acme.io' })",
            "import { call } from './http';\nclass A {\n  base = 'https://api.acme.io';\n  get() { return call(`${this.base}/x`); }\n}",
            "import { get } from './http';\nconst BASE = 'https://api.acme.io';\nget(`${BASE}/users`)",
            "import { get } from './http';\nconst BASE = 'https://api.acme.io';\nconst url = `${BASE}/users`;\nget(url, {})",
        ] {
            assert!(hands_to_import(hands), "{hands}");
        }
        for other in [
            "import { post } from './http';\nget('https://api.acme.io')",
            "import { path } from './path';\npath.startsWith('https://api.acme.io')",
            "import { post } from './http';\nconst url = 'https://api.acme.io'",
            "import { post } from './http';\nnew URL('https://api.acme.io')",
            "import { log } from './log';\nlog('told', 'https://api.acme.io')",
            "import { show } from './page';\nshow({ title: 'https://api.acme.io' })",
            "import { get } from './http';\nconst url = 'https://api.acme.io';\nget(urls); show(url)",
            "// to import something (see https://docs.acme.io) from",
        ] {
            assert!(!hands_to_import(other), "{other}");
        }
    }
}
