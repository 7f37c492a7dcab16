//! What a vendor was handed in a window of time, in repositories whose history is known.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

#[path = "support/repository.rs"]
mod repository;

use std::fs;
use std::ops::Deref;
use std::path::Path;

use self::repository::{Ran, Repository};
use divulge::breach::{Brief, Evidence, State};

/// A git repository whose commits have days.
struct Repo(Repository);

impl Deref for Repo {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.0
    }
}

fn app(lines: &str) -> String {
    format!(
        "import mixpanel from 'mixpanel-browser';\n\
         export function onSignIn(user: {{ id: string; email: string; phone: string }}) {{\n{lines}}}\n"
    )
}

const EMAIL: &str = "  mixpanel.people.set({ $email: user.email });\n";
const PHONE: &str = "  mixpanel.track('a', { phone: user.phone });\n";

impl Repo {
    /// A history whose answers are known: an e-mail address from September on; a telephone number in October only; a file
    /// that nobody reads; the address as a digest from November on.
    fn new() -> Self {
        let repo = Self::empty();
        repo.write("src/auth.ts", &app(EMAIL));
        repo.commit("2025-09-01");
        repo.write("src/auth.ts", &app(&format!("{PHONE}{EMAIL}")));
        repo.commit("2025-10-05");
        repo.write("notes.txt", "nothing");
        repo.commit("2025-10-10");
        repo.write("src/auth.ts", &app(EMAIL));
        repo.commit("2025-10-20");
        let digest = "  mixpanel.people.set({ $email: sha256(user.email).toString() });\n";
        let hashed = format!("import sha256 from 'crypto-js/sha256';\n{}", app(digest));
        repo.write("src/auth.ts", &hashed);
        repo.commit("2025-11-15");
        repo
    }

    fn empty() -> Self {
        Self(Repository::empty())
    }

    fn git(&self, args: &[&str], day: &str) -> String {
        self.0.git(args, Some(day)).trim().to_owned()
    }

    fn commit(&self, day: &str) {
        self.0.commit(day, Some(day));
    }

    fn run(&self, args: &[&str]) -> Ran {
        run_in(self.directory.path(), args)
    }

