//! Sends calls: token, permit, one exchange, and again where that is allowed.
//!
//! **Invariant:** the order is always token first, then permit; a permit never spans a login, a pause or a
//! person. A call with bounds ends with them, and says whether anything may have arrived by then. A 401 leads to one new login and one repetition, for any endpoint, because a 401 was not applied.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, SharedTransport, TransportError, TransportErrorKind,
};

use super::answer::{encoded, encoding, is_html, retry_after, trace_id};
use super::limit::Permit;
use super::sunset::Sunsets;
use super::{
    Answer, Bounds, Call, Effect, Endpoint, Limit, Outcome, PermitClass, RepeatPolicy, Replay,
    effect,
};
use crate::error::{ServiceAnswer, tidy};
use crate::login::{Authorization, SharedCredentials};
use crate::wait::SharedTime;
use crate::{BaseUrl, Error, ErrorKind};

/// What a service's error answer says, beside its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by each client's reader of error answers"
)]
pub struct Explanation {
    /// The service's own error code.
    pub code: Option<String>,
    /// The service's words for a human.
    pub message: Option<String>,
    /// More that a client wants to look at, as JSON; never document bytes.
    pub details: serde_json::Value,
}

/// Sends calls to one service. Cheap to clone.
#[derive(Clone)]
pub struct Caller {
    inner: Arc<Inner>,
    bounds: Option<Bounds>,
}

struct Inner {
    base: BaseUrl,
    transport: SharedTransport,
    credentials: Option<SharedCredentials>,
    time: SharedTime,
    limit: Limit,
    repeat: RepeatPolicy,
    explain: fn(&HttpResponse) -> Explanation,
    sunsets: Sunsets,
}

/// Settings of a [`Caller`].
#[must_use = "nothing is made until `build`"]
pub struct CallerBuilder(Inner);

impl Caller {
    /// Starts with what cannot be left out.
    pub fn builder(
        base: BaseUrl,
        transport: impl Into<SharedTransport>,
        time: impl Into<SharedTime>,
    ) -> CallerBuilder {
        CallerBuilder(Inner {
            base,
            transport: transport.into(),
            credentials: None,
            time: time.into(),
            limit: Limit::new(10),
            repeat: RepeatPolicy::default(),
            explain: |_| Explanation::default(),
            sunsets: Sunsets::default(),
        })
    }

    /// The service's address.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    /// The clock that pauses are taken on.
    #[must_use]
    pub fn time(&self) -> &SharedTime {
        &self.inner.time
    }

