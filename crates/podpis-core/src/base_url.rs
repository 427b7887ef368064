//! Decides which addresses a client may talk to.
//!
//! **Invariant:** https, or plain http to this machine: a password, a token or a code never travels in the open.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// Scheme, host and port of a service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The address as a URL that ends in a slash.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Host, with the port where it is not that of https: plain http to this machine is another service, and says so.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port_or_known_default() {
            Some(port) if port != 443 || self.0.scheme() != "https" => format!("{host}:{port}"),
            _ => host.to_owned(),
        }
    }

    /// Whether the address is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let url: Url = text.trim().parse().map_err(BaseUrlError::NotAUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(BaseUrlError::NotHttp);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::Login);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::MoreThanAHost);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BaseUrlError::PlainHttp(
                url.host_str().unwrap_or_default().to_owned(),
            ));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// The text is not the address of a service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// Not a URL at all.
    #[error("the base URL is not a URL, for example https://diadoc-api.kontur.ru")]
    NotAUrl(#[source] url::ParseError),
    /// Another scheme, or no host.
    #[error("the base URL must begin with https:// and name a host")]
    NotHttp,
    /// A login inside the address.
    #[error("the base URL must not hold a login or a password")]
    Login,
    /// A path, query or fragment.
    #[error("the base URL must be a scheme and a host only, without a path or a query")]
    MoreThanAHost,
    /// Plain http to another machine.
    #[error("plain http is allowed to this machine only: use https:// for {0}")]
    PlainHttp(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_services_of_one_host_are_told_apart() {
        for (address, host) in [
            ("https://diadoc-api.kontur.ru:443/", "diadoc-api.kontur.ru"),
            ("https://localhost", "localhost"),
            ("http://localhost", "localhost:80"),
            ("http://127.0.0.1:443", "127.0.0.1:443"),
            ("https://127.0.0.1:8787", "127.0.0.1:8787"),
        ] {
            assert_eq!(address.parse::<BaseUrl>().unwrap().host(), host);
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for good in [
            "https://diadoc-api.kontur.ru",
            "http://127.0.0.1:8787/",
            "http://localhost:1",
            "http://[::1]:2/",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://diadoc-api.kontur.ru",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "diadoc-api.kontur.ru",
            "",
            "https://user:pass@host",
            "https://host/path",
            "https://host/?a=b",
        ] {
            let error = bad.parse::<BaseUrl>().unwrap_err();
            assert!(!error.to_string().contains("pass@"), "{error}");
        }
    }
}
