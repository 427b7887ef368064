//! Every answer to the calls of Extern that carry contents, and to the one that lists tasks.
//!
//! **Invariant:** a content comes whole or not at all, whatever parts the service gives; the list of tasks is read
//! only to find a start whose answer was lost.

use podpis::extern_api::SignDraft;
use podpis::{Begin, ErrorKind, Journal, MemoryJournal, Next, ReqwestTransport, Run};

use ErrorKind::Service;
use Gives::Fine;

use super::answer::{Gives, Table, compare_call, not_applied};
use super::extern_conversation::{Scene, Step, every_answer};
use super::extern_reads::{NO_OBJECT, NOT_FOUND, REFUSED, UNREADABLE, recovers};
use super::extern_server::{
    ExternWire, OCTETS, account, draft, json, mute, part, refuses, rows, unread,
};
use super::server::{EMPTY, HTML, Says, UNTYPED_HTML, ok, status};

/// A part of four bytes in this range.
macro_rules! range {
    ($range:literal) => {
        part(&[("Content-Range", $range)], b"text")
    };
}

const NOT_ASKED_FOR: &str = "it is not the part that was asked for";
const NO_RANGE: &str = "its Content-Range cannot be read";

const CONTENT: Table = Table {
    endpoint: "Content",
    rows: rows! {
        // the answer                               => how it ends, what was read, requests ms
        ok(b"text").header(OCTETS)                  => Fine, "text", 1 0;
        ok(b"text")                                 => Fine, "text", 1 0;
        json("{\"a\":1}")                           => Fine, "{\\\"a\\\":1}", 1 0;
        EMPTY                                       => Fine, "", 1 0;
        status(204)                                 => Fine, "", 1 0;
        range!("bytes 0-3/4")                       => Fine, "text", 1 0;
        range!("bytes=0-3/4")                       => Fine, "text", 1 0;
        range!(" bytes  0 - 3 / 4 ")                => Fine, "text", 1 0;
        range!("bytes 0-3/*")                       => unread("it is not the part that was asked for"), "", 2 0;
        // The service's own documents count the end in.
        range!("bytes 0-4/4")                       => Fine, "text", 1 0;
        range!("bytes 0-3/4").first()               => Fine, "text", 1 0;
        range!("bytes 0-3/8")                       => unread(NOT_ASKED_FOR), "", 2 0;
        range!("bytes 1-4/8")                       => unread(NOT_ASKED_FOR), "", 1 0;
        range!("bytes 4-7/8")                       => unread(NOT_ASKED_FOR), "", 1 0;
        part(&[("Content-Range", "bytes 0-3/4")], b"") => unread(NOT_ASKED_FOR), "", 1 0;
        part(&[], b"planted")                       => unread(NO_RANGE), "", 1 0;
        range!("")                                  => unread(NO_RANGE), "", 1 0;
        range!("bytes")                             => unread(NO_RANGE), "", 1 0;
        range!("bytes 0-3")                         => unread(NO_RANGE), "", 1 0;
        range!("bytes */4")                         => unread(NO_RANGE), "", 1 0;
        range!("bytes 0-3/planted")                 => unread(NO_RANGE), "", 1 0;
        range!("bytes planted-3/4")                 => unread(NO_RANGE), "", 1 0;
        range!("items 0-3/4")                       => unread(NO_RANGE), "", 1 0;
        range!("bytes -1-3/4")                      => unread(NO_RANGE), "", 1 0;
        range!("bytes 0-3/-4")                      => unread(NO_RANGE), "", 1 0;
        range!("bytes 0-3/99999999999999999999")    => unread(NO_RANGE), "", 1 0;
        HTML                                        => Fine, "<!DOCTYPE html><title>Proxy</title>", 1 0;
        refuses(416)                                => not_applied(Service), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, recovers!("text")],
};

const UPLOADED: &str = "finished decrypted > done";
const NOT_UPLOADED: &str = "task > poll after 3s";
const NO_ID: Gives = unread("id is missing");

