//! What a signature says of itself.

use std::time::{Duration, SystemTime};

use podpis_cms::{Certificate, DigestAlgorithm, Signature, SignatureAlgorithm, Signer};

use crate::fixture;

fn signature(der: &[u8]) -> Signature {
    Signature::parse(der).unwrap()
}

fn only(signature: &Signature) -> &Signer {
    match signature.signers() {
        [signer] => signer,
        others => panic!("{} signers", others.len()),
    }
}

#[test]
fn a_gost_signature() {
    let der = fixture!("gost/detached256.p7s");
    let signature = signature(der);
    assert_eq!(signature.to_der(), der);
    let signer = only(&signature);
    assert_eq!(signer.digest_algorithm(), &DigestAlgorithm::Streebog256);
    assert_eq!(
        signer.signature_algorithm(),
        &SignatureAlgorithm::Gost2012_256
    );
    assert!(signer.has_signed_attributes());
    assert_eq!(
        base16ct::lower::encode_string(signer.message_digest().unwrap()),
        include_str!("../fixtures/gost/content.streebog256.hex").trim()
    );
    // 2026-11-22 00:31:26 UTC
    assert_eq!(
        signer.signing_time(),
        Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_307_486))
    );
    assert_eq!(
        signer.certificate().unwrap().der(),
        fixture!("gost/user256.crt.der")
    );
    assert_eq!(
        signature.digest_algorithms(),
        [DigestAlgorithm::Streebog256]
    );
}

#[test]
fn the_wide_key() {
    let signature = signature(fixture!("gost/detached512.p7s"));
    let signer = only(&signature);
    assert_eq!(signer.digest_algorithm(), &DigestAlgorithm::Streebog512);
    assert_eq!(
        signer.signature_algorithm(),
        &SignatureAlgorithm::Gost2012_512
    );
}

#[test]
fn the_certificate_is_found_by_serial_or_key_id_or_is_not_there() {
    let user = Certificate::from_der(fixture!("gost/user256.crt.der")).unwrap();
    for der in [
        fixture!("gost/detached256.keyid.p7s"),
        fixture!("gost/detached256.withca.p7s"),
        fixture!("gost/detached256.cades.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
    ] {
        assert_eq!(only(&signature(der)).certificate(), Some(&user));
    }
    assert_eq!(
        only(&signature(fixture!("gost/detached256.nocerts.p7s"))).certificate(),
        None
    );
    let keyid = signature(fixture!("p256.keyid.p7s"));
    assert_eq!(
        only(&keyid).certificate().unwrap().der(),
        fixture!("keys/p256.crt.der")
    );
}

#[test]
fn without_signed_attributes() {
    let signature = signature(fixture!("gost/detached256.noattr.p7s"));
    let signer = only(&signature);
    assert!(!signer.has_signed_attributes());
    assert_eq!(signer.message_digest(), None);
    assert_eq!(signer.signing_time(), None);
}

#[test]
fn two_signers() {
    let signature = signature(fixture!("gost/twosigners.p7s"));
    let found: Vec<_> = signature
        .signers()
        .iter()
        .map(|s| s.certificate().unwrap().der().to_vec())
        .collect();
    let users = [
        fixture!("gost/user256.crt.der"),
        fixture!("gost/user256tc26.crt.der"),
    ];
    assert_eq!(found.len(), 2);
    assert!(users.iter().all(|user| found.iter().any(|der| der == user)));
}

#[test]
fn rsa_and_elliptic_curves() {
    let algorithms = |der| {
        let signature = signature(der);
        let signer = only(&signature);
        (
            signer.signature_algorithm().clone(),
            signer.digest_algorithm().clone(),
        )
    };
    let (sha256, sha384, sha512) = (
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    );
    assert_eq!(
        algorithms(fixture!("p256.p7s")),
        (SignatureAlgorithm::Ecdsa, sha256.clone())
    );
    assert_eq!(
        algorithms(fixture!("p384.p7s")),
        (SignatureAlgorithm::Ecdsa, sha384)
    );
    assert_eq!(
        algorithms(fixture!("rsa.sha256.p7s")),
        (SignatureAlgorithm::RsaPkcs1, sha256.clone())
    );
    assert_eq!(
        algorithms(fixture!("rsa.sha512.p7s")),
        (SignatureAlgorithm::RsaPkcs1, sha512)
    );
    assert_eq!(
        algorithms(fixture!("rsa.pss.p7s")),
        (SignatureAlgorithm::RsaPss, sha256)
    );
    let (signature, digest) = algorithms(fixture!("p256.sha1.p7s"));
    assert_eq!(signature, SignatureAlgorithm::Ecdsa);
    assert_eq!(digest, DigestAlgorithm::Other("1.3.14.3.2.26".into()));
}

#[test]
fn a_certificate_with_commas_and_quotes_in_its_name() {
    let certificate = Certificate::from_der(fixture!("keys/p256.crt.der")).unwrap();
    assert_eq!(
        certificate.subject(),
        "C=RU, O=\"ООО \"\"Тест, один\"\"\", CN=Подписант P-256"
    );
}

/// The `cms` crate reads the same out of every fixture.
#[test]
fn a_second_opinion() {
    use der::{Decode as _, Encode as _};
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256.keyid.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
        fixture!("gost/detached256.withca.p7s"),
        fixture!("gost/detached512.p7s"),
        fixture!("gost/twosigners.p7s"),
        fixture!("p256.p7s"),
        fixture!("rsa.pss.p7s"),
        fixture!("twosigners.p7s"),
    ] {
        let ours = signature(der);
        let content = cms::content_info::ContentInfo::from_der(der)
            .unwrap()
            .content;
        let theirs: cms::signed_data::SignedData = content.decode_as().unwrap();
        let theirs = theirs.signer_infos.0;
        assert_eq!(ours.signers().len(), theirs.len());
        for info in theirs.iter() {
            let digest = info.signed_attrs.as_ref().map(|attributes| {
                let found = attributes
                    .iter()
                    .find(|a| a.oid.to_string() == crate::forge::MESSAGE_DIGEST)
                    .unwrap();
                found.values.get(0).unwrap().to_der().unwrap()[2..].to_vec()
            });
            assert!(ours.signers().iter().any(|signer| {
                signer.digest_algorithm().oid() == info.digest_alg.oid.to_string()
                    && signer.message_digest() == digest.as_deref()
            }));
        }
    }
}

#[test]
fn debug_shows_no_bytes() {
    let debug = format!("{:?}", signature(fixture!("gost/detached256.p7s")));
    assert!(
        debug.starts_with("Signature { length: 999, form: Form([]), signers: [Signer {"),
        "{debug}"
    );
    assert!(!debug.contains("Иванов"), "{debug}");
    assert!(debug.len() < 600, "{debug}");
}
