//! The secret of a program.
//!
//! **Invariant:** as every secret: `Debug` shows the type's name only, and the memory is wiped on drop.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// The secret that a program proves itself with to the identity service; Kontur calls it the api-key.
#[derive(Clone)]
pub struct ClientSecret(SecretString);

impl ClientSecret {
    /// Takes the value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(SecretString::from(value.into()))
    }

    /// Gives the value out. Keep it out of logs and of error texts.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret([redacted])")
    }
}
