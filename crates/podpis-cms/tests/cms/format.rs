//! A detached CMS signature is read in any form; everything else is refused, each for its own reason.

use podpis_cms::{
    Check, Departure, Document, Expectation, FormatError, Limits, Reason, Signature,
    verify_detached,
};

use crate::fixture;
use crate::forge::{
    self, Key, attribute, content_type, integer, message_digest, octets, oid, seq, tlv,
};

fn error(bytes: &[u8]) -> FormatError {
    Signature::parse(bytes).expect_err("must be refused")
}

/// With these SignerInfos; the first is signer 0.
fn with_infos(infos: &[Vec<u8>]) -> FormatError {
    error(&forge::signature(&[], infos))
}

fn with_attributes(attributes: &[Vec<u8>]) -> FormatError {
    with_infos(&[Key::new(1).signer_info(attributes)])
}

#[test]
fn text_and_nothing() {
    assert_eq!(error(b""), FormatError::Empty);
    assert_eq!(error(b"<html>"), FormatError::NotDer { first: b'<' });
    assert_eq!(
        error(b"<html>").to_string(),
        "the bytes are no signature: they start with 0x3C instead of 0x30"
    );
    assert_eq!(error(b"-----BEGIN CMS-----\nMAoG"), FormatError::BadPem);
    assert_eq!(error(b"MAoGCCqFAwcBAQ=MCAAA"), FormatError::BadBase64);
}

#[test]
fn of_several_signatures_in_one_text_none_is_meant() {
    let pem = fixture!("p256.pem").to_vec();
    let two = [&pem[..], b"\n", &pem].concat();
    assert_eq!(error(&two), FormatError::SeveralBlocks);
    let key = b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
    assert!(Signature::parse(&[&pem[..], b"\n", key].concat()).is_ok());
}

#[test]
fn every_form_of_one_signature_has_the_same_der() {
    let pem = Signature::parse(fixture!("p256.pem")).unwrap();
    let der = pem.to_der();
    assert_eq!(
        pem.form().departures().collect::<Vec<_>>(),
        [Departure::Pem]
    );
    let text = Signature::parse(fixture!("p256.b64")).unwrap();
    assert_eq!(text.form().to_string(), "Base64");
    assert!(Signature::parse(text.to_der()).unwrap().form().is_der());
    let behind = |bytes: &[u8]| Signature::parse(&[der, bytes].concat()).unwrap();
    assert_eq!(behind(b"\r\n").form().to_string(), "line end behind");
    assert_eq!(behind(&[0; 9]).form().to_string(), "zeros behind");
    assert_eq!(behind(&[0; 9]).to_der(), der);
    let ber = Signature::parse(fixture!("foreign/bc-ber.p7s")).unwrap();
    assert!(!ber.form().is_der());
    let again = Signature::parse(ber.to_der()).unwrap();
    assert!(again.form().is_der());
    assert_eq!(
        error(fixture!("gost/attached256.ber.p7s")),
        FormatError::Attached
    );
}

/// What is not the signer's word is stepped over, and BER in it becomes DER if it can.
#[test]
fn unsigned_attributes_are_stepped_over_whatever_is_inside() {
    let info = |unsigned: &[u8]| {
        seq(&[
            integer(1),
            Key::new(1).id(),
            seq(&[oid(forge::SHA_256)]),
            seq(&[oid("1.2.840.10045.4.3.2")]),
            octets(b"value"),
            tlv(0xA1, unsigned),
        ])
    };
    let attribute = |inside: &[u8]| seq(&[oid("1.2.3"), tlv(0x31, inside)]);
    let read =
        |unsigned: &[u8]| Signature::parse(&forge::signature(&[], &[info(unsigned)])).unwrap();
    let token = read(&attribute(&[
        0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 1, 8, 0, 0, 0, 0,
    ]));
    assert_eq!(
        token.form().departures().collect::<Vec<_>>(),
        [Departure::IndefiniteLength, Departure::ConstructedString]
    );
    let wanted = attribute(&[0x30, 4, 4, 2, 7, 8]);
    assert!(
        token
            .to_der()
            .windows(wanted.len())
            .any(|part| part == wanted)
    );
    for garbage in [&[0x30, 0x09, 0x01][..], &[0xFF; 12], &[0x30, 0x80, 1]] {
        let signature = read(&attribute(garbage));
        assert!(signature.form().is_der(), "{garbage:02X?}");
        let kept = attribute(garbage);
        assert!(
            signature
                .to_der()
                .windows(kept.len())
                .any(|part| part == kept)
        );
    }
}

