//! What is known of a document in a message.
//!
//! **Invariant:** whether a document is sent, and whether its content is prescribed, is told only where the service
//! says enough; the rules treat "not known" as a warning, never as a refusal.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use podpis_diadoc_proto::docflow::StatusName;
use podpis_diadoc_proto::documents::{self, RecipientResponseStatus, SenderSignatureStatus};
use podpis_diadoc_proto::events::{AttachmentType, Entity, EntityType};
use podpis_diadoc_proto::{Content, DocumentDirection};

use super::side::Side;
use super::{Message, told};
use crate::EntityId;
use crate::certificates::moment;

/// How far a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a document is in a draft, unsent or sent, or it is not known"
)]
pub enum Sending {
    /// It is in a draft: SendDraft sends it.
    Draft,
    /// It is in a message and waits for its signature, which sends it.
    Unsent,
    /// It was sent, or came from the other side.
    Sent,
    /// The service does not tell.
    Unknown,
}

/// Whether the form of a document is prescribed, so that sending writes the signer into its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a form is prescribed or not, or it is not known"
)]
pub enum Formality {
    /// An XML of a prescribed form, such as an invoice or a universal transfer document.
    Formalized,
    /// A file as it is.
    Nonformalized,
    /// A type that is not known here.
    Unknown,
}

/// The bytes of an entity.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the bytes are in the answer or they are not"
)]
pub enum EntityContent {
    /// They were in the answer.
    Inline(Bytes),
    /// They have to be fetched by [`InBox::entity_content`](crate::InBox::entity_content).
    Elsewhere {
        /// How many there are, where the service tells.
        size: Option<u64>,
    },
}

impl EntityContent {
    pub(super) fn of(content: Option<&Content>) -> Self {
        let size = content.and_then(|content| u64::try_from(content.size).ok());
        let data = content.and_then(|content| content.data.as_ref());
        match data {
            Some(data) if !data.is_empty() || size == Some(0) => Self::Inline(data.clone()),
            _ => Self::Elsewhere { size },
        }
    }

    /// The bytes, where they were in the answer.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Inline(bytes) => Some(bytes),
            Self::Elsewhere { .. } => None,
        }
    }
}

impl fmt::Debug for EntityContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => f.debug_tuple("Inline").field(&bytes.len()).finish(),
            Self::Elsewhere { size } => f.debug_tuple("Elsewhere").field(size).finish(),
        }
    }
}

/// A document in a message, or another attachment.
#[derive(Clone, Copy)]
pub struct Document<'m> {
    message: &'m Message,
    entity: &'m Entity,
}

/// Names the message by its id: otherwise each of many would print all of them.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("message", self.message.id())
            .field("entity", self.entity)
            .finish()
    }
}

impl<'m> Document<'m> {
    pub(super) fn new(message: &'m Message, entity: &'m Entity) -> Self {
        Self { message, entity }
    }

    /// Its id: what a signature names as its parent.
    #[must_use]
    pub fn id(&self) -> EntityId {
        EntityId::new(self.entity.entity_id.as_str())
    }

