//! Documents that wait from the start: a signature is taken where nothing else is needed, and refused where it is.

use std::collections::BTreeSet;

use podpis_diadoc_proto::documents::{Document, DocumentList};
use podpis_diadoc_proto::events::PowerOfAttorneyToPost;
use podpis_sandbox::WaitingInfo;

use super::support::test_signature;
use crate::support::{Desk, message};

/// The categories of what waits for a signature of this side.
const WAITING: [&str; 3] = [
    "Any.InboundWaitingForRecipientSignature",
    "Any.OutboundWaitingForSenderSignature",
    "Any.InternalWaitingForSenderSignature",
];

fn listed(desk: &mut Desk) -> Vec<Document> {
    let box_id = desk.info().box_id;
    let list = |category| {
        let path = format!("/V3/GetDocuments?boxId={box_id}&filterCategory={category}");
        message::<DocumentList>(&desk.get(&path)).documents
    };
    WAITING.into_iter().flat_map(list).collect()
}

#[test]
fn at_least_twelve_documents_of_five_types_wait_and_are_told_as_seeded() {
    let mut desk = Desk::new();
    let told = listed(&mut desk);
    let seeded = desk.info().messages.waiting;
    let ids: BTreeSet<&str> = told.iter().map(|one| &*one.entity_id).collect();
    let known: BTreeSet<&str> = seeded.iter().map(|one| &*one.document.entity).collect();
    assert_eq!(ids, known);
    let types: BTreeSet<&str> = told.iter().map(|one| &*one.type_named_id).collect();
    assert!(told.len() >= 12 && types.len() >= 5, "{types:?}");
}

#[test]
fn a_signature_alone_is_taken_where_nothing_else_is_needed() {
    let info = Desk::new().info().messages;
    // Those of a locked packet are signed together.
    let is_alone = |one: &&WaitingInfo| one.document.message != info.locked.message;
    for waiting in info.waiting.iter().filter(is_alone) {
        let mut desk = Desk::new();
        let (status, text) = desk.try_attach(&waiting.document, test_signature());
        let expected = match &*waiting.needs {
            "title" | "power_of_attorney" | "colleague" => 409,
            _ => 200,
        };
        assert_eq!(status, expected, "{waiting:?} {text}");
        if waiting.needs == "power_of_attorney" {
            let mut with_power = test_signature();
            with_power.power_of_attorney = Some(PowerOfAttorneyToPost::new(true));
            desk.attach(&waiting.document, with_power);
        }
        if waiting.needs == "colleague" {
            desk.be(1);
            desk.attach(&waiting.document, test_signature());
        }
        let left = listed(&mut desk);
        let stays = left
            .iter()
            .any(|one| one.entity_id == waiting.document.entity);
        assert_eq!(stays, expected == 409 && waiting.needs == "title");
    }
}
