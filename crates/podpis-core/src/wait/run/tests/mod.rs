//! Operations of several steps, with a service that does what the test says.

mod sequence;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use podpis_operation::{Journal as _, Kind, Lease, MemoryJournal, OperationId, Service};

use super::*;
use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};

use crate::call::{Call, Caller, Endpoint, Method, Replay};
use crate::journal::probed::{Probe, Probed, no_room};
use crate::wait::{Deadline, ManualTime, NoPrompt};

type Answer = Result<Learned<String>, Error>;

/// What the service answers to each call, in order, and what it was asked.
#[derive(Clone, Debug)]
struct Script {
    caller: Caller,
    settings: RunSettings,
    journal: MemoryJournal,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
    /// Whether the last step of [`sequence`] may not be sent.
    objects: bool,
    /// Whether a step goes through the caller before the script answers.
    sends: bool,
}

static STEP: Endpoint = Endpoint {
    name: "Step",
    method: Method::POST,
    path: "/step",
    replay: Replay::OnlyIfNotSent,
};

impl Script {
    fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        let time = ManualTime::at(std::time::UNIX_EPOCH);
        let base = "http://localhost".parse().unwrap();
        Self {
            caller: Caller::builder(base, NoTransport, time.clone()).build(),
            settings: RunSettings::new(time),
            journal: MemoryJournal::new(),
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
            objects: false,
            sends: false,
        }
    }

    /// Notes the call with what the journal says at that moment, and gives the next answer.
    async fn ask(&self, call: &str) -> Answer {
        let open = self.journal.open().await.unwrap();
        let stored = open.first().map(|record| {
            format!(
                "{call} while {} {}",
                record.state().name(),
                record.data().as_json()
            )
        });
        self.asked.lock().unwrap().push(stored.unwrap());
        self.answers.lock().unwrap().pop_front().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn run(&self) -> Result<String, Error> {
        let now = Timestamp::from_millis(0);
        let operation = Operation::prepare(Steps::KIND, self.origin(), now);
        let mut run = Run::<Steps>::start(
            self.clone(),
            &self.journal,
            operation,
            "start".to_owned(),
            (),
        )
        .await?;
        run.wait(&mut NoPrompt, Deadline::minutes(5)).await
    }
}

#[derive(Debug)]
struct Steps;

impl OperationClient for Script {
    const SERVICE: Service = Service::Diadoc;

    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn with_caller(&self, caller: Caller) -> Self {
        Self {
            caller,
            ..self.clone()
        }
    }

    fn run_settings(&self) -> &RunSettings {
        &self.settings
    }
}

/// Nothing is sent: the script answers before.
#[derive(Debug)]
struct NoTransport;

#[async_trait::async_trait]
impl Transport for NoTransport {
    async fn execute(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::new(
            TransportErrorKind::Connect,
            Delivery::NotSent,
        ))
    }
}

impl OperationKind for Steps {
    const KIND: Kind = Kind::new("test.steps");
    type Client = Script;
    type Record = String;
    type Request = ();
    type Output = String;

    fn output(_: &Script, at: Current<'_, String>) -> Result<String, Error> {
        Ok(at.record().clone())
    }
}

#[async_trait::async_trait]
impl Conversation for Steps {
    async fn start(client: &Script, _: Current<'_, String>, (): ()) -> Answer {
        client.ask("start").await
    }

    async fn next_step(client: &Script, _: Current<'_, String>) -> Answer {
        if client.sends {
            client.caller.call(Call::new(&STEP)).await?;
        }
        client.ask("step").await
    }

    async fn poll(client: &Script, _: Current<'_, String>) -> Answer {
        client.ask("poll").await
    }

    async fn reconcile(client: &Script, _: Current<'_, String>) -> Result<Event<String>, Error> {
        let learned = client.ask("reconcile").await?;
        Ok(learned.event.unwrap())
    }
}

fn accepted(data: &str) -> Answer {
    Ok(Event::Accepted {
        data: data.to_owned(),
    }
    .into())
}

fn next(data: &str) -> Answer {
    Ok(Event::NextStep {
        data: data.to_owned(),
    }
    .into())
}

fn finished(data: &str) -> Answer {
    Ok(Event::Finished {
        data: data.to_owned(),
    }
    .into())
}

fn failed(kind: ErrorKind, effect: Effect) -> Answer {
    Err(Error::new(kind, "it failed").with_effect(effect))
}

#[tokio::test]
async fn every_step_is_stored_before_it_is_sent() {
    let script = Script::of([accepted("one"), next("two"), next("three"), finished("end")]);
    assert_eq!(script.run().await.unwrap(), "end");
    assert_eq!(
        script.asked(),
        [
            "start while starting \"start\"",
            "poll while processing \"one\"",
            "step while starting \"two\"",
            "step while starting \"three\"",
        ]
    );
}

