//! Sending with the caller's client.

use std::time::Duration;

use podpis_transport::conformance::a_transport_over_sockets_obeys_the_contract;
use podpis_transport::{Delivery, Transport as _, TransportErrorKind};

use super::server::{HELLO, Server};
use super::{ask, get, text};
use crate::ReqwestTransport;

fn with(client: reqwest::ClientBuilder) -> ReqwestTransport {
    let client = client.build().unwrap();
    ReqwestTransport::builder().client(client).build().unwrap()
}

#[tokio::test]
async fn a_client_made_as_it_should_be_obeys_the_contract() {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy();
    a_transport_over_sockets_obeys_the_contract(with(client).into()).await;
}

#[tokio::test]
async fn it_is_the_client_that_sends_and_it_is_told_to_ask_for_no_content_encoding() {
    let server = Server::start(HELLO);
    let transport = with(reqwest::Client::builder().no_proxy().user_agent("mine/2"));
    ask(&transport, &server.url()).await.unwrap();
    let head = &server.heads()[0];
    assert!(head.contains("user-agent: mine/2\r\n"), "{head}");
    assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
}

#[tokio::test]
async fn what_the_request_says_of_content_encodings_stays() {
    let server = Server::start(HELLO);
    let transport = with(reqwest::Client::builder().no_proxy());
    let mut request = get(&server.url());
    let gzip = http::HeaderValue::from_static("gzip");
    request.headers_mut().insert("accept-encoding", gzip);
    transport.execute(request).await.unwrap();
    let head = &server.heads()[0];
    assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
}

#[tokio::test]
async fn an_answer_that_a_redirect_led_to_is_an_error() {
    let server = Server::with(|mut socket, heads| {
        let head = super::server::head(&mut socket);
        let answer = if head.starts_with("get /elsewhere ") {
            HELLO
        } else {
            "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        };
        heads.lock().unwrap().push(head);
        std::io::Write::write_all(&mut socket, answer.as_bytes()).unwrap();
    });
    let transport = with(reqwest::Client::builder().no_proxy());
    let error = ask(&transport, &server.url()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(text(&error).contains("followed a redirect"));
    assert_eq!(server.heads().len(), 2);
}

#[tokio::test]
async fn the_exchange_timeout_holds_for_it_too() {
    let server = Server::with(|mut socket, _| {
        super::server::head(&mut socket);
        super::server::head(&mut socket);
    });
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let transport = ReqwestTransport::builder()
        .client(client)
        .exchange_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = ask(&transport, &server.url()).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
}
