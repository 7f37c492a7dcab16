//! Follows the values of a tree, or takes up what an earlier scan of the same tree kept.
//!
//! In: the texts and manifests of a tree, and the rules. Out: [`Followed`]. It leaves alone reading before it, and judging
//! after it (`pipeline`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{UnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::ThreadPool;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::assess::{self, Rules};
use crate::bounded;
use crate::cache::{self, Entry, Key};
use crate::classify::Classifier;
use crate::consent::{self, Consent};
use crate::containers;
use crate::facts::{FileFacts, Name, Problem};
use crate::finding::FileNote;
use crate::flow::{self, Catalog, Evidence, Flows, Inputs, Library, Passage};
use crate::link::{MOST_OF_CONFIGURATION, Program};
use crate::manifests::Manifests;
use crate::outsiders::{self, Outside, Outsiders};
use crate::own::OwnDomains;
use crate::pages::{self, Pages, RunsAt};
use crate::passages;
use crate::progress::Progress;
use crate::read::Texts;
use crate::renamed::{self, Renamed};
use crate::ruleset::Ruleset;
use crate::screens::Screens;
use crate::settings::Settings;
use crate::source::{FileId, Lines, SourceFile, Span};
use crate::strangers::{self, Strangers};
use crate::syntax;
use crate::variables::{self, Variable};

/// What the report says of a file whose analysis crashed.
const CRASHED: &str = "the analysis of this file crashed";

/// What it says of one that was left out for the others' sake.
const LEFT_OUT: &str =
    "following the values crashed in or near this file; nothing that it sends is listed";

/// A tree in which more files crash than these has another cause, which they only meet.
const MOST_LEFT_OUT: usize = 8;

/// The evaluation nests with the values of the program, and gets a stack that its depth limit fits in.
const STACK: usize = 512 << 20;

/// The resolver goes from one configuration to the next it extends, as deep as there are any; untouched pages cost nothing.
pub(crate) const STACK_OF_OTHERS: usize = 64 << 20;

/// More threads than this do not parse ahead: there is no more to parse than one thread asks for.
const MOST_AHEAD: usize = 3;

/// What there is to follow.
pub(crate) struct Following<'a> {
    /// The threads that work for the one that follows values; none of them waits for it.
    pub pool: &'a ThreadPool,
    /// Absolute and canonical.
    pub root: &'a Path,
    /// Sources and manifests, in the order of their ids.
    pub texts: &'a Texts,
    pub manifests: &'a Manifests,
    /// Versions of the packages of which the rules say different things.
    pub versions: BTreeMap<String, String>,
    pub classifier: &'a Classifier,
    pub ruleset: &'a Ruleset,
    pub settings: &'a Settings,
    pub progress: &'a Progress,
}

/// What following gave.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Followed {
    pub flows: Flows,
    /// What pages give away by themselves.
    pub pages: Pages,
    /// What is asked before SDKs run.
    pub consent: Consent,
    /// How many files were parsed.
    pub parsed: u64,
    /// What the parser could not read of them.
    pub problems: Vec<FileNote>,
    /// What is known by the names of packages that no rule lists.
    pub outside: Vec<Outside>,
    /// The analysis of some file crashed.
    pub crashed: bool,
}

/// What is kept for the next scan.
#[derive(Serialize, Deserialize)]
struct Kept {
    followed: Followed,
    /// The configuration that was asked where imports lead, below the root, and the digest of each file that is there.
    consulted: Vec<(PathBuf, Option<String>)>,
}

