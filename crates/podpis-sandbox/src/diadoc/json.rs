//! Decides when a message travels as JSON, and what the answer's JSON has beside the message.
//!
//! **Invariant:** `Content-Type` alone decides how a request is read and `Accept` alone how it is answered; a method
//! sees protobuf in both directions.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use podpis_diadoc_proto::json;
use podpis_transport::HttpResponse;
use serde_json::Value;

use crate::answer::{Handled, Refusal, Reply};
use crate::call::Call;
use crate::moment::Moment;

fn is_json(call: &Call, name: &HeaderName) -> bool {
    let value = call.header(name).to_ascii_lowercase();
    value.starts_with("application/json")
}

/// The body as protobuf, when it came as JSON.
pub(super) fn request(message: &str, call: &Call) -> Handled<Option<Bytes>> {
    if !is_json(call, &header::CONTENT_TYPE) {
        return Ok(None);
    }
    json::read(message, call.body)
        .map(|bytes| Some(bytes.into()))
        .map_err(|error| {
            let short = message.rsplit('.').next().unwrap_or(message);
            let text = match (error.not_base64(), error.not_converted()) {
                (Some(path), _) => format!("{path}: An error has occurred."),
                // The whole value comes back, however long it is.
                (_, Some(path)) => {
                    let value = value_at(call.body, path).unwrap_or_default();
                    format!(
                        "{path}: Error converting value {value} to a member of type 'Diadoc.Protocols.Api.{short}'. Path '{path}'."
                    )
                }
                _ if error.is_empty_text() => "Request body cannot be empty".to_owned(),
                _ => format!("Can't deserialize request body into type: {short}"),
            };
            Refusal::bad_request(text)
        })
}

/// The value at a path like `Files[0].FileName`, whose names may be in any case.
fn value_at(body: &[u8], path: &str) -> Option<Value> {
    let body: Value = serde_json::from_slice(body).ok()?;
    path.split('.').try_fold(body, |value, step| {
        let (name, place) = match step.trim_end_matches(']').split_once('[') {
            Some((name, place)) => (name, Some(place.parse::<usize>().ok()?)),
            None => (step, None),
        };
        let mut members = value.as_object()?.iter();
        let (_, found) = members.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        match place {
            Some(place) => found.get(place).cloned(),
            None => Some(found.clone()),
        }
    })
}

/// The answer as the request wants it. An answer that is no such message (an odd layout that an option asked for)
/// stays as it is.
pub(super) fn answer(message: &str, call: &Call, mut reply: Reply) -> Reply {
    if reply.response.status() != StatusCode::OK || !is_json(call, &header::ACCEPT) {
        return reply;
    }
    if let Ok(mut value) = json::write(message, reply.response.body()) {
        complete(&mut value);
        reply.response = HttpResponse::new(value.to_string().into());
        reply.response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
    }
    reply
}

/// What the real answers have, and the messages have not.
fn complete(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(complete),
        Value::Object(members) => {
            members.values_mut().for_each(complete);
            if members.len() == 1
                && let Some(ticks) = members.get("Ticks").and_then(Value::as_i64)
            {
                let time = Moment::of_ticks(ticks).precise_date_time();
                members.insert("DateTime".to_owned(), format!("{time}Z").into());
            }
            if let Some(id) = members.get("OrgId").cloned() {
                members.insert("OrgIdGuid".to_owned(), id);
                members.insert("JoinedDiadocTreaty".to_owned(), true.into());
            }
        }
        _ => {}
    }
}
