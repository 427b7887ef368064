//! Decides what `/_sandbox/*` and `/phone` do.
//!
//! **Invariant:** nothing here is part of a service: it is not recorded in the journal, not counted as open,
//! and no fault applies to it.

use std::time::Duration;

use http::{Method, StatusCode};
use podpis_transport::HttpRequest;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Handled, Refusal, Reply};
use crate::diadoc::{self, ENDPOINTS};
use crate::extern_api::{Endpoint, OperationEnd};
use crate::faults::Fault;
use crate::moment::Moment;
use crate::phone::{PersonError, PhoneInfo, PhoneMode};
use crate::world::World;

const PAGE: &str = include_str!("phone.html");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneForm {
    mode: Option<PhoneMode>,
    delay_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockForm {
    advance_ms: u64,
}

pub(crate) fn handle(world: &mut World, request: &HttpRequest, now: Moment) -> Handled {
    let path = request.uri().path().trim_end_matches('/');
    let mut steps = path.split('/').skip(1);
    let first = steps.next().unwrap_or_default();
    if first.eq_ignore_ascii_case("phone") {
        only(request, &Method::GET)?;
        return Ok(Reply::typed("text/html; charset=utf-8", PAGE));
    }
    let steps: Vec<&str> = steps.collect();
    let name = steps.first().map(|name| name.to_ascii_lowercase());
    let rest = steps.get(1..).unwrap_or_default();
    match (name.as_deref().unwrap_or_default(), rest) {
        ("health", []) => {
            only(request, &Method::GET)?;
            Ok(Reply::json(&json!({
                "status": "ok",
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "now_ms": milliseconds(now),
            })))
        }
        ("world", []) => {
            only(request, &Method::GET)?;
            Ok(Reply::json(&world.describe(now)))
        }
        ("ca.pem", []) => {
            only(request, &Method::GET)?;
            Ok(Reply::typed(
                "application/x-pem-file",
                world.shared.authority.pem().to_owned(),
            ))
        }
        ("messages", []) => {
            only(request, &Method::GET)?;
            Ok(Reply::json(&world.visible_messages(now)))
        }
        ("journal", []) => {
            only(request, &Method::GET)?;
            Ok(Reply::json(&json!({
                "counters": world.shared.journal.counters,
                "requests": world.shared.journal.requests(),
            })))
        }
        ("receipts", []) => {
            only(request, &Method::GET)?;
            Ok(Reply::json(&world.diadoc.receipts.all()))
        }
        ("documents", rest) => diadoc::show_documents(&world.diadoc(), request, rest),
        ("phone", []) => phone(world, request),
        ("operations", [id, act]) => operation(world, request, id, act, now),
        ("faults", []) => faults(world, request),
        ("faults", [id]) => {
            only(request, &Method::DELETE)?;
            if world.faults.remove(id) {
                Ok(done())
            } else {
                Err(Refusal::not_found("No fault has this id."))
            }
        }
        ("clock", []) => {
            only(request, &Method::POST)?;
            let form: ClockForm = form(request)?;
            let step = Duration::from_millis(form.advance_ms);
            world.advance(step);
            let now = now.after(step);
            world.settle(now);
            Ok(Reply::json(&json!({ "now_ms": milliseconds(now) })))
        }
        ("reset", []) => {
            only(request, &Method::POST)?;
            world.reset_at(now.before(world.clock_offset));
            Ok(done())
        }
        _ => Err(Refusal::not_found("The sandbox has nothing at this path.")),
    }
}

fn phone(world: &mut World, request: &HttpRequest) -> Handled {
    if request.method() != Method::GET {
        only(request, &Method::PUT)?;
        let form: PhoneForm = form(request)?;
        world.shared.phone.info = PhoneInfo {
            mode: form.mode.unwrap_or(world.shared.phone.info.mode),
            delay_ms: form.delay_ms.unwrap_or(world.shared.phone.info.delay_ms),
        };
    }
    Ok(Reply::json(&world.shared.phone.info))
}

fn operation(
    world: &mut World,
    request: &HttpRequest,
    id: &str,
    act: &str,
    now: Moment,
) -> Handled {
    only(request, &Method::POST)?;
    let acted = match act.to_ascii_lowercase().as_str() {
        "confirm" => world.confirm_at(id, now),
        "decline" => world.decline_at(id, now),
        "crash" => world.end_at(id, OperationEnd::Crashed, now),
        "exhaust" => world.end_at(id, OperationEnd::TooManyAttempts, now),
        _ => {
            return Err(Refusal::not_found(
                "A person can confirm or decline; a service can crash or exhaust.",
            ));
        }
    };
    acted.map(|()| done()).map_err(|error| {
        let status = match error {
            PersonError::UnknownOperation => StatusCode::NOT_FOUND,
            PersonError::NeedsCode | PersonError::NotWaiting => StatusCode::CONFLICT,
        };
        Refusal::new(status, error.to_string())
    })
}

fn faults(world: &mut World, request: &HttpRequest) -> Handled {
    match *request.method() {
        Method::GET => Ok(Reply::json(&world.faults.ids())),
        Method::DELETE => {
            world.faults.clear();
            Ok(done())
        }
        _ => {
            only(request, &Method::POST)?;
            let endpoints: Vec<(&str, bool)> = ENDPOINTS
                .iter()
                .map(|one| (one.name, one.is_scriptable()))
                .chain(Endpoint::names().map(|name| (name, false)))
                .collect();
            let fault: Fault = form(request)?;
            let id = world.inject(fault.checked(&endpoints).map_err(Refusal::bad_request)?);
            Ok(Reply::json(&json!({ "id": id })).status(StatusCode::CREATED))
        }
    }
}

fn done() -> Reply {
    Reply::json(&json!({ "status": "ok" }))
}

fn milliseconds(now: Moment) -> u64 {
    crate::milliseconds::of(now.since_epoch())
}

fn only(request: &HttpRequest, method: &Method) -> Result<(), Refusal> {
    if request.method() == method {
        Ok(())
    } else {
        Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("Use {method} here."),
        ))
    }
}

fn form<T: serde::de::DeserializeOwned>(request: &HttpRequest) -> Result<T, Refusal> {
    serde_json::from_slice(request.body())
        .map_err(|error| Refusal::bad_request(format!("The JSON is not understood: {error}")))
}
