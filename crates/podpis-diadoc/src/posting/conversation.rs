//! The calls of a posting and what their answers mean.
//!
//! **Invariant:** an answer that was lost is asked for again with the same bytes under the same operationId; what the
//! service refuses is looked for in the message before the refusal is believed.

use podpis_core::wait::{Record as _, unreadable};
use std::time::Duration;

use podpis_core::Error;
use podpis_core::wait::{KeptBytes, Learned, LockName, OperationKind, Reconciled};
use podpis_operation::{Event, Kind, Operation, Refusal, Timestamp};

use super::look::look;
use super::posted::Posted;
use super::record::Record;
use super::sending::{Sent, is_final, send, send_first};
use super::{KIND, Posting};
use crate::Diadoc;

/// How long the service knows an operationId is not documented. After so long, the message is looked at before the
/// same is sent again.
const LONG: Duration = Duration::from_secs(60 * 60);

#[async_trait::async_trait]
impl OperationKind for Posting {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Request = ();
    type Output = Posted;

    fn locks(_operation: &Operation) -> Vec<LockName> {
        // Nobody is asked, and the service itself knows what was posted twice.
        Vec::new()
    }

    /// It is in the message, or is posted again as it was.
    fn is_found_out(_operation: &Operation) -> bool {
        true
    }

    /// The signatures that a patch posts.
    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        let record = Record::of(operation).ok();
        record.map_or_else(Vec::new, |record| record.kept(operation))
    }

    async fn start(client: &Diadoc, operation: &Operation, (): ()) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        match send_first(client, operation, &record).await {
            Ok(Sent::Posted(posted)) => Ok(finished(&record, posted)),
            Ok(Sent::Running(pause)) => Ok(accepted(&record).waiting(pause)),
            Err(error) if !error.may_have_been_applied() => Err(error),
            Err(error) if is_final(&error) => {
                match settle(client, operation, &record, &error).await {
                    Ok(learned) => Ok(learned),
                    // Sending it again is how that is found out.
                    Err(trouble) => Ok(accepted(&record).noting(trouble.to_string())),
                }
            }
            Err(error) => {
                let pause = error.service().and_then(|said| said.retry_after);
                Ok(accepted(&record).waiting(pause).noting(error.to_string()))
            }
        }
    }

    async fn poll(client: &Diadoc, operation: &Operation) -> Result<Learned, Error> {
        let record = Record::of(operation)?;
        if is_old(client, operation)
            && let Some(posted) = look(client, operation, &record).await?
        {
            return Ok(finished(&record, posted));
        }
        match send(client, operation, &record).await {
            Ok(Sent::Posted(posted)) => Ok(finished(&record, posted)),
            Ok(Sent::Running(pause)) => Ok(Learned::still_running(pause)),
            Err(error) if is_final(&error) => settle(client, operation, &record, &error).await,
            Err(error) => Err(error),
        }
    }

    /// Sends nothing: what is there is found, and what is not is sent again by the next poll. Where the service may not
    /// know the operationId any more, that waits until the message could be seen.
    async fn reconcile(client: &Diadoc, operation: &Operation) -> Result<Reconciled, Error> {
        let record = Record::of(operation)?;
        let event = match look(client, operation, &record).await {
            Ok(Some(posted)) => Event::Finished {
                data: record.with(posted),
            },
            Err(error) if is_old(client, operation) => return Err(error),
            Ok(None) | Err(_) => Event::Accepted {
                data: record.to_data(),
            },
        };
        Ok(Reconciled::Applied(event))
    }

    fn output(_client: &Diadoc, operation: &Operation) -> Result<Posted, Error> {
        let posted = Record::of(operation)?.posted;
        posted.ok_or_else(|| unreadable(operation, "it is done and does not say what was posted"))
    }
}

/// Whether it was sent so long ago that the service may not know it any more.
fn is_old(client: &Diadoc, operation: &Operation) -> bool {
    let now = Timestamp::from(client.runs().time.now());
    operation.changed().plus(LONG) <= now
}

fn accepted(record: &Record) -> Learned {
    Event::Accepted {
        data: record.to_data(),
    }
    .into()
}

fn finished(record: &Record, posted: Posted) -> Learned {
    Event::Finished {
        data: record.with(posted),
    }
    .into()
}

/// What a refusal means: that it is there already, or that there will be none.
async fn settle(
    client: &Diadoc,
    operation: &Operation,
    record: &Record,
    refused: &Error,
) -> Result<Learned, Error> {
    match look(client, operation, record).await {
        Ok(Some(posted)) => Ok(finished(record, posted)),
        Err(error) if error.is_transient() => Err(error),
        Ok(None) | Err(_) => Ok(Event::Refused {
            refusal: Refusal::Other,
            message: Some(refused.to_string()),
        }
        .into()),
    }
}
