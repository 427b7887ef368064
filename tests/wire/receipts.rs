//! AutoSignReceipts: the first batch, the next one, and their results.
//!
//! **Invariant:** a batch is sent again only where the answer says that it did nothing.

use podpis::diadoc::AutoSignReceipts;
use podpis::{Begin, Deadline, ErrorKind, MemoryJournal, NoPrompt, ReqwestTransport};

use ErrorKind::{Login, Service, UnreadableAnswer};
use Gives::Fine;

use super::answer::{Came, Gives, Table, answers, compare_run, not_applied};
use super::authenticate::PASSWORD;
use super::dss_sign::{BOX, NOT_STARTED, in_box};
use super::server::{
    EMPTY, EXPIRED, Exact, HTML, HTML_502, LOGGED_IN, OTHER_CODE, UNTYPED_HTML, WAIT_7, WAIT_120,
    Wire, ok, status,
};

const START: Exact = Exact {
    endpoint: "AutoSignReceipts",
    line: "POST /AutoSignReceipts?boxId=00112233-4455-6677-8899-aabbccddeeff",
    query: &[BOX],
    authorization: LOGGED_IN,
    content_type: None,
    content_length: Some("0"),
    body: &[],
};

const THUMBPRINT: (&str, &str) = (
    "certificateThumbprint",
    "00112233445566778899AABBCCDDEEFF00112233",
);

const BY_CERTIFICATE: Exact = Exact {
    line: "POST /AutoSignReceipts?boxId=00112233-4455-6677-8899-aabbccddeeff&certificateThumbprint=00112233445566778899AABBCCDDEEFF00112233",
    query: &[BOX, THUMBPRINT],
    ..START
};

const NEXT: Exact = Exact {
    line: "POST /AutoSignReceipts?boxId=00112233-4455-6677-8899-aabbccddeeff&certificateThumbprint=00112233445566778899AABBCCDDEEFF00112233&batchKey=k%2B1%2F%3D%20y",
    query: &[BOX, THUMBPRINT, ("batchKey", "k+1/= y")],
    ..START
};

const RESULT: Exact = Exact::get(
    "AutosignReceiptsResult",
    "GET /AutosignReceiptsResult?taskId=A%2Bb%2Fc%3D%20d",
    &[("taskId", "A+b/c= d")],
);

const ONE_BATCH: &[Exact] = &[PASSWORD, START, RESULT];
const TWO_BATCHES: &[Exact] = &[PASSWORD, BY_CERTIFICATE, RESULT, NEXT, RESULT];

pub(super) const REQUESTS: &[&[Exact]] = &[ONE_BATCH, TWO_BATCHES];

/// Goes on until this endpoint was called once.
async fn until<'j>(
    endpoint: &str,
    wire: &Wire,
    journal: &'j MemoryJournal,
) -> Came<'j, AutoSignReceipts> {
    let signing = wire.diadoc.in_box(&in_box()).auto_sign_receipts();
    let started = signing.start(journal).await;
    Came::of(wire, started, endpoint == "AutosignReceiptsResult").await
}

#[tokio::test]
async fn one_batch_and_two() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let signing = wire.diadoc.in_box(&in_box()).auto_sign_receipts();
    let came = signing
        .run(&mut NoPrompt, Deadline::minutes(5))
        .await
        .unwrap();
    assert_eq!((came.signed, came.batches), (2, 1));
    wire.got(ONE_BATCH).await;

    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script(
        "AutosignReceiptsResult",
        &[ok(b"\x08\x64\x12\x07k+1/= y").first()],
    );
    let certificate = "00112233445566778899aabbccddeeff00112233".parse().unwrap();
    let signing = wire.diadoc.in_box(&in_box()).auto_sign_receipts();
    let came = signing
        .certificate(certificate)
        .run(&mut NoPrompt, Deadline::minutes(5))
        .await;
    assert_eq!(
        (came.as_ref().unwrap().signed, came.unwrap().batches),
        (102, 2)
    );
    wire.got(TWO_BATCHES).await;
}

