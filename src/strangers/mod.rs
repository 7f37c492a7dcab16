//! Hosts that no rule knows, to which the code may send something.
//!
//! In: the texts, and which domains are the app's own. Out: [`Strangers`]: the third-party hosts that stand as literals in
//! files that can send a request, each as a vendor of its own, and those files. It leaves alone what is sent there (`flow`),
//! and which of them are vendors already (`flow::Catalog`).

mod handed;

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use memchr::memmem;
use rayon::prelude::*;

use self::handed::hands_to_import;
use crate::finding::HOST_VENDOR;
use crate::own::OwnDomains;
use crate::passages::is_configuration;
use crate::ruleset::schema::{Transforms, Vendor};
use crate::search::holds_word;
use crate::source::{FileId, SourceFile};

/// Longer than any host name.
pub(crate) const MAX_HOST: usize = 253;
/// A file that names more hosts than this is a list of them.
const MAX_HOSTS: usize = 40;
/// What declares an address starts no more lines above it.
const MAX_LINES: usize = 60;
/// Declarations that are made of each other count for so many steps.
const MAX_STEPS: usize = 2;
/// A shorter name is one of many things.
const SHORTEST_NAME: usize = 3;
/// The ends of the names of properties that are the address of a picture.
const OF_PICTURES: [&str; 8] = ["src", "Src", "uri", "url", "Url", "URL", "image", "avatar"];
/// Words in front of the name that a declaration gives.
const DECLARING: [&str; 11] = [
    "export", "declare", "const", "let", "var", "enum", "class", "abstract", "async", "function",
    "exports",
];

/// One such host.
#[derive(Debug)]
pub struct Stranger {
    /// The host.
    pub host: String,
    /// It as a vendor.
    pub vendor: Vendor,
}

impl Stranger {
    fn new(host: String) -> Self {
        let vendor = Vendor {
            id: format!("{HOST_VENDOR}{host}"),
            name: host.clone(),
            ..Vendor::default()
        };
        Self { host, vendor }
    }
}

/// What declares an address in a file that sends nothing itself.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declared {
    /// The file.
    pub file: FileId,
    /// The name.
    pub name: String,
    /// The address has a part that is filled in, so that it may be that of a picture of somebody.
    pub is_filled: bool,
}

/// All such hosts, by name, and the files that name one and can send something.
#[derive(Debug, Default)]
pub struct Strangers {
    /// The hosts.
    pub hosts: Vec<Stranger>,
    /// The files.
    pub files: BTreeSet<FileId>,
    /// Files that name one and send nothing themselves, with what they may hand it on by.
    pub declared: Vec<Declared>,
    words: BTreeSet<String>,
}

impl Strangers {
    /// What addresses begin with that are made of what other files declare (`` `${API}/users` ``): a file with such a one hands it to
    /// something, by whatever name that sends it.
    pub fn beginnings(&self) -> Option<AhoCorasick> {
        let declared = self.declared.iter().filter(|it| !it.is_filled);
        let names: BTreeSet<&str> = declared.map(|it| it.name.as_str()).collect();
        let written = names.into_iter().flat_map(|name| {
            ["/", "?"]
                .map(|sign| format!("{name}}}{sign}"))
                .into_iter()
                .chain(["'", "\"", "`"].map(|quote| format!("{name} + {quote}")))
        });
        AhoCorasick::new(written).ok()
    }

    /// Whether a text names something that sends a request.
    pub fn can_send(&self, text: &str) -> bool {
        self.words.iter().any(|word| holds_word(text, word))
    }
}

/// Finds them.
pub fn find(texts: &[SourceFile], transforms: &Transforms, own: &OwnDomains) -> Strangers {
    let mut found = Strangers {
        words: sending_words(transforms),
        ..Strangers::default()
    };
    // What sends something itself is looked at anyway, and needs no names.
    let named: Vec<(FileId, BTreeSet<String>, Vec<Declared>)> = texts
        .par_iter()
        .enumerate()
        .filter_map(|(index, file)| {
            let hosts = literal_hosts(&file.text, &|host| !own.is_own(host));
            if hosts.is_empty() || hosts.len() > MAX_HOSTS {
                return None;
            }
            let can_send = found.can_send(&file.text)
                || shows_by_component(&file.text)
                || hands_to_import(&file.text);
            let id = FileId(u32::try_from(index).ok()?);
            let declared = match can_send {
                true => Vec::new(),
                false => declared_in(id, file),
            };
            (can_send || !declared.is_empty()).then_some((id, hosts, declared))
        })
        .collect();
    let mut all = BTreeSet::new();
    for (file, hosts, declared) in named {
        if declared.is_empty() {
            found.files.insert(file);
        }
        found.declared.extend(declared);
        all.extend(hosts);
    }
    found.hosts = all.into_iter().map(Stranger::new).collect();
    found
}

