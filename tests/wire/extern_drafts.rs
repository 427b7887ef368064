//! Drafts of Extern: made, listed, changed and removed, and what they are about.
//!
//! **Invariant:** a body has what was given and no null; a draft that the service names is made once.

use podpis::ReqwestTransport;
use podpis::extern_api::model::{AdditionalInfo, DraftOptions, RelatedDocument};

use Gives::Fine;

use super::answer::{Gives, Table};
use super::extern_calls::{GONE, ONCE, WRITTEN, call, created, meta};
use super::extern_reads::{NO_OBJECT, NOT_FOUND, REFUSED, UNREADABLE, recovers};
use super::extern_server::{
    Exact, ExternWire, LOCKED, account, draft, in_docflow, json, mute, of_account, of_draft,
    refuses, rows, sends, unread, unread_unknown,
};

const META: &str = r#"{"sender":{"inn":"6676130154","kpp":"667601001","certificate":{"content":"dGV4dA=="},"is-representative":false,"ipaddress":"8.8.8.8"},"recipient":{"ifns-code":"0087"},"payer":{"inn":"6676130154","organization":{"kpp":"667601001"}}}"#;

const DRAFTS: Exact = Exact::get(
    "Drafts",
    concat!(of_account!("GET"), "/drafts?skip=0&take=100"),
)
.query(&[("skip", "0"), ("take", "100")]);
const MORE_DRAFTS: Exact = Exact::get(
    "Drafts",
    concat!(of_account!("GET"), "/drafts?skip=2&take=100"),
)
.query(&[("skip", "2"), ("take", "100")]);

