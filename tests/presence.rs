//! How a vendor is known to be in a tree, and where: by packages, lists of what is installed, scripts, policies, hubs.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::fs;
use std::process::Command;

use divulge::finding::{Report, VendorSeen};

/// Scans a tree of these files.
fn scanned(files: &[(&str, &str)]) -> Report {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let output = Command::new(assert_cmd::cargo::cargo_bin!("divulge"))
        .env_clear()
        .env("DIVULGE_CACHE", "off")
        .current_dir(directory.path())
        .args(["scan", "--format", "json", "."])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// Each vendor, by what it is known, and the lines where.
fn told(report: &Report) -> Vec<String> {
    let one = |seen: &VendorSeen| {
        let places = seen.locations.iter();
        let places: Vec<String> = places
            .map(|place| format!("{}:{}", place.path, place.line))
            .collect();
        format!(
            "{} by {} at {}",
            seen.vendor,
            seen.evidence.join(", "),
            places.join(" ")
        )
    };
    report.vendors.iter().map(one).collect()
}

#[track_caller]
fn is_told(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(told(&scanned(files)), expected);
}

const APP: (&str, &str) = ("src/app.ts", "export const one = 1;\n");

#[test]
fn what_a_manifest_asks_for_and_what_is_installed() {
    let manifest =
        "{\n  \"dependencies\": {\n    \"posthog-js\": \"1\",\n    \"left-pad\": \"1\"\n  }\n}\n";
    is_told(
        &[APP, ("package.json", manifest)],
        &["posthog by package at package.json:3"],
    );
    let installed = "lockfileVersion: '9.0'\n\npackages:\n\n  left-pad@1.3.0:\n    resolution: {integrity: sha512-a}\n\n  '@sentry/browser@8.0.0':\n    resolution: {integrity: sha512-b}\n";
    is_told(
        &[APP, ("package.json", "{}"), ("pnpm-lock.yaml", installed)],
        &["sentry by lockfile at pnpm-lock.yaml:8"],
    );
    let installed = "{\n \"lockfileVersion\": 3,\n \"packages\": {\n  \"\": {},\n  \"node_modules/mixpanel-browser\": { \"version\": \"2.50.0\" }\n }\n}\n";
    is_told(
        &[
            APP,
            ("package.json", "{}"),
            ("package-lock.json", installed),
        ],
        &["mixpanel by lockfile at package-lock.json:5"],
    );
    let installed =
        "# yarn lockfile v1\n\n\"@amplitude/analytics-browser@^2.0.0\":\n  version \"2.1.0\"\n";
    is_told(
        &[APP, ("package.json", "{}"), ("yarn.lock", installed)],
        &["amplitude by lockfile at yarn.lock:3"],
    );
}

#[test]
fn what_a_page_loads() {
    let page = "<!doctype html>\n<script async\n  src=\"https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js\"></script>\n<script src=\"/own.js\"></script>\n<p>see https://posthog.example.com</p>\n";
    is_told(
        &[("index.html", page)],
        &["mixpanel by call, script at index.html:2 index.html:3"],
    );
    let component = "export default function Root() {\n  return <Script strategy=\"lazyOnload\" src=\"https://www.clarity.ms/tag/abc\" />;\n}\n";
    is_told(
        &[("app/root.tsx", component)],
        &["clarity by call, script at app/root.tsx:2 app/root.tsx:2"],
    );
}

#[test]
fn what_a_policy_allows() {
    let page = "<meta http-equiv=\"Content-Security-Policy\"\n  content=\"connect-src https://api-js.mixpanel.com\">\n";
    is_told(
        &[("index.html", page)],
        &["mixpanel by host at index.html:2"],
    );
    let headers = "module.exports = {\n  async headers() {\n    return [{ source: '/:path*', headers: [{ key: 'Content-Security-Policy',\n      value: \"connect-src 'self' https://us.i.posthog.com\" }] }];\n  },\n};\n";
    is_told(
        &[("next.config.js", headers)],
        &["posthog by host at next.config.js:4"],
    );
    let headers = "/*\n  Content-Security-Policy: script-src 'self' https://widget.intercom.io\n";
    is_told(
        &[APP, ("_headers", headers)],
        &["intercom by host at _headers:2"],
    );
}

#[test]
fn whom_a_hub_passes_on_to() {
    let analytics = "import { AnalyticsBrowser } from '@segment/analytics-next';
import { SOME } from './some';
const analytics = AnalyticsBrowser.load({ writeKey: 'k' }, { integrations: { All: false, 'Customer.io': true, Hotjar: false } });
export function track(name: string, properties: object, options?: object) {
  analytics.track(name, properties, options);
}
track('Joined', {}, { integrations: { All: false, Mixpanel: { people: true }, 'My Warehouse': true } });
analytics.identify('1', {}, { integrations: SOME });
analytics.addDestinationMiddleware('Amplitude (Actions)', ({ payload, next }) => next(payload));
";
    let some = "const BASE = { 'Facebook Pixel': true };\nexport const SOME = { ...BASE, All: false, Intercom: true, FullStory: false };\n";
    let report = scanned(&[("src/analytics.ts", analytics), ("src/some.ts", some)]);
    let hubs = |report: &Report| {
        let seen = report.vendors.iter();
        let seen = seen.filter_map(|seen| Some((seen.vendor.clone(), seen.passes_on.clone()?.to)));
        seen.collect::<Vec<_>>()
    };
    let expected = [
        "My Warehouse",
        "amplitude",
        "customerio",
        "intercom",
        "meta-pixel",
        "mixpanel",
    ];
    let expected = expected.map(str::to_owned).to_vec();
    assert_eq!(hubs(&report), [("segment".to_owned(), expected)]);
    let passed: Vec<String> = told(&report)
        .into_iter()
        .filter(|told| told.contains(" by hub "))
        .collect();
    assert_eq!(
        passed,
        [
            "amplitude by hub at src/analytics.ts:9",
            "customerio by hub at src/analytics.ts:3",
            "intercom by hub at src/analytics.ts:8",
            "meta-pixel by hub at src/analytics.ts:8",
            "mixpanel by hub at src/analytics.ts:7",
        ]
    );
    // An object of the same name that no hub gets names nobody.
    let other = "import * as Sentry from '@sentry/browser';\nSentry.init({ integrations: [] });\nexport const integrations = { Mixpanel: true };\n";
    assert_eq!(hubs(&scanned(&[("src/a.ts", other)])), []);
}

#[test]
fn what_a_hub_passes_on_out_of_sight_is_said() {
    let pushed =
        "window.dataLayer = window.dataLayer || [];\nwindow.dataLayer.push({ event: 'joined' });\n";
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.js"), pushed).unwrap();
    for format in ["table", "markdown", "html"] {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("divulge"))
            .env_clear()
            .env("DIVULGE_CACHE", "off")
            .current_dir(directory.path())
            .args(["scan", "--format", format, "."])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("Google Tag Manager passes on the data layer, to every tag that is set up in the container; who that is, is not in the code."),
            "{format}: {said}"
        );
    }
}

