//! Signing and decrypting with a key that stays at the service.
//!
//! ```text
//! cloud-sign → nothing to confirm → look for the signature
//!            → request id, SMS    → cloud-sign-confirm(code) → look for the signature
//!            → task id, phone     → ask for the task … succeed → look for the signature
//! ```
//!
//! Which of the three it is, the ids in the answer decide, never a flag that was sent.
//!
//! **Invariant:** a start and a code are sent once. The service attaches the signature when the task is asked and
//! says `succeed`, so only that, or a signature that was seen, ends an operation well.

mod builders;
mod collect;
mod conversation;
mod decrypt;
mod kinds;
mod record;
mod target;
mod task;

use podpis_cms::Signatures;
use podpis_core::{Error, ErrorChain, ErrorKind};
use podpis_extern_model::OperationStatus;
use podpis_operation::{Event, Operation, Refusal};

pub use builders::{Decrypting, DraftSigning, PfrReplySigning, ReplySigning};
pub use decrypt::Decrypted;
pub use kinds::{DecryptDocument, SignDraft, SignPfrReply, SignReply};
pub use target::ConfirmPath;

pub(crate) use builders::{reply_file, sender_certificate};
pub(crate) use kinds::bound;
pub(crate) use record::{Record, kept_of_steps, unsent};
pub(crate) use target::Target;

/// How far the service is with an operation that waits for the phone, as the last poll told; an open set.
#[must_use]
pub fn progress(operation: &Operation) -> Option<OperationStatus> {
    let data = operation.data().to_value();
    // An operation of several steps has the signing's record inside its own.
    let text = data
        .get("progress")
        .or_else(|| data.get("inner")?.get("progress"))?
        .as_str()?;
    Some(OperationStatus::from(text))
}

/// The end of an operation that would send something under signatures of something else, or of people who are not
/// trusted.
pub(crate) fn wrong_signatures<R>(signed: Result<Signatures, Error>) -> Option<Event<R>> {
    let problem = match signed {
        Ok(signatures) => signatures.all().err()?.to_string(),
        Err(error) if error.kind() == ErrorKind::NotTrusted => error.to_string(),
        Err(error) => ErrorChain(&error).to_string(),
    };
    Some(Event::Refused {
        refusal: Refusal::Other,
        message: Some(format!("nothing was sent: {problem}")),
    })
}
