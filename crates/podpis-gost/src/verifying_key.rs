//! A public key, read from what certificates hold, and the check of values under it.
//!
//! **Invariant:** a [`VerifyingKey`] exists only of a point that was checked as RFC 7091, 5.2 wants it.

use alloc::sync::Arc;
use core::fmt;

use der::asn1::{BitString, OctetStringRef};
use der::{Decode, Document, Encode};
use signature::hazmat::PrehashVerifier;
use spki::{EncodePublicKey, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};

use crate::algorithm::Algorithm;
use crate::checked_point::CheckedPoint;
use crate::key_error::KeyError;
use crate::key_parameters::KeyParameters;
use crate::param_set::ParamSet;
use crate::signature_value::Signature;

/// A checked public key. Cloning is cheap.
#[derive(Clone)]
pub struct VerifyingKey {
    parameters: KeyParameters,
    coordinates: Arc<[u8]>,
    point: Arc<dyn CheckedPoint>,
}

impl VerifyingKey {
    /// Reads the key of a SubjectPublicKeyInfo (RFC 4491, 2.3.2; RFC 9215, 4.3).
    ///
    /// Of the algorithm's parameters only `publicKeyParamSet` counts; what stands behind it is ignored.
    ///
    /// # Errors
    ///
    /// [`KeyError::is_unsupported`] tells a key that this crate cannot judge from one that is broken.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let parameters = KeyParameters::read(&info.algorithm)?;
        let bits = info
            .subject_public_key
            .as_bytes()
            .ok_or(KeyError::Malformed)?;
        let key = OctetStringRef::from_der(bits).map_err(|_| KeyError::Malformed)?;
        Self::check(parameters, key.as_bytes())
    }

    /// The key whose x and y, both little-endian, stand one after the other: 64 or 128 bytes.
    ///
    /// # Errors
    ///
    /// The set is not one for keys of that size, or the point is not one that a key can have.
    pub fn from_coordinates(
        algorithm: Algorithm,
        set: ParamSet,
        coordinates: &[u8],
    ) -> Result<Self, KeyError> {
        Self::check(KeyParameters::new(algorithm, set)?, coordinates)
    }

    fn check(parameters: KeyParameters, coordinates: &[u8]) -> Result<Self, KeyError> {
        Ok(Self {
            parameters,
            point: parameters.set().curve().check(coordinates)?,
            coordinates: coordinates.into(),
        })
    }

    /// Whether `value` is right for `digest` under this key.
    ///
    /// `digest` is as the digest function of the [algorithm](Self::algorithm) gives it, and `value` is s, then r, both
    /// big-endian, as CMS and X.509 have it (RFC 4490, 3.2; RFC 9215, 2). Whatever has another length is not right.
    ///
    /// The time that this takes depends on the values, which are no secrets.
    #[must_use]
    pub fn verify(&self, digest: &[u8], value: &[u8]) -> bool {
        self.point.verify(digest, value)
    }

    /// What the key is for, and so which digest goes with it.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.parameters.algorithm()
    }

    /// The parameter set as the key named it.
    #[must_use]
    pub fn param_set(&self) -> ParamSet {
        self.parameters.set()
    }

    /// x and y, both little-endian, one after the other.
    #[must_use]
    pub fn coordinates(&self) -> &[u8] {
        &self.coordinates
    }
}

impl PrehashVerifier<Signature> for VerifyingKey {
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> signature::Result<()> {
        if self.verify(prehash, signature.as_bytes()) {
            Ok(())
        } else {
            Err(signature::Error::new())
        }
    }
}

/// Writes the key as RFC 9215, 4.2 wants it: `digestParamSet` is there for the sets of CryptoPro and left out for those of
/// TC 26, whatever stood in the key that was read.
impl EncodePublicKey for VerifyingKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        let key = OctetStringRef::new(&self.coordinates)?.to_der()?;
        let info = SubjectPublicKeyInfoOwned {
            algorithm: self.parameters.write()?,
            subject_public_key: BitString::from_bytes(&key)?,
        };
        Document::try_from(info)
    }
}

/// Keys are equal if they are the same point of the same set for the same algorithm.
impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.parameters == other.parameters && self.coordinates == other.coordinates
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm())
            .field("param_set", &self.param_set())
            .field("coordinates", &self.coordinates)
            .finish()
    }
}
