//! Decides what docflows and their documents look like in an answer.
//!
//! **Invariant:** what can be done with a document is told by its links, and a content is listed only when it is
//! there.

use super::call::Call;
use super::draft_json::signature_json;
use super::state::Room;
use super::things::{Compression, Docflow, Document, is_printable};
use serde_json::{Value, json};

/// How far a docflow has come: finished when the authority has sent everything and every reply was sent.
pub(super) fn status(room: &Room, index: usize) -> &'static str {
    let Some(docflow) = room.own.docflows.get(index) else {
        return "sent";
    };
    let mut documents = room.own.documents_of(index);
    let asks = room
        .own
        .documents_of(index)
        .any(|(_, known)| !known.reply_kinds.is_empty());
    let waits = documents.any(|(_, known)| !known.possible_replies().is_empty());
    if docflow.arrivals.is_empty() && !waits {
        "finished"
    } else if asks {
        "response-arrived"
    } else if docflow.changed > docflow.sent {
        "delivered"
    } else {
        "sent"
    }
}

pub(super) fn is_finished(room: &Room, index: usize) -> bool {
    status(room, index) == "finished"
}

pub(super) fn docflow_json(
    room: &Room,
    call: &Call,
    index: usize,
    docflow: &Docflow,
    whole: bool,
) -> Value {
    let mut body = json!({
        "id": docflow.id,
        "organization-id": room.own.account_id(docflow.account),
        "abonent-id": room.own.account_id(docflow.account),
        "extern-user-id": room.shared.people.get(call.user).map(|user| user.id),
        "type": docflow.kind,
        "status": format!("urn:docflow-common-status:{}", status(room, index)),
        "success-state": format!("urn:docflow-state:{}", docflow.success),
        "description": of_its_kind(docflow),
        "links": [call.link("self", &room.own.docflow_path(index))],
        "send-date": docflow.sent.precise_date_time(),
        "last-change-date": docflow.changed.precise_date_time(),
    });
    if whole {
        body["documents"] = documents(room, call, index);
    }
    body
}

/// Documents of an inventory are reached through their inventory only.
pub(super) fn documents(room: &Room, call: &Call, docflow: usize) -> Value {
    let documents = room.own.documents_of(docflow);
    documents
        .filter(|(_, known)| known.inventory.is_none())
        .map(|(index, known)| document_json(room, call, index, known))
        .collect()
}

pub(super) fn description(room: &Room, known: &Document) -> Value {
    let mut body = json!({
        "type": known.kind,
        "filename": known.filename,
        "content-type": known.content_type,
        "decrypted-content-size": known.plain.len(),
        "encrypted-content-size": null,
        "compressed": false,
        "requisites": {},
        "related-docflows-count": 0,
        "support-recognition": false,
        "encrypted-certificates": [],
        "support-print": if is_printable(&known.content_type) { "yes" } else { "no" },
    });
    if let Some(encryption) = &known.encryption {
        let serial = room.own.certificate(encryption.certificate);
        let serial = serial.map(|certificate| certificate.serial_number());
        body["encrypted-content-size"] = json!(encryption.size);
        body["compressed"] = json!(encryption.compression != Compression::None);
        body["encrypted-certificates"] = json!([{ "serial-number": serial }]);
    }
    body
}

pub(super) fn document_json(room: &Room, call: &Call, index: usize, known: &Document) -> Value {
    let path = room.own.document_path(index);
    let listed = |id: &str, encrypted: bool, compression: Compression| {
        json!({
            "content-id": id,
            "encrypted": encrypted,
            "compressed": compression != Compression::None,
            "compression-type": compression.name(),
        })
    };
    let mut contents = Vec::new();
    let mut links = vec![
        call.link("self", &path),
        call.link("docflow", &room.own.docflow_path(known.docflow)),
    ];
    if let Some(encryption) = &known.encryption {
        contents.push(listed(&encryption.content_id, true, encryption.compression));
        links.push(call.link("decrypt-content", &format!("{path}/decrypt-content")));
    }
    for readable in &known.readable {
        contents.push(listed(&readable.content_id, false, readable.compression));
    }
    for kind in known.possible_replies() {
        let method = if known.package {
            "pfr-generate-reply"
        } else {
            "generate-reply"
        };
        let mut link = call.link("reply", &format!("{path}/{method}?documentType={kind}"));
        link["name"] = json!(kind);
        links.push(link);
    }
    let has_inventories = |(_, other): (usize, &Document)| {
        let place = other.inventory.as_ref();
        place.is_some_and(|place| place.related_document == known.id)
    };
    if room.own.documents_of(known.docflow).any(has_inventories) {
        links.push(call.link("inventories", &format!("{path}/inventories")));
    }
    let present = |there: bool, name: &str| there.then(|| call.link("", &format!("{path}/{name}")));
    json!({
        "id": known.id,
        "description": description(room, known),
        "content": {
            "decrypted": present(!known.readable.is_empty(), "decrypted-content"),
            "encrypted": present(known.encryption.is_some(), "encrypted-content"),
            "docflow-document-contents": contents,
        },
        "send-date": known.sent.date_time(),
        "signatures": known
            .signatures
            .iter()
            .map(|one| signature_json(call, one, &path))
            .collect::<Vec<_>>(),
        "links": links,
    })
}

