//! Decides what becomes of attached signatures: a file for each, and a line.
//!
//! **Invariant:** a document whose signature is not in the message is told as such.

use podpis::OperationId;
use podpis::cms::FileOutcome;
use podpis::diadoc::attach::{Attached, AttachedDocument};
use serde_json::{Value, json};

use crate::delivery::Delivery;
use crate::exit::Exit;
use crate::extern_api::OutFolder;
use crate::messages::{DiadocMessage, Message, SignatureMessage};
use crate::output::Output;

/// Writes and tells what came; also whether all signatures are in files. `kept` says that the journal still has what was
/// not written.
pub(crate) fn deliver(
    folder: &OutFolder,
    id: &OperationId,
    attached: &Attached,
    kept: bool,
    output: Output,
) -> (Delivery, bool) {
    let mut complete = true;
    let mut delivery = Delivery::new();
    for document in attached.documents() {
        let signed = match document.outcome() {
            Some(FileOutcome::Signed(signed)) => Some(&**signed),
            _ => None,
        };
        let Some(entity) = document.signature() else {
            delivery.exit = delivery.exit.worst(Exit::Refused);
            delivery
                .files
                .push(not_signed(id, attached, document, output));
            continue;
        };
        output.say(&Message::Diadoc(DiadocMessage::Attached {
            file: document.name().to_owned(),
            entity: entity.to_string(),
        }));
        if document.is_rejected() {
            delivery.exit = delivery.exit.worst(Exit::Refused);
            output.say(&Message::Diadoc(DiadocMessage::Rejected(
                document.name().to_owned(),
            )));
        }
        let written = signed.map(|signed| folder.write(document.name(), &[(".p7s", signed.der())]));
        let place = match written {
            Some(Ok(places)) => places.into_iter().next(),
            Some(Err(failure)) => {
                complete = false;
                let failure = failure.about(id);
                let failure = if kept {
                    failure.leaving_open()
                } else {
                    failure
                };
                delivery.exit = delivery.exit.worst(failure.exit());
                delivery.failures.push(failure);
                None
            }
            None => None,
        };
        let result = json!({
            "operation": id,
            "message": attached.message().as_str(),
            "entity": document.entity().as_str(),
            "file": document.name(),
            "attached": entity.as_str(),
            "signature": place,
            "rejected": document.is_rejected(),
        });
        match (signed, place) {
            (Some(signed), Some(place)) => {
                delivery.signed(signed, result, document.name(), place, output);
            }
            (signed, _) => delivery.result(result, signed),
        }
        if signed.is_none() {
            output.say(&SignatureMessage::NeverHere(document.name().to_owned()).into());
        }
    }
    (delivery, complete)
}

fn not_signed(
    id: &OperationId,
    attached: &Attached,
    document: &AttachedDocument,
    output: Output,
) -> Value {
    let reason = match document.outcome() {
        Some(FileOutcome::Failed { reason, .. }) => reason.clone(),
        _ => output.text(&Message::Diadoc(DiadocMessage::NotInMessage)),
    };
    output.say(&Message::NotSigned {
        file: document.name().to_owned(),
        reason: reason.clone(),
    });
    json!({
        "operation": id,
        "message": attached.message().as_str(),
        "entity": document.entity().as_str(),
        "file": document.name(),
        "error": { "kind": "not_signed", "message": reason },
    })
}
