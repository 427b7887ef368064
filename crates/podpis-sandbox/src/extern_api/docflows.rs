//! Decides what docflows and their documents show.
//!
//! **Invariant:** what can be done with a document is told by its links, and a content is listed only when it is
//! there.

use serde_json::{Value, json};

use super::api_tasks::{self, Errand};
use super::call::{Call, base64_reply};
use super::descriptions;
use super::drafts::signature_json;
use super::error::{Answered, ApiError};
use super::operations::Work;
use super::route::Endpoint;
use super::state::{Compression, Docflow, Document, Readable, Signature};
use super::{decryption, outlines, replies, tasks};
use crate::answer::Reply;
use crate::signer::{Making, spoil};
use crate::world::World;

/// Methods of a docflow as a whole.
pub(super) fn docflow(world: &World, endpoint: Endpoint, call: &Call<'_>) -> Answered {
    let (index, known) = world
        .external
        .docflows
        .iter()
        .enumerate()
        .find(|(_, known)| {
            known.account == call.account
                && known.indexed <= call.now
                && known.id.eq_ignore_ascii_case(call.ids.docflow)
        })
        .ok_or_else(|| ApiError::not_found("Документооборот не найден."))?;
    if endpoint == Endpoint::DocflowDocuments {
        return Ok(Reply::json(&documents(world, call, index)));
    }
    Ok(Reply::json(&docflow_json(world, call, index, known, true)))
}

/// Methods of one document, in a docflow or in an inventory.
pub(super) fn document(world: &mut World, endpoint: Endpoint, call: &Call<'_>) -> Answered {
    let index = find(world, call)?;
    let work =
        |known: Work| matches!(known, Work::Decryption { document, .. } if document == index);
    match endpoint {
        Endpoint::DecryptContent => decryption::start(world, call, index),
        Endpoint::DecryptContentConfirm => decryption::confirm(world, call, index, true),
        Endpoint::ConfirmContentDecryption => decryption::confirm(world, call, index, false),
        Endpoint::DocumentEncryptedContent => decryption::encrypted(world, call, index),
        Endpoint::DocumentDecryptedContent => decryption::decrypted(world, call, index),
        Endpoint::DocumentDecryptedContentPut => put_decrypted(world, call, index),
        Endpoint::DocumentPrint => print(world, call, index),
        Endpoint::DocumentTask => {
            let prints = |known: &Errand| is_print_of(known, index);
            if let Some(reply) = api_tasks::poll(world, call, prints) {
                return Ok(reply);
            }
            tasks::poll(world, call, |world, known| {
                let moved = world.options.extern_options.reply_tasks_under_document;
                work(known) || (moved && replies::is_reply_to(world, known, index))
            })
        }
        Endpoint::DocumentRelated => outlines::related(call),
        Endpoint::DocumentInventories | Endpoint::Inventory => {
            inventories(world, endpoint, call, index)
        }
        Endpoint::GenerateReply => replies::generate(world, call, index, false),
        Endpoint::PfrGenerateReply => replies::generate(world, call, index, true),
        Endpoint::Document
        | Endpoint::DocumentDescription
        | Endpoint::DocumentSignatures
        | Endpoint::DocumentSignature
        | Endpoint::DocumentSignatureContent => show(world, endpoint, call, index),
        _ => replies::handle(world, endpoint, call, index),
    }
}

fn is_print_of(errand: &Errand, index: usize) -> bool {
    matches!(errand, Errand::DocflowPrint { document, .. } if *document == index)
}

/// A complete content that the body names.
fn named_content(world: &World, call: &Call<'_>) -> Result<String, ApiError> {
    let body = call.json()?;
    let id = body["content-id"]
        .as_str()
        .ok_or_else(|| ApiError::bad_request("content-id is missing."))?;
    let content = world.external.contents.get(id, call.account);
    content
        .and_then(|known| known.complete())
        .map(|_| id.to_ascii_lowercase())
        .ok_or_else(|| ApiError::bad_request("Контент не найден или ещё не загружен."))
}

