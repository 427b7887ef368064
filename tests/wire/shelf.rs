//! The shelf.
//!
//! **Invariant:** an upload that failed never counts as one that may have been applied: nothing was asked to be
//! signed.

use podpis::{Begin, ErrorKind, File, MemoryJournal, ReqwestTransport};

use ErrorKind::{Login, Service, UnreadableAnswer};
use Gives::Fine;

use super::answer::{Came, Gives, Row, Table, answers, compare, not_applied};
use super::authenticate::PASSWORD;
use super::cloud_sign::until;
use super::server::{
    EMPTY, EXPIRED, Exact, HTML, HTML_502, LOGGED_IN, OTHER_CODE, UNTYPED_HTML, WAIT_7, WAIT_120,
    Wire, ok, status,
};

const WHOLE: &[Exact] = &[
    PASSWORD,
    Exact {
        endpoint: "ShelfUpload",
        line: "POST /V2/ShelfUpload?fileExtension=.xml",
        query: &[("fileExtension", ".xml")],
        authorization: LOGGED_IN,
        content_type: None,
        content_length: Some("4"),
        body: &[b"\x00\xff\r\n"],
    },
];

const WITHOUT_EXTENSION: &[Exact] = &[
    PASSWORD,
    Exact {
        line: "POST /V2/ShelfUpload",
        query: &[],
        ..WHOLE[1]
    },
];

const INIT: Exact = Exact {
    endpoint: "ShelfUploadPartInit",
    line: "POST /ShelfUploadPartInit?fileExtension=.bin",
    query: &[("fileExtension", ".bin")],
    body: &[b"\x00\x01\x02\x03"],
    ..WHOLE[1]
};

const MIDDLE: Exact = Exact {
    endpoint: "ShelfUploadPart",
    line: "POST /ShelfUploadPart?fileName=dd-api%2B2%2Fx%3D&partIndex=1&isLastPart=false",
    query: &[
        ("fileName", "dd-api+2/x="),
        ("partIndex", "1"),
        ("isLastPart", "false"),
    ],
    body: &[b"\x04\x05\x06\x07"],
    ..INIT
};

const LAST: Exact = Exact {
    line: "POST /ShelfUploadPart?fileName=dd-api%2B2%2Fx%3D&partIndex=2&isLastPart=true",
    query: &[
        ("fileName", "dd-api+2/x="),
        ("partIndex", "2"),
        ("isLastPart", "true"),
    ],
    content_length: Some("2"),
    body: &[b"\x08\x09"],
    ..MIDDLE
};

const FIRST_AGAIN: Exact = Exact {
    line: "POST /ShelfUploadPart?fileName=dd-api%2B2%2Fx%3D&partIndex=0&isLastPart=false",
    query: &[
        ("fileName", "dd-api+2/x="),
        ("partIndex", "0"),
        ("isLastPart", "false"),
    ],
    body: INIT.body,
    ..MIDDLE
};

/// The last part goes again with those that did not arrive, so that the service knows how many there are.
const IN_PARTS: &[Exact] = &[
    PASSWORD,
    INIT,
    MIDDLE,
    LAST,
    FIRST_AGAIN,
    MIDDLE,
    LAST,
    LAST,
];

/// The download is the last request of a conversation; the others are the conversation's own rows.
pub(super) const DOWNLOAD: Exact = Exact::get(
    "ShelfDownload",
    "GET /V2/ShelfDownload?fileName=s%2B1%2Fx%3D%20y",
    &[("fileName", "s+1/x= y")],
);

pub(super) const REQUESTS: &[&[Exact]] = &[WHOLE, WITHOUT_EXTENSION, IN_PARTS, &[DOWNLOAD]];

async fn puts(name: &str, bytes: &'static [u8], wire: &Wire) -> Result<String, podpis::Error> {
    let file = File::bytes(name, bytes);
    let there = wire.diadoc.put_on_shelf(&file).await?;
    Ok(there.shelf_name().unwrap().as_str().to_owned())
}

#[tokio::test]
async fn a_file_of_one_part_goes_in_one_call() {
    let transport = ReqwestTransport::new().unwrap();
    for (name, requests) in [
        ("акт.xml", WHOLE),
        ("акт", WITHOUT_EXTENSION),
        ("a.акт", WITHOUT_EXTENSION),
    ] {
        let wire = Wire::new(&transport).await;
        let there = puts(name, b"\x00\xff\r\n", &wire).await.unwrap();
        assert_eq!(there, "dd-api+1/x=");
        wire.got(requests).await;
    }
}

