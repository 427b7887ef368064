//! HTTP for podpis through reqwest.
//!
//! [`ReqwestTransport`] makes one attempt per call: no retries, no redirects, TLS always verified, no content encoding
//! asked for, the answer read up to a limit. Everything that decides whether to ask again lives above it.
//!
//! What a program can set is on [`ReqwestTransportBuilder`]; what cannot be used is a [`BuildError`] that names the
//! setting.
//!
//! ```
//! use std::time::Duration;
//!
//! use podpis_transport_reqwest::{BuildError, ReqwestTransport};
//!
//! # fn main() -> Result<(), BuildError> {
//! let transport = ReqwestTransport::builder()
//!     .proxy("http://proxy.example.org:3128")
//!     .connect_timeout(Duration::from_secs(5))
//!     .exchange_timeout(Duration::from_secs(60))
//!     .build()?;
//! # let _ = transport;
//! # Ok(())
//! # }
//! ```
//!
//! # Proxies
//!
//! Unless told otherwise, the proxy is that of the system: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, and
//! on macOS and Windows also the settings of the system. What goes to this machine never goes through a proxy.
//!
//! # Trusted certificates
//!
//! With the feature `rustls`, servers are trusted by the certificates of the system: on Linux and BSD those of
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` where these are set. They are loaded when a server has to be judged for the first
//! time, once for all transports of a program; a certificate that the system gets later is seen by the next process.
//! Plain http loads none, and neither does a server that is trusted by
#![cfg_attr(
    any(feature = "rustls", feature = "native-tls"),
    doc = "[root certificates of its own](ReqwestTransportBuilder::root_certificates)."
)]
#![cfg_attr(
    not(any(feature = "rustls", feature = "native-tls")),
    doc = "root certificates of its own."
)]
//! With `native-tls` all of this is up to the system's library.
//!
//! **Invariant:** this is the only crate that names reqwest, and [`ReqwestTransportBuilder::client`] is the only place
//! of its public API that does.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod build_error;
mod builder;
mod proxy;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;
mod transport;

pub use build_error::{BuildError, Setting};
pub use builder::ReqwestTransportBuilder;
/// The version of reqwest whose client [`ReqwestTransportBuilder::client`] takes.
pub use reqwest;
pub use transport::ReqwestTransport;
