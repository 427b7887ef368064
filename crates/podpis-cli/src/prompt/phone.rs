//! Takes the code from the virtual phone of a sandbox: what `--yes` does instead of a person; confirms what waits there.
//!
//! **Invariant:** a code that was tried is not tried again. When several programs use one sandbox, the newest SMS
//! may be for another one, and then the attempts lead to ours.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use podpis::PromptError;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis_sandbox::{MessageKind, MessageState, PhoneMessage};

use crate::connection::SandboxSide;
use crate::messages::Message;
use crate::output::Output;
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
    pub(super) fn new(side: &SandboxSide) -> Self {
        Self {
            control: side.control.clone(),
            number: side.phone.clone(),
            taken: Arc::default(),
        }
    }

    /// Waits for the SMS, for as long as it is asked to.
    pub(super) async fn code(&self, output: Output) -> Result<String, PromptError> {
        let time = SystemTimer::new();
        let mut said = false;
        loop {
            let messages = self.control.messages().await.map_err(|failure| {
                PromptError::new(output.text(&Message::WaitingForPhone))
                    .with_source(output.words(&failure))
            })?;
            if let Some(code) = self.pick(messages) {
                output.say(&Message::CodeFromPhone);
                return Ok(code);
            }
            if !said {
                output.say(&Message::WaitingForPhone);
                said = true;
            }
            time.sleep(PAUSE).await;
        }
    }

    /// Confirms the newest push that waits for our person, again and again. Never ends.
    pub(super) async fn confirm(&self, output: Output) {
        let time = SystemTimer::new();
        loop {
            // A phone that does not answer now is looked at again.
            let messages = self.control.messages().await.unwrap_or_default();
            let push = messages.into_iter().rev().find(|message| {
                message.kind == MessageKind::Push
                    && message.state == MessageState::Waiting
                    && self.is_ours(message)
            });
            if let Some(push) = push
                && self.control.confirm(&push.operation).await
            {
                output.say(&Message::ConfirmedOnPhone);
            }
            time.sleep(PAUSE).await;
        }
    }

    /// The newest code that waits for our person and was not tried.
    fn pick(&self, messages: Vec<PhoneMessage>) -> Option<String> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let message = messages.into_iter().rev().find(|message| {
            message.kind == MessageKind::Sms
                && message.state == MessageState::Waiting
                && self.is_ours(message)
                && !taken.contains(&message.operation)
        })?;
        taken.insert(message.operation);
        message.code
    }

    /// Where the number is not known, every message may be.
    fn is_ours(&self, message: &PhoneMessage) -> bool {
        self.number
            .as_ref()
            .is_none_or(|number| *number == message.to)
    }
}
