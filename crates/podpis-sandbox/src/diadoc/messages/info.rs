//! Decides what a world tells about its messages: the seeded ids, and what is signed by now.
//!
//! **Invariant:** whether a signature verifies is told from the bytes as they lie there now, not from what the
//! service has noticed so far.

use crate::settings::choices;
use serde::{Deserialize, Serialize};

/// One seeded document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentInfo {
    /// The id of the message.
    pub message: String,
    /// The id of the entity in the message.
    pub entity: String,
}

/// The seeded messages, beside the unsigned document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessagesInfo {
    /// An incoming formalized document that the sender signed and that waits for our signature.
    pub counter_signed: DocumentInfo,
    /// The sender's signature of it.
    pub counter_signature: String,
    /// An outgoing formalized document that is not sent (DelaySend) and can be prepared.
    pub unsent: DocumentInfo,
    /// An outgoing non-formalized document that is not sent.
    pub unsent_nonformalized: DocumentInfo,
    /// An outgoing formalized document that is signed and sent.
    pub sent: DocumentInfo,
    /// A draft of two documents: the first one can be prepared, the second one cannot.
    pub draft: PacketInfo,
    /// A locked packet (LockMode Full) of two outgoing documents that are not sent.
    pub locked: PacketInfo,
    /// All documents that wait for the side of the first user, those above among them; drafts are not.
    #[serde(default)]
    pub waiting: Vec<WaitingInfo>,
}

/// A document that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WaitingInfo {
    /// Which one.
    pub document: DocumentInfo,
    /// What it needs of the first user: `signature` and nothing else, `title`, `power_of_attorney`, `colleague`,
    /// `decryption` or `other`.
    pub needs: String,
}

/// A message with several documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PacketInfo {
    /// The id of the message, or of the draft.
    pub message: String,
    /// The ids of its documents.
    pub documents: Vec<String>,
}

choices! {
    /// How far the service is with a signature.
    pub enum Verification {
        /// It has not looked yet.
        Pending,
        /// It is valid.
        Valid,
        /// It is not, and there is a DeliveryFailureNotification.
        Invalid,
    }
}

/// A document in the box, and its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentState {
    /// The id of the message, or of the draft.
    pub message: String,
    /// The id of the document.
    pub entity: String,
    /// The name of its file.
    pub file_name: String,
    /// Its type; `Nonformalized` is a file of any kind.
    pub type_named_id: String,
    /// Whether our box is the sender.
    pub outgoing: bool,
    /// Whether it lies in a draft.
    pub draft: bool,
    /// Whether it is sent.
    pub sent: bool,
    /// Whether its content was replaced by a prepared one.
    pub patched: bool,
    /// How often the service found a signature of it invalid.
    pub failures: usize,
    /// The path of its bytes in the sandbox.
    pub content: String,
    /// Its signatures, oldest first.
    pub signatures: Vec<SignatureState>,
}

/// A signature of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureState {
    /// The id of the signature.
    pub entity: String,
    /// Whether it is of our side.
    pub ours: bool,
    /// Whether it is an approval signature.
    pub approval: bool,
    /// Whether it is over the document's bytes, by the key of the certificate in it.
    pub verifies: bool,
    /// How far the service is with it.
    pub verification: Verification,
    /// Whether the recipient has it: it is sent with the document.
    pub delivered: bool,
    /// The thumbprint of the certificate in it, when it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
    /// The registration number of the power of attorney that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_of_attorney: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// The path of its DER in the sandbox, as it was posted.
    pub signature: String,
}
