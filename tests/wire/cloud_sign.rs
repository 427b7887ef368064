//! CloudSign: the start, the code and their results.
//!
//! **Invariant:** a start and a code are sent again only where the answer says that they did nothing.

use podpis::diadoc::cloud_sign::ResultForm;
use podpis::diadoc::{CloudSign, EntityId, MessageId, PatchedContentId, ShelfName};
use podpis::operation::State;
use podpis::secret::ConfirmationCode;
use podpis::{Begin, ErrorKind, File, MemoryJournal, ReqwestTransport, Run};

use ErrorKind::{Login, Service, UnreadableAnswer};
use Gives::Fine;

use super::answer::{Came, Gives, Table, answers, compare, not_applied, unknown};
use super::authenticate::PASSWORD;
use super::server::{
    BAD_CODE, BAD_CODE_WAIT_7, EMPTY, EXPIRED, Exact, HTML, HTML_502, LOGGED_IN, OTHER_CODE,
    RENEWED, UNTYPED_HTML, WAIT_7, WAIT_120, Wire, ok, status,
};
use super::shelf::DOWNLOAD;

const WAIT_0: &[(&str, &str)] = &[("Retry-After", "0")];
const WAIT_SOON: &[(&str, &str)] = &[("Retry-After", "soon")];

const START: Exact = Exact {
    endpoint: "CloudSign",
    line: "POST /CloudSign",
    query: &[],
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

const RESULT: Exact = Exact::get(
    "CloudSignResult",
    "GET /CloudSignResult?taskId=A%2Bb%2Fc%3D%20d",
    &[("taskId", "A+b/c= d")],
);

const CONFIRM: Exact = Exact {
    endpoint: "CloudSignConfirm",
    line: "POST /CloudSignConfirm?token=K%2B1%2F2%3D%20z&confirmationCode=739%20155&return=Content",
    query: &[
        ("token", "K+1/2= z"),
        ("confirmationCode", "739 155"),
        ("return", "Content"),
    ],
    content_length: Some("0"),
    body: &[],
    ..START
};

const CONFIRM_RESULT: Exact = Exact::get(
    "CloudSignConfirmResult",
    "GET /CloudSignConfirmResult?taskId=B%2Be%2Ff%3D%20g",
    &[("taskId", "B+e/f= g")],
);

const INSIDE: &[Exact] = &[PASSWORD, START, RESULT, CONFIRM, CONFIRM_RESULT];

const BY_NAME: &[Exact] = &[
    PASSWORD,
    START,
    RESULT,
    Exact {
        line: "POST /CloudSignConfirm?token=K%2B1%2F2%3D%20z&confirmationCode=739%20155&return=Reference",
        query: &[
            ("token", "K+1/2= z"),
            ("confirmationCode", "739 155"),
            ("return", "Reference"),
        ],
        ..CONFIRM
    },
    CONFIRM_RESULT,
    DOWNLOAD,
];

/// A certificate that was asked for, and a file from each place where it can be.
const FROM_EVERYWHERE: &[Exact] = &[
    PASSWORD,
    Exact {
        endpoint: "ShelfUpload",
        line: "POST /V2/ShelfUpload",
        content_length: Some("1"),
        body: &[b"b"],
        ..START
    },
    Exact {
        line: "POST /CloudSign?certificateThumbprint=00112233445566778899AABBCCDDEEFF00112233",
        query: &[(
            "certificateThumbprint",
            "00112233445566778899AABBCCDDEEFF00112233",
        )],
        content_length: Some("94"),
        body: &[
            b"\x0a\x08",                                     // 1 Files[0]
            b"\x0a\x03",                                     //   1 Content
            b"\x12\x01n",                                    //     2 NameOnShelf
            b"\x12\x01s",                                    //   2 FileName
            b"\x0a\x33",                                     // 1 Files[1]
            b"\x0a\x2e",                                     //   1 Content
            b"\x22\x2c",                                     //     4 DocumentId
            b"\x0a\x01m\x12\x01e",                           //       1 MessageId, 2 EntityId
            b"\x1a\x2400112233-4455-6677-8899-aabbccddeeff", //       3 BoxId
            b"\x12\x01e",                                    //   2 FileName
            b"\x0a\x09",                                     // 1 Files[2]
            b"\x0a\x03",                                     //   1 Content
            b"\x1a\x01p",                                    //     3 PatchedContentId
            b"\x12\x02\xd1\x8f",                             //   2 FileName
            b"\x0a\x12",                                     // 1 Files[3]
            b"\x0a\x0d",                                     //   1 Content
            b"\x12\x0bdd-api+1/x=",                          //     2 NameOnShelf
            b"\x12\x01b",                                    //   2 FileName
        ],
        ..START
    },
];

/// The login ended before the code was given.
const RENEWED_AT_THE_CODE: &[Exact] = &[
    PASSWORD,
    START,
    RESULT,
    CONFIRM,
    PASSWORD,
    Exact {
        authorization: RENEWED,
        ..CONFIRM
    },
    Exact {
        authorization: RENEWED,
        ..CONFIRM_RESULT
    },
];

pub(super) const REQUESTS: &[&[Exact]] = &[INSIDE, BY_NAME, FROM_EVERYWHERE, RENEWED_AT_THE_CODE];

/// The calls of a conversation, in their order.
const CALLS: [&str; 5] = [
    "CloudSign",
    "CloudSignResult",
    "CloudSignConfirm",
    "CloudSignConfirmResult",
    "ShelfDownload",
];

/// Goes on until this endpoint was called once; what was before it goes well.
pub(super) async fn until<'j>(endpoint: &str, wire: &Wire, journal: &'j MemoryJournal) -> Came<'j> {
    let form = if endpoint == "ShelfDownload" {
        // The name of the only signature: `s+1/x= y`.
        let named = ok(b"\x0a\x0a\x12\x08s+1/x= y");
        wire.script("CloudSignConfirmResult", &[named]);
        ResultForm::Reference
    } else {
        ResultForm::Content
    };
    let signing = wire.diadoc.cloud_sign([File::bytes("a.txt", &b"\xff"[..])]);
    let mut run = match signing.form(form).start(journal).await {
        Ok(run) => run,
        Err(error) => {
            return Came {
                outcome: Err(error),
                run: None,
                events: wire.told.names(),
            };
        }
    };
    let last = CALLS.iter().position(|call| *call == endpoint).unwrap();
    let (mut outcome, mut before) = (Ok(()), 0);
    for call in &CALLS[1..=last] {
        outcome.unwrap();
        before = wire.told.names().len();
        outcome = step(call, &mut run).await;
    }
    Came {
        outcome,
        run: Some(run),
        events: wire.told.names().split_off(before),
    }
}

