//! What generated `Debug` implementations show in place of content and secrets.
//!
//! **Invariant:** bytes are shown by their number, secret text not even by its length; whether an optional
//! field is set stays visible.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use prost::bytes::Bytes;

/// Prints a field without its content.
pub(crate) struct Hidden<'a, T>(pub(crate) &'a T);

impl<T: Hide> fmt::Debug for Hidden<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hide(f)
    }
}

/// A field type that can be shown without its content.
pub(crate) trait Hide {
    /// Writes what may be known about the value.
    fn hide(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl Hide for Bytes {
    fn hide(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Hide for String {
    fn hide(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("redacted")
    }
}

impl<T: Hide> Hide for Option<T> {
    fn hide(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_ref().map(Hidden), f)
    }
}

impl<T: Hide> Hide for Vec<T> {
    fn hide(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Hidden)).finish()
    }
}
