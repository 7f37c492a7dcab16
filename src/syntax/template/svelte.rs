//! Templates of Svelte.
//!
//! In: a tag or a block of a Svelte component. Out: its loop or branch, bindings, handlers and actions in the script. It
//! leaves alone what the names stand for.

use std::ops::Range;

use super::super::markup::{Attribute, Tag, script_end};
use super::nest::Kind;
use super::{Template, is_whole, part, trimmed};

/// What Svelte itself calls with the value of an attribute of such a prefix, beside nothing that reads it.
const FUNCTIONS: [&str; 1] = ["use"];

impl<'t> Template<'t> {
    pub(super) fn svelte_tag(&mut self, tag: &Tag<'t>) {
        for attribute in &tag.attributes {
            if let Some(name) = attribute.name.strip_prefix("let:") {
                self.slot_value(attribute, name);
            }
        }
        for attribute in &tag.attributes {
            self.svelte_statement(attribute);
        }
        let name = tag.name.replace(':', "-");
        self.element(tag, &name, |template, attribute| {
            template.svelte_attribute(tag, attribute);
        });
    }

    /// `let:item`, `let:item={row}`
    fn slot_value(&mut self, attribute: &Attribute<'t>, name: &str) {
        let value = attribute.value.clone().and_then(|value| self.inner(&value));
        let at = part(&attribute.at, "let:".len(), name.len());
        let names = value.unwrap_or_else(|| at.clone());
        if is_whole(self.out.host(names.clone())) {
            self.out.word("(({ ", &at);
            self.out.source(at.clone());
            self.out.word(": ", &at);
            self.out.source(names);
            self.out.word(" }) => {\n", &at);
            self.nest.owes("});\n");
        }
    }

    /// What of an attribute is no attribute of the element.
    fn svelte_statement(&mut self, attribute: &Attribute<'t>) {
        let Some((prefix, name)) = attribute.name.split_once(':') else {
            return;
        };
        let value = attribute.value.clone().and_then(|value| self.inner(&value));
        let name_at = part(&attribute.at, prefix.len() + 1, name.len());
        if FUNCTIONS.contains(&prefix) && super::is_path(name) {
            let whole = attribute.at.start
                ..attribute
                    .value
                    .as_ref()
                    .map_or(attribute.at.end, |value| value.end);
            self.out.source(name_at);
            self.out.word("(null, ", &whole);
            match value {
                Some(value) if is_whole(self.out.host(value.clone())) => self.out.source(value),
                _ => self.out.word("undefined", &whole),
            }
            self.out.word(");\n", &whole);
        } else if matches!(
            prefix,
            "class" | "style" | "transition" | "in" | "out" | "animate"
        ) && let Some(value) = value
        {
            self.expression(value);
        }
    }

    fn svelte_attribute(&mut self, tag: &Tag<'t>, attribute: &Attribute<'t>) {
        let name = attribute.name;
        let at = attribute.at.clone();
        if let Some(shorthand) = name.strip_prefix('{') {
            let inner = at.start + 1..at.end.saturating_sub(1);
            if let Some(spread) = shorthand.trim_start().strip_prefix("...") {
                self.spread(at.end - spread.len()..inner.end);
            } else if !shorthand.starts_with(['@', '/']) {
                let inner = trimmed(self.out.host(inner.clone()), inner);
                let name = self.out.host(inner.clone());
                if super::is_path(name) {
                    self.bound_attribute(&at, name, inner);
                }
            }
            return;
        }
        if let Some((prefix, rest)) = name.split_once(':') {
            let rest = rest.split('|').next().unwrap_or(rest);
            let value = attribute.value.clone().and_then(|value| self.inner(&value));
            match (prefix, value) {
                ("on", Some(value)) => self.handler(&at, rest, value, "$event"),
                ("bind", value) => {
                    let value = value.unwrap_or_else(|| part(&at, prefix.len() + 1, rest.len()));
                    if rest != "this" && is_whole(self.out.host(value.clone())) {
                        self.entered(tag, &at, value.clone());
                        self.bound_attribute(&at, rest, value);
                    }
                }
                _ => {}
            }
            return;
        }
        let Some(value) = attribute.value.clone() else {
            self.text_attribute(tag, attribute, name);
            return;
        };
        if let Some(inner) = self.inner(&value) {
            self.bound_attribute(&at, name, inner);
        } else if self.out.host(value.clone()).contains('{') {
            self.mixed_attribute(&at, name, value);
        } else {
            self.text_attribute(tag, attribute, name);
        }
    }

    /// `href="/users/{user.id}"`
    fn mixed_attribute(&mut self, at: &Range<usize>, name: &str, value: Range<usize>) {
        let text = self.out.host(value.clone());
        if text.contains(['`', '\\']) {
            return;
        }
        let mut pieces = Vec::new();
        let mut from = 0;
        while let Some(open) = text[from..].find('{').map(|open| from + open) {
            let Some(end) = script_end(text, open) else {
                return;
            };
            let inner = part(&value, open + 1, end - open - 2);
            if !is_whole(self.out.host(inner.clone())) {
                return;
            }
            pieces.push((part(&value, from, open - from), inner));
            from = end;
        }
        self.out.word(" ", at);
        self.out.word(&super::element::prop(name), at);
        self.out.word("={`", &value);
        for (literal, inner) in pieces {
            self.out.value(literal);
            self.out.word("${", &inner);
            self.out.source(inner.clone());
            self.out.word("}", &inner);
        }
        self.out.value(part(&value, from, text.len() - from));
        self.out.word("`}", &value);
    }

