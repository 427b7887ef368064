//! Decides what `POST /SendDraft` does.
//!
//! **Invariant:** a draft is sent once and whole, with the sender's signature under every document; what is sent is a
//! new message, and the draft stays as a recycled one.

use bytes::Bytes;
use podpis_diadoc_proto::events::DraftToSend;

use super::super::boxes;
use super::message::{Message, What};
use super::posts::{self, Method};
use super::rules::Named;
use super::{attach, body, recipient, wire};
use crate::answer::{Handled, Needed as _, bad_request};
use crate::call::Call;
use crate::diadoc::state::Room;

/// `POST /SendDraft`.
pub(crate) fn send(room: &mut Room, user: usize, call: &Call) -> Handled {
    let request: DraftToSend = body(call)?;
    boxes::check_field(&request.box_id)?;
    posts::once(room, Method::SendDraft, call, |room| {
        apply(room, user, &request, call)
    })
}

fn apply(room: &mut Room, user: usize, request: &DraftToSend, call: &Call) -> Handled<Bytes> {
    let draft = room
        .own
        .messages
        .get(&request.draft_id)
        .filter(|known| known.is_draft)
        .or_not_found("The box has no such draft.")?;
    if draft.recycled {
        return Err(attach::conflict("The draft was sent already."));
    }
    let to = request.to_box_id.as_deref().filter(|id| !id.is_empty());
    let other_box = if draft.internal {
        if to.is_some() {
            return bad_request("R-DRF-1: an internal draft has no ToBoxId.");
        }
        None
    } else {
        Some(match to {
            Some(id) => recipient(id)?,
            None => draft
                .other_box
                .clone()
                .or_bad_request("Neither the draft nor the request has a ToBoxId.")?,
        })
    };
    let mut checked = Vec::new();
    for posted in &request.document_signatures {
        let one = attach::check(room, user, draft, &Named::from(posted), call.now)?;
        let is_second = |known: &attach::Checked| known.document == one.document;
        if checked.iter().any(is_second) {
            return bad_request("R-SIG-1: two signatures of one document in one request.");
        }
        checked.push(one);
    }
    let is_signed =
        |id: &str| draft.is_signed(id, true) || checked.iter().any(|known| known.document == id);
    if draft.documents().any(|(known, _)| !is_signed(&known.id)) {
        return bad_request("R-SIG-5: every document that is sent needs the sender's signature.");
    }
    let sent = as_message(draft.clone(), other_box, call);
    let id = publish(room, sent, checked, call)?;
    let place = room.own.messages.position(&request.draft_id);
    if let Some(draft) = place.and_then(|place| room.own.messages.all.get_mut(place)) {
        draft.recycled = true;
        draft.changed = call.now;
        draft.sent_as.push(id.clone());
    }
    Ok(wire::posted(room, &id))
}

/// The draft as a letter that was just sent.
fn as_message(draft: Message, other_box: Option<String>, call: &Call) -> Message {
    let mut message = Message {
        is_draft: false,
        draft_locked: false,
        other_box,
        created: call.now,
        changed: call.now,
        from_draft: Some(draft.id.clone()),
        ..draft
    };
    for entity in &mut message.entities {
        if let What::Document(document) = &mut entity.what {
            document.sent_at = Some(call.now);
        }
    }
    message
}

/// Puts the message into the box under ids of its own, and the signatures under its documents.
fn publish(
    room: &mut Room,
    mut message: Message,
    checked: Vec<attach::Checked>,
    call: &Call,
) -> Handled<String> {
    message.id = room.guid();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for entity in &mut message.entities {
        let id = room.guid();
        renamed.push((std::mem::replace(&mut entity.id, id.clone()), id));
    }
    let new = |old: &str| {
        let renamed = renamed.iter().find(|(known, _)| known == old);
        renamed.map(|(_, id)| id.clone())
    };
    for entity in &mut message.entities {
        entity.parent = entity.parent.as_deref().and_then(new);
    }
    let id = message.id.clone();
    let place = room.own.messages.add(message);
    for mut one in checked {
        one.document = new(&one.document).unwrap_or_default();
        attach::apply(room, place, one, call.now)?;
    }
    room.own.messages.tell_new(&id);
    Ok(id)
}
