//! Documents into which the sandbox writes the signer, signed as they came and posted with their names.

use std::time::Duration;

use podpis::diadoc::document_signature::{
    DocumentSenderSignature, DocumentSignature, Rule, SignedContent, When,
};
use podpis::diadoc::prepare::{DocumentRef, Preparation, PreparedDocuments, ToPrepare};
use podpis::diadoc::{EntityId, MessageId};
use podpis::{Begin, Deadline, Diadoc, ErrorKind, File, NoPrompt, Signatures};
use podpis_sandbox::{DocumentState, WorldOptions};

use super::dss_sign::willing;
use super::rules::breaks;
use crate::stage::Stage;

const FIVE_MINUTES: Deadline = Deadline::minutes(5);

async fn stage() -> Stage {
    Stage::in_process(willing(1)).await
}

fn unsent(stage: &Stage) -> DocumentRef {
    let seeded = stage.sandbox.world_info().diadoc.messages.unsent;
    DocumentRef::new(
        &MessageId::new(seeded.message),
        &EntityId::new(seeded.entity),
    )
}

async fn prepare(stage: &Stage, item: ToPrepare) -> PreparedDocuments {
    let preparing = stage
        .diadoc()
        .in_box(&stage.in_box())
        .prepare_documents([item]);
    preparing.send().await.unwrap()
}

async fn sign(stage: &Stage, diadoc: &Diadoc, files: Vec<File>) -> Signatures {
    let signing = diadoc.in_box(&stage.in_box()).dss_sign(files);
    signing.run(&mut NoPrompt, FIVE_MINUTES).await.unwrap()
}

fn state(stage: &Stage, document: &EntityId) -> DocumentState {
    let mut documents = stage.sandbox.documents().into_iter();
    documents
        .find(|one| one.entity == document.as_str())
        .unwrap()
}

#[tokio::test]
async fn a_prepared_document_is_signed_by_its_name_and_posted_with_it() {
    let stage = stage().await;
    let (diadoc, in_box, document) = (stage.diadoc(), stage.in_box(), unsent(&stage));
    let item = ToPrepare::unsent(&document.message, &document.entity);
    let prepared = prepare(&stage, item).await;
    let prepared = prepared.prepared().next().unwrap();
    let calls = diadoc.in_box(&in_box);
    let stored = calls.entity_content(&document.message, &document.entity);
    let stored = stored.await.unwrap();
    assert_ne!(
        prepared.content.as_ref(),
        Some(&stored),
        "the signer was written in"
    );

    let signatures = sign(&stage, &diadoc, vec![prepared.file("act.xml")]).await;
    let signed = signatures.all().unwrap()[0];
    assert!(
        signed.checks().digest().is_passed(),
        "{:?}",
        signed.checks()
    );
    // Of the prepared bytes: with the stored ones, or as another document's, it is refused here.
    let plain = DocumentSignature::builder(&document.entity, signed).content(stored);
    breaks(Rule::Cms6, plain.build());
    let draft = DocumentSenderSignature::of_prepared(prepared, signed);
    breaks(Rule::Sig7, draft.build());

    let signature = DocumentSignature::of_prepared(prepared, signed)
        .build()
        .unwrap();
    let message = diadoc.in_box(&in_box).message(&document.message);
    signature.check(&message.read().await.unwrap()).unwrap();
    let patch = diadoc.in_box(&in_box).patch_message(&document.message);
    patch
        .signature(signature)
        .run(&mut NoPrompt, FIVE_MINUTES)
        .await
        .unwrap();
    stage.time.advance(Duration::from_secs(5));

    let state = state(&stage, &document.entity);
    assert!(state.sent && state.patched, "{state:?}");
    assert!(
        state.signatures.len() == 1 && state.signatures[0].verifies,
        "{state:?}"
    );
}

