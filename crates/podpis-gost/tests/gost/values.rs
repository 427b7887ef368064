//! The table of values: every set, every edge, good and bad.

use std::collections::HashMap;

use podpis_gost::signature::SignatureEncoding;
use podpis_gost::signature::hazmat::PrehashVerifier;
use podpis_gost::spki::SignatureBitStringEncoding;
use podpis_gost::{KeyError, Signature, VerifyingKey};

const TABLE: &str = include_str!("../fixtures/values.tsv");

#[test]
fn every_value_of_the_table_is_judged_rightly() {
    let mut keys: HashMap<&str, Result<VerifyingKey, KeyError>> = HashMap::new();
    let mut wrong = Vec::new();
    let mut judged = 0;
    for line in TABLE.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["key", name, info] => {
                let info = base16ct::mixed::decode_vec(info).unwrap();
                keys.insert(name, VerifyingKey::from_spki_der(&info));
            }
            ["value", name, case, right, digest, value] => {
                let (digest, value) = (
                    base16ct::mixed::decode_vec(digest).unwrap(),
                    base16ct::mixed::decode_vec(value).unwrap(),
                );
                let valid = keys[name]
                    .as_ref()
                    .is_ok_and(|key| key.verify(&digest, &value));
                judged += 1;
                if valid != (right == "valid") {
                    wrong.push(format!("{name} {case}"));
                }
            }
            _ => panic!("not a line of the table: {line}"),
        }
    }
    assert_eq!((judged, wrong), (96, Vec::<String>::new()));
}

#[test]
fn keys_of_the_table_are_refused_for_what_is_wrong_with_them() {
    let refused: Vec<(&str, KeyError)> = TABLE
        .lines()
        .filter_map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            ["key", name, info] => {
                let info = base16ct::mixed::decode_vec(info).unwrap();
                Some((name, VerifyingKey::from_spki_der(&info).err()?))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        refused,
        [
            ("cryptopro-a.3", KeyError::NotOnCurve),
            ("cryptopro-b.3", KeyError::NotOnCurve),
            ("tc26-256-a.5", KeyError::NotOnCurve),
            ("tc26-256-a.6", KeyError::NotOnCurve),
            ("tc26-256-a.7", KeyError::Malformed),
            ("tc26-512-a.3", KeyError::NotOnCurve),
            ("tc26-512-c.3", KeyError::NotOnCurve),
            ("tc26-512-c.4", KeyError::NotOnCurve),
            ("tc26-512-c.5", KeyError::Malformed),
        ]
    );
}

#[test]
fn the_trait_says_the_same_as_the_method() {
    let key = VerifyingKey::from_spki_der(include_bytes!("../fixtures/user256.spki.der")).unwrap();
    let value = include_bytes!("../fixtures/content.rawsig256.bin");
    let signature = Signature::try_from(value.as_slice()).unwrap();
    let digest = super::engine::digest();
    assert!(key.verify_prehash(&digest, &signature).is_ok());
    assert!(key.verify_prehash(&[1; 32], &signature).is_err());
    assert_eq!(signature.as_bytes(), value);
    assert_eq!(signature.to_bitstring().unwrap().raw_bytes(), value);
    assert_eq!(signature.to_vec(), value);
    assert!(Signature::try_from(&value[1..]).is_err());
}
