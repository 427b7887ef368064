//! A report in Extern from files to its docflow, in one call and step by step.

use std::time::Duration;

use podpis::cms::Expectation;
use podpis::extern_api::model::{DraftStatus, Recipient};
use podpis::extern_api::{ReportDocument, ReportStep, SendReport, progress};
use podpis::operation::{Advice, Event};
use podpis::{
    Deadline, ErrorChain, ErrorKind, Journal, MemoryJournal, Next, NoPrompt, Operation, Refusal,
};
use podpis_core::wait::{Begin, Observer};
use podpis_sandbox::{DraftVerdict, ExternOptions, Fault, PhoneMode, SignatureFault, WorldOptions};

use crate::stage::{SKINS, Stage};
use crate::stage_extern::report_document;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

fn text_of(name: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл ИдФайл=\"{name}\"/>")
}

/// Keeps every step that it sees.
#[derive(Clone, Debug, Default)]
struct Steps(std::sync::Arc<std::sync::Mutex<Vec<ReportStep>>>);

impl Observer for Steps {
    fn event(&self, operation: &Operation, _event: &Event) {
        let mut seen = self.0.lock().unwrap();
        let step = ReportStep::of(operation).unwrap();
        if seen.last() != Some(&step) {
            seen.push(step);
        }
    }
}

#[tokio::test]
async fn by_phone_and_by_sms_over_both_skins() {
    for skin in SKINS {
        for (kind, pushes, sms) in [("dss", 1, 0), ("sms", 0, 1)] {
            let stage = Stage::set(skin, confirming()).await;
            let steps = Steps::default();
            let client = stage.extern_builder().observer(steps.clone()).build();
            let mut person = stage.person().who_mistypes(1);
            let sending = stage.report(&client, kind);
            let sent = sending.run(&mut person, TEN_MINUTES).await.unwrap();
            let signed = sent.signatures.all().unwrap();
            for (one, name) in signed.iter().zip(["a.xml", "b.xml"]) {
                assert_eq!(one.name(), name);
                assert!(one.checks().is_proven(), "{:?}", one.checks());
                one.with_file(text_of(name).as_bytes(), &Expectation::new())
                    .unwrap();
            }
            assert_eq!(signed.len(), 2);
            assert_eq!(sent.check.findings().count(), 0);
            assert_eq!(
                sent.docflow.unwrap().id.as_ref(),
                Some(&sent.docflow_id),
                "the service's own words"
            );
            let counters = stage.sandbox.counters();
            assert_eq!(
                (counters.pushes_sent, counters.sms_sent),
                (pushes, sms),
                "{skin:?} {kind}"
            );
            assert_eq!((counters.drafts_created, counters.docflows_created), (1, 1));
            let found = client
                .account(&stage.account())
                .draft(&sent.draft)
                .await
                .unwrap();
            assert_eq!(found.status, Some(DraftStatus::Sent));
            assert_eq!(
                *steps.0.lock().unwrap(),
                [
                    ReportStep::Documents,
                    ReportStep::Check,
                    ReportStep::Sign,
                    ReportStep::Prepare,
                    ReportStep::Send,
                    ReportStep::Sent,
                ]
            );
        }
    }
}

#[tokio::test]
async fn errors_of_the_check_end_it_before_anybody_is_asked() {
    let stage = Stage::in_process(confirming()).await;
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let documents = ["good.xml", "check-error.xml"].map(report_document);
    let client = stage.extern_api();
    let error = client
        .account(&stage.account())
        .send_report(meta, documents)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::DocumentsRefused));
    assert_eq!(error.refusal().unwrap().advice(), Advice::FixTheDocuments);
    let text = error.to_string();
    assert!(text.contains("(check-error.xml)"), "{text}");
    assert!(text.contains("Ошибка форматно-логического"), "{text}");
    assert!(!text.contains("good.xml"), "{text}");
    let counters = stage.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.docflows_created), (0, 0));
}

#[tokio::test]
async fn warnings_go_on_and_are_handed_over() {
    let stage = Stage::in_process(confirming()).await;
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let client = stage.extern_api();
    let sent = client
        .account(&stage.account())
        .send_report(meta, [report_document("check-warning.xml")])
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap();
    assert_eq!(sent.check.warnings().count(), 1);
    assert_eq!(sent.check.errors().count(), 0);
}

