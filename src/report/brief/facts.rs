//! What a vendor holds, for whom, and what it does not.
//!
//! In: the brief. Out: the sections that state facts, each with its evidence. It leaves alone what follows from them.

use super::Writer;
use crate::breach::{Holding, Screen, Seen, State};
use crate::finding::{Origin, Unresolved};
use crate::report::document::{
    Block, Document, Line, Table, code, filled, joined, place, plain, rated,
};
use crate::report::inventory::evidence_line;

impl Writer<'_> {
    pub(super) fn holds(&self, out: &mut Document) {
        let title = self.tense("hold.title", "hold.title_then");
        out.heading(self.texts.say(title), "holds");
        let shown: Vec<&Holding> = self
            .brief
            .vendor
            .holdings
            .iter()
            .filter(|holding| !holding.evidence.is_empty())
            .collect();
        if shown.is_empty() {
            out.paragraph(plain(self.say("short.held_none")));
            return;
        }
        let rows = shown.iter().map(|holding| {
            vec![
                plain(self.class(&holding.class)),
                vec![rated(self.texts, holding.severity)],
                plain(self.how(holding)),
                self.first_place(holding),
            ]
        });
        out.add(Block::Table(Table {
            caption: self.say(title),
            head: ["class", "severity", "how", "where"]
                .map(|head| self.say(&format!("head.{head}")))
                .to_vec(),
            rows: rows.collect(),
        }));
        out.paragraph(plain(self.say("hold.kinds")));
        for holding in shown {
            let name = self.class(&holding.class);
            let gain = self.texts.named("class", &holding.class, "gain", "");
            let mut line = vec![rated(self.texts, holding.severity)];
            let blanks = [("class", name.as_str()), ("gain", gain)];
            line.push(format!(" {}", self.texts.fill("hold.class", &blanks)).into());
            out.add(Block::Subheading(line));
            let lines = holding.evidence.iter().map(|evidence| {
                let mut line = evidence_line(evidence, self.texts);
                if !evidence.screens.is_empty() {
                    let screens = self.some_screens(&evidence.screens);
                    line.push(self.texts.say("list.apart").into());
                    line.extend(filled(self.texts, "hold.on", &[("screens", screens)]));
                }
                if let Some(seen) = &evidence.seen {
                    line.push(self.texts.say("list.apart").into());
                    line.extend(self.seen(seen));
                }
                line
            });
            out.list(self.first(lines.collect()));
        }
    }

    /// Since when and until when something was there.
    fn seen(&self, seen: &Seen) -> Line {
        let key = match (seen.from_before, seen.to_end) {
            (true, true) => "seen.throughout",
            (true, false) => "seen.until",
            (false, true) => "seen.since",
            (false, false) => "seen.between",
        };
        let blanks = [
            ("first", code(seen.first.short())),
            ("last", code(seen.last.short())),
        ];
        filled(self.texts, key, &blanks)
    }

    /// `sent 2, collected 3`.
    fn how(&self, holding: &Holding) -> String {
        let said: Vec<String> = holding
            .counts()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(state, count)| format!("{} {count}", self.say(&format!("state.{state}"))))
            .collect();
        self.texts.list(&said)
    }

    fn first_place(&self, holding: &Holding) -> Line {
        let mut places: Vec<Line> = Vec::new();
        for evidence in &holding.evidence {
            let one = vec![place(&evidence.location)];
            if !places.contains(&one) {
                places.push(one);
            }
        }
        let more = places.len().saturating_sub(1);
        places.truncate(1);
        let mut line = joined(places, ", ");
        if more > 0 {
            let more = self.texts.count("count.more", more as u64);
            line.push(format!("{}{more}", self.say("list.between")).into());
        }
        line
    }

    fn some_screens(&self, screens: &[Screen]) -> Line {
        // Several files may stand around one address.
        let mut lines: Vec<Line> = Vec::new();
        for screen in screens {
            let line = self.screen(screen);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        self.some(lines)
    }

    /// The first few names of a list within a sentence, and how many more there are.
    pub(super) fn some(&self, mut lines: Vec<Line>) -> Line {
        const MOST: usize = 3;
        let more = lines.len().saturating_sub(MOST);
        lines.truncate(MOST);
        if more > 0 {
            lines.push(plain(self.texts.count("count.more", more as u64)));
        }
        joined(lines, self.texts.say("list.between"))
    }

    pub(super) fn screens(&self, out: &mut Document) {
        out.heading(self.texts.say("screens.title"), "screens");
        if self.brief.screens.is_empty() {
            out.paragraph(plain(self.say("screens.none")));
        } else {
            out.paragraph(plain(self.say("screens.how")));
            let mut rows: Vec<Vec<Line>> = self
                .brief
                .screens
                .iter()
                .map(|screen| {
                    vec![
                        self.screen(screen),
                        plain(self.classes(&self.classes_on(screen))),
                        code(screen.path.as_str()),
                    ]
                })
                .collect();
            let most = self.most.saturating_mul(3);
            let more = rows.len().saturating_sub(most);
            rows.truncate(most);
            out.add(Block::Table(Table {
                caption: self.say("screens.title"),
                head: ["screen", "classes", "file"]
                    .map(|head| self.say(&format!("head.{head}")))
                    .to_vec(),
                rows,
            }));
            if more > 0 {
                out.paragraph(plain(self.texts.count("count.more", more as u64)));
            }
        }
        let mut evidence = self
            .brief
            .vendor
            .holdings
            .iter()
            .flat_map(|it| &it.evidence);
        if let Some(auto) = evidence.find(|it| it.origin == Origin::Auto && it.counts) {
            let place = vec![place(&auto.sink)];
            out.paragraph(filled(self.texts, "screens.sdk", &[("place", place)]));
        }
    }

    fn classes_on(&self, screen: &Screen) -> Vec<String> {
        let held = self.brief.vendor.holdings.iter().filter(|holding| {
            let mut counting = holding.evidence.iter().filter(|it| it.counts);
            counting.any(|evidence| evidence.screens.contains(screen))
        });
        held.map(|holding| holding.class.clone()).collect()
    }

    pub(super) fn never(&self, out: &mut Document) {
        let title = self.tense("never.title", "never.title_then");
        out.heading(self.texts.say(title), "never");
        out.paragraph(plain(self.say("never.how")));
        if self.left_out() > 0 {
            let left = plain(self.left_out().to_string());
            out.paragraph(filled(self.texts, "short.left", &[("left", left)]));
        }
        let rows = self.brief.never_sent.iter().map(|never| {
            let mut name = plain(self.class(&never.class));
            if never.must_never {
                name.push(format!(" ({})", self.say("never.must")).into());
            }
            let unsure = self
                .brief
                .vendor
                .of(&never.class)
                .map_or(0, |it| it.uncertain);
            let key = match never.state {
                _ if self.brief.vendor.calls.total == 0 => "never.no_calls",
                State::Uncertain => "never.uncertain",
                State::Unresolved => "never.unresolved",
                _ => "never.not_seen",
            };
            let count = if never.state == State::Uncertain {
                unsure
            } else {
                never.resolved_calls
            };
            let blanks = [
                ("n", plain(count.to_string())),
                ("open", plain(never.open_calls.to_string())),
            ];
            vec![name, filled(self.texts, key, &blanks)]
        });
        out.add(Block::Table(Table {
            caption: self.say(title),
            head: vec![self.say("head.class"), self.say("head.found")],
            rows: rows.collect(),
        }));
    }

    pub(super) fn open(&self, out: &mut Document) {
        out.heading(self.texts.say("open.title"), "open");
        if self.brief.unresolved.is_empty() {
            out.paragraph(plain(self.say("open.none")));
        }
        let lines = self
            .brief
            .unresolved
            .iter()
            .map(|open| self.open_line(open));
        out.list(self.first(lines.collect()));
    }

    fn open_line(&self, open: &Unresolved) -> Line {
        filled(
            self.texts,
            "open.item",
            &[
                ("place", vec![place(&open.location)]),
                ("call", code(open.call.as_str())),
                ("value", code(open.expression.as_str())),
                ("reason", plain(self.texts.phrase(&open.reason))),
            ],
        )
    }
}
