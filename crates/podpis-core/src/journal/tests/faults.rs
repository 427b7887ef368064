//! Shows what happens when the folder is not as it should be.
//!
//! **Invariant:** every failure names its place, and nothing is lost or changed by it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use podpis_operation::{Journal, JournalError, Listing, OperationId, Revision, Timestamp, Which};

use super::{FolderJournal, accepted, journal, names, operation, put};
use crate::ErrorChain;

fn place(error: JournalError) -> String {
    match error {
        JournalError::Storage { place, .. } => place,
        other => panic!("not a failure of the storage: {other:?}"),
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let above = tempfile::tempdir().unwrap();
    let file = above.path().join("file");
    fs::write(&file, "").unwrap();
    for bad in [file.clone(), file.join("journal")] {
        let named = place(FolderJournal::at(&bad).unwrap_err());
        assert_eq!(named, bad.display().to_string());
    }
    place(FolderJournal::at("").unwrap_err());
}

#[tokio::test]
async fn a_folder_that_is_gone_is_named_by_every_method() {
    let (_above, journal) = journal();
    let operation = operation();
    let mut claim = journal.claim(operation.id()).await.unwrap();
    fs::remove_dir_all(journal.path()).unwrap();
    for error in [
        journal.open().await.unwrap_err(),
        journal.claim(operation.id()).await.unwrap_err(),
        claim.save(&operation).await.unwrap_err(),
        claim
            .renew(operation.created(), Duration::ZERO)
            .await
            .unwrap_err(),
        journal.list(&Listing::of(Which::All)).await.unwrap_err(),
        journal.forget(operation.id()).await.unwrap_err(),
    ] {
        let named = place(error);
        assert!(
            named.starts_with(&journal.path().display().to_string()),
            "{named}"
        );
    }
    drop(claim);
    assert!(!journal.path().exists(), "a drop does not bring it back");
}

/// Root may write everywhere, so root cannot see this one.
#[cfg(unix)]
#[tokio::test]
async fn a_read_only_folder_can_be_looked_at_and_nothing_else() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_above, journal) = journal();
    let (operation, other) = (operation(), operation());
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
    let permit = |mode| {
        fs::set_permissions(journal.path(), fs::Permissions::from_mode(mode)).unwrap();
    };
    permit(0o500);
    if fs::write(journal.path().join("probe.txt"), "").is_err() {
        let looked = journal.open().await;
        let saved = claim.save(&operation).await;
        let claimed = journal.claim(other.id()).await;
        let forgotten = journal.forget(operation.id()).await;
        permit(0o700);
        assert_eq!(looked.unwrap(), std::slice::from_ref(&operation));
        for (id, error) in [
            (operation.id(), saved.unwrap_err()),
            (other.id(), claimed.unwrap_err()),
            (operation.id(), forgotten.unwrap_err()),
        ] {
            let named = place(error);
            assert!(named.contains(id.as_str()), "{named}");
        }
    }
    permit(0o700);
    assert_eq!(journal.open().await.unwrap(), [operation]);
}

#[tokio::test]
async fn a_record_that_cannot_be_written_stays_as_it_was() {
    let (_above, journal) = journal();
    let first = operation();
    let mut claim = journal.claim(first.id()).await.unwrap();
    claim.save(&first).await.unwrap();
    // A folder in the place of the temporary file stops root too, whom permissions do not.
    let obstacle = journal.folder.temporary(first.id());
    fs::create_dir(&obstacle).unwrap();

    let second = accepted(first.clone());
    let named = place(claim.save(&second).await.unwrap_err());
    assert_eq!(
        named,
        journal.folder.record(first.id()).display().to_string()
    );
    assert_eq!(journal.open().await.unwrap(), [first]);

    fs::remove_dir(&obstacle).unwrap();
    let saved = claim.save(&second).await;
    assert!(saved.is_ok(), "the revision did not move: {saved:?}");
}

#[tokio::test]
async fn a_save_that_is_not_safe_is_undone() {
    let (_above, journal) = journal();
    let first = operation();
    put(&journal, &first).await;
    let before = fs::read(journal.folder.record(first.id())).unwrap();
    put(&journal, &accepted(first.clone())).await;

    journal.folder.put_back(first.id(), Some(&before));
    assert_eq!(journal.open().await.unwrap(), std::slice::from_ref(&first));
    journal.folder.put_back(first.id(), None);
    assert!(journal.open().await.unwrap().is_empty());
}

