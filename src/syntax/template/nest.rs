//! What is open at a place of a template.
//!
//! In: elements and blocks as they open and close. Out: the words that close in the script what they opened there, whatever
//! the template forgot to close. It leaves alone what they are.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::rendering::Rendering;

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    Element(&'t str),
    Block,
}

/// All that is open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Nest<'t> {
    open: Vec<(Kind<'t>, String)>,
    /// How often each element is open: a closing tag that closes nothing is not looked for.
    counts: FxHashMap<&'t str, usize>,
    blocks: usize,
}

impl<'t> Nest<'t> {
    /// How many blocks are open.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    pub(super) fn open(&mut self, kind: Kind<'t>) {
        match kind {
            Kind::Element(name) => *self.counts.entry(name).or_default() += 1,
            Kind::Block => self.blocks += 1,
        }
        self.open.push((kind, String::new()));
    }

    /// What the innermost has to close in the script, before what it had to already.
    pub(super) fn owes(&mut self, words: &str) {
        if let Some((_, owed)) = self.open.last_mut() {
            owed.insert_str(0, words);
        }
    }

    pub(super) fn close_element(
        &mut self,
        name: &'t str,
        at: &Range<usize>,
        out: &mut Rendering<'_>,
    ) {
        if self.counts.get(name).is_some_and(|count| *count > 0) {
            while let Some(kind) = self.close(at, out) {
                if kind == Kind::Element(name) {
                    break;
                }
            }
        }
    }

    pub(super) fn close_block(&mut self, at: &Range<usize>, out: &mut Rendering<'_>) {
        if self.blocks > 0 {
            while self.close(at, out).is_some_and(|kind| kind != Kind::Block) {}
        }
    }

    pub(super) fn close_all(&mut self, at: usize, out: &mut Rendering<'_>) {
        while self.close(&(at..at), out).is_some() {}
    }

    fn close(&mut self, at: &Range<usize>, out: &mut Rendering<'_>) -> Option<Kind<'t>> {
        let (kind, owed) = self.open.pop()?;
        match kind {
            Kind::Element(name) => {
                if let Some(count) = self.counts.get_mut(name) {
                    *count -= 1;
                }
            }
            Kind::Block => self.blocks -= 1,
        }
        out.word(&owed, at);
        Some(kind)
    }
}
