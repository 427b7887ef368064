//! SendDraft: a draft of documents becomes a message.

use podpis_diadoc_proto::documents::MessageType;
use podpis_diadoc_proto::events::{DocumentSenderSignature, DraftToSend, Message};
use podpis_diadoc_proto::prost::Message as _;
use podpis_sandbox::{DocumentInfo, PacketInfo};
use podpis_transport::HttpResponse;

use super::support::{is_signature, place, refusal};
use crate::support::{Desk, Is as _, but, made, message, old_form};

fn documents(packet: &PacketInfo) -> Vec<DocumentInfo> {
    let of = |entity: &String| place(&packet.message, entity);
    packet.documents.iter().map(of).collect()
}

fn test_signature(entity: &str) -> DocumentSenderSignature {
    DocumentSenderSignature {
        parent_entity_id: entity.to_owned(),
        sign_with_test_signature: Some(true),
        ..DocumentSenderSignature::default()
    }
}

impl Desk {
    fn send_draft(&mut self, query: &str, draft: DraftToSend) -> HttpResponse {
        let info = self.info();
        let draft = DraftToSend {
            box_id: info.box_id,
            draft_id: info.messages.draft.message,
            ..draft
        };
        self.post(&format!("/SendDraft{query}"), draft.encode_to_vec())
    }

    fn whole_draft(&mut self) -> DraftToSend {
        let documents = self.info().messages.draft.documents;
        made(|it: &mut DraftToSend| {
            it.document_signatures = documents.iter().map(|id| test_signature(id)).collect()
        })
    }
}

#[test]
fn a_draft_becomes_a_message_of_its_own() {
    let mut desk = Desk::new();
    let draft = desk.info().messages.draft;
    let [formal, plain]: [DocumentInfo; 2] = documents(&draft).try_into().unwrap();
    let prepared = desk.prepared_in_draft(&formal);
    let content = prepared.content.clone().unwrap();
    let first = desk.signature_over(content.clone());
    let second = desk.signature_of(&plain);
    let given = |place: &DocumentInfo, signature: bytes::Bytes| DocumentSenderSignature {
        parent_entity_id: place.entity.clone(),
        signature: Some(signature),
        ..DocumentSenderSignature::default()
    };
    let answer = desk.send_draft(
        "?operationId=a",
        made(|it: &mut DraftToSend| {
            it.document_signatures = vec![
                but(given(&formal, first), |it| {
                    it.patched_content_id = Some(prepared.patched_content_id.clone())
                }),
                given(&plain, second),
            ]
        }),
    );
    answer.is(200);
    let sent: Message = message(&answer);
    assert_ne!(sent.message_id, draft.message);
    assert_eq!(sent.created_from_draft_id.as_ref(), Some(&draft.message));
    assert_eq!(sent.to_box_id, Some(old_form(&desk.info().other_box)));
    assert_eq!(sent.message_type, MessageType::LETTER.number());
    assert_eq!(sent.entities.iter().filter(is_signature).count(), 2);
    let recycled = desk.read_message(&draft.message, "");
    assert_eq!(recycled.is_draft, Some(true));
    assert_eq!(recycled.draft_is_recycled, Some(true));
    let sent_as = &recycled.draft_is_transformed_to_message_id_list;
    assert_eq!(sent_as, std::slice::from_ref(&sent.message_id));
    desk.verified();
    for (number, expected) in [(0, true), (1, false)] {
        let place = place(&sent.message_id, &sent.entities[number].entity_id);
        let state = desk.state(&place);
        assert!(state.sent && state.signatures[0].verifies && state.failures == 0);
        assert_eq!(state.patched, expected);
    }
    let bytes = desk.entity_content(&sent.message_id, &sent.entities[0].entity_id);
    assert_eq!(bytes.into_body(), content);
}

#[test]
fn a_draft_is_sent_once() {
    let mut desk = Desk::new();
    let whole = desk.whole_draft();
    let first = desk.send_draft("?operationId=a", whole.clone());
    first.is(200);
    let again = desk.send_draft("?operationId=a", whole.clone());
    assert_eq!(again.body(), first.body());
    desk.send_draft("?operationId=b", whole).is(409);
}

