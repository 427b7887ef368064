//! Decides how contents go up and come down.
//!
//! **Invariant:** a part is at most 64 MiB either way; what is not complete cannot be read.

use std::ops::Range;

use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::call::Call;
use super::contents_store::{Chunk, LARGEST_CONTENT, LARGEST_PART};
use super::state::Room;
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};

/// `POST …/contents`: a whole content, or its first part.
pub(super) fn create(room: &mut Room, call: &Call) -> Handled {
    let chunk = chunk(call)?;
    let kind = call
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/octet-stream");
    let id = room.guid();
    room.own.contents.begin(&id, call.account, kind, call.now);
    let complete = store(room, call, &id, chunk)?;
    Ok(Reply::json(&json!({ "id": id })).status(stored(complete)))
}

/// `PUT …/contents/{id}`: another part, in any order.
pub(super) fn put(room: &mut Room, call: &Call) -> Handled {
    let id = call.ids.item.to_ascii_lowercase();
    room.own.content(&id, call.account)?;
    if !call.headers.contains_key(header::CONTENT_RANGE) {
        return bad_request("Content-Range is required.");
    }
    let chunk = chunk(call)?;
    let complete = store(room, call, &id, chunk)?;
    let answer = room.own.options.spelling.part_answer(&id, complete);
    Ok(Reply::json(&answer).status(stored(complete)))
}

/// Says whether the content is complete now.
fn store(room: &mut Room, call: &Call, id: &str, chunk: Chunk) -> Handled<bool> {
    room.own
        .contents
        .put(id, call.account, chunk)
        .or_bad_request("The part contradicts what was sent before.")
}

fn stored(complete: bool) -> StatusCode {
    if complete {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

fn chunk(call: &Call) -> Handled<Chunk> {
    let length = call.body.len() as u64;
    if length > LARGEST_PART {
        return Err(too_large());
    }
    if length == 0 {
        return Err(Refusal::bad_request("Контент пуст.").coded("emptyContent"));
    }
    let Some(range) = call.headers.get(header::CONTENT_RANGE) else {
        return Ok(Chunk {
            from: 0,
            total: Some(length),
            body: call.body.clone(),
        });
    };
    let (from, to, total) = range
        .to_str()
        .ok()
        .and_then(content_range)
        .or_bad_request("Content-Range is malformed.")?;
    if from.checked_add(length) != to.checked_add(1)
        || total.is_some_and(|total| to >= total || total > LARGEST_CONTENT)
        || to >= LARGEST_CONTENT
    {
        return bad_request("Content-Range does not fit the body or the length.");
    }
    Ok(Chunk {
        from,
        total,
        body: call.body.clone(),
    })
}

/// `GET …/contents/{id}`.
pub(super) fn get(room: &Room, call: &Call) -> Handled {
    let content = room.own.content(call.ids.item, call.account)?;
    let total = content.complete();
    let total = total.or_not_found("Контент ещё не загружен.")?;
    let wanted = match call.headers.get(header::RANGE) {
        None => None,
        Some(range) => Some(
            range
                .to_str()
                .ok()
                .and_then(|text| requested(text, total))
                .ok_or_else(|| {
                    Refusal::new(
                        StatusCode::RANGE_NOT_SATISFIABLE,
                        "Range cannot be satisfied.",
                    )
                })?,
        ),
    };
    let Range { start, end } = wanted.clone().unwrap_or(0..total);
    if end - start > LARGEST_PART {
        return Err(too_large());
    }
    let mut reply = Reply::bytes(content.read(start, end));
    let headers = reply.response.headers_mut();
    if let Ok(kind) = HeaderValue::try_from(content.kind()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if wanted.is_none() {
        return Ok(reply);
    }
    let range = room.own.options.spelling.range(start, end, total);
    if let Ok(range) = HeaderValue::try_from(range) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(reply.status(StatusCode::PARTIAL_CONTENT))
}

fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "A part may have 64 MiB at most.",
    )
}

/// `bytes 0-20/100`; also with `=`, and with `*` for a length that is not known yet.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let rest = unit(text)?;
    let (range, total) = rest.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        number => Some(number.parse().ok()?),
    };
    (from <= to).then_some((from, to, total))
}

/// `bytes=0-20`, `bytes=20-`, `bytes=-20`, and the documentation's `bytes=0-20/100`.
fn requested(text: &str, total: u64) -> Option<Range<u64>> {
    let rest = unit(text)?;
    let range = rest.split('/').next()?;
    let (from, to) = range.split_once('-')?;
    let (from, to) = (from.trim(), to.trim());
    let range = match (from.is_empty(), to.is_empty()) {
        (true, _) => total.saturating_sub(to.parse().ok()?)..total,
        (false, true) => from.parse().ok()?..total,
        (false, false) => from.parse().ok()?..to.parse::<u64>().ok()?.saturating_add(1).min(total),
    };
    (range.start < range.end).then_some(range)
}

fn unit(text: &str) -> Option<&str> {
    let (unit, rest) = text.trim().split_at_checked(5)?;
    let rest = rest.trim_start().trim_start_matches('=').trim_start();
    unit.eq_ignore_ascii_case("bytes").then_some(rest)
}
