//! Templates of Angular.
//!
//! In: a tag or expression of an Angular template. Out: its loop, bindings and handlers in the script. It leaves alone the
//! class whose members the names are, and pipes.

use std::ops::Range;

use super::super::markup::{Attribute, Tag};
use super::{Template, is_path, is_whole, part};

impl<'t> Template<'t> {
    pub(super) fn angular_tag(&mut self, tag: &Tag<'t>) {
        for attribute in &tag.attributes {
            match (attribute.name, attribute.value.clone()) {
                ("*ngFor", Some(value)) => self.angular_loop(value),
                ("*ngIf", Some(value)) => self.angular_expression(value),
                _ => {}
            }
        }
        self.element(tag, tag.name, |template, attribute| {
            template.angular_attribute(tag, attribute);
        });
    }

    /// `*ngFor="let item of items; trackBy: byId"`
    fn angular_loop(&mut self, value: Range<usize>) {
        let text = self.out.host(value.clone());
        let Some((head, _)) = text.split_once(" of ") else {
            return;
        };
        let Some(name) = head.trim().strip_prefix("let ").map(str::trim) else {
            return;
        };
        let name_at = head.rfind(name).unwrap_or(0);
        let start = head.len() + 4;
        let length = text[start..].find(';').unwrap_or(text.len() - start);
        let items = self.without_pipe(part(&value, start, length));
        if !is_path(name) || !is_whole(self.out.host(items.clone())) {
            return;
        }
        self.out.word("for (const ", &value);
        self.out.source(part(&value, name_at, name.len()));
        self.out.word(" of (", &value);
        self.out.value(items);
        self.out.word(")) {\n", &value);
        self.nest.owes("}\n");
    }

    pub(super) fn angular_expression(&mut self, value: Range<usize>) {
        let text = self.out.host(value.clone());
        let end = text.find(';').unwrap_or(text.len());
        let value = self.without_pipe(part(&value, 0, end));
        self.expression(value);
    }

    /// `value | async` and the like show the value.
    fn without_pipe(&self, value: Range<usize>) -> Range<usize> {
        let text = self.out.host(value.clone());
        let pipe = text.match_indices('|').find(|(at, _)| {
            let is_or = text[at + 1..].starts_with('|') || text[..*at].ends_with('|');
            !is_or
        });
        match pipe {
            Some((at, _)) => part(&value, 0, at),
            None => value,
        }
    }

    fn angular_attribute(&mut self, tag: &Tag<'t>, attribute: &Attribute<'t>) {
        let at = attribute.at.clone();
        let Some(value) = attribute.value.clone() else {
            return;
        };
        let within = |open, close| {
            attribute
                .name
                .strip_prefix(open)
                .and_then(|name| name.strip_suffix(close))
        };
        if let Some(model) = within("[(", ")]") {
            self.entered(&at, value.clone());
            self.bound_attribute(&at, model, value);
        } else if let Some(event) = within("(", ")").or(attribute.name.strip_prefix("on-")) {
            self.handler(&at, event, value, "$event");
        } else if let Some(bound) = within("[", "]").or(attribute.name.strip_prefix("bind-")) {
            let value = self.without_pipe(value);
            self.bound_attribute(&at, bound.trim_start_matches("attr."), value);
        } else if !attribute.name.starts_with(['*', '#', '@']) {
            self.text_attribute(tag, attribute, attribute.name);
        }
    }
}
