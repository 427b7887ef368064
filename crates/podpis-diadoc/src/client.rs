//! The client.
//!
//! **Invariant:** a stateless handle: what happens to an operation is in its run and its record, so that one
//! client drives any number of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_cms::{Expectation, Thumbprint, Verifier};
use podpis_core::call::{Caller, Limit, RepeatPolicy};
use podpis_core::wait::{
    Conversation, OperationClient, PollPolicy, Run, RunSettings, SharedTime, SystemTimer, Watcher,
};
use podpis_core::{BaseUrl, Error};
use podpis_operation::{Claim, Service};
use podpis_transport::SharedTransport;

use crate::cloud_sign::CloudSigning;
use crate::dss_sign::DssSigning;
use crate::explain::explain;
use crate::login::DiadocLogin;
use crate::receipts::ReceiptsSigning;
use crate::shelf::{UploadSettings, put_on_shelf};
use crate::{BoxId, File};

/// The address of the production service.
pub const PRODUCTION: &str = "https://diadoc-api.kontur.ru";

/// The address of the test service.
pub const STAGING: &str = "https://diadoc-api-staging.kontur.ru";

/// The official SDKs refuse more connections than this.
const IN_FLIGHT: usize = 10;

/// A person needs a while for their phone, so a DssSign is not asked for as soon and as often as the others.
const DSS_POLLS: PollPolicy = PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(15));

/// A client of Diadoc. Cheap to clone.
#[derive(Clone)]
pub struct Diadoc {
    inner: Arc<Inner>,
    caller: Caller,
}

struct Inner {
    runs: RunSettings,
    dss_runs: RunSettings,
    repeat: RepeatPolicy,
    uploads: UploadSettings,
    verifier: Option<Arc<dyn Verifier>>,
}

/// Settings of a [`Diadoc`].
#[must_use = "nothing is made until `build`"]
pub struct DiadocBuilder {
    base: BaseUrl,
    login: DiadocLogin,
    transport: SharedTransport,
    time: SharedTime,
    polls: Option<PollPolicy>,
    repeat: RepeatPolicy,
    in_flight: usize,
    code_attempts: u32,
    watcher: Option<Watcher>,
    uploads: UploadSettings,
    verifier: Option<Arc<dyn Verifier>>,
}

impl Diadoc {
    /// Starts with what cannot be left out.
    pub fn builder(
        base: BaseUrl,
        login: DiadocLogin,
        transport: impl Into<SharedTransport>,
    ) -> DiadocBuilder {
        DiadocBuilder {
            base,
            login,
            transport: transport.into(),
            time: SystemTimer::new().into(),
            polls: None,
            repeat: RepeatPolicy::default(),
            in_flight: IN_FLIGHT,
            code_attempts: 3,
            watcher: None,
            uploads: UploadSettings::default(),
            verifier: None,
        }
    }

    /// Signs files by Kontur.Certificate with a code by SMS (CloudSign).
    pub fn cloud_sign(&self, files: impl IntoIterator<Item = File>) -> CloudSigning {
        CloudSigning::new(self.clone(), files.into_iter().collect())
    }

