//! What must not change a report, on projects that are put together by chance from pieces of real code: wrappers, spreads,
//! imports, re-exports, classes, hooks.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divulge::finding::{Files, Report};
use divulge::ruleset::Ruleset;
use divulge::settings::Settings;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

static RULES: LazyLock<Ruleset> = LazyLock::new(|| {
    let app = tempfile::tempdir().unwrap();
    fs::write(app.path().join("a.ts"), "").unwrap();
    let settings = Settings::of(&[app.path().to_owned()]).unwrap();
    settings.ruleset().unwrap()
});

/// A file that sends something by itself.
const EVENT: &str = "import mixpanel from 'mixpanel-browser';\n\
                     export const more = (user: { email: string }) => mixpanel.track('More', { contact: user.email });\n";

/// Files by path.
type Project = BTreeMap<String, String>;

fn scanned(project: &Project, adjust: impl FnOnce(&mut Settings)) -> Report {
    let directory = laid_out(project.iter());
    scanned_at(directory.path(), adjust)
}

/// A directory with the files, written in this order.
fn laid_out<'p>(files: impl Iterator<Item = (&'p String, &'p String)>) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn scanned_at(directory: &Path, adjust: impl FnOnce(&mut Settings)) -> Report {
    let mut settings = Settings::of(&[directory.to_owned()]).unwrap();
    adjust(&mut settings);
    divulge::analyze(&settings, &RULES).unwrap()
}

fn plain(project: &Project) -> Report {
    scanned(project, |_| {})
}

/// The report without what it says of the files themselves.
fn without_files(report: Report) -> Report {
    Report {
        files: Files::default(),
        ..report
    }
}

fn text(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap()
}

/// What a finding says, whatever its place is.
fn fingerprints(report: &Report) -> Vec<&str> {
    let findings = report.findings.iter().chain(&report.expected);
    let mut found: Vec<&str> = findings
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    found.sort_unstable();
    found
}

/// What is sent where and where from; neither how it is written nor in which column.
fn sent(report: &Report) -> Vec<String> {
    let findings = report.findings.iter().chain(&report.expected);
    let mut found: Vec<String> = findings
        .map(|it| {
            format!(
                "{} {} {} {} {} {:?} {} {:?}",
                it.vendor,
                it.call,
                it.class,
                it.property,
                it.severity,
                it.confidence,
                it.location.line_of_file(),
                it.transform
            )
        })
        .collect();
    found.sort_unstable();
    found
}

/// How a module hands values to a vendor. `$` is the number of the module; each exports `send$`.
const WRAPPERS: [&str; 12] = [
    "import mixpanel from 'mixpanel-browser';\nexport const send$ = (name: string, props: any) => mixpanel.track(name, props);\n",
    "import posthog from 'posthog-js';\nexport function send$(name: string, props: Record<string, unknown> = {}) {\n  posthog.capture(name, { ...props, surface: 'web' });\n}\n",
    "import * as Sentry from '@sentry/browser';\nexport function send$(name: string, user: any) {\n  const held = { name, ...user };\n  Sentry.setUser(held);\n}\n",
    "import mixpanel from 'mixpanel-browser';\nclass Client {\n  constructor(private readonly on: boolean) {}\n  send(name: string, props: any) {\n    if (this.on) mixpanel.track(name, props);\n  }\n}\nconst client = new Client(true);\nexport const send$ = (name: string, props: any) => client.send(name, props);\n",
    "import { usePostHog } from 'posthog-js/react';\nexport function useSend() {\n  const held = usePostHog();\n  return (name: string, props: any) => held.capture(name, props);\n}\nexport const send$ = (name: string, props: any) => useSend()(name, props);\n",
    "import mixpanel from 'mixpanel-browser';\nconst table = { send: (name: string, props: any) => { mixpanel.track(name, Object.assign({}, props)); } };\nexport const send$ = table.send;\n",
    "import mixpanel from 'mixpanel-browser';\nconst inner = (props: any) => { const { token, ...rest } = props; return rest; };\nexport const send$ = (name: string, props: any) => mixpanel.track(name, inner(props));\n",
    "import posthog from 'posthog-js';\nconst twice = (run: (p: any) => void) => (name: string, props: any) => run(props);\nexport const send$ = twice((held) => posthog.identify(held.id, held));\n",
    "import mixpanel from 'mixpanel-browser';\nexport async function send$(name: string, props: any) {\n  const held = await Promise.resolve(props);\n  mixpanel.people.set(held);\n}\n",
    "export const send$ = (name: string, props: any) => window.gtag('event', name, props);\n",
    "import mixpanel from 'mixpanel-browser';\nlet held: typeof mixpanel | undefined;\nexport const start = () => { held = mixpanel; held.init('t'); };\nexport const send$ = (name: string, props: any) => held?.track(name, props);\n",
    "export const send$ = (name: string, props: any) => {\n  fetch('https://api.segment.io/v1/track', { method: 'POST', body: JSON.stringify({ name, props }) });\n};\n",
];

