//! Decides how an answer is slow on a connection.
//!
//! **Invariant:** whatever is slow ends with the server: a shutdown waits for no fault.

use std::io;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::future::{BoxFuture, Either, Shared, select};
use futures_util::stream;
use http::{HeaderValue, header};

use crate::sandbox::OpenRequest;

/// Ready when the server stops.
pub(super) type Stopped = Shared<BoxFuture<'static, bool>>;

/// `response` with a pause before each byte of its body; before the whole where it has none. The request is `open` until
/// then.
pub(super) async fn trickle(
    response: http::Response<Bytes>,
    every: Duration,
    stopped: Stopped,
    open: Option<OpenRequest>,
) -> http::Response<Body> {
    let (mut head, body) = response.into_parts();
    if body.is_empty() {
        goes_on(every, &stopped).await;
        return http::Response::from_parts(head, Body::empty());
    }
    head.headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let bytes = stream::unfold((body, open), move |(mut left, open)| {
        let stopped = stopped.clone();
        async move {
            if left.is_empty() {
                return None;
            }
            let byte = if goes_on(every, &stopped).await {
                Ok(left.split_to(1))
            } else {
                Err(io::Error::from(io::ErrorKind::ConnectionReset))
            };
            Some((byte, (left, open)))
        }
    });
    http::Response::from_parts(head, Body::from_stream(bytes))
}

/// Pauses; `false` when the server stops meanwhile.
async fn goes_on(time: Duration, stopped: &Stopped) -> bool {
    let paused = std::pin::pin!(pause(time));
    matches!(select(paused, stopped.clone()).await, Either::Left(_))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a slow answer is real waiting, and this folder is where the sandbox may wait"
)]
pub(super) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
