//! Parsing within bounds.
//!
//! In: a text and a grammar. Out: a syntax tree with a count of its errors, or the reason why the text is refused. It
//! leaves alone what the tree says.
//!
//! The bounds are there because error recovery is quadratic on a few tiny texts: `}+` 2,000 times (4 KB) takes half a
//! minute, and `(&type ` 12,000 times takes gigabytes. The callback that stops a slow parse is not called inside
//! recovery, so nesting is checked before. Steps bound the memory that a tree takes, and the same text takes the same steps
//! everywhere; time is what is left for a recovery that makes each step slow.

use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use tree_sitter::{ParseOptions, ParseState, Parser, Point, Range, Tree};

use crate::source::Span;

use super::Language;
use super::clock::Clock;
use super::tree::{self, Node};
use crate::weight::code;

/// Real files reach 394 (one test), and 99.9% of them stay below 30.
pub(super) const MAX_BRACKETS: usize = 500;

const BUDGET: Duration = Duration::from_secs(1);

/// How often the parser may call back, which it does after every hundred of its operations. Real files of 1 MiB take at most
/// 10,000; twice as many have taken 250 MB.
const MAX_CALLS: u32 = 16_000;

/// How many words and signs a text may have. Real files of up to 1 MiB reach 130,000; a million (`a:` over and over) have taken
/// 320 MB.
const MAX_TOKENS: usize = 300_000;

/// Of more errors the places are not kept.
const MAX_PLACES: usize = 64;

/// Why a text is not parsed.
#[derive(Debug)]
pub(super) enum Refusal {
    /// So many levels of brackets.
    Nested(usize),
    /// So many words and signs.
    Dense(usize),
    /// The budget of time is spent.
    Slow,
    /// The budget of steps is spent.
    Long,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nested(levels) => write!(f, "nested too deeply ({levels} levels)"),
            Self::Dense(tokens) => write!(f, "too dense ({tokens} words and signs)"),
            Self::Slow => f.write_str("took too long to parse"),
            Self::Long => f.write_str("took too many steps to parse"),
        }
    }
}

/// Refuses texts of too many words and signs. It does not lex: a word of a string counts like any other, one of a line that is a
/// comment does not.
pub(super) fn check_density(text: &str) -> Result<(), Refusal> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Space,
        Word,
        Foreign,
        Sign,
    }
    if text.len() < MAX_TOKENS {
        return Ok(());
    }
    let mut tokens = 0_usize;
    for line in code(text.as_bytes()) {
        let mut last = Kind::Space;
        for byte in line {
            let kind = match byte {
                b'_' | b'$' => Kind::Word,
                _ if byte.is_ascii_alphanumeric() => Kind::Word,
                _ if byte.is_ascii_whitespace() => Kind::Space,
                _ if byte.is_ascii() => Kind::Sign,
                _ => Kind::Foreign,
            };
            tokens += usize::from(kind != Kind::Space && (kind != last || kind == Kind::Sign));
            last = kind;
        }
    }
    if tokens > MAX_TOKENS {
        return Err(Refusal::Dense(tokens));
    }
    Ok(())
}

/// Refuses texts with too large a range of bracket depth. Brackets in strings and comments count too: telling them
/// apart would need a lexer, and texts that only look nested are as rare as nested ones.
pub(super) fn check_nesting(text: &str) -> Result<(), Refusal> {
    let (mut depth, mut low, mut high) = (0_i64, 0_i64, 0_i64);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                high = high.max(depth);
            }
            b')' | b']' | b'}' => {
                depth -= 1;
                low = low.min(depth);
            }
            _ => {}
        }
    }
    let levels = usize::try_from(high - low).unwrap_or(usize::MAX);
    if levels > MAX_BRACKETS {
        return Err(Refusal::Nested(levels));
    }
    Ok(())
}

/// What of a tree is no valid program.
#[derive(Debug, Default)]
pub(super) struct Errors {
    /// How many nodes.
    pub(super) count: usize,
    /// The first of them.
    pub(super) places: Vec<Span>,
    /// Whether not even the whole could be made a program.
    rootless: bool,
}

impl Errors {
    /// A measure by which two grammars compare; a tree without a root is worse than any other.
    pub(super) fn weight(&self) -> (bool, usize) {
        (self.rootless, self.count)
    }
}

/// An offset with its line and column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    byte: usize,
    point: Point,
}

impl Place {
    /// The place at a later offset.
    pub(super) fn advanced(self, text: &str, to: usize) -> Self {
        let between = text.get(self.byte..to).unwrap_or_default();
        let point = match between.rfind('\n') {
            Some(last) => Point::new(
                self.point.row + between.matches('\n').count(),
                between.len() - last - 1,
            ),
            None => Point::new(self.point.row, self.point.column + between.len()),
        };
        Self { byte: to, point }
    }
}

/// A parsed script.
#[derive(Debug)]
pub(super) struct Parsed {
    tree: Tree,
    /// What could not be read.
    pub(super) errors: Errors,
}

impl Parsed {
    /// Parses the part of a text from a place to an offset; the budget of time runs on `clock`.
    pub(super) fn new(
        text: &str,
        start: Place,
        end: usize,
        language: Language,
        clock: &Clock,
    ) -> Result<Self, Refusal> {
        // The parser asks for the time only now and then, so many tiny scripts would never be stopped.
        if clock.elapsed() > BUDGET {
            return Err(Refusal::Slow);
        }
        let grammar = match language {
            Language::JavaScript => tree_sitter_javascript::LANGUAGE,
            Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
        };
        let mut parser = Parser::new();
        // Only a grammar of another ABI than the library's is refused. The tests would show that; it is not worth a
        // message of its own.
        parser
            .set_language(&grammar.into())
            .map_err(|_| Refusal::Slow)?;
        if start.byte > 0 || end < text.len() {
            let range = Range {
                start_byte: start.byte,
                end_byte: end,
                start_point: start.point,
                end_point: start.advanced(text, end).point,
            };
            parser
                .set_included_ranges(&[range])
                .map_err(|_| Refusal::Slow)?;
        }
        let mut calls = 0;
        let mut within_budget = |_: &ParseState| {
            calls += 1;
            if calls > MAX_CALLS || clock.elapsed() > BUDGET {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut within_budget);
        let tree = parser.parse_with_options(
            &mut |offset, _| text.as_bytes().get(offset..).unwrap_or_default(),
            None,
            Some(options),
        );
        let Some(tree) = tree else {
            return Err(if calls > MAX_CALLS {
                Refusal::Long
            } else {
                Refusal::Slow
            });
        };
        let errors = errors(tree.root_node());
        Ok(Self { tree, errors })
    }

    /// The root of the tree.
    pub(super) fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }
}

/// Counts errors, going only where the tree says there are some.
fn errors(root: Node<'_>) -> Errors {
    let mut errors = Errors {
        rootless: root.is_error(),
        ..Errors::default()
    };
    tree::visit(root, |node| {
        if node.is_error() || node.is_missing() {
            errors.count += 1;
            if errors.places.len() < MAX_PLACES {
                errors.places.push(tree::span(node));
            }
        }
        node.has_error()
    });
    errors
}