pub(super) const REQUESTS: &[Exact] = &[
    DRAFTS,
    sends!("DraftCreate", concat!(of_account!("POST"), "/drafts"), json "231", META),
    sends!("DraftPut", of_draft!("PUT", ""), json "231", META),
    Exact::post("DraftDelete", of_draft!("DELETE", "")),
    Exact::get("DraftMeta", of_draft!("GET", "/meta")),
    // What is not named stays as it was, and so would what is null.
    sends!("DraftMetaPut", of_draft!("PUT", "/meta"), json "21", r#"{"payer":{"inn":"1"}}"#),
];

const LIST: Table = Table {
    endpoint: "Drafts",
    rows: rows! {
        // The name of the list is in no source.
        json(r#"{"skip":0,"take":100,"total-count":1,"drafts":[{"id":"x","status":"readyToSend","docflows":null,"new":[]}]}"#) => Fine, "x", 1 0;
        json(r#"{"total-count":2,"drafts-page-item":[{"id":"x"},{"id":"y"}]}"#) => Fine, "x y", 1 0;
        json(r#"{"items":[{"id":"x"}]}"#)       => Fine, "x", 1 0;
        json(r#"{"drafts":[]}"#)                => Fine, "", 1 0;
        json(r#"{"drafts":null}"#)              => Fine, "", 1 0;
        json(r#"{"total-count":"1","drafts":[null,{"id":"x"}]}"#) => Fine, "x", 1 0;
        json("{}")                              => Fine, "", 1 0;
        json(r#"{"drafts":[{"id":{"planted":1}}]}"#) => unread("field `drafts[0].id` must not be an object"), "", 1 0;
        json(r#"{"drafts":{"planted":1}}"#)     => unread("field `drafts` must not be an object"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("")],
};

const CREATE: Table = Table {
    endpoint: "DraftCreate",
    rows: rows! {
        created(r#"{"id":"x","docflow-id":null,"docflows":[],"documents":[],"meta":{"sender":{"inn":"1"}},"status":"new","links":[{"rel":"self","href":"https://host/drafts/x"}]}"#) => Fine, "x", 1 0;
        json(r#"{"id":"x","status":"New","documents":null,"links":null}"#) => Fine, "x", 1 0;
        created(r#"{"id":"x","status":"new-word"}"#) => Fine, "x", 1 0;
        created(r#"{"id":null}"#)               => Fine, "none", 1 0;
        refuses(429).first()                    => Fine, "d&5", 2 500;
        created(r#"{"id":["planted"]}"#)        => unread_unknown("field `id` must not be a list"), "", 1 0;
        created(r#"{"meta":"planted"}"#)        => unread_unknown("field `meta` must not be a text"), "", 1 0;
    },
    common: &[ONCE],
};

/// A write under a name that the client chose, and a removal.
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

const PUT: Table = written!("DraftPut");
const DELETE: Table = removed!("DraftDelete");
const META_PUT: Table = written!("DraftMetaPut");

const META_GET: Table = Table {
    endpoint: "DraftMeta",
    rows: rows! {
        json(r#"{"sender":{"inn":"6676130154","certificate":{"content":"dGV4dA=="},"is-representative":"true","ipaddress":"8.8.8.8"},"recipient":{"ifns-code":"0087"},"payer":{"inn":"1","organization":null}}"#) => Fine, "6676130154 0087 Some(true)", 1 0;
        json(r#"{"sender":{"is-representative":false},"recipient":{"sfr-code":"1"},"additional-info":{"additional-certificates":null,"subject":"x"},"draft-options":{"generate-warrant":"false"}}"#) => Fine, "none none Some(false)", 1 0;
        json(r#"{"sender":null,"recipient":null,"related-document":null}"#) => Fine, "none none None", 1 0;
        json("{}")                              => Fine, "none none None", 1 0;
        json(r#"{"sender":"planted"}"#)         => unread("field `sender` must not be a text"), "", 1 0;
        json(r#"{"sender":{"is-representative":"planted"}}"#) => unread("field `sender.is-representative` has a value that cannot be read"), "", 1 0;
        json(r#"{"recipient":{"ifns-code":{"planted":1}}}"#) => unread("field `recipient.ifns-code` must not be an object"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("none none None"),
    ],
};

pub(super) const ANSWERS: &[&Table] = &[&LIST, &CREATE, &PUT, &DELETE, &META_GET, &META_PUT];

#[tokio::test]
async fn drafts_are_listed_page_by_page() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let pages = [
        json(r#"{"total-count":3,"drafts":[{"id":"x"},{"id":"y"}]}"#),
        json(r#"{"total-count":3,"drafts":[{"id":"z"}]}"#),
    ];
    wire.script("Drafts", &pages);
    let listed = call("Drafts", &wire, &in_docflow()).await.unwrap();
    assert_eq!(listed, "x y z");
    wire.got(&[DRAFTS, MORE_DRAFTS]).await;
}

#[tokio::test]
async fn a_meta_has_every_field_that_was_given() {
    const FULL: &str = r#"{"sender":{"inn":"6676130154","kpp":"667601001","certificate":{"content":"dGV4dA=="},"is-representative":false,"ipaddress":"8.8.8.8"},"recipient":{"ifns-code":"0087","registration-ifns-code":"0088"},"payer":{"inn":"6676130154","name":"Ромашка","organization":{"kpp":"667601001"},"registration-number-sfr":"1","okpo":"2","ogrn":"3","snils":"4"},"related-document":{"related-docflow-id":"f?2","related-document-id":"e#3"},"additional-info":{"subject":"Письмо","additional-certificates":["MAA="],"machine-readable-warrant-id":"w"},"draft-options":{"generate-warrant":true}}"#;
    let mut meta = meta()
        .with_related_document(RelatedDocument::new("f?2".into(), "e#3".into()))
        .with_additional_info(
            AdditionalInfo::new()
                .with_subject("Письмо")
                .with_additional_certificate(b"\x30\x00")
                .with_machine_readable_warrant_id("w"),
        )
        .with_options(DraftOptions::new().with_generate_warrant(true));
    meta.recipient = meta
        .recipient
        .map(|recipient| recipient.with_registration_ifns_code("0088"));
    meta.payer = meta.payer.map(|payer| {
        let payer = payer.with_name("Ромашка").with_snils("4");
        let payer = payer.with_registration_number_sfr("1");
        payer.with_okpo("2").with_ogrn("3")
    });
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let created = wire.client.account(&account()).create_draft(&meta).await;
    assert_eq!(created.unwrap().id, Some(draft()));
    let line = concat!(of_account!("POST"), "/drafts");
    wire.got(&[sends!("DraftCreate", line, json "583", FULL)])
        .await;
}

/// A lock on the draft says which task holds it.
#[tokio::test]
async fn a_draft_that_is_being_signed_cannot_be_changed() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    for endpoint in ["DraftPut", "DraftMetaPut", "DraftDelete"] {
        wire.script(endpoint, &[LOCKED]);
        let error = call(endpoint, &wire, &in_docflow()).await.unwrap_err();
        assert!(!error.may_have_been_applied(), "{endpoint}");
        let answer = error.service().unwrap();
        assert_eq!(answer.details["task"], "5b35fae5", "{endpoint}");
    }
}

/// Whoever makes a draft twice by hand gets two; the error says that there may be one already.
#[tokio::test]
async fn a_draft_whose_answer_was_lost_may_be_there() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    for (says, lost) in [
        (mute(504, b""), true),
        (super::server::HTML, true),
        (refuses(400), false),
        (refuses(429), false),
    ] {
        wire.script("DraftCreate", &[says]);
        let error = wire.client.account(&account()).create_draft(&meta()).await;
        assert_eq!(error.unwrap_err().may_have_been_applied(), lost, "{says:?}");
    }
}
