//! Decides when the person is told that a service does not answer, or asks to come again.
//!
//! **Invariant:** it only listens: every request goes to the service as it is, once, and its answer or error comes back as
//! it is. Each is told once, until there is an answer again.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use podpis::core::call::retry_after;
use podpis::core::wait::SharedTime;
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};

/// A silence so long is told.
const LONG: Duration = Duration::from_secs(5);
/// Larger bodies take their time to be sent, which is no silence.
const SMALL: usize = 64 * 1024;

/// A transport whose silences are told.
pub(super) struct Listening<T> {
    inner: T,
    time: SharedTime,
    tell: Box<dyn Fn(Told) + Send + Sync>,
    silence: Mutex<Option<Silence>>,
    is_put_off: AtomicBool,
}

/// What the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    NoAnswer,
    ComeAgain { seconds: u64 },
}

/// Since the first request without an answer.
#[derive(Clone, Copy)]
struct Silence {
    since: Duration,
    is_told: bool,
}

impl<T> Listening<T> {
    pub(super) fn new(
        inner: T,
        time: SharedTime,
        tell: impl Fn(Told) + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            time,
            tell: Box::new(tell),
            silence: Mutex::new(None),
            is_put_off: AtomicBool::new(false),
        }
    }

    /// How much is missing to a long silence.
    fn patience(&self) -> Duration {
        let now = self.time.elapsed();
        self.with(|silence| {
            let since = silence.get_or_insert(Silence {
                since: now,
                is_told: false,
            });
            LONG.saturating_sub(now.saturating_sub(since.since))
        })
    }

    fn tell(&self) {
        let is_news = self.with(|silence| {
            let told = silence.as_mut().map(|silence| &mut silence.is_told);
            told.is_some_and(|told| !std::mem::replace(told, true))
        });
        if is_news {
            (self.tell)(Told::NoAnswer);
        }
    }

    /// An answer came.
    fn hear(&self, answer: &HttpResponse) {
        self.with(|silence| *silence = None);
        let later = retry_after(answer.headers()).filter(|it| !it.is_zero());
        // A success that says so is no answer to wait for: it is asked how far it is.
        let later = later.filter(|_| !answer.status().is_success());
        let was_put_off = self.is_put_off.swap(later.is_some(), Ordering::Relaxed);
        if let (Some(later), false) = (later, was_put_off) {
            let seconds = later.as_secs();
            (self.tell)(Told::ComeAgain { seconds });
        }
    }

    fn with<R>(&self, change: impl FnOnce(&mut Option<Silence>) -> R) -> R {
        change(&mut self.silence.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl<T: Transport> Transport for Listening<T> {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let is_small = request.body().len() <= SMALL;
        let patience = self.patience();
        let mut exchange = self.inner.execute(request);
        let early = match is_small {
            true => self.time.within(patience, &mut exchange).await,
            false => Some(exchange.as_mut().await),
        };
        let answer = match early {
            Some(answer) => answer,
            None => {
                self.tell();
                exchange.await
            }
        };
        if let Ok(answer) = &answer {
            self.hear(answer);
        } else if self.patience().is_zero() {
            self.tell();
        }
        answer
    }
}

impl<T: fmt::Debug> fmt::Debug for Listening<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listening").field(&self.inner).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use podpis::core::wait::ManualTime;
    use podpis::transport::{Delivery, TransportErrorKind};

    use super::*;

    /// Answers or breaks off after so many seconds each.
    #[derive(Debug)]
    struct Slow {
        time: SharedTime,
        next: Mutex<VecDeque<(u64, bool)>>,
    }

    #[async_trait]
    impl Transport for Slow {
        async fn execute(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
            let next = self.next.lock().unwrap().pop_front();
            let (seconds, answers) = next.unwrap();
            self.time.sleep(Duration::from_secs(seconds)).await;
            match answers {
                true => Ok(HttpResponse::default()),
                false => Err(TransportError::new(
                    TransportErrorKind::Interrupted,
                    Delivery::NotSent,
                )),
            }
        }
    }

    /// How often a silence was told after each of these exchanges, between which three seconds pass.
    async fn told(exchanges: &[(u64, bool)]) -> Vec<usize> {
        let time: SharedTime = ManualTime::new().into();
        let slow = Slow {
            time: time.clone(),
            next: Mutex::new(exchanges.iter().copied().collect()),
        };
        let told = Arc::new(AtomicUsize::new(0));
        let counted = told.clone();
        let listening = Listening::new(slow, time.clone(), move |told| {
            assert_eq!(told, Told::NoAnswer);
            counted.fetch_add(1, Ordering::SeqCst);
        });
        let mut all = Vec::new();
        for (_, answers) in exchanges {
            let answer = listening.execute(HttpRequest::default()).await;
            assert_eq!(answer.is_ok(), *answers);
            all.push(told.load(Ordering::SeqCst));
            time.sleep(Duration::from_secs(3)).await;
        }
        all
    }

    /// Answers with these statuses, each with its Retry-After.
    #[derive(Debug)]
    struct Busy(Mutex<VecDeque<(u16, &'static str)>>);

    #[async_trait]
    impl Transport for Busy {
        async fn execute(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
            let next = self.0.lock().unwrap().pop_front();
            let (status, later) = next.unwrap();
            let mut answer = HttpResponse::default();
            *answer.status_mut() = status.try_into().unwrap();
            let headers = answer.headers_mut();
            headers.insert("retry-after", later.parse().unwrap());
            Ok(answer)
        }
    }

    #[tokio::test]
    async fn who_asks_to_come_again_is_told_once_until_another_answer() {
        let answers = [
            (204, "9"),
            (429, "7"),
            (429, "8"),
            (200, "0"),
            (503, "3"),
            (503, "soon"),
            (409, "1"),
        ];
        let busy = Busy(Mutex::new(answers.into()));
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = told.clone();
        let time = ManualTime::new().into();
        let listening = Listening::new(busy, time, move |told| kept.lock().unwrap().push(told));
        for (status, _) in answers {
            let answer = listening.execute(HttpRequest::default()).await.unwrap();
            assert_eq!(answer.status(), status);
        }
        let expected = [7, 3, 1].map(|seconds| Told::ComeAgain { seconds });
        assert_eq!(*told.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn a_silence_of_five_seconds_is_told_once_until_there_is_an_answer() {
        let at_once = [(0, true), (4, true), (4, true)];
        assert_eq!(told(&at_once).await, [0, 0, 0]);
        let slow = [(6, true), (6, true)];
        assert_eq!(told(&slow).await, [1, 2]);
        let broken = [
            (0, false),
            (0, false),
            (0, false),
            (0, false),
            (0, true),
            (0, false),
        ];
        assert_eq!(told(&broken).await, [0, 0, 1, 1, 1, 1]);
        let both = [(4, false), (9, true), (4, true), (9, false)];
        assert_eq!(told(&both).await, [0, 1, 1, 2]);
    }
}
