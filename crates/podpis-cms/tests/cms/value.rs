//! A right value passes, a wrong one is an error, and what cannot be verified says so.

use std::sync::Arc;

use podpis_cms::{
    BindError, Certificate, Check, Digests, Document, Expectation, Reason, Signed, Verdict,
    Verifier, VerifierError, VerifyRequest, verify_detached,
};

use crate::fixture;
use crate::forge::{self, Key, attribute, content_type, message_digest, octets};

const CONTENT: &[u8] = fixture!("content.txt");
const OTHER: &[u8] = fixture!("other.txt");

fn verify(content: &[u8], der: &[u8]) -> Result<Signed, BindError> {
    verify_detached(
        &Document::content("act.txt", content),
        der,
        &Expectation::new(),
    )
}

fn algorithm(name: &str) -> Check {
    Check::NotChecked(Reason::Algorithm(name.into()))
}

const VERIFIED: &[&[u8]] = &[
    fixture!("p256.p7s"),
    fixture!("p256.sha512.p7s"),
    fixture!("p256.noattr.p7s"),
    fixture!("p256.keyid.p7s"),
    fixture!("p256.cades.p7s"),
    fixture!("p384.p7s"),
    fixture!("p384.noattr.p7s"),
    fixture!("rsa.sha256.p7s"),
    fixture!("rsa.sha512.p7s"),
    fixture!("rsa.noattr.p7s"),
    fixture!("rsa.pss.p7s"),
    fixture!("rsa.pss-sha512-salt20.p7s"),
    fixture!("rsa.pss-noattr.p7s"),
    fixture!("twosigners.p7s"),
    fixture!("twosigners.noattr.p7s"),
];

#[test]
fn rsa_and_ecdsa_by_openssl_verify() {
    for der in VERIFIED {
        let signed = verify(CONTENT, der).unwrap();
        assert_eq!(signed.checks().digest(), &Check::Passed);
        assert_eq!(signed.checks().value(), &Check::Passed);
        assert_eq!(
            signed.checks().signer(),
            &Check::NotChecked(Reason::NotAsked)
        );
    }
}

#[test]
fn other_content_is_refused() {
    for der in VERIFIED {
        let BindError::Mismatch(mismatch) = verify(OTHER, der).unwrap_err() else {
            panic!("not a mismatch")
        };
        assert_eq!(mismatch.missing()[0].name, "act.txt");
        assert_eq!(mismatch.strangers(), [0]);
    }
}

