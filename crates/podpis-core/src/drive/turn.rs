//! One turn of one operation, from its claim to its being given back.
//!
//! **Invariant:** what a turn learned is stored before anybody is told of it; when it cannot be stored, an end is told all
//! the same and says so, and anything else is learned again later.

use std::marker::PhantomData;
use std::time::Duration;

use podpis_operation::{Claim, JournalError, Next, Operation, State, Timestamp};

use crate::secret::ConfirmationCode;
use crate::wait::{Conversation, Current, Paused, Record as _, Run, RunSettings, compute, passes};
use crate::{Error, ErrorKind};

/// The pauses before a record is tried to be stored again.
const STORING: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// How long an operation is left alone whose failure will not pass by itself.
const LEFT_ALONE: Duration = Duration::from_secs(300);

/// What came of a turn.
pub(super) enum Turned<O> {
    /// It goes on then.
    Later {
        due: Option<Timestamp>,
        state: State,
        unreadable: u32,
    },
    /// It goes on then, and its claim is kept until that.
    Soon { due: Timestamp, run: KeptRun<O> },
    /// It waits for the code of a person.
    CodeWanted {
        operation: Operation,
        attempt: u32,
        rejection: Option<String>,
        tries_left: u32,
    },
    /// It is over. Its result is not made yet: that only computes, and takes a while.
    Ended {
        operation: Operation,
        /// Why the journal does not have it, if it does not.
        unstored: Option<JournalError>,
    },
    /// Its failure will not pass by itself. It is looked at again then, or not until somebody acts.
    LeftAlone {
        operation: Operation,
        error: Error,
        until: Option<Timestamp>,
    },
    /// It is no record that can be driven, and is left as it is.
    Unusable(Error),
    /// Somebody else has it.
    TakenOver,
    /// The journal did not store what was to be stored.
    NotStored(JournalError),
}

/// What came of a code.
pub(super) enum Coded {
    /// The operation waits for no code.
    NotWanted(&'static str),
    /// It was given as the code of this attempt, or not.
    Given {
        attempt: u32,
        confirmed: Result<(), Error>,
    },
}

/// A client that drives operations of one kind.
#[async_trait::async_trait]
pub(super) trait Drives<O>: Send + Sync {
    /// Does what is next of a claimed operation. It was claimed at the moment `claimed` of the monotonic clock, and its
    /// last `unreadable` answers could not be read. With `keep` it may wait for its next turn in memory.
    async fn turn(
        &self,
        claim: Claim<'static>,
        claimed: Duration,
        unreadable: u32,
        keep: bool,
    ) -> Turned<O>;

    /// Gives the code of a person.
    async fn code(
        &self,
        claim: Claim<'static>,
        claimed: Duration,
        code: ConfirmationCode,
    ) -> (Turned<O>, Coded);

    /// How many codes may be tried from this attempt on.
    fn tries_left(&self, attempt: u32) -> u32;

