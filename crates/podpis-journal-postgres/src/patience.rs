//! Decides for how long a failing database is tried again, and how often.
//!
//! **Invariant:** the only file here that reads a clock, a monotonic one: no moment of it is stored or compared with one of
//! the database.

use std::time::Duration;

use tokio::time::Instant;

/// The pauses between attempts grow from the first to the last of these.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(1);

/// What is left of the time for one call.
#[derive(Debug)]
pub(crate) struct Patience {
    ends: Instant,
    pause: Duration,
}

impl Patience {
    pub(crate) fn of(length: Duration) -> Self {
        let now = Instant::now();
        Self {
            // A patience without an end is one of a year.
            ends: now
                .checked_add(length)
                .unwrap_or(now + Duration::from_secs(31_536_000)),
            pause: SHORTEST,
        }
    }

    /// Waits before the next attempt; false when there is no time for one.
    pub(crate) async fn go_on(&mut self) -> bool {
        let next = Instant::now() + self.pause;
        self.pause = (self.pause * 2).min(LONGEST);
        if next >= self.ends {
            return false;
        }
        tokio::time::sleep_until(next).await;
        true
    }

    /// Waits as long as between attempts that failed often.
    pub(crate) async fn rest(&mut self) {
        self.pause = LONGEST;
        self.go_on().await;
    }
}
