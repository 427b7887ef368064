//! GetMessage, GetEntityContent, GetDocument, GetSignatureInfo.

use std::time::Duration;

use podpis_diadoc_proto::SignatureInfo;
use podpis_diadoc_proto::documents::{Document, MessageType, SenderSignatureStatus};
use podpis_diadoc_proto::events::{
    AttachmentType, EntityType, Message, MessageToPost, NonformalizedAttachment, SignedContent,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_sandbox::{MessageOptions, StampedParent};

use super::support::{desk, given, is_signature, test_signature};
use crate::signatures::openssl_accepts;
use crate::support::{Desk, Is as _, made, message, number, old_form, rows};

#[test]
fn an_incoming_document_waits_for_a_signature() {
    let mut desk = Desk::new();
    let info = desk.info();
    let read = desk.read_message(&info.unsigned_document.message, "");
    assert_eq!(read.from_box_id, old_form(&info.other_box));
    assert_eq!(read.to_box_id, Some(old_form(&info.box_id)));
    assert_eq!(read.message_type, MessageType::LETTER.number());
    assert_eq!(read.entities.len(), 1);
    let entity = &read.entities[0];
    assert_eq!(entity.entity_id, info.unsigned_document.entity);
    assert_eq!(entity.entity_type, Some(EntityType::ATTACHMENT.number()));
    let kind = AttachmentType::NONFORMALIZED.number();
    assert_eq!(entity.attachment_type, Some(kind));
    assert_eq!(entity.need_recipient_signature, Some(true));
    let content = entity.content.as_ref().unwrap();
    assert!(content.data.is_none(), "bytes come only when asked for");
    let bytes = desk.entity_content(&read.message_id, &entity.entity_id);
    assert_eq!(usize::try_from(content.size).unwrap(), bytes.body().len());
}

#[test]
fn ticks_are_those_of_dot_net() {
    let mut desk = Desk::new();
    let read = desk.read_message(&desk.info().unsigned_document.message, "");
    // 2023-11-13T22:13:20Z, a day before the world's start.
    assert_eq!(read.timestamp_ticks, 638_355_104_000_000_000);
}

#[test]
fn bytes_come_inline_when_asked_for() {
    let mut desk = Desk::new();
    let id = desk.info().messages.counter_signed.message;
    for (more, inline) in [
        ("", false),
        ("&injectEntityContent=False", false),
        ("&injectEntityContent=True", true),
        ("&injectEntityContent=true", true),
    ] {
        let read = desk.read_message(&id, more);
        for entity in &read.entities {
            let content = entity.content.as_ref().unwrap();
            assert_eq!(content.data.is_some(), inline, "{more}");
        }
    }
}

#[test]
fn an_answer_carries_at_most_a_mebibyte_of_bytes() {
    let mut desk = Desk::new();
    let info = desk.info();
    let document = |size: usize| NonformalizedAttachment {
        signed_content: made(|it: &mut SignedContent| it.content = Some(vec![b'x'; size].into())),
        file_name: "x".to_owned(),
        ..NonformalizedAttachment::default()
    };
    let posted = MessageToPost {
        from_box_id: info.box_id,
        to_box_id: Some(info.other_box),
        delay_send: Some(true),
        nonformalized_documents: vec![document(1_000_000), document(48_577), document(48_576)],
        ..MessageToPost::default()
    };
    let sent: Message = message(&desk.post("/V3/PostMessage", posted.encode_to_vec()));
    let read = desk.read_message(&sent.message_id, "&injectEntityContent=true");
    let contents: Vec<_> = read
        .entities
        .iter()
        .map(|known| known.content.as_ref().unwrap())
        .map(|content| (content.size, content.data.is_some()))
        .collect();
    let seen = contents;
    assert_eq!(seen, [(1_000_000, true), (48_577, false), (48_576, true)]);
    let left_out = &read.entities[1].entity_id;
    let bytes = desk.entity_content(&sent.message_id, left_out);
    assert_eq!(bytes.body().len(), 48_577);
}

#[test]
fn an_entity_comes_with_what_is_below_it() {
    let mut desk = Desk::new();
    let known = desk.info().messages;
    let id = &known.counter_signed.message;
    let count = |desk: &mut Desk, entity: &str| {
        desk.read_message(id, &format!("&entityId={entity}"))
            .entities
            .len()
    };
    assert_eq!(count(&mut desk, &known.counter_signed.entity), 2);
    assert_eq!(count(&mut desk, &known.counter_signature), 1);
    desk.get_message(id, "&entityId=none").is(404);
}

#[test]
fn a_signature_is_stamped_unless_the_original_is_asked_for() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let posted = desk.signature_of(&document);
    let id = desk.attach(&document, given(posted.clone()));
    let content = desk.entity_content(&document.message, &document.entity);
    let content = content.into_body();
    let content = String::from_utf8(content.to_vec()).unwrap();
    for (more, original) in [
        ("&originalSignature", true),
        ("&originalSignature=", true),
        ("&originalSignature=true", true),
        ("&originalSignature=false", false),
        ("", false),
    ] {
        let read = desk.read_message(
            &document.message,
            &format!("&injectEntityContent=true{more}"),
        );
        let signatures: Vec<_> = read.entities.iter().filter(is_signature).collect();
        assert_eq!(signatures.len(), 1, "{more}");
        assert_eq!(signatures[0].entity_id, id);
        let parent = signatures[0].parent_entity_id.as_ref();
        assert_eq!(parent, Some(&document.entity));
        let data = signatures[0].content.as_ref().unwrap().data.as_ref();
        assert_eq!(data == Some(&posted), original, "{more}");
        assert!(openssl_accepts(data.unwrap(), &content, None), "{more}");
    }
    let stamped = desk.entity_content(&document.message, &id).into_body();
    assert!(stamped.len() > posted.len());
}

