//! How it is told that a journal fails.
//!
//! **Invariant:** the journal is named as the person named it, and not a file in it; a database without its password.

use std::error::Error as StdError;
use std::io;

use podpis::operation::JournalError;
use podpis::{Error, ErrorChain, Meaning, OperationId};

use super::Store;
use crate::exit::Exit;
use crate::failure::{Failure, cause};
use crate::messages::Message;
use crate::whole_file::without_path;

/// Why something failed, as a failure has it.
type Reason = Box<dyn StdError + Send + Sync>;

impl Store {
    /// That it cannot be used.
    pub(super) fn unusable(&self) -> Failure {
        unusable(self.shown(), self.folder().is_some())
    }

    /// That it failed while nothing was sent.
    pub(crate) fn failing(&self, error: JournalError) -> Failure {
        self.told(error.into())
    }

    /// A failure of the library, which may be that of the journal.
    pub(crate) fn told(&self, error: Error) -> Failure {
        let Some(reason) = cause(&error).and_then(does_not_work) else {
            return error.into();
        };
        let message = match error.meaning() {
            Some(Meaning::NotStarted) => Message::JournalUnusable(self.shown()),
            _ => Message::JournalFails(self.shown()),
        };
        Failure::new(Exit::of(&error), "journal", message).with_source(reason)
    }

    /// That the record of an operation stays whose result is delivered.
    pub(crate) fn not_settled(&self, id: &OperationId, error: Error) -> Failure {
        let reason = cause(&error).and_then(does_not_work);
        let failure = Failure::failed("journal", Message::JournalGone(self.shown()));
        let settle = Message::SettleDelivered(self.command("abandon", id));
        failure
            .with_source(reason.unwrap_or_else(|| error.into()))
            .about(id)
            .advising(Some(settle))
    }

    /// That an operation is not taken for this program: somebody else has it, or the journal cannot be changed.
    pub(crate) fn not_claimed(&self, id: &OperationId, error: JournalError) -> Failure {
        let failure = match (does_not_work(&error), error) {
            (Some(reason), _) => {
                let message = Message::JournalBroken(self.shown());
                Failure::failed("journal", message).with_source(reason)
            }
            (None, JournalError::Claimed { .. }) => {
                Failure::failed("claimed", Message::Claimed(id.to_string()))
            }
            (None, other) => Error::from(other).into(),
        };
        failure.about(id)
    }
}

/// Why a journal does not work, without the names of the files in it: they say nothing to anybody.
fn does_not_work(error: &JournalError) -> Option<Reason> {
    let JournalError::Storage { source, .. } = error else {
        return None;
    };
    Some(match source.downcast_ref::<io::Error>() {
        Some(error) => without_path(error).into(),
        None => ErrorChain(&**source).to_string().into(),
    })
}

/// Likewise of one that is not asked for an operation.
pub(super) fn reason(error: JournalError) -> Reason {
    does_not_work(&error).unwrap_or_else(|| error.into())
}

/// That this place of a journal cannot be used. A folder is as it was set up; a database may be back soon.
pub(super) fn unusable(place: String, is_folder: bool) -> Failure {
    let exit = match is_folder {
        true => Exit::Usage,
        false => Exit::Failed,
    };
    Failure::new(exit, "journal", Message::JournalUnusable(place))
}

#[cfg(test)]
mod tests {
    use podpis::MemoryJournal;

    use super::*;
    use crate::messages::Language;
    use crate::store::Keeping;

    #[test]
    fn the_journal_is_named_and_no_file_in_it() {
        let kept = Keeping::Absent("/journal".into(), MemoryJournal::new());
        let store = Store::of(kept, None);
        let failed = |source: Reason| JournalError::Storage {
            place: "/journal/abc.lease".to_owned(),
            source,
        };
        let database = || -> Reason { "the database cannot be reached".into() };
        let id = OperationId::random();
        for (failure, expected) in [
            (
                store.failing(failed(Box::new(io::Error::other("no room")))),
                "the journal at /journal does not work: no room",
            ),
            (
                store.failing(failed(database())),
                "the journal at /journal does not work: the database cannot be reached",
            ),
            (
                store.told(Error::from(failed(database())).before_start()),
                "the journal at /journal cannot be used, so nothing was sent: the database cannot be reached",
            ),
            (
                store.not_claimed(&id, failed(database())),
                "the journal at /journal does not work, so nothing was done: the database cannot be reached",
            ),
            (
                store.not_settled(&id, failed(database()).into()),
                "warning: the result is delivered, and its record in the journal at /journal could not be changed: the \
                 database cannot be reached",
            ),
        ] {
            assert_eq!(failure.line(Language::English), expected);
        }
    }
}