async fn step(call: &str, run: &mut Run<'_, CloudSign>) -> Result<(), podpis::Error> {
    match call {
        // The space in it shows how it is encoded; those around it are not part of a code.
        "CloudSignConfirm" => run.confirm(ConfirmationCode::new(" 739 155\n")).await,
        _ => run.poll().await,
    }
}

#[tokio::test]
async fn signatures_inside_the_answer() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let journal = MemoryJournal::new();
    let came = until("CloudSignConfirmResult", &wire, &journal).await;
    came.outcome.unwrap();
    wire.got(INSIDE).await;
}

#[tokio::test]
async fn signatures_by_their_names() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let journal = MemoryJournal::new();
    let came = until("ShelfDownload", &wire, &journal).await;
    came.outcome.unwrap();
    wire.got(BY_NAME).await;
}

#[tokio::test]
async fn a_login_that_ended_is_renewed_and_the_same_code_goes_again() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script("CloudSignConfirm", &[status(401).first()]);
    let journal = MemoryJournal::new();
    let came = until("CloudSignConfirmResult", &wire, &journal).await;
    came.outcome.unwrap();
    wire.got(RENEWED_AT_THE_CODE).await;
}

#[tokio::test]
async fn every_source_of_a_file_and_a_certificate() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let in_box = "00112233-4455-6677-8899-aabbccddeeff".parse().unwrap();
    let (message, entity) = (MessageId::new("m"), EntityId::new("e"));
    let files = [
        File::on_shelf("s", &ShelfName::new("__userId__/n")),
        File::entity("e", &in_box, &message, &entity),
        File::patched("я", &PatchedContentId::new("p")),
        File::bytes("b", "b").by_shelf(),
    ];
    let certificate = "00112233445566778899aabbccddeeff00112233".parse().unwrap();
    let signing = wire.diadoc.cloud_sign(files).certificate(certificate);
    let journal = MemoryJournal::new();
    signing.start(&journal).await.unwrap();
    wire.got(FROM_EVERYWHERE).await;
}

