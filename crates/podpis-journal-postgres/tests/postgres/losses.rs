//! Connections that are cut at the worst moments.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use podpis_operation::{Journal as _, JournalError, Revision, Timestamp};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use crate::cluster::Cluster;
use crate::{LONG, in_full, lease, operation, put};

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// The statement never reaches the server.
    BeforeIt,
    /// The server has answered, and the answer never comes.
    BeforeTheAnswer,
}

/// What is cut: how often, when, and at statements with which words.
#[derive(Debug, Default)]
struct Plan {
    times: AtomicU32,
    when: Mutex<Option<(Cut, &'static str)>>,
}

impl Plan {
    fn cut(&self, times: u32, when: Cut, words: &'static str) {
        *self.when.lock().unwrap() = Some((when, words));
        self.times.store(times, Ordering::SeqCst);
    }

    fn left(&self) -> u32 {
        self.times.load(Ordering::SeqCst)
    }

    fn cuts(&self, sent: &[u8]) -> Option<Cut> {
        let (when, words) = (*self.when.lock().unwrap())?;
        let hit = sent
            .windows(words.len())
            .any(|part| part == words.as_bytes());
        let next = |left: u32| left.checked_sub(1);
        let counted = || {
            self.times
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next)
        };
        (hit && counted().is_ok()).then_some(when)
    }
}

/// A server behind a line that is cut.
struct Line {
    folder: TempDir,
    plan: Arc<Plan>,
}

impl Line {
    fn to(cluster: &Cluster) -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let plan = Arc::new(Plan::default());
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let server = cluster.socket().join(".s.PGSQL.5432");
        let told = Arc::clone(&plan);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server.clone(), Arc::clone(&told)));
            }
        });
        Self { folder, plan }
    }

    fn settings(&self) -> PostgresSettings {
        let host = self.folder.path().display();
        format!("postgres://podpis@/postgres?host={host}")
            .parse()
            .unwrap()
    }
}

async fn pass(mut client: UnixStream, server: PathBuf, plan: Arc<Plan>) -> std::io::Result<()> {
    let mut server = UnixStream::connect(server).await?;
    let (mut sent, mut said) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    loop {
        tokio::select! {
            length = client.read(&mut sent) => {
                let sent = &sent[..length?];
                let cut = plan.cuts(sent);
                if sent.is_empty() || cut == Some(Cut::BeforeIt) {
                    return Ok(());
                }
                server.write_all(sent).await?;
                if cut.is_some() {
                    // It has answered, so it was executed.
                    return server.read(&mut said).await.map(drop);
                }
            }
            length = server.read(&mut said) => {
                let said = &said[..length?];
                if said.is_empty() {
                    return Ok(());
                }
                client.write_all(said).await?;
            }
        }
    }
}

/// What every claim, save and removal has in it.
const CHANGE: &str = "SET revision = seen + 1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_counts_once_wherever_its_connection_is_cut() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let line = Line::to(&cluster);
    let journal = PostgresJournal::connect(line.settings()).await.unwrap();
    for when in [Cut::BeforeIt, Cut::BeforeTheAnswer] {
        let record = operation();
        let mut claim = journal.claim(record.id()).await.unwrap();
        for saves in 1..=3 {
            line.plan.cut(2, when, CHANGE);
            claim.save(&record).await.unwrap();
            assert_eq!(line.plan.left(), 0, "the connection was cut");
            let stored = journal.look(record.id()).await.unwrap().unwrap();
            assert_eq!(stored.revision, Revision::from_number(saves), "{when:?}");
        }
        // A rival's save is never taken for one's own, though its claim and its revision are the same.
        let held = claim.held().clone();
        journal.save(&held, &record, None).await.unwrap();
        line.plan.cut(1, when, CHANGE);
        let late = claim.save(&record).await;
        assert!(
            matches!(late, Err(JournalError::Conflict { .. })),
            "{late:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_counts_once_wherever_its_connection_is_cut() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let line = Line::to(&cluster);
    let journal = PostgresJournal::connect(line.settings()).await.unwrap();
    for when in [Cut::BeforeIt, Cut::BeforeTheAnswer] {
        let record = operation();
        let mut claim = journal.claim(record.id()).await.unwrap();
        claim.save(&record).await.unwrap();
        line.plan.cut(1, when, CHANGE);
        claim.forget().await.unwrap();
        assert_eq!(line.plan.left(), 0, "the connection was cut");
        let next = journal.claim(record.id()).await.unwrap();
        assert!(next.record().is_none(), "{when:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_whose_answer_is_lost_for_good_says_that_it_is_not_known() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let line = Line::to(&cluster);
    let settings = line.settings().patience(Duration::from_millis(200));
    let journal = PostgresJournal::connect(settings).await.unwrap();
    let record = operation();
    let mut claim = journal.claim(record.id()).await.unwrap();
    line.plan.cut(1_000, Cut::BeforeTheAnswer, CHANGE);
    let shown = in_full(&claim.save(&record).await.unwrap_err());
    let words =
        "the connection to the database was lost, and it is not known whether the change was made";
    assert!(shown.contains(words), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_are_given_once_and_none_is_left_behind_when_connections_are_cut() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let line = Line::to(&cluster);
    let journal = PostgresJournal::connect(line.settings()).await.unwrap();
    for _ in 0..10 {
        put(&journal, &operation(), Some(Timestamp::from_millis(1))).await;
    }
    for when in [Cut::BeforeIt, Cut::BeforeTheAnswer] {
        line.plan.cut(1, when, "INSERT INTO");
        let own = operation();
        let claim = journal.claim(own.id()).await.unwrap();
        assert_eq!(line.plan.left(), 0);
        claim.forget().await.unwrap();

        line.plan.cut(1, when, "SKIP LOCKED");
        let taken = journal.claim_due(&lease("one", LONG), 4).await.unwrap();
        assert_eq!((taken.len(), line.plan.left()), (4, 0));
        let rest = journal.claim_due(&lease("two", LONG), 100).await.unwrap();
        assert_eq!(
            rest.len(),
            6,
            "{when:?}: nothing is held that was not given"
        );
    }
}
