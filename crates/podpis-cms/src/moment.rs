//! Decides which moment a UTCTime or GeneralizedTime means.
//!
//! **Invariant:** every form of X.680 46 and 47 is read: without seconds, with a fraction, with an
//! offset, any year from 1 to 9999. A time without a zone is taken for UTC, because nothing says
//! where it was written.

use std::time::{Duration, SystemTime};

use chrono::NaiveDate;

use crate::tlv::{self, Element};

/// The moment of a `UTCTime` or `GeneralizedTime` element; `None` if it is no time. Every form is
/// read: without seconds, with a fraction, with an offset, any year from 1 to 9999.
#[must_use]
pub fn of(element: &Element<'_>) -> Option<SystemTime> {
    let mut text = Text(element.content());
    let year = match element.tag() {
        // X.509: 50 to 99 are of the last century.
        tlv::UTC_TIME => match text.number(2)? {
            year @ 0..=49 => 2000 + year,
            year => 1900 + year,
        },
        tlv::GENERALIZED_TIME => text.number(4)?,
        _ => return None,
    };
    let (month, day, hour) = (text.number(2)?, text.number(2)?, text.number(2)?);
    let minute = text.optional();
    let second = minute.and_then(|_| text.optional());
    let fraction = if element.tag() == tlv::GENERALIZED_TIME {
        text.fraction()?
    } else {
        0
    };
    // A fraction is one of the last unit that stands there.
    let unit: u64 = match (minute, second) {
        (_, Some(_)) => 1,
        (Some(_), None) => 60,
        (None, None) => 3_600,
    };
    let offset = text.offset()?;
    let leap = second == Some(60);
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
    let second = if leap { 59 } else { second.unwrap_or(0) };
    let civil = date.and_hms_opt(hour.into(), minute.unwrap_or(0).into(), second.into())?;
    let seconds = civil.and_utc().timestamp() - offset + i64::from(leap);
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let whole = match seconds {
        0.. => SystemTime::UNIX_EPOCH.checked_add(whole)?,
        _ => SystemTime::UNIX_EPOCH.checked_sub(whole)?,
    };
    whole.checked_add(Duration::from_nanos(fraction.checked_mul(unit)?))
}

/// What is left of the text.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// The next digits as a number.
    fn number(&mut self, digits: usize) -> Option<u16> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let number = head.iter().try_fold(0_u16, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u16::from(byte - b'0'))
        })?;
        self.0 = rest;
        Some(number)
    }

    /// Two digits, if digits are next.
    fn optional(&mut self) -> Option<u16> {
        self.0
            .first()
            .is_some_and(u8::is_ascii_digit)
            .then(|| self.number(2))
            .flatten()
    }

    /// A fraction in billionths, 0 if there is none. Digits beyond the ninth are dropped.
    fn fraction(&mut self) -> Option<u64> {
        let [b'.' | b',', rest @ ..] = self.0 else {
            return Some(0);
        };
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = rest.split_at_checked(count)?;
        if digits.is_empty() {
            return None;
        }
        self.0 = rest;
        let digit = |at: usize| digits.get(at).map_or(0, |byte| u64::from(byte - b'0'));
        Some((0..9).fold(0, |number, at| number * 10 + digit(at)))
    }

    /// The zone in seconds, which must be all that is left: `Z`, `+hh`, `+hhmm` or nothing.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0 {
            [] | b"Z" => return Some(0),
            [b'+', rest @ ..] => {
                self.0 = rest;
                1
            }
            [b'-', rest @ ..] => {
                self.0 = rest;
                -1
            }
            _ => return None,
        };
        let hours = i64::from(self.number(2)?);
        let minutes = i64::from(self.optional().unwrap_or(0));
        let is_one = self.0.is_empty() && hours < 24 && minutes < 60;
        is_one.then_some(sign * (hours * 3_600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::of;
    use crate::tlv::{Element, GENERALIZED_TIME, UTC_TIME, encode};

    fn read(tag: u8, text: &str) -> Option<SystemTime> {
        of(&Element::single(&encode(tag, text.as_bytes())).unwrap())
    }

    #[test]
    fn every_form_is_read() {
        // 2024-06-10 12:00:00 UTC
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_718_020_800);
        let rows = [
            (UTC_TIME, "240610120000Z", 0),
            (UTC_TIME, "2406101200Z", 0),
            (UTC_TIME, "240610150000+0300", 0),
            (UTC_TIME, "2406100900-0300", 0),
            (GENERALIZED_TIME, "20240610120000Z", 0),
            (GENERALIZED_TIME, "20240610120000.5Z", 500),
            (GENERALIZED_TIME, "20240610120000,25Z", 250),
            (GENERALIZED_TIME, "202406101200Z", 0),
            (GENERALIZED_TIME, "202406101200.5Z", 30_000),
            (GENERALIZED_TIME, "2024061012Z", 0),
            (GENERALIZED_TIME, "2024061011.5", 1_800_000 - 3_600_000),
            (GENERALIZED_TIME, "20240610120000+00", 0),
            (GENERALIZED_TIME, "20240610115960Z", 0),
        ];
        for (tag, text, milliseconds) in rows {
            let shift = Duration::from_millis(i64::unsigned_abs(milliseconds));
            let wanted = if milliseconds < 0 {
                noon - shift
            } else {
                noon + shift
            };
            assert_eq!(read(tag, text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn the_ends_of_time_are_read() {
        assert!(read(UTC_TIME, "500101000000Z").unwrap() < SystemTime::UNIX_EPOCH);
        assert!(read(GENERALIZED_TIME, "00010101000000Z").is_some());
        assert!(read(GENERALIZED_TIME, "99991231235959Z").is_some());
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2406101200001Z",
            "241310120000Z",
            "240610120000X",
            "24061012000",
            "240610120000.5Z",
            "240610120000+3",
            "240610120000+9900",
            "2406101200Z0",
        ] {
            assert_eq!(read(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(read(GENERALIZED_TIME, "20240610120000.Z"), None);
        assert_eq!(read(0x0C, "240610120000Z"), None);
    }
}
