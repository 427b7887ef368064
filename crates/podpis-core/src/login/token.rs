//! A token that is fetched when it is needed and again when it is old.
//!
//! **Invariant:** at most one fetch at a time, and everyone who waited for it gets its outcome: a wrong password
//! is tried once, not once per caller.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use tokio::sync::Mutex;

use super::{Authorization, Credentials};
use crate::Error;
use crate::wait::SharedTime;

/// A token is renewed this long before its end, so that it does not end on the way.
const EARLY: Duration = Duration::from_secs(60);

/// What a login gave.
#[derive(Clone)]
pub struct LoginToken {
    header: (HeaderName, HeaderValue),
    lifetime: Option<Duration>,
}

impl LoginToken {
    /// A token as the header it is sent in, and how long it lives where that is known.
    #[must_use]
    pub fn new(name: HeaderName, value: HeaderValue, lifetime: Option<Duration>) -> Self {
        Self {
            header: (name, value),
            lifetime,
        }
    }
}

impl fmt::Debug for LoginToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginToken")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Logs in.
#[async_trait::async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Asks the service for a token.
    ///
    /// # Errors
    /// When the service gives none.
    async fn fetch(&self) -> Result<LoginToken, Error>;
}

/// Credentials that keep a token and renew it.
#[derive(Debug)]
pub struct TokenCredentials<S> {
    source: S,
    time: SharedTime,
    /// How many fetches have ended; read before the lock is waited for.
    ended: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Held>,
    failure: Option<Error>,
}

#[derive(Debug)]
struct Held {
    authorization: Authorization,
    /// On the monotonic clock.
    good_until: Option<Duration>,
}

impl<S: TokenSource> TokenCredentials<S> {
    /// Logs in by `source`; ages are taken on `time`.
    pub fn new(source: S, time: impl Into<SharedTime>) -> Self {
        Self {
            source,
            time: time.into(),
            ended: AtomicU64::new(0),
            state: Mutex::default(),
        }
    }

    async fn obtain(&self, stale: Option<u64>) -> Result<Authorization, Error> {
        let before = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(held) = &state.current {
            let fresh = held
                .good_until
                .is_none_or(|until| self.time.elapsed() < until);
            if fresh && stale != Some(held.authorization.generation()) {
                return Ok(held.authorization.clone());
            }
        }
        if self.ended.load(Ordering::Acquire) != before
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        let asked = self.time.elapsed();
        let fetched = self.source.fetch().await;
        let generation = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        match fetched {
            Ok(token) => {
                let authorization = Authorization::new([token.header], generation);
                let good_until = token
                    .lifetime
                    .map(|lifetime| asked + lifetime.saturating_sub(EARLY.min(lifetime / 2)));
                state.current = Some(Held {
                    authorization: authorization.clone(),
                    good_until,
                });
                state.failure = None;
                Ok(authorization)
            }
            Err(error) => {
                state.current = None;
                state.failure = Some(error.clone());
                Err(error)
            }
        }
    }
}

#[async_trait::async_trait]
impl<S: TokenSource> Credentials for TokenCredentials<S> {
    async fn authorization(&self) -> Result<Authorization, Error> {
        self.obtain(None).await
    }

    async fn renew(&self, stale: &Authorization) -> Result<Option<Authorization>, Error> {
        self.obtain(Some(stale.generation())).await.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU32;

    use super::*;
    use crate::ErrorKind;
    use crate::wait::ManualTime;

    #[derive(Debug, Clone, Default)]
    struct Counting {
        fetches: Arc<AtomicU32>,
        fails: bool,
    }

    #[async_trait::async_trait]
    impl TokenSource for Counting {
        async fn fetch(&self) -> Result<LoginToken, Error> {
            self.fetches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            if self.fails {
                return Err(Error::new(ErrorKind::Login, "wrong password"));
            }
            let value = HeaderValue::from_static("token");
            Ok(LoginToken::new(
                http::header::AUTHORIZATION,
                value,
                Some(Duration::from_secs(600)),
            ))
        }
    }

    async fn all_at_once(credentials: &Arc<TokenCredentials<Counting>>) -> Vec<Result<u64, Error>> {
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let credentials = credentials.clone();
                tokio::spawn(
                    async move { credentials.authorization().await.map(|a| a.generation()) },
                )
            })
            .collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.push(task.await.unwrap());
        }
        outcomes
    }

    #[tokio::test]
    async fn twenty_callers_cause_one_login() {
        let source = Counting::default();
        let credentials = Arc::new(TokenCredentials::new(source.clone(), ManualTime::new()));
        assert!(all_at_once(&credentials).await.iter().all(Result::is_ok));
        assert_eq!(source.fetches.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_wrong_password_is_tried_once_for_all_who_waited() {
        let source = Counting {
            fails: true,
            ..Counting::default()
        };
        let credentials = Arc::new(TokenCredentials::new(source.clone(), ManualTime::new()));
        assert!(all_at_once(&credentials).await.iter().all(Result::is_err));
        assert_eq!(source.fetches.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_token_is_renewed_before_its_end_and_once_per_stale_generation() {
        let (source, time) = (Counting::default(), ManualTime::new());
        let credentials = TokenCredentials::new(source.clone(), time.clone());
        let first = credentials.authorization().await.unwrap();
        time.advance(Duration::from_secs(541));
        let second = credentials.authorization().await.unwrap();
        assert!(second.generation() > first.generation());
        let third = credentials.renew(&second).await.unwrap().unwrap();
        let again = credentials.renew(&second).await.unwrap().unwrap();
        assert_eq!(third.generation(), again.generation());
        assert_eq!(source.fetches.load(Ordering::SeqCst), 3);
    }
}
