//! Looks at an encoded message as a strict reader of proto2 does.
//!
//! **Invariant:** what passes has every required field at every depth, and every enum is one that the schema knows.

use std::borrow::ToOwned as _;
use std::format;
use std::string::String;

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

use super::{JsonError, decoded};

/// Checks the encoded message of this name (below `Diadoc.Api.Proto`). The schema's own labels count, also where
/// [`decode_checked`](crate::decode_checked) is milder.
///
/// # Errors
/// When no message has this name, the bytes are not one, a required field is absent, or an enum has a number that its
/// schema lacks.
pub fn check(message: &str, bytes: &[u8]) -> Result<(), JsonError> {
    look(message, &decoded(message, bytes)?, "")
}

fn look(name: &str, message: &DynamicMessage, above: &str) -> Result<(), JsonError> {
    for field in message.descriptor().fields() {
        let path = match above {
            "" => field.name().to_owned(),
            above => format!("{above}.{}", field.name()),
        };
        if !message.has_field(&field) {
            if field.is_required() {
                return Err(JsonError::absent(name, &path));
            }
            continue;
        }
        let value = message.get_field(&field);
        match value.as_ref() {
            Value::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    one(name, item, &field.kind(), format!("{path}[{place}]"))?;
                }
            }
            single => one(name, single, &field.kind(), path)?,
        }
    }
    Ok(())
}

fn one(name: &str, value: &Value, kind: &Kind, path: String) -> Result<(), JsonError> {
    match (value, kind) {
        (Value::Message(inner), _) => look(name, inner, &path),
        (Value::EnumNumber(number), Kind::Enum(known)) if known.get_value(*number).is_none() => {
            Err(JsonError::not_in_enum(name, &path))
        }
        _ => Ok(()),
    }
}
