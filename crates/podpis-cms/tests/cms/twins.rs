//! Where several certificates fit a signer, the one whose key made the value is the signer's.

use podpis_cms::{
    BindError, Certificate, Check, Document, Expectation, FormatError, Reason, Signature,
    Thumbprint, verify_detached,
};

use crate::forge::{self, Key, content_type, integer, message_digest, seq, tlv};

const CONTENT: &[u8] = b"The act is signed.";

fn asked(der: &[u8], certificate: &[u8]) -> Result<podpis_cms::Signed, BindError> {
    let wanted = Expectation::new().certificate(Thumbprint::of(certificate));
    verify_detached(&Document::content("act.txt", CONTENT), der, &wanted)
}

#[test]
fn the_genuine_one_passes_and_its_twin_does_not() {
    let key = Key::new(1);
    let twins = [Key::twin_of(&key, 7), Key::twin_of(&key, 8)];
    let info = key.signer_info(&[content_type(), message_digest(CONTENT)]);
    let bare = key.bare_signer_info(CONTENT);
    for info in [info, bare] {
        for order in [
            [
                &key.certificate,
                &twins[0].certificate,
                &twins[1].certificate,
            ],
            [
                &twins[0].certificate,
                &key.certificate,
                &twins[1].certificate,
            ],
            [
                &twins[0].certificate,
                &twins[1].certificate,
                &key.certificate,
            ],
        ] {
            let order: Vec<&[u8]> = order.iter().map(|der| der.as_slice()).collect();
            let der = forge::signature(&order, std::slice::from_ref(&info));
            let signed = asked(&der, &key.certificate).unwrap();
            assert!(signed.checks().is_proven());
            assert_eq!(signed.checks().signer(), &Check::Passed);
            assert_eq!(signed.certificate().unwrap().der(), key.certificate);
            assert_eq!(signed.signature().signers()[0].certificates().len(), 3);
            for twin in &twins {
                let error = asked(&der, &twin.certificate).unwrap_err();
                assert!(matches!(error, BindError::OtherSigner { .. }), "{error}");
            }
            let alone = forge::signature(&[&twins[0].certificate], std::slice::from_ref(&info));
            asked(&alone, &twins[0].certificate).unwrap_err();
        }
    }
}

/// Which certificates a signer names does not depend on whether bytes told it or names had to be compared: beside another
/// signer names always are.
#[test]
fn a_signer_names_the_same_certificates_alone_and_beside_another() {
    let (key, other) = (Key::new(5), Key::new(6));
    let by = |issuer: &[u8], serial: &[u8]| key.certificate_by(issuer, serial);
    let (issuer, serial) = (forge::name("Forge"), integer(5));
    let same = by(&issuer, &serial);
    let printable = by(&forge::name_of(0x13, "forge "), &serial);
    let padded = by(&issuer, &tlv(0x02, &[0, 5]));
    let next = by(&issuer, &integer(6));
    let negative = by(&issuer, &integer(0xFB));
    let stranger = by(&forge::name("Forge 2"), &serial);
    let unreadable = seq(&[]);
    // What is embedded, and the places of what the signer names.
    let rows: [(Vec<&[u8]>, &[usize]); 9] = [
        (vec![&same], &[0]),
        (vec![&printable], &[0]),
        (vec![&padded], &[0]),
        (vec![&next, &negative, &stranger], &[]),
        (vec![&same, &next], &[0]),
        (
            vec![&next, &same, &printable, &padded, &stranger],
            &[1, 2, 3],
        ),
        (vec![&stranger, &same], &[1]),
        (vec![&same, &same, &unreadable], &[0]),
        (vec![], &[]),
    ];
    let info = |key: &Key| key.signer_info(&[content_type(), message_digest(CONTENT)]);
    for (embedded, named) in rows {
        let expected: Vec<&[u8]> = named.iter().map(|place| embedded[*place]).collect();
        let alone = vec![info(&key)];
        let beside = vec![info(&key), info(&other)];
        for infos in [alone, beside] {
            let signature = Signature::parse(&forge::signature(&embedded, &infos)).unwrap();
            let signer = &signature.signers()[0];
            let found: Vec<&[u8]> = signer.certificates().iter().map(|one| one.der()).collect();
            assert_eq!(found, expected);
            for der in embedded.iter().filter(|der| **der != unreadable) {
                let certificate = Certificate::from_der(der).unwrap();
                assert_eq!(signer.names(&certificate), expected.contains(der));
            }
        }
    }
}

/// Every certificate would be tried for every signer.
#[test]
fn many_signers_do_not_have_many_twins_each() {
    let key = Key::new(1);
    let twins: Vec<Key> = (2..40).map(|number| Key::twin_of(&key, number)).collect();
    let certificates: Vec<&[u8]> = twins.iter().map(|twin| &*twin.certificate).collect();
    let info = key.signer_info(&[content_type(), message_digest(CONTENT)]);
    let read = |signers: usize| {
        Signature::parse(&forge::signature(
            &certificates,
            &vec![info.clone(); signers],
        ))
    };
    assert!(read(6).is_ok());
    assert_eq!(
        read(60).unwrap_err(),
        FormatError::TooManyCertificates { limit: 64 }
    );
}

/// Two certificates of one key: whichever is asked for made the value.
#[test]
fn two_certificates_of_one_key_are_both_the_signers() {
    let key = Key::new(1);
    let renewed = Key::renewed(&key);
    let info = key.signer_info(&[content_type(), message_digest(CONTENT)]);
    let both: [&[u8]; 2] = [&key.certificate, &renewed.certificate];
    let der = forge::signature(&both, &[info]);
    for certificate in both {
        let signed = asked(&der, certificate).unwrap();
        assert_eq!(signed.checks().signer(), &Check::Passed);
        assert_eq!(signed.certificate().unwrap().der(), certificate);
    }
}

/// Of several signers each has its own certificate, whatever stands in front of it, and its own check.
#[test]
fn each_signer_has_the_certificate_whose_key_made_its_value() {
    let (first, second, absent) = (Key::new(1), Key::new(2), Key::new(3));
    let twin = Key::twin_of(&second, 7);
    let infos = [&first, &second, &absent]
        .map(|key| key.signer_info(&[content_type(), message_digest(CONTENT)]));
    let der = forge::signature(
        &[&twin.certificate, &second.certificate, &first.certificate],
        &infos,
    );
    let document = Document::content("act.txt", CONTENT);
    let signed = verify_detached(&document, &der, &Expectation::new()).unwrap();
    let found: Vec<_> = signed
        .signers()
        .map(|(_, proof)| (proof.certificate().map(|c| c.der().to_vec()), proof.value()))
        .collect();
    for key in [&first, &second] {
        assert!(found.contains(&(Some(key.certificate.clone()), &Check::Passed)));
    }
    assert!(found.contains(&(None, &Check::NotChecked(Reason::NoCertificate))));
    assert_eq!(found.len(), 3);
    assert!(!signed.checks().is_proven());
}
