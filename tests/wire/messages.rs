//! Messages, contents, what is known of a signature, and documents that are prepared to be signed.
//!
//! **Invariant:** whatever a read is answered, nothing was applied; it is asked again only where that may help.

use podpis::diadoc::document_signature::PowerOfAttorney;
use podpis::diadoc::prepare::{Preparation, Signer, ToPrepare};
use podpis::diadoc::{BoxId, EntityId, MessageId, ShelfName};
use podpis::diadoc_proto::invoicing::SignerDetails;
use podpis::diadoc_proto::invoicing::signers::{
    ExtendedSigner, ExtendedSignerDetails, SignerPowers, SignerStatus, SignerType,
};
use podpis::{Error, ErrorKind, ReqwestTransport};

use ErrorKind::UnreadableAnswer;
use Gives::Fine;

use super::answer::{Gives, Row, Table, answers, not_applied};
use super::authenticate::PASSWORD;
use super::reads::{PAGE, REFUSED, every_answer};
use super::server::{EMPTY, Exact, HTML, LOGGED_IN, UNTYPED_HTML, Wire, ok, status};

const BOX: (&str, &str) = ("boxId", "00112233-4455-6677-8899-aabbccddeeff");
const MESSAGE: (&str, &str) = ("messageId", "m+1/= x");
const ENTITY: (&str, &str) = ("entityId", "e+1/= y");

const READ: Exact = Exact::get(
    "GetMessage",
    "GET /V6/GetMessage?boxId=00112233-4455-6677-8899-aabbccddeeff&messageId=m%2B1%2F%3D%20x&injectEntityContent=false",
    &[BOX, MESSAGE, ("injectEntityContent", "false")],
);

const READ_ALL: Exact = Exact::get(
    "GetMessage",
    "GET /V6/GetMessage?boxId=00112233-4455-6677-8899-aabbccddeeff&messageId=m%2B1%2F%3D%20x&entityId=e%2B1%2F%3D%20y&originalSignature=true&injectEntityContent=true",
    &[
        BOX,
        MESSAGE,
        ENTITY,
        ("originalSignature", "true"),
        ("injectEntityContent", "true"),
    ],
);

const CONTENT: Exact = Exact::get(
    "GetEntityContent",
    "GET /V4/GetEntityContent?boxId=00112233-4455-6677-8899-aabbccddeeff&messageId=m%2B1%2F%3D%20x&entityId=e%2B1%2F%3D%20y",
    &[BOX, MESSAGE, ENTITY],
);

const INFO: Exact = Exact::get(
    "GetSignatureInfo",
    "GET /GetSignatureInfo?boxId=00112233-4455-6677-8899-aabbccddeeff&messageId=m%2B1%2F%3D%20x&entityId=e%2B1%2F%3D%20y",
    &[BOX, MESSAGE, ENTITY],
);

const PREPARE: Exact = Exact {
    endpoint: "PrepareDocumentsToSign",
    line: "POST /PrepareDocumentsToSign",
    query: &[],
    authorization: LOGGED_IN,
    content_type: None,
    content_length: Some("48"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 BoxId
        b"\x1a\x08",                                     // 3 Documents[0]
        b"\x0a\x06",                                     //   1 DocumentId
        b"\x0a\x01m\x12\x01e",                           //     1 MessageId, 2 EntityId
    ],
};

const PREPARE_BY_NAME: Exact = Exact {
    line: "POST /PrepareDocumentsToSign?excludeContent=true",
    query: &[("excludeContent", "true")],
    ..PREPARE
};

/// Number, who issued it, who acts by it.
const POWER: (&str, &str, &str) = (
    "5a7d6b1e-0001-4c5e-9a57-0d1ad0c00001",
    "7700000001",
    "770100000012",
);

