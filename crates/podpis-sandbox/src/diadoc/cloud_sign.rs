//! Decides how a cloud signature is started: certificate, files, task, SMS.
//!
//! **Invariant:** an accepted start sends exactly one SMS, `processing` later, whether or not anyone polls. A
//! second start is a second operation with a second SMS: the service does not recognise a repeat.

use podpis_diadoc_proto::{AsyncMethodResult, CloudSignRequest, CloudSignResult};
use prost::Message as _;

use super::{Call, source};
use crate::answer::{Handled, Refusal, Reply};
use crate::signer::Digests;
use crate::world::{CloudOperation, Stage, World};

/// `POST /CloudSign`.
pub(super) fn start(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    let request = CloudSignRequest::decode(call.body.clone())
        .map_err(|_| Refusal::bad_request("The body is not a CloudSignRequest."))?;
    let certificate = certificate(world, user, call)?;
    if request.files.is_empty() {
        return Err(Refusal::bad_request("There is no file to sign."));
    }
    let mut digests = Vec::with_capacity(request.files.len());
    let mut has_failed = false;
    for file in &request.files {
        let content = file
            .content
            .as_ref()
            .ok_or_else(|| Refusal::bad_request("A file has no content."))?;
        match source::resolve(world, user, content) {
            Ok(bytes) => digests.push(Digests::of(bytes)),
            // A file that is not on the shelf is found out only by the task.
            Err(_) if source::is_on_shelf(content) => has_failed = true,
            Err(refusal) => return Err(refusal),
        }
    }
    let id = world.ids.guid();
    let task_id = world.ids.guid();
    let ready_at = call.now.after(world.options.processing);
    let operation = CloudOperation {
        id: id.clone(),
        task: task_id.clone(),
        user,
        certificate,
        digests,
        ready_at,
        code_until: ready_at.after(world.options.code_life),
        token: world.ids.guid(),
        code: world.ids.code(world.options.code_length),
        wrong_codes: 0,
        stage: if has_failed {
            Stage::Failed
        } else {
            Stage::Preparing
        },
        confirmations: Vec::new(),
    };
    world.operations.add(operation);
    world.journal.counters.operations_started += 1;
    Ok(Reply::message(&AsyncMethodResult {
        task_id: Some(task_id),
    })
    .about(&id))
}

/// `GET /CloudSignResult`.
pub(super) fn result(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    world.journal.counters.polls += 1;
    let task_id = call.query.required("taskId")?;
    let is_start = |known: &CloudOperation| known.task.eq_ignore_ascii_case(task_id);
    let operation = world
        .operations
        .find(task_id, user, is_start)
        .and_then(|place| world.operations.get(place))
        .ok_or_else(|| Refusal::not_found("No CloudSign has this taskId."))?;
    if call.now < operation.ready_at {
        return Ok(Reply::not_ready(call.now.until(operation.ready_at)).about(&operation.id));
    }
    if operation.stage == Stage::Failed {
        return Err(
            Refusal::conflict("Http.Conflict", "ErrorCode: Http.Conflict (Http.Conflict)")
                .about(&operation.id),
        );
    }
    Ok(Reply::message(&CloudSignResult {
        token: Some(operation.token.clone()),
    })
    .about(&operation.id))
}

/// The named certificate, or the user's first active one.
fn certificate(world: &World, user: usize, call: &Call<'_>) -> Result<usize, Refusal> {
    let known = world
        .users
        .get(user)
        .map(|user| user.certificates.as_slice())
        .unwrap_or_default();
    let Some(wanted) = call.query.optional("certificateThumbprint") else {
        return known
            .iter()
            .position(|one| one.is_active(call.now))
            .ok_or_else(|| Refusal::not_found("You have no active certificate."));
    };
    let index = known
        .iter()
        .position(|one| one.thumbprint.eq_ignore_ascii_case(wanted))
        .ok_or_else(|| Refusal::not_found("You have no certificate with this thumbprint."))?;
    if known.get(index).is_some_and(|one| one.is_active(call.now)) {
        Ok(index)
    } else {
        Err(Refusal::bad_request(
            "The certificate has expired or is not valid yet.",
        ))
    }
}
