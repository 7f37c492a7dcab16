//! Where something stands in a text of which nothing but the text is known.
//!
//! In: a text, and the bytes from and to which it stands there. Out: its [`Location`], outside of any function. It leaves alone
//! places in parsed files (`assess`).

use crate::finding::Location;
use crate::source::Lines;

impl Location {
    /// What stands in a text from one byte to another.
    pub(crate) fn in_text(path: &str, text: &str, start: usize, end: usize) -> Self {
        let lines = Lines::new(text);
        let position = |at: usize| lines.position(u32::try_from(at).unwrap_or(u32::MAX));
        let (start, end) = (position(start), position(end));
        Self {
            path: path.to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            symbol: None,
        }
    }
}
