//! Decides how far each operation with a cloud key has come: queue, push or SMS, the person, the end.
//!
//! **Invariant:** a stage never goes back; what the phone confirmed changes nothing in a draft, reply or document
//! until the service attaches it, and that happens once.

use serde::{Deserialize, Serialize};

use crate::kept::Kept;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{MessageState, PersonError};

use super::options::UnconfirmedOperation;

/// How an operation can end without the person and without time passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationEnd {
    /// The signing service broke down: `Crashed`.
    Crashed,
    /// Too many wrong PINs in the app: `ExceededConfirmationAttemptsCount`.
    TooManyAttempts,
}

/// How a key in the cloud is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Dss,
    Sms,
}

/// What an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Draft { draft: usize },
    Reply { reply: usize },
    Decryption { document: usize, unzip: bool },
}

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The push has not gone out.
    Queued,
    /// Waits until the person's other operation has ended.
    Blocked,
    /// The push or the SMS is out.
    Awaiting,
    /// The person confirmed.
    Confirmed {
        at: Moment,
    },
    Dead(Death),
}

/// Why nothing will come of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    Declined,
    TimedOut,
    Crashed,
    TooManyAttempts,
    AnotherOperationOpen,
}

/// One operation.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) id: String,
    /// `task-id` of a DSS operation, `request-id` of an SMS one.
    pub(super) handle: String,
    pub(super) user: usize,
    pub(super) certificate: usize,
    pub(super) method: Method,
    pub(super) work: Work,
    pub(super) started: Moment,
    pub(super) push_at: Moment,
    pub(super) until: Moment,
    /// When the person acts by itself, and how.
    pub(super) acts: Option<(Moment, bool)>,
    pub(super) stage: Stage,
    pub(super) code: String,
    pub(super) wrong_codes: u32,
    /// The service has put the outcome where it belongs.
    pub(super) attached: bool,
    pub(super) content_id: Option<String>,
}

impl Operation {
    fn next_event(&self) -> Option<Moment> {
        match self.stage {
            Stage::Queued => Some(self.push_at),
            Stage::Awaiting => match self.acts {
                Some((at, _)) if at <= self.until => Some(at),
                _ => Some(self.until.after(std::time::Duration::from_nanos(1))),
            },
            Stage::Blocked => Some(self.until.after(std::time::Duration::from_nanos(1))),
            Stage::Confirmed { .. } | Stage::Dead(_) => None,
        }
    }

    /// Whether the app shows it, waiting for the person.
    fn is_unconfirmed(&self) -> bool {
        self.method == Method::Dss && self.stage == Stage::Awaiting
    }

    /// Whether the draft or docflow is locked by it.
    pub(super) fn locks(&self) -> bool {
        self.method == Method::Dss && !self.attached && !matches!(self.stage, Stage::Dead(_))
    }

    /// The name of its status, in PascalCase.
    pub(super) fn status(&self, now: Moment) -> &'static str {
        match self.stage {
            Stage::Queued => {
                let half = self.started.until(self.push_at) / 2;
                if now < self.started.after(half) {
                    "Enqueued"
                } else {
                    "InProgress"
                }
            }
            Stage::Blocked | Stage::Dead(Death::AnotherOperationOpen) => {
                "UserHasUnconfirmedOperation"
            }
            Stage::Awaiting => "AwaitingForConfirmation",
            Stage::Confirmed { .. } if self.attached => "Completed",
            Stage::Confirmed { .. } => "InProgress",
            Stage::Dead(Death::Declined) => "CanceledByUser",
            Stage::Dead(Death::TimedOut) => "Timeout",
            Stage::Dead(Death::Crashed) => "Crashed",
            Stage::Dead(Death::TooManyAttempts) => "ExceededConfirmationAttemptsCount",
        }
    }

    pub(super) fn message_state(&self) -> MessageState {
        match self.stage {
            Stage::Queued | Stage::Blocked | Stage::Awaiting => MessageState::Waiting,
            Stage::Confirmed { .. } => MessageState::Confirmed,
            Stage::Dead(Death::Declined) => MessageState::Declined,
            Stage::Dead(_) => MessageState::Expired,
        }
    }
}

/// All operations of Extern.
#[derive(Clone, Debug, Default)]
pub(crate) struct Operations(Kept<Operation>);

