//! Decides what a code is worth, and hands out signatures.
//!
//! **Invariant:** a code confirms once. What comes back is in the order of the request's files, one signature
//! per file, unless a fault was injected.

use bytes::Bytes;
use http::StatusCode;
use podpis_diadoc_proto::{AsyncMethodResult, CloudSignConfirmResult, ContentV2};

use super::{Call, shelf, spoil};
use crate::answer::{Handled, Refusal, Reply};
use crate::faults::SignatureFault;
use crate::moment::Moment;
use crate::options::{ConfirmErrors, ResultDelivery};
use crate::phone::MessageState;
use crate::signer::{Identity, Making, SignError, sign_detached};
use crate::world::{CloudOperation, ConfirmTask, Stage, Verdict, World};

const BAD_CODE: &str = "CloudCrypt.BadConfirmationCode";
const EXPIRED: &str = "CloudCrypt.ExpiredRequest";

/// `POST /CloudSignConfirm`.
pub(super) fn confirm(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    let token = call.query.required("token")?;
    let code = call.query.required("confirmationCode")?;
    let by_reference = by_reference(call)?;
    let operation = world
        .operations
        .find(token, user, |known| {
            known.token.eq_ignore_ascii_case(token) && known.stage != Stage::Preparing
        })
        .ok_or_else(|| Refusal::not_found("No CloudSign has this token."))?;
    let verdict = match judge(world, operation, code) {
        Ok(()) => {
            world.journal.counters.confirmations += 1;
            Verdict::Sign { by_reference }
        }
        Err(code) => Verdict::Refused(code),
    };
    let id = operation_id(world, operation);
    if let (Verdict::Refused(code), ConfirmErrors::OnConfirm) =
        (verdict, world.options.confirm_errors)
    {
        return Err(conflict(code).about(&id));
    }
    let task_id = world.ids.guid();
    let task = ConfirmTask {
        ready_at: call.now.after(world.options.processing),
        verdict,
        signatures: None,
        names: None,
        delivered: false,
    };
    world
        .operations
        .add_confirmation(operation, task_id.clone(), task);
    Ok(Reply::message(&AsyncMethodResult {
        task_id: Some(task_id),
    })
    .about(&id))
}

/// `GET /CloudSignConfirmResult`.
pub(super) fn result(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    world.journal.counters.polls += 1;
    let task_id = call.query.required("taskId")?;
    let unknown = || Refusal::not_found("No CloudSignConfirm has this taskId.");
    let is_it = |(id, _): &&(String, ConfirmTask)| id.eq_ignore_ascii_case(task_id);
    let operation = world
        .operations
        .find(task_id, user, |known| {
            known.confirmations.iter().any(|one| is_it(&one))
        })
        .ok_or_else(unknown)?;
    let known = world
        .operations
        .get(operation)
        .map(|known| &known.confirmations);
    let mut task = known
        .and_then(|known| known.iter().find(is_it))
        .map(|(_, task)| task.clone())
        .ok_or_else(unknown)?;
    let id = operation_id(world, operation);
    if call.now < task.ready_at {
        return Ok(Reply::not_ready(call.now.until(task.ready_at)).about(&id));
    }
    let by_reference = match task.verdict {
        Verdict::Refused(code) => return Err(conflict(code).about(&id)),
        Verdict::Sign { by_reference } => by_reference,
    };
    if task.delivered && world.options.result_delivery == ResultDelivery::Once {
        return Err(Refusal::not_found("The signatures were handed out before.").about(&id));
    }
    let handed = hand_out(world, user, operation, &mut task, by_reference, call)
        .map_err(|refusal| refusal.about(&id))?;
    task.delivered = true;
    let known = world.operations.get_mut(operation);
    let mut known = known.into_iter().flat_map(|known| &mut known.confirmations);
    if let Some((_, known)) = known.find(|(id, _)| id.eq_ignore_ascii_case(task_id)) {
        *known = task;
    }
    Ok(Reply::message(&CloudSignConfirmResult { signatures: handed }).about(&id))
}