#[tokio::test]
async fn a_file_of_three_parts_is_sent_again_where_parts_are_missing() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let answers = [EMPTY, ok(b"[0, 1]"), EMPTY, EMPTY, ok(b"[2]"), ok(b"[]")];
    wire.script("ShelfUploadPart", &answers);
    let there = puts("a.bin", b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x09", &wire).await;
    assert_eq!(there.unwrap(), "dd-api+2/x=");
    wire.got(IN_PARTS).await;
}

#[tokio::test]
async fn a_name_is_taken_without_quotes_and_without_the_old_prefix() {
    for body in ["\"dd-1\"\r\n", "__userId__/dd-1", " dd-1 "] {
        let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("ShelfUpload", &[ok(body.as_bytes())]);
        assert_eq!(puts("a", b"a", &wire).await.unwrap(), "dd-1", "{body:?}");
    }
}

const UPLOAD: Table = answers! { "ShelfUpload":
    // the answer                => how it ends,                   next, requests logins ms
    ok(b"dd-api-1")              => Fine,                          "no record", 1 1 0;
    HTML                         => not_applied(UnreadableAnswer), "no record", 1 1 0;
    UNTYPED_HTML                 => not_applied(UnreadableAnswer), "no record", 1 1 0;
    status(302)                  => not_applied(Service),          "no record", 1 1 0;
    status(400)                  => not_applied(Service),          "no record", 1 1 0;
    status(401)                  => not_applied(Login),            "no record", 2 2 0;
    status(401).first()          => Fine,                          "no record", 2 2 0;
    status(402)                  => not_applied(Service),          "no record", 1 1 0;
    status(403)                  => not_applied(Service),          "no record", 1 1 0;
    status(404)                  => not_applied(Service),          "no record", 1 1 0;
    status(405)                  => not_applied(Service),          "no record", 1 1 0;
    status(409)                  => not_applied(Service),          "no record", 1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),          "no record", 3 1 14_000;
    OTHER_CODE                   => not_applied(Service),          "no record", 1 1 0;
    EXPIRED                      => not_applied(Service),          "no record", 1 1 0;
    status(410)                  => not_applied(Service),          "no record", 1 1 0;
    status(415)                  => not_applied(Service),          "no record", 1 1 0;
    status(429)                  => not_applied(Service),          "no record", 3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service),          "no record", 3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service),          "no record", 1 1 0;
    status(429).first()          => Fine,                          "no record", 2 1 500;
    status(500)                  => not_applied(Service),          "no record", 3 1 1_500;
    status(500).first()          => Fine,                          "no record", 2 1 500;
    status(502)                  => not_applied(Service),          "no record", 3 1 1_500;
    HTML_502                     => not_applied(Service),          "no record", 3 1 1_500;
    status(503)                  => not_applied(Service),          "no record", 3 1 1_500;
    status(503).header(WAIT_7)   => not_applied(Service),          "no record", 3 1 14_000;
    status(504)                  => not_applied(Service),          "no record", 3 1 1_500;
};

const PART_INIT: Table = answers! { "ShelfUploadPartInit":
    // the answer                => how it ends,                   next, requests logins ms
    ok(b"dd-api-1")              => Fine,                          "no record", 1 1 0;
    HTML                         => not_applied(UnreadableAnswer), "no record", 1 1 0;
    UNTYPED_HTML                 => not_applied(UnreadableAnswer), "no record", 1 1 0;
    status(302)                  => not_applied(Service),          "no record", 1 1 0;
    status(400)                  => not_applied(Service),          "no record", 1 1 0;
    status(401)                  => not_applied(Login),            "no record", 2 2 0;
    status(401).first()          => Fine,                          "no record", 2 2 0;
    status(402)                  => not_applied(Service),          "no record", 1 1 0;
    status(403)                  => not_applied(Service),          "no record", 1 1 0;
    status(404)                  => not_applied(Service),          "no record", 1 1 0;
    status(405)                  => not_applied(Service),          "no record", 1 1 0;
    status(409)                  => not_applied(Service),          "no record", 1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),          "no record", 3 1 14_000;
    OTHER_CODE                   => not_applied(Service),          "no record", 1 1 0;
    EXPIRED                      => not_applied(Service),          "no record", 1 1 0;
    status(410)                  => not_applied(Service),          "no record", 1 1 0;
    status(415)                  => not_applied(Service),          "no record", 1 1 0;
    status(429)                  => not_applied(Service),          "no record", 3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service),          "no record", 3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service),          "no record", 1 1 0;
    status(429).first()          => Fine,                          "no record", 2 1 500;
    status(500)                  => not_applied(Service),          "no record", 3 1 1_500;
    status(500).first()          => Fine,                          "no record", 2 1 500;
    status(502)                  => not_applied(Service),          "no record", 3 1 1_500;
    HTML_502                     => not_applied(Service),          "no record", 3 1 1_500;
    status(503)                  => not_applied(Service),          "no record", 3 1 1_500;
    status(503).header(WAIT_7)   => not_applied(Service),          "no record", 3 1 14_000;
    status(504)                  => not_applied(Service),          "no record", 3 1 1_500;
};

