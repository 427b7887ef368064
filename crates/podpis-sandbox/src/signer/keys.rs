//! Decides which keys exist.
//!
//! **Invariant:** they are constants, for tests only, and a test makes every one of them: P-256 and RSA are from `keys/`,
//! those of GOST follow from the same names.

use std::fmt;
use std::sync::Arc;

use const_oid::db::rfc5912;
use der::asn1::Null;
use p256::pkcs8::DecodePrivateKey as _;
use podpis_gost::ParamSet;
use sha2::Sha256;
use signature::SignatureEncoding as _;
use signature::hazmat::PrehashSigner as _;
use spki::{AlgorithmIdentifierOwned, EncodePublicKey as _, SubjectPublicKeyInfoOwned};

use super::gost_key::{self, GostKey};
use super::{Hash, Signed};
use crate::options::Signatures;

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

            /// As its file is called.
            fn label(self) -> &'static str {
                match self {
                    $(Self::$Name => $file,)*
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
    TimeStamps "tsa",
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
    Gost(Arc<GostKey>),
}

impl Key {
    /// The key of this name in a world of such signatures. What has to decrypt is RSA in all of them.
    ///
    /// # Panics
    /// Never: the keys are constants, and a test makes all of them.
    pub(crate) fn named(name: KeyName, signatures: Signatures) -> Self {
        match (name, signatures) {
            (
                KeyName::Archivist
                | KeyName::DiadocArchivistDss
                | KeyName::ExternDssRsa
                | KeyName::ExternSmsRsa,
                _,
            ) => Self::Rsa(Box::new(
                rsa::pkcs1v15::SigningKey::from_pkcs8_pem(name.pem())
                    .expect("the committed RSA key is valid"),
            )),
            (_, Signatures::Ecdsa) => Self::Ecdsa(
                p256::ecdsa::SigningKey::from_pkcs8_pem(name.pem())
                    .expect("the committed P-256 key is valid"),
            ),
            // Authorities and people of CryptoPro name one curve in two ways.
            (KeyName::Authority | KeyName::ForeignAuthority | KeyName::TimeStamps, _) => {
                Self::gost(name.label(), ParamSet::CryptoProA)
            }
            (_, Signatures::Gost) => Self::gost(name.label(), ParamSet::CryptoProXchA),
        }
    }

    /// The key of the authority below the root, which only worlds of GOST have.
    ///
    /// # Panics
    /// Never, as [`named`](Self::named).
    pub(super) fn issuing() -> Self {
        Self::gost("issuing-ca", ParamSet::CryptoProA)
    }

    fn gost(label: &str, set: ParamSet) -> Self {
        let key = GostKey::of(label, set).expect("the number of a constant name makes a key");
        Self::Gost(Arc::new(key))
    }

    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Self::Ecdsa(_) => "ecdsa",
            Self::Rsa(_) => "rsa",
            Self::Gost(_) => "gost",
        }
    }

    /// The digest that goes with it.
    pub(crate) fn hash(&self) -> Hash {
        match self {
            Self::Ecdsa(_) | Self::Rsa(_) => Hash::Sha256,
            Self::Gost(_) => Hash::Streebog256,
        }
    }

    /// The value of a signature over these bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> Signed<Vec<u8>> {
        Ok(self.value(&self.hash().digest(bytes))?)
    }

    /// The value of a signature over what has this digest.
    pub(super) fn value(&self, digest: &[u8]) -> signature::Result<Vec<u8>> {
        Ok(match self {
            Self::Ecdsa(key) => {
                let value: p256::ecdsa::Signature = key.sign_prehash(digest)?;
                value.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => key.sign_prehash(digest)?.to_vec(),
            Self::Gost(key) => key.value(digest)?,
        })
    }

    /// How certificates and lists name what it signs with.
    pub(super) fn signature_algorithm(&self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            Self::Ecdsa(_) => (rfc5912::ECDSA_WITH_SHA_256, None),
            Self::Rsa(_) => (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Some(Null.into())),
            Self::Gost(_) => (gost_key::WITH_STREEBOG_256, None),
        };
        AlgorithmIdentifierOwned { oid, parameters }
    }

    /// How signatures name it: CryptoPro writes the algorithm of the key there, with its parameters.
    pub(super) fn algorithm_in_signatures(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        match self {
            Self::Ecdsa(_) | Self::Rsa(_) => Ok(self.signature_algorithm()),
            Self::Gost(_) => Ok(self.public()?.algorithm),
        }
    }

    pub(crate) fn public(&self) -> spki::Result<SubjectPublicKeyInfoOwned> {
        use signature::Keypair as _;
        let document = match self {
            Self::Ecdsa(key) => key.verifying_key().to_public_key_der()?,
            Self::Rsa(key) => key.verifying_key().to_public_key_der()?,
            Self::Gost(key) => key.public().to_public_key_der()?,
        };
        SubjectPublicKeyInfoOwned::try_from(document.as_bytes())
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
    use crate::options::Signatures;

    #[test]
    fn every_key_can_be_made() {
        for signatures in [Signatures::Ecdsa, Signatures::Gost] {
            for &name in KeyName::ALL {
                let key = Key::named(name, signatures);
                assert!(key.public().is_ok(), "{name:?}");
            }
        }
        assert_eq!(Key::issuing().algorithm(), "gost");
    }
}
