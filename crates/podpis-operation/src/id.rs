//! Decides what names an operation and its kind.
//!
//! **Invariant:** an [`OperationId`] is always a safe file name, whoever made it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest id, in characters.
const LONGEST: usize = 64;

/// Names one operation, unique in a journal.
///
/// 1 to 64 characters of `a-z`, `0-9` and `-`, the first not a `-`. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperationId(Arc<str>);

impl OperationId {
    /// A new id that nobody else has.
    #[must_use]
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OperationId {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty()
            || text.len() > LONGEST
            || text.starts_with('-')
            || !text.bytes().all(allowed)
        {
            return Err(MalformedId(text.chars().take(LONGEST).collect()));
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for OperationId {
    type Error = MalformedId;

    fn try_from(text: String) -> Result<Self, MalformedId> {
        text.parse()
    }
}

impl From<OperationId> for String {
    fn from(id: OperationId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not an operation id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an operation id: 1 to 64 characters of a-z, 0-9 and -, the first not a -")]
pub struct MalformedId(String);

/// What sort of operation a record is, for example `diadoc.cloud-sign`.
///
/// An open set: a record of a kind that this version does not know can still be listed and shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    /// A kind with a fixed name: the service, a dot, and the operation's name in kebab-case.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_leaves_its_folder() {
        for bad in [
            "",
            "-a",
            "../up",
            "a/b",
            "a\\b",
            "A",
            "a.json",
            "a b",
            &"a".repeat(65),
        ] {
            assert!(bad.parse::<OperationId>().is_err(), "{bad}");
        }
        assert!(
            OperationId::random()
                .as_str()
                .parse::<OperationId>()
                .is_ok()
        );
    }
}
