//! Promise: of many operations at once, a service that takes only so many requests, or that is too busy for every
//! third, gets all; it is asked little more than has to be, and what it may have taken is not sent again.

use std::time::Duration;

use podpis::{Begin, Deadline, ErrorChain, File, MemoryJournal, NoPrompt};
use podpis_sandbox::{Fault, WorldOptions};
use tokio::task::JoinSet;

use crate::stage::Stage;

const MANY: usize = 500;
/// How long an answer takes.
const LATENCIES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(50),
    Duration::from_millis(300),
];

const TWO_MINUTES: Deadline = Deadline::seconds(120);

/// Starts as many operations as there are at once, each within its deadline, up to the question for the code; how
/// many got there, and the first failure.
async fn up_to_the_code(stage: &Stage, deadline: Deadline) -> (usize, Option<String>) {
    let diadoc = stage.builder().in_flight(10).build();
    let mut started = JoinSet::new();
    for number in 0..MANY {
        let signing = diadoc.cloud_sign([File::bytes(format!("{number}"), "a")]);
        started.spawn(async move { signing.run(&mut NoPrompt, deadline).await.unwrap_err() });
    }
    let errors = started.join_all().await;
    let failed = errors
        .iter()
        .filter(|error| error.kind() != podpis::ErrorKind::Prompt)
        .map(|error| ErrorChain(error).to_string());
    let failed: Vec<String> = failed.collect();
    (MANY - failed.len(), failed.into_iter().next())
}

#[tokio::test]
async fn five_hundred_starts_at_twenty_a_second() {
    for latency in LATENCIES {
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(Fault::on("CloudSign").rate(20).retry_after(1));
        stage.inject(Fault::on("*").delay(latency));
        let outcome = up_to_the_code(&stage, TWO_MINUTES).await;
        let (took, sent) = (stage.time.slept(), stage.calls("CloudSign"));
        println!("{MANY} starts, each {latency:?}: {sent} requests, {took:?}");
        assert_eq!(outcome, (MANY, None), "{latency:?}");
        assert!(took <= TWO_MINUTES.as_duration(), "{latency:?}: {took:?}");
        assert!(sent <= MANY * 13 / 10, "{latency:?}: {sent}");
        assert_eq!(stage.sandbox.counters().sms_sent, MANY as u64);
    }
}

#[tokio::test]
async fn a_pause_that_the_service_asks_for_holds_for_those_in_the_queue_too() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on("CloudSign").rate(1).retry_after(1));
    let diadoc = stage.builder().in_flight(1).build();
    let mut started = JoinSet::new();
    for number in 0..10 {
        let signing = diadoc.cloud_sign([File::bytes(format!("{number}"), "a")]);
        started.spawn(async move { signing.run(&mut NoPrompt, TWO_MINUTES).await.unwrap_err() });
    }
    started.join_all().await;
    assert_eq!(stage.sandbox.counters().sms_sent, 10);
    // Each second one is taken and the next is refused; all others wait.
    let sent = stage.calls("CloudSign");
    assert!(sent <= 20, "{sent}");
}

#[tokio::test]
async fn a_pause_of_days_does_not_silence_calls_that_have_no_deadline() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let busy = Fault::on("ShelfUploadV2").call(1).status(429);
    stage.inject(busy.retry_after(1_000_000));
    let diadoc = stage.diadoc();
    let file = File::bytes("a", "a");
    let error = diadoc.put_on_shelf(&file).await.unwrap_err();
    assert!(error.to_string().contains("429"), "{error}");
    diadoc.put_on_shelf(&file).await.unwrap();
    assert!(stage.time.slept() <= Duration::from_secs(60));
}

#[tokio::test]
async fn five_hundred_operations_while_thirty_percent_of_all_calls_are_too_many() {
    for (seed, latency) in LATENCIES.into_iter().enumerate() {
        let seed = seed as u64;
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(Fault::on("*").status(429).share(30, seed));
        stage.inject(Fault::on("*").delay(latency));
        let outcome = up_to_the_code(&stage, Deadline::minutes(10)).await;
        let took = stage.time.slept();
        println!("30 % refused, each {latency:?}: {outcome:?}, {took:?}");
        assert_eq!(outcome, (MANY, None), "seed {seed}");
        assert_eq!(stage.sandbox.counters().sms_sent, MANY as u64);
    }
}

#[tokio::test]
async fn a_login_that_is_refused_for_now_is_tried_until_the_deadline() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let mut busy = Fault::on("Authenticate").status(429);
    for call in 1..=8 {
        busy = busy.call(call);
    }
    stage.inject(busy);
    let outcome = up_to_the_code(&stage, Deadline::minutes(5)).await;
    assert_eq!(outcome, (MANY, None));
    assert_eq!(stage.calls("Authenticate"), 9, "one login for all");
}

#[tokio::test]
async fn what_a_failing_service_may_have_taken_is_not_sent_again() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on("CloudSign").status(503).retry_after(1));
    let journal = MemoryJournal::new();
    for persistent in [false, true] {
        let signing = stage.diadoc().cloud_sign([File::bytes("a", "a")]);
        let error = if persistent {
            signing.start(&journal).await.unwrap_err()
        } else {
            signing.run(&mut NoPrompt, TWO_MINUTES).await.unwrap_err()
        };
        assert!(error.may_have_been_applied(), "{error}");
        assert_eq!(error.operation().unwrap().state().name(), "starting");
        assert_eq!(stage.calls("CloudSign"), 1 + usize::from(persistent));
    }
    assert_eq!(stage.time.slept(), Duration::ZERO);
}
