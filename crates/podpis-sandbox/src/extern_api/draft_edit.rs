//! Decides how drafts are made and changed before they are sent.
//!
//! **Invariant:** the same PUT again changes nothing; new content takes the signatures of the old one away; what was
//! sent cannot be changed.

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::call::{Call, decoded, is_guid};
use super::contents_store::Pieces;
use super::draft_json::{draft_json, meta, part_json, signature_json};
use super::options::DataToSign;
use super::route::Endpoint;
use super::state::{Room, refuse_sent};
use super::things::{Derived, Draft, Part, Signature};
use super::{draft_meta, uploads};
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};

/// `POST /v1/{acc}/drafts`, and `PUT /v1/{acc}/drafts/{dr}` for an id that is not there yet.
pub(super) fn create(room: &mut Room, call: &Call, wanted: Option<&str>) -> Handled {
    if wanted.is_some_and(|id| !is_guid(id)) {
        return bad_request("The id of a draft is a GUID.");
    }
    let (meta, certificate) = draft_meta::changed(room.own, None, &call.json()?)?;
    let id = wanted.map_or_else(|| room.guid(), str::to_ascii_lowercase);
    let draft = Draft {
        id,
        account: call.account,
        certificate,
        meta,
        status: "new",
        ..Draft::default()
    };
    let index = room.own.add_draft(draft, false);
    room.counters().drafts_created += 1;
    Ok(Reply::json(&draft_json(room, call, index)).status(StatusCode::CREATED))
}

/// Changes of a draft that is there and not locked.
pub(super) fn handle(room: &mut Room, endpoint: Endpoint, call: &Call, index: usize) -> Handled {
    if endpoint == Endpoint::DraftDelete {
        room.own.remove_draft(index);
        return Ok(Reply::empty());
    }
    refuse_sent(room.own.draft(index)?)?;
    match endpoint {
        Endpoint::DraftPut => {
            put_meta(room, call, index)?;
            Ok(Reply::json(&draft_json(room, call, index)))
        }
        Endpoint::DraftMetaPut => {
            put_meta(room, call, index)?;
            Ok(Reply::json(&meta(room, index)))
        }
        Endpoint::DraftDocumentAdd => {
            let id = room.guid();
            put_document(room, call, index, id)
        }
        Endpoint::DraftDocumentPut => {
            let id = call.ids.document.to_ascii_lowercase();
            put_document(room, call, index, id)
        }
        _ => {
            let at = room.own.part(index, call.ids.document)?.1;
            document(room, endpoint, call, index, at)
        }
    }
}

fn put_meta(room: &mut Room, call: &Call, index: usize) -> Handled<()> {
    let old = meta(room, index);
    let (meta, certificate) = draft_meta::changed(room.own, Some(&old), &call.json()?)?;
    if meta != old {
        let draft = room.own.draft_mut(index)?;
        draft.meta = meta;
        draft.certificate = certificate;
        draft.status = "new";
    }
    Ok(())
}

/// A DocumentRequest: makes the document, or changes the one that has the id.
fn put_document(room: &mut Room, call: &Call, index: usize, id: String) -> Handled {
    let request = call.json()?;
    if !request.is_object() {
        return bad_request("Описание документа не является объектом.");
    }
    let mut parts = room.own.draft(index)?.parts.iter();
    let known = parts.position(|one| one.id == id);
    let mut part = match known {
        Some(at) => room.own.draft(index)?.parts[at].clone(),
        None if is_guid(&id) => Part {
            filename: format!("{id}.xml"),
            id,
            content_type: "application/xml".to_owned(),
            ..Part::default()
        },
        None => return bad_request("The id of a document is a GUID."),
    };
    let description = &request["description"];
    let text = |name: &str| description[name].as_str().map(str::to_owned);
    part.kind = text("type").or(part.kind);
    part.filename = text("filename").unwrap_or(part.filename);
    part.content_type = text("content-type").unwrap_or(part.content_type);
    if let Some((content_id, content)) = content_of(room, call, &request, &part)? {
        replace(&mut part, content_id, content);
        derive(room, call, &mut part);
    }
    if let Some(signature) = request["signature"].as_str() {
        sign(room, &mut part, decoded(signature)?)?;
    }
    let path = format!("{}/documents/{}", room.own.draft_path(index), part.id);
    let draft = room.own.draft_mut(index)?;
    let status = match known {
        Some(at) => {
            if draft.parts[at].content != part.content {
                draft.status = "new";
            }
            draft.parts[at] = part.clone();
            StatusCode::OK
        }
        None => {
            draft.status = "new";
            draft.parts.push(part.clone());
            StatusCode::CREATED
        }
    };
    Ok(Reply::json(&part_json(call, draft, &part, &path)).status(status))
}

/// The content that a request names or brings along.
fn content_of(
    room: &mut Room,
    call: &Call,
    request: &Value,
    part: &Part,
) -> Handled<Option<(String, Pieces)>> {
    if let Some(id) = request["content-id"].as_str() {
        let content = room.own.contents.get(id, call.account);
        let pieces = content
            .and_then(|known| known.pieces())
            .or_bad_request("Контент не найден или ещё не загружен.")?;
        return Ok(Some((id.to_ascii_lowercase(), pieces)));
    }
    let Some(text) = request["base64-content"].as_str() else {
        return Ok(None);
    };
    let pieces = Pieces::from(Bytes::from(decoded(text)?));
    Ok(Some((kept(room, call, pieces.clone(), part), pieces)))
}

