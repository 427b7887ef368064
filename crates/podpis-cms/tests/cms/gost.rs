//! A real GOST R 34.10-2012 verification on the CryptoPro-A curve, plugged in: it proves that a
//! [`Verifier`] is handed all it needs. Slow and for tests only.

use std::sync::Arc;

use podpis_cms::{
    BindError, DigestAlgorithm, Document, Expectation, SignatureAlgorithm, Verdict, Verifier,
    VerifierError, VerifyRequest, verify_detached,
};
use rsa::BigUint;

use crate::fixture;

#[derive(Debug)]
struct CryptoProA;

type Point = Option<(BigUint, BigUint)>;

fn number(text: &str) -> BigUint {
    BigUint::parse_bytes(text.as_bytes(), 16).unwrap()
}

fn field() -> BigUint {
    number("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97")
}

fn order() -> BigUint {
    number("ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893")
}

fn base() -> Point {
    let y = number("8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14");
    Some((BigUint::from(1_u8), y))
}

/// By Fermat: the modulus is prime.
fn inverse(value: &BigUint, modulus: &BigUint) -> BigUint {
    value.modpow(&(modulus - 2_u8), modulus)
}

fn minus(left: &BigUint, right: &BigUint, modulus: &BigUint) -> BigUint {
    (left % modulus + modulus - right % modulus) % modulus
}

fn add(left: &Point, right: &Point) -> Point {
    let p = field();
    let (Some((x1, y1)), Some((x2, y2))) = (left, right) else {
        return left.clone().or_else(|| right.clone());
    };
    let slope = if x1 == x2 {
        if (y1 + y2) % &p == BigUint::default() {
            return None;
        }
        // The curve's a is -3.
        (x1 * x1 * 3_u8 + (&p - 3_u8)) * inverse(&(y1 * 2_u8), &p) % &p
    } else {
        minus(y2, y1, &p) * inverse(&minus(x2, x1, &p), &p) % &p
    };
    let x = minus(&(&slope * &slope), &(x1 + x2), &p);
    let y = minus(&(slope * minus(x1, &x, &p)), y1, &p);
    Some((x, y))
}

fn multiply(point: &Point, by: &BigUint) -> Point {
    by.to_bytes_be()
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .fold(None, |sum, bit| {
            let doubled = add(&sum, &sum);
            if bit == 1 {
                add(&doubled, point)
            } else {
                doubled
            }
        })
}

impl Verifier for CryptoProA {
    fn verify(&self, request: &VerifyRequest<'_>) -> Result<Verdict, VerifierError> {
        if request.signature_algorithm() != &SignatureAlgorithm::Gost2012_256 {
            return Ok(Verdict::Unsupported);
        }
        assert_eq!(request.digest_algorithm(), &DigestAlgorithm::Streebog256);
        let q = order();
        let (s, r) = request.value().split_at(32);
        let (s, r) = (BigUint::from_bytes_be(s), BigUint::from_bytes_be(r));
        let key = &request.spki_der()[request.spki_der().len() - 64..];
        let key = Some((
            BigUint::from_bytes_le(&key[..32]),
            BigUint::from_bytes_le(&key[32..]),
        ));
        let e = BigUint::from_bytes_le(request.digest().ok_or("no digest")?) % &q;
        let v = inverse(&e, &q);
        let z1 = &s * &v % &q;
        let z2 = minus(&BigUint::default(), &(&r * &v), &q);
        let sum = add(&multiply(&base(), &z1), &multiply(&key, &z2));
        Ok(match sum {
            Some((x, _)) if &x % &q == r => Verdict::Valid,
            _ => Verdict::Invalid,
        })
    }
}

fn expectation() -> Expectation {
    Expectation::new().verifier(Arc::new(CryptoProA))
}

#[test]
fn gost_signatures_by_openssl_verify() {
    let content = fixture!("gost/content.bin");
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256.keyid.p7s"),
        fixture!("gost/detached256.cades.p7s"),
        fixture!("gost/detached256.withca.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
    ] {
        let signed =
            verify_detached(&Document::content("a", content), der, &expectation()).unwrap();
        assert!(signed.checks().digest().is_passed());
        assert!(signed.checks().value().is_passed());
    }
    let large = Document::content("b", fixture!("gost/content-100k.bin"));
    let signed = verify_detached(
        &large,
        fixture!("gost/detached256.100k.p7s"),
        &expectation(),
    )
    .unwrap();
    assert!(signed.checks().digest().is_passed() && signed.checks().value().is_passed());
}

#[test]
fn a_flipped_bit_and_tampered_content_do_not() {
    let mut der = fixture!("gost/detached256.p7s").to_vec();
    *der.last_mut().unwrap() ^= 1;
    let document = Document::content("a", fixture!("gost/content.bin"));
    assert!(matches!(
        verify_detached(&document, &der, &expectation()),
        Err(BindError::WrongValue { .. })
    ));
    let tampered = Document::content("a", fixture!("gost/content.tampered.bin"));
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
    ] {
        assert!(matches!(
            verify_detached(&tampered, der, &expectation()),
            Err(BindError::Mismatch(_))
        ));
    }
}
