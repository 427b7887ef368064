//! Decides how rustls is set up.
//!
//! **Invariant:** a server is always verified, by the certificates that were added or else by those of the system, which
//! are loaded no sooner.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};

use super::system_roots::SystemRoots;
use super::{Identity, Settings, certificates};
use crate::build_error::{BuildError, Setting};

/// All that was set, read.
pub(crate) struct Prepared(ClientConfig);

impl Prepared {
    pub(crate) fn apply(&self, client: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        client.tls_backend_preconfigured(self.0.clone())
    }
}

impl Settings {
    pub(crate) fn prepare(self) -> Result<Prepared, BuildError> {
        let provider = provider();
        let verifier = Verifier {
            added: self.added(&provider)?,
            algorithms: provider.signature_verification_algorithms,
            system: self.system,
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| {
                BuildError::new(Setting::Client, "TLS cannot be set up").with_source(error)
            })?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match self.identity {
            None => config.with_no_client_auth(),
            Some(identity) => {
                let (chain, key) = identity.read()?;
                config.with_client_auth_cert(chain, key).map_err(|error| {
                    unusable("it cannot be used with its key").with_source(error)
                })?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Prepared(config))
    }

    fn added(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Option<Arc<WebPkiServerVerifier>>, BuildError> {
        let refused = |problem| BuildError::new(Setting::RootCertificates, problem);
        let certificates = self.root_certificates()?;
        if certificates.is_empty() {
            return Ok(None);
        }
        let mut store = RootCertStore::empty();
        for certificate in certificates {
            store.add(certificate).map_err(|error| {
                refused("neither a PEM text nor a certificate in DER").with_source(error)
            })?;
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
            .build()
            .map(Some)
            .map_err(|error| refused("they cannot be used").with_source(error))
    }
}

impl Identity {
    fn read(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), BuildError> {
        let chain = certificates(&self.certificates, Setting::ClientCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|error| unusable("its key is no private key in PEM").with_source(error))?;
        Ok((chain, key))
    }
}

fn unusable(problem: &'static str) -> BuildError {
    BuildError::new(Setting::ClientCertificate, problem)
}

/// That of the process, where the program has chosen one.
pub(super) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

/// Believes in the certificates that were added, and in those of the system.
#[derive(Debug)]
struct Verifier {
    added: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
    system: &'static SystemRoots,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, name, ocsp, now)
        };
        let reason = match self.added.as_ref().map(|added| by(&**added)) {
            Some(Ok(verified)) => return Ok(verified),
            // It leads to no certificate that was added.
            None | Some(Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))) => None,
            Some(Err(reason)) => Some(reason),
        };
        // Where it does lead to one that was added, what is wrong there says more than the system does.
        by(&*self.system.verifier()?).map_err(|error| reason.unwrap_or(error))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
