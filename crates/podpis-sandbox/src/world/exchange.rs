//! Decides the way of one request through a world: route, faults before, handling, faults after, journal.
//!
//! **Invariant:** every request to a service leaves exactly one journal entry, and a fault changes only what it
//! says it changes.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use podpis_transport::{HttpRequest, HttpResponse};

use super::World;
use crate::answer::{Refusal, Reply, TRACE_ID};
use crate::call::Call;
use crate::control;
use crate::diadoc::{self, Endpoint};
use crate::extern_api::{self, Route};
use crate::faults::{DssScript, Effect, Fault, SignatureFault};
use crate::journal::RequestRecord;
use crate::moment::Moment;

/// What a skin has to do with a request that was put into a world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// How long the answer is held back.
    pub delay: Duration,
    /// What reaches the client.
    pub outcome: Outcome,
}

/// What reaches the client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// A complete answer.
    Answer(HttpResponse),
    /// An answer that breaks off.
    Truncated {
        /// The answer as it would have been.
        response: HttpResponse,
        /// How many bytes of its body arrive.
        sent: usize,
    },
    /// The connection ends without an answer.
    Dropped {
        /// Whether the service did its work first.
        handled: bool,
    },
    /// The connection stays open, and no answer ever comes.
    Hanging {
        /// Whether the service did its work first.
        handled: bool,
    },
    /// A complete answer, very slowly.
    Trickling {
        /// The answer as it will have been.
        response: HttpResponse,
        /// How long each byte of its body takes.
        every: Duration,
    },
    /// Nothing listens.
    Refused,
}

/// Whether a path belongs to a service, and not to the sandbox itself.
pub(crate) fn is_service_path(path: &str) -> bool {
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    let is_own = matches!(path.as_str(), "" | "/_sandbox" | "/phone");
    !(is_own || path.starts_with("/_sandbox/"))
}

/// A path with single slashes: clients in use send `//V6/…`.
fn collapsed(path: &str) -> Cow<'_, str> {
    if !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut single = String::with_capacity(path.len());
    for one in path.chars() {
        if one != '/' || !single.ends_with('/') {
            single.push(one);
        }
    }
    Cow::Owned(single)
}

/// All faults that hit one call, as one.
#[derive(Default)]
struct Misfortune {
    delay: Duration,
    retry_after: Option<u64>,
    signatures: Option<SignatureFault>,
    script: DssScript,
    revoke: bool,
    /// The first one that does something else.
    fault: Fault,
}

impl Misfortune {
    fn of(hits: Vec<Fault>) -> Self {
        let mut all = Self::default();
        for hit in hits {
            all.delay = all.delay.saturating_add(hit.delay);
            all.retry_after = all.retry_after.or(hit.retry_after);
            all.script = all.script.or(hit.script());
            match hit.effect() {
                Effect::Signatures => all.signatures = all.signatures.or(hit.change),
                Effect::RevokeTokens => all.revoke = true,
                _ if all.fault.effect() == Effect::Nothing => all.fault = hit,
                _ => {}
            }
        }
        all
    }
}

/// Which service and method a request is for.
enum Target<'a> {
    Diadoc(&'static Endpoint),
    /// A path of Diadoc, with another HTTP method.
    WrongMethod(&'static Endpoint),
    Extern(Route<'a>),
    Nothing,
}

impl<'a> Target<'a> {
    fn of(request: &HttpRequest, path: &'a str) -> Self {
        match diadoc::at(path) {
            Some(endpoint) if endpoint.method == *request.method() => Self::Diadoc(endpoint),
            Some(endpoint) => Self::WrongMethod(endpoint),
            None => {
                let route = extern_api::route(request.method(), path);
                route.map_or(Self::Nothing, Self::Extern)
            }
        }
    }

    /// The name of the method at this path.
    fn name(&self) -> Option<&'static str> {
        match self {
            Self::Diadoc(endpoint) | Self::WrongMethod(endpoint) => Some(endpoint.name),
            Self::Extern(Route::To(endpoint, _)) => Some(endpoint.name()),
            Self::Extern(_) | Self::Nothing => None,
        }
    }

    /// The name of the method that is called; none when the HTTP method is wrong.
    fn callable(&self) -> Option<&'static str> {
        self.name()
            .filter(|_| !matches!(self, Self::WrongMethod(_)))
    }
}

