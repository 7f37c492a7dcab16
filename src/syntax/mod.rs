//! Reads the text of one file into facts.
//!
//! In: the text of a JavaScript or TypeScript file, or of a file that holds such scripts. Out: [`FileFacts`]. This is the only place that knows the syntax
//! tree's library. It leaves alone files (reading, size limits), other files, and what any name means.

mod angular;
mod assign;
mod bound;
mod class;
mod class_component;
mod clock;
mod comments;
mod component;
mod declare;
mod elements;
mod emits;
mod expr;
mod function;
mod handed_by_name;
mod inline;
mod inline_pages;
mod inline_scripts;
mod islands;
mod jsx;
mod literal;
mod lower;
mod mapped;
mod markup;
mod mend;
mod module;
mod object;
mod parse;
mod pattern;
mod prototypes;
mod remap;
mod scope;
mod statement;
mod switch;
mod template;
mod touches;
mod tree;
mod type_decl;
mod types;

pub use comments::comments;
pub use elements::{Element, elements, has_elements};

use std::borrow::Cow;

use crate::facts::{FileFacts, Problem};
use crate::source::Span;

use clock::Clock;
use islands::{Host, Island};
use lower::{Lowering, Piece, Role};
use parse::{Parsed, Place, Refusal};
use template::rendering::Rendering;

/// Levels of nesting that are lowered on the caller's stack. Files nested deeper are lowered on a thread of their own,
/// so that a caller with an ordinary 2 MB stack is safe.
const SHALLOW: u32 = 120;

/// Levels of nesting beyond which an expression is left unread. Brackets are bounded by [`parse::MAX_BRACKETS`]; this
/// bounds what nests without brackets (JSX elements, chains of arrows or of unary operators).
const DEEP: u32 = 2_000;

/// How often a script is read anew with fewer of the signs that the grammars cannot read.
const MENDS: usize = 6;

/// Enough for [`DEEP`] levels in an unoptimised build. Untouched pages of a stack cost nothing.
const DEEP_STACK: usize = 128 << 20;

/// The grammar by which a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JavaScript with JSX.
    JavaScript,
    /// TypeScript, in which `<T>x` is a cast.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
}

impl Language {
    /// The language of a file name's extension, without the dot, in lower case.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "js" | "jsx" | "mjs" | "cjs" => Some(Self::JavaScript),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            _ => None,
        }
    }

    /// The grammar worth trying when this one does not fit: Flow and TypeScript turn up in `.js` files, and JSX in
    /// `.ts` files.
    fn alternative(self) -> Option<Self> {
        match self {
            Self::JavaScript | Self::TypeScript => Some(Self::Tsx),
            Self::Tsx => None,
        }
    }
}

/// Reads a file, by the extension of its name; a name without a dot is one. It never fails. Of a component or page, its
/// scripts and its template are read as one module; a file of another kind gives no facts.
pub fn extract_file(text: &str, name: &str) -> FileFacts {
    let (stem, extension) = name.rsplit_once('.').unwrap_or(("", name));
    let extension = extension.to_ascii_lowercase();
    if let Some(language) = Language::of_extension(&extension) {
        extract(text, language)
    } else if let Some(host) = Host::of_extension(&extension) {
        if host == Host::Html && angular::is_template(text) {
            let mut facts = extract_host(text, Host::Angular);
            angular::bind_template(&mut facts, stem, name);
            return facts;
        }
        let mut facts = extract_host(text, host);
        if host == Host::Vue {
            facts.problems.extend(template::foreign(text));
        }
        component::name(&mut facts, stem);
        facts
    } else {
        FileFacts::default()
    }
}

/// Reads the scripts of a host file, and behind them the script that its template is.
fn extract_host(text: &str, host: Host) -> FileFacts {
    let (mut islands, template) = islands::islands(text, host);
    if template.script.is_empty() {
        return read(text, &islands, Some(host), &Clock::start());
    }
    let base = text.len() + 1;
    let whole = [text, "\n", &template.script].concat();
    islands.push(Island {
        range: base..whole.len(),
        language: Language::Tsx,
        role: Role::Template,
    });
    let mut facts = read(&whole, &islands, Some(host), &Clock::start());
    replace(&mut facts, text, &[(base, &template)]);
    facts
}

/// Moves the places in scripts that stand behind a text to what they stand for in it.
fn replace(facts: &mut FileFacts, text: &str, renderings: &[(usize, &Rendering<'_>)]) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    remap::remap(facts, |span| {
        let (start, end) = (span.start as usize, span.end as usize);
        let behind = renderings.partition_point(|(base, _)| *base <= start);
        match behind.checked_sub(1).map(|at| renderings[at]) {
            Some((base, rendering)) => rendering.place(start - base, end.saturating_sub(base)),
            None => Span::new(span.start, span.end.min(length)),
        }
    });
}

