//! Drives one operation to its end: starts it or not, waits, hands the results over, and forgets the record.
//!
//! **Invariant:** a record is forgotten only when its results are files or when there will be none, and whatever
//! else happens, Ctrl-C included, the person is told the command that goes on with it.

use std::future::Future;
use std::path::PathBuf;

use podpis::core::wait::OperationClient as _;
use podpis::diadoc::BoxId;
use podpis::operation::State;
use podpis::{
    AnyRun, CodeRequest, Deadline, Diadoc, Error, ErrorKind, File, OperationId, Output as Gave,
    Refusal, Thumbprint,
};

use crate::attaching::{self, AttachAsk};
use crate::checks::StrictArguments;
use crate::delivery::{self, Delivery, Goal};
use crate::exit::Exit;
use crate::extern_api::{Ask, FolderGoal, OutFolder, deliver};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::kept::{self, Came, Kept};
use crate::messages::{DiadocMessage, Message};
use crate::output::Output;
use crate::progress::UploadBar;
use crate::prompt::Asker;
use crate::store::{Note, NotedFile, Store};

/// What is about to be signed.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) method: Method,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) goal: Goal,
    /// The certificate that was asked for, by the person or by the sandbox.
    pub(crate) certificate: Option<Thumbprint>,
    /// The operation that is started over.
    pub(crate) follows: Option<OperationId>,
}

/// How files are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Kontur.Certificate with a code by SMS (CloudSign).
    Cloud,
    /// A DSS certificate, confirmed on its owner's phone (DssSign).
    Dss {
        /// The box in which that happens.
        in_box: BoxId,
    },
}

/// Whose receipts are about to be signed.
#[derive(Debug)]
pub(crate) struct ReceiptsPlan {
    pub(crate) in_box: BoxId,
    pub(crate) certificate: Option<Thumbprint>,
    /// The operation that is started over.
    pub(crate) follows: Option<OperationId>,
}

/// What is about to be signed and attached.
#[derive(Debug)]
pub(crate) struct AttachPlan {
    pub(crate) ask: AttachAsk,
    pub(crate) in_box: BoxId,
    pub(crate) folder: OutFolder,
    /// The operation that is started over.
    pub(crate) follows: Option<OperationId>,
}

/// What driving needs, whichever the operation.
#[derive(Debug)]
pub(crate) struct Driver<'a> {
    pub(crate) store: &'a Store,
    pub(crate) deadline: Deadline,
    pub(crate) interrupt: &'a mut Interrupt,
    pub(crate) output: Output,
    pub(crate) strict: StrictArguments,
}

