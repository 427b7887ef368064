//! What came of a posting.
//!
//! **Invariant:** what the answer told, or what was found in the message when the answer was lost; never both mixed.

use podpis_diadoc_proto::events::{self, Entity, EntityType};
use serde::{Deserialize, Serialize};

use crate::{EntityId, MessageId};

/// What was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Posted {
    /// The message: the one that was patched, or the new one.
    pub message: MessageId,
    /// The id of the patch, where a patch was posted and the answer told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// What was added to the message, or all that is in the new one. When the posting was found, the signatures only.
    #[serde(default)]
    pub entities: Vec<PostedEntity>,
    /// Whether the service said no to the posting, or its answer was lost, and the signatures were seen in the message
    /// all the same.
    #[serde(default, rename = "found")]
    pub was_found: bool,
}

/// An entity that came with it: a document, a signature or a service item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PostedEntity {
    /// Its id.
    pub id: EntityId,
    /// What it belongs to: for a signature, what is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<EntityId>,
    /// Whether it is a signature.
    #[serde(default)]
    pub is_signature: bool,
    /// Whether it is an approval signature.
    #[serde(default)]
    pub is_approval: bool,
    /// The name of the file, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
}

impl Posted {
    /// As the answer to a patch tells it; `message` is the one that was patched.
    pub(super) fn of_patch(patch: events::MessagePatch, message: Option<&str>) -> Self {
        Self {
            message: MessageId::new(
                said(patch.message_id).unwrap_or_else(|| message.unwrap_or_default().into()),
            ),
            patch: said(patch.patch_id),
            entities: patch.entities.iter().map(PostedEntity::of).collect(),
            was_found: false,
        }
    }

    /// As the answer that is a message tells it.
    pub(super) fn of_message(message: events::Message) -> Self {
        Self {
            message: MessageId::new(message.message_id),
            patch: None,
            entities: message.entities.iter().map(PostedEntity::of).collect(),
            was_found: false,
        }
    }

    /// As the message shows it.
    pub(super) fn found<'e>(
        message: &MessageId,
        entities: impl IntoIterator<Item = &'e Entity>,
    ) -> Self {
        Self {
            message: message.clone(),
            patch: None,
            entities: entities.into_iter().map(PostedEntity::of).collect(),
            was_found: true,
        }
    }

    /// The signatures among the entities.
    pub fn signatures(&self) -> impl Iterator<Item = &PostedEntity> {
        self.entities.iter().filter(|entity| entity.is_signature)
    }
}

impl PostedEntity {
    pub(crate) fn of(entity: &Entity) -> Self {
        Self {
            id: EntityId::new(entity.entity_id.as_str()),
            parent: entity
                .parent_entity_id
                .clone()
                .and_then(said)
                .map(EntityId::new),
            is_signature: entity.typed_entity_type() == EntityType::SIGNATURE,
            is_approval: entity.is_approvement_signature.unwrap_or_default(),
            file_name: entity.file_name.clone().and_then(said),
        }
    }
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
