//! Documents of a message in Diadoc that are signed and get their signatures attached.
//!
//! | module | decides |
//! |---|---|
//! | `ask` | what can be asked, in a form that is noted and asked again |
//! | `delivery` | what becomes of the signatures |
//!
//! **Invariant:** a signature that is attached is a file too, and one that could not be attached is a file all the more.

mod ask;
mod delivery;

pub(crate) use ask::{AttachAsk, AttachMethod};
pub(crate) use delivery::{deliver, save_kept};

use podpis::Operation;
use podpis::core::wait::OperationKind as _;
use podpis::diadoc::{Posting, SignAndAttach};

/// How far an operation is that attaches signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttachStep {
    /// Somebody signs.
    Signing,
    /// The signatures are there, and are posted.
    Posting,
}

/// The step, for operations of that kind. Records name it `signing` as long as somebody signs.
pub(crate) fn attach_step(operation: &Operation) -> Option<AttachStep> {
    if *operation.kind() != SignAndAttach::KIND {
        return None;
    }
    Some(match operation.data().get("step")?.as_str()? {
        "signing" => AttachStep::Signing,
        _ => AttachStep::Posting,
    })
}

/// Whether a lost answer is found out without a person: what was posted is in the message, or is posted again as it was.
pub(crate) fn is_found_out(operation: &Operation) -> bool {
    *operation.kind() == Posting::KIND || attach_step(operation) == Some(AttachStep::Posting)
}
