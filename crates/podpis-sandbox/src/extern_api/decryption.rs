//! Decides how a document is decrypted in the cloud.
//!
//! **Invariant:** a decryption starts only with the certificate that the document is encrypted for, and two
//! different documents of one docflow are not decrypted at the same time.

use serde_json::{Map, json};

use super::call::{Call, base64_reply};
use super::operations;
use super::signing::{self, Way, confirmation};
use super::state::Room;
use super::work::Work;
use crate::answer::{Handled, Needed as _, Reply, bad_request};
use crate::phone::MessageKind;

/// `POST …/decrypt-content`.
pub(super) fn start(room: &mut Room, call: &Call, index: usize) -> Handled {
    let unzip = call.query.flag("unzipIfCan")?;
    let der = call.certificate()?;
    let known = room.own.document(index)?;
    let docflow = known.docflow;
    let encryption = known.encryption.as_ref();
    let encryption = encryption.or_bad_request("Документ не зашифрован.")?;
    let certificate = encryption.certificate;
    let fits = room.own.certificate(certificate);
    let fits = fits.is_some_and(|known| known.identity.der == der);
    if !fits {
        return bad_request("Документ зашифрован не на этот сертификат.");
    }
    let others = room.own.documents_of(docflow);
    for (_, other) in others.filter(|(place, _)| *place != index) {
        signing::refuse_while_locked(room, &other.operations)?;
    }
    let Way::Sign(method) = signing::way(room, call, certificate)? else {
        return bad_request("Этот сертификат нельзя использовать для облачных операций.");
    };
    let work = Work::Decryption {
        document: index,
        unzip,
    };
    let operation = operations::begin(room, call.user, certificate, method, work, call.now)?;
    let spelling = room.own.options.spelling;
    let mut body = Map::new();
    match method {
        MessageKind::Push => {
            body.insert(
                spelling.decryption_task_field().to_owned(),
                json!(operation.handle()),
            );
        }
        MessageKind::Sms => {
            let confirm = format!(
                "{}/confirm-content-decryption",
                room.own.document_path(index)
            );
            body.insert(
                "confirm-link".to_owned(),
                call.link("decrypt-confirm", &confirm),
            );
            body.insert("request-id".to_owned(), json!(operation.handle()));
        }
    }
    body.insert(
        "confirm-type".to_owned(),
        json!(spelling.confirmation(confirmation(Some(&operation)))),
    );
    Ok(Reply::json(&body).about(&operation.id))
}

/// `POST …/decrypt-content-confirm` (the bytes) and `…/confirm-content-decryption` (their content id).
pub(super) fn confirm(room: &mut Room, call: &Call, index: usize, inline: bool) -> Handled {
    let unzip = call.query.flag("unzip")?;
    let request_id = call.query.required("requestId")?;
    let code = call.query.required("code")?;
    let fits = |work: Work| matches!(work, Work::Decryption { document, .. } if document == index);
    let (at, id) = operations::take_code(room, fits, request_id, code, call.now)?;
    if let Some(known) = room.own.operations.get_mut(at)
        && let Work::Decryption { unzip: wanted, .. } = &mut known.work.work
    {
        *wanted |= unzip;
    }
    let content_id = super::outcome::attach(room, at, call.now)?.unwrap_or_default();
    let reply = if inline {
        content(room, call, &content_id)?
    } else {
        Reply::json(&json!({ "content-id": content_id }))
    };
    Ok(reply.about(&id))
}

/// `GET …/encrypted-content`.
pub(super) fn encrypted(room: &Room, call: &Call, index: usize) -> Handled {
    let encryption = room.own.document(index)?.encryption.as_ref();
    let encryption = encryption.or_not_found("Зашифрованного контента нет.")?;
    content(room, call, &encryption.content_id)
}

/// `GET …/decrypted-content`.
pub(super) fn decrypted(room: &Room, call: &Call, index: usize) -> Handled {
    let readable = room.own.document(index)?.readable.last();
    let readable = readable.or_not_found("Расшифрованного контента нет.")?;
    content(room, call, &readable.content_id)
}

fn content(room: &Room, call: &Call, id: &str) -> Handled {
    let known = room.own.content(id, call.account)?;
    let length = known.complete().or_not_found("Контент не найден.")?;
    Ok(base64_reply(&known.read(0, length)))
}
