//! Decides what `POST /V4/PostMessagePatch` does, and its version 3.
//!
//! **Invariant:** a patch is done whole or not at all: every signature in it is looked at before the first one is put
//! under its document.

use std::mem::take;

use bytes::Bytes;
use podpis_diadoc_proto::Checked as Readable;
use podpis_diadoc_proto::events::{
    DocumentSignature, EntityPatch, MessagePatch, MessagePatchToPost, MessagePatchToPostV2,
};
use prost::Message as _;

use super::super::boxes;
use super::posts::{self, Method};
use super::rules::Named;
use super::store::{Event, Happened};
use super::{attach, body, wire};
use crate::answer::{Handled, Refusal, bad_request};
use crate::call::Call;
use crate::diadoc::state::Room;

/// Reads what both versions have, and whether there is more.
macro_rules! patch {
    ($Request:ident) => {
        |mut request: $Request| Patch {
            box_id: take(&mut request.box_id),
            message: take(&mut request.message_id),
            signatures: take(&mut request.signatures),
            has_more: request != $Request::default(),
        }
    };
}

/// `POST /V4/PostMessagePatch`.
pub(crate) fn v4(room: &mut Room, user: usize, call: &Call) -> Handled {
    post(room, user, call, patch!(MessagePatchToPostV2))
}

/// `POST /V3/PostMessagePatch`.
pub(crate) fn v3(room: &mut Room, user: usize, call: &Call) -> Handled {
    post(room, user, call, patch!(MessagePatchToPost))
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
    room: &mut Room,
    user: usize,
    call: &Call,
    read: impl FnOnce(M) -> Patch,
) -> Handled {
    let patch = read(body(call)?);
    boxes::check_field(&patch.box_id)?;
    posts::once(room, Method::PostMessagePatch, call, |room| {
        apply(room, user, &patch, call)
    })
}

fn apply(room: &mut Room, user: usize, patch: &Patch, call: &Call) -> Handled<Bytes> {
    if patch.has_more || patch.signatures.is_empty() {
        return bad_request(
            "MessagePatchToPost should contain at least one entity; the sandbox takes Signatures, and nothing else.",
        );
    }
    let missing = || Refusal::not_found("The box has no such message.");
    let place = room.own.messages.position(&patch.message);
    let place = place.ok_or_else(missing)?;
    let message = room.own.messages.all.get(place).ok_or_else(missing)?;
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
    let is_signed = |id: &str| (checked.iter()).any(|one| !one.approval && one.document == id);
    let is_left = |id: &str| !is_signed(id) && !message.is_signed(id, true);
    if !room.own.options.locked_packets_in_part
        && message.is_locked()
        && checked.iter().any(|one| !one.approval)
        && message.documents().any(|(entity, _)| is_left(&entity.id))
    {
        let code = "DocumentService.NotAllowedForLockedPacket";
        return Err(attach::coded_conflict(code));
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
    let message = room.own.messages.all.get(place).ok_or_else(missing)?;
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
