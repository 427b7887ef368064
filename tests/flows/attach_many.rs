//! Documents of many messages, signed with one confirmation.

use podpis::diadoc::attach::{Attaching, SignBy};
use podpis::diadoc::document_signature::{PowerOfAttorney, Rule};
use podpis::diadoc::{EntityId, MessageId, SignAndAttach};
use podpis::{Begin, Deadline, MemoryJournal, NoPrompt, Refusal};
use podpis_sandbox::Fault;
use serde_json::{Value, json};

use super::attach::{named, shown, signed, willing};
use crate::stage::Stage;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// Documents of different messages that need nothing but a signature.
fn plain(stage: &Stage) -> Vec<(MessageId, EntityId)> {
    let seeded = stage.sandbox.world_info().diadoc.messages.waiting;
    let plain = seeded.iter().filter(|one| one.needs == "signature");
    plain.map(|one| named(&one.document)).collect()
}

fn all_of(stage: &Stage, documents: &[(MessageId, EntityId)]) -> Attaching {
    let in_box = stage.diadoc().in_box(&stage.in_box());
    let (first, others) = documents.split_first().unwrap();
    let first = in_box.sign_and_attach(&first.0, &first.1);
    others.iter().fold(first, |attaching, (message, entity)| {
        attaching.and_in(message, entity)
    })
}

#[tokio::test]
async fn documents_of_many_messages_cost_one_confirmation_and_a_patch_each() {
    for (by, pushes, codes) in [
        (SignBy::default(), 1, 0),
        (SignBy::Sms { certificate: None }, 0, 1),
        (SignBy::TestSignature, 0, 0),
    ] {
        let stage = Stage::in_process(willing()).await;
        let documents = plain(&stage);
        let attaching = all_of(&stage, &documents).method(by);
        let attached = attaching.run(&mut stage.person(), TEN_MINUTES).await;
        let attached = attached.unwrap();
        assert!(attached.is_complete());
        for ((message, entity), told) in documents.iter().zip(&attached.documents) {
            assert_eq!((&told.message, &told.entity), (message, entity));
            let there = shown(&stage, entity);
            assert_eq!(there.message, message.as_str());
            assert_eq!(
                there.signatures.last().unwrap().entity,
                told.signature.as_ref().unwrap().as_str()
            );
            assert_eq!(signed(&stage, entity), (1, 0), "{entity}");
        }
        // Two of them are one locked packet.
        let messages = documents.len() - 1;
        assert_eq!(attached.posted.len(), messages);
        let counters = stage.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.sms_sent), (pushes, codes));
        assert_eq!(counters.patches, messages as u64);
        assert_eq!(stage.calls("PrepareDocumentsToSign"), 1);
    }
}

#[tokio::test]
async fn a_message_that_refuses_keeps_no_other_from_its_signatures() {
    for by in [SignBy::default(), SignBy::TestSignature] {
        // The first, the middle, the last, and more than one of three.
        for refused in [&[1][..], &[2], &[3], &[1, 2], &[1, 3], &[2, 3]] {
            let stage = Stage::in_process(willing()).await;
            let documents = plain(&stage).split_off(6);
            for number in refused {
                let fault = Fault::on("PostMessagePatch").call(*number).status(409);
                stage.inject(fault);
            }
            let attaching = all_of(&stage, &documents[..3]).method(by.clone());
            let journal = MemoryJournal::new();
            let mut run = attaching.start(&journal).await.unwrap();
            let attached = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
            assert!(!attached.is_complete());
            for (place, told) in attached.documents.iter().enumerate() {
                let is_refused = refused.contains(&(place as u64 + 1));
                assert_eq!(told.refusal.is_some(), is_refused, "{refused:?} {place}");
                assert_eq!(told.signature.is_none(), is_refused);
                let expected = if is_refused { (0, 0) } else { (1, 0) };
                assert_eq!(signed(&stage, &told.entity), expected);
                // What was signed is not lost.
                assert_eq!(told.outcome.is_some(), by != SignBy::TestSignature);
            }
            let kept = SignAndAttach::kept_signatures(run.operation());
            if by != SignBy::TestSignature {
                let ids: Vec<&EntityId> = kept.iter().map(|(entity, _)| entity).collect();
                for number in refused {
                    let (_, entity) = &documents[usize::try_from(*number).unwrap() - 1];
                    assert!(ids.contains(&entity), "{refused:?}");
                }
            }
            assert_eq!(attached.posted.len(), 3 - refused.len());
            assert!(stage.sandbox.counters().pushes_sent <= 1);
        }
    }
}

#[tokio::test]
async fn where_every_message_refuses_it_is_a_refusal_and_the_signatures_are_kept() {
    let stage = Stage::in_process(willing()).await;
    stage.inject(Fault::on("PostMessagePatch").status(409));
    let documents = plain(&stage).split_off(6);
    let journal = MemoryJournal::new();
    let mut run = all_of(&stage, &documents[..3])
        .start(&journal)
        .await
        .unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert!(error.refusal().is_some());
    assert_eq!(SignAndAttach::kept_signatures(run.operation()).len(), 3);
}

