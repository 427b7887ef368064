//! Decides what becomes of attached signatures: a file for each, and a line.
//!
//! **Invariant:** a document whose signature is not in the message is told as such.

use podpis::cms::FileOutcome;
use podpis::diadoc::attach::{Attached, AttachedDocument};
use podpis::{OperationId, Signed};
use serde_json::{Value, json};

use crate::checks;
use crate::delivery::Delivery;
use crate::exit::Exit;
use crate::extern_api::OutFolder;
use crate::messages::{CheckName, DiadocMessage, Message};
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
    let mut delivery = Delivery {
        exit: Exit::Done,
        files: Vec::new(),
        failures: Vec::new(),
    };
    for document in attached.documents() {
        let signed = match document.outcome() {
            Some(FileOutcome::Signed(signed)) => Some(signed),
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
        let certificate = signed.and_then(|signed| signed.certificate());
        delivery.files.push(json!({
            "operation": id,
            "message": attached.message().as_str(),
            "entity": document.entity().as_str(),
            "file": document.name(),
            "attached": entity.as_str(),
            "signature": place,
            "certificate": certificate.map(|known| known.thumbprint().to_string()),
            "checks": signed.map(|signed| checks::json(signed.checks())),
            "rejected": document.is_rejected(),
        }));
        if let (Some(signed), Some(place)) = (signed, place) {
            tell_signed(signed, document.name(), place, output);
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

fn tell_signed(signed: &Signed, file: &str, place: String, output: Output) {
    output.say(&Message::Signed {
        file: file.to_owned(),
        target: place,
    });
    if let Some(certificate) = signed.certificate() {
        output.say(&Message::Signer(certificate.subject().to_owned()));
    }
    let all = [CheckName::Digest, CheckName::Signer, CheckName::Value];
    checks::say(signed.checks(), &all, output);
}
