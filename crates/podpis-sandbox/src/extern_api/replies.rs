//! Decides how replies are made, signed and sent: single ones and packages for the pension fund.
//!
//! **Invariant:** whether a signature needs a person follows from the kind of reply, the flag and the profile, and
//! from nothing else; two different replies of one docflow are not signed at the same time.

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::contents_store::Pieces;
use super::docflow_json::docflow_json;
use super::options::Profile;
use super::route::Endpoint;
use super::signing::{self, Way};
use super::state::Room;
use super::things::{Agency, Certificate, Part, Reply, all_signed, refuse_unsigned};
use super::work::Work;
use super::{outcome, seed_ids, tasks, uploads};
use crate::answer::{self, Handled, Needed as _, Refusal, bad_request, base64};

/// Whether an operation signs a reply to this document.
pub(super) fn is_reply_to(room: &Room, work: Work, document: usize) -> bool {
    match work {
        Work::Reply { reply } => {
            let known = room.own.replies.get(reply);
            known.is_some_and(|known| known.document == document)
        }
        _ => false,
    }
}

/// `POST …/generate-reply` and `…/pfr-generate-reply`.
pub(super) fn generate(room: &mut Room, call: &Call, index: usize, package: bool) -> Handled {
    let kind = call.query.required("documentType")?.to_ascii_lowercase();
    let kind = kind.strip_prefix("urn:document:").unwrap_or(&kind);
    let document = room.own.document(index)?;
    if document.package != package || !document.reply_kinds.contains(&kind) {
        return bad_request("Такой ответ для этого документа недоступен.");
    }
    if document.answered {
        return bad_request("Ответ уже отправлен.");
    }
    refuse_codes(call, kind)?;
    let der = call.certificate()?;
    let certificate = certificate(room, call, &der)?;
    let id = room.guid();
    let parts = seed_ids::reply_parts(&id, kind, package, || room.guid());
    let reply = Reply {
        id,
        document: index,
        package,
        kind: kind.to_owned(),
        certificate,
        parts,
        ..Reply::default()
    };
    let body = reply_json(room, call, &reply)?;
    room.own.add_reply(reply, false);
    Ok(answer::Reply::json(&body).status(StatusCode::CREATED))
}

/// The only kind of reply that has reasons.
const DECLINED: &str = "fns534-demand-acceptance-result-negative";

/// No source lists the codes; every one they show is of ten digits, so others are unknown here.
fn refuse_codes(call: &Call, kind: &str) -> Handled<()> {
    for code in call.query.every("declineNoticeErrorCode") {
        if kind != DECLINED {
            return bad_request(
                "Коды причин отказа задаются только для отказа в приёме требования.",
            );
        }
        if code.len() != 10 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return bad_request("Неизвестный код причины отказа.");
        }
    }
    Ok(())
}

/// The certificate a reply is made for; not every reason of the service has a certificate in this world.
fn certificate(room: &Room, call: &Call, der: &[u8]) -> Handled<usize> {
    if !crate::signer::is_certificate(der) {
        return bad_request("Это не сертификат.");
    }
    let account = room.own.accounts.get(call.account);
    let inn = account.map(|known| known.inn);
    let fits = |known: &Certificate| known.identity.der == der && Some(known.inn) == inn;
    let index = room.own.certificates.iter().position(fits);
    let index = index.or_bad_request("ИНН в сертификате отличается от ИНН отправителя.")?;
    let known = room.own.certificate(index);
    if !known.is_some_and(|known| known.identity.is_active(call.now)) {
        return bad_request("Сертификат недействителен.");
    }
    if !known.is_some_and(|known| known.qualified) {
        return bad_request("Сертификат не квалифицированный.");
    }
    Ok(index)
}

/// Methods of one reply to the document.
pub(super) fn handle(room: &mut Room, endpoint: Endpoint, call: &Call, document: usize) -> Handled {
    let package = endpoint.name().starts_with("Pfr");
    let missing = || Refusal::not_found("Ответ не найден.");
    let index = room.own.replies.find(call.ids.reply).ok_or_else(missing)?;
    let known = room.own.reply(index)?;
    if known.document != document || known.package != package {
        return Err(missing());
    }
    match endpoint {
        Endpoint::ReplyCloudSign | Endpoint::PfrReplyCloudSign => cloud_sign(room, call, index),
        Endpoint::ReplyCloudSignConfirm | Endpoint::PfrReplyCloudSignConfirm => {
            confirm(room, call, index)
        }
        Endpoint::ReplyTask | Endpoint::PfrReplyTask => tasks::poll(room, call, |room, work| {
            work == (Work::Reply { reply: index }) && !room.own.options.reply_tasks_under_document
        }),
        Endpoint::ReplySend | Endpoint::PfrReplySend => send(room, call, index),
        Endpoint::PfrReplyDocumentContent | Endpoint::ReplyContentPut => {
            put_content(room, call, index)
        }
        Endpoint::PfrReplySignaturePut | Endpoint::ReplySignaturePut => {
            put_signature(room, call, index)
        }
        _ => {
            let body = reply_json(room, call, room.own.reply(index)?)?;
            Ok(answer::Reply::json(&body))
        }
    }
}

