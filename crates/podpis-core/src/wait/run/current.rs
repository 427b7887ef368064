//! An operation as its kind sees it.
//!
//! **Invariant:** a view: whoever has one can look at everything and change nothing.

use podpis_operation::{Data, Fingerprint, Operation, OperationId, State, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind};

/// What a kind of operation keeps in its records: a struct that is JSON there.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Reads it.
    ///
    /// # Errors
    /// When the record is not what this kind writes. The error names the operation.
    fn of(operation: &Operation) -> Result<Self, Error> {
        operation
            .data()
            .read()
            .map_err(|error| unreadable(operation.id(), error))
    }

    /// Writes it.
    fn to_data(&self) -> Data {
        Data::of(self)
    }
}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Record for T {}

/// An operation as it stands now, with what its kind keeps in the record, decoded.
#[derive(Debug)]
pub struct Current<'o, R> {
    operation: &'o Operation,
    files: &'o [Fingerprint],
    record: &'o R,
}

impl<'o, R> Current<'o, R> {
    /// The operation with its record.
    pub fn new(operation: &'o Operation, record: &'o R) -> Self {
        Self {
            operation,
            files: operation.files(),
            record,
        }
    }

    /// This operation as one of its steps sees it: with that step's files and record.
    pub fn part<'p, P>(self, files: &'p [Fingerprint], record: &'p P) -> Current<'p, P>
    where
        'o: 'p,
    {
        Current {
            operation: self.operation,
            files,
            record,
        }
    }

    /// This operation with another record.
    pub fn with<'p>(self, record: &'p R) -> Current<'p, R>
    where
        'o: 'p,
    {
        self.part(self.files, record)
    }

    /// What the kind keeps.
    #[must_use]
    pub fn record(&self) -> &'o R {
        self.record
    }

    /// The files that it is about, in the order of the request.
    #[must_use]
    pub fn files(&self) -> &'o [Fingerprint] {
        self.files
    }

    /// The operation as it is stored: with its own files, whatever the step sees.
    #[must_use]
    pub fn operation(&self) -> &'o Operation {
        self.operation
    }

    /// Its name in the journal.
    #[must_use]
    pub fn id(&self) -> &'o OperationId {
        self.operation.id()
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &'o State {
        self.operation.state()
    }

    /// When its state changed last.
    #[must_use]
    pub fn changed(&self) -> Timestamp {
        self.operation.changed()
    }

    /// The error of a record that is not what its kind writes.
    pub fn unreadable(&self, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        unreadable(self.id(), why)
    }
}

impl<R> Clone for Current<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Current<'_, R> {}

/// The error of a record that cannot be read.
fn unreadable(id: &OperationId, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let why = why.into();
    let text = format!("the record of operation {id} cannot be read: {why}");
    Error::new(ErrorKind::Journal, text).with_source(why)
}
