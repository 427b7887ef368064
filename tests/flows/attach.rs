//! A document of a message signed, and the signature attached where it belongs.

use std::time::Duration;

use podpis::diadoc::attach::{Attached, SignBy};
use podpis::diadoc::document_signature::{PowerOfAttorney, Rule};
use podpis::diadoc::dss_sign::DssProgress;
use podpis::diadoc::dss_sign::GosKey;
use podpis::diadoc::message::Side;
use podpis::diadoc::prepare::Signer;
use podpis::diadoc::{EntityId, MessageId, SignAndAttach};
use podpis::{
    Begin, Deadline, ErrorKind, Journal, MemoryJournal, NoPrompt, Output, Podpis, Refusal,
    Thumbprint,
};
use podpis_sandbox::{
    DocumentInfo, DocumentState, Fault, MessageOptions, PhoneMode, PostRunning, SignatureFault,
    StampedParent, Verification, WorldOptions,
};

use crate::stage::{Recorder, SKINS, Stage};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// An owner who confirms at once.
pub(crate) fn willing() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

pub(crate) fn named(document: &DocumentInfo) -> (MessageId, EntityId) {
    (
        MessageId::new(document.message.as_str()),
        EntityId::new(document.entity.as_str()),
    )
}

pub(crate) fn unsigned(stage: &Stage) -> (MessageId, EntityId) {
    named(&stage.sandbox.world_info().diadoc.unsigned_document)
}

/// The document as the sandbox has it.
pub(crate) fn shown(stage: &Stage, entity: &EntityId) -> DocumentState {
    let documents = stage.sandbox.documents();
    let mut documents = documents.into_iter();
    documents.find(|one| one.entity == entity.as_str()).unwrap()
}

/// How many ordinary and how many approval signatures of ours verify under it.
pub(crate) fn signed(stage: &Stage, entity: &EntityId) -> (usize, usize) {
    let document = shown(stage, entity);
    let ours: Vec<_> = document.signatures.iter().filter(|one| one.ours).collect();
    assert!(ours.iter().all(|one| one.verifies), "{ours:?}");
    let approvals = ours.iter().filter(|one| one.approval).count();
    (ours.len() - approvals, approvals)
}

fn only(attached: &Attached) -> EntityId {
    let [document] = &attached.documents[..] else {
        panic!("{attached:?}");
    };
    document.signature.clone().unwrap()
}

#[tokio::test]
async fn the_owner_confirms_and_the_signature_is_under_the_document() {
    let mut all = Vec::new();
    for skin in SKINS {
        let stage = Stage::set(skin, willing()).await;
        let recorder = Recorder::default();
        let diadoc = stage.builder().observer(recorder.clone()).build();
        let (message, entity) = unsigned(&stage);
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();

        assert!(attached.is_complete());
        assert_eq!(attached.documents[0].message, message);
        let signature = only(&attached);
        let document = shown(&stage, &entity);
        assert_eq!(document.signatures[0].entity, signature.as_str());
        assert_eq!(signed(&stage, &entity), (1, 0));
        let bound = attached.signatures.as_ref().unwrap().all().unwrap();
        assert!(bound[0].checks().digest().is_passed());
        assert_eq!(bound[0].name(), "act.txt");

        let read = diadoc
            .in_box(&stage.in_box())
            .message(&message)
            .read()
            .await;
        let read = read.unwrap();
        let there = read.signatures_of(&entity);
        assert_eq!(
            (there[0].side(), there[0].is_approval()),
            (Side::Ours, false)
        );
        let counters = stage.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.signatures_made), (1, 1));
        assert_eq!(stage.calls("PostMessagePatch"), 1);
        assert_eq!(
            recorder.names(),
            ["accepted", "next_step", "accepted", "finished"],
            "{skin:?}"
        );
        all.push(recorder.events().len());
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn approvals_are_added_to_what_is_there() {
    let stage = Stage::in_process(willing()).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let attaching = || {
        diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity)
    };
    attaching().run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    for number in 1..=2 {
        let approving = attaching().approval().labels(["agreed", "second-look"]);
        let attached = approving.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let document = shown(&stage, &entity);
        let last = document.signatures.last().unwrap();
        assert_eq!(last.entity, only(&attached).as_str());
        assert!(last.approval && last.labels == ["agreed", "second-look"]);
        assert_eq!(signed(&stage, &entity), (1, number));
    }
}

