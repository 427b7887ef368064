//! Decides what a signature is that names another digest than SHA-256.
//!
//! **Invariant:** its value is right for its attributes: SHA-1 where that is named, SHA-256 for every other name,
//! because nobody computes those.

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5911, rfc5912};
use der::Encode as _;
use der::asn1::{Any, OctetString, SetOfVec};
use rsa::pkcs1v15;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use signature::SignatureEncoding as _;
use signature::hazmat::PrehashSigner as _;
use spki::AlgorithmIdentifierOwned;

use super::built::change_data;
use super::{Identity, Key, SignError};

const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// A signature of this identity, made anew as one with another digest algorithm.
pub(crate) fn with_digest(
    signature: &[u8],
    identity: &Identity,
    name: ObjectIdentifier,
    message_digest: &[u8],
) -> Result<Vec<u8>, SignError> {
    let algorithm = AlgorithmIdentifierOwned {
        oid: name,
        parameters: None,
    };
    let is_sha1 = name == rfc5912::ID_SHA_1;
    change_data(signature, |data, info| {
        data.digest_algorithms = SetOfVec::try_from(vec![algorithm.clone()])?;
        info.digest_alg = algorithm;
        let to_sign = match info.signed_attrs.take() {
            None => message_digest.to_vec(),
            Some(attributes) => {
                let mut attributes = attributes.into_vec();
                for attribute in &mut attributes {
                    if attribute.oid == rfc5911::ID_MESSAGE_DIGEST {
                        let value = Any::encode_from(&OctetString::new(message_digest)?)?;
                        attribute.values = SetOfVec::try_from(vec![value])?;
                    }
                }
                let attributes = SetOfVec::try_from(attributes)?;
                let signed = attributes.to_der()?;
                info.signed_attrs = Some(attributes);
                if is_sha1 {
                    Sha1::digest(signed).to_vec()
                } else {
                    Sha256::digest(signed).to_vec()
                }
            }
        };
        let value = match &identity.key {
            Key::Rsa(key) if is_sha1 => {
                info.signature_algorithm.oid = rfc5912::SHA_1_WITH_RSA_ENCRYPTION;
                let private: &rsa::RsaPrivateKey = key.as_ref().as_ref();
                let key = pkcs1v15::SigningKey::<Sha1>::new(private.clone());
                key.sign_prehash(&to_sign)?.to_vec()
            }
            key => {
                if is_sha1 {
                    info.signature_algorithm.oid = ECDSA_WITH_SHA_1;
                }
                key.value(&to_sign)?
            }
        };
        info.signature = OctetString::new(value)?;
        Ok(())
    })
}
