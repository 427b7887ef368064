//! Decides which keys exist.
//!
//! **Invariant:** they are constants from `keys/`, for tests only, and a test parses every one of them.

use std::fmt;

use p256::pkcs8::DecodePrivateKey as _;
use sha2::Sha256;
use spki::{EncodePublicKey as _, SubjectPublicKeyInfoOwned};

/// The committed keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyName {
    Authority,
    Director,
    DirectorExpired,
    Accountant,
    Archivist,
    Stranger,
    ForeignAuthority,
    ExternDss,
    ExternDssRsa,
    ExternSms,
    ExternSmsRsa,
    ExternExpired,
    ExternUnqualified,
    ExternIron,
    ExternForeign,
    ExternColleague,
    DiadocDss,
    DiadocDssShort,
    DiadocDssExpired,
    DiadocDssFuture,
    DiadocDssKeyExpired,
    DiadocToken,
    DiadocTokenDss,
    DiadocGoskey,
    DiadocUnknownType,
    DiadocAccountantDss,
    DiadocArchivistDss,
}

impl KeyName {
    #[cfg(test)]
    const ALL: [Self; 27] = [
        Self::Authority,
        Self::Director,
        Self::DirectorExpired,
        Self::Accountant,
        Self::Archivist,
        Self::Stranger,
        Self::ForeignAuthority,
        Self::ExternDss,
        Self::ExternDssRsa,
        Self::ExternSms,
        Self::ExternSmsRsa,
        Self::ExternExpired,
        Self::ExternUnqualified,
        Self::ExternIron,
        Self::ExternForeign,
        Self::ExternColleague,
        Self::DiadocDss,
        Self::DiadocDssShort,
        Self::DiadocDssExpired,
        Self::DiadocDssFuture,
        Self::DiadocDssKeyExpired,
        Self::DiadocToken,
        Self::DiadocTokenDss,
        Self::DiadocGoskey,
        Self::DiadocUnknownType,
        Self::DiadocAccountantDss,
        Self::DiadocArchivistDss,
    ];

    fn pem(self) -> &'static str {
        match self {
            Self::Authority => include_str!("../../keys/ca.pem"),
            Self::Director => include_str!("../../keys/director.pem"),
            Self::DirectorExpired => include_str!("../../keys/director-expired.pem"),
            Self::Accountant => include_str!("../../keys/accountant.pem"),
            Self::Archivist => include_str!("../../keys/archivist.pem"),
            Self::Stranger => include_str!("../../keys/stranger.pem"),
            Self::ForeignAuthority => include_str!("../../keys/foreign-ca.pem"),
            Self::ExternDss => include_str!("../../keys/extern-dss.pem"),
            Self::ExternDssRsa => include_str!("../../keys/extern-dss-rsa.pem"),
            Self::ExternSms => include_str!("../../keys/extern-sms.pem"),
            Self::ExternSmsRsa => include_str!("../../keys/extern-sms-rsa.pem"),
            Self::ExternExpired => include_str!("../../keys/extern-expired.pem"),
            Self::ExternUnqualified => include_str!("../../keys/extern-unqualified.pem"),
            Self::ExternIron => include_str!("../../keys/extern-iron.pem"),
            Self::ExternForeign => include_str!("../../keys/extern-foreign.pem"),
            Self::ExternColleague => include_str!("../../keys/extern-colleague.pem"),
            Self::DiadocDss => include_str!("../../keys/diadoc-dss.pem"),
            Self::DiadocDssShort => include_str!("../../keys/diadoc-dss-short.pem"),
            Self::DiadocDssExpired => include_str!("../../keys/diadoc-dss-expired.pem"),
            Self::DiadocDssFuture => include_str!("../../keys/diadoc-dss-future.pem"),
            Self::DiadocDssKeyExpired => include_str!("../../keys/diadoc-dss-key-expired.pem"),
            Self::DiadocToken => include_str!("../../keys/diadoc-token.pem"),
            Self::DiadocTokenDss => include_str!("../../keys/diadoc-token-dss.pem"),
            Self::DiadocGoskey => include_str!("../../keys/diadoc-goskey.pem"),
            Self::DiadocUnknownType => include_str!("../../keys/diadoc-unknown-type.pem"),
            Self::DiadocAccountantDss => include_str!("../../keys/diadoc-accountant-dss.pem"),
            Self::DiadocArchivistDss => include_str!("../../keys/diadoc-archivist-dss.pem"),
        }
    }
}

/// A private key.
#[derive(Clone)]
pub(crate) enum Key {
    Ecdsa(p256::ecdsa::SigningKey),
    Rsa(Box<rsa::pkcs1v15::SigningKey<Sha256>>),
}

impl Key {
    /// # Panics
    /// Never: the keys are constants, and a test parses all of them.
    pub(crate) fn named(name: KeyName) -> Self {
        match name {
            KeyName::Archivist
            | KeyName::DiadocArchivistDss
            | KeyName::ExternDssRsa
            | KeyName::ExternSmsRsa => Self::Rsa(Box::new(
                rsa::pkcs1v15::SigningKey::from_pkcs8_pem(name.pem())
                    .expect("the committed RSA key is valid"),
            )),
            _ => Self::Ecdsa(
                p256::ecdsa::SigningKey::from_pkcs8_pem(name.pem())
                    .expect("the committed P-256 key is valid"),
            ),
        }
    }

    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Self::Ecdsa(_) => "ecdsa",
            Self::Rsa(_) => "rsa",
        }
    }

    pub(crate) fn public(&self) -> spki::Result<SubjectPublicKeyInfoOwned> {
        use signature::Keypair as _;
        match self {
            Self::Ecdsa(key) => SubjectPublicKeyInfoOwned::from_key(*key.verifying_key()),
            Self::Rsa(key) => {
                let document = key.verifying_key().to_public_key_der()?;
                Ok(SubjectPublicKeyInfoOwned::try_from(document.as_bytes())?)
            }
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.algorithm())
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyName};

    #[test]
    fn every_committed_key_parses() {
        for name in KeyName::ALL {
            assert!(Key::named(name).public().is_ok(), "{name:?}");
        }
    }
}
