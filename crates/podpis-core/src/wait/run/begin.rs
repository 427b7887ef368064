//! An operation that was not started yet, as far as all have it in common.
//!
//! **Invariant:** it has a name before anything is sent, and a start whose answer was lost is found out at once where
//! nobody but the service has to be asked.

use podpis_operation::{Fingerprint, Journal, MemoryJournal, Operation, OperationId, Timestamp};

use super::{Conversation, OperationClient, OperationKind, Record as _, Run};
use crate::Error;
use crate::wait::{Deadline, Prompt};

/// The client that starts an operation, how the operation is named, and which earlier one it follows.
#[derive(Clone, Debug)]
pub struct Beginning<C> {
    /// The client.
    pub client: C,
    /// The name.
    pub id: OperationId,
    /// The operation that this one repeats or continues.
    pub follows: Option<OperationId>,
}

/// What is known before the start.
#[derive(Clone, Debug)]
pub struct Prepared<K: OperationKind> {
    place: Option<String>,
    files: Vec<Fingerprint>,
    record: K::Record,
    request: K::Request,
}

impl<K: OperationKind> Prepared<K> {
    /// What is kept, and what the start sends beyond that.
    pub fn new(record: K::Record, request: K::Request) -> Self {
        Self {
            place: None,
            files: Vec::new(),
            record,
            request,
        }
    }

    /// In this box or account.
    #[must_use]
    pub fn in_place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// About these files.
    #[must_use]
    pub fn about(mut self, files: Vec<Fingerprint>) -> Self {
        self.files = files;
        self
    }
}

impl<C: OperationClient> Beginning<C> {
    /// With a random name.
    pub fn new(client: C) -> Self {
        Self {
            client,
            id: OperationId::random(),
            follows: None,
        }
    }

    /// Makes the record, stores it, and sends the start.
    ///
    /// # Errors
    /// As [`Run::start`].
    pub async fn start<K: Conversation<Client = C>>(
        self,
        journal: &dyn Journal,
        prepared: Prepared<K>,
    ) -> Result<Run<'_, K>, Error> {
        let now = Timestamp::from(K::settings(&self.client).time.now());
        let mut origin = self.client.origin();
        if let Some(place) = prepared.place {
            origin = origin.in_place(place);
        }
        let mut operation = Operation::prepare(K::KIND, origin, now)
            .with_id(self.id)
            .with_files(prepared.files);
        if let Some(earlier) = self.follows {
            operation = operation.following(earlier);
        }
        let (record, request) = (prepared.record, prepared.request);
        // On the heap, so that whoever waits afterwards holds little.
        Box::pin(Run::start(self.client, journal, operation, record, request)).await
    }
}

/// What every operation offers that was not started yet.
///
/// ```no_run
/// # async fn example(signing: impl podpis_core::wait::Begin, earlier: podpis_core::operation::OperationId)
/// # -> Result<(), podpis_core::Error> {
/// use podpis_core::wait::{Begin, Deadline, NoPrompt};
///
/// let signed = signing.follows(earlier).run(&mut NoPrompt, Deadline::minutes(10)).await?;
/// # Ok(())
/// # }
/// ```
pub trait Begin: Sized + Send {
    /// The kind of operation that it becomes.
    type Kind: Conversation;

    /// Who starts it, its name, and what it follows.
    fn beginning(&mut self) -> &mut Beginning<<Self::Kind as OperationKind>::Client>;

    /// Reads what has to be known, stores the record in `journal`, and sends the start.
    ///
    /// # Errors
    /// Input that nothing can be started with, or something that could not be read (nothing was started); a start that
    /// was refused (nothing is stored then); or one whose effect is unknown (the record is in the journal and in the
    /// error).
    fn start(
        self,
        journal: &dyn Journal,
    ) -> impl Future<Output = Result<Run<'_, Self::Kind>, Error>> + Send;

    /// Names the operation; a random id unless set. A program that must note something of its own before the start,
    /// such as where the signatures go, chooses the id first.
    #[must_use]
    fn id(mut self, id: OperationId) -> Self {
        self.beginning().id = id;
        self
    }

    /// Notes that this operation repeats or continues an earlier one.
    #[must_use]
    fn follows(mut self, earlier: OperationId) -> Self {
        self.beginning().follows = Some(earlier);
        self
    }

    /// Starts, asks `prompt` for a code where one is needed, waits for the phone where that is asked, and gives the
    /// result. An operation that needs no code never calls its prompt: [`NoPrompt`](crate::wait::NoPrompt) is one.
    ///
    /// # Errors
    /// As [`start`](Self::start) and [`Run::wait`]. What was begun is in the error, so nothing is lost without a journal
    /// either: store it, and resume it later.
    fn run(
        mut self,
        prompt: &mut dyn Prompt,
        deadline: Deadline,
    ) -> impl Future<Output = Result<<Self::Kind as OperationKind>::Output, Error>> + Send {
        async move {
            let beginning = self.beginning();
            beginning.client = beginning.client.starting_within(deadline);
            let client = beginning.client.clone();
            let journal = MemoryJournal::new();
            let started = Box::pin(self.start(&journal)).await;
            to_the_end(client, &journal, started, prompt, deadline).await
        }
    }
}

/// Drives what was started to its end, without a journal that outlives the process.
async fn to_the_end<K: Conversation>(
    client: K::Client,
    journal: &MemoryJournal,
    started: Result<Run<'_, K>, Error>,
    prompt: &mut dyn Prompt,
    deadline: Deadline,
) -> Result<K::Output, Error> {
    let error = match started {
        Ok(mut run) => return run.wait(prompt, deadline).await,
        Err(error) => error,
    };
    let Some(operation) = error.operation().filter(|_| error.may_have_been_applied()) else {
        return Err(error);
    };
    if !K::Record::of(operation).is_ok_and(|record| K::is_found_out(&record)) {
        return Err(error);
    }
    let claim = journal.claim(operation.id()).await?;
    let mut run = Run::<K>::resume(client, claim)?;
    run.wait(prompt, deadline).await
}

/// How an operation that was not started yet is printed, for a struct with a `begin`: its name and the `shown` fields,
/// never what is signed. With `=> Kind` also [`Begin`]($crate::wait::Begin), whose start is the `started` of the struct.
#[macro_export]
macro_rules! begins {
    ($name:ident { $($shown:ident),* }) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("id", &self.begin.id)
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        }
    };
    ($name:ident { $($shown:ident),* } => $kind:ty) => {
        $crate::begins!($name { $($shown),* });

        impl $crate::wait::Begin for $name {
            type Kind = $kind;

            fn beginning(
                &mut self,
            ) -> &mut $crate::wait::Beginning<<$kind as $crate::wait::OperationKind>::Client> {
                &mut self.begin
            }

            async fn start(
                self,
                journal: &dyn $crate::operation::Journal,
            ) -> Result<$crate::wait::Run<'_, $kind>, $crate::Error> {
                self.started(journal).await
            }
        }
    };
}
