//! Operations of several steps, with a service that does what the test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use podpis_operation::{
    Held, Journal as _, Kind, Lease, Listing, MemoryJournal, OperationId, Origin, Page, Record,
    Revision, Service,
};
use serde_json::json;

use super::*;
use crate::wait::{Deadline, LockName, ManualTime, NoPrompt};

/// What the service answers to each call, in order, and what it was asked.
#[derive(Clone, Debug)]
struct Script {
    settings: RunSettings,
    journal: MemoryJournal,
    answers: Arc<Mutex<VecDeque<Result<Learned, Error>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Result<Learned, Error>>) -> Self {
        Self {
            settings: RunSettings::new(ManualTime::at(std::time::UNIX_EPOCH)),
            journal: MemoryJournal::new(),
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
        }
    }

    /// Notes the call with what the journal says at that moment, and gives the next answer.
    async fn ask(&self, call: &str) -> Result<Learned, Error> {
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
        let operation =
            Operation::prepare(Steps::KIND, self.origin(), now).with_data(json!("start"));
        let mut run = Run::<Steps>::start(self.clone(), &self.journal, operation, ()).await?;
        run.wait(&mut NoPrompt, Deadline::minutes(5)).await
    }
}

#[derive(Debug)]
struct Steps;

#[async_trait::async_trait]
impl OperationClient for Script {
    fn run_settings(&self) -> &RunSettings {
        &self.settings
    }

    fn origin(&self) -> Origin {
        Origin::new(Service::Diadoc, "test")
    }

    async fn get_ready(&self) -> Result<(), Error> {
        Ok(())
    }

    fn within(&self, _: Bounds) -> Self {
        self.clone()
    }

    fn starting_within(&self, _: Deadline) -> Self {
        self.clone()
    }

    fn start_deadline(&self) -> Option<Deadline> {
        None
    }
}

#[async_trait::async_trait]
impl OperationKind for Steps {
    const KIND: Kind = Kind::new("test.steps");
    type Client = Script;
    type Request = ();
    type Output = String;

    fn locks(_operation: &Operation) -> Vec<LockName> {
        Vec::new()
    }

    async fn start(client: &Script, _: &Operation, (): ()) -> Result<Learned, Error> {
        client.ask("start").await
    }

    async fn next_step(client: &Script, _: &Operation) -> Result<Learned, Error> {
        client.ask("step").await
    }

    async fn poll(client: &Script, _: &Operation) -> Result<Learned, Error> {
        client.ask("poll").await
    }

    async fn reconcile(client: &Script, _: &Operation) -> Result<Reconciled, Error> {
        let learned = client.ask("reconcile").await?;
        Ok(Reconciled::Applied(learned.event.unwrap()))
    }

    fn output(_: &Script, operation: &Operation) -> Result<String, Error> {
        Ok(operation.data().as_json().to_owned())
    }
}

fn accepted(data: &str) -> Result<Learned, Error> {
    Ok(Event::Accepted {
        data: json!(data).into(),
    }
    .into())
}

fn next(data: &str) -> Result<Learned, Error> {
    Ok(Event::NextStep {
        data: json!(data).into(),
    }
    .into())
}

fn finished(data: &str) -> Result<Learned, Error> {
    Ok(Event::Finished {
        data: json!(data).into(),
    }
    .into())
}

fn failed(kind: ErrorKind, effect: Effect) -> Result<Learned, Error> {
    Err(Error::new(kind, "it failed").with_effect(effect))
}

#[tokio::test]
async fn every_step_is_stored_before_it_is_sent() {
    let script = Script::of([accepted("one"), next("two"), next("three"), finished("end")]);
    assert_eq!(script.run().await.unwrap(), "\"end\"");
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
    let operation = Operation::prepare(Steps::KIND, script.origin(), Timestamp::from_millis(0))
        .with_data(json!("start"));
    let started = Run::<Steps>::start(script.clone(), &*journal, operation, ()).await;
    let mut run = started.unwrap().owned(Arc::clone(&journal));
    let driven = tokio::spawn(async move {
        let output = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
        run.forget().await.unwrap();
        output
    });
    assert_eq!(driven.await.unwrap().unwrap(), "\"end\"");
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
    let operation = Operation::prepare(Steps::KIND, script.origin(), now).with_data(json!("start"));
    let id = operation.id().clone();
    let started = Run::<Steps>::start(script.clone(), &script.journal, operation, ()).await;
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
    assert_eq!(script.run().await.unwrap(), "\"found\"");
    assert_eq!(
        script.asked().last().unwrap(),
        "reconcile while starting \"two\""
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
    assert_eq!(script.run().await.unwrap(), "\"end\"");
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

/// A journal whose saves fail where the test says.
#[derive(Debug)]
struct Failing {
    kept: MemoryJournal,
    saves: Mutex<u32>,
    fails_at: u32,
}

#[async_trait::async_trait]
impl Journal for Failing {
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        Ok(self.kept.claim_for(id, lease).await?.through(self))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        self.kept.renew(held, lease).await
    }

    async fn save(
        &self,
        held: &Held,
        one: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        *self.saves.lock().unwrap() += 1;
        if *self.saves.lock().unwrap() == self.fails_at {
            return Err(JournalError::Storage {
                place: "/full".to_owned(),
                source: std::io::Error::from(std::io::ErrorKind::StorageFull).into(),
            });
        }
        self.kept.save(held, one, due).await
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        self.kept.forget_held(held).await
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        self.kept.forget(id).await
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Record>, JournalError> {
        self.kept.look(id).await
    }

    async fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        self.kept.list(listing).await
    }
}

#[tokio::test]
async fn a_step_that_could_not_be_stored_was_not_sent() {
    let script = Script::of([accepted("one"), next("two"), next("two"), finished("end")]);
    let journal = Failing {
        kept: script.journal.clone(),
        saves: Mutex::new(0),
        fails_at: 3,
    };
    let operation = Operation::prepare(Steps::KIND, script.origin(), Timestamp::from_millis(0));
    let started = Run::<Steps>::start(script.clone(), &journal, operation, ()).await;
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
