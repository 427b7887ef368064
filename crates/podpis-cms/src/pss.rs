//! Decides which RSASSA-PSS parameters can be verified.
//!
//! **Invariant:** the digest of the message and of the mask are the same one; any other choice is
//! left to a verifier, not approximated.

use rsa::pkcs1::RsaPssParams;

use crate::{DigestAlgorithm, oid};

/// Parameters that the crate verifies with.
pub(crate) struct PssParameters {
    pub(crate) digest: DigestAlgorithm,
    pub(crate) salt_length: usize,
}

/// Reads the parameters of a signature algorithm identifier. Absent ones mean SHA-1.
pub(crate) fn parameters(der: Option<&[u8]>) -> Option<PssParameters> {
    let parameters = RsaPssParams::try_from(der?).ok()?;
    let mask_digest = parameters.mask_gen.parameters.as_ref()?.oid;
    (parameters.mask_gen.oid.to_string() == oid::MGF_1 && mask_digest == parameters.hash.oid).then(
        || PssParameters {
            digest: DigestAlgorithm::from_oid(&parameters.hash.oid.to_string()),
            salt_length: usize::from(parameters.salt_len),
        },
    )
}