#[tokio::test]
async fn documents_of_a_draft_are_matched_by_id_and_one_is_not_prepared() {
    let stage = stage().await;
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let seeded = stage.sandbox.world_info().diadoc.messages.draft;
    let draft = MessageId::new(seeded.message);
    let documents: Vec<EntityId> = seeded.documents.iter().map(EntityId::new).collect();
    let unsent = unsent(&stage);
    // The sandbox answers in another order than it was asked in.
    let items = [
        ToPrepare::in_draft(&draft, &documents[1]),
        ToPrepare::in_draft(&draft, &documents[0]),
        ToPrepare::unsent(&unsent.message, &unsent.entity),
    ];
    let prepared = diadoc
        .in_box(&in_box)
        .prepare_documents(items)
        .send()
        .await
        .unwrap();
    let [first, second, third] = &prepared.documents[..] else {
        panic!("{prepared:?}");
    };
    assert!(
        matches!(first, Preparation::NotSupported(document) if document.entity == documents[1])
    );
    let (Preparation::Prepared(second), Preparation::Prepared(third)) = (second, third) else {
        panic!("{prepared:?}");
    };
    assert_eq!(second.patched.document.entity, documents[0]);
    assert_eq!(third.patched.document, unsent);

    let plain = File::entity("appendix.txt", &in_box, &draft, &documents[1]);
    let files = vec![second.file("УПД-6.xml"), plain];
    let signatures = sign(&stage, &diadoc, files).await;
    let [prepared, plain] = signatures.all().unwrap()[..] else {
        panic!("{signatures:?}");
    };
    let signatures = [
        DocumentSenderSignature::of_prepared(second, prepared)
            .build()
            .unwrap(),
        DocumentSenderSignature::builder(&documents[1], plain)
            .build()
            .unwrap(),
    ];
    let sending = diadoc
        .in_box(&in_box)
        .send_draft(&draft)
        .signatures(signatures);
    let shown = diadoc.in_box(&in_box).message(&draft).read().await.unwrap();
    sending.check(&shown).unwrap();
    let posted = sending.run(&mut NoPrompt, FIVE_MINUTES).await.unwrap();
    let sent = diadoc
        .in_box(&in_box)
        .message(&posted.message)
        .read()
        .await
        .unwrap();
    assert_eq!(sent.signatures().len(), 2);
}

#[tokio::test]
async fn bytes_that_were_not_asked_for_leave_the_check_undone() {
    let stage = stage().await;
    let (diadoc, document) = (stage.diadoc(), unsent(&stage));
    let item = ToPrepare::unsent(&document.message, &document.entity);
    let preparing = diadoc.in_box(&stage.in_box()).prepare_documents([item]);
    let prepared = preparing.without_contents().send().await.unwrap();
    let prepared = prepared.prepared().next().unwrap();
    assert!(prepared.content.is_none());
    let signatures = sign(&stage, &diadoc, vec![prepared.file("act.xml")]).await;
    let signed = signatures.all().unwrap()[0];
    assert!(!signed.checks().digest().is_passed());
    DocumentSignature::of_prepared(prepared, signed)
        .build()
        .unwrap();
}

#[tokio::test]
async fn a_content_that_is_not_in_diadoc_yet_comes_back_with_its_signer() {
    let stage = stage().await;
    let diadoc = stage.diadoc();
    let xml = "<?xml version=\"1.0\"?><Файл><Документ/></Файл>"
        .as_bytes()
        .to_vec();
    let kind = ("UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01");
    let item = ToPrepare::content(kind.0, kind.1, kind.2, xml.clone());
    let prepared = prepare(&stage, item).await;
    assert!(prepared.documents.is_empty());
    let content = prepared.content.unwrap();
    assert_ne!(content.bytes, &xml);
    let signatures = sign(&stage, &diadoc, vec![content.file("act.xml")]).await;
    let signed = signatures.all().unwrap()[0];
    let now = |bytes: Vec<u8>| SignedContent::builder(bytes, When::Now, signed).build();
    now(content.bytes.to_vec()).unwrap();
    breaks(Rule::Cms6, now(xml));

    let item = ToPrepare::content("Nonformalized", "default", "v1", b"text".to_vec());
    assert!(prepare(&stage, item).await.content.is_none());
}

#[tokio::test]
async fn what_the_box_does_not_have_is_an_error() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let item = ToPrepare::unsent(&MessageId::new("m"), &EntityId::new("e"));
    let preparing = stage
        .diadoc()
        .in_box(&stage.in_box())
        .prepare_documents([item]);
    let error = preparing.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.service().unwrap().status, 404);
}
