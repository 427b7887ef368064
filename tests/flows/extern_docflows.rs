//! Docflows, their documents, and the replies to them, by plain calls.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use podpis::core::call::Effect;
use podpis::extern_api::model::{CertificateRequest, DocflowId, ReplyOption};
use podpis::extern_api::{DocflowFilter, DocflowOrder, LocalFile, TestStandPhone};
use podpis::{
    Begin, Deadline, DocumentPath, Error, ErrorKind, Extern, ExternLogin, MemoryJournal, secret,
};
use podpis_sandbox::{Fault, PhoneMode, WorldOptions};

use crate::stage::{SKINS, Stage};
use crate::stage_extern::place;

/// Refuses a demand; the one reply that has reasons.
const NEGATIVE: &str = "fns534-demand-acceptance-result-negative";

/// A world whose person confirms in the app at once.
fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

async fn ids(stage: &Stage, filter: &DocflowFilter) -> Result<Vec<DocflowId>, Error> {
    let docflows = stage
        .extern_api()
        .account(&stage.account())
        .docflows(filter);
    docflows
        .map_ok(|docflow| docflow.id.unwrap())
        .try_collect()
        .await
}

fn certificate(stage: &Stage, kind: &str) -> CertificateRequest {
    let known = stage.extern_info();
    let thumbprint = &known.certificate(kind).unwrap().thumbprint;
    CertificateRequest::new(stage.certificate_der(thumbprint))
}

#[tokio::test]
async fn a_list_is_read_page_by_page_as_far_as_somebody_asks() {
    for skin in SKINS {
        let stage = Stage::set(skin, WorldOptions::default()).await;
        let all = ids(&stage, &DocflowFilter::default()).await.unwrap();
        assert!(all.len() > 2, "{all:?}");
        assert_eq!(stage.calls("Docflows"), 1);
        for size in [1, 2, u16::try_from(all.len()).unwrap()] {
            let before = stage.calls("Docflows");
            let paged = DocflowFilter {
                page_size: Some(size),
                ..DocflowFilter::default()
            };
            assert_eq!(ids(&stage, &paged).await.unwrap(), all);
            let pages = stage.calls("Docflows") - before;
            assert_eq!(pages, all.len().div_ceil(usize::from(size)));
        }
        let before = stage.calls("Docflows");
        let paged = DocflowFilter {
            page_size: Some(1),
            ..DocflowFilter::default()
        };
        let mut docflows = stage
            .extern_api()
            .account(&stage.account())
            .docflows(&paged);
        docflows.try_next().await.unwrap().unwrap();
        assert_eq!(stage.calls("Docflows") - before, 1);

        let mut backwards = ids(
            &stage,
            &DocflowFilter {
                order: Some(DocflowOrder::Descending),
                ..DocflowFilter::default()
            },
        )
        .await
        .unwrap();
        backwards.reverse();
        assert_eq!(backwards, all);
    }
}

