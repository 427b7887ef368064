//! How moments are told: by the form of RFC 3339, or by how long ago they were.
//!
//! **Invariant:** the clock is the one of the library.

use std::time::SystemTime;

use jiff::SignedDuration;
use jiff::civil::date;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::Timestamp;

/// A moment in the form of RFC 3339, in UTC. Every moment of its four-digit years has one, the last second of 9999
/// too, which stands where there is no end.
pub(crate) fn rfc3339(time: impl Into<SystemTime>) -> Option<String> {
    let time = time.into();
    let since = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => SignedDuration::try_from(after).ok()?,
        Err(before) => -SignedDuration::try_from(before.duration()).ok()?,
    };
    let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
    let moment = epoch.checked_add(since).ok()?;
    (moment.year() >= 0).then(|| format!("{moment}Z"))
}

/// A moment for people, also one of a year that has more than four digits.
pub(crate) fn told(moment: Timestamp) -> String {
    // Nobody's calendar says more of it, and the number is what the record has.
    rfc3339(moment).unwrap_or_else(|| format!("{moment} (> 9999-12-31)"))
}

/// How many seconds ago that was; 0 for the future.
pub(crate) fn seconds_since(moment: Timestamp) -> u64 {
    SystemTimer::new()
        .now()
        .duration_since(moment.into())
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use podpis::operation::Timestamp;

    use super::{rfc3339, told};

    #[test]
    fn every_moment_of_four_digit_years_is_told() {
        let epoch = SystemTime::UNIX_EPOCH;
        let after = |seconds| rfc3339(epoch + Duration::from_secs(seconds));
        assert_eq!(after(0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(
            rfc3339(epoch + Duration::from_millis(1_500)).as_deref(),
            Some("1970-01-01T00:00:01.5Z")
        );
        assert_eq!(
            after(253_402_300_799).as_deref(),
            Some("9999-12-31T23:59:59Z")
        );
        assert_eq!(after(253_402_300_800), None);
        for millis in [253_402_300_800_000, u64::MAX] {
            let expected = format!("{millis} ms since 1970 (> 9999-12-31)");
            assert_eq!(told(Timestamp::from_millis(millis)), expected);
        }
        assert_eq!(
            rfc3339(epoch - Duration::from_secs(631_152_000)).as_deref(),
            Some("1950-01-01T00:00:00Z")
        );
    }
}
