//! Signing in Extern: drafts, replies and PFR replies, by phone and by SMS.

use std::time::Duration;

use podpis::cms::{Check, Expectation};
use podpis::extern_api::model::OperationStatus;
use podpis::extern_api::{KeptDocuments, SignDraft, progress, unusable};
use podpis::{Begin, Deadline, Journal, MemoryJournal, Next, NoPrompt};
use podpis_sandbox::{
    ExternOptions, ExternSpelling, PhoneMode, Profile, ProgressPlace, ProgressSpelling,
    WorldOptions,
};

use crate::stage::{Recorder, SKINS, Stage};
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
        let client = stage.extern_builder().observer(recorder.clone()).build();
        let (account, draft) = (stage.account(), stage.phone_draft());
        let signing = client.account(&account).sign_draft(&draft);
        let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let signed = signatures.all().unwrap();
        assert_eq!(signed.len(), 3);
        for (one, content) in signed.iter().zip(
            client
                .account(&account)
                .draft_contents(&draft)
                .await
                .unwrap(),
        ) {
            assert!(one.checks().is_proven(), "{:?}", one.checks());
            assert_eq!(one.name(), content.name);
            let bytes = client
                .account(&account)
                .content(&content.content.unwrap())
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
            .account(&stage.account())
            .sign_draft(&stage.sms_draft());
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
            let signing = stage
                .extern_api()
                .account(&stage.account())
                .sign_reply(&place(&seeded.place), &reply(id));
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
                .account(&stage.account())
                .sign_reply(&place(&receipt.place), &reply(&receipt.sms))
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
            let signing = stage
                .extern_api()
                .account(&stage.account())
                .sign_pfr_reply(&place(&seeded.place), &reply(id));
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
            .account(&stage.account())
            .sign_reply(&place(&seeded.place), &reply(&seeded.dss))
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
        .account(&account)
        .sign_draft(&draft)
        .start(&journal)
        .await
        .unwrap();
    let id = run.operation().id().clone();
    drop(run);
    stage.time.advance(Duration::from_secs(60));
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    let unsigned = client
        .account(&account)
        .draft_contents(&draft)
        .await
        .unwrap();
    for document in &unsigned {
        let signature = client
            .account(&account)
            .draft_document_signature(&draft, &document.document)
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
                .account(&stage.account())
                .sign_draft(&stage.phone_draft())
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
    for listed in client
        .account(&stage.account())
        .certificates()
        .await
        .unwrap()
    {
        let reasons = unusable(&listed, now, None);
        let certificate = podpis::cms::Certificate::from_der(&listed.der().unwrap()).unwrap();
        let thumbprint = certificate.thumbprint().to_string();
        let known = seeded
            .certificates
            .iter()
            .find(|one| one.thumbprint == thumbprint)
            .unwrap();
        assert_eq!(
            reasons.is_empty(),
            known.usable,
            "{}: {reasons:?}",
            known.kind
        );
    }
}

/// The draft, its documents and their contents, the start, the code, and the signatures: nothing twice, and nothing whose
/// answer is known. A task on the phone is asked for instead, until it is done.
#[tokio::test]
async fn a_draft_of_three_documents_takes_twelve_requests() {
    for (by_phone, polls) in [(true, 3), (false, 1)] {
        let stage = Stage::in_process(confirming()).await;
        let draft = if by_phone {
            stage.phone_draft()
        } else {
            stage.sms_draft()
        };
        let kept = KeptDocuments::at_most(1024 * 1024);
        let account = stage.account();
        let signing = stage.extern_api().account(&account).sign_draft(&draft);
        let signing = signing.keep_documents(&kept);
        let signatures = signing.run(&mut stage.person(), TEN_MINUTES).await.unwrap();
        let signed = signatures.all().unwrap();
        let requests = stage.sandbox.requests();
        assert_eq!(requests.len(), 11 + polls, "{requests:#?}");
        let kept = kept.take();
        assert_eq!(kept.len(), signed.len());
        for (one, bytes) in signed.iter().zip(kept) {
            one.with_file(&bytes.unwrap(), &Expectation::new()).unwrap();
        }
    }
}

#[tokio::test]
async fn after_the_code_nothing_is_waited_for() {
    let stage = Stage::in_process(confirming()).await;
    let begun = podpis_core::wait::Time::now(&stage.time);
    let signing = stage
        .extern_api()
        .account(&stage.account())
        .sign_draft(&stage.sms_draft());
    let signatures = signing.run(&mut stage.person(), TEN_MINUTES).await.unwrap();
    assert_eq!(signatures.all().unwrap().len(), 3);
    assert_eq!(podpis_core::wait::Time::now(&stage.time), begun);
}

/// What is done soon is seen soon, and what takes long costs two polls more than the regular ones.
#[tokio::test]
async fn polls_of_a_task_begin_early_and_stay_few() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let signing = stage
        .extern_api()
        .account(&stage.account())
        .sign_draft(&stage.phone_draft());
    signing
        .run(&mut NoPrompt, Deadline::seconds(60))
        .await
        .unwrap_err();
    // 2 s, 3 s, 4.5 s and then every 5 s make 14 within a minute, the last at the deadline; two are early.
    assert_eq!(stage.calls("DraftTask"), 14 + 2);
}
