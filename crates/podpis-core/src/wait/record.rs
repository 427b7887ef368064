//! Reads and writes what a kind of operation keeps in its records.
//!
//! **Invariant:** a record that cannot be read is an error that names the operation, and nothing is sent.

use podpis_operation::{Data, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind};

/// What a kind of operation keeps in its records: a struct that is JSON there.
pub trait Record: Serialize + DeserializeOwned {
    /// Reads it.
    ///
    /// # Errors
    /// When the record is not what this kind writes.
    fn of(operation: &Operation) -> Result<Self, Error> {
        operation
            .data()
            .read()
            .map_err(|error| unreadable(operation, error))
    }

    /// Writes it.
    fn to_data(&self) -> Data {
        Data::of(self)
    }
}

/// The error of a record that cannot be read.
pub fn unreadable(
    operation: &Operation,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    let why = why.into();
    let text = format!(
        "the record of operation {} cannot be read: {why}",
        operation.id()
    );
    Error::new(ErrorKind::Journal, text).with_source(why)
}
