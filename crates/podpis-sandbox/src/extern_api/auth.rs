//! Decides who is calling Extern.
//!
//! **Invariant:** everything that is wrong with a login is 401 and JSON; an auth.sid counts only together with the
//! api key.

use http::{HeaderMap, HeaderName, header};

use super::call::Call;
use super::state::Room;
use crate::answer::{Handled, Refusal};
use crate::identity::API_KEY;

/// The user behind a call.
pub(super) fn user(room: &Room, call: &Call) -> Handled<usize> {
    let text = call.header(&header::AUTHORIZATION);
    if !text.is_empty() {
        let (scheme, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("Bearer") {
            let unknown = || Refusal::unauthorized("The token is unknown or has expired.");
            return room.shared.by_bearer(rest, call.now).ok_or_else(unknown);
        }
        if scheme.eq_ignore_ascii_case("auth.sid") {
            return sid(room, call, rest);
        }
        return Err(Refusal::unauthorized(
            "The Authorization header is neither Bearer nor auth.sid.",
        ));
    }
    match cookie(call.headers) {
        Some(value) => sid(room, call, value),
        None => Err(Refusal::unauthorized(
            "The Authorization header is missing.",
        )),
    }
}

fn sid(room: &Room, call: &Call, sid: &str) -> Handled<usize> {
    let key = call.header(&HeaderName::from_static("x-kontur-apikey"));
    if !key.eq_ignore_ascii_case(API_KEY) {
        return Err(Refusal::unauthorized(
            "X-Kontur-Apikey is missing or unknown.",
        ));
    }
    let unknown = || Refusal::unauthorized("The auth.sid is unknown or has expired.");
    room.shared.by_sid(sid).ok_or_else(unknown)
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("auth.sid"))
        .map(|(_, value)| value.trim())
}
