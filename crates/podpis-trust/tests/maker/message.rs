//! Signatures and time stamps.

use podpis_cms::tlv::{self, Element, encode};
use podpis_cms::{Certificate, DigestAlgorithm, Digests};

use super::der::{general, integer, oid_element, sequence, set};
use super::key::Key;

const DATA: &str = "1.2.840.113549.1.7.1";
const TIME_STAMP: &str = "1.2.840.113549.1.9.16.1.4";

fn digest(bytes: &[u8], algorithm: &DigestAlgorithm) -> Vec<u8> {
    let all = Digests::of_with(bytes, std::slice::from_ref(algorithm));
    all.get(algorithm).unwrap().to_vec()
}

fn algorithm(digest: &DigestAlgorithm) -> Vec<u8> {
    sequence(&[&oid_element(&digest.oid())])
}

fn attribute(kind: &str, values: &[&[u8]]) -> Vec<u8> {
    sequence(&[&oid_element(kind), &set(values)])
}

/// A signature by one key, to be put together.
#[derive(Clone)]
pub(crate) struct Message {
    content_type: &'static str,
    inside: Option<Vec<u8>>,
    key: Key,
    certificate: Certificate,
    pub(crate) signed: Vec<Vec<u8>>,
    pub(crate) unsigned: Vec<Vec<u8>>,
    pub(crate) embedded: Vec<Certificate>,
    pub(crate) lists: Vec<Vec<u8>>,
    /// Names the certificate by its key identifier.
    pub(crate) by_key: bool,
}

impl Message {
    /// CAdES-BES over the content, with the signer's certificate inside.
    pub(crate) fn new(content: &[u8], key: &Key, certificate: &Certificate) -> Self {
        Self::plain(content, key, certificate).naming(certificate)
    }

    /// The same without an attribute that names the certificate.
    pub(crate) fn plain(content: &[u8], key: &Key, certificate: &Certificate) -> Self {
        Self::of(DATA, content, key, certificate)
    }

    fn of(
        content_type: &'static str,
        content: &[u8],
        key: &Key,
        certificate: &Certificate,
    ) -> Self {
        let digest = encode(tlv::OCTET_STRING, &digest(content, &key.digest));
        Self {
            content_type,
            inside: None,
            key: key.clone(),
            certificate: certificate.clone(),
            signed: vec![
                attribute("1.2.840.113549.1.9.3", &[&oid_element(content_type)]),
                attribute("1.2.840.113549.1.9.4", &[&digest]),
            ],
            unsigned: Vec::new(),
            embedded: vec![certificate.clone()],
            lists: Vec::new(),
            by_key: false,
        }
    }

    /// signingCertificateV2 with the digest of the key's kind.
    pub(crate) fn naming(self, certificate: &Certificate) -> Self {
        let stated = algorithm(&self.key.digest);
        let hash = digest(certificate.der(), &self.key.digest);
        let hash = encode(tlv::OCTET_STRING, &hash);
        let one = sequence(&[&stated, &hash]);
        self.with_signed(
            "1.2.840.113549.1.9.16.2.47",
            &sequence(&[&sequence(&[&one])]),
        )
    }

    pub(crate) fn with_signed(mut self, kind: &str, value: &[u8]) -> Self {
        self.signed.push(attribute(kind, &[value]));
        self
    }

    pub(crate) fn with_unsigned(mut self, kind: &str, value: &[u8]) -> Self {
        self.unsigned.push(attribute(kind, &[value]));
        self
    }

    pub(crate) fn stamped(self, token: &[u8]) -> Self {
        self.with_unsigned("1.2.840.113549.1.9.16.2.14", token)
    }

    /// The value, which a time stamp is over.
    pub(crate) fn value(&self) -> Vec<u8> {
        self.key.sign(&encode(tlv::SET, &self.attributes()))
    }

    fn attributes(&self) -> Vec<u8> {
        let mut signed = self.signed.clone();
        signed.sort_unstable();
        signed.concat()
    }

