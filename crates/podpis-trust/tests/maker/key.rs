//! Keys to sign with.

use std::rc::Rc;

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use podpis_cms::DigestAlgorithm;
use podpis_cms::tlv::{self, encode};

use super::der::{oid_element, sequence};

/// A key of any algorithm.
#[derive(Clone)]
pub(crate) struct Key {
    /// Its SubjectPublicKeyInfo.
    pub(crate) public: Vec<u8>,
    /// The AlgorithmIdentifier of the values that it makes.
    pub(crate) algorithm: Vec<u8>,
    pub(crate) digest: DigestAlgorithm,
    /// What certificates name it by.
    pub(crate) id: Vec<u8>,
    sign: Rc<dyn Fn(&[u8]) -> Vec<u8>>,
}

impl Key {
    pub(crate) fn new(
        public: Vec<u8>,
        algorithm: Vec<u8>,
        digest: DigestAlgorithm,
        sign: impl Fn(&[u8]) -> Vec<u8> + 'static,
    ) -> Self {
        Self {
            id: podpis_cms::Thumbprint::of(&public).as_bytes().to_vec(),
            public,
            algorithm,
            digest,
            sign: Rc::new(sign),
        }
    }

    /// The P-256 key of this number.
    pub(crate) fn p256(number: u16) -> Self {
        let mut scalar = [1_u8; 32];
        scalar[30..].copy_from_slice(&number.to_be_bytes());
        let key = SigningKey::from_bytes(&scalar.into()).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let kind = [
            oid_element("1.2.840.10045.2.1"),
            oid_element("1.2.840.10045.3.1.7"),
        ];
        let bits = [&[0], point.as_bytes()].concat();
        Self::new(
            sequence(&[
                &sequence(&[&kind[0], &kind[1]]),
                &encode(tlv::BIT_STRING, &bits),
            ]),
            sequence(&[&oid_element("1.2.840.10045.4.3.2")]),
            DigestAlgorithm::Sha256,
            move |message| {
                let value: Signature = key.sign(message);
                value.to_der().as_bytes().to_vec()
            },
        )
    }

    /// An RSA key of 1,024 bits, whose values nobody verifies.
    pub(crate) fn weak() -> Self {
        let modulus = [&[0][..], &[0xC1; 128]].concat();
        let numbers = sequence(&[&encode(tlv::INTEGER, &modulus), &[2, 3, 1, 0, 1]]);
        let bits = [&[0], &numbers[..]].concat();
        let kind = sequence(&[&oid_element("1.2.840.113549.1.1.1"), &[5, 0]]);
        Self::new(
            sequence(&[&kind, &encode(tlv::BIT_STRING, &bits)]),
            sequence(&[&oid_element("1.2.840.113549.1.1.11"), &[5, 0]]),
            DigestAlgorithm::Sha256,
            |_| vec![1; 128],
        )
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        (self.sign)(message)
    }

    /// A message, how it is signed, and the value: a certificate or a list.
    pub(crate) fn signed(&self, message: &[u8]) -> Vec<u8> {
        let bits = [&[0], &self.sign(message)[..]].concat();
        sequence(&[message, &self.algorithm, &encode(tlv::BIT_STRING, &bits)])
    }
}
