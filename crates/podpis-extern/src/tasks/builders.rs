//! Checks, preparations and sendings that were not started yet.
//!
//! **Invariant:** which tasks were there before is in the record when the start is sent, so that a lost answer is
//! never made up for by an older task.

use podpis_core::Error;
use podpis_core::wait::{Conversation, Deadline, NoPrompt, OperationClient as _, Run};
use podpis_extern_model::{AccountId, CheckResult, DraftId};
use podpis_operation::{Journal, MemoryJournal};

use super::conversation::tasks_before;
use super::kinds::{CheckDraft, PrepareDraft, PreparedDraft, SendDraft, SentDraft};
use super::record::Record;
use super::work::Work;
use crate::Extern;
use crate::begin::{Begin, can_be_named};
use crate::simple_door::finish;

async fn start<K: Conversation<Client = Extern, Record = Record, Request = ()>>(
    begin: Begin,
    draft: DraftId,
    work: Work,
    journal: &dyn Journal,
) -> Result<Run<'_, K>, Error> {
    let mut record = Record::new(begin.account.clone(), draft, work);
    let before = tasks_before(&begin.client, &record).await;
    record.before = before.map_err(Error::before_start)?;
    begin.start(journal, Vec::new(), record, ()).await
}

macro_rules! doors {
    ($(#[$doc:meta])* $name:ident, $kind:ty, $output:ty, $work:expr) => {
        $(#[$doc])*
        #[must_use = "nothing is sent until `start` or `run`"]
        pub struct $name {
            begin: Begin,
            draft: DraftId,
            force: bool,
        }

        can_be_named!($name, draft);

        impl $name {
            pub(crate) fn new(client: Extern, account: AccountId, draft: DraftId) -> Self {
                Self {
                    begin: Begin::new(client, account),
                    draft,
                    force: false,
                }
            }

            /// The persistent door: stores the record, and sends the start.
            ///
            /// # Errors
            /// A draft whose tasks cannot be read (nothing was started), a start that was refused (nothing is stored
            /// then; [`Error::refusal`] tells documents without a signature and another open task), or one whose
            /// effect is unknown (the record is in the journal and in the error).
            pub async fn start(self, journal: &dyn Journal) -> Result<Run<'_, $kind>, Error> {
                let work: fn(bool) -> Work = $work;
                start(self.begin, self.draft, work(self.force), journal).await
            }

            /// The simple door: starts, waits, and gives the result. Nobody is asked for anything.
            ///
            /// # Errors
            /// As `start` and [`Run::wait`]. What was begun is in the error, so nothing is lost without a journal
            /// either.
            pub async fn run(mut self, deadline: Deadline) -> Result<$output, Error> {
                self.begin.client = self.begin.client.starting_within(deadline);
                let (client, journal) = (self.begin.client.clone(), MemoryJournal::new());
                let started = self.start(&journal).await;
                finish(&client, &journal, started, &mut NoPrompt, deadline).await
            }
        }
    };
}

doors! {
    /// Checking a draft that was not started yet. Errors in the documents are a result of it, not a failure.
    DraftChecking, CheckDraft, CheckResult, |_| Work::Check
}

doors! {
    /// Preparing a draft that was not started yet. Errors in the documents are a refusal.
    DraftPreparing, PrepareDraft, PreparedDraft, |force| Work::Prepare { force }
}

doors! {
    /// Sending a draft that was not started yet.
    DraftSending, SendDraft, SentDraft, |force| Work::Send { force }
}

impl DraftPreparing {
    /// Takes a preparation for done although the check found errors; false unless set. It is for reports that are
    /// sent with [`DraftSending::force`] then.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}

impl DraftSending {
    /// The service's `force`: send a report for the pension fund although the check found errors; false unless set.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}
