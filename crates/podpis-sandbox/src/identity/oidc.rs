//! Decides how the identity service gives out tokens.
//!
//! **Invariant:** every refusal is 400 and JSON with an `error`, as the service and RFC 6749 have it; a code, a
//! device code and a refresh token are good for one answer with a token.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::people::{API_CLIENT_ID, API_KEY, CLIENT_ID};
use super::portal;
use super::store::{CODE_LIFE, Device, Grant, Kind};
use crate::answer::{Handled, Reply};
use crate::call::Call;
use crate::phone::{Asked, End, Line, MessageKind, Operation, Purpose, Service, Stage};
use crate::query::Query;
use crate::room::Shared;

/// The code flow gives shorter tokens than a password does.
const CODE_FLOW_TOKEN_LIFE: Duration = Duration::from_secs(3600);
const REFRESH_LIFE: Duration = Duration::from_secs(45 * 24 * 60 * 60);
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The scopes of both services; one token opens both, whichever it was asked for.
const SCOPES: [&str; 4] = [
    "extern.api",
    "extern.test-tools",
    "Diadoc.PublicAPI",
    "Diadoc.PublicAPI.Staging",
];

/// A refusal of the identity service.
type Refused = (&'static str, &'static str);

/// `POST /connect/token`.
pub(crate) fn token(shared: &mut Shared, call: &Call) -> Reply {
    match grant(shared, call) {
        Ok(body) => no_store(Reply::json(&body)),
        Err(refused) => refuse(refused),
    }
}

/// `POST /connect/deviceauthorization`.
pub(crate) fn device(shared: &mut Shared, call: &Call) -> Reply {
    let form = Query::of_form(call.body);
    if let Err(refused) = client(call, &form) {
        return refuse(refused);
    }
    let operation = shared.ids.guid();
    let code = shared.ids.trace();
    let user_code = shared.ids.code(8);
    let interval = shared.options.login_interval.as_secs();
    let login = Operation::new(
        MessageKind::Push,
        (operation.clone(), Vec::new()),
        (0, String::new()),
        (call.now, call.now),
        (
            Device {
                user_code: user_code.clone(),
                interval,
                last_poll: None,
                used: false,
            },
            Asked {
                service: Service::Identity,
                purpose: Purpose::Login,
                person: shared.name(0),
                files: Vec::new(),
                screen_code: Some(user_code.clone()),
            },
        ),
    );
    let line = Line {
        phone: &mut shared.phone,
        counters: &mut shared.journal.counters,
    };
    let devices = &mut shared.identity.devices;
    let place = devices.begin(login, call.now, line);
    devices.call(place, &code);
    let page = format!("{}/phone", call.base);
    no_store(Reply::json(&json!({
        "device_code": code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": page,
        "interval": interval,
        "expires_in": CODE_LIFE.as_secs(),
    })))
    .about(&operation)
}

/// `POST /authentication/certificate`: what the key of a certificate has to decrypt for the grant of that name.
pub(crate) fn certificate(shared: &mut Shared, call: &Call) -> Handled {
    let form = Query::of_form(call.body);
    if let Err(refused) = client(call, &form) {
        return Ok(refuse(refused));
    }
    let der = STANDARD.decode(form.optional("public_key").unwrap_or_default());
    let (der, free) = (der.unwrap_or_default(), form.flag("free")?);
    Ok(match portal::challenge(shared, &der, free, call.now)? {
        Ok((encrypted, _)) => no_store(Reply::json(&json!({
            "encrypted_key": encrypted,
            "trusted_thumbprints": null,
        }))),
        Err(code) => refuse(("invalid_grant", code)),
    })
}

/// `GET /connect/authorize`: the first user is logged in and agrees.
pub(crate) fn authorize(shared: &mut Shared, call: &Call) -> Reply {
    let query = &call.query;
    if !is_known(query.optional("client_id")) {
        return refuse(("unauthorized_client", "client_id is unknown."));
    }
    if query.optional("response_type") != Some("code") {
        return refuse(("unsupported_response_type", "Only code is offered."));
    }
    let target = query.optional("redirect_uri").unwrap_or_default();
    let Ok(mut location) = url::Url::parse(target) else {
        return refuse(("invalid_request", "redirect_uri is missing or malformed."));
    };
    let code = shared.ids.trace();
    shared.identity.add(Grant {
        token: code.clone(),
        kind: Kind::Code {
            redirect_uri: target.to_owned(),
        },
        user: 0,
        until: call.now.after(CODE_LIFE),
    });
    location.query_pairs_mut().append_pair("code", &code);
    for name in ["state", "scope"] {
        if let Some(value) = query.optional(name) {
            location.query_pairs_mut().append_pair(name, value);
        }
    }
    let mut reply = Reply::empty().status(StatusCode::FOUND);
    if let Ok(value) = HeaderValue::try_from(location.as_str()) {
        reply.response.headers_mut().insert(header::LOCATION, value);
    }
    reply
}

