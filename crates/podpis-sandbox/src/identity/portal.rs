//! Decides how the older login of the portal gives out an auth.sid, for clients that have no OpenID Connect.
//!
//! **Invariant:** bodies are UpperCamelCase JSON in both directions; every refusal is 403 with a `Code`, and what was
//! encrypted for a certificate is good for one answer.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::store::{Grant, Kind};
use crate::answer::{Handled, Reply, base64};
use crate::call::Call;
use crate::moment::Moment;
use crate::room::Shared;
use crate::signer;

const REFRESH_LIFE: Duration = Duration::from_secs(45 * 24 * 60 * 60);
const CHALLENGE_LIFE: Duration = Duration::from_secs(10 * 60);

/// `POST auth/v5.12/authenticate-by-pass`: the body is the password.
pub(crate) fn by_password(shared: &mut Shared, call: &Call) -> Handled {
    let login = call.query.required("login")?;
    let password = std::str::from_utf8(call.body).unwrap_or_default();
    let user = shared.by_password(login, password);
    Ok(match user {
        Some(user) => session(shared, call, user),
        None => refused("UnknownError"),
    })
}

/// `POST sessions/v5.12/sessions/refresh`.
pub(crate) fn refresh(shared: &mut Shared, call: &Call) -> Handled {
    let token = call.query.optional("refresh-token").unwrap_or_default();
    let sid = call.query.required("auth.sid")?;
    let grant = shared.identity.take(token, |kind| *kind == Kind::Session);
    let user = grant
        .filter(|grant| call.now < grant.until)
        .map(|grant| grant.user)
        .filter(|user| shared.by_any_sid(sid) == Some(*user));
    Ok(match user {
        Some(user) => session(shared, call, user),
        None => refused("CreateSessionError"),
    })
}

/// `POST auth/v5.12/authenticate-by-cert`: the body is a certificate.
pub(crate) fn by_certificate(shared: &mut Shared, call: &Call) -> Handled {
    let free = call.query.flag("free")?;
    Ok(match challenge(shared, call.body, free, call.now)? {
        Ok((encrypted, thumbprint)) => Reply::json(&json!({
            "EncryptedKey": encrypted,
            "TrustedThumbprints": null,
            "Link": {
                "Rel": "next",
                "Href": format!("{}/auth/v5.12/approve-cert?thumbprint={thumbprint}", call.base),
            },
        })),
        Err(code) => refused(code),
    })
}

/// A secret encrypted for a certificate, in Base64, with its thumbprint; or the code of what is wrong with it. One that is
/// not valid now goes only with `free`.
pub(super) fn challenge(
    shared: &mut Shared,
    der: &[u8],
    free: bool,
    now: Moment,
) -> Handled<Result<(String, String), &'static str>> {
    if !signer::is_certificate(der) {
        return Ok(Err("CertUnreadable"));
    }
    let Some((user, identity)) = shared.certificate_of(der).cloned() else {
        return Ok(Err("UnknownCertificate"));
    };
    if !identity.is_active(now) && !free {
        return Ok(Err("CertNotValid"));
    }
    let secret = shared.ids.trace();
    let Some(encrypted) = signer::encrypt_for(&identity, secret.as_bytes())? else {
        return Ok(Err("CertNotValid"));
    };
    let thumbprint = identity.thumbprint;
    shared.identity.add(Grant {
        token: secret,
        kind: Kind::Challenge {
            thumbprint: thumbprint.clone(),
        },
        user,
        until: now.after(CHALLENGE_LIFE),
    });
    Ok(Ok((base64(&encrypted), thumbprint)))
}

/// `POST auth/v5.12/approve-cert`: the body is what was encrypted.
pub(crate) fn approve_certificate(shared: &mut Shared, call: &Call) -> Handled {
    let thumbprint = call.query.required("thumbprint")?;
    Ok(match opened(shared, thumbprint, call.body, call.now) {
        Ok(user) => session(shared, call, user),
        Err(code) => refused(code),
    })
}

/// Whose certificate it is that a secret was encrypted for.
pub(super) fn opened(
    shared: &mut Shared,
    thumbprint: &str,
    secret: &[u8],
    now: Moment,
) -> Result<usize, &'static str> {
    let thumbprint = thumbprint.to_ascii_uppercase();
    let wanted = Kind::Challenge { thumbprint };
    let secret = String::from_utf8_lossy(secret);
    match shared.identity.take(&secret, |kind| *kind == wanted) {
        Some(grant) if now < grant.until => Ok(grant.user),
        Some(_) => Err("RndBytesExpired"),
        None => Err("WrongKey"),
    }
}

pub(super) fn session(shared: &mut Shared, call: &Call, user: usize) -> Reply {
    let refresh = shared.ids.trace();
    shared.identity.add(Grant {
        token: refresh.clone(),
        kind: Kind::Session,
        user,
        until: call.now.after(REFRESH_LIFE),
    });
    let sid = shared.people.get(user).map(|user| user.sid);
    Reply::json(&json!({ "Sid": sid, "RefreshToken": refresh }))
}

pub(super) fn refused(code: &str) -> Reply {
    Reply::json(&json!({ "Code": code })).status(StatusCode::FORBIDDEN)
}
