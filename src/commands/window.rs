//! What a vendor was handed between two days or revisions.
//!
//! In: the days or revisions, and the settings of the present tree. Out: the union of what the revisions between them show,
//! and which these are. It leaves alone what is said of it.
//!
//! What was in force when the window began counts too: whatever was sent before and is still there was sent within. A
//! revision that changes no file that is read is like the one before it, and is not read again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};

use super::past::Past;
use super::{note, warn};
use crate::breach::{Look, Revision, Stretch, Union, Window};
use crate::cli::Incident;
use crate::day::Day;
use crate::git::{Change, Commit, Repository, is_read};
use crate::progress::Progress;
use crate::ruleset::Ruleset;
use crate::ruleset::schema::Vendor;
use crate::search::holds_word;
use crate::settings::{Settings, below};

/// What was read of the past.
pub(super) struct Read {
    pub(super) union: Union,
    pub(super) window: Window,
    pub(super) stretches: Vec<Stretch>,
    pub(super) crashed: bool,
}

/// Whether a brief is to speak of the past.
pub(super) fn is_wanted(wish: &Incident) -> bool {
    wish.history || wish.since.is_some() || wish.until.is_some()
}

/// Reads the revisions of a window.
pub(super) fn read(
    wish: &Incident,
    settings: &Settings,
    rules: &Ruleset,
    quiet: bool,
) -> Result<Read> {
    let repository = Repository::around(&settings.root)?;
    let span = span(wish, &repository)?;
    let way = below(&repository.root, &settings.root);
    let changes = repository.changes(&span.commits)?;
    let states = states(&span, &changes, &way);
    let past = Past::new(&repository, settings, rules);
    let mut looks = Looks {
        past: &past,
        wish,
        rules,
        quiet,
        found: BTreeMap::new(),
        crashed: false,
    };
    let most = usize::from(wish.max_revisions);
    let chosen: Vec<usize> = if states.len() <= most {
        (0..states.len()).collect()
    } else {
        // Where the values go tells which of the others matter.
        let ends: BTreeSet<usize> = [0, states.len() - 1].into();
        looks.take(&states, &ends)?;
        let files: BTreeSet<String> = looks
            .found
            .values()
            .flat_map(|look| look.files(&wish.vendor))
            .map(|file| joined(&way, file))
            .collect();
        let words = words(rules.vendors.get(&wish.vendor), &files);
        let matters = matters(&repository, &changes, &files, &words)?;
        let is_likely = |state: &Known| state.commits.iter().any(|at| matters.contains(at));
        let likely: Vec<bool> = states.iter().map(is_likely).collect();
        choose(&likely, most)
    };
    looks.take(&states, &chosen.iter().copied().collect())?;
    let mut union = Union::default();
    let crashed = looks.crashed;
    let mut read = Vec::new();
    for (place, at) in chosen.iter().enumerate() {
        let Some(state) = states.get(*at) else {
            continue;
        };
        if let Some(look) = looks.found.remove(at) {
            union.add(place, look);
        }
        read.push(state.clone());
    }
    let window = Window {
        since: wish.since.clone(),
        until: wish.until.clone(),
        first: span.first()?,
        last: revision(&span.end),
        from_before: span.before.is_some(),
        commits: span.commits.len() as u64,
        states: states.len() as u64,
        read: read
            .iter()
            .map(|state| state.stretch.last.1.clone())
            .collect(),
    };
    Ok(Read {
        union,
        window,
        stretches: read.into_iter().map(|known| known.stretch).collect(),
        crashed,
    })
}

/// The commits of a window.
struct Span {
    /// What was in force when it began; none if nothing was.
    before: Option<Commit>,
    /// Each after those that it follows.
    commits: Vec<Commit>,
    end: Commit,
}

impl Span {
    fn first(&self) -> Result<Revision> {
        let first = self.before.as_ref().or(self.commits.first());
        Ok(revision(first.context("there is no commit in the window")?))
    }
}

/// A day or a revision, as it was typed.
enum Moment {
    Day(Day),
    Revision(String),
}

impl Moment {
    fn read(option: &str, text: &str) -> Result<Self> {
        let mut parts = text.split('-');
        let is_number = |part: Option<&str>, length: usize| {
            part.is_some_and(|part| {
                part.len() >= length && part.bytes().take(length).all(|it| it.is_ascii_digit())
            })
        };
        let is_day = text.len() >= 10
            && is_number(parts.next(), 4)
            && is_number(parts.next(), 2)
            && is_number(parts.next(), 2);
        if !is_day {
            return Ok(Self::Revision(text.to_owned()));
        }
        match text.parse() {
            Ok(day) => Ok(Self::Day(day)),
            Err(error) => bail!("{option}: {error} (a tag of that name is refs/tags/{text})"),
        }
    }
}

fn revision(commit: &Commit) -> Revision {
    Revision {
        id: commit.id.clone(),
        day: commit.day.to_string(),
    }
}