/// `POST …/cloud-sign`.
fn cloud_sign(room: &mut Room, call: &Call, index: usize) -> Handled {
    let force = call.query.flag("forceConfirmation")?;
    let reply = room.own.reply(index)?;
    let (package, certificate) = (reply.package, reply.certificate);
    if reply.sent {
        return bad_request("Ответ уже отправлен.");
    }
    if reply.parts.iter().any(|part| part.content.is_none()) {
        return Err(
            Refusal::bad_request("Не у всех документов есть содержимое.").coded("emptyContent"),
        );
    }
    if all_signed(&reply.parts) {
        return signing::nothing_to_confirm(room, !package);
    }
    let docflow = room.own.document(reply.document)?.docflow;
    let documents = room.own.documents_of(docflow);
    let others = documents
        .flat_map(|(_, known)| known.replies.iter().copied())
        .filter(|other| *other != index)
        .filter_map(|other| room.own.replies.get(other));
    for other in others {
        signing::refuse_while_locked(room, &other.operations)?;
    }
    let Way::Sign(method) = signing::way(room, call, certificate)? else {
        return signing::nothing_to_confirm(room, !package);
    };
    if signs_at_once(room, reply, force)? {
        outcome::sign_reply(room, index, certificate, call.now)?;
        return signing::nothing_to_confirm(room, !package);
    }
    let link = || vec![call.link("document", &reply_path(room, reply))];
    let documents = (!package).then(link);
    let work = Work::Reply { reply: index };
    signing::begin(room, call, certificate, method, work, documents)
}

/// Receipts for the tax service and Rosstat, when the flag says so.
fn signs_at_once(room: &Room, reply: &Reply, force: bool) -> Handled<bool> {
    let docflow = room.own.document(reply.document)?.docflow;
    let agency = room.own.docflows.get(docflow).map(|known| known.agency);
    let receipt =
        reply.kind.ends_with("-receipt") && matches!(agency, Some(Agency::Fns | Agency::Rosstat));
    Ok(receipt
        && match room.shared.options.profile {
            Profile::Seed => force,
            Profile::Text2018 => !force,
        })
}

/// `POST …/cloud-sign-confirm`.
fn confirm(room: &mut Room, call: &Call, index: usize) -> Handled {
    let (operation, _) =
        signing::confirm(room, call, |work| work == (Work::Reply { reply: index }))?;
    let reply = room.own.reply(index)?;
    let link = call.link("signed", &reply_path(room, reply));
    let name = if reply.package {
        "links"
    } else {
        "signed-documents"
    };
    Ok(answer::Reply::json(&json!({ name: [link] })).about(&operation))
}

/// The document of a reply that a PUT is about, when it may be changed.
fn changeable<'w>(room: &'w mut Room, call: &Call, index: usize) -> Handled<&'w mut Part> {
    signing::refuse_while_locked(room, &room.own.reply(index)?.operations)?;
    let reply = room.own.replies.get_mut(index);
    let reply = reply.or_not_found("Ответ не найден.")?;
    if reply.sent {
        return bad_request("Ответ уже отправлен.");
    }
    let package = reply.package;
    reply
        .parts
        .iter_mut()
        .find(|part| !package || part.id.eq_ignore_ascii_case(call.ids.item))
        .or_not_found("Документ ответа не найден.")
}

/// `PUT …/replies/{r}/content` and `…/pfr-replies/{r}/documents/{d}/decrypted-content`. Another content takes the
/// signature away.
fn put_content(room: &mut Room, call: &Call, index: usize) -> Handled {
    let part = changeable(room, call, index)?;
    if call.body.is_empty() {
        return Err(Refusal::bad_request("Контент пуст.").coded("emptyContent"));
    }
    let content = Some(Pieces::from(call.body.clone()));
    if part.content != content {
        part.content = content;
        part.signature = None;
    }
    changed(room, call, index)
}

