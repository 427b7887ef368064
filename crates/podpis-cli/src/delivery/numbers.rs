//! Results that are no files.
//!
//! **Invariant:** an end that may have left something out is told as such.

use podpis::diadoc::posting::Posted;
use podpis::diadoc::receipts::{Receipts, ReceiptsEnd};
use serde_json::json;

use super::Delivery;
use crate::exit::Exit;
use crate::messages::DiadocMessage;

/// How many receipts were signed, and why there was no further batch.
pub(super) fn receipts(delivery: &mut Delivery, receipts: &Receipts) {
    let Receipts {
        signed, batches, ..
    } = *receipts;
    delivery.line(DiadocMessage::ReceiptsSigned { signed, batches });
    let end = match receipts.end {
        ReceiptsEnd::NoNextKey => "no_next_key",
        ReceiptsEnd::RepeatedKey => {
            delivery.line(DiadocMessage::ReceiptsRepeatedKey);
            "repeated_key"
        }
        ReceiptsEnd::TooManyBatches => {
            delivery.line(DiadocMessage::ReceiptsTooMany { batches });
            delivery.exit = Exit::Refused;
            "too_many_batches"
        }
        _ => "other",
    };
    delivery.result(json!({ "signed": signed, "batches": batches, "end": end }));
}

/// What was posted by an operation that another program began.
pub(super) fn posted(delivery: &mut Delivery, posted: &Posted) {
    let message = posted.message.to_string();
    let entities = posted.entities.iter();
    let entities: Vec<String> = entities.map(|entity| entity.id.to_string()).collect();
    delivery.result(json!({ "message": message, "entities": entities }));
    delivery.line(DiadocMessage::Posted(message));
}
