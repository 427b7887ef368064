//! Documents of Extern's drafts, and signatures of them that were made elsewhere.
//!
//! **Invariant:** a signature goes as octets or in Base64, as its call wants it; bytes come in either form.

use podpis::core::ErrorChain;
use podpis::extern_api::model::{DocumentDescription, DocumentRequest, SignatureRequest};
use podpis::{Error, ErrorKind, ReqwestTransport};

use Gives::Fine;

use super::answer::{Gives, Row, Table};
use super::extern_calls::{GONE, ONCE, WRITTEN, call, created};
use super::extern_reads::{NO_OBJECT, NOT_FOUND, REFUSED, UNREADABLE, recovers};
use super::extern_server::{
    Exact, ExternWire, JSON, OCTETS, SIGNATURE, account, at, draft, in_docflow, json, mute,
    of_draft, refuses, reply, rows, sends, signature, unread, unread_unknown,
};
use super::server::{EMPTY, HTML, UNTYPED_HTML, ok, status};

const DOCUMENT: &str = r#"{"content-id":"c:9","description":{"type":"urn:document:fns534-report","filename":"отчет.xml","content-type":"application/xml"}}"#;

/// In Base64 in one line, and whose it is is always said.
const ONE: &str = concat!(
    r#"{"base64-content":""#,
    signature!(),
    r#"","is-third-party-signature":false}"#
);
const THIRD_PARTY: &str = concat!(
    r#"{"base64-content":""#,
    signature!(),
    r#"","is-third-party-signature":true}"#
);

pub(super) const REQUESTS: &[Exact] = &[
    sends!("DraftDocumentAdd", of_draft!("POST", "/documents"), json "133", DOCUMENT),
    sends!("DraftDocumentPut", of_draft!("PUT", "/documents/e-7"), json "133", DOCUMENT),
    Exact::post("DraftDocumentDelete", of_draft!("DELETE", "/documents/e-7")),
    Exact::get(
        "DraftDocumentContent",
        of_draft!("GET", "/documents/e-7/decrypted-content"),
    ),
    Exact::get(
        "DraftDocumentEncryptedContent",
        of_draft!("GET", "/documents/e-7/encrypted-content"),
    ),
    sends!("DraftDocumentSignaturePut", of_draft!("PUT", "/documents/e-7/signature"), octets "92", SIGNATURE),
    sends!("DraftSignatureAdd", of_draft!("POST", "/documents/e-7/signatures"), json "178", ONE),
    Exact::get(
        "DraftSignature",
        of_draft!("GET", "/documents/e-7/signatures/s%401"),
    ),
    sends!("DraftSignaturePut", of_draft!("PUT", "/documents/e-7/signatures/s%401"), json "177", THIRD_PARTY),
    Exact::post(
        "DraftSignatureDelete",
        of_draft!("DELETE", "/documents/e-7/signatures/s%401"),
    ),
    Exact::get(
        "DraftSignatureContent",
        of_draft!("GET", "/documents/e-7/signatures/s%401/content"),
    ),
];

