//! Decides who may log in, and for how long.
//!
//! **Invariant:** a token is given out only for a seeded password, sid, certificate or binding, and only to the seeded
//! client id. A wrong password is 401 and names the login, as the service does.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderName;
use podpis_diadoc_proto::{LoginPassword, json};
use prost::Message as _;

use super::authorization::refused;
use super::state::Room;
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::call::Call;
use crate::identity::{Grant, Kind};
use crate::signer::{self, Identity};

const SERVICE_KEY: HeaderName = HeaderName::from_static("x-diadoc-servicekey");
const SERVICE_USER: HeaderName = HeaderName::from_static("x-diadoc-serviceuserid");
/// How long what was encrypted for a certificate is good.
const CHALLENGE_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// `POST /V3/Authenticate`.
pub(super) fn authenticate(room: &mut Room, call: &Call) -> Handled {
    let bound = binding(
        Some(call.header(&SERVICE_KEY)),
        Some(call.header(&SERVICE_USER)),
    );
    match call.query.optional("type") {
        Some(kind) if kind.eq_ignore_ascii_case("password") => {
            let (login, password) = login_and_password(call)?;
            by_password(room, &login, &password, bound, call)
        }
        Some(kind) if kind.eq_ignore_ascii_case("certificate") => challenge(room, call),
        Some(kind) if kind.eq_ignore_ascii_case("sid") => {
            let sid = std::str::from_utf8(call.body).unwrap_or_default().trim();
            if sid.is_empty() {
                return bad_request("The body has to be an auth.sid.");
            }
            let user = room.shared.by_any_sid(sid);
            let user = user.ok_or_else(|| refused("The auth.sid is unknown."))?;
            Ok(token(room, user, call))
        }
        Some(kind) if kind.eq_ignore_ascii_case("trust") => {
            let bindings = &room.own.bindings;
            let user = bound.and_then(|bound| bindings.get(&bound).copied());
            let user = user.ok_or_else(|| refused("The service has no such user."))?;
            Ok(token(room, user, call))
        }
        _ => bad_request("Invalid authentication method."),
    }
}

/// `POST /V2/Authenticate`: credentials in the query, or a certificate in the body.
pub(super) fn authenticate_by_query(room: &mut Room, call: &Call) -> Handled {
    match call.query.optional("login") {
        Some(_) => by_query(room, call),
        None => challenge(room, call),
    }
}

/// `POST /Authenticate`: the same, but what is encrypted for the certificate is the token.
pub(super) fn authenticate_v1(room: &mut Room, call: &Call) -> Handled {
    if call.query.optional("login").is_some() {
        return by_query(room, call);
    }
    let (user, identity) = certificate(room, call.body)?;
    let token = new_token(room, user, call);
    Ok(Reply::bytes(encrypted(&identity, token.as_bytes())?))
}

/// `POST /V2/AuthenticateConfirm` and version 3.
pub(super) fn confirm(room: &mut Room, call: &Call) -> Handled {
    // A client that does not encode the plus of Base64 sends a blank.
    let answer = call.query.required("token")?.replace(' ', "+");
    let thumbprint = match call.query.optional("thumbprint") {
        Some(thumbprint) => thumbprint.to_owned(),
        None => certificate(room, call.body)?.1.thumbprint,
    };
    let forbidden = || Refusal::forbidden("This is not what was encrypted.");
    let is_it = |kind: &Kind| match kind {
        Kind::DiadocChallenge { thumbprint: of } => of.eq_ignore_ascii_case(&thumbprint),
        _ => false,
    };
    let grant = room.shared.identity.take(&answer, is_it);
    let user = grant.ok_or_else(forbidden)?.user;
    if call.query.flag("saveBinding")? {
        let bound = binding(
            Some(call.header(&SERVICE_KEY)),
            Some(call.header(&SERVICE_USER)),
        );
        bind(room, bound, user);
    }
    Ok(token(room, user, call))
}

fn by_query(room: &mut Room, call: &Call) -> Handled {
    let login = call.query.required("login")?;
    let password = call.query.required("password")?;
    let bound = binding(call.query.optional("key"), call.query.optional("id"));
    by_password(room, login, password, bound, call)
}

fn by_password(
    room: &mut Room,
    login: &str,
    password: &str,
    bound: Option<(String, String)>,
    call: &Call,
) -> Handled {
    let user = room.shared.by_password(login, password);
    let wrong = || refused(&format!("Wrong password provided for login {login}"));
    let user = user.ok_or_else(wrong)?;
    bind(room, bound, user);
    Ok(token(room, user, call))
}

fn binding(key: Option<&str>, id: Option<&str>) -> Option<(String, String)> {
    let said = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    said(key).zip(said(id))
}

fn bind(room: &mut Room, bound: Option<(String, String)>, user: usize) {
    if let Some(bound) = bound {
        room.own.bindings.insert(bound, user);
    }
}

/// Something encrypted for the certificate in the body.
fn challenge(room: &mut Room, call: &Call) -> Handled {
    let (user, identity) = certificate(room, call.body)?;
    let secret = room.shared.ids.trace();
    let encrypted = encrypted(&identity, secret.as_bytes())?;
    room.shared.identity.add(Grant {
        token: STANDARD.encode(secret),
        kind: Kind::DiadocChallenge {
            thumbprint: identity.thumbprint,
        },
        user,
        until: call.now.after(CHALLENGE_LIFE),
    });
    Ok(Reply::bytes(encrypted))
}

fn encrypted(identity: &Identity, content: &[u8]) -> Handled<Vec<u8>> {
    signer::encrypt_for(identity, content)?
        .or_bad_request("Nothing can be encrypted for this certificate's key.")
}

/// The seeded certificate in a body, and whose it is.
fn certificate(room: &Room, body: &Bytes) -> Handled<(usize, Identity)> {
    if !signer::is_certificate(body) {
        return bad_request("Could not deserialize certificate from the request body");
    }
    let known = room.shared.certificate_of(body).cloned();
    known.ok_or_else(|| refused("The certificate is nobody's."))
}

fn token(room: &mut Room, user: usize, call: &Call) -> Reply {
    Reply::text(new_token(room, user, call))
}

fn new_token(room: &mut Room, user: usize, call: &Call) -> String {
    let token = room.shared.ids.login_token();
    let until = call.now.after(room.shared.options.token_life);
    room.shared.identity.add(Grant {
        token: token.clone(),
        kind: Kind::Diadoc,
        user,
        until,
    });
    token
}

fn login_and_password(call: &Call) -> Handled<(String, String)> {
    let body = if call.content_type().starts_with("application/json") {
        json::read("LoginPassword", call.body)
            .or_bad_request("The body has to be {\"login\",\"password\"}.")?
            .into()
    } else {
        call.body.clone()
    };
    let message = LoginPassword::decode(body).or_bad_request("The body is not a LoginPassword.")?;
    if message.login.is_empty() || message.password.is_empty() {
        return bad_request("Login and Password are required.");
    }
    Ok((message.login, message.password))
}
