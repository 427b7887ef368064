//! What a person is told when the database does not do what is asked, and that nothing is stored then.

use std::process::Command;
use std::time::Duration;

use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use podpis_operation::{Journal as _, JournalError};

use crate::cluster::{Cluster, unprivileged};
use crate::{in_full, operation, put};

/// What connecting fails with.
async fn refused(settings: PostgresSettings) -> String {
    let error = PostgresJournal::connect(settings).await.unwrap_err();
    assert!(matches!(error, JournalError::Storage { .. }));
    in_full(&error)
}

fn assert_says(shown: &str, words: &str) {
    assert!(shown.contains(words), "`{words}` is not in: {shown}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn who_cannot_connect_is_told_why() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let missing: PostgresSettings = cluster.address_of("nowhere").parse().unwrap();
    assert_says(&refused(missing).await, "the server has no such database");

    let client = cluster.client().await;
    let text = "ALTER USER podpis PASSWORD 'right'";
    client.batch_execute(text).await.unwrap();
    cluster.allow("local all all scram-sha-256\n");
    let wrong = cluster.settings().password("secret");
    let mut shown = refused(wrong.clone()).await;
    while !shown.contains("password") {
        // The server reads the new rules in its own time.
        shown = refused(wrong.clone()).await;
    }
    assert_says(&shown, "the database refuses the user or the password");
    let none = refused(cluster.settings()).await;
    assert_says(&none, "the database refuses the user or the password");
    let right = cluster.settings().password("right");
    PostgresJournal::connect(right).await.unwrap();

    cluster.stop();
    let gone = refused(cluster.settings()).await;
    assert_says(&gone, "the database cannot be reached");
    assert_says(&gone, &cluster.socket().display().to_string());
}

#[tokio::test]
async fn a_user_without_rights_is_told_so() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let client = cluster.client().await;
    client.batch_execute("CREATE USER guest").await.unwrap();
    let address = cluster.address().replace("podpis@", "guest@");
    let shown = refused(address.parse().unwrap()).await;
    assert_says(&shown, "the user of the database may not do this");
}

#[tokio::test]
async fn a_read_only_server_stores_nothing_and_can_be_looked_at() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let record = operation();
    put(&journal, &record, None).await;
    let client = cluster.client().await;
    let text = "ALTER DATABASE postgres SET default_transaction_read_only = on";
    client.batch_execute(text).await.unwrap();
    let journal = cluster.journal().await;
    let shown = in_full(&journal.claim(record.id()).await.unwrap_err());
    assert_says(&shown, "the database is read-only");
    assert_eq!(journal.open().await.unwrap(), [record]);

    let empty = cluster.settings().schema("other").unwrap();
    assert_says(&refused(empty).await, "the database is read-only");
}

#[tokio::test]
async fn tables_that_are_gone_are_named() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let client = cluster.client().await;
    client
        .batch_execute("DROP SCHEMA podpis CASCADE")
        .await
        .unwrap();
    let shown = in_full(&journal.claim(operation().id()).await.unwrap_err());
    assert_says(&shown, "the journal's tables are not what they were");
}

/// A file system of two megabytes; none where it cannot be made.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = crate::cluster::folder();
        let (user, group) = unprivileged()?;
        let options = format!("size=2m,mode=700,uid={user},gid={group}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]);
        let status = mount.arg(folder.path()).status().ok()?;
        status.success().then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_fails_the_save_and_keeps_what_was_stored() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("NOT RUN: only root can make a small disk, and not everywhere");
        return;
    };
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let client = cluster.client().await;
    let place = disk.0.path().display();
    let text = format!("CREATE TABLESPACE small LOCATION '{place}'");
    client.batch_execute(&text).await.unwrap();
    let text = "ALTER TABLE podpis.operations SET TABLESPACE small";
    client.batch_execute(text).await.unwrap();

    let first = operation();
    put(&journal, &first, None).await;
    // Text that does not shrink.
    let data = (0..20_000).map(|_| podpis_operation::OperationId::random());
    let data: Vec<String> = data.map(|id| id.to_string()).collect();
    let mut failed = None;
    for _ in 0..100 {
        let large = operation().with_data(serde_json::json!(data));
        let mut claim = match journal.claim(large.id()).await {
            Ok(claim) => claim,
            Err(error) => {
                failed = Some(error);
                break;
            }
        };
        if let Err(error) = claim.save(&large).await {
            assert_eq!(journal.look(large.id()).await.unwrap(), None);
            failed = Some(error);
            break;
        }
    }
    let shown = in_full(&failed.unwrap());
    assert_says(&shown, "the database's disk is full");
    let stored = journal.look(first.id()).await.unwrap().unwrap();
    assert_eq!(stored.operation, first);
}

#[tokio::test]
async fn a_server_that_is_away_for_a_moment_is_waited_for_and_one_that_stays_away_is_not() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let journal = cluster.journal().await;
    let record = operation();
    let mut claim = journal.claim(record.id()).await.unwrap();
    claim.save(&record).await.unwrap();
    cluster.stop();
    let (saved, ()) = tokio::join!(claim.save(&record), async { cluster.go_on() });
    saved.unwrap();

    let hasty = cluster.settings().patience(Duration::from_millis(100));
    let hasty = PostgresJournal::connect(hasty).await.unwrap();
    cluster.stop();
    let shown = in_full(&hasty.look(record.id()).await.unwrap_err());
    let words = [
        "the database cannot be reached",
        "the connection to the database was lost",
    ];
    assert!(words.iter().any(|words| shown.contains(words)), "{shown}");
}
