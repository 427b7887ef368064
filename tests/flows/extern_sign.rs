//! Signing in Extern: drafts, replies and PFR replies, by phone and by SMS.

use std::time::Duration;

use podpis::cms::{Check, Expectation};
use podpis::core::error::Meaning;
use podpis::extern_api::model::{DraftId, OperationStatus};
use podpis::extern_api::{SignDraft, judge, progress};
use podpis::{Deadline, ErrorKind, Journal, MemoryJournal, Next, NoPrompt, Refusal, Report};
use podpis_sandbox::{
    ExternOptions, ExternSpelling, Fault, OperationEnd, PhoneMode, Profile, ProgressPlace,
    ProgressSpelling, UnusableCertificate, WorldOptions,
};

use crate::stage::{Recorder, SKINS, Skin, Stage};
use crate::stage_extern::{place, reply};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

#[tokio::test]
async fn a_draft_by_phone_over_both_skins() {
    let mut all = Vec::new();
    for skin in SKINS {
        let stage = Stage::set(skin, confirming()).await;
        let recorder = Recorder::default();
        let client = stage.extern_builder().watcher(recorder.clone()).build();
        let (account, draft) = (stage.account(), stage.phone_draft());
        let signing = client.sign_draft(&account, &draft);
        let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let signed = signatures.all().unwrap();
        assert_eq!(signed.len(), 3);
        for (one, content) in signed
            .iter()
            .zip(client.draft_documents(&account, &draft).await.unwrap())
        {
            assert!(one.checks().all_passed(), "{:?}", one.checks());
            assert_eq!(one.name(), content.name);
            let bytes = client
                .content(&account, &content.content.unwrap())
                .await
                .unwrap();
            one.with_file(&bytes, &Expectation::new()).unwrap();
        }
        let counters = stage.sandbox.counters();
        assert_eq!(
            (
                counters.pushes_sent,
                counters.sms_sent,
                counters.operations_started
            ),
            (1, 0, 1),
            "{skin:?}"
        );
        assert_eq!(recorder.names().first(), Some(&"accepted"));
        assert_eq!(recorder.names().last(), Some(&"finished"));
        all.push(recorder.events());
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn a_draft_by_sms_with_a_wrong_code() {
    for skin in SKINS {
        let stage = Stage::set(skin, confirming()).await;
        let mut person = stage.person().who_mistypes(1);
        let signing = stage
            .extern_api()
            .sign_draft(&stage.account(), &stage.sms_draft());
        let signatures = signing.run(&mut person, TEN_MINUTES).await.unwrap();
        assert_eq!(signatures.all().unwrap().len(), 3);
        assert_eq!(person.asked, [1, 2]);
        assert!(person.rejections[0].is_none());
        assert!(
            person.rejections[1].is_some(),
            "the service's words reach the person"
        );
        assert_eq!(
            (
                stage.calls("DraftCloudSign"),
                stage.calls("DraftCloudSignConfirm")
            ),
            (1, 2)
        );
    }
}

#[tokio::test]
async fn a_reply_by_phone_and_by_sms() {
    for skin in SKINS {
        let stage = Stage::set(skin, confirming()).await;
        let seeded = stage.extern_info().replies.fns_demand;
        for id in [&seeded.dss, &seeded.sms] {
            let signing =
                stage
                    .extern_api()
                    .sign_reply(&stage.account(), &place(&seeded.place), &reply(id));
            let signatures = signing.run(&mut stage.person(), TEN_MINUTES).await.unwrap();
            assert_eq!(
                signatures.all().unwrap()[0].checks().digest(),
                &Check::Passed
            );
        }
        let counters = stage.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.sms_sent), (1, 1));
    }
}

#[tokio::test]
async fn what_force_confirmation_means_is_read_from_the_answer() {
    for (profile, force, expected) in [
        (Profile::Seed, true, 0),
        (Profile::Seed, false, 1),
        (Profile::Text2018, true, 1),
        (Profile::Text2018, false, 0),
    ] {
        let stage = Stage::in_process(confirming().profile(profile)).await;
        let seeded = stage.extern_info().replies;
        for (count, receipt) in [(1, seeded.fns_receipt), (2, seeded.rosstat_receipt)] {
            let signing = stage
                .extern_api()
                .sign_reply(
                    &stage.account(),
                    &place(&receipt.place),
                    &reply(&receipt.sms),
                )
                .force_confirmation(force);
            signing
                .run(&mut stage.person(), TEN_MINUTES)
                .await
                .unwrap()
                .all()
                .unwrap();
            assert_eq!(
                stage.sandbox.counters().sms_sent,
                expected * count,
                "{profile:?} {force}"
            );
        }
    }
}

