//! Forms that the browser sends by itself, or code reads.
//!
//! In: the tag of a form. Out: the fields up to the form's end, as elements in it: by name, with what they
//! are set to. It leaves alone where the form leads, and what the fields do beside (`element`), which are read as tags of
//! their own.

use std::ops::Range;

use super::super::markup::{Attribute, Markup, Tag, Token};
use super::element::is_component;
use super::{Template, is_whole};
use crate::syntax::islands::Host;

/// The element of a form.
pub(super) const FORM: &str = "form";

/// The element of a field for long texts.
const LONG: &str = "textarea";

/// Attributes that say what a field is for, beside its name.
const SAYING: [&str; 3] = ["id", "type", "autocomplete"];

/// Types of fields that say what text is in them.
const TELLING: [&str; 4] = ["email", "tel", "password", "search"];

/// A form with more tags is not one that somebody fills in.
const MAX_TAGS: usize = 2_000;

impl<'t> Template<'t> {
    /// Whether a tag opens a form.
    pub(super) fn opens_form(tag: &Tag<'t>) -> bool {
        tag.name.eq_ignore_ascii_case(FORM) && !tag.empty
    }

    /// The fields in a form, as its children. A form within a form, which a page cannot have, ends it.
    pub(super) fn form_fields(&mut self, form: &Tag<'t>) {
        let mut markup = Markup::new(self.out.whole(), form.span.end, self.host.braces());
        for _ in 0..MAX_TAGS {
            match markup.next_token() {
                Some(Token::Tag(tag)) if tag.name.eq_ignore_ascii_case(FORM) => break,
                Some(Token::Tag(tag)) if !tag.closing => self.form_field(&tag),
                Some(_) => {}
                None => break,
            }
        }
    }

    /// Whether the type of an element of the platform says what text somebody enters in it.
    pub(super) fn says_more(&self, tag: &Tag<'t>) -> bool {
        let mut attributes = tag.attributes.iter();
        let kind = attributes.find(|known| known.name == "type");
        let kind = kind.and_then(|kind| kind.value.clone());
        is_field(tag.name) && kind.is_some_and(|it| TELLING.contains(&self.out.host(it)))
    }

    /// What a field is for, by its name and the attributes beside it.
    pub(super) fn purpose(&mut self, tag: &Tag<'t>) {
        self.say(tag, &["name"]);
        self.say(tag, &SAYING);
    }

    /// Those of some attributes that are plain words.
    fn say(&mut self, tag: &Tag<'t>, names: &[&str]) {
        for name in names {
            let mut attributes = tag.attributes.iter();
            let said = attributes.find(|known| known.name.eq_ignore_ascii_case(name));
            let said = said.and_then(|it| it.value.clone());
            if let Some(said) = said.filter(|it| is_plain(self.out.host(it.clone()))) {
                self.out.word(&format!(" {name}=\""), &said);
                self.out.source(said.clone());
                self.out.word("\"", &said);
            }
        }
    }

    fn form_field(&mut self, tag: &Tag<'t>) {
        let of_tag = |wanted: &str| {
            let mut attributes = tag.attributes.iter();
            attributes.find(|known| known.name.eq_ignore_ascii_case(wanted))
        };
        let is_field = is_component(tag.name) || is_field(tag.name);
        let name = of_tag("name").and_then(|name| name.value.clone());
        let Some(name) = name.filter(|name| is_field && is_plain(self.out.host(name.clone())))
        else {
            return;
        };
        let mark = self.out.mark();
        let element = match tag.name.eq_ignore_ascii_case(LONG) {
            true => LONG,
            false => "input",
        };
        self.out.word(&format!("<{element} name=\""), &tag.span);
        self.out.source(name);
        self.out.word("\"", &tag.span);
        if let Some(value) = self.set_to(tag) {
            self.out.word(" value={", &value);
            self.out.value(value.clone());
            self.out.word("}", &value);
        } else if of_tag("value").is_some()
            && of_tag("type").is_some_and(|kind| self.is_hidden(kind))
        {
            // What nobody enters or sets is a word of the page's own.
            self.out.back_to(mark);
            return;
        }
        self.say(tag, &SAYING);
        self.out.word(" />", &tag.span);
    }

    /// The expression that a field is set to.
    fn set_to(&self, tag: &Tag<'t>) -> Option<Range<usize>> {
        let wanted: &[&str] = match self.host {
            Host::Vue => &[":value", "v-bind:value"],
            Host::Angular => &["[value]"],
            Host::Svelte => &["value"],
            Host::Html | Host::Astro => return None,
        };
        let mut attributes = tag.attributes.iter();
        let value = attributes.find(|known| wanted.contains(&known.name))?;
        let value = value.value.clone()?;
        let text = self.out.host(value.clone());
        let inner = match (self.host, text.strip_prefix('{')) {
            (Host::Svelte, None) => return None,
            (Host::Svelte, Some(_)) => value.start + 1..value.end.saturating_sub(1),
            _ => value,
        };
        is_whole(self.out.host(inner.clone())).then_some(inner)
    }

    fn is_hidden(&self, kind: &Attribute<'t>) -> bool {
        let value = kind.value.clone().unwrap_or_default();
        self.out.host(value).eq_ignore_ascii_case("hidden")
    }
}

/// Whether an element of the platform holds what somebody enters.
pub(super) fn is_field(name: &str) -> bool {
    let fields = ["input", "textarea", "select"];
    fields.iter().any(|field| name.eq_ignore_ascii_case(field))
}

/// Whether a name can stand in quotes as it is.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['"', '{', '}', '&', '<', '\n'])
}
