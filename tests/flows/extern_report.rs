//! A report in Extern from files to its docflow, in one call and step by step.

use std::time::Duration;

use podpis::cms::Expectation;
use podpis::extern_api::model::{
    ContentId, DocumentDescription, DocumentId, DocumentRequest, DraftId, DraftStatus,
    PrepareStatus, Recipient,
};
use podpis::extern_api::{
    CheckDraft, ReportDocument, ReportStep, SendDraft, SendReport, Source, progress, report_step,
};
use podpis::operation::{Advice, Event};
use podpis::{
    Deadline, Error, ErrorKind, Extern, Journal, MemoryJournal, Next, NoPrompt, Operation,
    OperationId, Refusal, Report,
};
use podpis_core::wait::Observer;
use podpis_sandbox::{DraftVerdict, ExternOptions, Fault, PhoneMode, WorldOptions};

use crate::stage::{SKINS, Stage};
use crate::stage_extern::report_document;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

fn text_of(name: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл ИдФайл=\"{name}\"/>")
}

/// A draft of one document, not signed, and the document.
async fn draft(stage: &Stage, client: &Extern, name: &str, text: &str) -> (DraftId, DocumentId) {
    let account = stage.account();
    let source = Source::bytes(name, text.to_owned());
    let uploaded = client.upload(&account, source).run().await.unwrap();
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let draft = client.create_draft(&account, &meta).await.unwrap();
    let id = draft.id.unwrap();
    let document = document(uploaded.content, name);
    let added = client
        .add_draft_document(&account, &id, &document)
        .await
        .unwrap();
    (id, added.id.unwrap())
}

fn document(content: ContentId, name: &str) -> DocumentRequest {
    let kind = "urn:document:fns534-report";
    DocumentRequest::new(content).with_description(DocumentDescription::new(
        kind,
        name,
        "application/xml",
    ))
}

/// Keeps every step that it sees.
#[derive(Clone, Debug, Default)]
struct Steps(std::sync::Arc<std::sync::Mutex<Vec<ReportStep>>>);

