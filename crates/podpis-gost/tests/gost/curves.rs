//! The numbers of the curves, and the arithmetic against the formulas word by word.

use crypto_bigint::U512;
use podpis_gost::signature::hazmat::RandomizedPrehashSigner;
use podpis_gost::{SigningKey, VerifyingKey};
use proptest::prelude::*;

use super::naive::random::Given;
use super::naive::{Curve, Modulo, curve, curves, little_endian, set};

#[test]
fn base_points_are_on_their_curves_and_have_the_order() {
    let curves = curves();
    assert_eq!(curves.len(), 9);
    for curve in curves {
        assert!(curve.is_on(&curve.base), "{}", curve.name);
        assert_eq!(
            curve.times(&curve.q, &Some(curve.base)),
            None,
            "{}",
            curve.name
        );
    }
}

#[test]
fn the_cofactor_is_the_one_that_hasses_bound_leaves() {
    for curve in curves() {
        let points = curve.q.wrapping_mul(&U512::from_u8(curve.cofactor));
        let expected = curve.p.wrapping_add(&U512::ONE);
        let difference = points.max(expected).wrapping_sub(&points.min(expected));
        // At most twice the root of p.
        let longest = curve.p.bits_vartime() / 2 + 2;
        assert!(difference.bits_vartime() <= longest, "{}", curve.name);
    }
}

#[test]
fn the_prime_and_the_order_are_prime() {
    for curve in curves() {
        for number in [curve.p, curve.q] {
            assert!(is_probably_prime(&number), "{}", curve.name);
        }
    }
}

/// Fermat's test for a few bases.
fn is_probably_prime(number: &U512) -> bool {
    use crypto_bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
    let parameters = DynResidueParams::new(number);
    [2_u8, 3, 5, 7].into_iter().all(|base| {
        let base = DynResidue::new(&U512::from_u8(base), parameters);
        base.pow(&number.wrapping_sub(&U512::ONE)).retrieve() == U512::ONE
    })
}

#[test]
fn an_r_that_is_a_coordinate_plus_the_prime_is_not_that_coordinate() {
    // Where q > p, r may be x + p and still be in range. Modulo p the two are the same; the value is wrong all the same.
    for name in ["test-256", "cryptopro-b", "tc26-512-b"] {
        let curve = curve(name);
        let (x, _) = curve.base;
        let r = x.wrapping_add(&curve.p);
        assert!(r < curve.q, "{name}");
        let digest = vec![3; curve.size];
        let private = U512::from_u8(5);
        let q = Modulo::new(&curve.q);
        let key = key_of(&curve, &private);
        // With the nonce 1 the sum is the base point whatever r is.
        for (r, right) in [(x, true), (r, false)] {
            let s = q.add(&q.mul(&r, &private), &curve.e(&digest));
            let value = curve.value(&r, &s);
            assert_eq!(key.verifying_key().verify(&digest, &value), right, "{name}");
            let point = curve.times(&private, &Some(curve.base));
            assert_eq!(curve.verify(&point, &digest, &r, &s), right, "{name}");
        }
    }
}

fn key_of(curve: &Curve, private: &U512) -> SigningKey {
    let (algorithm, set) = set(curve);
    SigningKey::from_scalar(algorithm, set, &curve.little_endian(private)).unwrap()
}

/// What a test draws for a curve: bytes for a private number, a digest and a nonce, and which bit to turn over.
type Draw = ([u8; 64], [u8; 64], [u8; 64], u16);

fn draw() -> impl Strategy<Value = Draw> {
    let bytes = || {
        any::<[[u8; 32]; 2]>().prop_map(|halves| {
            let mut bytes = [0; 64];
            bytes.copy_from_slice(&halves.concat());
            bytes
        })
    };
    (bytes(), bytes(), bytes(), any::<u16>())
}

fn above_zero(curve: &Curve, bytes: &[u8]) -> U512 {
    let number = curve.modulo_order(&little_endian(&bytes[..curve.size]));
    if number == U512::ZERO {
        U512::ONE
    } else {
        number
    }
}

/// Makes a key and a value, compares both with the formulas, and then a value with one bit turned over.
fn compare(name: &str, (private, digest, nonce, bit): Draw) {
    let curve = curve(name);
    let private = above_zero(&curve, &private);
    let nonce = above_zero(&curve, &nonce);
    let digest = &digest[..curve.size];

    let key = key_of(&curve, &private);
    let point = curve.times(&private, &Some(curve.base));
    assert_eq!(
        key.verifying_key().coordinates(),
        curve.coordinates(&point.unwrap())
    );

    let mut random = Given(curve.little_endian(&nonce));
    let value = key.sign_prehash_with_rng(&mut random, digest).unwrap();
    let (r, s) = curve.sign(digest, &private, &nonce);
    assert_eq!(value.as_bytes(), curve.value(&r, &s));

    let key = key.verifying_key();
    assert!(key.verify(digest, value.as_bytes()));
    assert!(curve.verify(&point, digest, &r, &s));

    let mut other = value.as_bytes().to_vec();
    let bit = usize::from(bit) % (8 * other.len());
    other[bit / 8] ^= 1 << (bit % 8);
    let number = |half: &[u8]| little_endian(&half.iter().rev().copied().collect::<Vec<_>>());
    let (s, r) = other.split_at(curve.size);
    let right = curve.verify(&point, digest, &number(r), &number(s));
    assert_eq!(key.verify(digest, &other), right);
    assert!(!right);

    let mut other = digest.to_vec();
    other[bit / 8 % curve.size] ^= 1 << (bit % 8);
    // On the curves whose q is small the two digests may be one number.
    let right = curve.e(&other) == curve.e(digest);
    assert_eq!(key.verify(&other, value.as_bytes()), right);
}

macro_rules! compare {
    ($cases:literal: $($test:ident $name:literal)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases($cases))]
            $(
                #[test]
                fn $test(draw in draw()) {
                    compare($name, draw);
                }
            )*
        }
    };
}

compare! { 8:
    test_256_is_the_formulas "test-256"
    cryptopro_a_is_the_formulas "cryptopro-a"
    cryptopro_b_is_the_formulas "cryptopro-b"
    cryptopro_c_is_the_formulas "cryptopro-c"
    tc26_256_a_is_the_formulas "tc26-256-a"
}

compare! { 3:
    test_512_is_the_formulas "test-512"
    tc26_512_a_is_the_formulas "tc26-512-a"
    tc26_512_b_is_the_formulas "tc26-512-b"
    tc26_512_c_is_the_formulas "tc26-512-c"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_for_digest_and_value_are_answered(
        digest in proptest::collection::vec(any::<u8>(), 0..130),
        value in proptest::collection::vec(any::<u8>(), 0..260),
    ) {
        let key = VerifyingKey::from_spki_der(include_bytes!("../fixtures/user256.spki.der"));
        prop_assert!(!key.unwrap().verify(&digest, &value));
    }
}
