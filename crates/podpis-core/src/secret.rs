//! Values that may never be printed.
//!
//! **Invariant:** `Debug` of these types shows the type's name only, there is no `Display`, and the memory is
//! wiped when they are dropped.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
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

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret! {
    /// A person's password.
    Password
}

secret! {
    /// A token of login: whoever has it acts as the person until it expires.
    Token
}

secret! {
    /// The key that names a program to a service, for example `ddauth_api_client_id`.
    ApiClientId
}

secret! {
    /// The code that a person got by SMS.
    ConfirmationCode
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let code = ConfirmationCode::new("739155");
        assert_eq!(format!("{code:?}"), "ConfirmationCode([redacted])");
        assert_eq!(code.expose(), "739155");
    }
}