fn hand_out(
    world: &mut World,
    user: usize,
    operation: usize,
    task: &mut ConfirmTask,
    by_reference: bool,
    call: &Call<'_>,
) -> Result<Vec<ContentV2>, Refusal> {
    let signatures = match &task.signatures {
        Some(made) => made.clone(),
        None => {
            let made = sign_all(world, operation, task).map_err(broken)?;
            world.journal.counters.signatures_made += made.len() as u64;
            task.signatures = Some(made.clone());
            made
        }
    };
    let signatures = match call.signature_fault {
        None => signatures,
        Some(fault) => {
            spoiled(world, fault, operation, task.ready_at, signatures).map_err(broken)?
        }
    };
    if !by_reference {
        let inline = |signature: Vec<u8>| ContentV2 {
            content: Some(Bytes::from(signature)),
            ..ContentV2::default()
        };
        return Ok(signatures.into_iter().map(inline).collect());
    }
    let names = match (&task.names, call.signature_fault) {
        (Some(names), None) => names.clone(),
        _ => {
            let mut names = Vec::with_capacity(signatures.len());
            for signature in signatures {
                let name = shelf::new_name(world);
                shelf::store(world, user, &name, signature.into(), call)?;
                names.push(name);
            }
            if call.signature_fault.is_none() {
                task.names = Some(names.clone());
            }
            names
        }
    };
    let by_name = |name: String| ContentV2 {
        name_on_shelf: Some(name),
        ..ContentV2::default()
    };
    Ok(names.into_iter().map(by_name).collect())
}

fn spoiled(
    world: &World,
    fault: SignatureFault,
    operation: usize,
    at: Moment,
    signatures: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, SignError> {
    let Some((operation, identity)) = signer(world, operation) else {
        return Ok(signatures);
    };
    let first = Making {
        signer: Some(identity),
        content: operation.digests.first(),
        at,
    };
    spoil::apply(world, fault, &first, signatures)
}

fn signer(world: &World, operation: usize) -> Option<(&CloudOperation, &Identity)> {
    let operation = world.operations.get(operation)?;
    let user = world.users.get(operation.user)?;
    Some((operation, user.certificates.get(operation.certificate)?))
}

fn sign_all(
    world: &World,
    operation: usize,
    task: &ConfirmTask,
) -> Result<Vec<Vec<u8>>, SignError> {
    let Some((operation, identity)) = signer(world, operation) else {
        return Ok(Vec::new());
    };
    operation
        .digests
        .iter()
        .map(|digest| {
            sign_detached(
                identity,
                &digest.sha256,
                task.ready_at,
                world.options.signed_attributes,
            )
        })
        .collect()
}

/// Looks at a code, and counts it.
fn judge(world: &mut World, place: usize, code: &str) -> Result<(), &'static str> {
    let attempts = world.options.code_attempts;
    let operation = world.operations.get_mut(place).ok_or(EXPIRED)?;
    if operation.stage != Stage::AwaitingCode {
        return Err(EXPIRED);
    }
    if operation.code == code.trim() {
        world.operations.enter(place, Stage::Confirmed);
        return Ok(());
    }
    operation.wrong_codes += 1;
    if operation.wrong_codes >= attempts {
        let dead = Stage::Dead(MessageState::Expired);
        world.operations.enter(place, dead);
    }
    Err(BAD_CODE)
}

/// `return` is what the SDKs send, `locationPreference` what the documentation says; the first one wins.
fn by_reference(call: &Call<'_>) -> Result<bool, Refusal> {
    let form = call
        .query
        .optional("return")
        .or_else(|| call.query.optional("locationPreference"));
    match form {
        None => Ok(false),
        Some(form) if form.eq_ignore_ascii_case("Content") => Ok(false),
        Some(form) if form.eq_ignore_ascii_case("Reference") => Ok(true),
        Some(_) => Err(Refusal::bad_request(
            "The parameter return is neither Content nor Reference.",
        )),
    }
}

fn operation_id(world: &World, operation: usize) -> String {
    world
        .operations
        .get(operation)
        .map(|known| known.id.clone())
        .unwrap_or_default()
}

fn conflict(code: &'static str) -> Refusal {
    Refusal::conflict(
        code,
        if code == BAD_CODE {
            "The confirmation code is wrong."
        } else {
            "The request for a signature has expired or was used; begin again."
        },
    )
}

pub(super) fn broken(error: SignError) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
