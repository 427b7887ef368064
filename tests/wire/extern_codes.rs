//! Every answer to the five calls of Extern that take a code.
//!
//! **Invariant:** a code is sent again only after 429. One that was certainly not taken can be given again, one that
//! was wrong is asked for anew with the service's words, and one whose answer was lost is looked into.

use podpis::extern_api::ConfirmPath;
use podpis::operation::Event;
use podpis::secret::ConfirmationCode;
use podpis::{Begin, ErrorKind, MemoryJournal, Next, ReqwestTransport};

use ErrorKind::{Login, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, not_applied, unknown};
use super::extern_conversation::{Scene, Step, every_answer};
use super::extern_server::{
    CERTIFICATE, DECRYPTED, ExternWire, LOCKED, OCTETS, SIGNED_REPLY, SMS, account, draft,
    in_docflow, json, mute, refuses, refuses_known, reply, rows, unread_unknown,
};
use super::server::{EMPTY, HTML, HTML_502, UNTYPED_HTML, WAIT_7, WAIT_120, WORDS, ok, status};

const REJECTED: &str = "code_given code_rejected code > code 2";
const AGAIN: &str = "code_given code_not_taken code > code 1";
const LOST: &str = "code_given code > reconcile";
const TAKEN: &str = "code_given accepted fetching > poll after 0ns";
const DONE: &str = "code_given finished decrypted > done";

/// What every call for a code makes of a refusal.
const COMMON: &[Row] = rows! {
    // the answer                      => how it ends,          what is next, requests ms
    status(302)                        => unknown(Service),     LOST, 1 0;
    refuses(400)                       => Fine,                 REJECTED, 1 0;
    refuses(400).header(WAIT_7)        => Fine,                 REJECTED, 1 0;
    mute(400, b"")                     => Fine,                 REJECTED, 1 0;
    mute(400, b"{\"id\":\"planted")    => Fine,                 REJECTED, 1 0;
    refuses_known(400)                 => not_applied(Service), AGAIN, 1 0;
    refuses(401)                       => not_applied(Login),   AGAIN, 1 0;
    refuses(403)                       => not_applied(Service), AGAIN, 1 0;
    refuses(404)                       => not_applied(Service), AGAIN, 1 0;
    mute(404, b"")                     => not_applied(Service), AGAIN, 1 0;
    refuses_known(404)                 => not_applied(Service), AGAIN, 1 0;
    refuses(405)                       => not_applied(Service), AGAIN, 1 0;
    refuses(409)                       => not_applied(Service), AGAIN, 1 0;
    refuses(409).header(WAIT_7)        => not_applied(Service), AGAIN, 1 0;
    LOCKED                             => not_applied(Service), AGAIN, 1 0;
    refuses(410)                       => not_applied(Service), AGAIN, 1 0;
    refuses(413)                       => not_applied(Service), AGAIN, 1 0;
    refuses(415)                       => not_applied(Service), AGAIN, 1 0;
    refuses(422)                       => Fine,                 REJECTED, 1 0;
    mute(429, b"")                     => not_applied(Service), AGAIN, 3 1_500;
    refuses(429).header(WAIT_7)        => not_applied(Service), AGAIN, 3 14_000;
    refuses(429).header(WAIT_120)      => not_applied(Service), AGAIN, 1 0;
    refuses(500)                       => unknown(Service),     LOST, 1 0;
    refuses(500).header(WAIT_7)        => unknown(Service),     LOST, 1 0;
    refuses(502)                       => unknown(Service),     LOST, 1 0;
    HTML_502                           => unknown(Service),     LOST, 1 0;
    refuses(503)                       => unknown(Service),     LOST, 1 0;
    refuses(503).header(WAIT_7)        => unknown(Service),     LOST, 1 0;
    mute(504, b"")                     => unknown(Service),     LOST, 1 0;
    HTML                               => unread_unknown("it is an HTML page"), LOST, 1 0;
    UNTYPED_HTML                       => unread_unknown("it is an HTML page"), LOST, 1 0;
};

