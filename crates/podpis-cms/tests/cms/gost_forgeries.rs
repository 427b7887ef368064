//! No GOST key is believed to have made what it did not make, whatever algorithm is stated.
//!
//! **Invariant:** a forgery differs from a right signature in what its test names, and in nothing else.

use gost94::Gost94CryptoPro;
use podpis_cms::{BindError, Check, Document, Expectation, Signed, verify_detached};
use podpis_gost::Algorithm;
use sha2::Sha256;
use streebog::{Digest as _, Streebog256, Streebog512};

use crate::builder::{SignerParts, algorithm};
use crate::forge::{self, attribute, octets, seq, tlv};
use crate::forgeries::{ALGORITHMS, UNKNOWN, junk, parameters};
use crate::gost_key::{GostKey, kinds};

const CONTENT: &[u8] = b"The act is signed.";

fn keys() -> impl Iterator<Item = GostKey> {
    (1..)
        .zip(kinds())
        .map(|(number, kind)| GostKey::new(number, kind))
}

fn verify(key: &GostKey, parts: &SignerParts) -> Result<Signed, BindError> {
    let document = Document::content("act.txt", CONTENT);
    verify_detached(&document, &key.message(parts), &Expectation::new())
}

/// A known algorithm: the value is wrong, or without signed attributes for another file.
#[track_caller]
fn assert_refused(result: Result<Signed, BindError>) {
    assert!(
        matches!(
            result,
            Err(BindError::WrongValue { .. } | BindError::Mismatch(_))
        ),
        "{result:?}"
    );
}

/// Numbers in the other order, little-endian, as ECDSA writes them, and of other lengths.
fn rearranged(value: &[u8]) -> Vec<Vec<u8>> {
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    let (s, r) = value.split_at(value.len() / 2);
    let integer = |number: &[u8]| tlv(0x02, &[&[0], number].concat());
    vec![
        [r, s].concat(),
        reversed(value),
        [reversed(s), reversed(r)].concat(),
        seq(&[integer(r), integer(s)]),
        seq(&[integer(s), integer(r)]),
        [&[0], s, &[0], r].concat(),
        [&s[1..], &r[1..]].concat(),
        s.to_vec(),
        r.to_vec(),
        [value, value].concat(),
    ]
}

/// The value inside its OCTET STRING.
fn value_of(key: &GostKey, parts: &SignerParts) -> Vec<u8> {
    let size = 2 * key.algorithm().size();
    parts.value[parts.value.len() - size..].to_vec()
}

#[test]
fn no_key_believes_junk_under_its_own_algorithms() {
    for key in keys() {
        for is_bare in [false, true] {
            let mut parts = key.parts(CONTENT, is_bare);
            assert!(verify(&key, &parts).unwrap().checks().is_proven());
            let value = value_of(&key, &parts);
            for junk in junk(&value).into_iter().chain(rearranged(&value)) {
                parts.value = octets(&junk);
                for stated in own(key.algorithm()) {
                    parts.signature_algorithm = algorithm(stated, &[]);
                    assert_refused(verify(&key, &parts));
                }
            }
        }
    }
}

/// A key of each algorithm; that other sets change nothing under a foreign algorithm follows.
#[test]
fn no_key_believes_junk_under_any_algorithm() {
    for of in Algorithm::ALL {
        let key = keys().find(|key| key.algorithm() == of).unwrap();
        for is_bare in [false, true] {
            let mut parts = key.parts(CONTENT, is_bare);
            let value = value_of(&key, &parts);
            for junk in junk(&value).into_iter().chain(rearranged(&value)) {
                parts.value = octets(&junk);
                for stated in ALGORITHMS.iter().chain(UNKNOWN) {
                    for parameters in parameters(stated) {
                        let parameters = parameters.unwrap_or_default();
                        parts.signature_algorithm = algorithm(stated, &parameters);
                        if let Ok(signed) = verify(&key, &parts) {
                            let checks = signed.checks();
                            assert!(!checks.value().is_passed(), "{stated} {junk:02X?}");
                            assert!(!checks.is_proven());
                        }
                    }
                }
            }
        }
    }
}

/// The identifier of the key, and the one with the digest.
fn own(key: Algorithm) -> [&'static str; 2] {
    match key {
        Algorithm::Gost2001 => ["1.2.643.2.2.19", "1.2.643.2.2.3"],
        Algorithm::Gost2012With256 => ["1.2.643.7.1.1.1.1", "1.2.643.7.1.1.3.2"],
        _ => ["1.2.643.7.1.1.1.2", "1.2.643.7.1.1.3.3"],
    }
}

#[test]
fn a_right_value_is_right_under_the_algorithm_of_its_key_alone() {
    for key in keys() {
        let own = own(key.algorithm());
        for is_bare in [false, true] {
            let mut parts = key.parts(CONTENT, is_bare);
            for stated in ALGORITHMS {
                parts.signature_algorithm = algorithm(stated, &[5, 0]);
                let result = verify(&key, &parts);
                if own.contains(stated) {
                    assert!(result.unwrap().checks().is_proven());
                } else if let Ok(signed) = result {
                    // What names no signature algorithm at all is not known.
                    assert!(matches!(signed.checks().value(), Check::NotChecked(_)));
                    assert_eq!(Some(stated), ALGORITHMS.last());
                } else if !matches!(result, Err(BindError::Digest { .. })) {
                    // Over a digest that proves nothing, such as MD5, it is refused for that.
                    assert_refused(result);
                }
            }
        }
    }
}

/// A digest function with its identifier.
type Function = (&'static str, fn(&[u8]) -> Vec<u8>);

const FUNCTIONS: [Function; 4] = [
    ("1.2.643.2.2.9", |bytes| {
        Gost94CryptoPro::digest(bytes).to_vec()
    }),
    ("1.2.643.7.1.1.2.2", |bytes| {
        Streebog256::digest(bytes).to_vec()
    }),
    ("1.2.643.7.1.1.2.3", |bytes| {
        Streebog512::digest(bytes).to_vec()
    }),
    ("2.16.840.1.101.3.4.2.1", |bytes| {
        Sha256::digest(bytes).to_vec()
    }),
];

/// The key itself made the value, over a digest that does not go with it, cut or filled up to its size.
#[test]
fn a_digest_that_does_not_go_with_the_key_is_refused() {
    let mut refused = 0;
    for key in keys() {
        let fitting = key.digest(CONTENT);
        for (identifier, digest) in FUNCTIONS {
            if digest(CONTENT) == fitting {
                continue;
            }
            let value = |message: &[u8]| {
                let mut digest = digest(message);
                digest.resize(fitting.len(), 0);
                octets(&key.value_of(&digest))
            };
            let mut parts = key.bare(CONTENT);
            parts.digest_algorithm = algorithm(identifier, &[]);
            parts.value = value(CONTENT);
            assert_refused(verify(&key, &parts));
            let stated = attribute(forge::MESSAGE_DIGEST, &[octets(&digest(CONTENT))]);
            parts.signed_attributes = Some(vec![forge::content_type(), stated]);
            parts.value = value(&parts.covered().unwrap());
            assert_refused(verify(&key, &parts));
            refused += 1;
        }
    }
    assert_eq!(refused, 3 * kinds().count());
}
