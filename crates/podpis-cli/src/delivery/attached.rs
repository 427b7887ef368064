//! Attached signatures: a file for each, and a line.
//!
//! **Invariant:** a document whose signature is not in the message is told as such; a signature that is attached is a
//! file too.

use podpis::cms::FileOutcome;
use podpis::diadoc::attach::Attached;
use serde_json::json;

use super::Delivery;
use crate::exit::Exit;
use crate::messages::{DiadocMessage, SignatureMessage};
use crate::out_folder::OutFolder;
use crate::output::joined;

/// Writes them.
pub(super) fn deliver(delivery: &mut Delivery, folder: &OutFolder, attached: &Attached) {
    for document in attached.documents() {
        let name = document.name();
        let result = json!({
            "message": attached.message().as_str(),
            "entity": document.entity().as_str(),
        });
        let Some(entity) = document.signature() else {
            let reason = match document.outcome() {
                Some(FileOutcome::Failed { reason, .. }) => reason.clone(),
                _ => delivery.output.text(&DiadocMessage::NotInMessage.into()),
            };
            delivery.not_signed(result, name, &reason);
            continue;
        };
        delivery.line(DiadocMessage::Attached {
            file: name.to_owned(),
            entity: entity.to_string(),
        });
        if document.is_rejected() {
            delivery.exit = delivery.exit.worst(Exit::Refused);
            delivery.line(DiadocMessage::Rejected(name.to_owned()));
        }
        let signed = match document.outcome() {
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
            "rejected": document.is_rejected(),
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
