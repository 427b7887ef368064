//! Decides what time it is when nobody brings a clock of their own.
//!
//! **Invariant:** the only reading of the system clock in the crate.

use std::time::SystemTime;

#[expect(
    clippy::disallowed_methods,
    reason = "the server's folder is where the sandbox reads a clock"
)]
pub(crate) fn system_time() -> SystemTime {
    SystemTime::now()
}
