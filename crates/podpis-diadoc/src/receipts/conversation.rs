//! The calls of AutoSignReceipts and what their answers mean.
//!
//! **Invariant:** a batch is sent once. What a repetition with the same key does is not documented, so a lost answer
//! is reported and never guessed.

use http::StatusCode;
use podpis_core::Error;
use podpis_core::call::{Answer, Call, Effect, RepeatPolicy};
use podpis_core::wait::{Learned, LockName, OperationKind, Reconciled};
use podpis_core::wait::{Record as _, unreadable};
use podpis_diadoc_proto::decode_autosign_receipts;
use podpis_operation::{Event, Kind, Operation};

use super::record::{Record, Step};
use super::{AutoSignReceipts, KIND, Receipts};
use crate::Diadoc;
use crate::endpoints::{AUTO_SIGN_RECEIPTS, AUTOSIGN_RECEIPTS_RESULT};
use crate::explain::failed;
use crate::protobuf::task_id;

#[async_trait::async_trait]
impl OperationKind for AutoSignReceipts {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Request = ();
    type Output = Receipts;

    fn locks(_operation: &Operation) -> Vec<LockName> {
        // Whether a person is asked is not documented, and nothing says that two of these disturb each other.
        Vec::new()
    }

    async fn start(client: &Diadoc, operation: &Operation, (): ()) -> Result<Learned, Error> {
        send_batch(client, operation).await
    }

    async fn next_step(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
        send_batch(client, operation).await
    }

    async fn poll(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        let task = match &record.step {
            Step::Signing { task } => task.as_str(),
            // It was certainly not taken before, and is sent again.
            Step::Starting { .. } => {
                return Ok(Event::NextStep {
                    data: record.to_data(),
                }
                .into());
            }
            Step::Ended { .. } => {
                return Err(unreadable(operation, "its step is not one that is polled"));
            }
        };
        let call = Call::new(&AUTOSIGN_RECEIPTS_RESULT)
            .query("taskId", task)
            .repeat(RepeatPolicy::never());
        let answer = match client.caller().call(call).await {
            Ok(answer) => answer,
            Err(error) => {
                let learned = failed(removed(error))?;
                return Ok(learned.map_event(|event| record.telling_what_was_signed(event)));
            }
        };
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(Learned::still_running(answer.retry_after()));
        }
        let (signed, next_key) = batch(&answer)?;
        Ok(record.counted(signed, next_key).into())
    }

    async fn reconcile(_client: &Diadoc, operation: &Operation) -> Result<Reconciled, Error> {
        let Record {
            signed, batches, ..
        } = Record::of(operation)?;
        Ok(Reconciled::CannotTell(format!(
            "batch {} of receipts was sent to Diadoc and its answer was lost: Diadoc may be signing its receipts, has \
             no list of operations to ask, and does not say what a repetition with the same key does. {signed} \
             receipts of the batches before are signed. Start over once that batch has had some minutes to end: a new \
             start is for the receipts that wait in the box then",
            batches.saturating_add(1)
        )))
    }

    fn output(_client: &Diadoc, operation: &Operation) -> Result<Receipts, Error> {
        let record = Record::of(operation)?;
        match record.step {
            Step::Ended { end } => Ok(Receipts {
                signed: record.signed,
                batches: record.batches,
                end,
            }),
            Step::Starting { .. } | Step::Signing { .. } => {
                Err(unreadable(operation, "it is done and has a further batch"))
            }
        }
    }
}

/// Sends the batch that the record says is about to be sent.
async fn send_batch(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
    let record = Record::of(operation)?;
    let Step::Starting { key } = &record.step else {
        let error = unreadable(operation, "it names no batch to send");
        return Err(error.with_effect(Effect::NotApplied));
    };
    let call = Call::new(&AUTO_SIGN_RECEIPTS)
        .query("boxId", record.in_box.as_str())
        .query_if("certificateThumbprint", record.certificate.as_deref())
        .query_if("batchKey", key.as_deref());
    let answer = client.caller().call(call).await.map_err(removed)?;
    let task = task_id(&answer)?;
    Ok(Event::Accepted {
        data: record.at(Step::Signing { task }),
    }
    .into())
}

fn batch(answer: &Answer) -> Result<(u64, String), Error> {
    let result = decode_autosign_receipts(answer.body().clone())
        .map_err(|error| answer.unreadable(error))?;
    let signed = u64::try_from(result.signed_receipts_count)
        .map_err(|_| answer.unreadable("AutosignReceiptsResult.SignedReceiptsCount is negative"))?;
    let key = result.next_batch_key;
    if key.is_empty() {
        return Ok((signed, key));
    }
    let key = answer.id("AutosignReceiptsResult.NextBatchKey", Some(key))?;
    Ok((signed, key))
}

/// Current servers do not know the method any more.
fn removed(error: Error) -> Error {
    let status = error.service().map(|answer| answer.status);
    let what = match status {
        Some(StatusCode::GONE) => "Diadoc has removed the signing of receipts (AutoSignReceipts)",
        Some(StatusCode::NOT_FOUND) => {
            "Diadoc does not find it: current servers have removed the signing of receipts (AutoSignReceipts), and \
             older ones say this of a box, a certificate or a task that is not there"
        }
        _ => return error,
    };
    let text = format!("{what} ({error})");
    let kind = error.kind();
    error.with_kind(kind, text)
}
