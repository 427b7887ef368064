//! The calls of AutoSignReceipts and what their answers mean.
//!
//! **Invariant:** a batch is sent once. What a repetition with the same key does is not documented, so a lost answer
//! is reported and never guessed.

use http::StatusCode;
use podpis_core::call::{Answer, Call, Effect, RepeatPolicy};
use podpis_core::wait::{Conversation, Current, Learned, OperationKind};
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::decode_autosign_receipts;
use podpis_operation::{Event, Kind};

use super::record::{Record, Step};
use super::{AutoSignReceipts, KIND, Receipts};
use crate::Diadoc;
use crate::endpoints::{AUTO_SIGN_RECEIPTS, AUTOSIGN_RECEIPTS_RESULT};
use crate::explain::failed;
use crate::protobuf::task_id;

/// No locks: whether a person is asked is not documented, and nothing says that two of these disturb each other.
impl OperationKind for AutoSignReceipts {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Record = Record;
    type Request = ();
    type Output = Receipts;

    fn output(_client: &Diadoc, at: Current<'_, Record>) -> Result<Receipts, Error> {
        let record = at.record();
        match record.step {
            Step::Ended { end } => Ok(Receipts {
                signed: record.signed,
                batches: record.batches,
                end,
            }),
            Step::Starting { .. } | Step::Signing { .. } => {
                Err(at.unreadable("it is done and has a further batch"))
            }
        }
    }
}

/// Every step is the same call, so that it is one conversation and no sequence of others.
#[async_trait::async_trait]
impl Conversation for AutoSignReceipts {
    async fn start(
        client: &Diadoc,
        at: Current<'_, Record>,
        (): (),
    ) -> Result<Learned<Record>, Error> {
        Self::next_step(client, at).await
    }

    /// Sends the batch that the record says is about to be sent.
    async fn next_step(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let Step::Starting { key } = &record.step else {
            let error = at.unreadable("it names no batch to send");
            return Err(error.with_effect(Effect::NotApplied));
        };
        let call = Call::new(&AUTO_SIGN_RECEIPTS)
            .query("boxId", record.in_box.as_str())
            .query_if("certificateThumbprint", record.certificate.as_deref())
            .query_if("batchKey", key.as_deref());
        let answer = client.caller().call(call).await.map_err(removed)?;
        let task = task_id(&answer)?;
        let data = record.at(Step::Signing { task });
        Ok(Event::Accepted { data }.into())
    }

    async fn poll(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        let record = at.record();
        let task = match &record.step {
            Step::Signing { task } => task.as_str(),
            // It was certainly not taken before, and is sent again.
            Step::Starting { .. } => {
                let data = record.clone();
                return Ok(Event::NextStep { data }.into());
            }
            Step::Ended { .. } => {
                return Err(at.unreadable("its step is not one that is polled"));
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
        Ok(record.clone().counted(signed, next_key).into())
    }

    async fn reconcile(_client: &Diadoc, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let signed = at.record().signed;
        let batch = at.record().batches.saturating_add(1);
        let what = format!(
            "batch {batch} of receipts was sent to Diadoc and its answer was lost: Diadoc may be signing its receipts, \
             has no list of operations to ask, and does not say what a repetition with the same key does. {signed} \
             receipts of the batches before are signed. Start over once that batch has had some minutes to end: a new \
             start is for the receipts that wait in the box then"
        );
        Err(Error::new(ErrorKind::CannotTell, what))
    }
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
