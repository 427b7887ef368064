//! Keys to sign with.

use std::rc::Rc;

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{self, Signature};
use podpis_cms::tlv::{self, encode};
use podpis_cms::{DigestAlgorithm, Digests};
use podpis_gost::spki::EncodePublicKey as _;
use podpis_gost::{Algorithm, ParamSet, SigningKey};
use rand_core::{CryptoRng, RngCore};
use signature::hazmat::RandomizedPrehashSigner as _;

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
    sign: Rc<Sign>,
}

type Sign = dyn Fn(&[u8]) -> Vec<u8>;

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

    /// A P-384 key.
    pub(crate) fn p384() -> Self {
        let key = p384::ecdsa::SigningKey::from_bytes(&[1; 48].into()).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let kinds = ["1.3.132.0.34", "1.2.840.10045.4.3.3"];
        Self::curve(
            kinds,
            DigestAlgorithm::Sha384,
            point.as_bytes(),
            move |message| {
                let value: p384::ecdsa::Signature = key.sign(message);
                value.to_der().as_bytes().to_vec()
            },
        )
    }

    /// A P-521 key.
    pub(crate) fn p521() -> Self {
        let mut scalar = [1_u8; 66];
        scalar[0] = 0;
        let key = p521::ecdsa::SigningKey::from_slice(&scalar).unwrap();
        let point = p521::ecdsa::VerifyingKey::from(&key).to_encoded_point(false);
        let kinds = ["1.3.132.0.35", "1.2.840.10045.4.3.4"];
        Self::curve(
            kinds,
            DigestAlgorithm::Sha512,
            point.as_bytes(),
            move |message| {
                let value: p521::ecdsa::Signature = key.sign(message);
                value.to_der().as_bytes().to_vec()
            },
        )
    }

    /// A key on the curve, for values of the algorithm: their identifiers.
    fn curve(
        kinds: [&str; 2],
        digest: DigestAlgorithm,
        point: &[u8],
        sign: impl Fn(&[u8]) -> Vec<u8> + 'static,
    ) -> Self {
        let kind = [oid_element("1.2.840.10045.2.1"), oid_element(kinds[0])];
        let kind = sequence(&[&kind[0], &kind[1]]);
        let bits = [&[0], point].concat();
        Self::new(
            sequence(&[&kind, &encode(tlv::BIT_STRING, &bits)]),
            sequence(&[&oid_element(kinds[1])]),
            digest,
            sign,
        )
    }

    /// The P-256 key of this number.
    pub(crate) fn p256(number: u16) -> Self {
        let mut scalar = [1_u8; 32];
        scalar[30..].copy_from_slice(&number.to_be_bytes());
        let key = ecdsa::SigningKey::from_bytes(&scalar.into()).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let kinds = ["1.2.840.10045.3.1.7", "1.2.840.10045.4.3.2"];
        Self::curve(
            kinds,
            DigestAlgorithm::Sha256,
            point.as_bytes(),
            move |message| {
                let value: Signature = key.sign(message);
                value.to_der().as_bytes().to_vec()
            },
        )
    }

    /// The key of this number on the curve that real certificates of persons use.
    pub(crate) fn gost(number: u16) -> Self {
        let mut scalar = [1_u8; 32];
        scalar[..2].copy_from_slice(&number.to_be_bytes());
        let (kind, set) = (Algorithm::Gost2012With256, ParamSet::CryptoProXchA);
        let key = SigningKey::from_scalar(kind, set, &scalar).unwrap();
        let public = key.verifying_key().to_public_key_der().unwrap();
        Self::new(
            public.into_vec(),
            sequence(&[&oid_element("1.2.643.7.1.1.3.2")]),
            DigestAlgorithm::Streebog256,
            move |message| {
                let algorithm = [DigestAlgorithm::Streebog256];
                let digests = Digests::of_with(message, &algorithm);
                let digest = digests.get(&algorithm[0]).unwrap();
                let value = key
                    .sign_prehash_with_rng(&mut Repeating(digest.to_vec()), digest)
                    .unwrap();
                value.as_bytes().to_vec()
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

/// Gives the same bytes over and over, so that a message always gets the same value.
struct Repeating(Vec<u8>);

impl CryptoRng for Repeating {}

impl RngCore for Repeating {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, to: &mut [u8]) {
        for (to, from) in to.iter_mut().zip(self.0.iter().cycle()) {
            *to = *from;
        }
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(to);
        Ok(())
    }
}
