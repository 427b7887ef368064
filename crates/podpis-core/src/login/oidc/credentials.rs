//! Credentials that log in by OpenID Connect and stay logged in.
//!
//! **Invariant:** a refresh token is used once and one at a time, and a person's password is used only where
//! there is no refresh token or the service says that it is no good. A login that has begun is brought to its
//! end, and told of, even when the call that wanted it is given up.

use std::fmt;
use std::sync::Arc;

use tokio::sync::Mutex;
use tracing::Instrument as _;

use super::refusal::failed;
use super::{OidcProvider, Tokens};
use crate::login::{LoginToken, SharedCredentials, TokenCredentials, TokenSource};
use crate::secret::{Password, Token};
use crate::{Error, ErrorKind};

type OnTokens = Arc<dyn Fn(&Tokens) + Send + Sync>;

/// Gets a token when one is needed, and another when it is old.
///
/// These are credentials of a client as they are: `let shared: SharedCredentials = credentials.into();`. They
/// work inside a tokio runtime.
pub struct OidcCredentials(Source);

#[derive(Clone)]
struct Source {
    provider: OidcProvider,
    password: Option<(String, Password)>,
    on_tokens: Option<OnTokens>,
    held: Arc<Mutex<Held>>,
}

#[derive(Debug)]
struct Held {
    /// From a login that the program did itself; handed out once.
    initial: Option<Tokens>,
    refresh: Option<Token>,
}

impl OidcCredentials {
    /// Logs in by login and password.
    #[must_use]
    pub fn password(provider: OidcProvider, login: impl Into<String>, password: Password) -> Self {
        Self::new(provider, None, None).or_password(login, password)
    }

    /// Starts with the tokens of a login that is done, by browser or on another device.
    #[must_use]
    pub fn tokens(provider: OidcProvider, tokens: Tokens) -> Self {
        let refresh = tokens.refresh_token().cloned();
        Self::new(provider, Some(tokens), refresh)
    }

    /// Starts with a refresh token that the program kept.
    #[must_use]
    pub fn refresh_token(provider: OidcProvider, refresh_token: Token) -> Self {
        Self::new(provider, None, Some(refresh_token))
    }

    /// Logs in by password where the refresh token is not accepted any more.
    #[must_use]
    pub fn or_password(mut self, login: impl Into<String>, password: Password) -> Self {
        self.0.password = Some((login.into(), password));
        self
    }

    /// Tells the program of all tokens that are got from now on, so that it can keep the refresh token: the one
    /// before may be no good any more. Keep what is told last.
    #[must_use]
    pub fn on_tokens(mut self, tell: impl Fn(&Tokens) + Send + Sync + 'static) -> Self {
        self.0.on_tokens = Some(Arc::new(tell));
        self
    }

    fn new(provider: OidcProvider, initial: Option<Tokens>, refresh: Option<Token>) -> Self {
        Self(Source {
            provider,
            password: None,
            on_tokens: None,
            held: Arc::new(Mutex::new(Held { initial, refresh })),
        })
    }
}

#[async_trait::async_trait]
impl TokenSource for OidcCredentials {
    async fn fetch(&self) -> Result<LoginToken, Error> {
        // A call that is given up must not take the answer with it: the refresh token in it is the only one.
        let source = self.0.clone();
        let fetching = tokio::spawn(async move { source.fetch().await }.in_current_span());
        match fetching.await {
            Ok(fetched) => fetched,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => {
                Err(failed(ErrorKind::NoAnswer, "the login was broken off").with_source(error))
            }
        }
    }
}

impl Source {
    async fn fetch(&self) -> Result<LoginToken, Error> {
        let mut held = self.held.lock().await;
        if let Some(tokens) = held.initial.take()
            && let Some(login) = tokens.login(self.provider.time().elapsed())
        {
            return Ok(login);
        }
        let mut refused = None;
        if let Some(token) = held.refresh.clone() {
            match self.provider.refresh(&token).await {
                Ok(tokens) => return Ok(self.keep(&mut held, &tokens.or_refresh(&token))),
                Err(error) if is_invalid_grant(&error) => {
                    held.refresh = None;
                    refused = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        if let Some((login, password)) = &self.password {
            if refused.is_some() {
                tracing::debug!("the refresh token is not accepted; logging in by password");
            }
            let tokens = self.provider.password(login, password).await?;
            return Ok(self.keep(&mut held, &tokens));
        }
        Err(match refused {
            Some(error) => {
                let text = format!("the login has ended: log in again ({error})");
                error.with_kind(ErrorKind::Login, text)
            }
            None => failed(
                ErrorKind::Login,
                "the login has ended, and there is no refresh token: log in again",
            ),
        })
    }

    fn keep(&self, held: &mut Held, tokens: &Tokens) -> LoginToken {
        held.refresh = tokens.refresh_token().cloned();
        if let Some(tell) = &self.on_tokens {
            tell(tokens);
        }
        tokens.fresh_login()
    }
}

fn is_invalid_grant(error: &Error) -> bool {
    let code = error.service().and_then(|answer| answer.code.as_deref());
    code == Some("invalid_grant")
}

impl From<OidcCredentials> for SharedCredentials {
    fn from(credentials: OidcCredentials) -> Self {
        let time = credentials.0.provider.time().clone();
        TokenCredentials::new(credentials, time).into()
    }
}

impl fmt::Debug for OidcCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcCredentials")
            .field("provider", &self.0.provider)
            .finish_non_exhaustive()
    }
}
