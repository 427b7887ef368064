//! Signatures of files: each goes to the place that was planned for it.
//!
//! **Invariant:** one that cannot be written keeps none of the others from its file.

use podpis::{FileOutcome, Signatures};
use serde_json::json;

use super::Delivery;
use crate::signature_file::Target;

/// Writes them.
pub(super) fn deliver(
    delivery: &mut Delivery,
    targets: &[(String, Target)],
    signatures: &Signatures,
) {
    for ((file, target), outcome) in targets.iter().zip(signatures.files()) {
        match outcome {
            FileOutcome::Signed(signed) => match target.write(signed.der()) {
                Ok(place) => {
                    let result = json!({ "file": file, "signature": place });
                    delivery.signed(signed, result, file, place);
                }
                Err(failure) => delivery.not_written(failure),
            },
            FileOutcome::Failed { reason, .. } => delivery.not_signed(json!({}), file, reason),
        }
    }
}
