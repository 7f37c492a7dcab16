//! The brief on a breached vendor, for people.
//!
//! In: a [`Brief`] and texts. Out: what the vendor holds and does not, who is affected, what an attacker can do, what to do
//! now, and the draft of a notice; at a terminal, as Markdown, as a page, and as JSON. It leaves alone how it was found.

mod actions;
mod facts;
mod likeness;
mod notice;
mod short;

use anyhow::{Context, Result};

use super::document::{Block, Document, Line, code, filled, plain, terminal};
use super::document::{html, markdown};
use super::layout::confidence_key;
use crate::breach::{Brief, Screen, ScreenKind, Window};
use crate::finding::Confidence;
use crate::texts::Texts;

/// How a brief is shown.
#[derive(Debug, Clone, Copy)]
pub struct BriefView {
    /// Columns of the terminal.
    pub width: usize,
    /// Findings below are uncertain.
    pub confidence: Confidence,
}

/// How many lines of one list a terminal has room for; files have all.
const SHORT: usize = 4;

/// What a brief is written with.
struct Writer<'b> {
    brief: &'b Brief,
    texts: &'b Texts,
    view: BriefView,
    /// How many lines of one list are shown.
    most: usize,
}

/// For a terminal.
pub fn brief_text(brief: &Brief, texts: &Texts, view: BriefView) -> String {
    terminal::terminal(&document(brief, texts, view, SHORT), view.width)
}

/// As Markdown.
pub fn brief_markdown(brief: &Brief, texts: &Texts, view: BriefView) -> String {
    markdown::markdown(&document(brief, texts, view, usize::MAX))
}

/// As a page.
pub fn brief_html(brief: &Brief, texts: &Texts, view: BriefView) -> String {
    html::html(&document(brief, texts, view, usize::MAX))
}

/// All of it, with the draft of the notice.
///
/// # Errors
///
/// Never for a brief that this program made.
pub fn brief_json(brief: &Brief, texts: &Texts, view: BriefView) -> Result<String> {
    let writer = Writer {
        brief,
        texts,
        view,
        most: usize::MAX,
    };
    let brief = Brief {
        notice: notice::lines(&writer)
            .iter()
            .map(|line| line.iter().map(super::document::Part::text).collect())
            .collect(),
        ..brief.clone()
    };
    let mut text =
        serde_json::to_string_pretty(&brief).context("cannot write the brief as JSON")?;
    text.push('\n');
    Ok(text)
}

fn document(brief: &Brief, texts: &Texts, view: BriefView, most: usize) -> Document {
    let key = tense(brief, "brief.title", "brief.title_then");
    let title = texts.fill(key, &[("vendor", &brief.vendor.name)]);
    let mut out = Document::new(texts, title);
    let writer = Writer {
        brief,
        texts,
        view,
        most,
    };
    if !brief.is_present() {
        let read = brief.files.read.to_string();
        let blanks = [("vendor", brief.vendor.name.as_str()), ("read", &read)];
        out.paragraph(plain(texts.fill("brief.absent", &blanks)));
        writer.window(&mut out);
        writer.hubs_alone(&mut out);
        writer.rests(&mut out);
        return out;
    }
    writer.short(&mut out);
    writer.window(&mut out);
    writer.holds(&mut out);
    writer.screens(&mut out);
    writer.never(&mut out);
    writer.open(&mut out);
    writer.attacks(&mut out);
    writer.together(&mut out);
    writer.likeness(&mut out);
    writer.actions(&mut out);
    writer.duties(&mut out);
    writer.notice(&mut out);
    writer.rests(&mut out);
    out
}

fn tense(brief: &Brief, key: &'static str, then: &'static str) -> &'static str {
    match brief.window {
        Some(_) => then,
        None => key,
    }
}

