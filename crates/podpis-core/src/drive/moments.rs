//! Decides when to look next: at the moments for which this driver has put operations back.
//!
//! **Invariant:** bounded, whatever moments services ask for: what is left out is found by looking now and then.

use std::collections::BTreeSet;
use std::time::Duration;

use podpis_operation::Timestamp;

/// Moments this close together are one, in milliseconds: who is due is looked for once.
const CLOSE: u64 = 100;

/// The most moments that are kept.
const KEPT: usize = 4_096;

/// The moments, the next one first.
#[derive(Debug, Default)]
pub(super) struct Moments(BTreeSet<u64>);

impl Moments {
    /// Something is due then.
    pub(super) fn add(&mut self, due: Timestamp) {
        self.0.insert(due.as_millis().div_ceil(CLOSE));
        if self.0.len() > KEPT {
            self.0.pop_last();
        }
    }

    /// How long it is until the next one.
    pub(super) fn pause(&self, now: Timestamp) -> Option<Duration> {
        let next = self.0.first()?.saturating_mul(CLOSE);
        Some(Duration::from_millis(next.saturating_sub(now.as_millis())))
    }

    /// What was due by then is found.
    pub(super) fn found(&mut self, by: Timestamp) {
        self.0 = self.0.split_off(&(by.as_millis() / CLOSE + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_moment_is_never_before_what_is_due_and_there_are_not_too_many() {
        let mut moments = Moments::default();
        let at = Timestamp::from_millis;
        for due in [1_001, 1_100, 5_000] {
            moments.add(at(due));
        }
        assert_eq!(moments.0.len(), 2);
        assert_eq!(moments.pause(at(0)), Some(Duration::from_millis(1_100)));
        moments.found(at(1_100));
        assert_eq!(moments.pause(at(6_000)), Some(Duration::ZERO));
        for due in 0..100_000 {
            moments.add(at(u64::MAX - 1_000 * due));
        }
        assert!(moments.0.len() <= KEPT);
        assert!(moments.pause(at(0)).unwrap() < Duration::from_secs(6));
    }
}
