//! Decides whether a failed call is sent again, and after which pause.
//!
//! **Invariant:** pure. Only transient failures are repeated, only as the endpoint's class allows, and the
//! service's Retry-After is a floor.

use std::time::Duration;

use super::{Effect, Outcome, Replay, effect};

/// How often and after which pauses a call is repeated. It can only say no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatPolicy {
    attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
}

impl RepeatPolicy {
    /// At most this many attempts in all; at least one.
    #[must_use]
    pub const fn attempts(attempts: u32) -> Self {
        Self {
            attempts: if attempts == 0 { 1 } else { attempts },
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
        }
    }

    /// One attempt.
    #[must_use]
    pub const fn never() -> Self {
        Self::attempts(1)
    }

    /// The pause before the next attempt, or none when there is none. `attempt` counts from 1.
    #[must_use]
    pub fn pause(
        &self,
        replay: Replay,
        outcome: Outcome,
        attempt: u32,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        let allowed = match replay {
            // A conflict that passes says when to ask again.
            Replay::Safe | Replay::Keyed => {
                is_transient(outcome) || (is_conflict(outcome) && retry_after.is_some())
            }
            Replay::OnlyIfNotSent => {
                is_transient(outcome) && effect(replay, outcome) == Effect::NotApplied
            }
        };
        if !allowed || attempt >= self.attempts {
            return None;
        }
        let pause = self.pause_unlimited(attempt, retry_after);
        // Whoever must wait longer than this should hear about it and decide.
        (pause <= self.longest_pause).then_some(pause)
    }

    /// Longer than this nobody waits who has no deadline.
    pub(super) fn longest_pause(&self) -> Duration {
        self.longest_pause
    }

    /// The pause before the next attempt, however many there were and however long it is.
    pub(super) fn pause_unlimited(&self, attempt: u32, retry_after: Option<Duration>) -> Duration {
        let doubled = 1_u32
            .checked_shl(attempt.saturating_sub(1))
            .unwrap_or(u32::MAX);
        let own = self
            .first_pause
            .saturating_mul(doubled)
            .min(self.longest_pause);
        own.max(retry_after.unwrap_or_default())
    }
}

impl Default for RepeatPolicy {
    /// Three attempts.
    fn default() -> Self {
        Self::attempts(3)
    }
}

fn is_transient(outcome: Outcome) -> bool {
    match outcome {
        Outcome::NotSent | Outcome::Lost => true,
        Outcome::Status(status) => matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504),
        Outcome::Unreadable => false,
    }
}

fn is_conflict(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Status(status) if status.as_u16() == 409)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    fn repeated(replay: Replay, outcome: Outcome) -> bool {
        RepeatPolicy::default()
            .pause(replay, outcome, 1, None)
            .is_some()
    }

    #[test]
    fn what_reaches_a_person_is_repeated_only_when_it_was_not_applied() {
        let replay = Replay::OnlyIfNotSent;
        assert!(repeated(replay, Outcome::NotSent));
        assert!(repeated(
            replay,
            Outcome::Status(StatusCode::TOO_MANY_REQUESTS)
        ));
        for outcome in [
            Outcome::Lost,
            Outcome::Unreadable,
            Outcome::Status(StatusCode::INTERNAL_SERVER_ERROR),
            Outcome::Status(StatusCode::SERVICE_UNAVAILABLE),
            Outcome::Status(StatusCode::BAD_REQUEST),
        ] {
            assert!(!repeated(replay, outcome), "{outcome:?}");
        }
    }

    #[test]
    fn the_servers_hint_is_a_floor_and_a_long_one_is_handed_to_the_caller() {
        let policy = RepeatPolicy::default();
        let busy = Outcome::Status(StatusCode::TOO_MANY_REQUESTS);
        let pause = |hint| policy.pause(Replay::Safe, busy, 1, Some(Duration::from_secs(hint)));
        assert_eq!(pause(0), Some(Duration::from_millis(500)));
        assert_eq!(pause(7), Some(Duration::from_secs(7)));
        assert_eq!(pause(3_600), None);
    }

    #[test]
    fn a_conflict_is_repeated_only_where_it_says_when_and_nobody_is_asked() {
        let conflict = Outcome::Status(StatusCode::CONFLICT);
        let hint = Some(Duration::from_secs(2));
        let pause = |replay, hint| RepeatPolicy::default().pause(replay, conflict, 1, hint);
        assert_eq!(pause(Replay::Safe, hint), hint);
        assert_eq!(pause(Replay::Keyed, hint), hint);
        assert_eq!(pause(Replay::OnlyIfNotSent, hint), None);
        assert_eq!(pause(Replay::Safe, None), None);
    }

    #[test]
    fn attempts_end() {
        let policy = RepeatPolicy::attempts(3);
        assert!(policy.pause(Replay::Safe, Outcome::Lost, 2, None).is_some());
        assert!(policy.pause(Replay::Safe, Outcome::Lost, 3, None).is_none());
    }
}
