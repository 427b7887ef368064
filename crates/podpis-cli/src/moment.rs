//! How moments are told, by the form of RFC 3339 or by how long ago they were, and how they are read.
//!
//! **Invariant:** the clock is the one of the library.

use std::time::SystemTime;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::Timestamp;

use crate::failure::Failure;
use crate::messages::Message;

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

/// The moment that a person writes: in the form of RFC 3339, or a date, whose first moment in UTC it is.
fn parse(text: &str) -> Option<SystemTime> {
    // The parser takes more forms than people are told of, some of them with a time that it passes over.
    let stands =
        |at: usize, marks: &[u8]| text.as_bytes().get(at).is_some_and(|c| marks.contains(c));
    if !stands(4, b"-") || !stands(7, b"-") || text.contains('[') {
        return None;
    }
    let moment = if text.len() == "2024-06-15".len() {
        let day: Date = text.parse().ok()?;
        day.to_zoned(TimeZone::UTC).ok()?.timestamp()
    } else if stands(10, b"Tt ") && stands(13, b":") && stands(16, b":") {
        text.parse::<jiff::Timestamp>().ok()?
    } else {
        return None;
    };
    let since = moment.duration_since(jiff::Timestamp::UNIX_EPOCH);
    if since.is_negative() {
        SystemTime::UNIX_EPOCH.checked_sub(since.unsigned_abs())
    } else {
        SystemTime::UNIX_EPOCH.checked_add(since.unsigned_abs())
    }
}

/// The same of an argument of this name.
pub(crate) fn argument(name: &'static str, text: &str) -> Result<SystemTime, Failure> {
    parse(text).ok_or_else(|| {
        let text = text.to_owned();
        Failure::usage(Message::NotAMoment { name, text })
    })
}

/// The present, by the clock of the library.
pub(crate) fn now() -> SystemTime {
    SystemTimer::new().now()
}

/// A moment for people, also one of a year that has more than four digits.
pub(crate) fn told(moment: Timestamp) -> String {
    // Nobody's calendar says more of it, and the number is what the record has.
    rfc3339(moment).unwrap_or_else(|| format!("{moment} (> 9999-12-31)"))
}

/// How many seconds ago that was; 0 for the future.
pub(crate) fn seconds_since(moment: Timestamp) -> u64 {
    now()
        .duration_since(moment.into())
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use podpis::operation::Timestamp;

    use super::{parse, rfc3339, told};

    #[test]
    fn what_people_write_is_read_or_refused() {
        for (text, moment) in [
            ("2024-06-15", "2024-06-15T00:00:00Z"),
            ("2024-06-15T12:00:00Z", "2024-06-15T12:00:00Z"),
            ("2024-06-15t12:00:00.5z", "2024-06-15T12:00:00.5Z"),
            ("2024-06-15 15:00:00+03:00", "2024-06-15T12:00:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
        ] {
            let read = parse(text).and_then(rfc3339);
            assert_eq!(read.as_deref(), Some(moment), "{text}");
        }
        for text in [
            "",
            "now",
            "2024",
            "2024-06",
            "15.06.2024",
            "20240615",
            "2024-02-30",
            "2024-06-15T12:00:00",
            "2024-06-15T12:00Z",
            "2024-06-15T25:00:00Z",
            "2024-06-15T12:00:00+99:00",
            "2024-06-15T12:00:00+03:00[Europe/Moscow]",
            "2024-06-15Z",
            "+002024-06-15",
            "2024-06-15T12:00:00Z\u{202e}",
            "２０２４-06-15",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

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
