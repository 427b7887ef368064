//! Promise: what cannot be stored is not sent.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use podpis::core::call::Effect;
use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::diadoc::{AutoSignReceipts, SignAndAttach};
use podpis::operation::JournalError;
use podpis::secret::ConfirmationCode;
use podpis::{Begin, Deadline, ErrorKind, File, Journal, MemoryJournal, Next, NoPrompt, Operation};
use podpis_core::journal::probed::{Probe, Probed, no_room};
use podpis_sandbox::{DiadocOptions, PhoneMode, WorldOptions};

use crate::flows::attach::unsigned;
use crate::stage::Stage;

/// A disk that is full after some saves.
#[derive(Debug)]
struct FullDisk {
    saves_left: AtomicU32,
}

#[async_trait::async_trait]
impl Probe for FullDisk {
    async fn saves(&self, _: &Operation) -> Result<(), JournalError> {
        let less = |left: u32| left.checked_sub(1);
        let saved = self
            .saves_left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
        saved.map(drop).map_err(|_| no_room())
    }
}

/// A journal on such a disk.
fn full_after(saves: u32) -> Probed<FullDisk> {
    let saves_left = AtomicU32::new(saves);
    Probed::new(MemoryJournal::new(), FullDisk { saves_left })
}

/// Makes room on it.
fn make_room(journal: &Probed<FullDisk>, saves: u32) {
    journal.probe().saves_left.store(saves, Ordering::SeqCst);
}

#[tokio::test]
async fn no_start() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let journal = full_after(0);
    let error = stage
        .diadoc()
        .cloud_sign([File::bytes("a", "a")])
        .start(&journal)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Journal);
    let words = "the journal failed, so nothing was sent: the journal at /full does not work";
    assert_eq!(error.to_string(), words);
    assert_eq!(error.effect(), Some(Effect::NotApplied));
    assert_eq!(stage.calls("CloudSign"), 0);
}

#[tokio::test]
async fn no_start_of_the_newer_ones() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), full_after(0));
    let files = [File::bytes("a", "a")];
    let signing = diadoc.in_box(&stage.in_box()).dss_sign(files);
    let errors = [
        signing.start(&journal).await.unwrap_err(),
        diadoc
            .in_box(&stage.in_box())
            .auto_sign_receipts()
            .start(&journal)
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Journal);
        assert_eq!(error.effect(), Some(Effect::NotApplied));
    }
    assert_eq!(stage.sandbox.counters().operations_started, 0);
}

#[tokio::test]
async fn no_posting() {
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let stage = Stage::in_process(options).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let journal = full_after(0);
    let test = DocumentSignature::builder(&entity, SignatureSource::Test);
    let patching = diadoc.in_box(&stage.in_box()).patch_message(&message);
    let patching = patching.signature(test.build().unwrap());
    let error = patching.start(&journal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Journal);
    assert_eq!(error.effect(), Some(Effect::NotApplied));

    // Enough for the signing: `starting` and `processing`. The signature is there, and has to be stored first.
    make_room(&journal, 2);
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let mut run = attaching.start(&journal).await.unwrap();
    let waited = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
    assert_eq!(waited.unwrap_err().kind(), ErrorKind::Journal);
    assert_eq!(stage.calls("PostMessagePatch"), 0);
    let id = run.operation().id().clone();
    drop(run);

    make_room(&journal, 9);
    let claim = journal.claim(&id).await.unwrap();
    let mut run = diadoc.resume::<SignAndAttach>(claim).unwrap();
    let attached = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
    assert!(attached.unwrap().is_complete());
    assert_eq!(stage.calls("PostMessagePatch"), 1);
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
}

#[tokio::test]
async fn no_further_batch() {
    let options = DiadocOptions::default().receipts(150);
    let stage = Stage::in_process(WorldOptions::default().diadoc_options(options)).await;
    // Enough for the first batch: `starting` and `processing`.
    let journal = full_after(2);
    let signing = stage.diadoc().in_box(&stage.in_box()).auto_sign_receipts();
    let mut run = signing.start(&journal).await.unwrap();
    let waited = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
    assert_eq!(waited.unwrap_err().kind(), ErrorKind::Journal);
    assert_eq!(stage.calls("AutoSignReceipts"), 1);
    let id = run.operation().id().clone();
    drop(run);

    make_room(&journal, 9);
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.diadoc().resume::<AutoSignReceipts>(claim).unwrap();
    let came = run.wait(&mut NoPrompt, Deadline::minutes(5)).await.unwrap();
    assert_eq!((came.signed, came.batches), (150, 2));
    assert_eq!(stage.calls("AutoSignReceipts"), 2);
}

#[tokio::test]
async fn no_code() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    // Enough for `starting`, `processing` and `awaiting_code`.
    let journal = full_after(3);
    let diadoc = stage.diadoc();
    let mut run = diadoc
        .cloud_sign([File::bytes("a", "a")])
        .start(&journal)
        .await
        .unwrap();
    while let Next::PollAfter(pause) = run.next() {
        stage.time.advance(pause);
        run.poll().await.unwrap();
    }
    let code = stage.sandbox.last_code().unwrap();
    let error = run
        .confirm(ConfirmationCode::new(code.as_str()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Journal);
    assert_eq!(stage.calls("CloudSignConfirm"), 0);
    assert_eq!(
        run.next(),
        Next::GiveCode { attempt: 1 },
        "the same code can be given when there is room again"
    );
    make_room(&journal, 9);
    run.confirm(ConfirmationCode::new(code)).await.unwrap();
    assert_eq!(stage.calls("CloudSignConfirm"), 1);
}
