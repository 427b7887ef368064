//! Keys and values of GOST R 34.10.

use std::collections::HashMap;

use podpis_gost::{Signature, SigningKey, VerifyingKey};

use super::bytes::{change_bytes, changed};
use super::corpus::{file, hexadecimal};
use super::der::change_der;
use super::run::{Bound, Linear, Tried, fuzz};

const BOUND: Bound = Bound {
    allocations: Linear {
        least: 50,
        per_byte: 1,
    },
    bytes: Linear {
        least: 100_000,
        per_byte: 50,
    },
};

/// The rows of the table of this sort, with the columns after it.
fn rows(sort: &str) -> Vec<Vec<String>> {
    let table = String::from_utf8(file("podpis-gost/tests/fixtures/values.tsv")).unwrap();
    let rows = table
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.filter(|row| row[0] == sort).collect()
}

pub(super) fn gost_keys() {
    let mut seeds: Vec<Vec<u8>> = rows("key").iter().map(|row| hexadecimal(&row[2])).collect();
    for name in [
        "user256.key.der",
        "user256tc26.key.der",
        "user512.key.der",
        "user256.spki.der",
    ] {
        seeds.push(file(&format!("podpis-gost/tests/fixtures/{name}")));
    }
    fuzz("gost_keys", 2_000, BOUND, |numbers| {
        let input = changed(&seeds, change_der, numbers);
        Tried::new(input, |bytes| {
            let key = VerifyingKey::from_spki_der(bytes).ok();
            let secret = SigningKey::from_pkcs8_der(bytes).ok();
            if let Some(key) = key
                .as_ref()
                .or(secret.as_ref().map(SigningKey::verifying_key))
            {
                let _ = format!("{key:?} {:?} {:?}", key.algorithm(), key.param_set());
                let _ = key.verify(bytes, bytes);
            }
        })
    });
}

pub(super) fn gost_values() {
    // Some of the keys are none, on purpose.
    let keys = rows("key").into_iter().filter_map(|row| {
        let key = VerifyingKey::from_spki_der(&hexadecimal(&row[2])).ok()?;
        Some((row[1].clone(), key))
    });
    let keys: HashMap<String, VerifyingKey> = keys.collect();
    let cases = rows("value").into_iter().filter_map(|row| {
        let key = keys.get(&row[1])?.clone();
        Some((key, hexadecimal(&row[4]), hexadecimal(&row[5])))
    });
    let cases: Vec<_> = cases.collect();
    let values: Vec<Vec<u8>> = cases.iter().map(|(.., value)| value.clone()).collect();
    fuzz("gost_values", 200, BOUND, |numbers| {
        let (key, digest, value) = numbers.one_of(&cases).clone();
        let input = match numbers.below(4) {
            0 => value,
            1 => changed(&values, change_bytes, numbers),
            _ => {
                // As long as a value is, so that it is calculated with.
                let mut value = value;
                for _ in 0..=numbers.below(4) {
                    let at = numbers.below(value.len());
                    if let Some(byte) = value.get_mut(at) {
                        *byte = *numbers.one_of(&[0, 1, 0xff, *byte ^ 1]);
                    }
                }
                value
            }
        };
        Tried::new(input, |bytes| {
            let _ = Signature::try_from(bytes).is_ok();
            let _ = key.verify(&digest, bytes);
            let _ = key.verify(bytes, &digest);
        })
    });
}
