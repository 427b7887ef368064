//! Patches, drafts and new messages posted once, whatever happens on the way.

use std::time::Duration;

use podpis::diadoc::document_signature::{
    DocumentSenderSignature, DocumentSignature, Rule, SignatureSource, SignedContent, When,
};
use podpis::diadoc::posting::{OutgoingDocument, Posted};
use podpis::diadoc::prepare::{Preparation, Signer, ToPrepare};
use podpis::diadoc::{Diadoc, EntityId, MessageId, Posting};
use podpis::operation::Kind;
use podpis::{
    Begin, Deadline, ErrorKind, File, Journal, MemoryJournal, NoPrompt, OperationId, Output,
    Podpis, Refusal, Thumbprint,
};
use podpis_sandbox::{Fault, MessageOptions, PostRunning, WorldOptions};

use super::attach::{named, shown, unsigned, willing};
use crate::stage::{SKINS, Stage};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// A signature of the unsigned document, by its owner's phone.
async fn signature_of(stage: &Stage, message: &MessageId, entity: &EntityId) -> Vec<u8> {
    let diadoc = stage.diadoc();
    let in_box = stage.in_box();
    let bytes = diadoc
        .in_box(&in_box)
        .entity_content(message, entity)
        .await
        .unwrap();
    let file = File::entity("act.txt", &in_box, message, entity);
    let signing = diadoc.in_box(&in_box).dss_sign([file.with_content(&bytes)]);
    let signed = signing.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    signed.all().unwrap()[0].der().to_vec()
}

fn ordinary(entity: &EntityId, source: impl Into<SignatureSource>) -> DocumentSignature {
    DocumentSignature::builder(entity, source).build().unwrap()
}

fn approval(entity: &EntityId, source: impl Into<SignatureSource>) -> DocumentSignature {
    let builder = DocumentSignature::builder(entity, source);
    builder.approval().build().unwrap()
}

fn guid(last: u8) -> OperationId {
    format!("0b0f2c52-54d3-4e3e-a3e9-0000000000{last:02x}")
        .parse()
        .unwrap()
}

#[tokio::test]
async fn a_patch_tells_its_signature_and_both_skins_agree() {
    for skin in SKINS {
        let stage = Stage::set(skin, willing()).await;
        let (message, entity) = unsigned(&stage);
        let der = signature_of(&stage, &message, &entity).await;
        let diadoc = stage.diadoc();
        let patching = diadoc.in_box(&stage.in_box()).patch_message(&message);
        let patching = patching.signature(ordinary(&entity, der)).id(guid(1));
        let read = diadoc
            .in_box(&stage.in_box())
            .message(&message)
            .read()
            .await;
        patching.check(&read.unwrap()).unwrap();
        let posted = patching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert_eq!(posted.message, message);
        assert!(posted.patch.is_some() && !posted.was_found);
        let ids: Vec<EntityId> = posted.signatures().map(|one| one.id.clone()).collect();
        let there = shown(&stage, &entity).signatures;
        assert_eq!(ids[0].as_str(), there[0].entity);
        assert_eq!(
            posted.signatures().next().unwrap().parent.clone(),
            Some(entity)
        );
        let posts = stage.sandbox.requests();
        let post = posts.iter().find(|one| one.path == "/V4/PostMessagePatch");
        assert_eq!(post.unwrap().operation.as_deref(), Some(guid(1).as_str()));
    }
}

#[tokio::test]
async fn what_is_lost_twice_is_sent_again_with_the_same_bytes() {
    for running in [PostRunning::Conflict, PostRunning::NoContent] {
        let options = MessageOptions::default()
            .post_takes(Duration::from_secs(20))
            .post_running(running);
        let stage = Stage::in_process(WorldOptions::default().message_options(options)).await;
        for call in [1, 2] {
            let fault = Fault::on("PostMessagePatch").call(call).drop_after();
            stage.inject(fault);
        }
        let (message, entity) = unsigned(&stage);
        let patching = stage
            .diadoc()
            .in_box(&stage.in_box())
            .patch_message(&message);
        let patching = patching.signature(approval(&entity, SignatureSource::Test));
        let posted = patching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert_eq!(posted.signatures().count(), 1);
        assert_eq!(shown(&stage, &entity).signatures.len(), 1);
        let counters = stage.sandbox.counters();
        assert_eq!((counters.patches, counters.operation_ids_reused), (1, 0));
    }
}

