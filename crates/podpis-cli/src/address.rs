//! Decides where an operation that is in the journal is gone on with.
//!
//! **Invariant:** a login goes to the address that it was set up for, and no record says which one that is: a record of
//! another host is left alone. One that was made in a sandbox goes on in that sandbox, with what that sandbox knows
//! anyway.

use podpis::transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use podpis::{BaseUrl, Operation, ReqwestTransport};
use podpis_sandbox::WorldInfo;

use crate::environment::{self, parse};
use crate::failure::Failure;
use crate::messages::Message;
use crate::sandbox::{self, Found};
use crate::store::Note;

/// Where an operation is gone on with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    /// At the address that is set up, which is that of the operation.
    Configured(BaseUrl),
    /// In the sandbox in which it was made, if that is still there.
    Sandbox(BaseUrl, Elsewhere),
    /// Not now: what is set up is something else.
    Elsewhere(Elsewhere),
}

/// An operation that does not live where the login is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Elsewhere {
    /// The host of the operation.
    pub(crate) host: String,
    /// The address that is set up.
    pub(crate) configured: String,
    /// Whether it was made in a sandbox.
    pub(crate) in_sandbox: bool,
}

impl Address {
    /// Of this operation of the service with this address; `given` is `--base-url`.
    pub(crate) fn of(
        record: &Operation,
        service: (&'static str, &'static str),
        note: Option<&Note>,
        given: Option<&str>,
    ) -> Result<Self, Failure> {
        let host = &record.origin().host;
        let configured = configured(service, given)?;
        if record.origin().is_at(&configured.host()) {
            return Ok(Self::Configured(configured));
        }
        let sandbox = note
            .and_then(Note::sandbox)
            .and_then(|url| url.parse::<BaseUrl>().ok())
            .filter(|base| base.is_loopback() && base.host() == *host);
        let elsewhere = Elsewhere {
            host: host.clone(),
            configured: configured.host(),
            in_sandbox: sandbox.is_some(),
        };
        Ok(match sandbox {
            Some(base) if given.is_none() || known_as(host) == known_as(&configured.host()) => {
                Self::Sandbox(base, elsewhere)
            }
            _ => Self::Elsewhere(elsewhere),
        })
    }
}

impl Address {
    /// The base address, and, where a record leads into a sandbox, what that sandbox shows: there it is told nothing
    /// that it does not know, and where none answers nothing is sent.
    pub(crate) async fn reach(
        &self,
        transport: &ReqwestTransport,
    ) -> Result<Result<(BaseUrl, Option<Box<WorldInfo>>), Elsewhere>, Failure> {
        match self {
            Self::Configured(base) => Ok(Ok((base.clone(), None))),
            Self::Elsewhere(elsewhere) => Ok(Err(elsewhere.clone())),
            Self::Sandbox(base, elsewhere) => Ok(match sandbox::look(base, transport).await? {
                Found::Sandbox(_, world) => Ok((base.clone(), Some(world))),
                Found::Other | Found::Nothing(_) => Err(elsewhere.clone()),
            }),
        }
    }
}

impl Elsewhere {
    /// That nothing was sent.
    pub(crate) fn failure(&self, record: &Operation) -> Failure {
        let id = record.id().to_string();
        let elsewhere = self.clone();
        Failure::usage(Message::OtherHost { id, elsewhere }).about(record.id())
    }
}

/// One name for all of a host: whoever listens at a port of this machine is the same under each of its names. That is
/// enough to find what was begun there, and not to send a login.
pub(crate) fn known_as(host: &str) -> String {
    match format!("http://{host}").parse::<BaseUrl>() {
        Ok(base) if base.is_loopback() => {
            let port = base.as_url().port_or_known_default();
            format!("localhost:{}", port.unwrap_or_default())
        }
        _ => host.to_owned(),
    }
}

/// The address of `--base-url`, of the variable of the service, or of production.
pub(crate) fn configured(
    (variable, production): (&'static str, &'static str),
    given: Option<&str>,
) -> Result<BaseUrl, Failure> {
    match (given, environment::plain(variable)?) {
        (Some(url), _) => parse("--base-url", url),
        (None, Some(url)) => parse(variable, &url),
        (None, None) => parse(variable, production),
    }
}

/// The address by which the library knows an operation as its own, for what sends nothing: see [`Silent`].
pub(crate) fn stored(record: &Operation) -> Result<BaseUrl, Failure> {
    let host = &record.origin().host;
    // Plain http is refused for any other machine.
    match format!("http://{host}").parse::<BaseUrl>() {
        Ok(base) if base.host() == *host => Ok(base),
        _ => parse("origin.host", &format!("https://{host}")),
    }
}

/// Sends nothing, to anybody.
#[derive(Debug)]
pub(crate) struct Silent;

#[async_trait::async_trait]
impl Transport for Silent {
    async fn execute(&self, _request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let kind = TransportErrorKind::InvalidRequest;
        let why = "the program sends nothing for this";
        Err(TransportError::new(kind, Delivery::NotSent).with_source(why))
    }
}

#[cfg(test)]
mod tests {
    use super::known_as;

    #[test]
    fn a_port_of_this_machine_has_one_name_and_others_have_their_own() {
        for (host, expected) in [
            ("127.0.0.1:8787", "localhost:8787"),
            ("localhost:8787", "localhost:8787"),
            ("[::1]:8787", "localhost:8787"),
            ("localhost", "localhost:80"),
            ("localhost.example.org:8787", "localhost.example.org:8787"),
            ("127.0.0.1.example.org", "127.0.0.1.example.org"),
            ("localhost:8787@example.org", "localhost:8787@example.org"),
            ("diadoc-api.kontur.ru", "diadoc-api.kontur.ru"),
            ("", ""),
        ] {
            assert_eq!(known_as(host), expected);
        }
    }
}
