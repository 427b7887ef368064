//! Shows that processes keep each other out, and that a dead one keeps nobody out.
//!
//! **Invariant:** the other processes are this test binary again, running [`the_other_process`] alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use podpis_operation::{
    Held, Journal, JournalError, Listing, OperationId, Revision, Timestamp, Which,
};

use super::{FolderJournal, journal, names, operation, put};

const ROLE: &str = "PODPIS_JOURNAL_TEST_ROLE";
const FOLDER: &str = "PODPIS_JOURNAL_TEST_FOLDER";
const ID: &str = "PODPIS_JOURNAL_TEST_ID";
const ROUNDS: u64 = 20;
/// More than a process may have files open, as systems have it.
const MANY: usize = 1_500;

/// Does nothing unless a test of this file started it.
#[tokio::test]
async fn the_other_process() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let journal = FolderJournal::at(std::env::var(FOLDER).unwrap()).unwrap();
    let id: OperationId = std::env::var(ID).unwrap().parse().unwrap();
    match role.as_str() {
        "hold" => {
            let claim = journal.claim(&id).await.unwrap();
            tell("claimed");
            hear();
            drop(claim);
        }
        "save" => {
            let operation = journal.open().await.unwrap().remove(0);
            tell("ready");
            let mut held = Held {
                id,
                key: serde_json::from_str(&hear()).unwrap(),
                revision: Revision::NONE,
            };
            let mut won = 0;
            // A conflict means that the stored revision is already a later one, so none is tried too early.
            for round in 1..=ROUNDS {
                held.revision = Revision::from_number(round);
                match journal.save(&held, &operation, None).await {
                    Ok(_) => won += 1,
                    Err(JournalError::Conflict { .. }) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            tell(&format!("won {won}"));
        }
        "hold many" => {
            let mut claims = Vec::new();
            for _ in 0..MANY {
                let operation = operation();
                let mut claim = journal.claim(operation.id()).await.unwrap();
                claim.save(&operation).await.unwrap();
                claims.push(claim);
            }
            let open = std::fs::read_dir("/proc/self/fd").unwrap().count();
            tell(&format!("{} {open}", claims.len()));
            hear();
        }
        "fail to save" => {
            let mut claim = journal.claim(&id).await.unwrap();
            let record = claim.record().unwrap().clone();
            match claim.save(&record).await {
                Err(JournalError::Storage { place, .. }) => tell(&format!("failed {place}")),
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other}"),
    }
}

/// A line that starts with a mark, since the test harness writes to the same place.
fn tell(line: &str) {
    println!("\n> {line}");
}

fn hear() -> String {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    line
}

struct Other {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Other {
    fn start(mut command: Command, role: &str, journal: &FolderJournal, id: &OperationId) -> Self {
        let mut child = command
            .args([
                "--exact",
                "journal::tests::processes::the_other_process",
                "--nocapture",
            ])
            .env(ROLE, role)
            .env(FOLDER, journal.path())
            .env(ID, id.as_str())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn told(&mut self) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some(told) = line.strip_prefix("> ") {
                return told.trim_end().to_owned();
            }
            line.clear();
        }
        panic!("the other process ended: {:?}", self.child.wait());
    }

    fn go_on(&mut self, with: &str) {
        writeln!(self.input, "{with}").unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn this_binary() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

#[tokio::test]
async fn a_killed_process_frees_its_claim() {
    let (_above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let mut other = Other::start(this_binary(), "hold", &journal, operation.id());
    assert_eq!(other.told(), "claimed");
    assert!(matches!(
        journal.claim(operation.id()).await,
        Err(JournalError::Claimed { .. })
    ));
    assert_eq!(
        journal.open().await.unwrap(),
        std::slice::from_ref(&operation),
        "it can still be seen"
    );

    // On Unix this is SIGKILL: nothing of the other process runs any more.
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(claim.record(), Some(&operation));
}

#[tokio::test]
async fn a_process_that_lets_go_frees_its_claim() {
    let (_above, journal) = journal();
    let operation = operation();
    let mut other = Other::start(this_binary(), "hold", &journal, operation.id());
    assert_eq!(other.told(), "claimed");
    assert!(journal.claim(operation.id()).await.is_err());
    other.go_on("");
    assert!(other.child.wait().unwrap().success());
    assert_eq!(names(journal.path()), ["journal.lock"]);
    assert!(journal.claim(operation.id()).await.is_ok());
}

#[tokio::test]
async fn of_many_processes_one_save_wins_each_round() {
    let (_above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let claim = journal.claim(operation.id()).await.unwrap();
    let key = serde_json::to_string(&claim.held().key).unwrap();
    let mut others: Vec<Other> = (0..4)
        .map(|_| Other::start(this_binary(), "save", &journal, operation.id()))
        .collect();
    for other in &mut others {
        assert_eq!(other.told(), "ready");
    }
    for other in &mut others {
        other.go_on(&key);
    }
    let won: u64 = others
        .iter_mut()
        .map(|other| {
            let told = other.told();
            let won = told.strip_prefix("won ").unwrap();
            won.parse::<u64>().unwrap()
        })
        .sum();
    assert_eq!(won, ROUNDS);
    drop(claim);
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(claim.revision(), Revision::from_number(ROUNDS + 1));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_thousand_claims_hold_no_more_files_than_one() {
    let (_above, journal) = journal();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    let mut other = Other::start(limited, "hold many", &journal, &OperationId::random());
    let told = other.told();
    let (held, open) = told.split_once(' ').unwrap();
    assert_eq!(held, MANY.to_string());
    assert!(open.parse::<usize>().unwrap() < 32, "{open} files are open");

    let due = Listing::of(Which::Due(Timestamp::from_millis(1_000)));
    assert_eq!(journal.list(&due).await.unwrap().records, []);
    let all = journal.open().await.unwrap();
    assert_eq!(all.len(), MANY);
    assert!(journal.claim(all[7].id()).await.is_err());
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    journal.claim(all[7].id()).await.unwrap();
    assert_eq!(
        journal.list(&due.limit(MANY)).await.unwrap().records.len(),
        Listing::LARGEST
    );
}

/// A limit on the size of files stands in for a full disk: it holds for root too. There is room for a lease file, and not
/// for the record.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_leaves_the_old_record() {
    let (_above, journal) = journal();
    let operation = operation().with_data(serde_json::json!("long ".repeat(1_000)));
    let revision = put(&journal, &operation).await;
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    let mut other = Other::start(limited, "fail to save", &journal, operation.id());
    let named = format!(
        "failed {}/{}.json",
        journal.path().display(),
        operation.id()
    );
    assert_eq!(other.told(), named);
    assert!(other.child.wait().unwrap().success());

    let left = names(journal.path());
    assert!(left.iter().all(|name| !name.ends_with(".tmp")), "{left:?}");
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(
        (claim.record(), claim.revision()),
        (Some(&operation), revision)
    );
}
