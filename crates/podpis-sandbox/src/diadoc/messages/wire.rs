//! Decides how messages look on the wire.
//!
//! **Invariant:** the bytes in one answer are at most 1,048,576; the entity that would exceed it, and every later one
//! that does, comes with its size alone.

use bytes::Bytes;
use podpis_diadoc_proto::documents::{
    AmendmentRequestMetadata, ConfirmationMetadata, Document as WireDocument, GeneralReceiptStatus,
    MessageType, ProxySignatureStatus, RecipientReceiptMetadata, RecipientResponseStatus,
    RevocationStatus, SenderReceiptMetadata, SenderSignatureStatus,
};
use podpis_diadoc_proto::events::{
    AttachmentType, Entity as WireEntity, EntityType, Message as WireMessage,
};
use podpis_diadoc_proto::{
    CertificateChainElement, CertificateVerificationResult, Content, DocflowStatusModelV3,
    DocflowStatusV3, DocumentType, SignatureVerificationResult, Timestamp,
};
use prost::Message as _;

use super::super::boxes;
use super::message::{Document, Entity, Message, Signature, What};
use super::options::StampedParent;
use super::{types, waiting};
use crate::diadoc::places::{BOX_ID, HEAD_DEPARTMENT, ORGANIZATION, OTHER_BOX_ID, OTHER_TITLE};
use crate::diadoc::state::Room;
use crate::moment::Moment;
use crate::signer::Look;

/// The most bytes of content that one answer carries.
pub(super) const MOST_INLINE: usize = 1_048_576;

/// What a reader wants of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    /// Only this entity and what is below it.
    pub(super) only: Option<&'a str>,
    /// Signatures as they were posted, without the stamp of the service.
    pub(super) original: bool,
    /// With the bytes.
    pub(super) inject: bool,
}

/// How many bytes may still be carried.
struct Space(usize);

impl Space {
    fn content(&mut self, bytes: &Bytes, inject: bool) -> Content {
        let fits = inject && bytes.len() <= self.0;
        if fits {
            self.0 -= bytes.len();
        }
        Content {
            size: i32::try_from(bytes.len()).unwrap_or(-1),
            data: fits.then(|| bytes.clone()),
        }
    }
}

impl View<'static> {
    /// All that was posted.
    pub(super) const WHOLE: Self = Self {
        only: None,
        original: true,
        inject: false,
    };
}

/// The answer to a post that made a message.
pub(super) fn posted(room: &Room, id: &str) -> Bytes {
    let posted = room.own.messages.get(id);
    let posted = posted.map(|known| message(room, known, View::WHOLE));
    posted.unwrap_or_default().encode_to_vec().into()
}

pub(super) fn message(room: &Room, message: &Message, view: View<'_>) -> WireMessage {
    let mut space = Space(MOST_INLINE);
    let entities = message
        .entities
        .iter()
        .filter(|known| view.only.is_none_or(|top| is_below(message, known, top)))
        .flat_map(|known| entity(room, message, known, view, &mut space))
        .collect();
    let ours = (
        Some(boxes::old_form(BOX_ID)),
        Some(ORGANIZATION.name.to_owned()),
    );
    let title = message.other_box.as_deref().map(title).map(str::to_owned);
    let theirs = (message.other_box.as_deref().map(boxes::old_form), title);
    let (from, to) = if message.outgoing {
        (ours, theirs)
    } else {
        (theirs, ours)
    };
    let flag = |yes: bool| yes.then_some(true);
    WireMessage {
        message_id: message.id.clone(),
        timestamp_ticks: message.created.ticks(),
        last_patch_timestamp_ticks: message.changed.ticks(),
        from_box_id: from.0.unwrap_or_default(),
        from_title: from.1.unwrap_or_default(),
        to_box_id: to.0,
        to_title: to.1,
        entities,
        is_draft: flag(message.is_draft),
        draft_is_locked: flag(message.draft_locked),
        draft_is_recycled: flag(message.recycled),
        created_from_draft_id: message.from_draft.clone(),
        draft_is_transformed_to_message_id_list: message.sent_as.clone(),
        is_test: Some(true),
        is_internal: flag(message.internal),
        packet_is_locked: flag(message.is_locked()),
        lock_mode: message.lock_mode,
        message_type: message_type(message),
        ..WireMessage::default()
    }
}

pub(super) fn message_type(message: &Message) -> i32 {
    if message.is_draft {
        MessageType::DRAFT.number()
    } else {
        MessageType::LETTER.number()
    }
}

fn title(box_id: &str) -> &'static str {
    if box_id == OTHER_BOX_ID {
        OTHER_TITLE
    } else {
        ORGANIZATION.name
    }
}

