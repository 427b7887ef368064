//! Decides what becomes of the signatures that came: a file for each, and a line.
//!
//! **Invariant:** all that came is written before anything is told: neither a signature that cannot be written nor
//! a stream that is full loses the others.

use podpis::diadoc::FileOutcome;
use podpis::diadoc::posting::Posted;
use podpis::diadoc::receipts::{Receipts, ReceiptsEnd};
use podpis::{OperationId, Signatures, Signed};
use serde_json::{Value, json};

use crate::checks;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::output::Output;
use crate::signature_file::Target;

/// Where the results of an operation go.
#[derive(Debug)]
pub(crate) struct Goal {
    /// The files as people know them, in the order of the request.
    pub(crate) files: Vec<String>,
    pub(crate) targets: Vec<Target>,
}

/// What became of the signatures.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// How the operation ended.
    pub(crate) exit: Exit,
    /// Each file's result for `--json`, but for those that were not written.
    pub(crate) files: Vec<Value>,
    /// What was not written, and what else went wrong at the end.
    pub(crate) failures: Vec<Failure>,
    /// Whether every signature that came is proven.
    pub(crate) proven: bool,
}

impl Delivery {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            exit: Exit::Done,
            files: Vec::new(),
            failures: Vec::new(),
            proven: true,
        }
    }

    /// Tells of a signature that is in the file `target` now. `result` says for programs where it is, `file` is the
    /// file as people know it.
    pub(crate) fn signed(
        &mut self,
        signed: &Signed,
        result: Value,
        file: &str,
        target: String,
        output: Output,
    ) {
        self.result(result, Some(signed));
        output.say(&Message::Signed {
            file: file.to_owned(),
            target,
        });
        checks::tell(signed, file, output);
    }

    /// A result for programs with what is known of its signature; `None` for one that never was here.
    pub(crate) fn result(&mut self, result: Value, signed: Option<&Signed>) {
        self.proven &= signed.is_some_and(|signed| signed.checks().is_proven());
        self.files.push(checks::result(result, signed));
    }
}

/// A file's signature after it was written.
pub(crate) struct Written<'a> {
    file: &'a str,
    outcome: Outcome<'a>,
}

enum Outcome<'a> {
    Signed(&'a Signed, String),
    NotSigned(&'a str),
    NotWritten(Failure),
}

/// Writes what came.
pub(crate) fn write<'a>(goal: &'a Goal, signatures: &'a Signatures) -> Vec<Written<'a>> {
    let files = goal.files.iter().zip(&goal.targets);
    files
        .zip(signatures.files())
        .map(|((file, target), outcome)| Written {
            file,
            outcome: match outcome {
                FileOutcome::Signed(signed) => match target.write(signed.der()) {
                    Ok(place) => Outcome::Signed(signed, place),
                    Err(failure) => Outcome::NotWritten(failure),
                },
                FileOutcome::Failed { reason, .. } => Outcome::NotSigned(reason),
            },
        })
        .collect()
}

/// Whether every signature is a file now.
pub(crate) fn is_complete(written: &[Written<'_>]) -> bool {
    !written
        .iter()
        .any(|one| matches!(one.outcome, Outcome::NotWritten(_)))
}

/// Tells people what came, and gives the same for programs. `kept` says that the journal still has what was not
/// written.
pub(crate) fn tell(
    id: &OperationId,
    written: Vec<Written<'_>>,
    kept: bool,
    output: Output,
) -> Delivery {
    let mut delivery = Delivery::new();
    for Written { file, outcome } in written {
        match outcome {
            Outcome::Signed(signed, place) => {
                let result = json!({ "operation": id, "file": file, "signature": place });
                delivery.signed(signed, result, file, place, output);
            }
            Outcome::NotSigned(reason) => {
                delivery.exit = delivery.exit.worst(Exit::Refused);
                delivery.files.push(json!({
                    "operation": id,
                    "file": file,
                    "error": { "kind": "not_signed", "message": reason },
                }));
                output.say(&Message::NotSigned {
                    file: file.to_owned(),
                    reason: reason.to_owned(),
                });
            }
            Outcome::NotWritten(failure) => {
                let failure = failure.about(id);
                let failure = if kept {
                    failure.leaving_open()
                } else {
                    failure
                };
                delivery.exit = delivery.exit.worst(failure.exit());
                delivery.failures.push(failure);
            }
        }
    }
    delivery
}

/// Tells how many receipts were signed, and why there was no further batch.
pub(crate) fn tell_receipts(id: &OperationId, receipts: &Receipts, output: Output) -> Delivery {
    let Receipts {
        signed, batches, ..
    } = *receipts;
    output.say(&Message::Diadoc(DiadocMessage::ReceiptsSigned {
        signed,
        batches,
    }));
    let (exit, end, more) = match receipts.end {
        ReceiptsEnd::NoNextKey => (Exit::Done, "no_next_key", None),
        ReceiptsEnd::RepeatedKey => {
            let more = DiadocMessage::ReceiptsRepeatedKey;
            (Exit::Done, "repeated_key", Some(more))
        }
        ReceiptsEnd::TooManyBatches => {
            let more = DiadocMessage::ReceiptsTooMany { batches };
            (Exit::Refused, "too_many_batches", Some(more))
        }
        _ => (Exit::Done, "other", None),
    };
    if let Some(more) = more {
        output.say(&Message::Diadoc(more));
    }
    let told = json!({
        "operation": id,
        "signed": signed,
        "batches": batches,
        "end": end,
    });
    Delivery {
        exit,
        files: vec![told],
        ..Delivery::new()
    }
}

/// Tells what was posted by an operation that another program began.
pub(crate) fn tell_posted(id: &OperationId, posted: &Posted, output: Output) -> Delivery {
    let message = posted.message().to_string();
    let entities = posted.entities().iter();
    let entities: Vec<String> = entities.map(|entity| entity.id().to_string()).collect();
    let told = json!({ "operation": id, "message": message, "entities": entities });
    output.say(&Message::Diadoc(DiadocMessage::Posted(message)));
    Delivery {
        files: vec![told],
        ..Delivery::new()
    }
}
