//! Shows who holds an operation when programs of several versions meet, and what dead ones leave.
//!
//! **Invariant:** what an older program did is done here as it did it: it locked `<id>.claim`.

use std::fs::{self, File, TryLockError};
use std::time::Duration;

use podpis_operation::{
    Journal, JournalError, Lease, Listing, OperationId, Owner, Timestamp, Which, conformance,
};

use super::{FolderJournal, accepted, journal, names, operation, put};

/// The owner file of a process that has ended.
const DEAD: &str = "dead";

/// What a process leaves that is killed while it holds the operation.
fn die_holding(journal: &FolderJournal, id: &OperationId) {
    let lease = serde_json::json!({
        "key": "k", "owner": "somebody", "lock": DEAD, "ends": u64::MAX,
    });
    let owner = journal.path().join(format!("{DEAD}.owner"));
    fs::write(&owner, "").unwrap();
    fs::write(journal.folder.lease_file(id), lease.to_string()).unwrap();
    fs::hard_link(owner, journal.folder.claim_file(id)).unwrap();
}

fn lock_as_before(journal: &FolderJournal, id: &OperationId) -> Result<File, TryLockError> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(journal.folder.claim_file(id)).unwrap();
    file.try_lock().map(|()| file)
}

async fn is_claimed(journal: &FolderJournal, id: &OperationId) -> bool {
    match journal.claim(id).await {
        Ok(_) => false,
        Err(JournalError::Claimed { .. }) => true,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_program_of_before_lease_files_is_kept_out_and_keeps_out() {
    let (above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let id = operation.id();
    let claim = journal.claim(id).await.unwrap();
    let locked = lock_as_before(&journal, id);
    assert!(matches!(locked, Err(TryLockError::WouldBlock)));
    drop(claim);

    let older = lock_as_before(&journal, id).unwrap();
    assert!(is_claimed(&journal, id).await);
    let now = Timestamp::from_millis(u64::MAX - 1);
    let due = journal.list(&Listing::of(Which::Due(now))).await.unwrap();
    assert_eq!(due.records, [], "it is in good hands");
    journal.open().await.unwrap();
    journal.forget(id).await.unwrap();
    assert!(is_claimed(&journal, id).await);
    // Its claim file stays where it is, as it did.
    drop(older);
    assert!(!is_claimed(&journal, id).await);
    drop(journal);
    assert_eq!(names(&above.path().join("journal")), ["journal.lock"]);
}

#[tokio::test]
async fn what_a_dead_process_held_is_free_at_once_and_swept() {
    let (_above, journal) = journal();
    let (one, other) = (operation(), operation());
    put(&journal, &one).await;
    for operation in [&one, &other] {
        die_holding(&journal, operation.id());
        assert!(!is_claimed(&journal, operation.id()).await);
        die_holding(&journal, operation.id());
        let owner = journal.path().join(format!("{DEAD}.owner"));
        let alive = File::open(&owner).unwrap();
        alive.try_lock().unwrap();
        assert!(is_claimed(&journal, operation.id()).await, "it lives");
        journal.open().await.unwrap();
        assert!(owner.exists() && journal.folder.lease_file(operation.id()).exists());
        drop(alive);
        journal.open().await.unwrap();
        let record = format!("{}.json", one.id());
        let left = names(journal.path());
        assert!(
            left.iter()
                .all(|name| *name == record || name == "journal.lock"),
            "{left:?}"
        );
    }
}

#[tokio::test]
async fn an_old_program_that_goes_on_for_a_dead_process_is_left_to_it() {
    let (_above, journal) = journal();
    let operation = operation();
    die_holding(&journal, operation.id());
    let older = lock_as_before(&journal, operation.id()).unwrap();
    assert!(is_claimed(&journal, operation.id()).await);
    drop(older);
    assert!(!is_claimed(&journal, operation.id()).await);
}

#[tokio::test]
async fn a_lease_that_a_power_cut_left_empty_holds_nothing() {
    let (_above, journal) = journal();
    let operation = operation();
    for left in [&b""[..], &[0; 100]] {
        fs::write(journal.folder.lease_file(operation.id()), left).unwrap();
        assert!(!is_claimed(&journal, operation.id()).await);
    }
}

#[tokio::test]
async fn a_lease_that_is_damaged_or_of_a_newer_program_is_left_alone_and_named() {
    let (_above, journal) = journal();
    let operation = accepted(operation());
    put(&journal, &operation).await;
    let lease = journal.folder.lease_file(operation.id());
    for text in [
        "{\"key\": \"k\", \"something\": \"newer\"}",
        "{\"key\": \"k\"",
        "\0\0{",
        " ",
    ] {
        fs::write(&lease, text).unwrap();
        match journal.claim(operation.id()).await {
            Err(JournalError::HolderUnknown { place, .. }) => {
                assert_eq!(place, lease.display().to_string());
            }
            other => panic!("{other:?}"),
        }
        let now = Timestamp::from_millis(u64::MAX - 1);
        let due = Listing::of(Which::Due(now));
        assert_eq!(journal.list(&due).await.unwrap().records, []);
        let lease_of_now = Lease::new(Owner::of_this_process(), now, Duration::from_secs(1));
        let claims = journal.claim_due(&lease_of_now, 9).await.unwrap();
        assert!(claims.is_empty());
        let seen = journal.open().await.unwrap();
        assert_eq!(seen, std::slice::from_ref(&operation), "it is seen");
        assert_eq!(fs::read_to_string(&lease).unwrap(), text);
    }
    fs::remove_file(lease).unwrap();
    assert!(!is_claimed(&journal, operation.id()).await);
}

#[tokio::test]
async fn a_record_of_a_newer_program_is_left_alone() {
    let (_above, journal) = journal();
    let operation = operation();
    put(&journal, &operation).await;
    let file = journal.folder.record(operation.id());
    let whole = fs::read_to_string(&file).unwrap();
    for newer in [
        whole.replace("\"version\": 1", "\"version\": 2"),
        whole.replace("\"revision\"", "\"something\": 1, \"revision\""),
    ] {
        fs::write(&file, &newer).unwrap();
        conformance::a_newer_record_is_left_alone(&journal, operation.id()).await;
        assert_eq!(fs::read_to_string(&file).unwrap(), newer);
    }
}

/// What this program leaves is read by one of before due times, wherever the due time is that of the operation.
#[tokio::test]
async fn a_due_time_is_written_where_it_says_more_than_the_operation() {
    let (_above, journal) = journal();
    let operation = accepted(operation());
    let file = journal.folder.record(operation.id());
    let mut claim = journal.claim(operation.id()).await.unwrap();
    let later = Some(Timestamp::from_millis(99));
    for (due, written) in [
        (operation.due(), None),
        (later, Some(serde_json::json!(99))),
        (None, Some(serde_json::json!(null))),
    ] {
        claim.save_due(&operation, due).await.unwrap();
        let json: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(json.get("due"), written.as_ref());
        let stored = journal.look(operation.id()).await.unwrap().unwrap();
        assert_eq!(stored.due, due);
    }
}

#[tokio::test]
async fn who_holds_an_operation_is_told() {
    let (_above, journal) = journal();
    let id = OperationId::random();
    let owner: Owner = "host 7".parse().unwrap();
    let now = Timestamp::from_millis(1);
    let lease = Lease::new(owner.clone(), now, Duration::from_secs(1));
    let _claim = journal.claim_for(&id, &lease).await.unwrap();
    let error = journal.claim(&id).await.unwrap_err();
    assert!(error.to_string().contains("(host 7)"), "{error}");
}

/// A file that is made and removed again costs some file systems more than all else.
#[tokio::test]
async fn the_files_of_claims_are_used_again_and_go_with_the_journal() {
    let (above, journal) = journal();
    let folder = journal.path().to_owned();
    let leases = || {
        let names = names(&folder).into_iter();
        names.filter(|name| name.ends_with(".lease")).count()
    };
    for _ in 0..10 {
        journal.claim(operation().id()).await.unwrap();
        assert_eq!(leases(), 1);
    }
    let mut claims = Vec::new();
    for _ in 0..100 {
        claims.push(journal.claim(&OperationId::random()).await.unwrap());
    }
    drop(claims);
    assert_eq!(leases(), 64, "no more than that are kept");
    drop(journal);
    assert_eq!(names(&above.path().join("journal")), ["journal.lock"]);
}

#[tokio::test]
async fn a_claim_that_was_taken_over_is_neither_given_back_nor_used_again() {
    let (_above, journal) = journal();
    let (one, two) = (OperationId::random(), OperationId::random());
    let at = Timestamp::from_millis(1);
    let short = Lease::new(Owner::of_this_process(), at, Duration::ZERO);
    let late = journal.claim_for(&one, &short).await.unwrap();
    let other = FolderJournal::at(journal.path()).unwrap();
    let later = Timestamp::from_millis(2);
    let long = Lease::new(Owner::of_this_process(), later, Duration::from_secs(1));
    let _taken_over = other.claim_for(&one, &long).await.unwrap();
    drop(late);
    let _next = journal.claim(&two).await.unwrap();
    assert!(is_claimed(&journal, &one).await);
    assert!(is_claimed(&other, &two).await);
}
