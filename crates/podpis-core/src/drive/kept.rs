//! The operations that wait for their next turn in memory, under their claims.
//!
//! **Invariant:** there are never more than a fixed number, and dropping one gives it back: the journal has all of it but the
//! number of its polls, and says that it is due. So who dies or is shut down leaves nothing behind.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use podpis_operation::{OperationId, Timestamp};

use super::turn::KeptRun;

/// The most that wait in memory; all others wait in the journal.
const MOST: usize = 10_000;

/// Who is later than this many milliseconds keeps nothing, so that others who share the journal can help.
const LATE: u64 = 2_000;

pub(super) struct Kept<O>(Mutex<HashMap<OperationId, (Timestamp, KeptRun<O>)>>);

impl<O> Kept<O> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Whether an operation that was due then may be kept after the turn that it has now.
    pub(super) fn may_keep(&self, due: Timestamp, now: Timestamp) -> bool {
        now.as_millis().saturating_sub(due.as_millis()) <= LATE && self.runs().len() < MOST
    }

    pub(super) fn put(&self, id: OperationId, due: Timestamp, run: KeptRun<O>) {
        self.runs().insert(id, (due, run));
    }

    pub(super) fn take(&self, id: &OperationId) -> Option<(Timestamp, KeptRun<O>)> {
        self.runs().remove(id)
    }

    pub(super) fn due(&self, id: &OperationId) -> Option<Timestamp> {
        self.runs().get(id).map(|(due, _)| *due)
    }

    /// Gives all of them back.
    pub(super) fn clear(&self) {
        let kept = std::mem::take(&mut *self.runs());
        drop(kept);
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<OperationId, (Timestamp, KeptRun<O>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
