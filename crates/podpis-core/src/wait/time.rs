//! The one place that reads a clock and sleeps.
//!
//! **Invariant:** waiting is measured on the monotonic clock, so that a step of the wall clock neither ends a
//! wait nor stretches it; the wall clock only dates records.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{Either, poll_immediate, select};

/// A clock that can be waited on.
#[async_trait::async_trait]
pub trait Time: fmt::Debug + Send + Sync + 'static {
    /// The wall clock.
    fn now(&self) -> SystemTime;

    /// The monotonic clock: time since a moment that never changes for this clock.
    fn elapsed(&self) -> Duration;

    /// Waits this long on the monotonic clock.
    async fn sleep(&self, pause: Duration);

    /// Waits this long for something else to happen first. For a clock of a machine it is the same; one that moves
    /// by itself when everybody sleeps does not move for it.
    async fn limit(&self, longest: Duration) {
        self.sleep(longest).await;
    }
}

/// A clock behind a cheap clone.
#[derive(Clone, Debug)]
pub struct SharedTime(Arc<dyn Time>);

impl SharedTime {
    /// Wraps a clock.
    pub fn new(time: impl Time) -> Self {
        Self(Arc::new(time))
    }

    /// See [`Time::now`].
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.0.now()
    }

    /// See [`Time::elapsed`].
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// See [`Time::sleep`].
    pub async fn sleep(&self, pause: Duration) {
        self.0.sleep(pause).await;
    }

    /// What the future gives, or `None` if it takes longer than this.
    pub async fn within<F: Future>(&self, longest: Duration, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        // Most are ready at once, and need no alarm.
        if let Some(output) = poll_immediate(future.as_mut()).await {
            return Some(output);
        }
        let limit = pin!(self.0.limit(longest));
        match select(future, limit).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}

impl<T: Time> From<T> for SharedTime {
    fn from(time: T) -> Self {
        Self::new(time)
    }
}

/// The machine's clocks and tokio's timer.
#[derive(Clone, Copy, Debug)]
pub struct SystemTimer {
    start: Instant,
}

impl SystemTimer {
    /// A clock whose monotonic time starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemTimer {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait::async_trait]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
impl Time for SystemTimer {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}
