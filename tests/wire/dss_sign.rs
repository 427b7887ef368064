//! DssSign: both versions of the start, and its result.
//!
//! **Invariant:** a start is sent again only where the answer says that it did nothing.

use podpis::diadoc::dss_sign::GosKey;
use podpis::diadoc::{BoxId, DssSign, EntityId, MessageId, PatchedContentId, ShelfName};
use podpis::{Begin, ErrorKind, File, MemoryJournal, ReqwestTransport};

use ErrorKind::{Login, Service, UnreadableAnswer};
use Gives::Fine;

use super::answer::{Came, Gives, Row, Table, answers, compare_run, not_applied, unknown};
use super::authenticate::PASSWORD;
use super::server::{
    EMPTY, EXPIRED, Exact, HTML, HTML_502, LOGGED_IN, OTHER_CODE, RENEWED, UNTYPED_HTML, WAIT_7,
    WAIT_120, Wire, ok, status,
};

pub(super) const BOX: (&str, &str) = ("boxId", "00112233-4455-6677-8899-aabbccddeeff");
const WAIT_0: &[(&str, &str)] = &[("Retry-After", "0")];

const START: Exact = Exact {
    endpoint: "DssSign",
    line: "POST /DssSign?boxId=00112233-4455-6677-8899-aabbccddeeff",
    query: &[BOX],
    authorization: LOGGED_IN,
    content_type: None,
    content_length: Some("14"),
    body: &[
        b"\x0a\x0c",      // 1 Files[0]
        b"\x0a\x03",      //   1 Content
        b"\x0a\x01\xff",  //     1 Content
        b"\x12\x05a.txt", //   2 FileName
    ],
};

const START_V2: Exact = Exact {
    endpoint: "DssSignV2",
    line: "POST /V2/DssSign?boxId=00112233-4455-6677-8899-aabbccddeeff",
    content_length: Some("28"),
    body: &[
        b"\x0a\x0c",      // 1 Files[0]
        b"\x0a\x03",      //   1 Content
        b"\x0a\x01\xff",  //     1 Content
        b"\x12\x05a.txt", //   2 FileName
        b"\x10\x01",      // 2 SignDataSource: GosKeySign
        b"\x22\x0a",      // 4 GosKeyData
        b"\x0a\x03112",   //   1 Snils
        b"\x12\x031.2",   //   2 Oid
    ],
    ..START
};

const RESULT: Exact = Exact::get(
    "DssSignResult",
    "GET /DssSignResult?boxId=00112233-4455-6677-8899-aabbccddeeff&taskId=A%2Bb%2Fc%3D%20d",
    &[BOX, ("taskId", "A+b/c= d")],
);

const FIRST_VERSION: &[Exact] = &[PASSWORD, START, RESULT];
const SECOND_VERSION: &[Exact] = &[PASSWORD, START_V2, RESULT];

/// The login ended before the result was asked for.
const RENEWED_AT_THE_RESULT: &[Exact] = &[
    PASSWORD,
    START,
    RESULT,
    PASSWORD,
    Exact {
        authorization: RENEWED,
        ..RESULT
    },
];

const UPLOAD: Exact = Exact {
    endpoint: "ShelfUpload",
    line: "POST /V2/ShelfUpload",
    query: &[],
    content_length: Some("1"),
    body: &[b"b"],
    ..START
};

