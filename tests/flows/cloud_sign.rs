//! CloudSign as it goes when people and servers behave, and when people mistype.

use podpis::cms::{Check, Reason};
use podpis::diadoc::cloud_sign::ResultForm;
use podpis::diadoc::{CloudSign, FileOutcome, ShelfName};
use podpis::{
    Begin, Deadline, ErrorKind, File, Journal, MemoryJournal, Next, NoPrompt, Refusal, Thumbprint,
};
use podpis_sandbox::{ConfirmErrors, WorldOptions};

use crate::stage::{Recorder, SKINS, Stage};

fn two() -> [File; 2] {
    [
        File::bytes("a.txt", "first file"),
        File::bytes("b.txt", "second file"),
    ]
}

#[tokio::test]
async fn a_wrong_code_is_asked_again_on_the_same_token_over_both_skins() {
    let mut all = Vec::new();
    for skin in SKINS {
        let stage = Stage::set(skin, WorldOptions::default()).await;
        let recorder = Recorder::default();
        let diadoc = stage.builder().observer(recorder.clone()).build();
        let mut person = stage.person().who_mistypes(1);
        let signatures = diadoc
            .cloud_sign(two())
            .run(&mut person, Deadline::minutes(5))
            .await
            .unwrap();

        assert_eq!(signatures.all().unwrap().len(), 2);
        assert_eq!(person.asked, [1, 2]);
        let counters = stage.sandbox.counters();
        assert_eq!(
            (counters.operations_started, counters.sms_sent),
            (1, 1),
            "{skin:?}"
        );
        assert_eq!(stage.calls("CloudSign"), 1);
        assert_eq!(stage.calls("CloudSignConfirm"), 2);
        assert_eq!(
            recorder.names(),
            [
                "accepted",
                "code_sent",
                "code_given",
                "code_rejected",
                "code_given",
                "accepted",
                "finished"
            ]
        );
        all.push(recorder.events());
    }
    assert_eq!(
        all[0], all[1],
        "both skins tell the same story, to the last byte"
    );
}

#[tokio::test]
async fn a_wrong_code_that_is_told_by_the_result_is_asked_again_too() {
    let stage =
        Stage::in_process(WorldOptions::default().confirm_errors(ConfirmErrors::OnResult)).await;
    let recorder = Recorder::default();
    let diadoc = stage.builder().observer(recorder.clone()).build();
    let mut person = stage.person().who_mistypes(1);
    diadoc
        .cloud_sign(two())
        .run(&mut person, Deadline::minutes(5))
        .await
        .unwrap()
        .all()
        .unwrap();
    assert_eq!(
        recorder.names(),
        [
            "accepted",
            "code_sent",
            "code_given",
            "accepted",
            "code_rejected",
            "code_given",
            "accepted",
            "finished"
        ]
    );
    assert_eq!(stage.sandbox.counters().sms_sent, 1);
}

#[tokio::test]
async fn the_persistent_door_step_by_step() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let mut run = diadoc.cloud_sign(two()).start(&journal).await.unwrap();
    loop {
        match run.next() {
            Next::GiveCode { .. } => {
                let code = stage.sandbox.last_code().unwrap();
                run.confirm(podpis::secret::ConfirmationCode::new(code))
                    .await
                    .unwrap();
            }
            Next::PollAfter(pause) => {
                stage.time.advance(pause);
                run.poll().await.unwrap();
            }
            Next::Reconcile => panic!("nothing was lost"),
            Next::Finished => break,
        }
    }
    assert_eq!(run.output().unwrap().all().unwrap().len(), 2);
    assert_eq!(
        journal.open().await.unwrap().len(),
        1,
        "the result stays until it is in safe hands"
    );
    run.forget().await.unwrap();
    assert!(journal.open().await.unwrap().is_empty());
}

#[tokio::test]
async fn another_program_goes_on_from_the_record_without_the_files() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let journal = MemoryJournal::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("act.txt");
    std::fs::write(&path, "content of the act").unwrap();

    let run = stage
        .diadoc()
        .cloud_sign([File::path(&path)])
        .start(&journal)
        .await
        .unwrap();
    let id = run.operation().id().clone();
    drop(run);
    std::fs::remove_file(&path).unwrap();

    let another = stage.diadoc();
    let mut run = another
        .resume::<CloudSign>(journal.claim(&id).await.unwrap())
        .unwrap();
    let signatures = run
        .wait(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    assert_eq!(
        signatures.all().unwrap()[0].checks().digest(),
        &Check::Passed
    );
    assert_eq!(stage.calls("CloudSign"), 1);
}

#[tokio::test]
async fn a_record_of_another_host_is_refused() {
    let (here, there) = (
        Stage::in_process(WorldOptions::default()).await,
        Stage::set(crate::stage::Skin::Http, WorldOptions::default()).await,
    );
    let journal = MemoryJournal::new();
    let run = here
        .diadoc()
        .cloud_sign(two())
        .start(&journal)
        .await
        .unwrap();
    let id = run.operation().id().clone();
    drop(run);
    let error = there
        .diadoc()
        .resume::<CloudSign>(journal.claim(&id).await.unwrap())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("lives at localhost"), "{error}");
    assert_eq!(there.calls("CloudSignResult"), 0);
}

