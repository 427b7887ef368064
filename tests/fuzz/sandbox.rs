//! Requests to the sandbox: those of every conversation, and those by which it is controlled.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::{Method, Uri};
use podpis::transport::HttpRequest;
use podpis_sandbox::{Sandbox, WorldOptions};

use super::bytes::change_bytes;
use super::corpus::{below, records};
use super::json::change_json;
use super::numbers::Numbers;
use super::protobuf::change_protobuf;
use super::run::{Bound, Linear, Tried, fuzz};
use crate::guarantees::records_of_earlier_versions_go_on::conversation::Conversation;

/// What a request costs is in proportion to the world and not only to the request: a list of certificates is answered in full.
/// An input has up to 110 requests.
const BOUND: Bound = Bound {
    allocations: Linear {
        least: 20_000,
        per_byte: 20,
    },
    bytes: Linear {
        least: 60_000_000,
        per_byte: 2_000,
    },
};

const CONTROL: [(&str, &str, &str); 18] = [
    ("GET", "/_sandbox/world", ""),
    ("GET", "/_sandbox/messages", ""),
    ("GET", "/_sandbox/journal", ""),
    ("GET", "/_sandbox/documents", ""),
    ("GET", "/_sandbox/receipts", ""),
    ("GET", "/_sandbox/ca/root.crl", ""),
    ("GET", "/_sandbox/faults", ""),
    ("DELETE", "/_sandbox/faults", ""),
    (
        "PUT",
        "/_sandbox/phone",
        r#"{"mode":"confirm","delay_ms":5}"#,
    ),
    ("PUT", "/_sandbox/scenario", r#"{"name":"declined"}"#),
    ("PUT", "/_sandbox/scenario", r#"{"name":"outage"}"#),
    ("POST", "/_sandbox/clock", r#"{"advance_ms":60000}"#),
    ("POST", "/_sandbox/reset", ""),
    ("POST", "/_sandbox/operations/1/confirm", ""),
    (
        "POST",
        "/_sandbox/faults",
        r#"{"endpoint":"CloudSign","call":1,"status":503}"#,
    ),
    (
        "POST",
        "/_sandbox/faults",
        r#"{"endpoint":"DssSignResult","operation_status":5}"#,
    ),
    (
        "POST",
        "/_sandbox/faults",
        r#"{"endpoint":"Drafts","delay_ms":10,"drop":"after"}"#,
    ),
    ("POST", "/_sandbox/certificates/00/revoke", ""),
];

const BASE: &str = "http://localhost";

fn seeds() -> Vec<HttpRequest> {
    let conversations = below(&records().join("conversations"), ".jsonl");
    let mut seeds: Vec<HttpRequest> = Vec::new();
    for text in conversations {
        let conversation = Conversation::read(std::str::from_utf8(&text).unwrap());
        seeds.extend(conversation.requests(BASE));
    }
    for (method, path, body) in CONTROL {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{BASE}{path}"));
        // As often as those of all conversations together.
        let request = request.body(Bytes::from(body)).unwrap();
        seeds.extend(std::iter::repeat_n(request, 20));
    }
    seeds
}

fn change(request: &mut HttpRequest, other: &HttpRequest, numbers: &mut Numbers) {
    if numbers.once_in(12) {
        let methods = [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::OPTIONS,
        ];
        *request.method_mut() = numbers.one_of(&methods).clone();
    }
    if numbers.once_in(4) {
        let mut path = request
            .uri()
            .path_and_query()
            .unwrap()
            .as_str()
            .as_bytes()
            .to_vec();
        let theirs = other.uri().path_and_query().unwrap().as_str().as_bytes();
        change_bytes(&mut path, theirs, numbers);
        path.truncate(4_000);
        let uri = [BASE.as_bytes(), b"/", path.trim_ascii_start()].concat();
        if let Ok(uri) = Uri::try_from(uri) {
            *request.uri_mut() = uri;
        }
    }
    if numbers.once_in(10) {
        *request.headers_mut() = other.headers().clone();
    }
    let mut body = request.body().to_vec();
    for _ in 0..numbers.below(4) {
        match (body.first(), numbers.below(4)) {
            (_, 0) => change_bytes(&mut body, other.body(), numbers),
            (Some(b'{' | b'['), _) => change_json(&mut body, other.body(), numbers),
            _ => change_protobuf(&mut body, other.body(), numbers),
        }
        body.truncate(64 * 1024);
    }
    *request.body_mut() = Bytes::from(body);
}

pub(super) fn sandbox_requests() {
    let now = UNIX_EPOCH + Duration::from_secs(1_795_000_000);
    let sandbox = Sandbox::with_time(WorldOptions::default(), move || now);
    let seeds = seeds();
    fuzz("sandbox_requests", 6, BOUND, |numbers| {
        // A world takes a while to make, so there are many requests to each.
        sandbox.reset();
        let mut requests = Vec::new();
        for _ in 0..10 + numbers.below(100) {
            let mut request = numbers.one_of(&seeds).clone();
            change(&mut request, numbers.one_of(&seeds), numbers);
            requests.push(request);
        }
        let mut input = Vec::new();
        for request in &requests {
            let head = format!(
                "{} {} {:?}\n",
                request.method(),
                request.uri(),
                request.headers()
            );
            input.extend_from_slice(head.as_bytes());
            input.extend_from_slice(request.body());
            input.push(b'\n');
        }
        Tried::new(input, |_| {
            for request in &requests {
                drop(sandbox.handle(request));
            }
        })
    });
}
