//! Templates: the markup of components and pages, read as scripts.
//!
//! In: the tokens of a file's markup. Out: a [`Rendering`]: a script in which elements are JSX, handlers are functions,
//! loops are loops, and every expression is the template's own text. It leaves alone the file's scripts, and what the names
//! in a template stand for.
//!
//! Each expression becomes a statement of its own, so that one that cannot be read spoils no other; only what gives names
//! (loops, slots) is a block around what it holds.

mod angular;
mod astro;
mod element;
mod form;
mod html;
mod nest;
pub(super) mod rendering;
mod svelte;
mod vue;

use std::ops::Range;

pub(super) use element::{component as component_name, prop};

use super::islands::Host;
use super::markup::Tag;
use crate::facts::Problem;
use crate::source::Span;
use nest::Nest;
use rendering::Rendering;

/// Makes a script of the tokens of a template, one by one.
#[derive(Debug)]
pub(super) struct Template<'t> {
    host: Host,
    out: Rendering<'t>,
    nest: Nest<'t>,
    /// Up to where a page of Astro is in the script.
    read: usize,
    /// Scripts of a page of Astro that are given values of the page: the object of them, and the script.
    given: Vec<(Range<usize>, Range<usize>)>,
}

impl<'t> Template<'t> {
    /// Starts at an offset of the file.
    pub(super) fn new(text: &'t str, host: Host, at: usize) -> Self {
        let mut out = Rendering::new(text);
        if host == Host::Astro {
            out.word("(<>", &(at..at));
        }
        Self {
            host,
            out,
            nest: Nest::default(),
            read: at,
            given: Vec::new(),
        }
    }

    /// A tag of the template.
    pub(super) fn tag(&mut self, tag: &Tag<'t>) {
        if self.host == Host::Astro {
            self.astro_tag(tag);
            return;
        }
        if tag.closing {
            self.nest.close_element(tag.name, &tag.span, &mut self.out);
            return;
        }
        self.nest.open(nest::Kind::Element(tag.name));
        match self.host {
            Host::Vue => self.vue_tag(tag),
            Host::Svelte => self.svelte_tag(tag),
            Host::Html => self.html_tag(tag),
            Host::Angular => self.angular_tag(tag),
            Host::Astro => {}
        }
        if tag.empty || is_void(tag.name) {
            self.nest.close_element(tag.name, &tag.span, &mut self.out);
        }
    }

    /// A tag whose content, up to an offset, is no markup.
    pub(super) fn unscripted(&mut self, tag: &Tag<'t>, end: usize) {
        if self.host == Host::Astro {
            self.astro_text(tag.span.start);
            self.astro_skip(end);
        } else if tag.attribute("src").is_some() {
            match self.host {
                Host::Html => self.html_tag(tag),
                Host::Svelte => self.svelte_tag(tag),
                _ => {}
            }
        }
    }

    /// An expression in the text of the template.
    pub(super) fn braces(&mut self, inner: Range<usize>) {
        match self.host {
            Host::Svelte => self.svelte_braces(inner),
            Host::Angular => self.angular_braces(inner),
            _ => self.expression(inner),
        }
    }

    /// The head of a block of Angular.
    pub(super) fn head_of_block(&mut self, word: &str, head: Range<usize>) {
        self.angular_block(&head.clone(), word, head);
    }

    /// The end of such a block.
    pub(super) fn end_of_block(&mut self, at: usize) {
        self.angular_end(&(at..at + 1));
    }

    /// The script of a template that ends at an offset.
    pub(super) fn finish(mut self, end: usize) -> Rendering<'t> {
        if self.host == Host::Astro {
            // An expression that is never closed would take the end of the page with it.
            let tail = self.out.host(self.read..end);
            let unclosed = tail
                .find('{')
                .filter(|open| super::markup::script_end(tail, *open).is_none());
            let length = unclosed.unwrap_or(tail.len());
            self.astro_text(self.read + length);
        }
        self.nest.close_all(end, &mut self.out);
        if self.host == Host::Astro {
            self.out.word("</>);", &(end..end));
            self.astro_given();
        }
        self.out
    }

    /// An expression whose value is shown: it matters only if it calls something, or reads something of the framework's.
    fn expression(&mut self, range: Range<usize>) {
        if self.out.host(range.clone()).contains(['(', '`', '$']) {
            self.evaluated(range);
        }
    }

    /// An expression as a statement.
    fn evaluated(&mut self, range: Range<usize>) {
        if is_whole(self.out.host(range.clone())) {
            self.out.word("(", &range);
            self.out.value(range.clone());
            self.out.word(");\n", &range);
        }
    }
}

/// A template of Vue in another language than HTML, which is not read.
pub(super) fn foreign(text: &str) -> Option<Problem> {
    const START: &str = "<template lang=";
    let at = text.find(START)?;
    let language = text[at + START.len()..].trim_start_matches(['"', '\'']);
    let end = language.find(|char: char| !char.is_alphanumeric())?;
    let language = &language[..end];
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    (language != "html" && !language.is_empty()).then(|| Problem {
        span: Span::new(start, start),
        message: format!("its template is in {language}, which is not read"),
    })
}

/// Elements that have no content and no closing tag.
pub(super) fn is_void(name: &str) -> bool {
    [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    ]
    .contains(&name)
}

/// Whether a text can stand in brackets: it closes what it opens, and nothing else.
fn is_whole(text: &str) -> bool {
    !text.trim().is_empty()
        && super::markup::script_end(&format!("({text}\n)"), 0) == Some(text.len() + 3)
}

/// Whether an expression only names something (`save`, `actions.save`).
fn is_path(text: &str) -> bool {
    text.split('.').all(|name| {
        let name = name.trim();
        name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$'))
            && name
                .chars()
                .all(|char| char.is_alphanumeric() || matches!(char, '_' | '$'))
    })
}

/// The place of a piece of a text, given the text's place.
fn part(of: &Range<usize>, offset: usize, length: usize) -> Range<usize> {
    of.start + offset..of.start + offset + length
}

/// The parts of a text between commas outside of brackets.
fn top_level_parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(start..text.len());
    parts
}

/// A range without the white space around.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}
