//! What `decode_checked` says about bytes that are not quite the message: absent fields, unknown fields, noise.
//!
//! *Invariant:* an absent required field is named by its path; no bytes cause a panic.

use podpis_diadoc_proto::certificates::CertificateList;
use podpis_diadoc_proto::documents::Document;
use podpis_diadoc_proto::dss::{DssConfirmType, DssFileSigningResult, DssSignResult};
use podpis_diadoc_proto::events::{DocumentSignature, PowerOfAttorneyToPost};
use podpis_diadoc_proto::powers_of_attorney::PowerOfAttorneySignedContent;
use podpis_diadoc_proto::prost::Message;
use podpis_diadoc_proto::prost::bytes::Bytes;
use podpis_diadoc_proto::{
    AutosignReceiptsResult, Checked, CloudSignConfirmResult, CloudSignRequest, Content, ContentV2,
    DecodeError, DocumentId, DocumentIdEx, LoginPassword, OrganizationList, SignatureInfo,
    decode_autosign_receipts, decode_checked, events,
};

#[track_caller]
fn refused<M: Checked>(bytes: &[u8]) -> DecodeError {
    decode_checked::<M>(bytes)
        .map(|_| ())
        .expect_err("these bytes must be refused")
}

#[test]
fn a_missing_required_field_is_named() {
    let error = refused::<DocumentId>(b"\x12\x01e");
    assert_eq!(error.message(), "Diadoc.Api.Proto.DocumentId");
    assert_eq!(error.missing(), Some("MessageId"));
    assert!(!error.is_malformed());
    assert_eq!(
        error.to_string(),
        "Diadoc.Api.Proto.DocumentId lacks its required field MessageId"
    );
    assert_eq!(refused::<DocumentId>(b"").missing(), Some("MessageId"));
    assert_eq!(
        refused::<LoginPassword>(b"\x0a\x02me").missing(),
        Some("Password")
    );
    assert_eq!(
        refused::<PowerOfAttorneyToPost>(b"").missing(),
        Some("UseDefault")
    );
}

#[test]
fn a_missing_field_inside_is_named_by_its_path() {
    let error = refused::<ContentV2>(b"\x22\x06\x12\x01e\x1a\x01b");
    assert_eq!(error.missing(), Some("DocumentId.MessageId"));

    // The second signature of the answer is a document that lacks its box.
    let answer = b"\x0a\x03\x0a\x01s\x0a\x08\x22\x06\x0a\x01m\x12\x01e";
    let error = refused::<CloudSignConfirmResult>(answer);
    assert_eq!(
        error.to_string(),
        "Diadoc.Api.Proto.CloudSignConfirmResult lacks its required field Signatures[1].DocumentId.BoxId"
    );

    // ParentEntityId, and a power of attorney whose file has no signature.
    let signature = b"\x0a\x01p\x4a\x06\x10\x00\x1a\x02\x0a\x00";
    assert_eq!(
        refused::<DocumentSignature>(signature).missing(),
        Some("PowerOfAttorney.Content.Signature")
    );
}

#[test]
fn an_empty_required_field_is_present() {
    assert_eq!(
        decode_checked::<DocumentId>(&b"\x0a\x00\x12\x00"[..]),
        Ok(DocumentId::new("", ""))
    );
}

#[test]
fn halves_of_one_message_are_merged_as_protobuf_says() {
    // DocumentId comes twice: first the message and the entity, then the box.
    let read: ContentV2 =
        decode_checked(&b"\x22\x06\x0a\x01m\x12\x01e\x22\x03\x1a\x01b"[..]).unwrap();
    assert_eq!(read.document_id, Some(DocumentIdEx::new("m", "e", "b")));
}

#[test]
fn unknown_fields_are_skipped() {
    let bytes = [
        &b"\x98\x06\x01"[..],                        // 99, a varint
        b"\x0a\x01m",                                // 1 MessageId
        b"\x9a\x06\x03abc",                          // 99, bytes
        b"\x9d\x06\x01\x02\x03\x04",                 // 99, four bytes
        b"\x99\x06\x01\x02\x03\x04\x05\x06\x07\x08", // 99, eight bytes
        b"\x9b\x06\x08\x01\x9c\x06",                 // 99, a group with a varint in it
        b"\x12\x01e",                                // 2 EntityId
    ]
    .concat();
    assert_eq!(
        decode_checked::<DocumentId>(bytes.as_slice()),
        Ok(DocumentId::new("m", "e"))
    );
}