impl Operations {
    pub(super) fn add(&mut self, operation: Operation) -> usize {
        let (id, handle) = (operation.id.clone(), operation.handle.clone());
        self.0.add(operation, [&*id, &*handle])
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Operation> {
        self.0.all()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Operation> {
        self.0.get(index)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Operation> {
        self.0.get_mut(index)
    }

    /// The operation with this task or request id, by the way it is confirmed.
    pub(super) fn by_handle(&self, handle: &str, method: Method) -> Option<usize> {
        let place = self.0.find(handle)?;
        let known = self.0.get(place)?;
        (known.method == method && known.handle.eq_ignore_ascii_case(handle)).then_some(place)
    }

    /// Does what time does next, and gives the operation whose push goes out now, with the moment.
    pub(super) fn step(&mut self, now: Moment, options: &WorldOptions) -> Step {
        let next = self
            .0
            .open()
            .filter_map(|(index, known)| known.next_event().map(|at| (at, index)))
            .filter(|(at, _)| *at <= now)
            .min();
        let Some((at, index)) = next else {
            return Step::Nothing;
        };
        let user = self.0.get(index).map(|known| known.user);
        let blocked = self
            .0
            .open()
            .any(|(_, other)| Some(other.user) == user && other.is_unconfirmed());
        let Some(operation) = self.0.get_mut(index) else {
            return Step::Nothing;
        };
        let step = match operation.stage {
            Stage::Queued if blocked => {
                operation.stage = match options.extern_options.unconfirmed_operation {
                    UnconfirmedOperation::Fails => Stage::Dead(Death::AnotherOperationOpen),
                    UnconfirmedOperation::Waits => Stage::Blocked,
                };
                operation.until = operation.started.after(options.code_life);
                Step::Done
            }
            Stage::Queued => {
                operation.stage = Stage::Awaiting;
                operation.until = at.after(options.code_life);
                Step::Push {
                    operation: index,
                    at,
                }
            }
            Stage::Awaiting => {
                let confirmed = match operation.acts {
                    Some((acts_at, confirms)) if acts_at <= operation.until => {
                        operation.stage = if confirms {
                            Stage::Confirmed { at }
                        } else {
                            Stage::Dead(Death::Declined)
                        };
                        confirms
                    }
                    _ => {
                        operation.stage = Stage::Dead(Death::TimedOut);
                        false
                    }
                };
                self.unblock(user, at);
                if confirmed {
                    Step::Confirmed
                } else {
                    Step::Done
                }
            }
            _ => {
                operation.stage = Stage::Dead(Death::TimedOut);
                Step::Done
            }
        };
        self.close_if_still(index);
        step
    }

    /// Time does nothing to an operation any more once the person has acted, or cannot act.
    pub(super) fn close_if_still(&mut self, place: usize) {
        let known = self.0.get(place);
        if known.is_some_and(|known| known.next_event().is_none()) {
            self.0.close(place);
        }
    }

    /// The person's next blocked operation gets its turn.
    fn unblock(&mut self, user: Option<usize>, at: Moment) {
        let free = |known: &Operation| {
            Some(known.user) == user && known.stage == Stage::Blocked && known.until >= at
        };
        let next = self.0.open().find(|(_, known)| free(known));
        let next = next.map(|(place, _)| place);
        if let Some(next) = next.and_then(|place| self.0.get_mut(place)) {
            next.stage = Stage::Queued;
            next.push_at = at;
        }
    }

    fn waiting(&mut self, id: &str) -> Result<(usize, &mut Operation), PersonError> {
        let unknown = PersonError::UnknownOperation;
        let place = self.0.find(id).ok_or(unknown)?;
        let known = self.0.get_mut(place).ok_or(unknown)?;
        match known.stage {
            _ if known.id != id => Err(unknown),
            Stage::Awaiting => Ok((place, known)),
            _ => Err(PersonError::NotWaiting),
        }
    }

    pub(super) fn confirm_on_phone(&mut self, id: &str, now: Moment) -> Result<(), PersonError> {
        let (place, known) = self.waiting(id)?;
        if known.method == Method::Sms {
            return Err(PersonError::NeedsCode);
        }
        known.stage = Stage::Confirmed { at: now };
        let user = known.user;
        self.0.close(place);
        self.unblock(Some(user), now);
        Ok(())
    }

    pub(super) fn decline(&mut self, id: &str, now: Moment) -> Result<(), PersonError> {
        self.kill(id, Death::Declined, now)
    }

    pub(super) fn end(
        &mut self,
        id: &str,
        end: OperationEnd,
        now: Moment,
    ) -> Result<(), PersonError> {
        let death = match end {
            OperationEnd::Crashed => Death::Crashed,
            OperationEnd::TooManyAttempts => Death::TooManyAttempts,
        };
        self.kill(id, death, now)
    }

    fn kill(&mut self, id: &str, death: Death, now: Moment) -> Result<(), PersonError> {
        let (place, known) = self.waiting(id)?;
        known.stage = Stage::Dead(death);
        let user = known.user;
        self.0.close(place);
        self.unblock(Some(user), now);
        Ok(())
    }

    pub(crate) fn known_as(&self, id: &str) -> Option<String> {
        self.0.named(id).map(|known| known.handle.clone())
    }

    pub(crate) fn message_state(&self, id: &str) -> Option<MessageState> {
        self.0.named(id).map(Operation::message_state)
    }
}

/// What one step of time did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    Done,
    Confirmed,
    Push { operation: usize, at: Moment },
}
