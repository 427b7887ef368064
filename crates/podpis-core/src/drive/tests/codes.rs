//! Codes that come in from outside.

use futures_util::FutureExt as _;
use podpis_operation::{Journal as _, Lease, MemoryJournal};

use super::*;
use crate::drive::{CodeAnswer, CodeError, CodeWanted};
use crate::secret::ConfirmationCode;
use crate::wait::{ManualTime, Time as _};
use post::Delivering;

/// How long who gives a code waits.
const SOON: Duration = Duration::from_secs(60);

struct Stage {
    time: ManualTime,
    post: Post,
    journal: MemoryJournal,
}

impl Stage {
    fn set() -> Self {
        let time = ManualTime::at(std::time::UNIX_EPOCH + SECOND);
        Self {
            post: Post::at("post", &time),
            journal: MemoryJournal::new(),
            time,
        }
    }

    /// Begins what wants the code 1234.
    async fn registered(&self, is_judged_late: bool) -> OperationId {
        let letter = Delivering {
            code: Some("1234".to_owned()),
            is_judged_late,
            ..self.post.letter(1, 1)
        };
        self.post.send(&self.journal, "box", letter).await
    }

    fn codes(&self) -> Vec<String> {
        let office = self.post.office();
        office.codes.get(&1).cloned().unwrap_or_default()
    }
}

fn code(text: &str) -> ConfirmationCode {
    ConfirmationCode::new(text)
}

fn wrong(tries_left: u32) -> CodeAnswer {
    CodeAnswer::Wrong {
        tries_left,
        rejection: Some("wrong".to_owned()),
    }
}

