//! What holds whatever is set.

use std::time::Duration;

use podpis_transport::conformance::a_transport_over_sockets_obeys_the_contract;
use podpis_transport::{Delivery, TransportErrorKind};

use super::ask;
use super::server::{HELLO, Server};
use crate::ReqwestTransport;

#[tokio::test]
async fn obeys_the_contract() {
    a_transport_over_sockets_obeys_the_contract(ReqwestTransport::new().unwrap().into()).await;
}

#[tokio::test]
async fn an_answer_over_the_limit_is_an_error_and_not_a_short_answer() {
    let server = Server::start(HELLO);
    let transport = |limit| {
        ReqwestTransport::builder()
            .answer_limit(limit)
            .build()
            .unwrap()
    };
    let answer = ask(&transport(5), &server.url()).await.unwrap();
    assert_eq!(answer.body().as_ref(), b"hello");
    let error = ask(&transport(4), &server.url()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn no_content_encoding_is_asked_for() {
    let server = Server::start(HELLO);
    let transport = ReqwestTransport::builder()
        .user_agent("me/1")
        .build()
        .unwrap();
    ask(&transport, &server.url()).await.unwrap();
    let head = &server.heads()[0];
    assert!(!head.contains("accept-encoding"), "{head}");
    assert!(head.contains("user-agent: me/1\r\n"), "{head}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_with_the_exchange_timeout() {
    // Half of a body, and then nothing: the timeout is for the whole exchange.
    let server = Server::with(|mut socket, _| {
        super::server::head(&mut socket);
        let half = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel";
        std::io::Write::write_all(&mut socket, half.as_bytes()).unwrap();
        super::server::head(&mut socket);
    });
    let transport = ReqwestTransport::builder()
        .exchange_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = ask(&transport, &server.url()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Unknown);
}