#[test]
fn a_stamped_signature_can_hang_below_the_original() {
    let mut desk = desk(MessageOptions::default().stamped_parent(StampedParent::OriginalSignature));
    let document = desk.info().unsigned_document;
    let posted = desk.signature_of(&document);
    let id = desk.attach(&document, given(posted.clone()));
    let read = desk.read_message(&document.message, "");
    let signatures: Vec<_> = read.entities.iter().filter(is_signature).collect();
    assert_eq!(signatures.len(), 2);
    assert_eq!(signatures[0].entity_id, id);
    let parents: Vec<_> = signatures
        .iter()
        .map(|known| known.parent_entity_id.clone().unwrap())
        .collect();
    assert_eq!(parents, [document.entity.clone(), id.clone()]);
    let stamped = signatures[1].entity_id.clone();
    let bytes = desk.entity_content(&document.message, &id).into_body();
    assert_eq!(bytes, posted);
    let bytes = desk.entity_content(&document.message, &stamped).into_body();
    assert!(bytes.len() > posted.len());
    let read = desk.read_message(&document.message, "&originalSignature");
    assert_eq!(read.entities.iter().filter(is_signature).count(), 1);
}

#[test]
fn a_signature_is_verified_later() {
    let mut desk = desk(MessageOptions::default().verification(Duration::from_secs(30)));
    let info = desk.info();
    let document = info.unsigned_document;
    let posted = desk.signature_of(&document);
    let id = desk.attach(&document, given(posted));
    let path = format!(
        "/GetSignatureInfo?boxId={}&messageId={}&entityId={id}",
        info.box_id, document.message
    );
    let before: SignatureInfo = message(&desk.get(&path));
    assert_eq!(before.thumbprint, info.certificate);
    assert_eq!(before.surname.as_deref(), Some("Иванова"));
    assert!(before.signature_verification_result.is_none());
    assert!(before.signature_verification_time.is_none());
    desk.wait(Duration::from_secs(30));
    let after: SignatureInfo = message(&desk.get(&path));
    let result = after.signature_verification_result.unwrap();
    assert!(result.is_valid);
    assert!(result.certificate_status.unwrap().is_valid);
    assert_eq!(after.signing_time, before.signing_time);
}