/// Every field of the request.
const PREPARE_ALL: Exact = Exact {
    content_length: Some("342"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 BoxId
        b"\x12\x34",                                     // 2 DraftDocuments[0]
        b"\x0a\x06\x0a\x01d\x12\x01a",                   //   1 DocumentId
        b"\x12\x24ffeeddcc-bbaa-9988-7766-554433221100", //   2 ToBoxId
        b"\x1a\x04",                                     //   3 Signer
        b"\x0a\x02\x30\x00",                             //     1 SignerCertificate
        b"\x1a\xbe\x01",                                 // 3 Documents[0]
        b"\x0a\x06\x0a\x01m\x12\x01e",                   //   1 DocumentId
        b"\x12\x35",                                     //   2 Signer
        b"\x12\x09\x0a\x01S\x12\x01F\x2a\x011", //     2 SignerDetails: Surname, FirstName, 5 Inn
        b"\x1a\x2800112233445566778899AABBCCDDEEFF00112233", //     3 SignerCertificateThumbprint
        b"\x1a\x7a",                            //   3 ExtendedSigner
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", //     1 BoxId
        b"\x22\x0c\x0a\x01S\x12\x01F",          //     4 SignerDetails: Surname, FirstName
        b"\x38\x01\x50\x00\x58\x05", //       7 SignerType, 10 SignerPowers, 11 SignerStatus
        b"\x2a\x44\x0a\x40",         //     5 PowerOfAttorney: FullId
        b"\x0a\x245a7d6b1e-0001-4c5e-9a57-0d1ad0c00001", //         1 RegistrationNumber
        b"\x12\x0a7700000001\x1a\x0c770100000012", //         IssuerInn, RepresentativeInn
        b"\x10\x00",                 //       2 UseDefault, written although it is false
        b"\x22\x01\xff",             //   4 SignerContent
        b"\x22\x37",                 // 4 Contents[0]
        b"\x0a\x01T\x12\x01f\x1a\x01v", //   TypeNamedId, Function, Version
        b"\x22\x06\x0a\x04<x/>",     //   4 Content
        b"\x2a\x24ffeeddcc-bbaa-9988-7766-554433221100", //   5 ToBoxId
    ],
    ..PREPARE
};

/// A content that is on the shelf.
const PREPARE_FROM_SHELF: Exact = Exact {
    content_length: Some("56"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 BoxId
        b"\x22\x10",                                     // 4 Contents[0]
        b"\x0a\x01T\x12\x01f\x1a\x01v",                  //   TypeNamedId, Function, Version
        b"\x22\x05\x12\x03a/b",                          //   4 Content: 2 NameOnShelf
    ],
    ..PREPARE
};

pub(super) const REQUESTS: &[&[Exact]] = &[&[
    READ,
    READ_ALL,
    CONTENT,
    INFO,
    PREPARE,
    PREPARE_BY_NAME,
    PREPARE_ALL,
    PREPARE_FROM_SHELF,
]];

fn in_box() -> BoxId {
    BOX.1.parse().unwrap()
}

fn message() -> MessageId {
    MessageId::new(MESSAGE.1)
}

fn entity() -> EntityId {
    EntityId::new(ENTITY.1)
}

fn unsent() -> ToPrepare {
    ToPrepare::unsent(&MessageId::new("m"), &EntityId::new("e"))
}

/// Reads from the endpoint and tells what was read.
async fn read(endpoint: &str, wire: &Wire) -> Result<String, Error> {
    let (diadoc, in_box) = (&wire.diadoc, in_box());
    Ok(match endpoint {
        "GetMessage" => {
            let message = diadoc.in_box(&in_box).message(&message()).read().await?;
            let signatures = message.signatures();
            let told = signatures.iter().map(|one| {
                let kind = if one.is_approval() {
                    "approval"
                } else {
                    "ordinary"
                };
                format!(" {kind} {:?} {}", one.side(), one.signed_entity())
            });
            format!("{}{}", message.id(), told.collect::<String>())
        }
        "GetEntityContent" => {
            let content = diadoc
                .in_box(&in_box)
                .entity_content(&message(), &entity())
                .await?;
            content.escape_ascii().to_string()
        }
        "GetSignatureInfo" => {
            let info = diadoc
                .in_box(&in_box)
                .signature_info(&message(), &entity())
                .await?;
            let valid = info.verification.map(|result| result.is_valid);
            format!("{} {valid:?}", info.thumbprint.is_some())
        }
        "PrepareDocumentsToSign" => {
            let prepared = diadoc
                .in_box(&in_box)
                .prepare_documents([unsent()])
                .send()
                .await?;
            match &prepared.documents[0] {
                Preparation::Prepared(one) => {
                    let bytes = one
                        .content
                        .as_ref()
                        .map(|bytes| bytes.escape_ascii().to_string());
                    format!("{} {bytes:?}", one.patched.id)
                }
                Preparation::NotSupported(document) => format!("{} as it is", document.entity),
            }
        }
        other => panic!("{other} is not a read of a message"),
    })
}

