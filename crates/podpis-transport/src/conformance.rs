//! Rules that every [`Transport`](crate::Transport) must obey, as functions for your own tests.
//!
//! Call [`a_transport_over_sockets_obeys_the_contract`] from a test of your transport. It starts raw TCP
//! servers on the loopback interface that misbehave in known ways. Changes here are not covered by semver.

#![allow(
    clippy::unwrap_used,
    reason = "failing loudly is what a test suite is for"
)]

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{Delivery, HttpRequest, SharedTransport};

/// What a scripted server does after it has read the request.
#[derive(Clone, Copy)]
enum Script {
    Reply(&'static str),
    HangUp,
}

async fn serve(script: Script) -> (String, tokio::task::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/path", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let mut connections = 0;
        // A second connection would be a retry or a followed redirect.
        while let Ok(Ok((mut socket, _))) = tokio::time::timeout(
            std::time::Duration::from_millis(if connections == 0 { 5_000 } else { 100 }),
            listener.accept(),
        )
        .await
        {
            connections += 1;
            let mut buffer = vec![0; 64 * 1024];
            let _ = socket.read(&mut buffer).await;
            if let Script::Reply(text) = script {
                let _ = socket.write_all(text.as_bytes()).await;
            }
            let _ = socket.shutdown().await;
        }
        connections
    });
    (url, served)
}

fn post(url: &str) -> HttpRequest {
    http::Request::post(url)
        .body(Bytes::from_static(b"body"))
        .unwrap()
}

/// Checks a transport that uses sockets.
///
/// # Panics
/// When a rule is broken; the message names the rule.
pub async fn a_transport_over_sockets_obeys_the_contract(transport: SharedTransport) {
    for (status, text) in [
        (
            302,
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        ),
        (204, "HTTP/1.1 204 No Content\r\nretry-after: 1\r\n\r\n"),
        (
            401,
            "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            500,
            "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\nno",
        ),
        (
            503,
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
        ),
    ] {
        let (url, served) = serve(Script::Reply(text)).await;
        let answer = transport.execute(post(&url)).await;
        assert_eq!(
            answer
                .map(|answer| answer.status().as_u16())
                .map_err(|e| e.kind()),
            Ok(status),
            "every status is an answer, and redirects are not followed"
        );
        assert_eq!(
            served.await.unwrap(),
            1,
            "status {status}: one call is one exchange"
        );
    }

    let (url, served) = serve(Script::HangUp).await;
    let error = transport.execute(post(&url)).await.unwrap_err();
    assert_eq!(
        error.delivery(),
        Delivery::Unknown,
        "a server that read the request and hung up may have acted on it"
    );
    assert_eq!(
        served.await.unwrap(),
        1,
        "a broken exchange is not repeated"
    );

    let (url, _served) = serve(Script::Reply(
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
    ))
    .await;
    let error = transport.execute(post(&url)).await.unwrap_err();
    assert_eq!(
        error.delivery(),
        Delivery::Unknown,
        "a truncated body is an error after the server acted"
    );

    let (url, _served) = serve(Script::Reply("this is not HTTP\r\n\r\n")).await;
    let error = transport.execute(post(&url)).await.unwrap_err();
    assert_eq!(
        error.delivery(),
        Delivery::Unknown,
        "an answer that is not HTTP proves that something read the request"
    );

    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    let error = transport.execute(post(&url)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent, "nothing listens there");
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(current) = cause {
        assert!(
            !current.to_string().contains("http://"),
            "an error never prints a URL: {current}"
        );
        cause = current.source();
    }
}
