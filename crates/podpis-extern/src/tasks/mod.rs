//! Checking, preparing and sending a draft: what the service does without a person.
//!
//! ```text
//! check | prepare | send → task … succeed → the result
//! ```
//!
//! **Invariant:** whether a start whose answer was lost arrived is looked up in the draft (its docflow, its tasks)
//! before it is sent again. A draft is sent once, by the service's own rule too.

mod builders;
mod conversation;
mod findings;
mod kinds;
mod record;
mod work;

pub use builders::{DraftChecking, DraftPreparing, DraftSending};
pub use kinds::{CheckDraft, PrepareDraft, PreparedDraft, SendDraft, SentDraft};

pub(crate) use conversation::{failure, refused};
pub(crate) use findings::{in_words, known};
pub(crate) use record::{Record, Step};
pub(crate) use work::Work;
