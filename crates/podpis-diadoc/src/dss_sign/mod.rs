//! Signing by a DSS certificate or by GosKey, confirmed on the owner's phone: the DssSign conversation.
//!
//! ```text
//! DssSign → task → DssSignResult … InProgress … Completed, with a signature or an error for each file
//! ```
//!
//! **Invariant:** an operation is started once. A repetition that the service asks for (OperationRetryRequired) is
//! an operation of its own, which follows the first. Diadoc has no list of operations, so a lost answer to a start
//! can only be reported, never guessed.

mod answer;
mod conversation;
mod progress;
mod record;
mod request;
mod signer;
mod signing;

pub use podpis_diadoc_proto::dss::{DssConfirmType, DssOperator};
pub use progress::DssProgress;
pub use signer::GosKey;
pub use signing::DssSigning;

pub(crate) use record::Record;
pub(crate) use request::Request;

const KIND: &str = "diadoc.dss-sign";

/// The kind of operation: signing by a DSS certificate or by GosKey.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DssSign;
