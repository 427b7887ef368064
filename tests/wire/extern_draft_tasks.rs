//! Every answer to the checking, preparing and sending of Extern's drafts: the starts, the tasks and the looks after
//! a lost answer.
//!
//! **Invariant:** a start is sent once, whatever is answered, and again only after the draft and its tasks were
//! looked at; a sending that "succeeded" with a failure has sent nothing.

use podpis::core::call::Effect;
use podpis::core::wait::{Begin, Conversation};
use podpis::{Error, ErrorKind, Extern, MemoryJournal, ReqwestTransport, Run};

use ErrorKind::{Login, Refused, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, compare_call, not_applied, unknown, what_is_next};
use super::extern_server::{
    Exact, ExternWire, JSON, LOCKED, LOCKED_BY_SOMEBODY, NAMES_NO_TASK, NAMES_THE_TASK, account,
    draft, json, mute, of_draft, refuses, refuses_known, rows, unread, unread_unknown,
};
use super::server::{EMPTY, HTML, HTML_502, Says, UNTYPED_HTML, WAIT_7, WAIT_120, status};

/// The tasks that are there are looked at first, so that none of them is taken for the one whose answer was lost.
const TASKS: Exact = Exact::get(
    "DraftTasks",
    of_draft!("GET", "/tasks?skip=0&take=1000&includeReleased=true"),
)
.query(&[("skip", "0"), ("take", "1000"), ("includeReleased", "true")]);
const TASK: Exact = Exact::get("DraftTask", of_draft!("GET", "/tasks/t%2F7"));

/// Every start is deferred: the service answers nothing else since 2022.
macro_rules! start {
    ($endpoint:literal, $rest:literal, $($more:expr),*) => {
        Exact::post($endpoint, of_draft!("POST", $rest)).query(&[("deferred", "true"), $($more),*])
    };
}

const CHECKED: &[Exact] = &[TASKS, start!("DraftCheck", "/check?deferred=true",), TASK];
const PREPARED: &[Exact] = &[
    TASKS,
    start!("DraftPrepare", "/prepare?deferred=true",),
    TASK,
];
const SENT: &[Exact] = &[
    TASKS,
    start!(
        "DraftSend",
        "/send?deferred=true&force=false",
        ("force", "false")
    ),
    TASK,
];
const FORCED: &[Exact] = &[
    TASKS,
    start!(
        "DraftSend",
        "/send?deferred=true&force=true",
        ("force", "true")
    ),
    TASK,
];

pub(super) const REQUESTS: &[&[Exact]] = &[CHECKED, PREPARED, SENT, FORCED];

const ACCEPTED: &str = "accepted > poll after 2s";

const fn refusal(words: &'static str) -> Gives {
    Gives::Failed(Refused, Some(Effect::NotApplied), words)
}

/// Why nothing was sent: an error of its own, with what the check found.
macro_rules! send_failure {
    () => {
        r#"{"id":"urn:error:externapi:checkProtocolHasErrors","status-code":"bad-request","message":"Не сложилось","trace-id":"T-1","status":"check-protocol-has-errors","check-result":{"documents-errors":{"e-7":[{"id":"x","description":"Неверный ИНН","source":"ФЛК","level":"Error","type":"format","tags":null}]},"common-errors":[]}}"#
    };
}

const SEND_FAILURE: Says = Says {
    body: send_failure!().as_bytes(),
    code: Some("urn:error:externapi:checkProtocolHasErrors"),
    ..status(400)
};

