//! The limit of the system on the size of files.
//!
//! **Invariant:** a file that may not grow any further is an error of whoever writes it, as a full disk is, and never the end
//! of the program.

/// From here on it is so. Within the runtime, until the program ends.
#[cfg(unix)]
pub(crate) fn is_an_error() {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};

    // The write fails, too; without somebody who listens, the signal ends the program before that is seen.
    if let Err(error) = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())) {
        tracing::debug!(%error, "a limit on the size of files ends the program");
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(crate) fn is_an_error() {}