#[test]
fn truncated_and_foreign_bytes_are_malformed() {
    let whole = CloudSignRequest::decode(&b"\x0a\x10\x0a\x05\x12\x03act\x12\x07act.xml"[..])
        .unwrap()
        .encode_to_vec();
    for length in 1..whole.len() {
        let error = refused::<CloudSignRequest>(&whole[..length]);
        assert!(error.is_malformed() && error.missing().is_none());
        assert_eq!(
            error.to_string(),
            "the bytes are not a Diadoc.Api.Proto.CloudSignRequest message"
        );
        assert!(std::error::Error::source(&error).is_some());
    }
    assert!(refused::<CloudSignRequest>(b"<html>Service Unavailable</html>").is_malformed());
    assert!(
        refused::<DocumentId>(b"\x08\x01\x12\x01e").is_malformed(),
        "MessageId as a number"
    );
    assert!(
        refused::<DocumentId>(b"\x0a\x01\xff\x12\x01e").is_malformed(),
        "MessageId is not UTF-8"
    );
    assert!(
        refused::<DocumentId>(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").is_malformed(),
        "a huge length"
    );
}

#[test]
fn an_error_never_prints_content() {
    for bytes in [&b"\x0a\x08hunter2!"[..], b"\x0a\x08hunter2!\x12\x08hunter"] {
        let error = refused::<LoginPassword>(bytes);
        assert!(!format!("{error} {error:?}").contains("hunter"));
    }
}

#[test]
fn byte_fields_share_the_answers_memory() {
    let answer = Bytes::from(
        CloudSignConfirmResult::new()
            .with_signatures([ContentV2::new().with_content(vec![7; 4096])])
            .encode_to_vec(),
    );
    let read: CloudSignConfirmResult = decode_checked(answer.clone()).unwrap();
    let signature = read.signatures[0].content.as_ref().unwrap();
    assert!(answer.as_ptr_range().contains(&signature.as_ptr()));
}

/// A linear congruential generator: the same noise in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(usize::MAX)
    }
}

#[test]
fn no_bytes_cause_a_panic() {
    let power =
        PowerOfAttorneyToPost::new(false).with_contents([PowerOfAttorneySignedContent::new(
            Default::default(),
            Default::default(),
        )]);
    let signature = DocumentSignature::new("parent")
        .with_signature(vec![1; 9])
        .with_power_of_attorney(power);
    let entity = events::Entity::new("e")
        .with_content(Content::new(-1))
        .with_document_info(Document::default());
    let message = events::Message {
        entities: vec![entity],
        ..events::Message::default()
    };
    let answer = DssSignResult::new()
        .with_file_signing_results([DssFileSigningResult::new().with_signature(vec![1; 9])])
        .with_confirm_type(DssConfirmType::NONE);
    let whole = [
        signature.encode_to_vec(),
        message.encode_to_vec(),
        answer.encode_to_vec(),
        AutosignReceiptsResult::new(300, "key").encode_to_vec(),
    ];
    let mut noise = Noise(1);
    for round in 0..50_000_u32 {
        // Half the rounds damage a valid message, half are noise of small numbers, which look most like fields.
        let mut bytes = whole[noise.next() % whole.len()].clone();
        if round % 2 == 0 {
            for _ in 0..=noise.next() % 4 {
                let at = noise.next() % bytes.len();
                bytes[at] = noise.next().to_le_bytes()[0];
            }
        } else {
            bytes = (0..noise.next() % 40)
                .map(|_| noise.next().to_le_bytes()[0] & 0x7f)
                .collect();
        }
        for error in [
            decode_checked::<DocumentSignature>(bytes.as_slice()).err(),
            decode_checked::<CloudSignConfirmResult>(bytes.as_slice()).err(),
            decode_checked::<LoginPassword>(bytes.as_slice()).err(),
            decode_checked::<DssSignResult>(bytes.as_slice()).err(),
            decode_checked::<CertificateList>(bytes.as_slice()).err(),
            decode_checked::<OrganizationList>(bytes.as_slice()).err(),
            decode_autosign_receipts(bytes.as_slice()).err(),
            decode_checked::<events::Message>(bytes.as_slice()).err(),
            decode_checked::<events::MessagePatchToPostV2>(bytes.as_slice()).err(),
            decode_checked::<events::PrepareDocumentsToSignResponse>(bytes.as_slice()).err(),
            decode_checked::<SignatureInfo>(bytes.as_slice()).err(),
        ]
        .into_iter()
        .flatten()
        {
            assert_eq!(error.is_malformed(), error.missing().is_none());
        }
    }
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    // A thousand groups in each other, as an unknown field.
    let bytes = [[0x9b, 0x06].repeat(1_000), [0x9c, 0x06].repeat(1_000)].concat();
    assert!(refused::<DocumentId>(&bytes).is_malformed());
}
