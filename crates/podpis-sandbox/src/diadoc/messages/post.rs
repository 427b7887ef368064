//! Decides what `POST /V3/PostMessage` does.
//!
//! **Invariant:** a message that goes out at once has the sender's signature under every document (R-SIG-5); one that
//! waits (DelaySend) has none (R-SIG-8).

use bytes::Bytes;
use podpis_diadoc_proto::LockMode;
use podpis_diadoc_proto::events::{MessageToPost, SignedContent};

use super::super::boxes;
use super::message::{Document, Entity, Message, What};
use super::posts::{self, Method};
use super::rules::{self, Named};
use super::{attach, body, recipient, types, wire};
use crate::answer::{Handled, bad_request};
use crate::call::Call;
use crate::diadoc::state::Room;

const MOST_DOCUMENTS: usize = 40;

/// `POST /V3/PostMessage`.
pub(crate) fn message(room: &mut Room, user: usize, call: &Call) -> Handled {
    let request: MessageToPost = body(call)?;
    boxes::check_field(&request.from_box_id)?;
    posts::once(room, Method::PostMessage, call, |room| {
        apply(room, user, &request, call)
    })
}

/// A document as the body has it.
struct Posted<'a> {
    signed: &'a SignedContent,
    about: Document,
}

fn documents(request: &MessageToPost) -> Vec<Posted<'_>> {
    let plain = request.nonformalized_documents.iter().map(|known| Posted {
        signed: &known.signed_content,
        about: Document {
            needs_recipient_signature: known.need_recipient_signature.unwrap_or_default(),
            custom_id: known.custom_document_id.clone(),
            ..Document::plain(&known.file_name)
        },
    });
    let typed = request.document_attachments.iter().map(|known| {
        let mut metadata = known.metadata.iter();
        let name = metadata.find(|item| item.key.eq_ignore_ascii_case("FileName"));
        let text = |text: &Option<String>, default: &str| {
            let text = text.as_deref().filter(|text| !text.is_empty());
            text.unwrap_or(default).to_owned()
        };
        Posted {
            signed: &known.signed_content,
            about: Document {
                file_name: name.map_or_else(|| "document".to_owned(), |item| item.value.clone()),
                type_named_id: known.type_named_id.clone(),
                function: text(&known.function, "default"),
                version: text(&known.version, "v1"),
                can_be_prepared: types::is_formalized(&known.type_named_id),
                needs_recipient_signature: known.need_recipient_signature.unwrap_or_default(),
                custom_id: known.custom_document_id.clone(),
                ..Document::default()
            },
        }
    });
    plain.chain(typed).collect()
}

fn apply(room: &mut Room, user: usize, request: &MessageToPost, call: &Call) -> Handled<Bytes> {
    let documents = documents(request);
    if documents.is_empty() {
        return bad_request(
            "The message has no document that the sandbox knows: NonformalizedDocuments and DocumentAttachments.",
        );
    }
    if documents.len() > MOST_DOCUMENTS {
        return bad_request("A message takes at most 40 documents.");
    }
    let is_draft = request.is_draft.unwrap_or_default();
    let waits = request.delay_send.unwrap_or_default();
    let internal = request.is_internal.unwrap_or_default();
    let to = request.to_box_id.as_deref().filter(|id| !id.is_empty());
    let other_box = match to {
        Some(_) if internal => return bad_request("An internal message has no ToBoxId."),
        Some(id) => Some(recipient(id)?),
        None if internal || is_draft => None,
        None => return bad_request("ToBoxId is missing."),
    };
    let mut message = Message {
        id: room.guid(),
        is_draft,
        outgoing: true,
        internal,
        other_box,
        created: call.now,
        changed: call.now,
        draft_locked: is_draft && request.lock_draft.unwrap_or_default(),
        lock_mode: lock_mode(request),
        ..Message::default()
    };
    let mut signed = Vec::new();
    for posted in documents {
        let entity = Entity {
            id: room.guid(),
            created: call.now,
            content: rules::signed_content(room, user, posted.signed)?,
            what: What::Document(Box::new(posted.about)),
            ..Entity::default()
        };
        let named = Named::from(posted.signed).of(&entity.id);
        match (named.is_there(), waits && !is_draft) {
            (true, true) => {
                return bad_request(
                    "R-SIG-8: a document that is not sent yet (DelaySend) has no signature.",
                );
            }
            (false, false) if !is_draft => {
                return bad_request("R-SIG-5: a document that is sent at once needs a signature.");
            }
            _ => {}
        }
        message.entities.push(entity.clone());
        if named.is_there() {
            signed.push(attach::check(room, user, &message, &named, call.now)?);
        }
    }
    let id = message.id.clone();
    let place = room.own.messages.add(message);
    for one in signed {
        attach::apply(room, place, one, call.now)?;
    }
    room.own.messages.tell_new(&id);
    Ok(wire::posted(room, &id))
}

/// LockPacket is the older way to say LockMode Full.
fn lock_mode(request: &MessageToPost) -> i32 {
    match request.lock_mode {
        Some(mode) if mode != LockMode::NONE.number() => mode,
        _ if request.lock_packet.unwrap_or_default() => LockMode::FULL.number(),
        _ => LockMode::NONE.number(),
    }
}
