//! An operation being driven.
//!
//! **Invariant:** every start and every code is stored before it is sent, a failed save means that nothing was
//! sent, and whatever fails, the record in the journal or in the error tells how things stand.

mod begin;
mod current;
mod drive;
mod kind;
mod learned;
mod paused;
mod sequence;
#[cfg(test)]
mod tests;
mod turn;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_operation::{
    Claim, Event, Journal, JournalError, Next, Operation, Refusal, State, Timestamp,
};
use tracing::Instrument as _;

pub use begin::{Begin, Beginning, Prepared};
pub use current::{Current, Record};
pub use kind::{Conversation, OperationClient, OperationKind, RunSettings};
pub use learned::Learned;
pub(crate) use paused::Paused;
pub use sequence::{Part, Sequence, Step, followed};
pub(crate) use turn::passes;

use learned::Hint;

use crate::call::{Bounds, Effect, PermitClass};
use crate::secret::ConfirmationCode;
use crate::wait::{Busy, LockSet};
use crate::{Error, ErrorKind};

/// One operation, claimed by this program.
///
/// Dropping a run stops the waiting, not the operation: the record stays in the journal, and
/// [`Run::resume`] goes on from it. A call that is dropped in the middle is like a crash at that moment: the
/// record tells what may have been sent, and a run in which that happened must be resumed from the journal,
/// because the journal may be ahead of it.
pub struct Run<'j, K: OperationKind> {
    client: K::Client,
    claim: Claim<'j>,
    operation: Operation,
    /// What the kind keeps in the operation, decoded.
    record: Box<K::Record>,
    /// On the monotonic clock: when the start call, or the resumption, was made.
    began: Duration,
    /// On the monotonic clock: when the wait ends that is going on.
    ends: Option<Duration>,
    /// The locks of the operation, from the first thing it does until it ends or is given up.
    hold: Option<LockSet>,
    /// On the monotonic clock: when the lease of the claim was renewed last.
    renewed: Option<Duration>,
    /// What the service said about the last code.
    rejection: Option<String>,
    /// How many answers in a row could not be read.
    unreadable: u32,
    /// Whether it is put back between its turns, so that every save says when the next one is due.
    is_put_back: bool,
    /// Whether the journal does not have what the next turn has to know.
    is_unsaved: bool,
    pending: Hint,
    trouble: Option<Error>,
}

impl<'j, K: Conversation> Run<'j, K> {
    /// Stores `operation`, with what its kind keeps in it, and sends its start.
    ///
    /// # Errors
    /// When it could not be stored (nothing was sent), when it was not applied (nothing is stored then), or when
    /// its effect is unknown (the record is stored and in the error).
    pub async fn start(
        client: K::Client,
        journal: &'j dyn Journal,
        operation: Operation,
        record: K::Record,
        request: K::Request,
    ) -> Result<Self, Error> {
        let operation = operation.with_data(record.to_data());
        let span = tracing::info_span!("operation", id = %operation.id(), kind = %operation.kind());
        async move {
            let bounds = client.caller().bounds();
            let bounds = bounds.unwrap_or_else(|| step(K::settings(&client)));
            let starting = bounded(&client, PermitClass::Start, bounds);
            let logged_in = starting.caller().log_in().await;
            logged_in.map_err(Error::before_start)?;
            let locks = &K::settings(&client).locks;
            let hold = locks.try_take(K::locks(&record)).map_err(held_here)?;
            let claimed = K::settings(&client).time.elapsed();
            let claim = journal.claim(operation.id()).await.map_err(not_sent)?;
            if let Some(earlier) = claim.record() {
                let text = format!("there is an operation {} already: resume it", earlier.id());
                return Err(Error::new(ErrorKind::InvalidInput, text).with_operation(earlier));
            }
            let mut run = Self::new(client, claim, operation, Box::new(record));
            run.hold = Some(hold);
            run.renewed = Some(claimed);
            run.claim.save(&run.operation).await.map_err(not_sent)?;
            let starting = bounded(&starting, PermitClass::Start, run.while_held(bounds));
            match K::start(&starting, run.current(), request).await {
                Ok(learned) => {
                    let learned = run.taken(learned);
                    run.learn(learned).await.map_err(applied)?;
                    Ok(run)
                }
                Err(error) if error.may_have_been_applied() => {
                    Err(error.with_operation(&run.operation))
                }
                Err(error) => {
                    if let Err(failure) = run.claim.forget().await {
                        tracing::warn!(%failure, "a record of an operation that never began could not be removed");
                    }
                    Err(error.before_start())
                }
            }
        }
        .instrument(span)
        .await
    }

