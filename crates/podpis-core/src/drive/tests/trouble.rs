//! What goes wrong keeps nothing from its end, and nothing is tried again and again without a pause.

use std::sync::Mutex;

use podpis_operation::{Event, JournalError, Kind, Listing, Operation, Origin, Service, Timestamp};

use super::*;
use crate::ErrorKind;
use crate::journal::probed::{Probe, Probed, no_room};
use crate::wait::{ManualTime, OperationClient as _, OperationKind as _, Time as _};
use post::Delivering;

fn stage() -> (ManualTime, Post, MemoryJournal) {
    let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
    (time.clone(), Post::at("post", &time), MemoryJournal::new())
}

/// Stores an operation that is at work and due.
async fn put(journal: &MemoryJournal, operation: &Operation, data: serde_json::Value) {
    let mut operation = operation.clone();
    let event = Event::Accepted { data: data.into() };
    operation.apply(event, operation.created()).unwrap();
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
}

#[tokio::test]
async fn what_nobody_gave_a_client_for_is_told_once_and_left_as_it_is() {
    let (time, post, journal) = stage();
    let at = |host: &str| Origin::new(Service::Diadoc, host).in_place("box");
    let now = Timestamp::from_millis(0);
    let foreign = [
        Operation::prepare(Kind::new("post.parcel"), at("post"), now),
        Operation::prepare(Letter::KIND, at("elsewhere"), now),
        Operation::prepare(Letter::KIND, Origin::new(Service::Extern, "post"), now),
    ];
    for operation in &foreign {
        put(&journal, operation, serde_json::json!({"of": "others"})).await;
    }
    let before = journal.open().await.unwrap();
    let own = post.send(&journal, "box", post.letter(1, 200)).await;
    let (driver, mut news) = builder(&post, &journal).start();
    let mut left = Vec::new();
    for _ in &foreign {
        let one = left_alone(&mut news).await;
        assert_eq!(one.error.kind(), ErrorKind::InvalidInput);
        assert_eq!(one.until, None);
        left.push(one.id);
    }
    // Three counts later nothing more was told but the end of our own.
    assert_eq!(ends(&mut news, 1).await[0].operation.id(), &own);
    assert!(time.elapsed() > 200 * SECOND);
    assert_eq!(driver.counts().left_alone, 3);
    driver.shutdown().await;
    let mut expected: Vec<_> = foreign.iter().map(|one| one.id().clone()).collect();
    left.sort();
    expected.sort();
    assert_eq!(left, expected);
    let after = journal.open().await.unwrap();
    assert!(before.iter().all(|one| after.contains(one)));
}

#[tokio::test]
async fn each_box_may_have_a_client_of_its_own() {
    let (time, all, journal) = stage();
    let own = Post::at("post", &time);
    let clients = clients(&all).and(clients(&own).only_in("own"));
    for (number, place) in ["own", "another"].into_iter().enumerate() {
        let letter = all.letter(number as u64, 1);
        all.send(&journal, place, letter).await;
    }
    let builder = Driver::builder(Arc::new(journal.clone()), clients);
    let (driver, mut news) = builder.time(time.clone()).start();
    ends(&mut news, 2).await;
    assert_eq!(own.office().polls.keys().collect::<Vec<_>>(), [&0]);
    assert_eq!(all.office().polls.keys().collect::<Vec<_>>(), [&1]);
    driver.shutdown().await;
}

#[tokio::test]
async fn records_that_make_no_sense_are_told_once_and_stop_nothing() {
    let (time, post, journal) = stage();
    let origin = post.origin().in_place("box");
    let mut broken = Vec::new();
    for number in 0..300 {
        let operation =
            Operation::prepare(Letter::KIND, origin.clone(), Timestamp::from_millis(number));
        let data = serde_json::json!({"number": "seven", "at": []});
        put(&journal, &operation, data).await;
        broken.push(operation.id().clone());
    }
    // Records that say they are over, or wait for a code, and are due all the same.
    for state in ["over", "code"] {
        let operation = Operation::prepare(Letter::KIND, origin.clone(), Timestamp::default());
        let mut operation = operation.with_data(serde_json::json!({
            "number": 9, "at": 0, "is_judged_late": false, "is_lost": false, "is_refused": false,
        }));
        let data = operation.data().clone();
        let event = match state {
            "over" => Event::Finished { data },
            _ => Event::CodeSent { data },
        };
        operation.apply(event, Timestamp::default()).unwrap();
        let mut claim = journal.claim(operation.id()).await.unwrap();
        let due = Some(Timestamp::default());
        claim.save_due(&operation, due).await.unwrap();
    }
    post.send(&journal, "box", post.letter(1, 300)).await;
    let (driver, mut news) = builder(&post, &journal).start();
    let (mut left, mut over, mut codes) = (Vec::new(), 0, 0);
    loop {
        match news.next().await.unwrap() {
            News::LeftAlone(one) => {
                assert_eq!(one.error.kind(), ErrorKind::Journal, "{:?}", one.error);
                left.push(one.id);
            }
            News::CodeWanted(_) => codes += 1,
            News::Ended(one) if one.result.as_deref().unwrap() == "letter 1" => break,
            News::Ended(_) => over += 1,
            other => panic!("{other:?}"),
        }
    }
    left.sort();
    broken.sort();
    assert_eq!(left, broken);
    assert_eq!(over, 1);
    assert!((1..=2).contains(&codes), "{codes}");
    assert!(time.elapsed() >= 300 * SECOND);
    driver.shutdown().await;
}

