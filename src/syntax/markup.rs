//! Tags in a text of markup.
//!
//! In: the text of an HTML page or of a component. Out: its tags one by one, with their attributes, and the raw text
//! up to a closing tag. It leaves alone what a tag means, and how tags nest.
//!
//! Every character is looked at a bounded number of times, however broken the text is: what was searched for up to the
//! end and not found is not searched for again.

use std::ops::Range;

/// A tag.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// The name as written.
    pub(super) name: &'t str,
    /// Names and values as written, without quotes; the value is empty where there is none.
    attributes: Vec<(&'t str, &'t str)>,
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
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

/// Walks over the tags of a text.
#[derive(Debug)]
pub(super) struct Markup<'t> {
    text: &'t str,
    at: usize,
    /// Whether `{…}` may stand as an attribute or as its value, and may still close.
    braces: bool,
    /// Whether `"` and `'` may still occur.
    quotes: [bool; 2],
}

impl<'t> Markup<'t> {
    /// Starts at an offset. `braces` tells that attributes may be expressions in braces.
    pub(super) fn new(text: &'t str, at: usize, braces: bool) -> Self {
        Self {
            text,
            at,
            braces,
            quotes: [true; 2],
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

    /// The next tag outside of comments.
    pub(super) fn next_tag(&mut self) -> Option<Tag<'t>> {
        loop {
            let open = self.find("<", self.at)?;
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
            return Some(Tag {
                name: self.slice(start..end),
                attributes,
                closing,
                empty,
            });
        }
    }

    /// The attributes from an offset on; goes on behind the tag. None if the text ends before the tag does.
    fn attributes(&mut self, mut at: usize) -> Option<Vec<(&'t str, &'t str)>> {
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
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            let end = self.until(at + 1, ends_name);
            let name = self.slice(at..end);
            at = self.until(end, |byte| !byte.is_ascii_whitespace());
            if self.byte(at) != Some(b'=') {
                attributes.push((name, ""));
                continue;
            }
            at = self.until(at + 1, |byte| !byte.is_ascii_whitespace());
            let value = self.value(at);
            at = value.end;
            let value = self.slice(value);
            let quoted = value.starts_with(['"', '\'']) && value.len() > 1;
            let inner = match (quoted, value.chars().next(), value.chars().next_back()) {
                (true, first, last) if first == last => &value[1..value.len() - 1],
                _ => value,
            };
            attributes.push((name, inner));
        }
    }

    /// Where the value that starts here stands, quotes included.
    fn value(&mut self, at: usize) -> Range<usize> {
        let end = match self.byte(at) {
            Some(b'"') => self.closing_quote(at, "\"", 0),
            Some(b'\'') => self.closing_quote(at, "'", 1),
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
        if !self.braces {
            return None;
        }
        let mut depth = 0_usize;
        for (offset, byte) in self.text.as_bytes().iter().enumerate().skip(at) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(offset + 1);
            }
        }
        self.braces = false;
        None
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
