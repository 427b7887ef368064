//! Decides the pause before a poll.
//!
//! **Invariant:** pure, without jitter. The service's Retry-After is a floor and is never cut short by our own
//! schedule; the time that is left is a ceiling, so that the last poll happens at the deadline.

use std::time::Duration;

/// Pauses that grow by half from the first to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollPolicy {
    first: Duration,
    longest: Duration,
}

impl PollPolicy {
    /// Pauses from `first`, growing by half each time, up to `longest`.
    #[must_use]
    pub const fn growing(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }

    /// The pause before poll number `poll`, counted from 0.
    #[must_use]
    pub fn pause(&self, poll: u32, retry_after: Option<Duration>) -> Duration {
        let mut own = self.first;
        for _ in 0..poll.min(64) {
            own = (own + own / 2).min(self.longest);
        }
        own.min(self.longest).max(retry_after.unwrap_or_default())
    }
}

impl Default for PollPolicy {
    /// One second, growing to fifteen.
    fn default() -> Self {
        Self::growing(Duration::from_secs(1), Duration::from_secs(15))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_servers_hint_is_kept_in_full() {
        let policy = PollPolicy::default();
        let seconds = |poll, hint: Option<u64>| {
            policy
                .pause(poll, hint.map(Duration::from_secs))
                .as_secs_f64()
        };
        assert_eq!(
            [seconds(0, None), seconds(1, None), seconds(2, None)],
            [1.0, 1.5, 2.25]
        );
        assert_eq!(seconds(1_000, None), 15.0);
        assert_eq!(seconds(0, Some(40)), 40.0);
        assert_eq!(seconds(0, Some(0)), 1.0);
    }
}
