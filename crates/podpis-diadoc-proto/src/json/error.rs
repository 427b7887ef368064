//! What can be wrong with a message on its way from or to JSON.
//!
//! **Invariant:** an error names the message and the member, never a value: values are documents and secrets.

use std::fmt;
use std::string::{String, ToString as _};

/// Why a message cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    message: String,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Unknown,
    Malformed,
    Empty,
    NotJson,
    Kind(String),
    Value(String),
    Base64(String),
    Absent(String),
    Enum(String),
    Overfull(String),
}

impl JsonError {
    fn new(message: &str, reason: Reason) -> Self {
        Self {
            message: message.to_string(),
            reason,
        }
    }

    pub(super) fn unknown(message: &str) -> Self {
        Self::new(message, Reason::Unknown)
    }

    pub(super) fn malformed(message: &str) -> Self {
        Self::new(message, Reason::Malformed)
    }

    pub(super) fn empty(message: &str) -> Self {
        Self::new(message, Reason::Empty)
    }

    pub(super) fn not_json(message: &str) -> Self {
        Self::new(message, Reason::NotJson)
    }

    pub(super) fn kind(message: &str, path: &str) -> Self {
        Self::new(message, Reason::Kind(path.to_string()))
    }

    pub(super) fn value(message: &str, path: &str) -> Self {
        Self::new(message, Reason::Value(path.to_string()))
    }

    pub(super) fn base64(message: &str, path: &str) -> Self {
        Self::new(message, Reason::Base64(path.to_string()))
    }

    pub(super) fn absent(message: &str, path: &str) -> Self {
        Self::new(message, Reason::Absent(path.to_string()))
    }

    pub(super) fn not_in_enum(message: &str, path: &str) -> Self {
        Self::new(message, Reason::Enum(path.to_string()))
    }

    pub(super) fn overfull(message: &str, path: &str) -> Self {
        Self::new(message, Reason::Overfull(path.to_string()))
    }

    /// Name of the message, below the package.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether there was no text at all.
    #[must_use]
    pub fn is_empty_text(&self) -> bool {
        self.reason == Reason::Empty
    }

    /// The member whose text, number or boolean stands for no value of its own kind, when that is what is wrong.
    #[must_use]
    pub fn not_converted(&self) -> Option<&str> {
        match &self.reason {
            Reason::Value(path) => Some(path),
            _ => None,
        }
    }

    /// The member that is not Base64, when that is what is wrong.
    #[must_use]
    pub fn not_base64(&self) -> Option<&str> {
        match &self.reason {
            Reason::Base64(path) => Some(path),
            _ => None,
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.message;
        match &self.reason {
            Reason::Unknown => write!(f, "no message is called {name}"),
            Reason::Malformed => write!(f, "the bytes are not a {name}"),
            Reason::Empty => write!(f, "there is no text to read a {name} from"),
            Reason::NotJson => write!(f, "the text is not a JSON object to read a {name} from"),
            Reason::Kind(path) | Reason::Value(path) => {
                write!(f, "{name}: {path} has the wrong kind of value")
            }
            Reason::Base64(path) => write!(f, "{name}: {path} is not Base64"),
            Reason::Absent(path) => write!(f, "{name}: {path} is required and absent"),
            Reason::Enum(path) => write!(f, "{name}: {path} is a number outside its enum"),
            Reason::Overfull(path) => write!(
                f,
                "{name}: {path} is one element too many for the length of the text: they are empty or nearly so"
            ),
        }
    }
}

impl std::error::Error for JsonError {}
