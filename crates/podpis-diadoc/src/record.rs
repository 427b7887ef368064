//! Reads and writes what the kinds of operation keep in their records.
//!
//! **Invariant:** a record that cannot be read is an error that names the operation, and nothing is sent.

use podpis_cms::Thumbprint;
use podpis_core::Error;
use podpis_core::wait::{KeptBytes, unreadable};
use podpis_operation::{Fingerprint, Operation};
use serde_json::Value;

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
