//! Reads and writes Extern's JSON.
//!
//! **Invariant:** an unreadable body names the field and the reason, never the content.

use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};
use podpis_core::Error;
use podpis_core::call::{Answer, Call};
use podpis_extern_model::read;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The call, asking for JSON.
pub(crate) fn asking(call: Call) -> Call {
    call.header(ACCEPT, HeaderValue::from_static("application/json"))
}

/// The call with a JSON body.
pub(crate) fn sending(call: Call, body: &impl Serialize) -> Call {
    // Our own request models have text keys and no maps: writing them cannot fail.
    let body = serde_json::to_vec(body).unwrap_or_default();
    asking(call)
        .header(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        )
        .body(body)
}

pub(crate) fn reading<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    read(answer.body()).map_err(|error| answer.unreadable(error))
}

pub(crate) fn content_type(answer: &Answer) -> Option<&str> {
    answer.headers().get(CONTENT_TYPE)?.to_str().ok()
}
