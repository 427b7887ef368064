//! When the certificates of the system are loaded.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::{Error, RootCertStore};

use super::server::{HELLO, Server};
use super::tls_server::Authority;
use super::{ask, text};
use crate::tls::{Loaded, SystemRoots};
use crate::{ReqwestTransport, ReqwestTransportBuilder};

/// What the system of these tests trusts.
static SYSTEM: LazyLock<Authority> = LazyLock::new(Authority::new);

fn load() -> Loaded {
    let mut roots = RootCertStore::empty();
    roots.add(SYSTEM.der().into()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap()
}

fn url(server: &Server) -> String {
    format!("https://localhost:{}/", server.address.port())
}

fn over(system: &'static SystemRoots) -> ReqwestTransportBuilder {
    let mut builder = ReqwestTransport::builder();
    builder.tls.system = system;
    builder
}

#[tokio::test]
async fn plain_http_loads_none() {
    static ROOTS: SystemRoots = SystemRoots::new(|| panic!("nobody needs them"));
    let server = Server::start(HELLO);
    let transport = over(&ROOTS).build().unwrap();
    ask(&transport, &server.url()).await.unwrap();
}

#[tokio::test]
async fn a_server_of_an_added_root_loads_none() {
    static ROOTS: SystemRoots = SystemRoots::new(|| panic!("nobody needs them"));
    let authority = Authority::new();
    let server = authority.serve("localhost");
    let transport = over(&ROOTS)
        .root_certificates(authority.pem())
        .build()
        .unwrap();
    ask(&transport, &url(&server)).await.unwrap();
}

#[tokio::test]
async fn all_transports_of_a_program_load_them_once() {
    static LOADS: AtomicUsize = AtomicUsize::new(0);
    static ROOTS: SystemRoots = SystemRoots::new(|| {
        LOADS.fetch_add(1, Ordering::Relaxed);
        Ok(load())
    });
    let server = SYSTEM.serve("localhost");
    let client = Authority::new().issue("client");
    let (certificate, key) = (client.certificate.pem(), client.key.serialize_pem());
    let builders = [
        over(&ROOTS),
        over(&ROOTS).connect_timeout(Duration::from_secs(5)),
        over(&ROOTS).client_certificate(certificate, key),
        over(&ROOTS).root_certificates(Authority::new().pem()),
    ];
    let transports = builders.map(|builder| builder.build().unwrap());
    assert_eq!(LOADS.load(Ordering::Relaxed), 0);
    for transport in transports {
        ask(&transport, &url(&server)).await.unwrap();
        assert_eq!(LOADS.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn what_could_not_be_loaded_is_told_and_tried_again() {
    static LOADS: AtomicUsize = AtomicUsize::new(0);
    static ROOTS: SystemRoots = SystemRoots::new(|| match LOADS.fetch_add(1, Ordering::Relaxed) {
        0 => Err(Error::General("no file has any".to_owned())),
        _ => Ok(load()),
    });
    let server = SYSTEM.serve("localhost");
    let transport = over(&ROOTS).build().unwrap();
    let error = ask(&transport, &url(&server)).await.unwrap_err();
    assert!(text(&error).contains("no file has any"), "{}", text(&error));
    ask(&transport, &url(&server)).await.unwrap();
}
