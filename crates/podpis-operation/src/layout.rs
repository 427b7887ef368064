//! How a record is written as JSON.
//!
//! **Invariant:** what was written with a version is read as long as that version is; what is new has a default.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Data, Fingerprint, Kind, Operation, OperationId, Origin, State, Timestamp};

/// A record, borrowed where it is written and owned where it was read.
#[derive(Serialize, Deserialize)]
pub(crate) struct Layout<'o> {
    pub(crate) version: Version,
    pub(crate) id: OperationId,
    pub(crate) kind: Cow<'o, Kind>,
    pub(crate) origin: Cow<'o, Origin>,
    pub(crate) state: Cow<'o, State>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) files: Cow<'o, [Fingerprint]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) follows: Option<OperationId>,
    pub(crate) created: Timestamp,
    pub(crate) changed: Timestamp,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) polls: u32,
    #[serde(default)]
    pub(crate) data: Data,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The layout of records that this library writes and reads.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub(crate) struct Version;

impl TryFrom<u32> for Version {
    type Error = UnknownVersion;

    fn try_from(number: u32) -> Result<Self, UnknownVersion> {
        match number {
            Operation::VERSION => Ok(Self),
            other => Err(UnknownVersion(other)),
        }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        Operation::VERSION
    }
}

/// The record was written by a newer library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record has version {0}, and this program reads version 1: use a newer program")]
pub struct UnknownVersion(u32);
