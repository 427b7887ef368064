//! Decides how a signing is begun and confirmed, whatever it signs.
//!
//! **Invariant:** the answer of a start tells by its ids what has to happen: a request id is a code, a task id is
//! the app, and neither means that nothing is left to confirm.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::course;
use super::error::{Answered, ApiError};
use super::operations::{Method, Operation, Work};
use super::options::UnusableCertificate;
use super::outcome;
use super::spelling::{Confirmation, ExternSpelling};
use super::tasks::task_type;
use crate::answer::Reply;
use crate::world::World;

/// What a certificate can do for a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Sign, and this is how it is confirmed.
    Sign(Method),
    /// Nothing, without a word.
    Nothing,
}

/// How the cloud signs with a certificate.
pub(super) fn way(world: &World, call: &Call<'_>, certificate: usize) -> Result<Way, ApiError> {
    let known = world
        .external
        .certificate(certificate)
        .ok_or_else(|| ApiError::bad_request("Сертификат не найден."))?;
    if known.owner != call.user {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "Сертификат принадлежит другому пользователю.",
        ));
    }
    let Some(method) = known.usable() else {
        return match world.options.extern_options.unusable_certificate {
            UnusableCertificate::Silent => Ok(Way::Nothing),
            UnusableCertificate::Refused => Err(ApiError::bad_request(
                "Этот сертификат нельзя использовать для облачных операций.",
            )),
        };
    };
    if !known.identity.is_active(call.now) {
        return Err(ApiError::bad_request("Срок действия сертификата истёк."));
    }
    if !known.qualified {
        return Err(ApiError::bad_request("Сертификат не квалифицированный."));
    }
    Ok(Way::Sign(method))
}

/// Refuses what a running task of the same draft or docflow forbids.
pub(super) fn refuse_while(world: &World, forbids: impl Fn(Work) -> bool) -> Result<(), ApiError> {
    match world
        .external
        .operations
        .all()
        .find(|known| known.locks() && forbids(known.work))
    {
        None => Ok(()),
        Some(known) => {
            Err(ApiError::concurrent(&known.handle, task_type(world, known.work)).about(&known.id))
        }
    }
}

/// Begins a signing and answers with its ids.
pub(super) fn begin(
    world: &mut World,
    call: &Call<'_>,
    certificate: usize,
    method: Method,
    work: Work,
    documents: Option<Vec<Value>>,
) -> Answered {
    let operation = course::begin(world, call.user, certificate, method, work, call.now);
    let body = init(
        world.options.extern_options.spelling,
        Some(&operation),
        documents,
    );
    Ok(Reply::json(&body).about(&operation.id))
}

/// The answer of a start that left nothing to confirm.
pub(super) fn nothing_to_confirm(world: &World, with_documents: bool) -> Answered {
    let documents = with_documents.then(Vec::new);
    Ok(Reply::json(&init(
        world.options.extern_options.spelling,
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
            let field = match operation.method {
                Method::Dss => "task-id",
                Method::Sms => "request-id",
            };
            body.insert(field.to_owned(), json!(operation.handle));
        }
    }
    body.insert(
        "confirm-type".to_owned(),
        json!(spelling.confirmation(confirmation)),
    );
    Value::Object(body)
}

pub(super) fn confirmation(operation: Option<&Operation>) -> Confirmation {
    match operation.map(|known| known.method) {
        None => Confirmation::None,
        Some(Method::Dss) => Confirmation::MyDss,
        Some(Method::Sms) => Confirmation::Sms,
    }
}

/// Takes a code and attaches what it confirms. Gives the operation's id, and of a decryption the content's.
pub(super) fn confirm(
    world: &mut World,
    call: &Call<'_>,
    fits: impl Fn(Work) -> bool,
) -> Result<(String, Option<String>), ApiError> {
    let request_id = call.query.required("requestId")?;
    let code = call.query.required("code")?;
    let (index, operation) = course::take_code(world, fits, request_id, code, call.now)?;
    let content_id = outcome::attach(world, index, call.now)?;
    Ok((operation.id, content_id))
}
