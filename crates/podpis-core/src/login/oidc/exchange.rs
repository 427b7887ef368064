//! One conversation with the identity service: the `oauth2` crate on our transport.
//!
//! **Invariant:** what went wrong is read here, from the answer itself. The crate's own errors hold the answer's
//! body and are dropped unseen. Only a request that never left is sent again.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use podpis_transport::{Delivery, SharedTransport, TransportError};

use super::device_answer::{device_answer, without_mark};
use super::refusal::{Heard, Step, failed, no_answer, trace_id};
use crate::call::{Outcome, RepeatPolicy, Replay};
use crate::wait::SharedTime;
use crate::{Error, ErrorKind};

/// What the crate is told when there is nothing for it to read; the reason is kept in the [`Exchange`].
#[derive(Debug, thiserror::Error)]
#[error("no usable answer")]
pub(super) struct NoAnswer;

/// Sends one step's requests and keeps what came of the last one.
#[derive(Debug)]
pub(super) struct Exchange {
    transport: SharedTransport,
    time: SharedTime,
    repeat: RepeatPolicy,
    step: Step,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    /// When the last request was sent, on the monotonic clock.
    asked: Duration,
    seen: Option<Seen>,
}

#[derive(Debug)]
enum Seen {
    Lost(TransportError),
    Heard(Heard),
}

impl Exchange {
    pub(super) fn new(
        transport: SharedTransport,
        time: SharedTime,
        repeat: RepeatPolicy,
        step: Step,
    ) -> Self {
        Self {
            transport,
            time,
            repeat,
            step,
            last: Mutex::default(),
        }
    }

    /// When the last request was sent, on the monotonic clock.
    pub(super) fn asked(&self) -> Duration {
        self.last().asked
    }

    /// Why the last request gave nothing.
    pub(super) fn error(&self) -> Error {
        let seen = self.last().seen.take();
        match seen {
            Some(Seen::Lost(error)) => no_answer(self.step).with_source(error),
            Some(Seen::Heard(heard)) => heard.error(self.step),
            None => failed(ErrorKind::InvalidInput, "the login cannot be sent"),
        }
    }

    /// The answer that came last is a success and cannot be used. `why` never quotes the body.
    pub(super) fn unreadable(&self, why: &str) -> Error {
        match &self.last().seen {
            Some(Seen::Heard(heard)) => heard.unreadable(self.step, why),
            _ => failed(ErrorKind::UnreadableAnswer, why),
        }
    }

    /// The failure that came last, where it is one that passes.
    pub(super) fn passing_trouble(&self) -> Option<Error> {
        let passes = match &self.last().seen {
            Some(Seen::Lost(_)) => true,
            Some(Seen::Heard(heard)) => heard.passes(),
            None => false,
        };
        passes.then(|| self.error())
    }

    /// How long the last answer asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match &self.last().seen {
            Some(Seen::Heard(heard)) => heard.retry_after(),
            _ => None,
        }
    }

    /// Whether the last answer asks to be asked less often.
    pub(super) fn is_slow_down(&self) -> bool {
        matches!(&self.last().seen, Some(Seen::Heard(heard)) if heard.is_slow_down())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let request = request.map(Bytes::from);
        let mut attempt = 1;
        let exchanged = loop {
            self.last().asked = self.time.elapsed();
            let exchanged = self.transport.execute(request.clone()).await;
            self.trace(attempt, &exchanged);
            let lost = exchanged.as_ref().err();
            if lost.is_some_and(|error| error.delivery() == Delivery::NotSent)
                && let Some(pause) =
                    self.repeat
                        .pause(Replay::OnlyIfNotSent, Outcome::NotSent, attempt, None)
            {
                attempt += 1;
                self.time.sleep(pause).await;
                continue;
            }
            break exchanged;
        };
        match exchanged {
            Ok(response) => {
                let heard = Heard::of(&response);
                // The crate goes on polling after "no answer" and gives up after a status.
                let forgiven = self.step == Step::DevicePoll && heard.passes();
                self.last().seen = Some(Seen::Heard(heard));
                if forgiven {
                    return Err(NoAnswer);
                }
                Ok(response.map(|body| match self.step {
                    Step::DeviceStart => device_answer(without_mark(&body)),
                    _ => without_mark(&body).to_vec(),
                }))
            }
            Err(error) => {
                self.last().seen = Some(Seen::Lost(error));
                Err(NoAnswer)
            }
        }
    }

    /// As of any call: `endpoint`, `attempt`, and `status` with `trace_id` or `error`.
    fn trace(&self, attempt: u32, exchanged: &Result<http::Response<Bytes>, TransportError>) {
        let endpoint = self.step.endpoint();
        match exchanged {
            Ok(response) => tracing::debug!(
                endpoint,
                attempt,
                status = response.status().as_u16(),
                trace_id = trace_id(response.headers()).as_deref().unwrap_or(""),
                "answered"
            ),
            Err(error) => tracing::debug!(
                endpoint,
                attempt,
                error = %error,
                sent = error.delivery() != Delivery::NotSent,
                "no answer"
            ),
        }
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> AsyncHttpClient<'c> for Exchange {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