/// What a file may hand on an address by: what it declares around one at its outermost level, or itself, and what it declares
/// from that (`export const settings = { ...production }`).
fn declared_in(file: FileId, source: &SourceFile) -> Vec<Declared> {
    // Where a server passes something on to is not handed on to code.
    if is_configuration(source.path.as_str()) {
        return Vec::new();
    }
    let statements = statements(source);
    // Which have an address, and whether it has a part that is filled in.
    let mut found: BTreeSet<(&str, bool)> = statements
        .iter()
        .flat_map(|it| addresses_in(it.text).map(|address| (it.name, is_filled(address))))
        .collect();
    let mut names: BTreeSet<&str> = found.iter().map(|(name, _)| *name).collect();
    for _ in 0..MAX_STEPS {
        let is_from = |it: &&Statement<'_>| {
            !names.contains(it.name) && names.iter().any(|name| holds_word(it.text, name))
        };
        let further: Vec<&str> = statements
            .iter()
            .filter(is_from)
            .map(|it| it.name)
            .collect();
        names.extend(&further);
        found.extend(further.into_iter().map(|name| (name, false)));
    }
    let found = found
        .into_iter()
        .filter(|(name, _)| name.len() >= SHORTEST_NAME);
    found
        .map(|(name, is_filled)| Declared {
            file,
            name: name.to_owned(),
            is_filled,
        })
        .collect()
}

/// The addresses in the first lines of a declaration, from behind their scheme to the end of the line.
fn addresses_in(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().take(MAX_LINES);
    lines.flat_map(|line| line.match_indices("://").map(|(at, _)| &line[at..]))
}

fn is_filled(address: &str) -> bool {
    ["${", "' +", "\" +"]
        .iter()
        .any(|sign| address.contains(sign))
}

/// A declaration at the outermost level of a text, from its first line to the next that is one.
struct Statement<'t> {
    name: &'t str,
    text: &'t str,
}

/// What a text declares at its outermost level. What stands at the start of a line and is no bracket that closes starts a
/// declaration.
fn statements(source: &SourceFile) -> Vec<Statement<'_>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        if line.starts_with(|char: char| char.is_ascii_alphabetic()) {
            starts.push((at, line));
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([at]);
    let all = starts.iter().zip(ends);
    all.filter_map(|((start, line), end)| {
        let mut words = line
            .split(|char: char| !is_of_name(char))
            .filter(|word| !word.is_empty());
        let is_default = line.starts_with("export default") || line.starts_with("module.exports");
        let is_declared = words
            .clone()
            .next()
            .is_some_and(|word| DECLARING.contains(&word));
        let name = match words.find(|word| !DECLARING.contains(word)) {
            _ if is_default => {
                let name = source.path.as_str().rsplit('/').next().unwrap_or_default();
                name.split('.').next().unwrap_or(name)
            }
            Some(name) if is_declared => name,
            _ => return None,
        };
        Some(Statement {
            name,
            text: &source.text[*start..end],
        })
    })
    .collect()
}

fn is_of_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}

/// Whether a text shows a component (`<Avatar`).
pub fn shows_component(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).any(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase))
}

/// Whether a text hands an address to a component that may show a picture of it (`<Badge iconSrc={`https://…`} />`).
fn shows_by_component(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), "://").any(|at| {
        let before = text[..at].trim_end_matches(|char: char| char.is_ascii_alphabetic());
        let before = before.strip_suffix(['"', '\'', '`']).map(str::trim_end);
        let before = before.map(|before| before.strip_suffix('{').unwrap_or(before).trim_end());
        let Some(before) = before.and_then(|before| before.strip_suffix('=')) else {
            return false;
        };
        let name = before
            .rsplit(|char: char| !char.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        OF_PICTURES.iter().any(|end| name.ends_with(end))
    })
}

/// Packages whose names are in texts that have nothing to do with them.
const ORDINARY: [&str; 4] = ["http", "https", "request", "fetch"];

/// The words by which a text names something that sends a request.
fn sending_words(transforms: &Transforms) -> BTreeSet<String> {
    let rules = transforms.requests.iter().filter(|rule| !rule.of_unknown);
    let words = rules.flat_map(|rule| match &rule.package {
        Some(package) if ORDINARY.contains(&package.as_str()) => {
            let quoted = ["'", "\""].map(|quote| format!("{quote}{package}{quote}"));
            quoted
                .into_iter()
                .chain([format!("node:{package}")])
                .collect()
        }
        Some(package) => vec![package.clone()],
        // The first of them are words of any text.
        None if rule.navigates => {
            let names = rule.names.iter();
            names.filter(|name| name.contains('.')).cloned().collect()
        }
        None => rule
            .names
            .iter()
            .map(|name| name.trim_end_matches('>').split('.').next().unwrap_or(name))
            .map(str::to_owned)
            .collect(),
    });
    // A sign alone is in every text with a `${…}`; as an object it has members.
    let is_sign = |word: &str| !word.chars().any(char::is_alphanumeric);
    words
        .map(|word| match is_sign(&word) {
            true => format!("{word}."),
            false => word,
        })
        .collect()
}

