//! Shows that processes keep each other out, and that a dead one keeps nobody out.
//!
//! **Invariant:** the other processes are this test binary again, running [`the_other_process`] alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use podpis_operation::{Journal, JournalError, OperationId, Revision};

use super::{FolderJournal, journal, names, operation};

const ROLE: &str = "PODPIS_JOURNAL_TEST_ROLE";
const FOLDER: &str = "PODPIS_JOURNAL_TEST_FOLDER";
const ID: &str = "PODPIS_JOURNAL_TEST_ID";
const ROUNDS: u64 = 20;

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
            let claimless = journal.open().await.unwrap().remove(0);
            tell("ready");
            hear();
            let mut won = 0;
            // A conflict means that the stored revision is already a later one, so none is tried too early.
            for round in 1..=ROUNDS {
                match journal.save(&claimless, Revision::from_number(round)).await {
                    Ok(_) => won += 1,
                    Err(JournalError::Conflict { .. }) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            tell(&format!("won {won}"));
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

fn hear() {
    std::io::stdin().read_line(&mut String::new()).unwrap();
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

    fn go_on(&mut self) {
        writeln!(self.input).unwrap();
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
    journal.save(&operation, Revision::NONE).await.unwrap();
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
    other.go_on();
    assert!(other.child.wait().unwrap().success());
    assert_eq!(names(journal.path()), ["journal.lock"]);
    assert!(journal.claim(operation.id()).await.is_ok());
}

#[tokio::test]
async fn of_many_processes_one_save_wins_each_round() {
    let (_above, journal) = journal();
    let operation = operation();
    journal.save(&operation, Revision::NONE).await.unwrap();
    let mut others: Vec<Other> = (0..4)
        .map(|_| Other::start(this_binary(), "save", &journal, operation.id()))
        .collect();
    for other in &mut others {
        assert_eq!(other.told(), "ready");
    }
    for other in &mut others {
        other.go_on();
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
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(claim.revision(), Revision::from_number(ROUNDS + 1));
}

/// A limit on the size of files stands in for a full disk: it holds for root too.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_leaves_the_old_record() {
    let (_above, journal) = journal();
    let operation = operation();
    let revision = journal.save(&operation, Revision::NONE).await.unwrap();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
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
