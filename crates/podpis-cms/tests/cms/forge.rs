//! Puts signatures and certificates together by hand, right ones and wrong ones.
//!
//! **Invariant:** uses nothing of the crate under test.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

pub(crate) use crate::builder::{attribute, oid};

pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";
pub(crate) const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(crate) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    match length {
        0..=0x7F => out.push(length as u8),
        0x80..=0xFF => out.extend([0x81, length as u8]),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

pub(crate) fn integer(value: u8) -> Vec<u8> {
    tlv(0x02, &[value])
}

pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}

pub(crate) fn content_type() -> Vec<u8> {
    attribute(CONTENT_TYPE, &[oid(DATA)])
}

pub(crate) fn message_digest(content: &[u8]) -> Vec<u8> {
    attribute(MESSAGE_DIGEST, &[octets(&Sha256::digest(content))])
}

/// A P-256 key with a certificate.
pub(crate) struct Key {
    signing: SigningKey,
    serial: u8,
    pub(crate) certificate: Vec<u8>,
}

impl Key {
    pub(crate) fn new(number: u8) -> Self {
        Self::certified(number, number, "46")
    }

    /// Another key whose certificate has the issuer and serial number of this one's.
    pub(crate) fn twin_of(key: &Self, number: u8) -> Self {
        Self::certified(number, key.serial, "46")
    }

    /// The same key, issuer and serial number in another certificate.
    pub(crate) fn renewed(key: &Self) -> Self {
        Self::certified(key.serial, key.serial, "47")
    }

    /// A certificate that is valid until this year of the century.
    fn certified(number: u8, serial: u8, until: &str) -> Self {
        let signing = SigningKey::from_slice(&[number; 32]).unwrap();
        let certificate = certificate(&signing, &name("Forge"), &integer(serial), until);
        Self {
            signing,
            serial,
            certificate,
        }
    }

    /// Another certificate of the key, with this issuer and serial number.
    pub(crate) fn certificate_by(&self, issuer: &[u8], serial: &[u8]) -> Vec<u8> {
        certificate(&self.signing, issuer, serial, "48")
    }

    pub(crate) fn value(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.signing.sign_prehash(&Sha256::digest(message)).unwrap();
        signature.to_der().as_bytes().to_vec()
    }

    pub(crate) fn id(&self) -> Vec<u8> {
        seq(&[name("Forge"), integer(self.serial)])
    }

    /// A SignerInfo over these attributes, in this order.
    pub(crate) fn signer_info(&self, attributes: &[Vec<u8>]) -> Vec<u8> {
        let value = self.value(&set(attributes));
        self.info(Some(tlv(0xA0, &attributes.concat())), &value)
    }

    /// A SignerInfo over the content itself.
    pub(crate) fn bare_signer_info(&self, content: &[u8]) -> Vec<u8> {
        self.info(None, &self.value(content))
    }

    pub(crate) fn info(&self, attributes: Option<Vec<u8>>, value: &[u8]) -> Vec<u8> {
        seq(&[
            integer(1),
            self.id(),
            seq(&[oid(SHA_256)]),
            attributes.unwrap_or_default(),
            seq(&[oid("1.2.840.10045.4.3.2")]),
            octets(value),
        ])
    }

    /// A right signature of the content.
    pub(crate) fn sign(&self, content: &[u8]) -> Vec<u8> {
        signature(
            &[&self.certificate],
            &[self.signer_info(&[content_type(), message_digest(content)])],
        )
    }

    /// A right signature of the content without signed attributes.
    pub(crate) fn sign_bare(&self, content: &[u8]) -> Vec<u8> {
        signature(&[&self.certificate], &[self.bare_signer_info(content)])
    }
}

fn certificate(key: &SigningKey, issuer: &[u8], serial: &[u8], until: &str) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    let ecdsa = seq(&[oid("1.2.840.10045.4.3.2")]);
    let spki = seq(&[
        seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]),
        tlv(0x03, &[&[0], point.as_bytes()].concat()),
    ]);
    let validity = seq(&[
        tlv(0x17, b"260101000000Z"),
        tlv(0x17, format!("{until}0101000000Z").as_bytes()),
    ]);
    let tbs = seq(&[
        tlv(0xA0, &integer(2)),
        serial.to_vec(),
        ecdsa.clone(),
        issuer.to_vec(),
        validity,
        name("Signer"),
        spki,
    ]);
    // Nobody verifies the certificate's own signature here.
    seq(&[tbs, ecdsa, tlv(0x03, &[0, 1])])
}

pub(crate) fn name(common_name: &str) -> Vec<u8> {
    name_of(0x0C, common_name)
}

/// A name whose one part is a string of this type.
pub(crate) fn name_of(tag: u8, common_name: &str) -> Vec<u8> {
    seq(&[set(&[seq(&[
        oid("2.5.4.3"),
        tlv(tag, common_name.as_bytes()),
    ])])])
}

/// A detached signature of plain data.
pub(crate) fn signature(certificates: &[&[u8]], infos: &[Vec<u8>]) -> Vec<u8> {
    signature_of(seq(&[oid(DATA)]), certificates, infos)
}

/// A signature with this `encapContentInfo`.
pub(crate) fn signature_of(
    encapsulated: Vec<u8>,
    certificates: &[&[u8]],
    infos: &[Vec<u8>],
) -> Vec<u8> {
    let certificates = match certificates {
        [] => Vec::new(),
        some => tlv(0xA0, &some.concat()),
    };
    let signed_data = seq(&[
        integer(1),
        set(&[seq(&[oid(SHA_256)])]),
        encapsulated,
        certificates,
        set(infos),
    ]);
    seq(&[oid("1.2.840.113549.1.7.2"), tlv(0xA0, &signed_data)])
}