/// The public hosts of the addresses that stand as literals in a text.
fn literal_hosts(text: &str, is_wanted: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let mut hosts = BTreeSet::new();
    for at in memmem::find_iter(bytes, "://") {
        let before = &bytes[..at];
        let is_literal = ["https", "http", "wss", "ws"].iter().any(|scheme| {
            before
                .strip_suffix(scheme.as_bytes())
                .and_then(<[u8]>::last)
                .is_some_and(|quote| matches!(quote, b'\'' | b'"' | b'`'))
        });
        if !is_literal {
            continue;
        }
        let rest = &text[at + "://".len()..];
        let end = rest
            .find(|char: char| !char.is_ascii_alphanumeric() && !matches!(char, '.' | '-'))
            .unwrap_or(rest.len());
        // What stands before an `@` is no host, and one that goes on in another way is computed; what a template puts behind
        // a whole host is its path.
        let is_whole = rest[end..].starts_with("${") && !rest[..end].ends_with(['.', '-']);
        let goes_on = !is_whole && rest[end..].starts_with(['@', '$', '{', '%', '_']);
        let host = rest[..end].trim_end_matches('.').to_ascii_lowercase();
        if !goes_on && host.len() <= MAX_HOST && is_public(&host) && is_wanted(&host) {
            hosts.insert(host);
        }
    }
    // A host that stands by itself is the beginning of an address that is made in the file.
    if memmem::find(bytes, b"://${").is_some() {
        let bare = quoted_words(text).filter(|word| word.len() <= MAX_HOST && word.contains('.'));
        let bare = bare.map(str::to_ascii_lowercase);
        hosts.extend(bare.filter(|host| is_public(host) && is_wanted(host)));
    }
    hosts
}

/// What stands between two quotes and has only signs that the name of a host can have.
fn quoted_words(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let parts = line.split(['"', '\'', '`']).skip(1);
        parts.filter(|part| {
            let mut signs = part.chars();
            !part.is_empty()
                && signs.all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-'))
        })
    })
}

/// Whether a name is one under which somebody can be reached: below a suffix that the world knows, and not of an example.
fn is_public(host: &str) -> bool {
    let Some(domain) = psl::domain(host.as_bytes()) else {
        return false;
    };
    let registered = domain.as_bytes();
    domain.suffix().is_known() && !registered.starts_with(b"example.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    #[test]
    fn reads_hosts_of_literals_only() {
        let text = "fetch('https://api.acme.io/x'); // see https://docs.acme.io\n\
                    const a = `https://${region}.acme.io`; const b = \"http://localhost:3000\";\n\
                    const c = 'https://user@acme.io'; const d = 'https://www.example.com/x'; const e = \"wss://Live.Acme.io\";\n\
                    const f = 'https://acme.invalid'; const g = `https://api.acme.dev${path}`; const h = `https://acme.${top}`;";
        let hosts = literal_hosts(text, &|_| true);
        assert_eq!(
            Vec::from_iter(hosts),
            ["api.acme.dev", "api.acme.io", "live.acme.io"]
        );
    }

    #[test]
    fn knows_what_hands_a_component_the_address_of_a_picture() {
        for shows in [
            "<Badge src={`https://pictures.acme.io/${name}`} />",
            "<Badge iconSrc=\"https://pictures.acme.io/a.png\" />",
            "<Badge avatarUrl={ 'https://pictures.acme.io/a.png'} />",
        ] {
            assert!(shows_by_component(shows), "{shows}");
        }
        for other in [
            "<Link href=\"https://docs.acme.io\" />",
            "const url = fallback ?? 'https://docs.acme.io'",
            "// see https://docs.acme.io",
            "src: 'https://pictures.acme.io'",
        ] {
            assert!(!shows_by_component(other), "{other}");
        }
    }

    #[test]
    fn tells_addresses_with_a_part_that_is_filled_in() {
        let text = "export const faceOf = (mail: string) =>\n  `https://faces.acme.io/${mail}`;\nexport const DOCS = 'https://docs.acme.io';\n";
        let file = SourceFile {
            path: RepoPath::new("faces.ts"),
            text: text.to_owned(),
        };
        let declared = declared_in(FileId(0), &file);
        let found: Vec<_> = declared
            .iter()
            .map(|it| (it.name.as_str(), it.is_filled))
            .collect();
        assert_eq!(found, [("DOCS", false), ("faceOf", true)]);
    }
}
