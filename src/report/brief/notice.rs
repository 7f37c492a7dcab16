//! The draft of a notice to the people concerned.
//!
//! In: the brief. Out: sentences that the evidence supports; whatever it does not stands in brackets, for a person to fill
//! in. It leaves alone whether a notice must be sent.

use super::Writer;
use crate::breach::State;
use crate::report::document::{Block, Document, Line, filled, plain};

impl Writer<'_> {
    pub(super) fn notice(&self, out: &mut Document) {
        out.heading(self.texts.say("notice.title"), "notice");
        let lines = lines(self);
        if lines.is_empty() {
            let vendor = [("vendor", self.vendor())];
            out.paragraph(filled(self.texts, "notice.nothing", &vendor));
            return;
        }
        out.paragraph(plain(self.say("notice.how")));
        out.add(Block::Draft(lines));
    }
}

/// The sentences; none when nothing is held.
pub(super) fn lines(writer: &Writer<'_>) -> Vec<Line> {
    let brief = writer.brief;
    if brief.vendor.held().next().is_none() {
        return Vec::new();
    }
    let vendor = [("vendor", writer.vendor())];
    let mut lines = vec![
        filled(writer.texts, "notice.subject", &vendor),
        filled(writer.texts, "notice.happened", &vendor),
        plain(writer.say("notice.ours")),
        held(writer),
        plain(writer.say("notice.held_unsure")),
    ];
    let found: Vec<&String> = writer.must_never_held().collect();
    if !found.is_empty() {
        let classes = [("classes", plain(writer.classes(found)))];
        lines.push(filled(writer.texts, "notice.never_held", &classes));
    }
    lines.extend(not_held(writer));
    let warnings: Vec<String> = brief
        .scenarios
        .iter()
        .filter(|scenario| scenario.enabled)
        .map(|scenario| {
            let warning = writer.texts.named("scenario", &scenario.id, "warning", "");
            warning.to_owned()
        })
        .collect();
    if !warnings.is_empty() {
        lines.push(plain(writer.say("notice.beware")));
        lines.extend(
            warnings
                .into_iter()
                .map(|warning| plain(format!("- {warning}"))),
        );
    }
    lines.push(plain(writer.say("notice.domains")));
    lines.push(plain(writer.say("notice.contact")));
    lines
}

fn held(writer: &Writer<'_>) -> Line {
    let names: Vec<String> = writer
        .brief
        .vendor
        .held()
        .map(|holding| {
            let name = writer.texts.inside(&writer.class(&holding.class));
            let key = match holding.state {
                State::Hashed if holding.part > 0 => "notice.hashed_or_part",
                State::Hashed => "notice.hashed",
                State::Part => "notice.part",
                _ => return name,
            };
            writer.texts.fill(key, &[("class", &name)])
        })
        .collect();
    let mut blanks = vec![("vendor", writer.vendor())];
    if let Some(window) = &writer.brief.window {
        blanks.push(("first", plain(window.start())));
        blanks.push(("last", plain(window.end())));
    }
    let key = writer.tense("notice.held", "notice.held_then");
    let mut line = filled(writer.texts, key, &blanks);
    line.push(format!(" {}", writer.texts.list(&names)).into());
    line
}

/// What may be said of what was not handed over.
fn not_held(writer: &Writer<'_>) -> Vec<Line> {
    let brief = writer.brief;
    let calls = &brief.vendor.calls;
    let numbers = [
        ("n", plain(calls.total.to_string())),
        ("total", plain(calls.total.to_string())),
        ("open", plain(brief.vendor.open_calls().to_string())),
        ("vendor", writer.vendor()),
        ("left", plain(writer.left_out().to_string())),
    ];
    let must_never = brief.never_sent.iter().filter(|never| never.must_never);
    let (unsure, clear): (Vec<_>, Vec<_>) =
        must_never.partition(|never| never.state == State::Uncertain);
    let mut lines = Vec::new();
    if !unsure.is_empty() {
        let classes = plain(writer.classes(unsure.iter().map(|never| &never.class)));
        lines.push(filled(
            writer.texts,
            "notice.not_held_unsure",
            &[("classes", classes)],
        ));
    }
    lines.extend(writer.unread("notice.unread"));
    if writer.left_out() > 0 {
        lines.push(filled(writer.texts, "notice.not_held_left", &numbers));
    } else if !writer.is_whole() || calls.total == 0 {
        lines.push(filled(writer.texts, "notice.not_held_open", &numbers));
    } else if !clear.is_empty() {
        let classes = plain(writer.classes(clear.iter().map(|never| &never.class)));
        let mut blanks = numbers.to_vec();
        blanks.push(("classes", classes));
        lines.push(filled(writer.texts, "notice.not_held", &blanks));
        let is_clear = |class: &String| clear.iter().any(|never| never.class == *class);
        if !brief.rotate.is_empty() && brief.rotate.iter().all(is_clear) {
            lines.push(plain(writer.say("notice.password")));
        }
    }
    lines
}
