//! Logins that outlive the program.
//!
//! | module | decides |
//! |---|---|
//! | `kept` | what is kept of a login |
//! | `place`, `key_ring` | where |
//! | `renewal` | how it stays good, for several programs at once |
//! | `provider` | which identity service is asked, and as which program |
//! | `browser` | how a browser comes back |
//!
//! **Invariant:** a login is sent to the address that it was made for and to the identity service that gave it, and to nobody
//! else; its secrets are in the key ring or in one file of the user's, and nowhere else.

mod browser;
mod kept;
#[cfg(feature = "key-ring")]
mod key_ring;
mod place;
mod provider;
mod renewal;

pub(crate) use browser::Browser;
pub(crate) use kept::Kept;
pub(crate) use place::{Place, Stored};
pub(crate) use provider::{Client, provider};
pub(crate) use renewal::{Ended, Unusable, command, credentials};
