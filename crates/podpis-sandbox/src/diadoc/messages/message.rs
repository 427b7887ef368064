//! Decides what a message in the box is: its documents, the signatures below them, and what was found out about them.
//!
//! **Invariant:** a signature stays below the document it was posted for, and what the service later finds out about
//! it adds entities, but never takes one away.

use bytes::Bytes;
use podpis_diadoc_proto::DocumentDirection;
use podpis_diadoc_proto::documents::{RecipientResponseStatus, SenderSignatureStatus};
use podpis_diadoc_proto::events::PowerOfAttorneyInfo;

use super::info::Verification;
use super::types;
use crate::moment::Moment;

/// A letter or a draft.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) is_draft: bool,
    /// Whether our box is the sender.
    pub(super) outgoing: bool,
    pub(super) internal: bool,
    /// The box of the other side, unless a draft leaves it open.
    pub(super) other_box: Option<String>,
    pub(super) created: Moment,
    pub(super) changed: Moment,
    pub(super) draft_locked: bool,
    pub(super) recycled: bool,
    pub(super) from_draft: Option<String>,
    pub(super) sent_as: Vec<String>,
    /// A number of LockMode.
    pub(super) lock_mode: i32,
    pub(super) entities: Vec<Entity>,
}

/// Something in a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Entity {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) created: Moment,
    pub(super) content: Bytes,
    pub(super) labels: Vec<String>,
    pub(super) what: What,
}

/// What an entity is.
#[derive(Clone, Debug, Default)]
pub(super) enum What {
    Document(Box<Document>),
    Signature(Box<Signature>),
    /// A signature was found invalid; below it is the report.
    #[default]
    DeliveryFailure,
    VerificationReport,
}

/// What a document needs beside a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Demand {
    #[default]
    Nothing,
    /// A title of the recipient.
    Title,
    PowerOfAttorney,
    /// The signature of this user, who was asked for it.
    User(&'static str),
    /// Somebody who can decrypt it.
    Decryption,
    /// Whatever a flow asks for that is newer than every list of flows.
    Unknown,
}

/// What is known about a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) file_name: String,
    pub(super) type_named_id: String,
    pub(super) function: String,
    pub(super) version: String,
    /// Whether PrepareDocumentsToSign can put a signer into it.
    pub(super) can_be_prepared: bool,
    pub(super) needs_recipient_signature: bool,
    pub(super) custom_id: Option<String>,
    pub(super) sent_at: Option<Moment>,
    pub(super) patched: bool,
    pub(super) demand: Demand,
}

impl Document {
    /// A file of any kind.
    pub(super) fn plain(file_name: &str) -> Self {
        Self {
            file_name: file_name.to_owned(),
            type_named_id: "Nonformalized".to_owned(),
            function: "default".to_owned(),
            version: "v1".to_owned(),
            ..Self::default()
        }
    }

    /// Its place among all: by the time it was sent. One that is not sent yet comes behind all others, as if it were
    /// infinitely late.
    pub(super) fn index_key(&self, id: &str) -> String {
        let ticks = self.sent_at.map_or(i64::MAX, Moment::ticks);
        format!("{ticks:016x}{}", id.replace('-', ""))
    }

    pub(super) fn is_formalized(&self) -> bool {
        types::is_formalized(&self.type_named_id)
    }
}

/// What is known about a signature.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    pub(super) ours: bool,
    pub(super) approval: bool,
    pub(super) power: Option<PowerOfAttorneyInfo>,
    /// With the time stamp of the service.
    pub(super) stamped: Bytes,
    /// The id of the entity with the time stamp, where that is one of its own.
    pub(super) stamped_id: String,
    /// When the service looks at it.
    pub(super) verify_at: Moment,
    pub(super) verification: Verification,
    /// What the post did beside, to be taken back when the signature turns out invalid.
    pub(super) undo: Option<Undo>,
}

/// What a signature did when it was posted.
#[derive(Clone, Debug, Default)]
pub(super) struct Undo {
    /// The content before it was replaced by a prepared one.
    pub(super) content: Option<Bytes>,
    /// Documents that were sent by it.
    pub(super) sent: Vec<String>,
}

impl Message {
    /// Which way it goes.
    pub(super) fn direction(&self) -> DocumentDirection {
        match (self.internal, self.outgoing) {
            (true, _) => DocumentDirection::INTERNAL,
            (false, true) => DocumentDirection::OUTBOUND,
            (false, false) => DocumentDirection::INBOUND,
        }
    }

    pub(super) fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities
            .iter()
            .find(|known| known.id.eq_ignore_ascii_case(id))
    }

    pub(super) fn entity_mut(&mut self, id: &str) -> Option<&mut Entity> {
        self.entities
            .iter_mut()
            .find(|known| known.id.eq_ignore_ascii_case(id))
    }

    pub(super) fn documents(&self) -> impl Iterator<Item = (&Entity, &Document)> {
        self.entities.iter().filter_map(|known| match &known.what {
            What::Document(document) => Some((known, &**document)),
            _ => None,
        })
    }

    /// The signatures below a document.
    pub(super) fn signatures<'a>(
        &'a self,
        document: &'a str,
    ) -> impl Iterator<Item = (&'a Entity, &'a Signature)> {
        self.entities
            .iter()
            .filter_map(move |known| match &known.what {
                What::Signature(signature)
                    if known
                        .parent
                        .as_deref()
                        .is_some_and(|parent| parent.eq_ignore_ascii_case(document)) =>
                {
                    Some((known, &**signature))
                }
                _ => None,
            })
    }

    /// How far the sender's signature under a document is.
    pub(super) fn by_sender(&self, document: &str) -> SenderSignatureStatus {
        match self.verified(document, self.outgoing) {
            None => SenderSignatureStatus::WAITING_FOR_SENDER_SIGNATURE,
            Some(Verification::Pending) => SenderSignatureStatus::SENDER_SIGNATURE_UNCHECKED,
            Some(Verification::Valid) => SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_VALID,
            Some(Verification::Invalid) => {
                SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_INVALID
            }
        }
    }

    /// How far the recipient's answer to a document is.
    pub(super) fn by_recipient(&self, id: &str, document: &Document) -> RecipientResponseStatus {
        match self.verified(id, !self.outgoing) {
            None if document.needs_recipient_signature => {
                RecipientResponseStatus::WAITING_FOR_RECIPIENT_SIGNATURE
            }
            None => RecipientResponseStatus::RECIPIENT_RESPONSE_STATUS_NOT_ACCEPTABLE,
            Some(Verification::Invalid) => RecipientResponseStatus::INVALID_RECIPIENT_SIGNATURE,
            Some(_) => RecipientResponseStatus::WITH_RECIPIENT_SIGNATURE,
        }
    }

    /// What is known of a side's last ordinary signature.
    fn verified(&self, document: &str, ours: bool) -> Option<Verification> {
        let signatures = self.signatures(document).map(|(_, known)| known);
        let ordinary = signatures.filter(|known| known.ours == ours && !known.approval);
        ordinary.map(|known| known.verification).last()
    }

    /// Whether a side has its ordinary signature. One that was found invalid does not count.
    pub(super) fn is_signed(&self, document: &str, ours: bool) -> bool {
        self.signatures(document).any(|(_, known)| {
            known.ours == ours && !known.approval && known.verification != Verification::Invalid
        })
    }

    /// Documents of a locked packet are sent together.
    pub(super) fn is_locked(&self) -> bool {
        self.lock_mode == LOCKED
    }
}

/// LockMode Full.
pub(super) const LOCKED: i32 = 3;
