//! Shows what the folder journal promises beyond the contract of every journal.
//!
//! **Invariant:** nothing is mocked: real files, and real processes where another process matters.

mod faults;
mod holding;
mod listings;
mod processes;
mod rivals;
mod waiting;

use std::path::Path;

use podpis_operation::{Event, Journal, Kind, Operation, Origin, Revision, Service, Timestamp};
use tempfile::TempDir;

use super::FolderJournal;

fn operation() -> Operation {
    let origin = Origin::new(Service::Diadoc, "host");
    Operation::prepare(Kind::new("test"), origin, Timestamp::from_millis(1))
}

fn accepted(mut operation: Operation) -> Operation {
    let data = serde_json::json!({"task": 1});
    operation
        .apply(
            Event::Accepted { data: data.into() },
            Timestamp::from_millis(2),
        )
        .unwrap();
    operation
}

fn journal() -> (TempDir, FolderJournal) {
    let above = tempfile::tempdir().unwrap();
    let journal = FolderJournal::at(above.path().join("journal")).unwrap();
    (above, journal)
}

/// Stores a record that nobody holds.
async fn put(journal: &FolderJournal, operation: &Operation) -> Revision {
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(operation).await.unwrap();
    claim.revision()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn obeys_the_contract_on_one_thread() {
    let (_above, journal) = journal();
    podpis_operation::conformance::a_journal_obeys_the_contract(&journal).await;
    assert_eq!(
        names(journal.path()),
        ["journal.lock"],
        "what is over leaves nothing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn obeys_the_contract_on_many_threads() {
    let (_above, journal) = journal();
    podpis_operation::conformance::a_journal_obeys_the_contract(&journal).await;
}

#[tokio::test]
async fn a_record_lives_on_in_another_journal_of_the_same_folder() {
    let (_above, journal) = journal();
    let first = operation();
    let mut claim = journal.claim(first.id()).await.unwrap();
    claim.save(&first).await.unwrap();
    let second = accepted(first);
    claim.save(&second).await.unwrap();
    let revision = claim.revision();
    drop(claim);
    let path = journal.path().to_owned();
    drop(journal);

    let journal = FolderJournal::at(path).unwrap();
    assert_eq!(journal.open().await.unwrap(), std::slice::from_ref(&second));
    let claim = journal.claim(second.id()).await.unwrap();
    assert_eq!(
        (claim.record(), claim.revision()),
        (Some(&second), revision)
    );
}

#[tokio::test]
async fn two_journals_of_one_folder_keep_each_other_out() {
    let (_above, journal) = journal();
    let other = FolderJournal::at(journal.path()).unwrap();
    let operation = operation();
    let claim = journal.claim(operation.id()).await.unwrap();
    assert!(other.claim(operation.id()).await.is_err());
    drop(claim);
    assert!(other.claim(operation.id()).await.is_ok());
}

#[tokio::test]
async fn a_record_is_readable_json() {
    let (_above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let file = journal.path().join(format!("{}.json", operation.id()));
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(json["revision"], 1);
    assert_eq!(json["operation"]["state"]["name"], "starting");
}

#[test]
fn a_relative_folder_is_resolved_and_printed_alone() {
    let journal = FolderJournal::at(".").unwrap();
    let here = std::env::current_dir().unwrap();
    assert_eq!(journal.path(), here);
    assert_eq!(format!("{journal:?}"), format!("FolderJournal({here:?})"));
}

#[cfg(unix)]
#[tokio::test]
async fn what_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let allow = |path: &Path, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).unwrap();
    };
    let (_above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let record = journal.path().join(format!("{}.json", operation.id()));
    for mode in [0o620, 0o602, 0o666] {
        allow(&record, mode);
        let error = journal.claim(operation.id()).await.unwrap_err();
        let text = crate::ErrorChain(&error).to_string();
        let words = format!("(mode {mode:04o})");
        assert!(
            text.contains(&words) && text.contains(record.to_str().unwrap()),
            "{text}"
        );
        assert!(journal.open().await.unwrap().is_empty());
        assert_eq!(journal.unreadable().len(), 1);
    }
    allow(&record, 0o644);
    assert_eq!(journal.open().await.unwrap().len(), 1);
    allow(journal.path(), 0o775);
    let error = FolderJournal::at(journal.path()).unwrap_err();
    let text = crate::ErrorChain(&error).to_string();
    assert!(text.contains("(mode 0775)"), "{text}");
    allow(journal.path(), 0o755);
    FolderJournal::at(journal.path()).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_a_record() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let above = tempfile::tempdir().unwrap();
    let journal = FolderJournal::at(above.path().join("new/journal")).unwrap();
    let operation = operation();
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
    claim.save(&accepted(operation)).await.unwrap();

    assert_eq!(mode(&above.path().join("new")), 0o700);
    assert_eq!(mode(journal.path()), 0o700);
    let files = names(journal.path());
    assert_eq!(
        files.len(),
        5,
        "record, lease, claim, owner and lock: {files:?}"
    );
    for file in files {
        assert_eq!(mode(&journal.path().join(&file)), 0o600, "{file}");
    }
}
