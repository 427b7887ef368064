//! Decides what a draft shows and how it is signed.
//!
//! **Invariant:** while a task of a draft runs, everything that would change the draft is 409 and names the task;
//! all its documents are signed together or none is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::api_task::Errand;
use super::call::{Call, base64_reply};
use super::contents_store::Pieces;
use super::draft_json::{draft_json, is_prepared, meta, part_json, signature_json};
use super::route::Endpoint;
use super::seed_ids::DSS_ENCRYPTION;
use super::signing::{self, Way};
use super::state::{Room, refuse_sent};
use super::things::{
    Draft, Part, Signature, all_signed, draft_name, refuse_unprintable, refuse_unsigned,
};
use super::work::Work;
use super::{api_tasks, draft_edit, error, outcome, tasks};
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::signer::encrypt_for;

pub(super) fn handle(room: &mut Room, endpoint: Endpoint, call: &Call) -> Handled {
    match endpoint {
        Endpoint::Drafts => return list(room, call),
        Endpoint::DraftCreate => return draft_edit::create(room, call, None),
        _ => {}
    }
    let Some(index) = find(room, call) else {
        return if endpoint == Endpoint::DraftPut {
            draft_edit::create(room, call, Some(call.ids.draft))
        } else {
            Err(Refusal::not_found("Черновик не найден."))
        };
    };
    match endpoint {
        Endpoint::Draft => Ok(Reply::json(&draft_json(room, call, index))),
        Endpoint::DraftMeta => Ok(Reply::json(&meta(room, index))),
        Endpoint::DraftCloudSign => cloud_sign(room, call, index),
        Endpoint::DraftCloudSignConfirm => confirm(room, call, index),
        Endpoint::DraftTasks => tasks::list(room, call, index, &room.own.draft_path(index)),
        Endpoint::DraftTask => {
            match api_tasks::poll(room, call, |known| known.draft() == Some(index)) {
                Some(reply) => Ok(reply),
                None => tasks::poll(room, call, |_, work| work == (Work::Draft { draft: index })),
            }
        }
        Endpoint::DraftCheck | Endpoint::DraftPrepare | Endpoint::DraftSend => {
            start(room, endpoint, call, index)
        }
        Endpoint::DraftChange => {
            refuse_while_locked(room, index)?;
            Err(error::wrong_method("GET"))
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
            refuse_while_locked(room, index)?;
            draft_edit::handle(room, endpoint, call, index)
        }
        _ => document(room, endpoint, call, index),
    }
}

fn find(room: &Room, call: &Call) -> Option<usize> {
    let name = draft_name(call.account, call.ids.draft);
    room.own.drafts.find(&name)
}

/// `GET /v1/{acc}/drafts`.
fn list(room: &Room, call: &Call) -> Handled {
    let mine = room.own.drafts_by_account.get(&call.account);
    let total = mine.map_or(0, BTreeSet::len);
    let mine = mine.into_iter().flatten();
    let show = |index: &usize| draft_json(room, call, *index);
    Ok(Reply::json(&call.part(100, "drafts", total, mine, show)?))
}

/// `POST …/check`, `…/prepare` and `…/send`.
fn start(room: &mut Room, endpoint: Endpoint, call: &Call, index: usize) -> Handled {
    refuse_while_locked(room, index)?;
    api_tasks::deferred(call)?;
    let force = call.query.flag("force")?;
    let draft = to_send(room, index)?;
    let errand = match endpoint {
        Endpoint::DraftCheck => Errand::Check { draft: index },
        Endpoint::DraftPrepare => Errand::Prepare { draft: index },
        _ => Errand::Send {
            draft: index,
            force,
        },
    };
    if endpoint != Endpoint::DraftCheck && !room.own.options.refusals_in_tasks {
        refuse_unsigned(&draft.parts)?;
    }
    Ok(api_tasks::start(room, call, errand))
}

