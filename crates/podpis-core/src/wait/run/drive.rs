//! Waits for an operation until it ends or the deadline is there.
//!
//! **Invariant:** the last poll happens at the deadline, if a permit is free then; nothing goes on after the deadline and
//! the grace for what is on its way. Limits are looked at while things go well and while
//! they do not, and whoever gives up hands the whole record over.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use podpis_operation::Next;

use super::{Conversation, Current, Run, output_of};
use crate::wait::{CodeRequest, Deadline, Prompt, SharedTime, compute};
use crate::{Error, ErrorKind};

impl<K: Conversation> Run<'_, K> {
    /// Drives the operation to its end: asks `prompt` for codes, polls, reconciles once where that is needed.
    ///
    /// The deadline counts from the start call, or from the resumption, and bounds all that is done for the operation:
    /// login, the queue for a permit, each request. A request that is on its way by then has a grace of five seconds. A
    /// poll that fails in passing is forgiven until the deadline.
    ///
    /// # Errors
    /// A refusal, a wrong result, a failure that will not pass, or the deadline. The record is in the error
    /// and in the journal: nothing is lost, and [`Run::resume`] goes on.
    pub async fn wait(
        &mut self,
        prompt: &mut dyn Prompt,
        deadline: Deadline,
    ) -> Result<K::Output, Error> {
        self.ends = Some(self.began.saturating_add(deadline.as_duration()));
        self.unreadable = 0;
        let outcome = self.drive(prompt, deadline).await;
        self.ends = None;
        // Ended or given up: nothing of it keeps others away.
        self.hold = None;
        outcome
    }

    async fn drive(
        &mut self,
        prompt: &mut dyn Prompt,
        deadline: Deadline,
    ) -> Result<K::Output, Error> {
        let mut is_over = false;
        loop {
            let next = self.next();
            match next {
                Next::Finished => return Box::pin(self.computed_output()).await,
                Next::GiveCode { attempt } => {
                    Box::pin(self.ask(prompt, attempt, deadline)).await?;
                    continue;
                }
                // A step that was lost at the deadline was found out, and is not sent again.
                Next::PollAfter(_) if is_over => return Err(self.give_up(deadline)),
                Next::PollAfter(pause) => {
                    let left = self.left(deadline);
                    is_over = pause >= left;
                    self.time().sleep(pause.min(left)).await;
                }
                Next::Reconcile => {}
            }
            let turned = self.turn().await;
            is_over |= matches!(next, Next::PollAfter(_)) && self.left(deadline).is_zero();
            match turned {
                Err(error) if self.is_late(&error) => {
                    self.trouble.get_or_insert(error);
                    return Err(self.give_up(deadline));
                }
                turned => turned?,
            }
        }
    }

    /// The result, computed where it holds up nothing else.
    pub(crate) async fn computed_output(&self) -> Result<K::Output, Error> {
        let (client, operation) = (self.client.clone(), self.operation.clone());
        let record = self.record.clone();
        compute(move || {
            output_of::<K>(&client, Current::new(&operation, &record))
                .map_err(|error| error.with_operation(&operation))
        })
        .await
    }

    async fn ask(
        &mut self,
        prompt: &mut dyn Prompt,
        attempt: u32,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let left = self.left(deadline);
        if left.is_zero() {
            return Err(self.give_up(deadline));
        }
        let request = CodeRequest {
            operation: self.operation().id().clone(),
            attempt,
            rejection: self.rejection.clone(),
            left,
        };
        let time = self.time();
        let asked = {
            let asking = prompt.code(request);
            let waiting = pin!(time.sleep(left));
            match select(asking, waiting).await {
                Either::Left((asked, _)) => Some(asked),
                Either::Right(_) => None,
            }
        };
        match asked {
            Some(Ok(code)) => match self.confirm(code).await {
                // The record says `confirming` now, and that is reconciled next.
                Err(error) if error.may_have_been_applied() => {
                    self.trouble = Some(error);
                    Ok(())
                }
                other => other,
            },
            Some(Err(error)) => {
                let text = format!("the code was not given: {error}");
                Err(Error::new(ErrorKind::Prompt, text)
                    .with_source(error)
                    .with_operation(self.operation()))
            }
            None => Err(self.give_up(deadline)),
        }
    }

    pub(super) fn time(&self) -> &SharedTime {
        &K::settings(&self.client).time
    }

    fn left(&self, deadline: Deadline) -> Duration {
        let waited = self.time().elapsed().saturating_sub(self.began);
        deadline.as_duration().saturating_sub(waited)
    }

    fn give_up(&self, deadline: Deadline) -> Error {
        let mut text = format!(
            "the operation is still {} after {} s and {} polls; it goes on at the service and can be resumed",
            self.operation.state(),
            deadline.as_duration().as_secs(),
            self.operation.polls(),
        );
        if let Some(note) = &self.pending.note {
            text.push_str("; ");
            text.push_str(note);
        }
        let error = Error::new(ErrorKind::Deadline, text).with_operation(&self.operation);
        match &self.trouble {
            Some(trouble) => error.with_source(trouble.clone()),
            None => error,
        }
    }
}
