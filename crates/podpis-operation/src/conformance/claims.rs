//! Rules of claims: one holder at a time.

use super::{RIVALS, all, assert_claimed, assert_conflict, operation};
use crate::{Held, Journal, JournalError, MemoryJournal, Revision};

pub(super) async fn keep_others_out(journal: &dyn Journal) {
    let (first, second) = (operation(1), operation(2));
    let mut claim = journal.claim(first.id()).await.unwrap();
    assert!(
        claim.record().is_none(),
        "an id that was never saved can be claimed"
    );
    assert_eq!((claim.revision(), claim.due()), (Revision::NONE, None));
    assert_claimed(journal, &first, "before the first save").await;
    let other = journal.claim(second.id()).await;
    assert!(
        other.is_ok(),
        "a claim of one operation leaves the others free"
    );
    drop(other);

    claim.save(&first).await.unwrap();
    let revision = claim.revision();
    assert_claimed(journal, &first, "after the first save").await;
    drop(claim);
    let claim = journal.claim(first.id()).await.unwrap();
    assert_eq!(
        claim.record(),
        Some(&first),
        "a dropped claim frees the record as it was saved last"
    );
    assert_eq!(claim.revision(), revision);

    journal.forget(first.id()).await.unwrap();
    assert_claimed(journal, &first, "after the record was forgotten").await;
    drop(claim);
    drop(journal.claim(first.id()).await.unwrap());
}

pub(super) async fn go_to_one_of_many(journal: &dyn Journal) {
    let operation = operation(1);
    for round in ["before the first save", "after it", "once more"] {
        let claims = (0..RIVALS).map(|_| journal.claim(operation.id()));
        let mut got = Vec::new();
        for result in all(claims.collect()).await {
            match result {
                Ok(claim) => got.push(claim),
                Err(JournalError::Claimed { id, .. }) => assert_eq!(id, *operation.id()),
                Err(other) => panic!("who comes too late is told so, {round}: {other:?}"),
            }
        }
        assert_eq!(
            got.len(),
            1,
            "of many who claim an operation exactly one gets it: {round}"
        );
        if let Some(claim) = got.first_mut() {
            claim.save(&operation).await.unwrap();
        }
    }
    journal.forget(operation.id()).await.unwrap();
}

pub(super) async fn of_journals_around_others_save_through_them(journal: &dyn Journal) {
    let operation = operation(1);
    let outer = MemoryJournal::new();
    let mut claim = journal.claim(operation.id()).await.unwrap();
    let held: Held = claim.held().clone();
    assert_eq!((&held.id, held.revision), (operation.id(), Revision::NONE));
    claim = claim.through(&outer);
    assert_conflict(
        claim.save(&operation).await,
        "a save in a journal that does not know the claim",
    );
    assert_claimed(journal, &operation, "wherever its saves go").await;
    claim = claim.through(journal);
    claim.save(&operation).await.unwrap();
    claim.forget().await.unwrap();
}
