//! Several drivers on one folder.

use podpis_operation::{Lease, Timestamp};

use super::*;
use crate::journal::FolderJournal;
use crate::wait::{ManualTime, Time as _};

fn driver(post: &Post, path: &std::path::Path) -> (Driver<String>, Outcomes<String>) {
    // As in a process of its own: another handle, with locks of its own.
    let journal = FolderJournal::at(path).unwrap();
    Driver::builder(Arc::new(journal), clients(post))
        .time(post.time.clone())
        .owner("another process".parse().unwrap())
        // The clock moves when nobody is seen at work, and a disk is not seen: no claim may run out by that.
        .lease(1_000 * SECOND)
        .start()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_drivers_of_one_folder_do_everything_once() {
    let folder = tempfile::tempdir().unwrap();
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let post = Post::at("post", &time);
    let journal = FolderJournal::at(folder.path()).unwrap();
    for number in 0..60 {
        post.send(&journal, "box", post.letter(number, 5)).await;
    }
    let (one, mut first) = driver(&post, folder.path());
    let (two, mut second) = driver(&post, folder.path());
    let mut ended = Vec::new();
    while ended.len() < 60 {
        let news = tokio::select! {
            news = first.next() => news,
            news = second.next() => news,
        };
        match news.unwrap() {
            News::Ended(one) => ended.push(one.operation.id().clone()),
            other => panic!("{other:?}"),
        }
    }
    one.shutdown().await;
    two.shutdown().await;
    assert!(first.next().await.is_none() && second.next().await.is_none());
    ended.sort();
    ended.dedup();
    assert_eq!(ended.len(), 60);
    let polls = post.polls();
    let scheduled = 60 * post.schedule(5 * SECOND);
    assert!(polls * 100 <= scheduled * 102, "{polls} of {scheduled}");
    assert_all_over(&journal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_drives_is_left_to_them_until_their_lease_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let post = Post::at("post", &time);
    let journal = FolderJournal::at(folder.path()).unwrap();
    let id = post.send(&journal, "box", post.letter(1, 5)).await;
    let now = Timestamp::from(time.now());
    let lease = Lease::new("hung".parse().unwrap(), now, 100 * SECOND);
    let held = journal.claim_for(&id, &lease).await.unwrap();
    let (other, mut news) = driver(&post, folder.path());
    ends(&mut news, 1).await;
    assert!(post.office().polls[&1][0] >= 100 * SECOND);
    other.shutdown().await;
    drop(held);
}
