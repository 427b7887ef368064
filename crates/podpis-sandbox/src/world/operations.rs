//! Decides how far each cloud signature has come.
//!
//! **Invariant:** a stage never goes back; a code is good for one confirmation, and after too many wrong codes,
//! too much time or a "no" from the person the operation stays dead.

use crate::kept::Kept;
use crate::moment::Moment;
use crate::phone::{MessageState, PersonError};
use crate::signer::Digests;

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A file was not there. Nothing is asked for, and the task ends with an error.
    Failed,
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
    /// The task that started it.
    pub(crate) task: String,
    pub(crate) user: usize,
    pub(crate) certificate: usize,
    pub(crate) digests: Vec<Digests>,
    pub(crate) ready_at: Moment,
    pub(crate) code_until: Moment,
    pub(crate) token: String,
    pub(crate) code: String,
    pub(crate) wrong_codes: u32,
    pub(crate) stage: Stage,
    /// By the ids of their tasks.
    pub(crate) confirmations: Vec<(String, ConfirmTask)>,
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

/// All operations of a world, by their own id, their token and the tasks about them.
#[derive(Clone, Debug, Default)]
pub(crate) struct CloudOperations(Kept<CloudOperation>);

impl CloudOperations {
    pub(crate) fn add(&mut self, operation: CloudOperation) {
        let names = [
            operation.id.clone(),
            operation.token.clone(),
            operation.task.clone(),
        ];
        let ends_at_once = operation.stage == Stage::Failed;
        let place = self.0.add(operation, names.each_ref().map(|name| &**name));
        if ends_at_once {
            self.0.close(place);
        }
    }

    pub(crate) fn get(&self, place: usize) -> Option<&CloudOperation> {
        self.0.get(place)
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut CloudOperation> {
        self.0.get_mut(place)
    }

    /// The operation with this name, which is of the given kind, of the person who started it.
    pub(crate) fn find(
        &self,
        name: &str,
        user: usize,
        is_of_kind: impl Fn(&CloudOperation) -> bool,
    ) -> Option<usize> {
        let place = self.0.find(name)?;
        let known = self.0.get(place)?;
        (known.user == user && is_of_kind(known)).then_some(place)
    }

    /// Adds a confirmation, which is found by its task from now on.
    pub(crate) fn add_confirmation(&mut self, place: usize, id: String, task: ConfirmTask) {
        self.0.call(place, &id);
        if let Some(known) = self.0.get_mut(place) {
            known.confirmations.push((id, task));
        }
    }

    /// Brings an operation to another stage. None but the first two wait for anything.
    pub(crate) fn enter(&mut self, place: usize, stage: Stage) {
        if let Some(known) = self.0.get_mut(place) {
            known.stage = stage;
            if !matches!(stage, Stage::Preparing | Stage::AwaitingCode) {
                self.0.close(place);
            }
        }
    }

    /// Operations whose SMS has to go out now.
    pub(crate) fn due(&self, now: Moment) -> Vec<usize> {
        let open = self.0.open();
        open.filter(|(_, known)| known.stage == Stage::Preparing && known.ready_at <= now)
            .map(|(place, _)| place)
            .collect()
    }

    pub(crate) fn expire(&mut self, now: Moment) {
        let late: Vec<usize> = self
            .0
            .open()
            .filter(|(_, known)| known.stage == Stage::AwaitingCode && now > known.code_until)
            .map(|(place, _)| place)
            .collect();
        for place in late {
            self.enter(place, Stage::Dead(MessageState::Expired));
        }
    }

    pub(crate) fn state(&self, id: &str) -> Option<MessageState> {
        self.0.named(id).map(|known| match known.stage {
            Stage::Preparing | Stage::AwaitingCode => MessageState::Waiting,
            Stage::Confirmed => MessageState::Confirmed,
            Stage::Failed => MessageState::Expired,
            Stage::Dead(state) => state,
        })
    }

    /// The ids that the client was told: of the task that started it, and the token once it was given out.
    pub(crate) fn known_as(&self, id: &str) -> Vec<String> {
        let known = self.0.named(id);
        known.map_or_else(Vec::new, |known| {
            vec![known.task.clone(), known.token.clone()]
        })
    }

    pub(crate) fn confirm_on_phone(&self, id: &str) -> Result<(), PersonError> {
        match self.0.named(id).filter(|known| known.id == id) {
            None => Err(PersonError::UnknownOperation),
            Some(known) if known.stage == Stage::AwaitingCode => Err(PersonError::NeedsCode),
            Some(_) => Err(PersonError::NotWaiting),
        }
    }

    pub(crate) fn decline(&mut self, id: &str) -> Result<(), PersonError> {
        let place = self.0.find(id).ok_or(PersonError::UnknownOperation)?;
        match self.0.get(place) {
            Some(known) if known.id != id => Err(PersonError::UnknownOperation),
            Some(known) if known.stage == Stage::AwaitingCode => {
                self.enter(place, Stage::Dead(MessageState::Declined));
                Ok(())
            }
            _ => Err(PersonError::NotWaiting),
        }
    }
}
