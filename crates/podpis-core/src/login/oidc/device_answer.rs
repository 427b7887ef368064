//! Reads the answer to the start of a login on another device, however its fields are spelled.
//!
//! **Invariant:** only spellings are changed: what is not an object of JSON is left as it came.

use serde_json::{Map, Value};

/// The body without the byte order mark that some servers put before it.
pub(super) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// With the names and the numbers of RFC 8628.
pub(super) fn device_answer(body: &[u8]) -> Vec<u8> {
    let Ok(mut fields) = serde_json::from_slice::<Map<String, Value>>(body) else {
        return body.to_vec();
    };
    for (name, other) in [
        ("verification_uri", "verification_url"),
        ("verification_uri_complete", "verification_url_complete"),
    ] {
        if let Some(value) = fields.remove(other)
            && fields.get(name).is_none_or(Value::is_null)
        {
            fields.insert(name.to_owned(), value);
        }
    }
    for name in ["interval", "expires_in"] {
        let number = match fields.get(name) {
            Some(Value::String(text)) => text.trim().parse::<u64>().ok(),
            _ => None,
        };
        if let Some(number) = number {
            fields.insert(name.to_owned(), number.into());
        }
    }
    // An optional field without a value is one that is not there.
    fields.retain(|_, value| !value.is_null());
    serde_json::to_vec(&fields).unwrap_or_else(|_| body.to_vec())
}
