//! What is refused at once: one test for each rule of a DocumentSignature, named after it, with a value that breaks
//! the rule and one that keeps it.

use bytes::Bytes;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfos};
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode as _, Encode as _};
use podpis_diadoc_proto::events::DocumentSignature;

use super::support::{approval, desk, given, of, test_signature};
use crate::support::{Desk, Is as _, but, made, text};
use podpis_sandbox::MessageOptions;

fn on_shelf(name: &str) -> DocumentSignature {
    made(|it: &mut DocumentSignature| it.signature_name_on_shelf = Some(name.to_owned()))
}

/// The signature with something changed inside.
pub(super) fn changed(signature: &[u8], change: impl FnOnce(&mut SignedData)) -> Bytes {
    let mut outer = ContentInfo::from_der(signature).unwrap();
    let mut data: SignedData = outer.content.decode_as().unwrap();
    change(&mut data);
    outer.content = Any::from_der(&data.to_der().unwrap()).unwrap();
    outer.to_der().unwrap().into()
}

#[test]
fn r_sig_1_one_ordinary_signature_per_document_and_side() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let two = vec![
        of(&document, test_signature()),
        of(&document, test_signature()),
    ];
    desk.patch(&document.message, two, "").is(400);
    let one_of_each = vec![
        of(&document, test_signature()),
        of(&document, approval(test_signature())),
    ];
    desk.patch(&document.message, one_of_each, "").is(200);
    let (status, text) = desk.try_attach(&document, test_signature());
    assert_eq!(status, 409);
    assert!(text.contains("R-SIG-1"), "{text}");
    desk.verified();
    assert_eq!(desk.try_attach(&document, test_signature()).0, 409);
    // The signature of the other side does not count as ours.
    let theirs = desk.info().messages.counter_signed;
    assert_eq!(desk.try_attach(&theirs, test_signature()).0, 200);
    let ours = desk.info().messages.sent;
    assert_eq!(desk.try_attach(&ours, test_signature()).0, 409);
}

#[test]
fn r_sig_2_a_signature_names_a_document_of_the_message() {
    let mut desk = Desk::new();
    let info = desk.info();
    let document = info.unsigned_document;
    let counter_signed = info.messages.counter_signed;
    let mut status = |message: &str, parent: &str| {
        let signature = but(test_signature(), |it| {
            it.parent_entity_id = parent.to_owned()
        });
        desk.patch(message, vec![signature], "").status().as_u16()
    };
    assert_eq!(status(&document.message, ""), 400);
    assert_eq!(status(&document.message, "none"), 404);
    assert_eq!(status(&document.message, &counter_signed.entity), 404);
    let signature = &info.messages.counter_signature;
    assert_eq!(status(&counter_signed.message, signature), 400);
    assert_eq!(status(&document.message, &document.entity), 200);
}

#[test]
fn r_sig_3_a_signature_is_given_in_exactly_one_way() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let bytes = desk.signature_of(&document);
    let name = text(&desk.post("/V2/ShelfUpload", bytes.clone()));
    let rows = [
        ("none", DocumentSignature::default()),
        (
            "bytes and the test flag",
            but(given(bytes.clone()), |it| {
                it.sign_with_test_signature = Some(true)
            }),
        ),
        (
            "bytes and the shelf",
            but(on_shelf(&name), |it| it.signature = Some(bytes.clone())),
        ),
        (
            "the shelf and the test flag",
            but(on_shelf(&name), |it| {
                it.sign_with_test_signature = Some(true)
            }),
        ),
    ];
    for (what, signature) in rows {
        let (status, text) = desk.try_attach(&document, signature);
        assert_eq!(status, 400, "{what}");
        assert!(text.contains("R-SIG-3"), "{what}: {text}");
    }
    let with_empty_name = but(given(bytes), |it| {
        it.signature_name_on_shelf = Some(String::new())
    });
    assert_eq!(desk.try_attach(&document, with_empty_name).0, 200);
}