fn span(wish: &Incident, repository: &Repository) -> Result<Span> {
    let moment = |option: &str, text: Option<&String>| {
        text.map(|text| Moment::read(option, text)).transpose()
    };
    let since = moment("--since", wish.since.as_ref())?;
    let until = moment("--until", wish.until.as_ref())?;
    let found =
        |option: &str, name: &str| repository.commit(name).with_context(|| option.to_owned());
    let head = match &until {
        Some(Moment::Revision(name)) => found("--until", name)?,
        _ => repository
            .commit("HEAD")
            .context("the repository has no commit yet, so it has no history")?,
    };
    // The states that the branch had, one after the other.
    let branch = repository.commits(&head, None, true)?;
    let began = branch.first().map(|commit| commit.day.to_string());
    let began = began.unwrap_or_default();
    let end = match &until {
        Some(Moment::Day(day)) => branch.iter().rfind(|commit| commit.day <= *day),
        _ => branch.last(),
    };
    let Some(end) = end.cloned() else {
        let shallow = cut_off(repository)?;
        bail!("--until: there is no commit that early; the history begins on {began}{shallow}");
    };
    if let (Some(Moment::Day(since)), Some(Moment::Day(until))) = (&since, &until)
        && since > until
    {
        bail!("--since {since} lies after --until {until}");
    }
    let before = match &since {
        None => None,
        Some(Moment::Day(day)) => branch
            .iter()
            .take_while(|commit| commit.id != end.id)
            .chain([&end])
            .filter(|commit| commit.day < *day)
            .last()
            .cloned(),
        Some(Moment::Revision(name)) => {
            let id = found("--since", name)?;
            if !repository.led_to(&id, &end.id)? {
                let until = wish.until.as_deref().unwrap_or("the present commit");
                bail!("--since: `{name}` is not in the history of {until}");
            }
            repository.commits(&id, None, true)?.pop()
        }
    };
    if before.is_none() && repository.is_shallow()? {
        bail!(
            "the history begins on {began} here, since this is a shallow clone; `git fetch --unshallow` brings the rest"
        );
    }
    let without = match &since {
        Some(Moment::Revision(_)) => before.as_ref().map(|commit| commit.id.as_str()),
        _ => None,
    };
    let mut commits = repository.commits(&end.id, without, wish.first_parent)?;
    if let Some(Moment::Day(day)) = &since {
        commits.retain(|commit| commit.day >= *day);
    }
    Ok(Span {
        before,
        commits,
        end,
    })
}

fn cut_off(repository: &Repository) -> Result<&'static str> {
    Ok(if repository.is_shallow()? {
        " here, since this is a shallow clone"
    } else {
        ""
    })
}

/// Commits that differ in no file that is read.
#[derive(Clone)]
struct Known {
    stretch: Stretch,
    commits: Vec<String>,
}

/// The different states of a window, in the order of their last commits.
fn states(span: &Span, changes: &BTreeMap<String, Vec<Change>>, way: &str) -> Vec<Known> {
    let mut states: Vec<Known> = Vec::new();
    let mut by_commit: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_tree: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, commit) in span.before.iter().chain(&span.commits).enumerate() {
        let is_before = place == 0 && span.before.is_some();
        let is_changed = || {
            let changed = changes.get(&commit.id).into_iter().flatten();
            changed
                .map(|change| change.path.as_str())
                .any(|path| matters_at_all(path, way))
        };
        let parent = commit.parents.first();
        let like_parent = parent
            .and_then(|parent| by_commit.get(parent.as_str()))
            .filter(|_| !is_before && !is_changed());
        let same = by_tree.get(commit.tree.as_str()).or(like_parent).copied();
        let revision = (place, revision(commit));
        let at = same.unwrap_or(states.len());
        match states.get_mut(at) {
            Some(known) => {
                known.stretch.last = revision;
                known.commits.push(commit.id.clone());
            }
            None => states.push(Known {
                stretch: Stretch {
                    first: revision.clone(),
                    last: revision,
                    from_before: is_before,
                },
                commits: vec![commit.id.clone()],
            }),
        }
        by_commit.insert(&commit.id, at);
        by_tree.insert(&commit.tree, at);
    }
    states.sort_by_key(|known| known.stretch.last.0);
    states
}

/// Whether a scan reads a file, or its name decides which are.
fn matters_at_all(path: &str, way: &str) -> bool {
    let is_below = way.is_empty() || path.strip_prefix(way).is_some_and(|it| it.starts_with('/'));
    is_read(path) && (is_below || path.ends_with(".gitignore"))
}

fn joined(way: &str, file: &str) -> String {
    if way.is_empty() {
        file.to_owned()
    } else {
        format!("{way}/{file}")
    }
}

