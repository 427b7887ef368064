//! Sends a posting, and says what an answer means for it.
//!
//! **Invariant:** whoever sends again sends the same bytes under the same operationId.

use std::time::Duration;

use http::StatusCode;
use podpis_core::Error;
use podpis_core::call::{Call, Outcome, RepeatPolicy, Replay};
use podpis_core::wait::Current;
use podpis_diadoc_proto::events::{Message, MessagePatch};

use super::posted::Posted;
use super::record::{Post, Record};
use crate::{Diadoc, protobuf};

/// What the service made of a posting that it did not refuse.
#[derive(Debug)]
pub(super) enum Sent {
    Posted(Posted),
    /// Its first copy is still running: the service's documents show this as 204 and as 409, both with Retry-After.
    Running(Option<Duration>),
}

/// Sends it for the first time: again, as the client's policy says, while it certainly did not arrive.
///
/// An attempt that may have arrived is the last one here, and the poll sends the same again. Otherwise the attempt after
/// it could be told as one that did nothing, and what the first one posted would be forgotten.
pub(super) async fn send_first(client: &Diadoc, at: Current<'_, Record>) -> Result<Sent, Error> {
    let mut attempt = 1;
    loop {
        let error = match send(client, at).await {
            Err(error) if !error.may_have_been_applied() => error,
            other => return other,
        };
        let said = error.service();
        let outcome = said.map_or(Outcome::NotSent, |said| Outcome::Status(said.status));
        let hint = said.and_then(|said| said.retry_after);
        let policy = client.caller().repeat();
        let pause = policy.pause(Replay::OnlyIfNotSent, outcome, attempt, hint);
        let Some(pause) = pause.filter(|_| error.is_transient()) else {
            return Err(error);
        };
        if !client.caller().sleep(pause).await {
            return Err(error);
        }
        attempt += 1;
    }
}

/// Sends it once.
pub(super) async fn send(client: &Diadoc, at: Current<'_, Record>) -> Result<Sent, Error> {
    let record = at.record();
    let body = record.bytes().map_err(|error| at.unreadable(error))?;
    let call = Call::new(record.post.endpoint())
        .query("operationId", record.operation_id.as_str())
        .body(body)
        .repeat(RepeatPolicy::never());
    let answer = match client.caller().call(call).await {
        Ok(answer) if answer.status() == StatusCode::NO_CONTENT => {
            return Ok(Sent::Running(answer.retry_after()));
        }
        Ok(answer) => answer,
        Err(error) => {
            let running = error
                .service()
                .filter(|said| said.status == StatusCode::CONFLICT && said.retry_after.is_some());
            return match running {
                Some(said) => Ok(Sent::Running(said.retry_after)),
                None => Err(error),
            };
        }
    };
    let posted = match record.post {
        Post::Patch => {
            let patch: MessagePatch = protobuf::read(&answer)?;
            Posted::of_patch(patch, record.message.as_deref())
        }
        Post::Draft | Post::Message => {
            let message: Message = protobuf::read(&answer)?;
            Posted::of_message(message)
        }
    };
    Ok(Sent::Posted(posted))
}

/// Whether the service will never take these bytes. No access, no login and no subscription may change; what is
/// transient passes.
pub(crate) fn is_final(error: &Error) -> bool {
    let status = error.service().map(|said| said.status.as_u16());
    !error.is_transient() && matches!(status, Some(400 | 404 | 409 | 410 | 413 | 414 | 415))
}

#[cfg(test)]
mod tests {
    use podpis_core::ErrorKind;
    use podpis_core::error::ServiceAnswer;

    use super::*;

    #[test]
    fn what_may_change_is_not_final() {
        let refused = |status: u16, retry_after| {
            let status = StatusCode::from_u16(status).unwrap();
            let mut said = ServiceAnswer::new("PostMessagePatch", status);
            said.retry_after = retry_after;
            Error::new(ErrorKind::Service, "no").with_service(said)
        };
        for status in [400, 404, 409, 410, 413, 415] {
            assert!(is_final(&refused(status, None)), "{status}");
        }
        for status in [401, 402, 403, 405, 408, 429, 500, 502, 503, 504] {
            assert!(!is_final(&refused(status, None)), "{status}");
        }
        assert!(!is_final(&refused(409, Some(Duration::from_secs(1)))));
        assert!(!is_final(&Error::new(ErrorKind::NoAnswer, "no")));
    }
}