impl Writer<'_> {
    fn say(&self, key: &str) -> String {
        self.texts.say(key).to_owned()
    }

    fn class(&self, class: &str) -> String {
        self.texts.named("class", class, "name", class).to_owned()
    }

    /// Names in a sentence.
    fn classes<'c>(&self, classes: impl IntoIterator<Item = &'c String>) -> String {
        let names = classes
            .into_iter()
            .map(|class| self.texts.inside(&self.class(class)));
        self.texts.list(&names.collect::<Vec<_>>())
    }

    fn vendor(&self) -> Line {
        plain(self.brief.vendor.name.as_str())
    }

    /// The first lines of a list, and how many more there are.
    fn first(&self, mut lines: Vec<Line>) -> Vec<Line> {
        let more = lines.len().saturating_sub(self.most);
        if more > 1 {
            lines.truncate(self.most);
            lines.push(plain(self.texts.count("count.more", more as u64)));
        }
        lines
    }

    fn window(&self, out: &mut Document) {
        let Some(window) = &self.brief.window else {
            return;
        };
        let blanks = [
            ("read", plain(window.read.len().to_string())),
            ("states", plain(window.states.to_string())),
            ("left", plain(window.left_out().to_string())),
            (
                "commits",
                plain(self.texts.count("count.commits", window.commits)),
            ),
            ("first", code(window.first.short())),
            ("last", code(window.last.short())),
        ];
        let keys = [
            Some("window.speaks"),
            window.from_before.then_some("window.before"),
            Some("window.read"),
            (window.left_out() > 0).then_some("window.left"),
            Some("window.places"),
        ];
        out.heading(self.texts.say("window.title"), "window");
        let lines = keys.into_iter().flatten();
        out.list(lines.map(|key| filled(self.texts, key, &blanks)).collect());
    }

    /// A text that speaks of now, or of then.
    fn tense(&self, key: &'static str, then: &'static str) -> &'static str {
        tense(self.brief, key, then)
    }

    /// How many revisions of the window were not read.
    fn left_out(&self) -> u64 {
        self.brief.window.as_ref().map_or(0, Window::left_out)
    }

    fn rests(&self, out: &mut Document) {
        let files = &self.brief.files;
        out.heading(self.texts.say("rests.title"), "rests");
        let numbers = [
            ("seen", plain(files.seen.to_string())),
            ("read", plain(files.read.to_string())),
            ("parsed", plain(files.parsed.to_string())),
            ("errors", plain(files.errors.len().to_string())),
        ];
        let word = self.say(confidence_key(self.view.confidence));
        out.list(vec![
            filled(self.texts, "rests.files", &numbers),
            filled(self.texts, "rests.certain", &[("confidence", plain(word))]),
            plain(self.say("rests.limits")),
            filled(
                self.texts,
                "rests.tool",
                &[
                    ("version", plain(self.brief.tool.version.as_str())),
                    ("digest", plain(self.brief.tool.rules_digest.as_str())),
                ],
            ),
        ]);
    }

    /// `route /team/[id]`.
    fn screen(&self, screen: &Screen) -> Line {
        let name = match screen.kind {
            ScreenKind::Layout => {
                let name = code(screen.name.as_str());
                return filled(self.texts, "screens.below", &[("name", name)]);
            }
            _ => code(screen.name.as_str()),
        };
        let mut line = name;
        if screen.kind != ScreenKind::Route {
            line.push(format!(" ({})", self.kind(screen.kind)).into());
        }
        line
    }

    fn kind(&self, kind: ScreenKind) -> String {
        self.say(&format!("screen.{}", kind_key(kind)))
    }

    fn is_whole(&self) -> bool {
        self.brief.vendor.open_calls() == 0 && self.brief.vendor.unresolved == 0
    }

    /// A call in a file that could not be read whole may be missing.
    fn unread(&self, key: &str) -> Option<Line> {
        let errors = self.brief.files.errors.len() as u64;
        (errors > 0).then(|| {
            let files = plain(self.texts.count("count.files", errors));
            filled(self.texts, key, &[("files", files)])
        })
    }

    fn hubs_alone(&self, out: &mut Document) {
        if let Some(line) = self.hubs_line() {
            out.add(Block::Paragraph(line));
        }
    }
}

fn kind_key(kind: ScreenKind) -> &'static str {
    match kind {
        ScreenKind::Layout => "layout",
        ScreenKind::Route => "route",
        ScreenKind::Screen => "screen",
        ScreenKind::Endpoint => "endpoint",
        ScreenKind::Component => "component",
        ScreenKind::Shared => "shared",
    }
}
