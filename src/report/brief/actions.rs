//! What to do now.
//!
//! In: the brief. Out: steps with the exact places and options, and the duties to check. It leaves alone who does them.

use std::collections::BTreeMap;

use super::Writer;
use crate::breach::{Holding, State, What};
use crate::report::document::{Block, Document, Line, Part, code, filled, joined, plain};
use crate::report::inventory::evidence_line;

/// The duties, in the order in which they run out.
const DUTIES: [&str; 7] = [
    "gdpr_authority",
    "appi_report",
    "gdpr_people",
    "appi_people",
    "appi_entrust",
    "gdpr_record",
    "others",
];

impl Writer<'_> {
    pub(super) fn actions(&self, out: &mut Document) {
        out.heading(self.texts.say("act.title"), "act");
        let mut steps = vec![self.remove()];
        let mut switches = self.switches();
        switches.extend(self.on_pages());
        if !switches.is_empty() {
            steps.push((plain(self.say("act.switch")), switches));
        }
        let mut rotated = self.rotated();
        rotated.push(plain(self.say("act.rotate_vendor")));
        steps.push((self.rotate(), rotated));
        steps.push((plain(self.say("act.mfa")), Vec::new()));
        let policy = [("policy", code("p=reject"))];
        steps.push((filled(self.texts, "act.domains", &policy), Vec::new()));
        let vendor = [("vendor", self.vendor())];
        steps.push((filled(self.texts, "act.vendor", &vendor), Vec::new()));
        if let Some(line) = self.hubs_line() {
            steps.push((line, Vec::new()));
        }
        for key in ["act.server", "act.support"] {
            steps.push((plain(self.say(key)), Vec::new()));
        }
        out.add(Block::Steps(steps));
    }

    /// By file, what stands on which lines.
    fn remove(&self) -> (Line, Vec<Line>) {
        let mut files: BTreeMap<&str, BTreeMap<What, Vec<u32>>> = BTreeMap::new();
        for line in &self.brief.removal {
            let file = files.entry(&line.path).or_default();
            file.entry(line.what).or_default().push(line.line);
        }
        if files.is_empty() {
            return (plain(self.say("act.remove_none")), Vec::new());
        }
        // What stops everything comes first: dependencies, imports and starts before the single calls.
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by_key(|(path, whats)| {
            let only_calls = whats.keys().all(|what| *what == What::Call);
            (only_calls, *path)
        });
        let lines = files.into_iter().map(|(path, whats)| {
            let said = whats.iter().map(|(what, lines)| {
                let numbers: Vec<String> = lines.iter().map(u32::to_string).collect();
                let word = self.say(&format!("act.{}", what.as_str()));
                plain(format!("{word} {}", numbers.join(", ")))
            });
            let lines = joined(said, "; ");
            let blanks = [("path", code(path)), ("lines", lines)];
            filled(self.texts, "act.remove_line", &blanks)
        });
        let lines = self.most_of(lines.collect());
        (plain(self.say("act.remove")), lines)
    }

    /// A list of places to work through is shown longer than others.
    fn most_of(&self, mut lines: Vec<Line>) -> Vec<Line> {
        let most = self.most.saturating_mul(4);
        let more = lines.len().saturating_sub(most);
        if more > 1 {
            lines.truncate(most);
            lines.push(plain(self.texts.count("count.more", more as u64)));
        }
        lines
    }

    fn switches(&self) -> Vec<Line> {
        let lines = self.brief.switches.iter().map(|switch| {
            let key = match switch.turn_off {
                Some(_) => "act.switch_line",
                None => "act.no_switch",
            };
            let at = Part::Code(format!("{}:{}", switch.path, switch.line));
            filled(
                self.texts,
                key,
                &[
                    ("place", vec![at]),
                    ("option", code(switch.turn_off.clone().unwrap_or_default())),
                    ("classes", plain(self.classes(&switch.classes))),
                    ("properties", code(switch.properties.join(", "))),
                ],
            )
        });
        self.most_of(lines.collect())
    }

    /// What goes out with the addresses and elements that the SDK takes, and stops with them.
    fn on_pages(&self) -> Vec<Line> {
        let lines = self.brief.on_pages.iter().map(|it| {
            let names: Vec<Line> = it.properties.iter().map(|it| code(it.as_str())).collect();
            let blanks = [
                ("class", plain(self.class(&it.class))),
                ("properties", self.some(names)),
            ];
            filled(self.texts, "act.on_pages", &blanks)
        });
        lines.collect()
    }

    /// The classes of what opens doors.
    fn opening(&self) -> impl Iterator<Item = &Holding> {
        let rotated = self.brief.rotate.iter();
        rotated.filter_map(|it| self.brief.vendor.of(it))
    }

    /// What opens doors, as far as it may have been handed over.
    fn rotated(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for evidence in self.opening().flat_map(|holding| &holding.evidence) {
            let line = evidence_line(evidence, self.texts);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        self.most_of(lines)
    }

    /// Whether what opens doors must be replaced: the worst of what is known decides.
    fn rotate(&self) -> Line {
        let calls = &self.brief.vendor.calls;
        let numbers = [
            ("n", plain(calls.resolved.to_string())),
            ("open", plain(self.brief.vendor.open_calls().to_string())),
            ("left", plain(self.left_out().to_string())),
        ];
        let state = self.opening().map(|holding| holding.state).min();
        match state.unwrap_or(State::NotSeen) {
            State::NotSeen if self.left_out() > 0 => {
                filled(self.texts, "act.rotate_left", &numbers)
            }
            State::NotSeen if calls.total > 0 => filled(self.texts, "act.rotate_not", &numbers),
            State::NotSeen => plain(self.say("act.rotate_no_calls")),
            State::Unresolved => filled(self.texts, "act.rotate_open", &numbers),
            State::Uncertain => plain(self.say("act.rotate_unsure")),
            _ => plain(self.say("act.rotate")),
        }
    }

    pub(super) fn hubs_line(&self) -> Option<Line> {
        let hubs: Vec<&str> = self
            .brief
            .hubs
            .iter()
            .map(|hub| hub.name.as_str())
            .collect();
        (!hubs.is_empty()).then(|| {
            let blanks = [
                ("vendor", self.vendor()),
                ("hubs", plain(self.texts.list(&hubs))),
            ];
            filled(self.texts, "act.hubs", &blanks)
        })
    }

    /// Classes that must never be sent, and are.
    pub(super) fn must_never_held(&self) -> impl Iterator<Item = &String> {
        let absent = &self.brief.never_sent;
        self.brief
            .vendor
            .held()
            .map(|holding| &holding.class)
            .filter(|class| self.brief.must_never.contains(*class))
            .filter(|class| absent.iter().all(|never| never.class != **class))
    }

    pub(super) fn duties(&self, out: &mut Document) {
        out.heading(self.texts.say("duty.title"), "duties");
        let lines = DUTIES
            .iter()
            .map(|duty| plain(self.say(&format!("duty.{duty}"))));
        out.list(lines.collect());
    }
}
