//! DssSign as it goes when the owner of the certificate confirms on their phone.

use std::time::Duration;

use podpis::cms::{Check, Reason};
use podpis::diadoc::dss_sign::{DssConfirmType, DssOperator, DssProgress, GosKey};
use podpis::diadoc::{BoxId, DssSign, EntityId, MessageId, PatchedContentId};
use podpis::{
    AnyRun, Begin, Deadline, ErrorKind, File, Journal, MemoryJournal, Next, NoPrompt, Output,
    Podpis, Refusal,
};
use podpis_sandbox::{DiadocOptions, DssRunning, Fault, PhoneMode, WorldOptions};

use crate::stage::{Recorder, SKINS, Stage};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

pub(super) fn two() -> [File; 2] {
    [
        File::bytes("a.txt", "first file"),
        File::bytes("b.txt", "second file"),
    ]
}

/// An owner who confirms after some seconds.
pub(super) fn willing(seconds: u64) -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::from_secs(seconds))
}

#[tokio::test]
async fn the_owner_confirms_and_both_skins_tell_the_same_story() {
    let mut all = Vec::new();
    for skin in SKINS {
        let stage = Stage::set(skin, willing(20)).await;
        let recorder = Recorder::default();
        let diadoc = stage.builder().observer(recorder.clone()).build();
        let signing = diadoc.in_box(&stage.in_box()).dss_sign(two());
        let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();

        let names: Vec<&str> = signatures
            .all()
            .unwrap()
            .iter()
            .map(|one| one.name())
            .collect();
        assert_eq!(names, ["a.txt", "b.txt"]);
        let counters = stage.sandbox.counters();
        assert_eq!(
            (counters.operations_started, counters.pushes_sent),
            (1, 1),
            "{skin:?}"
        );
        assert_eq!(stage.calls("DssSign"), 1);
        assert_eq!(recorder.names(), ["accepted", "progressed", "finished"]);
        all.push(recorder.events());
    }
    assert_eq!(
        all[0], all[1],
        "both skins tell the same story, to the last byte"
    );
}

#[tokio::test]
async fn a_pause_is_two_seconds_at_first_and_fifteen_at_last() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let signing = diadoc.in_box(&stage.in_box()).dss_sign(two());
    let mut run = signing.start(&journal).await.unwrap();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let Next::PollAfter(pause) = run.next() else {
            panic!("nobody has confirmed");
        };
        pauses.push(pause.as_secs());
        stage.time.advance(pause);
        run.poll().await.unwrap();
    }
    assert_eq!(pauses, [2, 3, 4, 6, 10, 15, 15, 15]);
}

#[tokio::test]
async fn a_service_that_says_204_while_it_works_is_waited_for_too() {
    let options =
        willing(20).diadoc_options(DiadocOptions::default().dss_running(DssRunning::NoContent));
    let stage = Stage::in_process(options).await;
    let diadoc = stage.diadoc();
    let signing = diadoc.in_box(&stage.in_box()).dss_sign(two());
    signing
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap()
        .all()
        .unwrap();
    assert_eq!(stage.calls("DssSign"), 1);
}

#[tokio::test]
async fn how_the_owner_is_asked_is_in_the_record_while_it_runs() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let signing = diadoc.in_box(&stage.in_box()).dss_sign(two());
    let mut run = signing.start(&journal).await.unwrap();
    assert_eq!(
        DssProgress::of(run.operation()),
        None,
        "nothing was told yet"
    );
    stage.time.advance(Duration::from_secs(2));
    run.poll().await.unwrap();

    let stored = &journal.open().await.unwrap()[0];
    assert_eq!(DssProgress::of(stored), DssProgress::of(run.operation()));
    let asked = DssProgress::of(stored).unwrap();
    assert_eq!(asked.confirm_type, Some(DssConfirmType::MY_DSS));
    assert_eq!(asked.operator, Some(DssOperator::KONTUR));
    let phone = &stage.sandbox.world_info().diadoc.users[0].phone;
    let digits = asked.phone_last_numbers.clone().unwrap();
    assert!(digits.len() == 4 && phone.ends_with(&digits), "{digits}");
    assert_eq!(
        asked.to_string(),
        format!("to be confirmed in the myDSS app, phone …{digits} (Kontur)")
    );
    assert!(
        !format!("{asked:?}").contains(&digits),
        "for its owner only"
    );
}

