//! A server that answers as it is told, and keeps what it was sent.
//!
//! **Invariant:** requests go over real HTTP and are kept as they arrived, with every header; time is manual.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use podpis::diadoc::endpoints;
use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin, ReqwestTransport};
use podpis_core::wait::ManualTime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::stage::Recorder;

/// What the transport adds by itself, whatever is sent.
const OF_THE_TRANSPORT: [(&str, &str); 2] = [
    ("accept", "*/*"),
    ("user-agent", concat!("podpis/", env!("CARGO_PKG_VERSION"))),
];

/// Before login.
pub(super) const CLIENT: &str = "DiadocAuth ddauth_api_client_id=client-1";
/// After the first login.
pub(super) const LOGGED_IN: &str = "DiadocAuth ddauth_api_client_id=client-1,ddauth_token=a+B/1==";
/// After the second.
pub(super) const RENEWED: &str = "DiadocAuth ddauth_api_client_id=client-1,ddauth_token=a+B/2==";

/// A request as it must be on the wire, in literals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    /// The endpoint's name.
    pub(super) endpoint: &'static str,
    /// Method and target, as they are encoded.
    pub(super) line: &'static str,
    /// The parameters as the service reads them.
    pub(super) query: &'static [(&'static str, &'static str)],
    pub(super) authorization: &'static str,
    pub(super) content_type: Option<&'static str>,
    pub(super) content_length: Option<&'static str>,
    pub(super) body: &'static [&'static [u8]],
}

/// A request in the form that requests are compared in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    line: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// Printable bytes as they are, others as `\x…`.
    body: String,
}

impl Exact {
    /// A call after login, without a body.
    pub(super) const fn get(
        endpoint: &'static str,
        line: &'static str,
        query: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            endpoint,
            line,
            query,
            authorization: LOGGED_IN,
            content_type: None,
            content_length: None,
            body: &[],
        }
    }

    pub(super) fn as_sent(&self) -> Sent {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut headers: Vec<(String, String)> = OF_THE_TRANSPORT.iter().map(pair).collect();
        for (name, value) in [
            ("authorization", Some(self.authorization)),
            ("content-length", self.content_length),
            ("content-type", self.content_type),
        ] {
            headers.extend(value.map(|value| pair(&(name, value))));
        }
        headers.sort();
        Sent {
            line: self.line.to_owned(),
            query: self.query.iter().map(pair).collect(),
            headers,
            body: self.body.concat().escape_ascii().to_string(),
        }
    }
}

impl From<&Request> for Sent {
    fn from(request: &Request) -> Self {
        let query = request.url.query();
        let mut headers: Vec<(String, String)> = request
            .headers
            .iter()
            .filter(|(name, _)| *name != http::header::HOST)
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        Self {
            line: format!(
                "{} {}{}",
                request.method,
                request.url.path(),
                query.map_or(String::new(), |query| format!("?{query}"))
            ),
            query: request
                .url
                .query_pairs()
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
            headers,
            body: request.body.escape_ascii().to_string(),
        }
    }
}

/// One answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Says {
    pub(super) status: u16,
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: &'static [u8],
    /// Only to the first call; the next ones get what they should.
    pub(super) first_only: bool,
}

