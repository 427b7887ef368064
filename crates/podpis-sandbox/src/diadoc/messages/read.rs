//! Decides what can be read of messages: whole ones, bytes, documents, what is known about a signature.
//!
//! **Invariant:** reading changes nothing.

use bytes::Bytes;
use podpis_diadoc_proto::certificates::CertificateSubjectType;
use podpis_diadoc_proto::{SignatureInfo, Timestamp};

use super::info::Verification;
use super::message::{Entity, Message, Signature, What};
use super::options::StampedParent;
use super::{NOT_FOUND, attach, named, wire};
use crate::answer::{Handled, Refusal, Reply};
use crate::call::Call;
use crate::diadoc::state::Room;
use crate::signer;

/// `GET /V6/GetMessage`, and its version 5.
pub(crate) fn message(room: &Room, call: &Call) -> Handled {
    let message = named(room, call)?;
    let only = call.query.optional("entityId");
    let view = wire::View {
        only,
        original: call.query.switch("originalSignature")?,
        inject: call.query.flag("injectEntityContent")?,
    };
    let reply = wire::message(room, message, view);
    if only.is_some() && reply.entities.is_empty() {
        return Err(no_entity());
    }
    Ok(Reply::message(&reply))
}

/// `GET /V4/GetEntityContent`.
pub(crate) fn content(room: &Room, call: &Call) -> Handled {
    let message = named(room, call)?;
    let id = call.query.required("entityId")?;
    let bytes = bytes_of(room, message, id).filter(|bytes| !bytes.is_empty());
    let text = "The message has no such entity, or it has no content.";
    let missing = || Refusal::not_found(text).coded(NOT_FOUND);
    bytes.map(Reply::bytes).ok_or_else(missing)
}

/// The bytes of an entity as GetMessage without `originalSignature` has them.
fn bytes_of(room: &Room, message: &Message, id: &str) -> Option<Bytes> {
    let own = room.own.messages.options.stamped_parent == StampedParent::OriginalSignature;
    message.entities.iter().find_map(|known| {
        let is_it = known.id.eq_ignore_ascii_case(id);
        match &known.what {
            What::Signature(signature) if own && signature.stamped_id.eq_ignore_ascii_case(id) => {
                Some(signature.stamped.clone())
            }
            What::Signature(signature) if is_it && !own => Some(signature.stamped.clone()),
            _ if is_it => Some(known.content.clone()),
            _ => None,
        }
    })
}

/// `GET /V3/GetDocument`.
pub(crate) fn document(room: &Room, call: &Call) -> Handled {
    let message = named(room, call)?;
    let id = call.query.required("entityId")?;
    let inject = call.query.optional("injectEntityContent").is_none()
        || call.query.flag("injectEntityContent")?;
    let (entity, document) = message
        .documents()
        .find(|(known, _)| known.id.eq_ignore_ascii_case(id))
        .ok_or_else(no_entity)?;
    let about = wire::about(message, entity, document);
    let whole = wire::with_content(about, &entity.content, inject);
    Ok(Reply::message(&whole))
}

/// `GET /GetSignatureInfo`.
pub(crate) fn signature_info(room: &Room, call: &Call) -> Handled {
    let message = named(room, call)?;
    let id = call.query.required("entityId")?;
    let (entity, signature) = message
        .entities
        .iter()
        .find_map(|known| match &known.what {
            What::Signature(signature)
                if known.id.eq_ignore_ascii_case(id)
                    || signature.stamped_id.eq_ignore_ascii_case(id) =>
            {
                Some((known, &**signature))
            }
            _ => None,
        })
        .ok_or_else(|| Refusal::not_found("The message has no such signature.").coded(NOT_FOUND))?;
    Ok(Reply::message(&describe(room, message, entity, signature)))
}

fn describe(
    room: &Room,
    message: &Message,
    entity: &Entity,
    signature: &Signature,
) -> SignatureInfo {
    let look = attach::look(room, message, &entity.id).unwrap_or_default();
    let verified = signature.verification != Verification::Pending;
    let person = look.certificate.as_ref().map(signer::Person::of);
    let person = person.unwrap_or_default();
    let signed = signer::signing_time_of(&entity.content);
    let mut result = wire::verification(&look, signature.verify_at);
    // What was found then counts, not what could be found now.
    result.is_valid = signature.verification == Verification::Valid;
    SignatureInfo {
        signing_time: Timestamp {
            ticks: signed.unwrap_or(entity.created).ticks(),
        },
        signature_verification_time: verified.then(|| Timestamp {
            ticks: signature.verify_at.ticks(),
        }),
        signature_verification_result: verified.then_some(result),
        thumbprint: person.thumbprint,
        serial_number: person.serial_number,
        issuer: Some(person.issuer),
        start_date: Some(person.not_before),
        end_date: Some(person.not_after),
        org_name: person.organization,
        first_name: person.first_name,
        surname: person.surname,
        snils: person.snils,
        certificate_subject_type: Some(CertificateSubjectType::LEGAL_ENTITY.number()),
        ..SignatureInfo::default()
    }
}

fn no_entity() -> Refusal {
    Refusal::not_found("The message has no such entity.").coded(NOT_FOUND)
}