#[test]
fn r_sig_6_names_on_the_shelf_are_local() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let bytes = desk.signature_of(&document);
    let name = text(&desk.post("/V2/ShelfUpload", bytes));
    for wrong in [
        format!("__userId__/{name}"),
        format!("user_private_files/x/{name}"),
    ] {
        let (status, text) = desk.try_attach(&document, on_shelf(&wrong));
        assert_eq!(status, 400, "{wrong}");
        assert!(text.contains("R-SIG-6"), "{text}");
    }
    assert_eq!(desk.try_attach(&document, on_shelf("none")).0, 400);
    assert_eq!(desk.try_attach(&document, on_shelf(&name)).0, 200);
}

#[test]
fn r_sig_8_a_document_that_was_not_sent_is_signed_once() {
    let mut desk = Desk::new();
    let document = desk.info().messages.unsent_nonformalized;
    desk.attach(&document, approval(test_signature()));
    assert!(!desk.state(&document).sent);
    desk.attach(&document, test_signature());
    assert_eq!(desk.try_attach(&document, test_signature()).0, 409);
}

#[test]
fn r_cms_1_a_signature_is_der() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let bytes = desk.signature_of(&document);
    let longer = [bytes.as_ref(), b"\0"].concat();
    let shorter = bytes.slice(..bytes.len() - 1);
    // The same with the indefinite length of BER.
    let indefinite = [b"\x30\x80".as_slice(), &bytes[4..], b"\0\0"].concat();
    assert_eq!(bytes[..2], *b"\x30\x82");
    for wrong in [
        Bytes::new(),
        Bytes::from_static(b"-----BEGIN CMS-----\n"),
        Bytes::from_static(b"MIIB"),
        longer.into(),
        shorter,
        indefinite.into(),
    ] {
        assert_eq!(desk.try_attach(&document, given(wrong)).0, 400);
    }
    assert_eq!(desk.try_attach(&document, given(bytes)).0, 200);
}

#[test]
fn r_cms_2_a_signature_is_signed_data() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    // A ContentInfo of id-data, and one of SignedData with something else inside.
    let data = b"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02\x04\x00";
    let empty = b"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x02\x30\x00";
    for wrong in [data, empty] {
        assert_eq!(desk.try_attach(&document, given(wrong.to_vec())).0, 400);
    }
    let bytes = desk.signature_of(&document);
    assert_eq!(desk.try_attach(&document, given(bytes)).0, 200);
}

#[test]
fn r_cms_3_a_signature_is_detached() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let bytes = desk.signature_of(&document);
    let attached = changed(&bytes, |data| {
        let content = OctetString::new(b"content".as_slice()).unwrap();
        data.encap_content_info.econtent = Some(Any::encode_from(&content).unwrap());
    });
    let (status, text) = desk.try_attach(&document, given(attached));
    assert_eq!(status, 400);
    assert!(text.contains("detached"), "{text}");
    assert_eq!(desk.try_attach(&document, given(bytes)).0, 200);
}

#[test]
fn r_cms_4_a_signature_without_a_signer_is_found_out_later() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let bytes = desk.signature_of(&document);
    let nobody = changed(&bytes, |data| {
        data.signer_infos = SignerInfos(SetOfVec::new());
    });
    let anonymous = changed(&bytes, |data| data.certificates = None);
    for wrong in [nobody, anonymous] {
        desk.attach(&document, given(wrong));
        desk.verified();
    }
    assert_eq!(desk.state(&document).failures, 2);
    assert_eq!(desk.try_attach(&document, given(bytes)).0, 200);
}

#[test]
fn a_box_can_refuse_test_signatures() {
    let mut desk = desk(MessageOptions::default().test_signatures(false));
    let document = desk.info().unsigned_document;
    assert_eq!(desk.try_attach(&document, test_signature()).0, 403);
}