const EVERYWHERE: Exact = Exact {
    line: "POST /DssSign?boxId=00112233-4455-6677-8899-aabbccddeeff&certificateThumbprint=00112233445566778899AABBCCDDEEFF00112233",
    query: &[
        BOX,
        (
            "certificateThumbprint",
            "00112233445566778899AABBCCDDEEFF00112233",
        ),
    ],
    content_length: Some("78"),
    body: &[
        b"\x0a\x13",                       // 1 Files[0]
        b"\x0a\x0e",                       //   1 Content
        b"\x12\x0c__userId__/n",           //    2 NameOnShelf
        b"\x12\x01s",                      //   2 FileName
        b"\x0a\x0d",                       // 1 Files[1]
        b"\x0a\x08",                       //   1 Content
        b"\x1a\x06",                       //     3 EntityId
        b"\x0a\x01m\x12\x01e",             //       1 MessageId, 2 EntityId
        b"\x12\x01e",                      //   2 FileName
        b"\x0a\x09",                       // 1 Files[2]
        b"\x0a\x03",                       //   1 Content
        b"\x22\x01p",                      //     4 PatchedContentId
        b"\x12\x02\xd1\x8f",               //   2 FileName
        b"\x0a\x1d",                       // 1 Files[3]
        b"\x0a\x18",                       //   1 Content
        b"\x12\x16__userId__/dd-api+1/x=", // 2 NameOnShelf
        b"\x12\x01b",                      //   2 FileName
    ],
    ..START
};

/// A certificate that was asked for, and a file from each place where it can be.
const FROM_EVERYWHERE: &[Exact] = &[PASSWORD, UPLOAD, EVERYWHERE];

pub(super) const REQUESTS: &[&[Exact]] = &[
    FIRST_VERSION,
    SECOND_VERSION,
    RENEWED_AT_THE_RESULT,
    FROM_EVERYWHERE,
];

pub(super) fn in_box() -> BoxId {
    BOX.1.parse().unwrap()
}

/// Goes on until this endpoint was called once.
async fn until<'j>(endpoint: &str, wire: &Wire, journal: &'j MemoryJournal) -> Came<'j, DssSign> {
    let files = [File::bytes("a.txt", &b"\xff"[..])];
    let mut signing = wire.diadoc.in_box(&in_box()).dss_sign(files);
    if endpoint == "DssSignV2" {
        signing = signing.gos_key(GosKey::new("112").with_oid("1.2"));
    }
    let started = signing.start(journal).await;
    Came::of(wire, started, endpoint == "DssSignResult").await
}

#[tokio::test]
async fn both_versions() {
    for (endpoint, requests) in [("DssSign", FIRST_VERSION), ("DssSignV2", SECOND_VERSION)] {
        let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
        let journal = MemoryJournal::new();
        let came = until(endpoint, &wire, &journal).await;
        came.run.unwrap().poll().await.unwrap();
        wire.got(requests).await;
    }
}

#[tokio::test]
async fn a_login_that_ended_is_renewed_and_the_result_asked_for_again() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script("DssSignResult", &[status(401).first()]);
    let journal = MemoryJournal::new();
    let came = until("DssSignResult", &wire, &journal).await;
    came.outcome.unwrap();
    wire.got(RENEWED_AT_THE_RESULT).await;
}

#[tokio::test]
async fn every_source_of_a_file_and_a_certificate() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let (message, entity) = (MessageId::new("m"), EntityId::new("e"));
    let files = [
        File::on_shelf("s", &ShelfName::new("__userId__/n")),
        File::entity("e", &in_box(), &message, &entity),
        File::patched("я", &PatchedContentId::new("p")),
        File::bytes("b", "b").by_shelf(),
    ];
    let certificate = "00112233445566778899aabbccddeeff00112233".parse().unwrap();
    let signing = wire.diadoc.in_box(&in_box()).dss_sign(files);
    let journal = MemoryJournal::new();
    let signing = signing.certificate(certificate);
    signing.start(&journal).await.unwrap();
    wire.got(FROM_EVERYWHERE).await;
}

