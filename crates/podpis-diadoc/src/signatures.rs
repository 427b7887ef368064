//! Binds what Diadoc gave to the files of the record.
//!
//! **Invariant:** what cannot be bound is an error; the record keeps what came.

use podpis_cms::{Digests, Document, Expectation, Signatures};
use podpis_core::{Error, ErrorKind};
use podpis_operation::Fingerprint;

pub(crate) fn bind(
    files: &[Fingerprint],
    given: Vec<Result<Vec<u8>, String>>,
    expectation: &Expectation,
) -> Result<Signatures, Error> {
    let documents: Vec<Document<'_>> = files.iter().map(document).collect::<Result<_, Error>>()?;
    Signatures::bind(&documents, given, expectation).map_err(|error| {
        let text = "what came back are not the signatures of the files";
        Error::new(ErrorKind::Signature, text).with_source(error)
    })
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
