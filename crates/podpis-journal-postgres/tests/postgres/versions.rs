//! Tables and records of other versions.

use podpis_journal_postgres::PostgresJournal;
use podpis_operation::{Journal as _, Timestamp};

use crate::cluster::Cluster;
use crate::{LONG, in_full, lease, operation, put};

#[tokio::test]
async fn workers_of_two_versions_share_one_database() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let (ours, theirs) = (operation(), operation());
    for record in [&ours, &theirs] {
        put(&journal, record, Some(Timestamp::from_millis(1))).await;
    }
    // A newer program holds one of them, saves it in its way, and gives it back.
    let mut overtaken = journal.claim(theirs.id()).await.unwrap();
    let client = cluster.client().await;
    let text = "UPDATE podpis.operations SET version = 2, revision = revision + 1, claim_key = 'newer', \
                record = '{\"version\": 2}' WHERE id = $1";
    client
        .execute(text, &[&theirs.id().as_str()])
        .await
        .unwrap();
    overtaken.save(&theirs).await.unwrap_err();
    drop(overtaken);
    let taken = journal.claim_due(&lease("old", LONG), 10).await.unwrap();
    assert_eq!(taken.len(), 1, "it does its own work");
    assert_eq!(taken[0].id(), ours.id());
    assert_eq!(journal.open().await.unwrap(), [ours]);
    assert_eq!(journal.prune(std::time::Duration::ZERO).await.unwrap(), 0);
    let text = "SELECT record FROM podpis.operations WHERE id = $1 AND claim_key = 'newer'";
    let row = client.query_one(text, &[&theirs.id().as_str()]).await;
    assert_eq!(row.unwrap().get::<_, String>(0), "{\"version\": 2}");
}

#[tokio::test]
async fn missing_tables_are_made_once_by_many_and_others_are_named() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let no = cluster.settings().migrate(false);
    let error = PostgresJournal::connect(no.clone()).await.unwrap_err();
    assert!(in_full(&error).contains("have version 0, and this program needs version 1"));

    let mut many = Vec::new();
    for _ in 0..6 {
        many.push(tokio::spawn(PostgresJournal::connect(cluster.settings())));
    }
    for one in many {
        one.await.unwrap().unwrap();
    }
    PostgresJournal::connect(no).await.unwrap();

    // Another journal in the same database.
    let settings = cluster.settings().schema("second").unwrap();
    let second = PostgresJournal::connect(settings).await.unwrap();
    put(&second, &operation(), None).await;
    assert!(cluster.journal().await.open().await.unwrap().is_empty());

    let client = cluster.client().await;
    let text = "UPDATE podpis.schema_version SET version = 7";
    client.execute(text, &[]).await.unwrap();
    let error = PostgresJournal::connect(cluster.settings())
        .await
        .unwrap_err();
    let shown = in_full(&error);
    assert!(
        shown.contains("have version 7, and this program knows version 1: use a newer program"),
        "{shown}"
    );
}
