//! PostMessagePatch: what it does when everything is right, and whose message it is.

use podpis_diadoc_proto::LockMode;
use podpis_diadoc_proto::documents::MessageType;
use podpis_diadoc_proto::events::{
    CustomDataPatch, DocumentSignature, MessagePatch, MessagePatchToPost, MessagePatchToPostV2,
};
use podpis_diadoc_proto::prost::Message as _;

use super::support::{given, of, place, test_signature};
use crate::signatures::openssl_accepts;
use crate::support::{Desk, Is as _, header, made, message, old_form, text};

#[test]
fn a_signature_lies_under_its_document() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signature = desk.signature_of(&document);
    let answer = desk.patch(
        &document.message,
        vec![of(&document, given(signature.clone()))],
        "one",
    );
    answer.is(200);
    let patch: MessagePatch = message(&answer);
    assert_eq!(patch.message_id, document.message);
    assert_eq!(patch.patch_id.len(), 36);
    assert_eq!(patch.message_type, MessageType::LETTER.number());
    assert_eq!(patch.entities.len(), 1);
    let posted = &patch.entities[0];
    assert_eq!(posted.parent_entity_id.as_ref(), Some(&document.entity));
    assert_eq!(posted.signer_box_id, Some(old_form(&desk.info().box_id)));
    assert_eq!(posted.content.as_ref().unwrap().data, Some(signature));
    let state = desk.state(&document);
    assert_eq!(state.signatures.len(), 1);
    let signature = &state.signatures[0];
    assert!(signature.verifies && signature.ours && !signature.approval);
    assert_eq!(signature.thumbprint, Some(desk.info().certificate));
    let counters = desk.world.counters();
    assert_eq!((counters.patches, counters.signatures_attached), (1, 1));
}

#[test]
fn both_versions_take_the_same_bytes() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signatures = vec![of(&document, test_signature())];
    let body = desk.patch_of(&document.message, signatures.clone());
    let older = MessagePatchToPost {
        box_id: desk.info().box_id,
        message_id: document.message.clone(),
        signatures,
        ..MessagePatchToPost::default()
    };
    assert_eq!(older.encode_to_vec(), body);
    desk.post("/V3/PostMessagePatch", body).is(200);
    assert_eq!(desk.state(&document).signatures.len(), 1);
}

#[test]
fn a_signature_can_come_from_the_shelf() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signature = desk.signature_of(&document);
    let name = text(&desk.post("/V2/ShelfUpload", signature));
    let named = made(|it: &mut DocumentSignature| it.signature_name_on_shelf = Some(name));
    desk.attach(&document, named);
    assert!(desk.state(&document).signatures[0].verifies);
}

#[test]
fn the_service_makes_a_test_signature() {
    let mut desk = Desk::new();
    let document = desk.info().messages.unsent;
    let id = desk.attach(&document, test_signature());
    let content = desk.entity_content(&document.message, &document.entity);
    let signature = desk.entity_content(&document.message, &id).into_body();
    assert!(openssl_accepts(&signature, &text(&content), None));
    assert!(desk.state(&document).signatures[0].verifies);
}

#[test]
fn an_ordinary_signature_sends_a_document_that_waited() {
    let mut desk = Desk::new();
    let document = desk.info().messages.unsent_nonformalized;
    assert!(!desk.state(&document).sent);
    let signature = desk.signature_of(&document);
    desk.attach(&document, given(signature));
    assert!(desk.state(&document).sent);
}

#[test]
fn a_locked_packet_is_sent_together() {
    let mut desk = Desk::new();
    let packet = desk.info().messages.locked;
    let read = desk.read_message(&packet.message, "");
    assert_eq!(read.packet_is_locked, Some(true));
    assert_eq!(read.lock_mode, LockMode::FULL.number());
    let first = place(&packet.message, &packet.documents[0]);
    let second = place(&packet.message, &packet.documents[1]);
    let alone = desk.patch(&packet.message, vec![of(&first, test_signature())], "");
    alone.is(409);
    let code = "DocumentService.NotAllowedForLockedPacket";
    assert_eq!(header(&alone, "x-diadoc-errorcode"), Some(code));
    assert_eq!(text(&alone), format!("ErrorCode: {code} (Http.Conflict)"));
    assert!(!desk.state(&first).sent);
    let all = [&first, &second].map(|one| of(one, test_signature()));
    desk.patch(&packet.message, all.to_vec(), "").is(200);
    assert!(desk.state(&first).sent && desk.state(&second).sent);
}

#[test]
fn a_patch_is_done_whole_or_not_at_all() {
    let mut desk = Desk::new();
    let packet = desk.info().messages.locked;
    let first = place(&packet.message, &packet.documents[0]);
    let second = place(&packet.message, &packet.documents[1]);
    let signatures = vec![
        of(&first, test_signature()),
        of(&second, DocumentSignature::default()),
    ];
    desk.patch(&packet.message, signatures, "x").is(400);
    assert!(desk.state(&first).signatures.is_empty());
    let signatures = vec![of(&first, test_signature()), of(&second, test_signature())];
    let patch: MessagePatch = message(&desk.patch(&packet.message, signatures, "x"));
    assert_eq!(patch.entities.len(), 2);
}

#[test]
fn whose_message_it_is() {
    let mut desk = Desk::new();
    let info = desk.info();
    let document = info.unsigned_document.clone();
    let body = |box_id: &str, message: &str, signatures: Vec<DocumentSignature>| {
        MessagePatchToPostV2 {
            box_id: box_id.to_owned(),
            message_id: message.to_owned(),
            signatures,
            ..MessagePatchToPostV2::default()
        }
        .encode_to_vec()
    };
    let one = || vec![of(&document, test_signature())];
    let more = MessagePatchToPostV2 {
        custom_data_patches: vec![CustomDataPatch::default()],
        ..MessagePatchToPostV2::decode(body(&info.box_id, &document.message, one()).as_slice())
            .unwrap()
    };
    let rows = [
        (
            "another box",
            body(&info.other_box, &document.message, one()),
            403,
        ),
        (
            "no id of a box",
            body("none", &document.message, one()),
            400,
        ),
        ("no such message", body(&info.box_id, "none", one()), 404),
        (
            "a draft",
            body(&info.box_id, &info.messages.draft.message, one()),
            409,
        ),
        (
            "nothing in it",
            body(&info.box_id, &document.message, vec![]),
            400,
        ),
        ("more than signatures", more.encode_to_vec(), 400),
        ("no box at all", b"\x12\x01m".to_vec(), 400),
        ("no protobuf", b"{}".to_vec(), 400),
    ];
    for (_what, body, status) in rows {
        desk.post("/V4/PostMessagePatch", body).is(status);
    }
    let mut request = desk.request("POST", "/V4/PostMessagePatch", "{}");
    let json = "application/json".parse().unwrap();
    request.headers_mut().insert("content-type", json);
    assert_eq!(desk.send(&request).status(), 400, "JSON without a box");
    desk.authorization = None;
    desk.post("/V4/PostMessagePatch", "").is(401);
}