#[tokio::test]
async fn another_program_goes_on_from_the_record_without_the_files() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let journal = MemoryJournal::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("act.txt");
    std::fs::write(&path, "content of the act").unwrap();
    let signing = stage
        .diadoc()
        .in_box(&stage.in_box())
        .dss_sign([File::path(&path)]);
    let mut run = signing.start(&journal).await.unwrap();
    // Nobody confirms in time.
    let error = run
        .wait(&mut NoPrompt, Deadline::minutes(2))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    let id = run.operation().id().clone();
    drop(run);
    std::fs::remove_file(&path).unwrap();

    let asked = stage.sandbox.messages()[0].operation.clone();
    stage.sandbox.confirm(&asked).unwrap();
    let podpis = Podpis::new().with_diadoc(stage.diadoc());
    let claim = journal.claim(&id).await.unwrap();
    let mut run = podpis.resume(claim).unwrap();
    assert!(matches!(run, AnyRun::DssSign(_)));
    let Output::Signatures(signatures) = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap() else {
        panic!("a DssSign gives signatures");
    };
    signatures.all().unwrap();
    run.forget().await.unwrap();
    assert_eq!(stage.calls("DssSign"), 1);
}

#[tokio::test]
async fn every_source_of_bytes_is_signed() {
    let stage = Stage::in_process(willing(1)).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let diadoc = stage.diadoc();
    let small = File::bytes("shelf.txt", "on the shelf");
    let on_shelf = diadoc.put_on_shelf(&small).await.unwrap();
    let files = [
        File::bytes("bytes.txt", "in memory"),
        File::bytes("forced.txt", "by the shelf although it is small").by_shelf(),
        File::bytes("large.bin", vec![7; 600_000]),
        on_shelf,
        File::entity(
            "entity.txt",
            &stage.in_box(),
            &MessageId::new(seeded.unsigned_document.message),
            &EntityId::new(seeded.unsigned_document.entity),
        ),
        File::patched(
            "patched.txt",
            &PatchedContentId::new(seeded.patched_content_id),
        ),
    ];
    let signing = diadoc.in_box(&stage.in_box()).dss_sign(files);
    let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let signed = signatures.all().unwrap();
    let digests: Vec<&Check> = signed.iter().map(|one| one.checks().digest()).collect();
    let needs_file = Check::NotChecked(Reason::NeedsFile);
    let passed = &Check::Passed;
    assert_eq!(
        digests,
        [passed, passed, passed, passed, &needs_file, &needs_file]
    );
    assert_eq!(
        stage.calls("DssSign"),
        1,
        "names on the shelf go with their prefix at once"
    );
}

#[tokio::test]
async fn a_document_of_another_box_is_not_sent() {
    let stage = Stage::in_process(willing(1)).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let elsewhere: BoxId = seeded.other_box.parse().unwrap();
    let (message, entity) = (MessageId::new("m"), EntityId::new("e"));
    let file = File::entity("act.xml", &elsewhere, &message, &entity);
    let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign([file]);
    let error = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("act.xml"), "{error}");
    assert!(stage.sandbox.requests().is_empty());
}

#[tokio::test]
async fn the_signer_is_the_one_that_was_asked_for() {
    let stage = Stage::in_process(willing(1)).await;
    let short = stage.diadoc_certificate("dss-short");
    let signing = stage
        .diadoc()
        .in_box(&stage.in_box())
        .dss_sign(two())
        .certificate(short);
    for signed in signing
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap()
        .all()
        .unwrap()
    {
        assert!(signed.checks().is_proven(), "{:?}", signed.checks());
        assert_eq!(signed.certificate().unwrap().thumbprint(), short);
    }
    // Without one it is the one that is valid longest.
    let signatures = stage
        .diadoc()
        .in_box(&stage.in_box())
        .dss_sign(two())
        .run(&mut NoPrompt, TEN_MINUTES)
        .await;
    let signatures = signatures.unwrap();
    let longest = stage.sandbox.world_info().diadoc.dss_certificate;
    let signed = signatures.all().unwrap()[0].certificate().unwrap();
    assert_eq!(signed.thumbprint(), longest.parse().unwrap());
}