/// `PUT …/decrypted-content`: a content that the client decrypted by itself.
fn put_decrypted(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    let content_id = named_content(world, call)?;
    let path = path(world, index);
    let readable = Readable {
        content_id: content_id.clone(),
        compression: Compression::None,
    };
    world.external.contents.keep_forever(&content_id);
    if let Some(known) = world.external.documents.get_mut(index)
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
fn print(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    api_tasks::deferred(call)?;
    let prints = |known: &Errand| is_print_of(known, index);
    world.external.api_tasks.refuse_while(prints)?;
    let content_id = named_content(world, call)?;
    let errand = Errand::DocflowPrint {
        document: index,
        content_id,
    };
    Ok(api_tasks::start(world, call, errand))
}

/// The inventories of a document. No source shows these answers; they are written like a page of docflows.
fn inventories(world: &World, endpoint: Endpoint, call: &Call<'_>, index: usize) -> Answered {
    let document = get(world, index)?;
    let own = path(world, index);
    let of = |known: &Document| {
        known.docflow == document.docflow
            && known
                .inventory
                .as_ref()
                .is_some_and(|place| place.related_document == document.id)
    };
    let docflow = world.external.docflows.get(document.docflow);
    let sent = docflow.map(|known| known.sent.precise_date_time());
    let organization = docflow
        .and_then(|known| world.external.accounts.get(known.account))
        .map(|known| &known.id);
    let mut ids: Vec<&str> = Vec::new();
    for known in world.external.documents.iter().filter(|known| of(known)) {
        if let Some(place) = &known.inventory
            && !ids.contains(&place.id.as_str())
        {
            ids.push(&place.id);
        }
    }
    let one = |id: &str| {
        let inside = |known: &Document| {
            of(known) && known.inventory.as_ref().is_some_and(|place| place.id == id)
        };
        let documents: Vec<Value> = world
            .external
            .documents
            .iter()
            .enumerate()
            .filter(|(_, known)| inside(known))
            .map(|(index, known)| document_json(world, call, index, known))
            .collect();
        json!({
            "id": id,
            "organization-id": organization,
            "type": "urn:docflow:fns534-inventory",
            "status": format!("urn:docflow-common-status:{}", status(world, document.docflow)),
            "success-state": "urn:docflow-state:neutral",
            "send-date": sent,
            "last-change-date": sent,
            "documents": documents,
            "links": [
                call.link("self", &format!("{own}/inventories/{id}")),
                call.link("related-document", &own),
            ],
        })
    };
    if endpoint == Endpoint::Inventory {
        let wanted = call.ids.item;
        return ids
            .iter()
            .find(|id| id.eq_ignore_ascii_case(wanted))
            .map(|id| Reply::json(&one(id)))
            .ok_or_else(|| ApiError::not_found("Опись не найдена."));
    }
    let (skip, take) = call.page(100)?;
    let page: Vec<Value> = ids.iter().skip(skip).take(take).map(|id| one(id)).collect();
    Ok(Reply::json(&json!({
        "skip": skip,
        "take": take,
        "total-count": ids.len(),
        "docflows-page-item": page,
    })))
}

fn show(world: &World, endpoint: Endpoint, call: &Call<'_>, index: usize) -> Answered {
    let known = get(world, index)?;
    let path = path(world, index);
    let signature = || {
        known
            .signatures
            .iter()
            .find(|one| one.id.eq_ignore_ascii_case(call.ids.item))
            .ok_or_else(|| ApiError::not_found("Подпись не найдена."))
    };
    match endpoint {
        Endpoint::DocumentDescription => Ok(Reply::json(&description(world, known))),
        Endpoint::DocumentSignatures => {
            let all: Vec<Value> = known
                .signatures
                .iter()
                .map(|one| signature_json(call, one, &path))
                .collect();
            Ok(Reply::json(&all))
        }
        Endpoint::DocumentSignature => Ok(Reply::json(&signature_json(call, signature()?, &path))),
        Endpoint::DocumentSignatureContent => {
            Ok(base64_reply(&spoiled(world, call, signature()?)?))
        }
        _ => Ok(Reply::json(&document_json(world, call, index, known))),
    }
}

/// Who made a signature under a document, and over what, is not kept: faults that need it change nothing here.
fn spoiled(world: &World, call: &Call<'_>, signature: &Signature) -> Result<Vec<u8>, ApiError> {
    let Some(fault) = call.signature_fault else {
        return Ok(signature.bytes.clone());
    };
    let making = Making {
        signer: None,
        content: None,
        at: call.now,
    };
    Ok(spoil(world, fault, &signature.bytes, &making)?)
}

/// The document in the path.
fn find(world: &World, call: &Call<'_>) -> Result<usize, ApiError> {
    let ids = &call.ids;
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let fits = |known: &Document| {
        let place = match (&known.inventory, ids.related, ids.inventory) {
            (None, None, None) => true,
            (Some(place), Some(related), Some(inventory)) => {
                same(&place.related_document, related) && same(&place.id, inventory)
            }
            _ => false,
        };
        place && same(&known.id, ids.document)
    };
    let in_docflow = |known: &Document| {
        world
            .external
            .docflows
            .get(known.docflow)
            .is_some_and(|docflow| {
                docflow.account == call.account
                    && docflow.indexed <= call.now
                    && same(&docflow.id, ids.docflow)
            })
    };
    world
        .external
        .documents
        .iter()
        .position(|known| fits(known) && in_docflow(known))
        .ok_or_else(|| ApiError::not_found("Документ не найден."))
}

pub(super) fn get(world: &World, index: usize) -> Result<&Document, ApiError> {
    world
        .external
        .documents
        .get(index)
        .ok_or_else(|| ApiError::not_found("Документ не найден."))
}

/// The path of a document, from `/v1`.
pub(super) fn path(world: &World, index: usize) -> String {
    let Some(document) = world.external.documents.get(index) else {
        return String::new();
    };
    let docflow = docflow_path(world, document.docflow);
    match &document.inventory {
        None => format!("{docflow}/documents/{}", document.id),
        Some(place) => format!(
            "{docflow}/documents/{}/inventories/{}/documents/{}",
            place.related_document, place.id, document.id
        ),
    }
}

pub(super) fn docflow_path(world: &World, index: usize) -> String {
    let Some(docflow) = world.external.docflows.get(index) else {
        return String::new();
    };
    let account = world.external.accounts.get(docflow.account);
    format!(
        "/v1/{}/docflows/{}",
        account.map(|known| known.id.as_str()).unwrap_or_default(),
        docflow.id
    )
}

/// How far a docflow has come: finished when the authority has sent everything and every reply was sent.
fn status(world: &World, index: usize) -> &'static str {
    let Some(docflow) = world.external.docflows.get(index) else {
        return "sent";
    };
    let documents = || {
        let all = world.external.documents.iter().enumerate();
        all.filter(|(_, known)| known.docflow == index)
    };
    let asks = documents().any(|(_, known)| !known.reply_kinds.is_empty());
    let waits = documents().any(|(index, _)| !replies::possible(world, index).is_empty());
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

pub(super) fn is_finished(world: &World, index: usize) -> bool {
    status(world, index) == "finished"
}

pub(super) fn docflow_json(
    world: &World,
    call: &Call<'_>,
    index: usize,
    docflow: &Docflow,
    whole: bool,
) -> Value {
    let mut body = json!({
        "id": docflow.id,
        "organization-id": world.external.accounts.get(docflow.account).map(|known| &known.id),
        "type": docflow.kind,
        "status": format!("urn:docflow-common-status:{}", status(world, index)),
        "success-state": docflow.success,
        "description": descriptions::of(docflow),
        "links": [call.link("self", &docflow_path(world, index))],
        "send-date": docflow.sent.precise_date_time(),
        "last-change-date": docflow.changed.precise_date_time(),
    });
    if whole {
        body["documents"] = documents(world, call, index);
    }
    body
}

/// Documents of an inventory are reached through their inventory only.
fn documents(world: &World, call: &Call<'_>, docflow: usize) -> Value {
    world
        .external
        .documents
        .iter()
        .enumerate()
        .filter(|(_, known)| known.docflow == docflow && known.inventory.is_none())
        .map(|(index, known)| document_json(world, call, index, known))
        .collect()
}

fn description(world: &World, known: &Document) -> Value {
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
        "support-print": if known.content_type == "application/pdf" { "no" } else { "yes" },
    });
    if let Some(encryption) = &known.encryption {
        let serial = world
            .external
            .certificate(encryption.certificate)
            .map(|certificate| certificate.serial_number());
        body["encrypted-content-size"] = json!(encryption.size);
        body["compressed"] = json!(encryption.compression != Compression::None);
        body["encrypted-certificates"] = json!([{ "serial-number": serial }]);
    }
    body
}