/// `PUT …/signature`: one that the client made by itself.
fn put_signature(room: &mut Room, call: &Call, index: usize) -> Handled {
    let id = room.guid();
    let signatures = room.shared.manner.signatures;
    let part = changeable(room, call, index)?;
    if part.content.is_none() {
        return Err(Refusal::bad_request("У документа нет содержимого.").coded("emptyContent"));
    }
    let bytes = uploads::octets(call.body)?;
    let content = (signatures, part.content.as_ref());
    part.signature = Some(uploads::accepted(id, bytes, false, content)?);
    changed(room, call, index)
}

/// A changed reply is shown, a changed package is not.
fn changed(room: &Room, call: &Call, index: usize) -> Handled {
    let reply = room.own.reply(index)?;
    if reply.package {
        return Ok(answer::Reply::empty());
    }
    Ok(answer::Reply::json(&reply_json(room, call, reply)?))
}

/// `POST …/send`: the signatures go to the document that was replied to.
fn send(room: &mut Room, call: &Call, index: usize) -> Handled {
    let body = call.json()?;
    if body.get("sender-ip").and_then(Value::as_str).is_none() {
        return bad_request("sender-ip is missing.");
    }
    signing::refuse_while_locked(room, &room.own.reply(index)?.operations)?;
    let reply = room.own.reply(index)?;
    let document = reply.document;
    if room.own.document(document)?.answered {
        return bad_request("Ответ уже отправлен.");
    }
    refuse_unsigned(&reply.parts)?;
    let signatures = reply.parts.iter().filter_map(|part| part.signature.clone());
    let signatures: Vec<_> = signatures.collect();
    if let Some(reply) = room.own.replies.get_mut(index) {
        reply.sent = true;
    }
    let docflow = room.own.document(document)?.docflow;
    if let Some(known) = room.own.documents.get_mut(document) {
        known.signatures.extend(signatures);
        known.answered = true;
    }
    if let Some(known) = room.own.docflows.get_mut(docflow) {
        known.changed = call.now;
    }
    room.counters().replies_sent += 1;
    let known = room.own.docflow(docflow)?;
    let body = docflow_json(room, call, docflow, known, true);
    Ok(answer::Reply::json(&body))
}

fn reply_path(room: &Room, reply: &Reply) -> String {
    let document = room.own.document_path(reply.document);
    let sort = if reply.package { "pfr-" } else { "" };
    format!("{document}/{sort}replies/{}", reply.id)
}

fn reply_json(room: &Room, call: &Call, reply: &Reply) -> Handled<Value> {
    let document = room.own.document(reply.document)?;
    let docflow = room.own.docflows.get(document.docflow);
    let own = reply_path(room, reply);
    let to = |rel: &str, name: &str| call.link(rel, &format!("{own}/{name}"));
    let mut links = vec![
        call.link("self", &own),
        call.link("docflow", &room.own.docflow_path(document.docflow)),
        to("send", "send"),
    ];
    let certificate = room.own.certificate(reply.certificate);
    if certificate.is_some_and(|known| known.method.is_some()) {
        links.push(to("sign", "cloud-sign"));
        links.push(to("sign-confirm", "cloud-sign-confirm"));
    }
    let signature = |at: usize| -> Handled<Value> {
        let bytes = outcome::spoiled(room, call, Some(reply.certificate), &reply.parts, at)?;
        Ok(bytes.map_or(Value::Null, |bytes| json!(base64(&bytes))))
    };
    if reply.package {
        let mut documents = Vec::new();
        for (at, part) in reply.parts.iter().enumerate() {
            documents.push(json!({
                "id": part.id,
                "reply-id": reply.id,
                "docflow-id": docflow.map(|known| &known.id),
                "document-id": document.id,
                "encrypted-content": null,
                "decrypted-content": part.content.as_ref().map(|_| {
                    to("decrypted-content", &format!("documents/{}/decrypted-content", part.id))
                }),
                "signature": signature(at)?,
                "links": links
                    .iter()
                    .cloned()
                    .chain([to("save-signature", &format!("documents/{}/signature", part.id))])
                    .collect::<Vec<_>>(),
            }));
        }
        return Ok(json!({
            "id": reply.id,
            "docflow-id": docflow.map(|known| &known.id),
            "documents": documents,
            "links": links,
        }));
    }
    links.push(to("content", "content"));
    links.push(to("save-signature", "signature"));
    let part: Option<&Part> = reply.parts.first();
    Ok(json!({
        "id": reply.id,
        "content": part.and_then(|part| part.content.as_ref()).map(|content| base64(&content.whole())),
        "print-content": null,
        "filename": part.map(|part| &part.filename),
        "signature": signature(0)?,
        "links": links,
        "docflow-id": docflow.map(|known| &known.id),
        "document-id": document.id,
    }))
}
