//! The requests, certificates and revocation lists of RFC 9215, appendix D: each is signed by its own key.

use crypto_bigint::U512;
use podpis_gost::der::asn1::{AnyRef, BitStringRef};
use podpis_gost::der::{Decode, Encode, Reader, SliceReader};
use podpis_gost::spki::EncodePublicKey;
use podpis_gost::{SigningKey, VerifyingKey};
use streebog::{Digest, Streebog256, Streebog512};

use super::naive::{curve, set};

struct Example {
    appendix: &'static str,
    what: &'static str,
    /// As printed; above q in D.2.
    private: U512,
    der: Vec<u8>,
}

fn examples() -> Vec<Example> {
    include_str!("../fixtures/rfc9215.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            Example {
                appendix: fields[0],
                what: fields[1],
                private: U512::from_be_hex(&format!("{:0>128}", fields[2])),
                der: hex::decode(fields[3]).unwrap(),
            }
        })
        .collect()
}

/// The signed part and the value: all three structures are a SEQUENCE of the signed part, an algorithm and a BIT STRING.
fn parts(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut reader = SliceReader::new(der).unwrap();
    reader
        .sequence(|fields| {
            let signed: AnyRef<'_> = fields.decode()?;
            let _algorithm: AnyRef<'_> = fields.decode()?;
            let value: BitStringRef<'_> = fields.decode()?;
            Ok((signed.to_der()?, value.raw_bytes().to_vec()))
        })
        .unwrap()
}

/// The SubjectPublicKeyInfo of a request or a certificate: the first SEQUENCE that is one.
fn public_key_info(signed: &[u8]) -> Option<Vec<u8>> {
    let mut fields = SliceReader::new(AnyRef::from_der(signed).unwrap().value()).unwrap();
    while !fields.is_finished() {
        let field: AnyRef<'_> = fields.decode().unwrap();
        let der = field.to_der().unwrap();
        if VerifyingKey::from_spki_der(&der).is_ok() {
            return Some(der);
        }
    }
    None
}

/// The private key of an example, whose printed number counts modulo q.
fn private_key(example: &Example) -> SigningKey {
    let curve = curve(match example.appendix {
        "D.1" => "test-256",
        "D.2" => "tc26-256-a",
        _ => "test-512",
    });
    let (algorithm, set) = set(&curve);
    let number = curve.modulo_order(&example.private);
    SigningKey::from_scalar(algorithm, set, &curve.little_endian(&number)).unwrap()
}

#[test]
fn the_nine_values_are_right() {
    let examples = examples();
    assert_eq!(examples.len(), 9);
    for example in examples {
        let private = private_key(&example);
        let key = private.verifying_key();
        let (signed, value) = parts(&example.der);
        let digest = match key.algorithm().size() {
            32 => Streebog256::digest(&signed).to_vec(),
            _ => Streebog512::digest(&signed).to_vec(),
        };
        let reversed: Vec<u8> = digest.iter().rev().copied().collect();
        let name = format!("{} {}", example.appendix, example.what);
        assert!(key.verify(&digest, &value), "{name}");
        assert!(!key.verify(&reversed, &value), "{name}");
    }
}

#[test]
fn the_keys_are_those_of_the_private_numbers_and_are_written_the_same() {
    for example in examples()
        .into_iter()
        .filter(|example| example.what != "list")
    {
        let private = private_key(&example);
        let info = public_key_info(&parts(&example.der).0).unwrap();
        let written = private.verifying_key().to_public_key_der().unwrap();
        assert_eq!(written.as_bytes(), info);
        assert_eq!(
            private.verifying_key(),
            &VerifyingKey::from_spki_der(&info).unwrap()
        );
    }
}
