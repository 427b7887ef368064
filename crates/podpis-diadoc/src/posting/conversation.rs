//! The calls of a posting and what their answers mean.
//!
//! **Invariant:** an answer that was lost is asked for again with the same bytes under the same operationId; what the
//! service refuses is looked for in the message before the refusal is believed.

use std::time::Duration;

use podpis_core::Error;
use podpis_core::wait::{Conversation, Current, KeptBytes, Learned, OperationKind};
use podpis_operation::{Event, Kind, Operation, Refusal, Timestamp};

use super::look::look;
use super::posted::Posted;
use super::record::{Record, posted_signatures};
use super::sending::{Sent, is_final, send, send_first};
use super::{KIND, Posting};
use crate::Diadoc;

/// How long the service knows an operationId is not documented. After so long, the message is looked at before the
/// same is sent again.
const LONG: Duration = Duration::from_secs(60 * 60);

/// No locks: nobody is asked, and the service itself knows what was posted twice.
impl OperationKind for Posting {
    const KIND: Kind = Kind::new(KIND);
    type Client = Diadoc;
    type Record = Record;
    type Request = ();
    type Output = Posted;

    /// It is in the message, or is posted again as it was.
    fn is_found_out(_record: &Record) -> bool {
        true
    }

    /// The signatures that a patch posts.
    fn kept(operation: &Operation) -> Vec<KeptBytes> {
        let signatures = posted_signatures(operation).into_iter();
        signatures
            .map(|(_, der)| KeptBytes::new(None, der))
            .collect()
    }

    fn output(_client: &Diadoc, at: Current<'_, Record>) -> Result<Posted, Error> {
        let posted = at.record().posted.clone();
        posted.ok_or_else(|| at.unreadable("it is done and does not say what was posted"))
    }
}

#[async_trait::async_trait]
impl Conversation for Posting {
    async fn start(
        client: &Diadoc,
        at: Current<'_, Record>,
        (): (),
    ) -> Result<Learned<Record>, Error> {
        match send_first(client, at).await {
            Ok(Sent::Posted(posted)) => Ok(finished(at, posted)),
            Ok(Sent::Running(pause)) => Ok(accepted(at).waiting(pause)),
            Err(error) if !error.may_have_been_applied() => Err(error),
            Err(error) if is_final(&error) => match settle(client, at, &error).await {
                Ok(learned) => Ok(learned),
                // Sending it again is how that is found out.
                Err(trouble) => Ok(accepted(at).noting(trouble.to_string())),
            },
            Err(error) => {
                let pause = error.service().and_then(|said| said.retry_after);
                Ok(accepted(at).waiting(pause).noting(error.to_string()))
            }
        }
    }

    /// As a step of another operation it sends what the record holds, as it does alone.
    async fn next_step(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        Self::start(client, at, ()).await
    }

    async fn poll(client: &Diadoc, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
        if is_old(client, at)
            && let Some(posted) = look(client, at).await?
        {
            return Ok(finished(at, posted));
        }
        match send(client, at).await {
            Ok(Sent::Posted(posted)) => Ok(finished(at, posted)),
            Ok(Sent::Running(pause)) => Ok(Learned::still_running(pause)),
            Err(error) if is_final(&error) => settle(client, at, &error).await,
            Err(error) => Err(error),
        }
    }

    /// Sends nothing: what is there is found, and what is not is sent again by the next poll. Where the service may not
    /// know the operationId any more, that waits until the message could be seen.
    async fn reconcile(client: &Diadoc, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
        let record = at.record();
        match look(client, at).await {
            Ok(Some(posted)) => Ok(Event::Finished {
                data: record.with(posted),
            }),
            Err(error) if is_old(client, at) => Err(error),
            Ok(None) | Err(_) => Ok(Event::Accepted {
                data: record.clone(),
            }),
        }
    }
}

/// Whether it was sent so long ago that the service may not know it any more.
fn is_old(client: &Diadoc, at: Current<'_, Record>) -> bool {
    let now = Timestamp::from(client.runs().time.now());
    at.changed().plus(LONG) <= now
}

fn accepted(at: Current<'_, Record>) -> Learned<Record> {
    let data = at.record().clone();
    Event::Accepted { data }.into()
}

fn finished(at: Current<'_, Record>, posted: Posted) -> Learned<Record> {
    let data = at.record().with(posted);
    Event::Finished { data }.into()
}

/// What a refusal means: that it is there already, or that there will be none.
async fn settle(
    client: &Diadoc,
    at: Current<'_, Record>,
    refused: &Error,
) -> Result<Learned<Record>, Error> {
    match look(client, at).await {
        Ok(Some(posted)) => Ok(finished(at, posted)),
        Err(error) if error.is_transient() => Err(error),
        Ok(None) | Err(_) => Ok(Event::Refused {
            refusal: Refusal::Other,
            message: Some(refused.to_string()),
        }
        .into()),
    }
}
