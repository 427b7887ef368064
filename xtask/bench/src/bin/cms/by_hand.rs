//! What an expert would write for this very data.

use podpis_bench::Error;
use podpis_bench::signing::{self, Batch};

use crate::Way;

/// By hand.
pub(crate) struct ByHand;

impl Way for ByHand {
    /// Where the signature stands.
    type Bound = usize;

    fn bind(batch: &Batch) -> Result<Vec<usize>, Error> {
        signing::bind(&batch.documents, &batch.signatures)
    }

    fn is(bound: &usize, _: &Batch, position: usize) -> bool {
        *bound == position
    }
}
