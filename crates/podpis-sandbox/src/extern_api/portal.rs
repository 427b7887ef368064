//! Decides how the older login of the portal gives out an auth.sid, for clients that have no OpenID Connect.
//!
//! **Invariant:** bodies are UpperCamelCase JSON in both directions; every refusal is 403 with a `Code`, and what was
//! encrypted for a certificate is good for one answer.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, base64};
use super::error::Answered;
use super::identity_store::Grant;
use crate::answer::Reply;
use crate::signer;
use crate::world::World;

const REFRESH_LIFE: Duration = Duration::from_secs(45 * 24 * 60 * 60);
const CHALLENGE_LIFE: Duration = Duration::from_secs(10 * 60);

/// `POST auth/v5.12/authenticate-by-pass`: the body is the password.
pub(super) fn by_password(world: &mut World, call: &Call<'_>) -> Answered {
    let login = call.query.required("login")?;
    let password = std::str::from_utf8(call.body).unwrap_or_default();
    let user = world
        .users
        .iter()
        .position(|user| user.login.eq_ignore_ascii_case(login) && user.password == password);
    Ok(match user {
        Some(user) => session(world, call, user),
        None => refused("UnknownError"),
    })
}

/// `POST sessions/v5.12/sessions/refresh`.
pub(super) fn refresh(world: &mut World, call: &Call<'_>) -> Answered {
    let token = call.query.optional("refresh-token").unwrap_or_default();
    let sid = call.query.required("auth.sid")?;
    let grant = world.external.identities.sessions.remove(token);
    let user = grant
        .filter(|grant| call.now < grant.until)
        .map(|grant| grant.user)
        .filter(|user| world.users.get(*user).is_some_and(|user| user.sid == sid));
    Ok(match user {
        Some(user) => session(world, call, user),
        None => refused("CreateSessionError"),
    })
}

/// `POST auth/v5.12/authenticate-by-cert`: the body is a certificate.
pub(super) fn by_certificate(world: &mut World, call: &Call<'_>) -> Answered {
    if !signer::is_certificate(call.body) {
        return Ok(refused("CertUnreadable"));
    }
    let Some((user, identity)) = world.certificate_of(call.body) else {
        return Ok(refused("UnknownCertificate"));
    };
    if !identity.is_active(call.now) && !call.query.flag("free")? {
        return Ok(refused("CertNotValid"));
    }
    let secret = world.ids.trace();
    let Some(encrypted) = signer::encrypt_for(&identity, secret.as_bytes())? else {
        return Ok(refused("CertNotValid"));
    };
    let grant = Grant {
        user,
        until: call.now.after(CHALLENGE_LIFE),
        redirect_uri: None,
    };
    let key = (identity.thumbprint.clone(), secret);
    world.external.identities.challenges.insert(key, grant);
    Ok(Reply::json(&json!({
        "EncryptedKey": base64(&encrypted),
        "TrustedThumbprints": null,
        "Link": {
            "Rel": "next",
            "Href": format!("{}/auth/v5.12/approve-cert?thumbprint={}", call.base, identity.thumbprint),
        },
    })))
}

/// `POST auth/v5.12/approve-cert`: the body is what was encrypted.
pub(super) fn approve_certificate(world: &mut World, call: &Call<'_>) -> Answered {
    let thumbprint = call.query.required("thumbprint")?.to_ascii_uppercase();
    let secret = String::from_utf8_lossy(call.body).into_owned();
    let grant = world
        .external
        .identities
        .challenges
        .remove(&(thumbprint, secret));
    Ok(match grant {
        Some(grant) if call.now < grant.until => session(world, call, grant.user),
        Some(_) => refused("RndBytesExpired"),
        None => refused("WrongKey"),
    })
}

fn session(world: &mut World, call: &Call<'_>, user: usize) -> Reply {
    let refresh = world.ids.trace();
    let grant = Grant {
        user,
        until: call.now.after(REFRESH_LIFE),
        redirect_uri: None,
    };
    let sessions = &mut world.external.identities.sessions;
    sessions.retain(|_, known| call.now < known.until);
    sessions.insert(refresh.clone(), grant);
    let sid = world
        .users
        .get(user)
        .map_or(Value::Null, |user| user.sid.into());
    Reply::json(&json!({ "Sid": sid, "RefreshToken": refresh }))
}

fn refused(code: &str) -> Reply {
    Reply::json(&json!({ "Code": code })).status(StatusCode::FORBIDDEN)
}