/// What callers hand over; `%` is the function.
const CALLS: [&str; 14] = [
    "%('signed in', { email: user.email });",
    "%('signed in', { ...user });",
    "%('signed in', user);",
    "%('looked', { plan: user.plan, count: 3 });",
    "const local = user.phone;\n  %('called', { contact: local });",
    "const local = { name: user.fullName, email: user.email };\n  %('saved', local);",
    "%('joined', { text: `${user.email} joined` });",
    "%('chose', { value: user.admin ? user.email : undefined });",
    "const { email: local, ...others } = user;\n  %('split', { local, others });",
    "const local: any = {};\n  local.email = user.email;\n  local.ip = user.ip;\n  %('set', local);",
    "const local = [user].map((it) => it.email);\n  %('all', { local });",
    "if (user.admin) {\n    %('admin', { id: user.id, email: user.email.toLowerCase() });\n  }",
    "try {\n    %('tried', { email: user.email });\n  } catch (local) {\n    %('failed', { local });\n  }",
    "const local = (kind: string, data: any) => %(kind, data);\n  local('nested', { password: user.password });",
];

const USER: &str = "export interface User {\n  id: string;\n  email: string;\n  fullName: string;\n  phone?: string;\n  ip: string;\n  plan: 'free' | 'paid';\n  admin: boolean;\n  password: string;\n}\n";

/// Files that have nothing to do with it.
const OTHERS: [&str; 5] = [
    "export const add = (a: number, b: number) => a + b;\n",
    "import { add } from './add';\nexport default class Shape { area() { return add(1, 2); } }\n",
    "export interface Person { email: string; send9: string }\nexport const label = 'email';\n",
    "const local = { email: 'a' };\nconsole.log(local);\n",
    "// broken\nexport const = ;\n",
];

/// Wrappers, which of them wraps another, and calls: of which module, how it is imported, and what is handed over.
fn project() -> impl Strategy<Value = Project> {
    let wrappers = vec((select(&WRAPPERS[..]), any::<Option<Index>>()), 1..4);
    let callers = vec(
        (any::<Index>(), 0..4_u8, vec(select(&CALLS[..]), 1..4)),
        1..4,
    );
    (wrappers, callers).prop_map(|(wrappers, callers)| {
        let mut files = Project::new();
        files.insert("src/user.ts".to_owned(), USER.to_owned());
        let manifest = "{ \"name\": \"app\", \"dependencies\": { \"mixpanel-browser\": \"2\", \"posthog-js\": \"1\" } }";
        files.insert("package.json".to_owned(), manifest.to_owned());
        let mut barrel = String::new();
        for (at, (code, below)) in wrappers.iter().enumerate() {
            let code = match below {
                Some(below) if at > 0 => {
                    let below = below.index(at);
                    format!("import {{ send{below} }} from './w{below}';\nexport const send{at} = (name: string, props: any) => send{below}(name, {{ ...props, at: {at} }});\n")
                }
                _ => code.replace('$', &at.to_string()),
            };
            files.insert(format!("src/w{at}.ts"), code);
            barrel.push_str(&format!("export {{ send{at} }} from './w{at}';\nexport {{ send{at} as renamed{at} }} from './w{at}';\n"));
        }
        files.insert("src/index.ts".to_owned(), barrel);
        for (at, (which, how, calls)) in callers.iter().enumerate() {
            let which = which.index(wrappers.len());
            let (import, name) = match how {
                0 => (format!("import {{ send{which} }} from './w{which}';"), format!("send{which}")),
                1 => (format!("import {{ send{which} as go }} from '.';"), "go".to_owned()),
                2 => ("import * as all from './index';".to_owned(), format!("all.send{which}")),
                _ => (format!("import {{ renamed{which} }} from './index';"), format!("renamed{which}")),
            };
            let body: String = calls
                .iter()
                .map(|call| format!("  {{\n  {}\n  }}\n", call.replace('%', &name)))
                .collect();
            let text = format!("{import}\nimport type {{ User }} from './user';\nexport function page{at}(user: User) {{\n{body}}}\n");
            files.insert(format!("src/page{at}.ts"), text);
        }
        files
    })
}

/// What stands in texts of many languages, by itself and beside what a program reads its texts by.
const SIGNS: [&str; 12] = [
    "…", "\u{a0}", "é", "🎉", "“", "\u{2028}", "${x}…", "…@", "://…", "{{…}}", "=…", "*…",
];

