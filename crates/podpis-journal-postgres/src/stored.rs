//! How a record looks in its row.
//!
//! **Invariant:** what this program does not understand in full it does not give out and does not replace.

use podpis_operation::{
    Cursor, Entry, JournalError, Kind, Operation, OperationId, Origin, Revision, State, Stored,
    Summary, Timestamp, UnreadableRecord,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tokio_postgres::Row;

/// What a listing shows of a record, beside its id and when it is due.
#[derive(Serialize, Deserialize)]
struct Shown<'a> {
    kind: Cow<'a, Kind>,
    origin: Cow<'a, Origin>,
    state: Cow<'a, State>,
    created: Timestamp,
    changed: Timestamp,
}

/// The record as text, and what listings show of it.
pub(crate) fn write(operation: &Operation) -> serde_json::Result<(String, String)> {
    let shown = Shown {
        kind: Cow::Borrowed(operation.kind()),
        origin: Cow::Borrowed(operation.origin()),
        state: Cow::Borrowed(operation.state()),
        created: operation.created(),
        changed: operation.changed(),
    };
    Ok((
        serde_json::to_string(operation)?,
        serde_json::to_string(&shown)?,
    ))
}

/// The record in a row of `id, revision, record, due`; none in one that was never saved.
pub(crate) fn read(row: &Row) -> Result<Option<Stored>, Unreadable> {
    let revision: i64 = row.try_get(1)?;
    if revision == 0 {
        return Ok(None);
    }
    let text: &str = row.try_get(2)?;
    let operation = Operation::from_json(text.as_bytes())?;
    let id: &str = row.try_get(0)?;
    if operation.id().as_str() != id {
        return Err(Unreadable::Another(operation.id().clone()));
    }
    Ok(Some(Stored {
        operation,
        revision: Revision::from_number(revision.cast_unsigned()),
        due: row.try_get::<_, Option<i64>>(3)?.map(moment),
    }))
}

/// An entry of a listing in a row of `id, version, summary, due, due_at`, and its place there; none for a row whose id is
/// none.
pub(crate) fn entry(row: &Row, place: &str) -> Option<(Cursor, Entry)> {
    let id: OperationId = row.try_get::<_, &str>(0).ok()?.parse().ok()?;
    let due_at = row.try_get::<_, Option<i64>>(4).ok().flatten();
    let cursor = Cursor {
        due: due_at.map(moment),
        id: id.clone(),
    };
    let entry = summary(row, &id).map_or_else(
        |why| {
            Entry::Unreadable(UnreadableRecord {
                place: place_of(&id, place),
                id,
                why: why.in_full(),
            })
        },
        Entry::Record,
    );
    Some((cursor, entry))
}

fn summary(row: &Row, id: &OperationId) -> Result<Summary, Unreadable> {
    known(row.try_get(1)?)?;
    let shown: Shown<'_> = serde_json::from_str(row.try_get(2)?)?;
    Ok(Summary {
        id: id.clone(),
        kind: shown.kind.into_owned(),
        origin: shown.origin.into_owned(),
        state: shown.state.into_owned(),
        created: shown.created,
        changed: shown.changed,
        due: row.try_get::<_, Option<i64>>(3)?.map(moment),
    })
}

/// That this program reads records of the version.
pub(crate) fn known(version: i32) -> Result<(), Unreadable> {
    if u32::try_from(version).is_ok_and(|version| version <= Operation::VERSION) {
        Ok(())
    } else {
        Err(Unreadable::Newer(version))
    }
}

/// Why a row cannot be read as a record.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error(
        "the record has version {0}, and this program reads version {known}: use a newer program",
        known = Operation::VERSION
    )]
    Newer(i32),
    #[error("it holds operation {0}, which is not what its row says")]
    Another(OperationId),
    #[error("it is not a record")]
    Broken(#[from] serde_json::Error),
    #[error("its row is not what it should be")]
    Row(#[from] tokio_postgres::Error),
}

impl Unreadable {
    pub(crate) fn of(self, id: &OperationId, place: &str) -> JournalError {
        JournalError::Unreadable {
            what: place_of(id, place),
            source: self.into(),
        }
    }

    fn in_full(&self) -> String {
        match std::error::Error::source(self) {
            Some(source) => format!("{self}: {source}"),
            None => self.to_string(),
        }
    }
}

fn place_of(id: &OperationId, place: &str) -> String {
    format!("operation {id} in {place}")
}

/// A moment as the database has it. The last one that it has is the end of time, and so is all after it.
pub(crate) fn millis(moment: Timestamp) -> i64 {
    i64::try_from(moment.as_millis()).unwrap_or(i64::MAX)
}

/// And back.
fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(match millis {
        i64::MAX => u64::MAX,
        millis => u64::try_from(millis).unwrap_or_default(),
    })
}