#[tokio::test]
async fn one_broken_record_hides_no_other_and_is_named() {
    let (_above, journal) = journal();
    let good = operation();
    put(&journal, &good).await;
    let file = |name: &str| journal.path().join(name);
    let whole = fs::read_to_string(journal.folder.record(good.id())).unwrap();
    fs::write(file("cut.json"), &whole[..whole.len() / 2]).unwrap();
    fs::write(
        file("newer.json"),
        whole.replace("\"version\": 1", "\"version\": 2"),
    )
    .unwrap();
    fs::write(file("renamed.json"), &whole).unwrap();
    fs::write(
        file("unsaved.json"),
        whole
            .replace("\"revision\": 1", "\"revision\": 0")
            .replace(good.id().as_str(), "unsaved"),
    )
    .unwrap();
    fs::write(
        file("wider.json"),
        whole.replace("\"revision\"", "\"lease\": 1, \"revision\""),
    )
    .unwrap();
    fs::create_dir(file("folder.json")).unwrap();
    // None of these has the name of a record.
    for foreign in ["notes.txt", "UPPER.json", "-a.json", "a.b.json", "a.json~"] {
        fs::write(file(foreign), "mine").unwrap();
    }

    assert_eq!(journal.open().await.unwrap(), std::slice::from_ref(&good));
    let found = journal.unreadable();
    let expected = [
        ("cut", "EOF"),
        ("folder", "not a regular file"),
        ("newer", "version 2"),
        ("renamed", good.id().as_str()),
        ("unsaved", "revision is 0"),
        ("wider", "lease"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (record, (name, why)) in found.iter().zip(expected) {
        assert_eq!(record.file(), file(&format!("{name}.json")));
        assert!(record.why().contains(why), "{record}");

        let id: OperationId = name.parse().unwrap();
        let error = journal.claim(&id).await.unwrap_err();
        let text = ErrorChain(&error).to_string();
        assert!(
            matches!(error, JournalError::Unreadable { .. })
                && text.contains(&record.file().display().to_string())
                && text.contains(why),
            "{text}"
        );
    }

    for name in ["cut", "newer", "renamed", "unsaved", "wider"] {
        let id = name.parse().unwrap();
        journal.forget(&id).await.unwrap();
        assert!(journal.claim(&id).await.is_ok());
    }
    fs::remove_dir(file("folder.json")).unwrap();
    journal.open().await.unwrap();
    assert!(journal.unreadable().is_empty());
    assert!(file("notes.txt").exists(), "what is not ours stays");
}

#[tokio::test]
async fn an_unreadable_record_is_never_written_over() {
    let (_above, journal) = journal();
    let operation = operation();
    let file = journal.folder.record(operation.id());
    let claim = journal.claim(operation.id()).await.unwrap();
    let mut held = claim.held().clone();
    fs::write(&file, "{").unwrap();
    for expected in [Revision::NONE, Revision::from_number(1)] {
        held.revision = expected;
        let error = journal.save(&held, &operation, None).await.unwrap_err();
        assert!(matches!(error, JournalError::Unreadable { .. }));
    }
    assert_eq!(fs::read(&file).unwrap(), b"{");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_the_place_of_any_file_keeps_nobody_waiting_and_is_named() {
    for ending in ["json", "lease", "claim", "owner", "tmp"] {
        let (_above, journal) = journal();
        let operation = operation();
        put(&journal, &operation).await;
        let id = operation.id();
        let place = journal.path().join(format!("{id}.{ending}"));
        let _ = fs::remove_file(&place);
        if ending == "owner" {
            let lease = serde_json::json!({
                "key": "k", "owner": "somebody", "lock": id, "ends": u64::MAX,
            });
            fs::write(journal.folder.lease_file(id), lease.to_string()).unwrap();
        }
        make_pipe(&place);
        let looked = journal.open().await.unwrap();
        assert_eq!(looked.is_empty(), ending == "json");
        assert_eq!(journal.unreadable().len(), usize::from(ending == "json"));
        journal.list(&Listing::of(Which::All)).await.unwrap();
        let due = Which::Due(Timestamp::from_millis(u64::MAX - 1));
        journal.list(&Listing::of(due)).await.unwrap();
        match journal.claim(id).await {
            Ok(_) => assert_eq!(ending, "tmp"),
            Err(error) => names_place(&error, &place),
        }
        journal.forget(id).await.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_the_place_of_the_lock_keeps_nobody_waiting_and_is_named() {
    let (_above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let mut claim = journal.claim(operation.id()).await.unwrap();
    let place = journal.folder.lock_file();
    fs::remove_file(&place).unwrap();
    make_pipe(&place);
    let looked = journal.open().await.unwrap();
    assert_eq!(looked, std::slice::from_ref(&operation));
    for error in [
        claim.save(&operation).await.unwrap_err(),
        journal.claim(operation.id()).await.unwrap_err(),
        journal.forget(operation.id()).await.unwrap_err(),
    ] {
        names_place(&error, &place);
    }
}

#[cfg(unix)]
fn make_pipe(place: &Path) {
    let made = std::process::Command::new("mkfifo").arg(place).status();
    assert!(made.unwrap().success());
}

#[cfg(unix)]
fn names_place(error: &JournalError, place: &Path) {
    let text = ErrorChain(error).to_string();
    let words = format!("{} is not a regular file", place.display());
    assert!(text.contains(&words), "{text}");
}

#[tokio::test]
async fn a_crash_before_the_rename_leaves_the_old_record() {
    let (_above, journal) = journal();
    let operation = operation();
    let revision = put(&journal, &operation).await;
    let leftover = journal.folder.temporary(operation.id());
    let crash = || fs::write(&leftover, "{\"revis").unwrap();

    crash();
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(
        (claim.record(), claim.revision()),
        (Some(&operation), revision)
    );
    assert!(!leftover.exists(), "a claim removes it");
    drop(claim);

    crash();
    assert_eq!(
        journal.open().await.unwrap(),
        std::slice::from_ref(&operation)
    );
    assert!(!leftover.exists(), "a look removes it");

    let mut claim = journal.claim(operation.id()).await.unwrap();
    crash();
    claim.save(&accepted(operation)).await.unwrap();
    assert!(!leftover.exists(), "the next save replaces it");
}

#[tokio::test]
async fn a_look_leaves_alone_what_somebody_is_writing() {
    let (_above, journal) = journal();
    let operation = operation();
    let writing = journal.folder.temporary(operation.id());
    fs::write(&writing, "{\"revis").unwrap();
    let lock = journal.folder.try_lock().unwrap().unwrap();
    assert!(
        journal.open().await.unwrap().is_empty(),
        "and does not wait"
    );
    assert!(writing.exists());
    drop(lock);
    journal.open().await.unwrap();
    assert_eq!(names(journal.path()), ["journal.lock"]);
}

#[tokio::test]
async fn a_look_removes_claim_files_that_nobody_holds() {
    let (_above, journal) = journal();
    let (held, saved, over) = (operation(), operation(), operation());
    let claim = journal.claim(held.id()).await.unwrap();
    put(&journal, &saved).await;
    fs::write(journal.folder.claim_file(saved.id()), "").unwrap();
    fs::write(journal.folder.claim_file(over.id()), "").unwrap();

    journal.open().await.unwrap();
    assert!(journal.folder.claim_file(held.id()).exists());
    assert!(!journal.folder.claim_file(over.id()).exists());
    assert!(
        journal.claim(held.id()).await.is_err(),
        "the holder still keeps others out"
    );
    assert!(
        journal.claim(saved.id()).await.is_ok(),
        "a claim file that was left behind locks nobody out"
    );
    drop(claim);
    assert!(!journal.folder.claim_file(held.id()).exists());
}

#[tokio::test]
async fn a_drop_waits_for_nobody_and_frees_at_once() {
    let (_above, journal) = journal();
    let operation = operation();
    let claim = journal.claim(operation.id()).await.unwrap();
    let lock = journal.folder.try_lock().unwrap().unwrap();
    drop(claim);
    let left = fs::read(journal.folder.lease_file(operation.id())).unwrap();
    assert!(
        left.is_empty(),
        "it is given back while somebody else is at work"
    );
    drop(lock);
    let other = FolderJournal::at(journal.path()).unwrap();
    assert!(other.claim(operation.id()).await.is_ok(), "it is free");
    drop(other);
    journal.open().await.unwrap();
    assert_eq!(names(journal.path()), ["journal.lock"]);
}