impl Following<'_> {
    /// What an earlier scan kept, if it would be the same now; otherwise it is followed, and kept.
    pub(crate) fn followed(&self) -> Followed {
        let Some(directory) = &self.settings.cache else {
            return self.follow().followed;
        };
        let entry = Entry::new(directory, self.key());
        let kept = entry.read::<Kept>();
        if let Some(kept) = kept.filter(|kept| self.is_current(kept)) {
            return kept.followed;
        }
        let kept = self.follow();
        if !kept.followed.crashed {
            entry.write(&kept);
        }
        kept.followed
    }

    /// All that the result depends on, except for configuration of which nobody knows before whether it will be asked.
    fn key(&self) -> Key {
        let mut key = Key::new();
        key.add(self.ruleset.digest.as_bytes());
        key.add(&[
            u8::from(self.settings.parse_everything),
            u8::from(self.settings.policy.notes),
        ]);
        for (name, class) in &self.settings.identifiers {
            key.add(name.as_bytes());
            key.add(class.as_bytes());
        }
        key.add(b"own domains");
        for domain in &self.settings.own_domains {
            key.add(domain.as_bytes());
        }
        key.add(b"packages");
        let manifests = self.manifests;
        for (name, directory) in &manifests.packages {
            key.add(name.as_bytes());
            key.add(directory.as_str().as_bytes());
        }
        let mut dependencies: Vec<&String> = manifests.dependencies.iter().collect();
        dependencies.sort();
        let homes = manifests.homes.iter().chain(&manifests.repositories);
        let said = homes.chain(&manifests.conditions);
        for text in dependencies.into_iter().chain(said) {
            key.add(text.as_bytes());
        }
        for (package, version) in &self.versions {
            key.add(package.as_bytes());
            key.add(version.as_bytes());
        }
        key.add(b"texts");
        let digests: Vec<String> = self
            .texts
            .files
            .par_iter()
            .map(|file| cache::digest(file.text.as_bytes()))
            .collect();
        for (file, digest) in self.texts.files.iter().zip(digests) {
            key.add(file.path.as_str().as_bytes());
            key.add(digest.as_bytes());
        }
        key
    }

    fn is_current(&self, kept: &Kept) -> bool {
        kept.consulted
            .par_iter()
            .all(|(path, digest)| self.digest_below_root(path) == *digest)
    }

    /// The digest of a file, if it is one and a link does not lead out of the tree.
    fn digest_below_root(&self, path: &Path) -> Option<String> {
        let path = self.root.join(path).canonicalize().ok()?;
        // One that is too large says nothing to the resolver either.
        let is_read = path.starts_with(self.root);
        is_read
            .then(|| bounded::read(&path, MOST_OF_CONFIGURATION).ok())?
            .map(|bytes| cache::digest(&bytes))
    }

    fn follow(&self) -> Kept {
        let follow = |texts: &[SourceFile]| self.follow_through(texts);
        let (mut kept, left_out) = leaving_out_what_crashes(&self.texts.files, follow);
        kept.followed.crashed |= !left_out.is_empty();
        kept.followed.problems.extend(left_out);
        kept
    }

    /// What comes of it, and the file that was looked at when it crashed, if it did.
    fn follow_through(&self, texts: &[SourceFile]) -> (Kept, Option<FileId>) {
        let Self {
            manifests, ruleset, ..
        } = self;
        let program = Program::new(
            self.root.to_owned(),
            texts,
            manifests,
            &ruleset.declarations,
            facts_of,
        );
        self.progress.begin("searching texts");
        let own = OwnDomains::new(manifests, texts, &self.settings.own_domains);
        let beyond = Beyond {
            outsiders: outsiders::find(texts, manifests, ruleset),
            strangers: strangers::find(texts, &ruleset.transforms, &own),
            passages: passages::read(texts),
            variables: variables::find(
                texts,
                ruleset.vendors.values(),
                &ruleset.transforms.environment,
                &own,
            ),
            renamed: renamed::find(texts, ruleset.vendors.values()),
        };
        let flows = self.flows(&program, &beyond);
        let crashed_at = flows.is_none().then(|| program.entered());
        let mut flows = flows.unwrap_or_else(|| Flows {
            notes: vec!["following the values crashed; nothing that is sent is listed".to_owned()],
            ..Flows::default()
        });
        flows.versions.clone_from(&self.versions);
        flows.forget_strangers(|subject| !self.classifier.classify(subject).is_empty());
        let containers = containers::read(texts, &ruleset.vendors);
        flows.pass_on(&containers.passed);
        self.progress.begin("reading pages");
        let pages = self.pages(&program, &flows);
        let consent = match self.settings.policy.notes {
            true => {
                self.progress.begin("looking for consent");
                consent::read(&program, self.texts, &flows, ruleset, self.classifier)
            }
            false => Consent::default(),
        };
        let mut problems = problems(&program);
        problems.extend(containers.notes);
        problems.append(&mut flows.bounds);
        problems.extend(program.unread().into_iter().map(|(path, reason)| FileNote {
            path,
            reason: format!("how modules are found is not read from it: {reason}"),
            line: None,
        }));
        let is_crash = |problem: &FileNote| problem.reason == CRASHED;
        let crashed = crashed_at.is_some() || problems.iter().any(is_crash);
        let consulted = program.consulted().into_iter().map(|path| {
            let digest = self.digest_below_root(&path);
            (path, digest)
        });
        let kept = Kept {
            consulted: consulted.collect(),
            followed: Followed {
                flows,
                pages,
                consent,
                parsed: program.parsed().count() as u64,
                problems,
                outside: beyond.outsiders.told(),
                crashed,
            },
        };
        (kept, crashed_at)
    }

    /// All flows; none if following them crashed.
    fn flows(&self, program: &Program<'_>, beyond: &Beyond<'_>) -> Option<Flows> {
        let Self {
            classifier,
            ruleset,
            ..
        } = self;
        let catalog = Catalog::new(ruleset.vendors.values())
            .with_strangers(&beyond.strangers)
            .with_passages(&beyond.passages)
            .with_variables(&beyond.variables)
            .with_renamed(&beyond.renamed)
            .with_outsiders(&beyond.outsiders)
            .with_places(&ruleset.pages);
        let library = Library::new(&ruleset.transforms);
        let inputs = Inputs {
            program,
            pool: self.pool,
            catalog: &catalog,
            library: &library,
            dependencies: &self.manifests.dependencies,
            everything: self.settings.parse_everything,
            recognises: &|subject| !classifier.classify(subject).is_empty(),
            class_of: &|subject| {
                let verdict = classifier.classify(subject).into_iter().next()?;
                Some((Name::from(&verdict.class), verdict.confidence))
            },
            is_unnamed: &|subject| classifier.is_unnamed(subject),
            is_person: &|subject| classifier.is_person(subject),
            owner: &|name| classifier.owner(name),
            begin: &|part| self.progress.begin(part),
        };
        // Values are followed by one thread; the others have nothing else to do meanwhile.
        let others = (self.pool.current_num_threads() - 1).min(MOST_AHEAD);
        std::thread::scope(|scope| {
            let ahead: Vec<_> = (0..others)
                .filter_map(|_| {
                    let thread = std::thread::Builder::new().stack_size(STACK_OF_OTHERS);
                    thread.spawn_scoped(scope, || program.parse_ahead()).ok()
                })
                .collect();
            let thread = std::thread::Builder::new().stack_size(STACK);
            let running = thread.spawn_scoped(scope, || flow::follow(&inputs));
            let flows = running.ok().and_then(|running| running.join().ok());
            program.end_ahead();
            // One that crashed has done nothing that counts.
            for thread in ahead {
                let _ = thread.join();
            }
            flows
        })
    }

    /// What the pages give away to the SDKs that take something of them.
    fn pages(&self, program: &Program<'_>, flows: &Flows) -> Pages {
        if flows.calls.is_empty() && flows.started.is_empty() && !flows.is_any_imported() {
            return Pages::default();
        }
        let screens = Screens::of_program(program, self.texts);
        let runs = RunsAt::read(&screens, self.texts, flows, &self.ruleset.pages);
        let takes = assess::takes_of_pages(flows, Rules::of(self.ruleset), self.texts, &runs);
        if takes.is_empty() {
            let mut pages = Pages::of_apps(self.texts);
            pages.runs = runs;
            return pages;
        }
        // What is only loaded may be started wherever it is.
        let starting: BTreeSet<_> = flows.started.iter().map(|it| it.place.file).collect();
        let loaded = flows.seen.iter().filter(|it| {
            let is_loaded = matches!(it.evidence, Evidence::Import | Evidence::Script);
            is_loaded && !starting.contains(&it.place.file)
        });
        let starts = flows.started.iter().map(|it| &it.place);
        let starts: Vec<_> = starts.chain(loaded.map(|it| &it.place)).collect();
        let mut pages = pages::read(
            program,
            self.texts,
            &screens,
            &self.ruleset.pages,
            self.classifier,
            &starts,
            &takes,
        );
        pages.runs = runs;
        pages
    }
}