#[test]
fn the_other_side_signed_already() {
    let mut desk = Desk::new();
    let info = desk.info();
    let known = info.messages;
    let path = format!(
        "/GetSignatureInfo?boxId={}&messageId={}&entityId={}",
        info.box_id, known.counter_signed.message, known.counter_signature
    );
    let about: SignatureInfo = message(&desk.get(&path));
    assert!(about.signature_verification_result.unwrap().is_valid);
    assert_eq!(about.surname.as_deref(), Some("Берёзов"));
    let read = desk.read_message(&known.counter_signed.message, "");
    let signature = read.entities.iter().find(is_signature).unwrap();
    let seen = signature.signer_box_id.as_ref();
    assert_eq!(seen, Some(&old_form(&info.other_box)));
}

#[test]
fn a_document_says_whether_it_is_sent_and_signed() {
    let mut desk = Desk::new();
    let info = desk.info();
    let path = |place: &podpis_sandbox::DocumentInfo, more: &str| {
        format!(
            "/V3/GetDocument?boxId={}&messageId={}&entityId={}{more}",
            info.box_id, place.message, place.entity
        )
    };
    let unsent: Document = message(&desk.get(&path(&info.messages.unsent, "")));
    assert!(unsent.send_timestamp_ticks.is_none());
    let waiting = SenderSignatureStatus::WAITING_FOR_SENDER_SIGNATURE.number();
    assert_eq!(unsent.sender_signature_status, Some(waiting));
    assert!(unsent.content.unwrap().data.is_some(), "as by default");
    let more = "&injectEntityContent=false";
    let sent: Document = message(&desk.get(&path(&info.messages.sent, more)));
    assert!(sent.send_timestamp_ticks.is_some());
    let valid = SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_VALID.number();
    assert_eq!(sent.sender_signature_status, Some(valid));
    assert!(sent.content.unwrap().data.is_none());
}

#[test]
fn what_cannot_be_read() {
    let mut desk = Desk::new();
    let info = desk.info();
    let known = info.messages.counter_signed;
    let (own, other) = (&info.box_id, &info.other_box);
    let (m, e) = (&known.message, &known.entity);
    let table = format!(
        "/V6/GetMessage?messageId={m} | 400
         /V6/GetMessage?boxId={own} | 400
         /V6/GetMessage?boxId={own}&messageId=none | 404
         /V6/GetMessage?boxId={other}&messageId={m} | 403
         /V6/GetMessage?boxId=none&messageId={m} | 404
         /V5/GetMessage?boxId={own}&messageId={m} | 200
         /V4/GetEntityContent?boxId={own}&messageId={m} | 400
         /V4/GetEntityContent?boxId={own}&messageId={m}&entityId=none | 404
         /GetSignatureInfo?boxId={own}&messageId={m} | 400
         /GetSignatureInfo?boxId={own}&messageId={m}&entityId={e} | 404
         /V3/GetDocument?boxId={own}&messageId={m}&entityId=none | 404"
    );
    for [path, status] in rows(&table) {
        desk.get(path).is(number(status));
    }
}

#[test]
fn an_entity_without_content_is_not_found() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let wrong = desk.signature_over("something else");
    desk.attach(&document, given(wrong));
    desk.verified();
    let read = desk.read_message(&document.message, "");
    let kind = AttachmentType::DELIVERY_FAILURE_NOTIFICATION.number();
    let failure = read
        .entities
        .iter()
        .find(|known| known.attachment_type == Some(kind))
        .unwrap();
    desk.entity_content(&document.message, &failure.entity_id)
        .is(404);
    assert_eq!(desk.attach(&document, test_signature()).len(), 36);
}