/// The `description` of a docflow: what either official SDK reads of its kind.
fn of_its_kind(docflow: &Docflow) -> Value {
    let (inn, kpp) = (&docflow.inn, &docflow.kpp);
    let payer = match kpp {
        Some(kpp) => format!("{inn}-{kpp}"),
        None => inn.clone(),
    };
    let form = |member: &str, code: &str, name: &str| {
        let mut form = json!({
            "knd": null, "okud": null, "version": "5.08", "form-fullname": name, "form-shortname": name,
        });
        form[member] = json!(code);
        form
    };
    let mut body = match docflow.kind.trim_start_matches("urn:docflow:") {
        "fns534-report" => json!({
            "form-version": form("knd", "1151001", "НДС"),
            "recipient": "0087", "final-recipient": "0087", "recepient": "0087", "final-recepient": "0087",
            "correction-number": 0, "period-code": "23", "report-inn": inn, "report-kpp": kpp, "oktmo": "45301000",
            "reorganization-form": null, "reorganization-inn": null, "reorganization-kpp": null,
        }),
        "fns534-demand" => json!({
            "cu": "0087", "transit-cu": "0087", "attachments-count": 1,
            "form-versions": [form("knd", "1165013", "Требование о представлении документов")],
            "sent-on-report-filename": null, "receipt-status": null, "receipt-deadline-date": null,
            "receipt-date": null, "reply-deadline-date": null, "replies-status": null,
        }),
        "fns534-inventory" => json!({
            "form-version": form("knd", "1184002", "Опись документов"),
            "recipient": "0087", "final-recipient": "0087", "ogrn": null, "report-inn": inn, "report-kpp": kpp,
            "oktmo": "45301000",
        }),
        "stat-report" => json!({
            "form-version": form("okud", "0610013", "П-1"),
            "recipient": "77-00", "okpo": "00000001", "okud": "0610013", "correction-number": 0,
            "period-code": "09",
        }),
        "stat-cu-letter" => json!({
            "cu": "77-00", "subject": "Письмо из Росстата", "okpo": "00000001",
        }),
        "pfr-report" => json!({
            "registration-number": "087-000-000001", "cu": "087-000", "final-recipient": "087-000",
            "form-version": form("knd", "1151162", "СЗВ-М"), "extended-status": null,
        }),
        "fss-report" => json!({
            "registration-number": "7700000001", "fss-id": "1", "fss-stage-description": null,
            "fss-stage-error-code": null, "fss-stage-error-extend": null, "fss-stage-type": "FormingReceipt",
            "fss-stage-status": "Success", "fss-stage-date": docflow.changed.date_time(),
            "form-version": form("knd", "1151111", "4-ФСС"), "correction-number": 0,
        }),
        // Of a kind that it does not know one SDK reads texts only.
        _ => return json!({}),
    };
    let about = [
        ("payer-inn", json!(payer)),
        ("period-begin", json!("2023-07-01T00:00:00.0000000")),
        ("period-end", json!("2023-09-30T00:00:00.0000000")),
        ("related-docflow-id", Value::Null),
        ("related-document-id", Value::Null),
        ("origin-docflow-id", Value::Null),
        ("origin-document-id", Value::Null),
        ("original-draft-id", Value::Null),
        ("requisites", Value::Null),
    ];
    for (name, value) in about {
        body[name] = value;
    }
    body
}
