//! Decides what drafts, their documents and signatures look like in an answer.
//!
//! **Invariant:** a link is there only when something is behind it.

use serde_json::{Value, json};

use super::call::Call;
use super::state::Room;
use super::things::{Draft, Part, Signature};

pub(super) fn is_prepared(draft: &Draft) -> bool {
    ["ready-to-send", "send-in-progress", "sent"].contains(&draft.status)
}

pub(super) fn meta(room: &Room, index: usize) -> Value {
    let draft = room.own.drafts.get(index);
    draft.map(|known| known.meta.clone()).unwrap_or_default()
}

pub(super) fn draft_json(room: &Room, call: &Call, index: usize) -> Value {
    let Some(draft) = room.own.drafts.get(index) else {
        return Value::Null;
    };
    let path = room.own.draft_path(index);
    let documents: Vec<Value> = draft
        .parts
        .iter()
        .map(|part| call.link("document", &format!("{path}/documents/{}", part.id)))
        .collect();
    let mut body = json!({
        "id": draft.id,
        "docflows": [],
        "documents": documents,
        "meta": draft.meta,
        "status": draft.status,
        "links": [call.link("self", &path)],
    });
    if let Some(docflow) = draft.docflow
        && let Some(known) = room.own.docflows.get(docflow)
    {
        body["docflow-id"] = json!(known.id);
        body["docflows"] = json!([call.link("docflow", &room.own.docflow_path(docflow))]);
    }
    body
}

pub(super) fn part_json(call: &Call, draft: &Draft, part: &Part, path: &str) -> Value {
    let mut body = json!({
        "id": part.id,
        "signatures": part
            .signatures()
            .map(|known| signature_json(call, known, path))
            .collect::<Vec<_>>(),
        "description": {
            "type": part.kind,
            "filename": part.filename,
            "content-type": part.content_type,
            "properties": {},
        },
        "contents": [],
    });
    if part.content.is_some() {
        body["decrypted-content-link"] = call.link("", &format!("{path}/decrypted-content"));
        body["contents"] = json!([{ "content-id": part.content_id, "encrypted": false }]);
        body["data-to-sign-content-id"] = json!(part.to_sign_id());
    }
    if is_prepared(draft) {
        body["encrypted-content-link"] = call.link("", &format!("{path}/encrypted-content"));
    }
    if part.signature.is_some() {
        body["signature-content-link"] = call.link("", &format!("{path}/signature"));
    }
    body
}

pub(super) fn signature_json(call: &Call, signature: &Signature, path: &str) -> Value {
    let path = format!("{path}/signatures/{}", signature.id);
    json!({
        "id": signature.id,
        "title": null,
        "signature-certificate-thumbprint": signature.thumbprint,
        "content-link": call.link("", &format!("{path}/content")),
        "links": [call.link("self", &path)],
        "signer-type": if signature.third_party {
            "third-party-representative"
        } else {
            "organization-representative"
        },
    })
}
