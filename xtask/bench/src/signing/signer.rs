//! Decides who signs: a key with a certificate, and what a detached signature of theirs looks like.
//!
//! *Invariant:* nothing of podpis takes part.

use super::der::{bits, octets, oid, sequence, set, tlv};
use crate::Error;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use const_oid::db::{rfc4519, rfc5911, rfc5912};

/// DER of NULL.
const NULL: &[u8] = &[0x05, 0x00];

/// What the value of a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Covers {
    /// Attributes, one of which is the digest of the document.
    Attributes,
    /// The document itself: there are no signed attributes.
    Document,
}

#[derive(Debug)]
enum Key {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A key with its certificate.
#[derive(Debug)]
pub struct Signer {
    key: Key,
    /// Issuer and serial number.
    id: Vec<u8>,
    certificate: Vec<u8>,
}

impl Signer {
    /// ECDSA on P-256.
    ///
    /// # Errors
    ///
    /// When no key can be made.
    pub fn p256(number: u8) -> Result<Self, Error> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)?;
        let algorithm = [oid(rfc5912::ID_EC_PUBLIC_KEY), oid(rfc5912::SECP_256_R_1)].concat();
        let public = public_key(&algorithm, key.public_key().as_ref());
        Ok(Self::new(number, &public, Key::P256(key)))
    }

    /// RSA, PKCS #1 v1.5, with a modulus of 2048 bits.
    ///
    /// # Errors
    ///
    /// When no key can be made.
    pub fn rsa_2048(number: u8) -> Result<Self, Error> {
        let key = RsaKeyPair::generate(KeySize::Rsa2048)?;
        let algorithm = [&oid(rfc5912::RSA_ENCRYPTION), NULL].concat();
        let public = public_key(&algorithm, key.public_key().as_ref());
        Ok(Self::new(number, &public, Key::Rsa(key)))
    }

    fn new(number: u8, public_key: &[u8], key: Key) -> Self {
        let issuer = name("Certification Centre of the Benchmark");
        // Sixteen bytes, as authorities give them.
        let serial = tlv(0x02, &[[1; 15].as_slice(), &[number]].concat());
        let algorithm = sequence(&[&oid(rfc5912::ECDSA_WITH_SHA_256)]);
        let validity = sequence(&[&tlv(0x17, b"260101000000Z"), &tlv(0x17, b"460101000000Z")]);
        let version = tlv(0xA0, &tlv(0x02, &[2]));
        let subject = name(&format!("Signer {number}"));
        let body = sequence(&[
            &version, &serial, &algorithm, &issuer, &validity, &subject, public_key,
        ]);
        Self {
            key,
            id: sequence(&[&issuer, &serial]),
            // Neither side asks who issued the certificate, so its own signature is left empty.
            certificate: sequence(&[&body, &algorithm, &bits(&[1])]),
        }
    }

    /// A detached CMS signature with the certificate in it.
    ///
    /// # Errors
    ///
    /// When the value cannot be made.
    pub fn sign(&self, document: &[u8], covers: Covers) -> Result<Vec<u8>, Error> {
        let (attributes, value) = match covers {
            Covers::Attributes => {
                let attributes = attributes(document);
                // The value covers them as a SET; in the signature they carry another tag.
                let value = self.value(&tlv(0x31, &attributes))?;
                (tlv(0xA0, &attributes), value)
            }
            Covers::Document => (Vec::new(), self.value(document)?),
        };
        let algorithm = match self.key {
            Key::P256(_) => sequence(&[&oid(rfc5912::ECDSA_WITH_SHA_256)]),
            Key::Rsa(_) => sequence(&[&oid(rfc5912::RSA_ENCRYPTION), NULL]),
        };
        let sha256 = sequence(&[&oid(rfc5912::ID_SHA_256)]);
        let version = tlv(0x02, &[1]);
        let info = sequence(&[
            &version,
            &self.id,
            &sha256,
            &attributes,
            &algorithm,
            &octets(&value),
        ]);
        let signed_data = sequence(&[
            &version,
            &set(&[&sha256]),
            &sequence(&[&oid(rfc5911::ID_DATA)]),
            &tlv(0xA0, &self.certificate),
            &set(&[&info]),
        ]);
        Ok(sequence(&[
            &oid(rfc5911::ID_SIGNED_DATA),
            &tlv(0xA0, &signed_data),
        ]))
    }

    fn value(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        match &self.key {
            Key::P256(key) => Ok(key.sign(&random, message)?.as_ref().to_vec()),
            Key::Rsa(key) => {
                let mut value = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut value)?;
                Ok(value)
            }
        }
    }
}

/// Content type, time and digest: what services sign, in the order of DER.
fn attributes(document: &[u8]) -> Vec<u8> {
    let digest = digest(&SHA256, document);
    let attribute = |kind, value: &[u8]| sequence(&[&oid(kind), &set(&[value])]);
    [
        attribute(rfc5911::ID_CONTENT_TYPE, &oid(rfc5911::ID_DATA)),
        attribute(rfc5911::ID_SIGNING_TIME, &tlv(0x17, b"260601120000Z")),
        attribute(rfc5911::ID_MESSAGE_DIGEST, &octets(digest.as_ref())),
    ]
    .concat()
}

fn public_key(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(&[algorithm]), &bits(key)])
}

fn name(common_name: &str) -> Vec<u8> {
    let text = tlv(0x0C, common_name.as_bytes());
    sequence(&[&set(&[&sequence(&[&oid(rfc4519::CN), &text])])])
}
