//! Rules that every [`Journal`] must obey, as a function for your own tests.
//!
//! Changes here are not covered by semver.

#![allow(
    clippy::unwrap_used,
    reason = "failing loudly is what a test suite is for"
)]

use crate::{
    Event, Journal, JournalError, Kind, Operation, OperationId, Origin, Revision, Service,
    Timestamp,
};

fn operation(created: u64) -> Operation {
    let origin = Origin::new(Service::Diadoc, "host");
    Operation::prepare(
        Kind::new("conformance"),
        origin,
        Timestamp::from_millis(created),
    )
}

/// Checks an empty journal; it is empty again afterwards.
///
/// # Panics
/// When a rule is broken; the message names the rule.
pub async fn a_journal_obeys_the_contract(journal: &dyn Journal) {
    assert!(
        journal.open().await.unwrap().is_empty(),
        "the suite starts with an empty journal"
    );

    let mut first = operation(1);
    let claim = journal.claim(first.id()).await.unwrap();
    assert!(
        claim.record().is_none(),
        "an id that was never saved can be claimed"
    );
    assert_eq!(claim.revision(), Revision::NONE);
    assert!(
        matches!(
            journal.claim(first.id()).await,
            Err(JournalError::Claimed { .. })
        ),
        "a claim keeps others out, before the first save too"
    );

    let one = journal.save(&first, Revision::NONE).await.unwrap();
    assert!(
        matches!(
            journal.save(&first, Revision::NONE).await,
            Err(JournalError::Conflict { .. })
        ),
        "a save with an old revision changes nothing"
    );
    first
        .apply(
            Event::Accepted {
                data: serde_json::json!({"task": 1}),
            },
            Timestamp::from_millis(2),
        )
        .unwrap();
    let two = journal.save(&first, one).await.unwrap();
    assert_ne!(one, two, "every save has a revision of its own");

    let second = operation(0);
    journal.save(&second, Revision::NONE).await.unwrap();
    let open: Vec<OperationId> = journal
        .open()
        .await
        .unwrap()
        .iter()
        .map(|o| o.id().clone())
        .collect();
    assert_eq!(
        open,
        [second.id().clone(), first.id().clone()],
        "open lists claimed records too, oldest first"
    );

    drop(claim);
    let claim = journal.claim(first.id()).await.unwrap();
    assert_eq!(
        claim.record(),
        Some(&first),
        "a dropped claim frees the record as it was saved last"
    );
    assert_eq!(claim.revision(), two);

    journal.forget(first.id()).await.unwrap();
    journal.forget(first.id()).await.unwrap();
    journal.forget(second.id()).await.unwrap();
    assert!(
        journal.open().await.unwrap().is_empty(),
        "a forgotten record is gone, and forgetting twice is fine"
    );
    drop(claim);
    let claim = journal.claim(first.id()).await.unwrap();
    assert!(
        claim.record().is_none(),
        "a forgotten record does not come back"
    );
}