#[tokio::test]
async fn another_body_under_a_known_id_never_reaches_the_service() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (message, entity) = unsigned(&stage);
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let patching = |id: &OperationId| {
        diadoc
            .in_box(&in_box)
            .patch_message(&message)
            .id(id.clone())
    };
    let first = || approval(&entity, SignatureSource::Test);
    let journal = MemoryJournal::new();
    let run = patching(&guid(1)).signature(first());
    let mut run = run.start(&journal).await.unwrap();
    run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();

    let other = DocumentSignature::builder(&entity, SignatureSource::Test);
    let other = || other.clone().approval().label("other").build().unwrap();
    let refused = patching(&guid(1)).signature(other()).start(&journal).await;
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with(Rule::Ops1.id()), "{error}");
    assert_eq!(error.operation().unwrap().id(), &guid(1));
    // While it is driven, too; and the same body is not posted as another operation.
    let again = patching(&guid(1)).signature(first()).start(&journal).await;
    assert_eq!(
        again.unwrap_err().kind(),
        ErrorKind::Journal,
        "it is claimed"
    );
    drop(run);
    let again = patching(&guid(1)).signature(first()).start(&journal).await;
    let again = again.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::InvalidInput);
    assert!(again.to_string().contains("resume"), "{again}");
    let not_a_guid = "my-posting".parse().unwrap();
    let refused = patching(&not_a_guid)
        .signature(first())
        .start(&journal)
        .await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(stage.calls("PostMessagePatch"), 1);
    assert_eq!(stage.sandbox.counters().operation_ids_reused, 0);
}

#[tokio::test]
async fn what_is_wrong_by_itself_is_not_posted() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (message, entity) = unsigned(&stage);
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let test = || ordinary(&entity, SignatureSource::Test);
    let journal = MemoryJournal::new();
    let patching = || diadoc.in_box(&in_box).patch_message(&message);
    let nothing = patching().start(&journal).await.unwrap_err();
    let twice = patching().signatures([test(), test()]);
    let twice = twice.start(&journal).await.unwrap_err();
    assert!(twice.to_string().starts_with(Rule::Sig1.id()), "{twice}");
    // A box has two names, and this one's are made of the same digits.
    let address = format!("{}@diadoc.ru", in_box.as_str().replace('-', ""));
    for name in [in_box.clone(), address.parse().unwrap()] {
        let to_itself = diadoc.in_box(&in_box).send_draft(&message).to(&name);
        let to_itself = to_itself.start(&journal).await.unwrap_err();
        assert!(to_itself.to_string().starts_with(Rule::Drf1.id()));
    }
    let empty = diadoc.in_box(&in_box).post_message().start(&journal).await;
    let content = |when, source: SignatureSource| {
        SignedContent::builder(b"act".to_vec(), when, source)
            .build()
            .unwrap()
    };
    let mixed = diadoc
        .in_box(&in_box)
        .post_message()
        .document(OutgoingDocument::file(
            "a.txt",
            content(When::Now, SignatureSource::Test),
        ))
        .document(OutgoingDocument::file(
            "b.txt",
            content(When::Draft, SignatureSource::Absent),
        ));
    let mixed = mixed.start(&journal).await.unwrap_err();
    // Setters that would have no effect.
    let post = async |document: OutgoingDocument| {
        let posting = diadoc
            .in_box(&in_box)
            .post_message()
            .document(document)
            .lock_draft();
        posting.start(&journal).await.unwrap_err()
    };
    let file = |when, source| OutgoingDocument::file("a.txt", content(when, source));
    let locked = post(file(When::Now, SignatureSource::Test)).await;
    assert!(locked.to_string().contains("lock_draft"), "{locked}");
    let draft = || file(When::Draft, SignatureSource::Absent);
    let with_metadata = post(draft().metadata("FileName", "a.txt")).await;
    let with_format = post(draft().format("f", "v")).await;
    for error in [&with_metadata, &with_format] {
        assert!(error.to_string().contains("a.txt"), "{error}");
    }
    for error in [
        nothing,
        twice,
        empty.unwrap_err(),
        mixed,
        locked,
        with_metadata,
        with_format,
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(journal.open().await.unwrap().is_empty());
    assert!(stage.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_conflict_is_a_success_when_the_signature_is_there() {
    let stage = Stage::in_process(willing()).await;
    let (message, entity) = unsigned(&stage);
    let der = signature_of(&stage, &message, &entity).await;
    let diadoc = stage.diadoc();
    let post = |id: u8| {
        let patching = diadoc
            .in_box(&stage.in_box())
            .patch_message(&message)
            .id(guid(id));
        patching.signature(ordinary(&entity, der.clone()))
    };
    let first = post(1).run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    // Another id: to the service it is a duplicate.
    let second = post(2).run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(second.was_found && !first.was_found);
    let ids = |posted: &Posted| {
        posted
            .signatures()
            .map(|one| one.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ids(&second));
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);

    // Somebody else's signature is not ours.
    let patching = diadoc.in_box(&stage.in_box()).patch_message(&message);
    let other = patching.signature(ordinary(&entity, SignatureSource::Test));
    let error = other.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Other));
    assert!(error.to_string().contains("R-SIG-1"), "{error}");
}

