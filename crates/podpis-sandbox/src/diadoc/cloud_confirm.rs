//! Decides what a code is worth, and hands out signatures.
//!
//! **Invariant:** a code confirms once. What comes back is in the order of the request's files, one signature
//! per file, unless a fault was injected.

use bytes::Bytes;
use podpis_diadoc_proto::{CloudSignConfirmResult, ContentV2};

use super::cloud_operations::{CloudSign, ConfirmTask, Verdict, token};
use super::state::Room;
use super::{shelf, signatures};
use crate::answer::{Handled, Refusal, Reply, bad_request};
use crate::call::Call;
use crate::options::{ConfirmErrors, ResultDelivery};
use crate::phone::{Operation, Stage};

const BAD_CODE: &str = "CloudCrypt.BadConfirmationCode";
const EXPIRED: &str = "CloudCrypt.ExpiredRequest";

/// `POST /CloudSignConfirm`.
pub(super) fn confirm(room: &mut Room, user: usize, call: &Call) -> Handled {
    let told = call.query.required("token")?;
    let code = call.query.required("confirmationCode")?;
    let by_reference = by_reference(call)?;
    let is_it = |known: &Operation<CloudSign>| {
        known.user == user
            && token(known).eq_ignore_ascii_case(told)
            && known.stage != Stage::Queued
    };
    let unknown = || Refusal::not_found("No CloudSign has this token.");
    let operation = room.own.cloud.find(told, is_it).ok_or_else(unknown)?;
    let attempts = room.shared.options.code_attempts;
    let line = (call.now, room.shared.line());
    let verdict = match room.own.cloud.take_code(operation, code, attempts, line) {
        Ok(()) => Verdict::Sign { by_reference },
        Err(Stage::Awaiting) => Verdict::Refused(BAD_CODE),
        Err(_) => Verdict::Refused(EXPIRED),
    };
    let id = room
        .own
        .cloud
        .get(operation)
        .ok_or_else(unknown)?
        .id
        .clone();
    if let (Verdict::Refused(code), ConfirmErrors::OnConfirm) =
        (verdict, room.shared.options.confirm_errors)
    {
        return Err(conflict(code).about(&id));
    }
    let task_id = room.guid();
    let task = ConfirmTask {
        ready_at: call.now.after(room.shared.options.processing),
        verdict,
        signatures: None,
        names: None,
        delivered: false,
    };
    if let Some(known) = room.own.cloud.get_mut(operation) {
        known.work.confirmations.push((task_id.clone(), task));
    }
    room.own.cloud.call(operation, &task_id);
    Ok(Reply::task(task_id, &id))
}

/// `GET /CloudSignConfirmResult`.
pub(super) fn result(room: &mut Room, user: usize, call: &Call) -> Handled {
    room.counters().polls += 1;
    let task_id = call.query.required("taskId")?;
    let unknown = || Refusal::not_found("No CloudSignConfirm has this taskId.");
    let is_it = |(id, _): &&(String, ConfirmTask)| id.eq_ignore_ascii_case(task_id);
    let place = room.own.cloud.find(task_id, |known| known.user == user);
    let place = place.ok_or_else(unknown)?;
    let operation = room.own.cloud.get(place).ok_or_else(unknown)?;
    let task = operation.work.confirmations.iter().find(is_it);
    let mut task = task.map(|(_, task)| task.clone()).ok_or_else(unknown)?;
    let id = operation.id.clone();
    if call.now < task.ready_at {
        return Ok(Reply::not_ready(call.now.until(task.ready_at)).about(&id));
    }
    let by_reference = match task.verdict {
        Verdict::Refused(code) => return Err(conflict(code).about(&id)),
        Verdict::Sign { by_reference } => by_reference,
    };
    if task.delivered && room.shared.options.result_delivery == ResultDelivery::Once {
        return Err(Refusal::not_found("The signatures were handed out before.").about(&id));
    }
    let handed = hand_out(room, user, place, &mut task, by_reference, call)
        .map_err(|refusal| refusal.about(&id))?;
    task.delivered = true;
    let known = room.own.cloud.get_mut(place);
    let known = known.into_iter();
    let mut known = known.flat_map(|known| &mut known.work.confirmations);
    if let Some((_, known)) = known.find(|(id, _)| id.eq_ignore_ascii_case(task_id)) {
        *known = task;
    }
    Ok(Reply::message(&CloudSignConfirmResult { signatures: handed }).about(&id))
}

fn hand_out(
    room: &mut Room,
    user: usize,
    operation: usize,
    task: &mut ConfirmTask,
    by_reference: bool,
    call: &Call,
) -> Handled<Vec<ContentV2>> {
    let Some(work) = room.own.cloud.get(operation).map(|known| &known.work) else {
        return Ok(Vec::new());
    };
    let certificates = &room.shared.person(user)?.certificates;
    let Some(signer) = certificates.get(work.certificate) else {
        return Ok(Vec::new());
    };
    let is_new = task.signatures.is_none();
    let signatures = match task.signatures.take() {
        Some(made) => made,
        None => signatures::made(room.shared, signer, &work.digests, task.ready_at)?,
    };
    let number = signatures.len() as u64;
    task.signatures = Some(signatures.clone());
    let making = (signer, &*work.digests, task.ready_at);
    let signatures = signatures::told(room.shared, call.signature_fault, making, signatures)?;
    if is_new {
        room.counters().signatures_made += number;
    }
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
                let name = shelf::new_name(room);
                shelf::store(room, user, &name, signature.into(), call)?;
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

/// `return` is what the SDKs send, `locationPreference` what the documentation says; the first one wins.
fn by_reference(call: &Call) -> Handled<bool> {
    let form = call.query.optional("return");
    match form.or_else(|| call.query.optional("locationPreference")) {
        None => Ok(false),
        Some(form) if form.eq_ignore_ascii_case("Content") => Ok(false),
        Some(form) if form.eq_ignore_ascii_case("Reference") => Ok(true),
        Some(_) => bad_request("The parameter return is neither Content nor Reference."),
    }
}

fn conflict(code: &'static str) -> Refusal {
    let text = if code == BAD_CODE {
        "The confirmation code is wrong."
    } else {
        "The request for a signature has expired or was used; begin again."
    };
    Refusal::conflict(text).coded(code)
}
