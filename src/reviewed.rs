//! divulge.lock as written.
//!
//! In: the text of a divulge.lock. Out: [`LockFile`], its entries in order, or an error that names file, line and column;
//! and the text of such a file again: one block per flow, sorted, without numbers or counts, so that two branches that
//! accept different flows merge. It leaves alone which findings an entry stands for (`identity`).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use crate::config::ConfigError;
use crate::day::Day;
use crate::finding::{Origin, Transform};
use crate::identity::Flow;
use crate::source::Lines;

/// The name that is looked for.
pub const FILE_NAME: &str = "divulge.lock";

/// The version of the format.
const VERSION: u32 = 1;

const HEAD: &str = "\
# The flows of personal data to vendors that were reviewed. `divulge lock` writes this file; of what people write, it keeps
# `reason`, `owner` and `until` of each flow (the last day on which it is accepted), and no other comments.
";

/// What stands in the file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "divulge.lock")]
pub struct Written {
    /// The version of the format: 1.
    pub version: u32,
    /// The flows.
    #[serde(default, rename = "flow")]
    #[schemars(with = "Vec<WrittenFlow>")]
    pub flows: Vec<Spanned<WrittenFlow>>,
}

/// One flow.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFlow {
    /// The file of the call that supplies the value, from the directory of the lock file.
    pub file: String,
    /// The function, method or component around the call; none at the top level.
    #[serde(default)]
    pub symbol: Option<String>,
    /// The vendor's id.
    pub vendor: String,
    /// The data class.
    pub class: String,
    /// The key as the vendor receives it.
    pub property: String,
    /// The SDK's call.
    pub call: String,
    /// Who sends it: the code, or the SDK by itself.
    #[serde(default = "sent")]
    pub origin: Origin,
    /// What happened to the value on the way.
    #[serde(default)]
    pub transform: Transform,
    /// Why it is accepted.
    #[serde(default)]
    pub reason: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The last day on which it is accepted.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<Day>,
}

fn sent() -> Origin {
    Origin::Sent
}

/// What people say of a flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// Why it is accepted.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it is accepted.
    pub until: Option<Day>,
    /// Where it stands in the file.
    pub line: u32,
}

/// The reviewed flows.
#[derive(Debug, Clone, Default)]
pub struct LockFile {
    /// By flow.
    pub flows: BTreeMap<Flow, Acceptance>,
}

impl LockFile {
    /// Reads the text of a file. The path is only for messages.
    ///
    /// # Errors
    ///
    /// When it is no TOML, has a key that it should not have, or the version of another program.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let lines = Lines::new(text);
        let at = |start: usize| {
            let place = lines.position(u32::try_from(start).unwrap_or(u32::MAX));
            (
                place.line,
                format!("{}:{}:{}", path.display(), place.line, place.column),
            )
        };
        let written: Written = toml::from_str(text).map_err(|error| {
            let (line, place) = at(error.span().map_or(0, |span| span.start));
            let merged = text.lines().nth(line as usize - 1).is_some_and(is_conflict);
            ConfigError {
                at: place,
                message: if merged {
                    "a conflict of a merge stands here: keep the blocks of both sides, then run `divulge lock --prune`"
                        .to_owned()
                } else {
                    error.message().trim().replace('\n', "; ")
                },
            }
        })?;
        if written.version != VERSION {
            return Err(ConfigError {
                at: at(0).1,
                message: format!(
                    "this is version {} of the format, and only {VERSION} is known here",
                    written.version
                ),
            });
        }
        let mut flows = BTreeMap::new();
        for flow in written.flows {
            let (line, _) = at(flow.span().start);
            let flow = flow.into_inner();
            let said = Acceptance {
                reason: flow.reason.filter(|text| !text.trim().is_empty()),
                owner: flow.owner.filter(|text| !text.trim().is_empty()),
                until: flow.until,
                line,
            };
            let flow = Flow {
                file: flow.file,
                symbol: flow.symbol,
                vendor: flow.vendor,
                class: flow.class,
                property: flow.property,
                call: flow.call,
                origin: flow.origin,
                transform: flow.transform,
            };
            // A merge may leave a flow twice. The shorter acceptance counts: nobody reviewed the longer one with this.
            let shortest = |a: Option<Day>, b: Option<Day>| match (a, b) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (one, other) => one.or(other),
            };
            flows
                .entry(flow)
                .and_modify(|earlier: &mut Acceptance| {
                    earlier.until = shortest(earlier.until, said.until);
                    earlier.reason = earlier.reason.take().or_else(|| said.reason.clone());
                    earlier.owner = earlier.owner.take().or_else(|| said.owner.clone());
                })
                .or_insert(said);
        }
        Ok(Self { flows })
    }

    /// The text of the file.
    pub fn write(&self) -> String {
        let mut out = format!("{HEAD}version = {VERSION}\n");
        for (flow, said) in &self.flows {
            out.push_str("\n[[flow]]\n");
            let mut line = |key: &str, value: &str| {
                let _ = writeln!(out, "{key} = {}", toml::Value::String(value.to_owned()));
            };
            line("file", &flow.file);
            if let Some(symbol) = &flow.symbol {
                line("symbol", symbol);
            }
            line("vendor", &flow.vendor);
            line("class", &flow.class);
            line("property", &flow.property);
            line("call", &flow.call);
            line("origin", flow.origin.as_str());
            line("transform", flow.transform.as_str());
            if let Some(reason) = &said.reason {
                line("reason", reason);
            }
            if let Some(owner) = &said.owner {
                line("owner", owner);
            }
            if let Some(until) = said.until {
                line("until", &until.to_string());
            }
        }
        out
    }
}

fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version = 1\n\n[[flow]]\nfile = \"src/b.ts\"\nvendor = \"acme\"\nclass = \"email\"\nproperty = \"$e\\\"\\n\"\n\
        call = \"track\"\nreason = \"newsletter\"\nuntil = 2027-03-01\n\n[[flow]]\nfile = \"src/a.ts\"\nsymbol = \"f\"\n\
        vendor = \"acme\"\nclass = \"email\"\nproperty = \"e\"\ncall = \"track\"\norigin = \"auto\"\ntransform = \"hash\"\n";

    fn parse(text: &str) -> Result<LockFile, ConfigError> {
        LockFile::parse(Path::new(FILE_NAME), text)
    }

    #[test]
    fn what_is_written_reads_back_and_is_sorted() {
        let lock = parse(TEXT).unwrap();
        let text = lock.write();
        let again = parse(&text).unwrap();
        assert_eq!(again.write(), text);
        let files: Vec<&str> = again.flows.keys().map(|flow| flow.file.as_str()).collect();
        assert_eq!(files, ["src/a.ts", "src/b.ts"]);
        assert!(text.contains("until = \"2027-03-01\"\n"), "{text}");
        assert!(again.flows.keys().any(|flow| flow.property == "$e\"\n"));
    }

    #[test]
    fn mistakes_have_a_place() {
        let wrong = |text: &str| parse(text).unwrap_err();
        assert_eq!(wrong("version = 2").at, "divulge.lock:1:1");
        let unknown = wrong("version = 1\n[[flow]]\nfiel = 'a'\n");
        assert_eq!(unknown.at, "divulge.lock:3:1");
        assert!(unknown.message.contains("file"), "{unknown}");
        let day = wrong(&TEXT.replace("2027-03-01", "2027-02-30"));
        assert!(day.at.starts_with("divulge.lock:10"), "{day}");
        let merge = wrong("version = 1\n<<<<<<< HEAD\n");
        assert!(merge.message.contains("conflict"), "{merge}");
    }

    #[test]
    fn of_a_flow_that_is_there_twice_the_earlier_end_counts() {
        let block = TEXT.split("\n\n").nth(1).unwrap();
        let twice = format!("{TEXT}\n{}", block.replace("2027-03-01", "2026-01-01"));
        let lock = parse(&twice).unwrap();
        assert_eq!(lock.flows.len(), 2);
        let until = lock.flows.values().find_map(|said| said.until).unwrap();
        assert_eq!(until.to_string(), "2026-01-01");
    }
}