    /// This caller, whose calls stay within these bounds; without bounds they last as long as the transport lets
    /// them.
    #[must_use]
    pub fn within(&self, bounds: impl Into<Option<Bounds>>) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            bounds: bounds.into(),
        }
    }

    /// How often a call is repeated where its endpoint allows it.
    #[must_use]
    pub fn repeat(&self) -> RepeatPolicy {
        self.inner.repeat
    }

    /// The bounds of its calls.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// Logs in, if there is no login yet: whoever must store something right before a call wants no login
    /// between the two.
    ///
    /// # Errors
    /// When the login fails, or is not done within the bounds.
    pub async fn log_in(&self) -> Result<(), Error> {
        self.authorization().await.map(drop)
    }

    async fn authorization(&self) -> Result<Option<Authorization>, Error> {
        let Some(credentials) = &self.inner.credentials else {
            return Ok(None);
        };
        let authorized = self.logged_in(|| credentials.authorization()).await;
        authorized.map(Some)
    }

    /// What the login gives. One that the service refuses for now is tried again as a start or a code is, so that one
    /// bad moment does not end all the operations that wait for it.
    async fn logged_in<T, F>(&self, mut log_in: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut attempt = 1;
        loop {
            let logged_in = self.bounded(log_in()).await;
            let error = match logged_in {
                Some(Ok(login)) => return Ok(login),
                Some(Err(error)) => login_failed(error),
                None => return Err(login_failed(out_of_time("the login"))),
            };
            let (policy, answer) = (self.inner.repeat, error.service());
            let is_busy = answer.is_some_and(|answer| answer.status == REFUSED_FOR_NOW);
            if !is_busy || !self.insists(policy) {
                return Err(error);
            }
            let hint = answer.and_then(|answer| answer.retry_after);
            let Some(pause) = self.in_time(policy.pause_unlimited(attempt, hint)) else {
                return Err(error);
            };
            attempt = attempt.saturating_add(1);
            self.inner.time.sleep(pause).await;
        }
    }

    /// Does a start or a code that certainly was not applied go out again until the deadline?
    fn insists(&self, policy: RepeatPolicy) -> bool {
        self.bounds.is_some_and(|bounds| {
            bounds.is_deadline
                && matches!(bounds.class, PermitClass::Start | PermitClass::Code)
                && policy != RepeatPolicy::never()
        })
    }

    /// What the future gives, unless the bounds end before.
    async fn bounded<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match self.bounds {
            None => Some(future.await),
            Some(bounds) => {
                let left = bounds.left(self.inner.time.elapsed());
                self.inner.time.within(left, future).await
            }
        }
    }

    /// A permit, when the service takes requests of this class again and one is free. `None` at the end of the
    /// bounds: then only what is free at once is taken.
    async fn permit(&self) -> Option<Permit> {
        let limit = &self.inner.limit;
        let class = self.class();
        let now = self.inner.time.elapsed();
        match self.bounds {
            // Even the grace is over: what leaves now has no time to come back.
            Some(bounds) if bounds.left_for_request(now).is_zero() => return None,
            Some(bounds) if bounds.left(now).is_zero() => return limit.try_permit(class),
            _ => {}
        }
        if limit.held_for(class, now).is_zero()
            && let Some(permit) = limit.try_permit(class)
        {
            return Some(permit);
        }
        let queue = async {
            loop {
                let held = limit.held_for(class, self.inner.time.elapsed());
                if !held.is_zero() {
                    self.inner.time.sleep(held).await;
                    continue;
                }
                let permit = limit.permit(class).await;
                // The service may have asked for a pause while this one stood in the queue.
                let now = self.inner.time.elapsed();
                if limit.held_for(class, now).is_zero() {
                    return permit;
                }
            }
        };
        // On the heap, so that a call that need not wait holds little.
        Box::pin(self.bounded(queue)).await
    }

    fn class(&self) -> PermitClass {
        self.bounds.map(|bounds| bounds.class).unwrap_or_default()
    }

    /// One exchange. One that is still on its way after the grace is lost.
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let exchange = self.inner.transport.execute(request);
        let Some(bounds) = self.bounds else {
            return exchange.await;
        };
        let left = bounds.left_for_request(self.inner.time.elapsed());
        let exchanged = self.inner.time.within(left, exchange).await;
        exchanged.unwrap_or_else(|| {
            Err(TransportError::new(
                TransportErrorKind::Timeout,
                Delivery::Unknown,
            ))
        })
    }

    /// What the answer says of the load that the service bears.
    fn heed(&self, exchanged: &Result<HttpResponse, TransportError>) {
        let Ok(response) = exchanged else { return };
        let status = response.status();
        if !matches!(status, REFUSED_FOR_NOW | StatusCode::SERVICE_UNAVAILABLE) {
            return self.inner.limit.calm();
        }
        let mut asked = retry_after(response.headers());
        if self.bounds.is_none() {
            // No deadline ends this wait: whoever comes next asks again after a while, and hears the answer.
            asked = asked.map(|pause| pause.min(self.inner.repeat.longest_pause()));
        }
        match (status, asked) {
            (REFUSED_FOR_NOW, _) | (_, Some(_)) => {
                let until = asked.map(|pause| self.inner.time.elapsed().saturating_add(pause));
                self.inner.limit.slow_down(self.class(), until);
            }
            _ => self.inner.limit.calm(),
        }
    }

    /// The pause before the same request goes out again, or none when it does not.
    fn pause(
        &self,
        policy: RepeatPolicy,
        replay: Replay,
        outcome: Outcome,
        attempt: u32,
        hint: Option<Duration>,
    ) -> Option<Duration> {
        // It certainly was not applied: what came at a bad moment is not lost for that. A poll is repeated by the next.
        let pause = if outcome == Outcome::Status(REFUSED_FOR_NOW) && self.insists(policy) {
            policy.pause_unlimited(attempt, hint)
        } else {
            policy.pause(replay, outcome, attempt, hint)?
        };
        self.in_time(pause)
    }

    /// Sends the call and gives a success back.
    ///
    /// # Errors
    /// No answer, a status that is not success, an HTML page, a failed login, or no time left. [`Error::effect`]
    /// says what is known of the request, over all attempts.
    pub async fn call(&self, call: Call) -> Result<Answer, Error> {
        let endpoint = call.endpoint;
        let any_body = call.any_body;
        let policy = call.repeat.unwrap_or(self.inner.repeat);
        let mut attempt = 1;
        let mut renewed = false;
        // Once an attempt may have arrived, no later answer takes that back.
        let mut unsure = false;
        let mut request = call.to_request(&self.inner.base)?;
        let mut authorization = self.authorization().await?;
        loop {
            if let Some(authorization) = &authorization {
                for (name, value) in authorization.headers() {
                    request.headers_mut().insert(name, value.clone());
                }
            }
            let Some(permit) = self.permit().await else {
                return Err(remembering(unsure, out_of_time(endpoint.name)));
            };
            let exchanged = self.exchange(request).await;
            drop(permit);
            self.heed(&exchanged);
            trace(endpoint, attempt, &exchanged);

            let unauthorized = exchanged
                .as_ref()
                .is_ok_and(|response| response.status() == StatusCode::UNAUTHORIZED);
            if unauthorized
                && !renewed
                && let (Some(credentials), Some(stale)) = (&self.inner.credentials, &authorization)
            {
                renewed = true;
                let fresh = Box::pin(self.logged_in(|| credentials.renew(stale))).await;
                if let Some(fresh) = fresh.map_err(|error| remembering(unsure, error))? {
                    authorization = Some(fresh);
                    request = call.to_request(&self.inner.base)?;
                    continue;
                }
            }
            let (outcome, hint) = read(&exchanged);
            match self.pause(policy, endpoint.replay, outcome, attempt, hint) {
                Some(pause) => {
                    attempt = attempt.saturating_add(1);
                    unsure |= effect(endpoint.replay, outcome) == Effect::Unknown;
                    self.inner.time.sleep(pause).await;
                    request = call.to_request(&self.inner.base)?;
                }
                None => {
                    let concluded = self.conclude(endpoint, any_body, exchanged);
                    return concluded.map_err(|error| remembering(unsure, error));
                }
            }
        }
    }

    fn conclude(
        &self,
        endpoint: &'static Endpoint,
        any_body: bool,
        exchanged: Result<HttpResponse, TransportError>,
    ) -> Result<Answer, Error> {
        let response = match exchanged {
            Ok(response) => response,
            Err(error) => {
                let (outcome, _) = read(&Err(TransportError::new(error.kind(), error.delivery())));
                return Err(Error::new(
                    ErrorKind::NoAnswer,
                    format!("{}: no answer: {error}", endpoint.name),
                )
                .with_effect(effect(endpoint.replay, outcome))
                .with_source(error));
            }
        };
        self.inner.sunsets.look(endpoint, response.headers());
        if response.status().is_success() {
            let answer = Answer::new(endpoint, response);
            if let Some(encoding) = encoding(answer.headers(), answer.body()) {
                return Err(answer.unreadable(encoded(&encoding)));
            }
            return if !any_body && is_html(answer.headers(), answer.body()) {
                Err(answer.unreadable("it is an HTML page; is the base URL right?"))
            } else {
                Ok(answer)
            };
        }
        Err(self.refused(endpoint, &response))
    }

    fn refused(&self, endpoint: &'static Endpoint, response: &HttpResponse) -> Error {
        let status = response.status();
        let is_page = is_html(response.headers(), response.body());
        let said = if is_page {
            Explanation {
                message: Some("an HTML page instead of an answer".to_owned()),
                ..Explanation::default()
            }
        } else if let Some(encoding) = encoding(response.headers(), response.body()) {
            Explanation {
                message: Some(encoded(&encoding)),
                ..Explanation::default()
            }
        } else {
            (self.inner.explain)(response)
        };
        let mut answer = ServiceAnswer::new(endpoint.name, status);
        answer.code = said
            .code
            .map(|code| tidy(&code))
            .filter(|code| !code.is_empty());
        answer.details = said.details;
        answer.is_page = is_page;
        answer.message = said
            .message
            .map(|text| tidy(&text))
            .filter(|text| !text.is_empty());
        answer.trace_id = trace_id(response.headers());
        answer.retry_after = retry_after(response.headers());

        let kind = if status == StatusCode::UNAUTHORIZED {
            ErrorKind::Login
        } else {
            ErrorKind::Service
        };
        Error::new(kind, answer.to_string())
            .with_effect(effect(endpoint.replay, Outcome::Status(status)))
            .with_service(answer)
    }
}

