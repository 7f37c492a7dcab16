//! Elements as JSX.
//!
//! In: a tag's name and what its attributes are. Out: the element in the script. It leaves alone how a template spells
//! attributes.

use std::ops::Range;

use super::super::islands::Host;
use super::super::markup::{Attribute, Tag};
use super::form::is_field;
use super::{Template, is_path, is_whole};

/// Attributes from which the browser loads, or to which it sends, and those that say how.
const ADDRESSES: [&str; 10] = [
    "src",
    "srcset",
    "href",
    "action",
    "formaction",
    "data",
    "ping",
    "poster",
    "rel",
    "method",
];

impl<'t> Template<'t> {
    /// The element of a tag in the script, with what `attributes` writes of it. An element of the platform without any is
    /// left out.
    pub(super) fn element(
        &mut self,
        tag: &Tag<'t>,
        name: &str,
        attributes: impl Fn(&mut Self, &Attribute<'t>),
    ) {
        let mark = self.out.mark();
        self.out.word("(<", &tag.span);
        // The name stands for itself where it is written so.
        let at = tag.span.start + 1;
        if name == tag.name {
            self.out.source(at..at + name.len());
        } else {
            self.out.word(name, &(at..at + tag.name.len()));
        }
        let bare = self.out.mark();
        for attribute in &tag.attributes {
            attributes(self, attribute);
        }
        if bare == self.out.mark() && !is_component(name) {
            self.out.back_to(mark);
        } else if Self::opens_form(tag) {
            self.out.word(">", &tag.span);
            self.form_fields(tag);
            self.out.word("</", &tag.span);
            self.out.word(name, &tag.span);
            self.out.word(">);\n", &tag.span);
        } else {
            self.out.word(" />);\n", &tag.span);
        }
    }

    /// An attribute with a text. Of an element of the platform it counts if it is an address, or says of what kind one is.
    pub(super) fn text_attribute(&mut self, tag: &Tag<'t>, attribute: &Attribute<'t>, name: &str) {
        let is_name = self.host == Host::Astro && is_field(tag.name) && name == "name";
        // Scripts are told by those what they are to do.
        let is_told = tag.name.eq_ignore_ascii_case("script") && is_data(name);
        if !is_component(tag.name) && !ADDRESSES.contains(&name) && !is_name && !is_told {
            return;
        }
        self.out.word(" ", &attribute.at);
        let written = match is_told {
            true => name.to_owned(),
            false => prop(name),
        };
        self.out.word(&written, &attribute.at);
        let Some(value) = &attribute.value else {
            return;
        };
        let text = self.out.host(value.clone());
        // A tag cannot hold both kinds of quotes in a value without references.
        let quote = if text.contains('"') { "'" } else { "\"" };
        if text.contains(quote) || text.contains("&quot;") || text.contains("&#39;") {
            self.out.word("=\"\"", value);
            return;
        }
        self.out.word("=", value);
        self.out.word(quote, value);
        self.out.value(value.clone());
        self.out.word(quote, value);
    }

    /// An attribute whose value is an expression.
    pub(super) fn bound_attribute(&mut self, at: &Range<usize>, name: &str, value: Range<usize>) {
        if is_whole(self.out.host(value.clone())) {
            self.out.word(" ", at);
            self.out.word(&prop(name), at);
            self.out.word("={", &value);
            self.out.value(value.clone());
            self.out.word("}", &value);
        }
    }

    /// Attributes that are an object's fields.
    pub(super) fn spread(&mut self, value: Range<usize>) {
        if is_whole(self.out.host(value.clone())) {
            self.out.word(" {...(", &value);
            self.out.value(value.clone());
            self.out.word(")}", &value);
        }
    }

    /// A handler whose value is a function, or statements that are run with the event under a name.
    pub(super) fn handler(
        &mut self,
        at: &Range<usize>,
        event: &str,
        value: Range<usize>,
        parameter: &str,
    ) {
        let text = self.out.host(value.clone());
        let text = text.trim().trim_end_matches(';');
        let name = prop(&format!("on-{event}"));
        let is_function = is_path(text)
            || text.starts_with("function")
            || text.starts_with("async ")
            || arrow(text);
        if is_function {
            let start = value.start + (self.out.host(value.clone()).find(text).unwrap_or(0));
            self.bound_attribute(at, &name, start..start + text.len());
        } else if is_whole(text) {
            self.out.word(" ", at);
            self.out.word(&name, at);
            self.out.word("={(", at);
            self.out.word(parameter, at);
            self.out.word(") => { ", at);
            self.out.value(value.clone());
            self.out.word("\n}}", &value);
        }
    }

    /// What the user enters goes to a variable or property.
    pub(super) fn entered(&mut self, tag: &Tag<'t>, at: &Range<usize>, target: Range<usize>) {
        let text = self.out.host(target.clone());
        if !is_whole(text) || text.contains(['=', '?', '`', '{']) {
            return;
        }
        // The value is named by what it is put into, unless the field says more: an event itself says nothing of it.
        let name = text.rsplit(['.', ' ', '[', ']']).next().unwrap_or(text);
        let name = if is_path(name) { name } else { "value" };
        let read = match self.says_more(tag) {
            true => {
                self.purpose(tag);
                "target.value"
            }
            false => name,
        };
        self.out.word(" onInput={($value) => { ", at);
        self.out.value(target.clone());
        self.out.word(&format!(" = $value.{read}; }}}}"), &target);
    }
}

/// Whether a tag is that of a component.
pub(super) fn is_component(name: &str) -> bool {
    name.contains(['-', '.']) || name.starts_with(|first: char| first.is_uppercase())
}

/// Whether an attribute is one of an element's own data (`data-domain`).
fn is_data(name: &str) -> bool {
    let rest = name.strip_prefix("data-");
    rest.is_some_and(|rest| {
        rest.chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '-')
    })
}

/// Whether a text is an arrow function.
fn arrow(text: &str) -> bool {
    let Some((head, _)) = text.split_once("=>") else {
        return false;
    };
    let head = head.trim();
    is_path(head)
        || (head.starts_with('(')
            && super::super::markup::script_end(head, 0).is_some_and(|end| end == head.len()))
}

/// An attribute's name as a property of a component: `user-id` is `userId`, and what no name can hold is left out.
pub(in crate::syntax) fn prop(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for char in name.chars() {
        match char {
            '-' | ':' | '.' | '@' if out.is_empty() => {}
            '-' | ':' | '.' => upper = true,
            char if char.is_alphanumeric() || char == '_' || char == '$' => {
                if upper {
                    out.extend(char.to_uppercase());
                } else {
                    out.push(char);
                }
                upper = false;
            }
            _ => {}
        }
    }
    if out.starts_with(|first: char| first.is_ascii_digit()) || out.is_empty() {
        out.insert(0, '_');
    }
    out
}

/// The name of a component: `user-card` is `UserCard`.
pub(in crate::syntax) fn component(name: &str) -> String {
    let mut out = prop(name);
    if let Some(first) = out.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    out
}
