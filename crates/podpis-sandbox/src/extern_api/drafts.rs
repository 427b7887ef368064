//! Decides what a draft shows and how it is signed.
//!
//! **Invariant:** while a task of a draft runs, everything that would change the draft is 409 and names the task;
//! all its documents are signed together or none is.

use serde_json::{Value, json};

use super::api_tasks::{self, Errand};
use super::call::{Call, base64_reply};
use super::contents_store::Pieces;
use super::docflows::docflow_path;
use super::error::{Answered, ApiError};
use super::operations::Work;
use super::route::Endpoint;
use super::seed::DSS_ENCRYPTION;
use super::sending::draft_path;
use super::signing::{self, Way};
use super::state::{Draft, Part, Signature, all_signed};
use super::{draft_edit, spoil, tasks};
use crate::answer::Reply;
use crate::signer::encrypt_for;
use crate::world::World;

pub(super) fn handle(world: &mut World, endpoint: Endpoint, call: &Call<'_>) -> Answered {
    match endpoint {
        Endpoint::Drafts => return list(world, call),
        Endpoint::DraftCreate => return draft_edit::create(world, call),
        _ => {}
    }
    let Some(index) = find(world, call) else {
        return if endpoint == Endpoint::DraftPut {
            draft_edit::create_as(world, call)
        } else {
            Err(ApiError::not_found("Черновик не найден."))
        };
    };
    match endpoint {
        Endpoint::Draft => Ok(Reply::json(&draft_json(world, call, index))),
        Endpoint::DraftMeta => Ok(Reply::json(&meta(world, index))),
        Endpoint::DraftCloudSign => cloud_sign(world, call, index),
        Endpoint::DraftCloudSignConfirm => confirm(world, call, index),
        Endpoint::DraftTasks => {
            let path = draft_path(world, index);
            tasks::list(world, call, index, &path)
        }
        Endpoint::DraftTask => {
            match api_tasks::poll(world, call, |known| known.draft() == Some(index)) {
                Some(reply) => Ok(reply),
                None => tasks::poll(world, call, |_, work| {
                    work == (Work::Draft { draft: index })
                }),
            }
        }
        Endpoint::DraftCheck | Endpoint::DraftPrepare | Endpoint::DraftSend => {
            start(world, endpoint, call, index)
        }
        Endpoint::DraftChange => {
            refuse_while_locked(world, index)?;
            Err(ApiError::method_not_allowed("GET".to_owned()))
        }
        Endpoint::DraftPut
        | Endpoint::DraftDelete
        | Endpoint::DraftMetaPut
        | Endpoint::DraftDocumentAdd
        | Endpoint::DraftDocumentPut
        | Endpoint::DraftDocumentDelete
        | Endpoint::DraftDocumentContentPut
        | Endpoint::DraftDocumentSignaturePut
        | Endpoint::DraftSignatureAdd
        | Endpoint::DraftSignaturePut
        | Endpoint::DraftSignatureDelete => {
            refuse_while_locked(world, index)?;
            draft_edit::handle(world, endpoint, call, index)
        }
        _ => document(world, endpoint, call, index),
    }
}

fn find(world: &World, call: &Call<'_>) -> Option<usize> {
    world.external.drafts.iter().position(|known| {
        known.account == call.account
            && !known.deleted
            && known.id.eq_ignore_ascii_case(call.ids.draft)
    })
}

/// `GET /v1/{acc}/drafts`.
fn list(world: &World, call: &Call<'_>) -> Answered {
    let (skip, take) = call.page(100)?;
    let mine: Vec<usize> = world
        .external
        .drafts
        .iter()
        .enumerate()
        .filter(|(_, known)| known.account == call.account && !known.deleted)
        .map(|(index, _)| index)
        .collect();
    let page: Vec<Value> = mine
        .iter()
        .skip(skip)
        .take(take)
        .map(|&index| draft_json(world, call, index))
        .collect();
    Ok(Reply::json(&json!({
        "skip": skip,
        "take": take,
        "total-count": mine.len(),
        "drafts": page,
    })))
}

/// `POST …/check`, `…/prepare` and `…/send`.
fn start(world: &mut World, endpoint: Endpoint, call: &Call<'_>, index: usize) -> Answered {
    refuse_while_locked(world, index)?;
    api_tasks::deferred(call)?;
    let force = call.query.flag("force")?;
    let draft = draft(world, index)?;
    refuse_sent(draft)?;
    if draft.parts.is_empty() {
        return Err(ApiError::bad_request("В черновике нет документов.").named("emptyContent"));
    }
    let errand = match endpoint {
        Endpoint::DraftCheck => Errand::Check { draft: index },
        Endpoint::DraftPrepare => Errand::Prepare { draft: index },
        _ => Errand::Send {
            draft: index,
            force,
        },
    };
    if endpoint != Endpoint::DraftCheck
        && !world.options.extern_options.refusals_in_tasks
        && let Some(message) = api_tasks::unsigned(draft)
    {
        return Err(ApiError::bad_request(message).named("signatureNotFound"));
    }
    Ok(api_tasks::start(world, call, errand))
}

pub(super) fn refuse_sent(draft: &Draft) -> Result<(), ApiError> {
    if ["sent", "transferred-to-web", "sent-via-web"].contains(&draft.status) {
        return Err(ApiError::bad_request("Черновик уже отправлен."));
    }
    Ok(())
}

