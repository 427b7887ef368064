//! Every answer to the calls of Extern that only read.
//!
//! **Invariant:** whatever a read is answered, nothing was applied; it is asked again only where that may help.

use podpis::{Error, ErrorKind, ReqwestTransport};

use ErrorKind::{Login, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, compare_call, not_applied};
use super::extern_server::{
    ExternWire, LOCKED, OCTETS, account, draft, in_docflow, json, mute, refuses, refuses_known,
    reply, rows, unread,
};
use super::server::{EMPTY, HTML, HTML_502, UNTYPED_HTML, WAIT_7, WAIT_120, ok, status};

/// What every read makes of a refusal.
pub(super) const REFUSED: &[Row] = rows! {
    // the answer                                  => how it ends,          what was read, requests ms
    status(302)                                    => not_applied(Service), "", 1 0;
    refuses(400)                                   => not_applied(Service), "", 1 0;
    refuses_known(400)                             => not_applied(Service), "", 1 0;
    mute(400, b"")                                 => not_applied(Service), "", 1 0;
    mute(400, b"{\"message\":\"planted")           => not_applied(Service), "", 1 0;
    mute(400, b"{\"message\":[\"planted\"]}")      => not_applied(Service), "", 1 0;
    refuses(401)                                   => not_applied(Login),   "", 1 0;
    mute(401, b"")                                 => not_applied(Login),   "", 1 0;
    refuses(403)                                   => not_applied(Service), "", 1 0;
    refuses(405)                                   => not_applied(Service), "", 1 0;
    refuses(409)                                   => not_applied(Service), "", 1 0;
    LOCKED                                         => not_applied(Service), "", 1 0;
    LOCKED.header(WAIT_7)                          => not_applied(Service), "", 3 14_000;
    refuses(410)                                   => not_applied(Service), "", 1 0;
    refuses(413)                                   => not_applied(Service), "", 1 0;
    refuses(415)                                   => not_applied(Service), "", 1 0;
    mute(429, b"")                                 => not_applied(Service), "", 3 1_500;
    refuses(429)                                   => not_applied(Service), "", 3 1_500;
    refuses(429).header(WAIT_7)                    => not_applied(Service), "", 3 14_000;
    refuses(429).header(WAIT_120)                  => not_applied(Service), "", 1 0;
    refuses(500)                                   => not_applied(Service), "", 3 1_500;
    mute(500, b"{\"id\":{\"planted\":1}}")         => not_applied(Service), "", 3 1_500;
    refuses(502)                                   => not_applied(Service), "", 3 1_500;
    HTML_502                                       => not_applied(Service), "", 3 1_500;
    refuses(503)                                   => not_applied(Service), "", 3 1_500;
    refuses(503).header(WAIT_7)                    => not_applied(Service), "", 3 14_000;
    mute(504, b"")                                 => not_applied(Service), "", 3 1_500;
};

/// What is not there.
pub(super) const NOT_FOUND: &[Row] = rows! {
    refuses(404)   => not_applied(Service), "", 1 0;
    mute(404, b"") => not_applied(Service), "", 1 0;
};

/// What a read of JSON makes of something else.
pub(super) const UNREADABLE: &[Row] = rows! {
    EMPTY                          => unread("the answer is empty"),        "", 1 0;
    status(204)                    => unread("the answer is empty"),        "", 1 0;
    HTML                           => unread("it is an HTML page"),         "", 1 0;
    UNTYPED_HTML                   => unread("it is an HTML page"),         "", 1 0;
    json("planted")                => unread("the answer is not JSON"),     "", 1 0;
    json("<planted/>")             => unread("not JSON but a page or XML"), "", 1 0;
    json("\"planted\"")            => unread("the answer must not be a text"), "", 1 0;
    json("7")                      => unread("the answer must not be a number"), "", 1 0;
    ok(b"\xffplanted")             => unread("the answer is not JSON"),     "", 1 0;
};

/// What a read of an object makes of something else.
pub(super) const NO_OBJECT: &[Row] = rows! {
    json("{\"id\":\"planted")   => unread("the answer ends too early"), "", 1 0;
    json("{\"id\":\"planted\"") => unread("the answer ends too early"), "", 1 0;
    json("[]")   => unread("the answer must not be a list"), "", 1 0;
    json("null") => unread("the answer must not be null"),   "", 1 0;
};

