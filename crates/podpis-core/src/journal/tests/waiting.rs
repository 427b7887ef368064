//! Shows how long another program is waited for that has locked the folder, and that nobody waits unseen.
//!
//! **Invariant:** time is injected; the lock is held by a handle of its own, as another program would hold it.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{Either, join, join_all, select};
use podpis_operation::{Journal, JournalError, Listing, Which};

use super::{FolderJournal, TempDir, accepted, journal, operation, put};
use crate::ErrorChain;
use crate::wait::{ManualTime, Time as _};

const LONGEST: Duration = Duration::from_secs(20);

/// A journal with a clock that tests move, and how often it has told that it waits.
fn waiting() -> (TempDir, FolderJournal, ManualTime, Arc<AtomicUsize>) {
    let (above, journal) = journal();
    let (time, told) = (ManualTime::new(), Arc::new(AtomicUsize::new(0)));
    let (lock, count) = (journal.path().join("journal.lock"), Arc::clone(&told));
    let journal = journal
        .time(time.clone())
        .waiting_at_most(LONGEST)
        .telling_of_waits(move |path| {
            assert_eq!(path, lock);
            count.fetch_add(1, Ordering::SeqCst);
        });
    (above, journal, time, told)
}

fn is_locked(error: &JournalError) {
    let text = ErrorChain(error).to_string();
    assert!(matches!(error, JournalError::Storage { .. }), "{text}");
    for words in ["journal.lock", "another program has locked it"] {
        assert!(text.contains(words), "{text}");
    }
}

#[tokio::test]
async fn a_lock_that_stays_is_told_of_and_given_up_once_for_all() {
    let (_above, journal, time, told) = waiting();
    let operation = operation();
    put(&journal, &operation).await;
    let mut claim = journal.claim(operation.id()).await.unwrap();
    let lock = journal.folder.try_lock().unwrap().unwrap();
    is_locked(&claim.save(&accepted(operation.clone())).await.unwrap_err());
    assert_eq!(told.load(Ordering::SeqCst), 1);
    assert_eq!(time.elapsed(), LONGEST);

    // Of the next ones each looks once.
    let id = operation.id();
    let claims = join_all((0..100).map(|_| journal.forget(id))).await;
    for error in claims {
        is_locked(&error.unwrap_err());
    }
    let all = journal.list(&Listing::of(Which::All)).await.unwrap();
    assert_eq!(all.records.len(), 1, "a look needs no lock");
    assert_eq!((told.load(Ordering::SeqCst), time.elapsed()), (1, LONGEST));

    drop(lock);
    claim.save(&accepted(operation.clone())).await.unwrap();
    // From now on it is waited for again.
    let _lock = journal.folder.try_lock().unwrap().unwrap();
    is_locked(&journal.forget(id).await.unwrap_err());
    assert_eq!(
        (told.load(Ordering::SeqCst), time.elapsed()),
        (2, 2 * LONGEST)
    );
}

#[tokio::test]
async fn a_lock_that_comes_free_in_time_is_taken_and_nothing_is_told() {
    let (_above, journal, time, told) = waiting();
    let operation = operation();
    let lock = journal.folder.try_lock().unwrap().unwrap();
    let freeing = async {
        time.sleep(Duration::from_secs(4)).await;
        drop(lock);
    };
    let (claim, ()) = join(journal.claim(operation.id()), freeing).await;
    claim.unwrap();
    assert_eq!(told.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn who_is_about_to_end_waits_a_second() {
    let (_above, journal, time, told) = waiting();
    let operation = operation();
    let lock = journal.folder.try_lock().unwrap().unwrap();
    let ending = async {
        time.sleep(Duration::from_millis(500)).await;
        journal.clone().hurry();
    };
    let (claim, ()) = join(journal.claim(operation.id()), ending).await;
    is_locked(&claim.unwrap_err());
    assert_eq!(time.elapsed(), Duration::from_secs(1));
    assert_eq!(told.load(Ordering::SeqCst), 0);
    drop(lock);
    assert!(journal.claim(operation.id()).await.is_ok(), "it is free");
}

#[tokio::test]
async fn a_future_that_is_dropped_waits_no_more_and_changes_nothing() {
    let (_above, journal, time, _) = waiting();
    let operation = operation();
    put(&journal, &operation).await;
    let lock = journal.folder.try_lock().unwrap().unwrap();
    let forgetting = journal.forget(operation.id());
    let second = pin!(time.sleep(Duration::from_secs(1)));
    match select(forgetting, second).await {
        Either::Left((forgotten, _)) => panic!("{forgotten:?}"),
        Either::Right(((), forgetting)) => drop(forgetting),
    }
    drop(lock);
    let claim = journal.claim(operation.id()).await.unwrap();
    assert_eq!(claim.record(), Some(&operation));
}
