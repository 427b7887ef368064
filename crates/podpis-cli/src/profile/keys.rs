//! What a profile can set, and which variable that stands in for.
//!
//! **Invariant:** no key is a secret, and whatever sounds like one is refused as that.

use clap::ValueEnum;

use crate::environment::{
    BASE_URL, BOX, EXTERN_ACCOUNT, EXTERN_BASE_URL, EXTERN_CLIENT_ID, EXTERN_IDENTITY_URL,
    IDENTITY_URL,
};

/// A service, as arguments and settings name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServiceName {
    /// Diadoc
    Diadoc,
    /// Kontur.Extern
    Extern,
}

impl ServiceName {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Diadoc, Self::Extern];

    /// The word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Diadoc => "diadoc",
            Self::Extern => "extern",
        }
    }
}

/// Something that a profile can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(super) service: ServiceName,
    pub(super) name: &'static str,
    /// What it stands in for.
    pub(super) variable: &'static str,
}

impl Key {
    const fn diadoc(name: &'static str, variable: &'static str) -> Self {
        Self {
            service: ServiceName::Diadoc,
            name,
            variable,
        }
    }

    const fn of_extern(name: &'static str, variable: &'static str) -> Self {
        Self {
            service: ServiceName::Extern,
            name,
            variable,
        }
    }

    /// The key of this name.
    pub(super) fn find(service: ServiceName, name: &str) -> Option<Self> {
        let mut keys = KEYS.into_iter();
        keys.find(|key| key.service == service && key.name == name)
    }
}

/// Diadoc's client id is the developer's key and no key here; that of Extern is a name.
const KEYS: [Key; 7] = [
    Key::diadoc("base_url", BASE_URL),
    Key::diadoc("identity_url", IDENTITY_URL),
    Key::diadoc("box", BOX),
    Key::of_extern("base_url", EXTERN_BASE_URL),
    Key::of_extern("identity_url", EXTERN_IDENTITY_URL),
    Key::of_extern("client_id", EXTERN_CLIENT_ID),
    Key::of_extern("account", EXTERN_ACCOUNT),
];

/// Whether a key is, by its name, a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    let parts = [
        "password",
        "passwd",
        "secret",
        "token",
        "key",
        "пароль",
        "ключ",
    ];
    // Extern's own `client_id` was found before this is asked.
    matches!(&*name, "client_id" | "sid" | "auth_sid")
        || parts.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_like_a_secret_is_none_of_the_keys() {
        for name in [
            "password",
            "api-key",
            "API_KEY",
            "refresh_token",
            "client_secret",
            "sid",
        ] {
            assert!(is_secret(name), "{name}");
            for service in ServiceName::ALL {
                assert_eq!(Key::find(service, name), None, "{name}");
            }
        }
        for name in ["base_url", "box", "account", "colour"] {
            assert!(!is_secret(name), "{name}");
        }
        assert_eq!(Key::find(ServiceName::Diadoc, "client_id"), None);
        assert!(is_secret("client_id"));
    }
}
