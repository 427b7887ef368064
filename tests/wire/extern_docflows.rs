//! Docflows of Extern and what their documents are.
//!
//! **Invariant:** a filter that is not set is not sent; a docflow that was sent a moment ago may not be there yet.

use std::time::Duration;

use podpis::extern_api::{DocflowFilter, DocflowOrder};
use podpis::{Deadline, ErrorKind, ReqwestTransport};

use Gives::Fine;

use super::answer::{Gives, Table};
use super::extern_draft_documents::bytes;
use super::extern_reads::{NO_OBJECT, NOT_FOUND, REFUSED, UNREADABLE, recovers};
use super::extern_server::{
    Exact, ExternWire, account, at, json, mute, of_account, refuses, rows, sends, unread,
};
use super::server::HTML_502;

const DOCFLOWS: Exact = Exact::get(
    "Docflows",
    concat!(of_account!("GET"), "/docflows?skip=0&take=100"),
)
.query(&[("skip", "0"), ("take", "100")]);

const CONTENT: &str = r#"{"content-id":"c:9"}"#;

/// Everything about a document, which is the same in both places but for the path before it.
macro_rules! of_a_document {
    ($($place:ident),*) => {
        &[
            DOCFLOWS,
            Exact::get("Docflow", concat!(of_account!("GET"), "/docflows/f%3F2")),
            Exact::get("Documents", concat!(of_account!("GET"), "/docflows/f%3F2/documents")),
            $(
                Exact::get("DocumentDescription", at!($place "GET", "/description")),
                Exact::get("DocumentEncryptedContent", at!($place "GET", "/encrypted-content")),
                Exact::get("DocumentDecryptedContent", at!($place "GET", "/decrypted-content")),
                sends!("DocumentDecryptedContentPut", at!($place "PUT", "/decrypted-content"), json "20", CONTENT),
            )*
        ]
    };
}

pub(super) const REQUESTS: &[Exact] = of_a_document!(docflow, inventory);