async fn wanted(news: &mut Outcomes<String>) -> CodeWanted {
    match news.next().await {
        Some(News::CodeWanted(wanted)) => wanted,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn codes_are_sent_once_and_wrong_ones_are_told_to_who_gave_them() {
    // Whether the service says so at once, or only when it is asked for the result.
    for is_judged_late in [false, true] {
        let stage = Stage::set();
        let id = stage.registered(is_judged_late).await;
        let (driver, mut news) = builder(&stage.post, &stage.journal).start();
        let asked = wanted(&mut news).await;
        assert_eq!(*asked.operation.id(), id);
        assert_eq!((asked.attempt, asked.tries_left), (1, 3));
        let given = driver.give_code(&id, code("1"), SOON).await;
        assert_eq!(given.unwrap(), wrong(2));
        let given = driver.give_code(&id, code("2"), SOON).await;
        assert_eq!(given.unwrap(), wrong(1));
        let given = driver.give_code(&id, code("1234"), SOON).await;
        assert_eq!(given.unwrap(), CodeAnswer::Taken);
        // What was told to who gave it is no news.
        let ended = ends(&mut news, 1).await;
        assert_eq!(ended[0].result.as_deref().unwrap(), "letter 1");
        assert_eq!(stage.codes(), ["1", "2", "1234"]);
        driver.shutdown().await;
    }
}

#[tokio::test]
async fn the_last_wrong_code_ends_the_operation() {
    let stage = Stage::set();
    let id = stage.registered(false).await;
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    wanted(&mut news).await;
    for left in [2, 1] {
        let given = driver.give_code(&id, code("0"), SOON).await;
        assert_eq!(given.unwrap(), wrong(left));
    }
    let given = driver.give_code(&id, code("0"), SOON).await.unwrap();
    assert!(
        matches!(given, CodeAnswer::Wrong { tries_left: 0, .. }),
        "{given:?}"
    );
    let ended = ends(&mut news, 1).await;
    assert!(ended[0].result.as_ref().unwrap_err().refusal().is_some());
    let late = driver.give_code(&id, code("1234"), SOON).await;
    assert!(
        matches!(
            late,
            Err(CodeError::NotWanted {
                state: "refused",
                ..
            })
        ),
        "{late:?}"
    );
}

#[tokio::test]
async fn a_code_that_is_wrong_is_news_where_nobody_waits_for_the_answer_any_more() {
    let stage = Stage::set();
    let id = stage.registered(true).await;
    stage.post.office().answer = 5 * SECOND;
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    wanted(&mut news).await;
    let given = driver.give_code(&id, code("0"), SECOND).await;
    assert_eq!(given.unwrap(), CodeAnswer::Pending);
    let again = wanted(&mut news).await;
    assert_eq!((again.attempt, again.tries_left), (2, 2));
    assert_eq!(again.rejection.as_deref(), Some("wrong"));
    driver.shutdown().await;
}

#[tokio::test]
async fn who_has_the_operation_is_named() {
    let stage = Stage::set();
    let id = stage.registered(false).await;
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    wanted(&mut news).await;
    let unknown = OperationId::random();
    let given = driver.give_code(&unknown, code("1234"), SOON).await;
    assert!(matches!(given, Err(CodeError::Unknown(id)) if id == unknown));

    let now = stage.time.now().into();
    let lease = Lease::new("machine 7".parse().unwrap(), now, 10 * SECOND);
    let held = stage.journal.claim_for(&id, &lease).await.unwrap();
    let given = driver.give_code(&id, code("1234"), SOON).await;
    assert!(given.unwrap_err().to_string().contains("machine 7"));
    assert!(stage.codes().is_empty(), "nothing was sent");
    drop(held);
    let given = driver.give_code(&id, code("1234"), SOON).await;
    assert_eq!(given.unwrap(), CodeAnswer::Taken);
    ends(&mut news, 1).await;
    driver.shutdown().await;
    let given = driver.give_code(&id, code("1234"), SOON).await;
    assert!(matches!(given, Err(CodeError::Stopped)), "{given:?}");
}

#[tokio::test]
async fn a_code_is_given_for_what_was_begun_elsewhere_a_moment_ago() {
    let stage = Stage::set();
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    stage.time.sleep(10 * SECOND).await;
    let id = stage.registered(false).await;
    let given = driver.give_code(&id, code("1234"), SOON).await;
    assert_eq!(given.unwrap(), CodeAnswer::Taken);
    ends(&mut news, 1).await;
}

#[tokio::test]
async fn a_code_that_did_not_get_through_is_told_and_can_be_given_again() {
    let stage = Stage::set();
    let id = stage.registered(false).await;
    stage.post.office().down_until = 10 * SECOND;
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    wanted(&mut news).await;
    match driver.give_code(&id, code("1234"), SOON).await {
        Err(CodeError::Failed(error)) => assert!(!error.may_have_been_applied()),
        other => panic!("{other:?}"),
    }
    stage.time.advance(20 * SECOND);
    let given = driver.give_code(&id, code("1234"), SOON).await;
    assert_eq!(given.unwrap(), CodeAnswer::Taken);
    ends(&mut news, 1).await;
}

#[tokio::test]
async fn one_code_at_a_time_and_none_is_lost_with_who_gave_it() {
    let stage = Stage::set();
    let id = stage.registered(false).await;
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    wanted(&mut news).await;
    // A person who presses the button twice, and a browser that goes away.
    let mut first = Box::pin(driver.give_code(&id, code("1234"), SOON));
    assert!(first.as_mut().now_or_never().is_none());
    let second = driver.give_code(&id, code("1234"), SOON).await;
    assert!(
        matches!(second, Err(CodeError::AnotherCode(_))),
        "{second:?}"
    );
    drop(first);
    ends(&mut news, 1).await;
    assert_eq!(stage.codes(), ["1234"]);
}

/// The start may say so at once, and then nothing is due.
#[tokio::test]
async fn codes_that_are_wanted_from_the_beginning_are_told_once() {
    let stage = Stage::set();
    let (driver, mut news) = builder(&stage.post, &stage.journal).start();
    stage.time.sleep(10 * SECOND).await;
    let id = stage.registered(false).await;
    driver.look();
    assert_eq!(*wanted(&mut news).await.operation.id(), id);
    assert!(stage.time.elapsed() < 15 * SECOND);
    stage.time.sleep(300 * SECOND).await;
    driver.shutdown().await;
    assert!(news.next().await.is_none());
}