#[tokio::test]
async fn a_result_without_signatures_is_never_taken_for_one() {
    for nothing in [EMPTY, ok(b"\x0a\x00"), ok(b"\x0a\x00\x0a\x00")] {
        let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("CloudSignConfirmResult", &[nothing]);
        let journal = MemoryJournal::new();
        let came = until("CloudSignConfirmResult", &wire, &journal).await;
        let signed = came.run.unwrap().output();
        assert!(signed.is_err() || signed.is_ok_and(|all| all.all().is_err()));
    }
}

const STARTED: Table = answers! { "CloudSign":
    // the answer                => how it ends,               next,                       requests logins ms
    ok(b"\x0a\x01A")             => Fine,                      "accepted > poll after 1s", 1 1 0;
    ok(b"\x12\x01x\x0a\x01A")    => Fine,                      "accepted > poll after 1s", 1 1 0;
    EMPTY                        => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    HTML                         => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    UNTYPED_HTML                 => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    ok(b"\x0a\x05A")             => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    ok(b"\x0a\x00")              => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    ok(b"\x0a\x01 ")             => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    ok(b"\x12\x01x")             => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    ok(b"{\"TaskId\":\"A\"}")    => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    status(204).header(WAIT_7)   => unknown(UnreadableAnswer), "reconcile",                1 1 0;
    status(302)                  => unknown(Service),          "reconcile",                1 1 0;
    status(400)                  => not_applied(Service),      "no record",                1 1 0;
    status(401)                  => not_applied(Login),        "no record",                2 2 0;
    status(401).first()          => Fine,                      "accepted > poll after 1s", 2 2 0;
    status(402)                  => not_applied(Service),      "no record",                1 1 0;
    status(403)                  => not_applied(Service),      "no record",                1 1 0;
    status(404)                  => not_applied(Service),      "no record",                1 1 0;
    status(405)                  => not_applied(Service),      "no record",                1 1 0;
    status(409)                  => not_applied(Service),      "no record",                1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),      "no record",                1 1 0;
    OTHER_CODE                   => not_applied(Service),      "no record",                1 1 0;
    EXPIRED                      => not_applied(Service),      "no record",                1 1 0;
    BAD_CODE                     => not_applied(Service),      "no record",                1 1 0;
    status(410)                  => not_applied(Service),      "no record",                1 1 0;
    status(415)                  => not_applied(Service),      "no record",                1 1 0;
    status(429)                  => not_applied(Service),      "no record",                3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service),      "no record",                3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service),      "no record",                1 1 0;
    status(429).first()          => Fine,                      "accepted > poll after 1s", 2 1 500;
    status(500)                  => unknown(Service),          "reconcile",                1 1 0;
    status(502)                  => unknown(Service),          "reconcile",                1 1 0;
    HTML_502                     => unknown(Service),          "reconcile",                1 1 0;
    status(503)                  => unknown(Service),          "reconcile",                1 1 0;
    status(503).header(WAIT_7)   => unknown(Service),          "reconcile",                1 1 0;
    status(504)                  => unknown(Service),          "reconcile",                1 1 0;
};

