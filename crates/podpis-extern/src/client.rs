//! The client.
//!
//! **Invariant:** a stateless handle: what happens to an operation is in its run and its record.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use podpis_cms::{Expectation, Thumbprint};
use podpis_core::call::{Caller, Explanation};
use podpis_core::client::{ClientBuilder, ClientParts, GivenSignature, ServiceClient, TrustCheck};
use podpis_core::login::SharedCredentials;
use podpis_core::wait::{Conversation, OperationClient, PollPolicy, Run, RunSettings, SharedTime};
use podpis_core::{BaseUrl, Error};
use podpis_extern_model::{AccountId, DraftId, DraftMeta, ReplyId};
use podpis_operation::{Claim, Service};
use podpis_transport::{HttpResponse, SharedTransport};

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
pub struct Extern(ClientParts);

/// Settings of an [`Extern`].
pub type ExternBuilder = ClientBuilder<Extern>;

impl ServiceClient for Extern {
    type Login = ExternLogin;
    const IN_FLIGHT: usize = IN_FLIGHT;
    const POLLS: PollPolicy =
        PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(5)).beginning_early();
    const EXPLAIN: fn(&HttpResponse) -> Explanation = explain;

    fn credentials(
        login: ExternLogin,
        _bare: Caller,
        transport: &SharedTransport,
        time: &SharedTime,
    ) -> SharedCredentials {
        login.into_credentials(transport, time)
    }

    fn made_of(parts: ClientParts, _polls: Option<PollPolicy>) -> Self {
        Self(parts)
    }
}

impl Extern {
    /// Starts with what cannot be left out.
    pub fn builder(
        base: BaseUrl,
        login: ExternLogin,
        transport: impl Into<SharedTransport>,
    ) -> ExternBuilder {
        ClientBuilder::new(base, login, transport)
    }

    /// The calls of one account.
    #[must_use]
    pub fn account(&self, id: &AccountId) -> InAccount {
        InAccount {
            client: self.clone(),
            id: id.clone(),
        }
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
        self.0.caller()
    }

    pub(crate) fn runs(&self) -> &RunSettings {
        self.0.runs()
    }

    pub(crate) fn expectation(&self, certificate: Option<Thumbprint>) -> Expectation {
        self.0.expectation(certificate)
    }

    pub(crate) fn trust(&self) -> Option<TrustCheck> {
        self.0.trust()
    }

    /// Judges a signature that the caller gave, before it is sent.
    pub(crate) async fn judge_given(&self, der: Bytes) -> Result<(), Error> {
        let given = GivenSignature::new("the document", der);
        self.0.judge_given(vec![given]).await
    }
}

/// The calls of one account. Cheap to clone.
#[derive(Clone)]
pub struct InAccount {
    pub(crate) client: Extern,
    pub(crate) id: AccountId,
}

impl InAccount {
    /// The account.
    #[must_use]
    pub fn id(&self) -> &AccountId {
        &self.id
    }

    pub(crate) fn caller(&self) -> &Caller {
        self.client.caller()
    }

    /// Signs all documents of a draft.
    pub fn sign_draft(&self, draft: &DraftId) -> DraftSigning {
        DraftSigning::new(self.client.clone(), self.id.clone(), draft.clone())
    }

    /// Checks a draft. What the check finds is its result.
    pub fn check_draft(&self, draft: &DraftId) -> DraftChecking {
        DraftChecking::new(self.client.clone(), self.id.clone(), draft.clone())
    }

    /// Prepares a draft for sending: every document must be signed.
    pub fn prepare_draft(&self, draft: &DraftId) -> DraftPreparing {
        DraftPreparing::new(self.client.clone(), self.id.clone(), draft.clone())
    }

    /// Sends a draft that was prepared; it can be sent once.
    pub fn send_draft(&self, draft: &DraftId) -> DraftSending {
        DraftSending::new(self.client.clone(), self.id.clone(), draft.clone())
    }

    /// Sends a report: uploads the files, makes a draft of them, checks, signs, prepares and sends it.
    pub fn send_report(
        &self,
        meta: DraftMeta,
        documents: impl IntoIterator<Item = ReportDocument>,
    ) -> ReportSending {
        let documents = documents.into_iter().collect();
        ReportSending::new(self.client.clone(), self.id.clone(), meta, documents)
    }

    /// Signs a reply to a document.
    pub fn sign_reply(&self, place: &DocumentPath, reply: &ReplyId) -> ReplySigning {
        ReplySigning::new(
            self.client.clone(),
            self.id.clone(),
            place.clone(),
            reply.clone(),
        )
    }

    /// Signs a PFR reply: a package of documents under one confirmation.
    pub fn sign_pfr_reply(&self, place: &DocumentPath, reply: &ReplyId) -> PfrReplySigning {
        PfrReplySigning::new(
            self.client.clone(),
            self.id.clone(),
            place.clone(),
            reply.clone(),
        )
    }

    /// Sends a reply that is signed. `sender_ip` is the IP address that it comes from.
    pub fn send_reply(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
        sender_ip: impl Into<String>,
    ) -> ReplySending {
        let (account, place, reply) = (self.id.clone(), place.clone(), reply.clone());
        ReplySending::new(
            self.client.clone(),
            account,
            place,
            reply,
            false,
            sender_ip.into(),
        )
    }

    /// Sends a PFR reply whose documents are signed. `sender_ip` is the IP address that it comes from.
    pub fn send_pfr_reply(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
        sender_ip: impl Into<String>,
    ) -> ReplySending {
        let (account, place, reply) = (self.id.clone(), place.clone(), reply.clone());
        ReplySending::new(
            self.client.clone(),
            account,
            place,
            reply,
            true,
            sender_ip.into(),
        )
    }

    /// Answers a document: makes a reply of this type (see [`InAccount::replies_asked_for`]) for the certificate (DER),
    /// signs and sends it. `sender_ip` is the IP address that it comes from.
    pub fn answer(
        &self,
        place: &DocumentPath,
        reply_type: impl Into<String>,
        certificate: impl Into<Vec<u8>>,
        sender_ip: impl Into<String>,
    ) -> Answering {
        let (account, place) = (self.id.clone(), place.clone());
        let (reply_type, certificate) = (reply_type.into(), certificate.into());
        Answering::new(
            self.client.clone(),
            account,
            place,
            reply_type,
            certificate,
            sender_ip.into(),
        )
    }

    /// Decrypts a document by the certificate (DER) that it is encrypted for.
    pub fn decrypt(&self, place: &DocumentPath, certificate: impl Into<Vec<u8>>) -> Decrypting {
        Decrypting::new(
            self.client.clone(),
            self.id.clone(),
            place.clone(),
            certificate.into(),
        )
    }
}

impl OperationClient for Extern {
    const SERVICE: Service = Service::Extern;

    fn caller(&self) -> &Caller {
        self.0.caller()
    }

    fn with_caller(&self, caller: Caller) -> Self {
        Self(self.0.with_caller(caller))
    }

    fn run_settings(&self) -> &RunSettings {
        self.0.runs()
    }
}

impl fmt::Debug for InAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InAccount")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Extern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extern")
            .field("caller", self.caller())
            .finish_non_exhaustive()
    }
}