    /// Goes on with a stored operation. Sends nothing.
    ///
    /// # Errors
    /// When there is no such record, when it cannot be read, or when it is of another kind, service or host than this
    /// client's.
    pub fn resume(client: K::Client, mut claim: Claim<'j>) -> Result<Self, Error> {
        let operation = claim.take_record().ok_or_else(|| {
            Error::new(
                ErrorKind::Journal,
                "there is no such operation in the journal",
            )
        })?;
        let origin = client.origin();
        let stored = operation.origin();
        let wrong = if *operation.kind() != K::KIND {
            Some(format!(
                "it is a {} and not a {}",
                operation.kind(),
                K::KIND
            ))
        } else if stored.service != origin.service || !stored.is_at(&origin.host) {
            Some(format!(
                "it lives at {} ({}) and this client talks to {} ({})",
                stored.host, stored.service, origin.host, origin.service
            ))
        } else {
            None
        };
        if let Some(wrong) = wrong {
            let text = format!(
                "operation {} cannot be resumed here: {wrong}",
                operation.id()
            );
            return Err(Error::new(ErrorKind::InvalidInput, text).with_operation(&operation));
        }
        let record = K::Record::of(&operation).map_err(|error| error.with_operation(&operation))?;
        Ok(Self::new(client, claim, operation, Box::new(record)))
    }

    fn new(
        client: K::Client,
        claim: Claim<'j>,
        operation: Operation,
        record: Box<K::Record>,
    ) -> Self {
        // What is waited for counts from the same moment as what came before; each wait has bounds of its own.
        let bounds = client.caller().bounds();
        let began = bounds.map_or_else(
            || K::settings(&client).time.elapsed(),
            |bounds| bounds.began,
        );
        Self {
            client: client.with_caller(client.caller().within(None)),
            claim,
            operation,
            record,
            began,
            ends: None,
            hold: None,
            renewed: None,
            rejection: None,
            unreadable: 0,
            is_put_back: false,
            is_unsaved: false,
            pending: Hint::default(),
            trouble: None,
        }
    }

