//! Decides what processor time is: user and system time as `getrusage` counts it, over all threads.
//!
//! *Invariant:* no clock on the wall takes part, so that waiting costs nothing and a busy machine little.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::Error;

/// Whose processor time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whose {
    /// This process's: the benchmark calls a library.
    Own,
    /// That of the processes it started and waited for: the benchmark runs a program.
    Children,
}

impl Whose {
    /// What was used up to now.
    pub(crate) fn used(self) -> Result<Duration, Error> {
        let usage = getrusage(match self {
            Self::Own => UsageWho::RUSAGE_SELF,
            Self::Children => UsageWho::RUSAGE_CHILDREN,
        })?;
        Ok(duration(usage.user_time())? + duration(usage.system_time())?)
    }
}

fn duration(time: TimeVal) -> Result<Duration, Error> {
    let seconds = Duration::from_secs(time.tv_sec().try_into()?);
    Ok(seconds + Duration::from_micros(time.tv_usec().try_into()?))
}

#[cfg(test)]
mod tests {
    use super::{Duration, TimeVal, Whose, duration};

    #[test]
    fn seconds_and_microseconds_are_added() {
        assert_eq!(
            duration(TimeVal::new(2, 345_678)).unwrap(),
            Duration::from_nanos(2_345_678_000)
        );
    }

    #[test]
    fn what_was_used_never_shrinks() {
        for whose in [Whose::Own, Whose::Children] {
            assert!(whose.used().unwrap() <= whose.used().unwrap());
        }
    }
}