const RESULTS: Table = answers! { "CloudSignResult":
    // the answer                 => how it ends,                    next,                 requests logins ms
    ok(b"\x0a\x01K")              => Fine,                           "code_sent > code 1", 1 1 0;
    status(204)                   => Fine,                           "poll after 1.5s",    1 1 0;
    status(204).header(WAIT_0)    => Fine,                           "poll after 1.5s",    1 1 0;
    status(204).header(WAIT_7)    => Fine,                           "poll after 7s",      1 1 0;
    status(204).header(WAIT_120)  => Fine,                           "poll after 120s",    1 1 0;
    status(204).header(WAIT_SOON) => Fine,                           "poll after 1.5s",    1 1 0;
    EMPTY                         => not_applied(UnreadableAnswer),      "poll after 1.5s",    1 1 0;
    HTML                          => not_applied(UnreadableAnswer),      "poll after 1.5s",    1 1 0;
    UNTYPED_HTML                  => not_applied(UnreadableAnswer),      "poll after 1.5s",    1 1 0;
    ok(b"\x0a\x05K")              => not_applied(UnreadableAnswer),      "poll after 1.5s",    1 1 0;
    ok(b"\x0a\x00")               => not_applied(UnreadableAnswer),      "poll after 1.5s",    1 1 0;
    ok(b"\x12\x01x")              => not_applied(UnreadableAnswer),      "poll after 1.5s",    1 1 0;
    status(302)                   => not_applied(Service),               "poll after 1.5s",    1 1 0;
    status(400)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(401)                   => not_applied(Login),             "poll after 1.5s",    2 2 0;
    status(401).first()           => Fine,                           "code_sent > code 1", 2 2 0;
    status(402)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(403)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(404)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(405)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(409)                   => Fine,           "refused > Other",    1 1 0;
    status(409).header(WAIT_7)    => not_applied(Service),           "poll after 7s",      1 1 0;
    OTHER_CODE                    => Fine,           "refused > Other",    1 1 0;
    EXPIRED                       => Fine,                           "refused > Expired",  1 1 0;
    BAD_CODE                      => Fine, "refused > Other",    1 1 0;
    status(410)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(415)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(429)                   => not_applied(Service),           "poll after 1.5s",    1 1 0;
    status(429).header(WAIT_7)    => not_applied(Service),           "poll after 7s",      1 1 0;
    status(429).header(WAIT_120)  => not_applied(Service),           "poll after 120s",    1 1 0;
    status(500)                   => not_applied(Service),               "poll after 1.5s",    1 1 0;
    status(502)                   => not_applied(Service),               "poll after 1.5s",    1 1 0;
    HTML_502                      => not_applied(Service),               "poll after 1.5s",    1 1 0;
    status(503)                   => not_applied(Service),               "poll after 1.5s",    1 1 0;
    status(503).header(WAIT_7)    => not_applied(Service),               "poll after 7s",      1 1 0;
    status(504)                   => not_applied(Service),               "poll after 1.5s",    1 1 0;
};

const CONFIRMED: Table = answers! { "CloudSignConfirm":
    // the answer                => how it ends,               next,                                  requests logins ms
    ok(b"\x0a\x01B")             => Fine,                      "code_given accepted > poll after 1s", 1 1 0;
    EMPTY                        => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    HTML                         => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    UNTYPED_HTML                 => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    ok(b"\x0a\x05B")             => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    ok(b"\x0a\x00")              => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    ok(b"\x12\x01x")             => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    status(204).header(WAIT_7)   => unknown(UnreadableAnswer),     "code_given > reconcile",              1 1 0;
    status(302)                  => unknown(Service),              "code_given > reconcile",              1 1 0;
    status(400)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(401)                  => not_applied(Login),        "code_given code_not_taken > code 1",  2 2 0;
    status(401).first()          => Fine,                      "code_given accepted > poll after 1s", 2 2 0;
    status(402)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(403)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(404)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(405)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(409)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    OTHER_CODE                   => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    EXPIRED                      => Fine,                      "code_given refused > Expired",        1 1 0;
    BAD_CODE                     => Fine,                      "code_given code_rejected > code 2",   1 1 0;
    BAD_CODE_WAIT_7              => Fine,                      "code_given code_rejected > code 2",   1 1 0;
    status(410)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(415)                  => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(429)                  => not_applied(Service),      "code_given code_not_taken > code 1",  3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service),      "code_given code_not_taken > code 1",  3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service),      "code_given code_not_taken > code 1",  1 1 0;
    status(429).first()          => Fine,                      "code_given accepted > poll after 1s", 2 1 500;
    status(500)                  => unknown(Service),              "code_given > reconcile",              1 1 0;
    status(502)                  => unknown(Service),              "code_given > reconcile",              1 1 0;
    HTML_502                     => unknown(Service),              "code_given > reconcile",              1 1 0;
    status(503)                  => unknown(Service),              "code_given > reconcile",              1 1 0;
    status(503).header(WAIT_7)   => unknown(Service),              "code_given > reconcile",              1 1 0;
    status(504)                  => unknown(Service),              "code_given > reconcile",              1 1 0;
};

