//! Finds the ids of a service in a record.
//!
//! **Invariant:** operations that are made of others keep the records of those, and what is in them is found too.

use podpis::Operation;
use serde_json::Value;

/// Whether an id is anywhere in what a record keeps of the service, in any case.
pub(crate) fn has_id(operation: &Operation, id: &str) -> bool {
    !id.is_empty() && holds(&operation.data().to_value(), id)
}

fn holds(data: &Value, id: &str) -> bool {
    match data {
        Value::String(text) => text.eq_ignore_ascii_case(id),
        Value::Array(values) => values.iter().any(|value| holds(value, id)),
        Value::Object(fields) => fields.values().any(|value| holds(value, id)),
        _ => false,
    }
}
