//! Drives one operation to its end: starts it or not, waits, hands the results over, and forgets the record.
//!
//! **Invariant:** a record is forgotten only when its results are files or when there will be none, and whatever
//! else happens, Ctrl-C included, the person is told the command that goes on with it.

use podpis::core::wait::{OperationClient as _, SharedTime};
use podpis::operation::{Service, State};
use podpis::{
    AnyRun, CodeRequest, Deadline, Error, ErrorKind, Meaning, OperationId, Output as Gave, Refusal,
};

use crate::asked::{Asked, Start};
use crate::checks::StrictArguments;
use crate::delivery::{Delivery, Goal, deliver};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::changed;
use crate::interrupt::Interrupt;
use crate::kept::{self, Came, Kept};
use crate::messages::{Cost, DiadocMessage, Message};
use crate::output::Output;
use crate::phone_link;
use crate::prompt::Asker;
use crate::store::Store;
use crate::waiting_line;

/// What driving needs, whichever the operation.
#[derive(Debug)]
pub(crate) struct Driver<'a> {
    pub(crate) store: &'a Store,
    pub(crate) deadline: Deadline,
    /// Whether what was started is waited for.
    pub(crate) waits: bool,
    /// Whether it is begun although an operation about the same is open.
    pub(crate) even_if_open: bool,
    pub(crate) interrupt: &'a mut Interrupt,
    /// Who gives the codes.
    pub(crate) asker: Asker,
    /// The sandbox on whose phone a person answers.
    pub(crate) phone: Option<String>,
    pub(crate) output: Output,
    pub(crate) strict: StrictArguments,
    pub(crate) time: SharedTime,
}

