//! Which addresses of a certificate are gone to.
//!
//! **Invariant:** only http and https, without a user's name in it. A redirect leads at most three times on, never from
//! https to http, and never to this machine or into a private network unless the certificate itself named such a place:
//! a server out there must not make the program look around in here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::messages::Trouble;

/// How often an answer may lead on.
pub(super) const MAX_REDIRECTS: usize = 3;

/// An address as a certificate has it.
pub(super) fn address(text: &str) -> Result<Url, Trouble> {
    let url = Url::parse(text).map_err(|_| Trouble::NotAnAddress)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Trouble::NotHttp);
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if url.host().is_none() || has_user {
        return Err(Trouble::NotAnAddress);
    }
    Ok(url)
}

/// Where an answer of `from` leads, if one may go there from the address that the certificate named.
pub(super) async fn led_on(named: &Url, from: &Url, to: &str) -> Result<Url, Trouble> {
    let refused = || Trouble::Redirect(to.to_owned());
    let next = from.join(to).map_err(|_| refused())?;
    let next = address(next.as_str()).map_err(|_| refused())?;
    let is_weaker = from.scheme() == "https" && next.scheme() == "http";
    if is_weaker || is_inside(&next).await && !is_inside(named).await {
        return Err(refused());
    }
    Ok(next)
}

/// Is it on this machine or in a private network? A name is looked up; one that nobody here knows, because a proxy looks
/// it up, is not.
async fn is_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_private(address.into()),
        Some(Host::Ipv6(address)) => is_private(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            if name == "localhost" || name.ends_with(".localhost") {
                return true;
            }
            let port = url.port_or_known_default().unwrap_or(80);
            let found = tokio::net::lookup_host((name, port)).await;
            found.is_ok_and(|mut all| all.any(|found| is_private(found.ip())))
        }
        None => true,
    }
}

/// Does the address lead to no host of the public network?
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => match (address.to_ipv4_mapped(), address.segments()) {
            (Some(inside), _) => is_private_v4(inside),
            // NAT64 (RFC 6052) and 6to4 (RFC 3056) have an address of version 4 in them.
            (_, [0x64, 0xFF9B, 0, 0, 0, 0, high, low]) | (_, [0x2002, high, low, ..]) => {
                is_private_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
            }
            _ => is_private_v6(address),
        },
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || first == 0
        || first >= 240
        // Carriers' networks (RFC 6598), and what is assigned for protocols (RFC 6890).
        || first == 100 && (64..128).contains(&second)
        || (first, second, third) == (192, 0, 0)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        // ::/96 is no network of version 6.
        || address.segments()[..6] == [0; 6]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_of_the_web_are_taken() {
        for text in ["http://ca.example/ca.crt", "https://ca.example:8443/?a=b"] {
            assert!(address(text).is_ok(), "{text}");
        }
        for (text, trouble) in [
            ("", Trouble::NotAnAddress),
            ("ca.crt", Trouble::NotAnAddress),
            ("http://", Trouble::NotAnAddress),
            ("http://me:secret@ca.example/", Trouble::NotAnAddress),
            ("http://me@ca.example/", Trouble::NotAnAddress),
            ("ldap:///CN=CA?cACertificate", Trouble::NotHttp),
            ("file:///etc/passwd", Trouble::NotHttp),
        ] {
            assert_eq!(address(text), Err(trouble), "{text}");
        }
    }

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for text in [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:a00:1::",
            "::7f00:1",
        ] {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2001:4860:4860::8888",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn a_redirect_leads_inside_only_from_inside() {
        let from = Url::parse("http://8.8.8.8/ca.crt").unwrap();
        for to in [
            "http://127.0.0.1/",
            "http://localhost/",
            "http://a.localhost./",
            "http://[::1]/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://169.254.169.254/latest",
            "//10.0.0.1/",
            "ftp://8.8.8.8/",
            "http://me@8.8.8.8/",
            "http://",
        ] {
            let led = led_on(&from, &from, to).await;
            assert_eq!(led, Err(Trouble::Redirect(to.to_owned())));
        }
        for (to, expected) in [
            ("/other.crt", "http://8.8.8.8/other.crt"),
            ("https://8.8.4.4/ca.crt", "https://8.8.4.4/ca.crt"),
        ] {
            assert_eq!(led_on(&from, &from, to).await.unwrap().as_str(), expected);
        }
        let inside = Url::parse("http://127.0.0.1/").unwrap();
        assert!(led_on(&inside, &from, "http://10.0.0.1/").await.is_ok());
        let secure = Url::parse("https://8.8.8.8/").unwrap();
        assert!(led_on(&secure, &secure, "http://8.8.8.8/").await.is_err());
    }
}
