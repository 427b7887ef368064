//! Decides how a signing is begun and confirmed, whatever it signs.
//!
//! **Invariant:** the answer of a start tells by its ids what has to happen: a request id is a code, a task id is
//! the app, and neither means that nothing is left to confirm.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::options::UnusableCertificate;
use super::spelling::{Confirmation, ExternSpelling};
use super::state::Room;
use super::tasks::task_type;
use super::work::{self, Operation, Work};
use super::{error, operations, outcome};
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::phone::MessageKind;

/// What a certificate can do for a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Sign, and this is how it is confirmed.
    Sign(MessageKind),
    /// Nothing, without a word.
    Nothing,
}

/// How the cloud signs with a certificate.
pub(super) fn way(room: &Room, call: &Call, certificate: usize) -> Handled<Way> {
    let known = room.own.certificate(certificate);
    let known = known.or_bad_request("Сертификат не найден.")?;
    if known.owner != call.user {
        return Err(Refusal::forbidden(
            "Сертификат принадлежит другому пользователю.",
        ));
    }
    let Some(method) = known.usable() else {
        return match room.own.options.unusable_certificate {
            UnusableCertificate::Silent => Ok(Way::Nothing),
            UnusableCertificate::Refused => {
                bad_request("Этот сертификат нельзя использовать для облачных операций.")
            }
        };
    };
    if !known.identity.is_active(call.now) {
        return bad_request("Срок действия сертификата истёк.");
    }
    if !known.qualified {
        return bad_request("Сертификат не квалифицированный.");
    }
    Ok(Way::Sign(method))
}

/// Refuses what a running task of the same draft or docflow, one of these, forbids.
pub(super) fn refuse_while_locked(room: &Room, operations: &[usize]) -> Handled<()> {
    let all = operations.iter();
    let mut all = all.filter_map(|place| room.own.operations.get(*place));
    match all.find(|known| work::locks(known)) {
        None => Ok(()),
        Some(known) => {
            let kind = task_type(room, known.work.work);
            Err(error::concurrent(known.handle(), kind).about(&known.id))
        }
    }
}

/// Begins a signing and answers with its ids.
pub(super) fn begin(
    room: &mut Room,
    call: &Call,
    certificate: usize,
    method: MessageKind,
    work: Work,
    documents: Option<Vec<Value>>,
) -> Handled {
    let operation = operations::begin(room, call.user, certificate, method, work, call.now)?;
    let body = init(room.own.options.spelling, Some(&operation), documents);
    Ok(Reply::json(&body).about(&operation.id))
}

/// The answer of a start that left nothing to confirm.
pub(super) fn nothing_to_confirm(room: &Room, with_documents: bool) -> Handled {
    let documents = with_documents.then(Vec::new);
    Ok(Reply::json(&init(
        room.own.options.spelling,
        None,
        documents,
    )))
}

/// The SignInitResult; the one of a package has no list of documents.
fn init(
    spelling: ExternSpelling,
    operation: Option<&Operation>,
    documents: Option<Vec<Value>>,
) -> Value {
    let mut body = Map::new();
    body.insert("links".to_owned(), json!([]));
    if let Some(documents) = documents {
        body.insert("documents-to-sign".to_owned(), json!(documents));
    }
    let confirmation = confirmation(operation);
    match operation {
        None => {
            body.insert("request-id".to_owned(), Value::Null);
            body.insert("task-id".to_owned(), Value::Null);
        }
        Some(operation) => {
            let field = match operation.kind {
                MessageKind::Push => "task-id",
                MessageKind::Sms => "request-id",
            };
            body.insert(field.to_owned(), json!(operation.handle()));
        }
    }
    body.insert(
        "confirm-type".to_owned(),
        json!(spelling.confirmation(confirmation)),
    );
    Value::Object(body)
}

pub(super) fn confirmation(operation: Option<&Operation>) -> Confirmation {
    match operation.map(|known| known.kind) {
        None => Confirmation::None,
        Some(MessageKind::Push) => Confirmation::MyDss,
        Some(MessageKind::Sms) => Confirmation::Sms,
    }
}

/// Takes a code and attaches what it confirms. Gives the operation's id, and of a decryption the content's.
pub(super) fn confirm(
    room: &mut Room,
    call: &Call,
    fits: impl Fn(Work) -> bool,
) -> Handled<(String, Option<String>)> {
    let request_id = call.query.required("requestId")?;
    let code = call.query.required("code")?;
    let (index, id) = operations::take_code(room, fits, request_id, code, call.now)?;
    let content_id = outcome::attach(room, index, call.now)?;
    Ok((id, content_id))
}
