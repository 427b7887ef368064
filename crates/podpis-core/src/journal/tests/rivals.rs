//! Shows that many tasks may use one folder at once.
//!
//! **Invariant:** each task has a journal of its own, so that only the files keep them apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::{join, join_all};
use podpis_operation::{Journal, JournalError, Revision};

use super::{FolderJournal, accepted, journal, names, operation};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_journals_one_save_wins() {
    let (_above, journal) = journal();
    let operation = operation();
    let claim = journal.claim(operation.id()).await.unwrap();
    let mut held = claim.held().clone();
    for round in 0..10 {
        held.revision = Revision::from_number(round);
        let savers: Vec<_> = (0..8)
            .map(|_| {
                let journal = FolderJournal::at(journal.path()).unwrap();
                let (held, operation) = (held.clone(), operation.clone());
                tokio::spawn(async move { journal.save(&held, &operation, None).await })
            })
            .collect();
        let mut won = 0;
        for saver in savers {
            match saver.await.unwrap() {
                Ok(revision) => {
                    assert_eq!(revision, held.revision.next());
                    won += 1;
                }
                Err(JournalError::Conflict { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1);
    }
}

/// The id is never saved, so its claim file is made and removed all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_claim_file_that_comes_and_goes_lets_in_one_at_a_time() {
    let (_above, journal) = journal();
    let operation = operation();
    let driven = Arc::new(AtomicBool::new(false));
    let claims = Arc::new(AtomicU32::new(0));
    let rivals: Vec<_> = (0..8)
        .map(|rival| {
            let journal = FolderJournal::at(journal.path()).unwrap();
            let id = operation.id().clone();
            let (driven, claims) = (Arc::clone(&driven), Arc::clone(&claims));
            tokio::spawn(async move {
                for _ in 0..100 {
                    match journal.claim(&id).await {
                        Ok(claim) => {
                            assert!(!driven.swap(true, Ordering::SeqCst), "two drive it");
                            claims.fetch_add(1, Ordering::SeqCst);
                            tokio::task::yield_now().await;
                            driven.store(false, Ordering::SeqCst);
                            drop(claim);
                        }
                        Err(JournalError::Claimed { .. }) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                    match rival {
                        0 => drop(journal.open().await.unwrap()),
                        1 => journal.forget(&id).await.unwrap(),
                        _ => {}
                    }
                }
            })
        })
        .collect();
    for rival in rivals {
        rival.await.unwrap();
    }
    assert!(claims.load(Ordering::SeqCst) > 0);
    journal.open().await.unwrap();
    assert_eq!(names(journal.path()), ["journal.lock"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_operations_go_their_way_through_one_journal() {
    let (_above, journal) = journal();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let journal = journal.clone();
            tokio::spawn(async move {
                let first = operation();
                let mut claim = journal.claim(first.id()).await.unwrap();
                claim.save(&first).await.unwrap();
                assert!(journal.open().await.unwrap().contains(&first));
                let second = accepted(first);
                claim.save(&second).await.unwrap();
                drop(claim);
                let claim = journal.claim(second.id()).await.unwrap();
                assert_eq!(claim.record(), Some(&second));
                claim.forget().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(journal.open().await.unwrap().is_empty());
    assert!(journal.unreadable().is_empty(), "no half record was seen");
    assert_eq!(names(journal.path()), ["journal.lock"]);
}

#[tokio::test]
async fn a_claim_that_nobody_waits_for_any_more_is_free() {
    let (_above, journal) = journal();
    let operation = operation();
    for _ in 0..20 {
        // Polled once, so that its work is under way, and dropped.
        drop(journal.claim(operation.id()).now_or_never());
    }
    // The last of them may still be at work; it lets go without being asked.
    let mut claim = journal.claim(operation.id()).await;
    for _ in 0..1000 {
        if claim.is_ok() {
            break;
        }
        claim = journal.claim(operation.id()).await;
    }
    assert!(claim.is_ok(), "{claim:?}");
}

#[tokio::test]
async fn changes_that_arrive_together_are_made_in_few_turns() {
    let (_above, journal) = journal();
    let operations: Vec<_> = (0..40).map(|_| operation()).collect();
    let claims = operations.iter().map(|one| journal.claim(one.id()));
    let claims = join_all(claims).await;
    assert!(claims.iter().all(Result::is_ok));
    let turns = journal.folder.counted.turns();
    assert!(turns <= 4, "{turns}");
}

/// Each has its own outcome all the same: one was overtaken.
#[tokio::test]
async fn saves_that_arrive_together_are_made_safe_together() {
    let (_above, journal) = journal();
    let mut claims = Vec::new();
    for _ in 0..40 {
        let operation = operation();
        let claim = journal.claim(operation.id()).await.unwrap();
        claims.push((claim, operation));
    }
    let mut overtaken = claims[7].0.held().clone();
    overtaken.revision = Revision::from_number(9);
    let seventh = claims[7].1.clone();
    let overtaken = journal.save(&overtaken, &seventh, None);
    let saves = claims.iter_mut().map(|(claim, one)| claim.save(one));
    let (saved, overtaken) = join(join_all(saves), overtaken).await;
    assert!(saved.into_iter().all(|saved| saved.is_ok()));
    assert!(matches!(overtaken, Err(JournalError::Conflict { .. })));
    let syncs = journal.folder.counted.syncs();
    assert!(syncs <= 20, "{syncs}");
    assert_eq!(journal.open().await.unwrap().len(), 40);
}
