//! The client.
//!
//! **Invariant:** a stateless handle: what happens to an operation is in its run and its record.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_cms::{Expectation, Thumbprint, Verifier};
use podpis_core::call::{Caller, Limit, RepeatPolicy};
use podpis_core::wait::{
    Conversation, OperationClient, PollPolicy, Run, RunSettings, SharedTime, SystemTimer, Watcher,
};
use podpis_core::{BaseUrl, Error};
use podpis_extern_model::{AccountId, DraftId, DraftMeta, ReplyId};
use podpis_operation::{Claim, Service};
use podpis_transport::SharedTransport;

use crate::answer::{Answering, ReplySending};
use crate::cloud::{Decrypting, DraftSigning, PfrReplySigning, ReplySigning};
use crate::explain::explain;
use crate::report::{ReportDocument, ReportSending};
use crate::tasks::{DraftChecking, DraftPreparing, DraftSending};
use crate::{DocumentPath, ExternLogin};

/// The address of the production service.
pub const PRODUCTION: &str = "https://extern-api.kontur.ru";

/// The address of the test service.
pub const TEST: &str = "https://extern-api.testkontur.ru";

/// More requests at once are queued by the service and may be refused.
const IN_FLIGHT: usize = 20;

/// A client of Kontur.Extern. Cheap to clone.
#[derive(Clone)]
pub struct Extern {
    inner: Arc<Inner>,
    caller: Caller,
}

struct Inner {
    runs: RunSettings,
    verifier: Option<Arc<dyn Verifier>>,
}

/// Settings of an [`Extern`].
#[must_use = "nothing is made until `build`"]
pub struct ExternBuilder {
    base: BaseUrl,
    login: ExternLogin,
    transport: SharedTransport,
    time: SharedTime,
    polls: PollPolicy,
    repeat: RepeatPolicy,
    in_flight: usize,
    code_attempts: u32,
    watcher: Option<Watcher>,
    verifier: Option<Arc<dyn Verifier>>,
}

impl Extern {
    /// Starts with what cannot be left out.
    pub fn builder(
        base: BaseUrl,
        login: ExternLogin,
        transport: impl Into<SharedTransport>,
    ) -> ExternBuilder {
        ExternBuilder {
            base,
            login,
            transport: transport.into(),
            time: SystemTimer::new().into(),
            polls: PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(5)),
            repeat: RepeatPolicy::default(),
            in_flight: IN_FLIGHT,
            code_attempts: 3,
            watcher: None,
            verifier: None,
        }
    }

    /// Signs all documents of a draft.
    pub fn sign_draft(&self, account: &AccountId, draft: &DraftId) -> DraftSigning {
        DraftSigning::new(self.clone(), account.clone(), draft.clone())
    }

    /// Checks a draft. What the check finds is its result.
    pub fn check_draft(&self, account: &AccountId, draft: &DraftId) -> DraftChecking {
        DraftChecking::new(self.clone(), account.clone(), draft.clone())
    }

    /// Prepares a draft for sending: every document must be signed.
    pub fn prepare_draft(&self, account: &AccountId, draft: &DraftId) -> DraftPreparing {
        DraftPreparing::new(self.clone(), account.clone(), draft.clone())
    }

    /// Sends a draft that was prepared; it can be sent once.
    pub fn send_draft(&self, account: &AccountId, draft: &DraftId) -> DraftSending {
        DraftSending::new(self.clone(), account.clone(), draft.clone())
    }

    /// Sends a report: uploads the files, makes a draft of them, checks, signs, prepares and sends it.
    pub fn send_report(
        &self,
        account: &AccountId,
        meta: DraftMeta,
        documents: impl IntoIterator<Item = ReportDocument>,
    ) -> ReportSending {
        let documents = documents.into_iter().collect();
        ReportSending::new(self.clone(), account.clone(), meta, documents)
    }

    /// Signs a reply to a document.
    pub fn sign_reply(
        &self,
        account: &AccountId,
        place: &DocumentPath,
        reply: &ReplyId,
    ) -> ReplySigning {
        ReplySigning::new(self.clone(), account.clone(), place.clone(), reply.clone())
    }

    /// Signs a PFR reply: a package of documents under one confirmation.
    pub fn sign_pfr_reply(
        &self,
        account: &AccountId,
        place: &DocumentPath,
        reply: &ReplyId,
    ) -> PfrReplySigning {
        PfrReplySigning::new(self.clone(), account.clone(), place.clone(), reply.clone())
    }

    /// Sends a reply that is signed. `sender_ip` is the IP address that it comes from.
    pub fn send_reply(
        &self,
        account: &AccountId,
        place: &DocumentPath,
        reply: &ReplyId,
        sender_ip: impl Into<String>,
    ) -> ReplySending {
        let (account, place, reply) = (account.clone(), place.clone(), reply.clone());
        ReplySending::new(self.clone(), account, place, reply, false, sender_ip.into())
    }

    /// Sends a PFR reply whose documents are signed. `sender_ip` is the IP address that it comes from.
    pub fn send_pfr_reply(
        &self,
        account: &AccountId,
        place: &DocumentPath,
        reply: &ReplyId,
        sender_ip: impl Into<String>,
    ) -> ReplySending {
        let (account, place, reply) = (account.clone(), place.clone(), reply.clone());
        ReplySending::new(self.clone(), account, place, reply, true, sender_ip.into())
    }

    /// Answers a document: makes a reply of this type (see [`Extern::replies_asked_for`]) for the certificate (DER),
    /// signs and sends it. `sender_ip` is the IP address that it comes from.
    pub fn answer(
        &self,
        account: &AccountId,
        place: &DocumentPath,
        reply_type: impl Into<String>,
        certificate: impl Into<Vec<u8>>,
        sender_ip: impl Into<String>,
    ) -> Answering {
        let (account, place) = (account.clone(), place.clone());
        let (reply_type, certificate) = (reply_type.into(), certificate.into());
        Answering::new(
            self.clone(),
            account,
            place,
            reply_type,
            certificate,
            sender_ip.into(),
        )
    }

    /// Decrypts a document by the certificate (DER) that it is encrypted for.
    pub fn decrypt(
        &self,
        account: &AccountId,
        place: &DocumentPath,
        certificate: impl Into<Vec<u8>>,
    ) -> Decrypting {
        Decrypting::new(
            self.clone(),
            account.clone(),
            place.clone(),
            certificate.into(),
        )
    }

    /// Goes on with a stored operation. Sends nothing.
    ///
    /// # Errors
    /// When there is no such record, or it is of another kind, service or host.
    pub fn resume<'j, K: Conversation<Client = Self>>(
        &self,
        claim: Claim<'j>,
    ) -> Result<Run<'j, K>, Error> {
        Run::resume(self.clone(), claim)
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn runs(&self) -> &RunSettings {
        &self.inner.runs
    }

    pub(crate) fn expectation(&self, certificate: Option<Thumbprint>) -> Expectation {
        let mut expectation = Expectation::new();
        if let Some(certificate) = certificate {
            expectation = expectation.certificate(certificate);
        }
        if let Some(verifier) = &self.inner.verifier {
            expectation = expectation.verifier(verifier.clone());
        }
        expectation
    }
}

