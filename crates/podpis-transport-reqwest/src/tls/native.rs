//! Decides how the system's own TLS library is set up.
//!
//! **Invariant:** a server is always verified, by the certificates of the system and those that were added.

use reqwest::{Certificate, ClientBuilder};

use super::{Identity, Settings, certificates};
use crate::build_error::{BuildError, Setting};

/// All that was set, read.
pub(crate) struct Prepared {
    roots: Vec<Certificate>,
    identity: Option<reqwest::Identity>,
}

impl Prepared {
    pub(crate) fn apply(&self, client: ClientBuilder) -> ClientBuilder {
        let client = client
            .tls_backend_native()
            .tls_certs_merge(self.roots.iter().cloned());
        match &self.identity {
            Some(identity) => client.identity(identity.clone()),
            None => client,
        }
    }
}

impl Settings {
    pub(crate) fn prepare(self) -> Result<Prepared, BuildError> {
        let roots = self
            .root_certificates()?
            .iter()
            .map(|certificate| Certificate::from_der(certificate))
            .collect::<Result<_, _>>()
            .map_err(|error| {
                let problem = "neither a PEM text nor a certificate in DER";
                BuildError::new(Setting::RootCertificates, problem).with_source(error.without_url())
            })?;
        let identity = self.identity.map(|identity| identity.read()).transpose()?;
        Ok(Prepared { roots, identity })
    }
}

impl Identity {
    fn read(&self) -> Result<reqwest::Identity, BuildError> {
        certificates(&self.certificates, Setting::ClientCertificate)?;
        let unusable = |problem| BuildError::new(Setting::ClientCertificate, problem);
        // The library takes a key only where it begins the text.
        let begin: &[u8] = b"-----BEGIN PRIVATE KEY-----";
        let start = self
            .key
            .windows(begin.len())
            .position(|window| window == begin)
            .ok_or_else(|| unusable("its key is no private key in PEM (PKCS #8)"))?;
        reqwest::Identity::from_pkcs8_pem(&self.certificates, self.key.get(start..).unwrap_or(&[]))
            .map_err(|error| {
                unusable("it cannot be used with its key").with_source(error.without_url())
            })
    }
}
