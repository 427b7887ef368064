//! Extern when people, services and other programs do not do what was hoped for.

use std::time::Duration;

use podpis::core::error::Meaning;
use podpis::extern_api::SignDraft;
use podpis::extern_api::model::DraftId;
use podpis::operation::Advice;
use podpis::{Begin, Deadline, ErrorChain, ErrorKind, Journal, MemoryJournal, NoPrompt, Refusal};
use podpis_sandbox::{
    ExternOptions, ExternSpelling, Fault, OperationEnd, PhoneMode, ProgressSpelling,
    UnconfirmedOperation, UnusableCertificate, WorldOptions,
};

use crate::stage::{Skin, Stage};
use crate::stage_extern::{place, reply};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

#[tokio::test]
async fn an_unknown_progress_is_waited_for_and_named_at_the_deadline() {
    let options = ExternOptions::default()
        .spelling(ExternSpelling::default().progress(ProgressSpelling::Unknown));
    let stage = Stage::in_process(
        WorldOptions::default()
            .phone(PhoneMode::Silent, Duration::ZERO)
            .code_life(Duration::from_secs(86_400))
            .extern_options(options),
    )
    .await;
    let signing = stage
        .extern_api()
        .account(&stage.account())
        .sign_draft(&stage.phone_draft());
    let error = signing
        .run(&mut NoPrompt, Deadline::seconds(60))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert!(error.to_string().contains("SomethingNew"), "{error}");
    assert!(matches!(error.meaning(), Some(Meaning::StillOpen { .. })));
}

#[tokio::test]
async fn what_the_person_does_is_what_the_caller_gets() {
    type Act = fn(&Stage, &str);
    let cases: [(&str, Act, Refusal); 3] = [
        (
            "declined",
            |stage, id| stage.sandbox.decline(id).unwrap(),
            Refusal::CancelledBySigner,
        ),
        (
            "crashed",
            |stage, id| stage.sandbox.end(id, OperationEnd::Crashed).unwrap(),
            Refusal::ServiceCrashed,
        ),
        (
            "too many PINs",
            |stage, id| {
                stage
                    .sandbox
                    .end(id, OperationEnd::TooManyAttempts)
                    .unwrap()
            },
            Refusal::TooManyAttempts,
        ),
    ];
    for (name, act, refusal) in cases {
        let stage =
            Stage::in_process(WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO))
                .await;
        let journal = MemoryJournal::new();
        let client = stage.extern_api();
        let mut run = client
            .account(&stage.account())
            .sign_draft(&stage.phone_draft())
            .start(&journal)
            .await
            .unwrap();
        stage.time.advance(Duration::from_secs(5));
        run.poll().await.unwrap();
        act(&stage, &stage.sandbox.messages().last().unwrap().operation);
        let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(
            error.refusal(),
            Some(&refusal),
            "{name}: {}",
            ErrorChain(&error)
        );
    }
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Silent, Duration::ZERO)).await;
    let signing = stage
        .extern_api()
        .account(&stage.account())
        .sign_draft(&stage.phone_draft());
    let error = signing
        .run(&mut NoPrompt, Deadline::minutes(30))
        .await
        .unwrap_err();
    assert_eq!(
        error.refusal(),
        Some(&Refusal::Expired),
        "nobody did anything: {}",
        ErrorChain(&error)
    );
}

#[tokio::test]
async fn a_draft_that_somebody_else_signs_is_a_refusal_that_names_the_task() {
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO)).await;
    let journal = MemoryJournal::new();
    let (one, other) = (stage.extern_api(), stage.extern_api());
    let run = one
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap();
    let task = run.operation().data().to_value()["task"]
        .as_str()
        .unwrap()
        .to_owned();
    let error = other
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap_err();
    let Some(Refusal::AnotherOperationOpen { operation, sort }) = error.refusal() else {
        panic!("{error:?}")
    };
    assert_eq!(operation.as_deref(), Some(task.as_str()));
    assert!(
        sort.as_deref().unwrap().contains("initDraftSignOperation"),
        "{sort:?}"
    );
    assert_eq!(
        journal.open().await.unwrap().len(),
        1,
        "only the first is kept"
    );
}

