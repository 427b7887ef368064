//! How a browser comes back: a listener on this machine that takes one address.
//!
//! **Invariant:** it listens on this machine only, reads so much and no more of whoever connects, and gives on what carries the
//! state of this login alone; whoever else comes is sent away.

use std::net::SocketAddr;
use std::time::Duration;

use podpis::core::wait::{SharedTime, SystemTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::{Host, Url};

use crate::failure::Failure;
use crate::messages::{LoginMessage, Message};
use crate::output::Output;

/// A browser that needs longer for its one line is none.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest request that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// Waits for a browser.
#[derive(Debug)]
pub(crate) struct Browser {
    listener: TcpListener,
    redirect: String,
    path: String,
}

impl Browser {
    /// Listens at the address that is registered for the program, or at a free port of this machine.
    pub(crate) async fn listen(registered: Option<&str>) -> Result<Self, Failure> {
        let text = registered.unwrap_or("http://127.0.0.1:0/");
        let wrong = || {
            let message = LoginMessage::RedirectNotHere(text.to_owned());
            Failure::usage(message.into())
        };
        let url: Url = text.parse().map_err(|_| wrong())?;
        let address = match url.host() {
            Some(Host::Ipv4(ip)) if ip.is_loopback() => ip.into(),
            Some(Host::Ipv6(ip)) if ip.is_loopback() => ip.into(),
            Some(Host::Domain("localhost")) => std::net::Ipv4Addr::LOCALHOST.into(),
            _ => return Err(wrong()),
        };
        let port = url
            .port()
            .filter(|_| url.scheme() == "http" && url.query().is_none());
        let address = SocketAddr::new(address, port.ok_or_else(wrong)?);
        let failed = |error: std::io::Error| {
            let message = Message::ListenFailed(address.to_string());
            Failure::failed("listen", message).with_source(error)
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let path = url.path().to_owned();
        let redirect = match registered {
            Some(registered) if port != Some(0) => registered.to_owned(),
            _ => format!("http://{bound}{path}"),
        };
        Ok(Self {
            listener,
            redirect,
            path,
        })
    }

    /// Where the browser is to come back to.
    pub(crate) fn redirect(&self) -> &str {
        &self.redirect
    }

    /// The query that the browser brought, if it came in time. `state` is that of the login.
    pub(crate) async fn query(
        &self,
        state: &str,
        longest: Duration,
        output: Output,
    ) -> Result<String, Failure> {
        let time = SharedTime::new(SystemTimer::new());
        let coming = async {
            loop {
                let Ok((mut stream, _)) = self.listener.accept().await else {
                    continue;
                };
                let target = time.within(PATIENCE, target(&mut stream)).await.flatten();
                let query = target
                    .as_deref()
                    .and_then(|target| self.of_ours(target, state));
                let message = match query {
                    Some(_) => LoginMessage::BrowserDone,
                    None => LoginMessage::BrowserAgain,
                };
                let text = output.text(&message.into());
                let _ = time
                    .within(PATIENCE, answer(&mut stream, query.is_some(), &text))
                    .await;
                if let Some(query) = query {
                    return query.to_owned();
                }
            }
        };
        let silent = || Failure::failed("login", LoginMessage::BrowserSilent.into());
        time.within(longest, coming).await.ok_or_else(silent)
    }

    /// The query of a target that is the way back of this login.
    fn of_ours<'t>(&self, target: &'t str, state: &str) -> Option<&'t str> {
        let (path, query) = target.split_once('?')?;
        let carries = url::form_urlencoded::parse(query.as_bytes())
            .any(|(name, value)| name == "state" && value == state);
        (path == self.path && carries).then_some(query)
    }
}

/// The target of a GET; none of anything else.
async fn target(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let mut part = [0; 1024];
    while !read.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = stream
            .read(&mut part)
            .await
            .ok()
            .filter(|length| *length > 0)?;
        read.extend_from_slice(part.get(..length)?);
        if read.len() > LONGEST {
            return None;
        }
    }
    let text = String::from_utf8(read).ok()?;
    let target = text
        .lines()
        .next()?
        .strip_prefix("GET ")?
        .split(' ')
        .next()?;
    Some(target.to_owned())
}

async fn answer(stream: &mut TcpStream, is_done: bool, text: &str) -> std::io::Result<()> {
    let status = if is_done { "200 OK" } else { "404 Not Found" };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
