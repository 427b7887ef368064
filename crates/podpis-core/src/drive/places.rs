//! The operations that this driver has taken up: each has one place from when it is queued until it is only in the journal
//! again.
//!
//! **Invariant:** whoever works at an operation has it in hand, and nobody else has. There is never more than a fixed number
//! in memory under their claims, and dropping one gives it back: the journal has all of it but the number of its polls, and
//! says that it is due. So who dies or is shut down leaves nothing behind.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use podpis_operation::{OperationId, Origin, Timestamp};

use super::turn::KeptRun;

/// The most that wait in memory; all others wait in the journal.
const MOST: usize = 10_000;

/// Who is later than this many milliseconds keeps nothing, so that others who share the journal can help.
const LATE: u64 = 2_000;

/// An operation that is queued, in flight, or waits for its next turn in memory.
pub(super) struct Place<O> {
    pub(super) id: OperationId,
    /// Shared with others from there.
    pub(super) origin: Arc<Origin>,
    held: Mutex<Held<O>>,
}

struct Held<O> {
    /// What waits under its claim, and when it is due.
    run: Option<(Timestamp, KeptRun<O>)>,
    is_in_hand: bool,
}

/// All places.
pub(super) struct Places<O> {
    state: Mutex<State<O>>,
    kept: AtomicUsize,
}

struct State<O> {
    by_id: HashMap<OperationId, Arc<Place<O>>>,
    /// What somebody who gives a code has in hand, whether or not it has a place.
    codes: HashSet<OperationId>,
}

impl<O> Place<O> {
    pub(super) fn new(id: OperationId, origin: Arc<Origin>) -> Self {
        Self {
            id,
            origin,
            held: Mutex::new(Held {
                run: None,
                is_in_hand: false,
            }),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held<O>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<O> Places<O> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                by_id: HashMap::new(),
                codes: HashSet::new(),
            }),
            kept: AtomicUsize::new(0),
        }
    }

    pub(super) fn has(&self, id: &OperationId) -> bool {
        self.state().by_id.contains_key(id)
    }

    pub(super) fn add(&self, place: Arc<Place<O>>) {
        self.state().by_id.insert(place.id.clone(), place);
    }

    /// It is in the journal alone.
    pub(super) fn remove(&self, id: &OperationId) {
        self.state().by_id.remove(id);
    }

    /// Takes an operation in hand for a turn, unless a code is being given for it.
    pub(super) fn take_in_hand(&self, place: &Place<O>) -> bool {
        let state = self.state();
        let is_free = !state.codes.contains(&place.id);
        place.held().is_in_hand |= is_free;
        is_free
    }

    /// The turn is over.
    pub(super) fn leave(&self, place: &Place<O>) {
        let _state = self.state();
        place.held().is_in_hand = false;
    }

    /// Takes an operation in hand for a code, unless somebody has it.
    pub(super) fn take_for_code(&self, id: &OperationId) -> bool {
        let mut state = self.state();
        let place = state.by_id.get(id);
        let is_free = !place.is_some_and(|place| place.held().is_in_hand);
        is_free && state.codes.insert(id.clone())
    }

    /// Nobody gives a code for it any more.
    pub(super) fn leave_code(&self, id: &OperationId) {
        self.state().codes.remove(id);
    }

    /// Whether an operation that was due then may be kept after the turn that it has now.
    pub(super) fn may_keep(&self, due: Timestamp, now: Timestamp) -> bool {
        let late = now.as_millis().saturating_sub(due.as_millis());
        late <= LATE && self.kept.load(Ordering::Relaxed) < MOST
    }

    /// It waits for its next turn.
    pub(super) fn keep(&self, place: &Place<O>, due: Timestamp, run: KeptRun<O>) {
        self.kept.fetch_add(1, Ordering::Relaxed);
        place.held().run = Some((due, run));
    }

    pub(super) fn take(&self, place: &Place<O>) -> Option<(Timestamp, KeptRun<O>)> {
        let taken = place.held().run.take()?;
        self.kept.fetch_sub(1, Ordering::Relaxed);
        Some(taken)
    }

    /// What of it waits in memory is given back.
    pub(super) fn give_back(&self, id: &OperationId) {
        let place = self.state().by_id.get(id).cloned();
        drop(place.and_then(|place| self.take(&place)));
    }

    /// Gives all of them back.
    pub(super) fn give_all_back(&self) {
        let places: Vec<_> = self.state().by_id.values().cloned().collect();
        for place in places {
            drop(self.take(&place));
        }
    }

    /// When what waits in memory is due.
    pub(super) fn due(&self, id: &OperationId) -> Option<Timestamp> {
        let state = self.state();
        let held = state.by_id.get(id)?.held();
        held.run.as_ref().map(|(due, _)| *due)
    }

    fn state(&self) -> MutexGuard<'_, State<O>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
