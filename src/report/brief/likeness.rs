//! What an attacker can do, what is worse together, and what was published of other incidents.
//!
//! In: the brief. Out: the sections that follow from what is held. It leaves alone what to do about it.

use super::Writer;
use crate::breach::{ItemFound, Likeness, ScenarioFound};
use crate::report::document::{Block, Document, Line, Part, Table, filled, plain, rated};

impl Writer<'_> {
    pub(super) fn attacks(&self, out: &mut Document) {
        out.heading(self.texts.say("attack.title"), "attacks");
        for found in &self.brief.scenarios {
            if found.enabled {
                self.attack(out, found);
            }
        }
        let missing = self.brief.scenarios.iter().filter(|it| !it.enabled);
        out.list(missing.map(|found| self.no_attack(found)).collect());
    }

    fn attack(&self, out: &mut Document, found: &ScenarioFound) {
        let text = |part: &str| self.texts.named("scenario", &found.id, part, "").to_owned();
        out.add(Block::Subheading(filled(
            self.texts,
            "attack.enabled",
            &[
                ("letter", vec![Part::Strong(found.letter.clone())]),
                ("title", vec![Part::Strong(text("title"))]),
                ("severity", vec![rated(self.texts, found.severity)]),
                ("held", plain(self.classes(&found.held))),
            ],
        )));
        let mut lines = vec![plain(text("how"))];
        if !found.stronger.is_empty() {
            let classes = plain(self.classes(&found.stronger));
            lines.push(filled(
                self.texts,
                "attack.stronger",
                &[("classes", classes)],
            ));
        }
        for (key, blank, part) in [
            ("attack.phrase", "phrase", "phrase"),
            ("attack.defence", "text", "defence"),
        ] {
            lines.push(filled(self.texts, key, &[(blank, plain(text(part)))]));
        }
        out.list(lines);
    }

    fn no_attack(&self, found: &ScenarioFound) -> Line {
        let title = self.texts.named("scenario", &found.id, "title", &found.id);
        let groups: Vec<String> = found
            .missing
            .iter()
            .map(|group| {
                let names: Vec<String> = group
                    .iter()
                    .map(|class| self.texts.inside(&self.class(class)))
                    .collect();
                names.join(self.texts.say("attack.or"))
            })
            .collect();
        filled(
            self.texts,
            "attack.missing",
            &[
                ("letter", plain(found.letter.as_str())),
                ("title", plain(title)),
                ("missing", plain(self.texts.list(&groups))),
            ],
        )
    }

    pub(super) fn together(&self, out: &mut Document) {
        out.heading(self.texts.say("together.title"), "together");
        if self.brief.combinations.is_empty() {
            out.paragraph(plain(self.say("together.none")));
        }
        let lines = self.brief.combinations.iter().map(|found| {
            let text = |part: &str, other: &str| {
                let named = self.texts.find(&format!("combination.{}.{part}", found.id));
                named.unwrap_or(other).to_owned()
            };
            let mut line = filled(
                self.texts,
                "together.line",
                &[
                    ("severity", vec![rated(self.texts, found.severity)]),
                    ("title", plain(text("title", &found.title))),
                    ("classes", plain(self.classes(&found.classes))),
                ],
            );
            line.push(format!(" {}", text("reason", "")).into());
            line
        });
        out.list(lines.collect());
    }

    pub(super) fn likeness(&self, out: &mut Document) {
        out.heading(self.texts.say("like.title"), "like");
        for likeness in &self.brief.likeness {
            self.like(out, likeness);
        }
    }

    fn like(&self, out: &mut Document, likeness: &Likeness) {
        let id = likeness.incident.as_str();
        let title = self.texts.named("incident", id, "title", id);
        let mut line = filled(
            self.texts,
            "like.line",
            &[
                ("title", vec![Part::Strong(title.to_owned())]),
                ("held", plain(likeness.held().to_string())),
                ("total", plain(likeness.exposed.len().to_string())),
                ("sent", plain(likeness.sent().to_string())),
                ("collected", plain(likeness.collected().to_string())),
            ],
        );
        if likeness.same_vendor {
            line.push(format!(" {}", self.say("like.same")).into());
        }
        out.add(Block::Subheading(line));
        out.paragraph(plain(self.texts.named("incident", id, "summary", "")));
        for (key, items) in [
            ("like.exposed", &likeness.exposed),
            ("like.not_exposed", &likeness.not_exposed),
        ] {
            let rows = items.iter().map(|item| {
                let name = self
                    .texts
                    .named("incident", id, &format!("item.{}", item.id), &item.id);
                let of_same = |other: &&ItemFound| other.classes == item.classes;
                let is_alone = items.iter().filter(of_same).count() < 2;
                vec![plain(name), self.item(item, is_alone)]
            });
            out.add(Block::Table(Table {
                caption: format!("{}: {title}", self.say(key)),
                head: vec![self.say(key), self.say("head.here")],
                rows: rows.collect(),
            }));
        }
        let mut lines: Vec<Line> = likeness
            .timeline
            .iter()
            .map(|event| {
                let part = format!("timeline.{}", event.id);
                let text = self.texts.named("incident", id, &part, &event.event);
                plain(format!("{} {text}", event.date))
            })
            .collect();
        let sources = plain(likeness.sources.join(" "));
        lines.push(filled(self.texts, "like.read", &[("sources", sources)]));
        out.list(lines);
    }

    /// Of several items that one class stands for, only the class is known.
    fn item(&self, item: &ItemFound, is_alone: bool) -> Line {
        let Some(state) = item.state else {
            return plain(self.say("like.unchecked"));
        };
        let word = self.say(&format!("state.{}", state.as_str()));
        let severity = item
            .classes
            .iter()
            .filter_map(|class| self.brief.vendor.of(class))
            .map(|holding| holding.severity)
            .max();
        let shown = match severity {
            Some(severity) if state.is_held() => vec![Part::Rated(severity, word)],
            _ => return plain(word),
        };
        if is_alone {
            return shown;
        }
        let blanks = [
            ("state", shown),
            ("classes", plain(self.classes(&item.classes))),
        ];
        filled(self.texts, "like.within", &blanks)
    }
}
