//! A private key.
//!
//! **Invariant:** its number is above 0 and below q, and its bytes are wiped when it is dropped.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use signature::hazmat::RandomizedPrehashSigner;
use signature::rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use super::private_key_info;
use crate::algorithm::Algorithm;
use crate::key_error::KeyError;
use crate::param_set::ParamSet;
use crate::signature_value::Signature;
use crate::verifying_key::VerifyingKey;

/// A sound generator never needs a second draw; one that only gives zeros must not be asked for ever.
const DRAWS: usize = 16;

/// A private key, for tests and for emulators of services that sign.
///
/// It signs by [`RandomizedPrehashSigner`] alone: no standard says how a nonce follows from a digest, and two values
/// with one nonce give the key away.
///
/// The arithmetic takes the same steps whatever the key is. That was not proven of the compiled code, so keys that are
/// worth something belong into a program that was.
///
/// ```
/// use podpis_gost::signature::hazmat::RandomizedPrehashSigner;
/// use podpis_gost::signature::rand_core::OsRng;
/// use podpis_gost::{Algorithm, ParamSet, SigningKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let number = [7; 32];
/// let key = SigningKey::from_scalar(Algorithm::Gost2012With256, ParamSet::Tc26A256, &number)?;
/// let digest = [1; 32];
///
/// let value = key.sign_prehash_with_rng(&mut OsRng, &digest)?;
///
/// assert!(key.verifying_key().verify(&digest, value.as_bytes()));
/// # Ok(())
/// # }
/// ```
pub struct SigningKey {
    /// Little-endian.
    scalar: Zeroizing<Vec<u8>>,
    verifying_key: VerifyingKey,
}

impl SigningKey {
    /// Reads a PKCS #8 PrivateKeyInfo whose key is the bare number in little-endian bytes, as OpenSSL writes it, or an
    /// OCTET STRING of these bytes, as BouncyCastle writes it.
    ///
    /// # Errors
    ///
    /// [`KeyError::is_unsupported`] tells a key that this crate cannot use from one that is broken. Masked keys and
    /// keys in an INTEGER are of the first kind.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let (parameters, scalar) = private_key_info::read(der)?;
        Self::from_scalar(parameters.algorithm(), parameters.set(), scalar)
    }

    /// The key with that number, in 32 or 64 bytes, little-endian.
    ///
    /// # Errors
    ///
    /// The set is not one for keys of that size, or the number is zero or not below q.
    pub fn from_scalar(
        algorithm: Algorithm,
        set: ParamSet,
        scalar: &[u8],
    ) -> Result<Self, KeyError> {
        let coordinates = set.curve().public_coordinates(scalar)?;
        Ok(Self {
            verifying_key: VerifyingKey::from_coordinates(algorithm, set, &coordinates)?,
            scalar: Zeroizing::new(scalar.to_vec()),
        })
    }

    /// The key with which others check its values.
    #[must_use]
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying_key
    }
}

/// Fails for a digest that is not as long as the key's numbers, and for a generator that fails or gives nothing but
/// zeros.
impl RandomizedPrehashSigner<Signature> for SigningKey {
    fn sign_prehash_with_rng(
        &self,
        rng: &mut impl CryptoRngCore,
        prehash: &[u8],
    ) -> signature::Result<Signature> {
        let curve = self.verifying_key.param_set().curve();
        let mut random = Zeroizing::new(vec![0; 2 * curve.size()]);
        for _ in 0..DRAWS {
            rng.try_fill_bytes(&mut random)
                .map_err(|_| signature::Error::new())?;
            if let Some(value) = curve.sign(&self.scalar, prehash, &random) {
                return Signature::try_from(value.as_slice());
            }
        }
        Err(signature::Error::new())
    }
}

impl fmt::Debug for SigningKey {
    /// The number is left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("verifying_key", &self.verifying_key)
            .finish_non_exhaustive()
    }
}
