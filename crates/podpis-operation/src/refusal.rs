//! Decides how many ways there are to be refused, and what to do about each.
//!
//! **Invariant:** one vocabulary for both services; a variant exists only where it asks for a different action.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Why an operation will never produce its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Refusal {
    /// The person said no.
    CancelledBySigner,
    /// The person did not confirm in time, or the code was too old.
    Expired,
    /// Too many wrong codes.
    TooManyAttempts,
    /// The person, or the document, has another operation that is not finished.
    AnotherOperationOpen {
        /// The service's name for the other operation, where it tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operation: Option<String>,
        /// The sort of the other operation in the service's words, where it tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sort: Option<String>,
    },
    /// The service wants the whole operation again, not before a moment.
    MustStartOver {
        /// The earliest moment for the next start.
        not_before: Timestamp,
    },
    /// The service asked nobody to confirm and made no signature: the certificate cannot sign remotely.
    NothingSigned,
    /// The service found errors in the documents; its words are beside this.
    DocumentsRefused,
    /// Documents have no signature, and without one nothing is sent; the service's words name them.
    NotSigned,
    /// The service failed while it worked on the operation.
    ServiceCrashed,
    /// The service refused for a reason of its own; its words are beside this.
    Other,
}

impl Refusal {
    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::CancelledBySigner | Self::AnotherOperationOpen { .. } | Self::TooManyAttempts => {
                Advice::AskThePerson
            }
            Self::Expired => Advice::StartAgain,
            Self::MustStartOver { not_before } => Advice::StartAgainAfter(*not_before),
            Self::ServiceCrashed => Advice::StartAgain,
            Self::NothingSigned => Advice::FixTheCertificate,
            Self::DocumentsRefused => Advice::FixTheDocuments,
            Self::NotSigned => Advice::SignFirst,
            Self::Other => Advice::Stop,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CancelledBySigner => f.write_str("the signer declined"),
            Self::Expired => f.write_str("the operation was not confirmed in time"),
            Self::TooManyAttempts => f.write_str("too many wrong codes were given"),
            Self::AnotherOperationOpen { operation, sort } => {
                f.write_str("another operation is still open")?;
                if let Some(sort) = sort {
                    write!(f, ", a {sort}")?;
                }
                if let Some(operation) = operation {
                    write!(f, ", {operation}")?;
                }
                Ok(())
            }
            Self::MustStartOver { .. } => f.write_str("the service asks to start over later"),
            Self::ServiceCrashed => {
                f.write_str("the service failed while it worked on the operation")
            }
            Self::NothingSigned => f.write_str(
                "the service asked nobody to confirm and signed nothing: this certificate cannot sign remotely",
            ),
            Self::DocumentsRefused => f.write_str("the service found errors in the documents"),
            Self::NotSigned => f.write_str("there are documents without a signature"),
            Self::Other => f.write_str("the service refused"),
        }
    }
}

/// What to do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Start a new operation now.
    StartAgain,
    /// Start a new operation, not before this moment.
    StartAgainAfter(Timestamp),
    /// Talk to the person first: confirm or decline what is open, or agree on another try.
    AskThePerson,
    /// Choose another certificate or renew this one.
    FixTheCertificate,
    /// Mend the documents, and start a new operation with them.
    FixTheDocuments,
    /// Sign the documents, and start a new operation.
    SignFirst,
    /// Do not try again without finding out why.
    Stop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_advice() {
        let soon = Timestamp::from_millis(7);
        let table = [
            (Refusal::CancelledBySigner, Advice::AskThePerson),
            (Refusal::Expired, Advice::StartAgain),
            (Refusal::TooManyAttempts, Advice::AskThePerson),
            (
                Refusal::AnotherOperationOpen {
                    operation: None,
                    sort: None,
                },
                Advice::AskThePerson,
            ),
            (
                Refusal::MustStartOver { not_before: soon },
                Advice::StartAgainAfter(soon),
            ),
            (Refusal::NothingSigned, Advice::FixTheCertificate),
            (Refusal::DocumentsRefused, Advice::FixTheDocuments),
            (Refusal::NotSigned, Advice::SignFirst),
            (Refusal::ServiceCrashed, Advice::StartAgain),
            (Refusal::Other, Advice::Stop),
        ];
        for (refusal, advice) in table {
            assert_eq!(refusal.advice(), advice, "{refusal}");
        }
    }
}
