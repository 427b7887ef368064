//! Replies of Extern: made, filled and sent, single ones and packages for the pension fund.
//!
//! **Invariant:** making and filling a reply may be repeated, because nobody hears of it; a reply is sent once, and
//! what became of a lost sending is told by the document.

use podpis::extern_api::SendReply;
use podpis::{
    Begin, DocumentPath, ErrorKind, Extern, Journal, MemoryJournal, Next, Refusal,
    ReqwestTransport, Run,
};

use ErrorKind::{Login, Refused, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, compare_call, not_applied, unknown, what_is_next};
use super::extern_calls::{Mute, WRITTEN, created};
use super::extern_reads::{NO_OBJECT, NOT_FOUND, REFUSED, UNREADABLE, recovers};
use super::extern_server::{
    Exact, ExternWire, LOCKED, LOCKED_BY_SOMEBODY, NAMES_NO_TASK, NAMES_THE_TASK, SIGNATURE,
    account, at, in_docflow, in_inventory, json, mute, refuses, refuses_known, reply, rows, sends,
    unread, unread_unknown,
};
use super::server::{EMPTY, HTML, HTML_502, Says, UNTYPED_HTML, WAIT_7, WAIT_120, status};

/// The certificate in one line, under the name of the Java SDK.
const CERTIFICATE: &str = r#"{"certificate-base64":"dGV4dA=="}"#;
const SENDER: &str = r#"{"sender-ip":"8.8.8.8"}"#;

/// The types go without `urn:document:`, and a code may be given several times.
const GENERATE: &[(&str, &str)] = &[
    ("documentType", "fns534-report-receipt"),
    ("declineNoticeErrorCode", "04 1"),
    ("declineNoticeErrorCode", "05"),
];
const PFR_GENERATE: &[(&str, &str)] = &[("documentType", "pfr-report-protocol-reply")];

/// What is called for a reply, which is the same in both places but for the path before it.
macro_rules! of_a_document {
    ($($place:ident),*) => {
        &[$(
            Exact {
                query: GENERATE,
                ..sends!(
                    "GenerateReply",
                    at!($place "POST", "/generate-reply?documentType=fns534-report-receipt&declineNoticeErrorCode=04%201&declineNoticeErrorCode=05"),
                    json "33",
                    CERTIFICATE
                )
            },
            sends!("ReplyContentPut", at!($place "PUT", "/replies/r%3D6/content"), octets "4", b"text"),
            sends!("ReplySignaturePut", at!($place "PUT", "/replies/r%3D6/signature"), octets "92", SIGNATURE),
            Exact {
                query: PFR_GENERATE,
                ..sends!(
                    "PfrGenerateReply",
                    at!($place "POST", "/pfr-generate-reply?documentType=pfr-report-protocol-reply"),
                    json "33",
                    CERTIFICATE
                )
            },
            sends!("PfrReplyDecryptedContentPut", at!($place "PUT", "/pfr-replies/r%3D6/documents/p%408/decrypted-content"), octets "4", b"text"),
            sends!("PfrReplySignaturePut", at!($place "PUT", "/pfr-replies/r%3D6/documents/p%408/signature"), octets "92", SIGNATURE),
        )*]
    };
}

pub(super) const REQUESTS: &[Exact] = of_a_document!(docflow, inventory);

/// The document is looked at first, so that a lost sending can be found.
macro_rules! sending {
    ($place:ident, $endpoint:literal, $verb:literal) => {
        &[
            Exact::get("Document", at!($place "GET", "")),
            sends!($endpoint, at!($place "POST", $verb), json "23", SENDER),
        ]
    };
}

const SENT_REPLY: [&[Exact]; 2] = [
    sending!(docflow, "ReplySend", "/replies/r%3D6/send"),
    sending!(inventory, "ReplySend", "/replies/r%3D6/send"),
];
const SENT_PACKAGE: [&[Exact]; 2] = [
    sending!(docflow, "PfrReplySend", "/pfr-replies/r%3D6/send"),
    sending!(inventory, "PfrReplySend", "/pfr-replies/r%3D6/send"),
];

pub(super) fn all() -> impl Iterator<Item = &'static Exact> {
    let sent = [SENT_REPLY, SENT_PACKAGE].concat();
    sent.into_iter().chain([REQUESTS]).flatten()
}

