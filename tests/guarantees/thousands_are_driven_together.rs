//! Promise: one driver brings all open operations of a journal to their ends, of both services, with few in flight, through
//! times in which a service is busy or away; nobody is asked twice, and no code is sent to another operation.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use podpis::drive::{CodeAnswer, Driver, News, Outcomes};
use podpis::secret::ConfirmationCode;
use podpis::{Begin, ErrorKind, File, Journal, MemoryJournal, OperationId, Output, Podpis};
use podpis_core::wait::Time as _;
use podpis_sandbox::{Fault, PhoneMode, WorldOptions};
use tokio::task::JoinSet;

use crate::stage::Stage;

const MANY: usize = 300;

fn driver(stage: &Stage, journal: &MemoryJournal) -> (Driver<Output>, Outcomes<Output>) {
    let podpis = Podpis::new()
        .with_diadoc(stage.diadoc())
        .with_extern(stage.extern_api());
    podpis
        .driver(Arc::new(journal.clone()))
        .in_flight(10)
        .time(stage.time.clone())
        .start()
}

/// The code of an operation: the phone says by which ids the service knows it.
async fn code_of(stage: &Stage, journal: &MemoryJournal, id: &OperationId) -> ConfirmationCode {
    let stored = journal.look(id).await.unwrap().unwrap();
    let data = stored.operation.data().as_json().to_lowercase();
    for _ in 0..600 {
        let messages = stage.sandbox.messages().into_iter();
        let known = |id: &String| data.contains(&id.to_lowercase());
        let mut own = messages.filter(|message| message.known_as.iter().any(known));
        if let Some(code) = own.find_map(|message| message.code) {
            return ConfirmationCode::new(code);
        }
        // The SMS takes its time.
        stage.time.sleep(Duration::from_secs(1)).await;
    }
    panic!("no SMS for {data}: {:?}", stage.sandbox.messages());
}

#[tokio::test]
async fn three_hundred_of_two_services_while_one_is_busy_and_away() {
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::from_secs(20));
    let stage = Arc::new(Stage::in_process(options).await);
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    let in_box = diadoc.in_box(&stage.in_box());
    for number in 0..MANY {
        let file = File::bytes(format!("{number}"), format!("act {number}"));
        // Runs are dropped: from here on there is nothing but the record.
        if number > 0 {
            diadoc.cloud_sign([file]).start(&journal).await.unwrap();
        } else {
            in_box.dss_sign([file]).start(&journal).await.unwrap();
        }
    }
    let extern_api = stage.extern_api();
    let draft = extern_api.account(&stage.account());
    let drafts = draft.sign_draft(&stage.sms_draft());
    drafts.start(&journal).await.unwrap();
    let busy = Fault::on("DssSignResult").status(429).share(30, 1);
    stage.inject(busy);
    let away = Fault::on("CloudSignResult").status(503).share(60, 2);
    stage.inject(away);

    let (driver, mut news) = driver(&stage, &journal);
    let (mut ended, mut codes) = (HashSet::new(), 0);
    let longest = Duration::from_secs(120);
    let mut given = JoinSet::new();
    while ended.len() < MANY + 1 {
        match news.next().await.unwrap() {
            News::CodeWanted(wanted) => {
                codes += 1;
                let id = wanted.operation.id().clone();
                let (stage, journal, driver) = (stage.clone(), journal.clone(), driver.clone());
                // Every fifth person mistypes.
                let mistypes = codes % 5 == 0;
                given.spawn(async move {
                    if mistypes {
                        let wrong = ConfirmationCode::new("000000");
                        let given = driver.give_code(&id, wrong, longest).await.unwrap();
                        let is_told = matches!(given, CodeAnswer::Wrong { tries_left: 2, .. });
                        assert!(is_told, "{given:?}");
                    }
                    let code = code_of(&stage, &journal, &id).await;
                    let given = driver.give_code(&id, code, longest).await.unwrap();
                    assert_eq!(given, CodeAnswer::Taken);
                });
            }
            News::Ended(one) => {
                assert!(one.is_stored);
                match one.result.unwrap() {
                    Output::Signatures(signatures) => {
                        signatures.all().unwrap();
                    }
                    other => panic!("{other:?}"),
                }
                assert!(ended.insert(one.operation.id().clone()), "once");
            }
            other => panic!("{other:?}"),
        }
    }
    driver.shutdown().await;
    assert!(news.next().await.is_none());
    assert!(
        stage.time.slept() < Duration::from_secs(900),
        "{:?}",
        stage.time.slept()
    );
    let counters = stage.sandbox.counters();
    assert_eq!(codes, MANY);
    assert_eq!(counters.sms_sent, codes as u64);
    assert_eq!(counters.pushes_sent, 1);
    assert!(counters.max_in_flight <= 10, "{}", counters.max_in_flight);
    for operation in journal.open().await.unwrap() {
        journal.claim(operation.id()).await.unwrap();
    }
}

#[tokio::test]
async fn a_start_whose_answer_was_lost_is_left_to_a_person_and_the_rest_goes_on() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (diadoc, journal) = (stage.diadoc(), MemoryJournal::new());
    stage.inject(Fault::on("CloudSign").call(1).drop_after());
    let signing = |name: &str| diadoc.cloud_sign([File::bytes(name, name.to_owned())]);
    let error = signing("lost").start(&journal).await.unwrap_err();
    assert!(error.may_have_been_applied());
    signing("found").start(&journal).await.unwrap();
    let (driver, mut news) = driver(&stage, &journal);
    let (mut left, mut wanted) = (0, 0);
    while left + wanted < 2 {
        match news.next().await.unwrap() {
            News::LeftAlone(one) => {
                assert_eq!(one.error.kind(), ErrorKind::CannotTell);
                assert_eq!(one.until, None);
                left += 1;
            }
            News::CodeWanted(_) => wanted += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((left, wanted), (1, 1));
    assert_eq!(stage.calls("CloudSign"), 2, "nothing is sent again");
    driver.shutdown().await;
}
