//! Rules that every [`Journal`] must obey, as a function for your own tests.
//!
//! **Invariant:** only the trait is used, and no runtime is assumed, so that any journal can be checked under the
//! runtime it needs. What only one kind of journal promises, such as living on after its process, is for its
//! own tests.
//!
//! The suite says what time it is. A journal with a clock of its own must be told how to make that clock go on:
//! [`a_journal_with_a_clock_obeys_the_contract`].
//!
//! Changes here are not covered by semver.

#![allow(
    clippy::unwrap_used,
    reason = "failing loudly is what a test suite is for"
)]

mod claims;
mod leases;
mod listings;
mod records;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use crate::{
    Claim, Event, Journal, JournalError, Kind, Lease, Listing, Operation, OperationId, Origin,
    Owner, Service, Timestamp, Which,
};

/// How many try the same thing at once.
const RIVALS: usize = 8;

/// The length of the leases here.
const LENGTH: Duration = Duration::from_secs(600);

/// A moment that no clock here reaches.
const FAR_AWAY: Timestamp = Timestamp::from_millis(100_000_000_000_000);

/// The time of a journal with a clock of its own.
#[async_trait::async_trait]
pub trait Clock: Send + Sync {
    /// What time it is for the journal, nearly.
    fn now(&self) -> Timestamp;

    /// Comes back when at least that much more has passed for the journal, so that leases have run out.
    async fn pass(&self, time: Duration);
}

/// The clock of a journal that believes what it is told.
struct Told(AtomicU64);

#[async_trait::async_trait]
impl Clock for Told {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    async fn pass(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(time, Ordering::SeqCst);
    }
}

/// Checks an empty journal that has no clock; it is empty again afterwards.
///
/// # Panics
/// When a rule is broken; the message names the rule.
pub async fn a_journal_obeys_the_contract(journal: &dyn Journal) {
    let clock = Told(AtomicU64::new(1_000_000));
    a_journal_with_a_clock_obeys_the_contract(journal, &clock).await;
}

/// Checks an empty journal; it is empty again afterwards.
///
/// # Panics
/// When a rule is broken; the message names the rule.
pub async fn a_journal_with_a_clock_obeys_the_contract(journal: &dyn Journal, clock: &dyn Clock) {
    let rules: [Rule<'_>; _] = [
        Box::pin(claims::keep_others_out(journal)),
        Box::pin(claims::go_to_one_of_many(journal)),
        Box::pin(claims::of_journals_around_others_save_through_them(journal)),
        Box::pin(records::are_replaced_by_who_saw_them(journal)),
        Box::pin(records::follow_the_saves_of_their_claim(journal)),
        Box::pin(records::are_saved_under_their_own_name(journal)),
        Box::pin(records::come_back_as_they_were(journal)),
        Box::pin(records::stay_forgotten(journal)),
        Box::pin(records::are_saved_by_one_of_many(journal)),
        Box::pin(leases::hold_until_they_run_out(journal, clock)),
        Box::pin(leases::fence_who_was_overtaken(journal, clock)),
        Box::pin(leases::fence_a_first_save(journal, clock)),
        Box::pin(leases::can_be_renewed(journal, clock)),
        Box::pin(leases::may_last_until_they_are_dropped(journal, clock)),
        Box::pin(listings::open_is_everything_oldest_first(journal)),
        Box::pin(listings::show_each_record_once(journal)),
        Box::pin(listings::go_on_while_records_change(journal)),
        Box::pin(listings::of_what_is_due_are_in_its_order(journal, clock)),
        Box::pin(listings::of_what_is_due_leave_out_what_is_held(
            journal, clock,
        )),
        Box::pin(listings::of_what_is_due_are_shared_out(journal, clock)),
        Box::pin(records::of_the_past_are_removed(journal, clock)),
    ];
    assert_empty(journal).await;
    for rule in rules {
        rule.await;
        assert_empty(journal).await;
    }
}

/// Checks that a journal leaves alone what it cannot read: the record of a newer program that the caller has put under the
/// id `newer`, due long ago. It must be as it was afterwards, which is for the caller to check.
///
/// # Panics
/// When a rule is broken; the message names the rule.
pub async fn a_newer_record_is_left_alone(journal: &dyn Journal, newer: &OperationId) {
    let unreadable = |result: Result<(), JournalError>, what: &str| {
        assert!(
            matches!(result, Err(JournalError::Unreadable { .. })),
            "{what} a record of a newer program says so: {result:?}"
        );
    };
    let due = Lease::new(owner("due"), FAR_AWAY, LENGTH);
    for _ in 0..2 {
        unreadable(journal.claim(newer).await.map(drop), "a claim of");
        unreadable(journal.look(newer).await.map(drop), "a look at");
        let taken = journal.claim_due(&due, 10).await.unwrap();
        assert!(taken.iter().all(|claim| claim.id() != newer));
    }
    for which in [Which::All, Which::Open, Which::Finished] {
        let page = journal.list(&Listing::of(which)).await.unwrap();
        assert!(page.records.iter().all(|summary| summary.id != *newer));
        assert!(
            page.unreadable.iter().any(|record| record.id == *newer),
            "a listing names what cannot be read"
        );
    }
    let page = journal.list(&Listing::of(Which::Due(FAR_AWAY))).await;
    assert_eq!(page.unwrap().unreadable, [], "nobody knows when it is due");
}

/// On the heap, so that the suite's own future stays small.
type Rule<'j> = Pin<Box<dyn Future<Output = ()> + Send + 'j>>;

async fn assert_empty(journal: &dyn Journal) {
    assert!(
        journal.open().await.unwrap().is_empty(),
        "the suite starts with an empty journal, and a forgotten record is gone"
    );
}

async fn assert_claimed(journal: &dyn Journal, operation: &Operation, when: &str) {
    match journal.claim(operation.id()).await {
        Err(JournalError::Claimed { id, .. }) => assert_eq!(id, *operation.id()),
        other => panic!("a claim keeps others out, {when}: {other:?}"),
    }
}

fn assert_conflict<T: std::fmt::Debug>(result: Result<T, JournalError>, what: &str) {
    assert!(
        matches!(result, Err(JournalError::Conflict { .. })),
        "{what} is a conflict: {result:?}"
    );
}

fn owner(name: &str) -> Owner {
    name.parse().unwrap()
}

/// A claim of the length that is used here, at the present time.
async fn claim<'j>(
    journal: &'j dyn Journal,
    clock: &dyn Clock,
    name: &str,
    id: &OperationId,
) -> Result<Claim<'j>, JournalError> {
    let lease = Lease::new(owner(name), clock.now(), LENGTH);
    journal.claim_for(id, &lease).await
}

/// Stores a record that nobody holds.
async fn put(journal: &dyn Journal, operation: &Operation, due: Option<Timestamp>) {
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save_due(operation, due).await.unwrap();
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