#[tokio::test]
async fn a_list_holds_what_its_filter_takes() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let all = ids(&stage, &DocflowFilter::default()).await.unwrap();
    let moment = |text: &str| text.parse().ok();
    let filter = |set: &dyn Fn(&mut DocflowFilter)| {
        let mut filter = DocflowFilter::default();
        set(&mut filter);
        filter
    };
    let (new, old) = (
        moment("2100-01-01T00:00:00Z"),
        moment("2000-01-01T00:00:00Z"),
    );
    let text = |text: &str| Some(text.to_owned());
    for (one, other) in [
        (
            filter(&|one| one.incoming = Some(true)),
            filter(&|one| one.incoming = Some(false)),
        ),
        (
            filter(&|one| one.finished = Some(true)),
            filter(&|one| one.finished = Some(false)),
        ),
        (
            filter(&|one| one.created_from = old),
            filter(&|one| one.created_to = old),
        ),
        (
            filter(&|one| one.updated_to = new),
            filter(&|one| one.updated_from = new),
        ),
        (
            filter(&|one| one.inn_kpp = text("6676130154-667601001")),
            filter(&|one| one.inn_kpp = text("0000000000-000000000")),
        ),
        (
            filter(&|one| one.organization = text(stage.account().as_str())),
            filter(&|one| one.organization = text("nobody")),
        ),
    ] {
        let taken = ids(&stage, &one).await.unwrap();
        let left = ids(&stage, &other).await.unwrap();
        assert_eq!(taken.len() + left.len(), all.len(), "{one:?}");
        assert_ne!(taken, left, "{one:?}");
    }
    let reports = DocflowFilter {
        types: vec!["urn:docflow:fns534-report".to_owned()],
        ..DocflowFilter::default()
    };
    let docflows: Vec<_> = stage
        .extern_api()
        .account(&stage.account())
        .docflows(&reports)
        .try_collect()
        .await
        .unwrap();
    assert!(!docflows.is_empty());
    for docflow in docflows {
        assert_eq!(
            docflow.docflow_type.as_deref(),
            Some("urn:docflow:fns534-report")
        );
    }
    let both = DocflowFilter {
        types: ["urn:docflow:fns534-report", "pfr-report"]
            .map(str::to_owned)
            .to_vec(),
        ..reports
    };
    assert!(ids(&stage, &both).await.unwrap().len() > 1);
}

#[tokio::test]
async fn a_page_that_cannot_be_got_is_an_error_and_the_end() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on("Docflows").call(2).status(403));
    let filter = DocflowFilter {
        page_size: Some(1),
        ..DocflowFilter::default()
    };
    let mut docflows = stage
        .extern_api()
        .account(&stage.account())
        .docflows(&filter);
    docflows.try_next().await.unwrap().unwrap();
    let error = docflows.try_next().await.unwrap_err();
    assert_eq!(error.service().unwrap().status.as_u16(), 403);
    assert!(docflows.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_docflow_that_was_just_sent_is_waited_for() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let docflow = DocflowId::new(stage.extern_info().answerable.docflow);
    stage.inject(
        Fault::on("Docflow")
            .call(1)
            .call(2)
            .call(4)
            .call(5)
            .call(6)
            .call(7)
            .call(8)
            .status(404),
    );
    let calls = client.account(&account);
    let found = calls.docflow_when_indexed(&docflow, Deadline::minutes(1));
    assert_eq!(found.await.unwrap().id.as_ref(), Some(&docflow));
    assert_eq!(stage.calls("Docflow"), 3);

    let elapsed = podpis::core::wait::Time::elapsed(&stage.time);
    let calls = client.account(&account);
    let found = calls.docflow_when_indexed(&docflow, Deadline::seconds(3));
    let error = found.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert!(error.to_string().contains("is still not there"), "{error}");
    let waited = podpis::core::wait::Time::elapsed(&stage.time) - elapsed;
    assert_eq!(
        waited,
        Duration::from_secs(3),
        "and asked once more at its end"
    );
    assert_eq!(stage.calls("Docflow"), 8);

    stage.inject(Fault::on("Docflow").call(1).status(403));
    let calls = client.account(&account);
    let found = calls.docflow_when_indexed(&docflow, Deadline::minutes(1));
    let error = found.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service, "no waiting helps here");
}