/// Where results go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Destination<'g> {
    /// A file that was planned for each signature.
    Files(&'g Goal),
    /// A folder, for names that only the service knows.
    Folder(&'g FolderGoal),
    /// A folder, for signatures that are in a message too.
    Attached(&'g OutFolder),
    /// Nowhere: they are numbers that are told.
    Told,
}

impl<'a> Driver<'a> {
    /// Notes where the results go, and starts. The record is in the journal when this returns.
    pub(crate) async fn start(
        &mut self,
        diadoc: &Diadoc,
        plan: &Plan,
    ) -> Result<AnyRun<'a>, Failure> {
        let id = OperationId::random();
        let diadoc = &diadoc.starting_within(self.deadline);
        let store = self.store;
        store.prepare(&id, note(plan)?).await?;
        let bar = UploadBar::default();
        let files = plan.files.iter().map(File::path);
        // Each method has a type of its own, with these setters.
        macro_rules! start {
            ($kind:ident, $signing:expr) => {{
                let mut signing = $signing
                    .id(id.clone())
                    .on_upload(move |progress| bar.show(progress));
                if let Some(certificate) = &plan.certificate {
                    signing = signing.certificate(*certificate);
                }
                if let Some(earlier) = &plan.follows {
                    signing = signing.follows(earlier.clone());
                }
                self.begin(&id, signing.start(store.journal()))
                    .await
                    .map(AnyRun::$kind)
            }};
        }
        match &plan.method {
            Method::Cloud => start!(CloudSign, diadoc.cloud_sign(files)),
            Method::Dss { in_box } => start!(DssSign, diadoc.dss_sign(in_box, files)),
        }
    }

    /// The same for receipts.
    pub(crate) async fn start_receipts(
        &mut self,
        diadoc: &Diadoc,
        plan: &ReceiptsPlan,
    ) -> Result<AnyRun<'a>, Failure> {
        let id = OperationId::random();
        let diadoc = &diadoc.starting_within(self.deadline);
        let store = self.store;
        let certificate = plan.certificate.as_ref().map(ToString::to_string);
        store
            .prepare(&id, Note::new(certificate, Vec::new()))
            .await?;
        let mut signing = diadoc.auto_sign_receipts(&plan.in_box).id(id.clone());
        if let Some(certificate) = &plan.certificate {
            signing = signing.certificate(*certificate);
        }
        if let Some(earlier) = &plan.follows {
            signing = signing.follows(earlier.clone());
        }
        self.begin(&id, signing.start(store.journal()))
            .await
            .map(AnyRun::AutoSignReceipts)
    }

    /// The same for documents of a message.
    pub(crate) async fn start_attaching(
        &mut self,
        diadoc: &Diadoc,
        plan: &AttachPlan,
    ) -> Result<AnyRun<'a>, Failure> {
        let id = OperationId::random();
        let diadoc = &diadoc.starting_within(self.deadline);
        let store = self.store;
        let note = Note::of_attaching(plan.folder.real().to_owned(), plan.ask.clone());
        store.prepare(&id, note).await?;
        let mut attaching = plan.ask.attaching(diadoc, &plan.in_box)?.id(id.clone());
        if let Some(earlier) = &plan.follows {
            attaching = attaching.follows(earlier.clone());
        }
        let starting = Box::pin(attaching.start(store.journal()));
        self.begin(&id, starting).await.map(AnyRun::SignAndAttach)
    }

    /// The same for what is asked of Extern. `certificate` is what [`Ask::certificate`] gave.
    pub(crate) async fn start_extern(
        &mut self,
        ask: &Ask,
        goal: &FolderGoal,
        certificate: Vec<u8>,
        follows: Option<OperationId>,
    ) -> Result<AnyRun<'a>, Failure> {
        let id = OperationId::random();
        let store = self.store;
        let note = Note::of_ask(goal.folder.real().to_owned(), ask.clone());
        store.prepare(&id, note).await?;
        let client = goal.client.starting_within(self.deadline);
        let starting = ask.start(&client, certificate, id.clone(), follows, store.journal());
        self.begin(&id, starting).await
    }

    /// Waits for a start, or for Ctrl-C.
    async fn begin<R>(
        &mut self,
        id: &OperationId,
        starting: impl Future<Output = Result<R, Error>>,
    ) -> Result<R, Failure> {
        let started = tokio::select! {
            started = starting => Some(started),
            () = self.interrupt.pressed() => None,
        };
        match started {
            Some(Ok(run)) => Ok(run),
            Some(Err(error)) => Err(self.failed(id, error).await),
            None => Err(self.interrupted(id).await),
        }
    }

    /// Waits, writes what comes, and forgets the record.
    pub(crate) async fn finish(
        &mut self,
        mut run: AnyRun<'_>,
        goal: Destination<'_>,
        asker: &Asker,
    ) -> Result<Delivery, Failure> {
        let waited = self.wait(&mut run, asker).await;
        self.conclude(run, waited, goal).await
    }

    /// Waits until it ends; nothing when Ctrl-C comes first.
    pub(crate) async fn wait(
        &mut self,
        run: &mut AnyRun<'_>,
        asker: &Asker,
    ) -> Option<Result<Gave, Error>> {
        let store = self.store;
        let mut prompt = |request: CodeRequest| asker.clone().ask(request, store);
        tokio::select! {
            waited = run.wait(&mut prompt, self.deadline) => Some(waited),
            () = asker.answer_pushes() => None,
            () = self.interrupt.pressed() => None,
        }
    }

    /// Writes what came of the waiting, and forgets the record.
    pub(crate) async fn conclude(
        &mut self,
        run: AnyRun<'_>,
        waited: Option<Result<Gave, Error>>,
        goal: Destination<'_>,
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
            Some(Err(error)) if error.refusal().is_some() => {
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
                    self.output.complain(&failure(error));
                    let advice = self.store.advice(run.operation());
                    let unwritten = unwritten.about(&id).leaving_open();
                    return Err(unwritten.advising(Some(advice)));
                }
                // It has been reported by then, and there is nothing more in it.
                self.forget(run).await?;
                Err(failure(error))
            }
            // Signatures that the journal does not take are handed over all the same.
            Some(Err(error))
                if error.kind() == ErrorKind::Journal
                    && matches!(run.operation().state(), State::Done) =>
            {
                let gave = run.output()?;
                let delivery = self.hand_over(run, gave, goal).await;
                // They are as good as they are: what became of the journal says nothing of them.
                let warning = Failure::from(error).led_by(Message::JournalGone);
                self.output.complain(&warning);
                Ok(delivery)
            }
            Some(Err(error)) => {
                drop(run);
                Err(self.failed(&id, error).await)
            }
            None => {
                drop(run);
                Err(self.interrupted(&id).await)
            }
        }
    }

    /// Writes what came before it was refused.
    fn rescue(&self, run: &AnyRun<'_>, goal: Destination<'_>) -> Result<(), Failure> {
        let (folder, named): (_, fn(String, String) -> Message) = match goal {
            Destination::Attached(folder) => (folder, |file, place| {
                Message::Diadoc(DiadocMessage::NotAttached { file, place })
            }),
            Destination::Folder(goal) => {
                (&goal.folder, |file, place| Message::NotSent { file, place })
            }
            Destination::Files(_) | Destination::Told => return Ok(()),
        };
        kept::rescue(folder, run.operation(), named, self.output)
    }

    async fn hand_over(&self, run: AnyRun<'_>, gave: Gave, goal: Destination<'_>) -> Delivery {
        let operation = run.operation().clone();
        let id = operation.id();
        let kept = self.store.is_kept();
        let (mut delivery, complete, forgotten) = match (gave, goal) {
            (Gave::Signatures(signatures), Destination::Files(goal)) => {
                let written = delivery::write(goal, &signatures);
                let complete = delivery::is_complete(&written);
                let forgotten = self.forget_if(complete, run).await;
                let delivery = delivery::tell(id, written, kept, self.output);
                (delivery, complete, forgotten)
            }
            (gave, Destination::Folder(goal)) => {
                let Some((delivery, complete)) =
                    deliver(goal, &operation, gave, kept, self.output).await
                else {
                    return self.not_understood(id);
                };
                let forgotten = self.forget_if(complete, run).await;
                (delivery, complete, forgotten)
            }
            (Gave::Attached(attached), Destination::Attached(folder)) => {
                let (delivery, complete) =
                    attaching::deliver(folder, id, &attached, kept, self.output);
                let forgotten = self.forget_if(complete, run).await;
                (delivery, complete, forgotten)
            }
            (Gave::Posted(posted), _) => {
                let forgotten = self.forget(run).await;
                (
                    delivery::tell_posted(id, &posted, self.output),
                    true,
                    forgotten,
                )
            }
            (Gave::Receipts(receipts), _) => {
                let forgotten = self.forget(run).await;
                let delivery = delivery::tell_receipts(id, &receipts, self.output);
                (delivery, true, forgotten)
            }
            _ => return self.not_understood(id),
        };
        delivery.exit = delivery.exit.worst(self.strict.exit(delivery.proven));
        if !complete && let Some(last) = delivery.failures.pop() {
            let advice = self.store.is_kept().then(|| self.store.advice(&operation));
            delivery.failures.push(last.advising(advice));
        }
        // The result is delivered as it is: that its record stays says nothing of it.
        if let Err(failure) = forgotten {
            self.output.complain(&failure.led_by(Message::JournalGone));
        }
        delivery
    }

    /// A result of a kind that came after this program.
    fn not_understood(&self, id: &OperationId) -> Delivery {
        let failure = Failure::new(Exit::Open, "other", Message::ResultNotUnderstood).about(id);
        Delivery {
            exit: failure.exit(),
            failures: vec![failure],
            ..Delivery::new()
        }
    }

    async fn forget_if(&self, complete: bool, run: AnyRun<'_>) -> Result<(), Failure> {
        if complete {
            self.forget(run).await
        } else {
            Ok(())
        }
    }

    async fn forget(&self, run: AnyRun<'_>) -> Result<(), Failure> {
        let id = run.operation().id().clone();
        run.forget().await?;
        self.store.drop_note(&id);
        Ok(())
    }

    /// A failure, with what the person does next as far as the journal knows.
    async fn failed(&self, id: &OperationId, error: Error) -> Failure {
        let kind = error.kind();
        let failure = Failure::from(error);
        match self.store.record(id).await {
            Ok(Some(record)) => {
                if kind != ErrorKind::Signature {
                    let advice = self.store.advice(&record);
                    return failure.about(id).advising(Some(advice));
                }
                let came = Kept::of(&record).map_or(Came::Signatures, |kept| kept.came());
                let failure = failure.about(id).led_by(Message::Came(came));
                let kept = self.store.is_kept();
                failure.advising(kept.then(|| self.store.advice_on_wrong_result(&record)))
            }
            Ok(None) => {
                self.store.drop_note(id);
                failure
            }
            // The failure itself is the better news.
            Err(_) => failure.about(id),
        }
    }

    async fn interrupted(&self, id: &OperationId) -> Failure {
        match self.store.record(id).await {
            Ok(Some(record)) => Failure::new(Exit::Open, "interrupted", Message::Interrupted)
                .about(id)
                .advising(Some(self.store.advice(&record))),
            // What is not in the journal was not sent.
            Ok(None) => {
                self.store.drop_note(id);
                Failure::failed("interrupted", Message::InterruptedEarly)
            }
            Err(failure) => failure.about(id),
        }
    }
}

fn note(plan: &Plan) -> Result<Note, Failure> {
    let certificate = plan.certificate.as_ref().map(ToString::to_string);
    let mut files = Vec::with_capacity(plan.files.len());
    for (file, target) in plan.files.iter().zip(&plan.goal.targets) {
        let absolute = std::path::absolute(file).map_err(|error| {
            Failure::usage(Message::FileUnreadable(file.display().to_string())).with_source(error)
        })?;
        files.push(NotedFile::new(absolute, target.place()));
    }
    Ok(Note::new(certificate, files))
}
