//! No forgery is believed: any key, any signature algorithm, any value that its key did not make.
//!
//! **Invariant:** forgeries are made from genuine signatures and differ from them in the signature
//! algorithm and the value alone.

use std::fs;
use std::path::PathBuf;

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode as _, Encode as _};
use podpis_cms::{BindError, Check, Document, Expectation, Reason, Signed, verify_detached};

use crate::builder::{self, number};
use crate::fixture;
use crate::forge::{seq, tlv};

/// A genuine signature and what its row says.
struct Genuine {
    file: String,
    signed_attributes: bool,
    bytes: Vec<u8>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forgeries")
}

const CONTRACT: &[u8] = fixture!("forgeries/contract.txt");

fn genuine() -> Vec<Genuine> {
    let table = fs::read_to_string(folder().join("table.tsv")).unwrap();
    let all: Vec<Genuine> = table
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            Genuine {
                file: columns[0].to_owned(),
                signed_attributes: columns[4] == "yes",
                bytes: fs::read(folder().join(columns[0])).unwrap(),
            }
        })
        .collect();
    assert!(all.len() >= 30, "the table is cut");
    all
}

fn verify(signature: &[u8]) -> Result<Signed, BindError> {
    let document = Document::content("contract.txt", CONTRACT);
    verify_detached(&document, signature, &Expectation::new())
}

/// Every signature algorithm that is known, and what is none.
pub(crate) const ALGORITHMS: &[&str] = &[
    "1.2.643.2.2.20",          // GOST R 34.10-94
    "1.2.643.2.2.4",           // with GOST R 34.11-94
    "1.2.643.2.2.19",          // GOST R 34.10-2001
    "1.2.643.2.2.3",           // with GOST R 34.11-94
    "1.2.643.7.1.1.1.1",       // GOST R 34.10-2012, 256 bit
    "1.2.643.7.1.1.1.2",       // 512 bit
    "1.2.643.7.1.1.3.2",       // with Streebog-256
    "1.2.643.7.1.1.3.3",       // with Streebog-512
    "1.2.840.113549.1.1.1",    // RSA
    "1.2.840.113549.1.1.4",    // with MD5
    "1.2.840.113549.1.1.5",    // with SHA-1
    "1.2.840.113549.1.1.10",   // RSASSA-PSS
    "1.2.840.113549.1.1.11",   // with SHA-256
    "1.2.840.113549.1.1.12",   // with SHA-384
    "1.2.840.113549.1.1.13",   // with SHA-512
    "1.2.840.113549.1.1.14",   // with SHA-224
    "2.16.840.1.101.3.4.3.13", // with SHA3-224
    "2.16.840.1.101.3.4.3.14", // with SHA3-256
    "2.16.840.1.101.3.4.3.15", // with SHA3-384
    "2.16.840.1.101.3.4.3.16", // with SHA3-512
    "1.2.840.10045.2.1",       // id-ecPublicKey
    "1.2.840.10045.4.1",       // ECDSA with SHA-1
    "1.2.840.10045.4.3.1",     // with SHA-224
    "1.2.840.10045.4.3.2",     // with SHA-256
    "1.2.840.10045.4.3.3",     // with SHA-384
    "1.2.840.10045.4.3.4",     // with SHA-512
    "2.16.840.1.101.3.4.3.9",  // with SHA3-224
    "2.16.840.1.101.3.4.3.10", // with SHA3-256
    "2.16.840.1.101.3.4.3.11", // with SHA3-384
    "2.16.840.1.101.3.4.3.12", // with SHA3-512
    "1.2.840.10040.4.1",       // DSA
    "1.2.840.10040.4.3",       // with SHA-1
    "2.16.840.1.101.3.4.3.1",  // with SHA-224
    "2.16.840.1.101.3.4.3.2",  // with SHA-256
    "1.3.101.112",             // Ed25519
    "1.3.101.113",             // Ed448
    "2.16.840.1.101.3.4.2.1",  // SHA-256, no signature algorithm at all
];

/// Identifiers of nothing.
pub(crate) const UNKNOWN: &[&str] = &["1.2.3.4.5", "2.25.12345"];

/// Parameters that the algorithm may be given: none, NULL, and for RSASSA-PSS its own.
pub(crate) fn parameters(algorithm: &str) -> Vec<Option<Vec<u8>>> {
    let mut all = vec![None, Some(vec![5, 0])];
    if algorithm == "1.2.840.113549.1.1.10" {
        for (digest, salt) in [
            ("2.16.840.1.101.3.4.2.1", 32),
            ("2.16.840.1.101.3.4.2.3", 64),
        ] {
            let digest = builder::algorithm(digest, &[5, 0]);
            all.push(Some(seq(&[
                tlv(0xA0, &digest),
                tlv(0xA1, &builder::algorithm("1.2.840.113549.1.1.8", &digest)),
                tlv(0xA2, &number(salt)),
            ])));
        }
    }
    all
}

/// The one signer's algorithm and value replaced; `None` keeps the algorithm.
fn forged(genuine: &[u8], algorithm: Option<(&str, Option<&[u8]>)>, value: &[u8]) -> Vec<u8> {
    let mut outer = ContentInfo::from_der(genuine).unwrap();
    let mut signed: SignedData = outer.content.decode_as().unwrap();
    let mut signer = signed.signer_infos.0.get(0).unwrap().clone();
    if let Some((identifier, parameters)) = algorithm {
        signer.signature_algorithm.oid = ObjectIdentifier::new(identifier).unwrap();
        signer.signature_algorithm.parameters = parameters.map(|p| Any::from_der(p).unwrap());
    }
    signer.signature = OctetString::new(value).unwrap();
    signed.signer_infos.0 = SetOfVec::try_from(vec![signer]).unwrap();
    outer.content = Any::encode_from(&signed).unwrap();
    outer.to_der().unwrap()
}