#[tokio::test]
async fn a_message_with_and_without_its_options() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let reading = wire.diadoc.in_box(&in_box()).message(&message());
    reading.clone().read().await.unwrap();
    let all = reading.entity(&entity()).original_signatures().contents();
    all.read().await.unwrap();
    wire.got(&[PASSWORD, READ, READ_ALL]).await;
}

#[tokio::test]
async fn a_content_and_what_is_known_of_a_signature() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    for endpoint in ["GetEntityContent", "GetSignatureInfo"] {
        read(endpoint, &wire).await.unwrap();
    }
    wire.got(&[PASSWORD, CONTENT, INFO]).await;
}

#[tokio::test]
async fn every_field_of_what_is_prepared() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let other: BoxId = "ffeeddcc-bbaa-9988-7766-554433221100".parse().unwrap();
    let thumbprint = "00112233445566778899aabbccddeeff00112233".parse().unwrap();
    let person = SignerDetails::new("S", "F").with_inn("1");
    let details = ExtendedSignerDetails::new(
        "S",
        "F",
        SignerType::LEGAL_ENTITY,
        SignerPowers::INVOICE_SIGNER,
        SignerStatus::BUYER_EMPLOYEE,
    );
    let extended = ExtendedSigner::new()
        .with_box_id(BOX.1)
        .with_signer_details(details)
        .with_power_of_attorney((&PowerOfAttorney::registered(POWER.0, POWER.1, POWER.2)).into());
    let items = [
        // In another order than they have in the request.
        ToPrepare::content("T", "f", "v", b"<x/>".to_vec()).to_box(&other),
        unsent()
            .signer(Signer::thumbprint(thumbprint).with_details(person))
            .extended_signer(extended)
            .signer_content(&b"\xff"[..]),
        ToPrepare::in_draft(&MessageId::new("d"), &EntityId::new("a"))
            .to_box(&other)
            .signer(Signer::certificate(&b"\x30\x00"[..])),
    ];
    let diadoc = &wire.diadoc;
    diadoc
        .in_box(&in_box())
        .prepare_documents(items)
        .send()
        .await
        .unwrap();
    let plain = diadoc.in_box(&in_box()).prepare_documents([unsent()]);
    plain.clone().send().await.unwrap();
    plain.without_contents().send().await.unwrap();
    wire.script("PrepareDocumentsToSign", &[ok(b"")]);
    let on_shelf = ToPrepare::content("T", "f", "v", ShelfName::new("__userId__/a/b"));
    let on_shelf = diadoc.in_box(&in_box()).prepare_documents([on_shelf]);
    assert!(on_shelf.send().await.unwrap().content.is_none());
    let expected = [
        PASSWORD,
        PREPARE_ALL,
        PREPARE,
        PREPARE_BY_NAME,
        PREPARE_FROM_SHELF,
    ];
    wire.got(&expected).await;
}

#[tokio::test]
async fn what_could_not_be_matched_is_not_sent() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    let content = || ToPrepare::content("T", "f", "v", b"<x/>".to_vec());
    let twice = ToPrepare::in_draft(&MessageId::new("M"), &EntityId::new("E"));
    let nameless = ToPrepare::unsent(&MessageId::new("m"), &EntityId::new(" "));
    let extended = unsent().extended_signer(ExtendedSigner::new());
    let refused = [
        vec![],
        vec![unsent(), twice],
        vec![content(), content()],
        vec![nameless],
        vec![unsent().to_box(&in_box())],
        vec![extended.extended_signer(ExtendedSigner::new())],
        vec![ToPrepare::content("T", "f", "v", Vec::new())],
    ];
    for items in refused {
        let shown = format!("{items:?}");
        let preparing = wire.diadoc.in_box(&in_box()).prepare_documents(items);
        let error = preparing.send().await.expect_err(&shown);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{shown}: {error}");
    }
    let by_name = wire.diadoc.in_box(&in_box()).prepare_documents([content()]);
    by_name.without_contents().send().await.unwrap_err();
    wire.got(&[]).await;
}

const COMMON: &[&[Row]] = &[REFUSED.rows, PAGE.rows];