impl Observer for Steps {
    fn event(&self, operation: &Operation, _event: &Event) {
        let mut seen = self.0.lock().unwrap();
        let step = report_step(operation).unwrap();
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
            let client = stage.extern_builder().watcher(steps.clone()).build();
            let mut person = stage.person().who_mistypes(1);
            let sending = stage.report(&client, kind);
            let sent = sending.run(&mut person, TEN_MINUTES).await.unwrap();
            let signed = sent.signatures.all().unwrap();
            for (one, name) in signed.iter().zip(["a.xml", "b.xml"]) {
                assert_eq!(one.name(), name);
                assert!(one.checks().all_passed(), "{:?}", one.checks());
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
            let found = client.draft(&stage.account(), &sent.draft).await.unwrap();
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
        .send_report(&stage.account(), meta, documents)
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
        .send_report(
            &stage.account(),
            meta,
            [report_document("check-warning.xml")],
        )
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
        .send_report(&stage.account(), meta, [report_document("check-error.xml")])
        .force(true)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap();
    assert_eq!(sent.check.errors().count(), 1);
    // The tax service takes no errors, and says so in a task that "succeeded".
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let error = client
        .send_report(&stage.account(), meta, [report_document("check-error.xml")])
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
        assert_eq!(error.refusal(), Some(&refusal), "{}", Report(&error));
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
        client.send_report(&stage.account(), meta.clone(), none),
        client.send_report(&stage.account(), unsigned, one()),
        client
            .send_report(&stage.account(), meta.clone(), one())
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
    let sending = client.send_report(&stage.account(), wrong, one());
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
        .send_report(&stage.account(), meta, [report_document("a.xml")])
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
            stage.sandbox.inject(fault);
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
            let draft = client.draft(&account, &sent.draft).await.unwrap();
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
    assert_eq!(report_step(run.operation()), Some(ReportStep::Sign));
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
async fn step_by_step() {
    for skin in SKINS {
        let stage = Stage::set(skin, confirming()).await;
        let (client, account) = (stage.extern_api(), stage.account());
        let (id, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
        let checked = client.check_draft(&account, &id).run(TEN_MINUTES).await;
        assert_eq!(checked.unwrap().findings().count(), 0);
        // Not signed: the service names the document, and so does the error.
        let error = client
            .prepare_draft(&account, &id)
            .run(TEN_MINUTES)
            .await
            .unwrap_err();
        assert_eq!(error.refusal(), Some(&Refusal::NotSigned));
        assert_eq!(error.refusal().unwrap().advice(), Advice::SignFirst);
        assert!(error.to_string().contains(document.as_str()), "{error}");
        assert!(!error.may_have_been_applied());
        let signing = client.sign_draft(&account, &id);
        signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let prepared = client.prepare_draft(&account, &id).run(TEN_MINUTES).await;
        assert_eq!(prepared.unwrap().status, Some(PrepareStatus::Ok));
        let encrypted = client.draft_document_encrypted_content(&account, &id, &document);
        assert!(!encrypted.await.unwrap().is_empty());
        let sent = client.send_draft(&account, &id).run(TEN_MINUTES).await;
        let sent = sent.unwrap();
        let found = client.draft(&account, &id).await.unwrap();
        assert_eq!(found.docflow_id, Some(sent.docflow_id.clone()));
        assert_eq!(sent.docflow.unwrap().id, Some(sent.docflow_id));
        let again = client.send_draft(&account, &id).run(TEN_MINUTES).await;
        assert_eq!(again.unwrap_err().kind(), ErrorKind::Service);
    }
}

#[tokio::test]
async fn missing_signatures_that_the_task_tells_of() {
    let options = ExternOptions::default().refusals_in_tasks(true);
    let stage = Stage::in_process(confirming().extern_options(options)).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let (id, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    for error in [
        client
            .prepare_draft(&account, &id)
            .run(TEN_MINUTES)
            .await
            .unwrap_err(),
        client
            .send_draft(&account, &id)
            .run(TEN_MINUTES)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.refusal(), Some(&Refusal::NotSigned));
        assert!(error.to_string().contains(document.as_str()), "{error}");
    }
}

#[tokio::test]
async fn a_check_tells_errors_by_document_as_its_result() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let (id, document) = draft(&stage, &client, "a.xml", "no xml").await;
    let checked = client.check_draft(&account, &id).run(TEN_MINUTES).await;
    let checked = checked.unwrap();
    let errors: Vec<_> = checked.errors().collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].0, Some(document.as_str()));
    // A preparation is refused for the same reason when it is not forced.
    let signing = client.sign_draft(&account, &id);
    signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let preparing = client.prepare_draft(&account, &id);
    let error = preparing.run(TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::DocumentsRefused));
    let forced = client.prepare_draft(&account, &id).force(true);
    let forced = forced.run(TEN_MINUTES).await.unwrap();
    assert_eq!(forced.status, Some(PrepareStatus::CheckProtocolHasErrors));
    // So is a sending, inside a task that "succeeded".
    let sending = client.send_draft(&account, &id);
    let error = sending.run(TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::DocumentsRefused));
    assert!(error.to_string().contains(document.as_str()), "{error}");
}

#[tokio::test]
async fn a_task_that_somebody_else_started_is_named() {
    let options = ExternOptions::default().task_polls(100);
    let stage = Stage::in_process(confirming().extern_options(options)).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let (id, _) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    let journal = MemoryJournal::new();
    let run = client
        .check_draft(&account, &id)
        .start(&journal)
        .await
        .unwrap();
    let other = stage.extern_api().check_draft(&account, &id);
    let error = other.run(TEN_MINUTES).await.unwrap_err();
    let Some(Refusal::AnotherOperationOpen { operation, sort }) = error.refusal() else {
        panic!("{error:?}")
    };
    let task = run.operation().data()["task"].as_str().unwrap();
    assert_eq!(operation.as_deref(), Some(task));
    assert!(sort.as_deref().unwrap().ends_with("check"));
}

/// What was resumed from a record that was about to be sent.
async fn resumed<K>(stage: &Stage, journal: &MemoryJournal, id: &OperationId) -> K::Output
where
    K: podpis_core::wait::OperationKind<Client = Extern>,
{
    let claim = journal.claim(id).await.unwrap();
    let mut run = stage.extern_api().resume::<K>(claim).unwrap();
    run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap()
}

