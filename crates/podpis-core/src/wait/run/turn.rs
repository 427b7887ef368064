//! One turn of an operation: whatever is next without a person, once.
//!
//! **Invariant:** the one place that decides which failures the next turn may mend, so that an operation that is waited for
//! and one that is driven together with thousands of others go on alike.

use podpis_operation::Next;

use super::{Conversation, Run};
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
