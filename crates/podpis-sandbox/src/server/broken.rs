//! Decides how an answer is cut off on a connection.
//!
//! **Invariant:** the client always sees a broken exchange, because the announced length is larger than what is
//! sent and the connection is closed right after; with nothing sent, not even the status line goes out.

use std::io;
use std::task::Poll;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, header};

/// `response` up to `sent` bytes of its body, and then the end of the connection.
pub(super) fn after(response: http::Response<Bytes>, sent: usize) -> http::Response<Body> {
    let (mut head, body) = response.into_parts();
    let sent = sent.min(body.len());
    let announced = body.len().max(sent + 1);
    head.headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(announced));
    let mut first = Some(body.slice(..sent)).filter(|part| !part.is_empty());
    let mut flushed = sent == 0;
    let stream = futures_util::stream::poll_fn(move |context| {
        if let Some(part) = first.take() {
            return Poll::Ready(Some(Ok(part)));
        }
        if !flushed {
            // One turn without news lets the connection write what it has before it is torn down.
            flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    });
    http::Response::from_parts(head, Body::from_stream(stream))
}
