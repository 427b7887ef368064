//! Sends every request of Extern: whole conversations, by phone and by SMS, in both places.
//!
//! **Invariant:** each test shows everything that was sent, in its order.

use podpis::core::wait::{Begin, Conversation};
use podpis::extern_api::{ConfirmPath, SignDraft};
use podpis::secret::ConfirmationCode;
use podpis::{DocumentPath, Error, Journal, MemoryJournal, Next, ReqwestTransport, Run};

use super::extern_requests::{
    ACCOUNTS, AFTER_A_LOST_START, BY_PHONE, BY_SMS, CERTIFICATES, CONTENT, MORE_ACCOUNTS,
    MORE_CERTIFICATES, REST_OF_CONTENT, of_a_docflow as docflow, of_an_inventory as inventory,
};
use super::extern_server::{
    CERTIFICATE, DECRYPTED, Exact, ExternWire, SIGNED_PFR_REPLY, SIGNED_REPLY, SMS,
    UNSIGNED_PFR_REPLY, account, draft, in_docflow, in_inventory, json, mute, part, refuses, reply,
};

async fn wire() -> ExternWire {
    ExternWire::new(&ReqwestTransport::new().unwrap()).await
}

async fn wire_of_an_unsigned_draft() -> ExternWire {
    let wire = wire().await;
    let answers = [refuses(404), json(r#""MAA=""#)];
    wire.script("DraftDocumentSignature", &answers);
    wire
}

/// Goes on until nothing is left to do.
async fn to_the_end<K: Conversation>(started: Result<Run<'_, K>, Error>) {
    let mut run = started.unwrap();
    for _ in 0..10 {
        match run.next() {
            // The space in it shows how it is encoded; those around it are not part of a code.
            Next::GiveCode { .. } => run
                .confirm(ConfirmationCode::new(" 739 155\n"))
                .await
                .unwrap(),
            Next::PollAfter(_) => run.poll().await.unwrap(),
            Next::Reconcile => run.reconcile().await.unwrap(),
            Next::Finished => break,
        }
    }
    assert_eq!(run.operation().state().name(), "done");
}

/// Both places, and what is sent to each.
fn places(
    in_docflow_is_sent: &'static [Exact],
    in_inventory_is_sent: &'static [Exact],
) -> [(DocumentPath, &'static [Exact]); 2] {
    [
        (in_docflow(), in_docflow_is_sent),
        (in_inventory(), in_inventory_is_sent),
    ]
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let wire = wire().await;
    wire.script(
        "Accounts",
        &[
            json(r#"{"total-count":2,"accounts":[{"id":"a"}]}"#),
            json(r#"{"total-count":2,"accounts":[{"id":"b"}]}"#),
        ],
    );
    wire.script(
        "Certificates",
        &[
            json(r#"{"total-count":"2","certificates":[{"inn":"1"}]}"#),
            json(r#"{"total-count":"2","certificates":[]}"#),
        ],
    );
    assert_eq!(wire.client.accounts().await.unwrap().len(), 2);
    let certificates = wire
        .client
        .account(&account())
        .certificates()
        .await
        .unwrap();
    assert_eq!(certificates.len(), 1, "an empty page ends the list too");
    wire.got(&[ACCOUNTS, MORE_ACCOUNTS, CERTIFICATES, MORE_CERTIFICATES])
        .await;
}

#[tokio::test]
async fn a_content_is_read_part_by_part() {
    let wire = wire().await;
    wire.script(
        "Content",
        &[
            part(&[("Content-Range", "bytes 0-3/7")], b"some"),
            part(&[("Content-Range", "bytes 4-6/7")], b"how"),
        ],
    );
    let content = wire.client.account(&account()).content(&"c:9".into()).await;
    assert_eq!(content.unwrap(), "somehow");
    wire.got(&[CONTENT, REST_OF_CONTENT]).await;
}

#[tokio::test]
async fn a_draft_by_phone() {
    let (wire, journal) = (wire_of_an_unsigned_draft().await, MemoryJournal::new());
    to_the_end(
        wire.client
            .account(&account())
            .sign_draft(&draft())
            .start(&journal)
            .await,
    )
    .await;
    wire.got(BY_PHONE).await;
}

#[tokio::test]
async fn a_draft_by_sms() {
    let (wire, journal) = (wire_of_an_unsigned_draft().await, MemoryJournal::new());
    wire.script("DraftCloudSign", &[SMS]);
    to_the_end(
        wire.client
            .account(&account())
            .sign_draft(&draft())
            .start(&journal)
            .await,
    )
    .await;
    wire.got(BY_SMS).await;
}

#[tokio::test]
async fn a_draft_whose_start_was_lost_is_found_by_its_task() {
    let (wire, journal) = (wire_of_an_unsigned_draft().await, MemoryJournal::new());
    wire.script("DraftCloudSign", &[mute(502, b"")]);
    let signing = wire.client.account(&account()).sign_draft(&draft());
    signing.start(&journal).await.unwrap_err();
    wire.script(
        "DraftTasks",
        &[json(
            r#"{"api-task-page-items":[
                {"id":"x","task-state":"running","task-type":"urn:task-type:check"},
                {"id":"t/7","task-state":"running","task-type":"urn:task-type:initDraftSignOperation"}]}"#,
        )],
    );
    let id = journal.open().await.unwrap()[0].id().clone();
    let claim = journal.claim(&id).await.unwrap();
    to_the_end(wire.client.resume::<SignDraft>(claim)).await;
    wire.got(AFTER_A_LOST_START).await;
}

#[tokio::test]
async fn a_document_its_signatures_and_its_replies() {
    for (place, sent) in places(docflow::READS, inventory::READS) {
        let wire = wire().await;
        let (client, account, signature) = (&wire.client, account(), "s@1".into());
        client.account(&account).document(&place).await.unwrap();
        client
            .account(&account)
            .document_signatures(&place)
            .await
            .unwrap();
        let calls = client.account(&account);
        let one = calls.document_signature(&place, &signature);
        one.await.unwrap();
        let calls = client.account(&account);
        let bytes = calls.document_signature_content(&place, &signature);
        assert_eq!(bytes.await.unwrap().unwrap(), b"\x30\x00");
        client
            .account(&account)
            .reply(&place, &reply())
            .await
            .unwrap();
        client
            .account(&account)
            .pfr_reply(&place, &reply())
            .await
            .unwrap();
        wire.got(sent).await;
    }
}

#[tokio::test]
async fn a_reply_by_phone() {
    for (task, sent) in [
        (
            None,
            places(docflow::REPLY_BY_PHONE, inventory::REPLY_BY_PHONE),
        ),
        (
            Some(refuses(404)),
            places(docflow::REPLY_ELSEWHERE, inventory::REPLY_ELSEWHERE),
        ),
    ] {
        for (place, sent) in sent {
            let (wire, journal) = (wire().await, MemoryJournal::new());
            wire.script("ReplyTask", task.as_slice());
            wire.script("Reply", &[json(r#"{"filename":"a.xml"}"#), SIGNED_REPLY]);
            let signing = wire.client.account(&account()).sign_reply(&place, &reply());
            to_the_end(signing.start(&journal).await).await;
            wire.got(sent).await;
        }
    }
}

#[tokio::test]
async fn a_reply_by_sms_with_forced_confirmation() {
    for (place, sent) in places(docflow::REPLY_BY_SMS, inventory::REPLY_BY_SMS) {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("ReplyCloudSign", &[SMS]);
        wire.script("Reply", &[json(r#"{"filename":"a.xml"}"#), SIGNED_REPLY]);
        let signing = wire.client.account(&account()).sign_reply(&place, &reply());
        to_the_end(signing.force_confirmation(true).start(&journal).await).await;
        wire.got(sent).await;
    }
}

#[tokio::test]
async fn a_pfr_reply_by_phone() {
    for (task, sent) in [
        (
            None,
            places(docflow::PFR_REPLY_BY_PHONE, inventory::PFR_REPLY_BY_PHONE),
        ),
        (
            Some(refuses(404)),
            places(docflow::PFR_REPLY_ELSEWHERE, inventory::PFR_REPLY_ELSEWHERE),
        ),
    ] {
        for (place, sent) in sent {
            let (wire, journal) = (wire().await, MemoryJournal::new());
            wire.script("PfrReplyTask", task.as_slice());
            wire.script("PfrReply", &[UNSIGNED_PFR_REPLY, SIGNED_PFR_REPLY]);
            let signing = wire
                .client
                .account(&account())
                .sign_pfr_reply(&place, &reply());
            to_the_end(signing.start(&journal).await).await;
            wire.got(sent).await;
        }
    }
}

#[tokio::test]
async fn a_pfr_reply_by_sms() {
    for (place, sent) in places(docflow::PFR_REPLY_BY_SMS, inventory::PFR_REPLY_BY_SMS) {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("PfrReplyCloudSign", &[SMS]);
        wire.script("PfrReply", &[UNSIGNED_PFR_REPLY, SIGNED_PFR_REPLY]);
        let signing = wire
            .client
            .account(&account())
            .sign_pfr_reply(&place, &reply());
        to_the_end(signing.start(&journal).await).await;
        wire.got(sent).await;
    }
}

#[tokio::test]
async fn a_decryption_by_phone() {
    for (place, sent) in places(docflow::DECRYPTED_BY_PHONE, inventory::DECRYPTED_BY_PHONE) {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        let decrypting = wire.client.account(&account()).decrypt(&place, CERTIFICATE);
        to_the_end(decrypting.start(&journal).await).await;
        wire.got(sent).await;
    }
}

#[tokio::test]
async fn a_decryption_by_sms_by_both_calls() {
    for (path, unzip, sent) in [
        (
            ConfirmPath::ConfirmContentDecryption,
            true,
            places(docflow::DECRYPTED_BY_SMS, inventory::DECRYPTED_BY_SMS),
        ),
        (
            ConfirmPath::DecryptContentConfirm,
            false,
            places(
                docflow::DECRYPTED_AS_IN_2018,
                inventory::DECRYPTED_AS_IN_2018,
            ),
        ),
    ] {
        for (place, sent) in sent {
            let (wire, journal) = (wire().await, MemoryJournal::new());
            wire.script("DecryptContent", &[SMS]);
            let decrypting = wire.client.account(&account()).decrypt(&place, CERTIFICATE);
            let decrypting = decrypting.unzip(unzip).confirm_path(path);
            to_the_end(decrypting.start(&journal).await).await;
            wire.got(sent).await;
        }
    }
}

#[tokio::test]
async fn what_is_decrypted_already_is_not_decrypted_again() {
    for (place, sent) in places(docflow::DECRYPTED_ALREADY, inventory::DECRYPTED_ALREADY) {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("Document", &[DECRYPTED]);
        let decrypting = wire.client.account(&account()).decrypt(&place, CERTIFICATE);
        to_the_end(decrypting.start(&journal).await).await;
        wire.got(sent).await;
    }
}
