//! Every answer to the four calls of Extern that ask for a task.
//!
//! **Invariant:** a task is asked once for each poll, its state alone decides, and it has succeeded only when the
//! signature or the content was seen.

use podpis::extern_api::model::OperationStatus;
use podpis::extern_api::progress;
use podpis::operation::{Refusal, State};
use podpis::{Begin, ErrorKind, MemoryJournal, Next, ReqwestTransport};

use ErrorKind::{Login, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, not_applied};
use super::extern_conversation::{Scene, Step, every_answer};
use super::extern_server::{
    ExternWire, JSON, LOCKED, SIGNED_PFR_REPLY, SIGNED_REPLY, account, draft, in_docflow, json,
    mute, refuses, refuses_known, reply, rows, unread,
};
use super::server::{EMPTY, HTML, HTML_502, Says, UNTYPED_HTML, WAIT_7, WAIT_120, status};

const WAITS: &str = "task > poll after 3s";
const WAITS_7: &[(&str, &str)] = &[JSON[0], WAIT_7[0]];
const NEWS: &str = "progressed task > poll after 3s";
const SIGNED: &str = "finished signed > done";
const DECRYPTED: &str = "finished decrypted > done";

/// What every poll makes of a task that is not over, of one that failed, and of no task.
const COMMON: &[Row] = rows! {
    // the answer                           => how it ends,          what is next, requests ms
    json(r#"{"id":"t","task-state":"running","task-type":null,"error":null}"#) => Fine, WAITS, 1 0;
    json(r#"{"task-state":"RUNNING","task-result":{"planted":1}}"#)    => Fine, WAITS, 1 0;
    json(r#"{"task-state":"running"}"#).header(WAITS_7)                => Fine, "task > poll after 7s", 1 0;
    json(r#"{"task-state":"running","progress":"enqueued"}"#).header(WAITS_7) => Fine, "progressed task > poll after 7s", 1 0;
    json(r#"{"task-state":"planted"}"#)                                => Fine, WAITS, 1 0;
    json(r#"{"task-state":"running","progress":" "}"#)                 => Fine, WAITS, 1 0;
    json(r#"{"task-state":"running","progress":"Completed"}"#)         => Fine, NEWS, 1 0;
    json(r#"{"task-state":"running","progress":"CanceledByUser"}"#)    => Fine, NEWS, 1 0;
    json(r#"{"task-state":"running","progress":"new-word"}"#)          => Fine, NEWS, 1 0;
    json(r#"{"task-state":"failed","progress":"CanceledByUser","error":{"message":"x"}}"#) => Fine, "refused task > CancelledBySigner", 1 0;
    json(r#"{"task-state":"Failed","task-result":{"operation-status":"timeout"}}"#) => Fine, "refused task > Expired", 1 0;
    json(r#"{"task-state":"failed","progress":"Completed"}"#)          => Fine, "refused task > Other", 1 0;
    json(r#"{"task-state":"failed","progress":"new-word","error":null}"#) => Fine, "refused task > Other", 1 0;
    json(r#"{"task-state":"failed"}"#)                                 => Fine, "refused task > Other", 1 0;
    json(r#"{"progress":"planted"}"#)       => unread("field `task-state` is missing"),         WAITS, 1 0;
    json(r#"{"task-state":null}"#)          => unread("field `task-state` must not be null"),   WAITS, 1 0;
    json(r#"{"task-state":{"planted":1}}"#) => unread("field `task-state` must not be an object"), WAITS, 1 0;
    json(r#"{"task-state":"running","progress":["planted"]}"#) => unread("field `progress` must not be a list"), WAITS, 1 0;
    json(r#"{"task-state":"failed","error":"planted"}"#) => unread("field `error` must not be a text"), WAITS, 1 0;
    json("[]")                              => unread("the answer must not be a list"),         WAITS, 1 0;
    json("{\"task-state\":\"planted")       => unread("the answer ends too early"),             WAITS, 1 0;
    json("planted")                         => unread("the answer is not JSON"),                WAITS, 1 0;
    EMPTY                                   => unread("the answer is empty"),                   WAITS, 1 0;
    status(204)                             => unread("the answer is empty"),                   WAITS, 1 0;
    HTML                                    => unread("it is an HTML page"),                    WAITS, 1 0;
    UNTYPED_HTML                            => unread("it is an HTML page"),                    WAITS, 1 0;
    status(302)                             => not_applied(Service), WAITS, 1 0;
    refuses(400)                            => not_applied(Service), WAITS, 1 0;
    refuses_known(400)                      => not_applied(Service), WAITS, 1 0;
    refuses(401)                            => not_applied(Login),   WAITS, 1 0;
    refuses(403)                            => not_applied(Service), WAITS, 1 0;
    refuses(409)                            => not_applied(Service), WAITS, 1 0;
    LOCKED                                  => not_applied(Service), WAITS, 1 0;
    LOCKED.header(WAIT_7)                   => not_applied(Service), "task > poll after 7s", 1 0;
    refuses(410)                            => not_applied(Service), WAITS, 1 0;
    refuses(413)                            => not_applied(Service), WAITS, 1 0;
    mute(429, b"")                          => not_applied(Service), WAITS, 1 0;
    refuses(429).header(WAIT_7)             => not_applied(Service), "task > poll after 7s", 1 0;
    refuses(429).header(WAIT_120)           => not_applied(Service), "task > poll after 120s", 1 0;
    refuses(500)                            => not_applied(Service), WAITS, 1 0;
    refuses(502)                            => not_applied(Service), WAITS, 1 0;
    HTML_502                                => not_applied(Service), WAITS, 1 0;
    refuses(503).header(WAIT_7)             => not_applied(Service), "task > poll after 7s", 1 0;
    mute(504, b"")                          => not_applied(Service), WAITS, 1 0;
};

/// A task that signed.
const SUCCEEDED: &[Row] = rows! {
    json(r#"{"task-state":"succeed","task-result":{"operation-status":"Completed","file-statuses":[]},"progress":"Completed"}"#) => Fine, SIGNED, 1 0;
    json(r#"{"task-state":"succeed","task-result":{"planted":[]}}"#) => Fine, SIGNED, 1 0;
    json(r#"{"task-state":"succeeded"}"#)   => Fine, SIGNED, 1 0;
    json(r#"{"task-state":"success"}"#)     => Fine, SIGNED, 1 0;
    json(r#"{"task-state":"Succeed"}"#)     => Fine, SIGNED, 1 0;
};

const NOT_FOUND: &[Row] = rows! {
    refuses(404)   => not_applied(Service), WAITS, 1 0;
    mute(404, b"") => not_applied(Service), WAITS, 1 0;
};

/// The document's own task is asked where there is one, and then the result is looked for.
const ELSEWHERE: &[Row] = rows! {
    refuses(404)   => Fine, SIGNED, 1 0;
    mute(404, b"") => Fine, SIGNED, 1 0;
};

const DRAFT: Table = Table {
    endpoint: "DraftTask",
    rows: SUCCEEDED,
    common: &[COMMON, ELSEWHERE],
};

const REPLY: Table = Table {
    endpoint: "ReplyTask",
    rows: SUCCEEDED,
    common: &[COMMON, ELSEWHERE],
};

const PFR_REPLY: Table = Table {
    endpoint: "PfrReplyTask",
    ..REPLY
};

const DECRYPTION: Table = Table {
    endpoint: "DocumentTask",
    rows: rows! {
        json(r#"{"task-state":"succeed","task-result":{"content-id":"c:9"}}"#) => Fine, DECRYPTED, 1 0;
        json(r#"{"task-state":"succeeded","task-result":"dGV4dA=="}"#) => Fine, DECRYPTED, 1 0;
        json(r#"{"task-state":"succeed","task-result":null}"#) => unread("field `task-result` is missing"), WAITS, 1 0;
        json(r#"{"task-state":"succeed"}"#)                    => unread("field `task-result` is missing"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":{}}"#)   => unread("field `task-result.content-id` is missing"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":{"content-id":["planted"]}}"#) => unread("field `task-result.content-id` must not be a list"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":"planted!"}"#) => unread("field `task-result` has a value that cannot be read"), WAITS, 1 0;
        json(r#"{"task-state":"succeed","task-result":7}"#)    => unread("field `task-result` must not be a number"), WAITS, 1 0;
    },
    common: &[COMMON, NOT_FOUND],
};

pub(super) const ANSWERS: &[&Table] = &[&DRAFT, &REPLY, &PFR_REPLY, &DECRYPTION];

const fn poll(operation: &'static str, beside: &'static [(&'static str, Says)]) -> Scene {
    Scene {
        operation,
        step: Step::Poll,
        beside,
    }
}

const SIGNED_DRAFT: &[(&str, Says)] = &[("DraftDocumentSignature", json(r#""MAA=""#))];

#[tokio::test]
async fn every_answer_to_the_poll_for_a_draft() {
    every_answer(&DRAFT, poll("Draft", SIGNED_DRAFT)).await;
}

#[tokio::test]
async fn every_answer_to_the_poll_for_a_reply() {
    every_answer(&REPLY, poll("Reply", &[("Reply", SIGNED_REPLY)])).await;
}

#[tokio::test]
async fn every_answer_to_the_poll_for_a_pfr_reply() {
    let signed = &[("PfrReply", SIGNED_PFR_REPLY)];
    every_answer(&PFR_REPLY, poll("PfrReply", signed)).await;
}

#[tokio::test]
async fn every_answer_to_the_poll_for_a_decryption() {
    every_answer(&DECRYPTION, poll("Decrypt", &[])).await;
}

const SUCCEED: Says = json(r#"{"task-state":"succeed"}"#);

#[tokio::test]
async fn a_task_that_succeeded_without_a_signature_is_looked_at_again() {
    const NOT_YET: &[Row] = rows! { SUCCEED => Fine, "progressed fetching > poll after 3s", 1 0; };
    for (endpoint, operation) in [
        ("DraftTask", "Draft"),
        ("ReplyTask", "Reply"),
        ("PfrReplyTask", "PfrReply"),
    ] {
        let table = Table {
            endpoint,
            rows: NOT_YET,
            common: &[],
        };
        every_answer(&table, poll(operation, &[])).await;
    }
}

/// What a start and the looks at the signature are answered, and how the operation stands then.
#[tokio::test]
async fn silence_is_not_success() {
    const NOTHING_TO_CONFIRM: Says = json(r#"{"confirm-type":"none"}"#);
    const PHONE: Says = json(r#"{"task-id":"t/7"}"#);
    let signature = json(r#""MAA=""#);
    let [a, b, c] = [refuses(404), json(r#""""#), EMPTY];
    for (start, answers, state) in [
        // Nobody had to confirm: it may be a certificate that cannot sign.
        (NOTHING_TO_CONFIRM, vec![a, b, c, a, b], "refused"),
        (
            NOTHING_TO_CONFIRM,
            vec![a, refuses(403), b, c, a, b],
            "refused",
        ),
        (NOTHING_TO_CONFIRM, vec![a, b, c, a, signature], "done"),
        // Somebody confirmed: it will come.
        (
            PHONE,
            vec![a, b, c, a, b, c, a, b, c, a, b, c],
            "processing",
        ),
        (PHONE, vec![a, b, c, a, b, signature], "done"),
        (PHONE, vec![a, refuses(400), b, HTML, signature], "done"),
    ] {
        let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("DraftCloudSign", &[start]);
        wire.script("DraftTask", &[SUCCEED]);
        wire.script("DraftDocumentSignature", &[refuses(404)]);
        let journal = MemoryJournal::new();
        let signing = wire.client.account(&account()).sign_draft(&draft());
        let mut run = signing.start(&journal).await.unwrap();
        wire.script("DraftDocumentSignature", &answers);
        for says in &answers {
            let failed = run.poll().await.is_err();
            let fails = says.body == HTML.body || matches!(says.status, 400 | 403);
            assert_eq!(failed, fails, "{says:?}");
        }
        assert_eq!(run.operation().state().name(), state, "{answers:?}");
        assert!(wire.count("DraftTask") <= 1, "it has said what it knows");
        if let State::Refused { refusal, .. } = run.operation().state() {
            assert_eq!(*refusal, Refusal::NothingSigned);
        }
    }
}

#[tokio::test]
async fn what_was_signed_before_is_not_the_result_of_a_lost_task() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script("DraftTask", &[refuses(404)]);
    let journal = MemoryJournal::new();
    let signing = wire.client.account(&account()).sign_draft(&draft());
    let mut run = signing.start(&journal).await.unwrap();
    let error = run.poll().await.unwrap_err();
    assert_eq!(error.service().unwrap().endpoint, "DraftTask");
    wire.script("DraftDocumentSignature", &[json(r#""MAE=""#)]);
    run.poll().await.unwrap();
    assert_eq!(run.operation().state().name(), "done");
}

#[tokio::test]
async fn some_of_the_signatures_are_waited_for_a_while() {
    const ONE_OF_TWO: Says =
        json(r#"{"documents":[{"id":"e-8","signature":null},{"id":"e-7","signature":"MAA="}]}"#);
    for (later, polls, missing) in [(SIGNED_PFR_REPLY, 2, 0), (ONE_OF_TWO, 12, 1)] {
        let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
        let (journal, place) = (MemoryJournal::new(), in_docflow());
        let signing = wire
            .client
            .account(&account())
            .sign_pfr_reply(&place, &reply());
        let mut run = signing.start(&journal).await.unwrap();
        wire.script("PfrReply", &[ONE_OF_TWO, later]);
        for _ in 0..polls {
            assert_eq!(run.operation().state().name(), "processing");
            run.poll().await.unwrap();
        }
        let operation = run.operation();
        assert_eq!(operation.state().name(), "done");
        let signatures = operation.data().to_value()["signatures"]
            .as_array()
            .unwrap()
            .clone();
        let found = signatures.iter().filter(|one| one.is_null()).count();
        assert_eq!(found, missing, "{signatures:?}");
    }
}

#[tokio::test]
async fn a_task_that_is_nowhere_keeps_the_operation_open() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script("ReplyTask", &[refuses(404)]);
    wire.script(
        "DocumentTask",
        &[mute(404, b""), refuses(503), json("planted")],
    );
    let (journal, place) = (MemoryJournal::new(), in_docflow());
    let signing = wire.client.account(&account()).sign_reply(&place, &reply());
    let mut run = signing.start(&journal).await.unwrap();
    for (kind, polls) in [(Service, 1), (Service, 2), (ErrorKind::UnreadableAnswer, 3)] {
        let error = run.poll().await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (kind, false));
        assert_eq!(error.service().unwrap().endpoint, "DocumentTask");
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        assert!(matches!(run.next(), Next::PollAfter(_)));
        assert_eq!(
            wire.count("DocumentTask"),
            polls,
            "asked once for each poll"
        );
    }
}

/// The nine words, and what each means for a task that has failed.
fn words() -> Vec<(OperationStatus, Refusal)> {
    let meaning = |status: &OperationStatus| match status {
        OperationStatus::CanceledByUser => Refusal::CancelledBySigner,
        OperationStatus::Timeout => Refusal::Expired,
        OperationStatus::ExceededConfirmationAttemptsCount => Refusal::TooManyAttempts,
        OperationStatus::UserHasUnconfirmedOperation => Refusal::AnotherOperationOpen {
            operation: None,
            sort: None,
        },
        OperationStatus::Crashed => Refusal::ServiceCrashed,
        _ => Refusal::Other,
    };
    let words = OperationStatus::ALL.iter();
    words.map(|word| (word.clone(), meaning(word))).collect()
}

const SPELLINGS: [(&str, [&str; 3]); 9] = [
    ("Enqueued", ["Enqueued", "enqueued", "ENQUEUED"]),
    ("InProgress", ["InProgress", "inProgress", "in-progress"]),
    ("Completed", ["Completed", "completed", "COMPLETED"]),
    (
        "CanceledByUser",
        ["CanceledByUser", "canceledByUser", "canceled-by-user"],
    ),
    ("Timeout", ["Timeout", "timeout", "TIMEOUT"]),
    ("Crashed", ["Crashed", "crashed", "CRASHED"]),
    (
        "UserHasUnconfirmedOperation",
        [
            "UserHasUnconfirmedOperation",
            "userHasUnconfirmedOperation",
            "user-has-unconfirmed-operation",
        ],
    ),
    (
        "AwaitingForConfirmation",
        [
            "AwaitingForConfirmation",
            "awaitingForConfirmation",
            "awaiting-for-confirmation",
        ],
    ),
    (
        "ExceededConfirmationAttemptsCount",
        [
            "ExceededConfirmationAttemptsCount",
            "exceededConfirmationAttemptsCount",
            "exceeded-confirmation-attempts-count",
        ],
    ),
];

/// How a task tells its progress, around the word.
const PLACES: [(&str, &str); 2] = [
    (r#","progress":""#, r#""}"#),
    (r#","task-result":{"operation-status":""#, r#""}}"#),
];

async fn polled(
    transport: &ReqwestTransport,
    state: &str,
    place: (&str, &str),
    word: &str,
) -> (State, Option<OperationStatus>) {
    let body = format!(r#"{{"task-state":"{state}"{}{word}{}"#, place.0, place.1);
    let wire = ExternWire::new(transport).await;
    wire.script("DraftTask", &[json(body.leak())]);
    let journal = MemoryJournal::new();
    let signing = wire.client.account(&account()).sign_draft(&draft());
    let mut run = signing.start(&journal).await.unwrap();
    run.poll().await.unwrap();
    assert_eq!(wire.count("DraftTask"), 1);
    let operation = run.operation();
    (operation.state().clone(), progress(operation))
}

#[tokio::test]
async fn nine_words_of_progress_in_every_spelling_and_place() {
    let transport = ReqwestTransport::new().unwrap();
    for (index, (word, refusal)) in words().into_iter().enumerate() {
        let (known, spellings) = SPELLINGS[index];
        assert_eq!(word.as_str(), known);
        for spelling in spellings {
            for place in PLACES {
                let (state, told) = polled(&transport, "running", place, spelling).await;
                assert_eq!(state.name(), "processing", "{spelling}");
                assert_eq!(told.as_ref(), Some(&word), "{spelling}");
                match polled(&transport, "failed", place, spelling).await {
                    (State::Refused { refusal: why, .. }, _) => assert_eq!(why, refusal),
                    other => panic!("{spelling}: {other:?}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_failed_task_tells_the_services_words_and_its_trace() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let failed = r#"{"task-state":"failed","progress":"new-word","error":{"id":"urn:error:externapi:error","status-code":"bad-request","message":"Не сложилось","track-id":"mm76","properties":{"p":"planted"}}}"#;
    wire.script("DraftTask", &[json(failed)]);
    let journal = MemoryJournal::new();
    let signing = wire.client.account(&account()).sign_draft(&draft());
    let mut run = signing.start(&journal).await.unwrap();
    run.poll().await.unwrap();
    let error = run.output().unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Other));
    for part in ["Не сложилось", "new-word", "mm76"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert!(!format!("{error:?}").contains("planted"));
}
