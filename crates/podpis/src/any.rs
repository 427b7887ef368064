//! Resumes an operation whose kind is known only from its record.
//!
//! **Invariant:** only chooses which client goes on; what going on means is the client's.

use std::sync::Arc;

use podpis_cms::Signatures;
use podpis_core::drive::{Clients, Driver, DriverBuilder};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{Deadline, KeptBytes, Prompt};
#[cfg(any(feature = "diadoc", feature = "extern-api"))]
use podpis_core::wait::{OperationKind, Run};
use podpis_core::{Error, ErrorKind};
#[cfg(feature = "diadoc")]
use podpis_diadoc::attach::Attached;
#[cfg(feature = "diadoc")]
use podpis_diadoc::posting::Posted;
#[cfg(feature = "diadoc")]
use podpis_diadoc::receipts::Receipts;
#[cfg(feature = "diadoc")]
use podpis_diadoc::{AutoSignReceipts, CloudSign, Diadoc, DssSign, Posting, SignAndAttach};
#[cfg(feature = "extern-api")]
use podpis_extern::model::CheckResult;
#[cfg(feature = "extern-api")]
use podpis_extern::{
    AnswerDocument, AnsweredDocument, CheckDraft, DecryptDocument, Decrypted, Extern, PrepareDraft,
    PreparedDraft, SendDraft, SendReply, SendReport, SentDraft, SentReply, SentReport, SignDraft,
    SignPfrReply, SignReply,
};
use podpis_operation::{Claim, Journal, Next, Operation};

/// The clients that operations can be resumed with.
#[derive(Clone, Debug, Default)]
pub struct Podpis {
    #[cfg(feature = "diadoc")]
    diadoc: Option<Diadoc>,
    #[cfg(feature = "extern-api")]
    extern_api: Option<Extern>,
}

/// What an operation gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Output {
    /// Signatures, each bound to its file.
    Signatures(Signatures),
    /// How many receipts were signed and sent.
    #[cfg(feature = "diadoc")]
    Receipts(Receipts),
    /// What was posted.
    #[cfg(feature = "diadoc")]
    Posted(Posted),
    /// Signatures that were made and attached to their documents.
    #[cfg(feature = "diadoc")]
    Attached(Attached),
    /// A decrypted document.
    #[cfg(feature = "extern-api")]
    Content(Decrypted),
    /// What a check found in a draft.
    #[cfg(feature = "extern-api")]
    Checked(CheckResult),
    /// A draft that was prepared.
    #[cfg(feature = "extern-api")]
    Prepared(PreparedDraft),
    /// A draft that was sent.
    #[cfg(feature = "extern-api")]
    Sent(SentDraft),
    /// A report that was sent, from files to a docflow.
    #[cfg(feature = "extern-api")]
    Report(SentReport),
    /// A reply that was sent.
    #[cfg(feature = "extern-api")]
    Reply(SentReply),
    /// A document that was answered.
    #[cfg(feature = "extern-api")]
    Answer(AnsweredDocument),
}

impl From<Signatures> for Output {
    fn from(signatures: Signatures) -> Self {
        Self::Signatures(signatures)
    }
}

#[cfg(feature = "diadoc")]
impl From<Receipts> for Output {
    fn from(receipts: Receipts) -> Self {
        Self::Receipts(receipts)
    }
}

#[cfg(feature = "diadoc")]
impl From<Posted> for Output {
    fn from(posted: Posted) -> Self {
        Self::Posted(posted)
    }
}

#[cfg(feature = "diadoc")]
impl From<Attached> for Output {
    fn from(attached: Attached) -> Self {
        Self::Attached(attached)
    }
}

#[cfg(feature = "extern-api")]
macro_rules! outputs {
    ($($variant:ident, $output:ty;)*) => {
        $(
            impl From<$output> for Output {
                fn from(output: $output) -> Self {
                    Self::$variant(output)
                }
            }
        )*
    };
}

#[cfg(feature = "extern-api")]
outputs! {
    Content, Decrypted;
    Checked, CheckResult;
    Prepared, PreparedDraft;
    Sent, SentDraft;
    Report, SentReport;
    Reply, SentReply;
    Answer, AnsweredDocument;
}

impl Podpis {
    /// Without clients; nothing can be resumed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a client of Diadoc.
    #[cfg(feature = "diadoc")]
    #[must_use]
    pub fn with_diadoc(mut self, diadoc: Diadoc) -> Self {
        self.diadoc = Some(diadoc);
        self
    }

