//! A server that answers as it is told, and keeps what it was sent.
//!
//! **Invariant:** requests go over real HTTP and are kept as they arrived, with every header; time is manual.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use podpis::core::call::Endpoint;
use podpis::diadoc::endpoints;
use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin, ReqwestTransport};
use podpis_core::wait::ManualTime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::stage::Recorder;

/// What the transport adds by itself, whatever is sent.
const USER_AGENT: (&str, &str) = ("user-agent", concat!("podpis/", env!("CARGO_PKG_VERSION")));
/// What it adds where nothing else is accepted.
pub(super) const ANYTHING: (&str, &str) = ("accept", "*/*");

/// What there is to know about a service.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) endpoints: &'static [&'static Endpoint],
    /// What an endpoint says when all goes well, by the number of the request.
    pub(super) good: fn(&str, usize) -> Says,
    /// The Authorization of a request, and that of its repetition where the login can be renewed.
    pub(super) logins: &'static [&'static str],
    /// What no error may show.
    pub(super) secrets: &'static [&'static str],
}

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
        let headers = [
            ("authorization", Some(self.authorization)),
            ("content-length", self.content_length),
            ("content-type", self.content_type),
        ];
        let headers = headers
            .iter()
            .filter_map(|(name, value)| Some((*name, (*value)?)));
        let headers: Vec<_> = headers.chain([ANYTHING]).collect();
        Sent::new(self.line, self.query, &headers, &self.body.concat())
    }
}

impl Sent {
    /// With the headers of the transport, but for `accept`.
    pub(super) fn new(
        line: &str,
        query: &[(&str, &str)],
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Self {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut headers: Vec<_> = headers.iter().chain([&USER_AGENT]).map(pair).collect();
        headers.sort();
        Self {
            line: line.to_owned(),
            query: query.iter().map(pair).collect(),
            headers,
            body: body.escape_ascii().to_string(),
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
    /// The service's own code in it, where it is not a success.
    pub(super) code: Option<&'static str>,
    /// The words that people get to read, where it is not a success.
    pub(super) words: Option<&'static str>,
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
    let words = if status < 400 { None } else { Some(WORDS) };
    let body: &[u8] = match words {
        Some(words) => words.as_bytes(),
        None => b"",
    };
    Says {
        status,
        headers: &[],
        body,
        code: None,
        words,
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

const CODE: &str = "X-Diadoc-ErrorCode";
pub(super) const HTML: Says = Says {
    headers: &[("Content-Type", "text/html; charset=utf-8")],
    words: Some("an HTML page instead of an answer"),
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
pub(super) const OTHER_CODE: Says = coded(&[(CODE, "CloudCrypt.Other")]);
pub(super) const EXPIRED: Says = coded(&[(CODE, "CloudCrypt.ExpiredRequest")]);
pub(super) const BAD_CODE: Says = coded(&[(CODE, "CloudCrypt.BadConfirmationCode")]);
pub(super) const BAD_CODE_WAIT_7: Says = coded(&[
    (CODE, "CloudCrypt.BadConfirmationCode"),
    ("Retry-After", "7"),
]);

/// Its own code is the first of the headers.
const fn coded(headers: &'static [(&'static str, &'static str)]) -> Says {
    Says {
        code: Some(headers[0].1),
        ..status(409).header(headers)
    }
}

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
    ("DssSign", b"\x0a\x08A+b/c= d"),
    ("DssSignV2", b"\x0a\x08A+b/c= d"),
    ("DssSignResult", b"\x08\x02\x12\x06\x08\x01\x12\x02\x30\x00"),
    ("AutoSignReceipts", b"\x0a\x08A+b/c= d"),
    ("AutosignReceiptsResult", b"\x08\x02\x12\x00"),
    ("GetMyCertificates", b"\x0a\x05\x0a\x01x\x10\x02"),
    ("GetMyOrganizations", b"\x0a\x09\x0a\x01o\x12\x01i\x22\x01n"),
    ("GetMyUser", b"\x0a\x01u\x20\x01"),
    (
        "GetMyEmployee",
        b"\x0a\x05\x0a\x01u\x20\x01\x12\x07\x0a\x01d\x10\x00\x18\x02\x1a\x00\x20\x00",
    ),
    (
        "GetBox",
        b"\x0a\x01b\x32\x01g\x1a\x09\x0a\x01o\x12\x01i\x22\x01n",
    ),
    ("GetDocuments", b"\x08\x01\x12\x06\x12\x01m\x1a\x01e"),
    (
        "GetNewEvents",
        b"\x0a\x0e\x0a\x01x\x1a\x06\x0a\x01m\x6a\x01p\x22\x01k\x18\x01",
    ),
    ("GetMessage", b"\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b"),
    ("GetEntityContent", b"act"),
    ("GetSignatureInfo", b"\x0a\x09\x09\0\0\0\0\0\0\0\0\x22\x01a"),
    (
        "PrepareDocumentsToSign",
        b"\x0a\x0b\x0a\x06\x0a\x01m\x12\x01e\x12\x01p",
    ),
    ("PostMessagePatch", b"\x0a\x01m\x6a\x01p"),
    ("SendDraft", b"\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b"),
    ("PostMessage", b"\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b"),
];

pub(super) const DIADOC: Service = Service {
    endpoints: endpoints::ALL,
    good: |endpoint, asked| match endpoint {
        "Authenticate" => ok([b"a+B/1==", b"a+B/2==", b"a+B/3=="][asked - 1]),
        _ => ok(GOOD.iter().find(|(name, _)| *name == endpoint).unwrap().1),
    },
    logins: &[LOGGED_IN, RENEWED],
    secrets: &["739 155", "K+1/2= z", "a+B/1==", "739%20155", "K%2B1"],
};

/// What is answered to whom.
#[derive(Clone, Debug)]
struct Script {
    service: &'static Service,
    answers: Arc<Mutex<HashMap<&'static str, Answers>>>,
}

/// The answers of one endpoint, and how often it was asked.
#[derive(Debug, Default)]
struct Answers {
    says: Vec<Says>,
    asked: usize,
}

impl Respond for Script {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let (method, path) = (request.method.as_str(), request.url.path());
        let mut endpoints = self.service.endpoints.iter();
        let Some(endpoint) = endpoints.find(|known| is_at(known, method, path)) else {
            return ResponseTemplate::new(404);
        };
        let mut script = self.answers.lock().unwrap();
        let Answers { says, asked } = script.entry(endpoint.name).or_default();
        let scripted = says.get(*asked).or(says.last()).copied();
        let scripted = scripted.filter(|says| *asked == 0 || !says.first_only);
        *asked += 1;
        let says = scripted.unwrap_or_else(|| (self.service.good)(endpoint.name, *asked));
        let answer =
            ResponseTemplate::new(says.status).insert_header("X-Kontur-Trace-Id", TRACE_ID);
        says.headers
            .iter()
            .fold(answer, |answer, (name, value)| {
                answer.insert_header(*name, *value)
            })
            .set_body_bytes(says.body)
    }
}

/// Whether a request, with its path as it is encoded, is one of this endpoint.
pub(crate) fn is_at(endpoint: &Endpoint, method: &str, path: &str) -> bool {
    let place = "docflows/{docflow}/documents/{document}";
    let in_inventory = format!("{place}/inventories/{{inventory}}/documents/{{document}}");
    let matches = |template: String| {
        let (parts, known) = (path.split('/'), template.split('/'));
        parts.clone().count() == known.clone().count()
            && parts
                .zip(known)
                .all(|(part, known)| part == known || (known.starts_with('{') && !part.is_empty()))
    };
    endpoint.method == *method
        && [place, &in_inventory]
            .into_iter()
            .any(|place| matches(endpoint.path.replace("{place}", place)))
}

/// A server and a clock.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) service: &'static Service,
    pub(super) time: ManualTime,
    pub(super) told: Recorder,
    mock: MockServer,
    script: Script,
}

/// A server that speaks for Diadoc, and a client of it.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) diadoc: Diadoc,
    server: Server,
}

impl Deref for Wire {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
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
        let server = Server::of(&DIADOC).await;
        // Parts of four bytes, so that they can be written out.
        let diadoc = Diadoc::builder(server.base().parse().unwrap(), login, transport.clone())
            .time(server.time.clone())
            .observer(server.told.clone())
            .build()
            .with_part_size(4);
        Self { diadoc, server }
    }

    /// Every request so far is as it is written, and there are no others.
    pub(super) async fn got(&self, requests: &[Exact]) {
        let requests: Vec<Sent> = requests.iter().map(Exact::as_sent).collect();
        self.server.got(&requests).await;
    }
}

impl Server {
    pub(super) async fn of(service: &'static Service) -> Self {
        let mock = MockServer::start().await;
        let answers = Arc::default();
        let script = Script { service, answers };
        Mock::given(any())
            .respond_with(script.clone())
            .mount(&mock)
            .await;
        Self {
            service,
            time: ManualTime::new(),
            told: Recorder::default(),
            mock,
            script,
        }
    }

