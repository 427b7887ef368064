//! What RFC 9215, RFC 4491, RFC 4490 and TC 26 print: requests, certificates and revocation lists signed by their own
//! keys, and a message.

use crypto_bigint::U512;
use gost94::Gost94CryptoPro;
use podpis_gost::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use podpis_gost::der::{Decode, Encode, Reader, SliceReader};
use podpis_gost::spki::EncodePublicKey;
use podpis_gost::{Algorithm, KeyError, ParamSet, SigningKey, Unsupported, VerifyingKey};
use streebog::{Digest, Streebog256, Streebog512};

use super::naive::curve;

struct Example {
    source: &'static str,
    what: &'static str,
    /// Big-endian, as printed; above q in D.2 of RFC 9215.
    private: &'static str,
    der: Vec<u8>,
}

fn examples() -> Vec<Example> {
    include_str!("../fixtures/signed.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [source, what, private, der] => Example {
                source,
                what,
                private,
                der: base16ct::mixed::decode_vec(der).unwrap(),
            },
            _ => panic!("not a line of the table: {line}"),
        })
        .collect()
}

/// The private key of an example, whose printed number counts modulo q. `None` for the one of GOST R 34.10-94.
fn private_key(example: &Example) -> Option<SigningKey> {
    let (algorithm, set, curve_name) = match example.source {
        "RFC 9215, D.1" => (Algorithm::Gost2012With256, ParamSet::Test256, "test-256"),
        "RFC 9215, D.2" => (Algorithm::Gost2012With256, ParamSet::Tc26A256, "tc26-256-a"),
        "RFC 9215, D.3" => (Algorithm::Gost2012With512, ParamSet::Test512, "test-512"),
        "RFC 4491, 4.2" => (Algorithm::Gost2001, ParamSet::CryptoProXchA, "cryptopro-a"),
        "TC 26, 256 bit" => (
            Algorithm::Gost2012With256,
            ParamSet::CryptoProXchA,
            "cryptopro-a",
        ),
        "TC 26, 512 bit" => (Algorithm::Gost2012With512, ParamSet::Tc26B512, "tc26-512-b"),
        _ => return None,
    };
    let curve = curve(curve_name);
    let number = U512::from_be_hex(&format!("{:0>128}", example.private));
    let scalar = curve.little_endian(&curve.modulo_order(&number));
    Some(SigningKey::from_scalar(algorithm, set, &scalar).unwrap())
}

fn digest(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Gost2001 => Gost94CryptoPro::digest(bytes).to_vec(),
        Algorithm::Gost2012With256 => Streebog256::digest(bytes).to_vec(),
        _ => Streebog512::digest(bytes).to_vec(),
    }
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

/// What reading each field of a request or a certificate as a key ends with, where it is not something else.
fn public_keys(signed: &[u8]) -> Vec<(Vec<u8>, Result<VerifyingKey, KeyError>)> {
    let mut fields = SliceReader::new(AnyRef::from_der(signed).unwrap().value()).unwrap();
    let mut keys = Vec::new();
    while !fields.is_finished() {
        let field: AnyRef<'_> = fields.decode().unwrap();
        let der = field.to_der().unwrap();
        let key = VerifyingKey::from_spki_der(&der);
        if key != Err(KeyError::Malformed) {
            keys.push((der, key));
        }
    }
    keys
}

#[test]
fn the_printed_values_are_right() {
    let mut checked = 0;
    for example in examples() {
        let Some(private) = private_key(&example) else {
            continue;
        };
        let key = private.verifying_key();
        let (signed, value) = parts(&example.der);
        let digest = digest(key.algorithm(), &signed);
        let reversed: Vec<u8> = digest.iter().rev().copied().collect();
        let name = format!("{} {}", example.source, example.what);
        assert!(key.verify(&digest, &value), "{name}");
        assert!(!key.verify(&reversed, &value), "{name}");
        checked += 1;
    }
    assert_eq!(checked, 12);
}

#[test]
fn the_printed_keys_are_those_of_the_private_numbers() {
    for example in examples().iter().filter(|example| example.what != "list") {
        let Some(private) = private_key(example) else {
            continue;
        };
        let keys = public_keys(&parts(&example.der).0);
        let [(info, Ok(key))] = &keys[..] else {
            panic!("{}: {keys:?}", example.source);
        };
        assert_eq!(private.verifying_key(), key, "{}", example.source);
        // TC 26's own certificate names the digest of a set of TC 26, which RFC 9215 leaves out.
        if example.source != "TC 26, 512 bit" {
            let written = private.verifying_key().to_public_key_der().unwrap();
            assert_eq!(written.as_bytes(), info, "{}", example.source);
        }
    }
}

#[test]
fn a_key_of_gost_r_34_10_94_is_not_supported() {
    let examples = examples();
    let example = examples
        .iter()
        .find(|example| example.private == "-")
        .unwrap();
    let keys = public_keys(&parts(&example.der).0);
    let oid = ObjectIdentifier::new_unwrap("1.2.643.2.2.20");
    let [(_, Err(error))] = &keys[..] else {
        panic!("{keys:?}");
    };
    assert_eq!(*error, KeyError::Unsupported(Unsupported::Algorithm(oid)));
}

#[test]
fn the_value_of_the_message_of_rfc_4490_is_right() {
    let examples = examples();
    let signer = examples
        .iter()
        .find(|example| example.source == "RFC 4491, 4.2")
        .unwrap();
    let key = private_key(signer).unwrap();
    let value = base16ct::mixed::decode_vec(
        "c0c342d93f8ffe2511118877bf89c3db834204d620f9682a99f6fe303be4f4c8\
         f8d5b4dafbe1c69167341fbca67a0d127bfd1025c651db8db2f48c717eed72a9",
    )
    .unwrap();
    let key = key.verifying_key();
    assert!(key.verify(&digest(key.algorithm(), b"sample text\n"), &value));
    assert!(!key.verify(&digest(key.algorithm(), b"sample text"), &value));
}
