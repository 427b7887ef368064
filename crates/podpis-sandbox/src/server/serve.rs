//! Decides how HTTP requests are turned into calls of the world and back.
//!
//! **Invariant:** the bytes of an answer are those of the in-process transport; a lost answer is a connection
//! that ends early, never a made-up status.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::patience::{self, Patience};
use super::slow::{self, Stopped};
use super::{Bind, RunningServer, broken, live};
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
        let patience = Patience::of_this_machine();
        Ok(run(self.clone(), listen(bind.into()).await?, patience))
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
        Ok(run(sandbox, listening, Patience::of_this_machine()))
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

fn run(sandbox: Sandbox, listening: Listening, patience: Patience) -> RunningServer {
    let Listening {
        listener,
        address,
        base_url,
    } = listening;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = stopped.map(|word| word.is_ok()).boxed().shared();
    let own = Server {
        sandbox: sandbox.clone(),
        stopped,
        patience,
    };
    RunningServer {
        sandbox,
        address,
        base_url,
        stop: Some(stop),
        task: tokio::spawn(own.accept(listener)),
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Server {
    sandbox: Sandbox,
    stopped: Stopped,
    patience: Patience,
}

impl Server {
    /// Takes connections until the server stops, and waits for those that are open then. What is still open when this
    /// is dropped ends with it.
    async fn accept(self, listener: TcpListener) {
        let mut open = JoinSet::new();
        loop {
            let accepted = std::pin::pin!(listener.accept());
            match select(accepted, self.stopped.clone()).await {
                Either::Left((Ok((stream, _)), _)) => {
                    open.spawn(self.clone().converse(stream));
                }
                // No file is free, or a client gave up: neither is for ever.
                Either::Left((Err(error), _)) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    slow::pause(Duration::from_millis(100)).await;
                }
                Either::Right(_) => break,
            }
            while open.try_join_next().is_some() {}
        }
        drop(listener);
        while open.join_next().await.is_some() {}
    }

    async fn converse(self, stream: TcpStream) {
        let stopped = self.stopped.clone();
        let patience = self.patience.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = self.clone().answer(request.map(Body::new));
            answer.map(Ok::<_, Infallible>)
        });
        let connection = http1::Builder::new()
            .timer(patience)
            .header_read_timeout(patience::FOR_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        // How a connection ends is for the client to judge; faults end many.
        match select(std::pin::pin!(connection), stopped).await {
            Either::Left(_) => {}
            Either::Right((_, mut connection)) => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }

    async fn answer(self, request: Request<Body>) -> Response<Body> {
        let Self {
            sandbox,
            stopped,
            patience,
        } = self;
        let (head, body) = request.into_parts();
        let open = is_service_path(head.uri.path()).then(|| sandbox.enter(head.uri.path()));
        let body = match patience.body(to_bytes(body, BODY_LIMIT)).await {
            Some(Ok(body)) => body,
            Some(Err(_)) => {
                let text = "The request is too large, or it broke off.";
                return refusal(StatusCode::PAYLOAD_TOO_LARGE, text);
            }
            None => return refusal(StatusCode::REQUEST_TIMEOUT, "The request does not end."),
        };
        let is_live = live::is_asked_for(&head);
        let exchange = sandbox.exchange(&Request::from_parts(head, body));
        if !exchange.delay.is_zero() {
            slow::pause(exchange.delay).await;
        }
        match exchange.outcome {
            Outcome::Answer(response) if is_live => {
                response.map(|_| live::events(sandbox, stopped, patience))
            }
            Outcome::Answer(response) => response.map(Body::from),
            Outcome::Truncated { response, sent } => broken::after(response, sent),
            Outcome::Trickling { response, every } => {
                slow::trickle(response, every, stopped, open).await
            }
            Outcome::Hanging { .. } => {
                stopped.await;
                broken::after(Response::new(Bytes::new()), 0)
            }
            Outcome::Dropped { .. } | Outcome::Refused => {
                broken::after(Response::new(Bytes::new()), 0)
            }
        }
    }
}

fn refusal(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut refusal = Response::new(Body::from(text));
    *refusal.status_mut() = status;
    refusal
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::sync::watch;

    use super::{Patience, listen, run};
    use crate::{Bind, Sandbox, WorldOptions};

    /// All that comes until the server closes the connection.
    async fn rest(mut stream: TcpStream) -> String {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        String::from_utf8(all).unwrap()
    }

    #[tokio::test]
    async fn connections_that_say_nothing_are_closed_and_others_are_answered() {
        let (give_up, given_up) = watch::channel(false);
        let patience = Patience::with(move |time| {
            assert!(time >= Duration::from_secs(60));
            let mut given_up = given_up.clone();
            Box::pin(async move {
                let _ = given_up.wait_for(|given_up| *given_up).await;
            })
        });
        let listening = listen(Bind::loopback(0)).await.unwrap();
        let server = run(Sandbox::new(WorldOptions::default()), listening, patience);
        let mut half_open = Vec::new();
        for said in [
            "",
            "GET /_sandbox/hea",
            "POST /_sandbox/clock HTTP/1.1\r\nhost: x\r\n",
        ] {
            for _ in 0..100 {
                let mut stream = TcpStream::connect(server.address()).await.unwrap();
                stream.write_all(said.as_bytes()).await.unwrap();
                half_open.push(stream);
            }
        }
        // A head that promises more than comes.
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = "POST /_sandbox/clock HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut whole = TcpStream::connect(server.address()).await.unwrap();
        let request = "GET /_sandbox/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        whole.write_all(request.as_bytes()).await.unwrap();
        assert!(rest(whole).await.starts_with("HTTP/1.1 200"));

        give_up.send(true).unwrap();
        let mut closed = 0;
        for stream in half_open {
            assert_eq!(rest(stream).await, "");
            closed += 1;
        }
        assert_eq!(closed, 300);
        assert!(rest(stream).await.starts_with("HTTP/1.1 408"));
    }
}