/// What any start makes of an answer that is not a success.
pub(super) const NOT_STARTED: Table = answers! { "":
    // the answer                => how it ends,               next,        requests logins ms
    EMPTY                        => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    HTML                         => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    UNTYPED_HTML                 => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    ok(b"\x0a\x05A")             => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    ok(b"\x0a\x00")              => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    ok(b"\x0a\x01 ")             => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    ok(b"\x12\x01x")             => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    ok(b"{\"TaskId\":\"A\"}")    => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    status(204).header(WAIT_7)   => unknown(UnreadableAnswer), "reconcile", 1 1 0;
    status(302)                  => unknown(Service),          "reconcile", 1 1 0;
    status(400)                  => not_applied(Service),      "no record", 1 1 0;
    status(401)                  => not_applied(Login),        "no record", 2 2 0;
    status(402)                  => not_applied(Service),      "no record", 1 1 0;
    status(403)                  => not_applied(Service),      "no record", 1 1 0;
    status(404)                  => not_applied(Service),      "no record", 1 1 0;
    status(405)                  => not_applied(Service),      "no record", 1 1 0;
    status(409)                  => not_applied(Service),      "no record", 1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),      "no record", 1 1 0;
    OTHER_CODE                   => not_applied(Service),      "no record", 1 1 0;
    EXPIRED                      => not_applied(Service),      "no record", 1 1 0;
    status(410)                  => not_applied(Service),      "no record", 1 1 0;
    status(415)                  => not_applied(Service),      "no record", 1 1 0;
    status(429)                  => not_applied(Service),      "no record", 3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service),      "no record", 3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service),      "no record", 1 1 0;
    status(500)                  => unknown(Service),          "reconcile", 1 1 0;
    status(502)                  => unknown(Service),          "reconcile", 1 1 0;
    HTML_502                     => unknown(Service),          "reconcile", 1 1 0;
    status(503)                  => unknown(Service),          "reconcile", 1 1 0;
    status(503).header(WAIT_7)   => unknown(Service),          "reconcile", 1 1 0;
    status(504)                  => unknown(Service),          "reconcile", 1 1 0;
};

const TAKEN: &[Row] = answers! { "":
    ok(b"\x0a\x01A")             => Fine, "accepted > poll after 2s", 1 1 0;
    ok(b"\x12\x01x\x0a\x01A")    => Fine, "accepted > poll after 2s", 1 1 0;
    status(401).first()          => Fine, "accepted > poll after 2s", 2 2 0;
    status(429).first()          => Fine, "accepted > poll after 2s", 2 1 500;
}
.rows;

const STARTED: Table = Table {
    endpoint: "DssSign",
    rows: TAKEN,
    common: &[NOT_STARTED.rows],
};

const STARTED_V2: Table = Table {
    endpoint: "DssSignV2",
    ..STARTED
};

