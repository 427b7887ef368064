//! Decides how AutoSignReceipts is asked for and what its result says.
//!
//! **Invariant:** a start signs nothing; its receipts are signed when its task has been processed, whether or not
//! anyone polls.

use http::StatusCode;
use podpis_diadoc_proto::{AutosignReceiptsResult, AutosignReceiptsResultBefore2017};

use super::options::{LastBatchKey, ReceiptsLayout, ReceiptsMethod};
use super::receipts_store::Batch;
use super::state::Room;
use super::{boxes, certificates};
use crate::answer::{Handled, Needed as _, Refusal, Reply};
use crate::call::Call;

/// An AutosignReceiptsResult whose key is left out.
#[derive(Clone, PartialEq, prost::Message)]
struct CountAlone {
    #[prost(int64, required, tag = "1")]
    count: i64,
}

/// The same in the layout until November 2017.
#[derive(Clone, PartialEq, prost::Message)]
struct CountAloneBefore2017 {
    #[prost(int32, required, tag = "2")]
    count: i32,
}

/// Whether the method is there at all; asked before the login, because a path that is gone asks for none.
pub(super) fn offered(room: &Room) -> Handled<()> {
    match room.own.options.receipts_method {
        ReceiptsMethod::Offered => Ok(()),
        ReceiptsMethod::NotFound => Err(Refusal::not_found("There is no method at this path.")),
        ReceiptsMethod::Gone => Err(Refusal::new(
            StatusCode::GONE,
            "This method has been removed.",
        )),
    }
}

/// `POST /AutoSignReceipts`. The SDKs name the certificate `certificateThumbprint`, the documentation
/// `thumbprint`; the first one wins.
pub(super) fn start(room: &mut Room, user: usize, call: &Call) -> Handled {
    boxes::own(call)?;
    let thumbprint = call.query.optional("certificateThumbprint");
    let thumbprint = thumbprint.or_else(|| call.query.optional("thumbprint"));
    certificates::for_receipts(room, user, thumbprint, call.now)?;
    let range = room.own.receipts.range(call.query.optional("batchKey"));
    let range = range.or_bad_request("This batchKey was not given out.")?;
    let next_key = room
        .own
        .receipts
        .next_key(range, &room.own.options, &mut room.shared.ids);
    let id = room.guid();
    let task = room.guid();
    room.own.receipts.add(Batch {
        id: id.clone(),
        task: task.clone(),
        user,
        range,
        ready_at: call.now.after(room.shared.options.processing),
        signed: None,
        next_key,
    });
    room.counters().operations_started += 1;
    let signed = room.own.receipts.settle(call.now, &room.own.options);
    room.counters().receipts_signed += signed;
    Ok(Reply::task(task, &id))
}

/// `GET /AutosignReceiptsResult`.
pub(super) fn result(room: &mut Room, user: usize, call: &Call) -> Handled {
    room.counters().polls += 1;
    let task = call.query.required("taskId")?;
    let batch = room.own.receipts.by_task(task, user);
    let batch = batch.or_not_found("No AutoSignReceipts has this taskId.")?;
    let Some(count) = batch.signed else {
        return Ok(Reply::not_ready(call.now.until(batch.ready_at)).about(&batch.id));
    };
    let options = &room.own.options;
    let key = batch.next_key.clone();
    let absent = key.is_empty() && options.last_batch_key == LastBatchKey::Absent;
    let narrow = i32::try_from(count).unwrap_or(i32::MAX);
    let reply = match (options.receipts_layout, absent) {
        (ReceiptsLayout::Current, false) => Reply::message(&AutosignReceiptsResult {
            signed_receipts_count: count,
            next_batch_key: key,
        }),
        (ReceiptsLayout::Before2017, false) => Reply::message(&AutosignReceiptsResultBefore2017 {
            next_batch_key: key,
            signed_receipts_count: narrow,
        }),
        (ReceiptsLayout::Current, true) => Reply::message(&CountAlone { count }),
        (ReceiptsLayout::Before2017, true) => {
            Reply::message(&CountAloneBefore2017 { count: narrow })
        }
    };
    Ok(reply.about(&batch.id))
}