const GENERATED: Table = Table {
    endpoint: "GenerateReply",
    rows: rows! {
        created(r#"{"id":"x","content":"PD94bWw=","print-content":"JVBERi0x","filename":"IZ.xml","signature":null,"links":[{"rel":"sign","href":"https://host/cloud-sign"}],"docflow-id":"f","document-id":"e"}"#) => Fine, "x", 1 0;
        json(r#"{"id":"x","content":null,"data-to-sign":"dGV4dA==","links":null,"new":{}}"#) => Fine, "x", 1 0;
        json("{}")                              => Fine, "none", 1 0;
        created(r#"{"id":{"planted":1}}"#)      => unread("field `id` must not be an object"), "", 1 0;
        created(r#"{"content":["planted"]}"#)   => unread("field `content` must not be a list"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("r=6")],
};

const CONTENT_PUT: Table = Table {
    endpoint: "ReplyContentPut",
    rows: rows! {
        json(r#"{"id":"x","content":"dGV4dA==","signature":null,"links":[]}"#) => Fine, "x", 1 0;
        json("{}")                              => Fine, "none", 1 0;
        json(r#"{"signature":{"planted":1}}"#)  => unread("field `signature` must not be an object"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("r=6")],
};

const PACKAGE: Table = Table {
    endpoint: "PfrGenerateReply",
    rows: rows! {
        created(r#"{"id":"x","docflow-id":"f","documents":[{"id":"p","reply-id":"x","docflow-id":"f","document-id":"e","encrypted-content":"MIIB","decrypted-content":{"rel":"decrypted-content","href":"https://host/p"},"signature":null,"links":[]}],"links":[]}"#) => Fine, "x 1", 1 0;
        json(r#"{"id":"x","documents":null,"links":null}"#) => Fine, "x 0", 1 0;
        json("{}")                              => Fine, "none 0", 1 0;
        json(r#"{"documents":[{"decrypted-content":"planted"}]}"#) => unread("field `documents[0].decrypted-content` must not be a text"), "", 1 0;
        json(r#"{"documents":{"planted":1}}"#)  => unread("field `documents` must not be an object"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("r=6 1"),
    ],
};

/// Octets whose answer is a reply in one source and nothing in another.
macro_rules! written {
    ($endpoint:literal) => {
        Table {
            endpoint: $endpoint,
            rows: WRITTEN,
            common: &[REFUSED, NOT_FOUND, recovers!("")],
        }
    };
}

const SIGNATURE_PUT: Table = written!("ReplySignaturePut");
const PACKAGE_CONTENT_PUT: Table = written!("PfrReplyDecryptedContentPut");
const PACKAGE_SIGNATURE_PUT: Table = written!("PfrReplySignaturePut");

/// Those that are one request each.
pub(super) const CALLS: &[&Table] = &[
    &GENERATED,
    &CONTENT_PUT,
    &SIGNATURE_PUT,
    &PACKAGE,
    &PACKAGE_CONTENT_PUT,
    &PACKAGE_SIGNATURE_PUT,
];

const DONE: &str = "finished > done";

const NOT_SIGNED: Gives = Gives::Failed(
    Refused,
    Some(podpis::core::call::Effect::NotApplied),
    "NotSigned",
);

const SEND: &[Row] = rows! {
    // the answer                             => how it ends,          what is next, requests ms
    json(r#"{"id":"f","organization-id":"o","type":"urn:docflow:fns534-demand","status":"urn:docflow-common-status:processed","documents":[],"links":[],"send-date":"2021-07-08T01:01:01.1234567"}"#) => Fine, DONE, 1 0;
    created(r#"{"id":"f"}"#)                  => Fine, DONE, 1 0;
    refuses(429).first()                      => Fine, DONE, 2 500;
    // It was taken: an answer that cannot be read takes nothing back.
    json("{}")                                => Fine, DONE, 1 0;
    json("[]")                                => Fine, DONE, 1 0;
    json("{\"id\":\"planted")                 => Fine, DONE, 1 0;
    json(r#"{"documents":"planted"}"#)        => Fine, DONE, 1 0;
    EMPTY                                     => Fine, DONE, 1 0;
    status(202)                               => Fine, DONE, 1 0;
    status(204)                               => Fine, DONE, 1 0;
    // A page is of somebody else, who may have taken it or not.
    HTML                                      => unread_unknown("it is an HTML page"), "reconcile", 1 0;
    UNTYPED_HTML                              => unread_unknown("it is an HTML page"), "reconcile", 1 0;
    status(302)                               => unknown(Service),     "reconcile", 1 0;
    refuses(400)                              => not_applied(Service), "no record", 1 0;
    refuses_known(400)                        => NOT_SIGNED,           "no record", 1 0;
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
    mute(500, b"{\"id\":{\"planted\":1}}")    => unknown(Service),     "reconcile", 1 0;
    refuses(502)                              => unknown(Service),     "reconcile", 1 0;
    HTML_502                                  => unknown(Service),     "reconcile", 1 0;
    refuses(503).header(WAIT_7)               => unknown(Service),     "reconcile", 1 0;
    mute(504, b"")                            => unknown(Service),     "reconcile", 1 0;
};

const REPLY_SEND: Table = Table {
    endpoint: "ReplySend",
    rows: SEND,
    common: &[],
};
const PACKAGE_SEND: Table = Table {
    endpoint: "PfrReplySend",
    ..REPLY_SEND
};

/// Those that are operations.
pub(super) const SENDINGS: &[&Table] = &[&REPLY_SEND, &PACKAGE_SEND];

const ASKS: Says = json(
    r#"{"id":"e#3","links":[{"rel":"reply","href":"https://host/generate-reply","name":"fns534-report-receipt"}]}"#,
);
const ASKS_NOTHING: Says = json(r#"{"id":"e#3","links":[{"rel":"self","href":"https://host"}]}"#);

/// Sends a reply, or a package.
async fn send<'j>(
    client: &Extern,
    endpoint: &str,
    place: &DocumentPath,
    journal: &'j MemoryJournal,
) -> Result<Run<'j, SendReply>, podpis::Error> {
    let sending = match endpoint {
        "ReplySend" => client
            .account(&account())
            .send_reply(place, &reply(), "8.8.8.8"),
        _ => client
            .account(&account())
            .send_pfr_reply(place, &reply(), "8.8.8.8"),
    };
    sending.start(journal).await
}

#[tokio::test]
async fn every_answer_to_a_sent_reply() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in SENDINGS {
        for row in table.all_rows() {
            let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
            wire.script("Document", &[ASKS]);
            wire.script(table.endpoint, &[row.says]);
            let sent = send(&wire.client, table.endpoint, &in_inventory(), &journal).await;
            let (outcome, run) = match sent {
                Ok(run) => (Ok(()), Some(run)),
                Err(error) => (Err(error), None),
            };
            let next = what_is_next(&wire.client, &journal, run).await;
            let then = [wire.told.names().join(" "), next].join(" > ");
            let then = then.trim_start_matches(" > ").to_owned();
            wrong.extend(compare_call(table, row, &wire, outcome, then).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_reply_and_a_package_are_sent_in_both_places() {
    let transport = ReqwestTransport::new().unwrap();
    for (endpoint, sent) in [("ReplySend", SENT_REPLY), ("PfrReplySend", SENT_PACKAGE)] {
        for (place, sent) in [in_docflow(), in_inventory()].iter().zip(sent) {
            let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
            send(&wire.client, endpoint, place, &journal).await.unwrap();
            wire.got(sent).await;
        }
    }
}

/// Whoever goes on after a lost sending looks at the document first.
#[tokio::test]
async fn a_lost_sending_is_looked_into_before_anything_is_sent_again() {
    let transport = ReqwestTransport::new().unwrap();
    for endpoint in ["ReplySend", "PfrReplySend"] {
        for (before, after, sent, ends) in [
            (ASKS, ASKS_NOTHING, 1, Ok("done")),
            (ASKS, ASKS, 2, Ok("done")),
            (ASKS_NOTHING, ASKS_NOTHING, 1, Err(ErrorKind::CannotTell)),
            (ASKS, refuses(403), 1, Err(Service)),
            (ASKS, json("[]"), 1, Err(ErrorKind::UnreadableAnswer)),
        ] {
            let (wire, journal) = (ExternWire::new(&transport).await, MemoryJournal::new());
            wire.script("Document", &[before, after]);
            wire.script(endpoint, &[mute(504, b"").first()]);
            let lost = send(&wire.client, endpoint, &in_docflow(), &journal).await;
            assert!(lost.unwrap_err().may_have_been_applied());
            let id = journal.open().await.unwrap()[0].id().clone();
            let claim = journal.claim(&id).await.unwrap();
            let mut run = wire.client.resume::<SendReply>(claim).unwrap();
            assert_eq!(run.next(), Next::Reconcile);
            let found = run.reconcile().await.map_err(|error| error.kind());
            assert_eq!(wire.count(endpoint), 1, "looking sends nothing");
            // The next poll looks once more, and sends what was not taken.
            run.poll().await.unwrap();
            let ended = found.map(|_| run.operation().state().name());
            assert_eq!(ended, ends, "{endpoint} {after:?}");
            assert_eq!(wire.count(endpoint), sent, "{endpoint} {after:?}");
        }
    }
}

#[tokio::test]
async fn a_sending_whose_answer_does_not_come_was_sent_once() {
    for endpoint in ["ReplySend", "PfrReplySend"] {
        let wire = ExternWire::over(Mute::to(endpoint)).await;
        let journal = MemoryJournal::new();
        let lost = send(&wire.client, endpoint, &in_docflow(), &journal).await;
        let lost = lost.unwrap_err();
        assert_eq!(lost.kind(), ErrorKind::NoAnswer, "{lost}");
        assert!(lost.may_have_been_applied());
        assert_eq!(wire.count(endpoint), 1);
    }
}

#[tokio::test]
async fn a_reply_without_a_signature_is_told_in_the_services_words() {
    let transport = ReqwestTransport::new().unwrap();
    let wire = ExternWire::new(&transport).await;
    wire.script("ReplySend", &[refuses_known(400)]);
    let journal = MemoryJournal::new();
    let error = send(&wire.client, "ReplySend", &in_docflow(), &journal).await;
    let error = error.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::NotSigned));
    assert!(error.to_string().contains("Не сложилось"), "{error}");
}
