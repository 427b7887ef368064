//! What is asked at once goes by few statements, and everyone is told what became of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use podpis_journal_postgres::PostgresJournal;
use podpis_operation::{
    Claim, Held, Journal, JournalError, Operation, OperationId, Revision, Timestamp,
};
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::operation;

const MANY: usize = 60;

/// Does something for each of them at once, and gives what came of it in the same order.
async fn all<T, R, F>(of: impl IntoIterator<Item = T>, each: impl Fn(T) -> F) -> Vec<R>
where
    R: Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let mut running = JoinSet::new();
    for (number, it) in of.into_iter().enumerate() {
        let work = each(it);
        running.spawn(async move { (number, work.await) });
    }
    let mut done = running.join_all().await;
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

async fn claimed(
    journal: PostgresJournal,
    id: OperationId,
) -> Result<Claim<'static>, JournalError> {
    let claim = journal.claim(&id).await?;
    let shared: Arc<dyn Journal> = Arc::new(journal.clone());
    Ok(claim.owned(shared))
}

async fn saved(
    journal: PostgresJournal,
    held: Held,
    record: Operation,
) -> Result<Revision, JournalError> {
    journal
        .save(&held, &record, Some(Timestamp::from_millis(1)))
        .await
}

/// How many transactions wrote what is in the table.
async fn transactions(client: &tokio_postgres::Client) -> usize {
    let text = "SELECT xmin::text FROM podpis.operations";
    let rows = client.query(text, &[]).await.unwrap();
    let of: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    of.len()
}

#[tokio::test]
async fn many_changes_go_by_few_statements_and_each_has_its_own_outcome() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (journal, client) = (cluster.journal().await, cluster.client().await);
    let records: Vec<Operation> = (0..MANY).map(|_| operation()).collect();
    // The first of them twice.
    let ids = records.iter().chain([&records[0]]);
    let mut claims = all(ids, |record| claimed(journal.clone(), record.id().clone())).await;
    let rival = claims.pop().unwrap();
    assert!(
        matches!(rival, Err(JournalError::Claimed { .. })),
        "{rival:?}"
    );
    let claims: Vec<Claim<'_>> = claims.into_iter().map(Result::unwrap).collect();
    let by = transactions(&client).await;
    assert!(by <= 2, "{MANY} claims by {by} statements");

    let mut held: Vec<Held> = claims.iter().map(|claim| claim.held().clone()).collect();
    held[7].key = held[8].key.clone();
    held[9].revision = Revision::from_number(5);
    let pairs = || held.iter().cloned().zip(records.iter().cloned());
    let saves = all(pairs(), |(held, record)| {
        saved(journal.clone(), held, record)
    })
    .await;
    for (number, outcome) in saves.iter().enumerate() {
        match outcome {
            Ok(revision) => assert_eq!((number == 7 || number == 9, revision.number()), (false, 1)),
            Err(JournalError::Conflict { id, .. }) => {
                assert!(number == 7 || number == 9, "{number}");
                assert_eq!(id, records[number].id());
            }
            Err(other) => panic!("{number}: {other}"),
        }
        let stored = journal.look(records[number].id()).await.unwrap();
        assert_eq!(stored.is_some(), outcome.is_ok(), "{number}");
    }
    let by = transactions(&client).await;
    assert!(by <= 4, "{MANY} claims and saves by {by} statements");

    // All at once, one of which is somebody else's.
    let text = "UPDATE podpis.operations SET claim_key = 'other' WHERE id = $1";
    let taken = records[20].id().as_str();
    client.execute(text, &[&taken]).await.unwrap();
    let removals = all(claims, Claim::forget).await;
    let failed: Vec<usize> = (0..MANY).filter(|at| removals[*at].is_err()).collect();
    assert_eq!(failed, [20]);
    let rows = client.query("SELECT id FROM podpis.operations", &[]).await;
    let left: Vec<String> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(left, [taken], "nothing is left of what was forgotten");
}

#[tokio::test]
async fn a_claim_that_is_given_up_midway_holds_nothing() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let id = OperationId::random();
    // The longer it may go on, the further it gets.
    for polls in 0..30 {
        let mut asking = Box::pin(journal.claim(&id));
        for _ in 0..polls {
            tokio::select! {
                biased;
                claim = &mut asking => {
                    drop(claim.unwrap());
                    break;
                }
                () = tokio::task::yield_now() => {}
            }
        }
        drop(asking);
        journal.claim(&id).await.unwrap().forget().await.unwrap();
    }
}
