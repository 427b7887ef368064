//! Takes the code from the virtual phone of a sandbox: what `--yes` does instead of a person; confirms what waits there.
//!
//! **Invariant:** an operation gets the code of its own SMS and no other, however many are open, and no push is confirmed but
//! that of an operation of ours: the phone tells the ids that the service gave for the operation, and one of them is in
//! its record. A code that was tried is not tried again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::{Listing, Which};
use podpis::{Journal, Operation, OperationId, PromptError};
use podpis_sandbox::{MessageKind, MessageState, PhoneMessage};

use crate::messages::Message;
use crate::output::Output;
use crate::record_ids::has_id;
use crate::sandbox::SandboxControl;

/// How often the phone is looked at.
const PAUSE: Duration = Duration::from_millis(200);

/// A virtual phone, and the operations whose code was taken from it.
#[derive(Clone, Debug)]
pub(super) struct Phone {
    control: SandboxControl,
    number: Option<String>,
    taken: Arc<Mutex<HashSet<String>>>,
}

impl Phone {
    pub(super) fn new(control: SandboxControl, number: Option<String>) -> Self {
        Self {
            control,
            number,
            taken: Arc::default(),
        }
    }

    /// Waits for the SMS of an operation, for as long as it is asked to.
    pub(super) async fn code(
        &self,
        operation: &Operation,
        output: Output,
    ) -> Result<String, PromptError> {
        let time = SystemTimer::new();
        let mut said = false;
        loop {
            let messages = self.control.messages().await.map_err(|failure| {
                PromptError::new(output.text(&Message::WaitingForPhone))
                    .with_source(output.words(&failure))
            })?;
            let is_its = |one: &PhoneMessage| is_of(one, MessageKind::Sms, operation);
            if let Some(message) = messages.into_iter().rev().find(is_its) {
                // There is one SMS for an operation: what was wrong with its code stays wrong.
                let Some(code) = message.code.filter(|_| self.take(message.operation)) else {
                    return Err(PromptError::new(output.text(&Message::CodeNotAccepted)));
                };
                output.about(operation.id(), &Message::CodeFromPhone);
                return Ok(code);
            }
            if !said {
                output.about(operation.id(), &Message::WaitingForPhone);
                said = true;
            }
            time.sleep(PAUSE).await;
        }
    }

    /// Confirms the pushes that wait for our person and belong to this operation, or to any open one of the journal, again
    /// and again. Never ends.
    pub(super) async fn confirm(
        &self,
        journal: &dyn Journal,
        of: Option<&OperationId>,
        output: Output,
    ) {
        let time = SystemTimer::new();
        loop {
            // A phone that does not answer now is looked at again.
            let mut messages = self.control.messages().await.unwrap_or_default();
            messages.retain(|message| {
                message.kind == MessageKind::Push
                    && message.state == MessageState::Waiting
                    && self.is_ours(message)
            });
            if !messages.is_empty() {
                let operations = match of {
                    Some(id) => vec![id.clone()],
                    None => open(journal).await,
                };
                self.confirm_those(messages, journal, &operations, output)
                    .await;
            }
            time.sleep(PAUSE).await;
        }
    }

    async fn confirm_those(
        &self,
        mut pushes: Vec<PhoneMessage>,
        journal: &dyn Journal,
        operations: &[OperationId],
        output: Output,
    ) {
        for id in operations {
            if pushes.is_empty() {
                return;
            }
            let Ok(Some(stored)) = journal.look(id).await else {
                continue;
            };
            let is_its = |push: &PhoneMessage| is_of(push, MessageKind::Push, &stored.operation);
            if let Some(at) = pushes.iter().position(is_its) {
                let push = pushes.swap_remove(at);
                if self.control.confirm(&push.operation).await {
                    output.about(id, &Message::ConfirmedOnPhone);
                }
            }
        }
    }

    /// Whether its code was not taken before.
    fn take(&self, operation: String) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(operation)
    }

    /// Where the number is not known, every message may be.
    fn is_ours(&self, message: &PhoneMessage) -> bool {
        self.number
            .as_ref()
            .is_none_or(|number| *number == message.to)
    }
}

/// The open operations of a journal, as far as it tells.
async fn open(journal: &dyn Journal) -> Vec<OperationId> {
    let mut open = Vec::new();
    let mut next = Some(Listing::of(Which::Open).limit(Listing::LARGEST));
    while let Some(listing) = next {
        let Ok(page) = journal.list(&listing).await else {
            break;
        };
        open.extend(page.records.into_iter().map(|record| record.id));
        next = page.next.map(|cursor| listing.after(cursor));
    }
    open
}

/// Whether this is the SMS or the push of the operation. One that is too old is, too: the service has the better words for
/// that.
fn is_of(message: &PhoneMessage, kind: MessageKind, operation: &Operation) -> bool {
    message.kind == kind && message.known_as.iter().any(|id| has_id(operation, id))
}
