//! Decides what a draft shows and how it is signed.
//!
//! **Invariant:** while a task of a draft runs, everything that would change the draft is 409 and names the task;
//! all its documents are signed together or none is.

use serde_json::{Value, json};

use super::call::{Call, base64, base64_reply};
use super::error::{Answered, ApiError};
use super::operations::Work;
use super::route::Endpoint;
use super::signing::{self, Way};
use super::state::{Draft, Part, Signature, all_signed};
use super::{spoil, tasks};
use crate::answer::Reply;
use crate::world::World;

pub(super) fn handle(world: &mut World, endpoint: Endpoint, call: &Call<'_>) -> Answered {
    let index = world
        .external
        .drafts
        .iter()
        .position(|known| {
            known.account == call.account && known.id.eq_ignore_ascii_case(call.ids.draft)
        })
        .ok_or_else(|| ApiError::not_found("Черновик не найден."))?;
    let path = draft_path(world, index);
    match endpoint {
        Endpoint::Draft => Ok(Reply::json(&draft_json(world, call, index))),
        Endpoint::DraftMeta => Ok(Reply::json(&meta(world, index))),
        Endpoint::DraftCloudSign => cloud_sign(world, call, index),
        Endpoint::DraftCloudSignConfirm => confirm(world, call, index),
        Endpoint::DraftTasks => tasks::list(world, call, index, &path),
        Endpoint::DraftTask => tasks::poll(world, call, |_, work| {
            work == (Work::Draft { draft: index })
        }),
        Endpoint::DraftChange => {
            refuse_while_locked(world, index)?;
            Err(ApiError::method_not_allowed("GET".to_owned()))
        }
        _ => document(world, endpoint, call, index, &path),
    }
}

fn document(
    world: &World,
    endpoint: Endpoint,
    call: &Call<'_>,
    index: usize,
    path: &str,
) -> Answered {
    let draft = draft(world, index)?;
    let at = draft
        .parts
        .iter()
        .position(|part| part.id.eq_ignore_ascii_case(call.ids.document))
        .ok_or_else(|| ApiError::not_found("Документ не найден."))?;
    let part = &draft.parts[at];
    let path = format!("{path}/documents/{}", part.id);
    let unsigned = || ApiError::not_found("Документ не подписан.");
    let spoiled =
        || spoil::one(world, call, draft.certificate, &draft.parts, at)?.ok_or_else(unsigned);
    let named = || {
        part.signature
            .as_ref()
            .filter(|known| known.id.eq_ignore_ascii_case(call.ids.item))
            .ok_or_else(|| ApiError::not_found("Подпись не найдена."))
    };
    match endpoint {
        Endpoint::DraftDocumentContent => Ok(base64_reply(
            part.content
                .as_ref()
                .map(|bytes| &bytes[..])
                .unwrap_or_default(),
        )),
        Endpoint::DraftDocumentSignature => Ok(base64_reply(&spoiled()?)),
        Endpoint::DraftDocumentSignatures => {
            let all: Vec<Value> = part
                .signature
                .iter()
                .map(|known| signature_json(call, known, &path))
                .collect();
            Ok(Reply::json(&all))
        }
        Endpoint::DraftSignature => Ok(Reply::json(&signature_json(call, named()?, &path))),
        Endpoint::DraftSignatureContent => {
            named()?;
            Ok(base64_reply(&spoiled()?))
        }
        _ => Ok(Reply::json(&part_json(call, part, &path))),
    }
}

/// `POST …/cloud-sign`.
fn cloud_sign(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    refuse_while_locked(world, index)?;
    let draft = draft(world, index)?;
    if ["sent", "transferred-to-web", "sent-via-web"].contains(&draft.status) {
        return Err(ApiError::bad_request("Черновик уже отправлен."));
    }
    if draft.parts.is_empty() {
        return Err(ApiError::bad_request("В черновике нет документов.").named("emptyContent"));
    }
    if all_signed(&draft.parts) {
        return signing::nothing_to_confirm(world, true);
    }
    let certificate = draft.certificate;
    let Way::Sign(method) = signing::way(world, call, certificate)? else {
        return signing::nothing_to_confirm(world, true);
    };
    let path = draft_path(world, index);
    let documents = draft
        .parts
        .iter()
        .map(|part| call.link("document", &format!("{path}/documents/{}", part.id)))
        .collect();
    let work = Work::Draft { draft: index };
    signing::begin(world, call, certificate, method, work, Some(documents))
}

