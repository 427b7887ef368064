//! What is posted: a patch of a message, a draft that is sent, a new message.
//!
//! ```text
//! PostMessagePatch | SendDraft | PostMessage (operationId, body) → 204 or 409 with Retry-After: the same again … → done
//! ```
//!
//! The id of the record is the operationId, by which the service knows a repetition. Id and body are in the record
//! before the first byte leaves, so whoever goes on sends the same bytes under the same id.
//!
//! | module | decides |
//! |---|---|
//! | `patch`, `draft`, `outgoing` | what each of the three carries, before it is posted |
//! | `starting` | that an id goes with one body |
//! | `sending` | how it is sent, and which answers are final |
//! | `look` | whether what was posted is there |
//! | `conversation` | what the answers mean for the record |
//! | `posted` | what came of it |
//!
//! **Invariant:** however often it is sent, one posting has one effect: the same bytes, the same id. Another body under
//! the id of a posting that is in the journal is refused here, before the service sees it.

mod conversation;
mod draft;
mod look;
mod new_message;
mod patch;
mod posted;
mod record;
mod sending;
mod starting;

pub use draft::DraftPosting;
pub use new_message::{MessagePosting, OutgoingDocument};
pub use patch::MessagePatching;
pub use posted::{Posted, PostedEntity};

pub(crate) use look::is_same;
pub(crate) use record::{Record, posted_signatures};
pub(crate) use sending::is_final;

use crate::{BoxId, MessageId};
use record::Post;

const KIND: &str = "diadoc.posting";

/// The kind of operation: a posting.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Posting;

/// What is to be posted.
struct Outgoing {
    post: Post,
    in_box: BoxId,
    /// The message or the draft that is changed.
    message: Option<MessageId>,
    body: Vec<u8>,
}
