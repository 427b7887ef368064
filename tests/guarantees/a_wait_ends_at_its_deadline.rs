//! Promise: a wait keeps the server's pace, forgives what passes, and ends at its deadline with the whole record.

use std::time::Duration;

use podpis::core::wait::{Begin, PollPolicy};
use podpis::diadoc::CloudSign;
use podpis::{Deadline, Diadoc, ErrorChain, ErrorKind, File, Journal, MemoryJournal};
use podpis_sandbox::{Fault, WorldOptions};

use crate::stage::Stage;

const RESULT: &str = "CloudSignResult";

fn steady(stage: &Stage, seconds: u64) -> Diadoc {
    let pause = Duration::from_secs(seconds);
    stage
        .builder()
        .polls(PollPolicy::growing(pause, pause))
        .build()
}

async fn waits(stage: &Stage, diadoc: &Diadoc, deadline: Deadline) -> podpis::Error {
    let signing = diadoc.cloud_sign([File::bytes("a.txt", "a")]);
    signing
        .run(&mut stage.person(), deadline)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn the_last_poll_is_at_the_deadline() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on(RESULT).status(204).retry_after(1));
    let error = waits(&stage, &steady(&stage, 7), Deadline::seconds(60)).await;
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(
        stage.calls(RESULT),
        9,
        "eight in steps of seven seconds, and the last"
    );
    assert_eq!(stage.time.slept(), Duration::from_secs(60));
}

#[tokio::test]
async fn a_long_pause_of_the_server_is_kept_and_still_leaves_a_last_poll() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on(RESULT).status(204).retry_after(40));
    waits(&stage, &steady(&stage, 1), Deadline::seconds(60)).await;
    assert_eq!(
        stage.calls(RESULT),
        3,
        "after 1, after 41 and at 60 seconds"
    );
}

#[tokio::test]
async fn failures_in_passing_do_not_end_it_and_the_last_one_is_told() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on(RESULT).status(503));
    let error = waits(&stage, &steady(&stage, 10), Deadline::seconds(35)).await;
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(
        stage.calls(RESULT),
        4,
        "polls are not repeated inside a poll"
    );
    assert!(
        ErrorChain(&error).to_string().contains("503"),
        "{}",
        ErrorChain(&error)
    );
    assert!(
        ErrorChain(&error).to_string().contains("resume it"),
        "{}",
        ErrorChain(&error)
    );
}

#[tokio::test]
async fn a_step_of_the_wall_clock_changes_nothing() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on(RESULT).call(1).status(204).retry_after(5));
    let journal = MemoryJournal::new();
    let diadoc = steady(&stage, 5);
    let mut run = diadoc
        .cloud_sign([File::bytes("a.txt", "a")])
        .start(&journal)
        .await
        .unwrap();
    // Past the deadline on the wall; the code of the sandbox, which has the same wall, lives on.
    stage.time.step_wall_clock(Duration::from_secs(120));
    let mut person = stage.person();
    run.wait(&mut person, Deadline::seconds(60)).await.unwrap();
    assert!(
        stage.time.slept() <= Duration::from_secs(30),
        "{:?}",
        stage.time.slept()
    );
}

#[tokio::test]
async fn many_waits_at_once_take_no_longer_than_one() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on(RESULT).status(204).retry_after(1));
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let (diadoc, mut person) = (steady(&stage, 10), stage.person());
            tokio::spawn(async move {
                let signing = diadoc.cloud_sign([File::bytes(format!("{number}"), "a")]);
                signing
                    .run(&mut person, Deadline::seconds(60))
                    .await
                    .unwrap_err()
                    .kind()
            })
        })
        .collect();
    for wait in waiting {
        assert_eq!(wait.await.unwrap(), ErrorKind::Deadline);
    }
    assert_eq!(stage.time.slept(), Duration::from_secs(60));
}

#[tokio::test]
async fn who_gives_up_can_go_on_later() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let silence = stage.inject(Fault::on(RESULT).status(204).retry_after(1));
    let journal = MemoryJournal::new();
    let diadoc = steady(&stage, 10);
    let mut run = diadoc
        .cloud_sign([File::bytes("a.txt", "a")])
        .start(&journal)
        .await
        .unwrap();
    let error = run
        .wait(&mut stage.person(), Deadline::seconds(20))
        .await
        .unwrap_err();
    let id = error.operation().unwrap().id().clone();
    drop(run);
    stage.sandbox.remove_fault(&silence);
    let mut run = diadoc
        .resume::<CloudSign>(journal.claim(&id).await.unwrap())
        .unwrap();
    run.wait(&mut stage.person(), Deadline::seconds(60))
        .await
        .unwrap()
        .all()
        .unwrap();
    assert_eq!(stage.sandbox.counters().sms_sent, 1);
}
