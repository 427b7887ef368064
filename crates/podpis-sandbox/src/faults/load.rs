//! Decides which calls a fault of load hits: those beyond a rate, or a share of all.
//!
//! **Invariant:** no dice and no clock of its own: the same calls at the same moments are hit again.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// So many percent of the calls, told by a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    pub(crate) percent: u8,
    #[serde(default)]
    pub(crate) seed: u64,
}

impl Share {
    /// Whether the call of this number, counted from 1, is one of them.
    pub(crate) fn hits(self, call: u64) -> bool {
        mix(self.seed ^ mix(call)) % 100 < u64::from(self.percent)
    }
}

/// SplitMix64's last step: neighbouring numbers become numbers that have nothing in common.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The calls of the last second that were let through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window(VecDeque<Moment>);

impl Window {
    /// Whether there were fewer than so many in the second up to now. Then this one counts; one that is refused does
    /// not.
    pub(crate) fn admits(&mut self, per_second: u32, now: Moment) -> bool {
        let second = Duration::from_secs(1);
        while self.0.front().is_some_and(|at| at.until(now) >= second) {
            self.0.pop_front();
        }
        let admits = self.0.len() < usize::try_from(per_second).unwrap_or(usize::MAX);
        if admits {
            self.0.push_back(now);
        }
        admits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_about_so_many_and_the_same_ones_again() {
        for (percent, least, most) in [(0, 0, 0), (30, 2_800, 3_200), (100, 10_000, 10_000)] {
            let share = Share { percent, seed: 7 };
            let hit: Vec<u64> = (1..=10_000).filter(|call| share.hits(*call)).collect();
            assert!(
                (least..=most).contains(&hit.len()),
                "{percent}: {}",
                hit.len()
            );
            assert!(hit.iter().all(|call| share.hits(*call)));
        }
        let hits = |seed| (1..=64).map(move |call| Share { percent: 50, seed }.hits(call));
        assert!(!hits(1).eq(hits(2)));
    }

    #[test]
    fn a_window_slides() {
        let at = |milliseconds| Moment::default().after(Duration::from_millis(milliseconds));
        let mut window = Window::default();
        let admitted = [0, 600, 700, 999, 1_000, 1_500, 1_600]
            .map(|milliseconds| window.admits(2, at(milliseconds)));
        assert_eq!(admitted, [true, true, false, false, true, false, true]);
        assert!(!Window::default().admits(0, at(0)));
    }
}