impl Says {
    pub(super) const fn header(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    pub(super) const fn first(self) -> Self {
        Self {
            first_only: true,
            ..self
        }
    }

    pub(super) fn header_value(&self, name: &str) -> Option<&'static str> {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }
}

/// This status, and the service's words where it is not a success.
pub(super) const fn status(status: u16) -> Says {
    let body: &[u8] = if status < 400 { b"" } else { WORDS.as_bytes() };
    Says {
        status,
        headers: &[],
        body,
        first_only: false,
    }
}

/// A success with this body.
pub(super) const fn ok(body: &'static [u8]) -> Says {
    Says {
        body,
        ..status(200)
    }
}

/// What the service says to a human.
pub(super) const WORDS: &str = "Не сложилось";

/// Every answer has this trace id.
pub(super) const TRACE_ID: &str = "trace-1";

pub(super) const CODE: &str = "X-Diadoc-ErrorCode";
pub(super) const HTML: Says = Says {
    headers: &[("Content-Type", "text/html; charset=utf-8")],
    ..ok(b"<!DOCTYPE html><title>Proxy</title>")
};
/// What a proxy says for a service that is down.
pub(super) const HTML_502: Says = Says {
    status: 502,
    ..HTML
};
/// HTML that says it is something else.
pub(super) const UNTYPED_HTML: Says = ok(b"\r\n<html>Proxy");
pub(super) const EMPTY: Says = ok(b"");
pub(super) const WAIT_7: &[(&str, &str)] = &[("Retry-After", "7")];
pub(super) const WAIT_120: &[(&str, &str)] = &[("Retry-After", "120")];
pub(super) const OTHER_CODE: Says = status(409).header(&[(CODE, "CloudCrypt.Other")]);
pub(super) const EXPIRED: Says = status(409).header(&[(CODE, "CloudCrypt.ExpiredRequest")]);
pub(super) const BAD_CODE: Says = status(409).header(&[(CODE, "CloudCrypt.BadConfirmationCode")]);
pub(super) const BAD_CODE_WAIT_7: Says = status(409).header(&[
    (CODE, "CloudCrypt.BadConfirmationCode"),
    ("Retry-After", "7"),
]);

/// What each endpoint says when all goes well. Every name has a `+`, a `/` or a `=` in it, and a space where
/// the service may put one.
const GOOD: &[(&str, &[u8])] = &[
    ("ShelfUpload", b"dd-api+1/x="),
    ("ShelfUploadPartInit", b"dd-api+2/x="),
    ("ShelfUploadPart", b"[]"),
    ("ShelfDownload", b"\x30\x00"),
    ("CloudSign", b"\x0a\x08A+b/c= d"),
    ("CloudSignResult", b"\x0a\x08K+1/2= z"),
    ("CloudSignConfirm", b"\x0a\x08B+e/f= g"),
    ("CloudSignConfirmResult", b"\x0a\x04\x0a\x02\x30\x00"),
];

/// What is answered to whom.
#[derive(Clone, Debug, Default)]
struct Script(Arc<Mutex<HashMap<&'static str, Answers>>>);

/// The answers of one endpoint, and how often it was asked.
#[derive(Debug, Default)]
struct Answers {
    says: Vec<Says>,
    asked: usize,
}

impl Respond for Script {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path();
        let Some(endpoint) = endpoints::ALL.iter().find(|known| known.path == path) else {
            return ResponseTemplate::new(404);
        };
        let mut script = self.0.lock().unwrap();
        let Answers { says, asked } = script.entry(endpoint.name).or_default();
        let says = says.get(*asked).or(says.last()).copied();
        let says = says.filter(|says| *asked == 0 || !says.first_only);
        *asked += 1;
        let answer = ResponseTemplate::new(says.map_or(200, |says| says.status))
            .insert_header("X-Kontur-Trace-Id", TRACE_ID);
        match says {
            Some(says) => says
                .headers
                .iter()
                .fold(answer, |answer, (name, value)| {
                    answer.insert_header(*name, *value)
                })
                .set_body_bytes(says.body),
            None if endpoint.name == "Authenticate" => {
                answer.set_body_bytes(format!("a+B/{asked}=="))
            }
            None => {
                let good = GOOD.iter().find(|(name, _)| *name == endpoint.name);
                answer.set_body_bytes(good.unwrap().1)
            }
        }
    }
}

/// A server, a client of it and a clock.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) diadoc: Diadoc,
    pub(super) time: ManualTime,
    pub(super) told: Recorder,
    server: MockServer,
    script: Script,
}

/// The login of all rows but those about logins.
pub(super) fn password() -> DiadocLogin {
    DiadocLogin::password(client(), "me", Password::new("pw"))
}

pub(super) fn client() -> ApiClientId {
    ApiClientId::new("client-1")
}

impl Wire {
    pub(super) async fn new(transport: &ReqwestTransport) -> Self {
        Self::with_login(transport, password()).await
    }

    pub(super) async fn with_login(transport: &ReqwestTransport, login: DiadocLogin) -> Self {
        let server = MockServer::start().await;
        let script = Script::default();
        Mock::given(any())
            .respond_with(script.clone())
            .mount(&server)
            .await;
        let (time, told) = (ManualTime::new(), Recorder::default());
        let base = server.uri().parse().unwrap();
        // Parts of four bytes, so that they can be written out.
        let diadoc = Diadoc::builder(base, login, transport.clone())
            .time(time.clone())
            .watcher(told.clone())
            .part_size(4)
            .build();
        Self {
            diadoc,
            time,
            told,
            server,
            script,
        }
    }

    /// From now on these answers in turn, and the last one ever after.
    pub(super) fn script(&self, endpoint: &'static str, answers: &[Says]) {
        let mut script = self.script.0.lock().unwrap();
        let says = answers.to_vec();
        script.insert(endpoint, Answers { says, asked: 0 });
    }

    /// How many requests this endpoint got.
    pub(super) fn count(&self, endpoint: &str) -> usize {
        let script = self.script.0.lock().unwrap();
        script.get(endpoint).map_or(0, |answers| answers.asked)
    }

    /// What this endpoint got: the Authorization of each request, and the requests without it.
    pub(super) async fn got_by(&self, endpoint: &str) -> (Vec<String>, Vec<Sent>) {
        let path = endpoints::ALL.iter().find(|known| known.name == endpoint);
        let path = path.unwrap().path;
        let requests = self.server.received_requests().await.unwrap();
        let requests = requests.iter().filter(|request| request.url.path() == path);
        requests
            .map(|request| {
                let mut request = Sent::from(request);
                let ours = |(name, _): &mut (String, String)| name == "authorization";
                let authorization = request.headers.extract_if(.., ours);
                let authorization: Vec<String> = authorization.map(|(_, value)| value).collect();
                (authorization.join(" and "), request)
            })
            .unzip()
    }

    /// Every request so far is as it is written, and there are no others.
    pub(super) async fn got(&self, requests: &[Exact]) {
        let sent = self.server.received_requests().await.unwrap();
        let address = self.server.address().to_string();
        for request in &sent {
            let hosts: Vec<_> = request.headers.get_all("host").iter().collect();
            assert_eq!(hosts, [&address.as_str()]);
        }
        let sent: Vec<Sent> = sent.iter().map(Sent::from).collect();
        let expected: Vec<Sent> = requests.iter().map(Exact::as_sent).collect();
        assert_eq!(sent.len(), expected.len(), "{sent:#?}");
        for (sent, expected) in sent.iter().zip(&expected) {
            assert_eq!(sent, expected);
        }
    }
}
