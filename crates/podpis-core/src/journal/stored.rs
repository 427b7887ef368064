//! How a record looks in its file.
//!
//! **Invariant:** a file that this version does not understand in full is refused, since saving over it would
//! lose what was not understood.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;

use podpis_operation::{JournalError, Operation, OperationId, Revision};
use serde::{Deserialize, Serialize};

use super::private::read_private;

/// The JSON of a file. The layout's version is the record's own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    revision: u64,
    operation: Cow<'a, Operation>,
}

/// A record that was read from its file.
pub(super) struct StoredRecord {
    pub(super) revision: Revision,
    pub(super) operation: Operation,
    /// The file as it was.
    pub(super) text: Vec<u8>,
}

/// The text of a record's file.
pub(super) fn write(operation: &Operation, revision: Revision) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec_pretty(&Stored {
        revision: revision.number(),
        operation: Cow::Borrowed(operation),
    })
}

/// The record of `id` in the file at `path`; none when there is no such file.
pub(super) fn read(path: &Path, id: &OperationId) -> Result<Option<StoredRecord>, JournalError> {
    let unreadable = |source| JournalError::Unreadable {
        what: path.display().to_string(),
        source,
    };
    let text = match read_private(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error.into())),
    };
    let Stored {
        revision,
        operation,
    } = serde_json::from_slice(&text).map_err(|error| unreadable(error.into()))?;
    if operation.id() != id {
        let found = operation.id().clone();
        return Err(unreadable(Foreign::AnotherOperation(found).into()));
    }
    if revision == Revision::NONE.number() {
        return Err(unreadable(Foreign::NeverSaved.into()));
    }
    Ok(Some(StoredRecord {
        revision: Revision::from_number(revision),
        operation: operation.into_owned(),
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
