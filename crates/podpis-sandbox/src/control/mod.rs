//! Decides what `/`, `/_sandbox/*` and `/phone` do.
//!
//! **Invariant:** nothing here is part of a service: it is not recorded in the journal, not counted as open,
//! and no fault applies to it.

use std::time::Duration;

use http::StatusCode;
use podpis_transport::HttpRequest;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Handled, Needed as _, Refusal, Reply};
use crate::diadoc::{self, ENDPOINTS};
use crate::extern_api::{Endpoint, OperationEnd};
use crate::faults::Fault;
use crate::moment::Moment;
use crate::phone::{PersonError, PhoneMode, Told};
use crate::scenario::Scenario;
use crate::world::World;

/// Where a page is told the news of the phone: over HTTP the answer goes on for as long as the page is there.
pub(crate) const EVENTS: &str = "/_sandbox/events";

const INDEX: &str = include_str!("index.html");
const PHONE: &str = include_str!("phone/page.html");
const PHONE_STYLE: &str = include_str!("phone/style.css");
const PHONE_WORDS: &str = include_str!("phone/words.js");
const PHONE_PROGRAM: &str = include_str!("phone/page.js");
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const MANUAL: &str = include_str!("../../README.md");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneForm {
    mode: Option<PhoneMode>,
    delay_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioForm {
    name: Scenario,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockForm {
    advance_ms: u64,
}

pub(crate) fn handle(world: &mut World, request: &HttpRequest, now: Moment) -> Handled {
    let path = request.uri().path().trim_end_matches('/');
    let mut steps = path.strip_prefix('/').unwrap_or(path).split('/');
    let first = steps.next().unwrap_or_default().to_ascii_lowercase();
    let rest: Vec<&str> = steps.collect();
    let name = rest.first().unwrap_or(&"").to_ascii_lowercase();
    let (name, rest) = match first.as_str() {
        "" => ("index.html", [].as_slice()),
        "phone" => ("phone.html", [].as_slice()),
        _ => (name.as_str(), rest.get(1..).unwrap_or_default()),
    };
    Ok(match (request.method().as_str(), name, rest) {
        ("GET", "index.html", []) => Reply::typed("text/html; charset=utf-8", INDEX),
        ("GET", "phone.html", []) => Reply::typed("text/html; charset=utf-8", PHONE),
        ("GET", "manual", []) => Reply::typed("text/plain; charset=utf-8", MANUAL),
        ("GET", "health", []) => Reply::json(&json!({
            "status": "ok",
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "now_ms": milliseconds(now),
        })),
        ("GET", "world", []) => Reply::json(&world.describe(now)),
        ("GET", "ca.pem", []) | ("GET", "ca", ["root.pem"]) => {
            Reply::typed("application/x-pem-file", world.shared.authority.pem())
        }
        ("GET", "ca", [file]) => file_of_authority(world, file, now)?,
        ("POST", "certificates", [thumbprint, "revoke"]) => {
            if !world.revoke(thumbprint, now) {
                return Err(Refusal::not_found(
                    "No authority of the sandbox has issued a certificate with this thumbprint.",
                ));
            }
            done()
        }
        ("GET", "page", ["phone.css"]) => Reply::typed("text/css; charset=utf-8", PHONE_STYLE),
        ("GET", "page", ["words.js"]) => Reply::typed(JAVASCRIPT, PHONE_WORDS),
        ("GET", "page", ["phone.js"]) => Reply::typed(JAVASCRIPT, PHONE_PROGRAM),
        ("GET", "page", [_]) => return Err(Refusal::not_found("The page has no such part.")),
        ("GET", "events", []) => {
            let all = world.news(&mut Told::default(), now);
            Reply::typed("text/event-stream", all.unwrap_or_default())
        }
        ("GET", "messages", []) => Reply::json(&world.visible_messages(now)),
        ("GET", "journal", []) => Reply::json(&json!({
            "counters": world.shared.journal.counters,
            "requests": world.shared.journal.requests(),
        })),
        ("GET", "receipts", []) => Reply::json(&world.diadoc.receipts.all()),
        ("GET", "documents", rest) => diadoc::show_documents(&world.diadoc(), rest)?,
        ("GET", "phone", []) => Reply::json(&world.shared.phone.info),
        ("PUT", "phone", []) => {
            let form: PhoneForm = form(request)?;
            let mut phone = world.shared.phone.info;
            phone.mode = form.mode.unwrap_or(phone.mode);
            phone.delay_ms = form.delay_ms.unwrap_or(phone.delay_ms);
            world.set_phone(phone, now);
            Reply::json(&phone)
        }
        ("POST", "operations", [id, act]) => operation(world, id, act, now)?,
        ("GET", "faults", []) => Reply::json(&world.faults.ids()),
        ("POST", "faults", []) => inject(world, form(request)?)?,
        ("DELETE", "faults", []) => {
            world.faults.clear();
            done()
        }
        ("DELETE", "faults", [id]) if world.faults.remove(id) => done(),
        ("DELETE", "faults", [_]) => return Err(Refusal::not_found("No fault has this id.")),
        ("GET", "scenario", []) => Reply::json(&json!({
            "name": world.scenario,
            "known": Scenario::ALL,
        })),
        ("PUT", "scenario", []) => {
            let form: ScenarioForm = form(request)?;
            world.play(form.name);
            Reply::json(&json!({ "name": world.scenario }))
        }
        ("POST", "clock", []) => {
            let form: ClockForm = form(request)?;
            let step = Duration::from_millis(form.advance_ms);
            world.advance(step);
            let now = now.after(step);
            world.settle(now);
            Reply::json(&json!({ "now_ms": milliseconds(now) }))
        }
        ("POST", "reset", []) => {
            world.reset_at(now.before(world.clock_offset));
            done()
        }
        _ => return Err(other(name, rest)),
    })
}

/// A wrong method, or a wrong path.
fn other(name: &str, rest: &[&str]) -> Refusal {
    let method = match (name, rest) {
        ("index.html" | "phone.html" | "manual" | "health" | "world" | "ca.pem", [])
        | ("messages" | "events" | "journal" | "receipts", []) => "GET",
        ("documents", _) | ("ca" | "page", [_]) => "GET",
        ("phone" | "scenario", []) => "PUT",
        ("faults" | "clock" | "reset", [])
        | ("operations", [_, _])
        | ("certificates", [_, "revoke"]) => "POST",
        ("faults", [_]) => "DELETE",
        _ => return Refusal::not_found("The sandbox has nothing at this path."),
    };
    let text = format!("Use {method} here.");
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, text)
}

fn operation(world: &mut World, id: &str, act: &str, now: Moment) -> Handled {
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

fn file_of_authority(world: &World, name: &str, now: Moment) -> Handled {
    let life = world.shared.options.list_life;
    let file = world.shared.authority.file(name, now, life);
    let file = file.or_not_found("The authorities have no file of this name.")??;
    let content_type = if name.ends_with(".crl") {
        "application/pkix-crl"
    } else {
        "application/pkix-cert"
    };
    Ok(Reply::typed(content_type, file))
}

fn inject(world: &mut World, fault: Fault) -> Handled {
    let endpoints: Vec<(&str, bool)> = ENDPOINTS
        .iter()
        .map(|one| (one.name, one.is_scriptable()))
        .chain(Endpoint::names().map(|name| (name, false)))
        .collect();
    let id = world.inject(fault.checked(&endpoints).map_err(Refusal::bad_request)?);
    Ok(Reply::json(&json!({ "id": id })).status(StatusCode::CREATED))
}

fn done() -> Reply {
    Reply::json(&json!({ "status": "ok" }))
}

fn milliseconds(now: Moment) -> u64 {
    crate::milliseconds::of(now.since_epoch())
}

fn form<T: serde::de::DeserializeOwned>(request: &HttpRequest) -> Handled<T> {
    serde_json::from_slice(request.body())
        .map_err(|error| Refusal::bad_request(format!("The JSON is not understood: {error}")))
}