const LIST: Table = Table {
    endpoint: "Docflows",
    rows: rows! {
        json(r#"{"skip":0,"take":100,"total-count":2,"docflows-page-item":[{"id":"x","type":"urn:docflow:fns534-report","status":"urn:docflow-common-status:sent","success-state":null,"links":[],"send-date":"2021-07-08T01:01:01.1234567","last-change-date":"2021-07-08T01:01:01Z"},{"id":"y","new":1}]}"#) => Fine, "x y", 1 0;
        json(r#"{"docflows-page-item":null,"total-count":null}"#) => Fine, "", 1 0;
        json(r#"{"docflows-page-item":[null,{"id":"x"}]}"#) => Fine, "x", 1 0;
        json("{}")                              => Fine, "", 1 0;
        json(r#"{"docflows-page-item":{"planted":1}}"#) => unread("field `docflows-page-item` must not be an object"), "", 1 0;
        json(r#"{"docflows-page-item":[{"send-date":"planted"}]}"#) => unread("field `docflows-page-item[0].send-date` has a value that cannot be read"), "", 1 0;
        json(r#"{"total-count":"planted"}"#)    => unread("field `total-count` has a value that cannot be read"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("")],
};

const DOCFLOW: Table = Table {
    endpoint: "Docflow",
    rows: rows! {
        json(r#"{"id":"x","organization-id":"o","type":"urn:docflow:fns534-report","status":"urn:docflow-common-status:response-arrived","success-state":"urn:docflow-state:neutral","description":{"form-version":{"knd":"1"}},"documents":[{"id":"d","links":[]}],"links":[],"send-date":"2021-07-08T01:01:01.1","last-change-date":"2021-07-08T01:01:01.12345+03:00"}"#) => Fine, "x urn:docflow-common-status:response-arrived 1", 1 0;
        json(r#"{"id":"x","status":"urn:docflow-common-status:Finished","documents":null}"#) => Fine, "x urn:docflow-common-status:finished 0", 1 0;
        json(r#"{"id":"x","status":"urn:docflow-other-status:new","description":"y"}"#) => Fine, "x urn:docflow-other-status:new 0", 1 0;
        json("{}")                              => Fine, "none none 0", 1 0;
        json(r#"{"documents":"planted"}"#)      => unread("field `documents` must not be a text"), "", 1 0;
        json(r#"{"documents":[{"content":["planted"]}]}"#) => unread("field `documents[0].content` must not be a list"), "", 1 0;
        json(r#"{"status":{"planted":1}}"#)     => unread("field `status` must not be an object"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("f?2 none 0"),
    ],
};

const DOCUMENTS: Table = Table {
    endpoint: "Documents",
    rows: rows! {
        json(r#"[{"id":"x","description":{"type":"urn:document:fns534-report"},"content":null,"signatures":[]},{"id":"y","new":{}}]"#) => Fine, "x y", 1 0;
        json("[]")                              => Fine, "", 1 0;
        json("[{\"id\":\"planted")              => unread("the answer ends too early"), "", 1 0;
        json("{}")                              => unread("the answer must not be an object"), "", 1 0;
        json(r#"[{"id":"x"},"planted"]"#)       => unread("field `[1]` must not be a text"), "", 1 0;
        json("null")                            => unread("the answer must not be null"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, recovers!("")],
};

const DESCRIPTION: Table = Table {
    endpoint: "DocumentDescription",
    rows: rows! {
        json(r#"{"type":"urn:document:fns534-demand","filename":"x","content-type":"application/xml","decrypted-content-size":7,"encrypted-content-size":9,"compressed":true,"requisites":{"a":1},"related-docflows-count":0,"support-recognition":false,"encrypted-certificates":[{"serial-number":"01D9"}],"support-print":true}"#) => Fine, "x Some(7)", 1 0;
        json(r#"{"filename":null,"decrypted-content-size":"7","compressed":"false","encrypted-certificates":null}"#) => Fine, "none Some(7)", 1 0;
        json("{}")                              => Fine, "none None", 1 0;
        json(r#"{"compressed":"planted"}"#)     => unread("field `compressed` has a value that cannot be read"), "", 1 0;
        json(r#"{"encrypted-certificates":"planted"}"#) => unread("field `encrypted-certificates` must not be a text"), "", 1 0;
    },
    common: &[
        REFUSED,
        NOT_FOUND,
        UNREADABLE,
        NO_OBJECT,
        recovers!("a.xml None"),
    ],
};

const ENCRYPTED_CONTENT: Table = bytes("DocumentEncryptedContent");
const DECRYPTED_CONTENT: Table = bytes("DocumentDecryptedContent");

const DECRYPTED_CONTENT_PUT: Table = Table {
    endpoint: "DocumentDecryptedContentPut",
    rows: rows! {
        json(r#"{"content-id":"x","links":[{"rel":"self","href":"https://host/x"}]}"#) => Fine, "x", 1 0;
        json(r#"{"content-id":"x","links":null,"new":1}"#) => Fine, "x", 1 0;
        json("{}")                              => Fine, "none", 1 0;
        json(r#"{"content-id":["planted"]}"#)   => unread("field `content-id` must not be a list"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND, UNREADABLE, NO_OBJECT, recovers!("c:9")],
};

pub(super) const ANSWERS: &[&Table] = &[
    &LIST,
    &DOCFLOW,
    &DOCUMENTS,
    &DESCRIPTION,
    &ENCRYPTED_CONTENT,
    &DECRYPTED_CONTENT,
    &DECRYPTED_CONTENT_PUT,
];

#[tokio::test]
async fn a_list_is_asked_for_with_every_filter() {
    const LINE: &str = concat!(
        of_account!("GET"),
        "/docflows?skip=7&take=1000&finished=false&incoming=true&innKpp=6676130154-667601001&orgId=o%2F1",
        "&orderBy=ascending&updatedFrom=2021-07-08T01%3A01%3A01&updatedTo=2021-07-09T01%3A01%3A01Z",
        "&createdFrom=2021-07-08T00%3A00%3A00&createdTo=2021-07-09T01%3A01%3A01%2B03%3A00",
        "&type=fns534-report&type=fns534-letter"
    );
    const QUERY: &[(&str, &str)] = &[
        ("skip", "7"),
        ("take", "1000"),
        ("finished", "false"),
        ("incoming", "true"),
        ("innKpp", "6676130154-667601001"),
        ("orgId", "o/1"),
        ("orderBy", "ascending"),
        ("updatedFrom", "2021-07-08T01:01:01"),
        ("updatedTo", "2021-07-09T01:01:01Z"),
        ("createdFrom", "2021-07-08T00:00:00"),
        ("createdTo", "2021-07-09T01:01:01+03:00"),
        ("type", "fns534-report"),
        ("type", "fns534-letter"),
    ];
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let filter = DocflowFilter {
        finished: Some(false),
        incoming: Some(true),
        inn_kpp: Some("6676130154-667601001".to_owned()),
        organization: Some("o/1".to_owned()),
        order: Some(DocflowOrder::Ascending),
        updated_from: Some("2021-07-08T01:01:01".parse().unwrap()),
        updated_to: Some("2021-07-09T01:01:01Z".parse().unwrap()),
        created_from: Some("2021-07-08".parse().unwrap()),
        created_to: Some("2021-07-09T01:01:01+03:00".parse().unwrap()),
        page_size: Some(5_000),
        types: vec![
            "fns534-report".to_owned(),
            "urn:docflow:fns534-letter".to_owned(),
        ],
    };
    let page = wire
        .client
        .account(&account())
        .docflow_page(&filter, 7)
        .await;
    assert!(page.unwrap().items.is_empty());
    wire.got(&[Exact::get("Docflows", LINE).query(QUERY)]).await;
}

#[tokio::test]
async fn a_docflow_is_waited_for_until_it_is_there() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let there = json(r#"{"id":"f?2"}"#);
    wire.script(
        "Docflow",
        &[refuses(404), mute(404, b""), HTML_502, refuses(429), there],
    );
    let (account, id, deadline) = (account(), "f?2".into(), Deadline::minutes(5));
    let calls = wire.client.account(&account);
    let found = calls.docflow_when_indexed(&id, deadline);
    assert_eq!(found.await.unwrap().id, Some(id.clone()));
    assert_eq!(wire.count("Docflow"), 5);

    wire.script("Docflow", &[refuses(404)]);
    let calls = wire.client.account(&account);
    let error = calls.docflow_when_indexed(&id, deadline);
    let error = error.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert!(wire.time.slept() >= Duration::from_secs(300));

    // What another look does not mend is not looked at again.
    for (says, kind) in [
        (refuses(403), ErrorKind::Service),
        (refuses(401), ErrorKind::Login),
        (json("[]"), ErrorKind::UnreadableAnswer),
    ] {
        wire.script("Docflow", &[says]);
        let calls = wire.client.account(&account);
        let error = calls.docflow_when_indexed(&id, deadline);
        assert_eq!(error.await.unwrap_err().kind(), kind, "{says:?}");
        assert_eq!(wire.count("Docflow"), 1);
    }
}
