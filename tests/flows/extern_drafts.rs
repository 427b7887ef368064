//! Drafts in Extern step by step: made, checked, signed, prepared and sent.

use std::time::Duration;

use podpis::extern_api::model::{
    ContentId, DocumentDescription, DocumentId, DocumentRequest, DraftId, PrepareStatus, Recipient,
};
use podpis::extern_api::{CheckDraft, LocalFile, SendDraft};
use podpis::operation::Advice;
use podpis::{
    Begin, Deadline, Error, ErrorKind, Extern, Journal, MemoryJournal, NoPrompt, OperationId,
    Refusal,
};
use podpis_sandbox::{ExternOptions, Fault, PhoneMode, WorldOptions};

use crate::stage::{SKINS, Stage};

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
    let source = LocalFile::bytes(name, text.to_owned());
    let uploaded = client.account(&account).upload(source).run().await.unwrap();
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let draft = client.account(&account).create_draft(&meta).await.unwrap();
    let id = draft.id.unwrap();
    let document = document(uploaded.content, name);
    let added = client
        .account(&account)
        .add_draft_document(&id, &document)
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

#[tokio::test]
async fn step_by_step() {
    for skin in SKINS {
        let stage = Stage::set(skin, confirming()).await;
        let (client, account) = (stage.extern_api(), stage.account());
        let (id, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
        let checked = client
            .account(&account)
            .check_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        assert_eq!(checked.unwrap().findings().count(), 0);
        // Not signed: the service names the document, and so does the error.
        let error = client
            .account(&account)
            .prepare_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap_err();
        assert_eq!(error.refusal(), Some(&Refusal::NotSigned));
        assert_eq!(error.refusal().unwrap().advice(), Advice::SignFirst);
        assert!(error.to_string().contains(document.as_str()), "{error}");
        assert!(!error.may_have_been_applied());
        let signing = client.account(&account).sign_draft(&id);
        signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let prepared = client
            .account(&account)
            .prepare_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        assert_eq!(prepared.unwrap().status, Some(PrepareStatus::Ok));
        let calls = client.account(&account);
        let encrypted = calls.draft_document_encrypted_content(&id, &document);
        assert!(!encrypted.await.unwrap().is_empty());
        let sent = client
            .account(&account)
            .send_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        let sent = sent.unwrap();
        let found = client.account(&account).draft(&id).await.unwrap();
        assert_eq!(found.docflow_id, Some(sent.docflow_id.clone()));
        assert_eq!(sent.docflow.unwrap().id, Some(sent.docflow_id));
        let again = client
            .account(&account)
            .send_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
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
            .account(&account)
            .prepare_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await
            .unwrap_err(),
        client
            .account(&account)
            .send_draft(&id)
            .run(&mut NoPrompt, TEN_MINUTES)
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
    let checked = client
        .account(&account)
        .check_draft(&id)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await;
    let checked = checked.unwrap();
    let errors: Vec<_> = checked.errors().collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].0, Some(document.as_str()));
    // A preparation is refused for the same reason when it is not forced.
    let signing = client.account(&account).sign_draft(&id);
    signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let preparing = client.account(&account).prepare_draft(&id);
    let error = preparing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::DocumentsRefused));
    let forced = client.account(&account).prepare_draft(&id).force(true);
    let forced = forced.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(forced.status, Some(PrepareStatus::CheckProtocolHasErrors));
    // So is a sending, inside a task that "succeeded".
    let sending = client.account(&account).send_draft(&id);
    let error = sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
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
        .account(&account)
        .check_draft(&id)
        .start(&journal)
        .await
        .unwrap();
    let other = stage.extern_api().account(&account).check_draft(&id);
    let error = other.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    let Some(Refusal::AnotherOperationOpen { operation, sort }) = error.refusal() else {
        panic!("{error:?}")
    };
    let task = run.operation().data().to_value()["task"].clone();
    assert_eq!(operation.as_deref(), task.as_str());
    assert!(sort.as_deref().unwrap().ends_with("check"));
}

#[tokio::test]
async fn the_simple_door_finds_out_what_became_of_a_lost_start() {
    for after in [false, true] {
        let stage = Stage::in_process(confirming()).await;
        let (client, account) = (stage.extern_api(), stage.account());
        let ready: DraftId = stage.extern_info().drafts.ready_to_send.id.into();
        for endpoint in ["DraftCheck", "DraftPrepare", "DraftSend"] {
            let fault = Fault::on(endpoint).call(1);
            stage.inject(if after {
                fault.drop_after()
            } else {
                fault.drop_before()
            });
        }
        let checked = client
            .account(&account)
            .check_draft(&ready)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        assert_eq!(checked.unwrap().findings().count(), 0);
        let prepared = client
            .account(&account)
            .prepare_draft(&ready)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        assert_eq!(prepared.unwrap().status, Some(PrepareStatus::Ok));
        let sent = client
            .account(&account)
            .send_draft(&ready)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        let found = client.account(&account).draft(&ready).await.unwrap();
        assert_eq!(found.docflow_id, Some(sent.unwrap().docflow_id));
        assert_eq!(stage.sandbox.counters().docflows_created, 1);
    }
}

