//! The elements of markup that is no script: Vue, Svelte and Astro components, and HTML pages.
//!
//! In: the text of such a file. Out: its elements in their order, with their attributes as text, what they show of values,
//! and the element around each. It leaves alone JSX, which the facts hold, and what an element is for.

use super::islands::Host;
use super::markup::{Braces, Markup, Token};
use crate::source::Span;

/// An element.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// The name of its tag, as written.
    pub name: String,
    /// Its attributes, each with its value as it is written, without quotes.
    pub attributes: Vec<(String, String)>,
    /// Its tag.
    pub span: Span,
    /// The element around it, by its place in the list.
    pub parent: Option<usize>,
    /// The expressions whose values it shows.
    pub shown: Vec<(String, Span)>,
}

/// Whether a file of this name holds such markup.
pub fn has_elements(name: &str) -> bool {
    host(name).is_some()
}

fn host(name: &str) -> Option<Host> {
    Host::of_extension(&name.rsplit('.').next()?.to_ascii_lowercase())
}

/// The elements of a file.
pub fn elements(text: &str, name: &str) -> Vec<Element> {
    let Some(host) = host(name) else {
        return Vec::new();
    };
    let braces = match host {
        Host::Vue => Braces::Double,
        Host::Svelte | Host::Astro => Braces::Single,
        Host::Angular => Braces::Blocks,
        Host::Html => Braces::None,
    };
    let mut markup = Markup::new(text, 0, braces);
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while let Some(token) = markup.next_token() {
        match token {
            Token::Braces(inner) => {
                if let (Some(at), Some(shown)) = (open.last(), text.get(inner.clone()))
                    && let Some(element) = found.get_mut(*at)
                {
                    element.shown.push((shown.trim().to_owned(), span(inner)));
                }
            }
            Token::Tag(tag) if tag.closing => {
                // What was not closed inside is closed with it.
                let same = |at: &usize| {
                    let element = found.get(*at);
                    element.is_some_and(|it| it.name.eq_ignore_ascii_case(tag.name))
                };
                if let Some(at) = open.iter().rposition(same) {
                    open.truncate(at);
                }
            }
            Token::Tag(tag) => {
                let is_raw = matches!(tag.name, "script" | "style" | "SCRIPT" | "STYLE");
                if is_raw && !tag.empty {
                    if markup.raw(tag.name).is_none() {
                        markup.rest();
                    }
                    continue;
                }
                let attributes = tag.attributes.iter().map(|attribute| {
                    let value = attribute.value.clone().and_then(|value| text.get(value));
                    (
                        attribute.name.to_owned(),
                        value.unwrap_or_default().to_owned(),
                    )
                });
                found.push(Element {
                    name: tag.name.to_owned(),
                    attributes: attributes.collect(),
                    span: span(tag.span.clone()),
                    parent: open.last().copied(),
                    shown: Vec::new(),
                });
                if !tag.empty && !super::template::is_void(tag.name) {
                    open.push(found.len() - 1);
                }
            }
            Token::Block(..) | Token::End(_) => {}
        }
    }
    found
}

fn span(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}
