//! Decides how replies are made, signed and sent: single ones and packages for the pension fund.
//!
//! **Invariant:** whether a signature needs a person follows from the kind of reply, the flag and the profile, and
//! from nothing else; two different replies of one docflow are not signed at the same time.

use http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, base64};
use super::docflows::{docflow_json, docflow_path, get, path};
use super::error::{Answered, ApiError};
use super::operations::Work;
use super::options::Profile;
use super::route::Endpoint;
use super::signing::{self, Way};
use super::state::{Agency, Certificate, Document, Part, Reply, all_signed};
use super::{outcome, seed, spoil, tasks};
use crate::answer;
use crate::world::World;

/// Whether an operation signs a reply to this document.
pub(super) fn is_reply_to(world: &World, work: Work, document: usize) -> bool {
    match work {
        Work::Reply { reply } => world
            .external
            .replies
            .get(reply)
            .is_some_and(|known| known.document == document),
        _ => false,
    }
}

/// Whether replies to this document are packages.
pub(super) fn is_package(world: &World, document: &Document) -> bool {
    agency(world, document) == Some(Agency::Pfr)
}

/// The replies that can be made now: none after one was sent.
pub(super) fn possible(world: &World, document: usize) -> &'static [&'static str] {
    let sent = world
        .external
        .replies
        .iter()
        .any(|known| known.document == document && known.sent);
    match world.external.documents.get(document) {
        Some(known) if !sent => known.reply_kinds,
        _ => &[],
    }
}

fn agency(world: &World, document: &Document) -> Option<Agency> {
    world
        .external
        .docflows
        .get(document.docflow)
        .map(|known| known.agency)
}

/// `POST …/generate-reply` and `…/pfr-generate-reply`.
pub(super) fn generate(
    world: &mut World,
    call: &Call<'_>,
    index: usize,
    package: bool,
) -> Answered {
    let kind = call.query.required("documentType")?.to_ascii_lowercase();
    let kind = kind.strip_prefix("urn:document:").unwrap_or(&kind);
    let document = get(world, index)?;
    if is_package(world, document) != package || !document.reply_kinds.contains(&kind) {
        return Err(ApiError::bad_request(
            "Такой ответ для этого документа недоступен.",
        ));
    }
    if possible(world, index).is_empty() {
        return Err(ApiError::bad_request("Ответ уже отправлен."));
    }
    let der = call.certificate()?;
    let certificate = certificate(world, call, &der)?;
    let id = world.ids.guid();
    let parts = seed::reply_parts(&id, kind, package, || world.ids.guid());
    let reply = Reply {
        id,
        document: index,
        package,
        kind: kind.to_owned(),
        certificate,
        parts,
        sent: false,
    };
    let body = reply_json(world, call, &reply)?;
    world.external.replies.push(reply);
    Ok(answer::Reply::json(&body).status(StatusCode::CREATED))
}

/// The certificate a reply is made for; not every reason of the service has a certificate in this world.
fn certificate(world: &World, call: &Call<'_>, der: &[u8]) -> Result<usize, ApiError> {
    use der::Decode as _;
    if x509_cert::Certificate::from_der(der).is_err() {
        return Err(ApiError::bad_request("Это не сертификат."));
    }
    let inn = world
        .external
        .accounts
        .get(call.account)
        .map(|known| known.inn);
    let same = |known: &Certificate| known.identity.der == der;
    let index = world
        .external
        .certificates
        .iter()
        .position(same)
        .filter(|&index| {
            let known = world.external.certificate(index);
            known.map(|known| known.inn) == inn
        })
        .ok_or_else(|| ApiError::bad_request("ИНН в сертификате отличается от ИНН отправителя."))?;
    let known = world.external.certificate(index);
    if !known.is_some_and(|known| known.identity.is_active(call.now)) {
        return Err(ApiError::bad_request("Сертификат недействителен."));
    }
    if !known.is_some_and(|known| known.qualified) {
        return Err(ApiError::bad_request("Сертификат не квалифицированный."));
    }
    Ok(index)
}

