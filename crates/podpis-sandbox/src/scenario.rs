//! Decides what a scenario is: a name for what the phone, the person and the services do together.
//!
//! **Invariant:** one scenario at a time. Playing one takes back what the one before did, and every fault that was
//! injected; what has begun goes on as it was.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::faults::{Fault, SignatureFault};
use crate::phone::{Person, PhoneInfo, PhoneMode};

/// What a program has to live through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scenario {
    /// Nothing goes wrong, and the phone is as the world was made.
    #[default]
    Calm,
    /// The person declines every push.
    Declined,
    /// Nobody looks at the phone, and whatever asks a person is too old after five seconds.
    Expires,
    /// The person has another push unanswered, in a program that is not yours.
    SecondOperationOpen,
    /// The next two codes are wrong, whatever they are; the third one counts.
    WrongCodeTwice,
    /// The signatures of several files come in another order.
    SignaturesPermuted,
    /// Both services say 503 for a minute, from their first call on.
    DownForAMinute,
    /// More than five calls a second of each kind are too many.
    RateLimited,
    /// Every answer takes three seconds.
    Slow,
}

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Calm,
        Self::Declined,
        Self::Expires,
        Self::SecondOperationOpen,
        Self::WrongCodeTwice,
        Self::SignaturesPermuted,
        Self::DownForAMinute,
        Self::RateLimited,
        Self::Slow,
    ];

    /// How the phone is set, where it is usually set like this.
    pub(crate) fn phone(self, usual: PhoneInfo) -> PhoneInfo {
        let mode = match self {
            Self::Declined => PhoneMode::Decline,
            Self::Expires => PhoneMode::Silent,
            _ => return usual,
        };
        PhoneInfo { mode, ..usual }
    }

    pub(crate) fn person(self) -> Person {
        Person {
            patience: (self == Self::Expires).then_some(Duration::from_secs(5)),
            is_busy: self == Self::SecondOperationOpen,
            wrong_codes: if self == Self::WrongCodeTwice { 2 } else { 0 },
        }
    }

    pub(crate) fn fault(self) -> Option<Fault> {
        let fault = Fault::on("*");
        Some(match self {
            Self::SignaturesPermuted => fault.signatures(SignatureFault::Permute),
            Self::DownForAMinute => fault
                .status(503)
                .retry_after(5)
                .lasting(Duration::from_secs(60)),
            Self::RateLimited => fault.rate(5).retry_after(1),
            Self::Slow => fault.delay(Duration::from_secs(3)),
            _ => return None,
        })
    }
}