const RESULTS: Table = answers! { "DssSignResult":
    // the answer                    => how it ends,                   next,                                   requests logins ms
    // Completed, and a file that is signed, one that failed, and one of which nothing is known.
    ok(b"\x08\x02\x12\x06\x08\x01\x12\x02\x30\x00")
                                     => Fine,                          "finished > done",                      1 1 0;
    ok(b"\x08\x02\x12\x02\x08\x02")  => Fine,                          "finished > done",                      1 1 0;
    ok(b"\x08\x02\x12\x00")          => Fine,                          "finished > done",                      1 1 0;
    // Completed without any file: its results may follow.
    ok(b"\x08\x02")                  => not_applied(UnreadableAnswer), "poll after 3s",                        1 1 0;
    // No status, and those that are not known.
    EMPTY                            => Fine,                          "poll after 3s",                        1 1 0;
    ok(b"\x08\x00")                  => Fine,                          "poll after 3s",                        1 1 0;
    ok(b"\x08\x08")                  => Fine,                          "poll after 3s",                        1 1 0;
    ok(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
                                     => Fine,                          "poll after 3s",                        1 1 0;
    // In progress, with a way to confirm, an operator and a phone, each where it is told.
    ok(b"\x08\x01")                  => Fine,                          "poll after 3s",                        1 1 0;
    ok(b"\x08\x01").header(WAIT_7)   => Fine,                          "poll after 7s",                        1 1 0;
    ok(b"\x08\x01").header(WAIT_0)   => Fine,                          "poll after 3s",                        1 1 0;
    ok(b"\x08\x01\x18\x02\x20\x02\x2a\x041234")
                                     => Fine,                          "progressed > poll after 3s",           1 1 0;
    ok(b"\x08\x01\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
                                     => Fine,                          "progressed > poll after 3s",           1 1 0;
    ok(b"\x08\x01\x18\x05").header(WAIT_120)
                                     => Fine,                          "progressed > poll after 120s",         1 1 0;
    ok(b"\x08\x03")                  => Fine,                          "refused > CancelledBySigner",          1 1 0;
    ok(b"\x08\x04")                  => Fine,                          "refused > Expired",                    1 1 0;
    ok(b"\x08\x05")                  => Fine,                          "refused > ServiceCrashed",             1 1 0;
    ok(b"\x08\x06")                  => Fine,                          "refused > AnotherOperationOpen { operation: None, sort: None }", 1 1 0;
    // The clock of these tests begins in 1970.
    ok(b"\x08\x07")                  => Fine,                          "refused > MustStartOver { not_before: Timestamp(300000) }", 1 1 0;
    ok(b"\x08\x07").header(WAIT_7)   => Fine,                          "refused > MustStartOver { not_before: Timestamp(300000) }", 1 1 0;
    status(204)                      => Fine,                          "poll after 3s",                        1 1 0;
    status(204).header(WAIT_0)       => Fine,                          "poll after 3s",                        1 1 0;
    status(204).header(WAIT_7)       => Fine,                          "poll after 7s",                        1 1 0;
    status(204).header(WAIT_120)     => Fine,                          "poll after 120s",                      1 1 0;
    HTML                             => not_applied(UnreadableAnswer), "poll after 3s",                        1 1 0;
    UNTYPED_HTML                     => not_applied(UnreadableAnswer), "poll after 3s",                        1 1 0;
    ok(b"\x08")                      => not_applied(UnreadableAnswer), "poll after 3s",                        1 1 0;
    ok(b"\x08\x02\x12\x06\x08\x01")  => not_applied(UnreadableAnswer), "poll after 3s",                        1 1 0;
    ok(b"{\"OperationStatus\":1}")   => not_applied(UnreadableAnswer), "poll after 3s",                        1 1 0;
    status(302)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(400)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(401)                      => not_applied(Login),            "poll after 3s",                        2 2 0;
    status(401).first()              => Fine,                          "finished > done",                      2 2 0;
    status(402)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(403)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(404)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(405)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(409)                      => Fine,          "refused > Other",                        1 1 0;
    status(409).header(WAIT_7)       => not_applied(Service),          "poll after 7s",                        1 1 0;
    OTHER_CODE                       => Fine,          "refused > Other",                        1 1 0;
    EXPIRED                          => Fine,          "refused > Other",                        1 1 0;
    status(410)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(415)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(429)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(429).header(WAIT_7)       => not_applied(Service),          "poll after 7s",                        1 1 0;
    status(429).header(WAIT_120)     => not_applied(Service),          "poll after 120s",                      1 1 0;
    status(500)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(502)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    HTML_502                         => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(503)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
    status(503).header(WAIT_7)       => not_applied(Service),          "poll after 7s",                        1 1 0;
    status(504)                      => not_applied(Service),          "poll after 3s",                        1 1 0;
};

pub(super) const ANSWERS: &[&Table] = &[&STARTED, &STARTED_V2, &RESULTS];

#[tokio::test]
async fn every_answer_to_a_dss_sign() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in ANSWERS {
        for row in table.all_rows() {
            let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
            wire.script(table.endpoint, &[row.says]);
            let came = until(table.endpoint, &wire, &journal).await;
            wrong.extend(compare_run(table, row, &wire, &wire.diadoc, &journal, came).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
