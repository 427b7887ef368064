//! Decides how it is said that signatures and documents do not belong together.
//!
//! **Invariant:** an error names the file by name and position, and carries no content.

use std::fmt;

use crate::{Checks, DigestAlgorithm, FormatError, Thumbprint, VerifierError};

/// A document in the order they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Place {
    /// Where it stands, from 0.
    pub position: usize,
    /// Its name, as given.
    pub name: String,
}

impl fmt::Display for Place {
    /// `"act.xml" (file 1)`, counted from 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} (file {})", self.name, self.position + 1)
    }
}

/// Why signatures could not be bound to documents. Nothing is bound then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// One of the signatures is not a detached CMS signature.
    #[error("signature {} of {total} cannot be read", .position + 1)]
    Unreadable {
        /// Which of the signatures, from 0, in the order they came.
        position: usize,
        /// How many there are.
        total: usize,
        /// What is wrong with it.
        source: FormatError,
    },
    /// Signatures and documents are not for each other: wrong content, wrong number.
    #[error("the signatures do not match the files: {0}")]
    Mismatch(Mismatch),
    /// Signed, but not with the certificate asked for.
    #[error("{place} is signed with another certificate: {} instead of {wanted}", Listed(.found))]
    OtherSigner {
        /// The document.
        place: Place,
        /// The certificate asked for.
        wanted: Thumbprint,
        /// The signers' certificates.
        found: Vec<Thumbprint>,
    },
    /// The value was not made by the key of the signer's certificate.
    #[error("the signature of {place} is wrong: its value does not verify")]
    WrongValue {
        /// The document.
        place: Place,
    },
    /// The signature knows the document by a digest that proves nothing: broken, as MD5 and SHA-1,
    /// or not known here.
    #[error("the signature of {place} is made with the digest algorithm {}, which proves nothing here", .algorithm.title())]
    Digest {
        /// The document that has no other signature.
        place: Place,
        /// The algorithm.
        algorithm: DigestAlgorithm,
    },
    /// Nothing is wrong, but not everything could be checked, and proof was required.
    #[error("the signature of {place} is not proven: {checks}")]
    NotProven {
        /// The document.
        place: Place,
        /// What was checked and what was not.
        checks: Checks,
    },
    /// Too many signatures without signed attributes came out of order: each of their values would
    /// have to be verified for each file.
    #[error("which of {files} files the signature {} is for cannot be found out in {checks} checks of its value", .position + 1)]
    TooManyChecks {
        /// Which of the signatures, from 0, in the order they came.
        position: usize,
        /// How many files there are.
        files: usize,
        /// How many checks were made.
        checks: usize,
    },
    /// The verifier could not find out. Binding can be repeated.
    #[error("the signature of {place} could not be verified")]
    Verifier {
        /// The document it was tried for.
        place: Place,
        /// What the verifier reported.
        source: VerifierError,
    },
}

impl BindError {
    /// The same of the only document, which stands at this place.
    pub(crate) fn at(mut self, only: &Place) -> Self {
        match &mut self {
            Self::OtherSigner { place, .. }
            | Self::WrongValue { place }
            | Self::Digest { place, .. }
            | Self::NotProven { place, .. }
            | Self::Verifier { place, .. } => place.clone_from(only),
            Self::Mismatch(mismatch) => {
                mismatch
                    .missing
                    .iter_mut()
                    .for_each(|place| place.clone_from(only));
            }
            Self::Unreadable { .. } | Self::TooManyChecks { .. } => {}
        }
        self
    }
}

/// What is left over on both sides when signatures and documents do not match.
///
/// Documents never seen are alike: when signatures for them are short, the last of them are named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mismatch {
    pub(crate) total: usize,
    pub(crate) missing: Vec<Place>,
    pub(crate) surplus: Vec<Surplus>,
    pub(crate) strangers: Vec<usize>,
}

impl Mismatch {
    /// Documents without a signature.
    #[must_use]
    pub fn missing(&self) -> &[Place] {
        &self.missing
    }

    /// Signatures for documents that have theirs already.
    #[must_use]
    pub fn surplus(&self) -> &[Surplus] {
        &self.surplus
    }

    /// Signatures for none of the documents: positions from 0, in the order they came.
    #[must_use]
    pub fn strangers(&self) -> &[usize] {
        &self.strangers
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty() && self.strangers.is_empty()
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("no signature for {}", Listed(&self.missing)));
        }
        for Surplus { position, place } in &self.surplus {
            let number = position + 1;
            parts.push(match place {
                Some(place) => format!(
                    "signature {number} of {} is one more for {place}",
                    self.total
                ),
                None => format!("signature {number} of {} is one too many", self.total),
            });
        }
        for stranger in &self.strangers {
            parts.push(format!(
                "signature {} of {} is for none of the files",
                stranger + 1,
                self.total
            ));
        }
        f.write_str(&parts.join("; "))
    }
}

/// A signature too many.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Surplus {
    /// Which of the signatures, from 0, in the order they came.
    pub position: usize,
    /// The document it is for, which has one already; `None` if that cannot be told, because the
    /// documents' bytes were never here.
    pub place: Option<Place>,
}

/// Items after commas.
struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}
