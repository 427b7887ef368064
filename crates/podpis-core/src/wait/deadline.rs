//! How long a wait may last.
//!
//! **Invariant:** there is no "for ever".

use std::time::Duration;

/// How long to wait for an operation, counted from its start call. Uploads are outside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Duration);

impl Deadline {
    /// A deadline of this length.
    #[must_use]
    pub const fn after(time: Duration) -> Self {
        Self(time)
    }

    /// A deadline in seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// A deadline in minutes.
    #[must_use]
    pub const fn minutes(minutes: u64) -> Self {
        Self(Duration::from_secs(minutes.saturating_mul(60)))
    }

    /// As a duration.
    #[must_use]
    pub const fn as_duration(self) -> Duration {
        self.0
    }
}