const MESSAGES: Table = Table {
    common: COMMON,
    ..answers! { "GetMessage":
        // Entities: an ordinary signature of this box and an approval of nobody known, both of `d`.
        ok(b"\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b\
             \x42\x2e\x08\x02\x12\x01s\x1a\x01d\x42\x2400112233-4455-6677-8899-aabbccddeeff\
             \x42\x0b\x08\x02\x12\x01t\x1a\x01d\x98\x01\x01")
            => Fine, "m ordinary Ours d approval Unknown d", 1 1 0;
        status(401).first() => Fine, "m", 2 2 0;
        status(429).first() => Fine, "m", 2 1 500;
        status(500).first() => Fine, "m", 2 1 500;
        EMPTY                                             => not_applied(UnreadableAnswer), "", 1 1 0;
        status(204)                                       => not_applied(UnreadableAnswer), "", 1 1 0;
        ok(b"\x0a\x02m")                                  => not_applied(UnreadableAnswer), "", 1 1 0;
        ok(b"\x0a\x01m\x22\x01b")                         => not_applied(UnreadableAnswer), "", 1 1 0;
        // An entity without an id.
        ok(b"\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b\x42\x02\x08\x02")
            => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

/// A document may be a page itself.
const CONTENTS: Table = Table {
    common: &[REFUSED.rows],
    ..answers! { "GetEntityContent":
        ok(b"\x00\xff")     => Fine, "\\x00\\xff", 1 1 0;
        HTML                => Fine, "<!DOCTYPE html><title>Proxy</title>", 1 1 0;
        UNTYPED_HTML        => Fine, "\\r\\n<html>Proxy", 1 1 0;
        status(401).first() => Fine, "act", 2 2 0;
        status(429).first() => Fine, "act", 2 1 500;
        status(500).first() => Fine, "act", 2 1 500;
        EMPTY               => not_applied(UnreadableAnswer), "", 1 1 0;
        status(204)         => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

const INFOS: Table = Table {
    common: COMMON,
    ..answers! { "GetSignatureInfo":
        // A result: not valid.
        ok(b"\x0a\x09\x09\0\0\0\0\0\0\0\0\x1a\x02\x08\x00\x22\x03abc")
            => Fine, "false Some(false)", 1 1 0;
        // No result yet.
        ok(b"\x0a\x09\x09\0\0\0\0\0\0\0\0\x22\x2800112233445566778899AABBCCDDEEFF00112233")
            => Fine, "true None", 1 1 0;
        status(401).first() => Fine, "false None", 2 2 0;
        status(429).first() => Fine, "false None", 2 1 500;
        status(500).first() => Fine, "false None", 2 1 500;
        EMPTY               => not_applied(UnreadableAnswer), "", 1 1 0;
        status(204)         => not_applied(UnreadableAnswer), "", 1 1 0;
        // A result that does not say whether it is valid is not taken for one that is not.
        ok(b"\x0a\x09\x09\0\0\0\0\0\0\0\0\x1a\x00\x22\x01a")
            => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

const PREPARED: Table = Table {
    common: COMMON,
    ..answers! { "PrepareDocumentsToSign":
        ok(b"\x0a\x13\x0a\x06\x0a\x01m\x12\x01e\x12\x04p+/=\x1a\x03<x>")
            => Fine, "p+/= Some(\"<x>\")", 1 1 0;
        ok(b"\x0a\x0e\x0a\x06\x0a\x01m\x12\x01e\x12\x04p+/=") => Fine, "p+/= None", 1 1 0;
        // No document of these can be prepared.
        EMPTY               => Fine, "e as it is", 1 1 0;
        status(401).first() => Fine, "p None", 2 2 0;
        status(429).first() => Fine, "p None", 2 1 500;
        status(500).first() => Fine, "p None", 2 1 500;
        // Another document, the same twice, none, and one without a name.
        ok(b"\x0a\x0b\x0a\x06\x0a\x01m\x12\x01o\x12\x01p") => not_applied(UnreadableAnswer), "", 1 1 0;
        ok(b"\x0a\x0b\x0a\x06\x0a\x01m\x12\x01e\x12\x01p\x0a\x0b\x0a\x06\x0a\x01m\x12\x01e\x12\x01q")
            => not_applied(UnreadableAnswer), "", 1 1 0;
        ok(b"\x0a\x03\x12\x01p") => not_applied(UnreadableAnswer), "", 1 1 0;
        ok(b"\x0a\x08\x0a\x06\x0a\x01m\x12\x01e") => not_applied(UnreadableAnswer), "", 1 1 0;
        ok(b"\x0a\x0b\x0a\x06") => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

pub(super) const ANSWERS: &[&Table] = &[&MESSAGES, &CONTENTS, &INFOS, &PREPARED];

#[tokio::test]
async fn every_answer_to_a_read_of_messages() {
    every_answer(ANSWERS, read).await;
}
