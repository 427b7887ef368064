//! How many operations there are, for people and for monitoring.
//!
//! **Invariant:** what is counted is told by `tracing` and, with the feature `metrics`, by the `metrics` crate, under the
//! same names.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use podpis_operation::{State, Timestamp};

use super::News;

/// From when on an operation is late, in milliseconds after it was due.
const LATE: u64 = 10_000;

/// What a driver has counted.
///
/// | `metrics` | what |
/// |---|---|
/// | gauge `podpis_open_operations`, label `state` | what had not ended when the journal was counted last, with or without a client |
/// | gauge `podpis_due_operations` | of these, what waited to be looked at |
/// | gauge `podpis_late_operations` | of these, what had waited for more than ten seconds |
/// | gauge `podpis_operations_in_flight` | what is being driven |
/// | counter `podpis_outcomes_total`, label `outcome` | `done`, `refused`, `failed` (done, and not what was asked for), `code_wanted`, `left_alone` |
///
/// The same numbers are the fields of the `tracing` event "operations counted", at the level `info`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// The open operations by the names of their states, when the journal was counted last.
    pub open: BTreeMap<&'static str, usize>,
    /// Of these, those that waited to be looked at.
    pub due: usize,
    /// Of these, those that had waited for more than ten seconds.
    pub late: usize,
    /// What is being driven now.
    pub in_flight: usize,
    /// Operations that this driver has seen end with a result.
    pub done: u64,
    /// With a refusal.
    pub refused: u64,
    /// With a result that is not what was asked for.
    pub failed: u64,
    /// Records that this driver has told to be left alone.
    pub left_alone: u64,
    /// How often the journal was counted.
    pub counted: u64,
}

impl Counts {
    /// All that was open.
    #[must_use]
    pub fn all_open(&self) -> usize {
        self.open.values().sum()
    }

    pub(super) fn add(&mut self, state: &State, due: Option<Timestamp>, now: Timestamp) {
        *self.open.entry(state.name()).or_default() += 1;
        let Some(due) = due.filter(|due| *due <= now) else {
            return;
        };
        self.due += 1;
        if now.as_millis().saturating_sub(due.as_millis()) > LATE {
            self.late += 1;
        }
    }
}

/// The counts of a driver.
#[derive(Debug, Default)]
pub(super) struct Counting(Mutex<Counts>);

impl Counting {
    pub(super) fn counts(&self) -> Counts {
        self.kept().clone()
    }

    /// So many are in flight now.
    pub(super) fn in_flight(&self, in_flight: usize) {
        self.kept().in_flight = in_flight;
        #[cfg(feature = "metrics")]
        gauge("podpis_operations_in_flight", in_flight);
    }

    /// The journal was counted.
    pub(super) fn journal(&self, found: Counts) {
        let Counts {
            open, due, late, ..
        } = found;
        let mut kept = self.kept();
        #[cfg(feature = "metrics")]
        {
            // A state that nothing is in any more is told once as empty.
            for state in kept.open.keys().chain(open.keys()) {
                let number = open.get(state).copied().unwrap_or_default();
                metrics::gauge!("podpis_open_operations", "state" => *state).set(number as f64);
            }
            gauge("podpis_due_operations", due);
            gauge("podpis_late_operations", late);
        }
        (kept.open, kept.due, kept.late) = (open, due, late);
        kept.counted += 1;
        tracing::info!(
            open = kept.all_open(),
            due,
            late,
            in_flight = kept.in_flight,
            done = kept.done,
            refused = kept.refused,
            failed = kept.failed,
            left_alone = kept.left_alone,
            "operations counted"
        );
    }

    /// Something is about to be told.
    pub(super) fn news<O>(&self, news: &News<O>) {
        let mut kept = self.kept();
        let (outcome, id) = match news {
            News::Ended(ended) => {
                let id = ended.operation.id();
                match (&ended.result, ended.operation.state()) {
                    (Ok(_), _) => {
                        kept.done += 1;
                        ("done", id)
                    }
                    (Err(_), State::Refused { .. }) => {
                        kept.refused += 1;
                        ("refused", id)
                    }
                    (Err(_), _) => {
                        kept.failed += 1;
                        ("failed", id)
                    }
                }
            }
            News::CodeWanted(wanted) => ("code_wanted", wanted.operation.id()),
            News::LeftAlone(left) => {
                kept.left_alone += 1;
                ("left_alone", &left.id)
            }
            News::JournalFails(error) => {
                return tracing::warn!(%error, "the journal has failed");
            }
        };
        tracing::info!(%id, outcome, "operation driven");
        #[cfg(feature = "metrics")]
        metrics::counter!("podpis_outcomes_total", "outcome" => outcome).increment(1);
    }

    fn kept(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "metrics")]
fn gauge(name: &'static str, number: usize) {
    metrics::gauge!(name).set(number as f64);
}
