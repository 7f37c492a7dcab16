//! Templates of Angular.
//!
//! In: a tag or a block of a component's template. Out: its loops, names, bindings and handlers in the script; the value
//! that a pipe is given stands for what it makes of it. It leaves alone what the names stand for.

use std::ops::Range;

use super::super::markup::{Attribute, Tag};
use super::nest::Kind;
use super::{Template, component_name, is_path, is_whole, part, trimmed};

impl<'t> Template<'t> {
    pub(super) fn angular_tag(&mut self, tag: &Tag<'t>) {
        for attribute in &tag.attributes {
            let value = attribute.value.clone();
            match (attribute.name, value) {
                ("*ngFor", Some(value)) => self.angular_loop(value),
                ("*ngIf", Some(value)) => self.angular_test(value, false),
                (name, value) => {
                    if let Some(name) = name.strip_prefix("let-") {
                        let at = part(&attribute.at, "let-".len(), name.len());
                        self.angular_slot(at, value);
                    }
                }
            }
        }
        let name = match tag.name.contains('-') {
            true => component_name(tag.name),
            false => tag.name.to_owned(),
        };
        self.element(tag, &name, |template, attribute| {
            template.angular_attribute(tag, attribute);
        });
    }

    fn angular_attribute(&mut self, tag: &Tag<'t>, attribute: &Attribute<'t>) {
        let name = attribute.name;
        let at = attribute.at.clone();
        let Some(value) = attribute.value.clone() else {
            return;
        };
        let inside = |open: &str, close: &str| name.strip_prefix(open)?.strip_suffix(close);
        if let Some(model) = inside("[(", ")]") {
            self.entered(tag, &at, value.clone());
            self.bound_attribute(&at, model, value);
        } else if let Some(event) = inside("(", ")").or(name.strip_prefix("on-")) {
            self.handler(&at, event, value, "$event");
        } else if let Some(bound) = inside("[", "]").or(name.strip_prefix("bind-")) {
            let value = self.before_pipes(value).0;
            self.bound_attribute(&at, bound, value);
        } else if !name.starts_with(['*', '#', '@']) && !name.starts_with("let-") {
            self.text_attribute(tag, attribute, name);
        }
    }

    /// An expression in double braces.
    pub(super) fn angular_braces(&mut self, inner: Range<usize>) {
        let value = self.before_pipes(inner).0;
        self.expression(value);
    }

    /// `@for (item of items; track item.id) {`, `@if (user$ | async; as user) {`, `@let name = value;`
    pub(super) fn angular_block(&mut self, at: &Range<usize>, word: &str, head: Range<usize>) {
        if word == "let" {
            let text = self.out.host(head.clone());
            if let Some((name, _)) = text.split_once('=') {
                let value = part(&head, name.len() + 1, text.len() - name.len() - 1);
                let name = trimmed(name, part(&head, 0, name.len()));
                self.angular_name(name, value);
            }
            return;
        }
        self.nest.open(Kind::Block);
        match word {
            "for" => self.angular_loop(head),
            "if" => self.angular_test(head, true),
            _ => {
                self.out.word("{\n", at);
                self.nest.owes("}\n");
            }
        }
    }

    pub(super) fn angular_end(&mut self, at: &Range<usize>) {
        self.nest.close_block(at, &mut self.out);
    }

    /// `let item of items; let i = index`, `item of items; track item`
    fn angular_loop(&mut self, value: Range<usize>) {
        let text = self.out.host(value.clone());
        let head = text.split(';').next().unwrap_or(text);
        let Some(split) = head.find(" of ") else {
            self.out.word("{\n", &value);
            self.nest.owes("}\n");
            return;
        };
        let name = &head[..split];
        let bare = name.trim_start().strip_prefix("let ").unwrap_or(name);
        let name = trimmed(bare, part(&value, name.len() - bare.len(), bare.len()));
        let items = part(&value, split + 4, head.len() - split - 4);
        let (items, is_held) = self.before_pipes(items);
        let is_read =
            is_path(self.out.host(name.clone())) && is_whole(self.out.host(items.clone()));
        if is_read {
            self.out.word("for (const ", &value);
            self.out.source(name);
            self.out.word(" of ", &value);
            self.angular_value(items, is_held);
            self.out.word(") {\n", &value);
        } else {
            self.out.word("{\n", &value);
        }
        self.nest.owes("}\n");
    }

    /// `user$ | async as user; else none`: a condition, which may give its value a name.
    fn angular_test(&mut self, value: Range<usize>, is_block: bool) {
        self.out.word("{\n", &value);
        self.nest.owes("}\n");
        let text = self.out.host(value.clone());
        let head = text.split(';').next().unwrap_or(text);
        let name_at = match is_block {
            true => text.find("; as ").map(|at| (at, at + "; as ".len())),
            false => head.find(" as ").map(|at| (at, at + " as ".len())),
        };
        match name_at {
            Some((end, start)) => {
                let rest = &text[start..];
                let length = rest.find(';').unwrap_or(rest.len());
                let name = trimmed(&rest[..length], part(&value, start, length));
                self.angular_name(name, part(&value, 0, end));
            }
            None => {
                let condition = self.before_pipes(part(&value, 0, head.len())).0;
                self.expression(condition);
            }
        }
    }

    /// `let-row`, `let-row="item"`: a name that is given by who uses the template.
    fn angular_slot(&mut self, name: Range<usize>, _of: Option<Range<usize>>) {
        if is_path(self.out.host(name.clone())) {
            self.out.word("((", &name);
            self.out.source(name.clone());
            self.out.word(") => {\n", &name);
            self.nest.owes("});\n");
        }
    }

    /// A name for a value.
    fn angular_name(&mut self, name: Range<usize>, value: Range<usize>) {
        let (value, is_held) = self.before_pipes(value);
        if is_path(self.out.host(name.clone())) && is_whole(self.out.host(value.clone())) {
            self.out.word("const ", &name);
            self.out.source(name);
            self.out.word(" = ", &value);
            self.angular_value(value.clone(), is_held);
            self.out.word(";\n", &value);
        }
    }

    /// A value, or what a value holds that is waited for.
    fn angular_value(&mut self, value: Range<usize>, is_held: bool) {
        self.out.word(if is_held { "unref(" } else { "(" }, &value);
        self.out.value(value.clone());
        self.out.word(")", &value);
    }

    /// An expression without its pipes, and whether one of them waits for the value.
    fn before_pipes(&self, value: Range<usize>) -> (Range<usize>, bool) {
        let text = self.out.host(value.clone());
        let bytes = text.as_bytes();
        let mut depth = 0_usize;
        let mut quote = None;
        for (at, byte) in text.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), byte) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'\'' | b'"' | b'`') => quote = Some(byte),
                (None, b'(' | b'[' | b'{') => depth += 1,
                (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                (None, b'|')
                    if depth == 0
                        && bytes.get(at + 1) != Some(&b'|')
                        && (at == 0 || bytes[at - 1] != b'|') =>
                {
                    let is_held = text[at..].contains("async");
                    let inner = part(&value, 0, at);
                    return (trimmed(&text[..at], inner), is_held);
                }
                _ => {}
            }
        }
        (trimmed(text, value), false)
    }
}
