//! What a failure means for the signature, and what to do.
//!
//! **Invariant:** derived from what the error already knows: its refusal, the state of its record, and whether
//! the request was applied. Never guessed: where nothing is known, nothing is said.

use std::fmt;

use http::StatusCode;
use podpis_operation::{Advice, OperationId, State};

use super::{Error, ErrorKind};

/// What a failure means for the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// Nothing began: no person was asked, and starting again is safe.
    NotStarted,
    /// The service may have acted: starting again may ask the person twice.
    Unknown {
        /// The record that tells what was sent.
        operation: OperationId,
    },
    /// The operation goes on at the service, and can be resumed.
    StillOpen {
        /// The record to resume.
        operation: OperationId,
    },
    /// The service does not know the operation: no later call says anything else.
    Gone {
        /// The record of what was asked for.
        operation: OperationId,
    },
    /// There will be no signature.
    Refused {
        /// What to do next.
        advice: Advice,
    },
    /// The result came, and the journal did not take it: it is in this program only.
    NotStored {
        /// The operation whose result it is.
        operation: OperationId,
    },
    /// Something came back that is not the signatures of these files; it is kept in the record.
    Kept {
        /// The record that has it.
        operation: OperationId,
    },
    /// The signatures of these files came back, and who made them is not trusted. They are kept in the record, and nothing
    /// was done with them.
    KeptUntrusted {
        /// The record that has them.
        operation: OperationId,
    },
}

impl Error {
    /// What this failure means for the signature; none where the failure is not one of an operation.
    #[must_use]
    pub fn meaning(&self) -> Option<Meaning> {
        if let Some(operation) = self.operation() {
            let id = operation.id().clone();
            return Some(match operation.state() {
                State::Starting if self.0.before_start => Meaning::NotStarted,
                State::Starting | State::Confirming { .. } => Meaning::Unknown { operation: id },
                State::AwaitingCode { .. } | State::Processing { .. }
                    if self.is_unknown_there(operation.state()) =>
                {
                    Meaning::Gone { operation: id }
                }
                State::AwaitingCode { .. } | State::Processing { .. } => {
                    Meaning::StillOpen { operation: id }
                }
                // Nothing is wrong with what came.
                State::Done if self.kind() == ErrorKind::Journal => {
                    Meaning::NotStored { operation: id }
                }
                State::Done if self.kind() == ErrorKind::NotTrusted => {
                    Meaning::KeptUntrusted { operation: id }
                }
                State::Done => Meaning::Kept { operation: id },
                State::Refused { refusal, .. } => Meaning::Refused {
                    advice: refusal.advice(),
                },
            });
        }
        if let Some(refusal) = self.refusal() {
            return Some(Meaning::Refused {
                advice: refusal.advice(),
            });
        }
        (self.0.before_start || self.kind() == ErrorKind::InvalidInput)
            .then_some(Meaning::NotStarted)
    }

    /// Whether the service itself, and no page of a proxy, says that there is no such thing. To a code it must say so in
    /// words: it is not asked again without another code, and on the way an empty answer comes easily.
    fn is_unknown_there(&self, state: &State) -> bool {
        let gone = [StatusCode::NOT_FOUND, StatusCode::GONE];
        self.service().is_some_and(|answer| {
            let is_asked_again = matches!(state, State::Processing { .. });
            let has_words = answer.message.is_some() || answer.code.is_some();
            !answer.is_page && gone.contains(&answer.status) && (is_asked_again || has_words)
        })
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted => f.write_str("Nothing was started"),
            Self::Unknown { operation } => write!(
                f,
                "It is not known whether the service acted: look before you start again; operation {operation} \
                 says what was sent"
            ),
            Self::StillOpen { operation } => {
                write!(
                    f,
                    "Operation {operation} is still open at the service: resume it"
                )
            }
            Self::Gone { operation } => write!(
                f,
                "The service does not know operation {operation} any more: look there what became of it, then start \
                 over or forget it"
            ),
            Self::Refused { advice } => {
                f.write_str("There will be no signature: ")?;
                match advice {
                    Advice::StartAgain => f.write_str("start again"),
                    Advice::StartAgainAfter(moment) => {
                        write!(f, "start again, not before {moment}")
                    }
                    Advice::AskThePerson => {
                        f.write_str("talk to the signer before you start again")
                    }
                    Advice::FixTheCertificate => f.write_str("choose or renew the certificate"),
                    Advice::FixTheDocuments => f.write_str("mend the documents and start again"),
                    Advice::SignFirst => f.write_str("sign the documents first"),
                    _ => f.write_str("find out why before you start again"),
                }
            }
            Self::NotStored { operation } => write!(
                f,
                "The result of operation {operation} has come and is not in the journal: take it from this program before \
                 it ends"
            ),
            Self::Kept { operation } => write!(
                f,
                "What came back is kept in operation {operation}; do not use it as signatures of these files"
            ),
            Self::KeptUntrusted { operation } => write!(
                f,
                "The signatures are kept in operation {operation}, and nothing was done with them: look into the \
                 certificate before you use them, and before you ask the person again"
            ),
        }
    }
}