/// What a file names that has to do with a vendor: its packages, hosts and globals, and the files that lead to it.
fn words(vendor: Option<&Vendor>, files: &BTreeSet<String>) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = BTreeSet::new();
    if let Some(vendor) = vendor {
        words.extend(vendor.packages.iter().map(|package| package.name.clone()));
        words.extend(vendor.hosts.iter().cloned());
        words.extend(vendor.globals.iter().map(|global| global.name.clone()));
    }
    for file in files {
        let mut parts = file.rsplit('/');
        let name = parts.next().unwrap_or(file);
        let stem = name.split('.').next().unwrap_or(name);
        // A directory's main file goes by the name of the directory.
        let word = if stem == "index" {
            parts.next().unwrap_or(stem)
        } else {
            stem
        };
        words.insert(word.to_owned());
    }
    words
}

/// The commits that change a file on the way to the vendor, or one that names something of it, before or after.
fn matters(
    repository: &Repository,
    changes: &BTreeMap<String, Vec<Change>>,
    files: &BTreeSet<String>,
    words: &BTreeSet<String>,
) -> Result<BTreeSet<String>> {
    let all = changes.values().flatten();
    let read = all.filter(|change| is_read(&change.path));
    let texts: BTreeSet<&str> = read
        .flat_map(|change| change.texts.iter().map(String::as_str))
        .collect();
    let mut naming: BTreeSet<&str> = BTreeSet::new();
    repository.each_text(&texts, &mut |id, text| {
        let text = String::from_utf8_lossy(text);
        if words.iter().any(|word| holds_word(&text, word)) {
            naming.insert(id);
        }
    })?;
    let found = changes.iter().filter(|(_, changes)| {
        changes.iter().any(|change| {
            let names = |id: &String| naming.contains(id.as_str());
            files.contains(&change.path) || change.texts.iter().any(names)
        })
    });
    Ok(found.map(|(commit, _)| commit.clone()).collect())
}

/// Which of many states are read: the first and the last, then those that are likely to matter, then others; of more than
/// there is room for, such as lie evenly.
fn choose(likely: &[bool], most: usize) -> Vec<usize> {
    let last = likely.len().saturating_sub(1);
    let mut chosen: BTreeSet<usize> = [0, last].into();
    for wanted in [true, false] {
        let open: Vec<usize> = (0..likely.len())
            .filter(|at| likely.get(*at) == Some(&wanted) && !chosen.contains(at))
            .collect();
        let room = most.saturating_sub(chosen.len()).min(open.len());
        chosen
            .extend((0..room).filter_map(|at| open.get((at * open.len() + open.len() / 2) / room)));
    }
    chosen.into_iter().collect()
}

/// What states show, read once each.
struct Looks<'a> {
    past: &'a Past<'a>,
    wish: &'a Incident,
    rules: &'a Ruleset,
    quiet: bool,
    found: BTreeMap<usize, Look>,
    crashed: bool,
}

impl Looks<'_> {
    fn take(&mut self, states: &[Known], wanted: &BTreeSet<usize>) -> Result<()> {
        let open: Vec<usize> = wanted
            .iter()
            .copied()
            .filter(|at| !self.found.contains_key(at))
            .collect();
        if !self.quiet && open.len() > 2 {
            let all = states.len();
            note(&format!(
                "reading {} of {all} revisions that differ",
                open.len()
            ));
        }
        for at in open {
            let Some(known) = states.get(at) else {
                continue;
            };
            let revision = &known.stretch.last.1;
            let progress = Progress::new(!self.quiet);
            let found = self
                .past
                .read(&revision.id, &progress)
                .with_context(|| format!("revision {}", revision.short()))?;
            let look = match found {
                Some(analysis) => {
                    if analysis.crashed {
                        self.crashed = true;
                        warn(&format!(
                            "the analysis of a file of revision {} crashed",
                            revision.short()
                        ));
                    }
                    let vendor = &self.wish.vendor;
                    Look::new(
                        vendor,
                        analysis.report,
                        &analysis.texts,
                        self.past.root(),
                        self.rules,
                    )
                }
                None => Look::default(),
            };
            self.found.insert(at, look);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_likely_to_matter_is_read_first() {
        let mut likely = [false; 20];
        likely[3] = true;
        likely[11] = true;
        assert_eq!(choose(&likely, 4), [0, 3, 11, 19]);
        let more = choose(&likely, 6);
        assert_eq!(more.len(), 6);
        assert!([0, 3, 11, 19].iter().all(|at| more.contains(at)));
        assert_eq!(choose(&[true; 5], 3), [0, 2, 4]);
        assert_eq!(choose(&[true; 3], 9), [0, 1, 2]);
        assert_eq!(choose(&[false], 2), [0]);
    }

    #[test]
    fn a_day_is_told_from_a_revision() {
        let read = |text: &str| Moment::read("--since", text);
        assert!(matches!(read("2025-11-09"), Ok(Moment::Day(_))));
        for name in [
            "main",
            "v1.2.3",
            "HEAD~3",
            "2025-release",
            "refs/tags/2025-11-09",
        ] {
            assert!(matches!(read(name), Ok(Moment::Revision(_))), "{name}");
        }
        for wrong in ["2025-13-01", "2025-11-09T10:00Z", "2025-11-31"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
