//! Decides what is known of a document that should be signed.
//!
//! **Invariant:** a document is known by digests, by its bytes, or not at all; an empty set of
//! digests is not at all.

use std::fmt;

use crate::{DigestAlgorithm, Digests};

/// A document that a signature should be for.
///
/// The name is for messages and need not be unique; documents are told apart by position.
#[derive(Clone)]
pub struct Document<'a> {
    name: String,
    known: Known<'a>,
}

#[derive(Clone)]
enum Known<'a> {
    Digests(Digests),
    Content(&'a [u8]),
    Not,
}

impl<'a> Document<'a> {
    /// Known by digests made earlier.
    ///
    /// A signature in an algorithm that is not among them can be bound only as not checked
    /// ([`Reason::NeedsFile`](crate::Reason::NeedsFile)), like to an unknown document.
    #[must_use]
    pub fn known(name: impl Into<String>, digests: Digests) -> Self {
        Self {
            name: name.into(),
            known: Known::Digests(digests),
        }
    }

    /// Known by its bytes: digests are made in whatever algorithms the signatures need.
    #[must_use]
    pub fn content(name: impl Into<String>, bytes: &'a [u8]) -> Self {
        Self {
            name: name.into(),
            known: Known::Content(bytes),
        }
    }

    /// Not known: it lies on a server and its bytes were never here.
    #[must_use]
    pub fn unknown(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            known: Known::Not,
        }
    }

    /// The name, as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Can a signature be told to be for this document?
    #[must_use]
    pub fn is_known(&self) -> bool {
        match &self.known {
            Known::Digests(digests) => !digests.is_empty(),
            Known::Content(_) => true,
            Known::Not => false,
        }
    }

    /// The bytes, if they were given.
    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        match self.known {
            Known::Content(bytes) => Some(bytes),
            Known::Digests(_) | Known::Not => None,
        }
    }

    /// The digests in these algorithms, as far as they are known or can be made. Of bytes they are
    /// made anew by every call.
    #[must_use]
    pub fn digests(&self, algorithms: &[DigestAlgorithm]) -> Digests {
        match &self.known {
            Known::Digests(digests) => digests.clone(),
            Known::Content(bytes) => Digests::of_with(bytes, algorithms),
            Known::Not => Digests::default(),
        }
    }
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("name", &self.name)
            .field("is_known", &self.is_known())
            .finish()
    }
}
