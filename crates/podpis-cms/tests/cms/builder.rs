//! Writes elements in DER or BER, and SignedData from any parts, sensible or not.
//!
//! **Invariant:** uses nothing of the crate under test, and puts no part right: what is given stands
//! in the result.

use crate::forge::{octets, seq, set, tlv};

/// An object identifier with arcs of any size up to 128 bits, such as those of a UUID.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u128> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = base_128(arcs[0] * 40 + arcs[1]);
    for arc in &arcs[2..] {
        content.extend(base_128(*arc));
    }
    tlv(0x06, &content)
}

fn base_128(mut arc: u128) -> Vec<u8> {
    let mut octets = vec![(arc & 0x7F) as u8];
    while arc > 0x7F {
        arc >>= 7;
        octets.push(0x80 | (arc & 0x7F) as u8);
    }
    octets.reverse();
    octets
}

/// A number in the fewest octets.
pub(crate) fn number(value: i128) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let needless = octets
        .windows(2)
        .take_while(|pair| {
            let negative = pair[1] & 0x80 != 0;
            pair[0] == if negative { 0xFF } else { 0 }
        })
        .count();
    tlv(0x02, &octets[needless..])
}

/// An element of indefinite length.
pub(crate) fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

/// An element whose length takes so many octets behind the first, needed or not (at most 8).
pub(crate) fn long(tag: u8, octets: usize, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_be_bytes();
    let first = 0x80 | u8::try_from(octets).unwrap();
    [&[tag, first], &length[8 - octets..], content].concat()
}

/// A string in pieces; `tag` is that of the whole, such as 0x24 for an OCTET STRING.
pub(crate) fn pieces(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = parts.iter().map(|part| octets(part)).collect();
    tlv(tag, &parts.concat())
}

/// An `AlgorithmIdentifier`; the parameters as they are to stand, none if empty.
pub(crate) fn algorithm(dotted: &str, parameters: &[u8]) -> Vec<u8> {
    seq(&[oid(dotted), parameters.to_vec()])
}

/// An `Attribute` with an identifier of any arcs.
pub(crate) fn attribute(dotted: &str, values: &[Vec<u8>]) -> Vec<u8> {
    seq(&[oid(dotted), set(values)])
}

/// A `SignerInfo`, each part as it is to stand.
pub(crate) struct SignerParts {
    pub(crate) version: Vec<u8>,
    pub(crate) sid: Vec<u8>,
    pub(crate) digest_algorithm: Vec<u8>,
    /// In the order they are to stand; `None` leaves `signedAttrs` out.
    pub(crate) signed_attributes: Option<Vec<Vec<u8>>>,
    pub(crate) signature_algorithm: Vec<u8>,
    pub(crate) value: Vec<u8>,
    /// With the tag; empty leaves `unsignedAttrs` out.
    pub(crate) unsigned_attributes: Vec<u8>,
}

impl SignerParts {
    /// What the value has to cover when there are signed attributes.
    pub(crate) fn covered(&self) -> Option<Vec<u8>> {
        self.signed_attributes.as_deref().map(set)
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let attributes = match &self.signed_attributes {
            Some(attributes) => tlv(0xA0, &attributes.concat()),
            None => Vec::new(),
        };
        seq(&[
            self.version.clone(),
            self.sid.clone(),
            self.digest_algorithm.clone(),
            attributes,
            self.signature_algorithm.clone(),
            self.value.clone(),
            self.unsigned_attributes.clone(),
        ])
    }
}

/// `SignedData`, each part as it is to stand.
pub(crate) struct SignedDataParts {
    pub(crate) version: Vec<u8>,
    pub(crate) digest_algorithms: Vec<Vec<u8>>,
    pub(crate) content_info: Vec<u8>,
    /// Whole certificates or other choices, with their tags; `None` leaves `certificates` out.
    pub(crate) certificates: Option<Vec<Vec<u8>>>,
    /// With the tag; empty leaves `crls` out.
    pub(crate) crls: Vec<u8>,
    pub(crate) signers: Vec<Vec<u8>>,
}