/// What the tree says of ways to vendors that the rules do not name.
struct Beyond<'r> {
    outsiders: Outsiders<'r>,
    strangers: Strangers,
    passages: Vec<Passage>,
    variables: Vec<Variable>,
    renamed: Vec<Renamed>,
}

/// The facts of a file; reading one that the reader cannot cope with ends with that file.
fn facts_of(file: &SourceFile) -> FileFacts {
    let path = file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    caught(|| syntax::extract_file(&file.text, name))
}

fn caught(extract: impl FnOnce() -> FileFacts + UnwindSafe) -> FileFacts {
    catch_unwind(extract).unwrap_or_else(|_| FileFacts {
        problems: vec![Problem {
            span: Span::default(),
            message: CRASHED.to_owned(),
        }],
        ..FileFacts::default()
    })
}

/// Does something with all texts, and, as long as that crashes at one of them, anew with nothing in its place. What comes of
/// it, and what is to be said of the files that were left out.
fn leaving_out_what_crashes<T>(
    texts: &[SourceFile],
    mut follow: impl FnMut(&[SourceFile]) -> (T, Option<FileId>),
) -> (T, Vec<FileNote>) {
    let mut left_out = Vec::new();
    let mut texts = Cow::Borrowed(texts);
    loop {
        let (followed, crashed_at) = follow(&texts);
        let source = crashed_at
            .filter(|_| left_out.len() < MOST_LEFT_OUT)
            .and_then(|file| texts.to_mut().get_mut(file.index()))
            .filter(|source| !source.text.is_empty());
        let Some(source) = source else {
            return (followed, left_out);
        };
        source.text.clear();
        left_out.push(FileNote {
            path: source.path.to_string(),
            reason: LEFT_OUT.to_owned(),
            line: None,
        });
    }
}

