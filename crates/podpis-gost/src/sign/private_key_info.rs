//! A private key in PKCS #8, in the two forms in which programs write it.
//!
//! **Invariant:** what is not one of the two forms is never taken for one: the number of bytes decides.

use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use spki::AlgorithmIdentifierRef;

use crate::key_error::{KeyError, Unsupported};
use crate::key_parameters::KeyParameters;

/// What a key is for, and its number in little-endian bytes.
pub(super) fn read(der: &[u8]) -> Result<(KeyParameters, &[u8]), KeyError> {
    let (identifier, key) = fields(der).map_err(|_| KeyError::Malformed)?;
    let parameters = KeyParameters::read(&identifier)?;
    Ok((parameters, scalar(key, parameters.algorithm().size())?))
}

/// `privateKeyAlgorithm` and `privateKey`. The version and what stands behind the key say nothing that is needed.
fn fields(der: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let fields = reader.sequence(|fields| {
        let _version: u8 = fields.decode()?;
        let identifier = fields.decode()?;
        let key: OctetStringRef<'_> = fields.decode()?;
        while !fields.is_finished() {
            let _attributes: AnyRef<'_> = fields.decode()?;
        }
        Ok((identifier, key.as_bytes()))
    })?;
    reader.finish(fields)
}

/// The bare bytes (OpenSSL), or an OCTET STRING of them (BouncyCastle).
fn scalar(key: &[u8], size: usize) -> Result<&[u8], KeyError> {
    if key.len() == size {
        return Ok(key);
    }
    if let Ok(inner) = OctetStringRef::from_der(key) {
        return Ok(inner.as_bytes());
    }
    // An INTEGER is the form of old programs. More bytes than the number has are a masked key.
    let is_integer = AnyRef::from_der(key).is_ok_and(|any| any.tag() == Tag::Integer);
    if is_integer || key.len() > size {
        return Err(KeyError::Unsupported(Unsupported::PrivateKeyForm));
    }
    Err(KeyError::Length)
}
