//! Thousands of operations at once.

use std::collections::HashSet;
use std::sync::OnceLock;

use podpis_operation::MemoryJournal;

use super::*;
use crate::wait::{ManualTime, Time as _};

/// What a month of work leaves open in the morning.
const MANY: u64 = 10_000;

#[tokio::test]
async fn ten_thousand_end_with_twenty_in_flight_and_are_asked_by_the_schedule() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    let mut scheduled = 0;
    for number in 0..MANY {
        let seconds = 60 + number % 120;
        let place = format!("box {}", number % 50);
        post.send(&journal, &place, post.letter(number, seconds))
            .await;
        scheduled += post.schedule(Duration::from_secs(seconds));
    }
    post.office().answer = Duration::from_millis(2);
    let (driver, mut news) = builder(&post, &journal).in_flight(20).start();
    let ends = ends(&mut news, 10_000).await;
    let each: HashSet<_> = ends.iter().map(|ended| ended.operation.id()).collect();
    assert_eq!(each.len(), 10_000);
    assert!(
        ends.iter()
            .all(|ended| ended.result.is_ok() && ended.is_stored)
    );
    driver.shutdown().await;
    assert!(news.next().await.is_none());
    assert_all_over(&journal).await;

    let polls = post.polls();
    assert_eq!(post.office().starts, 10_000);
    assert!(polls * 100 <= scheduled * 102, "{polls} of {scheduled}");
    // What is never asked ends late.
    assert!(polls * 100 >= scheduled * 90, "{polls} of {scheduled}");
    let most = post.office().most_in_flight;
    assert!((10..=20).contains(&most), "{most}");
    assert!(time.elapsed() < 200 * SECOND, "{:?}", time.elapsed());
    let counts = driver.counts();
    assert_eq!((counts.done, counts.in_flight), (10_000, 0));
}

#[tokio::test]
async fn no_pause_is_left_out_or_cut_short() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    post.send(&journal, "box", post.letter(0, 40)).await;
    let (_driver, mut news) = builder(&post, &journal).start();
    ends(&mut news, 1).await;
    let polls = post.office().polls[&0].clone();
    let mut at = Duration::ZERO;
    for (number, poll) in polls.iter().enumerate() {
        let pause = crate::wait::PollPolicy::default().pause(number.try_into().unwrap(), None);
        assert!(*poll >= at + pause, "{number}: {poll:?}");
        assert!(*poll <= at + pause + SECOND / 5, "{number}: {poll:?}");
        at = *poll;
    }
    assert_eq!(polls.len(), post.schedule(40 * SECOND));
}

#[tokio::test]
async fn looks_for_others_cut_no_pause_short() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    post.send(&journal, "box", post.letter(0, 60)).await;
    let (_driver, mut news) = builder(&post, &journal).start();
    for number in 1..=25 {
        post.send(&journal, "box", post.letter(number, 1)).await;
        ends(&mut news, 1).await;
    }
    ends(&mut news, 1).await;
    assert_eq!(post.office().polls[&0].len(), post.schedule(60 * SECOND));
}

#[tokio::test]
async fn a_box_that_does_not_answer_keeps_no_other_waiting() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, other) = (Post::at("post", &time), Post::at("other", &time));
    let journal = MemoryJournal::new();
    post.office().slow.insert("slow".to_owned(), 40 * SECOND);
    for number in 0..2_000 {
        post.send(&journal, "slow", post.letter(number, 1)).await;
    }
    // They come last, so they are the last that are due.
    time.advance(10 * SECOND);
    let mut quick = HashSet::new();
    for number in 2_000..2_010 {
        quick.insert(post.send(&journal, "quick", post.letter(number, 1)).await);
        quick.insert(other.send(&journal, "any", other.letter(number, 1)).await);
    }
    let began = time.elapsed();
    let clients = clients(&post).and(clients(&other));
    let (driver, mut news) = Driver::builder(Arc::new(journal.clone()), clients)
        .time(time.clone())
        .start();
    let mut ended = HashSet::new();
    while !quick.is_subset(&ended) {
        let Some(News::Ended(one)) = news.next().await else {
            panic!("there are only ends");
        };
        ended.insert(one.operation.id().clone());
    }
    // Before the slow box has answered once. Behind all of its letters they would wait for an hour.
    let took = time.elapsed() - began;
    assert!(took < 40 * SECOND, "{took:?}");
    assert!(ended.len() < 100, "{}", ended.len());
    driver.shutdown().await;
}

