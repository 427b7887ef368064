//! An authority that certifies, revokes and answers, and the signatures of whom it certified.
//!
//! Keys come of small numbers, and everything is valid from 2020 to 2049, so that the same call makes the same bytes and
//! no test depends on the day.

use der::asn1::ObjectIdentifier;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use podpis::cms::tlv::{self, encode};
use podpis::cms::{DigestAlgorithm, Digests, Thumbprint};

/// A key with the name that it goes by.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub(crate) name: &'static str,
    serial: u8,
    key: SigningKey,
}

/// The addresses in a certificate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    pub(crate) issuer: Vec<String>,
    pub(crate) list: Vec<String>,
    pub(crate) ocsp: Vec<String>,
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    encode(tlv::SEQUENCE, &parts.concat())
}

fn oid(dotted: &str) -> Vec<u8> {
    let oid = ObjectIdentifier::new_unwrap(dotted);
    encode(tlv::OBJECT_IDENTIFIER, oid.as_bytes())
}

fn time(text: &str) -> Vec<u8> {
    encode(tlv::UTC_TIME, &text.as_bytes()[2..])
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    encode(tlv::OCTET_STRING, bytes)
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    encode(tlv::BIT_STRING, &[&[0], bytes].concat())
}

fn extension(kind: &str, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if is_critical { &[1, 1, 0xFF] } else { &[] };
    sequence(&[&oid(kind), critical, &octets(value)])
}

fn ecdsa() -> Vec<u8> {
    sequence(&[&oid("1.2.840.10045.4.3.2")])
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    let algorithm = [DigestAlgorithm::Sha256];
    let digests = Digests::of_with(bytes, &algorithm);
    digests.get(&algorithm[0]).unwrap().to_vec()
}

impl Party {
    pub(crate) fn new(name: &'static str, number: u8) -> Self {
        let mut scalar = [1; 32];
        scalar[31] = number;
        Self {
            name,
            serial: number,
            key: SigningKey::from_bytes(&scalar.into()).unwrap(),
        }
    }

    fn subject(&self) -> Vec<u8> {
        let text = encode(0x0C, self.name.as_bytes());
        let part = sequence(&[&oid("2.5.4.3"), &text]);
        sequence(&[&encode(tlv::SET, &part)])
    }

    fn point(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_encoded_point(false);
        point.as_bytes().to_vec()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let value: DerSignature = self.key.sign(message);
        value.as_bytes().to_vec()
    }

    /// What is signed, how, and the value.
    fn signed(&self, message: &[u8]) -> Vec<u8> {
        sequence(&[message, &ecdsa(), &bits(&self.sign(message))])
    }

