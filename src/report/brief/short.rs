//! The first lines of a brief.
//!
//! In: the brief. Out: what must be known at once, in a few sentences. It leaves alone the evidence.

use super::{Writer, kind_key};
use crate::breach::{ScreenKind, State};
use crate::report::document::{Document, Line, filled, plain, rated};

impl Writer<'_> {
    pub(super) fn short(&self, out: &mut Document) {
        out.heading(self.texts.say("short.title"), "short");
        let mut lines = vec![self.holds_line()];
        lines.extend(self.known_lines());
        lines.extend(self.like_line());
        lines.extend(self.attack_line());
        lines.extend(self.screens_line());
        lines.extend(self.hub_line());
        out.list(lines);
    }

    fn holds_line(&self) -> Line {
        let vendor = &self.brief.vendor;
        if !vendor.has_visible_data() {
            let evidence = plain(self.texts.evidence(&vendor.evidence));
            return filled(self.texts, "short.package_only", &[("evidence", evidence)]);
        }
        let Some(worst) = self.brief.worst() else {
            return plain(self.say("short.held_none"));
        };
        let held = vendor.held().count() as u64;
        filled(
            self.texts,
            self.tense("short.held", "short.held_then"),
            &[
                ("classes", plain(self.texts.count("count.classes", held))),
                ("sent", plain(self.brief.sent().count().to_string())),
                (
                    "collected",
                    plain(self.brief.collected().count().to_string()),
                ),
                ("worst", vec![rated(self.texts, worst)]),
            ],
        )
    }

    /// What was not found, and how far that can be relied on.
    fn known_lines(&self) -> Vec<Line> {
        let calls = &self.brief.vendor.calls;
        if calls.total == 0 {
            return Vec::new();
        }
        let numbers = [
            ("resolved", plain(calls.resolved.to_string())),
            ("total", plain(calls.total.to_string())),
            ("open", plain(self.brief.vendor.open_calls().to_string())),
            (
                "unresolved",
                plain(self.brief.vendor.unresolved.to_string()),
            ),
        ];
        let mut lines = Vec::new();
        let must_never = self
            .brief
            .never_sent
            .iter()
            .filter(|never| never.must_never);
        let absent: Vec<&String> = must_never
            .filter(|never| never.state != State::Uncertain)
            .map(|never| &never.class)
            .collect();
        if !absent.is_empty() {
            let mut blanks = numbers.to_vec();
            blanks.push(("classes", plain(self.classes(absent))));
            lines.push(filled(self.texts, "short.never", &blanks));
        }
        let found: Vec<&String> = self.must_never_held().collect();
        if !found.is_empty() {
            let classes = plain(self.classes(found));
            lines.push(filled(
                self.texts,
                "short.never_found",
                &[("classes", classes)],
            ));
        }
        let key = if self.is_whole() {
            "short.all_known"
        } else {
            "short.open"
        };
        lines.push(filled(self.texts, key, &numbers));
        lines.extend(self.unread("short.unread"));
        if self.left_out() > 0 {
            let left = plain(self.left_out().to_string());
            lines.push(filled(self.texts, "short.left", &[("left", left)]));
        }
        lines
    }

    fn like_line(&self) -> Option<Line> {
        let closest = self
            .brief
            .likeness
            .iter()
            .max_by_key(|likeness| (likeness.same_vendor, likeness.held()))?;
        let title = self
            .texts
            .named("incident", &closest.incident, "title", &closest.incident);
        Some(filled(
            self.texts,
            "short.like",
            &[
                ("held", plain(closest.held().to_string())),
                ("total", plain(closest.exposed.len().to_string())),
                ("incident", plain(title)),
                ("sent", plain(closest.sent().to_string())),
                ("collected", plain(closest.collected().to_string())),
            ],
        ))
    }

    fn attack_line(&self) -> Option<Line> {
        let enabled = self.brief.scenarios.iter().filter(|it| it.enabled);
        let named: Vec<String> = enabled
            .map(|found| {
                let title = self.texts.named("scenario", &found.id, "title", &found.id);
                format!("{} ({title})", found.letter)
            })
            .collect();
        (!named.is_empty()).then(|| {
            let scenarios = plain(self.texts.list(&named));
            filled(self.texts, "short.scenarios", &[("scenarios", scenarios)])
        })
    }

    fn screens_line(&self) -> Option<Line> {
        let kinds = [
            ScreenKind::Layout,
            ScreenKind::Route,
            ScreenKind::Screen,
            ScreenKind::Endpoint,
            ScreenKind::Component,
            ScreenKind::Shared,
        ];
        let counted = kinds.into_iter().filter_map(|kind| {
            let all = self.brief.screens.iter();
            let count = all.filter(|screen| screen.kind == kind).count();
            (count > 0).then(|| {
                let key = format!("count.{}", kind_key(kind));
                self.texts.count(&key, count as u64)
            })
        });
        let counted: Vec<String> = counted.collect();
        (!counted.is_empty()).then(|| {
            let screens = plain(self.texts.list(&counted));
            let key = self.tense("short.screens", "short.screens_then");
            filled(self.texts, key, &[("screens", screens)])
        })
    }

    fn hub_line(&self) -> Option<Line> {
        let vendor = &self.brief.vendor;
        let what = vendor.forwards.as_deref()?;
        let what = self.texts.named("vendor", &vendor.vendor, "forwards", what);
        Some(filled(self.texts, "short.hub", &[("what", plain(what))]))
    }
}
