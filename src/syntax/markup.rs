//! Tags in a text of markup.
//!
//! In: the text of an HTML page or of a component. Out: its tags one by one, with their attributes, the expressions in
//! braces between them, and the raw text up to a closing tag. It leaves alone what a tag means, and how tags nest.
//!
//! Every character is looked at a bounded number of times, however broken the text is: what was searched for up to the
//! end and not found is not searched for again.

use std::ops::Range;

/// What is an expression in braces: nothing, `{…}` as an attribute or as its value, the same and in text, `{{ … }}` in
/// text, or that beside blocks (`@if (…) { … }`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Braces {
    None,
    Attributes,
    Single,
    Double,
    Blocks,
}

/// A piece of markup.
#[derive(Debug)]
pub(super) enum Token<'t> {
    Tag(Tag<'t>),
    /// The inside of braces in text.
    Braces(Range<usize>),
    /// The head of a block: its word, and what stands in its brackets, or up to the end of the statement.
    Block(&'t str, Range<usize>),
    /// The end of a block.
    End(usize),
}

/// An attribute.
#[derive(Clone, Debug)]
pub(super) struct Attribute<'t> {
    /// The name as written; that of a shorthand or spread is what stands in its braces, with them.
    pub(super) name: &'t str,
    /// Where the name stands.
    pub(super) at: Range<usize>,
    /// Where the value stands, without its quotes. None where there is no value.
    pub(super) value: Option<Range<usize>>,
}

/// A tag.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// The name as written.
    pub(super) name: &'t str,
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// In order.
    pub(super) attributes: Vec<Attribute<'t>>,
    /// The text that the attributes' places are in.
    text: &'t str,
    /// `</name>`.
    pub(super) closing: bool,
    /// `<name />`.
    pub(super) empty: bool,
}

impl<'t> Tag<'t> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'t str> {
        self.attributes
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(name))
            .map(|known| {
                let value = known.value.clone().unwrap_or_default();
                self.text.get(value).unwrap_or_default()
            })
    }
}

/// Walks over the tags of a text.
#[derive(Debug)]
pub(super) struct Markup<'t> {
    text: &'t str,
    at: usize,
    /// Which braces hold expressions, and may still close.
    braces: Braces,
    /// Whether `"`, `'` and `` ` `` may still occur.
    quotes: [bool; 3],
}

impl<'t> Markup<'t> {
    /// Starts at an offset.
    pub(super) fn new(text: &'t str, at: usize, braces: Braces) -> Self {
        Self {
            text,
            at,
            braces,
            quotes: [true; 3],
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn find(&self, pattern: &str, from: usize) -> Option<usize> {
        Some(from + self.text.get(from..)?.find(pattern)?)
    }

    /// The first offset from `from` on whose byte is accepted; the end of the text otherwise.
    fn until(&self, from: usize, ends: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| ends(*byte));
        from + length.unwrap_or(rest.len())
    }

    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The next tag or expression outside of comments.
    pub(super) fn next_token(&mut self) -> Option<Token<'t>> {
        loop {
            let blocks = self.braces == Braces::Blocks;
            let braces = blocks || matches!(self.braces, Braces::Single | Braces::Double);
            let open = self.until(self.at, |byte| {
                byte == b'<' || (braces && byte == b'{') || (blocks && matches!(byte, b'@' | b'}'))
            });
            if matches!(self.byte(open)?, b'@' | b'}') {
                self.at = open + 1;
                if self.byte(open) == Some(b'}') {
                    return Some(Token::End(open));
                }
                if let Some(block) = self.block(open + 1) {
                    return Some(block);
                }
                continue;
            }
            if self.byte(open)? == b'{' {
                self.at = open + 1;
                if let Some(inner) = self.expression(open) {
                    return Some(Token::Braces(inner));
                }
                continue;
            }
            if self.slice(open..self.text.len()).starts_with("<!--") {
                // `<!-->` is a whole comment.
                self.at = self.find("-->", open + 2)? + 3;
                continue;
            }
            let closing = self.byte(open + 1) == Some(b'/');
            let start = open + 1 + usize::from(closing);
            if !self
                .byte(start)
                .is_some_and(|byte| byte.is_ascii_alphabetic())
            {
                self.at = open + 1;
                continue;
            }
            let end = self.until(start, |byte| ends_name(byte) && byte != b'=');
            let attributes = self.attributes(end)?;
            let empty = self.byte(self.at.saturating_sub(2)) == Some(b'/');
            return Some(Token::Tag(Tag {
                name: self.slice(start..end),
                span: open..self.at,
                attributes,
                text: self.text,
                closing,
                empty,
            }));
        }
    }

    /// The inside of the braces that open at an offset; goes on behind them.
    fn expression(&mut self, open: usize) -> Option<Range<usize>> {
        if matches!(self.braces, Braces::Double | Braces::Blocks) {
            if self.byte(open + 1) != Some(b'{') {
                return None;
            }
            let Some(end) = self.find("}}", open + 2) else {
                self.braces = Braces::None;
                return None;
            };
            self.at = end + 2;
            return Some(open + 2..end);
        }
        let end = self.closing_brace(open)?;
        self.at = end;
        Some(open + 1..end - 1)
    }

