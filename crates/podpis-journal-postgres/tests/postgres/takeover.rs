//! What a dead worker leaves is taken over, and who was overtaken stores nothing.

use std::time::Duration;

use podpis_operation::{Journal as _, JournalError, Lease, Listing, Owner, Timestamp, Which};

use crate::cluster::Cluster;
use crate::{LONG, lease, operation, put};

/// Short for a test, and far above what a statement takes.
const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn what_a_dead_worker_held_is_taken_over_when_its_lease_is_over() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (first, second) = (cluster.journal().await, cluster.journal().await);
    let record = operation();
    put(&first, &record, Some(Timestamp::from_millis(1))).await;
    first.close().await;

    let first = cluster.journal().await;
    let mut held = first.claim_due(&lease("first", SHORT), 5).await.unwrap();
    // Dead: it neither renews nor gives back.
    let mut late = held.remove(0);
    let mut taken = second.claim_due(&lease("second", LONG), 5).await.unwrap();
    assert!(taken.is_empty(), "the lease holds");
    while taken.is_empty() {
        taken = second.claim_due(&lease("second", LONG), 5).await.unwrap();
    }
    assert_eq!(taken[0].id(), record.id());
    let overtaken = late.save(&record).await;
    assert!(
        matches!(overtaken, Err(JournalError::Conflict { .. })),
        "{overtaken:?}"
    );
    taken[0].save(&record).await.unwrap();
}

#[tokio::test]
async fn the_servers_clock_decides_whatever_workers_think_that_it_is() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let client = cluster.client().await;
    let text = "SELECT (extract(epoch FROM now()) * 1000)::bigint";
    let now: i64 = client.query_one(text, &[]).await.unwrap().get(0);
    let (now, minutes) = (now.cast_unsigned(), 10 * 60_000);
    let journal = cluster.journal().await;
    for (name, theirs) in [("behind", now - minutes), ("ahead", now + minutes)] {
        let record = operation();
        let owner: Owner = name.parse().unwrap();
        let own = Lease::new(owner, Timestamp::from_millis(theirs), LONG);
        let mut claim = journal.claim_for(record.id(), &own).await.unwrap();
        let other = journal.claim_for(record.id(), &lease("other", LONG)).await;
        assert!(matches!(other, Err(JournalError::Claimed { .. })), "{name}");

        // Due at once by the worker's clock, and in five minutes by it.
        for (pause, is_due) in [(0, true), (5 * 60_000, false)] {
            let due = Some(Timestamp::from_millis(theirs + pause));
            claim.save_due(&record, due).await.unwrap();
            let id = claim.id().clone();
            assert_eq!(journal.look(&id).await.unwrap().unwrap().due, due);
            drop(claim);
            let listing = Listing::of(Which::Due(Timestamp::from_millis(0)));
            let page = journal.list(&listing).await.unwrap();
            assert_eq!(
                page.records.len(),
                usize::from(is_due),
                "a worker that is {name}, {pause} ms"
            );
            claim = journal.claim_for(record.id(), &own).await.unwrap();
        }
        claim.forget().await.unwrap();
    }
}

#[tokio::test]
async fn a_program_that_closes_its_journal_leaves_nothing_held() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (first, second) = (cluster.journal().await, cluster.journal().await);
    let (saved, unsaved) = (operation(), operation());
    put(&first, &saved, None).await;
    drop(first.claim(unsaved.id()).await.unwrap());
    first.close().await;
    let client = cluster.client().await;
    let text = "SELECT count(*), count(claim_key) FROM podpis.operations";
    let row = client.query_one(text, &[]).await.unwrap();
    assert_eq!(
        (row.get::<_, i64>(0), row.get::<_, i64>(1)),
        (1, 0),
        "what was never saved leaves no row"
    );
    drop(second.claim(saved.id()).await.unwrap());
    let error = first.look(saved.id()).await.unwrap_err();
    assert!(matches!(error, JournalError::Storage { .. }), "{error:?}");
}

#[tokio::test]
async fn who_listens_hears_of_work_that_others_hand_over() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let settings = cluster.settings().listening();
    let worker = podpis_journal_postgres::PostgresJournal::connect(settings).await;
    let worker = worker.unwrap();
    let mut work = worker.work();
    // It has begun to listen, and says that it missed what came before.
    work.wait(LONG).await;
    let other = cluster.journal().await;
    put(&other, &operation(), Some(Timestamp::from_millis(1))).await;
    work.wait(LONG).await;
    let taken = worker.claim_due(&lease("worker", LONG), 5).await.unwrap();
    assert_eq!(taken.len(), 1);

    // Without a direct connection time has to pass.
    other.work().wait(Duration::from_millis(1)).await;
}

#[tokio::test]
async fn pruning_removes_what_has_been_over_for_long_and_nothing_else() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let (open, held) = (operation(), crate::finished());
    put(&journal, &open, None).await;
    put(&journal, &held, None).await;
    for _ in 0..250 {
        put(&journal, &crate::finished(), None).await;
    }
    let recent = crate::finished();
    put(&journal, &recent, None).await;
    let claim = journal.claim(held.id()).await.unwrap();
    let client = cluster.client().await;
    let text = "UPDATE podpis.operations SET finished_at = finished_at - 3600000 WHERE id <> $1";
    client
        .execute(text, &[&recent.id().as_str()])
        .await
        .unwrap();
    assert_eq!(journal.prune(Duration::from_secs(7200)).await.unwrap(), 0);
    assert_eq!(journal.prune(Duration::from_secs(1800)).await.unwrap(), 250);
    let left = journal.open().await.unwrap();
    assert_eq!(left.len(), 3);
    drop(claim);
    assert_eq!(journal.prune(Duration::from_secs(1800)).await.unwrap(), 1);
    assert_eq!(journal.prune(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(journal.open().await.unwrap(), [open]);
}
