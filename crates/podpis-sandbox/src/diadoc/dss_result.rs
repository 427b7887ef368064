//! Decides what `GET /DssSignResult` says.
//!
//! **Invariant:** results are in the order of the request's files, one per file, and only those of a completed
//! operation are given, unless a fault was injected. A script of this one answer changes nothing that is kept.

use std::time::Duration;

use bytes::Bytes;
use podpis_diadoc_proto::dss::{
    DssConfirmType, DssFileSigningResult, DssFileSigningStatus, DssSignResult,
};

use super::dss_operations::{DssSign, number, ready_at, status};
use super::options::DssRunning;
use super::state::Room;
use super::{boxes, signatures};
use crate::answer::{Handled, Refusal, Reply};
use crate::call::Call;
use crate::faults::{DssScript, Told};
use crate::moment::Moment;
use crate::phone::{Operation, Stage};

/// `GET /DssSignResult`.
pub(super) fn result(room: &mut Room, user: usize, call: &Call) -> Handled {
    room.counters().polls += 1;
    boxes::own(call)?;
    let task = call.query.required("taskId")?;
    let unknown = || Refusal::not_found("No DssSign has this taskId.");
    let is_it = |known: &Operation<DssSign>| {
        known.user == user && known.handle().eq_ignore_ascii_case(task)
    };
    let processing = room.shared.options.processing;
    let index = room.own.dss.find(task, is_it).ok_or_else(unknown)?;
    let operation = room.own.dss.get(index).ok_or_else(unknown)?;
    let id = operation.id.clone();
    let script = call.script.clone().or(DssScript {
        status: None,
        ..operation.work.script.clone()
    });
    let status = script
        .status
        .map_or_else(|| number(operation, processing, call.now), Told::number);
    if status == Some(status::IN_PROGRESS) && room.own.options.dss_running == DssRunning::NoContent
    {
        return Ok(Reply::not_ready(rest(operation, processing, call.now)).about(&id));
    }
    let confirm_type = if operation.work.by_goskey {
        Some(DssConfirmType::GOS_KEY.number())
    } else {
        room.own.options.confirm_type
    };
    let results = if status == Some(status::COMPLETED) {
        files(room, index, &script, call).map_err(|refusal| refusal.about(&id))?
    } else {
        Vec::new()
    };
    let phone = room.shared.person(user)?.phone;
    let digits = phone.get(phone.len().saturating_sub(4)..);
    let operator = script.operator;
    Ok(Reply::message(&DssSignResult {
        operation_status: status,
        file_signing_results: results,
        confirm_type: script.confirm_type.map_or(confirm_type, Told::number),
        operator: operator.map_or(room.own.options.operator, Told::number),
        phone_last_numbers: digits.map(str::to_owned),
    })
    .about(&id))
}

/// How long until something happens by itself; what waits for a person may be asked again in a second.
fn rest(operation: &Operation<DssSign>, processing: Duration, now: Moment) -> Duration {
    match operation.stage {
        Stage::Queued => now.until(operation.asks_at),
        _ => ready_at(operation, processing).map_or(Duration::ZERO, |at| now.until(at)),
    }
}

/// One result per file. An operation that did not complete has no signatures to give, whatever a script says.
fn files(
    room: &mut Room,
    index: usize,
    script: &DssScript,
    call: &Call,
) -> Handled<Vec<DssFileSigningResult>> {
    let Some(operation) = room.own.dss.get_mut(index) else {
        return Ok(Vec::new());
    };
    let ready_at = ready_at(operation, room.shared.options.processing);
    let Some(ready_at) = ready_at.filter(|at| *at <= call.now) else {
        return Ok(Vec::new());
    };
    let work = &mut operation.work;
    let Some(signer) = room.own.certificates.get(work.certificate) else {
        return Ok(Vec::new());
    };
    let signer = &signer.identity;
    let signatures = match &work.signatures {
        Some(made) => made.clone(),
        None => {
            let made = signatures::made(room.shared, signer, &work.digests, ready_at)?;
            room.shared.journal.counters.signatures_made += made.len() as u64;
            work.signatures.insert(made).clone()
        }
    };
    let making = (signer, &*work.digests, ready_at);
    let told = signatures::told(room.shared, call.signature_fault, making, signatures)?;
    Ok(told
        .into_iter()
        .enumerate()
        .map(|(file, signature)| {
            let signature = Some(Bytes::from(signature));
            match script.file(file) {
                None => DssFileSigningResult {
                    file_signing_status: Some(DssFileSigningStatus::SIGNING_COMPLETED.number()),
                    signature,
                },
                Some(file) => DssFileSigningResult {
                    file_signing_status: file.status.number(),
                    signature: signature.filter(|_| file.signed),
                },
            }
        })
        .collect())
}
