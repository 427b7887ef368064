//! Data that is signed, and what an expert would write to check it: for every benchmark that has signatures.
//!
//! *Invariant:* nothing of podpis takes part.

mod batch;
mod by_hand;
mod der;
mod signer;

pub use batch::Batch;
pub use by_hand::{bind, bind_digests};
pub use signer::{Covers, Signer};
