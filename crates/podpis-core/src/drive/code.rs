//! Codes that come in from outside, for example by a web handler.
//!
//! **Invariant:** a code is sent once, whatever becomes of who gave it: it is sent by a task of its own, under the claim of
//! the operation, and never while another code of the same operation is on its way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use podpis_operation::{
    Claim, JournalError, Kind, Operation, OperationId, Origin, Owner, Refusal, State,
};
use tokio::sync::oneshot;

use super::shared::{Seen, Shared};
use super::turn::{Coded, Turned};
use crate::Error;
use crate::secret::ConfirmationCode;

/// What became of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeAnswer {
    /// It was right, or at least the operation goes on with it.
    Taken,
    /// It was wrong.
    Wrong {
        /// How many codes may be tried after it; with none left the operation is over.
        tries_left: u32,
        /// What the service said, in its own words.
        rejection: Option<String>,
    },
    /// The operation was refused before the code could be of use, for example because it came too late. The
    /// [news](super::News) have the refusal.
    Refused,
    /// The service has not said so far whether it was right. The [news](super::News) will tell: the end, or that another
    /// code is wanted.
    Pending,
}

impl CodeAnswer {
    pub(super) fn of_end(operation: &Operation) -> Self {
        match operation.state() {
            State::Refused {
                refusal: Refusal::TooManyAttempts,
                message,
            } => Self::Wrong {
                tries_left: 0,
                rejection: message.clone(),
            },
            State::Refused { .. } => Self::Refused,
            _ => Self::Taken,
        }
    }
}

/// A code was not given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The journal has no such operation. Nothing was sent.
    #[error("there is no operation {0} in the journal")]
    Unknown(OperationId),
    /// Somebody else drives it just now, and takes the code. Nothing was sent.
    #[error("operation {id} is being driven by somebody else{}", .owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default())]
    HeldElsewhere {
        /// The operation.
        id: OperationId,
        /// Who drives it, where the journal knows.
        owner: Option<Owner>,
    },
    /// A code for it is being given at this moment. This one was not sent.
    #[error("a code for operation {0} is being given at this moment")]
    AnotherCode(OperationId),
    /// It waits for no code. Nothing was sent.
    #[error("operation {id} is {state} and waits for no code")]
    NotWanted {
        /// The operation.
        id: OperationId,
        /// The name of its state.
        state: &'static str,
    },
    /// Nobody gave a client for it. Nothing was sent.
    #[error("no client was given for a {kind} operation at {} ({})", .origin.host, .origin.service)]
    NoClient {
        /// Its kind.
        kind: Kind,
        /// Where it lives.
        origin: Origin,
    },
    /// The driver was shut down. Nothing was sent.
    #[error("the driver was shut down")]
    Stopped,
    /// The code could not be sent, or nobody knows whether it was ([`Error::may_have_been_applied`]). Where it certainly
    /// was not, it can be given again.
    #[error("{0}")]
    Failed(#[source] Error),
}

/// The answer to who gave a code.
type Reply = oneshot::Sender<Result<CodeAnswer, CodeError>>;

/// Who waits to be told whether a code was right.
#[derive(Debug, Default)]
pub(super) struct Verdicts(Mutex<HashMap<OperationId, Reply>>);

impl Verdicts {
    /// The answer comes with one of the next turns.
    fn wait(&self, id: &OperationId, reply: Reply) {
        let mut waiting = self.waiting();
        // Nobody waits for ever, so there are no more of them than callers.
        waiting.retain(|_, reply| !reply.is_closed());
        waiting.insert(id.clone(), reply);
    }

    /// Whether somebody waited, and is told.
    pub(super) fn give(&self, id: &OperationId, answer: CodeAnswer) -> bool {
        let reply = self.waiting().remove(id);
        reply.is_some_and(|reply| reply.send(Ok(answer)).is_ok())
    }

    /// Nobody will know it here.
    pub(super) fn forget(&self, id: &OperationId) {
        self.give(id, CodeAnswer::Pending);
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<OperationId, Reply>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A code is being given for an operation until this is dropped.
pub(super) struct Giving<O: Send + 'static> {
    shared: Arc<Shared<O>>,
    id: OperationId,
}

impl<O: Send + 'static> Giving<O> {
    pub(super) fn begin(shared: &Arc<Shared<O>>, id: &OperationId) -> Result<Self, CodeError> {
        if shared.is_stopping() {
            return Err(CodeError::Stopped);
        }
        if !shared.giving().insert(id.clone()) {
            return Err(CodeError::AnotherCode(id.clone()));
        }
        Ok(Self {
            shared: Arc::clone(shared),
            id: id.clone(),
        })
    }
}