    /// The inside of a value that is one pair of braces.
    fn inner(&self, value: &Range<usize>) -> Option<Range<usize>> {
        let text = self.out.host(value.clone());
        let whole = text.starts_with('{') && script_end(text, 0) == Some(text.len());
        whole.then(|| value.start + 1..value.end - 1)
    }

    pub(super) fn svelte_braces(&mut self, inner: Range<usize>) {
        let inner = trimmed(self.out.host(inner.clone()), inner);
        let text = self.out.host(inner.clone());
        let word_length = text
            .find(|char: char| char.is_whitespace())
            .unwrap_or(text.len());
        let (word, rest) = text.split_at(word_length);
        let rest = trimmed(rest, part(&inner, word_length, rest.len()));
        match word {
            "#each" => self.each(&inner, rest),
            "#if" | "#key" => {
                self.nest.open(Kind::Block);
                self.evaluated(rest);
                self.block(&inner);
            }
            "#await" => {
                self.nest.open(Kind::Block);
                self.awaited(&inner, rest);
            }
            "#snippet" => {
                self.nest.open(Kind::Block);
                if self.out.host(rest.clone()).ends_with(')')
                    && is_whole(self.out.host(rest.clone()))
                {
                    self.out.word("function ", &inner);
                    self.out.source(rest);
                    self.out.word(" ", &inner);
                }
                self.block(&inner);
            }
            ":else" | ":then" | ":catch" => self.branch(&inner, word, rest),
            "/if" | "/each" | "/await" | "/key" | "/snippet" => {
                self.nest.close_block(&inner, &mut self.out);
            }
            "@const" if is_whole(self.out.host(rest.clone())) => {
                self.out.word("const ", &inner);
                self.out.source(rest);
                self.out.word(";\n", &inner);
            }
            "@html" | "@render" | "@attach" => self.expression(rest),
            _ if word.starts_with(['#', ':', '/', '@']) => {}
            _ => self.expression(inner),
        }
    }

    fn block(&mut self, at: &Range<usize>) {
        self.out.word("{\n", at);
        self.nest.owes("}\n");
    }

    /// `{#each items as item, index (key)}`
    fn each(&mut self, at: &Range<usize>, rest: Range<usize>) {
        self.nest.open(Kind::Block);
        let text = self.out.host(rest.clone());
        let (items, names) = match text.rfind(" as ") {
            Some(split) => (
                part(&rest, 0, split),
                Some(part(&rest, split + 4, text.len() - split - 4)),
            ),
            None => (rest, None),
        };
        let names = names.and_then(|names| {
            let names = trimmed(self.out.host(names.clone()), names);
            let text = self.out.host(names.clone());
            let end = if text.starts_with(['{', '[']) {
                script_end(text, 0)?
            } else {
                text.find([',', '(', ' ']).unwrap_or(text.len())
            };
            let index = text[end..].trim_start().strip_prefix(',').map(|index| {
                let start = text.len() - index.trim_start().len();
                let index = index.trim_start();
                let length = index.find([' ', '(']).unwrap_or(index.len());
                part(&names, start, length)
            });
            Some((part(&names, 0, end), index))
        });
        if !is_whole(self.out.host(items.clone())) {
            self.block(at);
            return;
        }
        self.out.word("for (const ", at);
        match &names {
            Some((name, _)) if is_whole(self.out.host(name.clone())) => {
                self.out.source(name.clone())
            }
            _ => self.out.word("_", at),
        }
        self.out.word(" of (", at);
        self.out.source(items);
        self.out.word(")) ", at);
        self.block(at);
        if let Some((_, Some(index))) = names
            && super::is_path(self.out.host(index.clone()))
        {
            self.out.word("const ", &index);
            self.out.source(index.clone());
            self.out.word(" = 0;\n", &index);
        }
    }

    /// `{#await promise}`, `{#await promise then value}`
    fn awaited(&mut self, at: &Range<usize>, rest: Range<usize>) {
        let text = self.out.host(rest.clone()).trim_end();
        // What comes next may have no name.
        let nameless = [" then", " catch"];
        let text = nameless
            .iter()
            .find_map(|end| text.strip_suffix(end))
            .unwrap_or(text);
        let split = text.find(" then ").or(text.find(" catch "));
        let promise = part(&rest, 0, split.unwrap_or(text.len()));
        self.block(at);
        if is_whole(self.out.host(promise.clone())) {
            let name = self.awaited_name();
            self.out.word(&format!("const {name} = await ("), at);
            self.out.source(promise);
            self.out.word(");\n", at);
        }
        self.block(at);
        if let Some(split) = split
            && text[split..].starts_with(" then ")
        {
            let value = part(&rest, split + 6, text.len() - split - 6);
            self.awaited_value(at, value);
        }
    }

    /// The name that a branch gives to the awaited value.
    fn awaited_value(&mut self, at: &Range<usize>, value: Range<usize>) {
        if is_whole(self.out.host(value.clone())) {
            let name = self.awaited_name();
            self.out.word("const ", at);
            self.out.source(value);
            self.out.word(&format!(" = {name};\n"), at);
        }
    }

    /// Under which name the script keeps what the innermost block waits for.
    fn awaited_name(&self) -> String {
        format!("$awaited{}", self.nest.blocks())
    }

    /// `{:else if condition}`, `{:then value}`
    fn branch(&mut self, at: &Range<usize>, word: &str, rest: Range<usize>) {
        if self.nest.blocks() == 0 {
            return;
        }
        self.out.word("}\n", at);
        let text = self.out.host(rest.clone());
        if let Some(condition) = text.strip_prefix("if ") {
            self.expression(part(&rest, text.len() - condition.len(), condition.len()));
        }
        self.out.word("{\n", at);
        if word == ":then" {
            self.awaited_value(at, rest);
        }
    }
}
