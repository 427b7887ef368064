//! Decrypting in Extern, by phone and by SMS.

use std::time::Duration;

use podpis::extern_api::{ConfirmPath, DecryptDocument};
use podpis::{Begin, Deadline, ErrorKind, Journal, MemoryJournal};
use podpis_sandbox::{
    DecryptionTaskIdName, ExternEncryptedDocumentInfo, ExternOptions, ExternSpelling, Fault,
    PhoneMode, WorldOptions,
};

use crate::stage::{SKINS, Stage};
use crate::stage_extern::place;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

async fn decrypts(
    stage: &Stage,
    document: &ExternEncryptedDocumentInfo,
    path: ConfirmPath,
) -> Vec<u8> {
    let decrypting = stage
        .extern_api()
        .account(&stage.account())
        .decrypt(
            &place(&document.place),
            stage.certificate_der(&document.certificate),
        )
        .confirm_path(path);
    let decrypted = decrypting
        .run(&mut stage.person(), TEN_MINUTES)
        .await
        .unwrap();
    decrypted.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn every_kind_of_document_by_every_path() {
    for skin in SKINS {
        for path in [
            ConfirmPath::ConfirmContentDecryption,
            ConfirmPath::DecryptContentConfirm,
        ] {
            let stage = Stage::set(skin, confirming()).await;
            let seeded = stage.extern_info().encrypted;
            for document in [
                seeded.dss,
                seeded.dss_zip,
                seeded.sms,
                seeded.sms_gzip,
                seeded.inventory_dss,
                seeded.inventory_sms,
            ] {
                let bytes = decrypts(&stage, &document, path).await;
                assert!(
                    bytes.starts_with(b"<?xml"),
                    "{path:?} {document:?}: {:?}",
                    String::from_utf8_lossy(&bytes[..20.min(bytes.len())])
                );
            }
            assert_eq!(
                (
                    stage.sandbox.counters().pushes_sent,
                    stage.sandbox.counters().sms_sent
                ),
                (3, 3)
            );
        }
    }
}

#[tokio::test]
async fn all_three_names_of_the_task_and_the_inline_result() {
    for name in [
        DecryptionTaskIdName::DecryptionTaskId,
        DecryptionTaskIdName::TaskId,
        DecryptionTaskIdName::Pascal,
    ] {
        for inline in [false, true] {
            let options = ExternOptions::default()
                .spelling(ExternSpelling::default().decryption_task_id(name))
                .inline_decryption_result(inline);
            let stage = Stage::in_process(confirming().extern_options(options)).await;
            let document = stage.extern_info().encrypted.dss;
            let bytes = decrypts(&stage, &document, ConfirmPath::default()).await;
            assert!(bytes.starts_with(b"<?xml"), "{name:?} {inline}");
        }
    }
}

#[tokio::test]
async fn what_is_decrypted_already_asks_nobody() {
    let stage = Stage::in_process(confirming()).await;
    let document = stage.extern_info().encrypted.dss;
    let first = decrypts(&stage, &document, ConfirmPath::default()).await;
    let second = decrypts(&stage, &document, ConfirmPath::default()).await;
    assert_eq!(first, second);
    assert_eq!(stage.calls("DecryptContent"), 1);
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    let read = stage
        .extern_api()
        .account(&stage.account())
        .document(&place(&document.place))
        .await
        .unwrap();
    assert!(read.has_decrypted_content());
}

#[tokio::test]
async fn another_program_goes_on_with_a_decryption() {
    let stage = Stage::in_process(confirming()).await;
    let document = stage.extern_info().encrypted.dss;
    let journal = MemoryJournal::new();
    let certificate = stage.certificate_der(&document.certificate);
    let run = stage
        .extern_api()
        .account(&stage.account())
        .decrypt(&place(&document.place), certificate)
        .start(&journal)
        .await
        .unwrap();
    let id = run.operation().id().clone();
    drop(run);
    let mut run = stage
        .extern_api()
        .resume::<DecryptDocument>(journal.claim(&id).await.unwrap())
        .unwrap();
    let decrypted = run.wait(&mut stage.person(), TEN_MINUTES).await.unwrap();
    assert!(decrypted.bytes().await.unwrap().starts_with(b"<?xml"));
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
}

#[tokio::test]
async fn a_lost_answer_to_a_code_is_found_in_the_document() {
    let stage = Stage::in_process(confirming()).await;
    stage.inject(Fault::on("ConfirmContentDecryption").call(1).drop_after());
    let document = stage.extern_info().encrypted.sms;
    let bytes = decrypts(&stage, &document, ConfirmPath::default()).await;
    assert!(bytes.starts_with(b"<?xml"));
    assert_eq!(stage.calls("ConfirmContentDecryption"), 1);
    assert_eq!(stage.sandbox.counters().sms_sent, 1);
}

#[tokio::test]
async fn a_certificate_that_is_none_is_named_before_anything_is_sent() {
    let stage = Stage::in_process(confirming()).await;
    let document = stage.extern_info().encrypted.dss;
    let decrypting = stage
        .extern_api()
        .account(&stage.account())
        .decrypt(&place(&document.place), b"no certificate".to_vec());
    let error = decrypting
        .run(&mut stage.person(), TEN_MINUTES)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(stage.sandbox.requests().is_empty());
}
