//! Form fields and elements that show personal data.
//!
//! In: the elements of a file. Out: those that take or show something of a data class, with all that marks them or an element
//! around them. It leaves alone which SDK records pages, and what its markers are called.

use serde::{Deserialize, Serialize};

use super::named::Named;
use crate::facts::{Entry, Expr, FileFacts, JsxTag};
use crate::ruleset::pages::PageRules;
use crate::ruleset::schema::Part;
use crate::source::{SourceFile, Span};
use crate::syntax::Element;

/// Elements nest no deeper than this for a marker to be looked for.
const MAX_DEPTH: usize = 200;

/// An element that takes or shows something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown {
    /// Its tag, or what it shows.
    pub span: Span,
    /// What of the page it is.
    pub part: Part,
    /// It is inside of something that is clicked.
    pub is_clicked: bool,
    /// The data class.
    pub class: String,
    /// Attributes of the element and of those around it, each with its value as written.
    pub marks: Vec<(String, String)>,
}

/// The words of the rules, ready for use.
pub(super) struct Kinds<'r> {
    rules: &'r PageRules,
    fields: Named<'r>,
    texts: Named<'r>,
}

impl<'r> Kinds<'r> {
    pub(super) fn new(rules: &'r PageRules, fields: Named<'r>, texts: Named<'r>) -> Self {
        Self {
            rules,
            fields,
            texts,
        }
    }

    /// What of a file takes or shows something.
    pub(super) fn shown(&self, elements: &[Element]) -> Vec<Shown> {
        let mut found = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            let around = around(elements, at);
            let marks = || -> Vec<(String, String)> {
                let all = around.iter().flat_map(|it| &it.attributes);
                all.map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            };
            let is_clicked = around
                .iter()
                .any(|it| self.rules.clicked.contains(&it.name));
            if let Some((class, part)) = self.field(element) {
                found.push(Shown {
                    span: element.span,
                    part,
                    is_clicked: false,
                    class: class.to_owned(),
                    marks: marks(),
                });
            }
            for (shown, span) in &element.shown {
                if let Some(class) = self.text(shown) {
                    found.push(Shown {
                        span: *span,
                        part: Part::Text,
                        is_clicked,
                        class: class.to_owned(),
                        marks: marks(),
                    });
                }
            }
        }
        found
    }

    /// Whether an element or component of a name is one into which something is typed.
    pub(super) fn is_field(&self, name: &str) -> bool {
        let last = self.fields.words(name.rsplit('.').next().unwrap_or(name));
        let last = last.last();
        last.is_some_and(|last| self.rules.fields.iter().any(|name| name == last))
    }

    /// Whether a value of this name, with what it is read from, is shown as something of a class.
    pub(super) fn shows(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// What is entered into a field.
    fn field(&self, element: &Element) -> Option<(&str, Part)> {
        if !self.is_field(&element.name) {
            return None;
        }
        let of = |wanted: &str| {
            let same = |name: &str| {
                name.trim_start_matches([':', '['])
                    .trim_end_matches(']')
                    .eq_ignore_ascii_case(wanted)
            };
            let found = element.attributes.iter().find(|(name, _)| same(name));
            found.map(|(_, value)| value.trim_matches(['{', '}', '"', '\'', '`', ' ']))
        };
        let kind = of("type").unwrap_or_default();
        if self.rules.untyped.iter().any(|it| it == kind) {
            return None;
        }
        let filled = of("autocomplete").unwrap_or_default();
        let by_kind = self.rules.field_kinds.iter().find(|it| {
            it.types.iter().any(|it| it == kind) || it.autocomplete.iter().any(|it| it == filled)
        });
        let class = match by_kind {
            Some(found) => found.class.as_str(),
            None => [
                "name",
                "id",
                "v-model",
                "bind:value",
                "formcontrolname",
                "value",
            ]
            .into_iter()
            .filter_map(of)
            .filter(|value| is_path(value))
            .find_map(|value| self.fields.class(tail(value), ""))?,
        };
        let part = match kind {
            "password" => Part::Password,
            _ => Part::Typed,
        };
        Some((class, part))
    }

    /// What a value is that is shown.
    fn text(&self, shown: &str) -> Option<&str> {
        is_path(shown).then(|| self.texts.class(tail(shown), ""))?
    }
}

/// The element and those around it.
fn around(elements: &[Element], at: usize) -> Vec<&Element> {
    let mut found = Vec::new();
    let mut next = Some(at);
    while let Some(element) = next.and_then(|at| elements.get(at))
        && found.len() < MAX_DEPTH
    {
        found.push(element);
        next = element.parent;
    }
    found
}

/// A name, or names with dots between.
fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.' | '?' | '!' | '-'))
}

/// Whether a byte may be one of such names; of what is not ASCII any may.
pub(super) fn is_path_byte(byte: u8) -> bool {
    !byte.is_ascii()
        || byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'$' | b'.' | b'?' | b'!' | b'-')
}

/// The last two names of a way: what a value is called, and of what it is.
fn tail(way: &str) -> &str {
    let mut dots = way.rmatch_indices('.');
    let (_, second) = (dots.next(), dots.next());
    second.map_or(way, |(at, _)| way.get(at + 1..).unwrap_or(way))
}

/// The elements of a file's JSX.
pub(super) fn elements(facts: &FileFacts, source: &SourceFile) -> Vec<Element> {
    let mut all: Vec<_> = facts
        .exprs
        .iter()
        .filter_map(|node| match &node.expr {
            Expr::Jsx {
                tag,
                props,
                children,
            } => Some((node.span, tag, props, children)),
            _ => None,
        })
        .collect();
    all.sort_by_key(|(span, ..)| (span.start, std::cmp::Reverse(span.end)));
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<(usize, Span)> = Vec::new();
    for (span, tag, props, children) in all {
        while open
            .last()
            .is_some_and(|(_, around)| !around.contains(span))
        {
            open.pop();
        }
        let name = match tag {
            JsxTag::Fragment => String::new(),
            JsxTag::Intrinsic(name) => name.to_string(),
            JsxTag::Component(tag) => source.slice(facts.span(*tag)).to_owned(),
        };
        let attributes = props.iter().filter_map(Entry::named);
        let attributes = attributes
            .map(|(key, value)| (key.to_string(), source.slice(facts.span(value)).to_owned()));
        let shown = children
            .iter()
            .filter(|child| !matches!(facts.expr(**child), Expr::Jsx { .. }));
        let shown = shown.map(|child| {
            let span = facts.span(*child);
            (source.slice(span).to_owned(), span)
        });
        found.push(Element {
            name,
            attributes: attributes.collect(),
            span,
            parent: open.last().map(|(at, _)| *at),
            shown: shown.collect(),
        });
        open.push((found.len() - 1, span));
    }
    found
}
