//! Which proxy the environment names for a service, and whether something answers there.
//!
//! The HTTP client passes over the address of a proxy that it cannot use and connects directly, which is why that is looked
//! at here.
//!
//! **Invariant:** a proxy is shown by its host and port alone: its URL can have a password in it.

use std::time::Duration;

use podpis::BaseUrl;
use podpis::core::wait::{SharedTime, SystemTimer};
use tokio::net::TcpStream;
use url::Url;

use super::finding::Findings;
use crate::environment;
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage};

/// A proxy that needs longer is of no use.
const PATIENCE: Duration = Duration::from_secs(5);

/// The variables that name a proxy for https, the first first.
const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// A proxy as the environment names it.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    Usable { host: String, port: u16 },
    Wrong,
}

/// Looks at the proxy. Whether the service can be asked.
pub(super) async fn examine(base: &BaseUrl, findings: &mut Findings<'_>) -> Result<bool, Failure> {
    let host = base.as_url().host_str().unwrap_or_default();
    if base.is_loopback() || is_excepted(host)? {
        findings.fine(Check::Proxy, DoctorMessage::NoProxy)?;
        return Ok(true);
    }
    let mut first = None;
    for name in NAMES {
        if first.is_none() {
            first = environment::plain(name)?.map(|value| (name.to_owned(), value));
        }
    }
    let Some((variable, value)) = first else {
        findings.fine(Check::Proxy, DoctorMessage::NoProxy)?;
        return Ok(true);
    };
    let Named::Usable { host, port } = named(&value) else {
        let advice = DoctorMessage::SetProxy(variable.clone());
        findings.problem(Check::Proxy, DoctorMessage::ProxyWrong(variable), advice)?;
        return Ok(true);
    };
    let proxy = format!("{host}:{port}");
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let time = SharedTime::new(SystemTimer::new());
    let connecting = TcpStream::connect((bare, port));
    if let Some(Ok(_)) = time.within(PATIENCE, connecting).await {
        findings.fine(Check::Proxy, DoctorMessage::ByProxy { proxy, variable })?;
        return Ok(true);
    }
    let advice = DoctorMessage::SetProxy(variable.clone());
    let silent = DoctorMessage::ProxySilent { proxy, variable };
    findings.problem(Check::Proxy, silent, advice)?;
    Ok(false)
}

fn named(text: &str) -> Named {
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = whole.parse::<Url>().ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let place = url.as_ref().and_then(|url| {
        let port = url.port_or_known_default()?;
        Some((url.host_str()?.to_owned(), port))
    });
    match place {
        Some((host, port)) => Named::Usable { host, port },
        None => Named::Wrong,
    }
}

/// Whether the environment says that this host is reached directly.
fn is_excepted(host: &str) -> Result<bool, Failure> {
    let exceptions = match environment::plain("NO_PROXY")? {
        Some(exceptions) => Some(exceptions),
        None => environment::plain("no_proxy")?,
    };
    Ok(exceptions.is_some_and(|list| excepts(&list, host)))
}

fn excepts(list: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    list.split(',').map(str::trim).any(|one| {
        let one = one.trim_start_matches('.').to_ascii_lowercase();
        let below = || {
            host.strip_suffix(&one)
                .is_some_and(|rest| rest.ends_with('.'))
        };
        !one.is_empty() && (one == "*" || host == one || below())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_its_host_and_port() {
        let usable = |host: &str, port| Named::Usable {
            host: host.to_owned(),
            port,
        };
        for (text, expected) in [
            (
                "http://proxy.example.org:3128",
                usable("proxy.example.org", 3128),
            ),
            (
                "http://me:hunter2@proxy.example.org",
                usable("proxy.example.org", 80),
            ),
            ("proxy.example.org:3128", usable("proxy.example.org", 3128)),
            ("http://[::1]:3128", usable("[::1]", 3128)),
            ("http://", Named::Wrong),
            ("ftp://proxy.example.org", Named::Wrong),
            ("not a proxy", Named::Wrong),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn hosts_are_excepted_by_name_and_by_domain() {
        for (list, excepted) in [
            ("diadoc-api.kontur.ru", true),
            ("example.org, .kontur.ru", true),
            ("KONTUR.RU", true),
            ("*", true),
            ("ontur.ru", false),
            ("", false),
            (",", false),
        ] {
            assert_eq!(excepts(list, "diadoc-api.kontur.ru"), excepted, "{list}");
        }
    }
}