/// What a service does that answers a request while an operation goes on.
#[tokio::test]
async fn an_owned_run_is_moved_into_a_task_and_driven_there() {
    let script = Script::of([accepted("one"), finished("end")]);
    let journal: Arc<dyn Journal> = Arc::new(script.journal.clone());
    let operation = Operation::prepare(Steps::KIND, script.origin(), Timestamp::from_millis(0));
    let started =
        Run::<Steps>::start(script.clone(), &*journal, operation, "start".to_owned(), ()).await;
    let mut run = started.unwrap().owned(Arc::clone(&journal));
    let driven = tokio::spawn(async move {
        let output = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
        run.forget().await.unwrap();
        output
    });
    assert_eq!(driven.await.unwrap().unwrap(), "end");
    assert!(journal.open().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_step_that_was_not_taken_is_polled_and_sent_again() {
    let script = Script::of([
        next("two"),
        failed(ErrorKind::NoAnswer, Effect::NotApplied),
        next("two"),
        finished("end"),
    ]);
    let now = Timestamp::from_millis(0);
    let operation = Operation::prepare(Steps::KIND, script.origin(), now);
    let id = operation.id().clone();
    let started = Run::<Steps>::start(
        script.clone(),
        &script.journal,
        operation,
        "start".to_owned(),
        (),
    )
    .await;
    let error = started.unwrap_err();
    // The operation as a whole has begun, so nobody may start it again.
    assert!(error.may_have_been_applied());
    let claim = script.journal.claim(&id).await.unwrap();
    let mut run = Run::<Steps>::resume(script.clone(), claim).unwrap();
    run.wait(&mut NoPrompt, Deadline::minutes(5)).await.unwrap();
    assert_eq!(
        script.asked()[2..],
        [
            "poll while processing \"two\"",
            "step while starting \"two\"",
        ]
    );
}

#[tokio::test]
async fn a_step_whose_answer_was_lost_is_found_out_and_never_sent_again() {
    let script = Script::of([
        accepted("one"),
        next("two"),
        failed(ErrorKind::NoAnswer, Effect::Unknown),
        finished("found"),
    ]);
    assert_eq!(script.run().await.unwrap(), "found");
    assert_eq!(
        script.asked().last().unwrap(),
        "reconcile while starting \"two\""
    );
}

/// What has an answer is not lost, and to find it out again and again would take no pause.
#[tokio::test]
async fn what_was_sent_and_has_no_news_is_polled() {
    let no_news = || Ok(Learned::still_running(None));
    let script = Script::of([no_news(), next("two"), no_news(), finished("end")]);
    assert_eq!(script.run().await.unwrap(), "end");
    assert_eq!(
        script.asked(),
        [
            "start while starting \"start\"",
            "poll while processing \"start\"",
            "step while starting \"two\"",
            "poll while processing \"two\"",
        ]
    );
}

#[tokio::test]
async fn what_was_found_out_may_lead_to_the_next_step() {
    let script = Script::of([
        accepted("one"),
        next("two"),
        failed(ErrorKind::NoAnswer, Effect::Unknown),
        next("three"),
        accepted("three"),
        finished("end"),
    ]);
    assert_eq!(script.run().await.unwrap(), "end");
    assert_eq!(
        script.asked()[3..],
        [
            "reconcile while starting \"two\"",
            "step while starting \"three\"",
            "poll while processing \"three\"",
        ]
    );
}

#[tokio::test]
async fn steps_that_are_lost_again_and_again_end_at_the_deadline() {
    let rounds = (0..1_000).flat_map(|_| {
        [
            next("two"),
            failed(ErrorKind::NoAnswer, Effect::Unknown),
            Ok(Event::StepNotTaken.into()),
        ]
    });
    let script = Script::of(std::iter::once(accepted("one")).chain(rounds));
    let error = script.run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    // What was lost last was still looked for.
    let asked = script.asked();
    assert!(asked.last().unwrap().starts_with("reconcile"), "{asked:?}");
    let waited = script.settings.time.elapsed();
    assert_eq!(waited, std::time::Duration::from_secs(300));
}

/// Fails at one of the saves.
#[derive(Debug)]
struct Failing {
    saves: Mutex<u32>,
    fails_at: u32,
}

#[async_trait::async_trait]
impl Probe for Failing {
    async fn saves(&self, _: &Operation) -> Result<(), JournalError> {
        let mut saves = self.saves.lock().unwrap();
        *saves += 1;
        match *saves == self.fails_at {
            true => Err(no_room()),
            false => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_step_that_could_not_be_stored_was_not_sent() {
    let script = Script::of([accepted("one"), next("two"), next("two"), finished("end")]);
    let failing = Failing {
        saves: Mutex::new(0),
        fails_at: 3,
    };
    let journal = Probed::new(script.journal.clone(), failing);
    let operation = Operation::prepare(Steps::KIND, script.origin(), Timestamp::from_millis(0));
    let started =
        Run::<Steps>::start(script.clone(), &journal, operation, "start".to_owned(), ()).await;
    let mut run = started.unwrap();
    let deadline = Deadline::minutes(5);
    let error = run.wait(&mut NoPrompt, deadline).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Journal, "{error}");
    assert_eq!(error.operation().unwrap().state().name(), "processing");
    assert!(matches!(run.next(), Next::PollAfter(_)));
    assert!(!script.asked().iter().any(|call| call.starts_with("step")));

    run.wait(&mut NoPrompt, deadline).await.unwrap();
    assert_eq!(script.asked().len(), 4);
}

#[tokio::test]
async fn a_lease_is_renewed_in_good_time_and_who_was_overtaken_sends_nothing() {
    let script = Script::of((0..4).map(|_| Ok(Learned::still_running(None))));
    let operation = Operation::prepare(Steps::KIND, script.origin(), Timestamp::from_millis(0));
    let id = operation.id().clone();
    let mut claim = script.journal.claim(&id).await.unwrap();
    let operation = operation.with_data("start".to_owned().to_data());
    claim.save(&operation).await.unwrap();
    drop(claim);

    let time = script.settings.time.clone();
    let (minute, now) = (Duration::from_secs(60), || Timestamp::from(time.now()));
    let lease = |owner: &str| Lease::new(owner.parse().unwrap(), now(), minute);
    let claim = script.journal.claim_for(&id, &lease("a")).await.unwrap();
    let mut run = Run::<Steps>::resume(script.clone(), claim).unwrap();
    run.happen(Event::Accepted {
        data: "one".to_owned(),
    })
    .await
    .unwrap();
    for _ in 0..3 {
        run.poll().await.unwrap();
        time.sleep(minute * 3 / 4).await;
    }
    // Long after the first minute it is still held.
    script
        .journal
        .claim_for(&id, &lease("b"))
        .await
        .unwrap_err();

    time.sleep(minute).await;
    let overtaking = script.journal.claim_for(&id, &lease("b")).await.unwrap();
    let error = run.poll().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Journal, "{error}");
    assert_eq!(script.asked().len(), 3, "nothing was sent");
    drop(overtaking);
}

/// A service that is busy, and somebody who would take the operation over.
#[derive(Debug)]
struct Busy {
    time: ManualTime,
    journal: MemoryJournal,
    id: OperationId,
    /// Whether the operation was ours when the request came.
    ours: Arc<Mutex<Vec<bool>>>,
}

#[async_trait::async_trait]
impl Transport for Busy {
    async fn execute(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        let now = Timestamp::from(crate::wait::Time::now(&self.time));
        let lease = Lease::new("b".parse().unwrap(), now, Duration::from_secs(1));
        let ours = self.journal.claim_for(&self.id, &lease).await.is_err();
        self.ours.lock().unwrap().push(ours);
        let answer = http::Response::builder().status(429);
        Ok(answer.body(bytes::Bytes::new()).unwrap())
    }
}

#[tokio::test]
async fn a_step_that_is_refused_for_now_is_not_sent_again_under_a_lease_that_has_run_out() {
    let time = ManualTime::at(std::time::UNIX_EPOCH);
    let mut script = Script::of((0..200).map(|_| next("two")));
    script.settings.time = time.clone().into();
    let operation = Operation::prepare(Steps::KIND, script.origin(), Timestamp::from_millis(0));
    let (id, ours) = (operation.id().clone(), Arc::default());
    let busy = Busy {
        time: time.clone(),
        journal: script.journal.clone(),
        id: id.clone(),
        ours: Arc::clone(&ours),
    };
    let base = "http://localhost".parse().unwrap();
    script.caller = Caller::builder(base, busy, time.clone()).build();
    script.sends = true;

    let minute = Duration::from_secs(60);
    let lease = Lease::new("a".parse().unwrap(), Timestamp::from_millis(0), minute);
    let claim = script.journal.claim_for(&id, &lease).await.unwrap();
    let mut run = Run::<Steps>::new(script.clone(), claim, operation, "start".to_owned().into());
    run.happen(Event::Accepted {
        data: "one".to_owned(),
    })
    .await
    .unwrap();
    let deadline = Deadline::minutes(5);
    let error = run.wait(&mut NoPrompt, deadline).await.unwrap_err();
    // It is tried until the deadline all the same.
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert!(crate::wait::Time::elapsed(&time) >= deadline.as_duration());
    let ours = ours.lock().unwrap();
    assert!(ours.len() > 10 && ours.iter().all(|ours| *ours), "{ours:?}");
}