fn fixtures_of_one_file() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let groups = ["flow", "vendors", "hostile", "languages"];
    let entries = groups.map(|group| fs::read_dir(all.join(group)).unwrap());
    let paths = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: std::env::var("PROPTEST_CASES")
            .ok()
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(5),
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn neither_threads_nor_rounds_change_a_report(project in project()) {
        let one = scanned(&project, |settings| settings.threads = NonZeroUsize::new(1));
        let many = scanned(&project, |settings| settings.threads = NonZeroUsize::new(4));
        prop_assert_eq!(text(&one), text(&many));
        let everything = scanned(&project, |settings| settings.parse_everything = true);
        prop_assert!(everything.files.parsed >= one.files.parsed);
        prop_assert_eq!(text(&without_files(one)), text(&without_files(everything)));
    }

    #[test]
    fn the_cache_changes_nothing(project in project()) {
        let cache = tempfile::tempdir().unwrap();
        let directory = laid_out(project.iter());
        let with_cache = |settings: &mut Settings| settings.cache = Some(cache.path().to_owned());
        let without = scanned_at(directory.path(), |_| {});
        let first = scanned_at(directory.path(), with_cache);
        prop_assert!(fs::read_dir(cache.path()).unwrap().next().is_some());
        let again = scanned_at(directory.path(), with_cache);
        prop_assert_eq!(text(&without), text(&first));
        prop_assert_eq!(text(&without), text(&again));
        // A changed file is no longer what was kept.
        fs::write(directory.path().join("src/more.ts"), EVENT).unwrap();
        let changed = scanned_at(directory.path(), with_cache);
        prop_assert_eq!(text(&changed), text(&scanned_at(directory.path(), |_| {})));
        prop_assert!(sent(&changed).len() > sent(&without).len());
    }

    #[test]
    fn the_order_in_which_files_lie_changes_nothing(project in project()) {
        let backwards = laid_out(project.iter().rev());
        prop_assert_eq!(text(&plain(&project)), text(&scanned_at(backwards.path(), |_| {})));
    }

    #[test]
    fn line_ends_change_nothing(project in project()) {
        let crlf = project.iter().map(|(path, text)| (path.clone(), text.replace('\n', "\r\n"))).collect();
        prop_assert_eq!(text(&plain(&project)), text(&plain(&crlf)));
        let marked = project.iter().map(|(path, text)| (path.clone(), format!("\u{feff}{text}"))).collect();
        prop_assert_eq!(sent(&plain(&project)), sent(&plain(&marked)));
    }

    #[test]
    fn other_files_change_nothing(project in project(), others in vec(select(&OTHERS[..]), 1..4)) {
        let mut more = project.clone();
        for (at, other) in others.iter().enumerate() {
            // Before, between and behind the others by name.
            more.insert(format!("src/{}{at}.ts", ["a", "q", "z"][at % 3]), (*other).to_owned());
        }
        prop_assert_eq!(text(&without_files(plain(&project))), text(&without_files(plain(&more))));
    }

    #[test]
    fn signs_of_several_bytes_crash_nothing(
        at in any::<Index>(),
        signs in vec((any::<Index>(), select(&SIGNS[..])), 1..20),
    ) {
        let fixtures = fixtures_of_one_file();
        let fixture = at.get(&fixtures);
        let mut code = fs::read_to_string(fixture).unwrap();
        for (at, sign) in signs {
            let places: Vec<usize> = code.char_indices().map(|(at, _)| at).collect();
            code.insert_str(*at.get(&places), sign);
        }
        let name = fixture.file_name().unwrap().to_str().unwrap().to_owned();
        let report = plain(&Project::from([(name, code)]));
        let crash = report.files.errors.iter().find(|note| note.reason.contains("crash"));
        prop_assert!(crash.is_none(), "{:?}", crash);
    }

    #[test]
    fn a_local_may_have_another_name(project in project()) {
        let rename = |text: &String| {
            let text = text.replace("{ email: local,", "{ email: renamed_value,").replace("{ local, others }", "{ local: renamed_value, others }");
            let text = text.replace("({ local })", "({ local: renamed_value })").replace("{ local }", "{ local: renamed_value }");
            let text = text.replace("const local", "const renamed_value").replace("(local)", "(renamed_value)").replace("  local", "  renamed_value");
            text.replace("contact: local", "contact: renamed_value").replace(", local)", ", renamed_value)")
        };
        let renamed = project.iter().map(|(path, text)| (path.clone(), rename(text))).collect();
        prop_assert_eq!(sent(&plain(&project)), sent(&plain(&renamed)));
    }

    #[test]
    fn a_statement_above_changes_no_fingerprint(project in project()) {
        let above = |text: &String| format!("const unrelated = [1, 2].length;\n\n{text}");
        let moved = project
            .iter()
            .map(|(path, text)| (path.clone(), if path.ends_with(".ts") { above(text) } else { text.clone() }))
            .collect();
        let (before, after) = (plain(&project), plain(&moved));
        prop_assert_eq!(fingerprints(&before), fingerprints(&after));
    }
}

#[test]
fn the_projects_send_something() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let found = (0..8).filter(|_| {
        let project = project().new_tree(&mut runner).unwrap().current();
        let report = plain(&project);
        assert!(report.files.errors.is_empty(), "{:?}", report.files.errors);
        !report.findings.is_empty()
    });
    assert!(found.count() >= 6);
}

#[test]
fn rounds_tell_of_every_fixture_what_parsing_everything_tells() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/flow");
    let trees = fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let trees: Vec<_> = trees.filter(|path| path.is_dir()).collect();
    assert!(trees.len() > 50);
    let differing = trees.iter().filter(|tree| {
        let rounds = scanned_at(tree, |_| {});
        let everything = scanned_at(tree, |settings| settings.parse_everything = true);
        text(&without_files(rounds)) != text(&without_files(everything))
    });
    let differing: Vec<_> = differing.collect();
    assert!(differing.is_empty(), "{differing:?}");
}
