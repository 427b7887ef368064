//! Decides whom a connection trusts.
//!
//! **Invariant:** a certificate is always checked, its name too, by the same provider that the HTTP client of podpis uses.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::PostgresError;

/// A connector that trusts the authorities in a file, or those of the system.
pub(crate) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect, PostgresError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refused)?;
    let builder = match roots {
        None => builder.with_platform_verifier().map_err(refused)?,
        Some(path) => builder.with_root_certificates(trusted(path)?),
    };
    Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
}

fn trusted(path: &Path) -> Result<RootCertStore, PostgresError> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(refused)? {
        store.add(certificate.map_err(refused)?).map_err(refused)?;
    }
    if store.is_empty() {
        return Err(refused("the file has no certificate"));
    }
    Ok(store)
}

fn refused(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PostgresError {
    PostgresError::Roots(why.into().into())
}
