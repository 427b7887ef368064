//! Forgeries through `podpis verify`: values that the key did not make, under any algorithm.
//!
//! **Invariant:** a forgery differs from the genuine signature in the signature algorithm and the value alone, and never
//! ends with 0.

use std::fs;
use std::path::{Path, PathBuf};

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode as _, Encode as _};
use podpis::cms::{Document, Expectation, verify_detached};

use crate::bench::{Ended, Folder, podpis};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cms/forgeries")
}

/// The genuine signatures by their names.
fn genuine() -> Vec<(String, Vec<u8>)> {
    let table = fs::read_to_string(fixtures().join("table.tsv")).unwrap();
    let names = table
        .lines()
        .skip(1)
        .map(|line| line.split('\t').next().unwrap());
    let all: Vec<_> = names
        .map(|name| (name.to_owned(), fs::read(fixtures().join(name)).unwrap()))
        .collect();
    assert!(all.len() >= 30, "the table is cut");
    all
}

/// The one signer with another value and, where one is given, under another algorithm.
pub(crate) fn forged(
    genuine: &[u8],
    algorithm: Option<&str>,
    value: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let mut outer = ContentInfo::from_der(genuine).unwrap();
    let mut signed: SignedData = outer.content.decode_as().unwrap();
    let mut signer = signed.signer_infos.0.get(0).unwrap().clone();
    if let Some(algorithm) = algorithm {
        signer.signature_algorithm.oid = ObjectIdentifier::new(algorithm).unwrap();
        signer.signature_algorithm.parameters = None;
    }
    let value = value(signer.signature.as_bytes());
    signer.signature = OctetString::new(value).unwrap();
    signed.signer_infos.0 = SetOfVec::try_from(vec![signer]).unwrap();
    outer.content = Any::encode_from(&signed).unwrap();
    outer.to_der().unwrap()
}

const ALGORITHMS: [Option<&str>; 7] = [
    None,
    Some("1.2.643.7.1.1.1.1"),      // GOST R 34.10-2012, 256 bit
    Some("1.2.840.113549.1.1.11"),  // RSA with SHA-256
    Some("1.2.840.10045.4.3.2"),    // ECDSA with SHA-256
    Some("1.3.101.112"),            // Ed25519
    Some("2.16.840.1.101.3.4.2.1"), // SHA-256, no signature algorithm at all
    Some("1.2.3.4.5"),              // nothing
];

/// A value in the place of a genuine one.
type Junk = fn(&[u8]) -> Vec<u8>;

/// Values that the key did not make.
const JUNK: [Junk; 7] = [
    |_| Vec::new(),
    |value| vec![0; value.len()],
    |value| vec![0xFF; value.len()],
    |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0],
    |_| vec![0x30, 6, 2, 1, 1, 2, 1, 1],
    |value| {
        value
            .iter()
            .enumerate()
            .map(|(at, byte)| byte ^ u8::from(at + 1 == value.len()))
            .collect()
    },
    |value| value[..value.len() - 1].to_vec(),
];

#[test]
fn no_forgery_ends_with_0() {
    let folder = Folder::new();
    let contract = fs::read(fixtures().join("contract.txt")).unwrap();
    let mut files = Vec::new();
    for (name, genuine) in genuine() {
        for (number, algorithm) in ALGORITHMS.iter().enumerate() {
            for (junk, value) in JUNK.iter().enumerate() {
                let file = format!("{name}-{number}-{junk}");
                folder.file(&format!("{file}.p7s"), forged(&genuine, *algorithm, value));
                folder.file(&file, &contract);
                files.push(file);
            }
        }
    }
    let mut all = podpis();
    all.current_dir(folder.root())
        .args(["verify", "--json", "--all"]);
    let ended = Ended::of(all.args(&files));
    assert_eq!(ended.code, 1);
    let objects = ended.objects();
    assert_eq!(objects.len(), files.len());
    for (object, file) in objects.iter().zip(&files) {
        assert_eq!(object["file"], file.as_str());
        assert_ne!(object["proven"], true, "{object}");
        assert_ne!(object["checks"]["value"], "passed", "{object}");
    }

    // Each kind alone, too, with the ending of its own.
    for object in objects.iter().step_by(JUNK.len() * 3 + 1) {
        let file = object["file"].as_str().unwrap();
        let mut one = podpis();
        one.current_dir(folder.root())
            .args(["verify", "--all", file]);
        let expected = if object["error"].is_object() { 1 } else { 3 };
        assert_eq!(Ended::of(&mut one).code, expected, "{object}");
    }
}

#[test]
fn the_genuine_ones_end_with_0_where_their_values_can_be_verified() {
    let contract = fs::read(fixtures().join("contract.txt")).unwrap();
    let mut proven = 0;
    for (name, genuine) in genuine() {
        let document = Document::content("contract.txt", &contract);
        let signed = verify_detached(&document, &genuine, &Expectation::new()).unwrap();
        let is_proven = signed.checks().is_proven();
        proven += usize::from(is_proven);
        let ending = |content: &str| {
            let mut command = podpis();
            command
                .current_dir(fixtures())
                .args(["verify", content, &name]);
            Ended::of(&mut command).code
        };
        assert_eq!(
            ending("contract.txt"),
            if is_proven { 0 } else { 3 },
            "{name}"
        );
        assert_ne!(ending("other.txt"), 0, "{name}");
    }
    assert!(proven >= 28, "{proven}");
}
