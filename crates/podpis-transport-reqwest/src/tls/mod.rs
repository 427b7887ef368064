//! Decides which certificates are trusted and shown.
//!
//! **Invariant:** what is set is read when the transport is made, and what cannot be read is an error that names the
//! setting; a key is nowhere shown.

#[cfg(feature = "native-tls")]
mod native;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
mod rustls_client;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
mod system_roots;

use std::fmt;

#[cfg(all(test, feature = "rustls", not(feature = "native-tls")))]
pub(crate) use system_roots::Loaded;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
pub(crate) use system_roots::SystemRoots;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::build_error::{BuildError, Setting};
use crate::builder::ReqwestTransportBuilder;

/// What is set beside the certificates of the system.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// Each one certificate in DER, or any number in PEM.
    roots: Vec<Vec<u8>>,
    identity: Option<Identity>,
    #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
    pub(crate) system: &'static SystemRoots,
}

/// A client certificate, as given.
#[derive(Clone)]
struct Identity {
    certificates: Vec<u8>,
    key: Vec<u8>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("roots", &self.roots.len())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

impl ReqwestTransportBuilder {
    /// Trusts these certificates beside those of the system: one in DER, or one or more in PEM. May be called again.
    #[cfg_attr(docsrs, doc(cfg(any(feature = "rustls", feature = "native-tls"))))]
    pub fn root_certificates(mut self, pem_or_der: impl Into<Vec<u8>>) -> Self {
        self.tls.roots.push(pem_or_der.into());
        self
    }

    /// Shows this certificate to servers that ask for one. Both are PEM, and may be the same text: the certificate with
    /// those that lead to its root behind it, and its private key, which is not encrypted (PKCS #8; with `rustls` also
    /// PKCS #1 and SEC1).
    #[cfg_attr(docsrs, doc(cfg(any(feature = "rustls", feature = "native-tls"))))]
    pub fn client_certificate(
        mut self,
        certificates: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        self.tls.identity = Some(Identity {
            certificates: certificates.into(),
            key: key.into(),
        });
        self
    }
}

impl Settings {
    /// The first setting that is set.
    pub(crate) fn first(&self) -> Option<Setting> {
        if !self.roots.is_empty() {
            Some(Setting::RootCertificates)
        } else {
            self.identity.as_ref().map(|_| Setting::ClientCertificate)
        }
    }

    fn root_certificates(&self) -> Result<Vec<CertificateDer<'static>>, BuildError> {
        let mut all = Vec::new();
        for given in &self.roots {
            if is_pem(given) {
                all.extend(certificates(given, Setting::RootCertificates)?);
            } else {
                all.push(CertificateDer::from(given.clone()));
            }
        }
        Ok(all)
    }
}

fn is_pem(given: &[u8]) -> bool {
    let begin: &[u8] = b"-----BEGIN ";
    given.windows(begin.len()).any(|window| window == begin)
}

/// All certificates of a PEM text, at least one.
fn certificates(pem: &[u8], setting: Setting) -> Result<Vec<CertificateDer<'static>>, BuildError> {
    let all = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| BuildError::new(setting, "the PEM text is damaged").with_source(error))?;
    if all.is_empty() {
        return Err(BuildError::new(setting, "no certificate is in the text"));
    }
    Ok(all)
}