#[tokio::test]
async fn a_lost_start_is_looked_up_in_the_draft() {
    for after in [false, true] {
        let stage = Stage::in_process(confirming()).await;
        let (client, account) = (stage.extern_api(), stage.account());
        let ready: DraftId = stage.extern_info().drafts.ready_to_send.id.into();
        let journal = MemoryJournal::new();
        for endpoint in ["DraftCheck", "DraftSend"] {
            let fault = Fault::on(endpoint).call(1);
            stage.sandbox.inject(if after {
                fault.drop_after()
            } else {
                fault.drop_before()
            });
            let lost: Error = if endpoint == "DraftCheck" {
                let checking = client.check_draft(&account, &ready);
                checking.start(&journal).await.unwrap_err()
            } else {
                let sending = client.send_draft(&account, &ready);
                sending.start(&journal).await.unwrap_err()
            };
            assert!(lost.may_have_been_applied(), "{lost}");
            let id = lost.operation().unwrap().id().clone();
            if endpoint == "DraftCheck" {
                let checked = resumed::<CheckDraft>(&stage, &journal, &id).await;
                assert_eq!(checked.findings().count(), 0);
            } else {
                // Long enough for the docflow to be in the draft: the answer of the task is not needed.
                stage.time.advance(Duration::from_secs(60));
                let sent = resumed::<SendDraft>(&stage, &journal, &id).await;
                assert_eq!(sent.docflow.is_none(), after);
            }
            let sent = stage.calls(endpoint);
            assert_eq!(sent, if after { 1 } else { 2 }, "{endpoint} {after}");
        }
        assert_eq!(stage.sandbox.counters().docflows_created, 1);
    }
}

#[tokio::test]
async fn drafts_are_made_changed_listed_and_removed() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let before = client.drafts(&account).await.unwrap().len();
    let id = DraftId::new("0b7d1a52-7b1f-4b6e-9d0c-2f5f3c1f0a01");
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    for _ in 0..2 {
        client.put_draft(&account, &id, &meta).await.unwrap();
    }
    let uploaded = client
        .upload(&account, Source::bytes("a.xml", text_of("a.xml")))
        .run()
        .await
        .unwrap();
    let document_id = DocumentId::new("0b7d1a52-7b1f-4b6e-9d0c-2f5f3c1f0a02");
    let request = document(uploaded.content, "a.xml");
    for _ in 0..2 {
        client
            .put_draft_document(&account, &id, &document_id, &request)
            .await
            .unwrap();
    }
    assert_eq!(client.drafts(&account).await.unwrap().len(), before + 1);
    let documents = client.draft_documents(&account, &id).await.unwrap();
    assert_eq!(documents.len(), 1);
    let bytes = client
        .draft_document_content(&account, &id, &document_id)
        .await
        .unwrap();
    assert_eq!(bytes, text_of("a.xml").as_bytes());
    let changed = stage.meta("dss", Recipient::ifns("0088"));
    client
        .put_draft_meta(&account, &id, &changed)
        .await
        .unwrap();
    let read = client.draft_meta(&account, &id).await.unwrap();
    assert_eq!(read.recipient, changed.recipient);
    client
        .delete_draft_document(&account, &id, &document_id)
        .await
        .unwrap();
    let documents = client.draft_documents(&account, &id).await.unwrap();
    assert!(documents.is_empty());
    client.delete_draft(&account, &id).await.unwrap();
    assert_eq!(client.drafts(&account).await.unwrap().len(), before);
}

#[tokio::test]
async fn a_signature_that_was_made_elsewhere_is_given_to_a_document() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    // The sandbox signs one draft; another draft of the same bytes takes that signature.
    let (first, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    let signing = client.sign_draft(&account, &first);
    signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let der = client
        .draft_signature(&account, &first, &document)
        .await
        .unwrap()
        .unwrap();
    let (second, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    client
        .put_draft_signature(&account, &second, &document, der.clone())
        .await
        .unwrap();
    let kept = client.draft_signature(&account, &second, &document).await;
    assert_eq!(kept.unwrap(), Some(der));
    let prepared = client
        .prepare_draft(&account, &second)
        .run(TEN_MINUTES)
        .await;
    assert_eq!(prepared.unwrap().status, Some(PrepareStatus::Ok));
}