#[tokio::test]
async fn a_service_that_is_down_loses_nothing_and_is_not_asked_more() {
    let (time, post, journal) = stage();
    post.office().down_until = 600 * SECOND;
    for number in 0..200 {
        post.send(&journal, "box", post.letter(number, 30)).await;
    }
    let (driver, mut news) = builder(&post, &journal).start();
    let ended = ends(&mut news, 200).await;
    assert!(ended.iter().all(|one| one.result.is_ok()));
    assert!(time.elapsed() < 640 * SECOND, "{:?}", time.elapsed());
    let scheduled = 200 * post.schedule(time.elapsed());
    let polls = post.polls();
    assert!(polls * 100 <= scheduled * 102, "{polls} of {scheduled}");
    assert_eq!(post.office().starts, 200);
    driver.shutdown().await;
    assert_all_over(&journal).await;
}

#[tokio::test]
async fn answers_that_cannot_be_read_pass_and_are_told_when_they_do_not() {
    let (time, post, journal) = stage();
    post.office().unreadable = 3;
    let id = post.send(&journal, "box", post.letter(1, 1)).await;
    let (driver, mut news) = builder(&post, &journal).start();
    ends(&mut news, 1).await;
    journal.forget(&id).await.unwrap();

    post.office().unreadable = 5;
    post.office().polls.clear();
    post.send(&journal, "box", post.letter(1, 1)).await;
    driver.look();
    let left = left_alone(&mut news).await;
    assert_eq!(left.error.kind(), ErrorKind::UnreadableAnswer);
    let until = left.until.unwrap();
    let now = Timestamp::from(time.now());
    assert!(until > now.plus(250 * SECOND) && until < now.plus(350 * SECOND));
    ends(&mut news, 1).await;
    assert!(Timestamp::from(time.now()) >= until);
    assert_eq!(post.polls(), 6);
    driver.shutdown().await;
}

#[tokio::test]
async fn what_nobody_can_tell_is_left_to_a_person() {
    let (time, post, journal) = stage();
    let lost = Delivering {
        is_lost: true,
        ..post.letter(1, 1)
    };
    let id = post.send(&journal, "box", lost).await;
    let (driver, mut news) = builder(&post, &journal).start();
    let left = left_alone(&mut news).await;
    assert_eq!(left.error.kind(), ErrorKind::CannotTell);
    assert_eq!(
        (left.until, left.operation.unwrap().state().name()),
        (None, "starting")
    );
    time.sleep(500 * SECOND).await;
    assert_eq!(post.polls(), 1);
    assert_free(&journal, &id).await;
    driver.shutdown().await;
    assert!(news.next().await.is_none());
}

/// Has no room for a while.
#[derive(Debug)]
struct Failing {
    time: ManualTime,
    /// Between which moments.
    full: (Duration, Duration),
    saves_fail: bool,
    lists_fail: bool,
    failed: Mutex<usize>,
}

impl Failing {
    fn is_full(&self) -> Result<(), JournalError> {
        let (from, to) = self.full;
        if (from..to).contains(&self.time.elapsed()) {
            *self.failed.lock().unwrap() += 1;
            return Err(no_room());
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Probe for Failing {
    async fn saves(&self, _: &Operation) -> Result<(), JournalError> {
        match self.saves_fail {
            true => self.is_full(),
            false => Ok(()),
        }
    }

    async fn lists(&self, _: &Listing) -> Result<(), JournalError> {
        match self.lists_fail {
            true => self.is_full(),
            false => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_journal_that_fails_is_left_alone_for_a_while_and_nothing_is_lost() {
    for lists_fail in [false, true] {
        let (time, post, journal) = stage();
        for number in 0..100 {
            let letter = post.letter(number, 5 + number % 60);
            post.send(&journal, "box", letter).await;
        }
        let failing = Failing {
            time: time.clone(),
            full: (20 * SECOND, 200 * SECOND),
            saves_fail: true,
            lists_fail,
            failed: Mutex::default(),
        };
        let failing = Arc::new(Probed::new(journal.clone(), failing));
        let (driver, mut news) = Driver::builder(Arc::clone(&failing) as _, clients(&post))
            .time(time.clone())
            .start();
        let (mut ended, mut fails, mut unstored) = (0, 0, 0);
        while ended < 100 {
            match news.next().await.unwrap() {
                // What could not be stored is told all the same, and again when it was.
                News::Ended(one) if !one.is_stored => unstored += 1,
                News::Ended(one) => {
                    assert!(one.result.is_ok());
                    ended += 1;
                }
                News::JournalFails(_) => fails += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(fails, 1, "told once");
        assert!(unstored <= 100);
        assert!(time.elapsed() < 300 * SECOND, "{:?}", time.elapsed());
        // A fraction of what a loop without pauses would do.
        let failed = *failing.probe().failed.lock().unwrap();
        assert!(failed < 1_000, "{failed}");
        driver.shutdown().await;
        assert_all_over(&journal).await;
    }
}

#[tokio::test]
async fn what_is_in_memory_goes_on_while_the_journal_cannot_be_looked_through() {
    let (time, post, journal) = stage();
    post.send(&journal, "box", post.letter(1, 500)).await;
    let failing = Failing {
        time: time.clone(),
        full: (20 * SECOND, 400 * SECOND),
        saves_fail: false,
        lists_fail: true,
        failed: Mutex::default(),
    };
    let failing = Probed::new(journal.clone(), failing);
    let (driver, mut news) = Driver::builder(Arc::new(failing), clients(&post))
        .time(time.clone())
        .start();
    let told = news.next().await.unwrap();
    assert!(matches!(told, News::JournalFails(_)), "{told:?}");
    ends(&mut news, 1).await;
    let (polls, scheduled) = (post.polls(), post.schedule(500 * SECOND));
    assert_eq!(polls, scheduled, "no poll is late");
    driver.shutdown().await;
}