/// Bytes in the result of a decryption are put into the contents. A poll that could not do it leaves the task as it is.
const UPLOAD: Table = Table {
    endpoint: "ContentUpload",
    rows: rows! {
        created(r#"{"id":"c:9"}"#)                  => Fine, UPLOADED, 1 0;
        json(r#"{"id":"c:9"}"#)                     => Fine, UPLOADED, 1 0;
        json(r#"{"content-id":"c:9"}"#)             => Fine, UPLOADED, 1 0;
        created(r#"{"content":{"id":"c:9"},"is-completed":"true"}"#) => Fine, UPLOADED, 1 0;
        json(r#"{"id":null,"content":{"id":"c:9"}}"#) => Fine, UPLOADED, 1 0;
        refuses(429).first()                        => Fine, UPLOADED, 2 500;
        refuses(500).first()                        => Fine, UPLOADED, 2 500;
        created("{}")                               => NO_ID, NOT_UPLOADED, 1 0;
        created(r#"{"id":" "}"#)                    => NO_ID, NOT_UPLOADED, 1 0;
        json(r#"{"id":{"planted":1}}"#)             => unread("field `id` must not be an object"), NOT_UPLOADED, 1 0;
        json(r#"{"content":"planted"}"#)            => unread("field `content` must not be a text"), NOT_UPLOADED, 1 0;
        json("{\"id\":\"planted")                   => unread("the answer ends too early"), NOT_UPLOADED, 1 0;
        json("[]")                                  => unread("the answer must not be a list"), NOT_UPLOADED, 1 0;
        EMPTY                                       => unread("the answer is empty"), NOT_UPLOADED, 1 0;
        status(204)                                 => unread("the answer is empty"), NOT_UPLOADED, 1 0;
        HTML                                        => unread("it is an HTML page"), NOT_UPLOADED, 1 0;
        UNTYPED_HTML                                => unread("it is an HTML page"), NOT_UPLOADED, 1 0;
        refuses(400)                                => not_applied(Service), NOT_UPLOADED, 1 0;
        refuses(401)                                => not_applied(ErrorKind::Login), NOT_UPLOADED, 1 0;
        refuses(403)                                => not_applied(Service), NOT_UPLOADED, 1 0;
        refuses(404)                                => not_applied(Service), NOT_UPLOADED, 1 0;
        refuses(409)                                => not_applied(Service), NOT_UPLOADED, 1 0;
        refuses(413)                                => not_applied(Service), NOT_UPLOADED, 1 0;
        mute(429, b"")                              => not_applied(Service), NOT_UPLOADED, 3 1_500;
        refuses(500)                                => not_applied(Service), NOT_UPLOADED, 3 1_500;
        refuses(502)                                => not_applied(Service), NOT_UPLOADED, 3 1_500;
        refuses(503)                                => not_applied(Service), NOT_UPLOADED, 3 1_500;
        mute(504, b"")                              => not_applied(Service), NOT_UPLOADED, 3 1_500;
    },
    common: &[],
};

const fn created(body: &'static str) -> Says {
    Says {
        status: 201,
        ..json(body)
    }
}

const FOUND: &str = "PollAfter(2s)";
const NOBODY_KNOWS: &str = "nobody can tell, Reconcile";

/// What a start whose answer was lost is found to be.
const TASKS: Table = Table {
    endpoint: "DraftTasks",
    rows: rows! {
        json(r#"{"skip":0,"take":1000,"total-count":1,"api-task-page-items":[{"id":"t","task-state":"running","task-type":"urn:task-type:initDraftSignOperation","task-result-link":{"rel":"task"}}]}"#) => Fine, FOUND, 1 0;
        json(r#"{"api-task-page-items":[{"id":"t","task-state":"Succeeded","task-type":"init-draft-sign-operation"}]}"#) => Fine, NOBODY_KNOWS, 1 0;
        json(r#"{"api-task-page-items":[{"id":"t","task-state":"failed","task-type":"urn:task-type:initDraftSignOperation"}]}"#) => Fine, NOBODY_KNOWS, 1 0;
        json(r#"{"api-task-page-items":[{"id":"t","task-state":"running","task-type":"urn:task-type:send"}]}"#) => Fine, NOBODY_KNOWS, 1 0;
        json(r#"{"api-task-page-items":[{"id":"","task-state":"running","task-type":"urn:task-type:initDraftSignOperation"},{},null]}"#) => Fine, NOBODY_KNOWS, 1 0;
        json(r#"{"api-task-page-items":null}"#)     => Fine, NOBODY_KNOWS, 1 0;
        json("{}")                                  => Fine, NOBODY_KNOWS, 1 0;
        json(r#"{"api-task-page-items":{"planted":1}}"#) => unread("field `api-task-page-items` must not be an object"), "", 1 0;
        json(r#"{"api-task-page-items":[{"id":["planted"]}]}"#) => unread("field `api-task-page-items[0].id` must not be a list"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("nobody can tell, Reconcile"),
    ],
};

pub(super) const ANSWERS: &[&Table] = &[&CONTENT, &UPLOAD, &TASKS];

#[tokio::test]
async fn every_answer_to_a_download() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in CONTENT.all_rows() {
        let wire = ExternWire::new(&transport).await;
        wire.script("Content", &[row.says]);
        let content = wire.client.account(&account()).content(&"c:9".into()).await;
        let (outcome, then) = match content {
            Ok(bytes) => (Ok(()), bytes.escape_ascii().to_string()),
            Err(error) => (Err(error), String::new()),
        };
        wrong.extend(compare_call(&CONTENT, row, &wire, outcome, then).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_follows_a_part_must_be_a_part() {
    let first = range!("bytes 0-3/8");
    for (second, fits) in [
        (range!("bytes 4-7/8"), true),
        (range!("bytes 0-3/8"), false),
        (range!("bytes 5-8/8"), false),
        (part(&[("Content-Range", "bytes 4-7/8")], b""), false),
        (ok(b"texttext").header(OCTETS), false),
        (EMPTY, false),
    ] {
        let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("Content", &[first, second]);
        let content = wire.client.account(&account()).content(&"c:9".into()).await;
        assert_eq!(
            content.is_ok_and(|bytes| bytes == "texttext"),
            fits,
            "{second:?}"
        );
        assert_eq!(wire.count("Content"), 2);
    }
}

#[tokio::test]
async fn every_answer_to_an_upload() {
    const BYTES: Says = json(r#"{"task-state":"succeed","task-result":"dGV4dA=="}"#);
    let scene = Scene {
        operation: "Decrypt",
        step: Step::Poll,
        beside: &[("DocumentTask", BYTES)],
    };
    every_answer(&UPLOAD, scene).await;
}

#[tokio::test]
async fn every_answer_to_the_list_of_tasks() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in TASKS.all_rows() {
        let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
        wire.script("DraftCloudSign", &[mute(504, b"")]);
        wire.script("DraftDocumentSignature", &[refuses(404)]);
        let signing = wire.client.account(&account()).sign_draft(&draft());
        signing.start(&journal).await.unwrap_err();
        let id = journal.open().await.unwrap()[0].id().clone();
        let claim = journal.claim(&id).await.unwrap();
        let mut run: Run<'_, SignDraft> = wire.client.resume(claim).unwrap();
        wire.script("DraftTasks", &[row.says]);
        let (outcome, then) = match run.reconcile().await {
            Ok(()) => (Ok(()), format!("{:?}", run.next())),
            Err(error) if error.kind() == ErrorKind::CannotTell => {
                (Ok(()), format!("nobody can tell, {:?}", run.next()))
            }
            Err(error) => {
                assert_eq!(run.next(), Next::Reconcile);
                (Err(error), String::new())
            }
        };
        assert_eq!(wire.count("DraftCloudSign"), 1, "nothing is sent again");
        wrong.extend(compare_call(&TASKS, row, &wire, outcome, then).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_task_that_was_there_before_the_start_is_not_its_task() {
    const OLD: Says = json(
        r#"{"api-task-page-items":[{"id":"t","task-state":"succeed","task-type":"urn:task-type:initDraftSignOperation"}]}"#,
    );
    let (wire, journal) = (
        ExternWire::new(&ReqwestTransport::new().unwrap()).await,
        MemoryJournal::new(),
    );
    wire.script("DraftTasks", &[OLD]);
    wire.script("DraftCloudSign", &[mute(504, b"")]);
    let signing = wire.client.account(&account()).sign_draft(&draft());
    signing.start(&journal).await.unwrap_err();
    let id = journal.open().await.unwrap()[0].id().clone();
    let claim = journal.claim(&id).await.unwrap();
    let mut run: Run<'_, SignDraft> = wire.client.resume(claim).unwrap();
    let error = run.reconcile().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert_eq!(wire.count("DraftCloudSign"), 1);
    // It is asked for, because that attaches its signatures; where these are new, they are the result.
    assert_eq!(wire.count("DraftTask"), 1);
    wire.script("DraftDocumentSignature", &[json(r#""MAE=""#)]);
    run.reconcile().await.unwrap();
    assert_eq!(run.next(), Next::Finished);
}
