//! The time that a thread has worked.
//!
//! In: nothing. Out: how long the thread has worked since the start. It leaves alone what is done in that time. On a loaded
//! machine a thread waits for its turn, and a file must not be refused for that; only where a system cannot say what a
//! thread worked, the time that passed counts.

use std::time::Duration;

/// Runs from its making.
pub(super) struct Clock(Start);

#[cfg(unix)]
type Start = Duration;

#[cfg(not(unix))]
type Start = std::time::Instant;

impl Clock {
    /// A clock that starts now, for this thread.
    pub(super) fn start() -> Self {
        #[cfg(unix)]
        return Self(worked());
        #[cfg(not(unix))]
        return Self(std::time::Instant::now());
    }

    /// How long the thread has worked since.
    pub(super) fn elapsed(&self) -> Duration {
        #[cfg(unix)]
        return worked().saturating_sub(self.0);
        #[cfg(not(unix))]
        return self.0.elapsed();
    }
}

#[cfg(unix)]
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_not_working() {
        let clock = Clock::start();
        std::thread::sleep(Duration::from_millis(60));
        #[cfg(unix)]
        assert!(clock.elapsed() < Duration::from_millis(50));
        let mut sum = 0_u64;
        while clock.elapsed() < Duration::from_millis(5) {
            sum = sum.wrapping_add(1);
        }
        assert!(sum > 0);
    }
}