#[tokio::test]
async fn what_needs_a_power_of_attorney_is_told_before_anybody_is_asked() {
    let stage = Stage::in_process(willing()).await;
    let seeded = stage.sandbox.world_info().diadoc.messages.waiting;
    let mut found = seeded.iter().filter(|one| one.needs == "power_of_attorney");
    let (message, entity) = named(&found.next().unwrap().document);
    let diadoc = stage.diadoc();
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity);
    let warnings = attaching.check().await.unwrap();
    assert!(
        warnings.iter().any(|breach| breach.rule() == Rule::Poa4),
        "{warnings:?}"
    );
    let with = attaching.power_of_attorney(PowerOfAttorney::by_default());
    assert!(with.check().await.unwrap().is_empty());
    let attached = with.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert!(attached.is_complete());
}

/// A message of two documents, each of which may be signed and sent alone.
fn two_unlocked(stage: &Stage) -> (MessageId, [EntityId; 2]) {
    let info = stage.sandbox.world_info().diadoc;
    let document = |name: &str| {
        json!({
            "SignedContent": { "Content": "eA==" },
            "TypeNamedId": "Nonformalized",
            "Metadata": [{ "Key": "FileName", "Value": name }],
        })
    };
    let body = json!({
        "FromBoxId": info.box_id, "ToBoxId": info.other_box, "DelaySend": true,
        "DocumentAttachments": [document("first.txt"), document("second.txt")],
    });
    let request = http::Request::post("/V3/PostMessage")
        .header("authorization", format!("Bearer {}", info.token))
        .header("content-type", "application/json")
        .header("accept", "application/json");
    let answer = stage
        .sandbox
        .handle(&request.body(body.to_string().into()).unwrap());
    let posted: Value = serde_json::from_slice(answer.body()).unwrap();
    let id = |place: usize| EntityId::new(posted["Entities"][place]["EntityId"].as_str().unwrap());
    let message = MessageId::new(posted["MessageId"].as_str().unwrap());
    (message, [id(0), id(1)])
}

#[tokio::test]
async fn what_could_not_be_signed_is_named_and_the_rest_is_attached() {
    let fault = |file| Fault::on("DssSign").file_unsigned(file, 2);
    for failed in [vec![0], vec![0, 1]] {
        let stage = Stage::in_process(willing()).await;
        for file in &failed {
            stage.inject(fault(*file));
        }
        let diadoc = stage.diadoc();
        let (message, entities) = two_unlocked(&stage);
        let attaching = diadoc
            .in_box(&stage.in_box())
            .sign_and_attach(&message, &entities[0]);
        let attaching = attaching.and(&entities[1]);
        let outcome = attaching.run(&mut NoPrompt, TEN_MINUTES).await;
        if failed.len() == 2 {
            let error = outcome.unwrap_err();
            assert_eq!(error.refusal(), Some(&Refusal::Other));
            assert!(error.to_string().contains("first.txt"), "{error}");
            assert_eq!(stage.calls("PostMessagePatch"), 0);
            continue;
        }
        let attached = outcome.unwrap();
        assert!(!attached.is_complete());
        let [first, second] = &attached.documents[..] else {
            panic!("{attached:?}");
        };
        assert!(first.signature.is_none() && second.signature.is_some());
        let failed = attached.signatures.unwrap().all().unwrap_err();
        assert_eq!(failed.files().next().unwrap().0, first.name);
        assert_eq!(signed(&stage, &entities[1]), (1, 0));
    }
}

/// The service takes a locked packet as a whole, so what was signed of one is not in the message, and is not lost.
#[tokio::test]
async fn of_a_locked_packet_that_was_signed_in_part_the_signatures_are_kept() {
    let stage = Stage::in_process(willing()).await;
    stage.inject(Fault::on("DssSign").file_unsigned(0, 2));
    let locked = stage.sandbox.world_info().diadoc.messages.locked;
    let entities: Vec<EntityId> = locked.documents.iter().map(EntityId::new).collect();
    let diadoc = stage.diadoc().in_box(&stage.in_box());
    let attaching = diadoc.sign_and_attach(&MessageId::new(locked.message), &entities[0]);
    let journal = MemoryJournal::new();
    let attaching = entities[1..]
        .iter()
        .fold(attaching, |all, one| all.and(one));
    let mut run = attaching.start(&journal).await.unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Other));
    assert!(
        error.to_string().contains("NotAllowedForLockedPacket"),
        "{error}"
    );
    let kept = SignAndAttach::kept_signatures(run.operation());
    let kept: Vec<EntityId> = kept.into_iter().map(|(entity, _)| entity).collect();
    assert_eq!(kept, entities[1..]);
}
