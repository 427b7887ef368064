//! Messages as the service shows them: their documents, whose signatures are under which, and what failed.
//!
//! | module | decides |
//! |---|---|
//! | `reading` | how a message, a content and what is known of a signature are asked for |
//! | `document` | what is known of a document |
//! | `signature` | what a signature in a message is of, and whose |
//! | `side` | which side is ours |
//! | `failure` | what the service says of signatures that it did not accept |
//! | `signature_info` | what the service says of one signature |
//!
//! **Invariant:** what the service leaves out is "not known", never a guess: a side, a moment or a size is told only
//! where the answer tells it.

mod document;
mod failure;
mod reading;
mod side;
mod signature;
mod signature_info;

use std::time::SystemTime;

use podpis_diadoc_proto::documents::MessageType;
use podpis_diadoc_proto::events::{self, Entity, EntityType};

pub use document::{Document, EntityContent, Formality, Sending};
pub use failure::{DeliveryFailure, VerificationReport};
pub use reading::MessageReading;
pub use side::Side;
pub use signature::AttachedSignature;
pub use signature_info::{SignatureInfo, SignatureVerification};

use crate::certificates::moment;
use crate::{BoxId, EntityId, MessageId};
pub(crate) use side::same_box;

use side::Ours;

/// A message or a draft, as the service showed it to one of its boxes.
#[derive(Clone, Debug)]
pub struct Message {
    wire: events::Message,
    id: MessageId,
    in_box: BoxId,
    ours: Ours,
    read_at: SystemTime,
}

impl Message {
    /// What the service showed to `in_box` at `read_at`. For a program that has the bytes from elsewhere, such as an
    /// answer of PostMessage; [`InBox::message`](crate::InBox::message) reads one.
    #[must_use]
    pub fn new(wire: events::Message, in_box: BoxId, read_at: SystemTime) -> Self {
        Self {
            id: MessageId::new(wire.message_id.as_str()),
            ours: Ours::of(&wire, &in_box),
            wire,
            in_box,
            read_at,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &MessageId {
        &self.id
    }

    /// The box it was read from.
    #[must_use]
    pub fn in_box(&self) -> &BoxId {
        &self.in_box
    }

    /// When it was read, by the client's clock.
    #[must_use]
    pub fn read_at(&self) -> SystemTime {
        self.read_at
    }

    /// When it was made, by the service's clock.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        moment(self.wire.timestamp_ticks)
    }

    /// Whether it is a draft.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.wire.is_draft.unwrap_or_default()
            || self.wire.typed_message_type() == MessageType::DRAFT
    }

    /// Whether it is a draft that was thrown away.
    #[must_use]
    pub fn is_recycled(&self) -> bool {
        self.wire.draft_is_recycled.unwrap_or_default()
    }

    /// The messages that a draft was sent as; none while it waits.
    #[must_use]
    pub fn sent_as(&self) -> Vec<MessageId> {
        let messages = &self.wire.draft_is_transformed_to_message_id_list;
        messages
            .iter()
            .map(|id| MessageId::new(id.as_str()))
            .collect()
    }

    /// Whether it is within one organization: both sides are this box then.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.wire.is_internal.unwrap_or_default()
    }

    /// Whether one side is a test box: the documents have no legal force.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.wire.is_test.unwrap_or_default()
    }

    /// The documents, in the service's order, without receipts and other service items.
    #[must_use]
    pub fn documents(&self) -> Vec<Document<'_>> {
        let entities = self.wire.entities.iter();
        let documents = entities.map(|entity| Document::new(self, entity));
        documents.filter(Document::is_document).collect()
    }

    /// An attachment by its id: a document, or a service item such as a receipt.
    #[must_use]
    pub fn attachment(&self, id: &EntityId) -> Option<Document<'_>> {
        let entity = self.entity(id.as_str())?;
        (entity.typed_entity_type() != EntityType::SIGNATURE).then(|| Document::new(self, entity))
    }

    /// The signatures, in the service's order.
    ///
    /// Where the service gives both a signature as it was posted and the same with its time stamp, both are here, and
    /// the second [extends](AttachedSignature::extends) the first.
    #[must_use]
    pub fn signatures(&self) -> Vec<AttachedSignature<'_>> {
        let entities = self.wire.entities.iter();
        entities
            .filter(|entity| entity.typed_entity_type() == EntityType::SIGNATURE)
            .map(|entity| AttachedSignature::new(self, entity))
            .collect()
    }

    /// The signatures under one document, each once: one that extends another that is here is left out.
    #[must_use]
    pub fn signatures_of(&self, document: &EntityId) -> Vec<AttachedSignature<'_>> {
        let mut signatures = self.signatures();
        signatures.retain(|signature| {
            same_id(signature.signed_entity().as_str(), document.as_str())
                && signature.extends().is_none()
        });
        signatures
    }

    /// What the service says of deliveries that failed, for example because a signature is not valid.
    #[must_use]
    pub fn delivery_failures(&self) -> Vec<DeliveryFailure<'_>> {
        failure::deliveries(self)
    }

    /// Every report of a signature's verification in the message.
    #[must_use]
    pub fn verification_reports(&self) -> Vec<VerificationReport<'_>> {
        failure::reports(self)
    }

    /// Whether an entity of this id is here, of whatever type.
    pub(crate) fn has(&self, entity: &EntityId) -> bool {
        self.entity(entity.as_str()).is_some()
    }

    /// Whether a box is certainly the one that read the message.
    pub(crate) fn is_ours(&self, other: &BoxId) -> bool {
        same_box(self.in_box.as_str(), other.as_str()) == Some(true)
            || self.ours.side(Some(other.as_str()), &self.in_box) == Side::Ours
    }

    /// The message as the service gave it.
    pub(crate) fn as_proto(&self) -> &events::Message {
        &self.wire
    }

    fn entity(&self, id: &str) -> Option<&Entity> {
        let mut entities = self.wire.entities.iter();
        entities.find(|entity| same_id(&entity.entity_id, id))
    }
}

/// Ids are GUIDs, and a GUID may be written in capitals.
pub(crate) fn same_id(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A text that says something.
fn told(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
