//! Decides what `/_sandbox/documents` shows: what is signed, and by whom.
//!
//! **Invariant:** looking changes nothing, and the bytes are those of the service, so `openssl cms -verify` can judge.

use super::attach;
use super::info::{DocumentState, SignatureState, Verification};
use super::message::{Document, Entity, Message, Signature};
use crate::answer::{Handled, Refusal, Reply};
use crate::diadoc::state::Room;
use crate::signer::Person;

/// All documents, in the order of their messages.
pub(crate) fn states(room: &Room) -> Vec<DocumentState> {
    room.own
        .messages
        .all
        .all()
        .flat_map(|(_, message)| {
            message
                .documents()
                .map(|(entity, document)| state(room, message, entity, document))
        })
        .collect()
}

fn state(room: &Room, message: &Message, entity: &Entity, document: &Document) -> DocumentState {
    let path = format!("/_sandbox/documents/{}/{}", message.id, entity.id);
    let failures = message.signatures(&entity.id);
    DocumentState {
        message: message.id.clone(),
        entity: entity.id.clone(),
        file_name: document.file_name.clone(),
        type_named_id: document.type_named_id.clone(),
        outgoing: message.outgoing,
        draft: message.is_draft,
        sent: document.sent_at.is_some(),
        patched: document.patched,
        failures: failures
            .filter(|(_, known)| known.verification == Verification::Invalid)
            .count(),
        content: format!("{path}/content"),
        signatures: message
            .signatures(&entity.id)
            .map(|(known, about)| signature(room, message, known, about, document, &path))
            .collect(),
    }
}

fn signature(
    room: &Room,
    message: &Message,
    entity: &Entity,
    about: &Signature,
    document: &Document,
    path: &str,
) -> SignatureState {
    let look = attach::look(room, message, &entity.id).unwrap_or_default();
    SignatureState {
        entity: entity.id.clone(),
        ours: about.ours,
        approval: about.approval,
        verifies: look.value_is_right,
        verification: about.verification,
        delivered: document.sent_at.is_some(),
        thumbprint: look.certificate.map(|known| Person::of(&known).thumbprint),
        power_of_attorney: about
            .power
            .as_ref()
            .map(|power| power.full_id.registration_number.clone()),
        labels: entity.labels.clone(),
        signature: format!("{path}/signatures/{}", entity.id),
    }
}

/// `GET /_sandbox/documents`, `…/{message}/{entity}/content` and `…/{message}/{entity}/signatures/{signature}`.
pub(crate) fn control(room: &Room, steps: &[&str]) -> Handled {
    let unknown = || Refusal::not_found("The sandbox has no such document or signature.");
    match *steps {
        [] => Ok(Reply::json(&states(room))),
        [message, entity, what] if what.eq_ignore_ascii_case("content") => room
            .own
            .messages
            .document(message, entity)
            .map(|content| Reply::bytes(content.clone()))
            .ok_or_else(unknown),
        [message, document, what, id] if what.eq_ignore_ascii_case("signatures") => room
            .own
            .messages
            .get(message)
            .and_then(|message| {
                message
                    .signatures(document)
                    .find(|(known, _)| known.id.eq_ignore_ascii_case(id))
            })
            .map(|(known, _)| Reply::bytes(known.content.clone()))
            .ok_or_else(unknown),
        _ => Err(unknown()),
    }
}