impl<O: Send + 'static> Drop for Giving<O> {
    fn drop(&mut self) {
        self.shared.giving().remove(&self.id);
        self.shared.wake.notify_one();
    }
}

impl<O: Send + 'static> Shared<O> {
    /// Gives a code, and answers.
    pub(super) async fn give_code(
        self: Arc<Self>,
        id: OperationId,
        code: ConfirmationCode,
        reply: Reply,
    ) {
        if let Err((reply, error)) = self.try_code(&id, code, reply).await {
            // Who has gone away does not want to know.
            let _ = reply.send(Err(error));
        }
    }

    async fn try_code(
        &self,
        id: &OperationId,
        code: ConfirmationCode,
        reply: Reply,
    ) -> Result<(), (Reply, CodeError)> {
        // Closed never: who is shut down says so below.
        let _slot = self.code_slots.acquire().await;
        if let Err(error) = self.free_hand(id).await {
            return Err((reply, error));
        }
        let outcome = self.code_in_hand(id, code, reply).await;
        self.places.leave_code(id);
        self.left.notify_waiters();
        outcome
    }

    /// Takes an operation in hand when no turn of it is under way here.
    async fn free_hand(&self, id: &OperationId) -> Result<(), CodeError> {
        loop {
            let left = self.left.notified();
            if self.is_stopping() {
                return Err(CodeError::Stopped);
            }
            if self.places.take_for_code(id) {
                return Ok(());
            }
            left.await;
        }
    }

    async fn code_in_hand(
        &self,
        id: &OperationId,
        code: ConfirmationCode,
        reply: Reply,
    ) -> Result<(), (Reply, CodeError)> {
        // Nobody gives a code for what waits for something else; if somebody does, it is claimed anew.
        self.places.give_back(id);
        let claimed = self.time.elapsed();
        let claim = match self.journal.claim_for(id, &self.lease()).await {
            Ok(claim) => claim.owned(Arc::clone(&self.journal)),
            Err(JournalError::Claimed { id, owner }) => {
                return Err((reply, CodeError::HeldElsewhere { id, owner }));
            }
            Err(error) => return Err((reply, CodeError::Failed(error.into()))),
        };
        let Some((kind, origin)) = about(&claim) else {
            return Err((reply, CodeError::Unknown(id.clone())));
        };
        let Some(client) = self.clients.of(&kind, &origin) else {
            return Err((reply, CodeError::NoClient { kind, origin }));
        };
        let changed = claim.record().map(Operation::changed);
        let (turned, coded) = client.code(claim, claimed, code).await;
        let (given, confirmed) = match coded {
            Coded::Given { attempt, confirmed } => (attempt, confirmed),
            Coded::NotWanted(state) => {
                if let Turned::Unusable(error) = turned {
                    return Err((reply, CodeError::Failed(error)));
                }
                let id = id.clone();
                return Err((reply, CodeError::NotWanted { id, state }));
            }
        };
        let failed = match (&turned, confirmed) {
            (Turned::TakenOver, _) => Some(CodeError::HeldElsewhere {
                id: id.clone(),
                owner: None,
            }),
            (
                Turned::NotStored(_) | Turned::LeftAlone { .. } | Turned::Later { .. },
                Err(error),
            ) => Some(CodeError::Failed(error)),
            _ => None,
        };
        if let Turned::CodeWanted { attempt, .. } = &turned {
            tracing::debug!(%id, given, next = *attempt, "a code was wrong");
        }
        match failed {
            Some(error) => {
                let _ = reply.send(Err(error));
            }
            // What comes of it now, or with one of the next turns, is the answer.
            None => self.verdicts.wait(id, reply),
        }
        match self.settle(id, changed, turned).await {
            Seen::Later { due: Some(due), .. } => self.put_back(due),
            Seen::Over {
                operation,
                unstored,
            } => self.tell_end(operation, unstored.is_none()).await,
            _ => {}
        }
        Ok(())
    }
}

fn about(claim: &Claim<'_>) -> Option<(Kind, Origin)> {
    let record = claim.record()?;
    Some((record.kind().clone(), record.origin().clone()))
}
