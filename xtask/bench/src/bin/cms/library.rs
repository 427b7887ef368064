//! podpis: reads the signatures and binds them to the documents.

use podpis::cms::{Document, Expectation, Signed, bind_der};
use podpis_bench::Error;
use podpis_bench::signing::Batch;

use crate::Way;

/// As a user calls it.
pub(crate) struct Library;

impl Way for Library {
    type Bound = Signed;

    fn bind(batch: &Batch) -> Result<Vec<Signed>, Error> {
        let documents: Vec<Document<'_>> = batch
            .documents
            .iter()
            .map(|bytes| Document::content("act.xml", bytes))
            .collect();
        Ok(bind_der(
            &documents,
            &batch.signatures,
            &Expectation::new(),
        )?)
    }

    fn is(bound: &Signed, batch: &Batch, position: usize) -> bool {
        let checks = bound.checks();
        bound.der() == batch.signatures[position]
            && checks.digest().is_passed()
            && checks.value().is_passed()
    }
}
