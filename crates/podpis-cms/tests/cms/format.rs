//! Everything that is not a detached CMS signature in DER is refused, each for its own reason.

use podpis_cms::{FormatError, Signature};

use crate::fixture;
use crate::forge::{
    self, Key, attribute, content_type, integer, message_digest, octets, oid, seq, set, tlv,
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
    assert_eq!(error(fixture!("p256.pem")), FormatError::Pem);
    assert_eq!(
        error(&[b"\xEF\xBB\xBF\r\n", fixture!("p256.pem")].concat()),
        FormatError::Pem
    );
    assert_eq!(error(fixture!("p256.b64")), FormatError::Base64);
    assert_eq!(error(b"<html>"), FormatError::NotDer { first: b'<' });
    assert_eq!(
        error(b"<html>").to_string(),
        "the signature is not DER: it starts with byte 0x3C instead of 0x30"
    );
}

#[test]
fn indefinite_lengths() {
    assert_eq!(
        error(fixture!("detached.ber.p7s")),
        FormatError::IndefiniteLength { offset: 0 }
    );
    assert_eq!(
        error(fixture!("gost/attached256.ber.p7s")),
        FormatError::IndefiniteLength { offset: 0 }
    );
    // Deep inside, where nothing but the walk looks.
    let unsigned = seq(&[oid("1.2.3"), set(&[vec![0x30, 0x80, 0, 0]])]);
    let info = seq(&[
        integer(1),
        Key::new(1).id(),
        seq(&[oid(forge::SHA_256)]),
        seq(&[oid("1.2.840.10045.4.3.2")]),
        octets(b"value"),
        tlv(0xA1, &unsigned),
    ]);
    let der = forge::signature(&[], &[info]);
    let offset = der.windows(2).position(|w| w == [0x30, 0x80]).unwrap();
    assert_eq!(error(&der), FormatError::IndefiniteLength { offset });
}

#[test]
fn bytes_too_many_and_too_few() {
    let der = fixture!("p256.p7s");
    assert_eq!(
        error(&[der, b"\r\n"].concat()),
        FormatError::TrailingBytes { count: 2 }
    );
    assert_eq!(
        error(&der[..der.len() - 3]),
        FormatError::Truncated {
            offset: 0,
            missing: 3
        }
    );
    assert_eq!(
        error(&der[..1]),
        FormatError::Truncated {
            offset: 0,
            missing: 1
        }
    );
    // An element longer than the one around it.
    assert_eq!(
        error(&[0x30, 0x03, 0x06, 0x02, 0x2A]),
        FormatError::Truncated {
            offset: 2,
            missing: 1
        }
    );
}

#[test]
fn lengths_in_another_form() {
    let non_minimal = |offset| FormatError::NonMinimalLength { offset };
    assert_eq!(error(&[0x30, 0x81, 0x02, 0x05, 0x00]), non_minimal(0));
    assert_eq!(error(&[0x30, 0x82, 0x00, 0x80]), non_minimal(0));
    assert_eq!(error(&[0x30, 0x85, 0x00]), non_minimal(0));
    assert_eq!(error(&[0x30, 0x03, 0x06, 0x81, 0x00]), non_minimal(2));
    assert_eq!(
        error(&[0x30, 0x88, 0xFF, 0, 0, 0, 0, 0, 0, 0]),
        FormatError::LengthTooLarge { offset: 0 }
    );
    // Minimal form, only there is not that much.
    assert_eq!(
        error(&[0x30, 0x84, 0x01, 0, 0, 0]),
        FormatError::Truncated {
            offset: 0,
            missing: 0x0100_0000
        }
    );
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
            algorithm: "sha256".into(),
            found: 20
        }
    );
}

#[test]
fn an_unreadable_certificate_matters_only_for_a_signer() {
    let key = Key::new(1);
    let info = key.signer_info(&[content_type(), message_digest(b"")]);
    let broken = seq(&[integer(1)]);
    assert_eq!(
        error(&forge::signature(&[&broken], std::slice::from_ref(&info))),
        FormatError::SignerCertificate { signer: 0 }
    );
    let beside = Signature::parse(&forge::signature(&[&broken, &key.certificate], &[info]));
    assert!(beside.unwrap().signers()[0].certificate().is_some());
}