#[tokio::test]
async fn a_second_start_on_the_same_draft_is_refused_before_anybody_is_asked() {
    let stage = Stage::in_process(confirming()).await;
    let (client, journal) = (stage.extern_api(), MemoryJournal::new());
    let mut first = client
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap();
    let error = client
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap_err();
    assert!(
        matches!(error.refusal(), Some(Refusal::AnotherOperationOpen { .. })),
        "{error}"
    );
    assert_eq!(stage.calls("DraftCloudSign"), 1);
    first.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    client
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_start_under_a_used_id_never_overwrites_its_record() {
    let stage = Stage::in_process(confirming()).await;
    let (client, journal) = (stage.extern_api(), MemoryJournal::new());
    let id = podpis::OperationId::random();
    let signing = || {
        client
            .account(&stage.account())
            .sign_draft(&stage.phone_draft())
            .id(id.clone())
    };
    drop(signing().start(&journal).await.unwrap());
    let error = signing().start(&journal).await.unwrap_err();
    assert!(error.to_string().ends_with("already: resume it"), "{error}");
    assert_eq!(journal.open().await.unwrap().len(), 1);
    assert_eq!(stage.calls("DraftCloudSign"), 1);
}

#[tokio::test]
async fn an_old_signature_does_not_make_up_for_a_lost_start() {
    let stage = Stage::in_process(confirming()).await;
    let (client, journal) = (stage.extern_api(), MemoryJournal::new());
    let seeded = stage.extern_info().replies.fns_demand;
    let signing = || {
        client
            .account(&stage.account())
            .sign_reply(&place(&seeded.place), &reply(&seeded.dss))
    };
    signing().run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    stage.inject(Fault::on("ReplyCloudSign").drop_before());
    let error = signing().start(&journal).await.unwrap_err();
    let id = error.operation().unwrap().id().clone();
    let mut run = client
        .resume::<podpis::extern_api::SignReply>(journal.claim(&id).await.unwrap())
        .unwrap();
    assert_eq!(
        run.wait(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::CannotTell
    );
}

#[tokio::test]
async fn a_certificate_that_cannot_sign_remotely_is_never_taken_for_success() {
    for (silent, expected) in [
        (UnusableCertificate::Silent, true),
        (UnusableCertificate::Refused, false),
    ] {
        let options = ExternOptions::default().unusable_certificate(silent);
        let stage = Stage::in_process(confirming().extern_options(options)).await;
        let drafts = stage.extern_info().drafts;
        for draft in [drafts.iron, drafts.foreign_ca] {
            let signing = stage
                .extern_api()
                .account(&stage.account())
                .sign_draft(&DraftId::new(draft.id));
            let error = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
            assert_eq!(
                error.refusal() == Some(&Refusal::NothingSigned),
                expected,
                "{}",
                ErrorChain(&error)
            );
            assert!(!error.may_have_been_applied() || expected);
        }
    }
}

#[tokio::test]
async fn a_token_that_ends_during_the_wait_is_told_and_the_task_goes_on() {
    let stage = Stage::in_process(confirming()).await;
    stage.inject(Fault::on("DraftTask").call(1).revoke_tokens());
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let mut run = client
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Login,
        "a bearer cannot be renewed here"
    );
    assert!(matches!(error.meaning(), Some(Meaning::StillOpen { .. })));
}

#[tokio::test]
async fn a_poll_that_fails_in_passing_is_forgiven() {
    for fault in [
        Fault::on("DraftTask").call(1).drop_after(),
        Fault::on("DraftTask").call(2).status(502),
        Fault::on("DraftDocumentSignature").call(2).status(503),
        Fault::on("DraftTask").call(1).truncate(5),
    ] {
        let stage = Stage::set(Skin::InProcess, confirming()).await;
        stage.inject(fault);
        let signing = stage
            .extern_api()
            .account(&stage.account())
            .sign_draft(&stage.phone_draft());
        signing
            .run(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap()
            .all()
            .unwrap();
        assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    }
}

#[tokio::test]
async fn a_lost_start_of_a_draft_is_found_in_its_tasks() {
    let stage = Stage::in_process(confirming()).await;
    stage.inject(Fault::on("DraftCloudSign").drop_after());
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let error = client
        .account(&stage.account())
        .sign_draft(&stage.phone_draft())
        .start(&journal)
        .await
        .unwrap_err();
    assert!(error.may_have_been_applied());
    let id = error.operation().unwrap().id().clone();
    let mut run = client
        .resume::<SignDraft>(journal.claim(&id).await.unwrap())
        .unwrap();
    run.wait(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap()
        .all()
        .unwrap();
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    assert_eq!(stage.calls("DraftCloudSign"), 1);
}

#[tokio::test]
async fn an_empty_draft_is_an_error_before_anybody_is_asked() {
    let stage = Stage::in_process(confirming()).await;
    let draft = DraftId::new(stage.extern_info().drafts.empty.id);
    let error = stage
        .extern_api()
        .account(&stage.account())
        .sign_draft(&draft)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("has no documents: there is nothing to sign"),
        "{error}"
    );
    assert_eq!(stage.calls("DraftCloudSign"), 0);
}

#[tokio::test]
async fn a_service_that_fails_at_every_code_does_not_keep_the_person_typing() {
    let stage = Stage::in_process(confirming()).await;
    stage.inject(Fault::on("DraftCloudSignConfirm").status(500));
    let mut person = stage.person();
    let signing = stage
        .extern_api()
        .account(&stage.account())
        .sign_draft(&stage.sms_draft());
    let error = signing.run(&mut person, TEN_MINUTES).await.unwrap_err();
    assert_eq!(person.asked, [1]);
    assert_eq!(
        error.kind(),
        ErrorKind::CannotTell,
        "{}",
        ErrorChain(&error)
    );
    assert!(
        ErrorChain(&error).to_string().contains("500"),
        "{}",
        ErrorChain(&error)
    );
}

#[tokio::test]
async fn an_operation_that_waits_in_the_app_is_told_with_its_advice() {
    for (unconfirmed, ends) in [
        (UnconfirmedOperation::Fails, true),
        (UnconfirmedOperation::Waits, false),
    ] {
        let options = ExternOptions::default().unconfirmed_operation(unconfirmed);
        let manual = WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO);
        let stage = Stage::in_process(manual.extern_options(options)).await;
        let journal = MemoryJournal::new();
        // Another program of the same person, on another document.
        let other = stage.extern_api();
        other
            .account(&stage.account())
            .sign_draft(&stage.phone_draft())
            .start(&journal)
            .await
            .unwrap();
        let seeded = stage.extern_info().replies.fns_demand;
        let signing = stage
            .extern_api()
            .account(&stage.account())
            .sign_reply(&place(&seeded.place), &reply(&seeded.dss));
        let error = signing
            .run(&mut NoPrompt, Deadline::minutes(1))
            .await
            .unwrap_err();
        if ends {
            let refusal = error.refusal().unwrap();
            assert!(
                matches!(refusal, Refusal::AnotherOperationOpen { .. }),
                "{}",
                ErrorChain(&error)
            );
            assert_eq!(refusal.advice(), Advice::AskThePerson);
        } else {
            assert_eq!(error.kind(), ErrorKind::Deadline);
            assert!(
                error
                    .to_string()
                    .contains("another operation that is not confirmed"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn after_sending_ones_own_signature_is_found_by_its_bytes() {
    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_api();
    let seeded = stage.extern_info().replies.fns_demand;
    let (at, id) = (place(&seeded.place), reply(&seeded.dss));
    let signing = client.account(&stage.account()).sign_reply(&at, &id);
    signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let content = client
        .account(&stage.account())
        .reply(&at, &id)
        .await
        .unwrap()
        .content
        .unwrap()
        .decode()
        .unwrap();
    assert!(
        client
            .account(&stage.account())
            .signature_for(&at, &content)
            .await
            .unwrap()
            .is_none()
    );

    let path = format!(
        "{}{}/replies/{}/send",
        stage.base().trim_end_matches('/'),
        seeded.place.path,
        seeded.dss
    );
    let send = http::Request::post(path)
        .header(
            "authorization",
            format!("Bearer {}", stage.extern_info().token),
        )
        .header("content-type", "application/json")
        .body(bytes::Bytes::from_static(br#"{"sender-ip":"8.8.8.8"}"#))
        .unwrap();
    assert!(
        stage
            .transport()
            .execute(send)
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let found = client
        .account(&stage.account())
        .signature_for(&at, &content)
        .await
        .unwrap()
        .unwrap();
    assert!(found.checks().digest().is_passed());
    assert!(
        client
            .account(&stage.account())
            .signature_for(&at, b"other bytes")
            .await
            .unwrap()
            .is_none()
    );
}