#[test]
fn domains_of_the_app_are_nobody_elses() {
    let send = "export const send = (user: { email: string }) => fetch('https://in.orchard.io/users', { method: 'POST', body: JSON.stringify({ to: user.email }) });\n";
    let sent = |report: Report| {
        report
            .findings
            .into_iter()
            .map(|finding| finding.vendor)
            .collect::<Vec<_>>()
    };
    assert_eq!(sent(scanned(&[("src/a.ts", send)])), ["host:in.orchard.io"]);
    let own = ("divulge.toml", "own-domains = [\"orchard.io\"]\n");
    assert_eq!(sent(scanned(&[("src/a.ts", send), own])), [""; 0]);
}

#[test]
fn templates_of_other_languages_that_name_a_vendor_are_said() {
    let report = scanned(&[
        APP,
        (
            "views/layout.pug",
            "script.\n  gtag('set', { user_id: '#{user.id}' });\n  mixpanel.identify('#{user.id}');\n",
        ),
        ("views/large.erb", &"x ".repeat(600_000)),
        (
            "views/plain.pug",
            "p Nothing of gtags, my_gtag or mixpanels\n",
        ),
        (
            "node_modules/kept/layout.erb",
            "<script>gtag('config');</script>\n",
        ),
    ]);
    let said: Vec<(&str, &str)> = (report.files.skipped.iter())
        .map(|note| (note.path.as_str(), note.reason.as_str()))
        .collect();
    let named = "Google Analytics (GA4 / gtag.js / Universal Analytics), Mixpanel";
    let reason = format!("a template in another language, which is not read and names {named}");
    let large = "a template in another language, which cannot be looked at: it is larger than 1048576 bytes";
    assert_eq!(
        said,
        [("views/large.erb", large), ("views/layout.pug", &reason)]
    );
}