#[tokio::test]
async fn a_refusal_of_the_body_is_final_at_once_and_stores_nothing() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (message, entity) = unsigned(&stage);
    stage.inject(Fault::on("PostMessagePatch").status(400));
    let journal = MemoryJournal::new();
    let patching = stage
        .diadoc()
        .in_box(&stage.in_box())
        .patch_message(&message);
    let patching = patching.signature(ordinary(&entity, SignatureSource::Test));
    let error = patching.start(&journal).await.unwrap_err();
    assert!(!error.may_have_been_applied());
    assert!(journal.open().await.unwrap().is_empty());
    assert_eq!(stage.calls("PostMessagePatch"), 1);
}

/// A draft of both of its documents, signed by the test signature, one of them as it was prepared.
async fn sender_signatures(
    diadoc: &Diadoc,
    stage: &Stage,
    draft: &MessageId,
) -> Vec<DocumentSenderSignature> {
    let info = stage.sandbox.world_info().diadoc;
    let certificate: Thumbprint = info.dss_certificate.parse().unwrap();
    let documents: Vec<EntityId> = info
        .messages
        .draft
        .documents
        .iter()
        .map(EntityId::new)
        .collect();
    let to_prepare = documents.iter().map(|document| {
        let to_prepare = ToPrepare::in_draft(draft, document);
        // A universal transfer document takes no plain signer.
        if document == &documents[0] {
            to_prepare
        } else {
            to_prepare.signer(Signer::thumbprint(certificate))
        }
    });
    let preparing = diadoc.in_box(&stage.in_box()).prepare_documents(to_prepare);
    let prepared = preparing.send().await.unwrap();
    let signatures = prepared.documents.iter().map(|one| match one {
        Preparation::Prepared(prepared) => {
            DocumentSenderSignature::of_prepared(prepared, SignatureSource::Test)
        }
        Preparation::NotSupported(document) => {
            DocumentSenderSignature::builder(&document.entity, SignatureSource::Test)
        }
    });
    signatures.map(|builder| builder.build().unwrap()).collect()
}

#[tokio::test]
async fn a_draft_is_sent_once_even_when_its_answer_is_lost() {
    for lost in [0, 2, 5] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        for call in 1..=lost {
            stage.inject(Fault::on("SendDraft").call(call).drop_after());
        }
        let diadoc = stage.diadoc();
        let draft = MessageId::new(stage.sandbox.world_info().diadoc.messages.draft.message);
        let signatures = sender_signatures(&diadoc, &stage, &draft).await;
        let sending = diadoc
            .in_box(&stage.in_box())
            .send_draft(&draft)
            .signatures(signatures);
        let read = diadoc.in_box(&stage.in_box()).message(&draft).read().await;
        sending.check(&read.unwrap()).unwrap();
        let posted = sending.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert_ne!(posted.message, draft);
        let sent = stage.sandbox.documents();
        let of_message = |one: &&podpis_sandbox::DocumentState| {
            one.message == posted.message.as_str() && one.sent && one.signatures.len() == 1
        };
        assert_eq!(sent.iter().filter(of_message).count(), 2, "lost {lost}");
    }
}

#[tokio::test]
async fn a_draft_that_was_sent_with_our_signatures_is_found() {
    let stage = Stage::in_process(willing()).await;
    let diadoc = stage.diadoc();
    let info = stage.sandbox.world_info().diadoc.messages.draft;
    let draft = MessageId::new(info.message);
    let mut signatures = Vec::new();
    for document in info.documents.iter().map(EntityId::new) {
        let der = signature_of(&stage, &draft, &document).await;
        let builder = DocumentSenderSignature::builder(&document, der);
        signatures.push(builder.build().unwrap());
    }
    let send = |id: u8| {
        let sending = diadoc
            .in_box(&stage.in_box())
            .send_draft(&draft)
            .id(guid(id));
        sending.signatures(signatures.clone())
    };
    let first = send(1).run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let second = send(2).run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(second.was_found);
    assert_eq!(first.message, second.message);
    let other = diadoc.in_box(&stage.in_box()).send_draft(&draft);
    let other = other.run(&mut NoPrompt, TEN_MINUTES).await;
    // Whoever only wanted it sent has what was wanted.
    assert!(other.unwrap().was_found);
}

