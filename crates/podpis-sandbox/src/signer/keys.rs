//! Decides which keys exist.
//!
//! **Invariant:** they are constants from `keys/`, for tests only, and a test parses every one of them.

use std::fmt;

use p256::pkcs8::DecodePrivateKey as _;
use sha2::Sha256;
use signature::SignatureEncoding as _;
use signature::hazmat::PrehashSigner as _;
use spki::{EncodePublicKey as _, SubjectPublicKeyInfoOwned};

/// The committed keys, with the names of their files.
macro_rules! keys {
    ($($Name:ident $file:literal,)*) => {
        /// A committed key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum KeyName {
            $($Name,)*
        }

        impl KeyName {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$Name,)*];

            fn pem(self) -> &'static str {
                match self {
                    $(Self::$Name => include_str!(concat!("../../keys/", $file, ".pem")),)*
                }
            }
        }
    };
}

keys! {
    Authority "ca",
    Director "director",
    DirectorExpired "director-expired",
    Accountant "accountant",
    Archivist "archivist",
    Stranger "stranger",
    ForeignAuthority "foreign-ca",
    ExternDss "extern-dss",
    ExternDssRsa "extern-dss-rsa",
    ExternSms "extern-sms",
    ExternSmsRsa "extern-sms-rsa",
    ExternExpired "extern-expired",
    ExternUnqualified "extern-unqualified",
    ExternIron "extern-iron",
    ExternForeign "extern-foreign",
    ExternColleague "extern-colleague",
    DiadocDss "diadoc-dss",
    DiadocDssShort "diadoc-dss-short",
    DiadocDssExpired "diadoc-dss-expired",
    DiadocDssFuture "diadoc-dss-future",
    DiadocDssKeyExpired "diadoc-dss-key-expired",
    DiadocToken "diadoc-token",
    DiadocTokenDss "diadoc-token-dss",
    DiadocGoskey "diadoc-goskey",
    DiadocUnknownType "diadoc-unknown-type",
    DiadocAccountantDss "diadoc-accountant-dss",
    DiadocArchivistDss "diadoc-archivist-dss",
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

    /// The value of a signature over what has this digest.
    pub(super) fn value(&self, digest: &[u8]) -> signature::Result<Vec<u8>> {
        Ok(match self {
            Self::Ecdsa(key) => {
                let value: p256::ecdsa::Signature = key.sign_prehash(digest)?;
                value.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => key.sign_prehash(digest)?.to_vec(),
        })
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
        for &name in KeyName::ALL {
            assert!(Key::named(name).public().is_ok(), "{name:?}");
        }
    }
}
