//! The gate in the life of a repository: what it lets through, what it stops, and what it forgets.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

#[path = "support/repository.rs"]
mod repository;

use std::fs;
use std::ops::Deref;

use divulge::finding::{Difference, Report, Status};

use self::repository::{Ran, Repository, run_in};

/// A git repository with an app that hands an e-mail address to a vendor.
struct Repo(Repository);

impl Deref for Repo {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.0
    }
}

const APP: &str = "\
import mixpanel from 'mixpanel-browser';

export function onSignIn(user: { id: string; email: string }) {
  mixpanel.people.set({ $email: user.email });
}
";

impl Repo {
    fn new() -> Self {
        let repo = Self(Repository::empty());
        repo.write("src/auth.ts", APP);
        repo.commit("first");
        repo
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn git(&self, args: &[&str]) -> String {
        self.0.git(args, None)
    }

    fn commit(&self, message: &str) {
        self.0.commit(message, None);
    }

    fn run(&self, args: &[&str]) -> Ran {
        run_in(self.directory.path(), args)
    }

    /// The table in one line, whatever its width.
    fn table(&self, args: &[&str]) -> String {
        let text = self.run(&[&["scan"], args].concat()).stdout;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Runs the gate; gives its status and `class property status` of what the code sends.
    fn gate(&self, args: &[&str]) -> (i32, Vec<String>, Report) {
        let ran = self.run(&[&["scan", "--locked", "--format", "json"], args].concat());
        let report: Report = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
        let sent = report
            .findings
            .iter()
            .filter(|finding| finding.origin == divulge::finding::Origin::Sent);
        let sent = sent.map(|finding| {
            format!(
                "{} {} {}",
                finding.class,
                finding.property,
                finding.status.as_str()
            )
        });
        let sent = sent.collect();
        (ran.status, sent, report)
    }
}

fn notices(report: &Report) -> Vec<String> {
    let all = report.notices.iter();
    all.map(|notice| format!("{}: {}", notice.kind.as_str(), notice.message))
        .collect()
}

#[test]
fn a_repository_lives_with_its_lock() {
    let repo = Repo::new();
    // Without a lock file, the gate says so instead of letting everything through.
    let ran = repo.run(&["scan", "--locked"]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("`divulge lock`"), "{}", ran.stderr);

    assert_eq!(repo.run(&["lock"]).status, 0);
    let first = repo.read("divulge.lock");
    assert!(first.contains("property = \"$email\""), "{first}");
    assert!(!first.contains(":4") && !first.contains("line"), "{first}");
    repo.commit("lock");
    assert_eq!(repo.gate(&[]).0, 0);

    // The code moves and is formatted anew.
    let moved = APP
        .replace("export function", "const unrelated = 1;\n\nexport function")
        .replace(
            "mixpanel.people.set({ $email: user.email });",
            "mixpanel\n    .people\n    .set({\n      $email: user.email,\n    });",
        );
    repo.write("src/auth.ts", &moved);
    let (status, sent, report) = repo.gate(&["--strict"]);
    assert_eq!(
        (status, sent),
        (0, vec!["email $email locked".to_owned()]),
        "{:?}",
        notices(&report)
    );
    repo.run(&["lock"]);
    assert_eq!(
        repo.read("divulge.lock"),
        first,
        "moved code changes no line of the lock file"
    );

    // The file is renamed: nothing new, and the next `lock` names the new file, with the reason that somebody wrote.
    let reasoned = first.replacen(
        "transform = \"none\"",
        "transform = \"none\"\nreason = \"login mails\"\nowner = \"growth\"",
        1,
    );
    repo.write("divulge.lock", &reasoned);
    fs::rename(repo.path("src/auth.ts"), repo.path("src/session.ts")).unwrap();
    let (status, sent, report) = repo.gate(&["--strict"]);
    assert_eq!(
        (status, sent),
        (0, vec!["email $email locked".to_owned()]),
        "{:?}",
        notices(&report)
    );
    repo.run(&["lock"]);
    let renamed = repo.read("divulge.lock");
    assert_eq!(renamed, reasoned.replace("src/auth.ts", "src/session.ts"));
    repo.commit("rename");

    // A leak is added beside it: another property of the same call is another flow.
    let leaking = moved.replace(
        "$email: user.email,",
        "$email: user.email,\n      user_id: user.id,",
    );
    repo.write("src/session.ts", &leaking);
    let (status, sent, _) = repo.gate(&[]);
    assert_eq!(status, 1);
    assert_eq!(sent, ["email $email locked", "user_id user_id new"]);

    // It is accepted for a while.
    let accept = [
        "lock",
        "--accept",
        "--class",
        "user_id",
        "--reason",
        "support",
        "--owner",
        "help",
        "--until",
        "2027-03-01",
    ];
    let accepted = repo.run(&accept);
    assert!(accepted.stderr.contains("1 added"), "{}", accepted.stderr);
    let with_date = repo.read("divulge.lock");
    assert!(
        with_date.contains("reason = \"support\"\nowner = \"help\"\nuntil = \"2027-03-01\""),
        "{with_date}"
    );
    repo.commit("accept");
    assert_eq!(
        repo.gate(&["--strict", "--today", "2027-03-01"]).0,
        0,
        "the last day counts"
    );

    // The date passes: it counts again, and a plain rewrite does not hide that.
    for _ in 0..2 {
        let (status, sent, report) = repo.gate(&["--today", "2027-03-02"]);
        assert_eq!(status, 1);
        assert_eq!(sent, ["email $email locked", "user_id user_id new"]);
        assert!(
            notices(&report)[0].contains("until 2027-03-01, and counts again"),
            "{:?}",
            notices(&report)
        );
        repo.run(&["lock", "--today", "2027-03-02"]);
        assert_eq!(repo.read("divulge.lock"), with_date);
    }
    let unrenewed = repo.run(&[
        "lock",
        "--accept",
        "--reason",
        "still",
        "--today",
        "2027-03-02",
    ]);
    assert!(
        unrenewed.stderr.contains("nothing was accepted"),
        "{}",
        unrenewed.stderr
    );
    let renewed = repo.run(&[
        "lock",
        "--accept",
        "--until",
        "2028-01-01",
        "--today",
        "2027-03-02",
    ]);
    assert!(renewed.stderr.contains("1 renewed"), "{}", renewed.stderr);
    assert_eq!(repo.gate(&["--today", "2027-03-02"]).0, 0);

    // It is removed: the entry is told of, fails only the strict gate, and goes.
    repo.write("src/session.ts", &moved);
    let (status, _, report) = repo.gate(&[]);
    assert_eq!(status, 0);
    let told = notices(&report);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("unused: user_id to mixpanel in src/session.ts"),
        "{told:?}"
    );
    assert_eq!(repo.gate(&["--strict"]).0, 1);
    let pruned = repo.run(&["lock", "--prune"]);
    assert!(pruned.stderr.contains("1 removed"), "{}", pruned.stderr);
    assert_eq!(repo.read("divulge.lock"), renamed);
    assert_eq!(repo.gate(&["--strict"]).0, 0);
}

#[test]
fn a_rule_that_says_the_same_in_other_words_makes_no_new_flow() {
    let repo = Repo::new();
    let rule = |auto: &[(&str, &str)]| {
        let all = auto.iter().map(|(class, property)| {
            format!("[[auto]]\nclass = \"{class}\"\nproperty = \"{property}\"\ndefault = true\nturn_off = \"cannot be turned off\"\n")
        });
        let text = "id = \"acme\"\nname = \"Acme\"\ncategory = \"rum\"\nsources = [\"made up\"]\n\
                    init = [{ path = \"start\" }]\n[[package]]\nname = \"acme\"\n[[call]]\npath = \"send\"\nargs = [\"properties\"]\n";
        repo.write(
            "rules/vendors/acme.toml",
            &format!("{text}{}", all.collect::<String>()),
        );
    };
    repo.write("divulge.toml", "rules = [\"rules\"]\n");
    repo.write("src/acme.ts", "import acme from 'acme';\nacme.start();\n");
    rule(&[("ip", "request IP"), ("user_agent", "$os, $browser")]);
    assert_eq!(repo.run(&["lock"]).status, 0);
    let lock = repo.read("divulge.lock");
    assert!(lock.contains("property = \"request IP\""), "{lock}");
    assert_eq!(repo.gate(&["--strict"]).0, 0);
    // Other words, and two entries where there was one.
    rule(&[
        ("ip", "IP of the request"),
        ("user_agent", "$os"),
        ("user_agent", "$browser, by the hints of the browser"),
    ]);
    let (status, _, report) = repo.gate(&["--strict"]);
    assert_eq!(status, 0, "{:?}", notices(&report));
    repo.run(&["lock"]);
    assert!(repo.read("divulge.lock").contains("\"IP of the request\""));
    // A class that was not collected before is new, and so is what is collected beside what the rule still speaks of.
    rule(&[
        ("ip", "IP of the request"),
        ("location", "city of the IP"),
        ("user_agent", "$os"),
    ]);
    assert_eq!(repo.gate(&[]).0, 1);
    rule(&[
        ("ip", "IP of the request"),
        ("ip", "IP of the proxy"),
        ("user_agent", "$os"),
    ]);
    assert_eq!(repo.gate(&[]).0, 1);
}

#[test]
fn a_new_exposure_never_inherits_an_acceptance() {
    let repo = Repo::new();
    repo.run(&["lock"]);
    for (what, text) in [
        ("property", APP.replace("$email:", "$contact:")),
        ("call", APP.replace("people.set(", "register(")),
        ("symbol", APP.replace("onSignIn", "onSignUp")),
        ("class", APP.replace("user.email", "user.id")),
        (
            "vendor",
            APP.replace(
                "import mixpanel from 'mixpanel-browser'",
                "import mixpanel from 'mixpanel-browser';\nimport posthog from 'posthog-js'",
            )
            .replace("mixpanel.people.set", "posthog.setPersonProperties"),
        ),
    ] {
        repo.write("src/auth.ts", &text);
        let (status, sent, _) = repo.gate(&[]);
        assert_eq!(status, 1, "another {what}: {sent:?}");
        assert!(
            sent.iter().any(|flow| flow.ends_with("new")),
            "another {what}: {sent:?}"
        );
    }
    // A copy is a second flow; the first is still there.
    repo.write("src/auth.ts", APP);
    repo.write("src/copy.ts", APP);
    let (status, sent, _) = repo.gate(&[]);
    assert_eq!((status, sent.len()), (1, 2));
}

#[test]
fn a_part_of_the_tree_says_nothing_of_the_rest() {
    let repo = Repo::new();
    repo.write("web/page.ts", APP);
    repo.run(&["lock"]);
    let all = repo.read("divulge.lock");
    let (status, sent, report) = repo.gate(&["--strict", "web"]);
    assert_eq!((status, sent.len()), (0, 1), "{:?}", notices(&report));
    assert_eq!(repo.run(&["lock", "web"]).status, 0);
    assert_eq!(repo.read("divulge.lock"), all);
    assert!(!repo.path("web/divulge.lock").exists());
    let inside = run_in(&repo.path("web"), &["scan", "--locked", "--strict"]);
    assert_eq!(inside.status, 0, "{}{}", inside.stdout, inside.stderr);
}

#[test]
fn comments_accept_what_they_name() {
    let repo = Repo::new();
    let scan = |comment: &str, args: &[&str]| {
        let text = APP.replace(
            "  mixpanel.people",
            &format!("  {comment}\n  mixpanel.people"),
        );
        repo.write("src/auth.ts", &text);
        let ran = repo.run(&[&["scan", "--format", "json"], args].concat());
        let report: Report = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
        let open = report
            .findings
            .iter()
            .filter(|finding| finding.status == Status::New && finding.class == "email")
            .count();
        (ran.status, open, notices(&report))
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(
        scan(
            "// divulge-disable-next-line email -- login mails",
            &["--strict"]
        ),
        (0, 0, none.clone())
    );
    assert_eq!(
        scan(
            "/* divulge-disable-next-line mixpanel email -- login */",
            &["--strict"]
        ),
        (0, 0, none)
    );
    // Without a reason it counts, unless strict.
    let reasonless = "// divulge-disable-next-line email";
    let (status, open, told) = scan(reasonless, &[]);
    assert_eq!((status, open), (0, 0));
    assert!(told[0].starts_with("without reason"), "{told:?}");
    assert_eq!(scan(reasonless, &["--strict"]).0, 1);
    // An end.
    let ending = "// divulge-disable-next-line email -- trial; until 2027-03-01";
    assert_eq!(scan(ending, &["--today", "2027-03-01"]).0, 0);
    let (status, open, told) = scan(ending, &["--today", "2027-03-02"]);
    assert_eq!((status, open), (1, 1));
    assert!(told[0].starts_with("expired"), "{told:?}");
    // Nothing of it there.
    for other in ["user_id", "posthog email"] {
        let (status, open, told) = scan(&format!("// divulge-disable-next-line {other} -- x"), &[]);
        assert_eq!((status, open), (1, 1), "{other}");
        assert!(told[0].starts_with("unused"), "{told:?}");
    }
    // Not understood.
    for wrong in ["emial -- x", "-- everything"] {
        let (status, open, told) = scan(&format!("// divulge-disable-next-line {wrong}"), &[]);
        assert_eq!((status, open), (1, 1), "{wrong}");
        assert!(told[0].starts_with("invalid"), "{told:?}");
    }
    // A stranger's comments can be refused; what they accept is counted, and listed on demand.
    let fine = "// divulge-disable-next-line email -- login mails";
    assert_eq!(scan(fine, &["--no-suppressions"]).0, 1);
    let table = repo.table(&[]);
    assert!(
        table.contains("1 suppressed") && !table.contains("login mails"),
        "{table}"
    );
    let table = repo.table(&["--show-suppressed"]);
    assert!(table.contains("login mails"), "{table}");
    // The lock file does not accept it a second time.
    repo.run(&["lock"]);
    assert!(!repo.read("divulge.lock").contains("$email"));
}

#[test]
fn comments_stand_in_every_kind_of_file() {
    let repo = Repo::new();
    fs::remove_file(repo.path("src/auth.ts")).unwrap();
    repo.write(
        "src/Card.vue",
        "<script setup lang=\"ts\">\nimport mixpanel from 'mixpanel-browser';\nconst props = defineProps<{ user: { email: string } }>();\n</script>\n\
         <template>\n  <!-- divulge-disable-next-line email -- asked for -->\n  <button @click=\"mixpanel.track('x', { email: props.user.email })\">x</button>\n</template>\n",
    );
    repo.write(
        "src/Row.tsx",
        "import mixpanel from 'mixpanel-browser';\nexport const Row = (props: { user: { email: string } }) => (\n  <p>\n    {/* divulge-disable-next-line email -- asked for */}\n    \
         <button onClick={() => mixpanel.track('x', { email: props.user.email })}>x</button>\n  </p>\n);\n",
    );
    repo.write(
        "src/all.ts",
        "/* divulge-disable-file email -- asked for */\nimport mixpanel from 'mixpanel-browser';\nexport const f = (user: { email: string }) => mixpanel.track('x', { email: user.email });\n",
    );
    repo.write(
        "src/line.ts",
        "import mixpanel from 'mixpanel-browser';\nexport const f = (user: { email: string }) =>\n  mixpanel.track('x', {\n    email: user.email, // divulge-disable-line email -- asked for\n  });\n",
    );
    repo.write(
        "src/block.ts",
        "import mixpanel from 'mixpanel-browser';\nexport function f(user: { email: string }) {\n  // divulge-disable email -- asked for\n  mixpanel.track('x', { email: user.email });\n  \
         // divulge-enable email\n}\n",
    );
    let ran = repo.run(&["scan", "--format", "json", "--strict", "--class", "email"]);
    let report: Report = serde_json::from_str(&ran.stdout).unwrap();
    let mut accepted: Vec<String> = report
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.location.path, finding.status.as_str()))
        .collect();
    accepted.sort();
    let files = [
        "src/Card.vue",
        "src/Row.tsx",
        "src/all.ts",
        "src/block.ts",
        "src/line.ts",
    ];
    assert_eq!(
        accepted,
        files.map(|file| format!("{file} suppressed")),
        "{:?}",
        notices(&report)
    );
    assert_eq!(ran.status, 0, "{:?}", notices(&report));
}