/// Puts bytes into the contents service, unless the document has these very bytes.
fn kept(room: &mut Room, call: &Call, pieces: Pieces, part: &Part) -> String {
    if let (Some(id), Some(known)) = (&part.content_id, &part.content)
        && known.len() == pieces.len()
        && known.whole() == pieces.whole()
    {
        return id.clone();
    }
    let id = room.guid();
    let contents = &mut room.own.contents;
    contents.keep(&id, call.account, &part.content_type, pieces.whole());
    id
}

/// Gives a document its signature, unless it has this very one.
fn sign(room: &mut Room, part: &mut Part, bytes: Vec<u8>) -> Handled<()> {
    let same = |known: &Signature| known.bytes == bytes;
    if !part.signature.as_ref().is_some_and(same) {
        let content = (room.shared.manner.signatures, part.to_sign());
        let accepted = uploads::accepted(room.guid(), bytes, false, content)?;
        part.signature = Some(accepted);
    }
    Ok(())
}

/// Gives a document its content; a signature stays only under the same one.
fn replace(part: &mut Part, content_id: String, content: Pieces) {
    if part.content_id.as_ref() != Some(&content_id) && part.content.as_ref() != Some(&content) {
        part.signature = None;
        part.others.clear();
        part.derived = None;
    }
    part.content_id = Some(content_id);
    part.content = Some(content);
}

/// Makes the data to sign where the world has one of its own for every document.
fn derive(room: &mut Room, call: &Call, part: &mut Part) {
    let wanted = room.own.options.data_to_sign;
    let (None, Some(content)) = (&part.derived, &part.content) else {
        return;
    };
    if wanted == DataToSign::Content {
        return;
    }
    let content = content.with(Bytes::from_static(b"\n<!-- data to sign -->"));
    let id = room.guid();
    let contents = &mut room.own.contents;
    contents.keep(&id, call.account, &part.content_type, content.whole());
    part.derived = Some(Derived {
        content_id: id,
        content,
        signed: wanted == DataToSign::Derived,
    });
}

fn document(room: &mut Room, endpoint: Endpoint, call: &Call, index: usize, at: usize) -> Handled {
    let part = room.own.draft(index)?.parts[at].clone();
    match endpoint {
        Endpoint::DraftDocumentDelete => {
            let draft = room.own.draft_mut(index)?;
            draft.parts.remove(at);
            draft.status = "new";
            Ok(Reply::empty())
        }
        Endpoint::DraftDocumentContentPut => {
            if call.body.is_empty() {
                return Err(Refusal::bad_request("Контент пуст.").coded("emptyContent"));
            }
            let pieces = Pieces::from(call.body.clone());
            let content_id = kept(room, call, pieces.clone(), &part);
            let is_new = part.content_id.as_ref() != Some(&content_id);
            let mut part = part;
            replace(&mut part, content_id, pieces);
            derive(room, call, &mut part);
            let draft = room.own.draft_mut(index)?;
            if is_new {
                draft.status = "new";
            }
            draft.parts[at] = part;
            Ok(Reply::empty())
        }
        Endpoint::DraftDocumentSignaturePut => {
            let mut part = part;
            sign(room, &mut part, uploads::octets(call.body)?)?;
            room.own.draft_mut(index)?.parts[at] = part;
            Ok(Reply::empty())
        }
        _ => signature(room, endpoint, call, index, at),
    }
}

/// Methods of single signatures.
fn signature(room: &mut Room, endpoint: Endpoint, call: &Call, index: usize, at: usize) -> Handled {
    let path = room.own.draft_path(index);
    let wanted = call.ids.item;
    let is_wanted = |known: &Signature| known.id.eq_ignore_ascii_case(wanted);
    let part = room.own.draft(index)?.parts[at].clone();
    let known = part.signatures().find(|known| is_wanted(known)).cloned();
    let (id, status) = match endpoint {
        Endpoint::DraftSignatureAdd => (room.guid(), StatusCode::CREATED),
        _ => {
            let known = known.or_not_found("Подпись не найдена.")?;
            (known.id, StatusCode::OK)
        }
    };
    if endpoint == Endpoint::DraftSignatureDelete {
        let part = &mut room.own.draft_mut(index)?.parts[at];
        part.signature = part.signature.take().filter(|known| !is_wanted(known));
        part.others.retain(|known| !is_wanted(known));
        return Ok(Reply::empty());
    }
    let (bytes, third_party) = uploads::described(&call.json()?)?;
    let content = (room.shared.manner.signatures, part.to_sign());
    let signature = uploads::accepted(id, bytes, third_party, content)?;
    let part = &mut room.own.draft_mut(index)?.parts[at];
    part.others.retain(|known| !is_wanted(known));
    let replaces = part.signature.as_ref().is_none_or(is_wanted);
    if replaces && !third_party {
        part.signature = Some(signature.clone());
    } else {
        part.signature = part.signature.take().filter(|known| !is_wanted(known));
        part.others.push(signature.clone());
    }
    let path = format!("{path}/documents/{}", part.id);
    Ok(Reply::json(&signature_json(call, &signature, &path)).status(status))
}