fn document(room: &mut Room, endpoint: Endpoint, call: &Call, index: usize) -> Handled {
    let at = room.own.part(index, call.ids.document)?.1;
    let part = &room.own.draft(index)?.parts[at];
    let print = Errand::DraftPrint {
        draft: index,
        part: part.id.clone(),
    };
    if endpoint == Endpoint::DraftDocumentPrint {
        api_tasks::deferred(call)?;
        refuse_unprintable(&part.content_type)?;
        return Ok(api_tasks::start(room, call, print));
    }
    if endpoint == Endpoint::DraftDocumentTask {
        let task = api_tasks::poll(room, call, |known| *known == print);
        return task.or_not_found("Задача не найдена.");
    }
    let draft = room.own.draft(index)?;
    let part = &draft.parts[at];
    let path = format!("{}/documents/{}", room.own.draft_path(index), part.id);
    let spoiled = || {
        outcome::spoiled(room, call, draft.certificate, &draft.parts, at)?
            .or_not_found("Документ не подписан.")
    };
    let named = || {
        part.signatures()
            .find(|known| known.id.eq_ignore_ascii_case(call.ids.item))
            .or_not_found("Подпись не найдена.")
    };
    match endpoint {
        Endpoint::DraftDocumentContent => content_reply(part.content.as_ref()),
        Endpoint::DraftDocumentEncryptedContent => encrypted(room, draft, part),
        Endpoint::DraftDocumentSignature => Ok(base64_reply(&spoiled()?)),
        Endpoint::DraftDocumentSignatures => {
            let all = part.signatures();
            let all = all.map(|known| signature_json(call, known, &path));
            Ok(Reply::json(&all.collect::<Vec<Value>>()))
        }
        Endpoint::DraftSignature => Ok(Reply::json(&signature_json(call, named()?, &path))),
        Endpoint::DraftSignatureContent => {
            let known = named()?;
            let is_main = |main: &Signature| main.id == known.id;
            if part.signature.as_ref().is_some_and(is_main) {
                return Ok(base64_reply(&spoiled()?));
            }
            Ok(base64_reply(&known.bytes))
        }
        _ => Ok(Reply::json(&part_json(call, draft, part, &path))),
    }
}

/// The largest content that is given as a JSON string; the contents service has the others in parts.
const LARGEST_INLINE: u64 = 64 * 1024 * 1024;

fn content_reply(content: Option<&Pieces>) -> Handled {
    let content = content.or_not_found("У документа нет содержимого.")?;
    if content.len() > LARGEST_INLINE {
        return bad_request("Содержимое слишком велико, его отдаёт сервис контентов.");
    }
    Ok(base64_reply(&content.whole()))
}

/// There is one since the draft was prepared.
fn encrypted(room: &Room, draft: &Draft, part: &Part) -> Handled {
    let missing = || Refusal::not_found("Документ ещё не зашифрован.");
    let content = part.content.as_ref().filter(|_| is_prepared(draft));
    let content = content.ok_or_else(missing)?;
    if content.len() > LARGEST_INLINE {
        return content_reply(Some(content));
    }
    let recipient = room.own.certificate(DSS_ENCRYPTION);
    let recipient = recipient.ok_or_else(missing)?;
    let bytes = encrypt_for(&recipient.identity, &content.whole())?;
    Ok(base64_reply(&bytes.ok_or_else(missing)?))
}

/// `POST …/cloud-sign`.
fn cloud_sign(room: &mut Room, call: &Call, index: usize) -> Handled {
    refuse_while_locked(room, index)?;
    let draft = to_send(room, index)?;
    if all_signed(&draft.parts) {
        return signing::nothing_to_confirm(room, true);
    }
    let certificate = draft
        .certificate
        .or_bad_request("Сертификат отправителя неизвестен.")?;
    let Way::Sign(method) = signing::way(room, call, certificate)? else {
        return signing::nothing_to_confirm(room, true);
    };
    let path = room.own.draft_path(index);
    let documents = draft
        .parts
        .iter()
        .map(|part| call.link("document", &format!("{path}/documents/{}", part.id)))
        .collect();
    let work = Work::Draft { draft: index };
    signing::begin(room, call, certificate, method, work, Some(documents))
}

/// `POST …/cloud-sign-confirm`.
fn confirm(room: &mut Room, call: &Call, index: usize) -> Handled {
    refuse_while_locked(room, index)?;
    let (operation, _) =
        signing::confirm(room, call, |work| work == (Work::Draft { draft: index }))?;
    let path = room.own.draft_path(index);
    let signed: Vec<Value> = room
        .own
        .draft(index)?
        .parts
        .iter()
        .map(|part| call.link("signed", &format!("{path}/documents/{}/signature", part.id)))
        .collect();
    Ok(Reply::json(&json!({ "signed-documents": signed })).about(&operation))
}

/// A draft that has something to sign and to send.
fn to_send<'r>(room: &'r Room, index: usize) -> Handled<&'r Draft> {
    let draft = room.own.draft(index)?;
    refuse_sent(draft)?;
    if draft.parts.is_empty() {
        return Err(Refusal::bad_request("В черновике нет документов.").coded("emptyContent"));
    }
    Ok(draft)
}

fn refuse_while_locked(room: &Room, index: usize) -> Handled<()> {
    let draft = room.own.draft(index)?;
    signing::refuse_while_locked(room, &draft.operations)?;
    api_tasks::refuse_while(room, &draft.tasks, |_| true)
}