/// The last byte of each fixture here belongs to the value.
#[test]
fn a_corrupted_value_is_an_error_that_names_the_file() {
    for der in VERIFIED {
        let mut der = der.to_vec();
        *der.last_mut().unwrap() ^= 1;
        match verify(CONTENT, &der) {
            Err(BindError::WrongValue { place }) => {
                assert_eq!((place.position, place.name.as_str()), (0, "act.txt"));
            }
            // Without signed attributes a wrong value and a strange file are the same thing.
            Err(BindError::Mismatch(_)) => {
                let bare = podpis_cms::Signature::parse(&der).unwrap();
                assert!(!bare.signers()[0].has_signed_attributes());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_certificate_of_another_key_is_an_error() {
    let (key, other) = (Key::new(1), Key::new(2));
    // The signer names the other one's certificate, which is of the same kind.
    let info = key.signer_info(&[content_type(), message_digest(CONTENT)]);
    let position = info
        .windows(3)
        .position(|w| w == forge::integer(1))
        .unwrap();
    let serial = info[position + 3..]
        .windows(3)
        .position(|w| w == forge::integer(1))
        .unwrap();
    let mut info = info;
    info[position + 3 + serial + 2] = 2;
    let der = forge::signature(&[&other.certificate], &[info]);
    assert!(matches!(
        verify(CONTENT, &der),
        Err(BindError::WrongValue { .. })
    ));
}

#[test]
fn attributes_in_the_signers_own_order_verify() {
    let key = Key::new(1);
    for attributes in [
        [
            content_type(),
            message_digest(CONTENT),
            attribute("1.2.3", &[octets(b"x")]),
        ],
        [
            attribute("1.2.3", &[octets(b"x")]),
            message_digest(CONTENT),
            content_type(),
        ],
    ] {
        let der = forge::signature(&[&key.certificate], &[key.signer_info(&attributes)]);
        assert!(verify(CONTENT, &der).unwrap().checks().value().is_passed());
    }
}

#[test]
fn what_cannot_be_verified_says_so() {
    let digests = |der| verify(CONTENT, der).unwrap().checks().clone();
    let nocerts = digests(fixture!("p256.nocerts.p7s"));
    assert_eq!(nocerts.digest(), &Check::Passed);
    assert_eq!(nocerts.value(), &Check::NotChecked(Reason::NoCertificate));
}

#[test]
fn a_digest_that_is_broken_or_unknown_binds_nothing() {
    let sha1 = fixture!("p256.sha1.p7s");
    for document in [
        Document::content("act.txt", CONTENT),
        Document::unknown("act.txt"),
    ] {
        let error = verify_detached(&document, sha1, &Expectation::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the signature of \"act.txt\" (file 1) is made with the digest algorithm SHA-1, which \
             proves nothing here"
        );
    }
}

#[test]
fn a_certificate_given_stands_in_for_one_not_embedded() {
    let certificate = Certificate::from_der(fixture!("keys/p256.crt.der")).unwrap();
    let document = Document::content("act.txt", CONTENT);
    let nocerts = fixture!("p256.nocerts.p7s");
    let asked = Expectation::new().signer(certificate.clone());
    let signed = verify_detached(&document, nocerts, &asked).unwrap();
    assert!(signed.checks().is_proven());
    assert_eq!(signed.certificate(), Some(&certificate));
    // One that the signer does not name does not.
    let other = Certificate::from_der(fixture!("keys/rsa.crt.der")).unwrap();
    let asked = Expectation::new().signer(other);
    let signed = verify_detached(&document, nocerts, &asked).unwrap();
    assert_eq!(
        signed.checks().signer(),
        &Check::NotChecked(Reason::NoCertificate)
    );
    assert_eq!(
        signed.checks().value(),
        &Check::NotChecked(Reason::NoCertificate)
    );
    assert_eq!(signed.certificate(), None);
}

#[test]
fn a_certificate_at_hand_stands_in_and_is_not_asked_for() {
    let [certificate, other] = [fixture!("keys/p256.crt.der"), fixture!("keys/rsa.crt.der")]
        .map(|der| Certificate::from_der(der).unwrap());
    let document = Document::content("act.txt", CONTENT);
    let nocerts = fixture!("p256.nocerts.p7s");
    let both = Expectation::new().at_hand([other.clone(), certificate.clone()]);
    let signed = verify_detached(&document, nocerts, &both).unwrap();
    assert!(signed.checks().is_proven());
    assert_eq!(
        signed.checks().signer(),
        &Check::NotChecked(Reason::NotAsked)
    );
    assert_eq!(signed.certificate(), Some(&certificate));
    let others = Expectation::new().at_hand([other.clone()]);
    let signed = verify_detached(&document, nocerts, &others).unwrap();
    assert_eq!(
        signed.checks().value(),
        &Check::NotChecked(Reason::NoCertificate)
    );
    // One that is asked for is still asked for.
    let asked = both.certificate(other.thumbprint());
    let error = verify_detached(&document, nocerts, &asked).unwrap_err();
    assert!(matches!(error, BindError::OtherSigner { .. }), "{error}");
}

/// Answers the same to everything.
#[derive(Debug)]
struct Always(fn() -> Result<Verdict, VerifierError>);

impl Verifier for Always {
    fn verify(&self, request: &VerifyRequest<'_>) -> Result<Verdict, VerifierError> {
        assert!(request.digest().is_some());
        (self.0)()
    }
}

fn with(verdict: fn() -> Result<Verdict, VerifierError>) -> Expectation {
    Expectation::new().verifier(Arc::new(Always(verdict)))
}

const OTHER_CONTENT: &[u8] = fixture!("foreign/act.txt");

#[test]
fn a_verifiers_answer_counts() {
    let document = Document::content("bill.bin", OTHER_CONTENT);
    for (der, named) in [
        (fixture!("foreign/openssl-secp256k1.p7s"), "ECDSA"),
        (fixture!("foreign/key-ed25519.p7s"), "1.3.101.112"),
    ] {
        let valid = verify_detached(&document, der, &with(|| Ok(Verdict::Valid))).unwrap();
        assert_eq!(valid.checks().value(), &Check::Passed);
        let unsupported =
            verify_detached(&document, der, &with(|| Ok(Verdict::Unsupported))).unwrap();
        assert!(matches!(
            unsupported.checks().value(),
            Check::NotChecked(Reason::Algorithm(name)) if name == named
        ));
        let invalid = verify_detached(&document, der, &with(|| Ok(Verdict::Invalid)));
        assert!(matches!(invalid, Err(BindError::WrongValue { .. })));
        let broken = verify_detached(&document, der, &with(|| Err("no token".into())));
        let Err(BindError::Verifier { place, source }) = broken else {
            panic!("{broken:?}")
        };
        assert_eq!(
            (place.name.as_str(), source.to_string().as_str()),
            ("bill.bin", "no token")
        );
    }
}

#[test]
fn a_verifier_is_not_asked_for_what_the_crate_verifies() {
    let document = Document::content("act.txt", CONTENT);
    let never = with(|| panic!("asked"));
    verify_detached(&document, fixture!("rsa.sha256.p7s"), &never).unwrap();
    verify_detached(&document, fixture!("p256.noattr.p7s"), &never).unwrap();
    let bill = Document::content("bill.bin", fixture!("gost/content.bin"));
    verify_detached(&bill, fixture!("gost/detached512.p7s"), &never).unwrap();
}

#[test]
fn a_bare_value_of_another_algorithm_is_proof_only_with_a_verifier() {
    let bare = fixture!("foreign/openssl-secp256k1-noattr.p7s");
    let document = Document::known("bill.bin", Digests::of(OTHER_CONTENT));
    let without = verify_detached(&document, bare, &Expectation::new()).unwrap();
    assert_eq!(without.checks().digest(), &algorithm("ECDSA"));
    assert_eq!(without.checks().value(), &algorithm("ECDSA"));
    let with_one = verify_detached(&document, bare, &with(|| Ok(Verdict::Valid))).unwrap();
    assert!(with_one.checks().digest().is_passed() && with_one.checks().value().is_passed());
    let refused = verify_detached(&document, bare, &with(|| Ok(Verdict::Invalid)));
    assert!(matches!(refused, Err(BindError::Mismatch(_))));
}
