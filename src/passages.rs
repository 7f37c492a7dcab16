//! What the app's own server passes on to others.
//!
//! In: the texts of configuration (frameworks, hosting, web servers) and of middleware. Out: [`Passage`]s, from a path of the
//! app to the address that it leads to. It leaves alone whose that address is (`flow`).
//!
//! Dozens of formats write the same two things beside each other, a path and an address; they are read as that, without the
//! grammar of each: the path that belongs to an address is the last one before it, or else the first one behind it, with no
//! other address between.

use memchr::memmem;

use crate::constants;
use crate::flow::Passage;
use crate::source::{SourceFile, Span};
use crate::syntax::{self, Language};

/// How files begin that are read, up to the extension.
const CONFIGURATIONS: [&str; 12] = [
    "next.config",
    "nuxt.config",
    "vite.config",
    "vue.config",
    "svelte.config",
    "astro.config",
    "gatsby-config",
    "hooks.server",
    "middleware",
    "proxy.conf",
    "vercel",
    "netlify",
];
/// Files that are read, by their whole name.
const NAMED: [&str; 3] = ["_redirects", "caddyfile", "setupproxy.js"];
/// How the configuration of a web server ends.
const ENDINGS: [&str; 3] = [".conf", ".conf.template", ".nginx"];
/// A path and an address that belong together stand no farther apart.
const NEAR: usize = 400;
/// An app passes on no more than this.
const MAX_PASSAGES: usize = 200;

/// Whether a file may say what is passed on.
pub fn is_configuration(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let begins = |start: &&str| {
        name.strip_prefix(*start)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    CONFIGURATIONS.iter().any(begins)
        || NAMED.contains(&name.as_str())
        || ENDINGS.iter().any(|end| name.ends_with(end))
}

/// Reads what is passed on.
pub fn read(texts: &[SourceFile]) -> Vec<Passage> {
    let configurations = texts
        .iter()
        .filter(|file| is_configuration(file.path.as_str()));
    let mut found: Vec<Passage> = configurations
        .flat_map(|file| passages(&without_comments(file)))
        .collect();
    found.sort();
    found.dedup();
    found.truncate(MAX_PASSAGES);
    found
}

/// A text with blanks in the place of its comments, which tell of paths and addresses that nothing is passed on to. Files of
/// other languages than scripts have theirs on lines of their own.
fn without_comments(file: &SourceFile) -> String {
    let name = file.path.as_str().rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit('.').next().unwrap_or_default();
    let mut text = file.text.clone();
    let spans = match Language::of_extension(&extension.to_ascii_lowercase()) {
        Some(_) => syntax::comments(&text, name),
        None => commented_lines(&text),
    };
    for span in spans {
        let range = span.start as usize..span.end as usize;
        text.replace_range(range.clone(), &" ".repeat(range.len()));
    }
    text
}

fn commented_lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').filter_map(|line| {
        let start = at;
        at += line.len();
        line.trim_start()
            .starts_with('#')
            .then(|| Span::new(offset(start), offset(at)))
    });
    lines.collect()
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A path or an address, and where it stands.
struct Piece<'t> {
    at: usize,
    end: usize,
    text: &'t str,
    is_address: bool,
}

fn passages(text: &str) -> Vec<Passage> {
    let pieces = with_names(text, pieces(text));
    let mut found = Vec::new();
    for (index, address) in pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| piece.is_address)
    {
        let before = pieces[..index]
            .last()
            .filter(|piece| address.at - piece.end < NEAR);
        let behind = pieces
            .get(index + 1)
            .filter(|piece| piece.at - address.end < NEAR);
        let path = [before, behind]
            .into_iter()
            .flatten()
            .find(|piece| !piece.is_address);
        let path = path.filter(|path| !is_on_condition(text, path, address));
        if let Some(path) = path.and_then(|piece| fixed(piece.text)) {
            found.push(Passage {
                path: path.to_owned(),
                target: address.text.to_owned(),
            });
        }
    }
    found
}

/// Whether only some requests are passed on: those to another host of the app, or with a cookie (`has: [{ type: 'host', … }]`).
/// The condition stands between the two, or before the end of what they stand in.
fn is_on_condition(text: &str, path: &Piece<'_>, address: &Piece<'_>) -> bool {
    let (from, to) = (path.at.min(address.at), path.end.max(address.end));
    let mut behind = text.bytes().skip(to).take(NEAR);
    let end = to + behind.position(|byte| byte == b'}').unwrap_or_default();
    let within = &text[from..end];
    let mut marks = within.match_indices("has").map(|(at, mark)| {
        let starts_word = !within[..at].ends_with(|before: char| before.is_alphanumeric());
        let behind = within[at + mark.len()..].trim_start_matches(['"', '\'']);
        let is_list = behind.trim_start().strip_prefix(':');
        starts_word && is_list.is_some_and(|list| list.trim_start().starts_with('['))
    });
    marks.any(|is_condition| is_condition)
}

