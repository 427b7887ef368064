//! The key ring of the system.
//!
//! **Invariant:** where there is none, or none is wanted, that is told as none and never as an error; a key ring that does not
//! answer holds nobody up for ever, nor without a word.

use std::env;
use std::time::Duration;

use keyring::v1::{Entry, Error};
use podpis::core::wait::{SharedTime, SystemTimer};

use crate::environment::{self, KEY_RING};
use crate::failure::Failure;
use crate::messages::LoginMessage;
use crate::output::Output;

/// The person may have to open it first.
const PATIENCE: Duration = Duration::from_secs(120);

/// After a silence so long the person is told what is waited for.
const LONG: Duration = Duration::from_secs(5);

/// Under which name it is listed there.
const PROGRAM: &str = "podpis";

/// What a key ring said.
pub(super) enum Answer<T> {
    /// It did what was asked.
    Done(T),
    /// There is none.
    Absent,
}

/// The secret of this name, if there is one.
pub(super) async fn read(name: &str, output: Output) -> Result<Answer<Option<Vec<u8>>>, Failure> {
    asked(name, output, |entry| match entry.get_secret() {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

/// Keeps it under this name.
pub(super) async fn write(
    name: &str,
    secret: Vec<u8>,
    output: Output,
) -> Result<Answer<()>, Failure> {
    asked(name, output, move |entry| entry.set_secret(&secret)).await
}

/// Removes it; whether it was there.
pub(super) async fn remove(name: &str, output: Output) -> Result<Answer<bool>, Failure> {
    asked(name, output, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    })
    .await
}

/// Asks it on a thread of its own: it may wait for a person.
async fn asked<T: Send + 'static>(
    name: &str,
    output: Output,
    ask: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<Answer<T>, Failure> {
    if !is_wanted()? {
        return Ok(Answer::Absent);
    }
    let name = name.to_owned();
    let asking = tokio::task::spawn_blocking(move || ask(&Entry::new(PROGRAM, &name)?));
    let time = SharedTime::new(SystemTimer::new());
    let silent = || Failure::failed("key_ring", LoginMessage::KeyRingSilent.into());
    let tell = || output.say(&LoginMessage::KeyRingAwaited.into());
    match patiently(&time, asking, tell).await {
        None => Err(silent()),
        Some(Err(error)) => Err(silent().with_source(error)),
        Some(Ok(Ok(answer))) => Ok(Answer::Done(answer)),
        // Nobody listens on the bus, or there is no bus.
        Some(Ok(Err(Error::NoDefaultStore | Error::PlatformFailure(_)))) => Ok(Answer::Absent),
        Some(Ok(Err(Error::NoStorageAccess(error)))) => {
            tracing::debug!("the key ring: {error}");
            let message = LoginMessage::KeyRingClosed.into();
            Err(Failure::failed("key_ring", message))
        }
        Some(Ok(Err(error))) => Err(silent().with_source(error)),
    }
}

/// Waits for an answer, and tells the person when that takes long; none where it does not come.
async fn patiently<T>(
    time: &SharedTime,
    mut answer: impl Future<Output = T> + Send + Unpin,
    tell: impl FnOnce(),
) -> Option<T> {
    if let Some(early) = time.within(LONG, &mut answer).await {
        return Some(early);
    }
    tell();
    time.within(PATIENCE.saturating_sub(LONG), answer).await
}

/// A bus that nobody named would be looked for in places that belong to other sessions.
fn is_wanted() -> Result<bool, Failure> {
    let is_off = environment::plain(KEY_RING)?.is_some_and(|word| word == "off");
    let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_there = cfg!(any(windows, target_os = "macos")) || named("DBUS_SESSION_BUS_ADDRESS");
    Ok(is_there && !is_off)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use podpis::core::wait::ManualTime;

    use super::*;

    #[tokio::test]
    async fn a_silence_is_told_once_and_has_an_end() {
        for (seconds, is_told, answers) in [(4, false, true), (60, true, true), (600, true, false)]
        {
            let time: SharedTime = ManualTime::new().into();
            let told = Cell::new(0);
            let answer = Box::pin(time.sleep(Duration::from_secs(seconds)));
            let answer = patiently(&time, answer, || told.set(told.get() + 1)).await;
            assert_eq!(answer.is_some(), answers, "{seconds}");
            assert_eq!(told.get(), u32::from(is_told), "{seconds}");
        }
    }
}
