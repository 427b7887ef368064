//! How a record looks in its file.
//!
//! **Invariant:** a file that this version does not understand in full is refused, since saving over it would
//! lose what was not understood.

use std::borrow::Cow;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::path::Path;

use podpis_operation::{JournalError, Operation, OperationId, Revision, Stored, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

use super::private::{LARGEST_FILE, PrivateFile, has_no_room};
use super::room::Room;
use super::storage;

/// The JSON of a file. The layout's version is the record's own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout<'a> {
    revision: u64,
    /// Only where it is not what the operation itself says: so what programs of before due times left has one, and they
    /// read what has none of its own.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "given"
    )]
    due: Option<Option<Timestamp>>,
    operation: Cow<'a, Operation>,
}

/// A field that is there, be it null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Timestamp>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A record that was read from its file.
pub(super) struct StoredFile {
    pub(super) record: Stored,
    /// The file as it was.
    pub(super) text: Vec<u8>,
}

/// The text of a record's file.
pub(super) fn write(
    operation: &Operation,
    revision: Revision,
    due: Option<Timestamp>,
) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec_pretty(&Layout {
        revision: revision.number(),
        due: Some(due).filter(|due| *due != operation.due()),
        operation: Cow::Borrowed(operation),
    })
}

/// The file of a record at `path`; none when there is no such file.
pub(super) fn open(path: &Path) -> Result<Option<PrivateFile>, JournalError> {
    match PrivateFile::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

/// The record of `id` in its file, for which there has to be room.
pub(super) fn read(
    file: PrivateFile,
    path: &Path,
    id: &OperationId,
    room: &Room,
) -> Result<StoredFile, JournalError> {
    let unreadable = |source| unreadable(path, source);
    let _place = room.take(file.known().len());
    let text = file
        .read(LARGEST_FILE)
        .map_err(|error| failed(path, error))?;
    let Layout {
        revision,
        due,
        operation,
    } = serde_json::from_slice(&text).map_err(|error| unreadable(error.into()))?;
    if operation.id() != id {
        let found = operation.id().clone();
        return Err(unreadable(Foreign::AnotherOperation(found).into()));
    }
    if revision == Revision::NONE.number() {
        return Err(unreadable(Foreign::NeverSaved.into()));
    }
    Ok(StoredFile {
        record: Stored {
            revision: Revision::from_number(revision),
            due: due.unwrap_or_else(|| operation.due()),
            operation: operation.into_owned(),
        },
        text,
    })
}

/// That the system did not give the file.
pub(super) fn failed(path: &Path, error: io::Error) -> JournalError {
    match has_no_room(&error) {
        true => storage(path, error),
        false => unreadable(path, error.into()),
    }
}

fn unreadable(path: &Path, source: Box<dyn Error + Send + Sync>) -> JournalError {
    JournalError::Unreadable {
        what: path.display().to_string(),
        source,
    }
}

/// Whether it was the system that failed, and not what is in the file: it may be read the next time.
pub(super) fn may_pass(error: &JournalError) -> bool {
    matches!(error, JournalError::Unreadable { source, .. } if source.is::<io::Error>())
}

/// The file is a record, and not one that a journal put there.
#[derive(Debug, thiserror::Error)]
enum Foreign {
    #[error("it holds operation {0}, which is not what its name says")]
    AnotherOperation(OperationId),
    #[error("its revision is 0, which no saved record has")]
    NeverSaved,
}
