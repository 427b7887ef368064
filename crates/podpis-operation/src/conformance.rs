//! Rules that every [`Journal`] must obey, as a function for your own tests.
//!
//! **Invariant:** only the trait is used, and no runtime is assumed, so that any journal can be checked under the
//! runtime it needs. What only one kind of journal promises, such as living on after its process, is for its
//! own tests.
//!
//! Changes here are not covered by semver.

#![allow(
    clippy::unwrap_used,
    reason = "failing loudly is what a test suite is for"
)]

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::{
    Event, Fingerprint, Journal, JournalError, Kind, Operation, OperationId, Origin, Revision,
    Service, Timestamp,
};

/// How many try the same thing at once.
const RIVALS: usize = 8;

/// Checks an empty journal; it is empty again afterwards.
///
/// # Panics
/// When a rule is broken; the message names the rule.
pub async fn a_journal_obeys_the_contract(journal: &dyn Journal) {
    let rules: [Rule<'_>; _] = [
        Box::pin(a_claim_keeps_others_out(journal)),
        Box::pin(a_save_replaces_what_was_seen(journal)),
        Box::pin(a_claim_follows_its_own_saves(journal)),
        Box::pin(open_lists_what_was_not_forgotten(journal)),
        Box::pin(a_record_comes_back_as_it_was(journal)),
        Box::pin(what_is_forgotten_stays_forgotten(journal)),
        Box::pin(of_many_savers_one_wins(journal)),
        Box::pin(of_many_claimants_one_gets_it(journal)),
    ];
    assert_empty(journal).await;
    for rule in rules {
        rule.await;
        assert_empty(journal).await;
    }
}

/// On the heap, so that the suite's own future stays small.
type Rule<'j> = Pin<Box<dyn Future<Output = ()> + Send + 'j>>;

async fn assert_empty(journal: &dyn Journal) {
    assert!(
        journal.open().await.unwrap().is_empty(),
        "the suite starts with an empty journal, and a forgotten record is gone"
    );
}

