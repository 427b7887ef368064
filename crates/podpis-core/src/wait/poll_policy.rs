//! Decides the pause before a poll.
//!
//! **Invariant:** pure, without jitter. The service's Retry-After is a floor and is never cut short by our own
//! schedule; the time that is left is a ceiling, so that the last poll happens at the deadline.

use std::time::Duration;

/// Two pauses for what is done soon: they are a part of the first regular one.
const EARLY: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Pauses that grow by half from the first to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollPolicy {
    first: Duration,
    longest: Duration,
    begins_early: bool,
}

impl PollPolicy {
    /// Pauses from `first`, growing by half each time, up to `longest`.
    #[must_use]
    pub const fn growing(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            begins_early: false,
        }
    }

    /// With two more polls, 100 ms and 500 ms after the beginning, for what is done soon; all others are when they would
    /// be without. Where the first pause is no longer than that, nothing changes.
    #[must_use]
    pub const fn beginning_early(mut self) -> Self {
        self.begins_early = true;
        self
    }

    /// The pause before poll number `poll`, counted from 0.
    #[must_use]
    pub fn pause(&self, poll: u32, retry_after: Option<Duration>) -> Duration {
        self.own(poll).max(retry_after.unwrap_or_default())
    }

    fn own(&self, poll: u32) -> Duration {
        let (early, begun) = (EARLY.len() as u32, EARLY.iter().sum());
        if !self.begins_early || self.first <= begun {
            return self.regular(poll);
        }
        match poll.checked_sub(early) {
            None => EARLY[poll as usize],
            Some(0) => self.regular(0).saturating_sub(begun),
            Some(poll) => self.regular(poll),
        }
    }

    fn regular(&self, poll: u32) -> Duration {
        // In nanoseconds, of which there are enough for five hundred years: every turn of every operation asks.
        let nanos = |pause: Duration| u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX);
        let longest = nanos(self.longest);
        let mut own = nanos(self.first).min(longest);
        for _ in 0..poll.min(64) {
            if own == longest {
                return self.longest;
            }
            own = own.saturating_add(own / 2).min(longest);
        }
        Duration::from_nanos(own)
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

    #[test]
    fn an_early_beginning_adds_two_polls_and_moves_none() {
        let seconds = Duration::from_secs;
        let policy = PollPolicy::growing(seconds(2), seconds(5));
        let moments = |policy: PollPolicy, polls: u32| {
            let pauses = (0..polls).map(|poll| policy.pause(poll, None));
            let moments = pauses.scan(Duration::ZERO, |at, pause| {
                *at += pause;
                Some(*at)
            });
            moments.collect::<Vec<_>>()
        };
        let early = moments(policy.beginning_early(), 8);
        assert_eq!(
            early[..2],
            [Duration::from_millis(100), Duration::from_millis(500)]
        );
        assert_eq!(early[2..], moments(policy, 6));
        let hint = Some(seconds(3));
        assert_eq!(policy.beginning_early().pause(0, hint), seconds(3));
        let short = PollPolicy::growing(Duration::from_millis(100), seconds(5));
        assert_eq!(moments(short.beginning_early(), 5), moments(short, 5));
    }
}
