//! What a transport does on real sockets.

mod any;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod certificates;
#[cfg(all(feature = "rustls", not(feature = "native-tls"), target_os = "linux"))]
mod environment;
mod own_client;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod proxies;
mod server;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
mod system_roots;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls_server;

use bytes::Bytes;
use podpis_transport::{HttpRequest, HttpResponse, Transport as _, TransportError};

use crate::ReqwestTransport;

fn get(url: &str) -> HttpRequest {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

async fn ask(transport: &ReqwestTransport, url: &str) -> Result<HttpResponse, TransportError> {
    transport.execute(get(url)).await
}

/// The error with all its causes.
fn text(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
