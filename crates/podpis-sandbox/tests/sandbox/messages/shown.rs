//! What the sandbox shows of documents and signatures.

use super::support::given;
use crate::signatures::openssl_accepts;
use crate::support::{Desk, Is as _, text};

#[test]
fn openssl_can_judge_what_is_shown() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signature = desk.signature_of(&document);
    desk.attach(&document, given(signature.clone()));
    let (status, all) = desk.json("GET", "/_sandbox/documents", "");
    assert_eq!(status, 200);
    let shown = all
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["entity"] == document.entity.as_str())
        .unwrap();
    assert_eq!(shown["signatures"].as_array().unwrap().len(), 1);
    let shown_signature = &shown["signatures"][0];
    assert_eq!(shown_signature["verifies"], true);
    assert_eq!(shown_signature["approval"], false);
    assert_eq!(shown_signature["verification"], "pending");
    let content = desk.get(shown["content"].as_str().unwrap());
    let path = shown_signature["signature"].as_str().unwrap();
    let der = desk.get(path).into_body();
    assert_eq!(der, signature);
    let ca = desk.world.ca_pem().to_owned();
    assert!(openssl_accepts(&der, &text(&content), Some(&ca)));
}

#[test]
fn seeded_signatures_are_right_and_every_seeded_id_is_there() {
    let mut desk = Desk::new();
    let known = desk.info().messages;
    for place in [&known.counter_signed, &known.sent] {
        let state = desk.state(place);
        assert_eq!(state.signatures.len(), 1);
        assert!(state.signatures[0].verifies && state.sent);
    }
    assert!(!desk.state(&known.counter_signed).signatures[0].ours);
    assert!(desk.state(&known.sent).signatures[0].ours);
    for place in [&known.unsent, &known.unsent_nonformalized] {
        let state = desk.state(place);
        assert!(state.outgoing && !state.sent && state.signatures.is_empty());
    }
    for packet in [&known.draft, &known.locked] {
        let read = desk.read_message(&packet.message, "");
        let ids: Vec<_> = read.entities.iter().map(|known| &known.entity_id).collect();
        assert_eq!(ids, packet.documents.iter().collect::<Vec<_>>());
    }
}

#[test]
fn what_is_not_shown() {
    let mut desk = Desk::new();
    let place = desk.info().unsigned_document;
    let path = format!("/_sandbox/documents/{}/{}", place.message, place.entity);
    for path in [
        "/_sandbox/documents/x".to_owned(),
        format!("{path}/nothing"),
        format!("{path}/signatures/none"),
        "/_sandbox/documents/x/y/content".to_owned(),
    ] {
        desk.get(&path).is(404);
    }
    desk.post("/_sandbox/documents", "").is(405);
}