/// Reads a text. It never fails: what could not be read is listed in [`FileFacts::problems`], and a text that was
/// refused as a whole gives facts with nothing but that problem and the empty module body.
pub fn extract(text: &str, language: Language) -> FileFacts {
    let whole = Island {
        range: 0..text.len(),
        language,
        role: Role::Shared,
    };
    let clock = Clock::start();
    let inlines = inline::find(text, language, &clock);
    if inlines.is_empty() {
        return read(text, &[whole], None, &clock);
    }
    let mut all = text.to_owned();
    let mut islands = vec![whole];
    let mut renderings = Vec::new();
    for inline in &inlines {
        all.push('\n');
        let base = all.len();
        all.push_str(&inline.rendering.script);
        islands.push(Island {
            range: base..all.len(),
            language: Language::Tsx,
            role: inline.role,
        });
        renderings.push((base, &inline.rendering));
    }
    let mut facts = read(&all, &islands, None, &clock);
    replace(&mut facts, text, &renderings);
    facts
}

/// Reads the scripts of a text. All of them share one budget, so that many slow ones are no slower than one.
fn read(text: &str, islands: &[Island], host: Option<Host>, clock: &Clock) -> FileFacts {
    let mut problems = Vec::new();
    let mut parsed = Vec::new();
    let mut place = Place::default();
    for island in islands {
        place = place.advanced(text, island.range.start);
        match parse(text, island, place, clock) {
            Ok(tree) => parsed.push((tree, island.role)),
            Err(refusal) => {
                let start = u32::try_from(island.range.start).unwrap_or(u32::MAX);
                problems.push(Problem {
                    span: Span::new(start, start),
                    message: refusal.to_string(),
                });
                if matches!(refusal, Refusal::Slow | Refusal::Long) {
                    break;
                }
            }
        }
    }
    let mut facts = lower(text, &parsed, host);
    problems.append(&mut facts.problems);
    facts.problems = problems;
    facts
}

/// Parses a script, and once more without what the grammars cannot read, as long as that leaves fewer errors.
fn parse(text: &str, island: &Island, place: Place, clock: &Clock) -> Result<Parsed, Refusal> {
    let script = text.get(island.range.clone()).unwrap_or_default();
    parse::check_nesting(script)?;
    parse::check_density(script)?;
    let tagged = mend::tags(text, island.range.clone(), island.language);
    let mut read = tagged.map_or(Cow::Borrowed(text), Cow::Owned);
    let mut best = parse_either(&read, island, place, clock)?;
    if best.errors.count > 0 && matches!(read, Cow::Owned(_)) {
        // What looked like type arguments may be something else.
        let plain = parse_either(text, island, place, clock)?;
        if plain.errors.weight() < best.errors.weight() {
            (best, read) = (plain, Cow::Borrowed(text));
        }
    }
    for _ in 0..MENDS {
        let before = best.errors.weight();
        for pairs in [false, true] {
            let places = &best.errors.places;
            let Some(mended) = mend::near(&read, island.range.clone(), places, pairs) else {
                continue;
            };
            match parse_either(&mended, island, place, clock) {
                Ok(next) if next.errors.weight() < best.errors.weight() => {
                    (best, read) = (next, Cow::Owned(mended));
                }
                _ => {}
            }
        }
        if best.errors.weight() == before {
            break;
        }
    }
    Ok(best)
}

/// Parses with the script's grammar, and with its alternative if that leaves fewer errors.
fn parse_either(
    text: &str,
    island: &Island,
    place: Place,
    clock: &Clock,
) -> Result<Parsed, Refusal> {
    // All attempts share one budget, so a second try never doubles the time of a hostile file.
    let end = island.range.end;
    let first = Parsed::new(text, place, end, island.language, clock)?;
    let Some(alternative) = island.language.alternative() else {
        return Ok(first);
    };
    if first.errors.count == 0 {
        return Ok(first);
    }
    Ok(match Parsed::new(text, place, end, alternative, clock) {
        Ok(second) if second.errors.weight() < first.errors.weight() => second,
        _ => first,
    })
}

fn lower(text: &str, parsed: &[(Parsed, Role)], host: Option<Host>) -> FileFacts {
    let (mut facts, unread) = lower_to(text, parsed, host, SHALLOW);
    if unread.is_some() {
        let (deep, unread) = std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(DEEP_STACK)
                .spawn_scoped(scope, || lower_to(text, parsed, host, DEEP))
                .ok()
                .and_then(|thread| thread.join().ok())
                // Without a thread the shallow reading is still true as far as it goes.
                .unwrap_or((facts, unread))
        });
        facts = deep;
        facts.problems.extend(unread.map(|span| Problem {
            span,
            message: "nested too deeply to be read here".to_owned(),
        }));
    }
    let errors = || parsed.iter().map(|(parsed, _)| &parsed.errors);
    if let Some(span) = errors().find_map(|errors| errors.places.first().copied()) {
        let places = match errors().map(|errors| errors.count).sum::<usize>() {
            1 => "1 place".to_owned(),
            count => format!("{count} places"),
        };
        facts.problems.push(Problem {
            span,
            message: format!("syntax error; {places} could not be read"),
        });
    }
    facts
}

/// Lowers up to a depth; also gives the first place that lies deeper.
fn lower_to(
    text: &str,
    parsed: &[(Parsed, Role)],
    host: Option<Host>,
    limit: u32,
) -> (FileFacts, Option<Span>) {
    let mut lowering = Lowering::new(text, limit);
    lowering.host = host;
    let pieces: Vec<Piece<'_>> = parsed
        .iter()
        .map(|(parsed, role)| Piece {
            root: parsed.root(),
            role: *role,
        })
        .collect();
    lowering.program(&pieces);
    let unread = lowering.unread();
    (lowering.finish(), unread)
}