/// `POST …/cloud-sign-confirm`.
fn confirm(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    refuse_while_locked(world, index)?;
    let (operation, _) =
        signing::confirm(world, call, |work| work == (Work::Draft { draft: index }))?;
    let path = draft_path(world, index);
    let signed: Vec<Value> = draft(world, index)?
        .parts
        .iter()
        .map(|part| call.link("signed", &format!("{path}/documents/{}/signature", part.id)))
        .collect();
    Ok(Reply::json(&json!({ "signed-documents": signed })).about(&operation))
}

fn refuse_while_locked(world: &World, index: usize) -> Result<(), ApiError> {
    signing::refuse_while(world, |work| work == (Work::Draft { draft: index }))
}

fn draft(world: &World, index: usize) -> Result<&Draft, ApiError> {
    world
        .external
        .drafts
        .get(index)
        .ok_or_else(|| ApiError::not_found("Черновик не найден."))
}

fn draft_path(world: &World, index: usize) -> String {
    let account = |draft: &Draft| world.external.accounts.get(draft.account);
    match world.external.drafts.get(index) {
        Some(draft) => format!(
            "/v1/{}/drafts/{}",
            account(draft)
                .map(|known| known.id.as_str())
                .unwrap_or_default(),
            draft.id
        ),
        None => String::new(),
    }
}

fn meta(world: &World, index: usize) -> Value {
    let Some(draft) = world.external.drafts.get(index) else {
        return Value::Null;
    };
    let account = world.external.accounts.get(draft.account);
    let inn = account.map(|known| known.inn);
    let kpp = account.map(|known| known.kpp);
    let certificate = world
        .external
        .certificate(draft.certificate)
        .map(|known| base64(&known.identity.der));
    json!({
        "sender": {
            "inn": inn,
            "kpp": kpp,
            "name": account.map(|known| known.name),
            "certificate": { "content": certificate },
            "is-representative": false,
            "ipaddress": "8.8.8.8",
        },
        "recipient": { "ifns-code": "0087" },
        "payer": { "inn": inn, "organization": { "kpp": kpp } },
    })
}

fn draft_json(world: &World, call: &Call<'_>, index: usize) -> Value {
    let Some(draft) = world.external.drafts.get(index) else {
        return Value::Null;
    };
    let path = draft_path(world, index);
    let documents: Vec<Value> = draft
        .parts
        .iter()
        .map(|part| call.link("document", &format!("{path}/documents/{}", part.id)))
        .collect();
    json!({
        "id": draft.id,
        "docflows": [],
        "documents": documents,
        "meta": meta(world, index),
        "status": draft.status,
        "links": [call.link("self", &path)],
    })
}

fn part_json(call: &Call<'_>, part: &Part, path: &str) -> Value {
    let mut body = json!({
        "id": part.id,
        "decrypted-content-link": call.link("", &format!("{path}/decrypted-content")),
        "signatures": part
            .signature
            .iter()
            .map(|known| signature_json(call, known, path))
            .collect::<Vec<_>>(),
        "description": {
            "type": part.kind,
            "filename": part.filename,
            "content-type": "application/xml",
            "properties": {},
        },
        "contents": [{ "content-id": part.content_id, "encrypted": false }],
        "data-to-sign-content-id": part.content_id,
    });
    if part.signature.is_some() {
        body["signature-content-link"] = call.link("", &format!("{path}/signature"));
    }
    body
}

pub(super) fn signature_json(call: &Call<'_>, signature: &Signature, path: &str) -> Value {
    let path = format!("{path}/signatures/{}", signature.id);
    json!({
        "id": signature.id,
        "title": null,
        "signature-certificate-thumbprint": signature.thumbprint,
        "content-link": call.link("", &format!("{path}/content")),
        "links": [call.link("self", &path)],
        "signer-type": "organization-representative",
    })
}
