//! One request to a service without a login, and what its answer or its failure shows.
//!
//! **Invariant:** every failure is one of a few that a person can do something about; which one is told by the kinds of its
//! causes where they have one.

use std::error::Error;
use std::io;
use std::time::{Duration, SystemTime};

use podpis::transport::{HttpRequest, TransportError, TransportErrorKind};
use podpis::{BaseUrl, ReqwestTransport, SharedTransport};

use crate::failure::Failure;
use crate::moment;

/// A service that needs longer does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was found out.
#[derive(Debug)]
pub(super) enum Probed {
    /// It answered, and said so what time it is.
    Answered(Option<Clock>),
    /// Nobody knows the name.
    UnknownHost(TransportError),
    /// Nobody listens there.
    Refused(TransportError),
    /// Its certificate is not trusted, or it speaks something else than TLS.
    NotTrusted(TransportError),
    /// Anything else.
    Silent(TransportError),
}

/// How far the two clocks are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Ours is ahead of the service's.
    pub(super) is_fast: bool,
    pub(super) seconds: u64,
}

/// Asks once.
pub(super) async fn probe(base: &BaseUrl) -> Result<Probed, Failure> {
    let transport: SharedTransport = ReqwestTransport::builder()
        .connect_timeout(PATIENCE)
        .exchange_timeout(PATIENCE)
        .build()
        .map_err(Failure::setup)?
        .into();
    let mut request = HttpRequest::default();
    // A base address is a URL without anything behind the host, so it makes a URI.
    if let Ok(uri) = base.as_url().as_str().parse() {
        *request.uri_mut() = uri;
    }
    Ok(match transport.execute(request).await {
        Ok(answer) => {
            let date = answer.headers().get("date");
            let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
            Probed::Answered(date.map(|theirs| apart(moment::now(), theirs)))
        }
        Err(error) => told_apart(error),
    })
}

fn apart(ours: SystemTime, theirs: SystemTime) -> Clock {
    match ours.duration_since(theirs) {
        Ok(ahead) => Clock {
            is_fast: true,
            seconds: ahead.as_secs(),
        },
        Err(behind) => Clock {
            is_fast: false,
            seconds: behind.duration().as_secs(),
        },
    }
}

fn told_apart(error: TransportError) -> Probed {
    if error.kind() != TransportErrorKind::Connect {
        return Probed::Silent(error);
    }
    let mut texts = Vec::new();
    let mut refused = false;
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(one) = cause {
        texts.push(one.to_string().to_lowercase());
        refused |= one
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
        cause = one.source();
    }
    let says = |words: &[&str]| {
        let has = |text: &String| words.iter().any(|word| text.contains(word));
        texts.iter().any(has)
    };
    if refused {
        Probed::Refused(error)
    } else if says(&["dns error", "failed to lookup"]) {
        Probed::UnknownHost(error)
    } else if says(&["certificate", "corrupt message", "handshake"]) {
        Probed::NotTrusted(error)
    } else {
        Probed::Silent(error)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_clock_is_fast_or_slow() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let clock = |is_fast, seconds| Clock { is_fast, seconds };
        assert_eq!(apart(at(100), at(40)), clock(true, 60));
        assert_eq!(apart(at(40), at(100)), clock(false, 60));
        assert_eq!(apart(at(7), at(7)), clock(true, 0));
    }
}