#[test]
fn the_configuration_says_what_a_vendor_may_have() {
    let repo = Repo::new();
    let scan = |config: &str, args: &[&str]| {
        repo.write("divulge.toml", config);
        let ran = repo.run(&[&["scan"], args].concat());
        let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        (ran.status, text, ran.stderr)
    };
    let allow = "[[allow]]\nvendor = \"mixpanel\"\nclasses = [\"email\"]\nreason = \"login mails\"\nuntil = 2027-03-01\n";
    let (status, text, _) = scan(
        allow,
        &["--strict", "--show-suppressed", "--today", "2027-01-01"],
    );
    assert_eq!(status, 0, "{text}");
    assert!(
        text.contains("config until 2027-03-01: login mails"),
        "{text}"
    );
    let (status, _, told) = scan(allow, &["--today", "2027-03-02"]);
    assert_eq!(status, 1);
    assert!(told.contains("divulge.toml:2: expired"), "{told}");
    assert_eq!(scan(&format!("{allow}paths = [\"other/**\"]\n"), &[]).0, 1);
    let (_, _, told) = scan(&allow.replace("mixpanel", "posthog"), &[]);
    assert!(told.contains("unused: email to posthog"), "{told}");
    for (wrong, place) in [
        (allow.replace("\"email\"", "\"emial\""), "divulge.toml:3:12"),
        (allow.replace("mixpanel", "mixpanle"), "divulge.toml:2:10"),
        (allow.replace("login mails", " "), "divulge.toml:4:10"),
        (allow.replace("reason", "raeson"), "divulge.toml:4:1"),
        (
            "own-domains = [\"https://x.org/a\"]\n".to_owned(),
            "divulge.toml:1:16",
        ),
        (
            "[[override]]\npaths = [\"a[\"]\n".to_owned(),
            "divulge.toml:2:10",
        ),
        (
            "[identifiers]\nx = \"nothing\"\n".to_owned(),
            "divulge.toml:2:5",
        ),
    ] {
        let (status, _, told) = scan(&wrong, &[]);
        assert!(status == 2 && told.contains(place), "{wrong}: {told}");
    }
    // Elsewhere in the tree other rules hold.
    let laxer = "[[override]]\npaths = [\"src/**\"]\nfail-on = \"never\"\n";
    assert_eq!(scan(laxer, &[]).0, 0);
    let rated = "[[override]]\npaths = [\"src/auth.ts\"]\nseverity = { email = \"low\" }\n";
    assert_eq!(scan(rated, &[]).0, 0);
    assert_eq!(scan(&rated.replace("auth", "other"), &[]).0, 1);
    // A name of one's own code.
    repo.write(
        "src/auth.ts",
        &APP.replace("user.email", "user.kontakt")
            .replace("email: string", "kontakt: string")
            .replace("$email", "x"),
    );
    assert_eq!(scan("", &["--class", "email"]).0, 0);
    assert_eq!(
        scan(
            "[identifiers]\nkontakt = \"email\"\n",
            &["--class", "email"]
        )
        .0,
        1
    );
}