/// Addresses stand where they are used, and not where a constant is made of them.
fn with_names<'t>(text: &'t str, mut pieces: Vec<Piece<'t>>) -> Vec<Piece<'t>> {
    for named in constants::named(text) {
        pieces.retain(|piece| piece.at != named.address.start);
        pieces.extend(named.uses.iter().map(|used| Piece {
            at: used.start,
            end: used.end,
            text: &text[named.address.clone()],
            is_address: true,
        }));
    }
    pieces.sort_by_key(|piece| piece.at);
    pieces
}

/// The paths and addresses of a text, in order.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(found) = memmem::find(&text.as_bytes()[from..], b"/") {
        let slash = from + found;
        from = slash + 1;
        let line = text[..slash].rfind('\n').map_or(0, |at| at + 1);
        // A policy lists what a page may load; nothing is passed on by it.
        let is_policy = text[line..slash].contains("-src ");
        let is_scheme =
            text[..slash].ends_with(':') && text[slash..].starts_with("//") && !is_policy;
        let starts_word = text[..slash].chars().next_back().is_none_or(|before| {
            before.is_whitespace() || matches!(before, '\'' | '"' | '`' | '^')
        });
        let (start, is_address) = if is_scheme {
            let before =
                text[..slash - 1].trim_end_matches(|char: char| char.is_ascii_alphabetic());
            (before.len(), true)
        } else if starts_word
            && text[slash + 1..]
                .starts_with(|next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '-'))
        {
            (slash, false)
        } else {
            continue;
        };
        let rest = &text[slash..];
        let length = rest
            .find(|char: char| {
                char.is_whitespace()
                    || matches!(
                        char,
                        '\'' | '"' | '`' | ';' | ',' | ')' | '{' | '}' | '<' | '>'
                    )
            })
            .unwrap_or(rest.len());
        from = slash + length.max(1);
        pieces.push(Piece {
            at: start,
            end: slash + length,
            text: &text[start..slash + length],
            is_address,
        });
    }
    pieces
}

/// The start of a path that is always the same: without what a pattern leaves open.
fn fixed(path: &str) -> Option<&str> {
    let open = path
        .find(['*', ':', '(', '[', '$', '{', '?'])
        .unwrap_or(path.len());
    // A star stands for whatever follows; the rest of a segment with a name in it is not fixed either.
    let is_named = path[open..].starts_with([':', '$', '{']);
    let start = match path[..open].rfind('/') {
        Some(slash) if is_named => &path[..slash],
        _ => &path[..open],
    };
    let start = start.trim_end_matches('/');
    (start.len() > 1).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(text: &str) -> Vec<(String, String)> {
        passages(text)
            .into_iter()
            .map(|it| (it.path, it.target))
            .collect()
    }

    fn pair(path: &str, target: &str) -> (String, String) {
        (path.to_owned(), target.to_owned())
    }

    #[test]
    fn an_address_may_stand_behind_any_sign() {
        let expected = [pair("/relay", "https://in.acme.io")];
        assert_eq!(
            read_one("{ source: '/relay', to: “https://in.acme.io }"),
            expected
        );
    }

    #[test]
    fn reads_every_format() {
        let one = |text: &str| read_one(text).first().cloned();
        let expected = Some(pair("/relay", "https://in.acme.io"));
        for text in [
            "{ source: '/relay/:path*', destination: 'https://in.acme.io' }",
            "{ destination: 'https://in.acme.io', source: '/relay/:path*' }",
            "{ \"source\": \"/relay/(.*)\", \"destination\": \"https://in.acme.io\" }",
            "from = \"/relay/*\"\nto = \"https://in.acme.io\"",
            "/relay/*  https://in.acme.io  200",
            "location /relay/ {\n  proxy_pass https://in.acme.io;\n}",
            "handle_path /relay* {\n  reverse_proxy https://in.acme.io\n}",
            "proxy: { '/relay': { target: 'https://in.acme.io', changeOrigin: true } }",
            "routeRules: { '/relay/**': { proxy: 'https://in.acme.io' } }",
            "const HOST = process.env.HOST || 'https://in.acme.io';\nconst other = 'https://b.io';\n{ source: '/relay/:path*', destination: `${HOST}/:path*` }, other",
            "const to = { relay: 'https://in.acme.io' };\n{ source: '/relay/:path*', destination: to.relay + '/:path*' }",
        ] {
            assert_eq!(one(text), expected, "{text}");
        }
    }

    #[test]
    fn tells_two_apart_and_leaves_other_addresses_alone() {
        let text = "[{ source: '/a/:x', destination: 'https://a.io/:x' }, { source: '/b', destination: 'https://b.io' }]";
        assert_eq!(
            read_one(text),
            [pair("/a", "https://a.io/:x"), pair("/b", "https://b.io")]
        );
        assert_eq!(read_one("url: 'https://a.io', other: 'https://b.io'"), []);
        assert_eq!(
            read_one("source: '/:path*', destination: 'https://b.io'"),
            []
        );
        assert_eq!(read_one("a / b // c\n'x/y'"), []);
        assert_eq!(
            read_one("source: '/app', value: \"connect-src 'self' https://b.io\""),
            []
        );
    }
}
