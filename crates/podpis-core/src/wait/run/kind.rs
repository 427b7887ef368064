//! What a client must know about one sort of operation, so that it can be driven.
//!
//! **Invariant:** a kind only translates: it sends one call and says which event the answer is. Saving, waiting
//! and deciding what comes next are done in one place for all kinds.

use std::fmt;
use std::time::Duration;

use podpis_operation::{Event, Kind, Operation, Origin, Service};

use super::{Current, Learned, Record};
use crate::call::{Bounds, Caller, Effect, PermitClass};
use crate::secret::ConfirmationCode;
use crate::wait::{Deadline, KeptBytes, LockName, Locks, PollPolicy, SharedObserver, SharedTime};
use crate::{Error, ErrorKind};

/// A client of a service, as far as every operation needs it.
pub trait OperationClient: Clone + fmt::Debug + Send + Sync + 'static {
    /// The service that it speaks to.
    const SERVICE: Service;

    /// What sends its calls.
    fn caller(&self) -> &Caller;

    /// This client, whose calls are sent by this one.
    #[must_use]
    fn with_caller(&self, caller: Caller) -> Self;

    /// How its operations wait.
    fn run_settings(&self) -> &RunSettings;

    /// Where its operations live.
    fn origin(&self) -> Origin {
        Origin::new(Self::SERVICE, self.caller().base().host())
    }

    /// This client, for an operation that is started and waited for in one go: the deadline counts from now, so it
    /// bounds what is read and uploaded before the start, and the start too. A deadline of zero bounds only the wait:
    /// whoever waits for nothing still wants it started.
    #[must_use]
    fn starting_within(&self, deadline: Deadline) -> Self {
        let (deadline, settings) = (deadline.as_duration(), self.run_settings());
        if deadline.is_zero() {
            return self.clone();
        }
        let began = settings.time.elapsed();
        self.with_caller(self.caller().within(Bounds {
            class: PermitClass::Other,
            began,
            ends: began.saturating_add(deadline),
            is_deadline: true,
            grace: settings.grace,
        }))
    }
}

/// One sort of operation of one service: what is asked, what is kept, and what it gives.
pub trait OperationKind: fmt::Debug + Sized + Send + Sync + 'static {
    /// Its name in records.
    const KIND: Kind;
    /// The client that speaks to the service.
    type Client: OperationClient;
    /// What it keeps in its records.
    type Record: Record;
    /// What the start sends beyond what the record holds.
    type Request: Send + 'static;
    /// What a finished operation gives.
    type Output: Send + 'static;

    /// What an operation of this kind keeps; none for one of another kind, or whose data are not this kind's.
    fn record_of(operation: &Operation) -> Option<Self::Record> {
        let is_ours = *operation.kind() == Self::KIND;
        is_ours.then(|| Self::Record::of(operation).ok()).flatten()
    }

    /// What no two operations of one program may be at, at the same time. None, unless the kind says so.
    fn locks(_record: &Self::Record) -> Vec<LockName> {
        Vec::new()
    }

    /// Whether a request of this record whose answer was lost is found out without a person: [`reconcile`] tells what
    /// became of it, or it may be sent again. What reaches a person seldom is, so no kind is unless it says so.
    ///
    /// [`reconcile`]: Conversation::reconcile
    fn is_found_out(_record: &Self::Record) -> bool {
        false
    }

    /// All that a record of this kind keeps of what the service gave: signatures, readable or not, and what came in
    /// their place; whatever the record's state, and also where it cannot be read as a whole or
    /// [`output`](OperationKind::output) is an error. A kind that keeps no such thing gives nothing.
    fn kept(_operation: &Operation) -> Vec<KeptBytes> {
        Vec::new()
    }

    /// How this kind waits: as its client does, unless its pauses are others.
    fn settings(client: &Self::Client) -> &RunSettings {
        client.run_settings()
    }

    /// The result of a record that is done.
    ///
    /// # Errors
    /// When the record is not what this kind writes, or the result is not what was asked for.
    fn output(client: &Self::Client, at: Current<'_, Self::Record>) -> Result<Self::Output, Error>;
}

/// How a kind speaks with its service. A kind of several steps has a [`Sequence`](super::Sequence) instead.
#[async_trait::async_trait]
pub trait Conversation: OperationKind {
    /// Sends the start. The record was stored before. One that is taken and has no news is at work, and is polled.
    ///
    /// # Errors
    /// [`Error::effect`] decides: what was not applied is forgotten, what is unknown stays stored.
    async fn start(
        client: &Self::Client,
        at: Current<'_, Self::Record>,
        request: Self::Request,
    ) -> Result<Learned<Self::Record>, Error>;

    /// Sends what the record says is sent next, after a call taught [`Event::NextStep`]. The record says `starting` with
    /// that event's data and was stored before. One that is taken and has no news is polled. A kind of one step that is no
    /// step of another never comes here.
    ///
    /// # Errors
    /// [`Error::effect`] decides: what was not applied is polled, and the poll teaches [`Event::NextStep`] again; what
    /// is unknown is reconciled.
    async fn next_step(
        _client: &Self::Client,
        _at: Current<'_, Self::Record>,
    ) -> Result<Learned<Self::Record>, Error> {
        let text = format!("a {} has no further steps", Self::KIND);
        Err(Error::new(ErrorKind::InvalidInput, text).with_effect(Effect::NotApplied))
    }

    /// Asks how far the service is.
    ///
    /// # Errors
    /// "Could not find out": the operation stays as it was.
    async fn poll(
        client: &Self::Client,
        at: Current<'_, Self::Record>,
    ) -> Result<Learned<Self::Record>, Error>;

    /// Sends a code. The record says `confirming` and was stored before. A kind that asks nobody never comes here.
    ///
    /// # Errors
    /// [`Error::effect`] decides: what was not applied can be given again, what is unknown is reconciled.
    async fn confirm(
        _client: &Self::Client,
        _at: Current<'_, Self::Record>,
        _code: &ConfirmationCode,
    ) -> Result<Learned<Self::Record>, Error> {
        let text = format!("a {} asks for no code", Self::KIND);
        Err(Error::new(ErrorKind::InvalidInput, text).with_effect(Effect::NotApplied))
    }

    /// Finds out what became of a request whose answer is not stored, without sending it again.
    ///
    /// # Errors
    /// [`ErrorKind::CannotTell`] when the service cannot be asked and a person should look; any other kind is "could
    /// not find out". The operation stays as it was.
    async fn reconcile(
        client: &Self::Client,
        at: Current<'_, Self::Record>,
    ) -> Result<Event<Self::Record>, Error>;
}

/// How the runs of a client behave.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// The clock.
    pub time: SharedTime,
    /// The pauses between polls.
    pub polls: PollPolicy,
    /// How long one step may take that is not part of a wait: a start, a code, a poll by [`Run::poll`](super::Run::poll).
    pub step: Duration,
    /// How much longer a request may take that is on its way at the deadline.
    pub grace: Duration,
    /// How many codes a person may try before the operation is given up.
    pub code_attempts: u32,
    /// The locks by which operations of this client exclude each other.
    pub locks: Locks,
    /// Who is told what happens.
    pub observer: Option<SharedObserver>,
}

impl RunSettings {
    /// The default pauses, two minutes for a step, five seconds of grace, three codes, nobody watching.
    pub fn new(time: impl Into<SharedTime>) -> Self {
        Self {
            time: time.into(),
            polls: PollPolicy::default(),
            step: Duration::from_secs(120),
            grace: Duration::from_secs(5),
            code_attempts: 3,
            locks: Locks::new(),
            observer: None,
        }
    }
}
