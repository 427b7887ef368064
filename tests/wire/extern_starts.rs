//! Every answer to the four starts of Extern, which reach a person.
//!
//! **Invariant:** a start is sent again only after 429, which says that it did nothing; the ids in the answer decide
//! what follows, and an answer that may have been lost leaves a record.

use podpis::core::error::Meaning;
use podpis::core::wait::{Begin, Conversation};
use podpis::{Error, ErrorKind, Journal, MemoryJournal, ReqwestTransport, Run};

use ErrorKind::{Login, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, not_applied, unknown};
use super::extern_conversation::{Scene, Step, every_answer};
use super::extern_server::{
    CERTIFICATE, ExternWire, LOCKED, LOCKED_BY_SOMEBODY, NAMES_NO_TASK, NAMES_THE_TASK, account,
    draft, in_inventory, json, mute, refuses, refuses_known, reply, rows, unread_unknown,
};
use super::server::{EMPTY, HTML, HTML_502, UNTYPED_HTML, WAIT_7, WAIT_120, status};

/// What every start makes of an answer that is no start.
const COMMON: &[Row] = rows! {
    // the answer                             => how it ends,          what is next, requests ms
    status(302)                               => unknown(Service),     "reconcile", 1 0;
    refuses(400)                              => not_applied(Service), "no record", 1 0;
    refuses_known(400)                        => not_applied(Service), "no record", 1 0;
    mute(400, b"")                            => not_applied(Service), "no record", 1 0;
    mute(400, b"{\"id\":\"planted")           => not_applied(Service), "no record", 1 0;
    refuses(401)                              => not_applied(Login),   "no record", 1 0;
    refuses(403)                              => not_applied(Service), "no record", 1 0;
    refuses(404)                              => not_applied(Service), "no record", 1 0;
    mute(404, b"")                            => not_applied(Service), "no record", 1 0;
    refuses(405)                              => not_applied(Service), "no record", 1 0;
    refuses(408)                              => unknown(Service),     "reconcile", 1 0;
    refuses(409)                              => not_applied(Service), "no record", 1 0;
    mute(409, b"")                            => not_applied(Service), "no record", 1 0;
    refuses(409).header(WAIT_7)               => not_applied(Service), "no record", 1 0;
    LOCKED                                    => NAMES_THE_TASK,       "no record", 1 0;
    LOCKED.header(WAIT_7)                     => NAMES_THE_TASK,       "no record", 1 0;
    LOCKED_BY_SOMEBODY                        => NAMES_NO_TASK,        "no record", 1 0;
    refuses(410)                              => not_applied(Service), "no record", 1 0;
    refuses(413)                              => not_applied(Service), "no record", 1 0;
    refuses(415)                              => not_applied(Service), "no record", 1 0;
    mute(429, b"")                            => not_applied(Service), "no record", 3 1_500;
    refuses(429).header(WAIT_7)               => not_applied(Service), "no record", 3 14_000;
    refuses(429).header(WAIT_120)             => not_applied(Service), "no record", 1 0;
    refuses(429).first()                      => Fine, "accepted task > poll after 2s", 2 500;
    refuses(500)                              => unknown(Service),     "reconcile", 1 0;
    refuses(500).header(WAIT_7)               => unknown(Service),     "reconcile", 1 0;
    mute(500, b"{\"id\":{\"planted\":1}}")    => unknown(Service),     "reconcile", 1 0;
    refuses(502)                              => unknown(Service),     "reconcile", 1 0;
    HTML_502                                  => unknown(Service),     "reconcile", 1 0;
    refuses(503)                              => unknown(Service),     "reconcile", 1 0;
    refuses(503).header(WAIT_7)               => unknown(Service),     "reconcile", 1 0;
    mute(504, b"")                            => unknown(Service),     "reconcile", 1 0;
    // A success that says nothing may have reached the person.
    EMPTY                                     => unread_unknown("the answer is empty"),       "reconcile", 1 0;
    status(204)                               => unread_unknown("the answer is empty"),       "reconcile", 1 0;
    HTML                                      => unread_unknown("it is an HTML page"),        "reconcile", 1 0;
    UNTYPED_HTML                              => unread_unknown("it is an HTML page"),        "reconcile", 1 0;
    json("{\"task-id\":\"planted")            => unread_unknown("the answer ends too early"), "reconcile", 1 0;
    json("{\"task-id\":\"planted\"")          => unread_unknown("the answer ends too early"), "reconcile", 1 0;
    json("planted")                           => unread_unknown("the answer is not JSON"),    "reconcile", 1 0;
    json("[]")                                => unread_unknown("the answer must not be a list"), "reconcile", 1 0;
    json("null")                              => unread_unknown("the answer must not be null"), "reconcile", 1 0;
    json("\"planted\"")                       => unread_unknown("the answer must not be a text"), "reconcile", 1 0;
    json(r#"{"request-id":{"planted":1}}"#)   => unread_unknown("field `request-id` must not be an object"), "reconcile", 1 0;
    json(r#"{"task-id":["planted"]}"#)        => unread_unknown("field `task-id` must not be a list"), "reconcile", 1 0;
    json(r#"{"task-id":true}"#)               => unread_unknown("field `task-id` must not be true or false"), "reconcile", 1 0;
    json(r#"{"confirm-type":["planted"]}"#)   => unread_unknown("field `confirm-type` must not be a list"), "reconcile", 1 0;
    json(r#"{"task-id":"t","task-id":"u"}"#)  => unread_unknown("field `task-id` occurs twice"), "reconcile", 1 0;
    json(r#"{"request-id":null,"confirm-type":"my-dss"}"#) => unread_unknown("it asks for a confirmation and names no id"), "reconcile", 1 0;
    json(r#"{"task-id":" ","confirm-type":"Sms"}"#)        => unread_unknown("it asks for a confirmation and names no id"), "reconcile", 1 0;
    json(r#"{"links":[],"confirm-type":"planted"}"#)       => unread_unknown("it asks for a confirmation and names no id"), "reconcile", 1 0;
    // The ids decide, in every spelling of the rest.
    json(r#"{"request-id":"q","confirm-type":"sms"}"#)               => Fine, "code_sent code > code 1", 1 0;
    json(r#"{"request-id":"123","task-id":null,"confirm-type":"Sms"}"#) => Fine, "code_sent code > code 1", 1 0;
    json(r#"{"request-id":123}"#)                                    => Fine, "code_sent code > code 1", 1 0;
    json(r#"{"request-id":"q","confirm-type":"my-dss"}"#)            => Fine, "code_sent code > code 1", 1 0;
    json(r#"{"request-id":"q","task-id":"t","confirm-type":"SMS"}"#) => Fine, "code_sent code > code 1", 1 0;
    json(r#"{"request-id":"q","task-id":"t","confirm-type":"myDSS"}"#) => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"request-id":"q","task-id":"t"}"#)                      => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"task-id":"t","confirm-type":"my-dss"}"#)               => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"task-id":"t","confirm-type":"myDSS","links":null}"#)   => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"task-id":"t","confirm-type":"MyDSS","new":[{}]}"#)     => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"task-id":"t","confirm-type":"planted"}"#)              => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"request-id":" ","task-id":"t","confirm-type":null}"#)  => Fine, "accepted task > poll after 2s", 1 0;
    CREATED                                                          => Fine, "accepted task > poll after 2s", 1 0;
    json(r#"{"request-id":null,"task-id":null,"confirm-type":"none"}"#) => Fine, "accepted fetching > poll after 0ns", 1 0;
    json(r#"{"confirm-type":"None"}"#)                               => Fine, "accepted fetching > poll after 0ns", 1 0;
    json(r#"{"links":[]}"#)                                          => Fine, "accepted fetching > poll after 0ns", 1 0;
    json("{}")                                                       => unread_unknown("holds nothing"), "reconcile", 1 0;
    json(r#"{"planted":1}"#)                                         => unread_unknown("holds nothing"), "reconcile", 1 0;
};

/// Any success is one.
const CREATED: super::server::Says = super::server::Says {
    status: 201,
    ..json(r#"{"task-id":"t"}"#)
};

const DRAFT: Table = Table {
    endpoint: "DraftCloudSign",
    rows: rows! {
        json(r#"{"documents-to-sign":[{"rel":"document","href":"x"},null],"task-id":"t"}"#) => Fine, "accepted task > poll after 2s", 1 0;
        json(r#"{"documents-to-sign":"planted","task-id":"t"}"#) => unread_unknown("field `documents-to-sign` must not be a text"), "reconcile", 1 0;
    },
    common: &[COMMON],
};

const REPLY: Table = Table {
    endpoint: "ReplyCloudSign",
    ..DRAFT
};

const PFR_REPLY: Table = Table {
    endpoint: "PfrReplyCloudSign",
    rows: rows! {
        json(r#"{"links":[{"rel":"self"}],"task-id":"t"}"#) => Fine, "accepted task > poll after 2s", 1 0;
        // This answer has no such field: what it holds does not matter.
        json(r#"{"documents-to-sign":"planted","task-id":"t"}"#) => Fine, "accepted task > poll after 2s", 1 0;
    },
    common: &[COMMON],
};

const DECRYPT: Table = Table {
    endpoint: "DecryptContent",
    rows: rows! {
        json(r#"{"decryption-task-id":"t","confirm-type":"my-dss"}"#)      => Fine, "accepted task > poll after 2s", 1 0;
        json(r#"{"TaskId":"t"}"#)                                          => Fine, "accepted task > poll after 2s", 1 0;
        json(r#"{"taskId":"t"}"#)                                          => Fine, "accepted task > poll after 2s", 1 0;
        json(r#"{"task-id":null,"decryption-task-id":"t","TaskId":""}"#)   => Fine, "accepted task > poll after 2s", 1 0;
        json(r#"{"confirm-link":{"rel":"x"},"request-id":"q","confirm-type":"sms"}"#) => Fine, "code_sent code > code 1", 1 0;
        json(r#"{"decryption-task-id":{"planted":1}}"#) => unread_unknown("field `decryption-task-id` must not be an object"), "reconcile", 1 0;
        json(r#"{"TaskId":["planted"]}"#)               => unread_unknown("field `TaskId` must not be a list"), "reconcile", 1 0;
        json(r#"{"confirm-link":"planted"}"#)           => unread_unknown("field `confirm-link` must not be a text"), "reconcile", 1 0;
    },
    common: &[COMMON],
};

pub(super) const ANSWERS: &[&Table] = &[&DRAFT, &REPLY, &PFR_REPLY, &DECRYPT];

const fn start(operation: &'static str) -> Scene {
    Scene {
        operation,
        step: Step::Start,
        beside: &[],
    }
}

#[tokio::test]
async fn every_answer_to_the_start_for_a_draft() {
    every_answer(&DRAFT, start("Draft")).await;
}

#[tokio::test]
async fn every_answer_to_the_start_for_a_reply() {
    every_answer(&REPLY, start("Reply")).await;
}

#[tokio::test]
async fn every_answer_to_the_start_for_a_pfr_reply() {
    every_answer(&PFR_REPLY, start("PfrReply")).await;
}

#[tokio::test]
async fn every_answer_to_the_start_of_a_decryption() {
    every_answer(&DECRYPT, start("Decrypt")).await;
}

/// Nothing was started: no record, no request, and the error says so.
async fn not_started<K: Conversation>(
    wire: &ExternWire,
    journal: &MemoryJournal,
    started: Result<Run<'_, K>, Error>,
) {
    let error = started.unwrap_err();
    assert_eq!(error.meaning(), Some(Meaning::NotStarted), "{error}");
    assert!(!error.may_have_been_applied(), "{error}");
    assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    assert!(journal.open().await.unwrap().is_empty());
    for table in ANSWERS {
        assert_eq!(wire.count(table.endpoint), 0, "{error}");
    }
}

#[tokio::test]
async fn nothing_is_started_where_what_is_signed_cannot_be_looked_at() {
    let transport = ReqwestTransport::new().unwrap();
    for says in [
        refuses(401),
        refuses(403),
        refuses(503),
        HTML,
        json("{\"planted"),
    ] {
        for before in [
            "Draft",
            "DraftDocument",
            "Content",
            "DraftDocumentSignature",
        ] {
            if before == "Content" && says.status == 200 {
                continue; // bytes of any form are a content
            }
            let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
            wire.script(before, &[says]);
            let signing = wire.client.account(&account()).sign_draft(&draft());
            not_started(&wire, &journal, signing.start(&journal).await).await;
        }
        let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
        let (client, account, place) = (&wire.client, account(), in_inventory());
        for before in ["Reply", "PfrReply", "Document"] {
            wire.script(before, &[says]);
        }
        let signing = client.account(&account).sign_reply(&place, &reply());
        not_started(&wire, &journal, signing.start(&journal).await).await;
        let signing = client.account(&account).sign_pfr_reply(&place, &reply());
        not_started(&wire, &journal, signing.start(&journal).await).await;
        let decrypting = client.account(&account).decrypt(&place, CERTIFICATE);
        not_started(&wire, &journal, decrypting.start(&journal).await).await;
    }
}

#[tokio::test]
async fn nothing_is_started_where_there_is_nothing_to_sign() {
    let transport = ReqwestTransport::new().unwrap();
    let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
    let (client, account, place) = (&wire.client, account(), in_inventory());
    wire.script("Draft", &[json("{}")]);
    wire.script("PfrReply", &[json(r#"{"documents":[]}"#)]);
    let signing = client.account(&account).sign_draft(&draft());
    not_started(&wire, &journal, signing.start(&journal).await).await;
    let signing = client.account(&account).sign_pfr_reply(&place, &reply());
    not_started(&wire, &journal, signing.start(&journal).await).await;
    let decrypting = client.account(&account).decrypt(&place, *b"planted");
    not_started(&wire, &journal, decrypting.start(&journal).await).await;
}
