//! What runs before people are asked: real shapes of apps with consent, each with a twin that is quiet.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::process::Command;

/// The ids, vendors and places of the notes about consent on an app of these files.
fn notes(files: &[(&str, &str)]) -> Vec<String> {
    let app = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = app.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let manifest = app.path().join("package.json");
    if !manifest.exists() {
        fs::write(manifest, r#"{ "name": "app" }"#).unwrap();
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_divulge"))
        .args([
            "scan",
            "--fail-on",
            "never",
            "--notes",
            "--no-cache",
            "--format",
            "json",
        ])
        .current_dir(app.path())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let notes = report["notes"].as_array().unwrap().iter();
    let notes = notes.filter(|note| note["id"].as_str().unwrap().contains("consent"));
    notes
        .map(|note| {
            assert_eq!(note["severity"], "low");
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            format!(
                "{} {} {}:{}",
                text(&note["id"]),
                text(&note["vendor"]),
                text(&note["location"]["path"]),
                note["location"]["line"]
            )
        })
        .collect()
}

const BANNER: &str = "import posthog from 'posthog-js';
export function Banner() {
  return <button onClick={() => posthog.opt_in_capturing()}>Fine</button>;
}
";

#[test]
fn an_sdk_that_starts_before_it_is_told_of_consent() {
    let app = |options: &str| {
        let analytics = format!(
            "import posthog from 'posthog-js';
export function startAnalytics() {{
  posthog.init('key', {{ {options} }});
}}
"
        );
        notes(&[
            ("src/analytics.ts", &analytics),
            ("src/Banner.tsx", BANNER),
            (
                "src/main.tsx",
                "import { startAnalytics } from './analytics';\nimport { Banner } from './Banner';\nstartAnalytics();\nexport const app = <Banner />;\n",
            ),
        ])
    };
    assert_eq!(
        app("autocapture: false"),
        ["before-consent posthog src/analytics.ts:3"]
    );
    assert!(app("opt_out_capturing_by_default: true").is_empty());
    assert!(app("cookieless_mode: 'on_reject'").is_empty());
    // What the code computes is what people said.
    assert!(app("opt_out_capturing_by_default: !localStorage.getItem('ok')").is_empty());
}

#[test]
fn an_sdk_that_is_turned_off_where_it_starts() {
    let started = "import posthog from 'posthog-js';
posthog.init('key');
posthog.opt_out_capturing();
";
    assert!(notes(&[("start.ts", started), ("Banner.tsx", BANNER)]).is_empty());
}

#[test]
fn a_start_in_an_effect_is_one_as_the_page_loads() {
    let provider = |effect: &str| {
        format!(
            "import {{ useEffect }} from 'react';
import posthog from 'posthog-js';
import {{ useConsent }} from './consent';
export function Provider({{ children }}) {{
  const {{ analytics }} = useConsent();
  useEffect(() => {{
    {effect}
  }}, [analytics]);
  return children;
}}
"
        )
    };
    let app = "import { Provider } from './Provider';\nexport default function App() {\n  return <Provider>hi</Provider>;\n}\n";
    let consent = "export function useConsent() { return { analytics: localStorage.getItem('c') === 'yes' }; }\n";
    let of = |effect: &str| {
        notes(&[
            ("Provider.tsx", &provider(effect)),
            ("App.tsx", app),
            ("consent.ts", consent),
            ("Banner.tsx", BANNER),
        ])
    };
    assert_eq!(
        of("posthog.init('key');"),
        ["before-consent posthog Provider.tsx:7"]
    );
    assert!(of("if (analytics) posthog.init('key');").is_empty());
    assert!(of("if (!analytics) return; posthog.init('key');").is_empty());
    assert!(of("if (analytics === false) return; posthog.init('key');").is_empty());
    // The wrong way round is no test of consent.
    assert_eq!(
        of("if (!analytics) posthog.init('key');"),
        ["before-consent posthog Provider.tsx:7"]
    );
}

#[test]
fn a_test_of_consent_may_be_around_any_caller() {
    let start = "import mixpanel from 'mixpanel-browser';
export const start = () => mixpanel.init('token');
";
    let other = "import posthog from 'posthog-js';
export const open = () => posthog.init('key');
";
    let asked = "import { start } from './start';
import { hasConsent } from './cookies';
if (hasConsent()) start();
window.addEventListener('cookie-consent', () => start());
";
    let open = "import { open } from './open';\nopen();\n";
    let cookies = "export const hasConsent = () => document.cookie.includes('ok');\n";
    let files = [
        ("start.ts", start),
        ("asked.ts", asked),
        ("cookies.ts", cookies),
    ];
    assert!(notes(&files).is_empty());
    // Another SDK that people are asked about as well starts without it.
    let with_other = [files.as_slice(), &[("open.ts", other), ("main.ts", open)]].concat();
    assert_eq!(
        notes(&with_other),
        ["runs-without-consent posthog open.ts:2"]
    );
    // One more caller without a test opens the way.
    let opened = [
        files.as_slice(),
        &[("main.ts", "import { start } from './start';\nstart();\n")],
    ]
    .concat();
    assert_eq!(notes(&opened), ["runs-without-consent mixpanel start.ts:2"]);
}

#[test]
fn an_error_monitor_is_not_what_people_are_asked_about() {
    let sentry = "import * as Sentry from '@sentry/browser';\nSentry.init({ dsn: 'https://key@o1.ingest.sentry.io/1' });\n";
    let asked = "import mixpanel from 'mixpanel-browser';
const consent = localStorage.getItem('consent');
if (consent === 'granted') mixpanel.init('token');
";
    assert!(notes(&[("sentry.ts", sentry), ("asked.ts", asked)]).is_empty());
}

#[test]
fn calls_without_the_test_that_is_around_others() {
    let lib = "import posthog from 'posthog-js';
import { consent } from './consent';
export function track(name: string, plan: string) {
  if (consent.analytics) posthog.capture(name, { plan });
}
";
    let page = "import posthog from 'posthog-js';
import { track } from './lib';
export default function Page({ plan }) {
  return <button onClick={() => { track('a', plan); posthog.capture('b', { plan }); }}>x</button>;
}
";
    let consent = "export const consent = { analytics: false };\n";
    let found = notes(&[("lib.ts", lib), ("Page.tsx", page), ("consent.ts", consent)]);
    assert_eq!(found, ["before-consent posthog Page.tsx:4"]);
    let quiet = page.replace("posthog.capture('b', { plan });", "");
    assert!(
        notes(&[
            ("lib.ts", lib),
            ("Page.tsx", &quiet),
            ("consent.ts", consent)
        ])
        .is_empty()
    );
}

#[test]
fn calls_are_quiet_while_the_sdk_waits() {
    let start = "import posthog from 'posthog-js';\nposthog.init('key', { opt_out_capturing_by_default: true });\n";
    let call =
        "import posthog from 'posthog-js';\nposthog.capture('opened', { plan: document.title });\n";
    let eager = start.replace(", { opt_out_capturing_by_default: true }", "");
    assert!(
        notes(&[
            ("start.ts", start),
            ("call.ts", call),
            ("Banner.tsx", BANNER)
        ])
        .is_empty()
    );
    assert_eq!(
        notes(&[
            ("start.ts", &eager),
            ("call.ts", call),
            ("Banner.tsx", BANNER)
        ]),
        [
            "before-consent posthog call.ts:2",
            "before-consent posthog start.ts:2"
        ]
    );
}

#[test]
fn consent_mode_of_tags_waits_by_default() {
    let page = |default: &str| {
        format!(
            "<html><head><script async src=\"https://www.googletagmanager.com/gtag/js?id=G-1\"></script>
<script>
window.dataLayer = window.dataLayer || [];
function gtag() {{ dataLayer.push(arguments); }}
{default}
gtag('js', new Date());
gtag('config', 'G-1');
</script>
<script>function fine() {{ gtag('consent', 'update', {{ analytics_storage: 'granted' }}); }}</script>
</head><body><button onclick=\"fine()\">ok</button></body></html>
"
        )
    };
    let waits = page("gtag('consent', 'default', { analytics_storage: 'denied' });");
    assert!(notes(&[("index.html", &waits)]).is_empty());
    let starts = page("");
    assert_eq!(
        notes(&[("index.html", &starts)]),
        ["before-consent google-analytics index.html:7"]
    );
}

#[test]
fn a_banner_of_a_package_asks_and_its_callback_answers() {
    let banner = |more: &str| {
        format!(
            "import * as CookieConsent from 'vanilla-cookieconsent';
import mixpanel from 'mixpanel-browser';
CookieConsent.run({{
  onConsent: () => mixpanel.init('token'),
}});
{more}
"
        )
    };
    assert!(notes(&[("banner.ts", &banner(""))]).is_empty());
    let both = banner("import Hotjar from '@hotjar/browser';\nHotjar.init(1, 6);");
    assert_eq!(
        notes(&[("banner.ts", &both)]),
        ["runs-without-consent hotjar banner.ts:7"]
    );
}

#[test]
fn where_nobody_is_asked_nothing_is_said() {
    let start = "import posthog from 'posthog-js';\nposthog.init('key');\nposthog.capture('x', { t: document.title });\n";
    assert!(notes(&[("start.ts", start)]).is_empty());
}
