//! Decides who may drive an operation, and until when.
//!
//! **Invariant:** two claims never have the same key, whoever made them: what one holder asks for is never taken for
//! what another one asks for.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{OperationId, Revision, Timestamp};

/// The longest name of an owner, in characters.
const LONGEST: usize = 128;

/// Who claims operations: a name for people, such as that of a machine, or one for each process.
///
/// 1 to 128 characters, none of them a control character. Owners of one name are told apart by the keys of their claims,
/// and keep each other out as any two do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Owner(Arc<str>);

impl Owner {
    /// A name that this process has and no other: its number and something random.
    #[must_use]
    pub fn of_this_process() -> Self {
        static NAME: OnceLock<Arc<str>> = OnceLock::new();
        let name = NAME.get_or_init(|| {
            format!("process {} {}", std::process::id(), uuid::Uuid::new_v4()).into()
        });
        Self(name.clone())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Owner {
    type Err = MalformedOwner;

    fn from_str(text: &str) -> Result<Self, MalformedOwner> {
        let length = text.chars().take(LONGEST + 1).count();
        if length == 0 || length > LONGEST || text.chars().any(char::is_control) {
            return Err(MalformedOwner);
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for Owner {
    type Error = MalformedOwner;

    fn try_from(text: String) -> Result<Self, MalformedOwner> {
        text.parse()
    }
}

impl From<Owner> for String {
    fn from(owner: Owner) -> Self {
        owner.as_str().to_owned()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text cannot name an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an owner has 1 to {LONGEST} characters, none of them a control character")]
pub struct MalformedOwner;

/// What is asked of a journal when an operation is claimed: by whom, when, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    owner: Owner,
    now: Timestamp,
    length: Duration,
}

impl Lease {
    /// A lease that runs out at `now` + `length` unless it is renewed. A journal with a clock of its own ignores `now`
    /// and counts by that.
    #[must_use]
    pub fn new(owner: Owner, now: Timestamp, length: Duration) -> Self {
        Self { owner, now, length }
    }

    /// A lease that runs out only when its claim is dropped or its process ends. Who asks for it does not know the time,
    /// and takes nothing over that has run out.
    ///
    /// A journal that cannot see its holders end gives a length of its own instead: [`Claim::lease`](crate::Claim::lease)
    /// says what was given.
    #[must_use]
    pub fn until_dropped(owner: Owner) -> Self {
        Self::new(owner, Timestamp::from_millis(0), Duration::MAX)
    }

    /// Who claims.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The time of who claims.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How long it holds.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.length
    }

    /// When it runs out: from this moment on somebody else may take the operation over.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        self.now.plus(self.length)
    }
}

/// What a holder shows with everything it asks for: which claim it is, and which version of the record it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The operation.
    pub id: OperationId,
    /// The claim. A journal that gave the operation to somebody else meanwhile knows another one.
    pub key: ClaimKey,
    /// The version of the record that the holder saw last.
    pub revision: Revision,
}

/// Tells one claim from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct ClaimKey(Arc<str>);

impl ClaimKey {
    /// A key that no other claim has.
    #[must_use]
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }

    /// The key as text, for a journal that stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ClaimKey {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<ClaimKey> for String {
    fn from(key: ClaimKey) -> Self {
        key.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_a_short_line() {
        for bad in ["", "a\nb", &"ё".repeat(LONGEST + 1)] {
            assert!(bad.parse::<Owner>().is_err(), "{bad:?}");
        }
        for good in ["host-7/worker 3", &"ё".repeat(LONGEST)] {
            assert_eq!(good.parse::<Owner>().unwrap().as_str(), good);
        }
        let own = Owner::of_this_process();
        assert_eq!(own.as_str().parse(), Ok(own));
    }

    #[test]
    fn a_lease_ends_after_its_length_or_never() {
        let owner = Owner::of_this_process;
        let now = Timestamp::from_millis(5);
        let lease = Lease::new(owner(), now, Duration::from_millis(7));
        assert_eq!(lease.ends(), Timestamp::from_millis(12));
        let lease = Lease::until_dropped(owner());
        assert_eq!(lease.ends(), Timestamp::from_millis(u64::MAX));
    }
}