/// The status of what the service certainly did not act on, and would take a little later.
const REFUSED_FOR_NOW: StatusCode = StatusCode::TOO_MANY_REQUESTS;

/// Nothing was sent, because there was no time left for it.
fn out_of_time(what: &str) -> Error {
    Error::new(
        ErrorKind::Deadline,
        format!("{what}: the deadline came before a request could be sent"),
    )
    .with_effect(Effect::NotApplied)
}

/// The call itself was not sent, or was answered with 401: whatever the login did, the call did nothing.
fn login_failed(error: Error) -> Error {
    error.with_effect(Effect::NotApplied)
}

fn read(exchanged: &Result<HttpResponse, TransportError>) -> (Outcome, Option<Duration>) {
    match exchanged {
        Ok(response) => {
            let status = response.status();
            // A success is not repeated, and says to its caller how long to wait.
            let hint = (!status.is_success()).then(|| retry_after(response.headers()));
            (Outcome::Status(status), hint.flatten())
        }
        Err(error) => match error.delivery() {
            Delivery::NotSent => (Outcome::NotSent, None),
            Delivery::Unknown => (Outcome::Lost, None),
        },
    }
}

/// The failure of the last attempt, with what is known of those before it.
fn remembering(unsure: bool, error: Error) -> Error {
    if unsure && !error.may_have_been_applied() {
        error.with_effect(Effect::Unknown)
    } else {
        error
    }
}