    /// Signs files by a DSS certificate or by GosKey (DssSign): the owner confirms on their phone.
    ///
    /// ```no_run
    /// # use podpis_core::wait::Deadline;
    /// # use podpis_diadoc::{BoxId, Diadoc, File};
    /// # async fn example(diadoc: Diadoc, in_box: BoxId) -> Result<(), Box<dyn std::error::Error>> {
    /// let signing = diadoc.dss_sign(&in_box, [File::path("act.xml"), File::bytes("note.txt", "a note")]);
    /// let signatures = signing
    ///     .certificate("00112233445566778899aabbccddeeff00112233".parse()?)
    ///     .run(Deadline::minutes(10))
    ///     .await?;
    /// for signed in signatures.all()? {
    ///     println!("{}: {} bytes, {}", signed.name(), signed.der().len(), signed.checks().value());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn dss_sign(&self, in_box: &BoxId, files: impl IntoIterator<Item = File>) -> DssSigning {
        DssSigning::new(self.clone(), in_box.clone(), files.into_iter().collect())
    }

    /// Signs and sends all receipts that wait in a box (AutoSignReceipts).
    pub fn auto_sign_receipts(&self, in_box: &BoxId) -> ReceiptsSigning {
        ReceiptsSigning::new(self.clone(), in_box.clone())
    }

    /// Puts a file's bytes on the user's shelf, where they stay for seven days; gives the file as one that is
    /// there. A file that is signed need not be put there first: large ones go by themselves.
    ///
    /// # Errors
    /// A file that cannot be read, is empty or too large, or an upload that failed.
    pub async fn put_on_shelf(&self, file: &File) -> Result<File, Error> {
        put_on_shelf(self, file).await
    }

    /// Goes on with a stored operation. Sends nothing, asks for no file.
    ///
    /// # Errors
    /// When there is no such record, when it cannot be read, or when it is of another kind, service or host.
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

    /// How a DssSign waits; the locks are those of all others.
    pub(crate) fn dss_runs(&self) -> &RunSettings {
        &self.inner.dss_runs
    }

    /// How often a call is repeated where its endpoint allows it.
    pub(crate) fn repeat_policy(&self) -> RepeatPolicy {
        self.inner.repeat
    }

    pub(crate) fn uploads(&self) -> &UploadSettings {
        &self.inner.uploads
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

impl OperationClient for Diadoc {
    const SERVICE: Service = Service::Diadoc;

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

impl fmt::Debug for Diadoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diadoc")
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

impl DiadocBuilder {
    /// The clock; the machine's own unless set.
    pub fn time(mut self, time: impl Into<SharedTime>) -> Self {
        self.time = time.into();
        self
    }

    /// The pauses between polls; one second growing to fifteen unless set, and two growing to fifteen for a DssSign.
    pub fn polls(mut self, policy: PollPolicy) -> Self {
        self.polls = Some(policy);
        self
    }

    /// How often a call is repeated where its endpoint allows it; three attempts unless set.
    pub fn repeat(mut self, policy: RepeatPolicy) -> Self {
        self.repeat = policy;
        self
    }

    /// How many requests may be in flight at once; 10 unless set.
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

    /// The size of a shelf part in bytes, 1 to 3,000,000; 512 KiB unless set.
    pub fn part_size(mut self, bytes: usize) -> Self {
        self.uploads = self.uploads.with_part_size(bytes);
        self
    }

    /// Checks signature values of algorithms that this library does not know, such as GOST R 34.10.
    pub fn verifier(mut self, verifier: Arc<dyn Verifier>) -> Self {
        self.verifier = Some(verifier);
        self
    }

    /// Makes the client. Nothing is sent yet; the first call logs in.
    #[must_use]
    pub fn build(self) -> Diadoc {
        let bare = Caller::builder(self.base.clone(), self.transport.clone(), self.time.clone())
            .explain(explain)
            .repeat(self.repeat)
            .build();
        let caller = Caller::builder(self.base, self.transport, self.time.clone())
            .credentials(self.login.credentials(bare, self.time.clone()))
            .explain(explain)
            .limit(Limit::new(self.in_flight))
            .repeat(self.repeat)
            .build();
        let mut runs = RunSettings::new(self.time);
        runs.code_attempts = self.code_attempts;
        runs.watcher = self.watcher;
        let mut dss_runs = runs.clone();
        runs.polls = self.polls.unwrap_or_default();
        dss_runs.polls = self.polls.unwrap_or(DSS_POLLS);
        let inner = Inner {
            runs,
            dss_runs,
            repeat: self.repeat,
            uploads: self.uploads,
            verifier: self.verifier,
        };
        Diadoc {
            inner: Arc::new(inner),
            caller,
        }
    }
}

impl fmt::Debug for DiadocBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiadocBuilder")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
