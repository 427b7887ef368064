//! Remembers what was told, so that it is told once.
//!
//! **Invariant:** bounded: of more records than it remembers, the oldest may be told again.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use podpis_operation::{OperationId, Timestamp};

/// How many records are remembered, in eight bytes each.
const REMEMBERED: usize = 100_000;

/// What was told of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    /// That it is left alone.
    Record,
    /// That it wants a code.
    Code,
    /// Its end, which could not be stored.
    End,
}

/// The records that were told, as they were then.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    hasher: RandomState,
    told: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Told {
    /// Whether the record, as it was changed last, is told for the first time.
    pub(super) fn is_new(&self, of: Of, id: &OperationId, changed: Option<Timestamp>) -> bool {
        let mut remembered = self.remembered();
        let hash = remembered.hasher.hash_one((of, id, changed));
        if !remembered.told.insert(hash) {
            return false;
        }
        remembered.order.push_back(hash);
        if remembered.order.len() > REMEMBERED
            && let Some(oldest) = remembered.order.pop_front()
        {
            remembered.told.remove(&oldest);
        }
        true
    }

    /// Whether it was told.
    pub(super) fn has(&self, of: Of, id: &OperationId, changed: Option<Timestamp>) -> bool {
        let remembered = self.remembered();
        let hash = remembered.hasher.hash_one((of, id, changed));
        remembered.told.contains(&hash)
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