#[tokio::test]
async fn gos_key_goes_by_the_second_version() {
    let stage = Stage::in_process(willing(1)).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let gos_key = GosKey::new(seeded.users[0].snils.as_str()).with_oid("1.2.643.3.61");
    assert!(!format!("{gos_key:?}").contains(&seeded.users[0].snils));
    // The last one counts: the request has no place for both.
    let signing = diadoc
        .in_box(&stage.in_box())
        .dss_sign(two())
        .certificate(stage.diadoc_certificate("dss"))
        .gos_key(gos_key);
    let mut run = signing.start(&journal).await.unwrap();
    let signatures = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let signed = signatures.all().unwrap()[0]
        .certificate()
        .unwrap()
        .thumbprint();
    assert_eq!(signed, stage.diadoc_certificate("goskey"));
    let asked = DssProgress::of(run.operation()).unwrap();
    assert_eq!(asked.confirm_type, Some(DssConfirmType::GOS_KEY));
    assert_eq!((stage.calls("DssSign"), stage.calls("DssSignV2")), (0, 1));
    let stored = String::from_utf8(run.operation().to_json().unwrap()).unwrap();
    assert!(!stored.contains(&seeded.users[0].snils), "{stored}");
}

#[tokio::test]
async fn one_owner_has_one_operation_at_a_time() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let first = diadoc
        .in_box(&stage.in_box())
        .dss_sign(two())
        .start(&journal)
        .await;
    let mut first = first.unwrap();
    stage.time.advance(Duration::from_secs(1));
    first.poll().await.unwrap();

    // The same program knows without asking, and whoever does not is told by the service.
    let mine = diadoc
        .in_box(&stage.in_box())
        .dss_sign(two())
        .run(&mut NoPrompt, TEN_MINUTES)
        .await;
    assert_eq!(stage.calls("DssSign"), 1);
    let other = stage
        .diadoc()
        .in_box(&stage.in_box())
        .dss_sign(two())
        .run(&mut NoPrompt, TEN_MINUTES)
        .await;
    assert_eq!(stage.calls("DssSign"), 2);
    for outcome in [mine, other] {
        let error = outcome.unwrap_err();
        assert!(
            matches!(error.refusal(), Some(Refusal::AnotherOperationOpen { .. })),
            "{error}"
        );
    }
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
}

#[tokio::test]
async fn a_lost_start_says_what_a_repetition_would_meet() {
    let stage = Stage::in_process(willing(1)).await;
    stage.inject(Fault::on("DssSign").drop_after());
    let journal = MemoryJournal::new();
    let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(two());
    signing.start(&journal).await.unwrap_err();
    let id = journal.open().await.unwrap()[0].id().clone();
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.diadoc().resume::<DssSign>(claim).unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    let text = error.to_string();
    assert!(
        text.contains("a.txt, b.txt") && text.contains("UserHasUnconfirmedOperation"),
        "{text}"
    );
    assert_eq!(stage.calls("DssSign"), 1);
}

#[tokio::test]
async fn a_lost_poll_is_repeated() {
    for fault in [
        Fault::on("DssSignResult").call(1).drop_after(),
        Fault::on("DssSignResult")
            .call(1)
            .status(503)
            .retry_after(3),
        Fault::on("DssSignResult").call(1).status(429),
        Fault::on("DssSignResult")
            .call(1)
            .body("text/html", "<html>"),
        Fault::on("DssSignResult").call(1).revoke_tokens(),
    ] {
        let stage = Stage::in_process(willing(1)).await;
        stage.inject(fault);
        let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(two());
        signing
            .run(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap()
            .all()
            .unwrap();
        assert_eq!(stage.calls("DssSign"), 1);
    }
}
