//! A run between two of its turns, in memory.
//!
//! **Invariant:** it has what the journal does not have and what every turn would read again, and nothing else: ten thousand
//! of them wait at once.

use std::time::Duration;

use podpis_operation::{Claim, JournalError, Operation};

use super::{Conversation, OperationKind, Run};

/// An operation that waits for its next turn under its claim.
pub(crate) struct Paused<K: OperationKind> {
    client: K::Client,
    claim: Claim<'static>,
    operation: Operation,
    record: Box<K::Record>,
    renewed: Option<Duration>,
    unreadable: u32,
}

impl<K: Conversation> Paused<K> {
    /// Goes on with one more turn alone, under the claim of the turn before, which is renewed in good time.
    ///
    /// # Errors
    /// As [`Claim::renew`]; after a conflict the operation is somebody else's.
    pub(crate) async fn go_on(self: Box<Self>) -> Result<Box<Run<'static, K>>, JournalError> {
        let paused = *self;
        let run = Run::new(paused.client, paused.claim, paused.operation, paused.record);
        // On the heap, so that it is never moved.
        let mut run = Box::new(run);
        let now = run.time().elapsed();
        let length = run.claim.lease().length();
        let is_fresh = |renewed: &Duration| now.saturating_sub(*renewed) < length / 3;
        let renewed = match paused.renewed.filter(is_fresh) {
            Some(renewed) => renewed,
            None => {
                run.claim.renew(run.wall(), length).await?;
                now
            }
        };
        run.for_a_turn(renewed, paused.unreadable);
        Ok(run)
    }
}

impl<K: OperationKind> From<Run<'static, K>> for Paused<K> {
    /// Its locks are given back meanwhile.
    fn from(run: Run<'static, K>) -> Self {
        Self {
            client: run.client,
            claim: run.claim,
            operation: run.operation,
            record: run.record,
            renewed: run.renewed,
            unreadable: run.unreadable,
        }
    }
}