#[tokio::test]
async fn a_pfr_reply_is_confirmed_once_for_the_whole_package() {
    for skin in SKINS {
        let stage = Stage::set(skin, confirming()).await;
        let seeded = stage.extern_info().replies.pfr;
        for id in [&seeded.dss, &seeded.sms] {
            let signing = stage.extern_api().sign_pfr_reply(
                &stage.account(),
                &place(&seeded.place),
                &reply(id),
            );
            let signatures = signing.run(&mut stage.person(), TEN_MINUTES).await.unwrap();
            assert_eq!(signatures.all().unwrap().len(), 3);
        }
        let counters = stage.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.sms_sent), (1, 1));
    }
}

#[tokio::test]
async fn a_reply_of_an_inventory_wherever_its_tasks_are() {
    for elsewhere in [false, true] {
        let options = ExternOptions::default().reply_tasks_under_document(elsewhere);
        let stage = Stage::in_process(confirming().extern_options(options)).await;
        let seeded = stage.extern_info().replies.inventory_receipt;
        let signing = stage
            .extern_api()
            .sign_reply(&stage.account(), &place(&seeded.place), &reply(&seeded.dss))
            .force_confirmation(false);
        signing
            .run(&mut stage.person(), TEN_MINUTES)
            .await
            .unwrap()
            .all()
            .unwrap();
        assert_eq!(stage.calls("DocumentTask") > 0, elsewhere);
    }
}

#[tokio::test]
async fn confirmed_on_the_phone_and_killed_before_the_poll_is_signed_by_resuming() {
    let stage = Stage::in_process(confirming()).await;
    let (account, draft, journal) = (stage.account(), stage.phone_draft(), MemoryJournal::new());
    let client = stage.extern_api();
    let run = client
        .sign_draft(&account, &draft)
        .start(&journal)
        .await
        .unwrap();
    let id = run.operation().id().clone();
    drop(run);
    stage.time.advance(Duration::from_secs(60));
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    let unsigned = client.draft_documents(&account, &draft).await.unwrap();
    for document in &unsigned {
        let signature = client
            .draft_signature(&account, &draft, &document.document)
            .await
            .unwrap();
        assert!(
            signature.is_none(),
            "nothing is attached before the task is asked"
        );
    }
    let mut run = stage
        .extern_api()
        .resume::<SignDraft>(journal.claim(&id).await.unwrap())
        .unwrap();
    run.wait(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap()
        .all()
        .unwrap();
    assert_eq!(
        stage.sandbox.counters().pushes_sent,
        1,
        "nobody is asked again"
    );
}

#[tokio::test]
async fn progress_reaches_the_caller_typed_in_every_spelling_and_place() {
    for spelling in [
        ProgressSpelling::Pascal,
        ProgressSpelling::Camel,
        ProgressSpelling::Kebab,
    ] {
        for at in [ProgressPlace::Task, ProgressPlace::Result] {
            let options = ExternOptions::default().spelling(
                ExternSpelling::default()
                    .progress(spelling)
                    .progress_place(at),
            );
            let stage = Stage::in_process(
                confirming()
                    .phone(PhoneMode::Manual, Duration::ZERO)
                    .extern_options(options),
            )
            .await;
            let journal = MemoryJournal::new();
            let client = stage.extern_api();
            let mut run = client
                .sign_draft(&stage.account(), &stage.phone_draft())
                .start(&journal)
                .await
                .unwrap();
            let mut seen = Vec::new();
            for _ in 0..6 {
                let Next::PollAfter(pause) = run.next() else {
                    panic!("nobody confirmed")
                };
                stage.time.advance(pause);
                run.poll().await.unwrap();
                seen.extend(progress(run.operation()));
            }
            assert_eq!(
                seen.last(),
                Some(&OperationStatus::AwaitingForConfirmation),
                "{spelling:?} {at:?} {seen:?}"
            );
        }
    }
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
        .sign_draft(&stage.account(), &stage.phone_draft());
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
            .sign_draft(&stage.account(), &stage.phone_draft())
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
            Report(&error)
        );
    }
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Silent, Duration::ZERO)).await;
    let signing = stage
        .extern_api()
        .sign_draft(&stage.account(), &stage.phone_draft());
    let error = signing
        .run(&mut NoPrompt, Deadline::minutes(30))
        .await
        .unwrap_err();
    assert_eq!(
        error.refusal(),
        Some(&Refusal::Expired),
        "nobody did anything: {}",
        Report(&error)
    );
}

