//! What all that a driver does has in common: the journal, the clients, the clock, and who is told.
//!
//! **Invariant:** an operation is worked at under a claim of its own and nowhere else; what is in memory between two turns
//! is under that claim too.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use podpis_operation::{
    Journal, JournalError, Lease, Operation, OperationId, Owner, State, Timestamp,
};
use tokio::sync::{Notify, Semaphore, watch};

use super::clients::Clients;
use super::code::{CodeAnswer, Verdicts};
use super::counts::Counting;
use super::news::{CodeWanted, Ended, LeftAlone, News, Teller};
use super::places::{Place, Places};
use super::told::{Of, Told};
use super::turn::Turned;
use crate::wait::SharedTime;
use crate::{Error, ErrorKind};

pub(super) struct Shared<O> {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) clients: Clients<O>,
    pub(super) time: SharedTime,
    pub(super) owner: Owner,
    pub(super) lease: Duration,
    pub(super) teller: Teller<O>,
    pub(super) told: Told,
    pub(super) places: Places<O>,
    pub(super) counting: Counting,
    /// There may be something to do.
    pub(super) wake: Notify,
    look: AtomicBool,
    /// When codes have put operations back to.
    put_back: Mutex<Vec<Timestamp>>,
    pub(super) is_stopping: AtomicBool,
    /// Whether all is over.
    pub(super) is_over: watch::Sender<bool>,
    /// The operations for which a code is being given.
    giving: Mutex<HashSet<OperationId>>,
    /// Something is not in hand any more.
    pub(super) left: Notify,
    pub(super) verdicts: Verdicts,
    pub(super) code_slots: Semaphore,
}

/// What the driver has to know of a turn.
#[derive(Debug)]
pub(super) enum Seen {
    /// It is stored; that is when it is due again.
    Later {
        due: Option<Timestamp>,
        unreadable: u32,
    },
    /// It is kept here until then.
    Soon(Timestamp),
    /// It is over, which is to be told.
    Over {
        operation: Operation,
        unstored: Option<JournalError>,
    },
    /// It is not gone on with here.
    Nothing,
    /// The journal has failed.
    JournalFailed(JournalError),
}

impl Seen {
    fn put_back(due: Option<Timestamp>) -> Self {
        Self::Later { due, unreadable: 0 }
    }
}

