//! Decides what docflows and their documents show.
//!
//! **Invariant:** what can be done with a document is told by its links, and a content is listed only when it is
//! there.

use serde_json::{Value, json};

use super::api_task::Errand;
use super::call::{Call, base64_reply};
use super::docflow_json::{description, docflow_json, document_json, documents};
use super::draft_json::signature_json;
use super::route::Endpoint;
use super::state::Room;
use super::things::{Compression, Docflow, Document, Readable, Signature, refuse_unprintable};
use super::work::Work;
use super::{api_tasks, decryption, outlines, replies, tasks};
use crate::answer::{Handled, Needed as _, Refusal, Reply};
use crate::signer::Making;

/// Methods of a docflow as a whole.
pub(super) fn docflow(room: &Room, endpoint: Endpoint, call: &Call) -> Handled {
    let (index, known) = find_docflow(room, call)?;
    if endpoint == Endpoint::DocflowDocuments {
        return Ok(Reply::json(&documents(room, call, index)));
    }
    Ok(Reply::json(&docflow_json(room, call, index, known, true)))
}

/// Methods of one document, in a docflow or in an inventory.
pub(super) fn document(room: &mut Room, endpoint: Endpoint, call: &Call) -> Handled {
    let index = find(room, call)?;
    let is_decryption =
        |known: Work| matches!(known, Work::Decryption { document, .. } if document == index);
    match endpoint {
        Endpoint::DecryptContent => decryption::start(room, call, index),
        Endpoint::DecryptContentConfirm => decryption::confirm(room, call, index, true),
        Endpoint::ConfirmContentDecryption => decryption::confirm(room, call, index, false),
        Endpoint::DocumentEncryptedContent => decryption::encrypted(room, call, index),
        Endpoint::DocumentDecryptedContent => decryption::decrypted(room, call, index),
        Endpoint::DocumentDecryptedContentPut => put_decrypted(room, call, index),
        Endpoint::DocumentPrint => print(room, call, index),
        Endpoint::DocumentTask => {
            let prints = |known: &Errand| is_print_of(known, index);
            if let Some(reply) = api_tasks::poll(room, call, prints) {
                return Ok(reply);
            }
            tasks::poll(room, call, |room, known| {
                let moved = room.own.options.reply_tasks_under_document;
                is_decryption(known) || (moved && replies::is_reply_to(room, known, index))
            })
        }
        Endpoint::DocumentRelated => outlines::related(call),
        Endpoint::DocumentInventories | Endpoint::Inventory => {
            inventories(room, endpoint, call, index)
        }
        Endpoint::GenerateReply => replies::generate(room, call, index, false),
        Endpoint::PfrGenerateReply => replies::generate(room, call, index, true),
        Endpoint::Document
        | Endpoint::DocumentDescription
        | Endpoint::DocumentSignatures
        | Endpoint::DocumentSignature
        | Endpoint::DocumentSignatureContent => show(room, endpoint, call, index),
        _ => replies::handle(room, endpoint, call, index),
    }
}

fn is_print_of(errand: &Errand, index: usize) -> bool {
    matches!(errand, Errand::DocflowPrint { document, .. } if *document == index)
}

/// A complete content that the body names.
fn named_content(room: &Room, call: &Call) -> Handled<String> {
    let body = call.json()?;
    let id = body["content-id"].as_str();
    let id = id.or_bad_request("content-id is missing.")?;
    let content = room.own.contents.get(id, call.account);
    content
        .and_then(|known| known.complete())
        .map(|_| id.to_ascii_lowercase())
        .or_bad_request("Контент не найден или ещё не загружен.")
}

/// `PUT …/decrypted-content`: a content that the client decrypted by itself.
fn put_decrypted(room: &mut Room, call: &Call, index: usize) -> Handled {
    let content_id = named_content(room, call)?;
    let path = room.own.document_path(index);
    let readable = Readable {
        content_id: content_id.clone(),
        compression: Compression::None,
    };
    room.own.contents.keep_forever(&content_id);
    if let Some(known) = room.own.documents.get_mut(index)
        && !known.readable.contains(&readable)
    {
        known.readable.push(readable);
    }
    Ok(Reply::json(&json!({
        "content-id": content_id,
        "links": [call.link("self", &format!("{path}/decrypted-content"))],
    })))
}

/// `POST …/print`: the same document is not printed twice at the same time.
fn print(room: &mut Room, call: &Call, index: usize) -> Handled {
    api_tasks::deferred(call)?;
    let document = room.own.document(index)?;
    refuse_unprintable(&document.content_type)?;
    let prints = |known: &Errand| is_print_of(known, index);
    api_tasks::refuse_while(room, &document.tasks, prints)?;
    let content_id = named_content(room, call)?;
    let errand = Errand::DocflowPrint {
        document: index,
        content_id,
    };
    Ok(api_tasks::start(room, call, errand))
}