    /// The name of its file, where it has one.
    #[must_use]
    pub fn file_name(&self) -> Option<&'m str> {
        let info = self.info().and_then(|info| told(info.file_name.as_ref()));
        told(self.entity.file_name.as_ref()).or(info)
    }

    /// What kind of attachment it is; an open set.
    #[must_use]
    pub fn attachment_type(&self) -> AttachmentType {
        self.entity.typed_attachment_type()
    }

    /// When it was made, by the service's clock.
    #[must_use]
    pub fn created(&self) -> Option<SystemTime> {
        moment(self.entity.raw_creation_date.unwrap_or_default()).or_else(|| {
            self.info()
                .and_then(|info| moment(info.creation_timestamp_ticks))
        })
    }

    /// Its bytes, or how many there are.
    #[must_use]
    pub fn content(&self) -> EntityContent {
        EntityContent::of(self.entity.content.as_ref())
    }

    /// Whether the recipient is asked for a signature.
    #[must_use]
    pub fn needs_recipient_signature(&self) -> bool {
        self.entity.need_recipient_signature.unwrap_or_default()
    }

    /// What else the service tells of it.
    #[must_use]
    pub fn info(&self) -> Option<&'m documents::Document> {
        self.entity.document_info.as_ref()
    }

    /// Whose document it is.
    #[must_use]
    pub fn side(&self) -> Side {
        match self
            .info()
            .map(documents::Document::typed_document_direction)
        {
            Some(DocumentDirection::OUTBOUND | DocumentDirection::INTERNAL) => Side::Ours,
            Some(DocumentDirection::INBOUND) => Side::Theirs,
            _ => {
                let from = self.message.wire.from_box_id.as_str();
                let from = Some(from).filter(|name| !name.is_empty());
                self.message.ours.side(from, &self.message.in_box)
            }
        }
    }

    /// How far it is.
    #[must_use]
    pub fn sending(&self) -> Sending {
        if self.message.is_draft() {
            return Sending::Draft;
        }
        let Some(info) = self.info() else {
            return if self.side() == Side::Theirs {
                Sending::Sent
            } else {
                Sending::Unknown
            };
        };
        let set = |ticks: Option<i64>| ticks.is_some_and(|ticks| ticks > 0);
        let was_sent = set(info.send_timestamp_ticks) || set(info.delivery_timestamp_ticks);
        match self.side() {
            _ if was_sent => Sending::Sent,
            Side::Theirs => Sending::Sent,
            // The sender's signature sends a document: where the service says there is one, the moment is only missing.
            Side::Ours => match info.typed_sender_signature_status() {
                SenderSignatureStatus::WAITING_FOR_SENDER_SIGNATURE
                | SenderSignatureStatus::UNKNOWN_SENDER_SIGNATURE_STATUS => Sending::Unsent,
                _ => Sending::Sent,
            },
            Side::Unknown => Sending::Unknown,
        }
    }

    /// Whether its form is prescribed.
    ///
    /// Read from the kind of attachment, and where that says nothing from the document's type. Diadoc's documents
    /// show no list: known are the invoices, TORG-12 and acceptance certificates in XML, universal transfer and
    /// correction documents, and the titles of each.
    #[must_use]
    pub fn formality(&self) -> Formality {
        use AttachmentType as Type;
        match self.attachment_type() {
            Type::INVOICE
            | Type::INVOICE_REVISION
            | Type::INVOICE_CORRECTION
            | Type::INVOICE_CORRECTION_REVISION
            | Type::XML_TORG12
            | Type::XML_ACCEPTANCE_CERTIFICATE
            | Type::XML_TORG12_BUYER_TITLE
            | Type::XML_ACCEPTANCE_CERTIFICATE_BUYER_TITLE
            | Type::UNIVERSAL_TRANSFER_DOCUMENT
            | Type::UNIVERSAL_TRANSFER_DOCUMENT_BUYER_TITLE
            | Type::UNIVERSAL_TRANSFER_DOCUMENT_REVISION
            | Type::UNIVERSAL_CORRECTION_DOCUMENT
            | Type::UNIVERSAL_CORRECTION_DOCUMENT_REVISION
            | Type::UNIVERSAL_CORRECTION_DOCUMENT_BUYER_TITLE => Formality::Formalized,
            Type::NONFORMALIZED
            | Type::TORG12
            | Type::ACCEPTANCE_CERTIFICATE
            | Type::PROFORMA_INVOICE
            | Type::PRICE_LIST
            | Type::PRICE_LIST_AGREEMENT
            | Type::CERTIFICATE_REGISTRY
            | Type::RECONCILIATION_ACT
            | Type::CONTRACT
            | Type::TORG13
            | Type::SERVICE_DETAILS
            | Type::SUPPLEMENTARY_AGREEMENT => Formality::Nonformalized,
            _ => self.formality_of_type(),
        }
    }

    fn formality_of_type(&self) -> Formality {
        let Some(info) = self.info() else {
            return Formality::Unknown;
        };
        let name = info.type_named_id.to_ascii_lowercase();
        if name == "nonformalized" {
            Formality::Nonformalized
        } else if ["invoice", "xml", "universal"]
            .iter()
            .any(|lead| name.starts_with(lead))
        {
            Formality::Formalized
        } else {
            Formality::Unknown
        }
    }

    /// Whether the service says that a signature of it needs a power of attorney that is not there. On which entity it
    /// says so, no source tells: that of the document and those of our signatures of it count.
    pub(crate) fn needs_power_of_attorney(&self) -> bool {
        let says_so = |entity: &Entity| {
            entity
                .power_of_attorney_attachment_status
                .as_ref()
                .is_some_and(|status| {
                    status.typed_status_name() == StatusName::POWER_OF_ATTORNEY_REQUIRED
                })
        };
        let mut signatures = self.message.signatures_of(&self.id()).into_iter();
        says_so(self.entity)
            || signatures.any(|one| one.side() == Side::Ours && says_so(one.as_proto()))
    }

    /// Whether the service says that the ordinary signature of our side is not valid: another one may follow then.
    pub(crate) fn our_signature_is_invalid(&self) -> bool {
        let Some(info) = self.info() else {
            return false;
        };
        match self.side() {
            Side::Ours => {
                info.typed_sender_signature_status()
                    == SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_INVALID
            }
            Side::Theirs => {
                info.typed_recipient_response_status()
                    == RecipientResponseStatus::INVALID_RECIPIENT_SIGNATURE
            }
            Side::Unknown => false,
        }
    }

    /// Whether it is a document, and not a receipt or another service item.
    pub(super) fn is_document(&self) -> bool {
        if self.entity.typed_entity_type() == EntityType::SIGNATURE {
            return false;
        }
        // A kind of attachment that is newer than this list counts only where the service tells of a document.
        self.info().is_some()
            || (told(self.entity.parent_entity_id.as_ref()).is_none()
                && self.formality() != Formality::Unknown)
    }
}
