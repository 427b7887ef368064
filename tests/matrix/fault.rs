//! What may go wrong with an exchange.

use std::fmt;

/// One way in which an exchange goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nobody listens there.
    Refused,
    /// The connection is closed before the request is read.
    ClosedBefore,
    /// The request is read, and the connection is closed.
    ClosedAfter,
    /// The request is read, and nothing comes.
    Silent,
    /// A status and a part of the headers come, and then nothing.
    SlowHead,
    /// A part of the body comes, and then nothing.
    SlowBody,
    /// A part of the body comes, and the connection is reset.
    Reset,
    /// A body without an end.
    Endless,
    /// Fewer bytes than were promised.
    TooShort,
    /// What comes is no HTTP.
    NoHttp,
    /// A status, with the headers that go with it.
    Status(u16, &'static [(&'static str, &'static str)]),
    /// A success with this body, of the type that the headers name.
    Body(&'static [(&'static str, &'static str)], &'static [u8]),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = match self {
            Self::Status(status, headers) => {
                write!(f, "{status}")?;
                headers
            }
            Self::Body(headers, body) => {
                write!(f, "200 `{}`", body.escape_ascii())?;
                headers
            }
            other => return write!(f, "{other:?}"),
        };
        for (name, value) in *headers {
            write!(f, ", {name}: {value}")?;
        }
        Ok(())
    }
}