    /// The head of a block whose word starts at an offset; goes on inside of the block.
    fn block(&mut self, start: usize) -> Option<Token<'t>> {
        let end = self.until(start, |byte| !byte.is_ascii_alphabetic());
        let word = self.slice(start..end);
        let skip = |at| self.until(at, |byte| !byte.is_ascii_whitespace());
        let after = skip(end);
        if word == "let" {
            let stop = self.until(after, |byte| matches!(byte, b';' | b'<'));
            self.at = stop;
            return Some(Token::Block(word, after..stop));
        }
        // `@else if (…) {`
        let after = match word {
            "else" if self.slice(after..self.text.len()).starts_with("if") => skip(after + 2),
            _ => after,
        };
        let (head, rest) = match self.byte(after) {
            Some(b'(') => {
                let close = script_end(self.text, after)?;
                (after + 1..close - 1, skip(close))
            }
            _ => (after..after, after),
        };
        if word.is_empty() || self.byte(rest) != Some(b'{') {
            return None;
        }
        self.at = rest + 1;
        Some(Token::Block(word, head))
    }

    /// The attributes from an offset on; goes on behind the tag. None if the text ends before the tag does.
    fn attributes(&mut self, mut at: usize) -> Option<Vec<Attribute<'t>>> {
        let mut attributes = Vec::new();
        loop {
            at = self.until(at, |byte| !byte.is_ascii_whitespace() && byte != b'/');
            match self.byte(at)? {
                b'>' => {
                    self.at = at + 1;
                    return Some(attributes);
                }
                b'{' => {
                    if let Some(end) = self.closing_brace(at) {
                        attributes.push(Attribute {
                            name: self.slice(at..end),
                            at: at..end,
                            value: None,
                        });
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            let name = at..self.until(at + 1, ends_name);
            at = self.until(name.end, |byte| !byte.is_ascii_whitespace());
            let mut value = None;
            if self.byte(at) == Some(b'=') {
                at = self.until(at + 1, |byte| !byte.is_ascii_whitespace());
                let whole = self.value(at);
                at = whole.end;
                let text = self.slice(whole.clone());
                let quoted = text.starts_with(['"', '\'']) && text.len() > 1;
                value = Some(match (text.chars().next(), text.chars().next_back()) {
                    (first, last) if quoted && first == last => whole.start + 1..whole.end - 1,
                    _ => whole,
                });
            }
            attributes.push(Attribute {
                name: self.slice(name.clone()),
                at: name,
                value,
            });
        }
    }

    /// Where the value that starts here stands, quotes included.
    fn value(&mut self, at: usize) -> Range<usize> {
        let end = match self.byte(at) {
            Some(b'"') => self.closing_quote(at, "\"", 0),
            Some(b'\'') => self.closing_quote(at, "'", 1),
            Some(b'`') if self.braces == Braces::Attributes => self.closing_quote(at, "`", 2),
            Some(b'{') => self.closing_brace(at),
            _ => None,
        };
        let end = end
            .unwrap_or_else(|| self.until(at, |byte| byte.is_ascii_whitespace() || byte == b'>'));
        at..end
    }

    fn closing_quote(&mut self, at: usize, quote: &str, which: usize) -> Option<usize> {
        if !self.quotes[which] {
            return None;
        }
        let end = self.find(quote, at + 1);
        self.quotes[which] = end.is_some();
        Some(end? + 1)
    }

    /// The offset behind the brace that closes the one at `at`.
    fn closing_brace(&mut self, at: usize) -> Option<usize> {
        if !matches!(self.braces, Braces::Attributes | Braces::Single) {
            return None;
        }
        let end = script_end(self.text, at);
        if end.is_none() {
            self.braces = Braces::None;
        }
        end
    }

    /// The text up to the closing tag of a name, which is the next tag then. None if there is none.
    pub(super) fn raw(&mut self, name: &str) -> Option<Range<usize>> {
        let start = self.at;
        let mut from = start;
        loop {
            let end = self.find("</", from)?;
            let after = end + 2 + name.len();
            let found = self.text.as_bytes().get(end + 2..after);
            let same = found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            if same && self.byte(after).is_none_or(ends_name) {
                self.at = end;
                return Some(start..end);
            }
            from = end + 2;
        }
    }

    /// The text up to its end.
    pub(super) fn rest(&mut self) -> Range<usize> {
        let start = std::mem::replace(&mut self.at, self.text.len());
        start..self.text.len()
    }
}

/// Whether a byte ends the name of a tag or attribute.
fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'=')
}

/// The offset behind the bracket that closes the one at `open`, in a script: brackets in its strings and comments do not
/// count. A quote that is not closed on its line is taken for an apostrophe.
pub(super) fn script_end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = open;
    // Up to here no quote opens a string: none of them closes before the end of the line.
    let mut unquoted = open;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' | b'\'' | b'`' if at >= unquoted => match string_end(bytes, at) {
                Ok(end) => at = end,
                Err(end) => unquoted = end,
            },
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at += 2 + text.get(at + 2..)?.find("*/")? + 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset of the quote that closes the string at an offset, or else how far it was looked for.
fn string_end(bytes: &[u8], open: usize) -> Result<usize, usize> {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if bytes[open] != b'`' => break,
            byte if *byte == bytes[open] => return Ok(at),
            _ => {}
        }
        at += 1;
    }
    Err(at)
}