#[tokio::test]
async fn a_next_batch_is_like_the_first_where_its_answer_is_not_one() {
    let transport = ReqwestTransport::new().unwrap();
    // The answer to the second batch, whether it is reconciled, and how often batches were sent in the end.
    for (says, cannot_tell, sent) in [
        (status(500), true, 2),
        (EMPTY, true, 2),
        (HTML, true, 2),
        (status(404), false, 2),
        (status(410), false, 2),
        (status(402), false, 2),
    ] {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        wire.script(
            "AutosignReceiptsResult",
            &[ok(b"\x08\x64\x12\x01k").first()],
        );
        wire.script("AutoSignReceipts", &[ok(b"\x0a\x01A"), says]);
        let signing = wire.diadoc.in_box(&in_box()).auto_sign_receipts();
        let mut run = signing.start(&journal).await.unwrap();
        let error = run
            .wait(&mut NoPrompt, Deadline::minutes(5))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind() == ErrorKind::CannotTell,
            cannot_tell,
            "{error}"
        );
        assert_eq!(wire.count("AutoSignReceipts"), sent, "{error}");
        let kept = error.operation().unwrap().state().name();
        assert_eq!(
            kept,
            if cannot_tell {
                "starting"
            } else {
                "processing"
            }
        );
    }
}

const STARTED: Table = Table {
    common: &[NOT_STARTED.rows],
    ..answers! { "AutoSignReceipts":
        ok(b"\x0a\x01A")          => Fine, "accepted > poll after 1s", 1 1 0;
        ok(b"\x12\x01x\x0a\x01A") => Fine, "accepted > poll after 1s", 1 1 0;
        status(401).first()       => Fine, "accepted > poll after 1s", 2 2 0;
        status(429).first()       => Fine, "accepted > poll after 1s", 2 1 500;
    }
};

const RESULTS: Table = answers! { "AutosignReceiptsResult":
    // the answer                  => how it ends,                   next,              requests logins ms
    // The current layout: with an empty key, without one, and with one. The next batch is taken.
    ok(b"\x08\x02\x12\x00")        => Fine,                          "finished > done", 1 1 0;
    ok(b"\x08\x02")                => Fine,                          "finished > done", 1 1 0;
    ok(b"\x08\x02\x12\x01k")       => Fine,                          "next_step accepted > poll after 1s", 1 1 0;
    // The layout until November 2017.
    ok(b"\x0a\x00\x10\x02")        => Fine,                          "finished > done", 1 1 0;
    ok(b"\x10\x02")                => Fine,                          "finished > done", 1 1 0;
    ok(b"\x0a\x01k\x10\x02")       => Fine,                          "next_step accepted > poll after 1s", 1 1 0;
    // No count, and one that is negative.
    EMPTY                          => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    ok(b"\x12\x01k")               => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    ok(b"\x0a\x01k")               => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    ok(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x12\x00")
                                   => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    ok(b"\x08\x02\x12")            => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    HTML                           => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    UNTYPED_HTML                   => not_applied(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    status(204)                    => Fine,                          "poll after 1.5s", 1 1 0;
    status(204).header(WAIT_7)     => Fine,                          "poll after 7s",   1 1 0;
    status(204).header(WAIT_120)   => Fine,                          "poll after 120s", 1 1 0;
    status(302)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(400)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(401)                    => not_applied(Login),            "poll after 1.5s", 2 2 0;
    status(401).first()            => Fine,                          "finished > done", 2 2 0;
    status(402)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(403)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(404)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(405)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(409)                    => Fine,          "refused > Other", 1 1 0;
    status(409).header(WAIT_7)     => not_applied(Service),          "poll after 7s",   1 1 0;
    OTHER_CODE                     => Fine,          "refused > Other", 1 1 0;
    EXPIRED                        => Fine,          "refused > Other", 1 1 0;
    status(410)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(415)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(429)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(429).header(WAIT_7)     => not_applied(Service),          "poll after 7s",   1 1 0;
    status(500)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(502)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    HTML_502                       => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(503)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
    status(503).header(WAIT_7)     => not_applied(Service),          "poll after 7s",   1 1 0;
    status(504)                    => not_applied(Service),          "poll after 1.5s", 1 1 0;
};

pub(super) const ANSWERS: &[&Table] = &[&STARTED, &RESULTS];

#[tokio::test]
async fn every_answer_to_a_batch() {
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
