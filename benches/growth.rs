//! Whether the time of a scan grows like the tree.
//!
//! `cargo bench --bench growth` scans an app with once, twice, four and eight times as much of one kind of code, and prints the
//! median of several runs and how it grew from the step before. What is linear doubles at most.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot start has to say so"
)]
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]

mod tree;

use std::time::{Duration, Instant};

use divulge::settings::Settings;
use tree::{PLAIN, Size};

const RUNS: usize = 5;

fn main() {
    println!("{:<10} {:>6} {:>10} {:>7}", "more", "times", "ms", "growth");
    let untouched = |times| Size {
        untouched: PLAIN.untouched * times,
        ..PLAIN
    };
    let wrappers = |times| Size {
        wrappers: PLAIN.wrappers * times,
        ..PLAIN
    };
    let callers = |times| Size {
        callers: PLAIN.callers * times,
        ..PLAIN
    };
    grow("untouched", untouched);
    grow("wrappers", wrappers);
    grow("callers", callers);
}

fn grow(name: &str, size: impl Fn(usize) -> Size) {
    let mut before: Option<f64> = None;
    for times in [1, 2, 4, 8] {
        let took = took(size(times)).as_secs_f64() * 1e3;
        let growth = before.map_or_else(String::new, |it| format!("{:.2}", took / it));
        println!("{name:<10} {times:>6} {took:>10.1} {growth:>7}");
        before = Some(took);
    }
}

fn took(size: Size) -> Duration {
    let directory = tempfile::tempdir().unwrap();
    tree::write(directory.path(), size).unwrap();
    let settings = Settings::of(&[directory.path().to_owned()]).unwrap();
    let rules = settings.ruleset().unwrap();
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            divulge::analyze(&settings, &rules).unwrap();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}
