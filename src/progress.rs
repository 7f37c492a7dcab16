//! How far a scan is, and how long each stage took.
//!
//! In: stages and ticks. Out: a bar on stderr for people who wait, if it is a terminal and the scan has lasted longer than a
//! second; afterwards the times. It leaves alone what is being done; no stage knows of it but by a closure.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how far a scan is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// Not shown yet, but wanted.
    waiting: AtomicBool,
    /// When each stage began, and when the last one ended.
    began: Mutex<Vec<(String, Instant)>>,
}

/// What the time after the last stage is called.
const END: &str = "";

impl Progress {
    /// A bar that appears when it takes long; never, unless stderr is a terminal.
    pub fn new(wanted: bool) -> Self {
        let bar = ProgressBar::hidden();
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Self {
            bar,
            started: Instant::now(),
            waiting: AtomicBool::new(wanted && std::io::stderr().is_terminal()),
            began: Mutex::default(),
        }
    }

    /// Begins a stage of so many steps.
    pub fn stage(&self, name: &'static str, steps: usize) {
        self.begin(name);
        self.bar.set_message(name);
        self.bar.set_position(0);
        self.bar.set_length(steps as u64);
    }

    /// A step is done.
    pub fn tick(&self) {
        self.bar.inc(1);
        if self.waiting.load(Ordering::Relaxed)
            && self.started.elapsed() > PATIENCE
            && self.waiting.swap(false, Ordering::Relaxed)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Begins a part of a stage, of which only the times tell.
    pub fn begin(&self, name: &str) {
        let mut began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        began.push((name.to_owned(), Instant::now()));
    }

    /// How long each stage and each part took, in order.
    pub fn times(&self) -> Vec<(String, Duration)> {
        let began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        let stages = began.windows(2).filter_map(|pair| match pair {
            [(name, from), (_, to)] if name != END => {
                Some((name.clone(), to.duration_since(*from)))
            }
            _ => None,
        });
        stages.collect()
    }

    /// Clears the bar.
    pub fn done(&self) {
        self.begin(END);
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    /// Never shown.
    fn default() -> Self {
        Self::new(false)
    }
}