#[tokio::test]
async fn a_code_by_sms_signs_too_and_a_wrong_one_is_asked_for_again() {
    let stage = Stage::in_process(willing()).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let by = SignBy::Sms { certificate: None };
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let mut person = stage.person().who_mistypes(1);
    let attached = attaching.method(by).run(&mut person, TEN_MINUTES).await;
    assert!(attached.unwrap().is_complete());
    assert_eq!(person.asked, [1, 2]);
    assert_eq!(signed(&stage, &entity), (1, 0));
    assert_eq!(stage.sandbox.counters().sms_sent, 1);
}

#[tokio::test]
async fn the_test_signature_asks_nobody() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let attaching = attaching
        .method(SignBy::TestSignature)
        .power_of_attorney(PowerOfAttorney::by_default());
    let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(attached.signatures.is_none());
    let document = shown(&stage, &entity);
    assert_eq!(document.signatures[0].entity, only(&attached).as_str());
    assert!(document.signatures[0].power_of_attorney.is_some());
    let counters = stage.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.operations_started), (0, 0));
}

#[tokio::test]
async fn an_unsent_document_is_prepared_signed_as_prepared_and_sent() {
    for (stored, prepared) in [(false, 1), (true, 0)] {
        let stage = Stage::in_process(willing()).await;
        let diadoc = stage.diadoc();
        let info = stage.sandbox.world_info().diadoc;
        let (message, entity) = named(&info.messages.unsent);
        let certificate = Some(info.dss_certificate.parse::<Thumbprint>().unwrap());
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let attaching = attaching.method(SignBy::Dss { certificate });
        let attaching = if stored {
            attaching.without_preparing()
        } else {
            attaching
        };
        let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert!(attached.is_complete());
        assert_eq!(stage.calls("PrepareDocumentsToSign"), prepared);
        let document = shown(&stage, &entity);
        assert_eq!((document.patched, document.sent), (!stored, true));
        assert_eq!(signed(&stage, &entity), (1, 0));
    }
}

#[tokio::test]
async fn a_packet_is_signed_with_one_confirmation_and_one_patch() {
    let stage = Stage::in_process(willing()).await;
    let diadoc = stage.diadoc();
    let locked = stage.sandbox.world_info().diadoc.messages.locked;
    let entities: Vec<EntityId> = locked.documents.iter().map(EntityId::new).collect();
    let message = MessageId::new(locked.message);
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entities[1]);
    let attaching = attaching.and(&entities[0]);
    let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let order: Vec<&EntityId> = attached.documents.iter().map(|one| &one.entity).collect();
    assert_eq!(order, [&entities[1], &entities[0]]);
    assert!(attached.is_complete());
    for entity in &entities {
        assert_eq!(signed(&stage, entity), (1, 0));
    }
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    assert_eq!(stage.calls("PostMessagePatch"), 1);
}

#[tokio::test]
async fn every_other_way_to_sign_what_is_prepared() {
    let rows = |info: &podpis_sandbox::DiadocInfo| {
        let snils = info.users[0].snils.as_str();
        [SignBy::GosKey(GosKey::new(snils)), SignBy::TestSignature]
    };
    for row in 0..2 {
        let stage = Stage::in_process(willing()).await;
        let info = stage.sandbox.world_info().diadoc;
        let by = rows(&info)[row].clone();
        let (message, entity) = named(&info.messages.unsent);
        let diadoc = stage.diadoc();
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let attached = attaching.method(by).run(&mut NoPrompt, TEN_MINUTES).await;
        assert!(attached.unwrap().is_complete());
        let document = shown(&stage, &entity);
        assert!(document.patched && document.sent);
        assert_eq!(signed(&stage, &entity), (1, 0));
    }
}

