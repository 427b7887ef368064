//! Decides how HTTP requests are turned into calls of the world and back.
//!
//! **Invariant:** the bytes of an answer are those of the in-process transport; a lost answer is a connection
//! that ends early, never a made-up status.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::StatusCode;
use tokio::net::TcpListener;

use super::slow::{self, Stopped};
use super::{Bind, RunningServer, broken};
use crate::options::WorldOptions;
use crate::sandbox::Sandbox;
use crate::world::{Outcome, is_service_path};

/// One V1 shelf part may have 70 MB; a request that is larger than this was never legal anywhere.
const BODY_LIMIT: usize = 80 * 1024 * 1024;

impl Sandbox {
    /// Serves this world over HTTP until the returned server is dropped or shut down.
    ///
    /// Needs a tokio runtime with its I/O and time drivers.
    ///
    /// # Errors
    /// When the address cannot be bound, or is not a loopback address and
    /// [`Bind::allow_other_hosts`] was not asked for ([`io::ErrorKind::PermissionDenied`]).
    pub async fn serve(&self, bind: impl Into<Bind>) -> io::Result<RunningServer> {
        Ok(run(self.clone(), listen(bind.into()).await?))
    }

    /// A new world on the system clock, served over HTTP. Its certificates name the address at which it is served, also
    /// where the port is a free one, unless the options name another.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use podpis_sandbox::{Bind, Sandbox, WorldOptions};
    ///
    /// let server = Sandbox::start(WorldOptions::default(), Bind::loopback(0)).await?;
    /// println!("{} has sent {:?}", server.base_url(), server.sandbox().last_code());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn start(options: WorldOptions, bind: impl Into<Bind>) -> io::Result<RunningServer> {
        let listening = listen(bind.into()).await?;
        let address = options.address.clone();
        let address = address.unwrap_or_else(|| listening.base_url.clone());
        let sandbox = Self::new(options.address(Some(address)));
        Ok(run(sandbox, listening))
    }
}

/// A socket that nobody answers at yet.
struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    base_url: String,
}

async fn listen(bind: Bind) -> io::Result<Listening> {
    if !bind.other_hosts && !bind.address.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the sandbox listens on a loopback address only, unless other hosts are allowed",
        ));
    }
    let listener = TcpListener::bind(bind.address).await?;
    let address = listener.local_addr()?;
    Ok(Listening {
        listener,
        address,
        base_url: format!("http://{address}"),
    })
}

fn run(sandbox: Sandbox, listening: Listening) -> RunningServer {
    let Listening {
        listener,
        address,
        base_url,
    } = listening;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = stopped.map(|word| word.is_ok()).boxed().shared();
    let router = Router::new().fallback(answer);
    let router = router.with_state((sandbox.clone(), stopped.clone()));
    let task = tokio::spawn(async move {
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(async {
                // A dropped sender aborts the task anyway, so only a sent word counts here.
                if !stopped.await {
                    std::future::pending::<()>().await;
                }
            })
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the sandbox server ended");
        }
    });
    RunningServer {
        sandbox,
        address,
        base_url,
        stop: Some(stop),
        task,
    }
}

async fn answer(
    State((sandbox, stopped)): State<(Sandbox, Stopped)>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let open = is_service_path(head.uri.path()).then(|| sandbox.enter(head.uri.path()));
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        let mut refusal = Response::new(Body::from("The request is too large, or it broke off."));
        *refusal.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return refusal;
    };
    let exchange = sandbox.exchange(&http::Request::from_parts(head, body));
    if !exchange.delay.is_zero() {
        slow::pause(exchange.delay).await;
    }
    match exchange.outcome {
        Outcome::Answer(response) => response.map(Body::from),
        Outcome::Truncated { response, sent } => broken::after(response, sent),
        Outcome::Trickling { response, every } => {
            slow::trickle(response, every, stopped, open).await
        }
        Outcome::Hanging { .. } => {
            stopped.await;
            broken::after(http::Response::new(Bytes::new()), 0)
        }
        Outcome::Dropped { .. } | Outcome::Refused => {
            broken::after(http::Response::new(Bytes::new()), 0)
        }
    }
}