impl<'a> Driver<'a> {
    /// Notes what is asked, and starts; `follows` is the operation that is started over. The record is in the journal
    /// when this returns.
    pub(crate) async fn start<A: Asked>(
        &mut self,
        client: &A::Service,
        asked: &A,
        follows: Option<OperationId>,
    ) -> Result<AnyRun<'a>, Failure> {
        let id = OperationId::random();
        let (store, deadline) = (self.store, self.deadline);
        let even_if_open = self.even_if_open;
        let starting = async {
            let note = asked.note()?;
            // What is begun again by mistake would ask the person a second time, and so would what is begun twice at once.
            let (subjects, at) = (note.subjects(), client.origin());
            let begun = store.claim_subjects(&subjects, &at.host).await?;
            let Some(_begun) = begun else {
                return Err(Failure::failed("claimed", Message::BeingBegun));
            };
            if !even_if_open
                && let Some((open, subject)) =
                    store.open_about(&at, &subjects, follows.as_ref()).await?
            {
                let message = Message::AlreadyOpen {
                    id: open.id().to_string(),
                    what: subject.shown().to_owned(),
                    abandon: store.command("abandon", open.id()),
                };
                let failure = Failure::new(Exit::Open, "already_open", message).about(open.id());
                return Err(failure.advising(Some(store.advice(&open))));
            }
            asked.make_folders()?;
            store.prepare(&id, note)?;
            let start = Start {
                id: id.clone(),
                follows,
                journal: store.journal(),
            };
            let starting = asked.start(&client.starting_within(deadline), start)?;
            match starting.await {
                Ok(run) => Ok(run),
                Err(error) => Err(failed(store, &id, error).await),
            }
        };
        // Also while another program keeps the journal locked.
        let started = tokio::select! {
            started = starting => Some(started),
            () = self.interrupt.pressed() => None,
        };
        match started {
            Some(started) => started,
            None => Err(interrupted(store, &id).await),
        }
    }

    /// Waits, writes what comes, and forgets the record.
    pub(crate) async fn finish(
        &mut self,
        mut run: AnyRun<'_>,
        goal: &Goal,
    ) -> Result<Delivery, Failure> {
        let waited = self.wait(&mut run).await;
        self.conclude(run, waited, goal).await
    }

    /// Waits until it ends; nothing when Ctrl-C comes first.
    pub(crate) async fn wait(&mut self, run: &mut AnyRun<'_>) -> Option<Result<Gave, Error>> {
        let (store, asker) = (self.store, &self.asker);
        let mut prompt = |request: CodeRequest| asker.clone().ask(request, store);
        let operation = run.operation().clone();
        if let Some(sandbox) = &self.phone
            && !operation.state().is_final()
        {
            phone_link::tell(sandbox, self.output);
        }
        let shown = waiting_line::show(&operation, self.deadline, &self.time, self.output);
        let pushes = async {
            match store.cost(&operation) {
                Cost::Confirmation => {
                    let of = Some(operation.id());
                    asker.answer_pushes(store.journal(), of).await;
                }
                // No push comes for it.
                Cost::Sms | Cost::Nothing => std::future::pending().await,
            }
        };
        tokio::select! {
            waited = run.wait(&mut prompt, self.deadline) => Some(waited),
            never = shown => match never {},
            () = pushes => None,
            () = self.interrupt.pressed() => None,
        }
    }

    /// Writes what came of the waiting, and forgets the record.
    pub(crate) async fn conclude(
        &mut self,
        run: AnyRun<'_>,
        waited: Option<Result<Gave, Error>>,
        goal: &Goal,
    ) -> Result<Delivery, Failure> {
        let id = run.operation().id().clone();
        match waited {
            Some(Ok(gave)) => Ok(self.hand_over(run, gave, goal).await),
            // The record names what is started over.
            Some(Err(error))
                if matches!(error.refusal(), Some(Refusal::MustStartOver { .. }))
                    && self.store.is_kept() =>
            {
                let advice = self.store.advice(run.operation());
                Err(Failure::from(error).about(&id).advising(Some(advice)))
            }
            // What is refused while the operation stays open is not the end of it.
            Some(Err(error)) if error.refusal().is_some() && run.operation().state().is_final() => {
                let signed = Kept::of(run.operation()).is_some_and(|kept| !kept.is_empty());
                let failure = |error: Error| {
                    let failure = Failure::from(error);
                    if signed {
                        failure.led_by(Message::SignedThenRefused)
                    } else {
                        failure
                    }
                };
                if let Err(unwritten) = self.rescue(&run, goal) {
                    // The record still has what could not be written.
                    self.output.complain(&failure(error).about(&id));
                    let advice = self.store.advice(run.operation());
                    let unwritten = unwritten.about(&id).leaving_open();
                    return Err(unwritten.advising(Some(advice)));
                }
                // It has been reported by then, and there is nothing more in it.
                let forgotten = self.forget(run, Exit::Refused).await;
                forgotten.map_err(|error| self.store.told(error).about(&id))?;
                Err(failure(error))
            }
            // Signatures that the journal does not take are handed over all the same.
            Some(Err(error))
                if error.kind() == ErrorKind::Journal
                    && matches!(run.operation().state(), State::Done) =>
            {
                let gave = run.output()?;
                let delivery = self.hand_over(run, gave, goal).await;
                // They are as good as they are: what became of the journal matters where they could not be written either.
                if !delivery.is_complete {
                    self.output.complain(&self.store.told(error).about(&id));
                }
                Ok(delivery)
            }
            Some(Err(error)) => {
                drop(run);
                Err(failed(self.store, &id, error).await)
            }
            None => {
                drop(run);
                Err(interrupted(self.store, &id).await)
            }
        }
    }

    /// Writes what came before it was refused.
    fn rescue(&self, run: &AnyRun<'_>, goal: &Goal) -> Result<(), Failure> {
        let Goal::Folder(goal) = goal else {
            return Ok(());
        };
        let operation = run.operation();
        let named = |file, place| match operation.origin().service {
            Service::Extern => Message::NotSent { file, place },
            _ => DiadocMessage::NotAttached { file, place }.into(),
        };
        kept::rescue(&goal.folder, operation, named, self.output)
    }

    async fn hand_over(&self, run: AnyRun<'_>, gave: Gave, goal: &Goal) -> Delivery {
        let operation = run.operation().clone();
        let is_kept = self.store.is_kept();
        let delivered = deliver(goal, &operation, gave, is_kept, self.output).await;
        let Some(mut delivery) = delivered else {
            return self.not_understood(operation.id());
        };
        // The signature is right for what was sent, and wrong for what lies there now.
        if let Ok(Some(note)) = self.store.note(operation.id())
            && let Some(path) = changed(&note.paths(), &operation)
        {
            let message = Message::FileChanged(path.display().to_string());
            delivery.fail(Failure::failed("file_changed", message));
        }
        let forgotten = if delivery.is_complete {
            self.forget(run, delivery.exit).await
        } else {
            Ok(())
        };
        delivery.say();
        delivery.exit = delivery.exit.worst(self.strict.exit(delivery.is_proven));
        if !delivery.is_complete
            && let Some(last) = delivery.failures.pop()
        {
            let advice = is_kept.then(|| self.store.advice(&operation));
            delivery.failures.push(last.advising(advice));
        }
        // The result is delivered as it is: that its record stays says nothing of it.
        if let Err(error) = forgotten {
            let failure = self.store.not_settled(operation.id(), error);
            self.output.complain(&failure);
        }
        delivery
    }

    /// A result of a kind that came after this program.
    fn not_understood(&self, id: &OperationId) -> Delivery {
        let mut delivery = Delivery::new(id, self.store.is_kept(), self.output);
        delivery.fail(Failure::new(
            Exit::Open,
            "other",
            Message::ResultNotUnderstood,
        ));
        delivery
    }

    async fn forget(&self, run: AnyRun<'_>, exit: Exit) -> Result<(), Error> {
        let id = run.operation().id().clone();
        // First, so that nobody finds neither. As long as there is a record, nobody asks how it ended.
        self.store.note_end(&id, exit);
        run.forget().await?;
        self.store.drop_note(&id);
        Ok(())
    }
}