    /// This run without a borrow, so that a service keeps it in a struct or moves it into a task. `journal` is a handle
    /// of the journal that the operation was started in, or resumed from.
    #[must_use]
    pub fn owned(self, journal: Arc<dyn Journal>) -> Run<'static, K> {
        Run {
            client: self.client,
            claim: self.claim.owned(journal),
            operation: self.operation,
            record: self.record,
            began: self.began,
            ends: self.ends,
            hold: self.hold,
            renewed: self.renewed,
            rejection: self.rejection,
            unreadable: self.unreadable,
            is_put_back: self.is_put_back,
            is_unsaved: self.is_unsaved,
            pending: self.pending,
            trouble: self.trouble,
        }
    }

    /// The record, as it stands.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    fn current(&self) -> Current<'_, K::Record> {
        Current::new(&self.operation, &self.record)
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self) -> Next {
        self.operation.next(self.pause())
    }

    /// The pause before the next poll.
    fn pause(&self) -> Duration {
        if self.pending.at_once {
            return Duration::ZERO;
        }
        let polls = &K::settings(&self.client).polls;
        polls.pause(self.operation.polls(), self.pending.retry_after)
    }

    /// Asks the service once how far it is.
    ///
    /// # Errors
    /// "Could not find out": the operation is as it was, and the next poll may work. Also when the record could
    /// not be stored; it is in the error then.
    pub async fn poll(&mut self) -> Result<(), Error> {
        if !matches!(self.operation.state(), State::Processing { .. }) {
            return Ok(());
        }
        let span = self.span();
        async {
            self.keep_hold().await?;
            self.operation.count_poll();
            self.is_unsaved = true;
            self.pending.at_once = false;
            match K::poll(&self.within(PermitClass::Poll), self.current()).await {
                Ok(learned) => self.learn(learned).await,
                Err(error) => {
                    self.pending.retry_after =
                        error.service().and_then(|answer| answer.retry_after);
                    self.trouble = Some(error.clone());
                    Err(error.with_operation(&self.operation))
                }
            }
        }
        .instrument(span)
        .await
    }

    /// Sends the person's code. A wrong code is not an error: [`Run::next`] asks for another one.
    ///
    /// # Errors
    /// When the service did not take the code (it can be given again), when nobody knows whether it did
    /// ([`Error::may_have_been_applied`]), or when the record could not be stored (nothing was sent).
    pub async fn confirm(&mut self, code: ConfirmationCode) -> Result<(), Error> {
        let State::AwaitingCode { .. } = self.operation.state() else {
            let text = format!(
                "the operation is {} and waits for no code",
                self.operation.state().name()
            );
            return Err(Error::new(ErrorKind::InvalidInput, text).with_operation(&self.operation));
        };
        if code.expose().trim().is_empty() {
            let text = "the code is empty";
            return Err(Error::new(ErrorKind::InvalidInput, text).with_operation(&self.operation));
        }
        let span = self.span();
        async {
            self.keep_hold().await?;
            let client = self.within(PermitClass::Code);
            let logged_in = client.caller().log_in().await;
            logged_in.map_err(|error| error.with_operation(&self.operation))?;
            self.happen(Event::CodeGiven).await?;
            match K::confirm(&client, self.current(), &code).await {
                Ok(learned) => self.learn(learned).await.map_err(applied),
                Err(error) if error.may_have_been_applied() => {
                    Err(error.with_operation(&self.operation))
                }
                Err(error) => {
                    self.learn(Event::CodeNotTaken.into()).await?;
                    Err(error.with_operation(&self.operation))
                }
            }
        }
        .instrument(span)
        .await
    }

    /// Finds out what became of a request whose answer was lost. Sends nothing twice.
    ///
    /// # Errors
    /// [`ErrorKind::CannotTell`] when nobody can tell from here: a person should look at what the text says.
    /// Any other kind means "could not find out", or that the record could not be stored; the operation is as it was.
    pub async fn reconcile(&mut self) -> Result<(), Error> {
        let span = self.span();
        async {
            self.keep_hold().await?;
            let found = K::reconcile(&self.within(PermitClass::Poll), self.current()).await;
            let event = found.map_err(|error| error.with_operation(&self.operation))?;
            self.learn(event.into()).await
        }
        .instrument(span)
        .await
    }

    /// The result. Keep it safe, then [`Run::forget`] the record.
    ///
    /// Signatures are verified here, on the thread that asks; [`Run::wait`] does it on one of its own.
    ///
    /// # Errors
    /// When the operation was refused ([`Error::refusal`]), is still open, or its result is not what was asked
    /// for. The record is in the error.
    pub fn output(&self) -> Result<K::Output, Error> {
        output_of::<K>(&self.client, self.current())
            .map_err(|error| error.with_operation(&self.operation))
    }

    /// Removes the record: the result is in safe hands, or the operation is given up.
    ///
    /// # Errors
    /// When the journal fails.
    pub async fn forget(self) -> Result<(), Error> {
        Ok(self.claim.forget().await?)
    }

    /// The client, whose calls take permits of this class and end with the wait that is going on.
    fn within(&self, class: PermitClass) -> K::Client {
        let mut bounds = step(K::settings(&self.client));
        if let Some(ends) = self.ends {
            (bounds.ends, bounds.is_deadline) = (ends, true);
        }
        // A poll does no harm where whoever has taken the operation over polls too.
        if matches!(class, PermitClass::Start | PermitClass::Code) {
            bounds = self.while_held(bounds);
        }
        bounded(&self.client, class, bounds)
    }

    /// These bounds, but what waits to be sent is not sent any more when the lease has run out: by then somebody else may
    /// have taken the operation over and sent it.
    fn while_held(&self, bounds: Bounds) -> Bounds {
        let length = self.claim.lease().length();
        let held = self.renewed.map(|renewed| renewed.saturating_add(length));
        Bounds {
            ends: held.map_or(bounds.ends, |held| held.min(bounds.ends)),
            ..bounds
        }
    }

    /// What was sent and has an answer is at work, even where the answer has no news: it is polled, and not found out as
    /// if it were lost.
    fn taken(&self, mut learned: Learned<K::Record>) -> Learned<K::Record> {
        learned.event = learned.event.or_else(|| {
            let data = K::Record::clone(&self.record);
            Some(Event::Accepted { data })
        });
        learned
    }

    /// Keeps others away while this run is at work. A resumed operation was started before; its locks keep new starts
    /// away where they are free, and going on needs none. A lease that runs out is renewed in good time; where somebody
    /// else took the operation over, nothing is sent.
    async fn keep_hold(&mut self) -> Result<(), Error> {
        let settings = K::settings(&self.client);
        if self.hold.is_none() {
            self.hold = settings.locks.try_take(K::locks(&self.record)).ok();
        }
        let (length, now) = (self.claim.lease().length(), settings.time.elapsed());
        let is_fresh = |at: Duration| now.saturating_sub(at) < length / 2;
        if length == Duration::MAX || self.renewed.is_some_and(is_fresh) {
            return Ok(());
        }
        let wall = Timestamp::from(settings.time.now());
        self.claim
            .renew(wall, length)
            .await
            .map_err(|error| not_sent(error).with_operation(&self.operation))?;
        self.renewed = Some(now);
        Ok(())
    }

    async fn learn(&mut self, mut learned: Learned<K::Record>) -> Result<(), Error> {
        loop {
            self.pending = learned.hint;
            self.trouble = None;
            let Some(event) = learned.event else {
                return Ok(());
            };
            let sends = matches!(event, Event::NextStep { .. });
            self.happen(event).await?;
            if let State::AwaitingCode { attempt } = *self.operation.state()
                && attempt > K::settings(&self.client).code_attempts
            {
                let event = Event::Refused {
                    refusal: Refusal::TooManyAttempts,
                    message: None,
                };
                self.happen(event).await?;
            }
            if !sends {
                return Ok(());
            }
            learned = self.send_step().await?;
        }
    }

    /// Sends a step that was stored as about to be sent.
    async fn send_step(&mut self) -> Result<Learned<K::Record>, Error> {
        let client = self.within(PermitClass::Start);
        let sent = match client.caller().log_in().await {
            Ok(()) => K::next_step(&client, self.current()).await,
            Err(error) => Err(error.with_effect(Effect::NotApplied)),
        };
        match sent {
            Ok(learned) => Ok(self.taken(learned)),
            Err(error) => {
                if !error.may_have_been_applied() {
                    self.happen(Event::StepNotTaken).await?;
                }
                self.pending = Hint {
                    retry_after: error.service().and_then(|answer| answer.retry_after),
                    ..Hint::default()
                };
                self.is_unsaved = true;
                self.trouble = Some(error.clone());
                Err(error.with_operation(&self.operation))
            }
        }
    }

    /// Changes the record as the table says, and stores it.
    async fn happen(&mut self, event: Event<K::Record>) -> Result<(), Error> {
        let mut record = None;
        let event = event.map_data(|new| {
            let data = new.to_data();
            record = Some(new);
            data
        });
        // What is sent next is stored first and believed afterwards: what cannot be stored is not sent, is not to be
        // found out, and whoever stops waiting for the save has sent nothing.
        let sends = matches!(event, Event::NextStep { .. } | Event::CodeGiven);
        let before = sends.then(|| self.operation.clone());
        let now = Timestamp::from(K::settings(&self.client).time.now());
        self.operation
            .apply(event.clone(), now)
            .map_err(|error| Error::from(error).with_operation(&self.operation))?;
        if let Some(before) = before {
            let stored = std::mem::replace(&mut self.operation, before);
            self.claim
                .save(&stored)
                .await
                .map_err(|error| not_sent(error).with_operation(&self.operation))?;
            self.operation = stored;
        }
        if let Some(record) = record {
            *self.record = record;
        }
        if let Event::CodeRejected { message } = &event {
            self.rejection.clone_from(message);
        }
        if self.operation.state().is_final() {
            self.hold = None;
        }
        tracing::debug!(
            event = event.name(),
            state = self.operation.state().name(),
            "operation changed"
        );
        if !sends {
            self.is_unsaved = true;
            let due = self.due();
            self.claim
                .save_due(&self.operation, due)
                .await
                .map_err(|error| Error::from(error).with_operation(&self.operation))?;
        }
        self.is_unsaved = false;
        if let Some(observer) = &K::settings(&self.client).observer {
            observer.tell(&self.operation, &event);
        }
        Ok(())
    }

    fn span(&self) -> tracing::Span {
        tracing::info_span!("operation", id = %self.operation.id(), kind = %self.operation.kind())
    }
}

