//! What one step of an operation may take: how long, and which permits.
//!
//! **Invariant:** a moment on the monotonic clock, never a length: whatever a step does in turn, login, queue,
//! requests and pauses, ends at the same moment.

use std::time::Duration;

use super::Caller;

/// What a request is for: no class keeps the others waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "permits are shared out among these, and nothing else"
)]
pub enum PermitClass {
    /// Starts an operation, or its next step.
    Start,
    /// Gives the code of a person, who waits for it.
    Code,
    /// Asks how far the service is, and reads what it made.
    Poll,
    /// Anything that belongs to no operation that is being driven: lists, uploads, downloads.
    #[default]
    Other,
}

impl PermitClass {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Start, Self::Code, Self::Poll, Self::Other];

    pub(super) fn index(self) -> usize {
        match self {
            Self::Start => 0,
            Self::Code => 1,
            Self::Poll => 2,
            Self::Other => 3,
        }
    }
}

/// The bounds of the calls of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by whoever drives an operation"
)]
pub struct Bounds {
    /// Which permits the calls take.
    pub class: PermitClass,
    /// When the time began to count, on the monotonic clock of the client.
    pub began: Duration,
    /// When they have to end, on the same clock.
    pub ends: Duration,
    /// Is that a deadline that somebody gave? Then a start or a code that the service refuses for now is sent again
    /// until then, instead of a few times.
    pub is_deadline: bool,
    /// How much longer a request may take that is on its way by then.
    pub grace: Duration,
}

impl Bounds {
    /// How long it is until the end.
    pub(super) fn left(&self, now: Duration) -> Duration {
        self.ends.saturating_sub(now)
    }

    /// How long a request may take that leaves now.
    pub(super) fn left_for_request(&self, now: Duration) -> Duration {
        self.ends.saturating_add(self.grace).saturating_sub(now)
    }
}

impl Caller {
    /// A pause that ends within the bounds.
    pub(super) fn in_time(&self, pause: Duration) -> Option<Duration> {
        let Some(bounds) = self.bounds() else {
            return Some(pause);
        };
        (pause < bounds.left(self.time().elapsed())).then_some(pause)
    }

    /// Waits this long before something is sent again. False, and at once, where the bounds end before: then nothing may
    /// be sent again.
    pub async fn sleep(&self, pause: Duration) -> bool {
        let Some(pause) = self.in_time(pause) else {
            return false;
        };
        self.time().sleep(pause).await;
        true
    }
}
