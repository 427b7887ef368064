//! The bytes of every message, written out by hand from the field tables and compared with what is encoded.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::events::{DocumentSignature, PowerOfAttorneyToPost};
use podpis_diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneySignedContent,
};
use podpis_diadoc_proto::{
    AsyncMethodResult, Checked, CloudSignConfirmResult, CloudSignFile, CloudSignRequest,
    CloudSignResult, ContentV2, ContentV3, DocumentId, DocumentIdEx, FILE_DESCRIPTOR_SET,
    LoginPassword, REQUIRED_FIELDS, decode_checked,
};

/// The message encodes to these bytes, and these bytes are read as the message.
#[track_caller]
fn same<M: Checked + PartialEq>(message: &M, groups: &[&[u8]]) {
    let bytes = groups.concat();
    assert_eq!(message.encode_to_vec(), bytes);
    assert_eq!(decode_checked::<M>(bytes.as_slice()).as_ref(), Ok(message));
}

#[test]
fn login_password() {
    same(
        &LoginPassword::new("me", "pw"),
        &[
            b"\x0a\x02me", // 1 Login
            b"\x12\x02pw", // 2 Password
        ],
    );
    // Required fields are written even when they are empty.
    same(&LoginPassword::new("", ""), &[b"\x0a\x00", b"\x12\x00"]);
}

#[test]
fn async_method_result() {
    same(
        &AsyncMethodResult::new().with_task_id("ab"),
        &[b"\x0a\x02\x61\x62"], // 1 TaskId
    );
}

#[test]
fn cloud_sign_request() {
    same(&CloudSignRequest::new(), &[]);
    same(
        &CloudSignRequest::new().with_files([CloudSignFile::new()]),
        &[b"\x0a\x00"], // 1 Files[0], empty
    );
    same(
        &CloudSignRequest::new().with_files([
            CloudSignFile::new().with_file_name("a"),
            CloudSignFile::new().with_content(ContentV2::new().with_name_on_shelf("s")),
        ]),
        &[
            b"\x0a\x03",          // 1 Files[0]
            b"\x12\x01a",         //   2 FileName
            b"\x0a\x05",          // 1 Files[1]
            b"\x0a\x03\x12\x01s", //   1 Content, 2 NameOnShelf
        ],
    );
}

#[test]
fn cloud_sign_file() {
    // Filled by hand, a message encodes all that is set: Content with empty bytes, and an empty FileName.
    let by_hand = CloudSignFile {
        content: Some(ContentV2 {
            content: Some(Vec::new().into()),
            ..ContentV2::default()
        }),
        file_name: Some(String::new()),
    };
    same(
        &by_hand,
        &[
            b"\x0a\x02", // 1 Content
            b"\x0a\x00", //   1 Content, empty
            b"\x12\x00", // 2 FileName, empty
        ],
    );
    // A builder leaves the empty name out, and keeps the empty bytes: they are an empty file.
    same(
        &CloudSignFile::new()
            .with_content(ContentV2::new().with_content(Vec::new()))
            .with_file_name(""),
        &[b"\x0a\x02", b"\x0a\x00"],
    );
}

#[test]
fn cloud_sign_result() {
    same(
        &CloudSignResult::new().with_token("K"),
        &[b"\x0a\x01K"], // 1 Token
    );
}

#[test]
fn cloud_sign_confirm_result() {
    same(
        &CloudSignConfirmResult::new().with_signatures([
            ContentV2::new().with_content(&b"\x30\x00"[..]),
            ContentV2::new().with_name_on_shelf("s"),
        ]),
        &[
            b"\x0a\x04",         // 1 Signatures[0]
            b"\x0a\x02\x30\x00", //   1 Content
            b"\x0a\x03",         // 1 Signatures[1]
            b"\x12\x01s",        //   2 NameOnShelf
        ],
    );
}

#[test]
fn content_v2() {
    same(
        &ContentV2::new()
            .with_content(&b"\xff"[..])
            .with_name_on_shelf("s")
            .with_patched_content_id("p")
            .with_document_id(DocumentIdEx::new("m", "e", "b")),
        &[
            b"\x0a\x01\xff",                // 1 Content
            b"\x12\x01s",                   // 2 NameOnShelf
            b"\x1a\x01p",                   // 3 PatchedContentId
            b"\x22\x09",                    // 4 DocumentId
            b"\x0a\x01m\x12\x01e\x1a\x01b", //   1 MessageId, 2 EntityId, 3 BoxId
        ],
    );
    same(
        &ContentV2::new()
            .with_name_on_shelf("")
            .with_patched_content_id(""),
        &[],
    );
}

#[test]
fn content_v3_has_other_numbers_than_v2() {
    same(
        &ContentV3::new()
            .with_content(&b"\xff"[..])
            .with_name_on_shelf("s")
            .with_entity_id(DocumentId::new("m", "e"))
            .with_patched_content_id("p"),
        &[
            b"\x0a\x01\xff",       // 1 Content
            b"\x12\x01s",          // 2 NameOnShelf
            b"\x1a\x06",           // 3 EntityId
            b"\x0a\x01m\x12\x01e", //   1 MessageId, 2 EntityId
            b"\x22\x01p",          // 4 PatchedContentId
        ],
    );
    same(
        &ContentV3::new()
            .with_name_on_shelf("")
            .with_patched_content_id(""),
        &[],
    );
}

#[test]
fn document_id() {
    same(
        &DocumentId::new("m", "e"),
        &[
            b"\x0a\x01m", // 1 MessageId
            b"\x12\x01e", // 2 EntityId
        ],
    );
}

#[test]
fn document_id_ex() {
    same(
        &DocumentIdEx::new("m", "e", "b"),
        &[
            b"\x0a\x01m", // 1 MessageId
            b"\x12\x01e", // 2 EntityId
            b"\x1a\x01b", // 3 BoxId
        ],
    );
}

