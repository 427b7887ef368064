//! A clock that tests move, and that moves itself when everybody sleeps.
//!
//! **Invariant:** time moves to the earliest wake-up in the queue and no further: a hundred sleepers of five
//! seconds take five seconds together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Time;

/// How often a sleeper lets others run before it moves the clock.
const PATIENCE: u32 = 16;

/// A clock for tests: a ten-minute wait takes microseconds.
#[derive(Clone, Debug, Default)]
pub struct ManualTime(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    /// What the wall clock is ahead of the monotonic one; tests step it.
    wall: Duration,
    /// When sleepers wake up; time moves for them.
    wake_ups: Vec<Duration>,
    /// When limits are reached; time stops at them, and moves only for sleepers.
    limits: Vec<Duration>,
    slept: Duration,
}

impl ManualTime {
    /// A clock at zero, which is 1970 on the wall.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock whose wall time is `now`.
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        let time = Self::new();
        time.state().wall = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        time
    }

    /// Moves both clocks.
    pub fn advance(&self, by: Duration) {
        self.state().elapsed += by;
    }

    /// Moves the wall clock alone, as an administrator or a time server does.
    pub fn step_wall_clock(&self, by: Duration) {
        self.state().wall += by;
    }

    /// How much time passed because somebody slept.
    #[must_use]
    pub fn slept(&self) -> Duration {
        self.state().slept
    }

    fn enter(&self, pause: Duration, is_limit: bool) -> WakeUp {
        let mut state = self.state();
        let at = state.elapsed + pause;
        state.queue(is_limit).push(at);
        WakeUp {
            time: self.clone(),
            at,
            is_limit,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Time for ManualTime {
    fn now(&self) -> SystemTime {
        let state = self.state();
        UNIX_EPOCH + state.wall + state.elapsed
    }

    fn elapsed(&self) -> Duration {
        self.state().elapsed
    }

    async fn sleep(&self, pause: Duration) {
        let wake_up = self.enter(pause, false);
        loop {
            for _ in 0..PATIENCE {
                if self.state().elapsed >= wake_up.at {
                    return;
                }
                tokio::task::yield_now().await;
            }
            let mut state = self.state();
            if state.wake_ups.iter().all(|other| *other >= wake_up.at) && state.elapsed < wake_up.at
            {
                let elapsed = state.elapsed;
                let limits = state.limits.iter().filter(|limit| **limit > elapsed);
                let to = limits
                    .min()
                    .map_or(wake_up.at, |limit| wake_up.at.min(*limit));
                state.slept += to - elapsed;
                state.elapsed = to;
            }
        }
    }

    async fn limit(&self, longest: Duration) {
        let limit = self.enter(longest, true);
        while self.state().elapsed < limit.at {
            tokio::task::yield_now().await;
        }
    }
}

/// Leaves the queue however the sleep ends.
struct WakeUp {
    time: ManualTime,
    at: Duration,
    is_limit: bool,
}

impl Drop for WakeUp {
    fn drop(&mut self) {
        let mut state = self.time.state();
        let queue = state.queue(self.is_limit);
        if let Some(index) = queue.iter().position(|other| *other == self.at) {
            queue.swap_remove(index);
        }
    }
}

impl State {
    fn queue(&mut self, is_limit: bool) -> &mut Vec<Duration> {
        if is_limit {
            &mut self.limits
        } else {
            &mut self.wake_ups
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_sleepers_do_not_move_time_many_fold() {
        let time = ManualTime::new();
        let sleepers: Vec<_> = (0..100)
            .map(|number| {
                let time = time.clone();
                tokio::spawn(async move {
                    time.sleep(Duration::from_secs(5 + number % 2)).await;
                    time.elapsed()
                })
            })
            .collect();
        for (number, sleeper) in sleepers.into_iter().enumerate() {
            assert!(sleeper.await.unwrap() >= Duration::from_secs(5 + number as u64 % 2));
        }
        assert_eq!(time.elapsed(), Duration::from_secs(6));
    }

    #[tokio::test]
    async fn a_limit_stops_the_clock_and_does_not_move_it() {
        let time: crate::wait::SharedTime = ManualTime::new().into();
        let second = Duration::from_secs(1);
        let soon = time.within(60 * second, tokio::task::yield_now()).await;
        assert_eq!((soon, time.elapsed()), (Some(()), Duration::ZERO));
        let late = time.within(5 * second, time.sleep(3_600 * second)).await;
        assert_eq!((late, time.elapsed()), (None, 5 * second));
    }
}
