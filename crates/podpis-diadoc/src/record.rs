//! Reads and writes what the kinds of operation keep in their records.
//!
//! **Invariant:** a record that cannot be read is an error that names the operation, and nothing is sent.

use podpis_cms::Thumbprint;
use podpis_core::{Error, ErrorKind};
use podpis_operation::Operation;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a kind of operation keeps in its record.
pub(crate) trait Kept: Serialize + DeserializeOwned {
    fn of(operation: &Operation) -> Result<Self, Error> {
        serde_json::from_value(operation.data().clone())
            .map_err(|error| unreadable(operation, error))
    }

    fn to_data(&self) -> Value {
        // Plain structs with text keys: writing them cannot fail.
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

/// A thumbprint that was stored as text.
pub(crate) fn thumbprint(
    operation: &Operation,
    stored: Option<&str>,
) -> Result<Option<Thumbprint>, Error> {
    stored
        .map(|text| Thumbprint::parse(text).map_err(|error| unreadable(operation, error)))
        .transpose()
}

pub(crate) fn unreadable(
    operation: &Operation,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    let text = format!("the record of operation {} cannot be read", operation.id());
    Error::new(ErrorKind::Journal, text).with_source(why)
}