#[test]
fn what_applies_can_be_printed_and_begun_with() {
    let repo = Repo::new();
    let ran = repo.run(&["init"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let text = repo.read("divulge.toml");
    assert!(
        text.contains("# vendor = \"mixpanel\"\n# classes = [\"email\"]"),
        "{text}"
    );
    assert_eq!(repo.run(&["init"]).status, 2, "it is not written over");
    assert_eq!(repo.run(&["scan", "--fail-on", "never"]).status, 0);
    // All that is commented out is right, too, once it is filled in.
    let filled: String = text
        .lines()
        .filter(|line| !line.starts_with("# ") || line.contains(" = ") || line.starts_with("# ["))
        .filter(|line| !line.contains("rules = ") && !line.contains("until = \"\""))
        .map(|line| line.trim_start_matches("# ").to_owned() + "\n")
        .collect();
    repo.write(
        "divulge.toml",
        &filled.replace("reason = \"\"", "reason = \"x\""),
    );
    let ran = repo.run(&["scan", "--print-config"]);
    assert_eq!(ran.status, 0, "{}\n{filled}", ran.stderr);
    assert!(ran.stdout.contains("strict = true"), "{}", ran.stdout);
    repo.write("divulge.toml", &ran.stdout);
    let again = repo.run(&["scan", "--print-config"]);
    assert_eq!(again.stdout, ran.stdout, "{}", again.stderr);
}

#[test]
fn a_difference_is_what_a_change_sends() {
    let repo = Repo::new();
    repo.write(
        "lib/old.ts",
        &APP.replace("onSignIn", "onLeave")
            .replace("$email: user.email", "$phone: phone")
            .replace("user: {", "phone: string, user: {"),
    );
    repo.commit("base");
    let same = repo.run(&["diff", "HEAD"]);
    assert_eq!(same.status, 0, "{}", same.stderr);
    assert!(
        same.stdout.starts_with("Nothing is handed"),
        "{}",
        same.stdout
    );

    fs::remove_file(repo.path("lib/old.ts")).unwrap();
    fs::rename(repo.path("src/auth.ts"), repo.path("src/login.ts")).unwrap();
    repo.write("src/more.ts", "import posthog from 'posthog-js';\nposthog.init('k');\nexport const f = (user: { id: string; name: string }) => posthog.identify(user.id, { name: user.name });\n");
    let before = repo.git(&["status", "--porcelain"]);
    let ran = repo.run(&["diff", "main", "--format", "json"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let difference: Difference = serde_json::from_str(&ran.stdout).unwrap();
    let classes = |all: &[divulge::finding::Finding]| -> Vec<String> {
        all.iter()
            .map(|finding| format!("{} {}", finding.class, finding.vendor))
            .collect()
    };
    assert_eq!(
        classes(&difference.newly_sent),
        ["person_name posthog", "user_id posthog"]
    );
    assert_eq!(classes(&difference.no_longer_sent), ["phone mixpanel"]);
    assert!(
        difference
            .newly_collected
            .iter()
            .all(|finding| finding.vendor == "posthog")
    );
    assert!(!difference.newly_collected.is_empty());
    assert_eq!(
        repo.git(&["status", "--porcelain"]),
        before,
        "the work tree is as it was"
    );
    assert_eq!(repo.run(&["diff", "main", "--fail-on", "never"]).status, 0);

    let comment = repo
        .run(&["diff", "main", "--format", "markdown", "--fail-on", "never"])
        .stdout;
    assert!(
        comment.starts_with("### This change sends 2 new values to vendors\n"),
        "{comment}"
    );
    assert!(comment.lines().count() < 40, "one screen: {comment}");
    assert!(comment.contains("`src/more.ts:3`"), "{comment}");

    // A saved report of the base says the same as the base.
    repo.git(&["stash", "-q", "-u"]);
    let saved = repo
        .directory
        .path()
        .parent()
        .unwrap()
        .join(format!("{}.json", std::process::id()));
    let saved_name = saved.to_str().unwrap();
    assert_eq!(
        repo.run(&[
            "scan",
            "--fail-on",
            "never",
            "--format",
            &format!("json={saved_name}")
        ])
        .status,
        0
    );
    repo.git(&["stash", "pop", "-q"]);
    let ran = repo.run(&["diff", saved_name, "--format", "json"]);
    let by_report: Difference = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(by_report.newly_sent, difference.newly_sent);
    assert_eq!(by_report.no_longer_sent, difference.no_longer_sent);
    fs::remove_file(saved).unwrap();

    let unknown = repo.run(&["diff", "no-such-branch"]);
    assert_eq!(unknown.status, 2);
    assert!(
        unknown.stderr.contains("no-such-branch"),
        "{}",
        unknown.stderr
    );
    assert_eq!(
        repo.run(&["diff", "--", "--output=x"]).status,
        2,
        "a revision is no option of git"
    );
}

#[test]
fn a_difference_runs_nothing_of_the_repository() {
    let repo = Repo::new();
    let marker = repo.path("ran");
    let script = repo.path("evil.sh");
    fs::write(
        &script,
        format!("#!/bin/sh\ntouch '{}'\ncat\n", marker.display()),
    )
    .unwrap();
    #[cfg(unix)]
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let evil = script.to_str().unwrap();
    repo.write(".gitattributes", "*.ts filter=evil diff=evil\n");
    for key in [
        "core.fsmonitor",
        "filter.evil.smudge",
        "filter.evil.clean",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.external",
        "core.pager",
        "pager.diff",
        "core.sshCommand",
        "diff.evil.command",
        "core.editor",
        "gpg.program",
        "diff.orderFile",
    ] {
        repo.git(&["config", key, evil]);
    }
    // Whoever shows a log with signatures runs the program that checks them.
    repo.git(&["config", "log.showSignature", "true"]);
    fs::create_dir_all(repo.path(".git/hooks")).unwrap();
    for hook in [
        "post-checkout",
        "pre-commit",
        "post-index-change",
        "reference-transaction",
    ] {
        fs::copy(&script, repo.path(&format!(".git/hooks/{hook}"))).unwrap();
    }
    for args in [
        &["diff", "HEAD"][..],
        &["diff", "HEAD", "--merge-base"],
        &["scan", "--staged"],
        &["scan"],
        &["lock"],
        &["incident", "mixpanel", "--history"],
        &["incident", "mixpanel", "--since", "HEAD"],
    ] {
        let ran = repo.run(args);
        assert_ne!(ran.status, 2, "{args:?}: {}", ran.stderr);
        assert!(!marker.exists(), "{args:?} ran something");
    }
}

#[test]
fn what_is_staged_is_scanned_as_a_whole_and_reported_in_part() {
    let repo = Repo::new();
    repo.write("src/track.ts", "import mixpanel from 'mixpanel-browser';\nexport const track = (traits: object) => mixpanel.people.set(traits);\n");
    repo.commit("wrapper");
    repo.write("src/use.ts", "import { track } from './track';\nexport const f = (user: { phone: string }) => track({ $phone: user.phone });\n");
    repo.git(&["add", "src/use.ts"]);
    // What is not staged does not count: neither this file, nor the change that follows.
    repo.write("src/unstaged.ts", APP);
    repo.write("src/use.ts", "export const nothing = 1;\n");
    let ran = repo.run(&["scan", "--staged", "--format", "json"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let report: Report = serde_json::from_str(&ran.stdout).unwrap();
    let found: Vec<String> = report
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.class, finding.location.path))
        .collect();
    assert_eq!(found, ["phone src/use.ts"]);
    // By a list, of the work tree.
    repo.write("list", "src/auth.ts\n");
    let ran = repo.run(&["scan", "--changed-files", "list", "--format", "json"]);
    let report: Report = serde_json::from_str(&ran.stdout).unwrap();
    let found: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.location.path.as_str())
        .collect();
    assert!(
        !found.is_empty() && found.iter().all(|path| *path == "src/auth.ts"),
        "{found:?}"
    );
    repo.git(&["reset", "-q"]);
    repo.write("list", "nothing.ts\n");
    assert_eq!(repo.run(&["scan", "--changed-files", "list"]).status, 0);
    assert_eq!(
        repo.run(&["scan", "--staged"]).status,
        0,
        "nothing is staged"
    );
}

#[test]
fn several_formats_in_one_run_and_again_from_the_saved_report() {
    let repo = Repo::new();
    let all = [
        "sarif", "markdown", "csv", "github", "gitlab", "junit", "rdjson",
    ];
    let mut args = vec![
        "scan".to_owned(),
        "--format".to_owned(),
        "json=r.json".to_owned(),
    ];
    for format in all {
        args.extend(["--format".to_owned(), format!("{format}=out.{format}")]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let ran = repo.run(&args);
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    for format in all {
        let text = repo.read(&format!("out.{format}"));
        assert!(text.contains("auth.ts"), "{format}: {text}");
        let again = repo.run(&["report", "r.json", "--format", format]);
        assert_eq!(again.status, 0, "{}", again.stderr);
        assert_eq!(again.stdout, text, "{format}");
    }
    let left: Vec<String> = fs::read_dir(repo.directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".divulge"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    repo.write("r.json", "{\"schema_version\": 9}");
    let old = repo.run(&["report", "r.json"]);
    assert_eq!(old.status, 2);
    assert!(old.stderr.contains("version 9"), "{}", old.stderr);
    for args in [
        &["completions", "bash"][..],
        &["completions", "zsh"],
        &["man"],
    ] {
        let ran = repo.run(args);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(
            ran.stdout.contains("scan") && ran.stdout.contains("lock"),
            "{args:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_difference_leaves_nothing_behind() {
    let repository = Repo::new();
    let calls: String = (0..20_000)
        .map(|at| format!("mixpanel.track('x{at}', q{at}());\n"))
        .collect();
    let text = format!("import mixpanel from 'mixpanel-browser';\n{calls}");
    repository.write("src/many.ts", &text);
    repository.commit("many calls");
    let own = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("divulge"))
        .env("DIVULGE_CACHE", "off")
        .env("TMPDIR", own.path())
        .args(["diff", "HEAD~1"])
        .current_dir(repository.directory.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let entries = || fs::read_dir(own.path()).unwrap().count();
    while entries() == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it made no copy");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(entries(), 0);
}