    /// With a client of Kontur.Extern.
    #[cfg(feature = "extern-api")]
    #[must_use]
    pub fn with_extern(mut self, extern_api: Extern) -> Self {
        self.extern_api = Some(extern_api);
        self
    }
}

impl Podpis {
    /// Drives all open operations of a journal to their ends, of whatever kind, thousands at once.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// use podpis::drive::{CodeAnswer, News};
    /// use podpis::secret::ConfirmationCode;
    /// use podpis::{Begin, Diadoc, File, FolderJournal, Journal, OperationId, Podpis};
    /// # async fn service(diadoc: Diadoc, code: String) -> Result<(), Box<dyn std::error::Error>> {
    ///
    /// let journal: Arc<dyn Journal> = Arc::new(FolderJournal::at("/var/lib/app/operations")?);
    /// let podpis = Podpis::new().with_diadoc(diadoc.clone());
    /// let (driver, mut news) = podpis.driver(Arc::clone(&journal)).in_flight(20).start();
    ///
    /// // A handler that begins: the record is stored before anything is sent, and the run is dropped.
    /// let run = diadoc.cloud_sign([File::path("act.xml")]).start(&*journal).await?;
    /// let id: OperationId = run.operation().id().clone();
    /// drop(run);
    /// driver.look();
    ///
    /// // A handler that is given the code of the SMS.
    /// match driver.give_code(&id, ConfirmationCode::new(code), Duration::from_secs(20)).await? {
    ///     CodeAnswer::Wrong { tries_left, .. } => println!("wrong, {tries_left} tries left"),
    ///     _ => println!("thank you"),
    /// }
    ///
    /// // A task that takes what comes of all of them.
    /// while let Some(news) = news.next().await {
    ///     match news {
    ///         News::Ended(ended) => {
    ///             println!("{}: {:?}", ended.operation.id(), ended.result); // keep it safe, and then
    ///             journal.forget(ended.operation.id()).await?;
    ///         }
    ///         News::CodeWanted(wanted) => println!("ask for the code of {}", wanted.operation.id()),
    ///         News::LeftAlone(left) => println!("{}: {}", left.id, left.error),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// `driver` is cheap to clone into handlers; `shutdown` ends it, and the news with it.
    pub fn driver(&self, journal: Arc<dyn Journal>) -> DriverBuilder<Output> {
        Driver::builder(journal, self.clients())
    }
}