#[tokio::test]
async fn a_broken_rule_is_named_before_anybody_is_asked() {
    let stage = Stage::in_process(willing()).await;
    let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
    let messages = stage.sandbox.world_info().diadoc.messages;
    let attach = |document: &DocumentInfo| {
        let (message, entity) = named(document);
        diadoc.in_box(&in_box).sign_and_attach(&message, &entity)
    };
    let mut nowhere = messages.sent.clone();
    nowhere.entity = messages.unsent.entity.clone();
    let mut draft = messages.sent.clone();
    draft.message.clone_from(&messages.draft.message);
    draft.entity.clone_from(&messages.draft.documents[0]);
    let owner = || Signer::thumbprint(stage.diadoc_certificate("dss"));
    // A draft is sent whole, and its documents take no labels.
    let whole = |labels: &[&str]| {
        let second = EntityId::new(messages.draft.documents[1].as_str());
        attach(&draft).and(&second).labels(labels.iter().copied())
    };
    let rows = [
        (whole(&["mine"]), None),
        (attach(&messages.sent), Some(Rule::Sig1)),
        (attach(&nowhere), Some(Rule::Sig2)),
        (attach(&messages.unsent).approval(), Some(Rule::Apr2)),
        (attach(&messages.unsent).labels(["два"]), Some(Rule::Lbl1)),
        (attach(&draft), None),
        (
            attach(&messages.unsent).and(&named(&messages.unsent).1),
            None,
        ),
        // Nothing is prepared, so nobody is written in.
        (
            attach(&messages.unsent).without_preparing().signer(owner()),
            None,
        ),
        (attach(&messages.sent).approval().signer(owner()), None),
    ];
    for (attaching, rule) in rows {
        let checked = attaching.check().await.unwrap_err();
        let journal = MemoryJournal::new();
        let error = attaching.start(&journal).await.unwrap_err();
        assert_eq!(checked.to_string(), error.to_string());
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        if let Some(rule) = rule {
            assert!(error.to_string().starts_with(rule.id()), "{error}");
        }
        assert!(journal.open().await.unwrap().is_empty());
    }
    let counters = stage.sandbox.counters();
    assert_eq!((counters.pushes_sent, counters.operations_started), (0, 0));
    assert_eq!(stage.calls("PostMessagePatch"), 0);
}

#[tokio::test]
async fn a_draft_is_sent_with_the_signatures_of_all_its_documents() {
    for skin in SKINS {
        for by in [SignBy::default(), SignBy::TestSignature] {
            let stage = Stage::set(skin, willing()).await;
            let draft = stage.sandbox.world_info().diadoc.messages.draft;
            let message = MessageId::new(draft.message.as_str());
            let [first, second] = [0, 1].map(|at: usize| EntityId::new(&*draft.documents[at]));
            let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
            let in_box = diadoc.in_box(&in_box);
            let attaching = || {
                let attaching = in_box.sign_and_attach(&message, &first).and(&second);
                attaching.method(by.clone())
            };
            assert!(attaching().check().await.unwrap().is_empty());
            let attached = attaching().run(&mut NoPrompt, TEN_MINUTES).await.unwrap();

            assert!(attached.is_complete());
            let asked = usize::from(by != SignBy::TestSignature);
            assert_eq!(stage.sandbox.counters().pushes_sent, asked as u64);
            assert_eq!(stage.calls("SendDraft"), 1);
            assert_eq!(stage.calls("PostMessagePatch"), 0);
            let sent_as = in_box.message(&message).read().await.unwrap().sent_as();
            let sent = in_box.message(&sent_as[0]).read().await.unwrap();
            for document in &attached.documents {
                assert_eq!(document.message, sent_as[0]);
                let signature = document.signature.as_ref().unwrap();
                let mut there = sent.signatures().into_iter();
                assert!(there.any(|one| one.id() == *signature), "{document:?}");
            }
            assert_eq!(sent.signatures().len(), 2);
            // It is sent, and is not signed again.
            let error = attaching().check().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        }
    }
}

