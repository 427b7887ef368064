//! AutoSignReceipts: batch after batch, and what becomes of it when a program is stopped in the middle.

use std::time::Duration;

use podpis::diadoc::AutoSignReceipts;
use podpis::diadoc::receipts::{Receipts, ReceiptsEnd, ReceiptsProgress, ReceiptsSigning};
use podpis::{
    AnyRun, Begin, Deadline, Error, ErrorKind, Journal, MemoryJournal, Next, NoPrompt, Output,
    Podpis, Run,
};
use podpis_sandbox::{
    DiadocOptions, Fault, LastBatchKey, ReceiptsLayout, ReceiptsMethod, WorldOptions,
};

use crate::stage::{Recorder, SKINS, Stage};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn options(diadoc: DiadocOptions) -> WorldOptions {
    // A batch that is repeated shows in the receipts.
    WorldOptions::default().diadoc_options(diadoc.receipts_signed_again(true))
}

fn waiting(receipts: usize) -> DiadocOptions {
    DiadocOptions::default().receipts(receipts)
}

fn signing(stage: &Stage) -> ReceiptsSigning {
    stage.diadoc().in_box(&stage.in_box()).auto_sign_receipts()
}

async fn signs(diadoc: DiadocOptions) -> (Stage, Result<Receipts, Error>) {
    let stage = Stage::in_process(options(diadoc)).await;
    let outcome = signing(&stage).run(&mut NoPrompt, TEN_MINUTES).await;
    (stage, outcome)
}

/// Every receipt has so many signatures.
fn each_was_signed(stage: &Stage, times: u64) {
    let receipts = stage.sandbox.receipts();
    assert!(receipts.iter().all(|receipt| receipt.signed == times));
}

#[tokio::test]
async fn batch_after_batch_over_both_skins() {
    let mut all = Vec::new();
    for skin in SKINS {
        let stage = Stage::set(skin, options(waiting(250))).await;
        let recorder = Recorder::default();
        let diadoc = stage.builder().observer(recorder.clone()).build();
        let certificate = stage.diadoc_certificate("kontur");
        let signing = diadoc
            .in_box(&stage.in_box())
            .auto_sign_receipts()
            .certificate(certificate);
        let came = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert_eq!((came.signed, came.batches), (250, 3), "{skin:?}");
        assert_eq!(came.end, ReceiptsEnd::NoNextKey);
        assert!(came.is_complete());
        each_was_signed(&stage, 1);
        assert_eq!(stage.calls("AutoSignReceipts"), 3);
        assert_eq!(
            recorder.names(),
            [
                "accepted",
                "next_step",
                "accepted",
                "next_step",
                "accepted",
                "finished"
            ]
        );
        all.push(recorder.events());
    }
    assert_eq!(all[0], all[1], "both skins tell the same story");
}

#[tokio::test]
async fn killed_after_the_second_batch_and_resumed_none_is_signed_twice() {
    let stage = Stage::in_process(options(waiting(250))).await;
    let journal = MemoryJournal::new();
    let mut run = signing(&stage).start(&journal).await.unwrap();
    let done = |run: &Run<'_, AutoSignReceipts>| ReceiptsProgress::of(run.operation()).unwrap();
    while done(&run).batches < 2 {
        let Next::PollAfter(pause) = run.next() else {
            panic!("it is not at its end");
        };
        stage.time.advance(pause);
        run.poll().await.unwrap();
    }
    assert_eq!(done(&run).signed, 200);
    let id = run.operation().id().clone();
    drop(run);

    let podpis = Podpis::new().with_diadoc(stage.diadoc());
    let mut run = podpis.resume(journal.claim(&id).await.unwrap()).unwrap();
    assert!(matches!(run, AnyRun::AutoSignReceipts(_)));
    let output = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let Output::Receipts(came) = output else {
        panic!("{output:?}");
    };
    assert_eq!((came.signed, came.batches), (250, 3));
    run.forget().await.unwrap();
    assert!(journal.open().await.unwrap().is_empty());
    each_was_signed(&stage, 1);
    assert_eq!(stage.calls("AutoSignReceipts"), 3);
    assert_eq!(stage.sandbox.counters().receipts_signed, 250);
}

#[tokio::test]
async fn every_way_to_tell_the_last_batch() {
    let rows = [
        (LastBatchKey::Empty, ReceiptsEnd::NoNextKey, 3),
        (LastBatchKey::Absent, ReceiptsEnd::NoNextKey, 3),
        (LastBatchKey::Repeating, ReceiptsEnd::RepeatedKey, 4),
        (
            LastBatchKey::NeverEnding,
            ReceiptsEnd::TooManyBatches,
            1_000,
        ),
    ];
    for layout in [ReceiptsLayout::Current, ReceiptsLayout::Before2017] {
        for (key, end, batches) in rows {
            if batches == 1_000 && layout == ReceiptsLayout::Before2017 {
                continue;
            }
            let diadoc = waiting(250).last_batch_key(key).receipts_layout(layout);
            let stage = Stage::in_process(options(diadoc)).await;
            stage.spoil("AutosignReceiptsResult");
            let came = signing(&stage)
                .run(&mut NoPrompt, Deadline::minutes(100))
                .await
                .unwrap();
            assert_eq!(
                (came.signed, came.batches, came.end),
                (250, batches, end),
                "{layout:?}"
            );
            assert_eq!(came.is_complete(), end == ReceiptsEnd::NoNextKey);
            each_was_signed(&stage, 1);
            assert_eq!(stage.calls("AutoSignReceipts"), batches as usize);
        }
    }
}

