//! Bytes of a signature that is attached to a document.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::ContentV3;
use podpis_diadoc_proto::events::{DocumentSignature, PowerOfAttorneyToPost};
use podpis_diadoc_proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneySignedContent,
};

use crate::same;

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