/// The code of a signature was taken with any success: what was signed is looked for, whatever the answer says.
const TAKEN_ANYWAY: &[Row] = rows! {
    json(r#"{"signed-documents":[{"rel":"signed","href":"x"}],"links":null}"#) => Fine, TAKEN, 1 0;
    json(r#"{"links":[{"rel":"self"}]}"#) => Fine, TAKEN, 1 0;
    json("{}")                         => Fine, TAKEN, 1 0;
    json("[]")                         => Fine, TAKEN, 1 0;
    json("{\"signed-documents\":[{\"rel\":\"planted") => Fine, TAKEN, 1 0;
    json(r#"{"signed-documents":"planted"}"#) => Fine, TAKEN, 1 0;
    EMPTY                              => Fine, TAKEN, 1 0;
    status(201)                        => Fine, TAKEN, 1 0;
    status(204)                        => Fine, TAKEN, 1 0;
    refuses(429).first()               => Fine, TAKEN, 2 500;
};

/// The result of a decryption has three forms. Without one the document is asked.
const RESULTS: &[Row] = rows! {
    json(r#"{"content-id":"c:9","links":[]}"#) => Fine, DONE, 1 0;
    ok(br#"{"content-id":"c:9"}"#)     => Fine, DONE, 1 0;
    json(r#""dGV4dA==""#)              => Fine, DONE, 1 0;
    ok(br#""dGV4dA""#)                 => Fine, DONE, 1 0;
    ok(b"text").header(OCTETS)         => Fine, DONE, 1 0;
    refuses(429).first()               => Fine, DONE, 2 500;
    json(r#"{"content-id":""}"#)       => Fine, TAKEN, 1 0;
    json("{}")                         => Fine, TAKEN, 1 0;
    json("[]")                         => Fine, TAKEN, 1 0;
    json("null")                       => Fine, TAKEN, 1 0;
    json(r#""planted!""#)              => Fine, TAKEN, 1 0;
    json("{\"content-id\":\"planted")  => Fine, TAKEN, 1 0;
    json(r#"{"content-id":{"planted":1}}"#) => Fine, TAKEN, 1 0;
    ok(b"planted")                     => Fine, TAKEN, 1 0;
    EMPTY                              => Fine, TAKEN, 1 0;
    EMPTY.header(OCTETS)               => Fine, TAKEN, 1 0;
    status(204)                        => Fine, TAKEN, 1 0;
};

const fn signature(endpoint: &'static str) -> Table {
    Table {
        endpoint,
        rows: TAKEN_ANYWAY,
        common: &[COMMON],
    }
}

const fn decryption(endpoint: &'static str) -> Table {
    Table {
        endpoint,
        rows: RESULTS,
        common: &[COMMON],
    }
}

const DRAFT: Table = signature("DraftCloudSignConfirm");
const REPLY: Table = signature("ReplyCloudSignConfirm");
const PFR_REPLY: Table = signature("PfrReplyCloudSignConfirm");
const DECRYPTION: Table = decryption("ConfirmContentDecryption");
const DECRYPTION_AS_IN_2018: Table = decryption("DecryptContentConfirm");

pub(super) const ANSWERS: &[&Table] = &[
    &DRAFT,
    &REPLY,
    &PFR_REPLY,
    &DECRYPTION,
    &DECRYPTION_AS_IN_2018,
];

const fn code(operation: &'static str) -> Scene {
    Scene {
        operation,
        step: Step::Code,
        beside: &[],
    }
}

#[tokio::test]
async fn every_answer_to_the_code_for_a_draft() {
    every_answer(&DRAFT, code("Draft")).await;
}

#[tokio::test]
async fn every_answer_to_the_code_for_a_reply() {
    every_answer(&REPLY, code("Reply")).await;
}

#[tokio::test]
async fn every_answer_to_the_code_for_a_pfr_reply() {
    every_answer(&PFR_REPLY, code("PfrReply")).await;
}

#[tokio::test]
async fn every_answer_to_the_code_for_a_decryption() {
    every_answer(&DECRYPTION, code("Decrypt")).await;
    every_answer(&DECRYPTION_AS_IN_2018, code("Decrypt")).await;
}

#[tokio::test]
async fn a_person_hears_why_the_code_was_rejected() {
    for (says, words) in [
        (refuses(400), Some(WORDS)),
        (refuses(422), Some(WORDS)),
        (mute(400, b""), None),
        (mute(400, b"{\"message\":\"planted"), None),
    ] {
        let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("DraftCloudSign", &[SMS]);
        wire.script("DraftCloudSignConfirm", &[says]);
        let journal = MemoryJournal::new();
        let signing = wire.client.account(&account()).sign_draft(&draft());
        let mut run = signing.start(&journal).await.unwrap();
        run.confirm(ConfirmationCode::new("1")).await.unwrap();
        let rejected = Event::CodeRejected {
            message: words.map(str::to_owned),
        };
        assert_eq!(wire.told.events().last(), Some(&rejected), "{says:?}");
    }
}

#[tokio::test]
async fn an_empty_code_is_not_sent() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script("DraftCloudSign", &[SMS]);
    let journal = MemoryJournal::new();
    let signing = wire.client.account(&account()).sign_draft(&draft());
    let mut run = signing.start(&journal).await.unwrap();
    let error = run.confirm(ConfirmationCode::new(" \n")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(wire.count("DraftCloudSignConfirm"), 0);
}

/// The code was taken: it is not asked for again, and whoever goes on looks for the content.
#[tokio::test]
async fn a_taken_code_whose_bytes_cannot_be_kept_is_looked_into() {
    for (upload, kind) in [
        (refuses(413), Service),
        (refuses(503), Service),
        (json("{\"id\":\"planted"), ErrorKind::UnreadableAnswer),
    ] {
        let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("DecryptContent", &[SMS]);
        wire.script("ContentUpload", &[upload]);
        let (journal, place) = (MemoryJournal::new(), in_docflow());
        let decrypting = wire.client.account(&account()).decrypt(&place, CERTIFICATE);
        let decrypting = decrypting.confirm_path(ConfirmPath::DecryptContentConfirm);
        let mut run = decrypting.start(&journal).await.unwrap();
        let code = ConfirmationCode::new("739 155");
        let error = run.confirm(code).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.may_have_been_applied(), "{error}");
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        assert_eq!(run.next(), Next::Reconcile);
        wire.script("Document", &[DECRYPTED]);
        run.reconcile().await.unwrap();
        assert_eq!(run.operation().state().name(), "done");
        assert_eq!(wire.count("DecryptContentConfirm"), 1);
    }
}

/// A code that was used before is rejected too, and then the result is there.
#[tokio::test]
async fn a_rejected_code_that_was_used_before_is_no_wrong_code() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script("ReplyCloudSign", &[SMS]);
    wire.script("ReplyCloudSignConfirm", &[refuses(400)]);
    let (journal, place) = (MemoryJournal::new(), in_docflow());
    let signing = wire.client.account(&account()).sign_reply(&place, &reply());
    let mut run = signing.start(&journal).await.unwrap();
    wire.script("Reply", &[SIGNED_REPLY]);
    run.confirm(ConfirmationCode::new("739 155")).await.unwrap();
    assert_eq!(run.operation().state().name(), "done");
}
