//! Reads and writes what the kinds of operation keep in their records.
//!
//! **Invariant:** a record that cannot be read is an error that names the operation, and nothing is sent.

use podpis_cms::Thumbprint;
use podpis_core::wait::KeptBytes;
use podpis_core::{Error, ErrorKind};
use podpis_operation::{Fingerprint, Operation};
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

/// The signatures in the record of a CloudSign or a DssSign, whatever else is wrong with it.
pub(crate) fn kept(data: &Value, files: &[Fingerprint]) -> Vec<KeptBytes> {
    let given = data.get("given").and_then(Value::as_array);
    let given = given.into_iter().flatten().enumerate();
    given
        .filter_map(|(at, one)| {
            let text = one.get("signature")?.as_str()?;
            Some(KeptBytes::stored(files.get(at), text))
        })
        .collect()
}

pub(crate) fn unreadable(
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
