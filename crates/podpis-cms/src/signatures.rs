//! What a signing gives: for each file its signature, checked.
//!
//! **Invariant:** a signature is given out only for the file it is for. The order of the service is not trusted.

use std::collections::HashMap;
use std::fmt;

use crate::{BindError, Document, Expectation, Signed, bind_der};

/// The outcome for each file, in the order of the request.
#[derive(Clone, Debug)]
pub struct Signatures {
    files: Vec<FileOutcome>,
}

/// The outcome for one file.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a file was signed or it was not")]
pub enum FileOutcome {
    /// The file's signature, bound to it.
    Signed(Box<Signed>),
    /// The service gave no signature for this file.
    Failed {
        /// The file's name.
        name: String,
        /// Why, as far as the service told.
        reason: String,
    },
}

impl Signatures {
    /// Binds what a service gave to the documents. `given` has an entry per document, in the service's order:
    /// the signature in any form that [`Signature::parse`](crate::Signature::parse) reads, or why there is none.
    ///
    /// # Errors
    /// As [`bind_der`].
    pub fn bind(
        documents: &[Document<'_>],
        given: Vec<Result<Vec<u8>, String>>,
        expectation: &Expectation,
    ) -> Result<Self, BindError> {
        let mut signatures = Vec::new();
        let mut failures = HashMap::new();
        for (position, one) in given.into_iter().enumerate() {
            match one {
                Ok(der) => signatures.push(der),
                Err(reason) => {
                    failures.insert(position, reason);
                }
            }
        }
        // A file that failed is known by its place alone; all others must be proved by their digests.
        let remaining: Vec<Document<'_>> = documents
            .iter()
            .enumerate()
            .filter(|(position, _)| !failures.contains_key(position))
            .map(|(_, document)| document.clone())
            .collect();
        let mut bound = bind_der(&remaining, &signatures, expectation)?.into_iter();
        let mut files = Vec::with_capacity(documents.len());
        for (position, document) in documents.iter().enumerate() {
            let failed = |reason: &str| FileOutcome::Failed {
                name: document.name().to_owned(),
                reason: reason.to_owned(),
            };
            files.push(match failures.get(&position) {
                Some(reason) => failed(reason),
                None => match bound.next() {
                    Some(signed) => FileOutcome::Signed(Box::new(signed)),
                    None => failed("the service gave no signature"),
                },
            });
        }
        Ok(Self { files })
    }

    /// Every file's outcome, in the order of the request.
    #[must_use]
    pub fn files(&self) -> &[FileOutcome] {
        &self.files
    }

    /// The signatures of all files.
    ///
    /// # Errors
    /// When a file has none; the error names every such file, and [`Signatures::files`] has the others.
    pub fn all(&self) -> Result<Vec<&Signed>, NotAllSigned> {
        let mut signed = Vec::with_capacity(self.files.len());
        let mut failed = Vec::new();
        for file in &self.files {
            match file {
                FileOutcome::Signed(one) => signed.push(&**one),
                FileOutcome::Failed { name, reason } => {
                    failed.push((name.clone(), reason.clone()));
                }
            }
        }
        if failed.is_empty() {
            Ok(signed)
        } else {
            Err(NotAllSigned { failed })
        }
    }
}

/// Some files have no signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAllSigned {
    failed: Vec<(String, String)>,
}

impl NotAllSigned {
    /// The files without a signature, and why each has none.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.failed
            .iter()
            .map(|(name, reason)| (name.as_str(), reason.as_str()))
    }
}

impl fmt::Display for NotAllSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not every file was signed: ")?;
        for (index, (name, reason)) in self.files().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name} ({reason})")?;
        }
        Ok(())
    }
}

impl std::error::Error for NotAllSigned {}