#[tokio::test]
async fn a_draft_whose_sending_is_lost_is_sent_once_and_its_signatures_are_found() {
    for fault in [
        Fault::on("SendDraft").call(1).drop_before(),
        Fault::on("SendDraft").call(1).drop_after(),
    ] {
        let stage = Stage::in_process(willing()).await;
        let draft = stage.sandbox.world_info().diadoc.messages.draft;
        let message = MessageId::new(draft.message.as_str());
        let [first, second] = [0, 1].map(|at: usize| EntityId::new(&*draft.documents[at]));
        stage.inject(fault);
        let (diadoc, in_box) = (stage.diadoc(), stage.in_box());
        let in_box = diadoc.in_box(&in_box);
        let attaching = in_box.sign_and_attach(&message, &first).and(&second);
        let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        assert!(attached.is_complete());
        assert_eq!(stage.sandbox.counters().pushes_sent, 1);
        let sent_as = in_box.message(&message).read().await.unwrap().sent_as();
        assert_eq!(sent_as.len(), 1, "sent once");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_twice_after_it_was_handled_costs_nothing() {
    for stamped in [StampedParent::Document, StampedParent::OriginalSignature] {
        for running in [PostRunning::Conflict, PostRunning::NoContent] {
            let options = MessageOptions::default()
                .post_takes(Duration::from_secs(5))
                .post_running(running)
                .stamped_parent(stamped);
            let stage = Stage::in_process(willing().message_options(options)).await;
            for call in [1, 2] {
                let fault = Fault::on("PostMessagePatch").call(call).drop_after();
                stage.inject(fault);
            }
            let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
            let attaching = diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity);
            let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
            assert_eq!(shown(&stage, &entity).signatures.len(), 1);
            assert_eq!(
                shown(&stage, &entity).signatures[0].entity,
                only(&attached).as_str()
            );
            assert!(!attached.posted[0].was_found);
            let counters = stage.sandbox.counters();
            assert_eq!((counters.pushes_sent, counters.patches), (1, 1));
            assert_eq!(counters.operation_ids_reused, 0, "always the same body");
            assert!(stage.calls("PostMessagePatch") >= 3);
        }
    }
}

#[tokio::test]
async fn a_service_that_is_away_for_a_minute_is_waited_for() {
    let stage = Stage::in_process(willing()).await;
    for call in 1..=9 {
        let fault = Fault::on("PostMessagePatch").call(call);
        stage.inject(match call % 3 {
            0 => fault.status(503),
            1 => fault.drop_before(),
            _ => fault.refuse_connection(),
        });
    }
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(attached.is_complete());
    assert_eq!(signed(&stage, &entity), (1, 0));
    assert_eq!(stage.sandbox.counters().pushes_sent, 1);
}

#[tokio::test]
async fn a_patch_that_is_refused_ends_it_and_keeps_the_signature() {
    for status in [400, 409] {
        let stage = Stage::in_process(willing()).await;
        let fault = Fault::on("PostMessagePatch").status(status);
        stage.inject(fault.body("text/plain", "More than three."));
        let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
        let journal = MemoryJournal::new();
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let mut run = attaching.start(&journal).await.unwrap();
        let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(error.refusal(), Some(&Refusal::Other), "{error}");
        let text = error.to_string();
        assert!(text.contains(&status.to_string()) && text.contains("More than three."));
        let record = &journal.open().await.unwrap()[0];
        let [(of, der)] = &SignAndAttach::kept_signatures(record)[..] else {
            panic!("the signature is not kept");
        };
        assert_eq!(of, &entity);

        // What is kept can be posted by hand.
        stage.sandbox.clear_faults();
        let signature =
            podpis::diadoc::document_signature::DocumentSignature::builder(of, der.clone())
                .build()
                .unwrap();
        let patching = diadoc.in_box(&stage.in_box()).patch_message(&message);
        let posted = patching
            .signature(signature)
            .run(&mut NoPrompt, TEN_MINUTES)
            .await;
        assert_eq!(posted.unwrap().signatures().count(), 1);
        assert_eq!(signed(&stage, &entity), (1, 0));
        assert_eq!(stage.sandbox.counters().pushes_sent, 1);
    }
}

#[tokio::test]
async fn a_signature_of_something_else_is_never_attached() {
    for spoiled in [SignatureFault::Forge, SignatureFault::OtherSigner] {
        let stage = Stage::in_process(willing()).await;
        let fault = Fault::on("DssSignResult").signatures(spoiled);
        stage.inject(fault);
        let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
        let info = stage.sandbox.world_info().diadoc;
        let certificate = Some(info.dss_certificate.parse().unwrap());
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        let attaching = attaching.method(SignBy::Dss { certificate });
        let outcome = attaching.run(&mut NoPrompt, TEN_MINUTES).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature, "{spoiled:?} {error}");
        assert_eq!(stage.calls("PostMessagePatch"), 0);
        assert!(shown(&stage, &entity).signatures.is_empty());
    }
}