#[tokio::test]
async fn signatures_on_the_shelf_are_fetched_from_there() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let recorder = Recorder::default();
    let diadoc = stage.builder().observer(recorder.clone()).build();
    let signing = diadoc.cloud_sign(two()).form(ResultForm::Reference);
    let signatures = signing
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    assert_eq!(signatures.all().unwrap().len(), 2);
    assert_eq!(
        recorder.names()[3..],
        ["accepted", "progressed", "finished"]
    );
    assert_eq!(stage.calls("ShelfDownloadV2"), 2);
}

#[tokio::test]
async fn every_source_of_bytes_is_signed() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let diadoc = stage.diadoc();
    let on_shelf = diadoc
        .put_on_shelf(&File::bytes("shelf.txt", "on the shelf"))
        .await
        .unwrap();
    let named = diadoc
        .put_on_shelf(&File::bytes("named.txt", "known by name only"))
        .await
        .unwrap();
    let by_name = File::on_shelf(
        "named.txt",
        &ShelfName::new(named.shelf_name().unwrap().as_str()),
    );
    let files = [
        File::bytes("bytes.txt", "in memory"),
        File::bytes("forced.txt", "by the shelf although it is small").by_shelf(),
        on_shelf,
        by_name,
        File::entity(
            "entity.txt",
            &seeded.box_id.parse().unwrap(),
            &podpis::diadoc::MessageId::new(seeded.unsigned_document.message),
            &podpis::diadoc::EntityId::new(seeded.unsigned_document.entity),
        ),
        File::patched(
            "patched.txt",
            &podpis::diadoc::PatchedContentId::new(seeded.patched_content_id),
        ),
    ];
    let signatures = diadoc
        .cloud_sign(files)
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    let signed = signatures.all().unwrap();
    let digests: Vec<&Check> = signed.iter().map(|one| one.checks().digest()).collect();
    let needs_file = Check::NotChecked(Reason::NeedsFile);
    assert_eq!(
        digests,
        [
            &Check::Passed,
            &Check::Passed,
            &Check::Passed,
            &needs_file,
            &needs_file,
            &needs_file
        ],
        "what was never here is said to be unchecked"
    );
    let bound = signed[3]
        .with_file(b"known by name only", &podpis::cms::Expectation::new())
        .unwrap();
    assert_eq!(bound.checks().digest(), &Check::Passed);
    signed[3]
        .with_file(b"something else", &podpis::cms::Expectation::new())
        .unwrap_err();
}

#[tokio::test]
async fn the_signer_is_the_one_that_was_asked_for() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let thumbprint: Thumbprint = stage
        .sandbox
        .world_info()
        .diadoc
        .certificate
        .parse()
        .unwrap();
    let signing = stage.diadoc().cloud_sign(two()).certificate(thumbprint);
    let signatures = signing
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    for signed in signatures.all().unwrap() {
        assert!(signed.checks().is_proven(), "{:?}", signed.checks());
        assert_eq!(signed.certificate().unwrap().thumbprint(), thumbprint);
    }
    assert!(matches!(signatures.files()[0], FileOutcome::Signed(_)));
}

#[tokio::test]
async fn three_wrong_codes_end_the_operation() {
    let stage = Stage::in_process(WorldOptions::default().code_attempts(10)).await;
    let mut person = stage.person().who_mistypes(10);
    let error = stage
        .diadoc()
        .cloud_sign(two())
        .run(&mut person, Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::TooManyAttempts));
    assert_eq!(person.asked, [1, 2, 3]);
    assert_eq!(stage.calls("CloudSign"), 1);
}

#[tokio::test]
async fn a_code_that_is_too_old_ends_the_operation() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let mut run = diadoc.cloud_sign(two()).start(&journal).await.unwrap();
    while let Next::PollAfter(pause) = run.next() {
        stage.time.advance(pause);
        run.poll().await.unwrap();
    }
    let code = stage.sandbox.last_code().unwrap();
    stage.time.advance(std::time::Duration::from_secs(3_600));
    run.confirm(podpis::secret::ConfirmationCode::new(code))
        .await
        .unwrap();
    assert_eq!(run.next(), Next::Finished);
    assert_eq!(run.output().unwrap_err().refusal(), Some(&Refusal::Expired));
}

#[tokio::test]
async fn nobody_to_ask_leaves_the_operation_open_and_in_the_error() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let error = stage
        .diadoc()
        .cloud_sign(two())
        .run(&mut NoPrompt, Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Prompt);
    assert_eq!(error.operation().unwrap().state().name(), "awaiting_code");
}

#[tokio::test]
async fn an_empty_code_is_not_sent_and_does_not_count() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let mut run = diadoc.cloud_sign(two()).start(&journal).await.unwrap();
    while let Next::PollAfter(pause) = run.next() {
        stage.time.advance(pause);
        run.poll().await.unwrap();
    }
    let empty = podpis::secret::ConfirmationCode::new(" ");
    let error = run.confirm(empty).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(run.next(), Next::GiveCode { attempt: 1 });
    assert_eq!(stage.calls("CloudSignConfirm"), 0);
}