fn grant(shared: &mut Shared, call: &Call) -> Result<Value, Refused> {
    let form = Query::of_form(call.body);
    client(call, &form)?;
    let invalid = |text| ("invalid_grant", text);
    let life = shared.options.token_life;
    let (user, life) = match form.optional("grant_type").unwrap_or_default() {
        "password" => {
            scope(&form)?;
            let login = form.optional("username").unwrap_or_default();
            let password = form.optional("password").unwrap_or_default();
            let user = shared.by_password(login, password);
            (user.ok_or(invalid("Wrong username or password."))?, life)
        }
        "certificate" => {
            scope(&form)?;
            let key = STANDARD.decode(form.optional("decrypted_key").unwrap_or_default());
            let thumbprint = form.optional("thumbprint").unwrap_or_default();
            let key = key.unwrap_or_default();
            let user = portal::opened(shared, thumbprint, &key, call.now);
            (user.map_err(invalid)?, life)
        }
        "refresh_token" => {
            let token = form.optional("refresh_token").unwrap_or_default();
            let grant = shared.identity.take(token, |kind| *kind == Kind::Refresh);
            let grant = grant.filter(|grant| call.now < grant.until);
            let unknown = invalid("The refresh token is unknown, used or too old.");
            (grant.ok_or(unknown)?.user, life)
        }
        "authorization_code" => {
            let code = form.optional("code").unwrap_or_default();
            let is_code = |kind: &Kind| matches!(kind, Kind::Code { .. });
            let grant = shared.identity.take(code, is_code).filter(|grant| {
                let target = form.optional("redirect_uri").unwrap_or_default();
                let redirect_uri = target.to_owned();
                call.now < grant.until && grant.kind == Kind::Code { redirect_uri }
            });
            let unknown = invalid("The code is unknown, used or of another redirect_uri.");
            (grant.ok_or(unknown)?.user, life.min(CODE_FLOW_TOKEN_LIFE))
        }
        DEVICE_GRANT => (device_user(shared, call, &form)?, life),
        "" => return Err(("invalid_request", "grant_type is missing.")),
        _ => {
            return Err((
                "unsupported_grant_type",
                "The sandbox does not offer this grant.",
            ));
        }
    };
    Ok(issue(shared, call, user, life, &form))
}

fn device_user(shared: &mut Shared, call: &Call, form: &Query<'_>) -> Result<usize, Refused> {
    let code = form.optional("device_code").unwrap_or_default();
    let unknown = ("invalid_grant", "The device code is unknown.");
    let devices = &mut shared.identity.devices;
    let place = devices.find(code, |known| known.id != code);
    let place = place.ok_or(unknown)?;
    let login = devices.get_mut(place).ok_or(unknown)?;
    let device = &mut login.work;
    match login.stage {
        Stage::Confirmed { .. } if device.used => {
            return Err(("invalid_grant", "The device code was used."));
        }
        Stage::Confirmed { .. } => {
            device.used = true;
            return Ok(0);
        }
        Stage::Ended(End::Declined) => return Err(("access_denied", "The person declined.")),
        Stage::Ended(_) => return Err(("expired_token", "The device code is too old.")),
        _ => {}
    }
    let early = device
        .last_poll
        .is_some_and(|last| last.until(call.now) < Duration::from_secs(device.interval));
    device.last_poll = Some(call.now);
    if early {
        device.interval = device.interval.saturating_add(5);
        return Err(("slow_down", "Too early; wait five seconds longer."));
    }
    Err(("authorization_pending", "The person has not acted yet."))
}

fn issue(shared: &mut Shared, call: &Call, user: usize, life: Duration, form: &Query<'_>) -> Value {
    let access = [shared.ids.trace(), shared.ids.trace()].concat();
    let refresh = shared.ids.trace();
    for (token, kind, life) in [
        (&access, Kind::Access, life),
        (&refresh, Kind::Refresh, REFRESH_LIFE),
    ] {
        shared.identity.add(Grant {
            token: token.clone(),
            kind,
            user,
            until: call.now.after(life),
        });
    }
    let spelling = shared.options.extern_options.spelling;
    let lifetime = spelling.token_lifetime_field();
    let mut body = json!({
        "access_token": access,
        lifetime: life.as_secs(),
        "token_type": "Bearer",
        "refresh_token": refresh,
    });
    if let Some(scope) = form.optional("scope") {
        body["scope"] = json!(scope);
    }
    body
}

/// The client id and the api key, in the form or as Basic authentication.
fn client(call: &Call, form: &Query<'_>) -> Result<(), Refused> {
    let basic = call
        .header(&header::AUTHORIZATION)
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Basic"))
        .and_then(|(_, rest)| STANDARD.decode(rest.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let in_basic = basic.as_deref().and_then(|pair| pair.split_once(':'));
    let id = form.optional("client_id").or(in_basic.map(|(id, _)| id));
    let secret = form.optional("client_secret");
    let secret = secret.or(in_basic.map(|(_, secret)| secret));
    if is_known(id) && secret.is_some_and(|key| key.eq_ignore_ascii_case(API_KEY)) {
        Ok(())
    } else {
        Err(("invalid_client", "client_id or client_secret is wrong."))
    }
}

/// Programs for Diadoc log in under the client id that Diadoc knows.
fn is_known(client_id: Option<&str>) -> bool {
    client_id == Some(CLIENT_ID) || client_id == Some(API_CLIENT_ID)
}

fn scope(form: &Query<'_>) -> Result<(), Refused> {
    let mut form = form.optional("scope").unwrap_or_default().split(' ');
    let known = form.any(|scope| SCOPES.contains(&scope));
    if known {
        Ok(())
    } else {
        Err((
            "invalid_scope",
            "scope has to hold extern.api or Diadoc.PublicAPI.",
        ))
    }
}

fn refuse((error, description): Refused) -> Reply {
    no_store(
        Reply::json(&json!({ "error": error, "error_description": description }))
            .status(StatusCode::BAD_REQUEST),
    )
}

fn no_store(mut reply: Reply) -> Reply {
    reply
        .response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
