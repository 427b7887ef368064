//! GOST R 34.10 keys with certificates, which sign documents.
//!
//! **Invariant:** uses nothing of the crate under test; the same call always gives the same bytes.

use gost94::Gost94CryptoPro;
use podpis_gost::signature::hazmat::RandomizedPrehashSigner as _;
use podpis_gost::signature::rand_core::{self, CryptoRng, RngCore};
use podpis_gost::spki::EncodePublicKey as _;
use podpis_gost::{Algorithm, ParamSet, SigningKey};
use streebog::{Digest as _, Streebog256, Streebog512};

use crate::batch::Numbers;
use crate::builder::{SignedDataParts, SignerParts, algorithm, number};
use crate::forge::{self, attribute, integer, name, octets, oid, seq, tlv};

/// Every kind of key: each set of 2012, and one of 2001.
pub(crate) fn kinds() -> impl Iterator<Item = (Algorithm, ParamSet)> {
    let of_2012 = ParamSet::ALL
        .into_iter()
        .map(|set| match set.curve().size() {
            32 => (Algorithm::Gost2012With256, set),
            _ => (Algorithm::Gost2012With512, set),
        });
    of_2012.chain([(Algorithm::Gost2001, ParamSet::CryptoProXchA)])
}

/// A key with a certificate.
pub(crate) struct GostKey {
    signing: SigningKey,
    serial: u8,
    pub(crate) certificate: Vec<u8>,
}

impl GostKey {
    /// The key of this number, which is its certificate's too.
    pub(crate) fn new(serial: u8, (algorithm, set): (Algorithm, ParamSet)) -> Self {
        let mut scalar = vec![0; algorithm.size()];
        scalar[0] = serial;
        scalar[1] = 7;
        let signing = SigningKey::from_scalar(algorithm, set, &scalar).unwrap();
        let certificate = certificate(serial, &signing);
        Self {
            signing,
            serial,
            certificate,
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.signing.verifying_key().algorithm()
    }

    /// The digest that goes with the key.
    pub(crate) fn digest(&self, message: &[u8]) -> Vec<u8> {
        match self.algorithm() {
            Algorithm::Gost2001 => Gost94CryptoPro::digest(message).to_vec(),
            Algorithm::Gost2012With256 => Streebog256::digest(message).to_vec(),
            _ => Streebog512::digest(message).to_vec(),
        }
    }

    fn digest_algorithm(&self) -> Vec<u8> {
        algorithm(digest_oid(self.algorithm()), &[])
    }

    pub(crate) fn value(&self, message: &[u8]) -> Vec<u8> {
        self.value_of(&self.digest(message))
    }

    /// Over this digest, which is as long as the key's numbers.
    pub(crate) fn value_of(&self, digest: &[u8]) -> Vec<u8> {
        let seed = digest.iter().fold(u64::from(self.serial), |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(u64::from(*byte))
        });
        let mut nonces = Seeded(Numbers::new(seed));
        let value = self.signing.sign_prehash_with_rng(&mut nonces, digest);
        value.unwrap().as_bytes().to_vec()
    }

    /// What the signer says, with a right value over attributes that state this digest.
    pub(crate) fn stating(&self, digest: &[u8]) -> SignerParts {
        let mut parts = self.bare(&[]);
        parts.signed_attributes = Some(vec![
            forge::content_type(),
            attribute(forge::MESSAGE_DIGEST, &[octets(digest)]),
        ]);
        parts.value = octets(&self.value(&parts.covered().unwrap()));
        parts
    }

    /// With a right value over the content itself.
    pub(crate) fn bare(&self, content: &[u8]) -> SignerParts {
        SignerParts {
            version: number(1),
            sid: seq(&[name("Forge"), integer(self.serial)]),
            digest_algorithm: self.digest_algorithm(),
            signed_attributes: None,
            signature_algorithm: algorithm(&self.algorithm().oid().to_string(), &[]),
            value: octets(&self.value(content)),
            unsigned_attributes: Vec::new(),
        }
    }

    /// Of the content, with signed attributes or without.
    pub(crate) fn parts(&self, content: &[u8], is_bare: bool) -> SignerParts {
        if is_bare {
            self.bare(content)
        } else {
            self.stating(&self.digest(content))
        }
    }

    /// A right signature of the content.
    pub(crate) fn sign(&self, content: &[u8], is_bare: bool) -> Vec<u8> {
        self.message(&self.parts(content, is_bare))
    }

    /// A message with this signer and the key's certificate.
    pub(crate) fn message(&self, signer: &SignerParts) -> Vec<u8> {
        SignedDataParts {
            version: number(1),
            digest_algorithms: vec![self.digest_algorithm()],
            content_info: seq(&[oid(forge::DATA)]),
            certificates: Some(vec![self.certificate.clone()]),
            crls: Vec::new(),
            signers: vec![signer.build()],
        }
        .build()
    }
}

fn digest_oid(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Gost2001 => "1.2.643.2.2.9",
        Algorithm::Gost2012With256 => "1.2.643.7.1.1.2.2",
        _ => "1.2.643.7.1.1.2.3",
    }
}

/// Nobody verifies the certificate's own signature here.
fn certificate(serial: u8, key: &SigningKey) -> Vec<u8> {
    let how = algorithm("1.2.643.7.1.1.3.2", &[]);
    let validity = seq(&[tlv(0x17, b"260101000000Z"), tlv(0x17, b"460101000000Z")]);
    let info = key.verifying_key().to_public_key_der().unwrap();
    let body = seq(&[
        tlv(0xA0, &integer(2)),
        integer(serial),
        how.clone(),
        name("Forge"),
        validity,
        name(&format!("Signer {serial}")),
        info.into_vec(),
    ]);
    seq(&[body, how, tlv(0x03, &[0, 1])])
}

/// Nonces that are the same in every run.
struct Seeded(Numbers);

impl CryptoRng for Seeded {}

impl RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, to: &mut [u8]) {
        to.fill_with(|| u8::try_from(self.0.below(256)).unwrap());
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(to);
        Ok(())
    }
}