impl OperationClient for Extern {
    const SERVICE: Service = Service::Extern;

    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn with_caller(&self, caller: Caller) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            caller,
        }
    }

    fn run_settings(&self) -> &RunSettings {
        &self.inner.runs
    }
}

impl fmt::Debug for Extern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extern")
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

impl ExternBuilder {
    /// The clock; the machine's own unless set.
    pub fn time(mut self, time: impl Into<SharedTime>) -> Self {
        self.time = time.into();
        self
    }

    /// The pauses between polls; two seconds growing to five unless set.
    pub fn polls(mut self, policy: PollPolicy) -> Self {
        self.polls = policy;
        self
    }

    /// How often a call is repeated where its endpoint allows it; three attempts unless set.
    pub fn repeat(mut self, policy: RepeatPolicy) -> Self {
        self.repeat = policy;
        self
    }

    /// How many requests may be in flight at once; 20 unless set.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.in_flight = requests;
        self
    }

    /// How many codes a person may try; 3 unless set. How many the service allows is not documented.
    pub fn code_attempts(mut self, attempts: u32) -> Self {
        self.code_attempts = attempts.max(1);
        self
    }

    /// Who is told what happens to operations.
    pub fn watcher(mut self, watcher: impl Into<Watcher>) -> Self {
        self.watcher = Some(watcher.into());
        self
    }

    /// Checks signature values of algorithms that this library does not know, such as GOST R 34.10.
    pub fn verifier(mut self, verifier: Arc<dyn Verifier>) -> Self {
        self.verifier = Some(verifier);
        self
    }

    /// Makes the client. Nothing is sent yet.
    #[must_use]
    pub fn build(self) -> Extern {
        let caller = Caller::builder(self.base, self.transport, self.time.clone())
            .credentials(self.login.into_credentials())
            .explain(explain)
            .limit(Limit::new(self.in_flight))
            .repeat(self.repeat)
            .build();
        let mut runs = RunSettings::new(self.time);
        runs.polls = self.polls;
        runs.code_attempts = self.code_attempts;
        runs.watcher = self.watcher;
        let inner = Inner {
            runs,
            verifier: self.verifier,
        };
        Extern {
            inner: Arc::new(inner),
            caller,
        }
    }
}

impl fmt::Debug for ExternBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternBuilder")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
