//! Decides what `GET /DssSignResult` says.
//!
//! **Invariant:** results are in the order of the request's files, one per file, and only those of a completed
//! operation are given, unless a fault was injected. A script of this one answer changes nothing that is kept.

use bytes::Bytes;
use podpis_diadoc_proto::dss::{
    DssConfirmType, DssFileSigningResult, DssFileSigningStatus, DssSignResult,
};

use super::dss_operations::{DssOperation, Stage, status};
use super::options::DssRunning;
use super::{Call, boxes, cloud_confirm::broken, spoil};
use crate::answer::{Handled, Refusal, Reply};
use crate::faults::{DssScript, Told};
use crate::moment::Moment;
use crate::signer::{Making, SignError, sign_detached};
use crate::world::World;

/// `GET /DssSignResult`.
pub(super) fn result(world: &mut World, user: usize, call: &Call<'_>) -> Handled {
    world.journal.counters.polls += 1;
    boxes::own(call)?;
    let task = call.query.required("taskId")?;
    let unknown = || Refusal::not_found("No DssSign has this taskId.");
    let index = world.diadoc.dss.by_task(task, user).ok_or_else(unknown)?;
    let operation = world.diadoc.dss.get(index).ok_or_else(unknown)?;
    let id = operation.id.clone();
    let script = call.script.clone().or(DssScript {
        status: None,
        ..operation.script.clone()
    });
    let status = script
        .status
        .map_or_else(|| operation.status(call.now), Told::number);
    if status == Some(status::IN_PROGRESS)
        && world.options.diadoc_options.dss_running == DssRunning::NoContent
    {
        return Ok(Reply::not_ready(rest(operation, call.now)).about(&id));
    }
    let results = if status == Some(status::COMPLETED) {
        files(world, index, &script, call).map_err(|error| broken(error).about(&id))?
    } else {
        Vec::new()
    };
    let Some(operation) = world.diadoc.dss.get(index) else {
        return Err(unknown());
    };
    let confirm_type = if operation.by_goskey {
        Some(DssConfirmType::GOS_KEY.number())
    } else {
        world.options.diadoc_options.confirm_type
    };
    let phone = world.users.get(user).map(|user| user.phone);
    let digits = phone.and_then(|phone| phone.get(phone.len().saturating_sub(4)..));
    Ok(Reply::message(&DssSignResult {
        operation_status: status,
        file_signing_results: results,
        confirm_type: script.confirm_type.map_or(confirm_type, Told::number),
        operator: script
            .operator
            .map_or(world.options.diadoc_options.operator, Told::number),
        phone_last_numbers: digits.map(str::to_owned),
    })
    .about(&id))
}

/// How long until something happens by itself; what waits for a person may be asked again in a second.
fn rest(operation: &DssOperation, now: Moment) -> std::time::Duration {
    match operation.stage {
        Stage::Queued => now.until(operation.push_at),
        Stage::Signed { ready_at } => now.until(ready_at),
        Stage::Awaiting | Stage::Ended(_) => std::time::Duration::ZERO,
    }
}

/// One result per file. An operation that did not complete has no signatures to give, whatever a script says.
fn files(
    world: &mut World,
    index: usize,
    script: &DssScript,
    call: &Call<'_>,
) -> Result<Vec<DssFileSigningResult>, SignError> {
    let Some(operation) = world.diadoc.dss.get(index) else {
        return Ok(Vec::new());
    };
    let Stage::Signed { ready_at } = operation.stage else {
        return Ok(Vec::new());
    };
    if ready_at > call.now {
        return Ok(Vec::new());
    }
    let Some(signer) = world
        .diadoc
        .certificates
        .get(operation.certificate)
        .map(|known| &known.identity)
    else {
        return Ok(Vec::new());
    };
    let signatures = match &operation.signatures {
        Some(made) => made.clone(),
        None => operation
            .digests
            .iter()
            .map(|digest| {
                sign_detached(
                    signer,
                    &digest.sha256,
                    ready_at,
                    world.options.signed_attributes,
                )
            })
            .collect::<Result<Vec<_>, _>>()?,
    };
    let told = match call.signature_fault {
        None => signatures.clone(),
        Some(fault) => {
            let first = Making {
                signer: Some(signer),
                content: operation.digests.first(),
                at: ready_at,
            };
            spoil::apply(world, fault, &first, signatures.clone())?
        }
    };
    if let Some(operation) = world.diadoc.dss.get_mut(index)
        && operation.signatures.is_none()
    {
        world.journal.counters.signatures_made += signatures.len() as u64;
        operation.signatures = Some(signatures);
    }
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
