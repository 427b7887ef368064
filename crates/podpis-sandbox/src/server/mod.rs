//! Decides how a world is reached over HTTP.
//!
//! **Invariant:** this folder is the only place of the crate that reads a clock or sleeps; an address that
//! other hosts can reach is refused unless it was asked for in so many words.

mod broken;
mod clock;
mod live;
mod patience;
mod serve;
mod slow;

use std::net::{Ipv4Addr, SocketAddr};

use crate::sandbox::Sandbox;

pub(crate) use clock::system_time;

/// Where the server listens.
///
/// ```
/// use podpis_sandbox::Bind;
///
/// let any_free_port = Bind::loopback(0);
/// let whole_network = Bind::address(([0, 0, 0, 0], 8787).into()).allow_other_hosts();
/// # let _ = (any_free_port, whole_network);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bind {
    pub(crate) address: SocketAddr,
    pub(crate) other_hosts: bool,
}

impl Bind {
    /// `127.0.0.1` with this port; 0 takes a free one.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        Self::address((Ipv4Addr::LOCALHOST, port).into())
    }

    /// An address, which has to be a loopback one.
    #[must_use]
    pub fn address(address: SocketAddr) -> Self {
        Self {
            address,
            other_hosts: false,
        }
    }

    /// Lets the address be one that other hosts reach. Everyone there can then read the codes.
    #[must_use]
    pub fn allow_other_hosts(mut self) -> Self {
        self.other_hosts = true;
        self
    }
}

impl From<SocketAddr> for Bind {
    fn from(address: SocketAddr) -> Self {
        Self::address(address)
    }
}

/// A server that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct RunningServer {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: SocketAddr,
    pub(crate) base_url: String,
    pub(crate) stop: Option<tokio::sync::oneshot::Sender<()>>,
    pub(crate) task: tokio::task::JoinHandle<()>,
}

impl RunningServer {
    /// The world that is served.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Scheme, host and port without a slash at the end, for example `http://127.0.0.1:8787`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Runs until the server ends by itself, which it does only when its runtime ends.
    pub async fn wait(mut self) {
        let _ = (&mut self.task).await;
    }

    /// Takes no new connections, lets open requests finish, and returns when all is done.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
