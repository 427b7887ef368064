//! Decides what `POST /V4/PostMessagePatch` does, and its version 3.
//!
//! **Invariant:** a patch is done whole or not at all: every signature in it is looked at before the first one is put
//! under its document.

use bytes::Bytes;
use podpis_diadoc_proto::Checked as Readable;
use podpis_diadoc_proto::events::{
    DocumentSignature, EntityPatch, MessagePatch, MessagePatchToPost, MessagePatchToPostV2,
};
use prost::Message as _;

use super::super::boxes;
use super::events_store::{Event, Happened};
use super::posts::{self, Method};
use super::rules::Named;
use super::{attach, body, wire};
use crate::answer::{Handled, Needed as _, Refusal, bad_request};
use crate::call::Call;
use crate::diadoc::state::Room;

/// `POST /V4/PostMessagePatch`.
pub(crate) fn v4(room: &mut Room<'_>, user: usize, call: &Call<'_>) -> Handled {
    post(room, user, call, |request: MessagePatchToPostV2| Patch {
        has_more: {
            let rest = MessagePatchToPostV2 {
                box_id: request.box_id.clone(),
                message_id: request.message_id.clone(),
                signatures: request.signatures.clone(),
                ..MessagePatchToPostV2::default()
            };
            rest != request
        },
        box_id: request.box_id,
        message: request.message_id,
        signatures: request.signatures,
    })
}

/// `POST /V3/PostMessagePatch`.
pub(crate) fn v3(room: &mut Room<'_>, user: usize, call: &Call<'_>) -> Handled {
    post(room, user, call, |request: MessagePatchToPost| Patch {
        has_more: {
            let rest = MessagePatchToPost {
                box_id: request.box_id.clone(),
                message_id: request.message_id.clone(),
                signatures: request.signatures.clone(),
                ..MessagePatchToPost::default()
            };
            rest != request
        },
        box_id: request.box_id,
        message: request.message_id,
        signatures: request.signatures,
    })
}

/// What both versions say, as far as the sandbox knows them.
struct Patch {
    box_id: String,
    message: String,
    signatures: Vec<DocumentSignature>,
    /// Whether it holds anything but signatures.
    has_more: bool,
}

fn post<M: Readable>(
    room: &mut Room<'_>,
    user: usize,
    call: &Call<'_>,
    read: impl FnOnce(M) -> Patch,
) -> Handled {
    let patch = read(body(call)?);
    boxes::check(&patch.box_id)?;
    posts::once(room, Method::PostMessagePatch, call, |room| {
        apply(room, user, &patch, call)
    })
}

fn apply(
    room: &mut Room<'_>,
    user: usize,
    patch: &Patch,
    call: &Call<'_>,
) -> Result<Bytes, Refusal> {
    if patch.has_more || patch.signatures.is_empty() {
        return bad_request(
            "MessagePatchToPost should contain at least one entity; the sandbox takes Signatures, and nothing else.",
        );
    }
    let place = room
        .own
        .messages
        .position(&patch.message)
        .or_not_found("The box has no such message.")?;
    let Some(message) = room.own.messages.all.get(place) else {
        return Err(Refusal::not_found("The box has no such message."));
    };
    if message.is_draft {
        return Err(attach::conflict("A draft is signed by SendDraft."));
    }
    let mut checked: Vec<attach::Checked> = Vec::new();
    for posted in &patch.signatures {
        let one = attach::check(room, user, message, &Named::from(posted), call.now)?;
        let is_second = |known: &attach::Checked| {
            !known.approval && !one.approval && known.document == one.document
        };
        if checked.iter().any(is_second) {
            return bad_request("R-SIG-1: two ordinary signatures of one document in one patch.");
        }
        checked.push(one);
    }
    let patched: Vec<EntityPatch> = checked
        .iter()
        .filter(|known| known.replaces_content())
        .map(|known| EntityPatch {
            entity_id: known.document.clone(),
            content_is_patched: Some(true),
            ..EntityPatch::default()
        })
        .collect();
    let mut ids = Vec::with_capacity(checked.len());
    for one in checked {
        ids.push(attach::apply(room, place, one, call.now)?);
    }
    room.counters().patches += 1;
    let patch_id = room.guid();
    let Some(message) = room.own.messages.all.get(place) else {
        return Err(Refusal::not_found("The box has no such message."));
    };
    let answer = MessagePatch {
        message_id: message.id.clone(),
        timestamp_ticks: message.changed.ticks(),
        entities: wire::some(room, message, &ids, true),
        entity_patches: patched.clone(),
        patch_id: patch_id.clone(),
        message_type: wire::message_type(message),
        ..MessagePatch::default()
    };
    let event = Event {
        id: patch_id,
        message: message.id.clone(),
        at: message.changed,
        what: Happened::Added {
            entities: ids,
            patched,
        },
    };
    room.own.messages.tell(event);
    Ok(answer.encode_to_vec().into())
}
