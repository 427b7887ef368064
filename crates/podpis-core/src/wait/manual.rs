//! A clock that tests move, and that moves itself when everybody sleeps.
//!
//! **Invariant:** time moves to the earliest wake-up in the queue and no further: a hundred sleepers of five
//! seconds take five seconds together.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Time;

/// How often the first sleeper lets others run before it moves the clock.
const PATIENCE: u32 = 16;

/// A clock for tests: a ten-minute wait takes microseconds.
///
/// Only the sleeper that wakes up first looks whether anybody else runs; the others rest, so that a thousand of them
/// cost no more than one.
#[derive(Clone, Debug, Default)]
pub struct ManualTime(Arc<Mutex<State>>);

/// Who waits for which moment: by the moment, then by the order of arrival.
type Queue = BTreeMap<(Duration, u64), Option<Waker>>;

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    /// What the wall clock is ahead of the monotonic one; tests step it.
    wall: Duration,
    /// When sleepers wake up; time moves for them.
    wake_ups: Queue,
    /// When limits are reached; time stops at them, and moves only for sleepers.
    limits: Queue,
    entered: u64,
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
        let reached = {
            let mut state = self.state();
            state.elapsed += by;
            state.reached()
        };
        reached.into_iter().for_each(Waker::wake);
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

    fn enter(&self, pause: Duration, is_limit: bool) -> Place {
        let mut state = self.state();
        let key = (state.elapsed.saturating_add(pause), state.entered);
        state.entered += 1;
        state.queue(is_limit).insert(key, None);
        Place {
            time: self.clone(),
            key,
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
        let place = self.enter(pause, false);
        while !place.is_reached_or_first().await {
            for _ in 0..PATIENCE {
                if place.is_reached() {
                    return;
                }
                tokio::task::yield_now().await;
            }
            place.move_the_clock();
        }
    }

    async fn limit(&self, longest: Duration) {
        let place = self.enter(longest, true);
        place.reached().await;
    }
}

/// A place in a queue, left however the wait ends.
struct Place {
    time: ManualTime,
    key: (Duration, u64),
    is_limit: bool,
}

impl Place {
    fn is_reached(&self) -> bool {
        self.time.state().elapsed >= self.key.0
    }

    /// Rests until the moment is there.
    async fn reached(&self) {
        self.rest(|state| (state.elapsed >= self.key.0).then_some(()))
            .await;
    }

    /// Rests until the moment is there (`true`), or no other sleeper wakes up before this one (`false`).
    async fn is_reached_or_first(&self) -> bool {
        self.rest(|state| {
            if state.elapsed >= self.key.0 {
                return Some(true);
            }
            let first = state.wake_ups.first_key_value();
            first
                .is_some_and(|(key, _)| *key == self.key)
                .then_some(false)
        })
        .await
    }

    async fn rest<T>(&self, look: impl Fn(&State) -> Option<T>) -> T {
        poll_fn(|context| {
            let mut state = self.time.state();
            if let Some(seen) = look(&state) {
                return Poll::Ready(seen);
            }
            let waker = state.queue(self.is_limit).entry(self.key).or_default();
            *waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// To this moment, or to a limit before it, if this sleeper is still the first.
    fn move_the_clock(&self) {
        let reached = {
            let mut state = self.time.state();
            let first = state.wake_ups.first_key_value();
            if first.is_none_or(|(key, _)| *key != self.key) || state.elapsed >= self.key.0 {
                return;
            }
            let limit = state
                .limits
                .range((state.elapsed, u64::MAX)..)
                .next()
                .map(|((at, _), _)| *at);
            let to = limit.map_or(self.key.0, |limit| self.key.0.min(limit));
            let passed = to - state.elapsed;
            state.slept += passed;
            state.elapsed = to;
            state.reached()
        };
        reached.into_iter().for_each(Waker::wake);
    }
}

impl Drop for Place {
    /// The next one is the first sleeper now, and has to know.
    fn drop(&mut self) {
        let next = {
            let mut state = self.time.state();
            state.queue(self.is_limit).remove(&self.key);
            let first = state.wake_ups.first_entry();
            first.and_then(|mut first| first.get_mut().take())
        };
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl State {
    fn queue(&mut self, is_limit: bool) -> &mut Queue {
        if is_limit {
            &mut self.limits
        } else {
            &mut self.wake_ups
        }
    }

    /// Whom to wake up, because their moment is there.
    fn reached(&mut self) -> Vec<Waker> {
        let now = self.elapsed;
        [&mut self.wake_ups, &mut self.limits]
            .into_iter()
            .flat_map(|queue| queue.range_mut(..=(now, u64::MAX)))
            .filter_map(|(_, waker)| waker.take())
            .collect()
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

    #[tokio::test]
    async fn who_leaves_hands_the_clock_to_the_next() {
        let time = ManualTime::new();
        let later = {
            let time = time.clone();
            tokio::spawn(async move { time.sleep(Duration::from_secs(9)).await })
        };
        let first = {
            let time = time.clone();
            tokio::spawn(async move { time.sleep(Duration::from_secs(5)).await })
        };
        tokio::task::yield_now().await;
        first.abort();
        later.await.unwrap();
        assert_eq!(time.elapsed(), Duration::from_secs(9));
        assert!(time.state().wake_ups.is_empty() && time.state().limits.is_empty());
    }

    #[tokio::test]
    async fn a_clock_that_is_moved_wakes_sleepers_and_limits() {
        let time = ManualTime::new();
        let shared: crate::wait::SharedTime = time.clone().into();
        let waiting = tokio::spawn(async move {
            let pending = std::future::pending::<()>();
            shared.within(Duration::from_secs(30), pending).await
        });
        tokio::task::yield_now().await;
        time.advance(Duration::from_secs(30));
        assert_eq!(waiting.await.unwrap(), None);
        assert_eq!(time.slept(), Duration::ZERO);
    }
}
