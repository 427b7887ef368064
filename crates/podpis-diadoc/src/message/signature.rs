//! A signature in a message: what it is of, and whose.
//!
//! **Invariant:** what is signed is found by following parents until an attachment is reached: with its time stamp, a
//! signature may have the signature as it was posted for a parent.

use std::fmt;
use std::time::SystemTime;

use podpis_diadoc_proto::events::{Entity, EntityType, PowerOfAttorneyInfo};

use super::document::{Document, EntityContent};
use super::side::Side;
use super::{Message, failure, same_id, told};
use crate::EntityId;
use crate::certificates::moment;

/// A signature in a message.
#[derive(Clone, Copy)]
pub struct AttachedSignature<'m> {
    message: &'m Message,
    entity: &'m Entity,
}

/// Names the message by its id: otherwise each of many would print all of them.
impl fmt::Debug for AttachedSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttachedSignature")
            .field("message", self.message.id())
            .field("entity", self.entity)
            .finish()
    }
}

impl<'m> AttachedSignature<'m> {
    pub(super) fn new(message: &'m Message, entity: &'m Entity) -> Self {
        Self { message, entity }
    }

    /// Its id: what [`InBox::signature_info`](crate::InBox::signature_info) takes.
    #[must_use]
    pub fn id(&self) -> EntityId {
        EntityId::new(self.entity.entity_id.as_str())
    }

    /// Whether it is an approval signature. Otherwise it is an ordinary one, of which each side has one per document.
    #[must_use]
    pub fn is_approval(&self) -> bool {
        self.entity.is_approvement_signature.unwrap_or_default()
    }

    /// Whose it is.
    #[must_use]
    pub fn side(&self) -> Side {
        self.message
            .ours
            .side(self.signer_box(), &self.message.in_box)
    }

    /// The box of the side that signed, as the service names it.
    #[must_use]
    pub fn signer_box(&self) -> Option<&'m str> {
        told(self.entity.signer_box_id.as_ref())
    }

    /// The entity that it names as its parent; none where the service names none.
    #[must_use]
    pub fn parent(&self) -> Option<EntityId> {
        told(self.entity.parent_entity_id.as_ref()).map(EntityId::new)
    }

    /// The entity that is signed: the first parent that is not a signature. Where the message ends before one is
    /// reached, the last id that is named; where no parent is, the signature's own.
    #[must_use]
    pub fn signed_entity(&self) -> EntityId {
        let mut at = self.entity;
        // A chain cannot be longer than the message, unless it is a ring.
        for _ in &self.message.wire.entities {
            let Some(parent) = told(at.parent_entity_id.as_ref()) else {
                break;
            };
            match self.message.entity(parent) {
                Some(entity) if entity.typed_entity_type() == EntityType::SIGNATURE => at = entity,
                _ => return EntityId::new(parent),
            }
        }
        EntityId::new(at.entity_id.as_str())
    }

    /// The document or other attachment that is signed, where it is in the message.
    #[must_use]
    pub fn document(&self) -> Option<Document<'m>> {
        let signed = self.signed_entity();
        self.message.attachment(&signed)
    }

    /// The signature that this one is with a time stamp, where that one is in the message too.
    #[must_use]
    pub fn extends(&self) -> Option<EntityId> {
        let parent = told(self.entity.parent_entity_id.as_ref())?;
        let parent = self.message.entity(parent)?;
        let is_another = !same_id(&parent.entity_id, &self.entity.entity_id);
        (is_another && parent.typed_entity_type() == EntityType::SIGNATURE)
            .then(|| EntityId::new(parent.entity_id.as_str()))
    }

    /// When it was made at the service.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        moment(self.entity.raw_creation_date.unwrap_or_default())
    }

    /// Its bytes, CMS in DER, or how many there are. As it was posted only if the message was read with
    /// [`MessageReading::original_signatures`](super::MessageReading::original_signatures).
    #[must_use]
    pub fn content(&self) -> EntityContent {
        EntityContent::of(self.entity.content.as_ref())
    }

    /// Its labels.
    #[must_use]
    pub fn labels(&self) -> &'m [String] {
        &self.entity.labels
    }

    /// The power of attorney that came with it, and what the service says of it.
    #[must_use]
    pub fn power_of_attorney(&self) -> Option<&'m PowerOfAttorneyInfo> {
        self.entity.power_of_attorney_info.as_ref()
    }

    /// Whether the service says that it is not valid or was not delivered. `false` also means "not yet": the service
    /// verifies after it took the signature.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        told(self.entity.not_delivered_event_id.as_ref()).is_some()
            || failure::is_rejected(self.message, &self.entity.entity_id)
    }

    /// The entity as the service gave it.
    pub(crate) fn as_proto(&self) -> &'m Entity {
        self.entity
    }
}
