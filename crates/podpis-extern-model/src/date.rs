//! Decides how a date of the service is read.
//!
//! **Invariant:** what the service did not say is not made up: a date without a zone stays without one.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date and a time as Kontur.Extern writes them: up to seven digits of a second, with or without a zone.
///
/// In which zone a date without one is, no source says; [`Self::to_timestamp_assuming`] takes the caller's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExternDate {
    civil: DateTime,
    offset: Option<Offset>,
}

/// The text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a date with a time, like 2026-08-09T18:31:42.1234567+03:00")]
pub struct MalformedDate;

impl ExternDate {
    /// Date and time on the clock of wherever the service meant.
    #[must_use]
    pub fn civil(self) -> DateTime {
        self.civil
    }

    /// Distance of that clock from UTC; absent when the service did not say.
    #[must_use]
    pub fn offset(self) -> Option<Offset> {
        self.offset
    }

    /// The moment; `offset` counts only when the service named none. `None` beyond the years that can be
    /// counted.
    #[must_use]
    pub fn to_timestamp_assuming(self, offset: Offset) -> Option<Timestamp> {
        let offset = self.offset.unwrap_or(offset);
        offset.to_timestamp(self.civil).ok()
    }
}

impl From<DateTime> for ExternDate {
    /// A date without a zone.
    fn from(civil: DateTime) -> Self {
        Self {
            civil,
            offset: None,
        }
    }
}

impl From<Timestamp> for ExternDate {
    /// A moment, in UTC.
    fn from(moment: Timestamp) -> Self {
        Self {
            civil: Offset::UTC.to_datetime(moment),
            offset: Some(Offset::UTC),
        }
    }
}

impl FromStr for ExternDate {
    type Err = MalformedDate;

    fn from_str(text: &str) -> Result<Self, MalformedDate> {
        let text = shortened(text.trim());
        let pieces = Pieces::parse(text.as_str()).map_err(|_| MalformedDate)?;
        let offset = match pieces.offset() {
            Some(PiecesOffset::Zulu) => Some(Offset::UTC),
            Some(PiecesOffset::Numeric(offset)) => Some(offset.offset()),
            Some(_) | None => None,
        };
        let time = pieces.time().unwrap_or(jiff::civil::Time::midnight());
        Ok(Self {
            civil: pieces.date().to_datetime(time),
            offset,
        })
    }
}

/// The text with at most nine digits of a second: nobody measures less than that, and jiff refuses more.
fn shortened(text: &str) -> String {
    let mut digits: Option<usize> = None;
    let kept = |letter: &char| {
        digits = match (digits, letter) {
            (None, '.' | ',') => Some(0),
            (Some(read), '0'..='9') => Some(read + 1),
            _ => None,
        };
        digits.is_none_or(|read| read <= 9)
    };
    text.chars().filter(kept).collect()
}

impl fmt::Display for ExternDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.civil, f)?;
        match self.offset {
            None => Ok(()),
            Some(Offset::UTC) => f.write_str("Z"),
            Some(offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl Serialize for ExternDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ExternDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_in_utc_and_a_civil_date_is_nowhere() {
        let moment: Timestamp = "2021-07-08T01:01:01.5Z".parse().unwrap();
        assert_eq!(
            ExternDate::from(moment).to_string(),
            "2021-07-08T01:01:01.5Z"
        );
        let civil = moment.to_zoned(jiff::tz::TimeZone::UTC).datetime();
        assert_eq!(ExternDate::from(civil).to_string(), "2021-07-08T01:01:01.5");
    }

    #[test]
    fn any_number_of_digits_with_or_without_a_zone() {
        let digits = "123456789012";
        for count in 0..=digits.len() {
            let point = if count == 0 { "" } else { "." };
            let fraction = &digits[..count];
            for (zone, hours) in [
                ("", None),
                ("Z", Some(0)),
                ("+03:00", Some(3)),
                ("-0500", Some(-5)),
            ] {
                let text = format!("2026-08-09T18:31:42{point}{fraction}{zone}");
                let date: ExternDate = text.parse().unwrap_or_else(|_| panic!("{text}"));
                let nanoseconds = format!("{fraction:0<9}")[..9].parse::<i32>().unwrap();
                assert_eq!(date.civil().subsec_nanosecond(), nanoseconds, "{text}");
                assert_eq!(date.civil().hour(), 18, "{text}");
                assert_eq!(
                    date.offset().map(|offset| offset.seconds() / 3600),
                    hours,
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_date_alone_is_its_midnight() {
        let date: ExternDate = "2026-08-09".parse().unwrap();
        assert_eq!(date.to_string(), "2026-08-09T00:00:00");
        let date: ExternDate = "2026-08-09 01:02:03".parse().unwrap();
        assert_eq!(date.to_string(), "2026-08-09T01:02:03");
    }

    #[test]
    fn the_callers_zone_counts_only_when_there_is_none() {
        let moscow = Offset::constant(3);
        let bare: ExternDate = "2026-08-09T18:31:42".parse().unwrap();
        let zoned: ExternDate = "2026-08-09T18:31:42Z".parse().unwrap();
        let text = |date: ExternDate| date.to_timestamp_assuming(moscow).unwrap().to_string();
        assert_eq!(text(bare), "2026-08-09T15:31:42Z");
        assert_eq!(text(zoned), "2026-08-09T18:31:42Z");
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "0001-01-01T00:00:00",
            "9999-12-31T23:59:59.9999999Z",
            "2026-08-09T18:31:42-05:30",
        ] {
            let date: ExternDate = text.parse().unwrap();
            assert_eq!(date.to_string(), text);
            assert_eq!(date.to_string().parse::<ExternDate>(), Ok(date));
        }
    }

    #[test]
    fn nonsense_is_refused_without_being_quoted() {
        for text in [
            "",
            "s3cret",
            "2026-13-01T00:00:00",
            "2026-08-09T25:00:00",
            "23:59:58",
        ] {
            let error = text.parse::<ExternDate>().unwrap_err();
            assert!(text.is_empty() || !error.to_string().contains(text));
        }
    }
}
