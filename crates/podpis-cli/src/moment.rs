//! How moments are told: by the form of RFC 3339, or by how long ago they were.
//!
//! **Invariant:** the clock is the one of the library.

use std::time::SystemTime;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::Timestamp;

/// A moment in the form of RFC 3339.
pub(crate) fn rfc3339(time: impl Into<SystemTime>) -> Option<String> {
    jiff::Timestamp::try_from(time.into())
        .ok()
        .map(|time| time.to_string())
}

/// How many seconds ago that was; 0 for the future.
pub(crate) fn seconds_since(moment: Timestamp) -> u64 {
    SystemTimer::new()
        .now()
        .duration_since(moment.into())
        .unwrap_or_default()
        .as_secs()
}
