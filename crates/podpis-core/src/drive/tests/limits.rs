//! What happens where the system allows no more: few files are open however many operations are, and where there is no
//! room a start is refused before anything is sent, and what runs goes on.
//!
//! **Invariant:** real files. Where a limit matters the test is started again, as a process of its own that has it.

use std::process::Command;

use futures_util::future::join_all;
use podpis_operation::{Listing, Operation, Which};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::*;
use crate::ErrorKind;
use crate::journal::FolderJournal;
use crate::wait::{ManualTime, OperationClient as _, OperationKind as _, Run, Time as _};

/// Longer than any test here, on its clock.
const LONG: Duration = Duration::from_secs(10_000_000);

/// Set in the process that has the limit.
const LIMITED: &str = "PODPIS_DRIVE_TEST_LIMITED";

/// So many files may be open.
const FILES: usize = 64;

/// So many operations are, several times as many.
fn many() -> u64 {
    let told = std::env::var("PODPIS_DRIVE_OPEN");
    told.map_or(150, |many| many.parse().unwrap())
}

fn is_limited() -> bool {
    std::env::var_os(LIMITED).is_some()
}

/// Runs one test of this file again, alone and under the limit.
fn run_limited(test: &str) {
    let command = format!("ulimit -n {FILES}; exec \"$0\" \"$@\"");
    let child = Command::new("sh")
        .args(["-c", &command])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("drive::tests::limits::{test}")])
        .arg("--nocapture")
        .env(LIMITED, "")
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(told.contains("1 passed"), "{told}");
}

/// From now on no file may be opened whose number is not less than that.
fn may_open(files: u64) {
    let limit = getrlimit(Resource::Nofile);
    let current = Some(files);
    setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
}

/// A journal in a folder, and a driver of it.
struct Limited {
    post: Post,
    journal: FolderJournal,
    _folder: tempfile::TempDir,
}

impl Limited {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
        Self {
            post: Post::at("post", &time),
            journal: FolderJournal::at(folder.path()).unwrap(),
            _folder: folder,
        }
    }

    fn start(&self) -> (Driver<String>, Outcomes<String>) {
        let journal = Arc::new(self.journal.clone());
        Driver::builder(journal, clients(&self.post))
            .time(self.post.time.clone())
            .in_flight(2 * FILES)
            // The clock moves when nobody is seen at work, and a disk is not seen: no claim may run out by that.
            .lease(LONG)
            .start()
    }

    /// Starts delivering a letter, and says why it was not.
    async fn try_start(&self, number: u64) -> Result<OperationId, crate::Error> {
        let (time, origin) = (&self.post.time, self.post.origin().in_place("box"));
        let operation = Operation::prepare(Letter::KIND, origin, time.now().into());
        let letter = self.post.letter(number, 1);
        let post = self.post.clone();
        let run = Run::<Letter>::start(post, &self.journal, operation, letter, ()).await?;
        Ok(run.operation().id().clone())
    }
}

#[test]
fn many_are_started_looked_at_and_driven_with_few_files() {
    if !is_limited() {
        return run_limited("many_are_started_looked_at_and_driven_with_few_files");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (limited, many) = (Limited::new(), many());
        let post = &limited.post;
        let starts = (0..many).map(|number| {
            let letter = post.letter(number, 5 + number % 60);
            post.send(&limited.journal, "box", letter)
        });
        let ids = join_all(starts).await;
        let looks = join_all(ids.iter().map(|id| limited.journal.look(id))).await;
        assert!(looks.into_iter().all(|look| look.unwrap().is_some()));
        let (driver, mut news) = limited.start();
        let ended = ends(&mut news, ids.len()).await;
        let is_good = |one: &Ended<String>| one.result.is_ok() && one.is_stored;
        assert!(ended.iter().all(is_good));
        driver.shutdown().await;
        let scheduled: usize = (0..many)
            .map(|number| post.schedule(Duration::from_secs(5 + number % 60)))
            .sum();
        let polls = post.polls();
        assert!(polls * 100 <= scheduled * 102, "{polls} of {scheduled}");
        let open = limited.journal.list(&Listing::of(Which::Open)).await;
        assert_eq!(open.unwrap().records, []);
    });
}

#[test]
fn where_no_file_can_be_opened_a_start_is_refused_and_what_runs_is_kept() {
    if !is_limited() {
        return run_limited("where_no_file_can_be_opened_a_start_is_refused_and_what_runs_is_kept");
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let limited = Limited::new();
        let (post, time) = (&limited.post, &limited.post.time);
        let letter = post.letter(1, 2_000);
        let running = post.send(&limited.journal, "box", letter).await;
        let (driver, mut news) = limited.start();
        while post.polls() < 2 {
            time.sleep(SECOND).await;
        }
        // As when what else the program does has taken all of them.
        may_open(0);
        for number in 2..5 {
            let refused = limited.try_start(number).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Journal, "{refused:?}");
            assert!(!refused.may_have_been_applied());
        }
        assert_eq!(post.office().starts, 1, "nothing was sent");
        time.sleep(1_000 * SECOND).await;
        may_open(FILES as u64);

        let mut expected = vec![running, limited.try_start(5).await.unwrap()];
        let mut ended = Vec::new();
        while ended.len() < 2 {
            match news.next().await.unwrap() {
                // What could not be stored is told all the same, and again when it was.
                News::Ended(one) if !one.is_stored => {}
                News::Ended(one) => {
                    assert!(one.result.is_ok(), "{one:?}");
                    ended.push(one.operation.id().clone());
                }
                // It could not be looked through for a while.
                News::JournalFails(_) => {}
                other => panic!("{other:?}"),
            }
        }
        ended.sort();
        expected.sort();
        assert_eq!(ended, expected, "what ran goes on");
        assert_eq!(post.office().starts, 2);
        driver.shutdown().await;
        let all = limited.journal.open().await.unwrap();
        assert_eq!(all.len(), 2, "what was refused left nothing behind");
    });
}