#[tokio::test]
async fn a_new_message_goes_by_the_shelf_and_its_record_has_no_document() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let diadoc = stage.diadoc();
    let other_box = stage.sandbox.world_info().diadoc.other_box.parse().unwrap();
    let content = "planted document 7d1f";
    let content = |when, source: SignatureSource| {
        let builder = SignedContent::builder(content.as_bytes().to_vec(), when, source);
        builder.build().unwrap()
    };
    for (when, source, sent) in [
        (When::Now, SignatureSource::Test, true),
        (When::Draft, SignatureSource::Absent, false),
        (When::Later, SignatureSource::Absent, false),
    ] {
        let file = OutgoingDocument::file("act.txt", content(when, source.clone()));
        let typed = OutgoingDocument::typed("Nonformalized", content(when, source))
            .metadata("FileName", "typed.txt");
        let posting = diadoc
            .in_box(&stage.in_box())
            .post_message()
            .to(&other_box)
            .document(
                file.needs_recipient_signature()
                    .number("1")
                    .comment("as agreed")
                    .custom_id("ours-1"),
            )
            .document(typed);
        let journal = MemoryJournal::new();
        stage.inject(Fault::on("PostMessage").call(1).drop_after());
        let mut run = posting.start(&journal).await.unwrap();
        let posted = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let record = String::from_utf8(run.operation().to_json().unwrap()).unwrap();
        assert!(!record.contains("planted") && !record.contains("cGxhbnRlZ"));
        let documents = stage.sandbox.documents();
        let of_it = |one: &&podpis_sandbox::DocumentState| {
            one.message == posted.message.as_str() && one.sent == sent
        };
        let names: Vec<&str> = documents
            .iter()
            .filter(of_it)
            .map(|one| one.file_name.as_str())
            .collect();
        assert_eq!(names, ["act.txt", "typed.txt"], "{when:?}");
        stage.sandbox.clear_faults();
    }
}

#[tokio::test]
async fn a_posting_is_resumed_by_its_record_alone() {
    let options = MessageOptions::default().post_takes(Duration::from_secs(90));
    let stage = Stage::in_process(WorldOptions::default().message_options(options)).await;
    let (message, entity) = named(&stage.sandbox.world_info().diadoc.unsigned_document);
    stage.inject(Fault::on("PostMessagePatch").call(1).drop_after());
    let journal = MemoryJournal::new();
    let patching = stage
        .diadoc()
        .in_box(&stage.in_box())
        .patch_message(&message);
    let patching = patching.signature(approval(&entity, SignatureSource::Test));
    let run = patching.start(&journal).await.unwrap();
    assert_eq!(run.operation().kind(), &Kind::new("diadoc.posting"));
    let id = run.operation().id().clone();
    drop(run);
    let podpis = Podpis::new().with_diadoc(stage.diadoc());
    let mut run = podpis.resume(journal.claim(&id).await.unwrap()).unwrap();
    let output = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(matches!(output, Output::Posted(_)));
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);
}

#[tokio::test]
async fn after_a_long_time_the_message_is_looked_at_before_anything_is_sent_again() {
    let stage = Stage::in_process(willing()).await;
    let (message, entity) = unsigned(&stage);
    let der = signature_of(&stage, &message, &entity).await;
    let diadoc = stage.diadoc();
    let journal = MemoryJournal::new();
    for call in 1..=3 {
        stage.inject(Fault::on("PostMessagePatch").call(call).drop_after());
    }
    let patching = diadoc.in_box(&stage.in_box()).patch_message(&message);
    let patching = patching.signature(approval(&entity, der));
    let run = patching.start(&journal).await.unwrap();
    let id = run.operation().id().clone();
    drop(run);
    let sent = stage.calls("PostMessagePatch");
    stage.time.advance(Duration::from_secs(24 * 60 * 60));
    let claim = journal.claim(&id).await.unwrap();
    let mut run = diadoc.resume::<Posting>(claim).unwrap();
    let posted = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(posted.was_found);
    assert_eq!(stage.calls("PostMessagePatch"), sent);
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);
}
