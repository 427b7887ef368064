//! Rules of leases: they run out, they can be renewed, and who was overtaken stores nothing any more.

use std::time::Duration;

use super::{Clock, LENGTH, accept, assert_claimed, assert_conflict, claim, operation};
use crate::{Journal, JournalError, Lease, Operation, Owner};

pub(super) async fn hold_until_they_run_out(journal: &dyn Journal, clock: &dyn Clock) {
    let operation = operation(1);
    let mut first = claim(journal, clock, "first", operation.id())
        .await
        .unwrap();
    assert_eq!(
        (first.lease().owner().as_str(), first.lease().length()),
        ("first", LENGTH),
        "a lease is given as it is asked for"
    );
    first.save(&operation).await.unwrap();
    clock.pass(LENGTH / 2).await;
    match claim(journal, clock, "second", operation.id()).await {
        Err(JournalError::Claimed { owner, .. }) => assert!(
            owner.is_none_or(|owner| owner.as_str() == "first"),
            "it is told who holds it, or nobody"
        ),
        other => panic!("a lease holds until it runs out: {other:?}"),
    }

    clock.pass(LENGTH).await;
    accept_and_save(&mut first, operation.clone()).await;
    let second = claim(journal, clock, "second", operation.id())
        .await
        .unwrap();
    assert_eq!(
        (
            second.record().map(|it| it.state().name()),
            second.revision()
        ),
        (Some("processing"), first.revision()),
        "what was saved before the takeover counts, also by a lease that had run out"
    );
    second.forget().await.unwrap();
}

async fn accept_and_save(claim: &mut crate::Claim<'_>, mut operation: Operation) {
    accept(&mut operation);
    claim.save(&operation).await.unwrap();
}

pub(super) async fn fence_who_was_overtaken(journal: &dyn Journal, clock: &dyn Clock) {
    let mut operation = operation(1);
    // One name, as two tasks of a program have.
    let mut first = claim(journal, clock, "name", operation.id()).await.unwrap();
    first.save(&operation).await.unwrap();
    clock.pass(2 * LENGTH).await;
    let mut second = claim(journal, clock, "name", operation.id()).await.unwrap();

    let before = operation.clone();
    accept(&mut operation);
    assert_conflict(
        first.save(&operation).await,
        "a save by a holder that was overtaken, though nobody saved since",
    );
    assert_conflict(
        first.renew(clock.now(), LENGTH).await,
        "a renewal by a holder that was overtaken",
    );
    let stored = journal.look(operation.id()).await.unwrap().unwrap();
    assert_eq!(stored.operation, before, "nothing of it is stored");
    let late = first.held().clone();
    drop(first);
    assert_claimed(journal, &operation, "when an overtaken claim is dropped").await;
    assert_conflict(
        journal.forget_held(&late).await,
        "forgetting by a holder that was overtaken",
    );

    second.save(&operation).await.unwrap();
    drop(second);
    assert_conflict(
        journal.save(&late, &operation, None).await,
        "a save by a holder that was overtaken, when nobody holds the operation any more",
    );
    let stored = journal.look(operation.id()).await.unwrap().unwrap();
    assert_eq!(stored.operation, operation);
    journal.forget(operation.id()).await.unwrap();
}

pub(super) async fn fence_a_first_save(journal: &dyn Journal, clock: &dyn Clock) {
    let operation = operation(1);
    let mut first = claim(journal, clock, "first", operation.id())
        .await
        .unwrap();
    clock.pass(2 * LENGTH).await;
    let mut second = claim(journal, clock, "second", operation.id())
        .await
        .unwrap();
    let what = "the first save of a holder that was overtaken";
    assert_conflict(first.save(&operation).await, what);
    second.save(&operation).await.unwrap();
    assert_conflict(first.save(&operation).await, what);
    second.forget().await.unwrap();
    assert_conflict(first.save(&operation).await, what);
}

pub(super) async fn can_be_renewed(journal: &dyn Journal, clock: &dyn Clock) {
    let operation = operation(1);
    let mut first = claim(journal, clock, "first", operation.id())
        .await
        .unwrap();
    first.save(&operation).await.unwrap();
    for _ in 0..3 {
        clock.pass(LENGTH * 2 / 3).await;
        first.renew(clock.now(), LENGTH).await.unwrap();
        assert_eq!(first.lease().owner().as_str(), "first");
    }
    let second = claim(journal, clock, "second", operation.id()).await;
    assert!(
        matches!(second, Err(JournalError::Claimed { .. })),
        "a renewed lease holds: {second:?}"
    );
    first.save(&operation).await.unwrap();

    clock.pass(2 * LENGTH).await;
    first.renew(clock.now(), LENGTH).await.unwrap();
    let second = claim(journal, clock, "second", operation.id()).await;
    assert!(
        matches!(second, Err(JournalError::Claimed { .. })),
        "a lease that ran out can be renewed when nobody took the operation: {second:?}"
    );

    first.renew(clock.now(), Duration::ZERO).await.unwrap();
    let second = claim(journal, clock, "second", operation.id()).await;
    assert!(second.is_ok(), "a renewal may shorten: {second:?}");
    journal.forget(operation.id()).await.unwrap();
}

pub(super) async fn may_last_until_they_are_dropped(journal: &dyn Journal, clock: &dyn Clock) {
    let operation = operation(1);
    let mut first = journal.claim(operation.id()).await.unwrap();
    let asked = Lease::until_dropped(Owner::of_this_process());
    // A journal that gave another length lets the operation go after that.
    if *first.lease() == asked {
        clock.pass(1_000 * LENGTH).await;
        let second = claim(journal, clock, "second", operation.id()).await;
        assert!(
            matches!(second, Err(JournalError::Claimed { .. })),
            "a lease without an end has none: {second:?}"
        );
    }
    first.renew(clock.now(), LENGTH).await.unwrap();
    assert_claimed(journal, &operation, "when it was given an end").await;
    clock.pass(2 * LENGTH).await;
    let second = claim(journal, clock, "second", operation.id()).await;
    assert!(second.is_ok(), "that end counts: {second:?}");
}
