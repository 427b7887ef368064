//! Decides what the service says of a signature that lies under a document.
//!
//! **Invariant:** a verdict is about the document's bytes as they are now and about the time the service looks.

use super::store::{Message, What};
use crate::diadoc::state::Room;
use crate::signer::{self, Look};

/// What the service finds out about a signature in this message.
pub(super) fn of(room: &Room<'_>, message: &Message, signature: &str) -> Option<Look> {
    let entity = message.entity(signature)?;
    let What::Signature(known) = &entity.what else {
        return None;
    };
    let document = message.entity(entity.parent.as_deref()?)?;
    Some(signer::look(
        &entity.content,
        &document.content,
        room.shared.authority.pem(),
        known.verify_at,
    ))
}
