//! Signing, for tests and for emulators of services that sign.
//!
//! **Invariant:** a nonce is drawn anew for every value, and neither it nor the key decides which way the code goes or
//! what memory it reads. That the compiler keeps it so was not proven: do not sign with keys that are worth something.

mod private_key_info;
mod projective;
mod signing_key;
mod value;

pub use signing_key::SigningKey;
pub(crate) use value::{public_coordinates, sign};