const STARTS: &[Row] = rows! {
    // the answer                             => how it ends,          what is next, requests ms
    json(r#"{"id":"t","task-state":"running","task-type":"urn:task-type:check","task-result":null,"error":null,"progress":null}"#) => Fine, ACCEPTED, 1 0;
    json(r#"{"id":"t","task-state":"Running","task-type":null,"new":[]}"#) => Fine, ACCEPTED, 1 0;
    json(r#"{"id":"t","task-state":"new-word"}"#) => Fine, ACCEPTED, 1 0;
    BY_202                                    => Fine, ACCEPTED, 1 0;
    refuses(429).first()                      => Fine, ACCEPTED, 2 500;
    status(302)                               => unknown(Service),     "reconcile", 1 0;
    refuses(400)                              => not_applied(Service), "no record", 1 0;
    refuses_known(400)                        => refusal("NotSigned"), "no record", 1 0;
    SEND_FAILURE                              => refusal("document e-7: Неверный ИНН"), "no record", 1 0;
    mute(400, b"")                            => not_applied(Service), "no record", 1 0;
    mute(400, b"{\"id\":\"planted")           => not_applied(Service), "no record", 1 0;
    refuses(401)                              => not_applied(Login),   "no record", 1 0;
    refuses(403)                              => not_applied(Service), "no record", 1 0;
    refuses(404)                              => not_applied(Service), "no record", 1 0;
    mute(404, b"")                            => not_applied(Service), "no record", 1 0;
    refuses(405)                              => not_applied(Service), "no record", 1 0;
    refuses(408)                              => unknown(Service),     "reconcile", 1 0;
    refuses(409)                              => not_applied(Service), "no record", 1 0;
    LOCKED                                    => NAMES_THE_TASK,       "no record", 1 0;
    LOCKED.header(WAIT_7)                     => NAMES_THE_TASK,       "no record", 1 0;
    LOCKED_BY_SOMEBODY                        => NAMES_NO_TASK,        "no record", 1 0;
    refuses(413)                              => not_applied(Service), "no record", 1 0;
    mute(429, b"")                            => not_applied(Service), "no record", 3 1_500;
    refuses(429).header(WAIT_7)               => not_applied(Service), "no record", 3 14_000;
    refuses(429).header(WAIT_120)             => not_applied(Service), "no record", 1 0;
    refuses(500)                              => unknown(Service),     "reconcile", 1 0;
    refuses(500).header(WAIT_7)               => unknown(Service),     "reconcile", 1 0;
    mute(500, b"{\"id\":{\"planted\":1}}")    => unknown(Service),     "reconcile", 1 0;
    refuses(502)                              => unknown(Service),     "reconcile", 1 0;
    HTML_502                                  => unknown(Service),     "reconcile", 1 0;
    refuses(503)                              => unknown(Service),     "reconcile", 1 0;
    mute(504, b"")                            => unknown(Service),     "reconcile", 1 0;
    // A success that names no task may have started one.
    EMPTY                                     => unread_unknown("the answer is empty"),       "reconcile", 1 0;
    status(204)                               => unread_unknown("the answer is empty"),       "reconcile", 1 0;
    HTML                                      => unread_unknown("it is an HTML page"),        "reconcile", 1 0;
    UNTYPED_HTML                              => unread_unknown("it is an HTML page"),        "reconcile", 1 0;
    json("{\"id\":\"planted")                 => unread_unknown("the answer ends too early"), "reconcile", 1 0;
    json("planted")                           => unread_unknown("the answer is not JSON"),    "reconcile", 1 0;
    json("[]")                                => unread_unknown("the answer must not be a list"), "reconcile", 1 0;
    json("null")                              => unread_unknown("the answer must not be null"), "reconcile", 1 0;
    json("{}")                                => unread_unknown("field `task-state` is missing"), "reconcile", 1 0;
    json(r#"{"task-state":"running"}"#)       => unread_unknown("it names no task"), "reconcile", 1 0;
    json(r#"{"id":"","task-state":"running"}"#) => unread_unknown("it names no task"), "reconcile", 1 0;
    json(r#"{"id":["planted"],"task-state":"running"}"#) => unread_unknown("field `id` must not be a list"), "reconcile", 1 0;
};

/// Printing and checking answer with 202 in some sources.
const BY_202: Says = Says {
    status: 202,
    ..json(r#"{"id":"t","task-state":"running"}"#)
};

const fn starting(endpoint: &'static str) -> Table {
    Table {
        endpoint,
        rows: STARTS,
        common: &[],
    }
}

const CHECK: Table = starting("DraftCheck");
const PREPARE: Table = starting("DraftPrepare");
const SEND: Table = starting("DraftSend");

pub(super) const ANSWERS: &[&Table] = &[&CHECK, &PREPARE, &SEND];

const WAITS: &str = "> poll after 3s";
const WAITS_7: &[(&str, &str)] = &[JSON[0], WAIT_7[0]];

/// What every poll makes of a task that is not over, of one that failed, and of no task.
const POLLS: &[Row] = rows! {
    // the answer                             => how it ends,          what is next, requests ms
    json(r#"{"id":"t","task-state":"running"}"#) => Fine, WAITS, 1 0;
    json(r#"{"task-state":"RUNNING","task-result":{"planted":1}}"#) => Fine, WAITS, 1 0;
    json(r#"{"task-state":"running"}"#).header(WAITS_7) => Fine, "> poll after 7s", 1 0;
    json(r#"{"task-state":"planted"}"#)       => Fine, WAITS, 1 0;
    json(r#"{"task-state":"failed","error":{"id":"urn:error:externapi:error","status-code":"bad-request","message":"x","track-id":"mm76"}}"#) => Fine, "refused > Other", 1 0;
    json(r#"{"task-state":"failed","error":{"id":"urn:error:externapi:signatureNotFound","status-code":400}}"#) => Fine, "refused > NotSigned", 1 0;
    json(r#"{"task-state":"failed","error":{"id":"urn:error:externapi:checkProtocolHasErrors","status-code":"400"}}"#) => Fine, "refused > DocumentsRefused", 1 0;
    json(r#"{"task-state":"failed","error":{"status-code":"request-timeout"}}"#) => Fine, "refused > ServiceCrashed", 1 0;
    json(r#"{"task-state":"failed","error":{"status-code":"InternalServerError"}}"#) => Fine, "refused > ServiceCrashed", 1 0;
    json(r#"{"task-state":"failed","error":{"status-code":503}}"#) => Fine, "refused > ServiceCrashed", 1 0;
    json(r#"{"task-state":"failed","error":{"status-code":"permanent-redirect"}}"#) => Fine, "refused > Other", 1 0;
    json(r#"{"task-state":"Failed","error":null}"#) => Fine, "refused > Other", 1 0;
    json(r#"{"task-state":"failed"}"#)        => Fine, "refused > Other", 1 0;
    json(r#"{"id":"planted"}"#)               => unread("field `task-state` is missing"), WAITS, 1 0;
    json(r#"{"task-state":{"planted":1}}"#)   => unread("field `task-state` must not be an object"), WAITS, 1 0;
    json(r#"{"task-state":"failed","error":"planted"}"#) => unread("field `error` must not be a text"), WAITS, 1 0;
    json(r#"{"task-state":"succeed","task-result":null}"#) => unread("field `task-result` is missing"), WAITS, 1 0;
    json(r#"{"task-state":"succeed"}"#)       => unread("field `task-result` is missing"), WAITS, 1 0;
    json(r#"{"task-state":"succeed","task-result":7}"#) => unread("field `task-result` must not be a number"), WAITS, 1 0;
    json(r#"{"task-state":"succeed","task-result":"planted"}"#) => unread("field `task-result` must not be a text"), WAITS, 1 0;
    json(r#"{"task-state":"succeed","task-result":["planted"]}"#) => unread("field `task-result` must not be a list"), WAITS, 1 0;
    json("[]")                                => unread("the answer must not be a list"), WAITS, 1 0;
    json("{\"task-state\":\"planted")         => unread("the answer ends too early"), WAITS, 1 0;
    EMPTY                                     => unread("the answer is empty"), WAITS, 1 0;
    status(204)                               => unread("the answer is empty"), WAITS, 1 0;
    HTML                                      => unread("it is an HTML page"), WAITS, 1 0;
    refuses(400)                              => not_applied(Service), WAITS, 1 0;
    refuses(401)                              => not_applied(Login),   WAITS, 1 0;
    refuses(403)                              => not_applied(Service), WAITS, 1 0;
    refuses(404)                              => not_applied(Service), WAITS, 1 0;
    refuses(409)                              => not_applied(Service), WAITS, 1 0;
    refuses(429).header(WAIT_7)               => not_applied(Service), "> poll after 7s", 1 0;
    refuses(500)                              => not_applied(Service), WAITS, 1 0;
    HTML_502                                  => not_applied(Service), WAITS, 1 0;
    mute(504, b"")                            => not_applied(Service), WAITS, 1 0;
};

const DONE: &str = "finished > done";

const AFTER_CHECK: Table = Table {
    endpoint: "DraftTask",
    rows: rows! {
        json(r#"{"id":"t","task-state":"succeed","task-type":"urn:task-type:check","task-result":{"data":{"documents-errors":{"e-7":[{"description":"x","level":"Error"}]},"common-errors":[]}}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeeded","task-result":{"documents-errors":{"e-7":null},"common-errors":null}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"Succeed","task-result":{"data":{}}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeed","task-result":{}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"data":"planted"}}"#) => unread("field `task-result.data` must not be a text"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"common-errors":{"planted":1}}}"#) => unread("field `task-result.common-errors` must not be an object"), WAITS, 1 0;
    },
    common: &[POLLS],
};

const AFTER_PREPARE: Table = Table {
    endpoint: "DraftTask",
    rows: rows! {
        json(r#"{"id":"t","task-state":"succeed","task-type":"urn:task-type:prepare","task-result":{"check-result":{"documents-errors":{},"common-errors":[]},"links":[{"rel":"next","href":"https://host/send?force=false"}],"status":"ok"}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"success","task-result":{"check-result":{"data":{}},"links":null,"status":"Ok"}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status":"check-protocol-has-only-warnings","check-result":{"common-errors":[{"level":"Warning"}]}}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status":"checkProtocolHasOnlyWarnings"}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status":"check-protocol-has-errors"}}"#) => Fine, "refused > DocumentsRefused", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status":"CheckProtocolHasErrors","check-result":{"common-errors":[{"level":"Error"}]}}}"#) => Fine, "refused > DocumentsRefused", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status":"encryption-failed"}}"#) => Fine, "refused > DocumentsRefused", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status":["planted"]}}"#) => unread("field `task-result.status` must not be a list"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"check-result":"planted"}}"#) => unread("field `task-result.check-result` must not be a text"), WAITS, 1 0;
    },
    common: &[POLLS],
};

const AFTER_SEND: Table = Table {
    endpoint: "DraftTask",
    rows: rows! {
        json(r#"{"id":"t","task-state":"succeed","task-type":"urn:task-type:send","task-result":{"id":"f?2","organization-id":"o","type":"urn:docflow:fns534-report","status":"urn:docflow-common-status:sent","description":{},"documents":[{"id":"e"}],"links":[],"send-date":"2021-07-08T01:01:01.1234567","last-change-date":"2021-07-08T01:01:01Z"}}"#) => Fine, DONE, 1 0;
        json(r#"{"task-state":"succeeded","task-result":{"id":"f?2","documents":null}}"#) => Fine, DONE, 1 0;
        // It "succeeded", and nothing was sent.
        json(concat!(r#"{"task-state":"succeed","task-result":"#, send_failure!(), "}")) => Fine, "refused > DocumentsRefused", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"id":"urn:error:externapi:signatureNotFound","message":"x"}}"#) => Fine, "refused > NotSigned", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"status-code":"badRequest","check-result":null}}"#) => Fine, "refused > Other", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"check-result":{"common-errors":[{"level":"Error"}]}}}"#) => Fine, "refused > DocumentsRefused", 1 0;
        json(r#"{"task-state":"succeed","task-result":{"id":"urn:error","status-code":400}}"#) => Fine, "refused > Other", 1 0;
        json(r#"{"task-state":"succeed","task-result":{}}"#) => unread("task-result.id is missing"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"id":["planted"]}}"#) => unread("field `task-result.id` must not be a list"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"id":"f","documents":"planted"}}"#) => unread("field `task-result.documents` must not be a text"), WAITS, 1 0;
    },
    common: &[POLLS],
};

/// How an operation on the draft is started.
macro_rules! started {
    ($work:ident, $client:expr, $journal:expr) => {
        $client
            .account(&account())
            .$work(&draft())
            .start($journal)
            .await
    };
}

async fn compared<K: Conversation<Client = Extern>>(
    (table, row): (&Table, &Row),
    wire: &ExternWire,
    journal: &MemoryJournal,
    polls: bool,
    started: Result<Run<'_, K>, Error>,
) -> Vec<String> {
    let mut before = 0;
    let (outcome, run) = match started {
        Err(error) => (Err(error), None),
        Ok(mut run) if polls => {
            before = wire.told.names().len();
            wire.script(table.endpoint, &[row.says]);
            (run.poll().await, Some(run))
        }
        Ok(run) => (Ok(()), Some(run)),
    };
    let events = wire.told.names().split_off(before).join(" ");
    let next = what_is_next(&wire.client, journal, run).await;
    let then = [events, next].join(" > ");
    let alone = then.starts_with(" > ") && !polls;
    let then = if alone { &then[3..] } else { then.trim_start() };
    compare_call(table, row, wire, outcome, then.to_owned()).await
}

#[tokio::test]
async fn every_answer_to_the_starts_for_a_draft() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in ANSWERS {
        for row in table.all_rows() {
            let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
            wire.script(table.endpoint, &[row.says]);
            let (client, row) = (&wire.client, (*table, row));
            wrong.extend(match table.endpoint {
                "DraftCheck" => {
                    let started = started!(check_draft, client, &journal);
                    compared(row, &wire, &journal, false, started).await
                }
                "DraftPrepare" => {
                    let started = started!(prepare_draft, client, &journal);
                    compared(row, &wire, &journal, false, started).await
                }
                _ => {
                    let started = started!(send_draft, client, &journal);
                    compared(row, &wire, &journal, false, started).await
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_answer_to_the_polls_for_a_draft() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for (work, table) in [AFTER_CHECK, AFTER_PREPARE, AFTER_SEND].iter().enumerate() {
        for row in table.all_rows() {
            let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
            let (client, row) = (&wire.client, (table, row));
            wrong.extend(match work {
                0 => {
                    let started = started!(check_draft, client, &journal);
                    compared(row, &wire, &journal, true, started).await
                }
                1 => {
                    let started = started!(prepare_draft, client, &journal);
                    compared(row, &wire, &journal, true, started).await
                }
                _ => {
                    let started = started!(send_draft, client, &journal);
                    compared(row, &wire, &journal, true, started).await
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_draft_is_checked_prepared_and_sent() {
    let transport = ReqwestTransport::new().unwrap();
    for sent in REQUESTS {
        let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
        let client = &wire.client;
        // A task that succeeded without a result has ended nothing.
        match sent[1].endpoint {
            "DraftCheck" => {
                let mut run = started!(check_draft, client, &journal).unwrap();
                run.poll().await.unwrap_err();
            }
            "DraftPrepare" => {
                let mut run = started!(prepare_draft, client, &journal).unwrap();
                run.poll().await.unwrap_err();
            }
            _ => {
                let sending = client.account(&account()).send_draft(&draft());
                let force = sent[1].line.contains("force=true");
                let mut run = sending.force(force).start(&journal).await.unwrap();
                run.poll().await.unwrap_err();
            }
        }
        wire.got(sent).await;
    }
}