#[test]
fn document_signature() {
    same(
        &DocumentSignature::new("p")
            .with_is_approvement_signature(true)
            .with_patched_content_id("c"),
        &[
            b"\x0a\x01p", // 1 ParentEntityId
            b"\x28\x01",  // 5 IsApprovementSignature
            b"\x3a\x01c", // 7 PatchedContentId
        ],
    );
    same(
        &DocumentSignature::new("p")
            .with_signature(&b"\x30\x00"[..])
            .with_sign_with_test_signature(true)
            .with_signature_name_on_shelf("s")
            .with_labels(["x", "y"])
            .with_power_of_attorney(PowerOfAttorneyToPost::new(true)),
        &[
            b"\x0a\x01p",          // 1 ParentEntityId
            b"\x12\x02\x30\x00",   // 2 Signature
            b"\x20\x01",           // 4 SignWithTestSignature; 3 is a hole
            b"\x32\x01s",          // 6 SignatureNameOnShelf
            b"\x42\x01x\x42\x01y", // 8 Labels[0], Labels[1]
            b"\x4a\x02\x10\x01",   // 9 PowerOfAttorney, 2 UseDefault
        ],
    );
}

#[test]
fn document_signature_defaults() {
    // The builder omits a default of false; set by hand it is written.
    same(
        &DocumentSignature::new("p")
            .with_sign_with_test_signature(false)
            .with_is_approvement_signature(false),
        &[b"\x0a\x01p"],
    );
    let by_hand = DocumentSignature {
        sign_with_test_signature: Some(false),
        is_approvement_signature: Some(false),
        ..DocumentSignature::new("p")
    };
    same(
        &by_hand,
        &[
            b"\x0a\x01p", // 1 ParentEntityId
            b"\x20\x00",  // 4 SignWithTestSignature
            b"\x28\x00",  // 5 IsApprovementSignature
        ],
    );
    // A setter also takes back what was set before.
    same(
        &DocumentSignature::new("p")
            .with_is_approvement_signature(true)
            .with_is_approvement_signature(false),
        &[b"\x0a\x01p"],
    );
}

#[test]
fn power_of_attorney_to_post() {
    // Rule R-POA-2 of the wire: UseDefault is required, so false is written.
    same(
        &PowerOfAttorneyToPost::new(false),
        &[b"\x10\x00"], // 2 UseDefault
    );
    let content = || PowerOfAttorneySignedContent::new(ContentV3::new(), ContentV3::new());
    same(
        &PowerOfAttorneyToPost::new(false)
            .with_full_id(PowerOfAttorneyFullId::new("r", "i"))
            .with_content(content())
            .with_send_as_file(true)
            .with_contents([content(), content()])
            .with_use_document_content(true),
        &[
            b"\x0a\x06\x0a\x01r\x12\x01i", // 1 FullId
            b"\x10\x00",                   // 2 UseDefault
            b"\x1a\x04\x0a\x00\x12\x00",   // 3 Content
            b"\x20\x01",                   // 4 SendAsFile
            b"\x2a\x04\x0a\x00\x12\x00",   // 5 Contents[0]
            b"\x2a\x04\x0a\x00\x12\x00",   // 5 Contents[1]
            b"\x30\x01",                   // 6 UseDocumentContent
        ],
    );
    same(
        &PowerOfAttorneyToPost::new(true)
            .with_send_as_file(false)
            .with_use_document_content(false),
        &[b"\x10\x01"],
    );
}

#[test]
fn power_of_attorney_full_id() {
    same(
        &PowerOfAttorneyFullId::new("r", "i").with_representative_inn("p"),
        &[
            b"\x0a\x01r", // 1 RegistrationNumber
            b"\x12\x01i", // 2 IssuerInn
            b"\x1a\x01p", // 3 RepresentativeInn
        ],
    );
}

#[test]
fn power_of_attorney_signed_content() {
    same(
        &PowerOfAttorneySignedContent::new(
            ContentV3::new().with_name_on_shelf("x"),
            ContentV3::new().with_content(&b"\x30"[..]),
        ),
        &[
            b"\x0a\x03\x12\x01x",    // 1 Content, 2 NameOnShelf
            b"\x12\x03\x0a\x01\x30", // 2 Signature, 1 Content
        ],
    );
}

/// A message without a golden test above would slip through; so would one that no descriptor describes.
#[test]
fn these_are_all_messages() {
    let names: Vec<&str> = REQUIRED_FIELDS
        .iter()
        .map(|table| table.message())
        .collect();
    assert_eq!(
        names,
        [
            "Diadoc.Api.Proto.AsyncMethodResult",
            "Diadoc.Api.Proto.CloudSignConfirmResult",
            "Diadoc.Api.Proto.CloudSignFile",
            "Diadoc.Api.Proto.CloudSignRequest",
            "Diadoc.Api.Proto.CloudSignResult",
            "Diadoc.Api.Proto.Content_v2",
            "Diadoc.Api.Proto.Content_v3",
            "Diadoc.Api.Proto.DocumentId",
            "Diadoc.Api.Proto.DocumentIdEx",
            "Diadoc.Api.Proto.Events.DocumentSignature",
            "Diadoc.Api.Proto.Events.PowerOfAttorneyToPost",
            "Diadoc.Api.Proto.LoginPassword",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneyFullId",
            "Diadoc.Api.Proto.PowersOfAttorney.PowerOfAttorneySignedContent",
        ]
    );
    let set = String::from_utf8_lossy(FILE_DESCRIPTOR_SET);
    for name in names {
        let (_, short) = name.rsplit_once('.').unwrap();
        assert!(set.contains(short), "{short} is not in the descriptor set");
    }
}
