//! Decides who is calling Extern.
//!
//! **Invariant:** everything that is wrong with a login is 401 and JSON; an auth.sid counts only together with the
//! api key.

use http::{HeaderMap, header};

use super::call::Call;
use super::error::ApiError;
use super::seed::API_KEY;
use crate::world::World;

/// The user behind a call.
pub(super) fn user(world: &World, call: &Call<'_>) -> Result<usize, ApiError> {
    if let Some(text) = authorization(call.headers) {
        let (scheme, rest) = text
            .trim()
            .split_once([' ', '\t'])
            .unwrap_or((text.trim(), ""));
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("Bearer") {
            return bearer(world, call, rest);
        }
        if scheme.eq_ignore_ascii_case("auth.sid") {
            return sid(world, call, rest);
        }
        return Err(ApiError::unauthorized(
            "The Authorization header is neither Bearer nor auth.sid.",
        ));
    }
    match cookie(call.headers) {
        Some(value) => sid(world, call, value),
        None => Err(ApiError::unauthorized(
            "The Authorization header is missing.",
        )),
    }
}

fn bearer(world: &World, call: &Call<'_>, token: &str) -> Result<usize, ApiError> {
    let seeded = world
        .users
        .iter()
        .position(|user| world.bearer_tokens_live && user.token == token);
    let issued = || {
        world
            .external
            .identities
            .access
            .get(token)
            .filter(|grant| call.now < grant.until)
            .map(|grant| grant.user)
    };
    seeded
        .or_else(issued)
        .ok_or_else(|| ApiError::unauthorized("The token is unknown or has expired."))
}

fn sid(world: &World, call: &Call<'_>, sid: &str) -> Result<usize, ApiError> {
    let key = call
        .headers
        .get("x-kontur-apikey")
        .and_then(|value| value.to_str().ok());
    if !key.is_some_and(|key| key.trim().eq_ignore_ascii_case(API_KEY)) {
        return Err(ApiError::unauthorized(
            "X-Kontur-Apikey is missing or unknown.",
        ));
    }
    world
        .users
        .iter()
        .position(|user| world.bearer_tokens_live && user.sid == sid)
        .ok_or_else(|| ApiError::unauthorized("The auth.sid is unknown or has expired."))
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
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
