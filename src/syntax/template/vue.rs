//! Templates of Vue.
//!
//! In: a tag of a Vue component's template. Out: its loop, slot, bindings, handlers and directives in the script. It leaves
//! alone what the names stand for.

use std::ops::Range;

use super::super::markup::{Attribute, Tag};
use super::element::{component, is_component, prop};
use super::{Template, is_whole, part, top_level_parts, trimmed};

/// Some element of the page, in the place of the one that a directive stands at.
const ELEMENT: &str = "document.body";
/// The functions of a directive that are called with its value.
const HOOKS: [&str; 8] = [
    "created",
    "beforeMount",
    "mounted",
    "updated",
    "bind",
    "inserted",
    "update",
    "componentUpdated",
];

/// Directives of Vue itself that are nothing but an expression.
const PLAIN: [&str; 6] = ["if", "else-if", "show", "text", "html", "memo"];

/// Directives of Vue itself that hold no expression, or are read before.
const SILENT: [&str; 7] = ["else", "once", "pre", "cloak", "slot", "for", "is"];

impl<'t> Template<'t> {
    pub(super) fn vue_tag(&mut self, tag: &Tag<'t>) {
        for attribute in &tag.attributes {
            if attribute.name == "v-for"
                && let Some(value) = &attribute.value
            {
                self.vue_loop(value.clone());
            }
        }
        for attribute in &tag.attributes {
            let is_slot = attribute.name.starts_with('#')
                || attribute.name.starts_with("v-slot")
                || matches!(attribute.name, "slot-scope" | "scope");
            if is_slot && let Some(value) = attribute.value.clone() {
                self.slot(value);
            }
        }
        for attribute in &tag.attributes {
            self.vue_statement(attribute);
        }
        let name = match is_component(tag.name) && !tag.name.contains('.') {
            true => component(tag.name),
            false => tag.name.to_owned(),
        };
        if !matches!(tag.name, "template" | "slot") {
            self.element(tag, &name, |template, attribute| {
                template.vue_attribute(tag, attribute);
            });
        }
    }

    /// `v-for="(item, index) in items"`
    fn vue_loop(&mut self, value: Range<usize>) {
        let text = self.out.host(value.clone());
        let separator = [" in ", " of ", "\nin ", "\nof "]
            .iter()
            .filter_map(|separator| Some((text.find(separator)?, separator.len())))
            .min();
        let Some((at, length)) = separator else {
            return;
        };
        let items = part(&value, at + length, text.len() - at - length);
        let names = trimmed(&text[..at], part(&value, 0, at));
        let mut names_text = self.out.host(names.clone());
        let mut start = names.start;
        if let Some(inner) = names_text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
        {
            names_text = inner;
            start += 1;
        }
        let parts = top_level_parts(names_text);
        let Some((first, rest)) = parts.split_first() else {
            return;
        };
        if !is_whole(self.out.host(items.clone())) || !is_whole(&names_text[first.clone()]) {
            return;
        }
        self.out.word("for (const ", &value);
        self.out.source(start + first.start..start + first.end);
        self.out.word(" of (", &items);
        self.out.value(items.clone());
        self.out.word(")) {\n", &items);
        for index in rest {
            let range = start + index.start..start + index.end;
            if is_whole(self.out.host(range.clone())) {
                self.out.word("const ", &range);
                self.out.source(range.clone());
                self.out.word(" = 0;\n", &range);
            }
        }
        self.nest.owes("}\n");
    }

    /// Names that a component gives to what it is filled with.
    pub(super) fn slot(&mut self, value: Range<usize>) {
        if is_whole(self.out.host(value.clone())) {
            self.out.word("((", &value);
            self.out.source(value.clone());
            self.out.word(") => {\n", &value);
            self.nest.owes("});\n");
        }
    }

    /// What of an attribute is no attribute of the element.
    fn vue_statement(&mut self, attribute: &Attribute<'t>) {
        let Some(directive) = attribute.name.strip_prefix("v-") else {
            return;
        };
        let (name, argument) = directive.split_once(':').unwrap_or((directive, ""));
        let name = name.split('.').next().unwrap_or(name);
        let value = attribute.value.clone();
        if PLAIN.contains(&name) {
            if let Some(value) = value {
                self.expression(value);
            }
        } else if !SILENT.contains(&name) && !matches!(name, "bind" | "on" | "model") {
            self.directive(attribute, name, argument.split('.').next());
        }
    }

    /// A directive of the app: its functions are called with the value.
    fn directive(&mut self, attribute: &Attribute<'t>, name: &str, argument: Option<&str>) {
        let at = &attribute.at;
        let called = format!("v{}", component(name));
        self.out.word("{ const $binding = { arg: \"", at);
        self.out.word(&prop(argument.unwrap_or_default()), at);
        self.out.word("\", value: ", at);
        match &attribute.value {
            Some(value) if is_whole(self.out.host(value.clone())) => {
                self.out.word("(", value);
                self.out.value(value.clone());
                self.out.word(")", value);
            }
            _ => self.out.word("undefined", at),
        }
        let whole = at.start..attribute.value.as_ref().map_or(at.end, |value| value.end);
        self.out.word(" };\n", at);
        self.out
            .word(&format!("{called}({ELEMENT}, $binding);\n"), &whole);
        for hook in HOOKS {
            self.out
                .word(&format!("{called}.{hook}({ELEMENT}, $binding);\n"), &whole);
        }
        self.out.word("}\n", at);
    }

    fn vue_attribute(&mut self, tag: &Tag<'t>, attribute: &Attribute<'t>) {
        let name = attribute.name;
        let at = attribute.at.clone();
        let Some(value) = attribute.value.clone() else {
            if !name.starts_with("v-") && !name.starts_with(['#', '@', ':', '{']) {
                self.text_attribute(tag, attribute, name);
            }
            return;
        };
        let event = name.strip_prefix('@').or(name.strip_prefix("v-on:"));
        let bound = name.strip_prefix(':').or(name.strip_prefix("v-bind:"));
        if let Some(event) = event {
            let event = event.split('.').next().unwrap_or(event);
            self.handler(&at, event, value, "$event");
        } else if let Some(bound) = bound {
            let bound = bound.split('.').next().unwrap_or(bound);
            if bound.starts_with('[') {
                self.bound_attribute(&at, "_", value);
            } else {
                self.bound_attribute(&at, bound, value);
            }
        } else if matches!(name, "v-bind" | "v-on") {
            self.spread(value);
        } else if name == "v-model" || name.starts_with("v-model.") {
            self.entered(tag, &at, value.clone());
            self.bound_attribute(&at, "model-value", value);
        } else if let Some(model) = name.strip_prefix("v-model:") {
            let model = model.split('.').next().unwrap_or(model);
            self.entered(tag, &at, value.clone());
            self.bound_attribute(&at, model, value);
        } else if !name.starts_with("v-") && !name.starts_with('#') {
            self.text_attribute(tag, attribute, name);
        }
    }
}