/// Whether an entity is this one or hangs below it. Parents come before their children, so the way up ends.
fn is_below(message: &Message, entity: &Entity, top: &str) -> bool {
    let is_top = |known: &Entity| match &known.what {
        What::Signature(signature) => {
            known.id.eq_ignore_ascii_case(top) || signature.stamped_id.eq_ignore_ascii_case(top)
        }
        _ => known.id.eq_ignore_ascii_case(top),
    };
    let mut at = Some(entity);
    for _ in 0..=message.entities.len() {
        let Some(known) = at else { return false };
        if is_top(known) {
            return true;
        }
        at = known.parent.as_deref().and_then(|id| message.entity(id));
    }
    false
}

/// Some entities as they are when they were just posted.
pub(super) fn some(
    room: &Room,
    message: &Message,
    ids: &[String],
    inject: bool,
) -> Vec<WireEntity> {
    let view = View {
        only: None,
        original: true,
        inject,
    };
    let mut space = Space(MOST_INLINE);
    message
        .entities
        .iter()
        .filter(|known| ids.contains(&known.id))
        .flat_map(|known| entity(room, message, known, view, &mut space))
        .collect()
}

fn entity(
    room: &Room,
    message: &Message,
    known: &Entity,
    view: View<'_>,
    space: &mut Space,
) -> Vec<WireEntity> {
    let attachment = |kind: AttachmentType| WireEntity {
        entity_type: Some(EntityType::ATTACHMENT.number()),
        attachment_type: Some(kind.number()),
        ..plain(known)
    };
    match &known.what {
        What::Document(document) => vec![WireEntity {
            content: Some(space.content(&known.content, view.inject)),
            file_name: Some(document.file_name.clone()),
            need_recipient_signature: document.needs_recipient_signature.then_some(true),
            document_info: Some(about(message, known, document)),
            packet_id: message.is_locked().then(|| message.id.clone()),
            version: Some(document.version.clone()),
            power_of_attorney_attachment_status: waiting::power(document.demand),
            ..attachment(kind_of(document, AttachmentType::TITLE, |it| it.attachment))
        }],
        What::Signature(signature) => signatures(room, known, signature, view, space),
        What::DeliveryFailure => vec![attachment(AttachmentType::DELIVERY_FAILURE_NOTIFICATION)],
        What::VerificationReport => vec![WireEntity {
            content: Some(space.content(&known.content, view.inject)),
            ..attachment(AttachmentType::SIGNATURE_VERIFICATION_REPORT)
        }],
    }
}

fn plain(known: &Entity) -> WireEntity {
    WireEntity {
        entity_id: known.id.clone(),
        parent_entity_id: known.parent.clone(),
        raw_creation_date: Some(known.created.ticks()),
        labels: known.labels.clone(),
        ..WireEntity::default()
    }
}

fn signatures(
    room: &Room,
    known: &Entity,
    signature: &Signature,
    view: View<'_>,
    space: &mut Space,
) -> Vec<WireEntity> {
    let side = if signature.ours { BOX_ID } else { OTHER_BOX_ID };
    let with = |content: Content| WireEntity {
        entity_type: Some(EntityType::SIGNATURE.number()),
        content: Some(content),
        signer_box_id: Some(boxes::old_form(side)),
        is_approvement_signature: signature.approval.then_some(true),
        power_of_attorney_info: signature.power.clone(),
        ..plain(known)
    };
    match room.own.messages.options.stamped_parent {
        _ if view.original => vec![with(space.content(&known.content, view.inject))],
        StampedParent::Document => vec![with(space.content(&signature.stamped, view.inject))],
        StampedParent::OriginalSignature => {
            let original = with(space.content(&known.content, view.inject));
            let stamped = WireEntity {
                entity_id: signature.stamped_id.clone(),
                parent_entity_id: Some(known.id.clone()),
                ..with(space.content(&signature.stamped, view.inject))
            };
            vec![original, stamped]
        }
    }
}

/// What a document is by its type, or what one of a type that nobody knows is.
fn kind_of<T>(document: &Document, unknown: T, what: impl Fn(&types::Kind) -> T) -> T {
    types::kind(&document.type_named_id).map_or(unknown, what)
}

