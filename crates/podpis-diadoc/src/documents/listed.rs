//! What a list tells of a document.
//!
//! **Invariant:** what the service leaves out is absent, never guessed; numbers that this version does not know are
//! kept.

use std::time::SystemTime;

use podpis_diadoc_proto::documents::{
    Document, ProxySignatureStatus, RecipientResponseStatus, ResolutionStatusType,
    RevocationStatus, SenderSignatureStatus,
};
use podpis_diadoc_proto::{DocumentDirection, LockMode};

use crate::certificates::moment;
use crate::{BoxId, EntityId, MessageId, message};

/// A document, as a list shows it: its bytes are fetched by
/// [`InBox::entity_content`](crate::InBox::entity_content).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedDocument {
    /// The message it is in.
    pub message: MessageId,
    /// The entity it is.
    pub entity: EntityId,
    /// Its place in the list: goes to [`DocumentFilter::after`](super::DocumentFilter::after).
    pub index_key: Option<String>,
    /// The category in whose list it was, as the service was asked for it; empty where it was in none.
    pub category: String,
    /// Name of the file.
    pub file_name: Option<String>,
    /// Its title, for people.
    pub title: Option<String>,
    /// Its type by TypeNamedId, `Nonformalized` for example.
    pub document_type: String,
    /// Its function.
    pub function: String,
    /// Version of its format.
    pub version: String,
    /// Number of its document flow; 0 where the service does not tell.
    pub workflow: i32,
    /// Number of the document.
    pub number: Option<String>,
    /// Date of the document, as text.
    pub date: Option<String>,
    /// How many bytes it has.
    pub size: Option<u64>,
    /// Which way it goes.
    pub direction: DocumentDirection,
    /// The box of the other side; none where there is none, or what the service gave is no box.
    pub counterparty: Option<BoxId>,
    /// The department it is in, a GUID.
    pub department: Option<String>,
    /// The packet it is in.
    pub packet: Option<String>,
    /// How its packet is locked: all of a fully locked one is signed in one patch.
    pub lock_mode: LockMode,
    /// When it was made, by the service's clock.
    pub created: Option<SystemTime>,
    /// When it was sent.
    pub sent: Option<SystemTime>,
    /// When it was delivered.
    pub delivered: Option<SystemTime>,
    /// Whether the sender signed it.
    pub sender_signature: SenderSignatureStatus,
    /// Whether the recipient answered.
    pub recipient_response: RecipientResponseStatus,
    /// Whether the intermediate recipient signed it.
    pub proxy_signature: ProxySignatureStatus,
    /// Whether somebody wants it revoked.
    pub revocation: RevocationStatus,
    /// What was decided within the organization, or is asked for.
    pub resolution: Option<ResolutionStatusType>,
    /// The user who is asked for it, a GUID.
    pub asked_user: Option<String>,
    /// The department that is asked for it, a GUID.
    pub asked_department: Option<String>,
    /// Whether it was deleted.
    pub is_deleted: bool,
    /// Whether its content is encrypted: nobody can be shown what would be signed.
    pub is_encrypted: bool,
    /// Whether one side is a test box: it has no legal force.
    pub is_test: bool,
}

impl ListedDocument {
    pub(super) fn new(wire: Document, category: &str) -> Self {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let at = |ticks: Option<i64>| ticks.and_then(moment);
        let (asked_user, asked_department) = wire
            .resolution_status
            .as_ref()
            .and_then(|status| status.target.clone())
            .map_or((None, None), |target| {
                (said(target.user_id), said(target.department_id))
            });
        Self {
            direction: wire.typed_document_direction(),
            lock_mode: wire.typed_lock_mode(),
            sender_signature: wire.typed_sender_signature_status(),
            recipient_response: wire.typed_recipient_response_status(),
            proxy_signature: wire.typed_proxy_signature_status(),
            revocation: wire.typed_revocation_status(),
            resolution: wire
                .resolution_status
                .as_ref()
                .map(|status| status.typed_type()),
            asked_user,
            asked_department,
            size: wire
                .content
                .as_ref()
                .and_then(|content| u64::try_from(content.size).ok()),
            created: moment(wire.creation_timestamp_ticks),
            sent: at(wire.send_timestamp_ticks),
            delivered: at(wire.delivery_timestamp_ticks),
            message: MessageId::new(wire.message_id),
            entity: EntityId::new(wire.entity_id),
            index_key: said(wire.index_key),
            category: category.to_owned(),
            file_name: said(wire.file_name),
            title: said(Some(wire.title)),
            document_type: wire.type_named_id,
            function: wire.function,
            version: wire.version,
            workflow: wire.workflow_id,
            number: said(wire.document_number),
            date: said(wire.document_date),
            counterparty: wire.counteragent_box_id.and_then(|text| text.parse().ok()),
            department: said(wire.department_id),
            packet: said(wire.packet_id),
            is_deleted: wire.is_deleted.unwrap_or_default(),
            is_encrypted: wire.is_encrypted_content.unwrap_or_default(),
            is_test: wire.is_test.unwrap_or_default(),
        }
    }

    /// What a message tells of one of its documents, which may be in a draft and so in no list; none where it tells
    /// nothing.
    #[must_use]
    pub fn in_message(document: &message::Document<'_>) -> Option<Self> {
        let wire = document.info()?.clone();
        Some(Self::new(wire, ""))
    }

    /// Its name for people: that of the file, else its title, else its id.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.file_name.as_deref().or(self.title.as_deref());
        name.unwrap_or(self.entity.as_str())
    }
}
