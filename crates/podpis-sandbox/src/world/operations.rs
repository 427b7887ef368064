//! Decides how far each cloud signature has come.
//!
//! **Invariant:** a stage never goes back; a code is good for one confirmation, and after too many wrong codes,
//! too much time or a "no" from the person the operation stays dead.

use std::collections::BTreeMap;

use super::Moment;
use crate::phone::{MessageState, PersonError};
use crate::signer::Digests;

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Until `ready_at`; the SMS is not sent yet.
    Preparing,
    /// The SMS is sent.
    AwaitingCode,
    /// The right code came.
    Confirmed,
    /// Nothing can happen any more.
    Dead(MessageState),
}

/// One CloudSign operation. The bytes themselves are not kept: a signature needs only their digest.
#[derive(Clone, Debug)]
pub(crate) struct CloudOperation {
    pub(crate) id: String,
    pub(crate) user: usize,
    pub(crate) certificate: usize,
    pub(crate) digests: Vec<Digests>,
    pub(crate) ready_at: Moment,
    pub(crate) code_until: Moment,
    pub(crate) token: String,
    pub(crate) code: String,
    pub(crate) wrong_codes: u32,
    pub(crate) stage: Stage,
}

/// What the task of a CloudSignConfirm comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Signatures, as bytes or as names on the shelf.
    Sign { by_reference: bool },
    /// The code was refused with this error code.
    Refused(&'static str),
}

/// The task of a CloudSignConfirm.
#[derive(Clone, Debug)]
pub(crate) struct ConfirmTask {
    pub(crate) ready_at: Moment,
    pub(crate) verdict: Verdict,
    pub(crate) signatures: Option<Vec<Vec<u8>>>,
    pub(crate) names: Option<Vec<String>>,
    pub(crate) delivered: bool,
}

/// A task id that a client polls, and the operation behind it.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Start { operation: usize },
    Confirm { operation: usize, task: ConfirmTask },
}

/// All operations of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct CloudOperations {
    all: Vec<CloudOperation>,
    pub(crate) tasks: BTreeMap<String, Task>,
}

impl CloudOperations {
    pub(crate) fn add(&mut self, operation: CloudOperation) -> usize {
        self.all.push(operation);
        self.all.len() - 1
    }

    pub(crate) fn get(&self, index: usize) -> Option<&CloudOperation> {
        self.all.get(index)
    }

    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut CloudOperation> {
        self.all.get_mut(index)
    }

    /// The operation of a token, once the token has been given out.
    pub(crate) fn by_token(&self, token: &str, user: usize) -> Option<usize> {
        self.all.iter().position(|known| {
            known.token == token && known.user == user && known.stage != Stage::Preparing
        })
    }

    /// Operations whose SMS has to go out now.
    pub(crate) fn due(&self, now: Moment) -> Vec<usize> {
        let due = |known: &CloudOperation| known.stage == Stage::Preparing && known.ready_at <= now;
        (0..self.all.len())
            .filter(|&index| self.all.get(index).is_some_and(due))
            .collect()
    }

    pub(crate) fn expire(&mut self, now: Moment) {
        for known in &mut self.all {
            if known.stage == Stage::AwaitingCode && now > known.code_until {
                known.stage = Stage::Dead(MessageState::Expired);
            }
        }
    }

    pub(crate) fn state(&self, id: &str) -> Option<MessageState> {
        self.all
            .iter()
            .find(|known| known.id == id)
            .map(|known| match known.stage {
                Stage::Preparing | Stage::AwaitingCode => MessageState::Waiting,
                Stage::Confirmed => MessageState::Confirmed,
                Stage::Dead(state) => state,
            })
    }

    /// The ids that the client was told: of the task that started it, and the token once it was given out.
    pub(crate) fn known_as(&self, id: &str) -> Vec<String> {
        let Some(index) = self.all.iter().position(|known| known.id == id) else {
            return Vec::new();
        };
        let started = self.tasks.iter().filter_map(|(name, task)| match task {
            Task::Start { operation } if *operation == index => Some(name.clone()),
            _ => None,
        });
        let token = self.all.get(index).map(|known| known.token.clone());
        started.chain(token).collect()
    }

    pub(crate) fn confirm_on_phone(&self, id: &str) -> Result<(), PersonError> {
        match self.all.iter().find(|known| known.id == id) {
            None => Err(PersonError::UnknownOperation),
            Some(known) if known.stage == Stage::AwaitingCode => Err(PersonError::NeedsCode),
            Some(_) => Err(PersonError::NotWaiting),
        }
    }

    pub(crate) fn decline(&mut self, id: &str) -> Result<(), PersonError> {
        match self.all.iter_mut().find(|known| known.id == id) {
            None => Err(PersonError::UnknownOperation),
            Some(known) if known.stage == Stage::AwaitingCode => {
                known.stage = Stage::Dead(MessageState::Declined);
                Ok(())
            }
            Some(_) => Err(PersonError::NotWaiting),
        }
    }
}