    pub(super) fn base(&self) -> String {
        self.mock.uri()
    }

    /// From now on these answers in turn, and the last one ever after.
    pub(super) fn script(&self, endpoint: &'static str, answers: &[Says]) {
        let mut script = self.script.answers.lock().unwrap();
        let says = answers.to_vec();
        script.insert(endpoint, Answers { says, asked: 0 });
    }

    /// How many requests this endpoint got.
    pub(super) fn count(&self, endpoint: &str) -> usize {
        let script = self.script.answers.lock().unwrap();
        script.get(endpoint).map_or(0, |answers| answers.asked)
    }

    /// What this endpoint got since it was scripted: the Authorization of each request, and the requests without it.
    pub(super) async fn got_by(&self, endpoint: &str) -> (Vec<String>, Vec<Sent>) {
        let mut endpoints = self.service.endpoints.iter();
        let endpoint = endpoints.find(|known| known.name == endpoint).unwrap();
        let requests = self.mock.received_requests().await.unwrap();
        let requests = requests
            .iter()
            .filter(|request| is_at(endpoint, request.method.as_str(), request.url.path()));
        let before = requests.clone().count() - self.count(endpoint.name);
        requests
            .skip(before)
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
    pub(super) async fn got(&self, expected: &[Sent]) {
        let sent = self.mock.received_requests().await.unwrap();
        let address = self.mock.address().to_string();
        for request in &sent {
            let hosts: Vec<_> = request.headers.get_all("host").iter().collect();
            assert_eq!(hosts, [&address.as_str()]);
        }
        let sent: Vec<Sent> = sent.iter().map(Sent::from).collect();
        assert_eq!(sent.len(), expected.len(), "{sent:#?}");
        for (sent, expected) in sent.iter().zip(expected) {
            assert_eq!(sent, expected);
        }
    }
}