    fn brief(&self, args: &[&str]) -> Brief {
        let ran = self.run(&[args, &["--format", "json"]].concat());
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

fn run_in(directory: &Path, args: &[&str]) -> Ran {
    let incident = ["incident", "mixpanel", "--lang", "en"];
    repository::run_in(directory, &[&incident, args].concat())
}

fn state(brief: &Brief, class: &str) -> State {
    brief.vendor.of(class).unwrap().state
}

/// `day day before end` of each piece of evidence of a class.
fn seen(brief: &Brief, class: &str) -> Vec<String> {
    let holding = brief.vendor.of(class).unwrap();
    let said = |evidence: &Evidence| {
        let seen = evidence.seen.as_ref().unwrap();
        let (first, last) = (&seen.first.day, &seen.last.day);
        format!("{first} {last} {} {}", seen.from_before, seen.to_end)
    };
    holding.evidence.iter().map(said).collect()
}

#[test]
fn what_came_and_went_within_the_window_shows() {
    let repo = Repo::new();
    let brief = repo.brief(&["--since", "2025-10-01", "--until", "2025-10-31"]);
    assert_eq!(state(&brief, "phone"), State::Sent);
    // A revision that changes no file that is read is like the one before it.
    assert_eq!(seen(&brief, "phone"), ["2025-10-05 2025-10-10 false false"]);
    // What was sent before and is still there was sent in October.
    assert_eq!(state(&brief, "email"), State::Sent);
    assert_eq!(seen(&brief, "email"), ["2025-09-01 2025-10-20 true true"]);
    let window = brief.window.unwrap();
    assert_eq!(
        (window.commits, window.states, window.left_out()),
        (3, 3, 0)
    );
    assert!(window.from_before);
    assert_eq!(window.first.day, "2025-09-01");
    assert_eq!(window.last.day, "2025-10-20");
    // What is to be done is done in the present tree.
    assert!(brief.removal.iter().any(|line| line.line == 2));
    let text = repo
        .run(&["--since", "2025-10-01", "--until", "2025-10-31"])
        .stdout;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "what it was handed",
        "In the window it was handed",
        "it was in force when the window began",
        "From 2025-10-01 to 2025-10-31, our code",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_window_sees_only_what_was_there() {
    let repo = Repo::new();
    let brief = repo.brief(&["--until", "2025-09-30"]);
    assert_eq!(state(&brief, "phone"), State::NotSeen);
    assert_eq!(seen(&brief, "email"), ["2025-09-01 2025-09-01 false true"]);
    let brief = repo.brief(&["--since", "2025-11-20"]);
    assert_eq!(state(&brief, "email"), State::Hashed);
    assert_eq!(state(&brief, "phone"), State::NotSeen);
    let window = brief.window.unwrap();
    assert_eq!((window.commits, window.read.len()), (0, 1));
    // The same call sent the address, and later its digest.
    let brief = repo.brief(&["--history"]);
    assert_eq!(state(&brief, "email"), State::Sent);
    assert_eq!(
        seen(&brief, "email"),
        [
            "2025-09-01 2025-10-20 false false",
            "2025-11-15 2025-11-15 false true"
        ]
    );
    assert_eq!(state(&brief, "phone"), State::Sent);
    let revisions = repo.git(&["rev-list", "--reverse", "HEAD"], "2025-12-01");
    let second = revisions.lines().nth(1).unwrap();
    let brief = repo.brief(&["--since", second, "--until", "HEAD~1"]);
    assert_eq!(seen(&brief, "phone"), ["2025-10-05 2025-10-10 true false"]);
}

#[test]
fn calls_are_counted_once_however_their_lines_move() {
    let repo = Repo::new();
    let brief = repo.brief(&["--history"]);
    assert_eq!(brief.vendor.calls.total, 2);
    // A payload that was not known once is not known of the window.
    repo.write("src/auth.ts", &app("  mixpanel.track('b', load());\n"));
    repo.commit("2025-11-20");
    repo.write(
        "src/auth.ts",
        &app("  mixpanel.track('b', { plan: 'free' });\n"),
    );
    repo.commit("2025-11-21");
    let brief = repo.brief(&["--since", "2025-11-20"]);
    assert_eq!(brief.vendor.open_calls(), 1);
    assert_eq!(state(&brief, "credential"), State::Unresolved);
}

#[test]
fn what_was_merged_counts_unless_it_is_left_out() {
    let repo = Repo::new();
    repo.git(&["checkout", "-q", "-b", "side"], "2025-12-01");
    repo.write("src/side.ts", &app(PHONE));
    repo.commit("2025-12-02");
    fs::remove_file(repo.path("src/side.ts")).unwrap();
    repo.commit("2025-12-03");
    repo.git(&["checkout", "-q", "main"], "2025-12-04");
    repo.write("src/other.ts", "export const x = 1;\n");
    repo.commit("2025-12-04");
    repo.git(
        &["merge", "-q", "--no-ff", "side", "-m", "merge"],
        "2025-12-05",
    );
    let since = ["--since", "2025-12-01"];
    assert_eq!(state(&repo.brief(&since), "phone"), State::Sent);
    let brief = repo.brief(&[&since[..], &["--first-parent"]].concat());
    assert_eq!(state(&brief, "phone"), State::NotSeen);
}

#[test]
fn a_bound_is_told_and_leaves_the_likely_ones() {
    let repo = Repo::empty();
    repo.write("src/auth.ts", &app(EMAIL));
    repo.commit("2025-09-01");
    for day in 10..20 {
        repo.write("src/other.ts", &format!("export const x = {day};\n"));
        if day == 13 {
            repo.write("src/late.ts", &app(PHONE));
        } else if day == 14 {
            fs::remove_file(repo.path("src/late.ts")).unwrap();
        }
        repo.commit(&format!("2025-09-{day}"));
    }
    let brief = repo.brief(&["--history", "--max-revisions", "4"]);
    assert_eq!(state(&brief, "phone"), State::Sent);
    let window = brief.window.as_ref().unwrap();
    assert_eq!(
        (window.states, window.read.len(), window.left_out()),
        (11, 4, 7)
    );
    let text = repo.run(&["--history", "--max-revisions", "4"]).stdout;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("7 were not read, because of the bound"),
        "{text}"
    );
    assert!(text.contains("7 revisions of our code in this"), "{text}");
    assert!(!text.contains("need not be rotated"), "{text}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let repo = Repo::new();
    let refuses = |directory: &Path, args: &[&str], part: &str| {
        let ran = run_in(directory, args);
        assert_eq!(ran.status, 2, "{args:?}: {}", ran.stdout);
        assert!(ran.stderr.contains(part), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{args:?}: {}", ran.stderr);
        assert!(ran.stdout.is_empty());
    };
    let here = repo.directory.path();
    refuses(here, &["--since", "nope"], "there is no revision `nope`");
    refuses(here, &["--until=--upload-pack=x"], "there is no revision");
    refuses(here, &["--since", "2025-02-30"], "is no day");
    refuses(
        here,
        &["--until", "2020-01-01"],
        "the history begins on 2025-09-01",
    );
    let late = ["--since", "2025-11-01", "--until", "2025-10-01"];
    refuses(here, &late, "lies after --until");
    let swapped = ["--since", "HEAD", "--until", "HEAD~2"];
    refuses(here, &swapped, "is not in the history of HEAD~2");

    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a.ts"), app(EMAIL)).unwrap();
    refuses(outside.path(), &["--history"], "is in no git repository");
    let empty = Repo::empty();
    empty.write("a.ts", &app(EMAIL));
    refuses(empty.directory.path(), &["--history"], "has no commit yet");

    let shallow = tempfile::tempdir().unwrap();
    let url = format!("file://{}", here.display());
    let to = shallow.path().to_str().unwrap();
    repo.git(&["clone", "-q", "--depth", "2", &url, to], "2025-12-01");
    let cut = "the history begins on 2025-10-20 here, since this is a shallow clone";
    refuses(shallow.path(), &["--history"], cut);
    refuses(shallow.path(), &["--since", "2025-10-01"], cut);
    refuses(shallow.path(), &["--until", "2025-10-01"], cut);
    let late = run_in(shallow.path(), &["--since", "2025-11-01"]);
    assert_eq!(late.status, 0, "{}", late.stderr);

    // A partial clone has the commits, but not all their files, and nothing is fetched.
    let partial = tempfile::tempdir().unwrap();
    let to = partial.path().to_str().unwrap();
    repo.git(&["config", "uploadpack.allowFilter", "true"], "2025-12-01");
    repo.git(
        &["clone", "-q", "--filter=blob:none", &url, to],
        "2025-12-01",
    );
    refuses(
        partial.path(),
        &["--history", "-q"],
        "which is a partial one",
    );
}

#[test]
fn a_part_of_a_repository_is_read_as_a_part() {
    let repo = Repo::empty();
    repo.write("web/src/auth.ts", &app(EMAIL));
    repo.write("api/src/auth.ts", &app(PHONE));
    repo.commit("2025-09-01");
    repo.write("api/src/auth.ts", &app(""));
    repo.commit("2025-09-02");
    let ran = run_in(&repo.path("web"), &["--history", "--format", "json"]);
    let brief: Brief = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(state(&brief, "phone"), State::NotSeen);
    assert_eq!(state(&brief, "email"), State::Sent);
    let evidence = &brief.vendor.of("email").unwrap().evidence[0];
    assert_eq!(evidence.location.path, "src/auth.ts");
    assert_eq!(brief.window.unwrap().states, 1);
}