#[tokio::test]
async fn documents_are_read_and_their_contents_come_and_go() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let encrypted = place(&stage.extern_info().encrypted.dss.place);
    let docflow = encrypted.docflow_id().clone();
    let whole = client.account(&account).docflow(&docflow).await.unwrap();
    let documents = client
        .account(&account)
        .docflow_documents(&docflow)
        .await
        .unwrap();
    assert_eq!(whole.documents, documents);
    let document = client.account(&account).document(&encrypted).await.unwrap();
    assert!(documents.contains(&document));
    let description = client
        .account(&account)
        .document_description(&encrypted)
        .await;
    assert_eq!(description.unwrap(), document.description.clone().unwrap());

    let contents = &document.content.as_ref().unwrap().docflow_document_contents;
    let id = contents[0].content_id.as_ref().unwrap();
    let calls = client.account(&account);
    let in_text = calls.document_encrypted_content(&encrypted);
    assert_eq!(
        in_text.await.unwrap(),
        client.account(&account).content(id).await.unwrap()
    );
    let none = client
        .account(&account)
        .document_decrypted_content(&encrypted)
        .await;
    assert_eq!(none.unwrap_err().service().unwrap().status.as_u16(), 404);

    // Somebody decrypted it elsewhere, and hands the bytes in.
    let source = LocalFile::bytes("plain.xml", "<decrypted/>");
    let plain = client.account(&account).upload(source).run().await.unwrap();
    let stored = client
        .account(&account)
        .put_document_decrypted_content(&encrypted, &plain.content)
        .await
        .unwrap();
    assert_eq!(stored.content_id.as_ref(), Some(&plain.content));
    let bytes = client
        .account(&account)
        .document_decrypted_content(&encrypted)
        .await;
    assert_eq!(bytes.unwrap(), "<decrypted/>");
    let document = client.account(&account).document(&encrypted).await.unwrap();
    assert_eq!(document.decrypted_content_id(), Some(&plain.content));
}

async fn options(stage: &Stage, place: &DocumentPath) -> Vec<ReplyOption> {
    let client = stage.extern_api();
    let document = client
        .account(&stage.account())
        .document(place)
        .await
        .unwrap();
    document.reply_options().collect()
}

#[tokio::test]
async fn a_reply_is_made_with_reasons_where_it_has_some() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let demand = place(&stage.extern_info().replies.fns_demand.place);
    let offered = options(&stage, &demand).await;
    assert!(offered.iter().any(|option| option.reply_type == NEGATIVE));
    let certificate = certificate(&stage, "dss");
    let codes = ["0100300001", "0100300002"];
    for name in [
        NEGATIVE,
        "urn:document:fns534-demand-acceptance-result-negative",
    ] {
        let made = client
            .account(&account)
            .generate_reply(&demand, name, &certificate, &codes)
            .await
            .unwrap();
        let id = made.id.clone().unwrap();
        let read = client.account(&account).reply(&demand, &id).await.unwrap();
        assert_eq!(read, made);
        assert!(!read.is_signed());
    }
    for (name, codes) in [
        (NEGATIVE, &["0100300001", "unknown"][..]),
        ("fns534-demand-acceptance-result-positive", &["0100300001"]),
        ("fns534-report-receipt", &[]),
    ] {
        let error = client
            .account(&account)
            .generate_reply(&demand, name, &certificate, codes)
            .await
            .unwrap_err();
        assert_eq!(error.service().unwrap().status.as_u16(), 400, "{name}");
        assert_eq!(error.effect(), Some(Effect::NotApplied));
    }
}

#[tokio::test]
async fn a_lost_answer_to_making_a_reply_is_made_up_for_by_another() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let receipt = &stage.extern_info().replies.fns_receipt;
    stage.inject(Fault::on("GenerateReply").call(1).drop_after());
    stage
        .extern_api()
        .account(&stage.account())
        .generate_reply(
            &place(&receipt.place),
            &receipt.document_type,
            &certificate(&stage, "dss"),
            &[],
        )
        .await
        .unwrap();
    assert_eq!(stage.calls("GenerateReply"), 2);
    let offered = options(&stage, &place(&receipt.place)).await;
    assert!(!offered.is_empty(), "the unused one is in nobody's way");
}

