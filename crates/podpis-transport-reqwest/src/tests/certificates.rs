//! Whom a transport trusts, and what it shows of itself.

use podpis_transport::{Delivery, TransportErrorKind};

use super::tls_server::Authority;
use super::{ask, text};
use crate::{ReqwestTransport, ReqwestTransportBuilder, Setting};

const DAMAGED: &str = "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n";

fn url(server: &super::server::Server) -> String {
    format!("https://localhost:{}/", server.address.port())
}

fn trusting(authority: &Authority) -> ReqwestTransportBuilder {
    ReqwestTransport::builder().root_certificates(authority.pem())
}

#[tokio::test]
async fn a_root_is_added_in_pem_and_in_der() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = authority.serve("localhost");
    let both = format!("# roots\n{}{}", other.pem(), authority.pem());
    let builders = [
        trusting(&authority),
        ReqwestTransport::builder().root_certificates(authority.der()),
        ReqwestTransport::builder().root_certificates(both),
        trusting(&other).root_certificates(authority.der()),
    ];
    for builder in builders {
        let answer = ask(&builder.build().unwrap(), &url(&server)).await.unwrap();
        assert_eq!(answer.body().as_ref(), b"hello");
    }
}

#[tokio::test]
async fn a_server_of_nobody_known_is_told_nothing() {
    let server = Authority::new().serve("localhost");
    let transports = [
        ReqwestTransport::new().unwrap(),
        trusting(&Authority::new()).build().unwrap(),
    ];
    for transport in transports {
        let error = ask(&transport, &url(&server)).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect);
        assert_eq!(error.delivery(), Delivery::NotSent);
    }
    assert!(server.heads().is_empty());
}

#[tokio::test]
async fn a_server_with_another_name_is_told_nothing() {
    let authority = Authority::new();
    let server = authority.serve("elsewhere.example.org");
    let transport = trusting(&authority).build().unwrap();
    let error = ask(&transport, &url(&server)).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    #[cfg(not(feature = "native-tls"))]
    assert!(
        text(&error).contains("not valid for name"),
        "{}",
        text(&error)
    );
    assert!(server.heads().is_empty());
}

#[tokio::test]
async fn the_client_certificate_is_shown() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = authority.serve_only("localhost", &clients);
    let client = clients.issue("client");
    let (certificate, key) = (client.certificate.pem(), client.key.serialize_pem());
    let one_text = format!("{key}{certificate}");
    for (certificate, key) in [(certificate, key), (one_text.clone(), one_text)] {
        let builder = trusting(&authority).client_certificate(certificate, key);
        assert!(!format!("{builder:?}").contains("BEGIN"));
        let answer = ask(&builder.build().unwrap(), &url(&server)).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let without = trusting(&authority).build().unwrap();
    ask(&without, &url(&server)).await.unwrap_err();
    assert_eq!(server.heads().len(), 2);
}

#[test]
fn roots_that_are_none_are_named() {
    let empty = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    for given in ["", "no certificate", "0", DAMAGED, empty] {
        let builder = ReqwestTransport::builder().root_certificates(given);
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), Setting::RootCertificates, "{given}");
        assert!(error.to_string().starts_with("the root certificates: "));
    }
}

#[test]
fn a_client_certificate_that_is_none_is_named() {
    let client = Authority::new().issue("client");
    let (certificate, key) = (client.certificate.pem(), client.key.serialize_pem());
    let cases = [
        ("", key.as_str()),
        (DAMAGED, &key),
        (&key, &key),
        (&certificate, ""),
        (&certificate, &certificate),
    ];
    for (certificate, key) in cases {
        let builder = ReqwestTransport::builder().client_certificate(certificate, key);
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), Setting::ClientCertificate);
        assert!(!text(&error).contains("BEGIN"), "{}", text(&error));
    }
}

// OpenSSL finds that out when a server asks for the certificate.
#[cfg(not(feature = "native-tls"))]
#[test]
fn a_key_of_another_certificate_is_an_error() {
    let authority = Authority::new();
    let [one, other] = ["one", "other"].map(|name| authority.issue(name));
    let error = ReqwestTransport::builder()
        .client_certificate(one.certificate.pem(), other.key.serialize_pem())
        .build()
        .unwrap_err();
    assert_eq!(error.setting(), Setting::ClientCertificate);
}

#[test]
fn certificates_are_refused_beside_an_own_client() {
    let authority = Authority::new();
    let error = trusting(&authority)
        .client(reqwest::Client::new())
        .build()
        .unwrap_err();
    assert_eq!(error.setting(), Setting::RootCertificates);
}
