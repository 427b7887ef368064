//! Documents of a message in Diadoc that are signed and get their signatures attached.
//!
//! | module | decides |
//! |---|---|
//! | `ask` | what can be asked, in a form that is noted and asked again |
//! | `delivery` | what becomes of the signatures |
//!
//! **Invariant:** a signature that is attached is a file too, and one that could not be attached is a file all the more.

mod ask;
mod delivery;

pub(crate) use ask::{AttachAsk, AttachMethod};
pub(crate) use delivery::deliver;
