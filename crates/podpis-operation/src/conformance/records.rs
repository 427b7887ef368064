//! Rules of records: stored whole, by whoever saw the last one.

use std::time::Duration;

use super::{
    Clock, LENGTH, RIVALS, accept, all, assert_conflict, assert_empty, operation, owner, put,
};
use crate::{Event, Fingerprint, Held, Journal, Lease, Refusal, Revision, Stored, Timestamp};

pub(super) async fn are_replaced_by_who_saw_them(journal: &dyn Journal) {
    let mut operation = operation(1);
    let claim = journal.claim(operation.id()).await.unwrap();
    let seen = |revision| Held {
        revision,
        ..claim.held().clone()
    };
    let never_given = Revision::NONE.next();
    assert_conflict(
        journal.save(&seen(never_given), &operation, None).await,
        "a save that expects a record where there is none",
    );
    let none = seen(Revision::NONE);
    let one = journal.save(&none, &operation, None).await.unwrap();
    assert_conflict(
        journal.save(&none, &operation, None).await,
        "a save that expects no record where there is one",
    );
    let before = operation.clone();
    accept(&mut operation);
    let due = Some(Timestamp::from_millis(7));
    let two = journal.save(&seen(one), &operation, due).await.unwrap();
    assert_ne!(one, two, "every save has a revision of its own");
    assert_conflict(
        journal.save(&seen(one), &before, None).await,
        "a save with an old revision",
    );
    let stored = Stored {
        operation,
        revision: two,
        due,
    };
    assert_eq!(
        journal.look(claim.id()).await.unwrap(),
        Some(stored),
        "a save that failed changes nothing"
    );
    claim.forget().await.unwrap();
}

pub(super) async fn follow_the_saves_of_their_claim(journal: &dyn Journal) {
    let mut operation = operation(1);
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
    accept(&mut operation);
    claim.save(&operation).await.unwrap();
    assert_eq!(claim.due(), operation.due());

    let seen = claim.held().clone();
    let due = claim.due();
    journal.save(&seen, &operation, None).await.unwrap();
    assert_conflict(
        claim.save_due(&operation, None).await,
        "a save by a holder that was overtaken",
    );
    assert_eq!(
        (claim.held(), claim.due()),
        (&seen, due),
        "a save that failed leaves the claim as it was"
    );
    claim.forget().await.unwrap();
    let claim = journal.claim(operation.id()).await;
    assert!(claim.is_ok(), "a claim that forgets is given back");
}

pub(super) async fn are_saved_under_their_own_name(journal: &dyn Journal) {
    let (one, other) = (operation(1), operation(2));
    let mut claim = journal.claim(one.id()).await.unwrap();
    assert_conflict(
        claim.save(&other).await,
        "a save of another operation than the one that is claimed",
    );
    assert_eq!(journal.look(other.id()).await.unwrap(), None);
}

pub(super) async fn come_back_as_they_were(journal: &dyn Journal) {
    let earlier = operation(1);
    let mut full = operation(2)
        .with_files(vec![Fingerprint {
            name: "Счёт \"№ 1\"\n.pdf".to_owned(),
            size: Some(20_000_000),
            digests: [("streebog-256", "00ff")].into_iter().collect(),
            stays_at: Some("/reports/Счёт \"№ 1\"\n.pdf".into()),
        }])
        .following(earlier.id().clone());
    accept(&mut full);
    for due in [None, Some(Timestamp::from_millis(9)), full.due()] {
        let mut claim = journal.claim(full.id()).await.unwrap();
        claim.save_due(&full, due).await.unwrap();
        let revision = claim.revision();
        drop(claim);
        let claim = journal.claim(full.id()).await.unwrap();
        assert_eq!(
            (claim.record(), claim.revision(), claim.due()),
            (Some(&full), revision, due),
            "every field of a record comes back, and when it is due"
        );
        assert_eq!(
            journal.look(full.id()).await.unwrap(),
            Some(Stored {
                operation: full.clone(),
                revision,
                due
            }),
            "a look shows what is stored, also while it is held"
        );
    }
    journal.forget(full.id()).await.unwrap();
}

pub(super) async fn stay_forgotten(journal: &dyn Journal) {
    let operation = operation(1);
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
    journal.forget(operation.id()).await.unwrap();
    let again = journal.forget(operation.id()).await;
    assert!(again.is_ok(), "forgetting twice is fine");
    assert_empty(journal).await;
    assert_conflict(
        claim.save(&operation).await,
        "a save of what was forgotten meanwhile",
    );
    drop(claim);
    let claim = journal.claim(operation.id()).await.unwrap();
    assert!(
        claim.record().is_none(),
        "a forgotten record does not come back"
    );
    claim.forget().await.unwrap();
}

pub(super) async fn are_saved_by_one_of_many(journal: &dyn Journal) {
    let mut operation = operation(1);
    let claim = journal.claim(operation.id()).await.unwrap();
    let mut held = claim.held().clone();
    for round in ["the first save", "a later save"] {
        let saves = (0..RIVALS).map(|_| journal.save(&held, &operation, None));
        let mut won = Vec::new();
        for result in all(saves.collect()).await {
            match result {
                Ok(revision) => won.push(revision),
                lost => assert_conflict(lost, round),
            }
        }
        assert_eq!(
            won.len(),
            1,
            "of many who save with the same revision exactly one wins: {round}"
        );
        held.revision = won.remove(0);
        accept(&mut operation);
    }
    claim.forget().await.unwrap();
}

/// Removes what has been over for long, and nothing else.
pub(super) async fn of_the_past_are_removed(journal: &dyn Journal, clock: &dyn Clock) {
    let at = |created: u64, is_over: bool| {
        let mut record = operation(created);
        accept(&mut record);
        if is_over {
            let event = Event::Refused {
                refusal: Refusal::Expired,
                message: None,
            };
            record.apply(event, clock.now()).unwrap();
        }
        record
    };
    let (open, over, held) = (at(1, false), at(2, true), at(3, true));
    for record in [&open, &over, &held] {
        put(journal, record, None).await;
    }
    let day = Duration::from_secs(24 * 60 * 60);
    let lease = || Lease::new(owner("pruning"), clock.now(), LENGTH);
    let removed = journal.forget_finished(&lease(), day).await.unwrap();
    assert_eq!(removed, 0, "what was over only now is kept");
    clock.pass(Duration::from_secs(2)).await;
    let holder = journal.claim(held.id()).await.unwrap();
    let second = Duration::from_secs(1);
    let removed = journal.forget_finished(&lease(), second).await.unwrap();
    assert_eq!(
        removed, 1,
        "what has been over for long is removed, unless it is held"
    );
    drop(holder);
    assert_eq!(journal.look(over.id()).await.unwrap(), None);
    for kept in [&open, &held] {
        assert!(journal.look(kept.id()).await.unwrap().is_some());
        journal.forget(kept.id()).await.unwrap();
    }
}
