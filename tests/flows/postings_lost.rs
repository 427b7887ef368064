//! Postings whose answer was lost, and what comes after it: nothing is forgotten, and nothing is posted twice.

use std::time::Duration;

use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::diadoc::{EntityId, Posting};
use podpis::{
    Begin, Deadline, ErrorKind, File, Journal, MemoryJournal, NoPrompt, Operation, OperationId,
};
use podpis_sandbox::{Fault, WorldOptions};

use super::attach::{shown, unsigned, willing};
use crate::stage::Stage;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn approval(entity: &EntityId, source: impl Into<SignatureSource>) -> DocumentSignature {
    let builder = DocumentSignature::builder(entity, source);
    builder.approval().build().unwrap()
}

/// An attempt that was lost may have posted it, whatever the attempts after it are told.
#[tokio::test]
async fn what_may_be_posted_is_not_forgotten_when_the_next_attempt_certainly_fails() {
    let refusals: [fn(Fault) -> Fault; 3] = [
        Fault::refuse_connection,
        |fault| fault.status(429),
        |fault| fault.status(403),
    ];
    for refuse in refusals {
        let stage = Stage::in_process(WorldOptions::default()).await;
        let (message, entity) = unsigned(&stage);
        let on = |call| Fault::on("PostMessagePatch").call(call);
        stage.inject(on(1).drop_after());
        for call in [2, 3] {
            stage.inject(refuse(on(call)));
        }
        let journal = MemoryJournal::new();
        let patching = stage
            .diadoc()
            .in_box(&stage.in_box())
            .patch_message(&message);
        let patching = patching.signature(approval(&entity, SignatureSource::Test));
        drop(patching.start(&journal).await);
        assert_eq!(shown(&stage, &entity).signatures.len(), 1);
        let open = journal.open().await.unwrap();
        assert_eq!(open.len(), 1, "it is known that it may be posted");
        stage.sandbox.clear_faults();
        let claim = journal.claim(open[0].id()).await.unwrap();
        let mut run = stage.diadoc().resume::<Posting>(claim).unwrap();
        let posted = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert_eq!(posted.signatures().count(), 1);
        assert_eq!(shown(&stage, &entity).signatures.len(), 1);
    }
}

/// What certainly did not arrive is sent again by the client's own policy.
#[tokio::test]
async fn a_start_that_did_not_arrive_is_repeated_as_often_as_the_client_is_told() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (message, entity) = unsigned(&stage);
    let on = |call| Fault::on("PostMessagePatch").call(call);
    stage.inject(on(1).refuse_connection());
    stage.inject(on(2).status(429).retry_after(3));
    let journal = MemoryJournal::new();
    let patching = || {
        let patching = stage
            .diadoc()
            .in_box(&stage.in_box())
            .patch_message(&message);
        patching.signature(approval(&entity, SignatureSource::Test))
    };
    assert!(patching().start(&journal).await.is_ok());
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);

    stage.sandbox.clear_faults();
    stage.inject(Fault::on("PostMessagePatch").refuse_connection());
    let error = patching().start(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(!error.may_have_been_applied());
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);
    assert_eq!(journal.open().await.unwrap().len(), 1);
}

/// The record of a program that died between storing and sending, or before the answer was stored.
async fn as_if_dead(journal: &MemoryJournal, operation: &Operation) -> OperationId {
    let mut record = serde_json::to_value(operation).unwrap();
    record["state"] = serde_json::json!({"name": "starting"});
    let id = OperationId::random();
    record["id"] = serde_json::json!(id.as_str());
    let record: Operation = serde_json::from_value(record).unwrap();
    let mut claim = journal.claim(&id).await.unwrap();
    claim.save(&record).await.unwrap();
    id
}

/// Whether the service still knows the operationId after a day, nobody knows.
#[tokio::test]
async fn a_record_that_died_long_ago_is_not_sent_again_before_the_message_was_seen() {
    let stage = Stage::in_process(willing()).await;
    let (message, entity) = unsigned(&stage);
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let bytes = diadoc
        .in_box(&in_box)
        .entity_content(&message, &entity)
        .await
        .unwrap();
    let file = File::bytes("act.txt", bytes);
    let signing = diadoc.in_box(&in_box).dss_sign([file]);
    let signed = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let der = signed.all().unwrap()[0].der().to_vec();
    let journal = MemoryJournal::new();
    let patching = diadoc.in_box(&in_box).patch_message(&message);
    let patching = patching.signature(approval(&entity, der));
    let run = patching.start(&journal).await.unwrap();
    let id = as_if_dead(&journal, run.operation()).await;
    let sent = stage.calls("PostMessagePatch");
    stage.time.advance(Duration::from_secs(24 * 60 * 60));

    stage.inject(Fault::on("GetMessage").status(503));
    let claim = journal.claim(&id).await.unwrap();
    let mut run = diadoc.resume::<Posting>(claim).unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(run.operation().state().name(), "starting");
    assert_eq!(stage.calls("PostMessagePatch"), sent);

    stage.sandbox.clear_faults();
    let posted = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(posted.was_found);
    assert_eq!(stage.calls("PostMessagePatch"), sent);
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);
}
