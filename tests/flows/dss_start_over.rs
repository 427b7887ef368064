//! A DssSign that the service wants started over (OperationRetryRequired).

use std::time::Duration;

use podpis::diadoc::dss_sign::DssSigning;
use podpis::{Begin, Deadline, ErrorKind, File, Journal, MemoryJournal, NoPrompt, Refusal};
use podpis_sandbox::{DiadocOptions, Fault};

use super::dss_sign::{two, willing};
use crate::stage::{Recorder, Stage};

/// A service that asks so often for another start.
async fn stage(retries: u64) -> Stage {
    let options = DiadocOptions::default().retries_required(retries);
    Stage::in_process(willing(1).diadoc_options(options)).await
}

fn signing(stage: &Stage) -> DssSigning {
    stage.diadoc().in_box(&stage.in_box()).dss_sign(two())
}

fn must_start_over(error: &podpis::Error) -> bool {
    matches!(error.refusal(), Some(Refusal::MustStartOver { .. }))
}

#[tokio::test]
async fn it_is_not_done_unless_the_caller_allows_it() {
    let stage = stage(1).await;
    let error = signing(&stage)
        .run(&mut NoPrompt, Deadline::minutes(30))
        .await
        .unwrap_err();
    assert!(must_start_over(&error), "{error}");
    assert_eq!(stage.calls("DssSign"), 1);
}

#[tokio::test]
async fn it_is_done_at_most_three_times_and_never_too_early() {
    for (retries, calls, signs) in [(1, 2, true), (2, 3, true), (3, 4, true), (4, 4, false)] {
        let stage = stage(retries).await;
        let signing = signing(&stage).start_over_when_asked();
        let outcome = signing.run(&mut NoPrompt, Deadline::minutes(30)).await;
        match outcome {
            Ok(signatures) => {
                assert!(signs, "{retries}");
                signatures.all().unwrap();
            }
            Err(error) => assert!(!signs && must_start_over(&error), "{retries}: {error}"),
        }
        assert_eq!(stage.calls("DssSign"), calls, "{retries}");
        let waited = stage.time.slept().as_secs();
        let pauses = u64::try_from(calls).unwrap() - 1;
        assert!(
            waited >= 300 * pauses && waited < 330 * pauses + 60,
            "{waited}"
        );
        assert_eq!(stage.sandbox.counters().pushes_sent, u64::from(signs));
    }
}

#[tokio::test]
async fn it_is_not_begun_after_the_deadline_of_the_whole() {
    // One of them fits, another one would begin too late.
    let stage = stage(2).await;
    let signing = signing(&stage).start_over_when_asked();
    let error = signing
        .run(&mut NoPrompt, Deadline::minutes(9))
        .await
        .unwrap_err();
    assert!(must_start_over(&error), "{error}");
    assert_eq!(stage.calls("DssSign"), 2);
    assert!(stage.time.slept() < Duration::from_secs(9 * 60));
}

#[tokio::test]
async fn the_deadline_counts_over_all_of_them() {
    let options = DiadocOptions::default().retries_required(1);
    let stage = Stage::in_process(willing(250).diadoc_options(options)).await;
    let signing = signing(&stage).start_over_when_asked();
    let error = signing
        .run(&mut NoPrompt, Deadline::minutes(7))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(stage.time.slept(), Duration::from_secs(7 * 60));
    let open = error.operation().unwrap();
    assert_eq!(open.state().name(), "processing", "it can be resumed");
    assert!(open.follows().is_some());
}

#[tokio::test]
async fn each_follows_the_one_before_and_only_the_last_is_kept() {
    let stage = stage(2).await;
    let recorder = Recorder::default();
    let diadoc = stage.builder().observer(recorder.clone()).build();
    let journal = MemoryJournal::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("act.txt");
    std::fs::write(&path, "content of the act").unwrap();
    let chosen = podpis::OperationId::random();
    let file = File::path(&path).by_shelf();
    let signing = diadoc
        .in_box(&stage.in_box())
        .dss_sign([file])
        .id(chosen.clone());
    let signing = signing.start_over_when_asked();
    let run = signing
        .run_in(&journal, Deadline::minutes(30))
        .await
        .unwrap();

    assert_eq!(
        recorder.names(),
        [
            "accepted", "refused", "accepted", "refused", "accepted", "finished"
        ]
    );
    assert_eq!(stage.calls("ShelfUploadV2"), 1, "the bytes are sent once");
    let open = journal.open().await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].id(), run.operation().id());
    let before = open[0].follows().unwrap();
    assert!(*before != chosen && before != open[0].id());
    run.output().unwrap().all().unwrap();
    run.forget().await.unwrap();
    assert!(journal.open().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_start_over_whose_answer_is_lost_is_kept_and_not_repeated() {
    let stage = stage(1).await;
    stage.inject(Fault::on("DssSign").call(2).drop_after());
    let journal = MemoryJournal::new();
    let signing = signing(&stage).start_over_when_asked();
    let error = signing
        .run_in(&journal, Deadline::minutes(30))
        .await
        .unwrap_err();
    assert!(error.may_have_been_applied(), "{error}");
    let open = journal.open().await.unwrap();
    assert_eq!(open.len(), 1, "what was refused is not kept beside it");
    assert_eq!(open[0].state().name(), "starting");
    assert_eq!(error.operation().unwrap().id(), open[0].id());
    assert_eq!(stage.calls("DssSign"), 2);
}

#[tokio::test]
async fn a_start_over_that_is_refused_leaves_the_first_record() {
    let stage = stage(1).await;
    stage.inject(Fault::on("DssSign").call(2).status(403));
    let journal = MemoryJournal::new();
    let signing = signing(&stage).start_over_when_asked();
    let error = signing
        .run_in(&journal, Deadline::minutes(30))
        .await
        .unwrap_err();
    assert_eq!(error.service().unwrap().status, 403);
    let open = journal.open().await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].state().name(), "refused");
}
