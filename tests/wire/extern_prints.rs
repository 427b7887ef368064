//! Prints of the documents of Extern's drafts.
//!
//! **Invariant:** printing changes nothing, so both its calls are repeated where that may help; a print is done when
//! its task names a content.

use std::time::Duration;

use podpis::{Deadline, Error, ErrorKind, ReqwestTransport};

use ErrorKind::Refused;
use Gives::Fine;

use super::answer::{Gives, Row, Table, compare_call};
use super::extern_reads::{NO_OBJECT, NOT_FOUND, REFUSED, UNREADABLE, recovers};
use super::extern_server::{
    Exact, ExternWire, account, draft, json, of_draft, refuses, rows, unread,
};
use super::server::Says;

/// Every print is deferred: the service answers nothing else since 2022.
const PRINT: Exact = Exact::get(
    "DraftDocumentPrint",
    of_draft!("GET", "/documents/e-7/print?deferred=true"),
)
.query(&[("deferred", "true")]);
const TASK: Exact = Exact::get(
    "DraftDocumentTask",
    of_draft!("GET", "/documents/e-7/tasks/t%2F7"),
);

pub(super) const REQUESTS: &[Exact] = &[PRINT, TASK];

/// What a task says of a print that has ended, and of one that nobody can read.
const ENDED: &[Row] = rows! {
    // the answer                             => how it ends, the content, requests ms
    json(r#"{"id":"t/7","task-state":"succeed","task-type":"urn:task-type:print","task-result":{"content-id":"c:1"},"error":null}"#) => Fine, "c:1", 1 0;
    json(r#"{"task-state":"Succeeded","task-result":{"content-id":"c:1","links":[]}}"#) => Fine, "c:1", 1 0;
    PRINTED_202                               => Fine, "c:1", 1 0;
    json(r#"{"task-state":"failed","error":{"id":"urn:error:externapi:documentPrintUnsupported","status-code":"bad-request","message":"Не печатается","track-id":"mm76"}}"#) => failed("Не печатается"), "", 1 0;
    json(r#"{"task-state":"Failed","error":{"message":null,"trace-id":"T-1 "}}"#) => failed("T-1"), "", 1 0;
    json(r#"{"task-state":"failed"}"#)        => failed(""), "", 1 0;
    json(r#"{"task-state":"succeed","task-result":null}"#) => unread("field `task-result` is missing"), "", 1 0;
    json(r#"{"task-state":"succeed","task-result":{}}"#) => unread("task-result.content-id is missing"), "", 1 0;
    json(r#"{"task-state":"succeed","task-result":{"content-id":["planted"]}}"#) => unread("field `task-result.content-id` must not be a list"), "", 1 0;
    json(r#"{"task-state":"succeed","task-result":7}"#) => unread("field `task-result` must not be a number"), "", 1 0;
    json(r#"{"id":"planted"}"#)               => unread("field `task-state` is missing"), "", 1 0;
    json(r#"{"task-state":["planted"]}"#)     => unread("field `task-state` must not be a list"), "", 1 0;
};

const PRINTED_202: Says = Says {
    status: 202,
    ..json(r#"{"id":"t/7","task-state":"succeed","task-result":{"content-id":"c:1"}}"#)
};

/// The service tried, and there is no print.
const fn failed(words: &'static str) -> Gives {
    Gives::Failed(Refused, None, words)
}

const START: Table = Table {
    endpoint: "DraftDocumentPrint",
    rows: ENDED,
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, STARTED_LATER],
};

/// Then the task is asked, after its pause.
const STARTED_LATER: &[Row] = rows! {
    json(r#"{"id":"t/7","task-state":"running"}"#) => Fine, "c:9", 1 2_000;
    json(r#"{"id":"t/7","task-state":"new-word"}"#) => Fine, "c:9", 1 2_000;
    refuses(429).first()                      => Fine, "c:9", 2 2_500;
    refuses(500).first()                      => Fine, "c:9", 2 2_500;
    json(r#"{"task-state":"running"}"#)       => unread("it names no task"), "", 1 0;
};

/// The task that was asked for need not be named again.
const NAMELESS: &[Row] = rows! {
    json(r#"{"task-state":"running"}"#).first() => Fine, "c:9", 2 3_000;
    json(r#"{"id":null,"task-state":"running"}"#).first() => Fine, "c:9", 2 3_000;
};

const POLL: Table = Table {
    endpoint: "DraftDocumentTask",
    rows: ENDED,
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        NAMELESS,
        recovers!("c:9"),
    ],
};

pub(super) const ANSWERS: &[&Table] = &[&START, &POLL];

async fn print(wire: &ExternWire) -> Result<String, Error> {
    let (account, draft, document) = (account(), draft(), "e-7".into());
    let deadline = Deadline::minutes(5);
    let calls = wire.client.account(&account);
    let printing = calls.print_draft_document(&draft, &document, deadline);
    Ok(printing.await?.to_string())
}

#[tokio::test]
async fn every_answer_to_a_print() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for (table, before_it) in [(START, 0), (POLL, 2_000)] {
        for row in table.all_rows() {
            let wire = ExternWire::new(&transport).await;
            wire.script(table.endpoint, &[row.says]);
            let (outcome, then) = match print(&wire).await {
                Ok(content) => (Ok(()), content),
                Err(error) => (Err(error), String::new()),
            };
            // A task is not asked before the first pause is over.
            let row = Row {
                slept: row.slept + before_it,
                ..*row
            };
            wrong.extend(compare_call(&table, &row, &wire, outcome, then).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_print_is_waited_for_until_its_deadline() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    assert_eq!(print(&wire).await.unwrap(), "c:9");
    wire.got(REQUESTS).await;
    let running = json(r#"{"id":"t/7","task-state":"running"}"#);
    wire.script("DraftDocumentTask", &[running]);
    let error = print(&wire).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert!(!error.may_have_been_applied());
    assert!(wire.time.slept() >= Duration::from_secs(300));
}