async fn a_claim_keeps_others_out(journal: &dyn Journal) {
    let (first, second) = (operation(1), operation(2));
    let claim = journal.claim(first.id()).await.unwrap();
    assert!(
        claim.record().is_none(),
        "an id that was never saved can be claimed"
    );
    assert_eq!(claim.revision(), Revision::NONE);
    assert_claimed(journal, &first, "before the first save").await;
    let other = journal.claim(second.id()).await;
    assert!(
        other.is_ok(),
        "a claim of one operation leaves the others free"
    );
    drop(other);

    let revision = journal.save(&first, Revision::NONE).await.unwrap();
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

async fn a_save_replaces_what_was_seen(journal: &dyn Journal) {
    let mut operation = operation(1);
    let never_given = Revision::NONE.next();
    assert_conflict(
        journal.save(&operation, never_given).await,
        "a save that expects a record where there is none",
    );
    let one = journal.save(&operation, Revision::NONE).await.unwrap();
    assert_conflict(
        journal.save(&operation, Revision::NONE).await,
        "a save that expects no record where there is one",
    );
    let before = operation.clone();
    accept(&mut operation);
    let two = journal.save(&operation, one).await.unwrap();
    assert_ne!(one, two, "every save has a revision of its own");
    assert_conflict(
        journal.save(&before, one).await,
        "a save with an old revision",
    );
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(
        claim.record(),
        Some(&operation),
        "a save that failed changes nothing"
    );
    claim.forget().await.unwrap();
}

async fn a_claim_follows_its_own_saves(journal: &dyn Journal) {
    let mut operation = operation(1);
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
    accept(&mut operation);
    claim.save(&operation).await.unwrap();

    let seen = claim.revision();
    journal.save(&operation, seen).await.unwrap();
    assert_conflict(
        claim.save(&operation).await,
        "a save by a holder that was overtaken",
    );
    assert_eq!(
        claim.revision(),
        seen,
        "a save that failed leaves the claim as it was"
    );
    claim.forget().await.unwrap();
    let claim = journal.claim(operation.id()).await;
    assert!(claim.is_ok(), "a claim that forgets is given back");
}

async fn open_lists_what_was_not_forgotten(journal: &dyn Journal) {
    let (newer, older) = (operation(2), operation(1));
    let claim = journal.claim(newer.id()).await.unwrap();
    journal.save(&newer, Revision::NONE).await.unwrap();
    journal.save(&older, Revision::NONE).await.unwrap();
    let open: Vec<OperationId> = journal
        .open()
        .await
        .unwrap()
        .iter()
        .map(|operation| operation.id().clone())
        .collect();
    assert_eq!(
        open,
        [older.id().clone(), newer.id().clone()],
        "open lists claimed records too, oldest first"
    );
    drop(claim);
    journal.forget(older.id()).await.unwrap();
    journal.forget(newer.id()).await.unwrap();
}

async fn a_record_comes_back_as_it_was(journal: &dyn Journal) {
    let earlier = operation(1);
    let mut full = operation(2)
        .with_files(vec![Fingerprint {
            name: "Счёт \"№ 1\"\n.pdf".to_owned(),
            size: Some(20_000_000),
            digests: [("streebog-256".to_owned(), "00ff".to_owned())].into(),
        }])
        .following(earlier.id().clone());
    accept(&mut full);
    journal.save(&full, Revision::NONE).await.unwrap();
    assert_eq!(journal.open().await.unwrap(), [full.clone()]);
    let claim = journal.claim(full.id()).await.unwrap();
    assert_eq!(
        claim.record(),
        Some(&full),
        "every field of a record comes back"
    );
    claim.forget().await.unwrap();
}

async fn what_is_forgotten_stays_forgotten(journal: &dyn Journal) {
    let operation = operation(1);
    let revision = journal.save(&operation, Revision::NONE).await.unwrap();
    journal.forget(operation.id()).await.unwrap();
    let again = journal.forget(operation.id()).await;
    assert!(again.is_ok(), "forgetting twice is fine");
    assert_empty(journal).await;
    assert_conflict(
        journal.save(&operation, revision).await,
        "a save of what was forgotten meanwhile",
    );
    let claim = journal.claim(operation.id()).await.unwrap();
    assert!(
        claim.record().is_none(),
        "a forgotten record does not come back"
    );
    claim.forget().await.unwrap();
}

async fn of_many_savers_one_wins(journal: &dyn Journal) {
    let mut operation = operation(1);
    let mut expected = Revision::NONE;
    for round in ["the first save", "a later save"] {
        let saves = (0..RIVALS).map(|_| journal.save(&operation, expected));
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
        expected = won.remove(0);
        accept(&mut operation);
    }
    journal.forget(operation.id()).await.unwrap();
}

async fn of_many_claimants_one_gets_it(journal: &dyn Journal) {
    let operation = operation(1);
    for round in ["before the first save", "after it", "once more"] {
        let claims = (0..RIVALS).map(|_| journal.claim(operation.id()));
        let mut got = Vec::new();
        for result in all(claims.collect()).await {
            match result {
                Ok(claim) => got.push(claim),
                Err(JournalError::Claimed { id }) => assert_eq!(id, *operation.id()),
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

async fn assert_claimed(journal: &dyn Journal, operation: &Operation, when: &str) {
    match journal.claim(operation.id()).await {
        Err(JournalError::Claimed { id }) => assert_eq!(id, *operation.id()),
        other => panic!("a claim keeps others out, {when}: {other:?}"),
    }
}

fn assert_conflict<T: std::fmt::Debug>(result: Result<T, JournalError>, what: &str) {
    assert!(
        matches!(result, Err(JournalError::Conflict { .. })),
        "{what} is a conflict: {result:?}"
    );
}

fn operation(created: u64) -> Operation {
    let origin = Origin::new(Service::Diadoc, "host");
    Operation::prepare(
        Kind::new("conformance"),
        origin,
        Timestamp::from_millis(created),
    )
}

/// Gives the record data of every sort; it may be given again.
fn accept(operation: &mut Operation) {
    let data = serde_json::json!({
        "task": i64::MAX, "ratio": 0.5, "text": "ё\n\u{10FFFF}", "list": [null, true, {}, ""],
    });
    let event = match operation.state().name() {
        "starting" => Event::Accepted { data: data.into() },
        _ => Event::Progressed { data: data.into() },
    };
    operation.apply(event, Timestamp::from_millis(2)).unwrap();
}

/// Drives all the futures at once and gives their results in order.
async fn all<F: Future + Unpin>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<(F, Option<F::Output>)> = futures.into_iter().map(|f| (f, None)).collect();
    poll_fn(|context| {
        let mut waiting = false;
        for (future, result) in &mut running {
            if result.is_none() {
                match Pin::new(future).poll(context) {
                    Poll::Ready(value) => *result = Some(value),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    running
        .into_iter()
        .filter_map(|(_, result)| result)
        .collect()
}
