//! Decides how much of a signature is read at most.
//!
//! **Invariant:** every limit is a number with a default, and reaching it is an error that names it.

/// How large a signature may be.
///
/// ```
/// use podpis_cms::{FormatError, Limits, Signature};
/// # let der = include_bytes!("../tests/fixtures/p256.p7s");
/// let mut limits = Limits::default();
/// limits.bytes = 100;
/// let error = Signature::parse_within(der, &limits).unwrap_err();
/// assert_eq!(error, FormatError::TooLarge { bytes: der.len(), limit: 100 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes, as they came. 16 MiB by default.
    pub bytes: usize,
    /// Signers of one signature. 1,000 by default.
    pub signers: usize,
    /// Certificates that one signer may mean: different ones with the same issuer and serial
    /// number, or the same key identifier. 64 by default, because the value is verified with each;
    /// beyond one for each signer, all signers together may mean four times as many.
    pub certificates: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            signers: 1_000,
            certificates: 64,
        }
    }
}