fn document(world: &mut World, endpoint: Endpoint, call: &Call<'_>, index: usize) -> Answered {
    let at = part_at(world, call, index)?;
    let part_id = draft(world, index)?.parts[at].id.clone();
    match endpoint {
        Endpoint::DraftDocumentPrint => {
            api_tasks::deferred(call)?;
            let errand = Errand::DraftPrint {
                draft: index,
                part: part_id,
            };
            return Ok(api_tasks::start(world, call, errand));
        }
        Endpoint::DraftDocumentTask => {
            let wanted = Errand::DraftPrint {
                draft: index,
                part: part_id,
            };
            return api_tasks::poll(world, call, |known| *known == wanted)
                .ok_or_else(|| ApiError::not_found("Задача не найдена."));
        }
        _ => {}
    }
    let draft = draft(world, index)?;
    let part = &draft.parts[at];
    let path = format!("{}/documents/{}", draft_path(world, index), part.id);
    let unsigned = || ApiError::not_found("Документ не подписан.");
    let spoiled =
        || spoil::one(world, call, draft.certificate, &draft.parts, at)?.ok_or_else(unsigned);
    let named = || {
        part.signatures()
            .find(|known| known.id.eq_ignore_ascii_case(call.ids.item))
            .ok_or_else(|| ApiError::not_found("Подпись не найдена."))
    };
    match endpoint {
        Endpoint::DraftDocumentContent => content_reply(part.content.as_ref()),
        Endpoint::DraftDocumentEncryptedContent => encrypted(world, draft, part),
        Endpoint::DraftDocumentSignature => Ok(base64_reply(&spoiled()?)),
        Endpoint::DraftDocumentSignatures => {
            let all: Vec<Value> = part
                .signatures()
                .map(|known| signature_json(call, known, &path))
                .collect();
            Ok(Reply::json(&all))
        }
        Endpoint::DraftSignature => Ok(Reply::json(&signature_json(call, named()?, &path))),
        Endpoint::DraftSignatureContent => {
            let known = named()?;
            let main = part.signature.as_ref().map(|main| &main.id);
            if main == Some(&known.id) {
                Ok(base64_reply(&spoiled()?))
            } else {
                Ok(base64_reply(&known.bytes))
            }
        }
        _ => Ok(Reply::json(&part_json(call, draft, part, &path))),
    }
}

/// The place of the document in the path.
pub(super) fn part_at(world: &World, call: &Call<'_>, index: usize) -> Result<usize, ApiError> {
    draft(world, index)?
        .parts
        .iter()
        .position(|part| part.id.eq_ignore_ascii_case(call.ids.document))
        .ok_or_else(|| ApiError::not_found("Документ не найден."))
}

/// The largest content that is given as a JSON string; the contents service has the others in parts.
const LARGEST_INLINE: u64 = 64 * 1024 * 1024;

fn content_reply(content: Option<&Pieces>) -> Answered {
    let content = content.ok_or_else(|| ApiError::not_found("У документа нет содержимого."))?;
    if content.len() > LARGEST_INLINE {
        return Err(ApiError::bad_request(
            "Содержимое слишком велико, его отдаёт сервис контентов.",
        ));
    }
    Ok(base64_reply(&content.whole()))
}

fn is_prepared(draft: &Draft) -> bool {
    ["ready-to-send", "send-in-progress", "sent"].contains(&draft.status)
}

/// There is one since the draft was prepared.
fn encrypted(world: &World, draft: &Draft, part: &Part) -> Answered {
    let missing = || ApiError::not_found("Документ ещё не зашифрован.");
    let content = part.content.as_ref().filter(|_| is_prepared(draft));
    let content = content.ok_or_else(missing)?;
    if content.len() > LARGEST_INLINE {
        return content_reply(Some(content));
    }
    let recipient = world.external.certificate(DSS_ENCRYPTION);
    let recipient = recipient.ok_or_else(missing)?;
    let bytes = encrypt_for(&recipient.identity, &content.whole())?;
    Ok(base64_reply(&bytes.ok_or_else(missing)?))
}

/// `POST …/cloud-sign`.
fn cloud_sign(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    refuse_while_locked(world, index)?;
    let draft = draft(world, index)?;
    refuse_sent(draft)?;
    if draft.parts.is_empty() {
        return Err(ApiError::bad_request("В черновике нет документов.").named("emptyContent"));
    }
    if all_signed(&draft.parts) {
        return signing::nothing_to_confirm(world, true);
    }
    let certificate = draft
        .certificate
        .ok_or_else(|| ApiError::bad_request("Сертификат отправителя неизвестен."))?;
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
    signing::refuse_while(world, |work| work == (Work::Draft { draft: index }))?;
    world
        .external
        .api_tasks
        .refuse_while(|known| known.draft() == Some(index))
}

fn draft(world: &World, index: usize) -> Result<&Draft, ApiError> {
    world
        .external
        .drafts
        .get(index)
        .ok_or_else(|| ApiError::not_found("Черновик не найден."))
}

pub(super) fn meta(world: &World, index: usize) -> Value {
    let draft = world.external.drafts.get(index);
    draft.map(|known| known.meta.clone()).unwrap_or_default()
}

pub(super) fn draft_json(world: &World, call: &Call<'_>, index: usize) -> Value {
    let Some(draft) = world.external.drafts.get(index) else {
        return Value::Null;
    };
    let path = draft_path(world, index);
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
        && let Some(known) = world.external.docflows.get(docflow)
    {
        body["docflow-id"] = json!(known.id);
        body["docflows"] = json!([call.link("docflow", &docflow_path(world, docflow))]);
    }
    body
}

pub(super) fn part_json(call: &Call<'_>, draft: &Draft, part: &Part, path: &str) -> Value {
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

pub(super) fn signature_json(call: &Call<'_>, signature: &Signature, path: &str) -> Value {
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
