//! Bytes of the login, of CloudSign and of what every signing call is made of.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::{
    AsyncMethodResult, CloudSignConfirmResult, CloudSignFile, CloudSignRequest, CloudSignResult,
    ContentV2, ContentV3, DocumentId, DocumentIdEx, LoginPassword,
};

use crate::same;

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
