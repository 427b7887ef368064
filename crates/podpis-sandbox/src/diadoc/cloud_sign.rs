//! Decides how a cloud signature is started: certificate, files, task, SMS.
//!
//! **Invariant:** an accepted start sends exactly one SMS, `processing` later, whether or not anyone polls. A
//! second start is a second operation with a second SMS: the service does not recognise a repeat.

use podpis_diadoc_proto::{CloudSignRequest, CloudSignResult};
use prost::Message as _;

use super::cloud_operations::{self, CloudSign};
use super::source;
use super::state::Room;
use crate::answer::{Handled, Needed as _, Refusal, Reply, bad_request};
use crate::call::Call;
use crate::phone::{Asked, AskedFile, MessageKind, Operation, Purpose, Service};
use crate::signer::Digests;

/// `POST /CloudSign`.
pub(super) fn start(room: &mut Room, user: usize, call: &Call) -> Handled {
    let request = CloudSignRequest::decode(call.body.clone())
        .or_bad_request("The body is not a CloudSignRequest.")?;
    let certificate = certificate(room, user, call)?;
    if request.files.is_empty() {
        return bad_request("There is no file to sign.");
    }
    let mut digests = Vec::with_capacity(request.files.len());
    let mut shown = Vec::with_capacity(request.files.len());
    let mut has_failed = false;
    for file in &request.files {
        let content = file.content.as_ref();
        let content = content.or_bad_request("A file has no content.")?;
        match source::resolve(room, user, content) {
            Ok(bytes) => {
                let signatures = room.shared.manner.signatures;
                let name = file.file_name.as_deref().unwrap_or_default();
                shown.push(AskedFile::new(name, bytes.len() as u64));
                digests.push(Digests::of(signatures, bytes));
            }
            // A file that is not on the shelf is found out only by the task.
            Err(_) if source::is_on_shelf(content) => has_failed = true,
            Err(refusal) => return Err(refusal),
        }
    }
    let id = room.guid();
    let task_id = room.guid();
    let ready_at = call.now.after(room.shared.options.processing);
    let token = room.guid();
    let code = room.shared.ids.code(room.shared.options.code_length);
    let operation = Operation::new(
        MessageKind::Sms,
        (id.clone(), vec![task_id.clone(), token]),
        (user, code),
        (call.now, ready_at),
        (
            CloudSign {
                certificate,
                digests,
                failed: has_failed,
                confirmations: Vec::new(),
            },
            Asked {
                service: Service::Diadoc,
                purpose: Purpose::Sign,
                person: room.shared.name(user),
                files: shown,
                screen_code: None,
            },
        ),
    );
    room.counters().operations_started += 1;
    room.own
        .cloud
        .begin(operation, call.now, room.shared.line());
    Ok(Reply::task(task_id, &id))
}

/// `GET /CloudSignResult`.
pub(super) fn result(room: &mut Room, user: usize, call: &Call) -> Handled {
    room.counters().polls += 1;
    let task_id = call.query.required("taskId")?;
    let is_start = |known: &Operation<CloudSign>| {
        known.user == user && cloud_operations::task(known).eq_ignore_ascii_case(task_id)
    };
    let operations = &room.own.cloud;
    let operation = operations
        .find(task_id, is_start)
        .and_then(|place| operations.get(place))
        .or_not_found("No CloudSign has this taskId.")?;
    if call.now < operation.asks_at {
        return Ok(Reply::not_ready(call.now.until(operation.asks_at)).about(&operation.id));
    }
    if operation.work.failed {
        return Err(
            Refusal::conflict("ErrorCode: Http.Conflict (Http.Conflict)").about(&operation.id),
        );
    }
    Ok(Reply::message(&CloudSignResult {
        token: Some(cloud_operations::token(operation).to_owned()),
    })
    .about(&operation.id))
}

/// The named certificate, or the user's first active one.
fn certificate(room: &Room, user: usize, call: &Call) -> Handled<usize> {
    let known = room
        .shared
        .people
        .get(user)
        .map(|user| user.certificates.as_slice())
        .unwrap_or_default();
    let Some(wanted) = call.query.optional("certificateThumbprint") else {
        return known
            .iter()
            .position(|one| one.is_active(call.now))
            .or_not_found("User has no valid cloud certificate");
    };
    let index = known
        .iter()
        .position(|one| one.thumbprint.eq_ignore_ascii_case(wanted))
        .or_not_found(format!(
            "Certificate with thumbprint {wanted} is not a cloud certificate"
        ))?;
    if known.get(index).is_some_and(|one| one.is_active(call.now)) {
        Ok(index)
    } else {
        bad_request("The certificate has expired or is not valid yet.")
    }
}
