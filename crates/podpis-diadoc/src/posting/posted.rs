//! What came of a posting.
//!
//! **Invariant:** what the answer told, or what was found in the message when the answer was lost; never both mixed.

use podpis_diadoc_proto::events::{self, Entity, EntityType};
use serde::{Deserialize, Serialize};

use crate::{EntityId, MessageId};

/// What was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patch: Option<String>,
    #[serde(default)]
    entities: Vec<PostedEntity>,
    #[serde(default)]
    found: bool,
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
            message: said(patch.message_id).unwrap_or_else(|| message.unwrap_or_default().into()),
            patch: said(patch.patch_id),
            entities: patch.entities.iter().map(PostedEntity::of).collect(),
            found: false,
        }
    }

    /// As the answer that is a message tells it.
    pub(super) fn of_message(message: events::Message) -> Self {
        Self {
            message: message.message_id,
            patch: None,
            entities: message.entities.iter().map(PostedEntity::of).collect(),
            found: false,
        }
    }

    /// As the message shows it.
    pub(super) fn found<'e>(
        message: &MessageId,
        entities: impl IntoIterator<Item = &'e Entity>,
    ) -> Self {
        Self {
            message: message.to_string(),
            patch: None,
            entities: entities.into_iter().map(PostedEntity::of).collect(),
            found: true,
        }
    }

    /// The message: the one that was patched, or the new one.
    #[must_use]
    pub fn message(&self) -> MessageId {
        MessageId::new(self.message.as_str())
    }

    /// The id of the patch, where a patch was posted and the answer told it.
    #[must_use]
    pub fn patch(&self) -> Option<&str> {
        self.patch.as_deref()
    }

    /// What was added to the message, or all that is in the new one. When the posting was [found](Self::was_found),
    /// the signatures only.
    #[must_use]
    pub fn entities(&self) -> &[PostedEntity] {
        &self.entities
    }

    /// The signatures among the entities.
    pub fn signatures(&self) -> impl Iterator<Item = &PostedEntity> {
        self.entities.iter().filter(|entity| entity.is_signature)
    }

    /// Whether the service said no to the posting, or its answer was lost, and the signatures were seen in the message
    /// all the same.
    #[must_use]
    pub fn was_found(&self) -> bool {
        self.found
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
