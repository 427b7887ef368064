//! Checks, preparations and sendings that were not started yet.
//!
//! **Invariant:** which tasks were there before is in the record when the start is sent, so that a lost answer is
//! never made up for by an older task.

use podpis_core::wait::{Beginning, Conversation, Prepared, Run};
use podpis_core::{Error, begins};
use podpis_extern_model::{AccountId, DraftId};
use podpis_operation::Journal;

use super::conversation::tasks_before;
use super::kinds::{CheckDraft, PrepareDraft, SendDraft};
use super::record::Record;
use super::work::Work;
use crate::Extern;

async fn start<K: Conversation<Client = Extern, Record = Record, Request = ()>>(
    begin: Beginning<Extern>,
    mut record: Record,
    journal: &dyn Journal,
) -> Result<Run<'_, K>, Error> {
    let before = tasks_before(&begin.client, &record).await;
    record.before = before.map_err(Error::before_start)?;
    let place = record.account.to_string();
    begin
        .start(journal, Prepared::new(record, ()).in_place(place))
        .await
}

macro_rules! task_builders {
    ($(#[$doc:meta])* $name:ident, $kind:ty, $work:expr) => {
        $(#[$doc])*
        #[must_use = "nothing is sent until `start` or `run`"]
        pub struct $name {
            begin: Beginning<Extern>,
    account: AccountId,
            draft: DraftId,
            force: bool,
        }

        begins!($name { draft } => $kind);

        impl $name {
            pub(crate) fn new(client: Extern, account: AccountId, draft: DraftId) -> Self {
                Self {
                    begin: Beginning::new(client),
            account,
                    draft,
                    force: false,
                }
            }

            /// Stores the record, and sends the start.
            ///
            /// # Errors
            /// A draft whose tasks cannot be read (nothing was started), a start that was refused (nothing is stored
            /// then; [`Error::refusal`] tells documents without a signature and another open task), or one whose
            /// effect is unknown (the record is in the journal and in the error).
            async fn started(self, journal: &dyn Journal) -> Result<Run<'_, $kind>, Error> {
                let work: fn(bool) -> Work = $work;
                let record = Record::new(self.account, self.draft, work(self.force));
                start(self.begin, record, journal).await
            }
        }
    };
}

task_builders! {
    /// Checking a draft that was not started yet. Errors in the documents are a result of it, not a failure.
    DraftChecking, CheckDraft, |_| Work::Check
}

task_builders! {
    /// Preparing a draft that was not started yet. Errors in the documents are a refusal.
    DraftPreparing, PrepareDraft, |force| Work::Prepare { force }
}

task_builders! {
    /// Sending a draft that was not started yet.
    DraftSending, SendDraft, |force| Work::Send { force }
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
