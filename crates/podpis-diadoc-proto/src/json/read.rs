//! Reads a message from JSON as tolerantly as the service does.
//!
//! **Invariant:** a value of the wrong kind is an error that names its member; what the schema does not know is
//! ignored. What is read takes memory by the length of the text.

use std::borrow::ToOwned as _;
use std::cell::Cell;
use std::format;
use std::string::String;
use std::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use prost_reflect::{
    DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value,
};
use serde_json::Value as Json;

use super::{JsonError, descriptor, names, text};

/// How many messages the lists of any text may have.
const LEAST: usize = 64;

/// How many bytes of the text each further one has at the least: one with a short text has more. An empty one has three, and
/// takes a kilobyte of memory.
const BYTES: usize = 8;

/// The bytes of the message of this name (below `Diadoc.Api.Proto`).
///
/// Required numbers, booleans and enums that are absent are read as their default, as the service does; other absent
/// required fields stay absent.
///
/// # Errors
/// When no message has this name, the text is not JSON of one, or a list in it has so many empty messages that they would
/// take far more memory than the text.
pub fn read(message: &str, json: &[u8]) -> Result<Vec<u8>, JsonError> {
    let descriptor = descriptor(message)?;
    let json = text::plain(json).ok_or_else(|| JsonError::not_json(message))?;
    if json.trim().is_empty() {
        return Err(JsonError::empty(message));
    }
    let length = json.len();
    let json: Json = serde_json::from_str(&json).map_err(|_| JsonError::not_json(message))?;
    let reader = Reader {
        message,
        left: Cell::new(length / BYTES + LEAST),
    };
    match reader.object(&descriptor, &json, "")? {
        Some(read) => Ok(read.encode_to_vec()),
        None => Err(JsonError::not_json(message)),
    }
}

struct Reader<'a> {
    message: &'a str,
    /// How many messages lists may still have.
    left: Cell<usize>,
}

impl Reader<'_> {
    /// None when the value is not an object.
    fn object(
        &self,
        descriptor: &MessageDescriptor,
        json: &Json,
        path: &str,
    ) -> Result<Option<DynamicMessage>, JsonError> {
        let Json::Object(members) = json else {
            return Ok(None);
        };
        let mut message = DynamicMessage::new(descriptor.clone());
        for (name, json) in members.iter().filter(|(_, json)| !json.is_null()) {
            let Some(field) = field(descriptor, name) else {
                continue;
            };
            let path = match path {
                "" => names::of(&field).to_owned(),
                above => format!("{above}.{}", names::of(&field)),
            };
            if let Some(value) = self.value(&field, json, &path)? {
                message.set_field(&field, value);
            }
        }
        for field in descriptor.fields().filter(FieldDescriptor::is_required) {
            let is_scalar = !matches!(field.kind(), Kind::Message(_) | Kind::String | Kind::Bytes);
            if is_scalar && !message.has_field(&field) {
                let default = message.get_field(&field).into_owned();
                message.set_field(&field, default);
            }
        }
        Ok(Some(message))
    }

    fn value(
        &self,
        field: &FieldDescriptor,
        json: &Json,
        path: &str,
    ) -> Result<Option<Value>, JsonError> {
        if !field.is_list() {
            return self.one(field, json, path);
        }
        let wrong = || JsonError::kind(self.message, path);
        let mut items = Vec::new();
        for (place, item) in json.as_array().ok_or_else(wrong)?.iter().enumerate() {
            let path = format!("{path}[{place}]");
            if let Kind::Message(_) = field.kind() {
                let left = self.left.get().checked_sub(1);
                let left = left.ok_or_else(|| JsonError::overfull(self.message, &path))?;
                self.left.set(left);
            }
            let item = self.one(field, item, &path)?;
            items.push(item.ok_or_else(|| JsonError::kind(self.message, &path))?);
        }
        Ok(Some(Value::List(items)))
    }

    /// None when the value stands for nothing.
    fn one(
        &self,
        field: &FieldDescriptor,
        json: &Json,
        path: &str,
    ) -> Result<Option<Value>, JsonError> {
        let is_structure = json.is_object() || json.is_array();
        let wrong = || match field.kind() {
            Kind::Message(_) => JsonError::kind(self.message, path),
            _ if is_structure => JsonError::kind(self.message, path),
            _ => JsonError::value(self.message, path),
        };
        let value = match field.kind() {
            Kind::Message(inner) => self.object(&inner, json, path)?.map(Value::Message),
            Kind::Bool => boolean(json).map(Value::Bool),
            Kind::String => match json {
                Json::String(text) => Some(Value::String(text.clone())),
                Json::Number(number) => Some(Value::String(format!("{number}"))),
                _ => None,
            },
            Kind::Bytes => match json.as_str() {
                Some(text) => {
                    let text: String = text.split_whitespace().collect();
                    let bytes = STANDARD
                        .decode(text)
                        .map_err(|_| JsonError::base64(self.message, path))?;
                    Some(Value::Bytes(bytes.into()))
                }
                None => None,
            },
            Kind::Enum(known) => match json.as_str() {
                Some("") => return Ok(None),
                _ => member(&known, json).map(Value::EnumNumber),
            },
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => number(json)
                .and_then(|number| number.try_into().ok())
                .map(Value::I32),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => number(json).map(Value::I64),
            // The schema has no other kinds.
            _ => None,
        };
        value.map(Some).ok_or_else(wrong)
    }
}

fn field(descriptor: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    descriptor.fields().find(|field| {
        names::of(field).eq_ignore_ascii_case(name) || field.name().eq_ignore_ascii_case(name)
    })
}

fn boolean(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(yes) => Some(*yes),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Whole numbers only: a fraction or an exponent would have been through a double.
fn number(json: &Json) -> Option<i64> {
    match json {
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn member(known: &EnumDescriptor, json: &Json) -> Option<i32> {
    let by_name = |text: &str| {
        known
            .values()
            .find(|member| member.name().eq_ignore_ascii_case(text))
            .map(|member| member.number())
    };
    json.as_str()
        .and_then(by_name)
        .or_else(|| number(json).and_then(|number| number.try_into().ok()))
}
