//! One turn of an operation: whatever is next without a person, once.
//!
//! **Invariant:** the one place that decides which failures the next turn may mend, so that an operation that is waited for
//! and one that is driven together with thousands of others go on alike.

use std::time::Duration;

use podpis_operation::{JournalError, Next, Operation, Timestamp};

use super::{Conversation, Run, RunSettings};
use crate::{Error, ErrorKind};

/// How many polls in a row may give an answer that cannot be read.
const UNREADABLE: u32 = 3;

impl<K: Conversation> Run<'_, K> {
    /// Does once what [`Run::next`] says: polls, or finds out what became of a lost request. When a poll is due is for the
    /// caller to wait; where a code is wanted, or the operation has ended, nothing is done.
    ///
    /// A failure that the next turn may mend is none: the operation is as it was, and [`Run::next`] says when to look
    /// again.
    ///
    /// # Errors
    /// What will not pass by itself, and what could not be stored. The record is in the error.
    pub async fn turn(&mut self) -> Result<(), Error> {
        // On the heap, so that whoever waits holds little.
        match self.next() {
            Next::PollAfter(_) => {
                let polled = Box::pin(self.poll()).await;
                self.forgiven(polled)
            }
            Next::Reconcile => self.found_out().await,
            Next::GiveCode { .. } | Next::Finished => Ok(()),
        }
    }

    /// From here on it has this turn alone, under a claim that was asked for at the moment `claimed` of the monotonic
    /// clock: nothing of it outlives the lease, and what is saved says when the next turn is due.
    pub(crate) fn for_a_turn(&mut self, claimed: Duration, unreadable: u32) {
        let lease = self.claim.lease().length();
        let grace = K::settings(&self.client).grace;
        let length = lease.saturating_sub(2 * grace).max(lease / 2);
        self.is_put_back = true;
        self.is_unsaved = true;
        self.renewed = Some(claimed);
        self.ends = Some(claimed.saturating_add(length));
        self.unreadable = unreadable;
    }

    /// When it is due again, if it may wait for that in memory ([`Paused`](super::Paused)): the journal has all of it but
    /// the number of its polls, and the claim holds longer than that.
    pub(crate) fn may_pause(&self) -> Option<Timestamp> {
        let Next::PollAfter(pause) = self.next() else {
            return None;
        };
        // Moments are whole milliseconds, and no pause is cut short.
        let due = self.wall().plus(pause + Duration::from_millis(1));
        let due = self.is_early().unwrap_or(due);
        let now = self.time().elapsed();
        let until = now.saturating_add(pause);
        let holds = self.claim.lease().length() / 3 * 2;
        let renewed = self.renewed?;
        if until.saturating_sub(renewed) > holds {
            return None;
        }
        Some(due)
    }

    /// When its first poll is due, if it was only just started and handed over: no pause is left out.
    pub(crate) fn is_early(&self) -> Option<Timestamp> {
        let operation = &self.operation;
        if operation.polls() > 0 || self.claim.due() != Some(operation.changed()) {
            return None;
        }
        let Next::PollAfter(pause) = self.next() else {
            return None;
        };
        let due = operation.changed().plus(pause);
        (due > self.wall()).then_some(due)
    }

    /// When the next turn is due; none when it is over, or waits for a person.
    pub(super) fn due(&self) -> Option<Timestamp> {
        match self.next() {
            Next::PollAfter(pause) if self.is_put_back => Some(self.wall().plus(pause)),
            _ => self.operation.due(),
        }
    }

    /// Stores what the next turn has to know, and gives when that is due. What was lost is looked for with the pauses of
    /// polls.
    pub(crate) async fn put_back(&mut self) -> Result<Option<Timestamp>, JournalError> {
        if matches!(self.next(), Next::Reconcile) {
            let pause = self.pause();
            self.operation.count_poll();
            return self.put_back_until(Some(self.wall().plus(pause))).await;
        }
        if self.is_unsaved {
            return self.put_back_until(self.due()).await;
        }
        Ok(self.claim.due())
    }

    /// The same, and due then.
    pub(crate) async fn put_back_until(
        &mut self,
        due: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, JournalError> {
        self.claim.save_due(&self.operation, due).await?;
        self.is_unsaved = false;
        Ok(due)
    }

    /// How many answers in a row could not be read.
    pub(crate) fn unreadable(&self) -> u32 {
        self.unreadable
    }

    /// What the service said about the last code.
    pub(crate) fn rejection(&self) -> Option<&str> {
        self.rejection.as_deref()
    }

    /// The record, when nothing more is done with it here.
    pub(crate) fn into_operation(self) -> Operation {
        self.operation
    }

    pub(crate) fn settings(&self) -> &RunSettings {
        K::settings(&self.client)
    }

    pub(crate) fn wall(&self) -> Timestamp {
        self.time().now().into()
    }

    fn forgiven(&mut self, polled: Result<(), Error>) -> Result<(), Error> {
        match polled {
            Ok(()) => self.unreadable = 0,
            // A step was sent and its answer was lost: that is found out next.
            Err(_) if matches!(self.next(), Next::Reconcile) => {}
            Err(error) if self.is_late(&error) => return Err(error),
            Err(error) if passes(&error) => {}
            // A page of a proxy may pass too; an answer that never can be read does not.
            Err(error)
                if error.kind() == ErrorKind::UnreadableAnswer && self.unreadable < UNREADABLE =>
            {
                self.unreadable += 1;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn found_out(&mut self) -> Result<(), Error> {
        let trouble = self.trouble.take();
        let Err(error) = Box::pin(self.reconcile()).await else {
            return Ok(());
        };
        if self.is_late(&error) {
            self.trouble = trouble.or_else(|| Some(error.clone()));
            return Err(error);
        }
        // It was found out, and only the step after it did not get through.
        if matches!(self.next(), Next::PollAfter(_)) && passes(&error) {
            return Ok(());
        }
        Err(match trouble {
            Some(trouble) if error.kind() == ErrorKind::CannotTell => error.with_source(trouble),
            _ => error,
        })
    }

    /// Whether there is no time left, and not only none for what had to be sent under the lease.
    pub(super) fn is_late(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Deadline
            && self.ends.is_some_and(|ends| ends <= self.time().elapsed())
    }
}

/// Whether the next turn may mend it: a failure in passing, or a step for which the lease left no time and which is sent
/// under the next one.
pub(crate) fn passes(error: &Error) -> bool {
    error.is_transient() || error.kind() == ErrorKind::Deadline
}
