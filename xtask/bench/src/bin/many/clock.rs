//! A clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use podpis::core::wait::Time;
use tokio::sync::Notify;

/// Clones are of the same clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<State>);

#[derive(Debug, Default)]
struct State {
    millis: AtomicU64,
    moved: Notify,
}

impl Clock {
    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.0.millis.fetch_add(by, Ordering::SeqCst);
        self.0.moved.notify_waiters();
    }
}

#[async_trait::async_trait]
impl Time for Clock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.millis.load(Ordering::SeqCst))
    }

    async fn sleep(&self, pause: Duration) {
        let until = self.elapsed().saturating_add(pause);
        loop {
            let moved = self.0.moved.notified();
            if self.elapsed() >= until {
                return;
            }
            moved.await;
        }
    }
}
