//! How a kept login stays good, for several programs at once.
//!
//! A refresh token is good for one use. Whoever needs a new access token takes the lock, looks whether another program has
//! got one meanwhile, and only else asks the identity service.
//!
//! **Invariant:** new tokens are kept before they are used, and a renewal that has begun is brought to its end, whatever
//! becomes of the call that wanted it.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use podpis::core::login::{LoginToken, SharedCredentials, TokenCredentials, TokenSource};
use podpis::core::wait::SystemTimer;
use podpis::{BaseUrl, Error, ErrorKind, ReqwestTransport};
use tokio::sync::Mutex;

use super::kept::Life;
use super::place::Locked;
use super::{Kept, Place, provider};
use crate::failure::Failure;
use crate::messages::Language;
use crate::moment;
use crate::output::Output;
use crate::profile::{self, ServiceName};

/// The login of a service that is kept for this address; none where there is none or it is for another.
pub(crate) async fn credentials(
    service: ServiceName,
    base: &BaseUrl,
    transport: &ReqwestTransport,
    output: Output,
) -> Result<Option<SharedCredentials>, Failure> {
    let Some(place) = Place::of(service, output) else {
        return Ok(None);
    };
    let kept = place.read().await?;
    let is_for_it = |kept: &Kept| {
        kept.base_url
            .parse::<BaseUrl>()
            .is_ok_and(|one| one == *base)
    };
    if !kept.as_ref().is_some_and(is_for_it) {
        return Ok(None);
    }
    let renewing = Renewing(Arc::new(Inner {
        service,
        base: base.clone(),
        place,
        transport: transport.clone(),
        handed_out: Mutex::default(),
    }));
    let credentials = TokenCredentials::new(renewing, SystemTimer::new());
    Ok(Some(credentials.into()))
}

/// That a kept login is no good any more; the cause of an error that a person can do something about.
#[derive(Debug)]
pub(crate) struct Ended {
    service: ServiceName,
}

impl Ended {
    /// The command that helps.
    pub(crate) fn command(&self) -> String {
        command(self.service)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the refresh token is not accepted any more, or there is none")
    }
}

impl std::error::Error for Ended {}

/// What the program itself found wrong with a kept login; the cause of an error of the library, which is all that a client
/// gives on.
#[derive(Debug)]
pub(crate) struct Unusable(Failure);

impl Unusable {
    /// What was found.
    pub(crate) fn failure(&self) -> &Failure {
        &self.0
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.line(Language::English))
    }
}

impl std::error::Error for Unusable {}

/// The command that logs in to a service in this profile.
pub(crate) fn command(service: ServiceName) -> String {
    let service = service.as_str();
    match profile::name() {
        "default" => format!("podpis login --service {service}"),
        name => format!("podpis login --service {service} --profile {name}"),
    }
}

struct Renewing(Arc<Inner>);

struct Inner {
    service: ServiceName,
    base: BaseUrl,
    place: Place,
    transport: ReqwestTransport,
    /// The access token that was given last: who comes again was told that it is no good.
    handed_out: Mutex<Option<String>>,
}

#[async_trait::async_trait]
impl TokenSource for Renewing {
    async fn fetch(&self) -> Result<LoginToken, Error> {
        let inner = self.0.clone();
        match tokio::spawn(async move { inner.fetch().await }).await {
            Ok(fetched) => fetched,
            Err(error) => {
                Err(Error::new(ErrorKind::NoAnswer, "the login was broken off").with_source(error))
            }
        }
    }
}

impl Inner {
    async fn fetch(&self) -> Result<LoginToken, Error> {
        let mut handed_out = self.handed_out.lock().await;
        let lock = self.place.lock().await.map_err(told)?;
        let kept = self.place.read().await.map_err(told)?;
        let is_for_it = |kept: &Kept| {
            kept.base_url
                .parse::<BaseUrl>()
                .is_ok_and(|one| one == self.base)
        };
        let mut kept = kept.filter(is_for_it).ok_or_else(|| self.ended(None))?;
        let is_known_as_bad = handed_out.as_ref() == Some(&kept.access_token);
        let life = match kept.life(moment::now()).filter(|_| !is_known_as_bad) {
            Some(life) => life,
            None => self.renew(&mut kept, &lock).await?,
        };
        *handed_out = Some(kept.access_token.clone());
        drop(lock);
        let mut header = HeaderValue::try_from(format!("Bearer {}", kept.access_token))
            .map_err(|_| Error::new(ErrorKind::Login, "the kept token is not one"))?;
        header.set_sensitive(true);
        let lifetime = match life {
            Life::Left(left) => Some(left),
            Life::Unknown => None,
        };
        Ok(LoginToken::new(AUTHORIZATION, header, lifetime))
    }

    async fn renew(&self, kept: &mut Kept, lock: &Locked) -> Result<Life, Error> {
        let refresh = kept.refresh_token().ok_or_else(|| self.ended(None))?;
        let identity = kept.identity_url.parse().map_err(|error| {
            Error::new(ErrorKind::Login, "the kept login names no identity service")
                .with_source(error)
        })?;
        let (id, key, scope) = (&kept.client_id, &kept.api_key, &kept.scope);
        let provider = provider(&identity, id, key, scope, &self.transport)?;
        let tokens = match provider.refresh(&refresh).await {
            Ok(tokens) => tokens,
            Err(error) => {
                let code = error.service().and_then(|answer| answer.code.as_deref());
                return Err(match code {
                    Some("invalid_grant") => self.ended(Some(&error)),
                    _ => error,
                });
            }
        };
        kept.take(&tokens, moment::now());
        self.place.write(kept, lock).await.map_err(told)?;
        Ok(tokens.lifetime().map_or(Life::Unknown, Life::Left))
    }

    fn ended(&self, why: Option<&Error>) -> Error {
        let service = self.service.as_str();
        let why = why.map_or_else(String::new, |why| format!(" ({why})"));
        let text = format!("the login to {service} has ended: log in again{why}");
        Error::new(ErrorKind::Login, text).with_source(Ended {
            service: self.service,
        })
    }
}

/// A failure of the program as one of the library.
fn told(failure: Failure) -> Error {
    let unusable = Unusable(failure);
    Error::new(ErrorKind::Login, unusable.to_string()).with_source(unusable)
}

impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewing")
            .field("service", &self.0.service)
            .finish_non_exhaustive()
    }
}
