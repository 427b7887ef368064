//! What goes through a proxy, and what does not.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};

use podpis_transport::Delivery;

use super::ask;
use super::server::{HELLO, Server, head};
use super::tls_server::Authority;
use crate::ReqwestTransport;

/// A name that nothing but the proxy of these tests leads to.
pub(super) const NAME: &str = "service.invalid";

/// Leads everybody to the same server, whatever host they ask for.
pub(super) fn proxy(to: SocketAddr) -> Server {
    Server::with(move |mut client, heads| {
        let head = head(&mut client);
        heads.lock().unwrap().push(head);
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let mut server = TcpStream::connect(to).unwrap();
        let (mut up, mut down) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let upwards = std::thread::spawn(move || {
            let _ = std::io::copy(&mut up, &mut server);
            let _ = server.shutdown(std::net::Shutdown::Write);
        });
        let _ = std::io::copy(&mut down, &mut client);
        let _ = client.shutdown(std::net::Shutdown::Write);
        upwards.join().unwrap();
    })
}

#[tokio::test]
async fn another_host_is_asked_through_the_proxy_and_the_proxy_sees_nothing() {
    let authority = Authority::new();
    let server = authority.serve(NAME);
    let proxy = proxy(server.address);
    let transport = ReqwestTransport::builder()
        .proxy(format!("http://user:pass@{}", proxy.address))
        .root_certificates(authority.pem())
        .build()
        .unwrap();
    let url = format!("https://{NAME}/secret");
    let answer = ask(&transport, &url).await.unwrap();
    assert_eq!(answer.body().as_ref(), b"hello");
    let [asked]: [String; 1] = proxy.heads().try_into().unwrap();
    assert!(asked.starts_with("connect service.invalid:443 "), "{asked}");
    assert!(
        asked.contains("proxy-authorization: basic dxnlcjpwyxnz\r\n"),
        "{asked}"
    );
    assert!(!asked.contains("secret"), "{asked}");
    let [asked]: [String; 1] = server.heads().try_into().unwrap();
    assert!(asked.starts_with("get /secret "), "{asked}");
    assert!(!asked.contains("proxy-authorization"), "{asked}");
}

#[tokio::test]
async fn this_machine_is_asked_directly() {
    let server = Server::start(HELLO);
    let proxy = proxy(server.address);
    let transport = ReqwestTransport::builder()
        .proxy(proxy.url())
        .build()
        .unwrap();
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "LOCALHOST"] {
        let url = format!("http://{host}:{port}/");
        ask(&transport, &url).await.unwrap();
    }
    assert_eq!(server.heads().len(), 3);
    assert!(proxy.heads().is_empty());
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_passed_over() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let transport = ReqwestTransport::builder()
        .proxy(format!("http://{closed}"))
        .build()
        .unwrap();
    let url = format!("https://{NAME}/");
    let error = ask(&transport, &url).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
}
