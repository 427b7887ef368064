//! Writes a message in Diadoc's JSON.
//!
//! **Invariant:** every field is printed, unset ones with their default; only unset messages and bytes are left out,
//! and nothing is null.

use std::borrow::ToOwned as _;
use std::string::{String, ToString as _};
use std::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value};
use serde_json::{Map, Value as Json};

use super::{JsonError, decoded, names};

/// The encoded message of this name (below `Diadoc.Api.Proto`) in JSON.
///
/// # Errors
/// When no message has this name, or the bytes are not one.
pub fn write(message: &str, bytes: &[u8]) -> Result<Json, JsonError> {
    decoded(message, bytes).map(|message| object(&message))
}

fn object(message: &DynamicMessage) -> Json {
    let mut members = Map::new();
    for field in message.descriptor().fields() {
        let needs_presence = !field.is_list()
            && (matches!(field.kind(), Kind::Message(_) | Kind::Bytes) || names::is_seldom(&field));
        if needs_presence && !message.has_field(&field) {
            continue;
        }
        let value = value(&message.get_field(&field), &field);
        members.insert(names::of(&field).to_owned(), value);
    }
    Json::Object(members)
}

fn value(value_of: &Value, field: &FieldDescriptor) -> Json {
    match value_of {
        Value::Bool(yes) => Json::Bool(*yes),
        Value::I32(number) => (*number).into(),
        Value::I64(number) => (*number).into(),
        Value::U32(number) => (*number).into(),
        Value::U64(number) => (*number).into(),
        Value::F32(number) => (*number).into(),
        Value::F64(number) => (*number).into(),
        Value::String(text) => Json::String(text.clone()),
        Value::Bytes(bytes) => Json::String(STANDARD.encode(bytes)),
        Value::EnumNumber(number) => named(*number, field),
        Value::Message(inner) => object(inner),
        Value::List(items) => items
            .iter()
            .map(|item| value(item, field))
            .collect::<Vec<_>>()
            .into(),
        // The schema has no maps.
        Value::Map(_) => Json::Null,
    }
}

/// The name of an enum's member; a number that the schema lacks stays a number.
fn named(number: i32, field: &FieldDescriptor) -> Json {
    match field.kind() {
        Kind::Enum(known) => known.get_value(number).map_or_else(
            || number.into(),
            |member| String::from(member.name()).into(),
        ),
        _ => number.to_string().into(),
    }
}
