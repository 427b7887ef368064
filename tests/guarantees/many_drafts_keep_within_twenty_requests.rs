//! Promise: however many drafts a program works at, no more than twenty requests are under way, and a service that
//! asks to slow down is obeyed without anything being lost or done twice.

use std::time::Duration;

use podpis::extern_api::LocalFile;
use podpis::extern_api::model::{
    DocumentDescription, DocumentRequest, DraftId, Recipient, TaskState,
};
use podpis::{Begin, Deadline, Extern, NoPrompt, OperationId};
use podpis_core::call::RepeatPolicy;
use podpis_sandbox::{Fault, WorldOptions};
use tokio::task::JoinSet;

use crate::stage::{SKINS, Skin, Stage};

const DRAFTS: u64 = 200;

/// A draft from nothing to its check; says what the check found.
fn checked(client: Extern, stage: &Stage) -> impl Future<Output = usize> + Send + 'static {
    let (account, meta) = (stage.account(), stage.meta("dss", Recipient::ifns("0087")));
    async move {
        let draft = DraftId::new(OperationId::random().to_string());
        let source = LocalFile::bytes("a.xml", "<Файл/>");
        let uploaded = client.account(&account).upload(source).run().await.unwrap();
        client
            .account(&account)
            .put_draft(&draft, &meta)
            .await
            .unwrap();
        let kind = "urn:document:fns534-report";
        let document = DocumentRequest::new(uploaded.content)
            .with_description(DocumentDescription::new(kind, "a.xml", "application/xml"));
        let id = OperationId::random().to_string().into();
        client
            .account(&account)
            .put_draft_document(&draft, &id, &document)
            .await
            .unwrap();
        let checking = client.account(&account).check_draft(&draft);
        let found = checking
            .run(&mut NoPrompt, Deadline::minutes(30))
            .await
            .unwrap();
        let tasks = client.account(&account).draft_tasks(&draft).await.unwrap();
        assert_eq!(tasks.len(), 1, "checked once");
        assert_eq!(tasks[0].state, Some(TaskState::Succeed));
        found.findings().count()
    }
}

async fn all_at_once(stage: &Stage) {
    // Every sort of request takes a while, so that they overlap.
    for endpoint in ["ContentUpload", "DraftCheck", "DraftTask"] {
        let slow = Fault::on(endpoint).delay(Duration::from_millis(10));
        stage.inject(slow);
    }
    let client = stage
        .extern_builder()
        .repeat(RepeatPolicy::attempts(6))
        .build();
    let mut drafts = JoinSet::new();
    for _ in 0..DRAFTS {
        drafts.spawn(checked(client.clone(), stage));
    }
    let found = drafts.join_all().await;
    assert_eq!(found.into_iter().sum::<usize>(), 0);
    let counters = stage.sandbox.counters();
    assert_eq!(counters.drafts_created, DRAFTS);
    assert!(counters.max_in_flight <= 20, "{}", counters.max_in_flight);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_drafts_at_once() {
    for skin in SKINS {
        let stage = Stage::set(skin, WorldOptions::default()).await;
        all_at_once(&stage).await;
        let max = stage.sandbox.counters().max_in_flight;
        if skin == Skin::InProcess {
            // One permit is kept for a start and one for a poll, which need not be on their way at the same moment.
            assert!(max >= 18, "{max}: the limit is used");
        }
        let throttled = stage
            .sandbox
            .requests()
            .iter()
            .filter(|request| request.status == Some(429))
            .count();
        assert_eq!(throttled, 0, "{skin:?}: the limit is kept, not found out");
    }
}

#[tokio::test]
async fn a_service_that_asks_to_slow_down_is_obeyed() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    for (endpoint, calls) in [
        ("ContentUpload", [2, 60, 61]),
        ("DraftPut", [1, 2, 150]),
        ("DraftDocumentPut", [5, 6, 7]),
        ("DraftCheck", [3, 90, 200]),
        ("DraftTask", [1, 40, 41]),
    ] {
        let mut fault = Fault::on(endpoint).status(429).retry_after(2);
        for call in calls {
            fault = fault.call(call);
        }
        stage.inject(fault);
    }
    all_at_once(&stage).await;
    let throttled: Vec<String> = stage
        .sandbox
        .requests()
        .into_iter()
        .filter(|request| request.status == Some(429))
        .filter_map(|request| request.endpoint)
        .collect();
    assert_eq!(throttled.len(), 15, "{throttled:?}");
}
