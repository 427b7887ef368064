//! Decides which states an operation has and what each asks for.
//!
//! **Invariant:** `starting` and `confirming` mean "may have been sent": a record that is found in one of them
//! is reconciled, never sent again.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Refusal;

/// Where an operation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new state changes the table, and with it every reader of records"
)]
pub enum State {
    /// The start, or the next step of an operation of several, is about to be sent, or was sent and its answer is not
    /// stored.
    Starting,
    /// A code is on its way to the person.
    AwaitingCode {
        /// 1 for the first code, 2 after one wrong code, and so on.
        attempt: u32,
    },
    /// A code is about to be sent to the service, or was sent and the answer is not stored.
    Confirming {
        /// Which try this code is.
        attempt: u32,
    },
    /// The service works, or waits for the person's phone.
    Processing {
        /// How many codes were given so far.
        attempt: u32,
    },
    /// The result is in the record.
    Done,
    /// There will be no result.
    Refused {
        /// Why.
        refusal: Refusal,
        /// What the service said, in its own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
}

impl State {
    /// The state's name, as records write it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::AwaitingCode { .. } => "awaiting_code",
            Self::Confirming { .. } => "confirming",
            Self::Processing { .. } => "processing",
            Self::Done => "done",
            Self::Refused { .. } => "refused",
        }
    }

    /// Whether nothing can change any more.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::Refused { .. })
    }

    pub(crate) fn next(&self, pause: Duration) -> Next {
        match self {
            Self::Starting | Self::Confirming { .. } => Next::Reconcile,
            Self::AwaitingCode { attempt } => Next::GiveCode { attempt: *attempt },
            Self::Processing { .. } => Next::PollAfter(pause),
            Self::Done | Self::Refused { .. } => Next::Finished,
        }
    }
}

/// In words that follow "the operation is".
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::AwaitingCode { .. } => "waiting for the code",
            Self::Confirming { .. } => "being confirmed",
            Self::Processing { .. } => "at work",
            Self::Done => "done",
            Self::Refused { .. } => "refused",
        })
    }
}

/// What to do with an operation now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever drives an operation must handle every case"
)]
pub enum Next {
    /// Ask the person for the code and confirm with it.
    GiveCode {
        /// 1 for the first code, 2 after one wrong code, and so on.
        attempt: u32,
    },
    /// Wait this long, then ask the service how far it is.
    PollAfter(Duration),
    /// It is not known whether the last request arrived: find out, do not send it again.
    Reconcile,
    /// Take the result, or the refusal.
    Finished,
}
