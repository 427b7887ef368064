//! What the service says of signatures that it did not accept.
//!
//! A signature is verified after it was taken. If it is not valid, a notification of a failed delivery appears in the
//! message, with reports of the verification below it. What a notification and a report have for a parent is not
//! documented beyond that, so both are told with their parents.
//!
//! **Invariant:** a report whose content is not in the message, or cannot be read, is there without its result.

use podpis_diadoc_proto::events::{AttachmentType, Entity};

use super::document::EntityContent;
use super::signature_info::SignatureVerification;
use super::{Message, same_id, told};
use crate::EntityId;

/// A delivery that failed.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryFailure<'m> {
    message: &'m Message,
    entity: &'m Entity,
}

impl<'m> DeliveryFailure<'m> {
    /// The id of the notification.
    #[must_use]
    pub fn id(&self) -> EntityId {
        EntityId::new(self.entity.entity_id.as_str())
    }

    /// What it is about, as far as the service tells: the document or the signature.
    #[must_use]
    pub fn about(&self) -> Option<EntityId> {
        told(self.entity.parent_entity_id.as_ref()).map(EntityId::new)
    }

    /// The notification itself.
    #[must_use]
    pub fn content(&self) -> EntityContent {
        EntityContent::of(self.entity.content.as_ref())
    }

    /// The reports below it.
    #[must_use]
    pub fn reports(&self) -> Vec<VerificationReport<'m>> {
        let mut reports = reports(self.message);
        reports.retain(|report| {
            let parent = report.about();
            parent.is_some_and(|parent| same_id(parent.as_str(), &self.entity.entity_id))
        });
        reports
    }
}

/// A report of a signature's verification.
#[derive(Clone, Copy, Debug)]
pub struct VerificationReport<'m> {
    entity: &'m Entity,
}

impl<'m> VerificationReport<'m> {
    /// The id of the report.
    #[must_use]
    pub fn id(&self) -> EntityId {
        EntityId::new(self.entity.entity_id.as_str())
    }

    /// What it is below: a notification of a failed delivery, or a signature.
    #[must_use]
    pub fn about(&self) -> Option<EntityId> {
        told(self.entity.parent_entity_id.as_ref()).map(EntityId::new)
    }

    /// Its bytes; [`SignatureVerification::read`] reads them when they were fetched.
    #[must_use]
    pub fn content(&self) -> EntityContent {
        EntityContent::of(self.entity.content.as_ref())
    }

    /// What it says, where its bytes were in the message and can be read.
    #[must_use]
    pub fn result(&self) -> Option<SignatureVerification> {
        let content = self.content();
        SignatureVerification::read(content.bytes()?.clone()).ok()
    }
}

pub(super) fn deliveries(message: &Message) -> Vec<DeliveryFailure<'_>> {
    of_type(message, AttachmentType::DELIVERY_FAILURE_NOTIFICATION)
        .map(|entity| DeliveryFailure { message, entity })
        .collect()
}

pub(super) fn reports(message: &Message) -> Vec<VerificationReport<'_>> {
    of_type(message, AttachmentType::SIGNATURE_VERIFICATION_REPORT)
        .map(|entity| VerificationReport { entity })
        .collect()
}

/// Whether a notification is about this signature, or a report about it says that it is not valid.
pub(super) fn is_rejected(message: &Message, signature: &str) -> bool {
    let about = |id: Option<EntityId>| id.is_some_and(|id| same_id(id.as_str(), signature));
    deliveries(message).iter().any(|one| about(one.about()))
        || reports(message).iter().any(|report| {
            about(report.about()) && report.result().is_some_and(|result| !result.is_valid)
        })
}

fn of_type(message: &Message, wanted: AttachmentType) -> impl Iterator<Item = &Entity> {
    let entities = message.wire.entities.iter();
    entities.filter(move |entity| entity.typed_attachment_type() == wanted)
}
