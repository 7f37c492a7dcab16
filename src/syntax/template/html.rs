//! Pages.
//!
//! In: a tag of an HTML page. Out: its handlers and addresses in the script. It leaves alone the page's text.

use super::super::markup::Tag;
use super::Template;

impl<'t> Template<'t> {
    pub(super) fn html_tag(&mut self, tag: &Tag<'t>) {
        let name = tag.name.to_ascii_lowercase();
        self.element(tag, &name, |template, attribute| {
            let name = attribute.name.to_ascii_lowercase();
            match (name.strip_prefix("on"), attribute.value.clone()) {
                (Some(event), Some(value)) if event.chars().all(|char| char.is_alphabetic()) => {
                    template.handler(&attribute.at, event, value, "event");
                }
                _ => template.text_attribute(tag, attribute, &name),
            }
        });
    }
}