#[test]
fn bytes_too_many_and_too_few() {
    let der = fixture!("p256.p7s");
    assert_eq!(
        error(&[der, b"\r\nx"].concat()),
        FormatError::TrailingBytes { count: 3 }
    );
    let missing = |missing| FormatError::Truncated { missing };
    assert_eq!(error(&der[..der.len() - 3]), missing(3));
    assert_eq!(error(&der[..1]), missing(1));
    // An element longer than the one around it.
    assert_eq!(error(&[0x30, 0x03, 0x06, 0x02, 0x2A]), missing(1));
    // There is not that much.
    assert_eq!(error(&[0x30, 0x84, 0x01, 0, 0, 0]), missing(0x0100_0000));
    assert_eq!(
        error(&[0x30, 0x88, 0xFF, 0, 0, 0, 0, 0, 0, 0]),
        FormatError::LengthTooLarge
    );
}

#[test]
fn limits_are_named() {
    let key = Key::new(1);
    let info = key.signer_info(&[content_type(), message_digest(b"")]);
    let two = forge::signature(&[&key.certificate], &[info.clone(), info]);
    let with = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        Signature::parse_within(&two, &limits).unwrap_err()
    };
    assert_eq!(
        with(|limits| limits.signers = 1),
        FormatError::TooManySigners { limit: 1 }
    );
    assert_eq!(
        with(|limits| limits.certificates = 0),
        FormatError::TooManyCertificates { limit: 0 }
    );
    assert_eq!(
        with(|limits| limits.bytes = 9),
        FormatError::TooLarge {
            bytes: two.len(),
            limit: 9
        }
    );
    let large = vec![0x30; 17 * 1024 * 1024];
    assert!(matches!(error(&large), FormatError::TooLarge { .. }));
}

#[test]
fn endless_nesting() {
    let mut der = Vec::new();
    for _ in 0..80 {
        der = seq(&[der]);
    }
    assert_eq!(error(&der), FormatError::TooDeep);
}

#[test]
fn other_kinds_of_messages() {
    assert_eq!(error(fixture!("gost/user256.crt.der")), FormatError::NotCms);
    assert_eq!(error(&[0x30, 0x00]), FormatError::NotCms);
    assert_eq!(
        error(fixture!("gost/enveloped256.gost89.p7m")),
        FormatError::NotSignedData {
            oid: "1.2.840.113549.1.7.3".into()
        }
    );
    assert_eq!(
        error(fixture!("digested.p7m")),
        FormatError::NotSignedData {
            oid: "1.2.840.113549.1.7.5".into()
        }
    );
}

#[test]
fn content_inside() {
    assert_eq!(error(fixture!("attached.p7s")), FormatError::Attached);
    assert_eq!(
        error(fixture!("gost/attached256.p7s")),
        FormatError::Attached
    );
    // Even empty content is content.
    let info = Key::new(1).signer_info(&[content_type(), message_digest(b"")]);
    let empty = seq(&[oid(forge::DATA), tlv(0xA0, &octets(b""))]);
    assert_eq!(
        error(&forge::signature_of(empty, &[], &[info])),
        FormatError::Attached
    );
}

#[test]
fn content_of_another_type() {
    let info = Key::new(1).signer_info(&[content_type(), message_digest(b"")]);
    let tst_info = "1.2.840.113549.1.9.16.1.4";
    assert_eq!(
        error(&forge::signature_of(seq(&[oid(tst_info)]), &[], &[info])),
        FormatError::NotData {
            oid: tst_info.into()
        }
    );
    assert_eq!(
        with_attributes(&[
            attribute(forge::CONTENT_TYPE, &[oid(tst_info)]),
            message_digest(b"")
        ]),
        FormatError::OtherContentType {
            signer: 0,
            oid: tst_info.into()
        }
    );
}

