//! Decides what is kept of a post that succeeded: enough to answer a repeat.

use bytes::Bytes;

use crate::moment::Moment;

#[derive(Clone, Debug)]
pub(super) struct Post {
    /// The SHA-256 of the body.
    pub(super) body: [u8; 32],
    pub(super) done_at: Moment,
    pub(super) answer: Bytes,
}
