//! Decides how a moment is kept inside a world.
//!
//! **Invariant:** arithmetic saturates, so no clock that a caller brings can make the world panic.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Seconds from the year 1 to 1970.
const EPOCH: i64 = 62_135_596_800;

/// Time since 1970-01-01T00:00Z; earlier moments count as that one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Duration);

impl Moment {
    pub(crate) fn of(time: SystemTime) -> Self {
        Self(
            time.duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or(Duration::ZERO),
        )
    }

    pub(crate) fn after(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }

    pub(crate) fn before(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(time))
    }

    /// How long from here to `later`; zero when it has passed.
    pub(crate) fn until(self, later: Self) -> Duration {
        later.0.saturating_sub(self.0)
    }

    pub(crate) fn since_epoch(self) -> Duration {
        self.0
    }

    /// The start of the day in UTC.
    pub(crate) fn midnight(self) -> Self {
        let seconds = self.0.as_secs();
        Self(Duration::from_secs(seconds - seconds % (24 * 60 * 60)))
    }

    /// So many days later, or earlier when the number is negative.
    pub(crate) fn days_later(self, days: i64) -> Self {
        let time = Duration::from_secs(days.unsigned_abs().saturating_mul(24 * 60 * 60));
        if days < 0 {
            self.before(time)
        } else {
            self.after(time)
        }
    }

    /// The moment of .NET ticks; those before 1970 count as that year's start.
    pub(crate) fn of_ticks(ticks: i64) -> Self {
        let since = ticks.saturating_sub(EPOCH * 10_000_000).max(0);
        let since = since.unsigned_abs();
        Self(Duration::from_micros(since / 10) + Duration::from_nanos(since % 10 * 100))
    }

    /// .NET ticks, as Diadoc writes dates: 100 ns since the first of January of year 1.
    pub(crate) fn ticks(self) -> i64 {
        let seconds = i64::try_from(self.0.as_secs()).unwrap_or(i64::MAX);
        seconds
            .saturating_add(EPOCH)
            .saturating_mul(10_000_000)
            .saturating_add(i64::from(self.0.subsec_nanos() / 100))
    }

    /// `2026-08-09T18:31:42` in UTC, without a zone, as Extern writes dates.
    pub(crate) fn date_time(self) -> String {
        let seconds = self.0.as_secs().min(253_402_300_799);
        der::DateTime::from_unix_duration(Duration::from_secs(seconds))
            .map(|time| time.to_string().trim_end_matches('Z').to_owned())
            .unwrap_or_default()
    }

    /// With seven digits of a second, as Extern writes some of its dates.
    pub(crate) fn precise_date_time(self) -> String {
        format!("{}.{:07}", self.date_time(), self.0.subsec_nanos() / 100)
    }

    /// A date, with or without a time, a fraction and a zone; without a zone it is UTC. None when it is none, or
    /// before 1970.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // A time without its minutes or seconds is no time here.
        let is_whole = text.len() == 10 || text.len() >= 19;
        let with_zone = || text.parse::<Timestamp>();
        let in_utc = |_| text.parse::<DateTime>()?.to_zoned(TimeZone::UTC);
        let moment = with_zone().or_else(|error| in_utc(error).map(|zoned| zoned.timestamp()));
        let since = moment.ok().filter(|_| is_whole)?.as_duration();
        since.try_into().ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use crate::moment::Moment;

    #[test]
    fn dates_are_read_in_every_form_that_is_written() {
        let seconds = |text| Moment::parse(text).map(|moment| moment.since_epoch().as_secs());
        let ten = Some(1_699_956_000);
        for text in [
            "2023-11-14T10:00:00",
            "2023-11-14T10:00:00Z",
            "2023-11-14T10:00:00.1234567",
            "2023-11-14T15:00:00+05:00",
            "2023-11-14 05:00:00.1-05:00",
        ] {
            assert_eq!(seconds(text), ten, "{text}");
        }
        assert_eq!(seconds("2023-11-14"), Some(1_699_920_000));
        for text in [
            "",
            "2023",
            "2023-13-01",
            "14.11.2023",
            "2023-11-14T10",
            "2023-11-14T10:00:00+99:00",
            "2023-11-14é",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        let precise = Moment::parse("2023-11-14T10:00:00.1234567").unwrap();
        assert_eq!(precise.precise_date_time(), "2023-11-14T10:00:00.1234567");
    }
}
