//! What OpenSSL's engine wrote.

use podpis_gost::spki::EncodePublicKey;
use podpis_gost::{Algorithm, ParamSet, SigningKey, VerifyingKey};
use streebog::{Digest, Streebog256};

const KEY: &[u8] = include_bytes!("../fixtures/user256.spki.der");
const VALUE: &[u8] = include_bytes!("../fixtures/content.rawsig256.bin");

pub(crate) fn digest() -> Vec<u8> {
    Streebog256::digest(include_bytes!("../fixtures/content.bin")).to_vec()
}

#[test]
fn a_raw_value_over_a_file_is_right_for_that_file_alone() {
    let key = VerifyingKey::from_spki_der(KEY).unwrap();
    assert!(key.verify(&digest(), VALUE));
    let mut other = digest();
    other[0] ^= 1;
    assert!(!key.verify(&other, VALUE));
}

#[test]
fn a_key_is_written_as_it_was_read() {
    let key = VerifyingKey::from_spki_der(KEY).unwrap();
    assert_eq!(key.to_public_key_der().unwrap().as_bytes(), KEY);
    assert_eq!(key.algorithm(), Algorithm::Gost2012With256);
    assert_eq!(key.param_set(), ParamSet::CryptoProA);
    assert_eq!(key.coordinates(), &KEY[KEY.len() - 64..]);
}

#[test]
fn a_private_key_makes_the_public_key_of_its_certificate() {
    let private =
        SigningKey::from_pkcs8_der(include_bytes!("../fixtures/user256.key.der")).unwrap();
    assert_eq!(
        private.verifying_key(),
        &VerifyingKey::from_spki_der(KEY).unwrap()
    );
}

#[test]
fn private_keys_of_other_sets_are_read() {
    for (der, set) in [
        (
            include_bytes!("../fixtures/user256tc26.key.der").as_slice(),
            ParamSet::Tc26A256,
        ),
        (
            include_bytes!("../fixtures/user512.key.der").as_slice(),
            ParamSet::Tc26A512,
        ),
    ] {
        let key = SigningKey::from_pkcs8_der(der).unwrap();
        assert_eq!(key.verifying_key().param_set(), set);
    }
}
