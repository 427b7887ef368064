//! What a signing gives: for each file its signature, checked.
//!
//! **Invariant:** a signature is given out only for the file it is for. The order of the service is not trusted.

use podpis_cms::{Digests, Document, Expectation, Signed, bind_der};
use podpis_core::{Error, ErrorKind};
use podpis_operation::Fingerprint;

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
    /// Every file's outcome, in the order of the request.
    #[must_use]
    pub fn files(&self) -> &[FileOutcome] {
        &self.files
    }

    /// The signatures of all files.
    ///
    /// # Errors
    /// When a file has none; the message names every such file, and [`Signatures::files`] has the others.
    pub fn all(&self) -> Result<Vec<&Signed>, Error> {
        let mut signed = Vec::with_capacity(self.files.len());
        let mut failed = Vec::new();
        for file in &self.files {
            match file {
                FileOutcome::Signed(one) => signed.push(&**one),
                FileOutcome::Failed { name, reason } => failed.push(format!("{name} ({reason})")),
            }
        }
        if failed.is_empty() {
            Ok(signed)
        } else {
            let text = format!("not every file was signed: {}", failed.join(", "));
            Err(Error::new(ErrorKind::Signature, text))
        }
    }

    /// Binds what the service gave to the files. `given` has an entry per file in the service's order: the
    /// signature, or why there is none.
    pub(crate) fn bind(
        files: &[Fingerprint],
        given: Vec<Result<Vec<u8>, String>>,
        expectation: &Expectation,
    ) -> Result<Self, Error> {
        let mut signatures = Vec::new();
        let mut failures = Vec::new();
        for (position, one) in given.into_iter().enumerate() {
            match one {
                Ok(der) => signatures.push(der),
                Err(reason) => failures.push((position, reason)),
            }
        }
        // A file that failed is known by its place alone; all others must be proved by their digests.
        let failed_at = |position: usize| failures.iter().find(|(at, _)| *at == position);
        let documents: Vec<Document<'_>> = files
            .iter()
            .enumerate()
            .filter(|(position, _)| failed_at(*position).is_none())
            .map(|(_, file)| document(file))
            .collect::<Result<_, Error>>()?;
        let bound = bind_der(&documents, &signatures, expectation).map_err(|error| {
            Error::new(
                ErrorKind::Signature,
                "what came back are not the signatures of the files",
            )
            .with_source(error)
        })?;
        let mut bound = bound.into_iter();
        let mut outcomes = Vec::with_capacity(files.len());
        for (position, file) in files.iter().enumerate() {
            let failed = |reason: &str| FileOutcome::Failed {
                name: file.name.clone(),
                reason: reason.to_owned(),
            };
            outcomes.push(match failed_at(position) {
                Some((_, reason)) => failed(reason),
                None => match bound.next() {
                    Some(signed) => FileOutcome::Signed(Box::new(signed)),
                    None => failed("the service gave no signature"),
                },
            });
        }
        Ok(Self { files: outcomes })
    }
}

fn document(file: &Fingerprint) -> Result<Document<'static>, Error> {
    if file.digests.is_empty() {
        return Ok(Document::unknown(file.name.clone()));
    }
    let digests = Digests::from_pairs(&file.digests).map_err(|error| {
        let text = format!("the stored digests of {} cannot be read", file.name);
        Error::new(ErrorKind::Journal, text).with_source(error)
    })?;
    Ok(Document::known(file.name.clone(), digests))
}