/// A failure, with what the person does next as far as the journal knows.
pub(crate) async fn failed(store: &Store, id: &OperationId, error: Error) -> Failure {
    let kind = error.kind();
    let is_gone = matches!(error.meaning(), Some(Meaning::Gone { .. }));
    let failure = store.told(error);
    match store.record(id).await {
        Ok(Some(record)) => {
            let failure = failure.about(id);
            let kept = store.is_kept();
            let is_known =
                kind == ErrorKind::Deadline && matches!(record.state(), State::Processing { .. });
            if is_gone || is_known {
                store.note_gone(&record, is_gone);
            }
            match kind {
                ErrorKind::Signature => {
                    let came = Kept::of(&record).map_or(Came::Signatures, |kept| kept.came());
                    let failure = failure.led_by(Message::Came(came));
                    failure.advising(kept.then(|| store.advice_on_wrong_result(&record)))
                }
                ErrorKind::NotTrusted => {
                    let failure = failure.led_by(Message::Came(Came::Untrusted));
                    failure.advising(kept.then(|| store.advice_on_untrusted(&record)))
                }
                _ if is_gone && kept => failure.advising(Some(store.advice_on_gone(&record))),
                _ => failure.advising(Some(store.advice(&record))),
            }
        }
        Ok(None) => {
            store.drop_note(id);
            failure
        }
        // The failure itself is the better news.
        Err(_) if failure.exit() == Exit::Open => failure
            .about(id)
            .advising(Some(store.advice_on_no_journal(id))),
        Err(_) => failure.about(id),
    }
}

/// That Ctrl-C came, with what the person does next.
pub(crate) async fn interrupted(store: &Store, id: &OperationId) -> Failure {
    store.hurry();
    match store.record(id).await {
        Ok(Some(record)) => Failure::new(Exit::Open, "interrupted", Message::Interrupted)
            .about(id)
            .advising(Some(store.advice(&record))),
        // What is not in the journal was not sent.
        Ok(None) => {
            store.drop_note(id);
            Failure::failed("interrupted", Message::InterruptedEarly)
        }
        Err(failure) => {
            let advice = store.advice_on_no_journal(id);
            failure.about(id).advising(Some(advice))
        }
    }
}
