//! Finds the files that mention a name, without parsing any.
//!
//! In: texts and the names wanted. Out: for each name the files that hold it as a whole word. It leaves alone what the
//! mention means. One pass over all texts by one automaton; the automaton is a DFA because the crate would otherwise
//! choose an NFA for this many names, which is several times slower.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem;
use rayon::prelude::*;

use crate::source::{FileId, SourceFile};

/// A longer text in quotes is no module specifier.
const MAX_SPECIFIER: usize = 300;

/// The files that mention any of `names`, each with the indexes of the names it mentions, in order.
///
/// A name matches where no identifier character continues it on either side.
pub fn mentions(texts: &[SourceFile], names: &[String]) -> Vec<(FileId, Vec<usize>)> {
    let Some(names) = Names::new(names) else {
        return Vec::new();
    };
    let found: Vec<(FileId, Vec<usize>)> = texts
        .par_iter()
        .enumerate()
        .filter_map(|(index, file)| {
            let hits = names.mentioned(&file.text);
            let id = FileId(u32::try_from(index).ok()?);
            (!hits.is_empty()).then_some((id, hits))
        })
        .collect();
    found
}

/// Names to look for.
pub struct Names<'n> {
    names: &'n [String],
    automaton: AhoCorasick,
}

impl<'n> Names<'n> {
    /// None if there are no names, or more than can be looked for.
    #[must_use]
    pub fn new(names: &'n [String]) -> Option<Self> {
        if names.is_empty() {
            return None;
        }
        let built = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .build(names);
        let automaton = built.or_else(|_| AhoCorasick::new(names)).ok()?;
        Some(Self { names, automaton })
    }

    /// The indexes of the names that a text mentions, in order.
    #[must_use]
    pub fn mentioned(&self, text: &str) -> Vec<usize> {
        let bytes = text.as_bytes();
        let mut hits: Vec<usize> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(bytes) {
            let at = hit.pattern().as_usize();
            if is_whole_word(bytes, &self.names[at], hit.start(), hit.end()) && !hits.contains(&at)
            {
                hits.push(at);
            }
        }
        hits.sort_unstable();
        hits
    }
}

/// The module specifiers of a text: what stands in quotes after `from`, `import` and `require`. What only looks like one is
/// among them.
pub fn specifiers(text: &str) -> impl Iterator<Item = &str> {
    let ends = ["from", "import", "require"]
        .into_iter()
        .flat_map(|keyword| {
            memmem::find_iter(text.as_bytes(), keyword).map(|start| start + keyword.len())
        });
    ends.filter_map(|end| {
        let rest = text.get(end..)?.trim_start();
        let rest = rest.strip_prefix('(').map_or(rest, str::trim_start);
        let quote = rest
            .chars()
            .next()
            .filter(|first| "'\"`".contains(*first))?;
        let (specifier, _) = rest.get(1..)?.split_once(quote)?;
        let is_plain = specifier.len() <= MAX_SPECIFIER
            && !specifier.contains('\n')
            && !specifier.contains("${");
        is_plain.then_some(specifier)
    })
}

/// Whether a text may hand on what other files export without naming it (`export * from …`, `module.exports = require(…)`).
pub fn may_export_all(text: &str) -> bool {
    text.contains("export") && (text.contains("export *") || text.contains("export*"))
        || text.contains("exports") && text.contains("require(")
}

/// Whether a text may hand on what other files export by its name (`export { Paths }`, `export { default as Paths } from …`).
pub fn may_export_by_name(text: &str) -> bool {
    text.contains("export {") || text.contains("export{")
}

/// Where a package's name stands between quotes; with its subpaths, if asked for.
pub fn quoted<'t>(
    text: &'t str,
    package: &'t str,
    with_subpaths: bool,
) -> impl Iterator<Item = usize> + 't {
    text.match_indices(package).filter_map(move |(at, _)| {
        let before = text.get(..at)?.chars().next_back()?;
        let after = text.get(at + package.len()..)?.chars().next()?;
        let is_quote = |char: char| matches!(char, '"' | '\'' | '`');
        let ends = is_quote(after) || (with_subpaths && after == '/');
        (is_quote(before) && ends).then_some(at)
    })
}

/// Whether a text mentions a name.
pub fn holds_word(text: &str, name: &str) -> bool {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, name)
        .any(|start| is_whole_word(bytes, name, start, start + name.len()))
}

fn is_whole_word(bytes: &[u8], name: &str, start: usize, end: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
    let first = name.as_bytes().first().copied().unwrap_or_default();
    let last = name.as_bytes().last().copied().unwrap_or_default();
    let before = start
        .checked_sub(1)
        .and_then(|at| bytes.get(at))
        .copied()
        .unwrap_or_default();
    let after = bytes.get(end).copied().unwrap_or_default();
    !(is_word(first) && is_word(before) || is_word(last) && is_word(after))
}