#[tokio::test]
async fn no_receipts_are_one_batch_of_none() {
    let (stage, outcome) = signs(waiting(0)).await;
    let came = outcome.unwrap();
    assert_eq!((came.signed, came.batches), (0, 1));
    assert_eq!(stage.calls("AutoSignReceipts"), 1);
}

#[tokio::test]
async fn a_service_that_has_removed_the_method_is_told_as_such() {
    for (method, status) in [(ReceiptsMethod::NotFound, 404), (ReceiptsMethod::Gone, 410)] {
        let stage = Stage::in_process(options(waiting(3).receipts_method(method))).await;
        let journal = MemoryJournal::new();
        let error = signing(&stage).start(&journal).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Service);
        assert_eq!(error.service().unwrap().status, status);
        assert!(error.to_string().contains("removed"), "{error}");
        assert!(!error.may_have_been_applied());
        assert!(journal.open().await.unwrap().is_empty(), "nothing began");
        assert_eq!(stage.calls("AutoSignReceipts"), 1);
    }
    // Between a start and its result, too.
    let stage = Stage::in_process(options(waiting(3))).await;
    stage.inject(Fault::on("AutosignReceiptsResult").status(410));
    let error = signing(&stage)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("removed"), "{error}");
    assert_eq!(error.operation().unwrap().state().name(), "processing");
}

#[tokio::test]
async fn a_batch_whose_answer_was_lost_is_not_sent_again() {
    for fault in [
        Fault::on("AutoSignReceipts").call(2).drop_after(),
        Fault::on("AutoSignReceipts").call(2).drop_before(),
        Fault::on("AutoSignReceipts").call(2).status(500),
        Fault::on("AutoSignReceipts").call(2).truncate(1),
    ] {
        let stage = Stage::in_process(options(waiting(250))).await;
        stage.inject(fault);
        let journal = MemoryJournal::new();
        let mut run = signing(&stage).start(&journal).await.unwrap();
        let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CannotTell, "{error}");
        let text = error.to_string();
        assert!(
            text.contains("batch 2") && text.contains("100 receipts"),
            "{text}"
        );
        assert_eq!(stage.calls("AutoSignReceipts"), 2);
        drop(run);

        // A new start is for what still waits, once the lost one has come to its end.
        stage.time.advance(Duration::from_secs(60));
        let left = stage
            .sandbox
            .receipts()
            .iter()
            .filter(|one| one.signed == 0)
            .count();
        let came = signing(&stage)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap();
        assert_eq!(came.signed, left as u64);
        each_was_signed(&stage, 1);
    }
}

#[tokio::test]
async fn a_batch_that_was_certainly_not_taken_is_sent_again_with_its_key() {
    for fault in [
        Fault::on("AutoSignReceipts").call(2).refuse_connection(),
        Fault::on("AutoSignReceipts")
            .call(2)
            .status(429)
            .retry_after(2),
        Fault::on("AutoSignReceipts").call(2).revoke_tokens(),
        Fault::on("AutosignReceiptsResult").call(2).status(503),
        Fault::on("AutosignReceiptsResult").call(2).drop_after(),
        Fault::on("AutosignReceiptsResult")
            .call(2)
            .body("text/html", "<html>"),
    ] {
        let stage = Stage::in_process(options(waiting(250))).await;
        stage.inject(fault.clone());
        let came = signing(&stage)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap();
        assert_eq!((came.signed, came.batches), (250, 3), "{fault:?}");
        each_was_signed(&stage, 1);
        assert_eq!(stage.sandbox.counters().operations_started, 3);
    }
}

#[tokio::test]
async fn a_refused_batch_is_resumed_at_its_key() {
    let stage = Stage::in_process(options(waiting(250))).await;
    stage.inject(Fault::on("AutoSignReceipts").call(3).status(402));
    let journal = MemoryJournal::new();
    let mut run = signing(&stage).start(&journal).await.unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.service().unwrap().status, 402);
    let id = run.operation().id().clone();
    drop(run);
    // It was paid for meanwhile.
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.diadoc().resume::<AutoSignReceipts>(claim).unwrap();
    let came = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!((came.signed, came.batches), (250, 3));
    each_was_signed(&stage, 1);
}