#[tokio::test]
async fn results_that_take_long_keep_no_poll_waiting() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    for number in 0..100 {
        post.send(&journal, "box", post.letter(number, 1)).await;
    }
    let gate = Arc::new(OnceLock::new());
    post.office().held_up = Some(Arc::clone(&gate));
    let (driver, mut news) = builder(&post, &journal).in_flight(4).start();
    for _ in 0..100_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(post.polls(), 100, "all are over, and no result is made");
    gate.set(()).unwrap();
    assert_eq!(ends(&mut news, 100).await.len(), 100);
    driver.shutdown().await;
    assert_all_over(&journal).await;
}

/// What waits is neither claimed nor stored anew for each poll, and others have it when its driver is gone.
#[tokio::test]
async fn what_is_due_soon_stays_in_hand_and_is_given_back_at_the_end() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    let id = post.send(&journal, "box", post.letter(1, 200)).await;
    let stored = journal.look(&id).await.unwrap().unwrap();
    let (driver, mut news) = builder(&post, &journal).start();
    for _ in 0..100 {
        time.sleep(SECOND).await;
    }
    assert!(post.polls() > 5, "{}", post.polls());
    assert!(journal.claim(&id).await.is_err(), "it is somebody's");
    assert_eq!(journal.look(&id).await.unwrap().unwrap(), stored);
    let counts = driver.counts();
    assert_eq!((counts.all_open(), counts.due, counts.late), (1, 0, 0));
    driver.shutdown().await;
    assert_free(&journal, &id).await;
    assert!(news.next().await.is_none());

    let (driver, mut news) = builder(&post, &journal).start();
    ends(&mut news, 1).await;
    driver.shutdown().await;
    assert_all_over(&journal).await;
}

#[tokio::test]
async fn what_is_begun_later_joins() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    let (driver, mut news) = builder(&post, &journal).start();
    time.sleep(100 * SECOND).await;
    post.send(&journal, "box", post.letter(1, 5)).await;
    driver.look();
    let ended = ends(&mut news, 1).await;
    assert_eq!(ended[0].result.as_deref().unwrap(), "letter 1");
    // Nobody says that there is another one.
    post.send(&journal, "box", post.letter(2, 5)).await;
    ends(&mut news, 1).await;
    assert!(time.elapsed() < 130 * SECOND, "{:?}", time.elapsed());
}

#[tokio::test]
async fn what_is_shut_down_is_stored_and_goes_on_later() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    for number in 0..300 {
        post.send(&journal, "box", post.letter(number, 30 + number % 60))
            .await;
    }
    post.office().answer = 10 * SECOND / 1000;
    let (driver, mut news) = builder(&post, &journal).start();
    let mut ended = ends(&mut news, 50).await.len();
    // Nobody takes the news any more, and what is in flight is told all the same.
    driver.shutdown().await;
    while let Some(told) = news.next().await {
        assert!(matches!(told, News::Ended(_)), "{told:?}");
        ended += 1;
    }
    assert_eq!(post.office().in_flight, 0);
    let polls = post.polls();
    time.sleep(100 * SECOND).await;
    assert_eq!(post.polls(), polls, "nothing goes on");
    let mut open = 0;
    for operation in journal.open().await.unwrap() {
        assert_free(&journal, operation.id()).await;
        open += usize::from(!operation.state().is_final());
    }
    assert_eq!(open + ended, 300);

    let (driver, mut news) = builder(&post, &journal).start();
    ends(&mut news, open).await;
    driver.shutdown().await;
    assert_all_over(&journal).await;
}

#[tokio::test]
async fn a_driver_ends_when_nobody_takes_the_news() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    let id = post.send(&journal, "box", post.letter(1, 30)).await;
    let (driver, news) = builder(&post, &journal).start();
    time.sleep(5 * SECOND).await;
    drop(news);
    time.sleep(100 * SECOND).await;
    assert!(
        !journal
            .look(&id)
            .await
            .unwrap()
            .unwrap()
            .operation
            .state()
            .is_final()
    );
    driver.shutdown().await;
}

#[tokio::test]
async fn ends_of_before_are_told_where_that_is_asked_for() {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    let (post, journal) = (Post::at("post", &time), MemoryJournal::new());
    let refused = post::Delivering {
        is_refused: true,
        ..post.letter(2, 1)
    };
    post.send(&journal, "box", post.letter(1, 1)).await;
    post.send(&journal, "box", refused).await;
    let (driver, mut news) = builder(&post, &journal).start();
    ends(&mut news, 2).await;
    driver.shutdown().await;

    let (driver, mut news) = builder(&post, &journal).with_finished().start();
    let results: HashSet<_> = ends(&mut news, 2)
        .await
        .into_iter()
        .map(|ended| ended.result.map_err(|error| error.refusal().cloned()))
        .map(|result| format!("{result:?}"))
        .collect();
    let expected = ["Ok(\"letter 1\")", "Err(Some(Expired))"];
    assert_eq!(results, expected.map(str::to_owned).into());
    driver.shutdown().await;
    assert!(news.next().await.is_none());
}
