//! Decides how a moment is stored.
//!
//! **Invariant:** milliseconds of the wall clock since 1970, never a monotonic clock: a record outlives its
//! process.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The last second of the year 9999, from 1970 on.
const END_OF_9999: Duration = Duration::from_secs(253_402_300_799);

/// A moment, in milliseconds since 1970-01-01T00:00Z.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// A moment from milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        self.0
    }

    /// This moment plus `pause`; the end of time if that is too far.
    #[must_use]
    pub fn plus(self, pause: Duration) -> Self {
        let pause = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(pause))
    }
}

impl From<SystemTime> for Timestamp {
    /// Moments before 1970 become 1970.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

impl From<Timestamp> for SystemTime {
    /// A moment that the system has no time for becomes the end of the year 9999: it stays one that is far away.
    fn from(timestamp: Timestamp) -> Self {
        UNIX_EPOCH
            .checked_add(Duration::from_millis(timestamp.0))
            .or_else(|| UNIX_EPOCH.checked_add(END_OF_9999))
            .unwrap_or(UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms since 1970", self.0)
    }
}
