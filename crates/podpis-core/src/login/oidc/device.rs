//! Login on another device: the program shows a code, a person confirms it elsewhere.
//!
//! **Invariant:** the service is asked no more often than it allows, but for one last poll at the deadline, and
//! never after that. The deadline is never later than the code's end, all of it on the monotonic clock.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use oauth2::StandardDeviceAuthorizationResponse;
use url::Url;

use super::code::is_private;
use super::refusal::{Step, failed};
use super::{OidcProvider, Tokens, provider};
use crate::wait::Deadline;
use crate::{Error, ErrorKind};

/// No code lives longer than this here, whatever the service says.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// An interval of more than this is a mistake.
const LONGEST_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// The service is not asked more often than this, even where it allows it.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// "slow_down" makes the interval longer by this, for all polls to come (RFC 8628, 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// Pauses after no answer grow up to this.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// A login on another device that has begun: show the code and the address, then [`wait`](Self::wait).
pub struct DeviceLogin {
    provider: OidcProvider,
    answer: StandardDeviceAuthorizationResponse,
    complete: Option<Url>,
    /// By how many seconds the service has made the interval longer, in this wait and in those before.
    slower: AtomicU64,
    /// When the code ends, on the monotonic clock.
    ends: Duration,
}

impl OidcProvider {
    /// Begins a login on another device.
    ///
    /// # Errors
    /// As [`OidcProvider::password`].
    pub async fn start_device(&self) -> Result<DeviceLogin, Error> {
        let exchange = self.exchange(Step::DeviceStart);
        let client = self.client();
        let answer: Result<StandardDeviceAuthorizationResponse, _> = client
            .exchange_device_code()
            .add_scopes(self.scopes())
            .request_async(&exchange)
            .await;
        let answer = answer.map_err(|_| exchange.error())?;
        let complete = answer.verification_uri_complete();
        let complete = complete
            .map(|uri| uri.secret().parse())
            .transpose()
            .map_err(|_| exchange.unreadable("its address is not a URL"))?;
        let web = |url: &Url| url.scheme().starts_with("http") && is_private(url);
        if !web(answer.verification_uri().url()) || !complete.as_ref().is_none_or(web) {
            return Err(exchange.unreadable("its address is not https"));
        }
        if answer.interval() > LONGEST_INTERVAL || answer.user_code().secret().is_empty() {
            return Err(exchange.unreadable("its code or its interval makes no sense"));
        }
        Ok(DeviceLogin {
            provider: self.clone(),
            ends: exchange.asked() + answer.expires_in().min(LONGEST_LIFE),
            complete,
            slower: AtomicU64::new(0),
            answer,
        })
    }
}

impl DeviceLogin {
    /// The code that the person types in. Show it.
    #[must_use]
    pub fn user_code(&self) -> &str {
        self.answer.user_code().secret()
    }

    /// Where the person types the code in. Show it.
    #[must_use]
    pub fn verification_uri(&self) -> &Url {
        self.answer.verification_uri().url()
    }

    /// With the code in it, for a link or a QR code.
    #[must_use]
    pub fn verification_uri_complete(&self) -> Option<&Url> {
        self.complete.as_ref()
    }

    /// How often the service may be asked: what it said in the beginning, and longer where it asked for that since.
    #[must_use]
    pub fn interval(&self) -> Duration {
        let slower = Duration::from_secs(self.slower.load(Ordering::Relaxed));
        self.answer
            .interval()
            .saturating_add(slower)
            .min(LONGEST_INTERVAL)
    }

    fn slow_down(&self) {
        self.slower.fetch_add(SLOWER.as_secs(), Ordering::Relaxed);
    }

    /// How long the code is still good.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.ends.saturating_sub(self.provider.time().elapsed())
    }

    /// Waits until the person has confirmed, at most `deadline` from now on and at most as long as the code
    /// lives. Failures that pass are forgiven until then.
    ///
    /// # Errors
    /// [`ErrorKind::Login`] when the person declined or the code has ended, [`ErrorKind::Deadline`] when only
    /// the deadline is over: then it can be waited for again.
    pub async fn wait(&self, deadline: Deadline) -> Result<Tokens, Error> {
        let time = self.provider.time();
        let exchange = self.provider.exchange(Step::DevicePoll);
        let client = self.provider.client();
        let began = time.elapsed();
        let limit = deadline.as_duration().min(self.left());
        let interval = || self.interval().max(SHORTEST_PAUSE);
        let left = || limit.saturating_sub(time.elapsed().saturating_sub(began));
        // What the crate has for a clock says only whether the time is over: it is when a poll at the deadline
        // brought nothing.
        let over = AtomicBool::new(false);
        let clock = || {
            let over = over.load(Ordering::Relaxed);
            DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(if over { 2 } else { 0 })
        };
        let pause = |pause: Duration| {
            let (left, asked_for) = (left(), exchange.retry_after().unwrap_or_default());
            over.store(left.is_zero(), Ordering::Relaxed);
            if exchange.is_slow_down() {
                self.slow_down();
            }
            time.sleep(pause.max(interval()).max(asked_for).min(left))
        };
        time.sleep(interval().min(limit)).await;
        let answer = client
            .exchange_device_access_token(&self.answer)
            .add_extra_param("scope", self.provider.scope_text())
            .set_time_fn(clock)
            .set_max_backoff_interval(LONGEST_BACKOFF)
            .request_async(&exchange, pause, Some(Duration::from_secs(1)))
            .await;
        if over.load(Ordering::Relaxed) {
            return Err(self.give_up(deadline, exchange.passing_trouble()));
        }
        provider::tokens(answer.ok(), &exchange)
    }

    fn give_up(&self, deadline: Deadline, trouble: Option<Error>) -> Error {
        let error = if self.left().is_zero() {
            let text = "login on another device: the code was not confirmed in time: start again";
            failed(ErrorKind::Login, text)
        } else {
            let text = format!(
                "login on another device: not confirmed within {} s; the code is good for {} s more",
                deadline.as_duration().as_secs(),
                self.left().as_secs(),
            );
            failed(ErrorKind::Deadline, text)
        };
        match trouble {
            Some(trouble) => error.with_source(trouble),
            None => error,
        }
    }
}

impl fmt::Debug for DeviceLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin")
            .field("provider", &self.provider)
            .field("left", &self.left())
            .finish_non_exhaustive()
    }
}
