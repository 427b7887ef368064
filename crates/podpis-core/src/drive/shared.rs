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
use super::kept::Kept;
use super::news::{CodeWanted, Ended, LeftAlone, News, Teller};
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
    pub(super) kept: Kept<O>,
    pub(super) counting: Counting,
    /// There may be something to do.
    pub(super) wake: Notify,
    look: AtomicBool,
    /// When codes have put operations back to.
    put_back: Mutex<Vec<Timestamp>>,
    pub(super) is_stopping: AtomicBool,
    /// Whether all is over.
    pub(super) is_over: watch::Sender<bool>,
    /// What is being worked at here.
    in_hand: Mutex<HashSet<OperationId>>,
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
            kept: Kept::new(),
            counting: Counting::default(),
            wake: Notify::new(),
            look: AtomicBool::new(false),
            put_back: Mutex::default(),
            is_stopping: AtomicBool::new(false),
            is_over: watch::Sender::new(false),
            in_hand: Mutex::default(),
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

    /// Whether it was taken in hand just now, and was not before.
    pub(super) fn take_in_hand(&self, id: &OperationId) -> bool {
        self.hands().insert(id.clone())
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.hands().is_empty() && self.giving().is_empty()
    }

    pub(super) fn giving(&self) -> MutexGuard<'_, HashSet<OperationId>> {
        self.giving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn leave(&self, id: &OperationId) {
        self.hands().remove(id);
        self.left.notify_waiters();
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

    fn hands(&self) -> MutexGuard<'_, HashSet<OperationId>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is next of an operation that was due when it was listed, and tells what came of it.
    pub(super) async fn turn(&self, id: &OperationId, unreadable: u32) -> Seen {
        if let Some((due, run)) = self.kept.take(id) {
            let keep = self.may_keep(due);
            return self.settle(id, None, run.turn(keep).await).await;
        }
        let (claimed, lease) = (self.time.elapsed(), self.lease());
        let claim = match self.journal.claim_for(id, &lease).await {
            Ok(claim) => claim.owned(Arc::clone(&self.journal)),
            Err(JournalError::Claimed { .. } | JournalError::Conflict { .. }) => {
                return Seen::Nothing;
            }
            Err(error @ (JournalError::HolderUnknown { .. } | JournalError::Unreadable { .. })) => {
                self.leave_unreadable(id, error.into()).await;
                return Seen::Nothing;
            }
            Err(error) => return Seen::JournalFailed(error),
        };
        // Somebody else may have looked at it since it was listed, or it may be gone.
        let (Some(record), Some(due)) = (claim.record(), claim.due()) else {
            return Seen::Nothing;
        };
        if due > lease.now() {
            return Seen::Nothing;
        }
        let changed = record.changed();
        let Some(client) = self.clients.of(record.kind(), record.origin()) else {
            return Seen::Nothing;
        };
        let keep = self.may_keep(due);
        let turned = client.turn(claim, claimed, unreadable, keep).await;
        self.settle(id, Some(changed), turned).await
    }

    fn may_keep(&self, due: Timestamp) -> bool {
        !self.is_stopping() && self.kept.may_keep(due, self.now())
    }

    /// Tells what came of a turn.
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
            Turned::Soon { due, run } => {
                self.kept.put(id.clone(), due, run);
                return Seen::Soon(due);
            }
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
                result,
                unstored,
            } => {
                self.verdicts.give(id, CodeAnswer::of_end(&operation));
                let ended = Ended {
                    operation,
                    result,
                    is_stored: unstored.is_none(),
                };
                // As long as it cannot be stored it ends again and again.
                if ended.is_stored || self.told.is_new(Of::End, id, None) {
                    self.tell(News::Ended(ended)).await;
                }
                return unstored.map_or_else(|| Seen::put_back(None), Seen::JournalFailed);
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
