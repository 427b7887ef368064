//! Why bytes could not be read as a message.
//!
//! **Invariant:** `Display` names the message and the field from our own tables; it never prints anything
//! that came from the bytes.

use alloc::string::String;
use core::fmt;

/// The bytes are not the message they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    message: &'static str,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Not protobuf, truncated, or of another shape.
    Malformed(prost::DecodeError),
    /// Well-formed, but the field at this path is absent.
    MissingField(String),
    /// The list at this path has too many elements for the length of the message.
    OverfullList(String),
}

impl DecodeError {
    pub(crate) const fn malformed(message: &'static str, cause: prost::DecodeError) -> Self {
        Self {
            message,
            kind: Kind::Malformed(cause),
        }
    }

    pub(crate) const fn missing_field(message: &'static str, path: String) -> Self {
        Self {
            message,
            kind: Kind::MissingField(path),
        }
    }

    pub(crate) const fn overfull_list(message: &'static str, path: String) -> Self {
        Self {
            message,
            kind: Kind::OverfullList(path),
        }
    }

    /// Full name of the message that was being read, for example `Diadoc.Api.Proto.CloudSignConfirmResult`.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// Path of the required field that is absent, for example `Signatures[0].DocumentId.MessageId`. `None` when
    /// something else is wrong.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        match &self.kind {
            Kind::MissingField(path) => Some(path),
            Kind::Malformed(_) | Kind::OverfullList(_) => None,
        }
    }

    /// Path of the list whose elements are empty or nearly so, and so many that they would take far more memory than
    /// the bytes; for example `Events.Message.Entities`. `None` when something else is wrong.
    #[must_use]
    pub fn overfull(&self) -> Option<&str> {
        match &self.kind {
            Kind::OverfullList(path) => Some(path),
            Kind::Malformed(_) | Kind::MissingField(_) => None,
        }
    }

    /// Whether the bytes are not protobuf, are truncated, or have another shape. The alternatives are a
    /// well-formed message that lacks a required field, and one whose lists are [overfull](Self::overfull).
    #[must_use]
    pub const fn is_malformed(&self) -> bool {
        matches!(self.kind, Kind::Malformed(_))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Malformed(_) => write!(f, "the bytes are not a {} message", self.message),
            Kind::MissingField(path) => {
                write!(f, "{} lacks its required field {path}", self.message)
            }
            Kind::OverfullList(path) => write!(
                f,
                "{} has too many elements in {path} for its length: they are empty or nearly so",
                self.message
            ),
        }
    }
}

impl core::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.kind {
            Kind::Malformed(cause) => Some(cause),
            Kind::MissingField(_) | Kind::OverfullList(_) => None,
        }
    }
}