#[tokio::test]
async fn a_report_for_the_pension_fund_is_sent_with_its_errors_when_that_is_forced() {
    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_api();
    let meta = stage.meta("dss", Recipient::sfr("101"));
    let sent = client
        .account(&stage.account())
        .send_report(meta, [report_document("check-error.xml")])
        .force(true)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap();
    assert_eq!(sent.check.errors().count(), 1);
    // The tax service takes no errors, and says so in a task that "succeeded".
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let error = client
        .account(&stage.account())
        .send_report(meta, [report_document("check-error.xml")])
        .force(true)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::DocumentsRefused));
    assert!(error.to_string().contains("(check-error.xml)"), "{error}");
    assert_eq!(stage.calls("DraftSend"), 2);
    assert_eq!(stage.sandbox.counters().docflows_created, 1);
}

#[tokio::test]
async fn what_the_service_does_to_the_tasks_is_what_the_caller_gets() {
    for (verdict, refusal, words) in [
        (
            DraftVerdict::CheckErrors,
            Refusal::DocumentsRefused,
            "Ошибка проверки пакета.",
        ),
        (
            DraftVerdict::EncryptionFailed,
            Refusal::DocumentsRefused,
            "could not be encrypted",
        ),
        (
            DraftVerdict::TasksFail,
            Refusal::ServiceCrashed,
            "Внутренняя ошибка сервиса.",
        ),
    ] {
        let options = ExternOptions::default().draft_verdict(verdict);
        let stage = Stage::in_process(confirming().extern_options(options)).await;
        let sending = stage.report(&stage.extern_api(), "dss");
        let error = sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(error.refusal(), Some(&refusal), "{}", ErrorChain(&error));
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(stage.sandbox.counters().docflows_created, 0);
    }
}

#[tokio::test]
async fn what_is_wrong_before_the_start_is_said_and_nothing_is_sent() {
    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_api();
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let mut unsigned = meta.clone();
    unsigned.sender.as_mut().unwrap().certificate = None;
    let one = || [report_document("a.xml")];
    let none: [ReportDocument; 0] = [];
    let sendings = [
        client
            .account(&stage.account())
            .send_report(meta.clone(), none),
        client
            .account(&stage.account())
            .send_report(unsigned, one()),
        client
            .account(&stage.account())
            .send_report(meta.clone(), one())
            .certificate(b"nonsense".to_vec()),
    ];
    for sending in sendings {
        let error = sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(stage.sandbox.requests().is_empty());
    // The service refuses the meta: nothing is stored.
    let journal = MemoryJournal::new();
    let mut wrong = meta;
    wrong.payer = None;
    let sending = client.account(&stage.account()).send_report(wrong, one());
    let error = sending.start(&journal).await.unwrap_err();
    assert!(!error.may_have_been_applied(), "{error}");
    assert!(journal.open().await.unwrap().is_empty());
}

#[tokio::test]
async fn another_certificate_becomes_the_senders() {
    let stage = Stage::in_process(confirming()).await;
    let client = stage.extern_api();
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    client
        .account(&stage.account())
        .send_report(meta, [report_document("a.xml")])
        .certificate(stage.certificate_of("sms"))
        .run(&mut stage.person(), TEN_MINUTES)
        .await
        .unwrap();
    let counters = stage.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.sms_sent), (0, 1));
}

#[tokio::test]
async fn no_answer_on_the_way_makes_nothing_twice() {
    for endpoint in [
        "DraftPut",
        "DraftDocumentPut",
        "DraftCheck",
        "DraftPrepare",
        "DraftSend",
        "DraftTask",
    ] {
        for after in [false, true] {
            let stage = Stage::in_process(confirming()).await;
            let fault = Fault::on(endpoint).call(1);
            let fault = if after {
                fault.drop_after()
            } else {
                fault.drop_before()
            };
            stage.inject(fault);
            let sending = stage.report(&stage.extern_api(), "dss");
            let sent = sending.run(&mut NoPrompt, TEN_MINUTES).await;
            let sent = sent.unwrap_or_else(|error| panic!("{endpoint} {after}: {error:?}"));
            assert_eq!(sent.signatures.all().unwrap().len(), 2);
            let counters = stage.sandbox.counters();
            assert_eq!(
                (
                    counters.drafts_created,
                    counters.docflows_created,
                    counters.pushes_sent
                ),
                (1, 1, 1),
                "{endpoint} {after}"
            );
            let (client, account) = (stage.extern_api(), stage.account());
            let draft = client.account(&account).draft(&sent.draft).await.unwrap();
            assert_eq!(draft.documents.len(), 2, "{endpoint}");
        }
    }
}

