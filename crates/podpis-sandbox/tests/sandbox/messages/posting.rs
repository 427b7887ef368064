//! PostMessage: new messages, drafts, and documents that wait for a signature.

use bytes::Bytes;
use podpis_diadoc_proto::LockMode;
use podpis_diadoc_proto::events::{
    DocumentAttachment, Message, MessageToPost, MetadataItem, NonformalizedAttachment,
    SignedContent,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_transport::HttpResponse;

use super::support::{is_signature, place, refusal, test_signature};
use crate::support::{Desk, Is as _, but, made, message, text};

fn content() -> SignedContent {
    made(|it: &mut SignedContent| it.content = Some(Bytes::from_static("Договор\n".as_bytes())))
}

fn signed() -> SignedContent {
    but(content(), |it| it.sign_with_test_signature = Some(true))
}

fn plain(signed_content: SignedContent) -> NonformalizedAttachment {
    NonformalizedAttachment {
        signed_content,
        file_name: "contract.txt".to_owned(),
        ..NonformalizedAttachment::default()
    }
}

fn letter(documents: Vec<SignedContent>) -> MessageToPost {
    made(|it: &mut MessageToPost| {
        it.nonformalized_documents = documents.into_iter().map(plain).collect()
    })
}

impl Desk {
    fn try_post(&mut self, query: &str, posted: MessageToPost) -> HttpResponse {
        let info = self.info();
        let posted = MessageToPost {
            from_box_id: info.box_id,
            to_box_id: posted.to_box_id.clone().or(Some(info.other_box)),
            ..posted
        };
        self.post(&format!("/V3/PostMessage{query}"), posted.encode_to_vec())
    }

    fn posted(&mut self, posted: MessageToPost) -> Message {
        let answer = self.try_post("", posted);
        answer.is(200);
        message(&answer)
    }

    fn status_of(&mut self, posted: MessageToPost) -> (u16, String) {
        refusal(&self.try_post("", posted))
    }
}

#[test]
fn a_message_with_its_signature_goes_out_at_once() {
    let mut desk = Desk::new();
    let signature = desk.signature_over("Договор\n");
    let name = text(&desk.post("/V2/ShelfUpload", signature.clone()));
    let inline = but(content(), |it| it.signature = Some(signature));
    let on_shelf = but(content(), |it| it.signature_name_on_shelf = Some(name));
    let sent = desk.posted(letter(vec![inline, on_shelf, signed()]));
    assert_eq!(sent.entities.iter().filter(is_signature).count(), 3);
    desk.verified();
    for entity in sent.entities.iter().filter(|known| !is_signature(known)) {
        let state = desk.state(&place(&sent.message_id, &entity.entity_id));
        assert!(state.sent && state.outgoing && !state.draft);
        assert!(state.signatures[0].verifies && state.failures == 0);
    }
}

#[test]
fn a_document_that_waits_is_signed_by_a_patch() {
    let mut desk = Desk::new();
    let formal = DocumentAttachment {
        signed_content: made(|it: &mut SignedContent| it.content = Some("<a></a>".into())),
        type_named_id: "XmlTorg12".to_owned(),
        metadata: vec![MetadataItem {
            key: "FileName".to_owned(),
            value: "torg.xml".to_owned(),
        }],
        ..DocumentAttachment::default()
    };
    let sent = desk.posted(MessageToPost {
        document_attachments: vec![formal],
        delay_send: Some(true),
        ..MessageToPost::default()
    });
    let place = place(&sent.message_id, &sent.entities[0].entity_id);
    let state = desk.state(&place);
    assert!(!state.sent);
    assert_eq!(state.file_name, "torg.xml");
    assert_eq!(state.type_named_id, "XmlTorg12");
    let prepared = desk.prepared(&place);
    desk.attach(&place, super::preparing::by(&prepared, test_signature()));
    let state = desk.state(&place);
    assert!(state.sent && state.patched);
}

#[test]
fn a_draft_waits_for_its_signature() {
    let mut desk = Desk::new();
    let draft = desk.posted(MessageToPost {
        is_draft: Some(true),
        lock_draft: Some(true),
        ..letter(vec![content()])
    });
    assert_eq!(draft.is_draft, Some(true));
    assert_eq!(draft.draft_is_locked, Some(true));
    let state = desk.state(&place(&draft.message_id, &draft.entities[0].entity_id));
    assert!(state.draft && !state.sent);
}

#[test]
fn a_packet_can_be_locked_in_two_ways() {
    let mut desk = Desk::new();
    let older = but(letter(vec![signed()]), |it| it.lock_packet = Some(true));
    let newer = but(letter(vec![signed()]), |it| {
        it.lock_mode = Some(LockMode::FULL.number())
    });
    for posted in [older, newer] {
        let sent = desk.posted(posted);
        assert_eq!(sent.lock_mode, LockMode::FULL.number());
        assert_eq!(sent.packet_is_locked, Some(true));
    }
    let seen = desk.posted(letter(vec![signed()])).lock_mode;
    assert_eq!(seen, LockMode::NONE.number());
}

#[test]
fn r_src_1_a_document_has_one_source() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/V2/ShelfUpload", "Договор\n"));
    let on_shelf = |name: &str| SignedContent {
        content: None,
        name_on_shelf: Some(name.to_owned()),
        ..signed()
    };
    let both = but(signed(), |it| it.name_on_shelf = Some(name.clone()));
    let none = but(signed(), |it| it.content = None);
    for wrong in [both, none] {
        let (status, text) = desk.status_of(letter(vec![wrong]));
        assert_eq!(status, 400);
        assert!(text.contains("R-SRC-1"), "{text}");
    }
    let empty = but(signed(), |it| it.content = Some(Bytes::new()));
    assert_eq!(desk.status_of(letter(vec![empty])).0, 400);
    assert_eq!(desk.status_of(letter(vec![on_shelf("none")])).0, 400);
    assert_eq!(desk.status_of(letter(vec![on_shelf(&name)])).0, 200);
}