/// What the parser could not read of the files that were parsed.
fn problems(program: &Program<'_>) -> Vec<FileNote> {
    let notes = program.parsed().flat_map(|(file, facts)| {
        let source = program.source(file);
        let lines = (!facts.problems.is_empty()).then(|| Lines::new(&source.text));
        facts.problems.iter().map(move |problem| FileNote {
            path: source.path.to_string(),
            reason: problem.message.clone(),
            line: lines
                .as_ref()
                .map(|lines| lines.position(problem.span.start).line),
        })
    });
    notes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;

    #[test]
    fn a_crash_ends_with_its_file_and_is_told() {
        let facts = caught(|| panic!("on purpose"));
        assert!(facts.exprs.is_empty());
        assert_eq!(facts.problems[0].message, CRASHED);
        assert!(caught(FileFacts::default).problems.is_empty());
    }

    #[test]
    fn what_crashes_is_left_out_and_the_rest_is_followed() {
        let source = |path: &str| SourceFile {
            path: RepoPath::new(path),
            text: "code".to_owned(),
        };
        let texts = ["a.ts", "b.ts", "c.ts"].map(source);
        let is_there = |texts: &[SourceFile], at: usize| !texts[at].text.is_empty();

        let (followed, left_out) = leaving_out_what_crashes(&texts, |texts| {
            let crashed_at = (1..3).find(|at| is_there(texts, *at));
            (is_there(texts, 0), crashed_at.map(|at| FileId(at as u32)))
        });
        assert!(followed, "what does not crash stays");
        let paths: Vec<_> = left_out.iter().map(|note| note.path.as_str()).collect();
        assert_eq!(paths, ["b.ts", "c.ts"]);

        let (times, left_out) = {
            let mut times = 0;
            leaving_out_what_crashes(&texts, |_| {
                times += 1;
                (times, Some(FileId(0)))
            })
        };
        assert_eq!((times, left_out.len()), (2, 1), "it ends if nothing helps");
    }
}
