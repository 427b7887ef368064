//! Decides how a document is decrypted in the cloud.
//!
//! **Invariant:** a decryption starts only with the certificate that the document is encrypted for, and two
//! different documents of one docflow are not decrypted at the same time.

use serde_json::{Map, json};

use super::call::{Call, base64_reply};
use super::course;
use super::docflows::{get, path};
use super::error::{Answered, ApiError};
use super::operations::{Method, Work};
use super::signing::{self, Way, confirmation};
use crate::answer::Reply;
use crate::world::World;

/// `POST …/decrypt-content`.
pub(super) fn start(world: &mut World, call: &Call<'_>, index: usize) -> Answered {
    let unzip = call.query.flag("unzipIfCan")?;
    let der = call.certificate()?;
    let known = get(world, index)?;
    let docflow = known.docflow;
    let encryption = known
        .encryption
        .as_ref()
        .ok_or_else(|| ApiError::bad_request("Документ не зашифрован."))?;
    let certificate = encryption.certificate;
    let fits = world
        .external
        .certificate(certificate)
        .is_some_and(|known| known.identity.der == der);
    if !fits {
        return Err(ApiError::bad_request(
            "Документ зашифрован не на этот сертификат.",
        ));
    }
    signing::refuse_while(world, |work| match work {
        Work::Decryption { document, .. } => {
            document != index
                && world
                    .external
                    .documents
                    .get(document)
                    .is_some_and(|other| other.docflow == docflow)
        }
        _ => false,
    })?;
    let Way::Sign(method) = signing::way(world, call, certificate)? else {
        return Err(ApiError::bad_request(
            "Этот сертификат нельзя использовать для облачных операций.",
        ));
    };
    let work = Work::Decryption {
        document: index,
        unzip,
    };
    let operation = course::begin(world, call.user, certificate, method, work, call.now);
    let spelling = world.options.extern_options.spelling;
    let mut body = Map::new();
    match method {
        Method::Dss => {
            body.insert(
                spelling.decryption_task_field().to_owned(),
                json!(operation.handle),
            );
        }
        Method::Sms => {
            let confirm = format!("{}/confirm-content-decryption", path(world, index));
            body.insert(
                "confirm-link".to_owned(),
                call.link("decrypt-confirm", &confirm),
            );
            body.insert("request-id".to_owned(), json!(operation.handle));
        }
    }
    body.insert(
        "confirm-type".to_owned(),
        json!(spelling.confirmation(confirmation(Some(&operation)))),
    );
    Ok(Reply::json(&body).about(&operation.id))
}

/// `POST …/decrypt-content-confirm` (the bytes) and `…/confirm-content-decryption` (their content id).
pub(super) fn confirm(world: &mut World, call: &Call<'_>, index: usize, inline: bool) -> Answered {
    let unzip = call.query.flag("unzip")?;
    let request_id = call.query.required("requestId")?;
    let code = call.query.required("code")?;
    let fits = |work: Work| matches!(work, Work::Decryption { document, .. } if document == index);
    let (at, operation) = course::take_code(world, fits, request_id, code, call.now)?;
    if let Some(known) = world.external.operations.get_mut(at)
        && let Work::Decryption { unzip: wanted, .. } = &mut known.work
    {
        *wanted |= unzip;
    }
    let content_id = super::outcome::attach(world, at, call.now)?.unwrap_or_default();
    let reply = if inline {
        content(world, call, &content_id)?
    } else {
        Reply::json(&json!({ "content-id": content_id }))
    };
    Ok(reply.about(&operation.id))
}

/// `GET …/encrypted-content`.
pub(super) fn encrypted(world: &World, call: &Call<'_>, index: usize) -> Answered {
    let encryption = get(world, index)?
        .encryption
        .as_ref()
        .ok_or_else(|| ApiError::not_found("Зашифрованного контента нет."))?;
    content(world, call, &encryption.content_id)
}

/// `GET …/decrypted-content`.
pub(super) fn decrypted(world: &World, call: &Call<'_>, index: usize) -> Answered {
    let readable = get(world, index)?
        .readable
        .last()
        .ok_or_else(|| ApiError::not_found("Расшифрованного контента нет."))?;
    content(world, call, &readable.content_id)
}

fn content(world: &World, call: &Call<'_>, id: &str) -> Answered {
    let missing = || ApiError::not_found("Контент не найден.");
    let known = world
        .external
        .contents
        .get(id, call.account)
        .ok_or_else(missing)?;
    let length = known.complete().ok_or_else(missing)?;
    Ok(base64_reply(&known.read(0, length)))
}