fn genuine_value(genuine: &[u8]) -> Vec<u8> {
    let outer = ContentInfo::from_der(genuine).unwrap();
    let signed: SignedData = outer.content.decode_as().unwrap();
    let signer = signed.signer_infos.0.get(0).unwrap();
    signer.signature.as_bytes().to_vec()
}

/// Values that the key did not make for this message, by the one that it made.
pub(crate) fn junk(value: &[u8]) -> Vec<Vec<u8>> {
    let flipped = |at: usize| {
        let mut value = value.to_vec();
        value[at] ^= 1;
        value
    };
    let pair = |r: i128, s: i128| seq(&[number(r), number(s)]);
    vec![
        Vec::new(),
        vec![0],
        vec![0; value.len()],
        vec![0xFF; value.len()],
        vec![0; 64],
        vec![0; 128],
        // One in each half, as GOST numbers stand.
        [[0_u8; 31].as_slice(), &[1], &[0; 31], &[1]].concat(),
        [[0_u8; 63].as_slice(), &[1], &[0; 63], &[1]].concat(),
        [vec![0; value.len() - 1], vec![1]].concat(),
        pair(0, 0),
        pair(0, 1),
        pair(1, 0),
        pair(1, 1),
        pair(-1, -1),
        flipped(0),
        flipped(value.len() - 1),
        flipped(value.len() / 2),
        value[..value.len() - 1].to_vec(),
        [value, &[0]].concat(),
        [&[0], value].concat(),
    ]
}

/// Nothing here may be passed, whatever else is said.
#[track_caller]
fn assert_not_believed(what: &str, forgery: &[u8]) {
    if let Ok(signed) = verify(forgery) {
        let checks = signed.checks();
        assert!(
            !checks.value().is_passed(),
            "{what}: value {}",
            checks.value()
        );
        assert!(!checks.is_proven(), "{what} is proven");
    }
}

#[test]
fn the_genuine_ones_bind_to_their_content_alone() {
    for genuine in genuine() {
        let file = &genuine.file;
        // The cms crate writes what was there: only then do forgeries differ in one place.
        let again = forged(&genuine.bytes, None, &genuine_value(&genuine.bytes));
        assert_eq!(again, genuine.bytes, "{file}");
        let signed = verify(&genuine.bytes).unwrap();
        if genuine.signed_attributes {
            assert_eq!(signed.checks().digest(), &Check::Passed, "{file}");
        }
        let other = fs::read(folder().join("other.txt")).unwrap();
        let other = Document::content("other.txt", &other);
        let refused = verify_detached(&other, &genuine.bytes, &Expectation::new());
        assert!(matches!(refused, Err(BindError::Mismatch(_))), "{file}");
    }
}

#[test]
fn the_genuine_ones_of_every_verified_key_are_proven() {
    for genuine in genuine() {
        let signed = verify(&genuine.bytes).unwrap();
        assert!(signed.checks().is_proven(), "{}", genuine.file);
    }
}

#[test]
fn junk_under_the_genuine_algorithm_is_not_believed() {
    for genuine in genuine() {
        for (index, value) in junk(&genuine_value(&genuine.bytes)).iter().enumerate() {
            let what = format!("{} with junk {index}", genuine.file);
            assert_not_believed(&what, &forged(&genuine.bytes, None, value));
        }
    }
}

#[test]
fn junk_under_any_algorithm_is_not_believed() {
    for genuine in genuine() {
        for value in junk(&genuine_value(&genuine.bytes)) {
            for algorithm in ALGORITHMS.iter().chain(UNKNOWN) {
                for parameters in parameters(algorithm) {
                    let forgery = forged(
                        &genuine.bytes,
                        Some((algorithm, parameters.as_deref())),
                        &value,
                    );
                    let what = format!("{} under {algorithm} {parameters:02X?}", genuine.file);
                    assert_not_believed(&what, &forgery);
                }
            }
        }
    }
}

/// The genuine value proves nothing under an algorithm that nobody knows.
#[test]
fn an_unknown_algorithm_is_named_and_not_believed() {
    for genuine in genuine().iter().filter(|genuine| genuine.signed_attributes) {
        let value = genuine_value(&genuine.bytes);
        for algorithm in UNKNOWN {
            let forgery = forged(&genuine.bytes, Some((algorithm, None)), &value);
            let signed = verify(&forgery).unwrap();
            assert_eq!(
                signed.checks().value(),
                &Check::NotChecked(Reason::Algorithm((*algorithm).to_owned())),
                "{}",
                genuine.file
            );
            assert!(!signed.checks().is_proven());
        }
    }
}

/// The value of one signature in another by the same key.
#[test]
fn a_value_of_another_signature_is_not_believed() {
    let all = genuine();
    for one in &all {
        for other in all.iter().filter(|other| other.file != one.file) {
            let what = format!("{} with the value of {}", one.file, other.file);
            let forgery = forged(&one.bytes, None, &genuine_value(&other.bytes));
            assert_not_believed(&what, &forgery);
        }
    }
}
