//! A report of which the service signs other bytes than those of the files.

use std::time::Duration;

use podpis::cms::Expectation;
use podpis::extern_api::model::{DocumentRequest, Recipient};
use podpis::extern_api::{LocalFile, ReportStep, SendReport, SentReport};
use podpis::{Begin, Deadline, ErrorChain, Journal, MemoryJournal, Next, NoPrompt, Refusal};
use podpis_sandbox::{DataToSign, ExternOptions, Fault, PhoneMode, WorldOptions};

use crate::stage::{SKINS, Stage};

const TEN_MINUTES: Deadline = Deadline::minutes(10);
const NAMES: [&str; 2] = ["a.xml", "b.xml"];

fn signing(data: DataToSign) -> WorldOptions {
    WorldOptions::default()
        .phone(PhoneMode::Confirm, Duration::ZERO)
        .extern_options(ExternOptions::default().data_to_sign(data))
}

fn text_of(name: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл ИдФайл=\"{name}\"/>")
}

async fn send(stage: &Stage, kind: &str) -> Result<SentReport, podpis::Error> {
    let sending = stage.report(&stage.extern_api(), kind);
    sending.run(&mut stage.person(), TEN_MINUTES).await
}

/// Every signature is for the data to sign, for nothing else, and the caller can have it.
async fn assert_signed_the_data(sent: &SentReport) {
    let signed = sent.signatures.all().unwrap();
    assert_eq!((signed.len(), sent.data_to_sign.len()), (2, 2));
    for (at, data) in sent.data_to_sign.iter().enumerate() {
        let (signed, file) = (&signed[data.index()], text_of(NAMES[at]));
        assert_eq!((data.index(), signed.name()), (at, NAMES[at]));
        assert!(signed.checks().is_proven(), "{:?}", signed.checks());
        let bytes = data.bytes().await.unwrap();
        assert!(bytes.starts_with(file.as_bytes()) && bytes.len() > file.len());
        assert_eq!(data.size(), Some(bytes.len() as u64));
        signed.with_file(&bytes, &Expectation::new()).unwrap();
        let file = signed.with_file(file.as_bytes(), &Expectation::new());
        assert!(file.is_err(), "{}", NAMES[at]);
    }
}

#[tokio::test]
async fn a_report_is_bound_to_the_data_to_sign_and_says_so() {
    for skin in SKINS {
        for kind in ["dss", "sms"] {
            let stage = Stage::set(skin, signing(DataToSign::Derived)).await;
            let sent = send(&stage, kind).await;
            let sent = sent.unwrap_or_else(|error| panic!("{}", ErrorChain(&error)));
            assert_signed_the_data(&sent).await;
            assert_eq!(stage.sandbox.counters().docflows_created, 1);
        }
    }
}

#[tokio::test]
async fn where_the_files_are_signed_nothing_is_said_of_other_data() {
    let stage = Stage::in_process(signing(DataToSign::Content)).await;
    let sent = send(&stage, "dss").await.unwrap();
    assert!(sent.data_to_sign.is_empty());
    assert_eq!(stage.calls("DraftDocument"), 2);
}

#[tokio::test]
async fn under_signatures_of_the_files_in_the_place_of_the_data_nothing_is_sent() {
    let stage = Stage::in_process(signing(DataToSign::DerivedInNameOnly)).await;
    let error = send(&stage, "dss").await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Other));
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    assert_eq!(stage.calls("DraftPrepare") + stage.calls("DraftSend"), 0);
}

