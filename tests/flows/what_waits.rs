//! Who the user is, what waits in their box, and what happened there, as the sandbox has it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use podpis::diadoc::documents::{Direction, DocumentFilter, ListedDocument, Needs};
use podpis::diadoc::events::{BoxEvent, EventCursor};
use podpis::diadoc::{EntityId, InBox};
use podpis::{Begin, Deadline, NoPrompt};
use podpis_core::wait::Time as _;

use super::attach::{named, unsigned, willing};
use crate::stage::{SKINS, Stage};

async fn listed(in_box: &InBox, filter: &DocumentFilter) -> Vec<ListedDocument> {
    in_box.documents(filter).try_collect().await.unwrap()
}

fn entities(documents: &[ListedDocument]) -> BTreeSet<&str> {
    documents.iter().map(|one| one.entity.as_str()).collect()
}

#[tokio::test]
async fn what_waits_is_told_with_what_it_needs() {
    for skin in SKINS {
        let stage = Stage::set(skin, willing()).await;
        let in_box = stage.diadoc().in_box(&stage.in_box());
        let me = in_box.employee().await.unwrap();
        let waiting = DocumentFilter {
            waiting: true,
            ..DocumentFilter::default()
        };
        // Pages of any size give the same.
        for size in [1, 3, 100] {
            let found = listed(
                &in_box,
                &DocumentFilter {
                    page_size: Some(size),
                    ..waiting.clone()
                },
            )
            .await;
            let told: BTreeMap<&str, Option<Needs>> = found
                .iter()
                .map(|one| (one.entity.as_str(), one.needs(Some(&me))))
                .collect();
            assert_eq!(told.len(), found.len(), "each once");
            let seeded = stage.sandbox.world_info().diadoc.messages.waiting;
            assert_eq!(told.len(), seeded.len());
            for one in &seeded {
                let expected = match &*one.needs {
                    // That a power of attorney is needed, only the message shows.
                    "signature" | "power_of_attorney" => Needs::Signature,
                    "title" => Needs::Title,
                    "colleague" => Needs::Colleague,
                    "decryption" => Needs::Decryption,
                    _ => Needs::Other,
                };
                let told = told[&*one.document.entity];
                assert_eq!(told, Some(expected), "{one:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_was_signed_waits_no_more_and_what_is_unsent_waits_whenever_it_was_made() {
    let stage = Stage::in_process(willing()).await;
    let in_box = stage.diadoc().in_box(&stage.in_box());
    let waiting = DocumentFilter {
        waiting: true,
        ..DocumentFilter::default()
    };
    let before = listed(&in_box, &waiting).await;
    for (message, entity) in [
        unsigned(&stage),
        named(&stage.sandbox.world_info().diadoc.messages.unsent),
    ] {
        let signing = in_box.sign_and_attach(&message, &entity);
        signing
            .run(&mut NoPrompt, Deadline::minutes(10))
            .await
            .unwrap();
        let after = listed(&in_box, &waiting).await;
        assert!(!entities(&after).contains(entity.as_str()));
    }
    assert_eq!(listed(&in_box, &waiting).await.len(), before.len() - 2);

    let since = |moment: SystemTime| DocumentFilter {
        sent_from: Some(moment),
        ..waiting.clone()
    };
    let now = stage.time.now();
    let days = |number: u64| Duration::from_secs(number * 24 * 60 * 60);
    let recent = listed(&in_box, &since(now - days(2))).await;
    assert_eq!(recent.len(), before.len() - 2, "the unsent ones too");
    assert!(listed(&in_box, &since(now + days(1))).await.is_empty());
}

#[tokio::test]
async fn filters_choose_by_direction_type_and_other_side() {
    let stage = Stage::in_process(willing()).await;
    let in_box = stage.diadoc().in_box(&stage.in_box());
    let all = listed(&in_box, &DocumentFilter::default()).await;
    let mut parts = 0;
    for filter in [
        DocumentFilter {
            direction: Some(Direction::Inbound),
            ..DocumentFilter::default()
        },
        DocumentFilter {
            direction: Some(Direction::Outbound),
            ..DocumentFilter::default()
        },
        DocumentFilter {
            direction: Some(Direction::Internal),
            ..DocumentFilter::default()
        },
    ] {
        let part = listed(&in_box, &filter).await;
        assert!(entities(&part).is_subset(&entities(&all)));
        parts += part.len();
        // Going on behind a document gives the rest.
        let key = part[0].index_key.clone().unwrap();
        let rest = listed(
            &in_box,
            &DocumentFilter {
                after: Some(key),
                ..filter.clone()
            },
        )
        .await;
        assert_eq!(rest, part[1..]);
        let mut backwards = listed(
            &in_box,
            &DocumentFilter {
                newest_first: true,
                page_size: Some(2),
                ..filter
            },
        )
        .await;
        backwards.reverse();
        assert_eq!(backwards, part);
    }
    assert_eq!(parts, all.len());
    let contracts = DocumentFilter {
        document_type: Some("Contract".to_owned()),
        waiting: true,
        ..DocumentFilter::default()
    };
    let contracts = listed(&in_box, &contracts).await;
    assert!(contracts.len() > 1 && contracts.iter().all(|one| one.document_type == "Contract"));
    let other = stage.sandbox.world_info().diadoc.other_box;
    let theirs = DocumentFilter {
        counterparty: Some(other.parse().unwrap()),
        ..DocumentFilter::default()
    };
    let theirs = listed(&in_box, &theirs).await;
    assert!(!theirs.is_empty() && theirs.len() < all.len());
    let sent = DocumentFilter {
        direction: Some(Direction::Outbound),
        status: Some("WithSenderSignature".to_owned()),
        ..DocumentFilter::default()
    };
    let sent = listed(&in_box, &sent).await;
    let known = stage.sandbox.world_info().diadoc.messages.sent.entity;
    assert_eq!(entities(&sent), [&*known].into());
}

#[tokio::test]
async fn events_tell_what_happened_since() {
    for skin in SKINS {
        let stage = Stage::set(skin, willing()).await;
        let in_box = stage.diadoc().in_box(&stage.in_box());
        let read = async |cursor: &EventCursor| -> Vec<BoxEvent> {
            let reading = in_box.events().after(cursor).page_size(3);
            reading.read().try_collect().await.unwrap()
        };
        let before = read(&EventCursor::default()).await;
        let ids: BTreeSet<&str> = before.iter().map(|event| &*event.id).collect();
        assert_eq!(ids.len(), before.len());
        assert!(
            before
                .iter()
                .all(|event| event.is_new && event.at.is_some())
        );
        let last = before.last().unwrap().cursor.clone();
        assert!(read(&last).await.is_empty());

        let (message, entity) = unsigned(&stage);
        let signing = in_box.sign_and_attach(&message, &entity);
        let run = signing.run(&mut NoPrompt, Deadline::minutes(10)).await;
        let attached = run.unwrap();
        let news = read(&last).await;
        let [event] = &news[..] else {
            panic!("{news:?}");
        };
        assert_eq!((&event.message, event.is_new), (&message, false));
        let signature: Vec<&EntityId> = event.entities.iter().map(|one| &one.id).collect();
        assert_eq!(
            signature,
            [attached.documents[0].signature.as_ref().unwrap()]
        );

        let drafts: Vec<BoxEvent> = in_box
            .events()
            .of_drafts()
            .read()
            .try_collect()
            .await
            .unwrap();
        let draft = stage.sandbox.world_info().diadoc.messages.draft;
        assert_eq!(drafts.len(), 1);
        assert!(drafts[0].is_draft && drafts[0].message.as_str() == draft.message);
        assert_eq!(drafts[0].entities.len(), draft.documents.len());
    }
}

#[tokio::test]
async fn the_user_and_the_box_are_known() {
    let stage = Stage::in_process(willing()).await;
    let diadoc = stage.diadoc();
    let in_box = diadoc.in_box(&stage.in_box());
    let (user, me) = (
        diadoc.user().await.unwrap(),
        in_box.employee().await.unwrap(),
    );
    assert_eq!(me.user, user);
    assert_eq!(user.last_name.as_deref(), Some("Иванова"));
    assert!(
        !format!("{me:?}").contains("Иванова"),
        "it is nobody's business"
    );
    assert_eq!(me.may("SignDocuments"), Some(true));
    assert_eq!(me.may("FlyToTheMoon"), None);
    let details = in_box.details().await.unwrap();
    assert_eq!(details.guid, Some(stage.in_box()));
    let seeded = stage.sandbox.world_info().diadoc.organization;
    assert_eq!(details.organization.unwrap().inn, seeded.inn);
}
