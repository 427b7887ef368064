//! Decides how many requests are on their way at once.
//!
//! **Invariant:** a permit is held for one exchange only: never while a token is fetched, a pause lasts or a
//! person is asked. After a 429 there are fewer, and they come back one by one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// So many answers without a 429 bring one permit back.
const RECOVERY: u32 = 20;

/// At most so many requests in flight.
#[derive(Clone, Debug)]
pub struct Limit(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    permits: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    ceiling: usize,
    current: usize,
    calm: u32,
}

impl Limit {
    /// At most `in_flight` requests at once; at least one.
    #[must_use]
    pub fn new(in_flight: usize) -> Self {
        let ceiling = in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Self(Arc::new(Shared {
            permits: Semaphore::new(ceiling),
            state: Mutex::new(State {
                ceiling,
                current: ceiling,
                calm: 0,
            }),
        }))
    }

    /// How many requests may be in flight now.
    #[must_use]
    pub fn current(&self) -> usize {
        self.state().current
    }

    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; a permit that could not be had must not stop the call.
        self.0.permits.acquire().await.ok()
    }

    /// The exchange is over; `throttled` says that the answer was 429.
    pub(super) fn give_back(&self, permit: Option<SemaphorePermit<'_>>, throttled: bool) {
        let mut state = self.state();
        if throttled {
            state.calm = 0;
            if state.current > 1
                && let Some(permit) = permit
            {
                permit.forget();
                state.current -= 1;
            }
            return;
        }
        state.calm += 1;
        if state.calm >= RECOVERY && state.current < state.ceiling {
            state.calm = 0;
            state.current += 1;
            self.0.permits.add_permits(1);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn throttling_takes_permits_away_and_calm_brings_them_back() {
        let limit = Limit::new(3);
        for expected in [2, 1, 1] {
            let permit = limit.permit().await;
            limit.give_back(permit, true);
            assert_eq!(limit.current(), expected);
        }
        for _ in 0..2 * RECOVERY {
            let permit = limit.permit().await;
            limit.give_back(permit, false);
        }
        assert_eq!(limit.current(), 3);
    }
}