const CONFIRM_RESULTS: Table = answers! { "CloudSignConfirmResult":
    // the answer                   => how it ends,               next,                           requests logins ms
    ok(b"\x0a\x04\x0a\x02\x30\x00") => Fine,                      "finished > done",              1 1 0;
    ok(b"\x0a\x03\x12\x01s")        => Fine,                      "progressed > poll after 1.5s", 1 1 0;
    ok(b"\x0a\x00")                 => Fine,                      "finished > done",              1 1 0;
    status(204)                     => Fine,                      "poll after 1.5s",              1 1 0;
    status(204).header(WAIT_0)      => Fine,                      "poll after 1.5s",              1 1 0;
    status(204).header(WAIT_7)      => Fine,                      "poll after 7s",                1 1 0;
    status(204).header(WAIT_120)    => Fine,                      "poll after 120s",              1 1 0;
    status(204).header(WAIT_SOON)   => Fine,                      "poll after 1.5s",              1 1 0;
    HTML                            => not_applied(UnreadableAnswer), "poll after 1.5s",              1 1 0;
    UNTYPED_HTML                    => not_applied(UnreadableAnswer), "poll after 1.5s",              1 1 0;
    ok(b"\x0a\x04\x0a\x02\x30")     => not_applied(UnreadableAnswer), "poll after 1.5s",              1 1 0;
    ok(b"\x0a\x04\x22\x02\x0a\x00") => not_applied(UnreadableAnswer), "poll after 1.5s",              1 1 0;
    status(302)                     => not_applied(Service),          "poll after 1.5s",              1 1 0;
    status(400)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(401)                     => not_applied(Login),        "poll after 1.5s",              2 2 0;
    status(401).first()             => Fine,                      "finished > done",              2 2 0;
    status(402)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(403)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(404)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(405)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(409)                     => Fine,      "refused > Other",              1 1 0;
    status(409).header(WAIT_7)      => not_applied(Service),      "poll after 7s",                1 1 0;
    OTHER_CODE                      => Fine,      "refused > Other",              1 1 0;
    EXPIRED                         => Fine,                      "refused > Expired",            1 1 0;
    BAD_CODE                        => Fine,                      "code_rejected > code 2",       1 1 0;
    BAD_CODE_WAIT_7                 => Fine,                      "code_rejected > code 2",       1 1 0;
    status(410)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(415)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(429)                     => not_applied(Service),      "poll after 1.5s",              1 1 0;
    status(429).header(WAIT_7)      => not_applied(Service),      "poll after 7s",                1 1 0;
    status(429).header(WAIT_120)    => not_applied(Service),      "poll after 120s",              1 1 0;
    status(500)                     => not_applied(Service),          "poll after 1.5s",              1 1 0;
    status(502)                     => not_applied(Service),          "poll after 1.5s",              1 1 0;
    HTML_502                        => not_applied(Service),          "poll after 1.5s",              1 1 0;
    status(503)                     => not_applied(Service),          "poll after 1.5s",              1 1 0;
    status(503).header(WAIT_7)      => not_applied(Service),          "poll after 7s",                1 1 0;
    status(504)                     => not_applied(Service),          "poll after 1.5s",              1 1 0;
};

pub(super) const ANSWERS: &[&Table] = &[&STARTED, &RESULTS, &CONFIRMED, &CONFIRM_RESULTS];

async fn every_answer(table: &Table) {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in table.rows {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        wire.script(table.endpoint, &[row.says]);
        let came = until(table.endpoint, &wire, &journal).await;
        if let Err(error) = &came.outcome {
            let kept = error.operation().is_some();
            assert_eq!(kept, row.then != "no record", "{:?}", row.says);
        }
        wrong.extend(compare(table, row, &wire, &journal, came).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_answer_to_a_start() {
    every_answer(&STARTED).await;
}

#[tokio::test]
async fn every_answer_to_the_poll_for_the_sms() {
    every_answer(&RESULTS).await;
}

#[tokio::test]
async fn every_answer_to_a_code() {
    every_answer(&CONFIRMED).await;
}

#[tokio::test]
async fn every_answer_to_the_poll_for_the_signatures() {
    every_answer(&CONFIRM_RESULTS).await;
}

#[tokio::test]
async fn an_empty_answer_is_not_the_end_of_the_operation() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let journal = MemoryJournal::new();
    wire.script("CloudSignConfirmResult", &[EMPTY.first()]);
    let came = until("CloudSignConfirmResult", &wire, &journal).await;
    assert_eq!(came.run.unwrap().operation().state().name(), "processing");
}

#[tokio::test]
async fn a_code_problem_before_any_code_still_says_what_the_service_said() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let journal = MemoryJournal::new();
    wire.script("CloudSignResult", &[BAD_CODE]);
    let came = until("CloudSignResult", &wire, &journal).await;
    came.outcome.unwrap();
    let run = came.run.unwrap();
    let State::Refused { message, .. } = run.operation().state() else {
        panic!("{:?}", run.operation().state());
    };
    assert!(message.is_some(), "the service's words are beside it");
}
