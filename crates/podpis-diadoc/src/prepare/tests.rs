//! Answers in every order, and those that cannot be matched.

use podpis_diadoc_proto::DocumentId;
use podpis_diadoc_proto::events::{DocumentPatchedContent, PrepareDocumentsToSignResponse};

use super::answer::matched;
use super::*;
use crate::{EntityId, MessageId};

fn asked(entities: &[&str]) -> Vec<(DocumentRef, PostedBy)> {
    entities
        .iter()
        .map(|entity| {
            let document = DocumentRef::new(&MessageId::new("m"), &EntityId::new(*entity));
            (document, PostedBy::PostMessagePatch)
        })
        .collect()
}

fn came(items: &[(&str, &str, &'static [u8])]) -> PrepareDocumentsToSignResponse {
    let items = items.iter().map(|(entity, name, bytes)| {
        DocumentPatchedContent::new(DocumentId::new("M", *entity), *name).with_content(*bytes)
    });
    PrepareDocumentsToSignResponse::new().with_document_patched_contents(items)
}

#[test]
fn contents_are_matched_by_document_and_what_is_absent_is_told() {
    let answer = came(&[("C", "pc", b"third"), ("a", "pa", b"first")]);
    let prepared = matched(asked(&["a", "b", "c"]), false, answer).unwrap();
    let told: Vec<String> = prepared
        .documents
        .iter()
        .map(|one| match one {
            Preparation::Prepared(one) => format!(
                "{} {} {}",
                one.patched.document.entity,
                one.patched.id,
                one.content.as_ref().unwrap().escape_ascii()
            ),
            Preparation::NotSupported(document) => format!("{} as it is", document.entity),
        })
        .collect();
    assert_eq!(told, ["a pa first", "b as it is", "c pc third"]);
    assert!(prepared.content.is_none());
}

#[test]
fn an_answer_that_cannot_be_matched_gives_nothing() {
    let unmatched = [
        (vec!["a"], false, came(&[("b", "p", b"x")])),
        (
            vec!["a"],
            false,
            came(&[("a", "p", b"x"), ("a", "q", b"y")]),
        ),
        (vec!["a"], false, came(&[("a", "", b"x")])),
        (vec!["a"], true, came(&[("", "p", b"x"), ("", "q", b"y")])),
        (vec![], true, came(&[("", "p", b"")])),
    ];
    for (entities, has_content, answer) in unmatched {
        let shown = format!("{answer:?}");
        matched(asked(&entities), has_content, answer).expect_err(&shown);
    }
}

#[test]
fn the_one_content_is_what_is_left() {
    let answer = came(&[("", "p", b"content"), ("a", "q", b"document")]);
    let prepared = matched(asked(&["a"]), true, answer).unwrap();
    assert_eq!(prepared.content.as_ref().unwrap().bytes, &b"content"[..]);
    assert_eq!(prepared.prepared().count(), 1);
    let nothing = matched(asked(&["a"]), true, came(&[])).unwrap();
    assert!(nothing.content.is_none());
}

#[test]
fn bytes_that_were_not_asked_for_are_absent_and_never_printed() {
    let answer = came(&[("a", "p", b"")]);
    let prepared = matched(asked(&["a"]), false, answer).unwrap();
    assert!(prepared.prepared().all(|one| one.content.is_none()));
    let answer = came(&[("a", "p", b"planted"), ("", "q", b"planted")]);
    let prepared = matched(asked(&["a"]), true, answer).unwrap();
    assert!(!format!("{prepared:?}").contains("planted"));
}
