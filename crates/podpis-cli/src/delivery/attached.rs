//! Attached signatures: a file for each, and a line.
//!
//! **Invariant:** a document whose signature is not in the message is told as such; a signature that is attached is a
//! file too.

use podpis::cms::FileOutcome;
use podpis::diadoc::attach::{Attached, AttachedDocument};
use serde_json::{Value, json};

use super::Delivery;
use crate::exit::Exit;
use crate::messages::{DiadocMessage, SignatureMessage};
use crate::out_folder::OutFolder;
use crate::output::joined;

/// Writes them.
pub(super) fn deliver(delivery: &mut Delivery, folder: &OutFolder, attached: &Attached) {
    for document in &attached.documents {
        let name = document.name.as_str();
        let result = json!({
            "message": document.message.as_str(),
            "entity": document.entity.as_str(),
        });
        let Some(entity) = &document.signature else {
            not_attached(delivery, folder, document, result);
            continue;
        };
        delivery.line(DiadocMessage::Attached {
            file: name.to_owned(),
            entity: entity.to_string(),
        });
        if document.is_rejected {
            delivery.exit = delivery.exit.worst(Exit::Refused);
            delivery.line(DiadocMessage::Rejected(name.to_owned()));
        }
        let signed = match &document.outcome {
            Some(FileOutcome::Signed(signed)) => Some(&**signed),
            _ => None,
        };
        let written = signed.map(|signed| folder.write(name, &[(".p7s", signed.der())]));
        let place = match written.transpose() {
            Ok(places) => places.and_then(|places| places.into_iter().next()),
            Err(failure) => {
                delivery.not_written(failure);
                None
            }
        };
        let known = json!({
            "file": name,
            "attached": entity.as_str(),
            "signature": place,
            "rejected": document.is_rejected,
        });
        let result = joined(result, known);
        match (signed, place) {
            (Some(signed), Some(place)) => delivery.signed(signed, result, name, place),
            (signed, _) => delivery.signature(result, signed),
        }
        if signed.is_none() {
            delivery.line(SignatureMessage::NeverHere(name.to_owned()));
        }
    }
}

/// A document whose signature is not in its message: where there is one, it is a file all the same.
fn not_attached(
    delivery: &mut Delivery,
    folder: &OutFolder,
    document: &AttachedDocument,
    result: Value,
) {
    let name = document.name.as_str();
    match &document.outcome {
        Some(FileOutcome::Failed { reason, .. }) => delivery.not_signed(result, name, reason),
        Some(FileOutcome::Signed(signed)) if document.refusal.is_some() => {
            let place = match folder.write(name, &[(".p7s", signed.der())]) {
                Ok(places) => places.into_iter().next().unwrap_or_default(),
                Err(failure) => return delivery.not_written(failure),
            };
            let reason = document.refusal.as_deref().unwrap_or_default();
            let result = joined(result, json!({ "signature": place }));
            delivery.not_signed(result, name, reason);
            let file = name.to_owned();
            delivery.line(DiadocMessage::NotAttached { file, place });
        }
        _ => {
            let refusal = document.refusal.clone();
            let nowhere = || delivery.output.text(&DiadocMessage::NotInMessage.into());
            let reason = refusal.unwrap_or_else(nowhere);
            delivery.not_signed(result, name, &reason);
        }
    }
}
