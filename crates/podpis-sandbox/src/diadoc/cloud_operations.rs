//! Decides what a CloudSign is: what is signed, and what came of each code.
//!
//! **Invariant:** the bytes themselves are not kept: a signature needs only their digest.

use crate::moment::Moment;
use crate::phone::{Operation, Work};
use crate::signer::Digests;

/// What a CloudSign is for. The client knows it by the task that started it and by a token.
#[derive(Clone, Debug)]
pub(crate) struct CloudSign {
    pub(super) certificate: usize,
    pub(super) digests: Vec<Digests>,
    /// A file was not there. Nothing is asked for, and the task ends with an error.
    pub(super) failed: bool,
    /// By the ids of their tasks.
    pub(super) confirmations: Vec<(String, ConfirmTask)>,
}

impl Work for CloudSign {
    fn text(&self, code: &str) -> String {
        let files = self.digests.len();
        format!("Код подтверждения подписи: {code}. Файлов: {files}.")
    }

    fn unasked(&self) -> Option<bool> {
        self.failed.then_some(false)
    }
}

/// What the task of a CloudSignConfirm comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Signatures, as bytes or as names on the shelf.
    Sign { by_reference: bool },
    /// The code was refused with this error code.
    Refused(&'static str),
}

/// The task of a CloudSignConfirm.
#[derive(Clone, Debug)]
pub(super) struct ConfirmTask {
    pub(super) ready_at: Moment,
    pub(super) verdict: Verdict,
    pub(super) signatures: Option<Vec<Vec<u8>>>,
    pub(super) names: Option<Vec<String>>,
    pub(super) delivered: bool,
}

pub(super) fn task(operation: &Operation<CloudSign>) -> &str {
    operation.handle()
}

pub(super) fn token(operation: &Operation<CloudSign>) -> &str {
    operation.known_as.get(1).map_or("", |token| token)
}
