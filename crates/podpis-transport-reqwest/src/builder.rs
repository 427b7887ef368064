//! Decides what a transport is made of.
//!
//! **Invariant:** whatever is set, no client of ours follows a redirect, asks again, or asks for a content encoding,
//! and what goes to this machine goes there directly.

use std::time::Duration;

use http::HeaderValue;

use crate::build_error::{BuildError, Setting};
use crate::proxy::ProxyChoice;
use crate::transport::{Clients, ReqwestTransport};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long one exchange may take, upload and download included.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(100);

/// The largest answer read, in bytes.
const ANSWER_LIMIT: usize = 128 * 1024 * 1024;

/// Settings of a [`ReqwestTransport`].
#[derive(Clone, Debug)]
#[must_use = "nothing is made until `build`"]
pub struct ReqwestTransportBuilder {
    own: Option<reqwest::Client>,
    connect_timeout: Option<Duration>,
    exchange_timeout: Duration,
    answer_limit: usize,
    user_agent: Option<String>,
    proxy: Option<ProxyChoice>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) tls: crate::tls::Settings,
}

impl ReqwestTransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            own: None,
            connect_timeout: None,
            exchange_timeout: EXCHANGE_TIMEOUT,
            answer_limit: ANSWER_LIMIT,
            user_agent: None,
            proxy: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            tls: crate::tls::Settings::default(),
        }
    }

    /// How long a connection may take to open: 15 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long one exchange may take, upload and download included: 100 s unless set.
    pub fn exchange_timeout(mut self, timeout: Duration) -> Self {
        self.exchange_timeout = timeout;
        self
    }

    /// The largest answer read, in bytes: 128 MiB unless set. A larger one is an error.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// The User-Agent header: `podpis/` and the version unless set.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = Some(text.into());
        self
    }

    /// Everything but what goes to this machine goes through the proxy of this URL, `http://` or `https://`, with
    /// `user:password@` where the proxy asks for it. The environment and the system are not asked any more.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(ProxyChoice::Named(url.into()));
        self
    }

    /// No proxy, whatever the environment and the system say.
    pub fn without_proxy(mut self) -> Self {
        self.proxy = Some(ProxyChoice::Direct);
        self
    }

    /// The proxy that the environment names, or else the system. It is so unless set.
    pub fn system_proxy(mut self) -> Self {
        self.proxy = Some(ProxyChoice::System);
        self
    }

    /// Sends with a client of the caller's own, for example one that shares its connections with the rest of the
    /// program.
    ///
    /// The exchange timeout and the answer limit hold for it too, and it is told with every request to ask for no
    /// content encoding. All other settings are its own business, and [`build`](Self::build) refuses them beside it.
    ///
    /// What cannot be taken from it, it has to be made without:
    ///
    /// - **redirects**: `redirect(Policy::none())`. An answer that a redirect led to is given up as an error, but only
    ///   after the other address was asked; a redirect back to the very same URL is not noticed.
    /// - **retries** of its own: `retry(retry::never())`. A request that starts something must not be sent twice.
    /// - **a proxy for this machine**: plain http is allowed to it only because it does not leave it. `no_proxy()`, or
    ///   a proxy with exceptions.
    /// - **TLS that is not verified**: no `tls_danger_accept_invalid_certs`.
    /// - **default headers and cookies** that say who is asking.
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.own = Some(client);
        self
    }

    /// Makes the transport. Nothing is loaded or connected yet.
    ///
    /// # Errors
    /// When a setting cannot be used: a proxy that is none, certificates or a key that cannot be read, a User-Agent
    /// that is no header value, a setting beside an own client that such a client has itself.
    pub fn build(mut self) -> Result<ReqwestTransport, BuildError> {
        let (exchange_timeout, answer_limit) = (self.exchange_timeout, self.answer_limit);
        let clients = match self.own.take() {
            Some(client) => Clients::Own(self.alone(client)?),
            None => self.clients()?,
        };
        Ok(ReqwestTransport {
            clients,
            exchange_timeout,
            answer_limit,
        })
    }

    /// The client, if nothing is set that it has itself.
    fn alone(&self, client: reqwest::Client) -> Result<reqwest::Client, BuildError> {
        let beside = [
            self.connect_timeout.map(|_| Setting::ConnectTimeout),
            self.user_agent.as_ref().map(|_| Setting::UserAgent),
            self.proxy.as_ref().map(|_| Setting::Proxy),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            self.tls.first(),
        ];
        match beside.into_iter().flatten().next() {
            None => Ok(client),
            Some(setting) => Err(BuildError::new(setting, "an own client has its own")),
        }
    }

    fn clients(self) -> Result<Clients, BuildError> {
        let user_agent = self
            .user_agent
            .unwrap_or_else(|| concat!("podpis/", env!("CARGO_PKG_VERSION")).to_owned());
        let user_agent = HeaderValue::try_from(user_agent).map_err(|error| {
            BuildError::new(Setting::UserAgent, "it is no header value").with_source(error)
        })?;
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let tls = self.tls.prepare()?;
        let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let settings = || {
            let client = reqwest::Client::builder()
                .connect_timeout(connect_timeout)
                .user_agent(user_agent.clone())
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                // Another crate of the program may have switched the features on that make these the default.
                .http1_only()
                .no_gzip()
                .no_brotli()
                .no_zstd()
                .no_deflate();
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            let client = tls.apply(client);
            client
        };
        Ok(Clients::Ours {
            other_hosts: made(self.proxy.unwrap_or_default().apply(settings())?)?,
            this_machine: made(settings().no_proxy())?,
        })
    }
}

fn made(client: reqwest::ClientBuilder) -> Result<reqwest::Client, BuildError> {
    client.build().map_err(|error| {
        BuildError::new(Setting::Client, "it cannot be set up").with_source(error.without_url())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ReqwestTransport, ReqwestTransportBuilder, Setting};

    #[test]
    fn a_user_agent_that_is_no_header_value_is_named() {
        let error = ReqwestTransport::builder()
            .user_agent("two\r\nlines")
            .build()
            .unwrap_err();
        assert_eq!(error.setting(), Setting::UserAgent);
        assert_eq!(error.to_string(), "the User-Agent: it is no header value");
    }

    #[test]
    fn what_an_own_client_has_itself_is_refused_beside_it() {
        type Set = fn(ReqwestTransportBuilder) -> ReqwestTransportBuilder;
        let cases: [(Set, Setting); 5] = [
            (
                |builder| builder.connect_timeout(Duration::from_secs(1)),
                Setting::ConnectTimeout,
            ),
            (|builder| builder.user_agent("me"), Setting::UserAgent),
            (
                |builder| builder.proxy("http://proxy.example.org"),
                Setting::Proxy,
            ),
            (ReqwestTransportBuilder::without_proxy, Setting::Proxy),
            (ReqwestTransportBuilder::system_proxy, Setting::Proxy),
        ];
        for (set, setting) in cases {
            let own = ReqwestTransport::builder().client(reqwest::Client::new());
            assert_eq!(set(own).build().unwrap_err().setting(), setting);
        }
    }

    #[test]
    fn no_setting_is_shown_that_holds_a_secret() {
        let builder = ReqwestTransport::builder().proxy("http://user:hunter2@proxy.example.org");
        assert!(!format!("{builder:?}").contains("hunter2"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("hunter2"));
    }
}