#[test]
fn without_an_id_equal_bodies_are_one_operation() {
    let mut desk = Desk::new();
    let whole = desk.whole_draft();
    let first = desk.send_draft("", whole.clone());
    first.is(200);
    assert_eq!(desk.send_draft("?operationId", whole).body(), first.body());
}

#[test]
fn r_sig_4_a_senders_signature_is_given_in_exactly_one_way() {
    let mut desk = Desk::new();
    let draft = desk.info().messages.draft;
    let [formal, plain]: [DocumentInfo; 2] = documents(&draft).try_into().unwrap();
    let bytes = desk.signature_of(&formal);
    let with = |first: DocumentSenderSignature| {
        made(|it: &mut DraftToSend| {
            it.document_signatures = vec![first, test_signature(&plain.entity)]
        })
    };
    let both = but(test_signature(&formal.entity), |it| {
        it.signature = Some(bytes.clone())
    });
    let none = made(|it: &mut DocumentSenderSignature| it.parent_entity_id = formal.entity.clone());
    for wrong in [both, none] {
        desk.send_draft("", with(wrong)).is(400);
    }
    let right = DocumentSenderSignature {
        parent_entity_id: formal.entity.clone(),
        signature: Some(bytes),
        ..DocumentSenderSignature::default()
    };
    desk.send_draft("", with(right)).is(200);
}

#[test]
fn every_document_of_a_draft_is_signed_once() {
    let mut desk = Desk::new();
    let draft = desk.info().messages.draft;
    let [formal, plain]: [DocumentInfo; 2] = documents(&draft).try_into().unwrap();
    let of = |ids: &[&str]| {
        made(|it: &mut DraftToSend| {
            it.document_signatures = ids.iter().map(|id| test_signature(id)).collect()
        })
    };
    let (first, second) = (formal.entity.as_str(), plain.entity.as_str());
    for (ids, status) in [
        (&[][..], 400),
        (&[first][..], 400),
        (&[first, second, second][..], 400),
        (&[first, second, "none"][..], 404),
        (&[first, second, ""][..], 400),
        (&[second, first][..], 200),
    ] {
        desk.send_draft("", of(ids)).is(status);
    }
}

#[test]
fn a_prepared_content_that_is_not_known_is_a_conflict() {
    let mut desk = Desk::new();
    let mut whole = desk.whole_draft();
    whole.document_signatures[0].patched_content_id = Some("none".to_owned());
    let (status, text) = refusal(&desk.send_draft("", whole.clone()));
    assert_eq!(status, 409);
    assert!(text.contains("R-SIG-7"), "{text}");
    let of_another = desk.prepared_in_draft(&documents(&desk.info().messages.draft)[0]);
    whole.document_signatures[0].patched_content_id = None;
    whole.document_signatures[1].patched_content_id = Some(of_another.patched_content_id.clone());
    desk.send_draft("", whole.clone()).is(409);
    whole.document_signatures[1].patched_content_id = None;
    whole.document_signatures[0].patched_content_id = Some(of_another.patched_content_id);
    desk.send_draft("", whole).is(200);
}

#[test]
fn r_drf_1_the_recipient_is_not_the_sender() {
    let mut desk = Desk::new();
    let info = desk.info();
    let old = old_form(&info.other_box);
    for (to, status) in [
        (info.box_id.as_str(), 400),
        ("none", 404),
        (old.as_str(), 200),
    ] {
        let whole = but(desk.whole_draft(), |it| it.to_box_id = Some(to.to_owned()));
        let (got, text) = refusal(&desk.send_draft("", whole));
        assert_eq!(got, status, "{to}: {text}");
        assert_eq!(text.contains("R-DRF-1"), status == 400);
    }
}

#[test]
fn what_is_no_draft() {
    let mut desk = Desk::new();
    let info = desk.info();
    for (box_id, id, status) in [
        (&info.box_id, "none", 404),
        (&info.box_id, info.messages.unsent.message.as_str(), 404),
        (&info.other_box, info.messages.draft.message.as_str(), 403),
    ] {
        let draft = DraftToSend {
            box_id: box_id.clone(),
            draft_id: id.to_owned(),
            ..DraftToSend::default()
        };
        desk.post("/SendDraft", draft.encode_to_vec()).is(status);
    }
}
