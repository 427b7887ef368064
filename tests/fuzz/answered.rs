//! What the sandbox answers to every endpoint, as it is and changed.
//!
//! *Invariant:* an answer is kept with the endpoint that gave it, whatever asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use allocation_counter::opt_out;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use podpis::transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use podpis::{SharedTransport, diadoc, extern_api};

use super::bytes::change_bytes;
use super::json::change_json;
use super::numbers::Numbers;
use super::protobuf::change_protobuf;
use crate::wire::is_at;

/// Answers by the endpoint's name.
type Answers = BTreeMap<&'static str, Vec<HttpResponse>>;

/// How many answers of an endpoint are kept.
const KEPT: usize = 8;

/// The endpoint that a request is for.
fn endpoint(request: &HttpRequest) -> Option<&'static str> {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let all = diadoc::endpoints::ALL
        .iter()
        .chain(extern_api::endpoints::ALL);
    all.copied()
        .find(|known| is_at(known, method, path))
        .map(|known| known.name)
}

/// Keeps what a service answers.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    wire: SharedTransport,
    answers: Arc<Mutex<Answers>>,
}

impl Recording {
    pub(super) fn over(wire: SharedTransport) -> Self {
        Self {
            wire,
            answers: Arc::default(),
        }
    }

    pub(super) fn answers(&self) -> Answers {
        self.answers.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Transport for Recording {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let endpoint = endpoint(&request);
        let answer = self.wire.execute(request).await?;
        if let Some(endpoint) = endpoint {
            let mut answers = self.answers.lock().unwrap();
            let known = answers.entry(endpoint).or_default();
            let is_new = known.iter().all(|one| one.body() != answer.body());
            if is_new && known.len() < KEPT {
                known.push(answer.clone());
            }
        }
        Ok(answer)
    }
}

/// Answers as a service did, but for changes.
#[derive(Clone, Debug)]
pub(super) struct Spoiling {
    answers: Arc<Answers>,
    talk: Arc<Mutex<Talk>>,
}

/// What is said, and by what it is decided.
#[derive(Debug)]
struct Talk {
    numbers: Numbers,
    said: Vec<u8>,
    asked: BTreeSet<&'static str>,
    /// One answer in so many is changed.
    changed: usize,
}

impl Spoiling {
    pub(super) fn new(answers: Answers) -> Self {
        Self {
            answers: Arc::new(answers),
            talk: Arc::new(Mutex::new(Talk {
                numbers: Numbers::of(0),
                said: Vec::new(),
                asked: BTreeSet::new(),
                changed: 1,
            })),
        }
    }

    /// From now on it is another input.
    pub(super) fn begin(&self, numbers: &mut Numbers) {
        let mut talk = self.talk.lock().unwrap();
        talk.numbers = Numbers::of(numbers.next());
        talk.said.clear();
        talk.changed = *numbers.one_of(&[1, 3, 10]);
    }

    /// All that was said since, one answer after the other.
    pub(super) fn said(&self) -> Vec<u8> {
        self.talk.lock().unwrap().said.clone()
    }

    /// Which endpoints were asked, by any input.
    pub(super) fn asked(&self) -> BTreeSet<&'static str> {
        self.talk.lock().unwrap().asked.clone()
    }

    fn answer(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let mut talk = self.talk.lock().unwrap();
        let talk = &mut *talk;
        let numbers = &mut talk.numbers;
        let known = endpoint(request).and_then(|name| {
            talk.asked.insert(name);
            self.answers.get(name)
        });
        let all: Vec<&Vec<HttpResponse>> = self.answers.values().collect();
        let any = *numbers.one_of(&all);
        let known = known.filter(|_| !numbers.once_in(12)).unwrap_or(any);
        let mut answer = numbers.one_of(known).clone();
        if numbers.once_in(talk.changed) {
            change(&mut answer, numbers.one_of(any).body(), numbers);
        }
        if numbers.once_in(60) {
            return None;
        }
        let head = format!("{} {:?}\n", answer.status(), answer.headers());
        talk.said.extend_from_slice(head.as_bytes());
        talk.said.extend_from_slice(answer.body());
        talk.said.push(b'\n');
        Some(answer)
    }
}

#[async_trait::async_trait]
impl Transport for Spoiling {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut answer = None;
        opt_out(|| answer = self.answer(&request));
        answer.ok_or_else(|| TransportError::new(TransportErrorKind::Timeout, Delivery::Unknown))
    }
}

const STATUSES: [u16; 26] = [
    200, 200, 200, 200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 402, 403, 404, 405, 408, 409,
    410, 413, 429, 500, 502, 503, 999,
];

/// Names and values of headers that mean something to a client.
const HEADERS: [(&str, &[&[u8]]); 9] = [
    (
        "content-type",
        &[
            b"application/json",
            b"text/html",
            b"text/plain; charset=windows-1251",
            b"\xff",
            b"a/b;;;=\"",
        ],
    ),
    (
        "retry-after",
        &[
            b"0",
            b"7",
            b"-1",
            b"99999999999999999999",
            b"1.5",
            b"Fri, 31 Dec 9999 23:59:59 GMT",
            b"\xd1\x8f",
        ],
    ),
    ("content-encoding", &[b"gzip", b"identity", b""]),
    (
        "content-range",
        &[
            b"bytes 0-3/4",
            b"bytes 5-3/4",
            b"bytes 0-18446744073709551615/18446744073709551615",
            b"bytes */0",
        ],
    ),
    ("content-length", &[b"0", b"18446744073709551615", b"x"]),
    ("location", &[b"https://example.com/", b"//", b"\xff"]),
    (
        "x-diadoc-errorcode",
        &[b"CloudCrypt.BadConfirmationCode", b"", b"\xe9"],
    ),
    ("x-kontur-trace-id", &[b"trace", b"\xff\xfe", b"\x7f\x80"]),
    ("sunset", &[b"Sat, 31 Dec 2050 23:59:59 GMT", b"never"]),
];

fn change(answer: &mut HttpResponse, other: &[u8], numbers: &mut Numbers) {
    if numbers.once_in(4) {
        *answer.status_mut() = StatusCode::from_u16(*numbers.one_of(&STATUSES)).unwrap();
    }
    if numbers.once_in(4) {
        let (name, values) = *numbers.one_of(&HEADERS);
        match HeaderValue::from_bytes(numbers.one_of::<&[u8]>(values)) {
            Ok(value) => drop(answer.headers_mut().insert(name, value)),
            Err(_) => drop(answer.headers_mut().remove(name)),
        }
    }
    if numbers.once_in(30) {
        let long = "a".repeat(numbers.below(20_000));
        answer
            .headers_mut()
            .insert(header::ETAG, long.parse().unwrap());
    }
    let mut body = answer.body().to_vec();
    for _ in 0..numbers.below(4) {
        match (body.first(), numbers.below(4)) {
            (_, 0) => change_bytes(&mut body, other, numbers),
            (Some(b'{' | b'[' | b'"'), _) => change_json(&mut body, other, numbers),
            _ => change_protobuf(&mut body, other, numbers),
        }
        body.truncate(64 * 1024);
    }
    *answer.body_mut() = Bytes::from(body);
}
