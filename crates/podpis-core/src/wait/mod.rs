//! How an operation is driven to its end, on whose clock, and for how long.
//!
//! **Invariant:** nothing waits without a deadline, nothing reads a clock but [`time`](self::SharedTime), and a
//! poll that failed leaves the operation as it was.

mod compute;
mod deadline;
mod kept_bytes;
mod locks;
#[cfg(any(test, feature = "test-util"))]
mod manual;
mod poll_policy;
mod prompt;
mod run;
mod time;
mod watch;

pub use compute::compute;
pub use deadline::Deadline;
pub use kept_bytes::KeptBytes;
pub use locks::{Busy, LockName, LockSet, Locks};
#[cfg(any(test, feature = "test-util"))]
pub use manual::ManualTime;
pub use poll_policy::PollPolicy;
pub use prompt::{CodeRequest, NoPrompt, Prompt, PromptError};
pub use run::{
    Begin, Conversation, Current, Learned, OperationClient, OperationKind, Part, Prepared, Record,
    Run, RunSettings, Sequence, Step, followed, to_the_end,
};
pub use time::{SharedTime, SystemTimer, Time};
pub use watch::{Observer, Watcher};
