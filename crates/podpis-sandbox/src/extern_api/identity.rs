//! Decides how the identity service gives out tokens.
//!
//! **Invariant:** every refusal is 400 and JSON with an `error`, as the service and RFC 6749 have it; a code, a
//! device code and a refresh token are good for one answer with a token.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::identity_store::{Device, DeviceStage, Grant};
use super::seed::{API_KEY, CLIENT_ID};
use crate::answer::Reply;
use crate::phone::{MessageKind, PhoneMode, Sent};
use crate::query::Query;
use crate::world::{API_CLIENT_ID, World};

const CODE_LIFE: Duration = Duration::from_secs(300);
/// The code flow gives shorter tokens than a password does.
const CODE_FLOW_TOKEN_LIFE: Duration = Duration::from_secs(3600);
const REFRESH_LIFE: Duration = Duration::from_secs(45 * 24 * 60 * 60);
const INTERVAL: u64 = 3;
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
pub(super) fn token(world: &mut World, call: &Call<'_>) -> Reply {
    match grant(world, call) {
        Ok(body) => no_store(Reply::json(&body)),
        Err(refused) => refuse(refused),
    }
}

/// `POST /connect/deviceauthorization`.
pub(super) fn device(world: &mut World, call: &Call<'_>) -> Reply {
    let form = Query::of_form(call.body);
    if let Err(refused) = client(call, &form) {
        return refuse(refused);
    }
    let operation = world.ids.guid();
    let code = world.ids.trace();
    let user_code = world.ids.code(8);
    let phone = world.phone;
    let acts = match phone.mode {
        PhoneMode::Confirm => Some((call.now.after(phone.delay), true)),
        PhoneMode::Decline => Some((call.now.after(phone.delay), false)),
        _ => None,
    };
    if phone.mode != PhoneMode::Silent {
        let to = world.users.first().map(|user| user.phone);
        world.outbox.push(Sent {
            kind: MessageKind::Push,
            operation: operation.clone(),
            to: to.unwrap_or_default().to_owned(),
            text: format!("Вход в программу. Код на её экране: {user_code}."),
            code: None,
            visible_at: call.now.after(phone.delay),
        });
    }
    world.external.identities.devices.push(Device {
        operation: operation.clone(),
        code: code.clone(),
        until: call.now.after(CODE_LIFE),
        acts,
        stage: DeviceStage::Waiting,
        interval: INTERVAL,
        last_poll: None,
    });
    let page = format!("{}/phone", call.base);
    no_store(Reply::json(&json!({
        "device_code": code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": page,
        "interval": INTERVAL,
        "expires_in": CODE_LIFE.as_secs(),
    })))
    .about(&operation)
}

/// `GET /connect/authorize`: the first user is logged in and agrees.
pub(super) fn authorize(world: &mut World, call: &Call<'_>) -> Reply {
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
    let code = world.ids.trace();
    let grant = Grant {
        user: 0,
        until: call.now.after(CODE_LIFE),
        redirect_uri: Some(target.to_owned()),
    };
    world.external.identities.codes.insert(code.clone(), grant);
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

fn grant(world: &mut World, call: &Call<'_>) -> Result<Value, Refused> {
    let form = Query::of_form(call.body);
    client(call, &form)?;
    let invalid = |text| ("invalid_grant", text);
    let life = world.options.token_life;
    let (user, life) = match form.optional("grant_type").unwrap_or_default() {
        "password" => {
            scope(&form)?;
            let login = form.optional("username").unwrap_or_default();
            let password = form.optional("password").unwrap_or_default();
            let user = world
                .users
                .iter()
                .position(|user| {
                    user.login.eq_ignore_ascii_case(login) && user.password == password
                })
                .ok_or_else(|| invalid("Wrong username or password."))?;
            (user, life)
        }
        "refresh_token" => {
            let token = form.optional("refresh_token").unwrap_or_default();
            let grant = world
                .external
                .identities
                .refresh
                .remove(token)
                .filter(|grant| call.now < grant.until)
                .ok_or_else(|| invalid("The refresh token is unknown, used or too old."))?;
            (grant.user, life)
        }
        "authorization_code" => {
            let code = form.optional("code").unwrap_or_default();
            let grant = world
                .external
                .identities
                .codes
                .remove(code)
                .filter(|grant| call.now < grant.until)
                .filter(|grant| grant.redirect_uri.as_deref() == form.optional("redirect_uri"))
                .ok_or_else(|| invalid("The code is unknown, used or of another redirect_uri."))?;
            (grant.user, life.min(CODE_FLOW_TOKEN_LIFE))
        }
        DEVICE_GRANT => (device_user(world, call, &form)?, life),
        "" => return Err(("invalid_request", "grant_type is missing.")),
        _ => {
            return Err((
                "unsupported_grant_type",
                "The sandbox does not offer this grant.",
            ));
        }
    };
    Ok(issue(world, call, user, life, &form))
}

fn device_user(world: &mut World, call: &Call<'_>, form: &Query<'_>) -> Result<usize, Refused> {
    let code = form.optional("device_code").unwrap_or_default();
    let device = world
        .external
        .identities
        .devices
        .iter_mut()
        .find(|known| known.code == code)
        .ok_or(("invalid_grant", "The device code is unknown."))?;
    match device.stage {
        DeviceStage::Confirmed => {
            device.stage = DeviceStage::Used;
            return Ok(0);
        }
        DeviceStage::Declined => return Err(("access_denied", "The person declined.")),
        DeviceStage::Expired => return Err(("expired_token", "The device code is too old.")),
        DeviceStage::Used => return Err(("invalid_grant", "The device code was used.")),
        DeviceStage::Waiting => {}
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

fn issue(
    world: &mut World,
    call: &Call<'_>,
    user: usize,
    life: Duration,
    form: &Query<'_>,
) -> Value {
    let access = [world.ids.trace(), world.ids.trace()].concat();
    let refresh = world.ids.trace();
    let until = |life| Grant {
        user,
        until: call.now.after(life),
        redirect_uri: None,
    };
    let identities = &mut world.external.identities;
    identities.access.insert(access.clone(), until(life));
    identities
        .refresh
        .insert(refresh.clone(), until(REFRESH_LIFE));
    let mut body = Map::new();
    body.insert("access_token".to_owned(), json!(access));
    body.insert(
        world
            .options
            .external
            .spelling
            .token_lifetime_field()
            .to_owned(),
        json!(life.as_secs()),
    );
    body.insert("token_type".to_owned(), json!("Bearer"));
    body.insert("refresh_token".to_owned(), json!(refresh));
    if let Some(scope) = form.optional("scope") {
        body.insert("scope".to_owned(), json!(scope));
    }
    Value::Object(body)
}

/// The client id and the api key, in the form or as Basic authentication.
fn client(call: &Call<'_>, form: &Query<'_>) -> Result<(), Refused> {
    let basic = call
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Basic"))
        .and_then(|(_, rest)| STANDARD.decode(rest.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let in_basic = basic.as_deref().and_then(|pair| pair.split_once(':'));
    let id = form.optional("client_id").or(in_basic.map(|(id, _)| id));
    let secret = form
        .optional("client_secret")
        .or(in_basic.map(|(_, secret)| secret));
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
    let known = form
        .optional("scope")
        .unwrap_or_default()
        .split(' ')
        .any(|scope| SCOPES.contains(&scope));
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