#[test]
fn r_sig_5_what_is_sent_at_once_is_signed() {
    let mut desk = Desk::new();
    let (status, text) = desk.status_of(letter(vec![signed(), content()]));
    assert_eq!(status, 400);
    assert!(text.contains("R-SIG-5"), "{text}");
    assert_eq!(desk.status_of(letter(vec![signed(), signed()])).0, 200);
}

#[test]
fn r_sig_6_shelf_names_of_a_message_are_local() {
    let mut desk = Desk::new();
    let name = text(&desk.post("/V2/ShelfUpload", "Договор\n"));
    let document = SignedContent {
        content: None,
        name_on_shelf: Some(format!("__userId__/{name}")),
        ..signed()
    };
    let signature = but(content(), |it| {
        it.signature_name_on_shelf = Some(format!("__userId__/{name}"))
    });
    for wrong in [document, signature] {
        let (status, text) = desk.status_of(letter(vec![wrong]));
        assert_eq!(status, 400);
        assert!(text.contains("R-SIG-6"), "{text}");
    }
}

#[test]
fn r_sig_8_what_waits_is_not_signed_yet() {
    let mut desk = Desk::new();
    let waiting = |document| but(letter(vec![document]), |it| it.delay_send = Some(true));
    let (status, text) = desk.status_of(waiting(signed()));
    assert_eq!(status, 400);
    assert!(text.contains("R-SIG-8"), "{text}");
    assert_eq!(desk.status_of(waiting(content())).0, 200);
}

#[test]
fn at_most_forty_documents() {
    let mut desk = Desk::new();
    assert_eq!(desk.status_of(letter(vec![signed(); 41])).0, 400);
    assert_eq!(desk.status_of(letter(vec![signed(); 40])).0, 200);
    assert_eq!(desk.status_of(letter(vec![])).0, 400);
}

#[test]
fn who_gets_it() {
    let mut desk = Desk::new();
    let info = desk.info();
    let to = |id: &str| {
        but(letter(vec![signed()]), |it| {
            it.to_box_id = Some(id.to_owned())
        })
    };
    assert_eq!(desk.status_of(to(&info.box_id)).0, 400);
    assert_eq!(desk.status_of(to("none")).0, 404);
    let foreign = but(to(&info.box_id), |it| {
        it.from_box_id = info.other_box.clone()
    });
    desk.post("/V3/PostMessage", foreign.encode_to_vec())
        .is(403);
    let nobody = but(letter(vec![signed()]), |it| {
        it.from_box_id = info.box_id.clone()
    });
    desk.post("/V3/PostMessage", nobody.encode_to_vec()).is(400);
    let internal = but(nobody, |it| it.is_internal = Some(true));
    let answer = desk.post("/V3/PostMessage", internal.encode_to_vec());
    answer.is(200);
    assert_eq!(message::<Message>(&answer).to_box_id, None);
}

#[test]
fn an_equal_body_is_one_message() {
    let mut desk = Desk::new();
    let first = desk.try_post("", letter(vec![signed()]));
    let again = desk.try_post("", letter(vec![signed()]));
    assert_eq!(first.body(), again.body());
    let other = desk.try_post("?operationId=b", letter(vec![signed()]));
    assert_ne!(first.body(), other.body());
}
