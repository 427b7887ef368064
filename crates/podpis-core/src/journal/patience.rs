//! How long a change of the folder waits for other programs that change it, and who is told.
//!
//! **Invariant:** a wait ends: with the lock, or after its longest time, which is short for whoever is about to end. What was waited
//! for in vain is not waited for again, so that a thousand operations behind one lock take no longer than one.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use podpis_operation::JournalError;

use super::storage;
use crate::wait::{SharedTime, SystemTimer};

/// A change takes milliseconds, so this is long.
const LONGEST: Duration = Duration::from_secs(60);

/// The longest wait of whoever is about to end.
const LAST: Duration = Duration::from_secs(1);

/// A wait of this length is told.
const TOLD_AFTER: Duration = Duration::from_secs(5);

/// Between two looks at a lock, in the beginning and later on.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(5));

/// Whom a long wait is told.
type Tell = dyn Fn(&Path) + Send + Sync;

#[derive(Clone)]
pub(super) struct Patience {
    pub(super) longest: Duration,
    pub(super) tell: Arc<Tell>,
    pub(super) time: SharedTime,
    ended: Arc<Ended>,
}

/// Why less is waited for now.
#[derive(Debug, Default)]
struct Ended {
    /// The last wait ended without the lock.
    in_vain: AtomicBool,
    /// Whoever waits is about to end.
    soon: AtomicBool,
}

/// One wait.
#[derive(Debug)]
pub(super) struct Waiting {
    began: Duration,
    pause: Duration,
    is_told: bool,
}

impl Patience {
    pub(super) fn begin(&self) -> Waiting {
        Waiting {
            began: self.time.elapsed(),
            pause: PAUSES.0,
            is_told: false,
        }
    }

    /// Waits a little, as somebody else has locked the file.
    pub(super) async fn wait(
        &self,
        waiting: &mut Waiting,
        lock: &Path,
    ) -> Result<(), JournalError> {
        let waited = self.time.elapsed().saturating_sub(waiting.began);
        let left = self.longest().saturating_sub(waited);
        if left.is_zero() {
            self.ended.in_vain.store(true, Ordering::Relaxed);
            return Err(storage(lock, Locked(waited)));
        }
        if waited >= TOLD_AFTER && !std::mem::replace(&mut waiting.is_told, true) {
            (self.tell)(lock);
        }
        self.time.sleep(waiting.pause.min(left)).await;
        waiting.pause = (waiting.pause * 2).min(PAUSES.1);
        Ok(())
    }

    fn longest(&self) -> Duration {
        let Ended { in_vain, soon } = &*self.ended;
        match (
            in_vain.load(Ordering::Relaxed),
            soon.load(Ordering::Relaxed),
        ) {
            (true, _) => Duration::ZERO,
            (false, true) => self.longest.min(LAST),
            (false, false) => self.longest,
        }
    }

    /// The lock was free.
    pub(super) fn was_rewarded(&self) {
        self.ended.in_vain.store(false, Ordering::Relaxed);
    }

    /// From here on only what takes no longer than any change is waited for.
    pub(super) fn hurry(&self) {
        self.ended.soon.store(true, Ordering::Relaxed);
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            longest: LONGEST,
            tell: Arc::new(|lock| {
                tracing::warn!(lock = %lock.display(), "another program has locked the journal, waiting for it");
            }),
            time: SystemTimer::new().into(),
            ended: Arc::default(),
        }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("longest", &self.longest)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// Somebody else has the lock.
#[derive(Debug, thiserror::Error)]
#[error("another program has locked it; it was waited for {} s", .0.as_secs())]
struct Locked(Duration);