/// Methods of one reply to the document.
pub(super) fn handle(
    world: &mut World,
    endpoint: Endpoint,
    call: &Call<'_>,
    document: usize,
) -> Answered {
    let package = matches!(
        endpoint,
        Endpoint::PfrReply
            | Endpoint::PfrReplyDocumentContent
            | Endpoint::PfrReplyCloudSign
            | Endpoint::PfrReplyCloudSignConfirm
            | Endpoint::PfrReplyTask
            | Endpoint::PfrReplySend
    );
    let index = world
        .external
        .replies
        .iter()
        .position(|known| {
            known.document == document
                && known.package == package
                && known.id.eq_ignore_ascii_case(call.ids.reply)
        })
        .ok_or_else(|| ApiError::not_found("Ответ не найден."))?;
    match endpoint {
        Endpoint::ReplyCloudSign | Endpoint::PfrReplyCloudSign => cloud_sign(world, call, index),
        Endpoint::ReplyCloudSignConfirm | Endpoint::PfrReplyCloudSignConfirm => {
            confirm(world, call, index)
        }
        Endpoint::ReplyTask | Endpoint::PfrReplyTask => tasks::poll(world, call, |world, work| {
            work == (Work::Reply { reply: index })
                && !world.options.external.reply_tasks_under_document
        }),
        Endpoint::ReplySend | Endpoint::PfrReplySend => send(world, call, index),
        Endpoint::PfrReplyDocumentContent => put_content(world, call, index),
        _ => {
            let body = reply_json(world, call, get_reply(world, index)?)?;
            Ok(answer::Reply::json(&body))
        }
    }
}

fn get_reply(world: &World, index: usize) -> Result<&Reply, ApiError> {
    world
        .external
        .replies
        .get(index)
        .ok_or_else(|| ApiError::not_found("Ответ не найден."))
}

/// `POST …/cloud-sign`.
fn cloud_sign(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    let force = call.query.flag("forceConfirmation")?;
    let reply = get_reply(world, index)?;
    let (package, certificate) = (reply.package, reply.certificate);
    if reply.sent {
        return Err(ApiError::bad_request("Ответ уже отправлен."));
    }
    if reply.parts.iter().any(|part| part.content.is_none()) {
        return Err(
            ApiError::bad_request("Не у всех документов есть содержимое.").named("emptyContent"),
        );
    }
    if all_signed(&reply.parts) {
        return signing::nothing_to_confirm(world, !package);
    }
    let docflow = get(world, reply.document)?.docflow;
    signing::refuse_while(world, |work| match work {
        Work::Reply { reply: other } if other != index => {
            let document = world
                .external
                .replies
                .get(other)
                .map(|known| known.document);
            document
                .and_then(|document| world.external.documents.get(document))
                .is_some_and(|known| known.docflow == docflow)
        }
        _ => false,
    })?;
    let Way::Sign(method) = signing::way(world, call, certificate)? else {
        return signing::nothing_to_confirm(world, !package);
    };
    if signs_at_once(world, reply, force)? {
        outcome::sign_reply(world, index, certificate, call.now)?;
        return signing::nothing_to_confirm(world, !package);
    }
    let documents = if package {
        None
    } else {
        Some(vec![call.link("document", &reply_path(world, reply))])
    };
    let work = Work::Reply { reply: index };
    signing::begin(world, call, certificate, method, work, documents)
}

/// Receipts for the tax service and Rosstat, when the flag says so.
fn signs_at_once(world: &World, reply: &Reply, force: bool) -> Result<bool, ApiError> {
    let agency = agency(world, get(world, reply.document)?);
    let receipt =
        reply.kind.ends_with("-receipt") && matches!(agency, Some(Agency::Fns | Agency::Rosstat));
    Ok(receipt
        && match world.options.external.profile {
            Profile::Seed => force,
            Profile::Text2018 => !force,
        })
}

/// `POST …/cloud-sign-confirm`.
fn confirm(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    let (operation, _) =
        signing::confirm(world, call, |work| work == (Work::Reply { reply: index }))?;
    let reply = get_reply(world, index)?;
    let link = call.link("signed", &reply_path(world, reply));
    let body = if reply.package {
        json!({ "links": [link] })
    } else {
        json!({ "signed-documents": [link] })
    };
    Ok(answer::Reply::json(&body).about(&operation))
}