    /// The result of an operation that has ended.
    async fn result(&self, operation: Operation) -> Result<O, Error>;
}

/// An operation that waits for its next turn in memory, under its claim.
#[async_trait::async_trait]
pub(super) trait Waits<O>: Send + Sync {
    /// Does what is next of it.
    async fn turn(self: Box<Self>, keep: bool) -> Turned<O>;
}

pub(super) type KeptRun<O> = Box<dyn Waits<O>>;

#[async_trait::async_trait]
impl<O, K> Waits<O> for Paused<K>
where
    O: From<K::Output> + Send + 'static,
    K: Conversation,
{
    async fn turn(self: Box<Self>, keep: bool) -> Turned<O> {
        let mut run = match self.go_on().await {
            Ok(run) => run,
            Err(JournalError::Conflict { .. }) => return Turned::TakenOver,
            Err(error) => return Turned::NotStored(error),
        };
        let turned = run.turn().await;
        after(run, turned, keep).await
    }
}

/// The client of a kind.
pub(super) struct Typed<K: Conversation> {
    pub(super) client: K::Client,
    pub(super) kind: PhantomData<fn() -> K>,
}

#[async_trait::async_trait]
impl<O, K> Drives<O> for Typed<K>
where
    O: From<K::Output> + Send + 'static,
    K: Conversation,
{
    async fn turn(
        &self,
        claim: Claim<'static>,
        claimed: Duration,
        unreadable: u32,
        keep: bool,
    ) -> Turned<O> {
        let mut run = match Run::<K>::resume(self.client.clone(), claim) {
            Ok(run) => Box::new(run),
            Err(error) => return Turned::Unusable(error),
        };
        run.for_a_turn(claimed, unreadable);
        if let Some(due) = run.is_early() {
            return match kept(run, keep) {
                Ok(soon) => soon,
                Err(mut run) => {
                    let put_back = run.put_back_until(Some(due)).await;
                    later(&run, put_back)
                }
            };
        }
        let turned = run.turn().await;
        after(run, turned, keep).await
    }

    async fn code(
        &self,
        claim: Claim<'static>,
        claimed: Duration,
        code: ConfirmationCode,
    ) -> (Turned<O>, Coded) {
        let mut run = match Run::<K>::resume(self.client.clone(), claim) {
            Ok(run) => Box::new(run),
            Err(error) => return (Turned::Unusable(error), Coded::NotWanted("unreadable")),
        };
        run.for_a_turn(claimed, 0);
        let State::AwaitingCode { attempt } = *run.operation().state() else {
            let state = run.operation().state().name();
            return (later(&run, Ok(None)), Coded::NotWanted(state));
        };
        let confirmed = run.confirm(code).await;
        let turned = match &confirmed {
            // Nothing has changed but that the code can be given again.
            Err(_) if matches!(run.next(), Next::GiveCode { attempt: next } if next == attempt) => {
                later(&run, Ok(None))
            }
            _ => after(run, confirmed.clone(), false).await,
        };
        (turned, Coded::Given { attempt, confirmed })
    }

    fn tries_left(&self, attempt: u32) -> u32 {
        tries_left(K::settings(&self.client), attempt)
    }

    async fn result(&self, operation: Operation) -> Result<O, Error> {
        let client = self.client.clone();
        let result = compute(move || {
            let record = K::Record::of(&operation)?;
            crate::wait::output_of::<K>(&client, Current::new(&operation, &record))
                .map_err(|error| error.with_operation(&operation))
        });
        result.await.map(O::from)
    }
}

/// Keeps an operation after a turn or puts it back, and says what came of it.
async fn after<O, K>(run: Box<Run<'static, K>>, turned: Result<(), Error>, keep: bool) -> Turned<O>
where
    O: From<K::Output> + Send + 'static,
    K: Conversation,
{
    let is_well = turned.as_ref().err().is_none_or(passes);
    match kept(run, keep && is_well) {
        Ok(soon) => soon,
        // On the heap: most are kept.
        Err(run) => Box::pin(put_back(run, turned)).await,
    }
}

async fn put_back<O, K>(mut run: Box<Run<'static, K>>, turned: Result<(), Error>) -> Turned<O>
where
    O: From<K::Output> + Send + 'static,
    K: Conversation,
{
    let (mut failed, mut unstored) = (turned.err(), None);
    if let Some(error) = failed.take_if(|error| error.kind() == ErrorKind::Journal) {
        if is_conflict(&error) {
            return Turned::TakenOver;
        }
        match store(&mut run).await {
            Ok(_) => {}
            Err(JournalError::Conflict { .. }) => return Turned::TakenOver,
            // What has come may not come again.
            Err(error) if run.next() == Next::Finished => unstored = Some(error),
            Err(error) => return Turned::NotStored(error),
        }
    }
    match run.next() {
        Next::Finished => {
            if unstored.is_none() {
                match run.put_back().await {
                    Ok(_) => {}
                    Err(JournalError::Conflict { .. }) => return Turned::TakenOver,
                    Err(error) => unstored = Some(error),
                }
            }
            Turned::Ended {
                operation: run.into_operation(),
                unstored,
            }
        }
        Next::GiveCode { attempt } => {
            if let Err(error) = run.put_back().await {
                return later(&run, Err(error));
            }
            Turned::CodeWanted {
                attempt,
                rejection: run.rejection().map(str::to_owned),
                tries_left: tries_left(run.settings(), attempt),
                operation: run.into_operation(),
            }
        }
        Next::PollAfter(_) | Next::Reconcile => match failed {
            Some(error) if !passes(&error) => leave_alone(run, error).await,
            _ => {
                let put_back = run.put_back().await;
                later(&run, put_back)
            }
        },
    }
}

async fn leave_alone<O, K: Conversation>(mut run: Box<Run<'_, K>>, error: Error) -> Turned<O> {
    // A person has to look, or whoever set it up.
    let until = match error.kind() {
        ErrorKind::CannotTell => None,
        _ => Some(run.wall().plus(LEFT_ALONE)),
    };
    match run.put_back_until(until).await {
        Ok(_) => Turned::LeftAlone {
            operation: run.into_operation(),
            error,
            until,
        },
        Err(JournalError::Conflict { .. }) => Turned::TakenOver,
        Err(error) => Turned::NotStored(error),
    }
}

fn later<O, K: Conversation>(
    run: &Run<'_, K>,
    put_back: Result<Option<Timestamp>, JournalError>,
) -> Turned<O> {
    match put_back {
        Ok(due) => Turned::Later {
            due,
            state: run.operation().state().clone(),
            unreadable: run.unreadable(),
        },
        Err(JournalError::Conflict { .. }) => Turned::TakenOver,
        Err(error) => Turned::NotStored(error),
    }
}

/// What was learned is only here: it is stored if that can be.
async fn store<K: Conversation>(run: &mut Run<'_, K>) -> Result<Option<Timestamp>, JournalError> {
    let mut stored = run.put_back().await;
    for pause in STORING {
        if matches!(stored, Ok(_) | Err(JournalError::Conflict { .. })) {
            break;
        }
        run.settings().time.sleep(pause).await;
        stored = run.put_back().await;
    }
    stored
}

/// Keeps an operation until it is due again, if that is allowed and soon enough.
fn kept<O, K>(run: Box<Run<'static, K>>, keep: bool) -> Result<Turned<O>, Box<Run<'static, K>>>
where
    O: From<K::Output> + Send + 'static,
    K: Conversation,
{
    match keep.then(|| run.may_pause()).flatten() {
        Some(due) => Ok(Turned::Soon {
            due,
            run: Box::new(Paused::from(*run)),
        }),
        None => Err(run),
    }
}

fn tries_left(settings: &RunSettings, attempt: u32) -> u32 {
    let attempts = settings.code_attempts;
    attempts.saturating_add(1).saturating_sub(attempt)
}

/// Whether the operation is somebody else's now.
fn is_conflict(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    let journal = source.and_then(|source| source.downcast_ref::<JournalError>());
    matches!(journal, Some(JournalError::Conflict { .. }))
}