#[tokio::test]
async fn whoever_declines_attaches_nothing() {
    let options = WorldOptions::default().phone(PhoneMode::Decline, Duration::ZERO);
    let stage = Stage::in_process(options).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let error = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::CancelledBySigner));
    assert_eq!(stage.calls("PostMessagePatch"), 0);
}

#[tokio::test]
async fn it_is_resumed_where_it_stands_and_tells_how_the_owner_is_asked() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let journal = MemoryJournal::new();
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let mut run = attaching.start(&journal).await.unwrap();
    stage.time.advance(Duration::from_secs(2));
    run.poll().await.unwrap();
    assert!(DssProgress::of(run.operation()).is_some());
    let id = run.operation().id().clone();
    drop(run);

    let another = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let second = another.id(id.clone()).start(&journal).await.unwrap_err();
    assert_eq!(second.kind(), ErrorKind::InvalidInput);

    let push = stage.sandbox.messages()[0].operation.clone();
    stage.sandbox.confirm(&push).unwrap();
    let podpis = Podpis::new().with_diadoc(stage.diadoc());
    let mut run = podpis.resume(journal.claim(&id).await.unwrap()).unwrap();
    let output = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let Output::Attached(attached) = output else {
        panic!("{output:?}");
    };
    assert!(attached.is_complete());
    run.forget().await.unwrap();
    assert_eq!(signed(&stage, &entity), (1, 0));
}

#[tokio::test]
async fn what_the_service_says_later_is_told_where_it_is_known() {
    // The verification comes after the posting; what was said until then is told, and the rest can be asked for.
    let options = MessageOptions::default().verification(Duration::from_secs(60));
    let stage = Stage::in_process(willing().message_options(options)).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let attached = attaching.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    let id = only(&attached);
    let in_box = stage.in_box();
    let calls = diadoc.in_box(&in_box);
    let info = || calls.signature_info(&message, &id);
    assert!(!attached.documents[0].is_rejected);
    let state = shown(&stage, &entity).signatures[0].verification;
    assert_eq!(state, Verification::Pending);
    assert!(info().await.unwrap().verification.is_none());
    stage.time.advance(Duration::from_secs(61));
    assert!(info().await.unwrap().verification.unwrap().is_valid);
}

#[tokio::test]
async fn one_document_takes_one_ordinary_signature_at_a_time() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, (message, entity)) = (stage.diadoc(), unsigned(&stage));
    let journal = MemoryJournal::new();
    let attaching = || {
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entity);
        attaching.method(SignBy::Sms { certificate: None })
    };
    let first = attaching().start(&journal).await.unwrap();
    let second = attaching().start(&journal).await.unwrap_err();
    assert!(matches!(
        second.refusal(),
        Some(Refusal::AnotherOperationOpen { .. })
    ));
    assert!(attaching().approval().start(&journal).await.is_ok());
    drop(first);
}

/// The names by which a program refers to the kind.
#[test]
fn the_kind_has_its_name() {
    use podpis::core::wait::OperationKind as _;
    assert_eq!(SignAndAttach::KIND.as_str(), "diadoc.sign-and-attach");
    assert_eq!(podpis::diadoc::Posting::KIND.as_str(), "diadoc.posting");
}
