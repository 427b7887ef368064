//! The login.
//!
//! **Invariant:** whatever a login is answered, the call that needed it is not sent and has no record.

use http::HeaderValue;
use http::header::AUTHORIZATION;
use podpis::core::login::HeaderCredentials;
use podpis::secret::Token;
use podpis::{Begin, DiadocLogin, ErrorKind, File, MemoryJournal, ReqwestTransport};

use ErrorKind::{Login, Service, UnreadableAnswer};

use super::answer::{Came, Gives, Table, answers, compare, not_applied};
use super::server::{
    CLIENT, EMPTY, EXPIRED, Exact, HTML, HTML_502, LOGGED_IN, OTHER_CODE, UNTYPED_HTML, WAIT_7,
    WAIT_120, Wire, client, ok, status,
};

pub(super) const PASSWORD: Exact = Exact {
    endpoint: "Authenticate",
    line: "POST /V3/Authenticate?type=password",
    query: &[("type", "password")],
    authorization: CLIENT,
    content_type: None,
    content_length: Some("8"),
    body: &[
        b"\x0a\x02me", // 1 Login
        b"\x12\x02pw", // 2 Password
    ],
};

const SID: Exact = Exact {
    line: "POST /V3/Authenticate?type=sid",
    query: &[("type", "sid")],
    content_type: Some("text/plain"),
    content_length: Some("9"),
    body: &[b"s+i/d==,x"],
    ..PASSWORD
};

/// A call that shows what the login led to.
const CALL: Exact = Exact {
    endpoint: "ShelfUpload",
    line: "POST /V2/ShelfUpload",
    query: &[],
    authorization: LOGGED_IN,
    content_type: None,
    content_length: Some("1"),
    body: &[b"a"],
};

const BEARER: Exact = Exact {
    authorization: "Bearer h.p+l/s==",
    ..CALL
};

const OF_OUR_OWN: Exact = Exact {
    authorization: "DiadocAuth ddauth_token=old, ddauth_api_client_id=id",
    ..CALL
};

pub(super) const REQUESTS: &[&[Exact]] = &[&[PASSWORD], &[SID]];

async fn sends(login: DiadocLogin, requests: &[Exact]) {
    let wire = Wire::with_login(&ReqwestTransport::new().unwrap(), login).await;
    let file = File::bytes("a", "a");
    wire.diadoc.put_on_shelf(&file).await.unwrap();
    wire.diadoc.put_on_shelf(&file).await.unwrap();
    let again = requests.last().unwrap();
    wire.got(&[requests, &[*again]].concat()).await;
}

#[tokio::test]
async fn a_password_is_sent_once_and_its_token_goes_with_every_call() {
    sends(super::server::password(), &[PASSWORD, CALL]).await;
}

#[tokio::test]
async fn a_sid_is_sent_once_as_text() {
    let login = DiadocLogin::sid(client(), Token::new("s+i/d==,x"));
    sends(login, &[SID, CALL]).await;
}

#[tokio::test]
async fn a_bearer_token_goes_alone() {
    let login = DiadocLogin::bearer(&Token::new("h.p+l/s=="));
    sends(login, &[BEARER]).await;
}

#[tokio::test]
async fn own_headers_go_as_they_are() {
    let value = HeaderValue::from_static(OF_OUR_OWN.authorization);
    let login = DiadocLogin::other(HeaderCredentials::new([(AUTHORIZATION, value)]));
    sends(login, &[OF_OUR_OWN]).await;
}

const TABLE: Table = answers! { "Authenticate":
    // the answer                   => how it ends,                     what is next,                 requests logins ms
    ok(b"a+B/1==\r\n")              => Gives::Fine,                     "accepted > poll after 1s",   1 1 0;
    ok(b"a,ddauth_token=b")         => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    ok(b"two words")                => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    ok(b"\xff\xfe")                 => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    ok(b" \r\n")                    => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    EMPTY                           => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    HTML                            => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    UNTYPED_HTML                    => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    status(204).header(WAIT_7)      => not_applied(UnreadableAnswer),   "no record",                  1 1 0;
    status(302)                     => not_applied(Service),            "no record",                  1 1 0;
    status(400)                     => not_applied(Login),              "no record",                  1 1 0;
    status(401)                     => not_applied(Login),              "no record",                  1 1 0;
    status(402)                     => not_applied(Service),            "no record",                  1 1 0;
    status(403)                     => not_applied(Login),              "no record",                  1 1 0;
    status(404)                     => not_applied(Service),            "no record",                  1 1 0;
    status(405)                     => not_applied(Service),            "no record",                  1 1 0;
    status(409)                     => not_applied(Service),            "no record",                  1 1 0;
    status(409).header(WAIT_7)      => not_applied(Service),            "no record",                  3 3 14_000;
    OTHER_CODE                      => not_applied(Service),            "no record",                  1 1 0;
    EXPIRED                         => not_applied(Service),            "no record",                  1 1 0;
    status(410)                     => not_applied(Service),            "no record",                  1 1 0;
    status(415)                     => not_applied(Service),            "no record",                  1 1 0;
    status(429)                     => not_applied(Service),            "no record",                  3 3 1_500;
    status(429).header(WAIT_7)      => not_applied(Service),            "no record",                  3 3 14_000;
    status(429).header(WAIT_120)    => not_applied(Service),            "no record",                  1 1 0;
    status(429).first()             => Gives::Fine,                     "accepted > poll after 1s",   2 2 500;
    status(500)                     => not_applied(Service),            "no record",                  3 3 1_500;
    status(500).first()             => Gives::Fine,                     "accepted > poll after 1s",   2 2 500;
    status(502)                     => not_applied(Service),            "no record",                  3 3 1_500;
    HTML_502                        => not_applied(Service),            "no record",                  3 3 1_500;
    status(503)                     => not_applied(Service),            "no record",                  3 3 1_500;
    status(503).header(WAIT_7)      => not_applied(Service),            "no record",                  3 3 14_000;
    status(504)                     => not_applied(Service),            "no record",                  3 3 1_500;
};

pub(super) const ANSWERS: &[&Table] = &[&TABLE];

#[tokio::test]
async fn every_answer_to_a_login() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in TABLE.rows {
        let wire = Wire::new(&transport).await;
        wire.script("Authenticate", &[row.says]);
        let journal = MemoryJournal::new();
        let signing = wire.diadoc.cloud_sign([File::bytes("a.txt", "a")]);
        let started = signing.start(&journal).await;
        let (outcome, run) = match started {
            Ok(run) => (Ok(()), Some(run)),
            Err(error) => (Err(error), None),
        };
        let started = wire.count("CloudSign");
        assert_eq!(started == 1, row.gives == Gives::Fine, "{:?}", row.says);
        let came = Came {
            outcome,
            run,
            events: wire.told.names(),
        };
        wrong.extend(compare(&TABLE, row, &wire, &journal, came).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
