//! Decides how long the server waits for a client that says nothing: then the connection is closed.
//!
//! **Invariant:** it bounds what clients send and never how long an answer takes, so no fault is cut short.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, Either, select};
use hyper::rt::{Sleep, Timer};

use super::slow;

/// For the head of a request, from when the connection is free for one: an idle connection ends then, too.
pub(super) const FOR_HEAD: Duration = Duration::from_secs(60);
/// For the whole body of a request.
const FOR_BODY: Duration = Duration::from_secs(10 * 60);

/// How waiting is done.
#[derive(Clone)]
pub(super) struct Patience(Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>);

impl Patience {
    pub(super) fn of_this_machine() -> Self {
        Self::with(|time| Box::pin(slow::pause(time)))
    }

    pub(super) fn with(
        pause: impl Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(pause))
    }

    pub(super) fn pause(&self, time: Duration) -> BoxFuture<'static, ()> {
        (self.0)(time)
    }

    /// What a body comes to; none when it takes too long.
    pub(super) async fn body<T>(&self, body: impl Future<Output = T>) -> Option<T> {
        match select(std::pin::pin!(body), (self.0)(FOR_BODY)).await {
            Either::Left((came, _)) => Some(came),
            Either::Right(_) => None,
        }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience").finish_non_exhaustive()
    }
}

impl Timer for Patience {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Pause(Mutex::new((self.0)(time))))
    }

    /// The head of a request is all that the connection waits for by this.
    fn sleep_until(&self, _: Instant) -> Pin<Box<dyn Sleep>> {
        self.sleep(FOR_HEAD)
    }
}

/// The lock is there because the connection wants to share it, which it never does.
struct Pause(Mutex<BoxFuture<'static, ()>>);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let pause = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        pause.as_mut().poll(context)
    }
}

impl Sleep for Pause {}
