//! Pages of Astro, whose markup is JSX but for the freedoms of HTML.
//!
//! In: the tags of a page. Out: one JSX fragment, with what is between the tags as it is. It leaves alone the page's
//! scripts and styles.

use std::ops::Range;

use super::super::markup::{Attribute, Tag};
use super::element::prop;
use super::nest::Kind;
use super::{Template, is_path, is_void, is_whole, part, top_level_parts, trimmed};

impl<'t> Template<'t> {
    /// A tag, and what stands before it.
    pub(super) fn astro_tag(&mut self, tag: &Tag<'t>) {
        self.astro_text(tag.span.start);
        self.astro_skip(tag.span.end);
        if tag.closing {
            self.nest.close_element(tag.name, &tag.span, &mut self.out);
            return;
        }
        let at = tag.span.start + 1;
        self.out.word("<", &tag.span);
        self.out.source(at..at + tag.name.len());
        for attribute in &tag.attributes {
            self.astro_attribute(tag, attribute);
        }
        if tag.empty || is_void(tag.name) {
            self.out.word(" />", &tag.span);
        } else {
            self.out.word(">", &tag.span);
            self.nest.open(Kind::Element(tag.name));
            self.nest.owes(&format!("</{}>", tag.name));
        }
    }

    /// Goes on at an offset.
    pub(in crate::syntax) fn astro_skip(&mut self, to: usize) {
        self.read = to;
    }

    /// The text up to an offset, without comments and declarations.
    pub(super) fn astro_text(&mut self, to: usize) {
        let mut at = self.read;
        while at < to {
            let text = self.out.host(at..to);
            let Some(open) = text.find("<!") else {
                break;
            };
            self.astro_piece(at..at + open);
            let rest = &text[open..];
            let end = match rest.starts_with("<!--") {
                true => rest.find("-->").map(|end| end + 3),
                false => rest.find('>').map(|end| end + 1),
            };
            at = end.map_or(to, |end| at + open + end);
        }
        if at < to {
            self.astro_piece(at..to);
        }
        self.read = to.max(self.read);
    }

    /// Text without what looks like a tag and is none.
    fn astro_piece(&mut self, range: Range<usize>) {
        let text = self.out.host(range.clone());
        let mut at = range.start;
        for (offset, _) in text.match_indices('<') {
            let next = text[offset + 1..].chars().next();
            if next.is_none_or(|next| next.is_alphabetic() || matches!(next, '/' | '>')) {
                self.out.source(at..range.start + offset);
                at = range.start + offset + 1;
            }
        }
        self.out.source(at..range.end);
    }

    /// A script that is given values of the page (`define:vars={{ user }}`), up to an offset. Whether it is one.
    pub(in crate::syntax) fn with_vars(&mut self, tag: &Tag<'t>, script: Range<usize>) -> bool {
        let vars = tag.attributes.iter().find(|it| it.name == "define:vars");
        let Some(value) = vars.and_then(|vars| vars.value.clone()) else {
            return false;
        };
        let inner = part(&value, 1, value.len().saturating_sub(2));
        let inner = trimmed(self.out.host(inner.clone()), inner);
        let is_object = self.out.host(inner.clone()).starts_with('{');
        let is_read = is_object
            && is_whole(self.out.host(inner.clone()))
            && is_whole(self.out.host(script.clone()));
        if is_read {
            self.given.push((inner, script));
        }
        is_read
    }

    /// Such scripts are blocks in which what they are given has its names.
    pub(super) fn astro_given(&mut self) {
        for (vars, script) in std::mem::take(&mut self.given) {
            let text = self.out.host(vars.clone());
            let entries = &text[1..text.len() - 1];
            let names: Vec<&str> = top_level_parts(entries)
                .into_iter()
                .map(|entry| entries[entry].split(':').next().unwrap_or_default().trim())
                .filter(|name| is_path(name))
                .collect();
            self.out.word("\n{ const $vars = (", &vars);
            self.out.source(vars.clone());
            let names = names.join(", ");
            self.out
                .word(&format!(");\n{{ const {{ {names} }} = $vars;\n"), &vars);
            self.out.source(script.clone());
            self.out.word("\n}}\n", &script);
        }
    }

    fn astro_attribute(&mut self, tag: &Tag<'t>, attribute: &Attribute<'t>) {
        let name = attribute.name;
        let at = attribute.at.clone();
        if let Some(shorthand) = name.strip_prefix('{') {
            let inner = shorthand.trim_end_matches('}').trim();
            if inner.starts_with("...") {
                self.out.word(" ", &at);
                self.out.source(at);
            } else if is_path(inner) {
                let start = at.start + name.find(inner).unwrap_or(1);
                self.bound_attribute(&at, inner, start..start + inner.len());
            }
            return;
        }
        let Some(value) = attribute.value.clone() else {
            return;
        };
        let text = self.out.host(value.clone());
        if text.starts_with('{') && text.ends_with('}') {
            self.out.word(" ", &at);
            self.out.word(&prop(name), &at);
            self.out.word("=", &at);
            self.out.source(value);
        } else if text.starts_with('`') {
            self.bound_attribute(&at, name, value);
        } else if let Some(event) = name.strip_prefix("on") {
            self.handler(&at, event, value, "event");
        } else {
            self.text_attribute(tag, attribute, name);
        }
    }
}
