//! Decides which bytes a `Content_v2` stands for.
//!
//! **Invariant:** exactly one source is named (R-SRC-1 of the wire description); an empty string names nothing,
//! because some senders write empty fields.

use bytes::Bytes;
use http::StatusCode;
use podpis_diadoc_proto::{ContentV2, DocumentIdEx};

use super::shelf;
use crate::answer::Refusal;
use crate::world::{BOX_ID, World};

/// The bytes to sign.
pub(super) fn resolve(world: &World, user: usize, content: &ContentV2) -> Result<Bytes, Refusal> {
    let named = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match (
        &content.content,
        named(&content.name_on_shelf),
        named(&content.patched_content_id),
        &content.document_id,
    ) {
        (Some(bytes), None, None, None) if bytes.is_empty() => {
            Err(Refusal::bad_request("The content of a file is empty."))
        }
        (Some(bytes), None, None, None) => Ok(bytes.clone()),
        (None, Some(name), None, None) => world
            .shelf
            .read(user, shelf::own_name(&name))
            .map_err(shelf::refusal),
        (None, None, Some(id), None) => world
            .patched_contents
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(&id))
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| Refusal::not_found("No prepared content has this PatchedContentId.")),
        (None, None, None, Some(id)) => document(world, id),
        _ => Err(Refusal::bad_request(
            "A file has to name exactly one of Content, NameOnShelf, PatchedContentId and DocumentId.",
        )),
    }
}

fn document(world: &World, id: &DocumentIdEx) -> Result<Bytes, Refusal> {
    if !is_box(&id.box_id) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "This box is not yours.",
        ));
    }
    world
        .documents
        .iter()
        .find(|known| {
            known.box_id == BOX_ID
                && known.message.eq_ignore_ascii_case(&id.message_id)
                && known.entity.eq_ignore_ascii_case(&id.entity_id)
        })
        .map(|known| known.content.clone())
        .ok_or_else(|| Refusal::not_found("No document has this MessageId and EntityId."))
}

/// A box is named by its GUID or by its older form, `32 hexadecimal digits@diadoc.ru`.
fn is_box(id: &str) -> bool {
    let plain = id.strip_suffix("@diadoc.ru").unwrap_or(id);
    plain
        .replace('-', "")
        .eq_ignore_ascii_case(&BOX_ID.replace('-', ""))
}
