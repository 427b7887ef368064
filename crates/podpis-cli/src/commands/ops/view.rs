//! How a record is told to programs.
//!
//! **Invariant:** everything that is in the record but the client's own data, which holds the service's handles and
//! signatures.

use podpis::operation::{Fingerprint, Service, State};
use podpis::{Operation, Refusal};
use serde_json::{Value, json};

use crate::failure::refusal_name;
use crate::moment::{rfc3339, seconds_since};
use crate::output::joined;
use crate::progress;
use crate::store::{Note, is_no_result};

/// A record in short.
pub(super) fn summary(operation: &Operation, note: Option<&Note>) -> Value {
    let names: Vec<&str> = operation.files().iter().map(|file| &*file.name).collect();
    json!({
        "operation": operation.id(),
        "kind": operation.kind(),
        "state": operation.state().name(),
        "gone": is_gone(operation, note),
        "next": match is_gone(operation, note) {
            true => "look",
            false => next(operation),
        },
        "service": service(operation),
        "host": operation.origin().host,
        "sandbox": note.and_then(Note::sandbox),
        "place": operation.origin().place,
        "files": names,
        "created": rfc3339(operation.created()),
        "changed": rfc3339(operation.changed()),
        "age_seconds": seconds_since(operation.created()),
        "follows": operation.follows(),
    })
}

/// A record in full. `outputs` are the paths that the program noted.
pub(super) fn whole(
    operation: &Operation,
    note: Option<&Note>,
    outputs: Option<Vec<Value>>,
) -> Value {
    let files: Vec<Value> = operation.files().iter().map(file).collect();
    let more = match operation.state() {
        State::AwaitingCode { attempt }
        | State::Confirming { attempt }
        | State::Processing { attempt } => json!({ "attempt": attempt }),
        State::Refused { refusal, message } => {
            json!({ "refusal": refusal_name(refusal), "message": message })
        }
        State::Starting | State::Done => json!({}),
    };
    let told = json!({ "files": files, "outputs": outputs });
    joined(joined(summary(operation, note), told), more)
}

/// The state for people, in a word.
pub(super) fn state(operation: &Operation, note: Option<&Note>) -> &'static str {
    match is_gone(operation, note) {
        true => "gone",
        false => progress::state(operation),
    }
}

fn is_gone(operation: &Operation, note: Option<&Note>) -> bool {
    note.is_some_and(|note| note.is_gone(operation))
}

fn file(file: &Fingerprint) -> Value {
    json!({ "name": file.name, "size": file.size, "digests": file.digests })
}

/// What goes on from here: `podpis ops resume`, or a person who looks and decides.
fn next(operation: &Operation) -> &'static str {
    match operation.state() {
        State::Starting | State::Confirming { .. } if podpis::is_found_out(operation) => "resume",
        State::Done if is_no_result(operation) => "look",
        State::Starting
        | State::Confirming { .. }
        | State::Refused {
            refusal: Refusal::MustStartOver { .. },
            ..
        } => "look",
        _ => "resume",
    }
}

fn service(operation: &Operation) -> Value {
    match operation.origin().service {
        Service::Extern => "extern".into(),
        Service::Diadoc => "diadoc".into(),
        other => json!(other),
    }
}