#[test]
fn no_signers() {
    assert_eq!(with_infos(&[]), FormatError::NoSigners);
}

#[test]
fn malformed_signers() {
    let good = Key::new(1).signer_info(&[content_type(), message_digest(b"")]);
    assert_eq!(
        with_infos(&[good.clone(), seq(&[])]),
        FormatError::Signer {
            signer: 1,
            what: "version"
        }
    );
    assert_eq!(
        with_infos(&[good.clone(), integer(1)]),
        FormatError::Signer {
            signer: 1,
            what: "SignerInfo"
        }
    );
    assert_eq!(
        with_infos(&[seq(&[integer(1), octets(b"id")])]),
        FormatError::Signer {
            signer: 0,
            what: "sid"
        }
    );
    assert_eq!(
        with_infos(&[seq(&[integer(1), Key::new(1).id(), seq(&[])])]),
        FormatError::Signer {
            signer: 0,
            what: "digestAlgorithm"
        }
    );
    assert_eq!(
        FormatError::Signer {
            signer: 1,
            what: "sid"
        }
        .to_string(),
        "signer 2 of the signature is malformed: sid cannot be read"
    );
}

#[test]
fn malformed_signed_attributes() {
    assert_eq!(
        with_attributes(&[content_type()]),
        FormatError::NoMessageDigest { signer: 0 }
    );
    assert_eq!(
        with_attributes(&[message_digest(b"")]),
        FormatError::NoContentType { signer: 0 }
    );
    assert_eq!(
        with_attributes(&[]),
        FormatError::NoContentType { signer: 0 }
    );
    assert_eq!(
        with_attributes(&[content_type(), message_digest(b"a"), message_digest(b"b")]),
        FormatError::RepeatedAttribute {
            signer: 0,
            oid: forge::MESSAGE_DIGEST.into()
        }
    );
    let two_values = attribute(forge::MESSAGE_DIGEST, &[octets(&[0; 32]), octets(&[1; 32])]);
    assert_eq!(
        with_attributes(&[content_type(), two_values]),
        FormatError::RepeatedAttribute {
            signer: 0,
            oid: forge::MESSAGE_DIGEST.into()
        }
    );
    let no_values = attribute(forge::MESSAGE_DIGEST, &[]);
    assert_eq!(
        with_attributes(&[content_type(), no_values]),
        FormatError::Signer {
            signer: 0,
            what: "signedAttrs"
        }
    );
    assert_eq!(
        with_attributes(&[
            content_type(),
            attribute(forge::MESSAGE_DIGEST, &[integer(1)])
        ]),
        FormatError::Signer {
            signer: 0,
            what: "messageDigest"
        }
    );
    assert_eq!(
        with_attributes(&[
            content_type(),
            attribute(forge::MESSAGE_DIGEST, &[octets(&[0; 20])])
        ]),
        FormatError::MessageDigestLength {
            signer: 0,
            algorithm: "SHA-256".into(),
            found: 20
        }
    );
}

#[test]
fn an_unreadable_certificate_matters_only_for_a_signer() {
    let key = Key::new(1);
    let info = key.signer_info(&[content_type(), message_digest(b"")]);
    let broken = seq(&[integer(1)]);
    let document = Document::content("act.txt", b"");
    let alone = forge::signature(&[&broken], std::slice::from_ref(&info));
    let signed = verify_detached(&document, &alone, &Expectation::new()).unwrap();
    assert_eq!(
        signed.checks().value(),
        &Check::NotChecked(Reason::UnreadableCertificate)
    );
    let beside = forge::signature(&[&broken, &key.certificate], &[info]);
    let signed = verify_detached(&document, &beside, &Expectation::new()).unwrap();
    assert!(signed.checks().is_proven());
}