impl World {
    /// Handles one request and says what a skin has to do with the answer.
    #[must_use]
    pub fn exchange(&mut self, request: &HttpRequest, now: SystemTime) -> Exchange {
        let now = self.moment(now);
        self.settle(now);
        self.shared.trace = self.traces.trace();
        let mut exchange = if is_service_path(request.uri().path()) {
            self.serve(request, now)
        } else {
            let reply = control::handle(self, request, now).unwrap_or_else(Refusal::into_reply);
            Exchange {
                delay: Duration::ZERO,
                outcome: Outcome::Answer(reply.response),
            }
        };
        let trace = HeaderValue::try_from(self.shared.trace.as_str());
        if let (
            Outcome::Answer(response)
            | Outcome::Truncated { response, .. }
            | Outcome::Trickling { response, .. },
            Ok(trace),
        ) = (&mut exchange.outcome, trace)
        {
            response.headers_mut().insert(TRACE_ID, trace);
        }
        exchange
    }

    fn serve(&mut self, request: &HttpRequest, now: Moment) -> Exchange {
        let path = request.uri().path();
        let called = collapsed(path).to_ascii_lowercase();
        let target = Target::of(request, &called);
        let misfortune = match target.callable() {
            Some(name) => Misfortune::of(self.faults.hit(name, now)),
            None => Misfortune::default(),
        };
        if misfortune.revoke {
            self.revoke_tokens();
        }
        let reply = if misfortune.fault.stops_handling() {
            Reply::empty()
        } else {
            self.answer(request, &target, &misfortune, now)
        };
        let operation = reply.operation;
        let exchange = apply(misfortune, reply.response);
        self.shared.journal.record(RequestRecord {
            method: request.method().as_str().to_owned(),
            path: path.to_owned(),
            endpoint: target.name().map(str::to_owned),
            status: match &exchange.outcome {
                Outcome::Answer(response) | Outcome::Trickling { response, .. } => {
                    Some(response.status().as_u16())
                }
                _ => None,
            },
            operation,
        });
        exchange
    }

    fn answer(
        &mut self,
        request: &HttpRequest,
        target: &Target<'_>,
        misfortune: &Misfortune,
        now: Moment,
    ) -> Reply {
        let script = misfortune.script.clone();
        let call = Call::of(request, now, misfortune.signatures, script);
        match target {
            Target::Nothing => Refusal::not_found("There is no method at this path.").into_reply(),
            Target::WrongMethod(endpoint) => {
                let allow = endpoint.method.as_str();
                Refusal::method_not_allowed("Wrong HTTP method.", allow).into_reply()
            }
            Target::Extern(route) => {
                extern_api::handle(&mut self.external(), route, request.uri().path(), call)
            }
            Target::Diadoc(endpoint) => diadoc::handle(&mut self.diadoc(), endpoint, call),
        }
    }
}

fn apply(misfortune: Misfortune, mut response: HttpResponse) -> Exchange {
    let fault = misfortune.fault;
    let effect = fault.effect();
    if effect == Effect::Answer {
        response = HttpResponse::new(fault.body.clone().unwrap_or_default());
        *response.status_mut() = match fault.status {
            None => StatusCode::OK,
            Some(number) => {
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        if let Some(Ok(value)) = fault.content_type.as_deref().map(HeaderValue::try_from) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        if response.status() == StatusCode::NO_CONTENT {
            *response.body_mut() = Bytes::new();
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(1_u64));
        }
    }
    if let Some(seconds) = misfortune.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let outcome = match effect {
        Effect::DropBefore => Outcome::Dropped { handled: false },
        Effect::DropAfter => Outcome::Dropped { handled: true },
        Effect::HangBefore => Outcome::Hanging { handled: false },
        Effect::HangAfter => Outcome::Hanging { handled: true },
        Effect::Trickle => Outcome::Trickling {
            response,
            every: fault.every(),
        },
        Effect::RefuseConnection => Outcome::Refused,
        Effect::Truncate => Outcome::Truncated {
            response,
            sent: fault.bytes.unwrap_or_default(),
        },
        _ => Outcome::Answer(response),
    };
    Exchange {
        delay: misfortune.delay,
        outcome,
    }
}
