//! Decides what a key of GOST R 34.10-2012 with 256 bits is here: a number that follows from a name.
//!
//! **Invariant:** a nonce follows from the number and the digest, so the same request gives the same bytes, and no two
//! digests share one.

use const_oid::ObjectIdentifier;
use podpis_gost::signature::hazmat::RandomizedPrehashSigner as _;
use podpis_gost::{Algorithm, KeyError, ParamSet, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::stream::Stream;

/// GOST R 34.10-2012 with Streebog of 256 bits, as certificates and lists name it.
pub(super) const WITH_STREEBOG_256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2");

/// The same as public keys name it.
pub(super) const ALGORITHM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");

/// A private key.
pub(crate) struct GostKey {
    key: SigningKey,
    number: [u8; 32],
}

impl GostKey {
    pub(super) fn of(label: &str, set: ParamSet) -> Result<Self, KeyError> {
        let number: [u8; 32] = Sha256::digest(format!("podpis-sandbox {label}")).into();
        Ok(Self {
            key: SigningKey::from_scalar(Algorithm::Gost2012With256, set, &number)?,
            number,
        })
    }

    pub(super) fn public(&self) -> &VerifyingKey {
        self.key.verifying_key()
    }

    /// A digest of another length than Streebog's, which only faults bring, is filled up with zeros or cut.
    pub(super) fn value(&self, digest: &[u8]) -> signature::Result<Vec<u8>> {
        let mut whole = digest.to_vec();
        whole.resize(self.number.len(), 0);
        let mut stream = Stream::of([self.number.as_slice(), &whole].concat());
        let value = self.key.sign_prehash_with_rng(&mut stream, &whole)?;
        Ok(value.as_bytes().to_vec())
    }
}
