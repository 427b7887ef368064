//! Decides in which ways signatures can be spoiled.
//!
//! **Invariant:** a way is named as in the JSON of a fault; how it is done is the signer's matter.

use serde::{Deserialize, Serialize};

use super::digest_name::DigestName;

/// How the signatures in one answer are spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureFault {
    /// The right signatures in another order (turned by one place).
    Permute,
    /// The first signature comes twice: one more than there are files.
    Double,
    /// The first signature is over other bytes, by the right signer.
    Forge,
    /// The value of the first signature has one bit turned.
    Corrupt,
    /// The last signature is left out.
    Missing,
    /// The first signature is by another certificate of the same CA.
    OtherSigner,
    /// The first signature comes in BER: lengths left out, OCTET STRINGs in pieces. It is the same SignedData.
    Ber,
    /// The first signature carries a time stamp in BER as an unsigned attribute, the rest is DER.
    BerToken,
    /// The first signature breaks off in the middle, so it is none.
    Unreadable,
    /// The first signature is by another certificate, over other bytes, and names this digest algorithm.
    ForeignDigest(DigestName),
    /// The first signature is by the right signer, over the right bytes, with SHA-1.
    Sha1,
}