/// The inventories of a document. No source shows these answers; they are written like a page of docflows.
fn inventories(room: &Room, endpoint: Endpoint, call: &Call, index: usize) -> Handled {
    let document = room.own.document(index)?;
    let own = room.own.document_path(index);
    let of = |known: &Document| {
        let place = known.inventory.as_ref();
        place.is_some_and(|place| place.related_document == document.id)
    };
    let all = || {
        room.own
            .documents_of(document.docflow)
            .filter(|(_, known)| of(known))
    };
    let docflow = room.own.docflows.get(document.docflow).cloned();
    let docflow = docflow.unwrap_or_default();
    let mut ids: Vec<&str> = Vec::new();
    for (_, known) in all() {
        if let Some(place) = &known.inventory
            && !ids.contains(&place.id.as_str())
        {
            ids.push(&place.id);
        }
    }
    let one = |id: &str| {
        let inside = |known: &Document| known.inventory.as_ref().is_some_and(|at| at.id == id);
        let documents: Vec<Value> = all()
            .filter(|(_, known)| inside(known))
            .map(|(index, known)| document_json(room, call, index, known))
            .collect();
        let inventory = Docflow {
            id: id.to_owned(),
            kind: "urn:docflow:fns534-inventory",
            changed: docflow.sent,
            success: "neutral",
            ..docflow.clone()
        };
        let mut body = docflow_json(room, call, document.docflow, &inventory, false);
        body["documents"] = documents.into();
        body["links"] = json!([
            call.link("self", &format!("{own}/inventories/{id}")),
            call.link("related-document", &own),
        ]);
        body
    };
    if endpoint == Endpoint::Inventory {
        let wanted = call.ids.item;
        return ids
            .iter()
            .find(|id| id.eq_ignore_ascii_case(wanted))
            .map(|id| Reply::json(&one(id)))
            .or_not_found("Опись не найдена.");
    }
    let page = call.paged(100, "docflows-page-item", &ids, |id| one(id))?;
    Ok(Reply::json(&page))
}

fn show(room: &Room, endpoint: Endpoint, call: &Call, index: usize) -> Handled {
    let known = room.own.document(index)?;
    let path = room.own.document_path(index);
    let signature = || {
        known
            .signatures
            .iter()
            .find(|one| one.id.eq_ignore_ascii_case(call.ids.item))
            .or_not_found("Подпись не найдена.")
    };
    match endpoint {
        Endpoint::DocumentDescription => Ok(Reply::json(&description(room, known))),
        Endpoint::DocumentSignatures => {
            let all = known.signatures.iter();
            let all: Vec<Value> = all.map(|one| signature_json(call, one, &path)).collect();
            Ok(Reply::json(&all))
        }
        Endpoint::DocumentSignature => Ok(Reply::json(&signature_json(call, signature()?, &path))),
        Endpoint::DocumentSignatureContent => Ok(base64_reply(&spoiled(room, call, signature()?)?)),
        _ => Ok(Reply::json(&document_json(room, call, index, known))),
    }
}

/// Who made a signature under a document, and over what, is not kept: faults that need it change nothing here.
fn spoiled(room: &Room, call: &Call, signature: &Signature) -> Handled<Vec<u8>> {
    let Some(fault) = call.signature_fault else {
        return Ok(signature.bytes.clone());
    };
    let making = Making {
        signer: None,
        content: None,
        at: call.now,
    };
    room.shared.spoil(fault, &signature.bytes, &making)
}

/// The docflow in the path.
fn find_docflow<'r>(room: &'r Room, call: &Call) -> Handled<(usize, &'r Docflow)> {
    let missing = || Refusal::not_found("Документооборот не найден.");
    let place = room.own.docflows.find(call.ids.docflow);
    let place = place.ok_or_else(missing)?;
    let known = room.own.docflow(place)?;
    let is_there = known.account == call.account && known.indexed <= call.now;
    is_there.then_some((place, known)).ok_or_else(missing)
}

/// The document in the path.
fn find(room: &Room, call: &Call) -> Handled<usize> {
    let ids = &call.ids;
    let missing = || Refusal::not_found("Документ не найден.");
    let (docflow, _) = find_docflow(room, call).map_err(|_| missing())?;
    let place = room.own.documents.find(ids.document).ok_or_else(missing)?;
    let known = room.own.document(place)?;
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let fits = match (&known.inventory, ids.related, ids.inventory) {
        (None, None, None) => true,
        (Some(at), Some(related), Some(inventory)) => {
            same(&at.related_document, related) && same(&at.id, inventory)
        }
        _ => false,
    };
    (fits && known.docflow == docflow)
        .then_some(place)
        .ok_or_else(missing)
}
