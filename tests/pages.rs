//! Pages in a real browser. Without a Chromium (`CHROMIUM`, or one on the path) they are not looked at, and say so.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]
#![expect(
    clippy::print_stderr,
    reason = "who reads the log is to know what was not tested"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a browser would run or load, if any of it became markup.
const HOSTILE: &str = "\"><img src=x onerror=\"document.title='broken'\"></script><script>document.title='broken'</script>";

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let mut places = std::env::split_paths(&path)
            .flat_map(|directory| names.map(|name| directory.join(name)));
        places.find(|place| place.is_file())
    };
    let found = named.or_else(on_path).filter(|place| place.is_file());
    if found.is_none() {
        eprintln!("skipped: there is no Chromium (on Debian: apt-get install chromium)");
    }
    found
}

struct Browser {
    program: PathBuf,
    directory: TempDir,
}

impl Browser {
    fn start() -> Option<Self> {
        Some(Self {
            program: chromium()?,
            directory: tempfile::tempdir().unwrap(),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What the browser says on stdout, and what its console says.
    fn open(&self, page: &Path, arguments: &[&str]) -> (String, String) {
        let profile = self.path("profile");
        let output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args(["--disable-dev-shm-usage", "--disable-background-networking"])
            .args([
                "--enable-logging=stderr",
                "--host-resolver-rules=MAP * ~NOTFOUND",
            ])
            .args(["--window-size=1200,1600", "--virtual-time-budget=2000"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(arguments)
            .arg(format!("file://{}", page.display()))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let console = said.lines().filter(|line| line.contains("CONSOLE"));
        let console: Vec<&str> = console.collect();
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            console.join("\n"),
        )
    }
}

fn page(browser: &Browser, name: &str, arguments: &[&str]) -> PathBuf {
    let file = browser.path(name);
    let output = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("divulge"))
        .args(arguments)
        .args(["--format", "html", "-q", "--output"])
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{said}");
    file
}

fn hostile(directory: &Path) -> PathBuf {
    let root = directory.join("tree");
    let source = format!(
        "import mixpanel from 'mixpanel-browser'\nexport function send(user: any) {{\n  \
         mixpanel.people.set({{ [`{HOSTILE}`]: user.email, note: `{HOSTILE}${{user.email}}` }})\n  \
         mixpanel.track('a', window[`{HOSTILE}`])\n}}\n"
    );
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("<img src=x onerror=alert(1)>.ts"), source).unwrap();
    root
}

#[test]
fn pages_run_their_own_script_and_nothing_else() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let root = hostile(browser.directory.path());
    let root = root.to_str().unwrap();
    for (name, arguments) in [
        ("scan.html", &["scan", root, "--lang", "en"][..]),
        (
            "brief.html",
            &["incident", "mixpanel", root, "--lang", "ja"],
        ),
        (
            "inventory.html",
            &["inventory", root, "--evidence", "--lang", "en"],
        ),
    ] {
        let page = page(&browser, name, arguments);
        let (tree, console) = browser.open(&page, &["--dump-dom"]);
        assert!(tree.contains("</html>"), "{name}: {console}");
        assert!(!tree.contains("<title>broken"), "{name}");
        assert!(!tree.contains("<img"), "{name}");
        assert_eq!(tree.matches("<script>").count(), 1, "{name}");
        // A style or script that the policy keeps out would be told here.
        assert_eq!(console, "", "{name}");
        if name == "scan.html" {
            let filters = tree.split("id=\"filters\"").nth(1).unwrap();
            let filters = filters.split('>').next().unwrap();
            assert!(!filters.contains("hidden"), "the script shows the filters");
            let shown = tree.split("id=\"shown\"").nth(1).unwrap();
            assert!(shown.split("</output>").next().unwrap().contains(" shown"));
        }
    }
}

#[test]
fn pages_are_drawn_in_light_and_dark_and_on_paper() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let page = page(
        &browser,
        "scan.html",
        &["scan", "fixtures/incident", "--lang", "ja"],
    );
    let shot = |name: &str, arguments: &[&str]| -> Vec<u8> {
        let file = browser.path(name);
        let target = format!("--screenshot={}", file.display());
        browser.open(&page, &[&[target.as_str()], arguments].concat());
        fs::read(file).unwrap()
    };
    let light = shot("light.png", &["--blink-settings=preferredColorScheme=1"]);
    let dark = shot("dark.png", &["--blink-settings=preferredColorScheme=0"]);
    for (name, picture) in [("light", &light), ("dark", &dark)] {
        assert!(picture.starts_with(b"\x89PNG"), "{name}");
        assert!(picture.len() > 20_000, "{name} is nearly empty");
    }
    assert_ne!(light, dark);
    let paper = browser.path("page.pdf");
    let target = format!("--print-to-pdf={}", paper.display());
    browser.open(&page, &[&target, "--no-pdf-header-footer"]);
    let paper = fs::read(paper).unwrap();
    assert!(paper.starts_with(b"%PDF"));
    // Findings are closed on a screen and open on paper, which takes several sheets.
    let text = String::from_utf8_lossy(&paper);
    assert!(text.matches("/Type /Page\n").count() > 3, "{}", paper.len());
}