/// One event per exchange: `endpoint`, `attempt`, and `status` with `trace_id` or `error`.
fn trace(
    endpoint: &'static Endpoint,
    attempt: u32,
    exchanged: &Result<HttpResponse, TransportError>,
) {
    match exchanged {
        Ok(response) => tracing::debug!(
            endpoint = endpoint.name,
            attempt,
            status = response.status().as_u16(),
            trace_id = trace_id(response.headers()).as_deref().unwrap_or(""),
            "answered"
        ),
        Err(error) => tracing::debug!(
            endpoint = endpoint.name,
            attempt,
            error = %error,
            sent = error.delivery() != Delivery::NotSent,
            "no answer"
        ),
    }
}

impl CallerBuilder {
    /// What every call is authorized with; without it calls carry no login.
    pub fn credentials(mut self, credentials: impl Into<SharedCredentials>) -> Self {
        self.0.credentials = Some(credentials.into());
        self
    }

    /// How many requests may be in flight at once.
    pub fn limit(mut self, limit: Limit) -> Self {
        self.0.limit = limit;
        self
    }

    /// How often a call is repeated where its endpoint allows it.
    pub fn repeat(mut self, policy: RepeatPolicy) -> Self {
        self.0.repeat = policy;
        self
    }

    /// How the service's error answers are read.
    pub fn explain(mut self, explain: fn(&HttpResponse) -> Explanation) -> Self {
        self.0.explain = explain;
        self
    }

    /// Makes the caller.
    #[must_use]
    pub fn build(self) -> Caller {
        Caller {
            inner: Arc::new(self.0),
            bounds: None,
        }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("base", &self.inner.base.as_url().as_str())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallerBuilder")
            .field("base", &self.0.base.as_url().as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use bytes::Bytes;
    use http::Method;
    use podpis_transport::Transport;

    use super::*;
    use crate::wait::ManualTime;

    static KEYED: Endpoint = Endpoint {
        name: "Keyed",
        method: Method::POST,
        path: "/keyed",
        replay: Replay::Keyed,
    };

    /// Answers with statuses in order; none is a connection that broke after the request.
    #[derive(Debug)]
    struct Answers(Mutex<VecDeque<Option<u16>>>);

    #[async_trait::async_trait]
    impl Transport for Answers {
        async fn execute(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
            let next = self.0.lock().unwrap().pop_front().unwrap();
            let Some(status) = next else {
                let kind = TransportErrorKind::Interrupted;
                return Err(TransportError::new(kind, Delivery::Unknown));
            };
            let answer = http::Response::builder().status(status);
            Ok(answer.body(Bytes::new()).unwrap())
        }
    }

    #[tokio::test]
    async fn an_attempt_that_may_have_arrived_is_not_forgotten() {
        for (answers, unsure) in [
            (vec![Some(400)], false),
            (vec![None, Some(400)], true),
            (vec![Some(503), Some(403)], true),
            (vec![Some(429), Some(400)], false),
        ] {
            let caller = Caller::builder(
                "http://localhost".parse().unwrap(),
                Answers(Mutex::new(answers.clone().into())),
                ManualTime::at(std::time::UNIX_EPOCH),
            )
            .build();
            let error = caller.call(Call::new(&KEYED)).await.unwrap_err();
            assert_eq!(error.may_have_been_applied(), unsure, "{answers:?}");
        }
    }
}
