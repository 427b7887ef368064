//! Decides how Extern behaves where its sources contradict each other or say nothing.
//!
//! **Invariant:** every contradiction is a choice with a name here, never a number hidden in a handler; a client
//! that works with every choice works with either reading of the sources.

use std::time::Duration;

use super::spelling::ExternSpelling;
use crate::settings::{choices, settings};

choices! {
    /// What `forceConfirmation` means when a receipt for the tax service or Rosstat is signed. Every other reply
    /// needs a confirmation either way.
    pub enum Profile {
        /// `true` signs at once, without a message to the phone; `false` or nothing asks for a confirmation. The
        /// first published text, and the default.
        Seed,
        /// `false` or nothing signs at once; `true` asks for a confirmation. The text of 2018-09-18.
        Text2018,
    }

    /// What becomes of a DSS operation while the same person has another one unconfirmed in the app.
    pub enum UnconfirmedOperation {
        /// Its task fails with `UserHasUnconfirmedOperation`. The default.
        Fails,
        /// Its task runs with `UserHasUnconfirmedOperation`, and its push goes out when the other one has ended.
        Waits,
    }

    /// What a signing does with a certificate whose key is not in the cloud (local, or of another authority).
    pub enum UnusableCertificate {
        /// 400. The default.
        Refused,
        /// 200 without any id, which reads as "signed at once", and no signature.
        Silent,
    }

    /// How checking, preparing and sending a draft goes.
    pub enum DraftVerdict {
        /// As the documents say: not XML, or a marker in the name or in the text. The default.
        ByDocuments,
        /// Every check finds an error that belongs to no document.
        CheckErrors,
        /// Every check finds a warning that belongs to no document.
        CheckWarnings,
        /// Every preparation ends with `encryption-failed`.
        EncryptionFailed,
        /// Every task fails.
        TasksFail,
    }

    /// What is signed of a document that is put into a draft: its `data-to-sign-content-id`.
    pub enum DataToSign {
        /// Its content. The default.
        Content,
        /// A content of its own: the document's with a block at its end. A signature of the plain document is refused.
        Derived,
        /// That content is named, and the plain document is signed: nobody should send under such a signature.
        DerivedInNameOnly,
    }
}

settings! {
    /// The settings of Extern, given to [`WorldOptions::extern_options`](crate::WorldOptions::extern_options).
    ///
    /// ```
    /// use podpis_sandbox::{ExternOptions, ExternSpelling, ProgressSpelling, WorldOptions};
    ///
    /// let options = WorldOptions::default().extern_options(
    ///     ExternOptions::default()
    ///         .spelling(ExternSpelling::default().progress(ProgressSpelling::Kebab))
    ///         .reply_tasks_under_document(true),
    /// );
    /// # let _ = options;
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ExternOptions {
        /// How names and values are spelled.
        spelling: ExternSpelling = ExternSpelling::default(),
        /// Whether the task of a reply lives at `documents/{d}/tasks/{t}` (then the reply's own path is 404), as some
        /// sources say of inventories; no by default.
        reply_tasks_under_document: bool = false,
        /// Whether what asks for a receipt in an inventory asks for `fns534-demand-inventory-receipt` (no: it is
        /// `fns534-inventory-receipt`). Records of earlier programs are about such receipts.
        receipts_of_demand_inventories: bool = false,
        /// Whether the `task-result` of a decryption is the content itself as a Base64 string, as in 2019; no by
        /// default, and then it is `{"content-id"}`.
        inline_decryption_result: bool = false,
        /// What becomes of a person's second DSS operation.
        unconfirmed_operation: UnconfirmedOperation = UnconfirmedOperation::default(),
        /// What a signing does with a certificate that has no key in the cloud.
        unusable_certificate: UnusableCertificate = UnusableCertificate::default(),
        /// Whether a decrypted content is listed in its document afterwards (yes); it is in the contents service
        /// either way.
        store_decrypted: bool = true,
        /// How many requests to `/v1` may be open at the same time (20) before the next one is 429.
        in_flight_limit: Option<u64> = Some(20),
        /// How many polls of such a task say `running`, however late they come (0). The task ends on the next one, so
        /// a task that nobody polls holds its lock.
        task_polls: u32 = 0,
        /// How checking, preparing and sending a draft goes.
        draft_verdict: DraftVerdict = DraftVerdict::default(),
        /// What is signed of a document that is put into a draft; those that are seeded have no data to sign of their own.
        data_to_sign: DataToSign = DataToSign::default(),
        /// Whether missing signatures fail the task of a preparation or a sending (then its start is 200), or refuse
        /// the start with 400 (the default). No source says which it is since tasks are mandatory.
        refusals_in_tasks: bool = false,
        /// How long a new docflow is 404 after its draft was sent (2 seconds).
        indexing_time: Duration = Duration::from_secs(2),
        /// How long an authority takes for each step of its answer to what was sent (2 seconds).
        authority_time: Duration = Duration::from_secs(2),
        /// How long a task of a draft or a print runs. By default as long as
        /// [`WorldOptions::processing`](crate::WorldOptions::processing) says.
        task_time: Option<Duration>: from impl Into<Option<Duration>> = None,
    }
}