#[tokio::test]
async fn a_draft_that_somebody_else_signs_is_a_refusal_that_names_the_task() {
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO)).await;
    let journal = MemoryJournal::new();
    let (one, other) = (stage.extern_api(), stage.extern_api());
    let run = one
        .sign_draft(&stage.account(), &stage.phone_draft())
        .start(&journal)
        .await
        .unwrap();
    let task = run.operation().data()["task"].as_str().unwrap().to_owned();
    let error = other
        .sign_draft(&stage.account(), &stage.phone_draft())
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
        .sign_draft(&stage.account(), &stage.phone_draft())
        .start(&journal)
        .await
        .unwrap();
    let error = client
        .sign_draft(&stage.account(), &stage.phone_draft())
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
        .sign_draft(&stage.account(), &stage.phone_draft())
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
            .sign_draft(&stage.account(), &stage.phone_draft())
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
    let signing =
        || client.sign_reply(&stage.account(), &place(&seeded.place), &reply(&seeded.dss));
    signing().run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    stage
        .sandbox
        .inject(Fault::on("ReplyCloudSign").drop_before());
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
                .sign_draft(&stage.account(), &DraftId::new(draft.id));
            let error = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
            assert_eq!(
                error.refusal() == Some(&Refusal::NothingSigned),
                expected,
                "{}",
                Report(&error)
            );
            assert!(!error.may_have_been_applied() || expected);
        }
    }
}

#[tokio::test]
async fn a_token_that_ends_during_the_wait_is_told_and_the_task_goes_on() {
    let stage = Stage::in_process(confirming()).await;
    stage
        .sandbox
        .inject(Fault::on("DraftTask").call(1).revoke_tokens());
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let mut run = client
        .sign_draft(&stage.account(), &stage.phone_draft())
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
        stage.sandbox.inject(fault);
        let signing = stage
            .extern_api()
            .sign_draft(&stage.account(), &stage.phone_draft());
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
    stage
        .sandbox
        .inject(Fault::on("DraftCloudSign").drop_after());
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let error = client
        .sign_draft(&stage.account(), &stage.phone_draft())
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
        .sign_draft(&stage.account(), &draft)
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
async fn accounts_and_certificates_and_why_one_cannot_be_used() {
    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_api();
    let accounts = client.accounts().await.unwrap();
    assert!(
        accounts
            .iter()
            .any(|account| account.id.as_ref() == Some(&stage.account()))
    );
    let now = podpis_core::wait::Time::now(&stage.time);
    let seeded = stage.extern_info();
    for listed in client.certificates(&stage.account()).await.unwrap() {
        let judged = judge(&listed, now, None);
        let thumbprint = judged
            .certificate
            .as_ref()
            .unwrap()
            .thumbprint()
            .to_string();
        let known = seeded
            .certificates
            .iter()
            .find(|one| one.thumbprint == thumbprint)
            .unwrap();
        assert_eq!(
            judged.is_usable(),
            known.usable,
            "{}: {:?}",
            known.kind,
            judged.reasons
        );
    }
}

#[tokio::test]
async fn a_service_that_fails_at_every_code_does_not_keep_the_person_typing() {
    let stage = Stage::in_process(confirming()).await;
    stage
        .sandbox
        .inject(Fault::on("DraftCloudSignConfirm").status(500));
    let mut person = stage.person();
    let signing = stage
        .extern_api()
        .sign_draft(&stage.account(), &stage.sms_draft());
    let error = signing.run(&mut person, TEN_MINUTES).await.unwrap_err();
    assert_eq!(person.asked, [1]);
    assert_eq!(error.kind(), ErrorKind::CannotTell, "{}", Report(&error));
    assert!(
        Report(&error).to_string().contains("500"),
        "{}",
        Report(&error)
    );
}
