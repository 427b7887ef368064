//! Private keys: the two forms that are read, and what is refused.

use crypto_bigint::U512;
use podpis_gost::der::asn1::OctetStringRef;
use podpis_gost::der::{Encode, Tag, asn1::AnyRef};
use podpis_gost::signature::hazmat::RandomizedPrehashSigner;
use podpis_gost::signature::rand_core::OsRng;
use podpis_gost::{KeyError, SigningKey, Unsupported};

use super::naive::random::Given;
use super::naive::{curves, set};

const KEY: &[u8] = include_bytes!("../fixtures/user256.key.der");

/// The fixture with other bytes for the key; lengths stay below 128.
fn with_key(key: &[u8]) -> Vec<u8> {
    let before = &KEY[2..KEY.len() - 34];
    let key = OctetStringRef::new(key).unwrap().to_der().unwrap();
    let content = [before, &key].concat();
    AnyRef::new(Tag::Sequence, &content)
        .unwrap()
        .to_der()
        .unwrap()
}

fn scalar() -> &'static [u8] {
    &KEY[KEY.len() - 32..]
}

#[test]
fn bare_bytes_and_an_octet_string_are_the_same_key() {
    let bare = SigningKey::from_pkcs8_der(&with_key(scalar())).unwrap();
    let inner = OctetStringRef::new(scalar()).unwrap().to_der().unwrap();
    let wrapped = SigningKey::from_pkcs8_der(&with_key(&inner)).unwrap();
    assert_eq!(bare.verifying_key(), wrapped.verifying_key());
}

#[test]
fn attributes_behind_the_key_are_ignored() {
    let content = [&KEY[2..], &[0xa0, 0]].concat();
    let der = AnyRef::new(Tag::Sequence, &content)
        .unwrap()
        .to_der()
        .unwrap();
    assert!(SigningKey::from_pkcs8_der(&der).is_ok());
}

#[test]
fn masked_keys_and_integers_are_not_supported() {
    let masked = [scalar(), scalar()].concat();
    let integer = [&[2, 32][..], scalar()].concat();
    for key in [masked, integer] {
        let error = SigningKey::from_pkcs8_der(&with_key(&key)).unwrap_err();
        assert_eq!(error, KeyError::Unsupported(Unsupported::PrivateKeyForm));
    }
}

#[test]
fn a_short_key_is_refused() {
    let error = SigningKey::from_pkcs8_der(&with_key(&scalar()[1..])).unwrap_err();
    assert_eq!(error, KeyError::Length);
    let error = SigningKey::from_pkcs8_der(&KEY[..KEY.len() - 1]).unwrap_err();
    assert_eq!(error, KeyError::Malformed);
}

#[test]
fn the_number_is_above_zero_and_below_the_order() {
    for curve in curves() {
        let (algorithm, set) = set(&curve);
        let read = |number: &U512| {
            SigningKey::from_scalar(algorithm, set, &curve.little_endian(number)).map(|_| ())
        };
        assert_eq!(read(&U512::ZERO), Err(KeyError::ScalarOutOfRange));
        assert_eq!(read(&curve.q), Err(KeyError::ScalarOutOfRange));
        assert_eq!(read(&U512::ONE), Ok(()));
        assert_eq!(read(&curve.q.wrapping_sub(&U512::ONE)), Ok(()));
    }
}

#[test]
fn two_values_over_one_digest_differ_and_are_both_right() {
    let key = SigningKey::from_pkcs8_der(KEY).unwrap();
    let [one, other] = [(); 2].map(|()| key.sign_prehash_with_rng(&mut OsRng, &[7; 32]).unwrap());
    assert_ne!(one, other);
    assert!(key.verifying_key().verify(&[7; 32], one.as_bytes()));
    assert!(key.verifying_key().verify(&[7; 32], other.as_bytes()));
}

#[test]
fn a_generator_of_zeros_and_a_digest_of_another_length_end_in_an_error() {
    let key = SigningKey::from_pkcs8_der(KEY).unwrap();
    assert!(
        key.sign_prehash_with_rng(&mut Given(Vec::new()), &[7; 32])
            .is_err()
    );
    assert!(key.sign_prehash_with_rng(&mut OsRng, &[7; 64]).is_err());
}

#[test]
fn the_number_is_not_shown() {
    let key = SigningKey::from_pkcs8_der(KEY).unwrap();
    let shown = format!("{key:?}");
    assert!(shown.contains("verifying_key"));
    assert!(!shown.contains(&format!("{:?}", &scalar()[..4])[1..13]));
}