#[tokio::test]
async fn the_service_takes_no_signature_of_a_file_in_the_place_of_its_data_to_sign() {
    let plain = Stage::in_process(signing(DataToSign::Content)).await;
    let sent = send(&plain, "dss").await.unwrap();
    let of_the_file = sent.signatures.all().unwrap()[0].der().to_vec();
    let stage = Stage::in_process(signing(DataToSign::Derived)).await;
    let sent = send(&stage, "dss").await.unwrap();
    let of_the_data = sent.signatures.all().unwrap()[0].der().to_vec();

    let (client, account) = (stage.extern_api(), stage.account());
    let meta = stage.meta("dss", Recipient::ifns("0087"));
    let draft = client.account(&account).create_draft(&meta).await.unwrap();
    let source = LocalFile::bytes(NAMES[0], text_of(NAMES[0]));
    let content = client
        .account(&account)
        .upload(source)
        .run()
        .await
        .unwrap()
        .content;
    let (draft, document) = (draft.id.unwrap(), DocumentRequest::new(content.clone()));
    let added = client
        .account(&account)
        .add_draft_document(&draft, &document)
        .await;
    let added = added.unwrap();
    assert_ne!(added.data_to_sign_content_id.unwrap(), content);
    let id = added.id.unwrap();
    for (signature, taken) in [(of_the_file, false), (of_the_data, true)] {
        let calls = client.account(&account);
        let put = calls.put_draft_document_signature(&draft, &id, signature);
        assert_eq!(put.await.is_ok(), taken);
    }
}

#[tokio::test]
async fn what_the_service_does_not_show_is_taken_to_be_the_file() {
    // What is signed is the file, whatever the service would have named.
    for endpoint in ["DraftDocument", "Content"] {
        for status in [403, 404] {
            let stage = Stage::in_process(signing(DataToSign::DerivedInNameOnly)).await;
            stage.inject(Fault::on(endpoint).status(status));
            let sent = send(&stage, "dss").await;
            let sent = sent.unwrap_or_else(|error| panic!("{endpoint}: {}", ErrorChain(&error)));
            assert!(stage.calls(endpoint) > 0 && sent.data_to_sign.is_empty());
            let signed = sent.signatures.all().unwrap();
            assert!(signed.iter().all(|one| one.checks().is_proven()));
        }
    }
}

#[tokio::test]
async fn a_service_that_fails_for_a_while_is_asked_again_and_nothing_is_done_twice() {
    for endpoint in ["DraftDocument", "Content"] {
        let stage = Stage::in_process(signing(DataToSign::Derived)).await;
        let fault = Fault::on(endpoint).status(503);
        let fault = fault.call(1).call(2).call(3).call(4);
        stage.inject(fault);
        let sent = send(&stage, "dss").await;
        let sent = sent.unwrap_or_else(|error| panic!("{endpoint}: {}", ErrorChain(&error)));
        assert_signed_the_data(&sent).await;
        let counters = stage.sandbox.counters();
        assert_eq!((counters.drafts_created, counters.docflows_created), (1, 1));
        assert_eq!((stage.calls("DraftCheck"), counters.pushes_sent), (1, 1));
    }
}

#[tokio::test]
async fn another_process_knows_what_was_to_be_signed() {
    let options = signing(DataToSign::Derived).phone(PhoneMode::Manual, Duration::ZERO);
    let stage = Stage::in_process(options).await;
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let mut run = stage.report(&client, "dss").start(&journal).await.unwrap();
    while stage.sandbox.counters().pushes_sent == 0 {
        let Next::PollAfter(pause) = run.next() else {
            panic!("nobody confirmed: {:?}", run.next())
        };
        stage.time.advance(pause);
        run.poll().await.unwrap();
    }
    assert_eq!(ReportStep::of(run.operation()), Some(ReportStep::Sign));
    let id = run.operation().id().clone();
    drop(run);
    let stored = journal.open().await.unwrap();
    let stored = String::from_utf8(stored[0].to_json().unwrap()).unwrap();
    assert!(!stored.contains("data to sign"), "bytes are never stored");
    let message = stage.sandbox.messages().pop().unwrap();
    stage.sandbox.confirm(&message.operation).unwrap();
    let reads = stage.calls("DraftDocument");
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.extern_api().resume::<SendReport>(claim).unwrap();
    let sent = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_signed_the_data(&sent).await;
    assert_eq!(stage.calls("DraftDocument"), reads);
}
