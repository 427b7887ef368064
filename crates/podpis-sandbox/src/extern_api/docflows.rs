//! Decides what docflows and their documents show.
//!
//! **Invariant:** what can be done with a document is told by its links, and a content is listed only when it is
//! there.

use serde_json::{Value, json};

use super::call::{Call, base64_reply};
use super::drafts::signature_json;
use super::error::{Answered, ApiError};
use super::operations::Work;
use super::route::Endpoint;
use super::state::{Compression, Docflow, Document, Signature};
use super::{decryption, replies, tasks};
use crate::answer::Reply;
use crate::faults::SignatureFault;
use crate::world::World;

/// Methods of a docflow as a whole.
pub(super) fn docflow(world: &World, endpoint: Endpoint, call: &Call<'_>) -> Answered {
    let all = || {
        world
            .external
            .docflows
            .iter()
            .enumerate()
            .filter(|(_, known)| known.account == call.account)
    };
    if endpoint == Endpoint::Docflows {
        let (skip, take) = call.page(100)?;
        let page: Vec<Value> = all()
            .skip(skip)
            .take(take.min(1000))
            .map(|(index, known)| docflow_json(world, call, index, known, false))
            .collect();
        return Ok(Reply::json(&json!({
            "skip": skip,
            "take": take,
            "total-count": all().count(),
            "docflows-page-item": page,
        })));
    }
    let (index, known) = all()
        .find(|(_, known)| known.id.eq_ignore_ascii_case(call.ids.docflow))
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
        Endpoint::DocumentTask => tasks::poll(world, call, |world, known| {
            let moved = world.options.external.reply_tasks_under_document;
            work(known) || (moved && replies::is_reply_to(world, known, index))
        }),
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
        Endpoint::DocumentSignatureContent => Ok(base64_reply(&spoiled(call, signature()?)?)),
        _ => Ok(Reply::json(&document_json(world, call, index, known))),
    }
}

/// What a signature under a document was made over is not kept, so only its value can be spoiled here.
fn spoiled(call: &Call<'_>, signature: &Signature) -> Result<Vec<u8>, ApiError> {
    Ok(match call.signature_fault {
        Some(SignatureFault::Corrupt) => crate::signer::with_broken_value(&signature.bytes)?,
        _ => signature.bytes.clone(),
    })
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
                docflow.account == call.account && same(&docflow.id, ids.docflow)
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
        "status": "urn:docflow-common-status:response-arrived",
        "description": {},
        "links": [call.link("self", &docflow_path(world, index))],
        "send-date": "2023-11-14T10:00:00.1234567",
        "last-change-date": "2023-11-14T10:00:00.1234567",
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
        "content-type": "application/xml",
        "decrypted-content-size": known.plain.len(),
        "encrypted-content-size": null,
        "compressed": false,
        "requisites": {},
        "related-docflows-count": 0,
        "support-recognition": false,
        "encrypted-certificates": [],
        "support-print": false,
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
        let method = if replies::is_package(world, known) {
            "pfr-generate-reply"
        } else {
            "generate-reply"
        };
        let mut link = call.link("reply", &format!("{path}/{method}?documentType={kind}"));
        link["name"] = json!(kind);
        links.push(link);
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
        "send-date": "2023-11-14T10:00:00",
        "signatures": known
            .signatures
            .iter()
            .map(|one| signature_json(call, one, &path))
            .collect::<Vec<_>>(),
        "links": links,
    })
}
