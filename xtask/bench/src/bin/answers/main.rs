//! Reads large answers: a page of docflows in JSON, and a list of documents in protobuf.
//!
//! By hand is serde_json and prost alone, into the same types: what podpis asks of an answer beyond them, where an
//! error is and which required fields were absent, is the difference.

use std::process::ExitCode;

use bytes::Bytes;
use podpis::diadoc_proto::documents::{Document, DocumentList};
use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{Content, decode_checked};
use podpis_bench::{Error, Figures, Side, Whose};
use podpis_extern_model::{DocflowPage, read};

/// How many docflows or documents an answer has.
const ITEMS: usize = 1_000;

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => cases(
            figures,
            |body| Ok(read(body)?),
            |body| Ok(decode_checked(body)?),
        ),
        Side::ByHand => cases(
            figures,
            |body| Ok(serde_json::from_slice(body)?),
            |body| Ok(DocumentList::decode(body)?),
        ),
        other => Err(format!("no side {other:?}").into()),
    })
}

fn cases(
    figures: &mut Figures,
    of_json: impl Fn(&[u8]) -> Result<DocflowPage, Error>,
    of_protobuf: impl Fn(Bytes) -> Result<DocumentList, Error>,
) -> Result<(), Error> {
    let body = page();
    let (page, _) = figures.case("JSON, a page of docflows", ITEMS, || of_json(&body))?;
    let body = Bytes::from(list());
    let (list, _) = figures.case("protobuf, a list of documents", ITEMS, || {
        of_protobuf(body.clone())
    })?;
    match (page.items.len(), list.documents.len()) {
        (ITEMS, ITEMS) => Ok(()),
        other => Err(format!("read {other:?} of {ITEMS}").into()),
    }
}

/// As a service prints it, with what is of no use to podpis.
fn page() -> Vec<u8> {
    let items: Vec<_> = (0..ITEMS).map(docflow).collect();
    let page = serde_json::json!({
        "skip": 0, "take": ITEMS, "total-count": ITEMS, "docflows-page-item": items,
    });
    page.to_string().into_bytes()
}

fn docflow(number: usize) -> serde_json::Value {
    let id = format!("3fa85f64-5717-4562-b3fc-{number:012}");
    let address = format!("https://extern-api.testkontur.ru/v1/docflows/{id}");
    serde_json::json!({
        "id": id,
        "organization-id": "988b38f1-5580-4ba9-b9f8-3215e7f392ea",
        "type": "urn:docflow:fns534-report",
        "status": "urn:docflow-common-status:sent",
        "success-state": "urn:docflow-state:neutral",
        "description": {
            "form-version": { "knd": "1110018", "version": "504", "form-fullname": "Сведения", "form-shortname": "Сведения" },
            "recipient": "0087", "final-recipient": "0087", "correction-number": 0, "period-begin": "2026-01-01T00:00:00",
            "payer-inn": "6676130154", "encryption-certs-thumbprints": [],
        },
        "links": [
            { "href": address, "rel": "self" },
            { "href": format!("{address}/documents"), "rel": "web-docflow", "profile": "docflow" },
        ],
        "send-date": "2026-03-25T09:41:29.0417245Z",
        "last-change-date": "2026-03-25T09:43:05.1234567Z",
    })
}

/// As a service writes it, with what a reader of lists looks at.
fn list() -> Vec<u8> {
    let document = |number| Document {
        index_key: Some("MDYzODAwMDAwMDAwMDAwMDAwMDA=".to_owned()),
        message_id: format!("bbcedb0d-ce34-4e0d-b321-{number:012}"),
        entity_id: format!("c754aebf-2d52-4c81-b72f-{number:012}"),
        creation_timestamp_ticks: 638_000_000_000_000_000,
        counteragent_box_id: Some("db32e8b4f9d24b5b8c1d2c8d2fd8aa0a@diadoc.ru".to_owned()),
        file_name: Some("Счёт-фактура № 42.xml".to_owned()),
        document_date: Some("30.11.2026".to_owned()),
        document_number: Some("42".to_owned()),
        content: Some(Content {
            size: 40_000,
            data: None,
        }),
        delivery_timestamp_ticks: Some(638_000_000_100_000_000),
        ..Document::default()
    };
    let list = DocumentList {
        total_count: i32::try_from(ITEMS).unwrap_or(i32::MAX),
        documents: (0..ITEMS).map(document).collect(),
        ..DocumentList::default()
    };
    list.encode_to_vec()
}