    fn info(&self) -> Vec<u8> {
        let serial = encode(tlv::INTEGER, self.certificate.serial_bytes());
        let key_id = self.certificate.subject_key_id().unwrap_or_default();
        let sid = if self.by_key {
            encode(tlv::CONTEXT_0_PRIMITIVE, key_id)
        } else {
            sequence(&[self.certificate.issuer_der(), &serial])
        };
        let unsigned = encode(tlv::CONTEXT_1, &self.unsigned.concat());
        sequence(&[
            &integer(if self.by_key { 3 } else { 1 }),
            &sid,
            &algorithm(&self.key.digest),
            &encode(tlv::CONTEXT_0, &self.attributes()),
            &self.key.algorithm,
            &encode(tlv::OCTET_STRING, &self.value()),
            if self.unsigned.is_empty() {
                &[]
            } else {
                &unsigned
            },
        ])
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        self.der_with(&[])
    }

    /// With further signers of the same content.
    pub(crate) fn der_with(&self, others: &[&Self]) -> Vec<u8> {
        let all: Vec<&Self> = std::iter::once(self)
            .chain(others.iter().copied())
            .collect();
        let each =
            |of: &dyn Fn(&Self) -> Vec<u8>| all.iter().flat_map(|one| of(one)).collect::<Vec<u8>>();
        let certificates = each(&|one| {
            one.embedded
                .iter()
                .flat_map(|one| one.der().to_vec())
                .collect()
        });
        let certificates = encode(tlv::CONTEXT_0, &certificates);
        let lists = encode(tlv::CONTEXT_1, &each(&|one| one.lists.concat()));
        let inside = self
            .inside
            .as_ref()
            .map(|inside| encode(tlv::CONTEXT_0, &encode(tlv::OCTET_STRING, inside)));
        let data = sequence(&[
            &integer(3),
            &encode(tlv::SET, &each(&|one| algorithm(&one.key.digest))),
            &sequence(&[&oid_element(self.content_type), &inside.unwrap_or_default()]),
            &certificates,
            if all.iter().all(|one| one.lists.is_empty()) {
                &[]
            } else {
                &lists
            },
            &encode(tlv::SET, &each(&|one| one.info())),
        ]);
        sequence(&[
            &oid_element("1.2.840.113549.1.7.2"),
            &encode(tlv::CONTEXT_0, &data),
        ])
    }
}

/// What a time stamp says, to be signed.
#[derive(Clone)]
pub(crate) struct TokenDraft {
    /// The digest of what is stamped.
    pub(crate) imprint: Vec<u8>,
    pub(crate) digest: DigestAlgorithm,
    pub(crate) time: Vec<u8>,
    /// What stands after the time: accuracy, nonce, extensions.
    pub(crate) rest: Vec<u8>,
}

impl TokenDraft {
    pub(crate) fn new(value: &[u8], algorithm: &DigestAlgorithm, time: &str) -> Self {
        Self {
            imprint: digest(value, algorithm),
            digest: algorithm.clone(),
            time: general(time),
            rest: Vec::new(),
        }
    }

    /// The message of the token, before it is written.
    pub(crate) fn message(&self, key: &Key, certificate: &Certificate, is_named: bool) -> Message {
        let message = Self::message_of(&self.info(), key, certificate);
        if is_named {
            message.naming(certificate)
        } else {
            message
        }
    }

    /// A token that says this, whatever it is.
    pub(crate) fn message_of(info: &[u8], key: &Key, certificate: &Certificate) -> Message {
        let mut message = Message::of(TIME_STAMP, info, key, certificate);
        message.inside = Some(info.to_vec());
        message
    }

    pub(crate) fn info(&self) -> Vec<u8> {
        let imprint = encode(tlv::OCTET_STRING, &self.imprint);
        sequence(&[
            &integer(1),
            &oid_element("1.2.3.4.1"),
            &sequence(&[&algorithm(&self.digest), &imprint]),
            &integer(7),
            &self.time,
            &self.rest,
        ])
    }

    /// A right token.
    pub(crate) fn by(&self, key: &Key, certificate: &Certificate) -> Vec<u8> {
        self.message(key, certificate, true).der()
    }
}

/// The same in BER: the outermost element without a length.
pub(crate) fn indefinite(der: &[u8]) -> Vec<u8> {
    let element = Element::single(der).unwrap();
    [&[element.tag(), 0x80], element.content(), &[0, 0]].concat()
}