#[tokio::test]
async fn content_and_signature_of_a_reply_can_be_put_also_in_an_inventory() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let known = stage.extern_info().replies;
    for receipt in [known.fns_receipt, known.inventory_receipt] {
        let document = place(&receipt.place);
        let made = client
            .account(&account)
            .generate_reply(
                &document,
                &receipt.document_type,
                &certificate(&stage, "dss"),
                &[],
            )
            .await
            .unwrap();
        let id = made.id.unwrap();
        let changed = client
            .account(&account)
            .put_reply_content(&document, &id, "<other/>")
            .await
            .unwrap();
        assert_eq!(changed.content.unwrap().decode().unwrap(), b"<other/>");

        // The signature comes from another reply with the same content, signed in the cloud.
        let signing = client.account(&account).sign_reply(&document, &id);
        let signed = signing
            .run(&mut stage.person(), Deadline::minutes(10))
            .await
            .unwrap();
        let signature = signed.all().unwrap()[0].der().to_vec();
        client
            .account(&account)
            .put_reply_content(&document, &id, "<changed/>")
            .await
            .unwrap();
        let calls = client.account(&account);
        let again = calls.put_reply_signature(&document, &id, signature.clone());
        let error = again.await.unwrap_err();
        assert_eq!(error.service().unwrap().status.as_u16(), 400, "other bytes");
        client
            .account(&account)
            .put_reply_content(&document, &id, "<other/>")
            .await
            .unwrap();
        let calls = client.account(&account);
        let put = calls.put_reply_signature(&document, &id, signature.clone());
        put.await.unwrap();
        let reply = client
            .account(&account)
            .reply(&document, &id)
            .await
            .unwrap();
        assert_eq!(reply.signature.unwrap().decode().unwrap(), signature);
    }
}

#[tokio::test]
async fn a_package_is_made_and_filled() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let answerable = stage.extern_info().answerable;
    let mut packages = 0;
    for document in &answerable.documents {
        let document = place(document);
        for option in options(&stage, &document).await {
            if !option.is_package {
                continue;
            }
            packages += 1;
            let made = client
                .account(&account)
                .generate_pfr_reply(&document, &option.reply_type, &certificate(&stage, "dss"))
                .await
                .unwrap();
            let id = made.id.clone().unwrap();
            assert!(!made.documents.is_empty());
            for part in &made.documents {
                let part = part.id.as_ref().unwrap();
                client
                    .account(&account)
                    .put_pfr_reply_content(&document, &id, part, "<plain/>")
                    .await
                    .unwrap();
            }
            let signing = client.account(&account).sign_pfr_reply(&document, &id);
            let signed = signing
                .run(&mut stage.person(), Deadline::minutes(10))
                .await
                .unwrap();
            let signature = signed.all().unwrap()[0].der().to_vec();
            let first = made.documents[0].id.as_ref().unwrap();
            client
                .account(&account)
                .put_pfr_reply_signature(&document, &id, first, signature)
                .await
                .unwrap();
            let read = client
                .account(&account)
                .pfr_reply(&document, &id)
                .await
                .unwrap();
            assert!(read.is_signed());
        }
    }
    assert_eq!(packages, 1);
}

#[tokio::test]
async fn the_test_stand_tells_its_codes_and_production_is_not_asked() {
    for skin in SKINS {
        let stage = Stage::set(skin, WorldOptions::default()).await;
        let phone = TestStandPhone::new();
        let client = stage.extern_builder().observer(phone.clone()).build();
        let signing = client
            .account(&stage.account())
            .sign_draft(&stage.sms_draft());
        let signed = signing
            .run(&mut phone.prompt(&client), Deadline::minutes(5))
            .await
            .unwrap();
        assert!(!signed.all().unwrap().is_empty());
        assert_eq!(stage.calls("ConfirmationCode"), 1);
    }

    // Another process sees the operation only when it is resumed.
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = stage.extern_api();
    let journal = MemoryJournal::new();
    let run = client
        .account(&stage.account())
        .sign_draft(&stage.sms_draft())
        .start(&journal)
        .await
        .unwrap();
    let phone = TestStandPhone::new();
    let mut prompt = phone.prompt(&client);
    let mut run = run;
    let error = run
        .wait(&mut prompt, Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Prompt);
    phone.see(run.operation());
    run.wait(&mut prompt, Deadline::minutes(5)).await.unwrap();

    let login = ExternLogin::bearer(&secret::Token::new("t"));
    let production = Extern::builder(
        podpis::extern_api::PRODUCTION.parse().unwrap(),
        login,
        stage.transport(),
    );
    let before = stage.sandbox.requests().len();
    let error = production
        .build()
        .test_confirmation_code(&"r".into())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(stage.sandbox.requests().len(), before);
}