const ADD: Table = Table {
    endpoint: "DraftDocumentAdd",
    rows: rows! {
        created(r#"{"id":"x","decrypted-content-link":{"rel":"","href":"https://host/x"},"encrypted-content-link":null,"signature-content-link":null,"signatures":null,"description":{"type":null,"filename":"a.xml","content-type":"application/xml","properties":{"p":null,"q":"r"}},"contents":[{"content-id":"c:9","encrypted":false}],"data-to-sign-content-id":null,"links":[]}"#) => Fine, "x", 1 0;
        json(r#"{"id":"x","contents":null,"new":{}}"#) => Fine, "x", 1 0;
        created("{}")                           => Fine, "none", 1 0;
        refuses(429).first()                    => Fine, "e-7", 2 500;
        created(r#"{"id":{"planted":1}}"#)      => unread_unknown("field `id` must not be an object"), "", 1 0;
        created(r#"{"contents":[{"encrypted":"planted"}]}"#) => unread_unknown("field `contents[0].encrypted` has a value that cannot be read"), "", 1 0;
    },
    common: &[ONCE],
};

const SIGNATURE_ADD: Table = Table {
    endpoint: "DraftSignatureAdd",
    rows: rows! {
        created(r#"{"id":"x","title":"Подпись","signature-certificate-thumbprint":"AB","content-link":{"rel":"content","href":"https://host/x"},"links":[],"signer-type":"third-party-representative"}"#) => Fine, "x", 1 0;
        json(r#"{"id":"x","signer-type":"new-word","links":null}"#) => Fine, "x", 1 0;
        created("{}")                           => Fine, "none", 1 0;
        refuses(429).first()                    => Fine, "s@1", 2 500;
        created(r#"{"id":["planted"]}"#)        => unread_unknown("field `id` must not be a list"), "", 1 0;
    },
    common: &[ONCE],
};

const SIGNATURE_GET: Table = Table {
    endpoint: "DraftSignature",
    rows: rows! {
        json(r#"{"id":"x","title":null,"content-link":{"rel":"content","href":"https://host/x"},"signer-type":"organizationRepresentative"}"#) => Fine, "x", 1 0;
        json(r#"{"id":""}"#)                    => Fine, "none", 1 0;
        json(r#"{"id":{"planted":1}}"#)         => unread("field `id` must not be an object"), "", 1 0;
        json(r#"{"content-link":"planted"}"#)   => unread("field `content-link` must not be a text"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("s@1")],
};

/// Writes under names that the client knows, and removals.
macro_rules! written {
    ($endpoint:literal) => {
        Table {
            endpoint: $endpoint,
            rows: WRITTEN,
            common: &[REFUSED, NOT_FOUND, recovers!("")],
        }
    };
}

macro_rules! removed {
    ($endpoint:literal) => {
        Table {
            endpoint: $endpoint,
            rows: WRITTEN,
            common: &[REFUSED, GONE, recovers!("")],
        }
    };
}

const PUT: Table = written!("DraftDocumentPut");
const DELETE: Table = removed!("DraftDocumentDelete");
const SIGNATURE_OCTETS_PUT: Table = written!("DraftDocumentSignaturePut");
const SIGNATURE_PUT: Table = written!("DraftSignaturePut");
const SIGNATURE_DELETE: Table = removed!("DraftSignatureDelete");

const PLAIN: &[(&str, &str)] = &[("Content-Type", "text/plain; charset=utf-8")];

/// Bytes come as a JSON string of Base64, or as they are: the content type decides, and without one the form.
const BYTES: &[Row] = rows! {
    json(r#""dGV4dA==""#)           => Fine, "text", 1 0;
    json("\"dGV4\\ndA\"")           => Fine, "text", 1 0;
    ok(b"\"dGV4dA==\"")             => Fine, "text", 1 0;
    ok(b"\"dGV4dA==\"").header(PLAIN) => Fine, "text", 1 0;
    ok(b"text").header(OCTETS)      => Fine, "text", 1 0;
    ok(b"\"dGV4dA==\"").header(OCTETS) => Fine, r#"\"dGV4dA==\""#, 1 0;
    ok(b"\xfftext")                 => Fine, r"\xfftext", 1 0;
    json(r#""planted!""#)           => unread("the answer has a value that cannot be read"), "", 1 0;
    json(r#""planted"#)             => unread("the answer ends too early"), "", 1 0;
    json(r#"{"planted":1}"#)        => unread("the answer must not be an object"), "", 1 0;
    json("null")                    => unread("the answer must not be null"), "", 1 0;
    json("planted")                 => unread("the answer is not JSON"), "", 1 0;
    json("")                        => unread("the answer is empty"), "", 1 0;
    status(204)                     => Fine, "", 1 0;
    // A document may be a web page itself.
    HTML                            => Fine, "<!DOCTYPE html><title>Proxy</title>", 1 0;
    HTML.header(OCTETS)             => Fine, "<!DOCTYPE html><title>Proxy</title>", 1 0;
    UNTYPED_HTML                    => Fine, r"\r\n<html>Proxy", 1 0;
    HTML.header(JSON)               => unread("not JSON but a page or XML"), "", 1 0;
};
const BYTES_COMMON: &[&[Row]] = &[REFUSED, NOT_FOUND, recovers!("text")];

pub(super) const fn bytes(endpoint: &'static str) -> Table {
    Table {
        endpoint,
        rows: BYTES,
        common: BYTES_COMMON,
    }
}

const CONTENT: Table = bytes("DraftDocumentContent");
const ENCRYPTED_CONTENT: Table = bytes("DraftDocumentEncryptedContent");

/// A signature that is not there is none, and no failure.
const SIGNATURE_CONTENT: Table = Table {
    endpoint: "DraftSignatureContent",
    rows: rows! {
        json(r#""MAA=""#)                       => Fine, r"0\x00", 1 0;
        ok(b"\"MAA=\"")                         => Fine, r"0\x00", 1 0;
        ok(b"\x30\x00").header(OCTETS)          => Fine, r"0\x00", 1 0;
        json(r#""""#)                           => Fine, "none", 1 0;
        EMPTY                                   => Fine, "none", 1 0;
        status(204)                             => Fine, "none", 1 0;
        refuses(404)                            => Fine, "none", 1 0;
        mute(404, b"")                          => Fine, "none", 1 0;
        json(r#"{"planted":1}"#)                => unread("the answer must not be an object"), "", 1 0;
        json(r#""planted!""#)                   => unread("the answer has a value that cannot be read"), "", 1 0;
    },
    common: &[REFUSED, recovers!(r"0\x00")],
};

pub(super) const ANSWERS: &[&Table] = &[
    &ADD,
    &PUT,
    &DELETE,
    &CONTENT,
    &ENCRYPTED_CONTENT,
    &SIGNATURE_OCTETS_PUT,
    &SIGNATURE_ADD,
    &SIGNATURE_GET,
    &SIGNATURE_PUT,
    &SIGNATURE_DELETE,
    &SIGNATURE_CONTENT,
];

#[tokio::test]
async fn a_document_has_what_was_given() {
    const INLINE: &str = concat!(
        r#"{"base64-content":"dGV4dA==","signature":""#,
        signature!(),
        r#""}"#
    );
    const FULL: &str = r#"{"content-id":"c:9","description":{"type":"t","filename":"a","content-type":"b","svdreg-code":"1","original-filename":"c","is-document-encrypted":false}}"#;
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let (account, draft) = (account(), draft());
    let inline = DocumentRequest::inline(b"text").with_signature(SIGNATURE);
    let description = DocumentDescription::new("t", "a", "b")
        .with_svdreg_code("1")
        .with_original_filename("c")
        .with_document_encrypted(false);
    let full = DocumentRequest::new("c:9".into()).with_description(description);
    for document in [&inline, &full] {
        let calls = wire.client.account(&account);
        let added = calls.add_draft_document(&draft, document);
        added.await.unwrap();
    }
    let line = of_draft!("POST", "/documents");
    wire.got(&[
        sends!("DraftDocumentAdd", line, json "168", INLINE),
        sends!("DraftDocumentAdd", line, json "153", FULL),
    ])
    .await;
}

/// What is put under a chosen name is there once, however often it is put.
#[tokio::test]
async fn a_document_that_is_put_is_put_again_after_a_failure() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    wire.script(
        "DraftDocumentPut",
        &[refuses(503), created(r#"{"id":"e-7"}"#)],
    );
    let put = call("DraftDocumentPut", &wire, &in_docflow()).await;
    put.unwrap();
    wire.got(&[REQUESTS[1], REQUESTS[1]]).await;
    wire.script("DraftDocumentAdd", &[refuses(503)]);
    let error = call("DraftDocumentAdd", &wire, &in_docflow()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert!(error.may_have_been_applied());
    wire.got(&[REQUESTS[1], REQUESTS[1], REQUESTS[0]]).await;
}

/// The service takes DER only, so that is what goes there in whatever form a signature was given.
#[tokio::test]
async fn a_signature_goes_in_der_and_what_is_none_goes_nowhere() {
    const WITH: &str = concat!(r#"{"signature":""#, signature!(), r#""}"#);
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let (account, draft, document, id) = (account(), draft(), "e-7".into(), "s@1".into());
    let (place, reply, part) = (in_docflow(), reply(), "p@8".into());
    let call = async |signature: &[u8]| -> Vec<Result<(), Error>> {
        let client = &wire.client;
        let request = SignatureRequest::new(signature);
        let with = DocumentRequest::default().with_signature(signature);
        let octets = signature.to_vec();
        vec![
            client
                .account(&account)
                .put_draft_document_signature(&draft, &document, octets.clone())
                .await,
            client
                .account(&account)
                .add_draft_signature(&draft, &document, &request)
                .await
                .map(drop),
            client
                .account(&account)
                .put_draft_signature(&draft, &document, &id, &request)
                .await,
            client
                .account(&account)
                .add_draft_document(&draft, &with)
                .await
                .map(drop),
            client
                .account(&account)
                .put_draft_document(&draft, &document, &with)
                .await,
            client
                .account(&account)
                .put_reply_signature(&place, &reply, octets.clone())
                .await,
            client
                .account(&account)
                .put_pfr_reply_signature(&place, &reply, &part, octets)
                .await,
        ]
    };
    let torn = &SIGNATURE[..SIGNATURE.len() - 1];
    for bad in [&b""[..], b"no signature", torn] {
        for outcome in call(bad).await {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(!error.may_have_been_applied());
            let text = ErrorChain(&error).to_string();
            assert!(
                text.contains("cannot be read, and nothing was sent"),
                "{text}"
            );
        }
    }
    wire.got(&[]).await;
    let padded = [SIGNATURE, b"\0\0"].concat();
    for outcome in call(&padded).await {
        outcome.unwrap();
    }
    wire.got(&[
        sends!("DraftDocumentSignaturePut", of_draft!("PUT", "/documents/e-7/signature"), octets "92", SIGNATURE),
        sends!("DraftSignatureAdd", of_draft!("POST", "/documents/e-7/signatures"), json "178", ONE),
        sends!("DraftSignaturePut", of_draft!("PUT", "/documents/e-7/signatures/s%401"), json "178", ONE),
        sends!("DraftDocumentAdd", of_draft!("POST", "/documents"), json "140", WITH),
        sends!("DraftDocumentPut", of_draft!("PUT", "/documents/e-7"), json "140", WITH),
        sends!("ReplySignaturePut", at!(docflow "PUT", "/replies/r%3D6/signature"), octets "92", SIGNATURE),
        sends!("PfrReplySignaturePut", at!(docflow "PUT", "/pfr-replies/r%3D6/documents/p%408/signature"), octets "92", SIGNATURE),
    ])
    .await;
}
