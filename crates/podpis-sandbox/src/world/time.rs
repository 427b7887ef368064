//! Decides how a moment is kept inside a world.
//!
//! **Invariant:** arithmetic saturates, so no clock that a caller brings can make the world panic.

use std::time::{Duration, SystemTime};

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

    /// .NET ticks, as Diadoc writes dates: 100 ns since the first of January of year 1.
    pub(crate) fn ticks(self) -> i64 {
        const EPOCH: i64 = 62_135_596_800;
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
}
