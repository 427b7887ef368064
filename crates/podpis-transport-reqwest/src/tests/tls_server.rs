//! A server with a certificate, and who issued it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::server::{HELLO, Server, head};

/// How many were made.
static ROOTS: AtomicUsize = AtomicUsize::new(0);

/// A root of its own.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(super) struct Issued {
    pub(super) certificate: rcgen::Certificate,
    pub(super) key: KeyPair,
}

impl Authority {
    pub(super) fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL looks for the issuer by its name alone, so that no two may have the same.
        let name = format!("root {}", ROOTS.fetch_add(1, Ordering::Relaxed));
        parameters.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(parameters, key).unwrap())
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(super) fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub(super) fn issue(&self, name: &str) -> Issued {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        Issued { certificate, key }
    }

    /// A server that is named so.
    pub(super) fn serve(&self, name: &str) -> Server {
        self.server(name, None)
    }

    /// One that talks only to those who show a certificate of `clients`.
    pub(super) fn serve_only(&self, name: &str, clients: &Authority) -> Server {
        self.server(name, Some(clients))
    }

    fn server(&self, name: &str, clients: Option<&Authority>) -> Server {
        let provider = Arc::new(default_provider());
        let config = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from(clients.der())).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                config.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let issued = self.issue(name);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(issued.key.serialize_der()));
        let config = config
            .with_single_cert(vec![issued.certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        Server::with(move |socket, heads| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(connection, socket);
            let head = head(&mut stream);
            if head.is_empty() {
                return; // The client did not like the certificate, or the server that of the client.
            }
            heads.lock().unwrap().push(head);
            let _ = stream.write_all(HELLO.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        })
    }
}