#[tokio::test]
async fn the_phone_is_told_inside_a_report_too() {
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO)).await;
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let mut run = stage.report(&client, "dss").start(&journal).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..12 {
        let Next::PollAfter(pause) = run.next() else {
            panic!("nobody confirmed: {:?}", run.next())
        };
        stage.time.advance(pause);
        run.poll().await.unwrap();
        seen.extend(progress(run.operation()));
    }
    assert_eq!(ReportStep::of(run.operation()), Some(ReportStep::Sign));
    assert_eq!(seen.last().unwrap().to_string(), "AwaitingForConfirmation");
    let id = run.operation().id().clone();
    drop(run);
    // Another process goes on, and nobody has the files any more.
    let message = stage.sandbox.messages().pop().unwrap();
    stage.sandbox.confirm(&message.operation).unwrap();
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.extern_api().resume::<SendReport>(claim).unwrap();
    run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
}

#[tokio::test]
async fn a_signer_who_declines_ends_it_and_nothing_is_sent() {
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Decline, Duration::ZERO)).await;
    let sending = stage.report(&stage.extern_api(), "dss");
    let error = sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::CancelledBySigner));
    assert_eq!(stage.calls("DraftSend"), 0);
}

#[tokio::test]
async fn a_service_that_fails_for_a_while_is_waited_for_at_every_step() {
    for endpoint in [
        "DraftCheck",
        "DraftPrepare",
        "DraftSend",
        "DraftTask",
        "DraftTasks",
    ] {
        let stage = Stage::in_process(confirming()).await;
        let fault = Fault::on(endpoint).status(503);
        let fault = fault.call(1).call(2).call(3).call(4);
        stage.inject(fault);
        let sending = stage.report(&stage.extern_api(), "dss");
        let sent = sending.run(&mut NoPrompt, TEN_MINUTES).await;
        sent.unwrap_or_else(|error| panic!("{endpoint}: {}", ErrorChain(&error)));
        let counters = stage.sandbox.counters();
        assert_eq!((counters.drafts_created, counters.docflows_created), (1, 1));
    }
}

#[tokio::test]
async fn under_signatures_of_something_else_nothing_is_sent() {
    for fault in [
        SignatureFault::Forge,
        SignatureFault::OtherSigner,
        SignatureFault::Corrupt,
    ] {
        let stage = Stage::in_process(confirming()).await;
        let fault = Fault::on("DraftDocumentSignature").signatures(fault);
        stage.inject(fault);
        let sending = stage.report(&stage.extern_api(), "dss");
        let error = sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert!(error.operation().is_some(), "{error:?}");
        assert_eq!(stage.calls("DraftPrepare") + stage.calls("DraftSend"), 0);
    }
}

#[tokio::test]
async fn a_draft_whose_making_is_unknown_is_made_once_by_going_on() {
    for handled in [false, true] {
        let stage = Stage::in_process(confirming()).await;
        let fault = Fault::on("DraftPut");
        let fault = if handled {
            fault.drop_after()
        } else {
            fault.drop_before()
        };
        let fault = stage.inject(fault);
        let (client, journal) = (stage.extern_api(), MemoryJournal::new());
        let lost = stage.report(&client, "dss").start(&journal).await;
        let lost = lost.unwrap_err();
        assert!(lost.may_have_been_applied(), "{lost}");
        stage.sandbox.remove_fault(&fault);
        let claim = journal.claim(lost.operation().unwrap().id()).await.unwrap();
        let mut run = client.resume::<SendReport>(claim).unwrap();
        run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let counters = stage.sandbox.counters();
        assert_eq!((counters.drafts_created, counters.docflows_created), (1, 1));
    }
}
