//! What a signature can make a binding do is bounded, whatever it holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use podpis_cms::tlv::encode;
use podpis_cms::{
    BindError, Document, Expectation, Verdict, Verifier, VerifierError, VerifyRequest, bind_der,
};

use crate::builder::algorithm;
use crate::forge::{DATA, SHA_256, integer, oid, seq};

const RSA: &str = "1.2.840.113549.1.1.1";
const ED_25519: &str = "1.3.101.112";

/// A certificate of this key, the twin of any other: all have one issuer and serial number.
fn twin(spki: &[u8]) -> Vec<u8> {
    let tbs = [
        integer(1),
        seq(&[]),
        seq(&[]),
        seq(&[]),
        seq(&[]),
        spki.to_vec(),
    ];
    seq(&[encode(0x30, &tbs.concat())])
}

fn spki(algorithm: &[u8], bits: &[u8]) -> Vec<u8> {
    let bits = encode(0x03, &[&[0], bits].concat());
    encode(0x30, &[algorithm, &bits].concat())
}

/// A signer of these certificates.
fn info(scheme: &str, value: &[u8]) -> Vec<u8> {
    let parts = [
        integer(1),
        seq(&[seq(&[]), integer(1)]),
        algorithm(SHA_256, &[]),
        algorithm(scheme, &[]),
        encode(0x04, value),
    ];
    encode(0x30, &parts.concat())
}

/// Says no, and counts how often.
#[derive(Debug, Default)]
struct Counting(AtomicUsize);

impl Verifier for Counting {
    fn verify(&self, _: &VerifyRequest<'_>) -> Result<Verdict, VerifierError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Verdict::Invalid)
    }
}

/// The bound is on values, of which each certificate makes one more.
#[test]
fn values_that_do_not_tell_their_digest_are_counted_for_each_certificate() {
    let twins: Vec<Vec<u8>> = (0..64)
        .map(|number| twin(&spki(&algorithm(ED_25519, &[]), &[number; 32])))
        .collect();
    let twins: Vec<&[u8]> = twins.iter().map(Vec::as_slice).collect();
    let der = signature(&twins, &info(ED_25519, &[1]));
    let contents: Vec<[u8; 2]> = (0..400_u16).map(u16::to_be_bytes).collect();
    let documents: Vec<Document<'_>> = contents
        .iter()
        .map(|content| Document::content("act.txt", content))
        .collect();
    let verifier = Arc::new(Counting::default());
    let expectation = Expectation::new().verifier(verifier.clone());

    let error = bind_der(&documents, &[der], &expectation).unwrap_err();

    assert!(
        matches!(error, BindError::TooManyChecks { .. }),
        "{error:?}"
    );
    assert!(verifier.0.load(Ordering::Relaxed) < 21_000);
}

/// v for which v³ ends with the digest of `content`: under any key with the exponent 3 the value says
/// that it is for this document, and then is wrong.
fn cube_root(content: &[u8]) -> Option<Vec<u8>> {
    let digests = podpis_cms::Digests::of(content);
    let digest = digests.get(&podpis_cms::DigestAlgorithm::Sha256)?;
    let (digest, one) = (
        rsa::BigUint::from_bytes_be(digest),
        rsa::BigUint::from(1_u8),
    );
    // Odd numbers have one cube root modulo 2²⁵⁶: the power with the inverse of 3 modulo 2²⁵⁴.
    let inverse = ((one.clone() << 255_usize) + &one) / rsa::BigUint::from(3_u8);
    let root = digest.modpow(&inverse, &(one.clone() << 256_usize));
    let three = rsa::BigUint::from(3_u8);
    (root.modpow(&three, &(one << 256_usize)) == digest).then(|| root.to_bytes_be())
}

/// Each of 64 keys tells of a document, for which the values of all keys were verified each time:
/// these would be 8,000 verifications for two small signatures.
#[test]
fn what_a_value_tells_is_verified_once_however_many_certificates_tell_it() {
    let contents: Vec<[u8; 1]> = (0..8).map(|number| [number]).collect();
    let (content, mut value) = contents
        .iter()
        .find_map(|content| Some((content, cube_root(content)?)))
        .unwrap();
    value.splice(0..0, vec![0; 512 - value.len()]);
    let twins: Vec<Vec<u8>> = (0..64_u8)
        .map(|number| {
            let mut modulus = vec![0x5A; 513];
            (modulus[0], modulus[1]) = (0, 0xC0 | number & 0x3F);
            modulus[512] = 0x5B;
            let key = seq(&[encode(0x02, &modulus), integer(3)]);
            twin(&spki(&algorithm(RSA, &[5, 0]), &key))
        })
        .collect();
    let twins: Vec<&[u8]> = twins.iter().map(Vec::as_slice).collect();
    let der = signature(&twins, &info(RSA, &value));
    let documents = [
        Document::content("other.txt", b"other"),
        Document::content("act.txt", content),
    ];

    let error = bind_der(&documents, &[&der, &der], &Expectation::new()).unwrap_err();

    let BindError::Mismatch(mismatch) = error else {
        panic!("{error:?}");
    };
    assert_eq!(mismatch.strangers(), [0, 1]);
}

/// A detached signature of any size.
fn signature(certificates: &[&[u8]], infos: &[u8]) -> Vec<u8> {
    let signed_data = [
        integer(1),
        encode(0x31, &[]),
        seq(&[oid(DATA)]),
        encode(0xA0, &certificates.concat()),
        encode(0x31, infos),
    ];
    let content = encode(0xA0, &encode(0x30, &signed_data.concat()));
    encode(0x30, &[oid("1.2.840.113549.1.7.2"), content].concat())
}
