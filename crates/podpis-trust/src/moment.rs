//! Decides at which moment a signature is judged, and how it is said where the moment comes from.
//!
//! **Invariant:** a moment is given by the caller or proven by a trusted time stamp; the time that a
//! signer states is neither.

use std::time::{Duration, SystemTime};

/// The moment at which certificates are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    time: SystemTime,
    /// The end of the time in which a stamp can have been made.
    latest: SystemTime,
    source: Source,
}

/// Where a moment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// It is the present, as the caller says.
    Now,
    /// The caller asked for it.
    Asked,
    /// A trusted time stamp proves it; its number, from 1.
    Stamp(usize),
}

impl Moment {
    /// The present. Revocation lists must be fresh: their next update must not have passed.
    #[must_use]
    pub fn now(time: SystemTime) -> Self {
        Self {
            time,
            latest: time,
            source: Source::Now,
        }
    }

    /// Another moment, usually of the past: an instant that the caller knows, such as that of
    /// delivery. Revocation lists of later tell too, because their entries are dated.
    #[must_use]
    pub fn asked(time: SystemTime) -> Self {
        Self {
            time,
            latest: time,
            source: Source::Asked,
        }
    }

    pub(crate) fn stamped(time: SystemTime, latest: SystemTime, number: usize) -> Self {
        Self {
            time,
            latest,
            source: Source::Stamp(number),
        }
    }

    /// The moment. For a time stamp it is the time that the stamp states.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// The same, or with the accuracy of a time stamp added: by then the signature certainly was.
    #[must_use]
    pub fn latest(&self) -> SystemTime {
        self.latest
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    pub(crate) fn is_now(&self) -> bool {
        self.source == Source::Now
    }
}

/// Is `from` at most `age` before `to`?
pub(crate) fn is_within(from: SystemTime, to: SystemTime, age: Duration) -> bool {
    to.duration_since(from).map_or(true, |passed| passed <= age)
}