/// The last of two parts.
const PART: Table = answers! { "ShelfUploadPart":
    // the answer                => how it ends,                   next, requests logins ms
    ok(b"[]")                    => Fine,                          "no record", 1 1 0;
    ok(b" [ ] ")                 => Fine,                          "no record", 1 1 0;
    ok(b"[0]").first()           => Fine,                          "no record", 3 1 1_000;
    ok(b"[1]").first()           => Fine,                          "no record", 2 1 1_000;
    ok(b"[2]")                   => not_applied(UnreadableAnswer), "no record", 1 1 0;
    ok(b"[-1]")                  => not_applied(UnreadableAnswer), "no record", 1 1 0;
    ok(b"[")                     => not_applied(UnreadableAnswer), "no record", 1 1 0;
    ok(b"none")                  => not_applied(UnreadableAnswer), "no record", 1 1 0;
    EMPTY                        => not_applied(UnreadableAnswer), "no record", 1 1 0;
    HTML                         => not_applied(UnreadableAnswer), "no record", 1 1 0;
    UNTYPED_HTML                 => not_applied(UnreadableAnswer), "no record", 1 1 0;
    status(204).header(WAIT_7)   => not_applied(UnreadableAnswer), "no record", 1 1 0;
    ok(b"[1]")                   => not_applied(Service) ,         "no record", 4 1 7_000;
    status(302)                  => not_applied(Service),          "no record", 1 1 0;
    status(400)                  => not_applied(Service),          "no record", 1 1 0;
    status(401)                  => not_applied(Login),            "no record", 2 2 0;
    status(401).first()          => Fine,                          "no record", 2 2 0;
    status(402)                  => not_applied(Service),          "no record", 1 1 0;
    status(403)                  => not_applied(Service),          "no record", 1 1 0;
    status(404)                  => not_applied(Service),          "no record", 1 1 0;
    status(405)                  => not_applied(Service),          "no record", 1 1 0;
    status(409)                  => not_applied(Service),          "no record", 1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),          "no record", 12 1 77_000;
    OTHER_CODE                   => not_applied(Service),          "no record", 1 1 0;
    EXPIRED                      => not_applied(Service),          "no record", 1 1 0;
    status(410)                  => not_applied(Service),          "no record", 1 1 0;
    status(415)                  => not_applied(Service),          "no record", 1 1 0;
    status(429)                  => not_applied(Service),          "no record", 12 1 13_000;
    status(429).first()          => Fine,                          "no record", 2 1 500;
    status(500)                  => not_applied(Service),          "no record", 12 1 13_000;
    status(500).first()          => Fine,                          "no record", 2 1 500;
    status(502)                  => not_applied(Service),          "no record", 12 1 13_000;
    HTML_502                     => not_applied(Service),          "no record", 12 1 13_000;
    status(503)                  => not_applied(Service),          "no record", 12 1 13_000;
    status(504)                  => not_applied(Service),          "no record", 12 1 13_000;
};