/// What is known about a document, without its bytes.
pub(super) fn about(message: &Message, entity: &Entity, document: &Document) -> WireDocument {
    let by_sender = message.by_sender(&entity.id);
    let by_recipient = message.by_recipient(&entity.id, document);
    let none = GeneralReceiptStatus::GENERAL_RECEIPT_STATUS_NOT_ACCEPTABLE;
    let unknown = DocumentType::UNKNOWN_DOCUMENT_TYPE;
    let mut wire = WireDocument {
        index_key: Some(document.index_key(&entity.id)),
        message_id: message.id.clone(),
        entity_id: entity.id.clone(),
        creation_timestamp_ticks: entity.created.ticks(),
        counteragent_box_id: message.other_box.as_deref().map(boxes::old_form),
        document_type: Some(kind_of(document, unknown, |it| it.number).number()),
        content: Some(size(&entity.content)),
        file_name: Some(document.file_name.clone()),
        department_id: Some(HEAD_DEPARTMENT.to_owned()),
        is_test: Some(true),
        custom_document_id: document.custom_id.clone(),
        revocation_status: Some(RevocationStatus::REVOCATION_STATUS_NONE.number()),
        send_timestamp_ticks: document.sent_at.map(Moment::ticks),
        delivery_timestamp_ticks: document.sent_at.map(Moment::ticks),
        packet_id: message.is_locked().then(|| message.id.clone()),
        document_direction: Some(message.direction().number()),
        last_modification_timestamp_ticks: Some(message.changed.ticks()),
        sender_signature_status: Some(by_sender.number()),
        is_read: Some(false),
        proxy_signature_status: Some(ProxySignatureStatus::PROXY_SIGNATURE_STATUS_NONE.number()),
        type_named_id: document.type_named_id.clone(),
        function: document.function.clone(),
        workflow_id: kind_of(document, types::SIGNATURE, |it| it.workflow),
        title: document.file_name.clone(),
        recipient_receipt_metadata: RecipientReceiptMetadata::new(none),
        confirmation_metadata: ConfirmationMetadata::new(none, 0),
        recipient_response_status: by_recipient.number(),
        amendment_request_metadata: AmendmentRequestMetadata::new(0, none),
        lock_mode: message.lock_mode,
        sender_receipt_metadata: SenderReceiptMetadata::new(none),
        version: document.version.clone(),
        docflow_status: DocflowStatusV3::new(in_words(by_sender, by_recipient)),
        ..WireDocument::default()
    };
    waiting::tell(document.demand, &mut wire);
    wire
}

/// What a person reads of a document's state. Nobody decides by it.
fn in_words(
    by_sender: SenderSignatureStatus,
    by_recipient: RecipientResponseStatus,
) -> DocflowStatusModelV3 {
    let (severity, text) = match (by_sender, by_recipient) {
        (SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_INVALID, _)
        | (_, RecipientResponseStatus::INVALID_RECIPIENT_SIGNATURE) => {
            ("Error", "Подпись недействительна")
        }
        (_, RecipientResponseStatus::WITH_RECIPIENT_SIGNATURE) => {
            ("Success", "Подписан контрагентом")
        }
        (_, RecipientResponseStatus::WAITING_FOR_RECIPIENT_SIGNATURE) => {
            ("Warning", "Требуется подпись")
        }
        (SenderSignatureStatus::WAITING_FOR_SENDER_SIGNATURE, _) => {
            ("Warning", "Требуется подписать и отправить")
        }
        _ => ("Success", "Документооборот завершён"),
    };
    DocflowStatusModelV3::new()
        .with_severity(severity)
        .with_status_text(text)
}

fn size(bytes: &Bytes) -> Content {
    Content::new(i32::try_from(bytes.len()).unwrap_or(-1))
}

/// A GetDocument answer is a document with its bytes.
pub(super) fn with_content(document: WireDocument, bytes: &Bytes, inject: bool) -> WireDocument {
    WireDocument {
        content: Some(Space(MOST_INLINE).content(bytes, inject)),
        ..document
    }
}

/// What the service says of a signature it looked at.
pub(super) fn verification(look: &Look, at: Moment) -> SignatureVerificationResult {
    let at = Timestamp { ticks: at.ticks() };
    let chain = look.certificate.as_ref().map(|known| {
        // Windows: CERT_TRUST_NO_ERROR, CERT_TRUST_IS_PARTIAL_CHAIN.
        let flags = if look.certificate_is_right {
            0
        } else {
            0x0001_0000
        };
        CertificateChainElement {
            certificate_chain_status_flags: flags,
            der_certificate: der::Encode::to_der(known).unwrap_or_default().into(),
        }
    });
    SignatureVerificationResult {
        is_valid: look.is_valid(),
        certificate_status: look
            .certificate
            .is_some()
            .then(|| CertificateVerificationResult {
                is_valid: look.certificate_is_right,
                certificate_chain: chain.into_iter().collect(),
                verification_time: at,
            }),
        signature_timestamp: Some(at),
    }
}
