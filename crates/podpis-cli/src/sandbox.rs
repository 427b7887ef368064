//! Decides whether a service is a sandbox, and talks to its control paths.
//!
//! **Invariant:** only an address on this machine is asked whether it is a sandbox, so that no real service is
//! ever sent a sandbox's request, and no seeded login ever leaves the machine.

use std::time::Duration;

use clap::ValueEnum;
use podpis::core::wait::{SharedTime, SystemTimer};
use podpis::transport::{
    Delivery, HttpRequest, HttpResponse, Transport as _, TransportError, TransportErrorKind,
};
use podpis::{BaseUrl, ReqwestTransport};
use podpis_sandbox::{Bind, PhoneMessage, RunningServer, Sandbox, WorldInfo, WorldOptions};
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::messages::Message;

/// Where a sandbox tells who may log in. Nothing else has that.
const WORLD: &str = "/_sandbox/world";

/// A sandbox answers its control paths at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// A sandbox that answered.
#[derive(Clone, Debug)]
pub(crate) struct SandboxControl {
    base: BaseUrl,
    transport: ReqwestTransport,
}

/// What is at an address of this machine.
#[derive(Debug)]
pub(crate) enum Found {
    /// A sandbox.
    Sandbox(SandboxControl, Box<WorldInfo>),
    /// Something else.
    Other,
    /// Nothing that answers.
    Nothing(TransportError),
}

/// What a sandbox signs with.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Signatures {
    /// P-256, which any OpenSSL can verify
    #[default]
    Ecdsa,
    /// GOST R 34.10-2012, as real signatures are
    Gost,
}

impl From<Signatures> for podpis_sandbox::Signatures {
    fn from(signatures: Signatures) -> Self {
        match signatures {
            Signatures::Ecdsa => Self::Ecdsa,
            Signatures::Gost => Self::Gost,
        }
    }
}

/// Starts a sandbox inside this process, on a free port of this machine.
pub(crate) async fn embed(signatures: Signatures) -> Result<RunningServer, Failure> {
    let options = WorldOptions::default().signatures(signatures.into());
    Sandbox::start(options, Bind::loopback(0))
        .await
        .map_err(|error| {
            let address = Message::ListenFailed("127.0.0.1".to_owned());
            Failure::failed("listen", address).with_source(error)
        })
}

/// Finds out what is at `base`. Asks nothing unless that is this machine.
pub(crate) async fn look(base: &BaseUrl, transport: &ReqwestTransport) -> Result<Found, Failure> {
    if !base.is_loopback() {
        return Ok(Found::Other);
    }
    let control = SandboxControl {
        base: base.clone(),
        transport: transport.clone(),
    };
    let body = match control.exchange(WORLD).await {
        Err(error) => return Ok(Found::Nothing(error)),
        Ok(None) => return Ok(Found::Other),
        Ok(Some(body)) => body,
    };
    match serde_json::from_slice(&body) {
        Ok(world) => Ok(Found::Sandbox(control, Box::new(world))),
        Err(error) if is_a_world(&body) => {
            let odd = Failure::failed("sandbox", Message::SandboxControl(WORLD));
            Err(odd.with_source(error))
        }
        Err(_) => Ok(Found::Other),
    }
}

/// Whether a sandbox of another version tells it, and not somebody who answers everything alike.
fn is_a_world(body: &[u8]) -> bool {
    let told = serde_json::from_slice::<serde_json::Value>(body);
    told.is_ok_and(|told| told.get("diadoc").is_some() && told.get("extern").is_some())
}

impl SandboxControl {
    /// The messages on the virtual phone, newest last.
    pub(crate) async fn messages(&self) -> Result<Vec<PhoneMessage>, Failure> {
        self.get("/_sandbox/messages").await
    }

    /// Confirms what waits on the virtual phone; whether that was possible.
    pub(crate) async fn confirm(&self, operation: &str) -> bool {
        let path = format!("/_sandbox/operations/{operation}/confirm");
        let mut request = self.request(&path);
        if let Ok(post) = "POST".parse() {
            *request.method_mut() = post;
        }
        let answer = self.execute(request).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    async fn get<T: DeserializeOwned>(&self, path: &'static str) -> Result<T, Failure> {
        let odd = || Failure::failed("sandbox", Message::SandboxControl(path));
        match self.exchange(path).await {
            Err(error) => Err(odd().with_source(error)),
            Ok(None) => Err(odd()),
            Ok(Some(body)) => {
                serde_json::from_slice(&body).map_err(|error| odd().with_source(error))
            }
        }
    }

    /// The body of a 200; nothing if the answer is another.
    async fn exchange(&self, path: &str) -> Result<Option<Vec<u8>>, TransportError> {
        let answer = self.execute(self.request(path)).await?;
        Ok((answer.status().as_u16() == 200).then(|| answer.into_body().to_vec()))
    }

    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let time: SharedTime = SystemTimer::new().into();
        let exchange = self.transport.execute(request);
        let answer = time.within(PATIENCE, exchange).await;
        answer.unwrap_or_else(|| {
            let kind = TransportErrorKind::Timeout;
            Err(TransportError::new(kind, Delivery::Unknown))
        })
    }

    fn request(&self, path: &str) -> HttpRequest {
        let mut request = HttpRequest::default();
        // Scheme, host and port come from a URL and the path from this file, so they do make a URI.
        let url = format!(
            "{}{path}",
            self.base.as_url().as_str().trim_end_matches('/')
        );
        if let Ok(uri) = url.parse() {
            *request.uri_mut() = uri;
        }
        request
    }
}