/// One line per kind: the variant, the type, and the client it needs.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $feature:literal, $client:ident;)*) => {
        /// A run of any kind.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum AnyRun<'j> {
            $(
                $(#[$doc])*
                #[cfg(feature = $feature)]
                $kind(Run<'j, $kind>),
            )*
        }

        $(
            #[cfg(feature = $feature)]
            impl<'j> From<Run<'j, $kind>> for AnyRun<'j> {
                fn from(run: Run<'j, $kind>) -> Self {
                    Self::$kind(run)
                }
            }
        )*

        impl Podpis {
            /// Goes on with a stored operation of any kind. Sends nothing, asks for no file.
            ///
            /// # Errors
            /// When there is no such record, when no client here is for its kind, or when it is of another host.
            pub fn resume<'j>(&self, claim: Claim<'j>) -> Result<AnyRun<'j>, Error> {
                let Some(record) = claim.record() else {
                    return Err(Error::new(ErrorKind::Journal, "there is no such operation in the journal"));
                };
                let kind = record.kind().clone();
                $(
                    #[cfg(feature = $feature)]
                    if kind == $kind::KIND && let Some(client) = &self.$client {
                        return client.resume(claim).map(AnyRun::$kind);
                    }
                )*
                let text = format!("no client here can go on with a {kind} operation");
                Err(Error::new(ErrorKind::InvalidInput, text).with_operation(record))
            }
        }

        impl Podpis {
            /// These clients for a [`Driver`], for operations of every kind that they have. Where each box or account has
            /// a login of its own, put several together: [`Clients::only_in`] and [`Clients::and`].
            #[must_use]
            pub fn clients(&self) -> Clients<Output> {
                #[allow(unused_mut, reason = "without features there are no clients")]
                let mut clients = Clients::new();
                $(
                    #[cfg(feature = $feature)]
                    if let Some(client) = &self.$client {
                        clients = clients.with::<$kind>(client.clone());
                    }
                )*
                clients
            }
        }

        /// Whether a request whose answer was lost is found out by resuming, without a person; see
        /// [`OperationKind::is_found_out`]. Not for a kind that is unknown here.
        #[must_use]
        pub fn is_found_out(operation: &Operation) -> bool {
            $(
                #[cfg(feature = $feature)]
                if let Some(record) = $kind::record_of(operation) {
                    return $kind::is_found_out(&record);
                }
            )*
            false
        }

        /// All that a record keeps of what the service gave; see [`OperationKind::kept`]. None for a kind that is unknown
        /// here.
        #[must_use]
        pub fn kept(operation: &Operation) -> Option<Vec<KeptBytes>> {
            $(
                #[cfg(feature = $feature)]
                if *operation.kind() == $kind::KIND {
                    return Some($kind::kept(operation));
                }
            )*
            None
        }

        impl AnyRun<'_> {
            /// The record, as it stands.
            #[must_use]
            pub fn operation(&self) -> &Operation {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.operation(),
                    )*
                }
            }

            /// This run without a borrow; see [`Run::owned`].
            #[must_use]
            pub fn owned(self, journal: Arc<dyn Journal>) -> AnyRun<'static> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => AnyRun::$kind(run.owned(journal)),
                    )*
                }
            }

            /// What to do now; see [`Run::next`].
            #[must_use]
            pub fn next(&self) -> Next {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.next(),
                    )*
                }
            }

            /// Asks the service once how far it is; see [`Run::poll`].
            ///
            /// # Errors
            /// As [`Run::poll`].
            pub async fn poll(&mut self) -> Result<(), Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.poll().await,
                    )*
                }
            }

            /// Sends the person's code; see [`Run::confirm`].
            ///
            /// # Errors
            /// As [`Run::confirm`].
            pub async fn confirm(&mut self, code: ConfirmationCode) -> Result<(), Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.confirm(code).await,
                    )*
                }
            }

            /// Finds out what became of a request whose answer was lost; see [`Run::reconcile`].
            ///
            /// # Errors
            /// As [`Run::reconcile`].
            pub async fn reconcile(&mut self) -> Result<(), Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.reconcile().await,
                    )*
                }
            }

            /// Drives the operation to its end; see [`Run::wait`].
            ///
            /// # Errors
            /// As [`Run::wait`].
            pub async fn wait(&mut self, prompt: &mut dyn Prompt, deadline: Deadline) -> Result<Output, Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.wait(prompt, deadline).await.map(Output::from),
                    )*
                }
            }

            /// The result; see [`Run::output`].
            ///
            /// # Errors
            /// As [`Run::output`].
            pub fn output(&self) -> Result<Output, Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.output().map(Output::from),
                    )*
                }
            }

            /// Removes the record; see [`Run::forget`].
            ///
            /// # Errors
            /// As [`Run::forget`].
            pub async fn forget(self) -> Result<(), Error> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind(run) => run.forget().await,
                    )*
                }
            }
        }
    };
}

kinds! {
    /// Signing by SMS in Diadoc.
    CloudSign, "diadoc", diadoc;
    /// Signing by a DSS certificate or by GosKey in Diadoc.
    DssSign, "diadoc", diadoc;
    /// Signing and sending receipts in Diadoc.
    AutoSignReceipts, "diadoc", diadoc;
    /// Posting a patch, a draft or a new message in Diadoc.
    Posting, "diadoc", diadoc;
    /// Signing documents of a message in Diadoc and attaching the signatures.
    SignAndAttach, "diadoc", diadoc;
    /// Signing a draft in Extern.
    SignDraft, "extern-api", extern_api;
    /// Signing a reply in Extern.
    SignReply, "extern-api", extern_api;
    /// Signing a PFR reply in Extern.
    SignPfrReply, "extern-api", extern_api;
    /// Decrypting a document in Extern.
    DecryptDocument, "extern-api", extern_api;
    /// Checking a draft in Extern.
    CheckDraft, "extern-api", extern_api;
    /// Preparing a draft in Extern.
    PrepareDraft, "extern-api", extern_api;
    /// Sending a draft in Extern.
    SendDraft, "extern-api", extern_api;
    /// Sending a report in Extern, from files to a docflow.
    SendReport, "extern-api", extern_api;
    /// Sending a reply in Extern.
    SendReply, "extern-api", extern_api;
    /// Answering a document in Extern.
    AnswerDocument, "extern-api", extern_api;
}