const DOWNLOADED: Table = answers! { "ShelfDownload":
    // the answer                => how it ends,               next,               requests logins ms
    ok(b"\x30\x00")              => Fine,                      "finished > done",  1 1 0;
    EMPTY                        => not_applied(UnreadableAnswer), "poll after 2.25s", 1 1 0;
    HTML                         => not_applied(UnreadableAnswer), "poll after 2.25s", 1 1 0;
    UNTYPED_HTML                 => not_applied(UnreadableAnswer), "poll after 2.25s", 1 1 0;
    status(204).header(WAIT_7)   => not_applied(UnreadableAnswer), "poll after 2.25s", 1 1 0;
    status(302)                  => not_applied(Service),          "poll after 2.25s", 1 1 0;
    status(400)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(401)                  => not_applied(Login),        "poll after 2.25s", 2 2 0;
    status(401).first()          => Fine,                      "finished > done",  2 2 0;
    status(402)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(403)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(404)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(405)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(409)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),      "poll after 7s",    3 1 14_000;
    OTHER_CODE                   => not_applied(Service),      "poll after 2.25s", 1 1 0;
    EXPIRED                      => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(410)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(415)                  => not_applied(Service),      "poll after 2.25s", 1 1 0;
    status(429)                  => not_applied(Service),      "poll after 2.25s", 3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service),      "poll after 7s",    3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service),      "poll after 120s",  1 1 0;
    status(429).first()          => Fine,                      "finished > done",  2 1 500;
    status(500)                  => not_applied(Service),          "poll after 2.25s", 3 1 1_500;
    status(500).first()          => Fine,                      "finished > done",  2 1 500;
    status(502)                  => not_applied(Service),          "poll after 2.25s", 3 1 1_500;
    HTML_502                     => not_applied(Service),          "poll after 2.25s", 3 1 1_500;
    status(503)                  => not_applied(Service),          "poll after 2.25s", 3 1 1_500;
    status(503).header(WAIT_7)   => not_applied(Service),          "poll after 7s",    3 1 14_000;
    status(504)                  => not_applied(Service),          "poll after 2.25s", 3 1 1_500;
};

pub(super) const ANSWERS: &[&Table] = &[&UPLOAD, &PART_INIT, &PART, &DOWNLOADED];

/// Puts a file on the shelf whose upload comes to this table's endpoint.
async fn put(table: &Table, row: &Row, transport: &ReqwestTransport) -> Vec<String> {
    let wire = Wire::new(transport).await;
    wire.script(table.endpoint, &[row.says]);
    let bytes: &[u8] = match table.endpoint {
        "ShelfUpload" => b"a",
        _ => b"parts",
    };
    let came = Came {
        outcome: puts("a.bin", bytes, &wire).await.map(drop),
        run: None,
        events: Vec::new(),
    };
    if came.outcome.is_err() && table.endpoint == "ShelfUploadPartInit" {
        assert_eq!(wire.count("ShelfUploadPart"), 0, "{:?}", row.says);
    }
    compare(table, row, &wire, &MemoryJournal::new(), came).await
}

#[tokio::test]
async fn every_answer_to_an_upload() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in [&UPLOAD, &PART_INIT, &PART] {
        for row in table.rows {
            wrong.extend(put(table, row, &transport).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_answer_to_a_download() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in DOWNLOADED.rows {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        wire.script("ShelfDownload", &[row.says]);
        let came = until("ShelfDownload", &wire, &journal).await;
        wrong.extend(compare(&DOWNLOADED, row, &wire, &journal, came).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn an_upload_without_a_name_was_nothing_that_may_have_been_applied() {
    let transport = ReqwestTransport::new().unwrap();
    for (endpoint, bytes) in [
        ("ShelfUpload", &b"a"[..]),
        ("ShelfUploadPartInit", b"parts"),
    ] {
        for says in [
            EMPTY,
            ok(b"two words"),
            ok(b"\"\""),
            ok(b"\xff\xfe"),
            status(204),
        ] {
            let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
            wire.script(endpoint, &[says]);
            let signing = wire
                .diadoc
                .cloud_sign([File::bytes("a.bin", bytes).by_shelf()]);
            let error = signing.start(&journal).await.unwrap_err();
            assert_eq!(error.kind(), UnreadableAnswer);
            assert_eq!(wire.count("CloudSign"), 0);
            assert!(!error.may_have_been_applied(), "{endpoint}: {error}");
            assert!(
                error
                    .to_string()
                    .starts_with("a.bin could not be put on the shelf"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_round_of_parts_waits_as_long_as_the_service_asks() {
    let transport = ReqwestTransport::new().unwrap();
    for (pause, times, least) in [(WAIT_120, 1, 120), (WAIT_7, 3, 21)] {
        let wire = Wire::new(&transport).await;
        let mut answers = vec![status(429).header(pause); times];
        answers.push(ok(b"[]"));
        wire.script("ShelfUploadPart", &answers);
        let outcome = puts("a.bin", b"parts", &wire).await;
        let slept = wire.time.slept().as_secs();
        assert!(
            outcome.is_err() || slept >= least,
            "{outcome:?} after {slept} s"
        );
    }
}