/// A failure in passing, and then what was asked for.
macro_rules! recovers {
    ($then:literal) => {
        $crate::wire::extern_server::rows! {
            $crate::wire::extern_server::refuses(429).first() => $crate::wire::answer::Gives::Fine, $then, 2 500;
            $crate::wire::extern_server::refuses(500).first() => $crate::wire::answer::Gives::Fine, $then, 2 500;
            $crate::wire::server::HTML_502.first() => $crate::wire::answer::Gives::Fine, $then, 2 500;
        }
    };
}
pub(super) use recovers;

const ACCOUNTS: Table = Table {
    endpoint: "Accounts",
    rows: rows! {
        json(r#"{"skip":0,"take":100,"total-count":1,"accounts":[{"id":"x","inn":"1","links":[],"new":{}}]}"#) => Fine, "x", 1 0;
        json(r#"{"accounts":null,"total-count":null}"#)         => Fine, "", 1 0;
        json("{}")                                              => Fine, "", 1 0;
        json("\u{feff}{\"accounts\":[{\"id\":7},null]}")        => Fine, "7", 1 0;
        json(r#"{"accounts":{"planted":1}}"#)                   => unread("field `accounts` must not be an object"), "", 1 0;
        json(r#"{"accounts":[{"id":"x"},{"id":["planted"]}]}"#) => unread("field `accounts[1].id` must not be a list"), "", 1 0;
        json(r#"{"total-count":"planted"}"#)                    => unread("field `total-count` has a value that cannot be read"), "", 1 0;
        json(r#"{"accounts":[],"accounts":["planted"]}"#)       => unread("field `accounts` occurs twice"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("")],
};

const CERTIFICATES: Table = Table {
    endpoint: "Certificates",
    rows: rows! {
        json(r#"{"certificates":[{"content":"dGV4dA==","is-valid":"true","expired-at":"2026-08-09T18:31:42.1234567"}],"total-count":1}"#) => Fine, "text", 1 0;
        json(r#"{"certificates":[{"content":"dGV4\r\ndA","certificate-type":"dSS","thumbprint":null}],"total-count":"1"}"#) => Fine, "text", 1 0;
        json(r#"{"certificates":[{"certificate-type":"planted"}]}"#) => Fine, "unreadable", 1 0;
        json(r#"{"certificates":[{"content":"planted!"}]}"#)         => Fine, "unreadable", 1 0;
        json(r#"{"certificates":"planted"}"#)                        => unread("field `certificates` must not be a text"), "", 1 0;
        json(r#"{"certificates":[{"is-valid":"planted"}]}"#)         => unread("field `certificates[0].is-valid` has a value that cannot be read"), "", 1 0;
        json(r#"{"certificates":[{"expired-at":"planted"}]}"#)       => unread("field `certificates[0].expired-at` has a value that cannot be read"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("")],
};

const DRAFT: Table = Table {
    endpoint: "Draft",
    rows: rows! {
        json(r#"{"documents":[{"href":""},{"rel":"document"},null],"status":"readyToSend"}"#) => Fine, "2", 1 0;
        json("{}")                                     => Fine, "0", 1 0;
        json(r#"{"documents":{"planted":1}}"#)         => unread("field `documents` must not be an object"), "", 1 0;
        json(r#"{"documents":[{"href":["planted"]}]}"#) => unread("field `documents[0].href` must not be a list"), "", 1 0;
        json(r#"{"meta":{"sender":{"certificate":{"content":7}}}}"#) => unread("field `meta.sender.certificate.content` must not be a number"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("1")],
};

const DRAFT_DOCUMENT: Table = Table {
    endpoint: "DraftDocument",
    rows: rows! {
        json(r#"{"data-to-sign-content-id":"c:1","contents":[{"content-id":"c:2","encrypted":false}]}"#) => Fine, "e-7 c:1", 1 0;
        json(r#"{"description":{"filename":"a.xml"},"contents":[{"content-id":"c:2","encrypted":"false"}]}"#) => Fine, "a.xml c:2", 1 0;
        json(r#"{"description":{"filename":" "},"contents":[{"content-id":"c:2","encrypted":true}]}"#) => Fine, "e-7 none", 1 0;
        json("{}")                                               => Fine, "e-7 none", 1 0;
        json(r#"{"contents":[{"encrypted":"planted"}]}"#)        => unread("field `contents[0].encrypted` has a value that cannot be read"), "", 1 0;
        json(r#"{"description":["planted"]}"#)                   => unread("field `description` must not be a list"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("a.xml c:9"),
    ],
};

const DOCUMENT: Table = Table {
    endpoint: "Document",
    rows: rows! {
        json(r#"{"content":{"docflow-document-contents":[{"content-id":"c:1","encrypted":true},{"content-id":"c:2","encrypted":false,"compression-type":"gzip"}]}}"#) => Fine, "c:2", 1 0;
        json(r#"{"content":{"docflow-document-contents":null,"encrypted":{"href":"planted"}}}"#) => Fine, "none", 1 0;
        json("{}")                                    => Fine, "none", 1 0;
        json(r#"{"content":"planted"}"#)              => unread("field `content` must not be a text"), "", 1 0;
        json(r#"{"send-date":"planted"}"#)            => unread("field `send-date` has a value that cannot be read"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("none")],
};

const SIGNATURES: Table = Table {
    endpoint: "DocumentSignatures",
    rows: rows! {
        json(r#"[{"id":"x","signer-type":"new"},{"id":"y","content-link":null}]"#) => Fine, "x y", 1 0;
        json("[]")                                    => Fine, "", 1 0;
        json("[{\"id\":\"planted")                     => unread("the answer ends too early"), "", 1 0;
        json("{}")                                    => unread("the answer must not be an object"), "", 1 0;
        json(r#"[{"id":"x"},"planted"]"#)             => unread("field `[1]` must not be a text"), "", 1 0;
        json("null")                                  => unread("the answer must not be null"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, recovers!("s@1")],
};

const SIGNATURE: Table = Table {
    endpoint: "DocumentSignature",
    rows: rows! {
        json(r#"{"id":"x","title":null,"links":null}"#) => Fine, "x", 1 0;
        json(r#"{"id":""}"#)                            => Fine, "none", 1 0;
        json(r#"{"id":{"planted":1}}"#)                 => unread("field `id` must not be an object"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("s@1")],
};

const REPLY: Table = Table {
    endpoint: "Reply",
    rows: rows! {
        json(r#"{"id":"r","signature":"MAA=","content":"planted!","links":[{"rel":""}]}"#) => Fine, "signed", 1 0;
        json(r#"{"id":"r","signature":null}"#)      => Fine, "none", 1 0;
        json(r#"{"signature":" "}"#)                => Fine, "none", 1 0;
        json("{}")                                  => Fine, "none", 1 0;
        json(r#"{"signature":{"planted":1}}"#)      => unread("field `signature` must not be an object"), "", 1 0;
        json(r#"{"filename":["planted"]}"#)         => unread("field `filename` must not be a list"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("none")],
};

const PFR_REPLY: Table = Table {
    endpoint: "PfrReply",
    rows: rows! {
        json(r#"{"documents":[{"id":"x","signature":"MAA="},{"id":"y","decrypted-content":{"rel":"x"}}]}"#) => Fine, "x signed, y none", 1 0;
        json("{}")                                  => Fine, "", 1 0;
        json(r#"{"documents":"planted"}"#)          => unread("field `documents` must not be a text"), "", 1 0;
        json(r#"{"documents":[{"signature":5}]}"#)  => unread("field `documents[0].signature` must not be a number"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("e-7 none, e-8 none"),
    ],
};

/// The two calls that give the bytes of a signature. What is not there is no failure.
macro_rules! signature_bytes {
    ($endpoint:literal) => {
        Table {
            endpoint: $endpoint,
            rows: rows! {
                json(r#""MAA=""#)                         => Fine, r"0\x00", 1 0;
                json(r#""MA\nA""#)                        => Fine, r"0\x00", 1 0;
                ok(b"\"MAA=\"")                           => Fine, r"0\x00", 1 0;
                ok(b"\"MAA=\"").header(PLAIN)             => Fine, r"0\x00", 1 0;
                ok(b"\x30\x00").header(OCTETS)            => Fine, r"0\x00", 1 0;
                ok(b"\x30\x00").header(PGP)               => Fine, r"0\x00", 1 0;
                ok(b"\x30\x00")                           => Fine, r"0\x00", 1 0;
                json(r#""""#)                             => Fine, "none", 1 0;
                EMPTY                                     => Fine, "none", 1 0;
                status(204)                               => Fine, "none", 1 0;
                refuses(404)                              => Fine, "none", 1 0;
                mute(404, b"")                            => Fine, "none", 1 0;
                HTML                                      => unread("it is an HTML page"), "", 1 0;
                UNTYPED_HTML                              => unread("it is an HTML page"), "", 1 0;
                json(r#""planted!""#)                     => unread("the answer has a value that cannot be read"), "", 1 0;
                json(r#""planted"#)                       => unread("the answer ends too early"), "", 1 0;
                json(r#"{"planted":1}"#)                  => unread("the answer must not be an object"), "", 1 0;
                json("null")                              => unread("the answer must not be null"), "", 1 0;
                json("planted")                           => unread("the answer is not JSON"), "", 1 0;
            },
            common: &[REFUSED, recovers!(r"0\x00")],
        }
    };
}

const PLAIN: &[(&str, &str)] = &[("Content-Type", "text/plain; charset=utf-8")];
const PGP: &[(&str, &str)] = &[("Content-Type", "application/pgp-signature")];

const DRAFT_SIGNATURE: Table = signature_bytes!("DraftDocumentSignature");
const SIGNATURE_CONTENT: Table = signature_bytes!("DocumentSignatureContent");

pub(super) const ANSWERS: &[&Table] = &[
    &ACCOUNTS,
    &CERTIFICATES,
    &DRAFT,
    &DRAFT_DOCUMENT,
    &DRAFT_SIGNATURE,
    &DOCUMENT,
    &SIGNATURES,
    &SIGNATURE,
    &SIGNATURE_CONTENT,
    &REPLY,
    &PFR_REPLY,
];

/// Reads from the endpoint and tells what was read.
async fn read(endpoint: &str, wire: &ExternWire) -> Result<String, Error> {
    let (client, account, place) = (&wire.client, account(), in_docflow());
    let signature = "s@1".into();
    let signed = |signed: bool| if signed { "signed" } else { "none" }.to_owned();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let bytes = |der: Option<Vec<u8>>| or_none(der.map(|der| der.escape_ascii().to_string()));
    Ok(match endpoint {
        "Accounts" => {
            let accounts = client.accounts().await?;
            let ids = accounts.into_iter().filter_map(|account| account.id);
            joined(ids, " ")
        }
        "Certificates" => {
            let certificates = client.account(&account).certificates().await?;
            let contents = certificates.iter().map(|one| match one.der() {
                Ok(der) => der.escape_ascii().to_string(),
                Err(_) => "unreadable".to_owned(),
            });
            joined(contents, " ")
        }
        "Draft" => {
            let draft = client.account(&account).draft(&draft()).await?;
            draft.documents.len().to_string()
        }
        "DraftDocument" => {
            let documents = client.account(&account).draft_contents(&draft()).await?;
            let [document] = &documents[..] else {
                panic!("{documents:?}");
            };
            let content = document.content.as_ref().map(ToString::to_string);
            format!("{} {}", document.name, or_none(content))
        }
        "DraftDocumentSignature" => bytes(
            client
                .account(&account)
                .draft_document_signature(&draft(), &"e-7".into())
                .await?,
        ),
        "Document" => {
            let document = client.account(&account).document(&place).await?;
            or_none(document.decrypted_content_id().map(ToString::to_string))
        }
        "DocumentSignatures" => {
            let signatures = client.account(&account).document_signatures(&place).await?;
            joined(signatures.into_iter().filter_map(|one| one.id), " ")
        }
        "DocumentSignature" => {
            let calls = client.account(&account);
            let one = calls.document_signature(&place, &signature);
            or_none(one.await?.id.map(|id| id.to_string()))
        }
        "DocumentSignatureContent" => {
            let calls = client.account(&account);
            let content = calls.document_signature_content(&place, &signature);
            bytes(content.await?)
        }
        "Reply" => signed(
            client
                .account(&account)
                .reply(&place, &reply())
                .await?
                .is_signed(),
        ),
        "PfrReply" => {
            let reply = client.account(&account).pfr_reply(&place, &reply()).await?;
            let documents = reply.documents.iter().map(|document| {
                let id = document.id.as_ref().unwrap();
                format!("{id} {}", signed(document.is_signed()))
            });
            joined(documents, ", ")
        }
        other => panic!("{other} is not a read"),
    })
}

fn joined(parts: impl Iterator<Item: ToString>, between: &str) -> String {
    let parts: Vec<String> = parts.map(|part| part.to_string()).collect();
    parts.join(between)
}

#[tokio::test]
async fn every_answer_to_a_read() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in ANSWERS {
        for row in table.all_rows() {
            let wire = ExternWire::new(&transport).await;
            wire.script(table.endpoint, &[row.says]);
            let (outcome, then) = match read(table.endpoint, &wire).await {
                Ok(text) => (Ok(()), text),
                Err(error) => (Err(error), String::new()),
            };
            wrong.extend(compare_call(table, row, &wire, outcome, then).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
