//! Decides which bytes a `Content_v2` or `Content_v3` stands for.
//!
//! **Invariant:** exactly one source is named (R-SRC-1 of the wire description); an empty string names nothing,
//! because some senders write empty fields.

use bytes::Bytes;
use podpis_diadoc_proto::{ContentV2, ContentV3, DocumentId, DocumentIdEx};

use super::places::BOX_ID;
use super::state::Room;
use super::{boxes, shelf};
use crate::answer::{Handled, Needed as _, Refusal, bad_request};

/// The bytes to sign.
pub(super) fn resolve(room: &Room, user: usize, content: &ContentV2) -> Handled<Bytes> {
    one(
        room,
        user,
        content.content.as_ref(),
        content.name_on_shelf.as_deref(),
        content.patched_content_id.as_deref(),
        content.document_id.as_ref().map(Place::Anywhere),
    )
}

/// Whether a file is named by its name on the shelf, and in no other way.
pub(super) fn is_on_shelf(content: &ContentV2) -> bool {
    let named = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    named(&content.name_on_shelf)
        && content.content.is_none()
        && content.document_id.is_none()
        && !named(&content.patched_content_id)
}

/// The bytes to sign, when the box is that of the call.
pub(super) fn resolve_v3(room: &Room, user: usize, content: &ContentV3) -> Handled<Bytes> {
    one(
        room,
        user,
        content.content.as_ref(),
        content.name_on_shelf.as_deref(),
        content.patched_content_id.as_deref(),
        content.entity_id.as_ref().map(Place::InBox),
    )
}

/// Where a document is.
enum Place<'a> {
    InBox(&'a DocumentId),
    Anywhere(&'a DocumentIdEx),
}

fn one(
    room: &Room,
    user: usize,
    content: Option<&Bytes>,
    name_on_shelf: Option<&str>,
    patched_content_id: Option<&str>,
    place: Option<Place<'_>>,
) -> Handled<Bytes> {
    let named = |text: &&str| !text.is_empty();
    match (
        content,
        name_on_shelf.filter(named),
        patched_content_id.filter(named),
        place,
    ) {
        (Some(bytes), None, None, None) if bytes.is_empty() => {
            bad_request("The content of a file is empty.")
        }
        (Some(bytes), None, None, None) => Ok(bytes.clone()),
        (None, Some(name), None, None) => shelf::named(room, user, name),
        (None, None, Some(id), None) => prepared(room, id),
        (None, None, None, Some(Place::InBox(id))) => document(room, &id.message_id, &id.entity_id),
        (None, None, None, Some(Place::Anywhere(id))) if boxes::is(&id.box_id, BOX_ID) => {
            document(room, &id.message_id, &id.entity_id)
        }
        (None, None, None, Some(Place::Anywhere(_))) => {
            Err(Refusal::forbidden("This box is not yours."))
        }
        _ => bad_request(
            "A file has to name exactly one of its content, a name on the shelf, a prepared content and a document.",
        ),
    }
}

/// What PrepareDocumentsToSign put into the temporary storage.
fn prepared(room: &Room, id: &str) -> Handled<Bytes> {
    let known = room.own.messages.prepared(id);
    let content = known.map(|known| known.content.clone());
    content.or_not_found("No prepared content has this PatchedContentId.")
}

/// A document in the box of the seeded users.
fn document(room: &Room, message: &str, entity: &str) -> Handled<Bytes> {
    let content = room.own.messages.document(message, entity).cloned();
    content.or_not_found("No document has this MessageId and EntityId.")
}
