//! Decides how far each DssSign has come: queue, push, the person, the end.
//!
//! **Invariant:** a stage never goes back, and of one person at most one operation waits for a confirmation.

use crate::faults::{DssScript, Told};
use crate::kept::Kept;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{MessageState, PersonError};
use crate::signer::Digests;

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The push has not gone out.
    Queued,
    /// The push is out.
    Awaiting,
    /// The person agreed; the signatures are there from this moment on.
    Signed { ready_at: Moment },
    /// Nothing will come of it. The number of its status; none is told without a number.
    Ended(Option<i32>),
}

/// The numbers of `OperationStatus`.
pub(super) mod status {
    pub(in crate::diadoc) const IN_PROGRESS: i32 = 1;
    pub(in crate::diadoc) const COMPLETED: i32 = 2;
    pub(in crate::diadoc) const CANCELED_BY_USER: i32 = 3;
    pub(in crate::diadoc) const TIMEOUT: i32 = 4;
    pub(in crate::diadoc) const CRASHED: i32 = 5;
    pub(in crate::diadoc) const USER_HAS_UNCONFIRMED_OPERATION: i32 = 6;
    pub(in crate::diadoc) const OPERATION_RETRY_REQUIRED: i32 = 7;
}

/// One DssSign. The bytes themselves are not kept: a signature needs only their digest.
#[derive(Clone, Debug)]
pub(super) struct DssOperation {
    pub(super) id: String,
    pub(super) task: String,
    pub(super) user: usize,
    pub(super) certificate: usize,
    pub(super) by_goskey: bool,
    pub(super) digests: Vec<Digests>,
    pub(super) push_at: Moment,
    pub(super) until: Moment,
    /// When the person acts by itself, and how.
    pub(super) acts: Option<(Moment, bool)>,
    pub(super) stage: Stage,
    pub(super) script: DssScript,
    pub(super) signatures: Option<Vec<Vec<u8>>>,
}

impl DssOperation {
    fn next_event(&self) -> Option<Moment> {
        match self.stage {
            Stage::Queued => Some(self.push_at),
            Stage::Awaiting => match self.acts {
                Some((at, _)) if at <= self.until => Some(at),
                _ => Some(self.until.after(std::time::Duration::from_nanos(1))),
            },
            Stage::Signed { .. } | Stage::Ended(_) => None,
        }
    }

    /// Its `OperationStatus`.
    pub(super) fn status(&self, now: Moment) -> Option<i32> {
        match self.stage {
            Stage::Signed { ready_at } if ready_at <= now => Some(status::COMPLETED),
            Stage::Queued | Stage::Awaiting | Stage::Signed { .. } => Some(status::IN_PROGRESS),
            Stage::Ended(number) => number,
        }
    }

    fn message_state(&self) -> MessageState {
        match self.stage {
            Stage::Queued | Stage::Awaiting => MessageState::Waiting,
            Stage::Signed { .. } => MessageState::Confirmed,
            Stage::Ended(Some(status::CANCELED_BY_USER)) => MessageState::Declined,
            Stage::Ended(_) => MessageState::Expired,
        }
    }
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct DssOperations(Kept<DssOperation>);

impl DssOperations {
    pub(super) fn add(&mut self, operation: DssOperation) {
        let (id, task) = (operation.id.clone(), operation.task.clone());
        self.0.add(operation, [&*id, &*task]);
    }

    pub(super) fn get(&self, index: usize) -> Option<&DssOperation> {
        self.0.get(index)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut DssOperation> {
        self.0.get_mut(index)
    }

    /// The operation of a task, which belongs to the person who started it.
    pub(super) fn by_task(&self, task: &str, user: usize) -> Option<usize> {
        let place = self.0.find(task)?;
        let known = self.0.get(place)?;
        (known.user == user && known.task.eq_ignore_ascii_case(task)).then_some(place)
    }

    /// Does what time does next.
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
            .any(|(_, other)| Some(other.user) == user && other.stage == Stage::Awaiting);
        let Some(operation) = self.0.get_mut(index) else {
            return Step::Nothing;
        };
        let step = match (
            operation.stage,
            operation.script.status.map(Told::number),
            operation.acts,
        ) {
            (Stage::Queued, Some(Some(status::COMPLETED)), _) => {
                operation.stage = Stage::Signed { ready_at: at };
                Step::Done
            }
            (Stage::Queued, Some(scripted), _) => {
                operation.stage = Stage::Ended(scripted);
                Step::Done
            }
            (Stage::Queued, None, _) if blocked => {
                operation.stage = Stage::Ended(Some(status::USER_HAS_UNCONFIRMED_OPERATION));
                Step::Done
            }
            (Stage::Queued, None, _) => {
                operation.stage = Stage::Awaiting;
                operation.until = at.after(options.code_life);
                Step::Push {
                    operation: index,
                    at,
                }
            }
            (_, _, Some((acts_at, true))) if acts_at <= operation.until => {
                operation.stage = Stage::Signed {
                    ready_at: at.after(options.processing),
                };
                Step::Confirmed
            }
            (_, _, Some((acts_at, false))) if acts_at <= operation.until => {
                operation.stage = Stage::Ended(Some(status::CANCELED_BY_USER));
                Step::Done
            }
            _ => {
                operation.stage = Stage::Ended(Some(status::TIMEOUT));
                Step::Done
            }
        };
        if operation.next_event().is_none() {
            self.0.close(index);
        }
        step
    }

    /// Brings an operation that waits for the person to another stage.
    pub(super) fn answer(&mut self, id: &str, stage: Stage) -> Result<(), PersonError> {
        let place = self.0.find(id).ok_or(PersonError::UnknownOperation)?;
        let known = self.0.get_mut(place).filter(|known| known.id == id);
        let known = known.ok_or(PersonError::UnknownOperation)?;
        if known.stage != Stage::Awaiting {
            return Err(PersonError::NotWaiting);
        }
        known.stage = stage;
        self.0.close(place);
        Ok(())
    }

    pub(super) fn known_as(&self, id: &str) -> Option<String> {
        self.0.named(id).map(|known| known.task.clone())
    }

    pub(super) fn message_state(&self, id: &str) -> Option<MessageState> {
        self.0.named(id).map(DssOperation::message_state)
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
