//! Decides who may log in, and for how long.
//!
//! **Invariant:** a token is given out only for a seeded password, sid, certificate or binding, and only to the seeded
//! client id. A wrong password is 401 and names the login, as the service does.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, StatusCode};
use podpis_diadoc_proto::{LoginPassword, json};
use prost::Message as _;

use super::authorization::refused;
use super::call::Call;
use crate::answer::{Handled, Refusal, Reply};
use crate::signer::{self, Identity};
use crate::world::{Login, World};

const SERVICE_KEY: HeaderName = HeaderName::from_static("x-diadoc-servicekey");
const SERVICE_USER: HeaderName = HeaderName::from_static("x-diadoc-serviceuserid");
/// How many challenges of certificates are open; the oldest goes first.
const MOST_CHALLENGES: usize = 100;

/// With so many tokens those that have ended are looked for.
const MOST_LOGINS: usize = 10_000;

/// What logins leave behind beside tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Logins {
    /// What was encrypted for a certificate, in Base64, and whose certificate it is; in the order of their age.
    challenges: Vec<(String, usize, String)>,
    /// The users of a trusted service: by its key and its id of the user.
    bindings: BTreeMap<(String, String), usize>,
}

/// `POST /V3/Authenticate`.
pub(super) fn authenticate(world: &mut World, call: &Call<'_>) -> Handled {
    let bound = binding(
        Some(call.header(&SERVICE_KEY)),
        Some(call.header(&SERVICE_USER)),
    );
    match call.query.optional("type") {
        Some(kind) if kind.eq_ignore_ascii_case("password") => {
            let (login, password) = login_and_password(call)?;
            by_password(world, &login, &password, bound, call)
        }
        Some(kind) if kind.eq_ignore_ascii_case("certificate") => challenge(world, call),
        Some(kind) if kind.eq_ignore_ascii_case("sid") => {
            let sid = std::str::from_utf8(call.body).unwrap_or_default().trim();
            if sid.is_empty() {
                return Err(Refusal::bad_request("The body has to be an auth.sid."));
            }
            let user = world.users.iter().position(|user| user.sid == sid);
            let user = user.ok_or_else(|| refused("The auth.sid is unknown."))?;
            Ok(token(world, user, call))
        }
        Some(kind) if kind.eq_ignore_ascii_case("trust") => {
            let bindings = &world.diadoc.logins.bindings;
            let user = bound.and_then(|bound| bindings.get(&bound).copied());
            let user = user.ok_or_else(|| refused("The service has no such user."))?;
            Ok(token(world, user, call))
        }
        _ => Err(Refusal::bad_request("Invalid authentication method.")),
    }
}

/// `POST /V2/Authenticate`: credentials in the query, or a certificate in the body.
pub(super) fn authenticate_by_query(world: &mut World, call: &Call<'_>) -> Handled {
    match call.query.optional("login") {
        Some(_) => by_query(world, call),
        None => challenge(world, call),
    }
}

/// `POST /Authenticate`: the same, but what is encrypted for the certificate is the token.
pub(super) fn authenticate_v1(world: &mut World, call: &Call<'_>) -> Handled {
    if call.query.optional("login").is_some() {
        return by_query(world, call);
    }
    let (user, identity) = certificate(world, call.body)?;
    let token = new_token(world, user, call);
    Ok(Reply::bytes(encrypted(&identity, token.as_bytes())?))
}

/// `POST /V2/AuthenticateConfirm` and version 3.
pub(super) fn confirm(world: &mut World, call: &Call<'_>) -> Handled {
    // A client that does not encode the plus of Base64 sends a blank.
    let answer = call.query.required("token")?.replace(' ', "+");
    let thumbprint = match call.query.optional("thumbprint") {
        Some(thumbprint) => thumbprint.to_owned(),
        None => certificate(world, call.body)?.1.thumbprint,
    };
    let challenges = &mut world.diadoc.logins.challenges;
    let place = challenges
        .iter()
        .position(|(known, _, of)| *known == answer && of.eq_ignore_ascii_case(&thumbprint));
    let forbidden = || Refusal::new(StatusCode::FORBIDDEN, "This is not what was encrypted.");
    let (_, user, _) = challenges.remove(place.ok_or_else(forbidden)?);
    if call.query.flag("saveBinding")? {
        let bound = binding(
            Some(call.header(&SERVICE_KEY)),
            Some(call.header(&SERVICE_USER)),
        );
        bind(world, bound, user);
    }
    Ok(token(world, user, call))
}

