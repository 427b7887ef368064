//! How a record looks in its file.
//!
//! **Invariant:** a file that this version does not understand in full is refused, since saving over it would
//! lose what was not understood.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;

use podpis_operation::{JournalError, Operation, OperationId, Revision, Stored, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

use super::private::{has_no_room, read_private};
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

/// The record of `id` in the file at `path`; none when there is no such file.
pub(super) fn read(path: &Path, id: &OperationId) -> Result<Option<StoredFile>, JournalError> {
    let unreadable = |source| JournalError::Unreadable {
        what: path.display().to_string(),
        source,
    };
    let text = match read_private(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if has_no_room(&error) => return Err(storage(path, error)),
        Err(error) => return Err(unreadable(error.into())),
    };
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
    Ok(Some(StoredFile {
        record: Stored {
            revision: Revision::from_number(revision),
            due: due.unwrap_or_else(|| operation.due()),
            operation: operation.into_owned(),
        },
        text,
    }))
}

/// The file is a record, and not one that a journal put there.
#[derive(Debug, thiserror::Error)]
enum Foreign {
    #[error("it holds operation {0}, which is not what its name says")]
    AnotherOperation(OperationId),
    #[error("its revision is 0, which no saved record has")]
    NeverSaved,
}
