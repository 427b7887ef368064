//! A post is done once under one operationId.

use std::time::Duration;

use podpis_sandbox::{Fault, MessageOptions, PostRunning};

use super::support::{approval, desk, of, test_signature};
use crate::support::{Desk, Is as _, header};

#[test]
fn a_repeat_gets_the_first_answer() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let one = || vec![of(&document, test_signature())];
    let first = desk.patch(&document.message, one(), "6F2C");
    first.is(200);
    desk.wait(Duration::from_secs(60));
    let again = desk.patch(&document.message, one(), "6f2c");
    again.is(200);
    assert_eq!(again.body(), first.body());
    assert_eq!(desk.state(&document).signatures.len(), 1);
    let counters = desk.world.counters();
    assert_eq!((counters.patches, counters.operation_ids_reused), (1, 0));
}

#[test]
fn both_versions_share_their_ids() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let body = desk.patch_of(&document.message, vec![of(&document, test_signature())]);
    let first = desk.post("/V4/PostMessagePatch?operationId=a", body.clone());
    let again = desk.post("/V3/PostMessagePatch?operationid=A", body);
    assert_eq!(again.body(), first.body());
}

#[test]
fn another_body_gets_the_first_answer_and_is_counted() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let first = desk.patch(
        &document.message,
        vec![of(&document, test_signature())],
        "a",
    );
    let other = vec![of(&document, approval(test_signature()))];
    let again = desk.patch(&document.message, other, "a");
    assert_eq!(again.body(), first.body());
    assert_eq!(desk.state(&document).signatures.len(), 1);
    assert_eq!(desk.world.counters().operation_ids_reused, 1);
}

#[test]
fn what_was_refused_is_not_remembered() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    desk.patch(&document.message, vec![], "a").is(400);
    let done = desk.patch(
        &document.message,
        vec![of(&document, test_signature())],
        "a",
    );
    done.is(200);
}

#[test]
fn without_an_id_a_patch_is_done_again() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    for path in [
        "/V4/PostMessagePatch",
        "/V4/PostMessagePatch?operationId",
        "/V4/PostMessagePatch?operationId=",
    ] {
        let signatures = vec![of(&document, approval(test_signature()))];
        let body = desk.patch_of(&document.message, signatures);
        desk.post(path, body).is(200);
    }
    assert_eq!(desk.state(&document).signatures.len(), 3);
}

#[test]
fn a_post_that_still_runs_says_when_to_come_back() {
    for (form, status) in [(PostRunning::Conflict, 409), (PostRunning::NoContent, 204)] {
        let options = MessageOptions::default().post_takes(Duration::from_secs(7));
        let mut desk = desk(options.post_running(form));
        let document = desk.info().unsigned_document;
        desk.world
            .inject(Fault::on("PostMessagePatch").call(1).drop_after());
        let one = || vec![of(&document, test_signature())];
        desk.patch(&document.message, one(), "a").is(502);
        desk.wait(Duration::from_secs(2));
        let running = desk.patch(&document.message, one(), "a");
        running.is(status);
        assert_eq!(header(&running, "retry-after"), Some("5"));
        assert!(running.body().is_empty());
        let other = desk.patch(&document.message, one(), "b");
        other.is(409);
        assert!(header(&other, "retry-after").is_none(), "a broken rule");
        desk.wait(Duration::from_secs(5));
        desk.patch(&document.message, one(), "a").is(200);
        assert_eq!(desk.state(&document).signatures.len(), 1);
    }
}

#[test]
fn the_journal_names_a_post_by_its_id() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    desk.patch(
        &document.message,
        vec![of(&document, test_signature())],
        "a-1",
    );
    let last = desk.world.requests().pop().unwrap();
    assert_eq!(last.endpoint.as_deref(), Some("PostMessagePatch"));
    assert_eq!(last.operation.as_deref(), Some("a-1"));
}