fn by_query(world: &mut World, call: &Call<'_>) -> Handled {
    let login = call.query.required("login")?;
    let password = call.query.required("password")?;
    let bound = binding(call.query.optional("key"), call.query.optional("id"));
    by_password(world, login, password, bound, call)
}

fn by_password(
    world: &mut World,
    login: &str,
    password: &str,
    bound: Option<(String, String)>,
    call: &Call<'_>,
) -> Handled {
    let user = world
        .users
        .iter()
        .position(|user| user.login.eq_ignore_ascii_case(login) && user.password == password)
        .ok_or_else(|| refused(&format!("Wrong password provided for login {login}")))?;
    bind(world, bound, user);
    Ok(token(world, user, call))
}

fn binding(key: Option<&str>, id: Option<&str>) -> Option<(String, String)> {
    let said = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    said(key).zip(said(id))
}

fn bind(world: &mut World, bound: Option<(String, String)>, user: usize) {
    if let Some(bound) = bound {
        world.diadoc.logins.bindings.insert(bound, user);
    }
}

/// Something encrypted for the certificate in the body.
fn challenge(world: &mut World, call: &Call<'_>) -> Handled {
    let (user, identity) = certificate(world, call.body)?;
    let secret = world.ids.trace();
    let encrypted = encrypted(&identity, secret.as_bytes())?;
    let challenges = &mut world.diadoc.logins.challenges;
    if challenges.len() >= MOST_CHALLENGES {
        challenges.remove(0);
    }
    challenges.push((STANDARD.encode(secret), user, identity.thumbprint));
    Ok(Reply::bytes(encrypted))
}

fn encrypted(identity: &Identity, content: &[u8]) -> Result<Vec<u8>, Refusal> {
    signer::encrypt_for(identity, content)
        .map_err(super::cloud_confirm::broken)?
        .ok_or_else(|| Refusal::bad_request("Nothing can be encrypted for this certificate's key."))
}

/// The seeded certificate in a body, and whose it is.
fn certificate(world: &World, body: &Bytes) -> Result<(usize, Identity), Refusal> {
    if !signer::is_certificate(body) {
        return Err(Refusal::bad_request(
            "Could not deserialize certificate from the request body",
        ));
    }
    world
        .certificate_of(body)
        .ok_or_else(|| refused("The certificate is nobody's."))
}

fn token(world: &mut World, user: usize, call: &Call<'_>) -> Reply {
    Reply::text(new_token(world, user, call))
}

fn new_token(world: &mut World, user: usize, call: &Call<'_>) -> String {
    let token = world.ids.login_token();
    let until = call.now.after(world.options.token_life);
    if world.logins.len() >= MOST_LOGINS {
        world.logins.retain(|_, login| call.now < login.until);
    }
    world.logins.insert(token.clone(), Login { user, until });
    token
}

fn login_and_password(call: &Call<'_>) -> Result<(String, String), Refusal> {
    let body = if call.content_type().starts_with("application/json") {
        json::read("LoginPassword", call.body)
            .map_err(|_| Refusal::bad_request("The body has to be {\"login\",\"password\"}."))?
            .into()
    } else {
        call.body.clone()
    };
    let message = LoginPassword::decode(body)
        .map_err(|_| Refusal::bad_request("The body is not a LoginPassword."))?;
    if message.login.is_empty() || message.password.is_empty() {
        return Err(Refusal::bad_request("Login and Password are required."));
    }
    Ok((message.login, message.password))
}