impl<K: OperationKind> fmt::Debug for Run<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// What a step may take that is not part of a wait.
fn step(settings: &RunSettings) -> Bounds {
    let began = settings.time.elapsed();
    Bounds {
        class: PermitClass::Other,
        began,
        ends: began.saturating_add(settings.step),
        is_deadline: false,
        grace: settings.grace,
    }
}

fn bounded<C: OperationClient>(client: &C, class: PermitClass, bounds: Bounds) -> C {
    client.with_caller(client.caller().within(Bounds { class, ..bounds }))
}

fn not_sent(error: JournalError) -> Error {
    Error::new(
        ErrorKind::Journal,
        format!("the journal failed, so nothing was sent: {error}"),
    )
    .before_start()
    .with_source(error)
}

/// The service acted; only what came after failed.
fn applied(error: Error) -> Error {
    error.with_effect(Effect::Applied)
}

/// Another operation of this program is at the same draft, docflow or person.
fn held_here(busy: Busy) -> Error {
    let refusal = Refusal::AnotherOperationOpen {
        operation: Some(busy.name.to_string()),
        sort: None,
    };
    Error::refused(refusal, Some("this program has it open")).before_start()
}

/// The result of an operation that has ended.
pub(crate) fn output_of<K: OperationKind>(
    client: &K::Client,
    at: Current<'_, K::Record>,
) -> Result<K::Output, Error> {
    match at.state() {
        State::Done => K::output(client, at),
        State::Refused { refusal, message } => {
            Err(Error::refused(refusal.clone(), message.as_deref()))
        }
        state => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("the operation is still {state}"),
        )),
    }
}
