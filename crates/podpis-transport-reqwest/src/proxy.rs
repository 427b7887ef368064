//! Decides through which proxy requests go.
//!
//! **Invariant:** a proxy that was named and cannot be used is an error, never a direct connection; its text is
//! nowhere shown, because a password can be in it.

use std::fmt;

use reqwest::Url;

use crate::build_error::{BuildError, Setting};

/// Whose proxy is used for other hosts than this machine.
#[derive(Clone, Default)]
pub(crate) enum ProxyChoice {
    /// That of the environment, or else of the system's settings.
    #[default]
    System,
    /// None.
    Direct,
    /// The one of this URL.
    Named(String),
}

impl ProxyChoice {
    /// Tells the client.
    pub(crate) fn apply(
        &self,
        client: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, BuildError> {
        Ok(match self {
            Self::System => client,
            Self::Direct => client.no_proxy(),
            Self::Named(text) => client.proxy(named(text)?),
        })
    }
}

impl fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Direct => "Direct",
            Self::Named(_) => "Named(..)",
        })
    }
}

/// reqwest passes over what it cannot use and connects directly, so all that it could dislike is refused here.
fn named(text: &str) -> Result<reqwest::Proxy, BuildError> {
    let refused = |problem| BuildError::new(Setting::Proxy, problem);
    let url = Url::parse(text).map_err(|error| refused("it is no URL").with_source(error))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("its URL has to begin with http:// or https://"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("its URL has nothing behind the host and the port"));
    }
    url.as_str()
        .parse::<http::Uri>()
        .map_err(|error| refused("its URL cannot be used").with_source(error))?;
    reqwest::Proxy::all(url)
        .map_err(|error| refused("its URL cannot be used").with_source(error.without_url()))
}

#[cfg(test)]
mod tests {
    use super::{ProxyChoice, Setting, named};

    #[test]
    fn urls_of_proxies_are_taken() {
        for text in [
            "http://proxy.example.org",
            "http://proxy.example.org:3128/",
            "https://user:pa%20ss@proxy.example.org:3128",
            "http://[::1]:3128",
        ] {
            assert!(named(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused_without_showing_it() {
        for text in [
            "",
            "hunter2",
            "proxy.example.org:3128",
            "http://",
            "http://hunter2 :3128",
            "http://user:hunter2@proxy.example.org:port",
            "socks5://user:hunter2@proxy.example.org",
            "ftp://user:hunter2@proxy.example.org",
            "http://user:hunter2@proxy.example.org/proxy.pac",
            "http://user:hunter2@proxy.example.org/?query",
        ] {
            let error = named(text).unwrap_err();
            assert_eq!(error.setting(), Setting::Proxy, "{text}");
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("the proxy"), "{shown}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn the_password_of_a_proxy_is_not_shown() {
        let choice = ProxyChoice::Named("http://user:hunter2@proxy.example.org".into());
        assert_eq!(format!("{choice:?}"), "Named(..)");
    }
}