fn document_json(world: &World, call: &Call<'_>, index: usize, known: &Document) -> Value {
    let path = path(world, index);
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
        call.link("docflow", &docflow_path(world, known.docflow)),
    ];
    if let Some(encryption) = &known.encryption {
        contents.push(listed(&encryption.content_id, true, encryption.compression));
        links.push(call.link("decrypt-content", &format!("{path}/decrypt-content")));
    }
    for readable in &known.readable {
        contents.push(listed(&readable.content_id, false, readable.compression));
    }
    for kind in replies::possible(world, index) {
        let method = if known.package {
            "pfr-generate-reply"
        } else {
            "generate-reply"
        };
        let mut link = call.link("reply", &format!("{path}/{method}?documentType={kind}"));
        link["name"] = json!(kind);
        links.push(link);
    }
    let has_inventories = |other: &Document| {
        let place = other.inventory.as_ref();
        other.docflow == known.docflow
            && place.is_some_and(|place| place.related_document == known.id)
    };
    if world.external.documents.iter().any(has_inventories) {
        links.push(call.link("inventories", &format!("{path}/inventories")));
    }
    let present = |there: bool, name: &str| there.then(|| call.link("", &format!("{path}/{name}")));
    json!({
        "id": known.id,
        "description": description(world, known),
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
