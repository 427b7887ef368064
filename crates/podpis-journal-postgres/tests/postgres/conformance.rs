//! The rules that every journal obeys.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use podpis_journal_postgres::PostgresJournal;
use podpis_operation::conformance::{
    Clock, a_journal_with_a_clock_obeys_the_contract, a_newer_record_is_left_alone,
};
use podpis_operation::{OperationId, Timestamp};
use tokio_postgres::Client;

use crate::bouncer::Bouncer;
use crate::cluster::Cluster;

/// The server's clock. It is not moved: time passes by moving what is stored into the past.
struct ServerClock {
    client: Client,
    now: AtomicU64,
}

impl ServerClock {
    async fn of(cluster: &Cluster) -> Self {
        let client = cluster.client().await;
        let text = "SELECT (extract(epoch FROM now()) * 1000)::bigint";
        let now: i64 = client.query_one(text, &[]).await.unwrap().get(0);
        Self {
            client,
            now: AtomicU64::new(now.cast_unsigned()),
        }
    }
}

#[async_trait::async_trait]
impl Clock for ServerClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst))
    }

    async fn pass(&self, time: Duration) {
        let time = i64::try_from(time.as_millis()).unwrap();
        let text = "UPDATE podpis.operations SET claim_ends = claim_ends - $1, finished_at = finished_at - $1";
        self.client.execute(text, &[&time]).await.unwrap();
    }
}

async fn check(journal: &PostgresJournal, cluster: &Cluster) {
    let clock = ServerClock::of(cluster).await;
    a_journal_with_a_clock_obeys_the_contract(journal, &clock).await;
    let newer = OperationId::random();
    let text = "INSERT INTO podpis.operations (id, revision, version, record, summary, due, due_at) \
                VALUES ($1, 3, 2, '{\"version\": 2}', '{}', 1, 1)";
    clock
        .client
        .execute(text, &[&newer.as_str()])
        .await
        .unwrap();
    let row = async || {
        let text = "SELECT o::text FROM podpis.operations o WHERE id = $1";
        let row = clock.client.query_one(text, &[&newer.as_str()]).await;
        row.unwrap().get::<_, String>(0)
    };
    let before = row().await;
    a_newer_record_is_left_alone(journal, &newer).await;
    assert_eq!(row().await, before);
    // One that says that it can be read.
    let text = "UPDATE podpis.operations SET version = 1";
    clock.client.execute(text, &[]).await.unwrap();
    a_newer_record_of_no_version_is_passed_over(journal, &newer).await;
}

async fn a_newer_record_of_no_version_is_passed_over(
    journal: &PostgresJournal,
    newer: &OperationId,
) {
    use podpis_operation::Journal as _;
    let (lease, good) = (crate::lease("due", crate::LONG), crate::operation());
    crate::put(journal, &good, Some(Timestamp::from_millis(2))).await;
    for _ in 0..2 {
        let taken = journal.claim_due(&lease, 1).await.unwrap();
        let ids: Vec<&OperationId> = taken.iter().map(|claim| claim.id()).collect();
        assert_eq!(ids, [good.id()], "what cannot be read holds nothing up");
        let claimed = journal.claim(newer).await;
        assert!(
            matches!(
                claimed,
                Err(podpis_operation::JournalError::Unreadable { .. })
            ),
            "{claimed:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_obeys_the_contract() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    check(&cluster.journal().await, &cluster).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_behind_a_pooler_obeys_the_contract() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let Some(bouncer) = Bouncer::start(&cluster).await else {
        return;
    };
    let journal = PostgresJournal::connect(bouncer.settings()).await.unwrap();
    check(&journal, &cluster).await;
}
