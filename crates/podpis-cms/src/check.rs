//! Decides how it is said what was checked and what was not.
//!
//! **Invariant:** there is no "failed" here: a failed check is an error, so a `Check` is either
//! passed or says why nothing was found out.

use std::fmt;

/// The outcome of one check that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "passed or not: a third answer would be a lie"
)]
pub enum Check {
    /// It was checked and is right.
    Passed,
    /// It was not checked, for this reason.
    NotChecked(Reason),
}

impl Check {
    /// Was it checked?
    #[must_use]
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Why it was not checked.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Passed => None,
            Self::NotChecked(reason) => Some(reason),
        }
    }

    /// Keeps the first reason there was.
    pub(crate) fn and(self, other: Self) -> Self {
        match self {
            Self::Passed => other,
            not_checked @ Self::NotChecked(_) => not_checked,
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::NotChecked(reason) => write!(f, "not checked: {reason}"),
        }
    }
}

/// Why something was not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The document's bytes, or their digest in the signature's algorithm, are not at hand. Giving
    /// the file settles it: [`Signed::with_file`](crate::Signed::with_file).
    NeedsFile,
    /// The algorithm, by name or OID, is not one the crate computes or verifies, and no
    /// [`Verifier`](crate::Verifier) did.
    Algorithm(String),
    /// The signer's certificate is neither embedded nor given.
    NoCertificate,
    /// No embedded certificate is known to be the signer's, and one cannot be read.
    UnreadableCertificate,
    /// The signer's RSA key has fewer than 2,048 bits, which proves nothing today.
    /// [`Expectation::allow_weak_keys`](crate::Expectation::allow_weak_keys) verifies such values.
    WeakKey {
        /// The bits of its modulus.
        bits: usize,
    },
    /// The certificate asked for is named by a signer, but the value was not checked with its key.
    ValueNotChecked,
    /// Nobody said which certificate it should be.
    NotAsked,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsFile => f.write_str("the file is needed"),
            Self::Algorithm(name) => write!(f, "{name} is not supported"),
            Self::NoCertificate => f.write_str("the signature has no certificate"),
            Self::UnreadableCertificate => f.write_str("the certificate cannot be read"),
            Self::WeakKey { bits } => write!(f, "an RSA key of {bits} bits proves nothing"),
            Self::ValueNotChecked => f.write_str("the value was not checked"),
            Self::NotAsked => f.write_str("no certificate was asked for"),
        }
    }
}

/// What is known of a signature bound to a document.
///
/// With several signers each check is the weakest of theirs: passed only if it is for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks {
    pub(crate) digest: Check,
    pub(crate) signer: Check,
    pub(crate) value: Check,
}

impl Checks {
    /// Is the signature for this very document? `messageDigest` equals its digest; without signed
    /// attributes the value itself proves it.
    ///
    /// It proves nothing alone: whoever can change `messageDigest` can change the file. Together
    /// with a passed [`value`](Self::value) it does.
    #[must_use]
    pub fn digest(&self) -> &Check {
        &self.digest
    }

    /// Is the certificate asked for a signer's: did its key make a value?
    #[must_use]
    pub fn signer(&self) -> &Check {
        &self.signer
    }

    /// Was the value made by the key of the signer's certificate?
    #[must_use]
    pub fn value(&self) -> &Check {
        &self.value
    }

    /// Is everything proven that was asked: the document, every signer's value and, if a certificate
    /// was asked for, that its key made one?
    #[must_use]
    pub fn is_proven(&self) -> bool {
        let signer = matches!(
            self.signer,
            Check::Passed | Check::NotChecked(Reason::NotAsked)
        );
        self.digest.is_passed() && self.value.is_passed() && signer
    }
}

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "digest {}, signer {}, value {}",
            self.digest, self.signer, self.value
        )
    }
}