/// `PUT …/pfr-replies/{r}/documents/{d}/decrypted-content`.
fn put_content(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    signing::refuse_while(world, |work| work == (Work::Reply { reply: index }))?;
    let reply = world
        .external
        .replies
        .get_mut(index)
        .ok_or_else(|| ApiError::not_found("Ответ не найден."))?;
    let part = reply
        .parts
        .iter_mut()
        .find(|part| part.id.eq_ignore_ascii_case(call.ids.item))
        .ok_or_else(|| ApiError::not_found("Документ ответа не найден."))?;
    if call.body.is_empty() {
        return Err(ApiError::bad_request("Контент пуст.").named("emptyContent"));
    }
    part.content = Some(call.body.clone());
    part.signature = None;
    Ok(answer::Reply::empty())
}

/// `POST …/send`: the signatures go to the document that was replied to.
fn send(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    let body: Value = serde_json::from_slice(call.body)
        .map_err(|_| ApiError::bad_request("The body is not JSON."))?;
    if body.get("sender-ip").and_then(Value::as_str).is_none() {
        return Err(ApiError::bad_request("sender-ip is missing."));
    }
    signing::refuse_while(world, |work| work == (Work::Reply { reply: index }))?;
    let reply = get_reply(world, index)?;
    let document = reply.document;
    if possible(world, document).is_empty() {
        return Err(ApiError::bad_request("Ответ уже отправлен."));
    }
    if !all_signed(&reply.parts) {
        let ids: Vec<&str> = reply
            .parts
            .iter()
            .filter(|part| part.signature.is_none())
            .map(|part| part.id.as_str())
            .collect();
        let text = format!("Нет подписи под документами: {}.", ids.join(", "));
        return Err(ApiError::bad_request(text).named("signatureNotFound"));
    }
    let signatures: Vec<_> = reply
        .parts
        .iter()
        .filter_map(|part| part.signature.clone())
        .collect();
    if let Some(reply) = world.external.replies.get_mut(index) {
        reply.sent = true;
    }
    let docflow = get(world, document)?.docflow;
    if let Some(known) = world.external.documents.get_mut(document) {
        known.signatures.extend(signatures);
    }
    let body = world
        .external
        .docflows
        .get(docflow)
        .map(|known| docflow_json(world, call, docflow, known, true));
    Ok(answer::Reply::json(&body))
}

fn reply_path(world: &World, reply: &Reply) -> String {
    let folder = if reply.package {
        "pfr-replies"
    } else {
        "replies"
    };
    format!("{}/{folder}/{}", path(world, reply.document), reply.id)
}

fn reply_json(world: &World, call: &Call<'_>, reply: &Reply) -> Result<Value, ApiError> {
    let document = get(world, reply.document)?;
    let docflow = world.external.docflows.get(document.docflow);
    let own = reply_path(world, reply);
    let to = |rel: &str, name: &str| call.link(rel, &format!("{own}/{name}"));
    let mut links = vec![
        call.link("self", &own),
        call.link("docflow", &docflow_path(world, document.docflow)),
        to("send", "send"),
    ];
    let remote = world
        .external
        .certificate(reply.certificate)
        .is_some_and(|known| known.method.is_some());
    if remote {
        links.push(to("sign", "cloud-sign"));
        links.push(to("sign-confirm", "cloud-sign-confirm"));
    }
    let signature = |at: usize| -> Result<Value, ApiError> {
        let bytes = spoil::one(world, call, reply.certificate, &reply.parts, at)?;
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
                "links": links,
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
        "content": part.and_then(|part| part.content.as_ref()).map(|bytes| base64(bytes)),
        "print-content": null,
        "filename": part.map(|part| &part.filename),
        "signature": signature(0)?,
        "links": links,
        "docflow-id": docflow.map(|known| &known.id),
        "document-id": document.id,
    }))
}
