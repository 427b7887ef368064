//! Sends a posting, and says what an answer means for it.
//!
//! **Invariant:** whoever sends again sends the same bytes under the same operationId.

use std::time::Duration;

use http::StatusCode;
use podpis_core::Error;
use podpis_core::call::{Call, RepeatPolicy};
use podpis_diadoc_proto::events::{Message, MessagePatch};
use podpis_operation::Operation;

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

/// Sends it, by the client's own policy unless another is given.
pub(super) async fn send(
    client: &Diadoc,
    operation: &Operation,
    record: &Record,
    policy: Option<RepeatPolicy>,
) -> Result<Sent, Error> {
    let mut call = Call::new(record.post().endpoint())
        .query("operationId", record.operation_id.as_str())
        .body(record.bytes(operation)?);
    if let Some(policy) = policy {
        call = call.repeat(policy);
    }
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
    let posted = match record.post() {
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