impl SignedDataParts {
    /// The `ContentInfo` with it.
    pub(crate) fn build(&self) -> Vec<u8> {
        let certificates = match &self.certificates {
            Some(certificates) => tlv(0xA0, &certificates.concat()),
            None => Vec::new(),
        };
        let signed_data = seq(&[
            self.version.clone(),
            set(&self.digest_algorithms),
            self.content_info.clone(),
            certificates,
            self.crls.clone(),
            set(&self.signers),
        ]);
        seq(&[oid("1.2.840.113549.1.7.2"), tlv(0xA0, &signed_data)])
    }
}

#[cfg(test)]
mod tests {
    use podpis_cms::{Check, Document, Expectation, verify_detached};

    use super::*;
    use crate::forge::{self, Key};

    const CONTENT: &[u8] = b"The act is signed.";

    fn signed(key: &Key, signers: Vec<Vec<u8>>, crls: Vec<u8>) -> SignedDataParts {
        SignedDataParts {
            version: number(1),
            digest_algorithms: vec![algorithm(forge::SHA_256, &[])],
            content_info: seq(&[oid(forge::DATA)]),
            certificates: Some(vec![key.certificate.clone()]),
            crls,
            signers,
        }
    }

    fn signer(key: &Key) -> SignerParts {
        let mut parts = SignerParts {
            version: number(1),
            sid: key.id(),
            digest_algorithm: algorithm(forge::SHA_256, &[]),
            signed_attributes: Some(vec![
                forge::content_type(),
                forge::message_digest(CONTENT),
                attribute(
                    "2.25.329800735698586629295641978511506172918",
                    &[octets(b"x")],
                ),
            ]),
            signature_algorithm: algorithm("1.2.840.10045.4.3.2", &[]),
            value: Vec::new(),
            unsigned_attributes: Vec::new(),
        };
        parts.value = octets(&key.value(&parts.covered().unwrap()));
        parts
    }

    #[test]
    fn what_is_built_from_right_parts_verifies() {
        let key = Key::new(1);
        let der = signed(&key, vec![signer(&key).build()], tlv(0xA1, &[])).build();
        let document = Document::content("act.txt", CONTENT);
        let signed = verify_detached(&document, &der, &Expectation::new()).unwrap();
        assert_eq!(signed.checks().value(), &Check::Passed);
    }

    #[test]
    fn parts_stand_as_they_are_given() {
        let key = Key::new(1);
        let parts = SignerParts {
            signed_attributes: None,
            value: pieces(0x24, &[b"ab", b"c"]),
            unsigned_attributes: indefinite(0xA1, b"\x05\0"),
            ..signer(&key)
        };
        assert_eq!(parts.covered(), None);
        let info = parts.build();
        assert!(info.ends_with(b"\x24\x07\x04\x02ab\x04\x01c\xA1\x80\x05\0\0\0"));
        let whole = SignedDataParts {
            certificates: None,
            ..signed(&key, vec![info.clone()], Vec::new())
        };
        assert!(whole.build().ends_with(&info));
        assert_eq!(
            SignedDataParts {
                signers: vec![key.bare_signer_info(CONTENT)],
                ..whole
            }
            .build()
            .len(),
            forge::signature(&[], &[key.bare_signer_info(CONTENT)]).len()
        );
    }

    #[test]
    fn identifiers_numbers_and_lengths_are_encoded_as_x690_says() {
        assert_eq!(oid("1.2.840.113549"), b"\x06\x06\x2A\x86\x48\x86\xF7\x0D");
        assert_eq!(oid("2.25.0"), b"\x06\x02\x69\x00");
        assert_eq!(
            oid("2.999.4294967296"),
            b"\x06\x07\x88\x37\x90\x80\x80\x80\x00"
        );
        assert_eq!(number(0), b"\x02\x01\x00");
        assert_eq!(number(127), b"\x02\x01\x7F");
        assert_eq!(number(128), b"\x02\x02\x00\x80");
        assert_eq!(number(-128), b"\x02\x01\x80");
        assert_eq!(number(-129), b"\x02\x02\xFF\x7F");
        assert_eq!(long(0x04, 3, b"x"), b"\x04\x83\0\0\x01x");
    }
}