    /// The certificate of this party by that one, with these addresses and further extensions.
    fn certificate(&self, by: &Self, named: &Named, mut extensions: Vec<Vec<u8>>) -> Vec<u8> {
        let place = |text: &String| encode(0x86, text.as_bytes());
        let access = |kind: &str, all: &[String]| -> Vec<u8> {
            let one = |text| sequence(&[&oid(kind), &place(text)]);
            all.iter().flat_map(one).collect()
        };
        let ocsp = access("1.3.6.1.5.5.7.48.1", &named.ocsp);
        let issuer = access("1.3.6.1.5.5.7.48.2", &named.issuer);
        if !ocsp.is_empty() || !issuer.is_empty() {
            let all = sequence(&[&ocsp, &issuer]);
            extensions.push(extension("1.3.6.1.5.5.7.1.1", false, &all));
        }
        let point = |text| {
            let name = encode(tlv::CONTEXT_0, &encode(tlv::CONTEXT_0, &place(text)));
            sequence(&[&name])
        };
        let points: Vec<u8> = named.list.iter().flat_map(point).collect();
        if !points.is_empty() {
            extensions.push(extension("2.5.29.31", false, &sequence(&[&points])));
        }
        let kind = sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]);
        let extensions = encode(tlv::SEQUENCE, &extensions.concat());
        by.signed(&sequence(&[
            &encode(tlv::CONTEXT_0, &[2, 1, 2]),
            &[2, 1, self.serial],
            &ecdsa(),
            &by.subject(),
            &sequence(&[&time("20200101000000Z"), &time("20491231000000Z")]),
            &self.subject(),
            &sequence(&[&kind, &bits(&self.point())]),
            &encode(tlv::CONTEXT_3, &extensions),
        ]))
    }

    /// One that may certify others.
    pub(crate) fn authority(&self, by: &Self, named: &Named) -> Vec<u8> {
        let basic = extension("2.5.29.19", true, &sequence(&[&[1, 1, 0xFF]]));
        let usage = extension("2.5.29.15", true, &[3, 2, 1, 0x06]);
        self.certificate(by, named, vec![basic, usage])
    }

    /// One that signs documents.
    pub(crate) fn person(&self, by: &Self, named: &Named) -> Vec<u8> {
        let usage = extension("2.5.29.15", true, &[3, 2, 6, 0xC0]);
        self.certificate(by, named, vec![usage])
    }

    /// A revocation list of 2024 until this moment, with these parties in it.
    pub(crate) fn list(&self, next: &str, revoked: &[&Self]) -> Vec<u8> {
        let entry = |one: &&Self| sequence(&[&[2, 1, one.serial], &time("20240601000000Z")]);
        let entries: Vec<u8> = revoked.iter().flat_map(entry).collect();
        let entries = encode(tlv::SEQUENCE, &entries);
        self.signed(&sequence(&[
            &ecdsa(),
            &self.subject(),
            &time("20240614000000Z"),
            &time(next),
            if revoked.is_empty() { &[] } else { &entries },
        ]))
    }

    /// The OCSP answer about that party, until this moment.
    pub(crate) fn answer(&self, about: &Self, next: &str, is_revoked: bool) -> Vec<u8> {
        let general = |text: &str| encode(tlv::GENERALIZED_TIME, text.as_bytes());
        let digest = |bytes: &[u8]| octets(Thumbprint::of(bytes).as_bytes());
        let id = sequence(&[
            &sequence(&[&oid("1.3.14.3.2.26"), &[5, 0]]),
            &digest(&self.subject()),
            &digest(&self.point()),
            &[2, 1, about.serial],
        ]);
        let status = if is_revoked {
            encode(0xA1, &general("20240601000000Z"))
        } else {
            vec![0x80, 0]
        };
        let (this, next) = (
            general("20240615000000Z"),
            encode(tlv::CONTEXT_0, &general(next)),
        );
        let data = sequence(&[
            &encode(0xA2, &digest(&self.point())),
            &this,
            &sequence(&[&sequence(&[&id, &status, &this, &next])]),
        ]);
        let basic = self.signed(&data);
        let inside = sequence(&[&oid("1.3.6.1.5.5.7.48.1.1"), &octets(&basic)]);
        sequence(&[&[10, 1, 0], &encode(tlv::CONTEXT_0, &inside)])
    }

    /// A detached signature of the content, with this certificate of the party in it and nothing else.
    pub(crate) fn signature(&self, by: &Self, certificate: &[u8], content: &[u8]) -> Vec<u8> {
        let attribute =
            |kind: &str, value: &[u8]| sequence(&[&oid(kind), &encode(tlv::SET, value)]);
        let digest = sequence(&[&oid("2.16.840.1.101.3.4.2.1")]);
        let attributes = [
            attribute("1.2.840.113549.1.9.3", &oid("1.2.840.113549.1.7.1")),
            attribute("1.2.840.113549.1.9.4", &octets(&sha256(content))),
        ]
        .concat();
        let info = sequence(&[
            &[2, 1, 1],
            &sequence(&[&by.subject(), &[2, 1, self.serial]]),
            &digest,
            &encode(tlv::CONTEXT_0, &attributes),
            &ecdsa(),
            &octets(&self.sign(&encode(tlv::SET, &attributes))),
        ]);
        signed_data(&digest, certificate, &info)
    }
}

/// A message with nothing but certificates in it, as authorities publish them.
pub(crate) fn certificates_only(certificates: &[u8]) -> Vec<u8> {
    signed_data(&[], certificates, &[])
}

fn signed_data(digest: &[u8], certificates: &[u8], info: &[u8]) -> Vec<u8> {
    let data = sequence(&[
        &[2, 1, 1],
        &encode(tlv::SET, digest),
        &sequence(&[&oid("1.2.840.113549.1.7.1")]),
        &encode(tlv::CONTEXT_0, certificates),
        &encode(tlv::SET, info),
    ]);
    sequence(&[&oid("1.2.840.113549.1.7.2"), &encode(tlv::CONTEXT_0, &data)])
}