/// What was resumed from a record that was about to be sent.
async fn resumed<K>(stage: &Stage, journal: &MemoryJournal, id: &OperationId) -> K::Output
where
    K: podpis_core::wait::Conversation<Client = Extern>,
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
            stage.inject(if after {
                fault.drop_after()
            } else {
                fault.drop_before()
            });
            let lost: Error = if endpoint == "DraftCheck" {
                let checking = client.account(&account).check_draft(&ready);
                checking.start(&journal).await.unwrap_err()
            } else {
                let sending = client.account(&account).send_draft(&ready);
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
    let before = client.account(&account).drafts().await.unwrap().len();
    let id = DraftId::new("0b7d1a52-7b1f-4b6e-9d0c-2f5f3c1f0a01");
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    for _ in 0..2 {
        client
            .account(&account)
            .put_draft(&id, &meta)
            .await
            .unwrap();
    }
    let uploaded = client
        .account(&account)
        .upload(LocalFile::bytes("a.xml", text_of("a.xml")))
        .run()
        .await
        .unwrap();
    let document_id = DocumentId::new("0b7d1a52-7b1f-4b6e-9d0c-2f5f3c1f0a02");
    let request = document(uploaded.content, "a.xml");
    for _ in 0..2 {
        client
            .account(&account)
            .put_draft_document(&id, &document_id, &request)
            .await
            .unwrap();
    }
    assert_eq!(
        client.account(&account).drafts().await.unwrap().len(),
        before + 1
    );
    let documents = client.account(&account).draft_contents(&id).await.unwrap();
    assert_eq!(documents.len(), 1);
    let bytes = client
        .account(&account)
        .draft_document_content(&id, &document_id)
        .await
        .unwrap();
    assert_eq!(bytes, text_of("a.xml").as_bytes());
    let changed = stage.meta("dss", Recipient::ifns("0088"));
    client
        .account(&account)
        .put_draft_meta(&id, &changed)
        .await
        .unwrap();
    let read = client.account(&account).draft_meta(&id).await.unwrap();
    assert_eq!(read.recipient, changed.recipient);
    client
        .account(&account)
        .delete_draft_document(&id, &document_id)
        .await
        .unwrap();
    let documents = client.account(&account).draft_contents(&id).await.unwrap();
    assert!(documents.is_empty());
    client.account(&account).delete_draft(&id).await.unwrap();
    assert_eq!(
        client.account(&account).drafts().await.unwrap().len(),
        before
    );
}

#[tokio::test]
async fn a_signature_that_was_made_elsewhere_is_given_to_a_document() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    // The sandbox signs one draft; another draft of the same bytes takes that signature.
    let (first, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    let signing = client.account(&account).sign_draft(&first);
    signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let der = client
        .account(&account)
        .draft_document_signature(&first, &document)
        .await
        .unwrap()
        .unwrap();
    let (second, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    client
        .account(&account)
        .put_draft_document_signature(&second, &document, der.clone())
        .await
        .unwrap();
    let kept = client
        .account(&account)
        .draft_document_signature(&second, &document)
        .await;
    assert_eq!(kept.unwrap(), Some(der));
    let prepared = client
        .account(&account)
        .prepare_draft(&second)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await;
    assert_eq!(prepared.unwrap().status, Some(PrepareStatus::Ok));
}

#[tokio::test]
async fn a_document_is_printed() {
    let options = ExternOptions::default().task_polls(2);
    let stage = Stage::in_process(confirming().extern_options(options)).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let (id, document) = draft(&stage, &client, "a.xml", &text_of("a.xml")).await;
    let pdf = client
        .account(&account)
        .print_draft_document(&id, &document, TEN_MINUTES)
        .await
        .unwrap();
    let bytes = client.account(&account).content(&pdf).await.unwrap();
    assert!(bytes.starts_with(b"%PDF"));
    let calls = client.account(&account);
    let nothing = calls.print_draft_document(&id, &document, Deadline::seconds(0));
    assert_eq!(nothing.await.unwrap_err().kind(), ErrorKind::Deadline);
}
