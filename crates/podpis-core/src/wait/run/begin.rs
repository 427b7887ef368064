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
pub struct Begin<C> {
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

impl<C: OperationClient> Begin<C> {
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

/// Drives what was started to its end, without a journal that outlives the process.
///
/// # Errors
/// As [`Run::start`] and [`Run::wait`]. What was begun is in the error.
pub async fn to_the_end<K: Conversation>(
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

/// What every operation offers that was not started yet, for a struct with a `begin` and an `async fn start`: its name,
/// what it follows, how it is printed and, with `=> Kind`, the way to its end. `prompt` is for kinds that may ask for a
/// code.
#[macro_export]
macro_rules! begins {
    ($name:ident { $($shown:ident),* }) => {
        impl $name {
            /// Names the operation; a random id unless set. A program that must note something of its own before the
            /// start, such as where the signatures go, chooses the id first.
            pub fn id(mut self, id: $crate::operation::OperationId) -> Self {
                self.begin.id = id;
                self
            }

            /// Notes that this operation repeats or continues an earlier one.
            pub fn follows(mut self, earlier: $crate::operation::OperationId) -> Self {
                self.begin.follows = Some(earlier);
                self
            }
        }

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

        impl $name {
            /// Starts, waits, and gives the result. Nobody is asked for a code.
            ///
            /// # Errors
            /// As `start` and [`Run::wait`]($crate::wait::Run::wait). What was begun is in the error, so nothing is
            /// lost without a journal either: store it, and resume it later.
            pub async fn run(
                self,
                deadline: $crate::wait::Deadline,
            ) -> Result<<$kind as $crate::wait::OperationKind>::Output, $crate::Error> {
                self.driven(&mut $crate::wait::NoPrompt, deadline).await
            }
        }

        $crate::begins!(@driven $name => $kind);
    };
    ($name:ident { $($shown:ident),* } => $kind:ty, prompt) => {
        $crate::begins!($name { $($shown),* });

        impl $name {
            /// Starts, asks `prompt` for a code where one is needed, waits for the phone where that is asked, and gives
            /// the result.
            ///
            /// # Errors
            /// As `start` and [`Run::wait`]($crate::wait::Run::wait). What was begun is in the error, so nothing is
            /// lost without a journal either: store it, and resume it later.
            pub async fn run(
                self,
                prompt: &mut dyn $crate::wait::Prompt,
                deadline: $crate::wait::Deadline,
            ) -> Result<<$kind as $crate::wait::OperationKind>::Output, $crate::Error> {
                self.driven(prompt, deadline).await
            }
        }

        $crate::begins!(@driven $name => $kind);
    };
    (@driven $name:ident => $kind:ty) => {
        impl $name {
            async fn driven(
                mut self,
                prompt: &mut dyn $crate::wait::Prompt,
                deadline: $crate::wait::Deadline,
            ) -> Result<<$kind as $crate::wait::OperationKind>::Output, $crate::Error> {
                use $crate::wait::OperationClient as _;
                self.begin.client = self.begin.client.starting_within(deadline);
                let client = self.begin.client.clone();
                let journal = $crate::operation::MemoryJournal::new();
                let started = Box::pin(self.start(&journal)).await;
                $crate::wait::to_the_end::<$kind>(client, &journal, started, prompt, deadline).await
            }
        }
    };
}
