//! The driver, as a program has it.
//!
//! **Invariant:** a handle: what it does is done by one task, which ends when it is shut down or when nobody takes the news
//! any more, and not before what is under way is stored.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_operation::{Journal, OperationId, Owner};
use tokio::sync::oneshot;

use super::clients::Clients;
use super::code::{CodeAnswer, CodeError, Giving};
use super::counts::Counts;
use super::news::{Outcomes, Teller};
use super::round::Round;
use super::shared::Shared;
use crate::secret::ConfirmationCode;
use crate::wait::{SharedTime, SystemTimer};

/// With this many in flight one place is kept for codes.
const ENOUGH: usize = 4;

/// How many news may wait to be taken.
const ROOM: usize = 1_024;

/// Settings of a [`Driver`].
#[must_use = "nothing is driven until `start`"]
pub struct DriverBuilder<O> {
    journal: Arc<dyn Journal>,
    clients: Clients<O>,
    time: SharedTime,
    owner: Owner,
    pub(super) settings: Settings,
}

/// What a driver goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) in_flight: usize,
    lease: Duration,
    pub(super) look_every: Duration,
    pub(super) count_every: Duration,
    pub(super) finished: bool,
}

impl<O: Send + 'static> DriverBuilder<O> {
    /// How many operations are worked at at once, beside what the clients allow: 20 unless set, at least one. Where it is
    /// less than four, a code may be one more.
    pub fn in_flight(mut self, operations: usize) -> Self {
        self.settings.in_flight = operations.max(1);
        self
    }

    /// How long a claim holds, which no turn outlives: one minute unless set, at least 15 seconds. When this program dies,
    /// others go on after that time where their journal cannot see it die.
    pub fn lease(mut self, length: Duration) -> Self {
        self.settings.lease = length.max(Duration::from_secs(15));
        self
    }

    /// In whose name operations are claimed; that of this process unless set.
    pub fn owner(mut self, owner: Owner) -> Self {
        self.owner = owner;
        self
    }

    /// How often the journal is looked through for what others have put there; every five seconds unless set. What this
    /// driver has put back is looked for when it is due.
    pub fn look_every(mut self, pause: Duration) -> Self {
        self.settings.look_every = pause.max(Duration::from_millis(100));
        self
    }

    /// How often the open operations are counted, and records that cannot be driven or want a code are looked for; every
    /// minute unless set.
    pub fn count_every(mut self, pause: Duration) -> Self {
        self.settings.count_every = pause;
        self
    }

    /// Tells the ends of operations that were over before this driver began, too: what was not forgotten, for example
    /// because the program died before it had the result.
    pub fn with_finished(mut self) -> Self {
        self.settings.finished = true;
        self
    }

    /// The clock; the machine's own unless set.
    pub fn time(mut self, time: impl Into<SharedTime>) -> Self {
        self.time = time.into();
        self
    }

    /// Begins. What is open in the journal is driven from now on, also what comes later.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(self) -> (Driver<O>, Outcomes<O>) {
        let Settings {
            in_flight, lease, ..
        } = self.settings;
        let kept = usize::from(in_flight >= ENOUGH);
        let (teller, mut outcomes) = Teller::new(ROOM);
        let shared = Arc::new(Shared::new(
            self.journal,
            self.clients,
            self.time,
            self.owner,
            lease,
            teller,
            kept.max(1),
        ));
        let mut settings = self.settings;
        settings.in_flight -= kept;
        let round = Round::new(Arc::clone(&shared), settings);
        tokio::spawn(round.drive());
        let stopped = Arc::downgrade(&shared);
        outcomes.on_drop(move || {
            if let Some(shared) = stopped.upgrade() {
                shared.stop();
            }
        });
        (Driver { shared }, outcomes)
    }
}

impl<O> fmt::Debug for DriverBuilder<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverBuilder")
            .field("journal", &self.journal)
            .field("clients", &self.clients)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// Drives all open operations of a journal to their ends. Cheap to clone.
pub struct Driver<O> {
    shared: Arc<Shared<O>>,
}

impl<O: Send + 'static> Driver<O> {
    /// A driver of this journal, by these clients.
    pub fn builder(journal: Arc<dyn Journal>, clients: Clients<O>) -> DriverBuilder<O> {
        DriverBuilder {
            journal,
            clients,
            time: SystemTimer::new().into(),
            owner: Owner::of_this_process(),
            settings: Settings {
                in_flight: 20,
                lease: Duration::from_secs(60),
                look_every: Duration::from_secs(5),
                count_every: Duration::from_secs(60),
                finished: false,
            },
        }
    }

    /// Gives the code of a person, and says whether it was right, waiting at most `longest` for the service to say so. The
    /// operation need not be one that this driver has seen: it is claimed for as long as it takes.
    ///
    /// The code is sent once. When the returned future is dropped, it is sent all the same. Do not wait for it in the task
    /// that takes the [news](super::Outcomes): when too many of them wait, nothing goes on, and no code is judged either.
    ///
    /// # Errors
    /// When the code was not sent, with who has the operation where it is somebody else; or when nobody knows whether it
    /// was.
    pub async fn give_code(
        &self,
        id: &OperationId,
        code: ConfirmationCode,
        longest: Duration,
    ) -> Result<CodeAnswer, CodeError> {
        let (reply, answer) = oneshot::channel();
        let giving = Giving::begin(&self.shared, id)?;
        let (shared, id) = (Arc::clone(&self.shared), id.clone());
        let time = shared.time.clone();
        tokio::spawn(async move {
            let _giving = giving;
            shared.give_code(id, code, reply).await;
        });
        match time.within(longest, answer).await {
            Some(Ok(answer)) => answer,
            None | Some(Err(_)) => Ok(CodeAnswer::Pending),
        }
    }

    /// Tells that there may be something new in the journal: it is looked for at once, and not with the next look.
    pub fn look(&self) {
        self.shared.look();
    }

    /// What was counted so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.counting.counts()
    }

    /// Begins nothing more, waits until what is under way is stored and given back, and ends the news. Takes no longer than
    /// a lease.
    pub async fn shutdown(&self) {
        self.shared.stop();
        let mut is_over = self.shared.is_over.subscribe();
        // The sender is in this handle.
        let _ = is_over.wait_for(|over| *over).await;
    }
}

impl<O> Clone for Driver<O> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<O> fmt::Debug for Driver<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("journal", &self.shared.journal)
            .finish_non_exhaustive()
    }
}
