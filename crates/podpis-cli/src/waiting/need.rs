//! What a document that waits needs.
//!
//! **Invariant:** a need has one word for programs, which stays, and its words for people.

use podpis::OperationId;
use podpis::diadoc::documents::Needs;

use crate::messages::DiadocMessage;

/// What a document needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing but a signature.
    Signature,
    /// The same of a draft, which is sent with it.
    SignatureOfDraft,
    /// A title of the recipient.
    Title,
    /// An answer to a request to revoke it.
    RevocationAnswer,
    /// Somebody else's decision.
    Colleague,
    /// A decision within the organization.
    Resolution,
    /// Somebody who can decrypt it.
    Decryption,
    /// A power of attorney.
    PowerOfAttorney,
    /// No certificate can sign by the method, for these reasons.
    OtherMethod(String),
    /// The right to sign in this box.
    Right,
    /// The rest of its locked packet.
    Packet,
    /// An operation that is open to come to its end.
    Operation(OperationId),
    /// That a rule is kept, or that the service shows its message.
    Rule(String),
    /// Something that is not known here.
    Other,
}

impl From<Needs> for Need {
    fn from(needs: Needs) -> Self {
        match needs {
            Needs::Signature => Self::Signature,
            Needs::Title => Self::Title,
            Needs::RevocationAnswer => Self::RevocationAnswer,
            Needs::Colleague => Self::Colleague,
            Needs::Resolution => Self::Resolution,
            Needs::Decryption => Self::Decryption,
            _ => Self::Other,
        }
    }
}

impl Need {
    /// Whether a signature is all.
    pub(crate) fn is_only_a_signature(&self) -> bool {
        matches!(self, Self::Signature | Self::SignatureOfDraft)
    }

    /// The word for programs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Signature | Self::SignatureOfDraft => "signature",
            Self::Title => "title",
            Self::RevocationAnswer => "revocation_answer",
            Self::Colleague => "colleague",
            Self::Resolution => "resolution",
            Self::Decryption => "decryption",
            Self::PowerOfAttorney => "power_of_attorney",
            Self::OtherMethod(_) => "other_method",
            Self::Right => "right_to_sign",
            Self::Packet => "packet",
            Self::Operation(_) => "operation",
            Self::Rule(_) => "rule",
            Self::Other => "other",
        }
    }

    /// The words for people.
    pub(crate) fn message(&self) -> DiadocMessage {
        DiadocMessage::Needs(self.clone())
    }
}
