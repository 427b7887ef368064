//! Which fields of a message Diadoc marks `required`, as data; without those of answers that nothing here
//! depends on, as a server that leaves them out is only older or newer than our schema. And which lists it has.
//!
//! **Invariant:** the tables are written by `cargo xtask codegen` from the descriptors, never by hand.

use core::fmt;

use crate::lists::Listed;

/// A message type whose required fields are known, so that [`decode_checked`](crate::decode_checked) can
/// look for them. Implemented for every message of this crate.
pub trait Checked: prost::Message + Default + fmt::Debug {
    /// The required fields of this message and of the messages inside it.
    const REQUIRED: &'static RequiredFields;

    /// Whether each required field that must be on the wire, here and in the messages inside, has a value that no absent
    /// one is read as. `false` says nothing: a value may be the default and be there.
    fn shows_all_required(&self) -> bool;
}

/// The required fields of one message.
#[derive(Debug)]
pub struct RequiredFields {
    pub(crate) message: &'static str,
    pub(crate) fields: &'static [RequiredField],
    pub(crate) nested: &'static [Nested],
    pub(crate) lists: &'static [Listed],
}

impl RequiredFields {
    /// Full name of the message, for example `Diadoc.Api.Proto.DocumentId`.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        self.message
    }

    /// The required fields of the message itself that must be on the wire, by ascending number. Those of the
    /// messages inside it are in their own tables.
    #[must_use]
    pub const fn fields(&self) -> &'static [RequiredField] {
        self.fields
    }
}

/// One required field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredField {
    pub(crate) tag: u32,
    pub(crate) name: &'static str,
}

impl RequiredField {
    /// Field number.
    #[must_use]
    pub const fn tag(self) -> u32 {
        self.tag
    }

    /// Name as in the `.proto` file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

/// A field that holds a message in which, at any depth, something is required. Fields whose messages require
/// nothing are not listed, so their content is skipped, not scanned.
pub(crate) struct Nested {
    pub(crate) tag: u32,
    pub(crate) name: &'static str,
    /// Each occurrence of a repeated field is a message of its own; those of a singular field are merged.
    pub(crate) repeated: bool,
    pub(crate) fields: &'static RequiredFields,
}

impl fmt::Debug for Nested {
    /// Names the table instead of printing it: a recursive message has a table that contains itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}: {}", self.name, self.tag, self.fields.message)
    }
}