impl<O: Send + 'static> Shared<O> {
    pub(super) fn new(
        journal: Arc<dyn Journal>,
        clients: Clients<O>,
        time: SharedTime,
        owner: Owner,
        lease: Duration,
        teller: Teller<O>,
        code_slots: usize,
    ) -> Self {
        Self {
            journal,
            clients,
            time,
            owner,
            lease,
            teller,
            told: Told::default(),
            places: Places::new(),
            counting: Counting::default(),
            wake: Notify::new(),
            look: AtomicBool::new(false),
            put_back: Mutex::default(),
            is_stopping: AtomicBool::new(false),
            is_over: watch::Sender::new(false),
            giving: Mutex::default(),
            left: Notify::new(),
            verdicts: Verdicts::default(),
            code_slots: Semaphore::new(code_slots),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.time.now().into()
    }

    pub(super) fn lease(&self) -> Lease {
        Lease::new(self.owner.clone(), self.now(), self.lease)
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }

    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.teller.hurry();
        self.wake.notify_one();
    }

    /// Whether no code is being given.
    pub(super) fn is_idle(&self) -> bool {
        self.giving().is_empty()
    }

    pub(super) fn giving(&self) -> MutexGuard<'_, HashSet<OperationId>> {
        self.giving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The journal is looked through at once.
    pub(super) fn look(&self) {
        self.look.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    pub(super) fn take_look(&self) -> bool {
        self.look.swap(false, Ordering::SeqCst)
    }

    /// Something is due then that no round has put back.
    pub(super) fn put_back(&self, due: Timestamp) {
        self.dues().push(due);
        self.wake.notify_one();
    }

    pub(super) fn take_put_back(&self) -> Vec<Timestamp> {
        std::mem::take(&mut *self.dues())
    }

    fn dues(&self) -> MutexGuard<'_, Vec<Timestamp>> {
        self.put_back.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is next of an operation that is in hand, gives it out of hand, and tells what came of it.
    pub(super) async fn turn(&self, place: &Place<O>, unreadable: u32) -> Seen {
        let turned = match self.places.take(place) {
            Some((due, run)) => Ok((run.turn(self.may_keep(due)).await, None)),
            // On the heap, as all that few turns need.
            None => Box::pin(self.claimed_turn(&place.id, unreadable)).await,
        };
        let seen = match turned {
            Ok((Turned::Soon { due, run }, _)) => {
                self.places.keep(place, due, run);
                Seen::Soon(due)
            }
            Ok((turned, changed)) => Box::pin(self.settle(&place.id, changed, turned)).await,
            Err(seen) => seen,
        };
        self.places.leave(place);
        self.left.notify_waiters();
        seen
    }

    /// Claims an operation that was due when it was listed, and does what is next of it. With when it was changed before.
    async fn claimed_turn(
        &self,
        id: &OperationId,
        unreadable: u32,
    ) -> Result<(Turned<O>, Option<Timestamp>), Seen> {
        let (claimed, lease) = (self.time.elapsed(), self.lease());
        let claim = match self.journal.claim_for(id, &lease).await {
            Ok(claim) => claim.owned(Arc::clone(&self.journal)),
            Err(JournalError::Claimed { .. } | JournalError::Conflict { .. }) => {
                return Err(Seen::Nothing);
            }
            Err(error @ (JournalError::HolderUnknown { .. } | JournalError::Unreadable { .. })) => {
                self.leave_unreadable(id, error.into()).await;
                return Err(Seen::Nothing);
            }
            Err(error) => return Err(Seen::JournalFailed(error)),
        };
        // Somebody else may have looked at it since it was listed, or it may be gone.
        let (Some(record), Some(due)) = (claim.record(), claim.due()) else {
            return Err(Seen::Nothing);
        };
        if due > lease.now() {
            return Err(Seen::Nothing);
        }
        let changed = record.changed();
        let Some(client) = self.clients.of(record.kind(), record.origin()) else {
            return Err(Seen::Nothing);
        };
        let keep = self.may_keep(due);
        let turned = client.turn(claim, claimed, unreadable, keep).await;
        Ok((turned, Some(changed)))
    }

    fn may_keep(&self, due: Timestamp) -> bool {
        !self.is_stopping() && self.places.may_keep(due, self.now())
    }

    /// Tells what came of a turn, but for an end.
    pub(super) async fn settle(
        &self,
        id: &OperationId,
        changed: Option<Timestamp>,
        turned: Turned<O>,
    ) -> Seen {
        match turned {
            Turned::Later {
                due,
                state,
                unreadable,
            } => {
                if !matches!(state, State::Processing { .. } | State::Confirming { .. }) {
                    self.verdicts.give(id, CodeAnswer::Taken);
                }
                return Seen::Later { due, unreadable };
            }
            // Nobody has a place for it here, so it is given back.
            Turned::Soon { due, .. } => return Seen::put_back(Some(due)),
            Turned::CodeWanted {
                operation,
                attempt,
                rejection,
                tries_left,
            } => {
                self.told.is_new(Of::Code, id, Some(operation.changed()));
                let wrong = CodeAnswer::Wrong {
                    tries_left,
                    rejection: rejection.clone(),
                };
                if !self.verdicts.give(id, wrong) {
                    let wanted = CodeWanted {
                        operation,
                        attempt,
                        tries_left,
                        rejection,
                    };
                    self.tell(News::CodeWanted(wanted)).await;
                }
                return Seen::put_back(None);
            }
            Turned::Ended {
                operation,
                unstored,
            } => {
                self.verdicts.give(id, CodeAnswer::of_end(&operation));
                return Seen::Over {
                    operation,
                    unstored,
                };
            }
            Turned::LeftAlone {
                operation,
                error,
                until,
            } => {
                self.verdicts.forget(id);
                self.tell(News::LeftAlone(LeftAlone {
                    id: id.clone(),
                    operation: Some(operation),
                    error,
                    until,
                }))
                .await;
                return Seen::put_back(until);
            }
            Turned::Unusable(error) => {
                if self.told.is_new(Of::Record, id, changed) {
                    self.left_alone(id.clone(), error).await;
                }
            }
            Turned::TakenOver => {
                self.verdicts.forget(id);
                tracing::debug!(%id, "somebody else goes on with an operation");
            }
            Turned::NotStored(error) => return Seen::JournalFailed(error),
        }
        Seen::Nothing
    }

    /// Makes the result of an operation that is over, and tells both.
    pub(super) async fn tell_end(&self, operation: Operation, is_stored: bool) {
        // As long as it cannot be stored it ends again and again.
        if !is_stored && !self.told.is_new(Of::End, operation.id(), None) {
            return;
        }
        match self.clients.of(operation.kind(), operation.origin()) {
            Some(client) => {
                let ended = Ended {
                    result: client.result(operation.clone()).await,
                    operation,
                    is_stored,
                };
                self.tell(News::Ended(ended)).await;
            }
            None => self.leave_foreign(operation).await,
        }
    }

    /// Tells of a record that cannot be read, once.
    pub(super) async fn leave_unreadable(&self, id: &OperationId, error: Error) {
        if self.told.is_new(Of::Record, id, None) {
            self.left_alone(id.clone(), error).await;
        }
    }

    /// Tells of a record for which there is no client, once.
    pub(super) async fn leave_foreign(&self, operation: Operation) {
        let (kind, origin) = (operation.kind(), operation.origin());
        let text = format!(
            "no client was given for a {kind} operation at {} ({})",
            origin.host, origin.service
        );
        let error = Error::new(ErrorKind::InvalidInput, text).with_operation(&operation);
        self.left_alone(operation.id().clone(), error).await;
    }

    async fn left_alone(&self, id: OperationId, error: Error) {
        self.tell(News::LeftAlone(LeftAlone {
            operation: error.operation().cloned(),
            id,
            error,
            until: None,
        }))
        .await;
    }

    /// Tells if there is room for it, and waits for nobody.
    pub(super) fn tell_at_once(&self, news: News<O>) {
        self.counting.news(&news);
        self.teller.try_tell(news);
    }

    pub(super) async fn tell(&self, news: News<O>) {
        self.counting.news(&news);
        self.teller.tell(news).await;
    }
}
