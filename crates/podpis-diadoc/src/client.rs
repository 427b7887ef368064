//! The client.
//!
//! **Invariant:** a stateless handle: what happens to an operation is in its run and its record, so that one
//! client drives any number of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_cms::{Expectation, Thumbprint};
use podpis_core::call::{Caller, Explanation};
use podpis_core::client::{ClientBuilder, ClientParts, GivenSignature, ServiceClient, TrustCheck};
use podpis_core::login::SharedCredentials;
use podpis_core::wait::{Conversation, OperationClient, PollPolicy, Run, RunSettings, SharedTime};
use podpis_core::{BaseUrl, Error};
use podpis_operation::{Claim, Service};
use podpis_transport::{HttpResponse, SharedTransport};

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

/// The address that the service's own description gives for the test service.
pub const TEST: &str = "https://diadoc-api.testkontur.ru";

/// The official SDKs refuse more connections than this.
const IN_FLIGHT: usize = 10;

/// A person needs a while for their phone, so a DssSign is not asked for as soon and as often as the others.
const DSS_POLLS: PollPolicy = PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(15));

/// A client of Diadoc. Cheap to clone.
#[derive(Clone)]
pub struct Diadoc {
    parts: ClientParts,
    own: Arc<Own>,
}

/// What other clients do not have.
#[derive(Clone)]
struct Own {
    dss_runs: RunSettings,
    uploads: UploadSettings,
}

/// Settings of a [`Diadoc`].
pub type DiadocBuilder = ClientBuilder<Diadoc>;

impl ServiceClient for Diadoc {
    type Login = DiadocLogin;
    const IN_FLIGHT: usize = IN_FLIGHT;
    const POLLS: PollPolicy = PollPolicy::growing(Duration::from_secs(1), Duration::from_secs(15));
    const EXPLAIN: fn(&HttpResponse) -> Explanation = explain;

    fn credentials(
        login: DiadocLogin,
        bare: Caller,
        _transport: &SharedTransport,
        time: &SharedTime,
    ) -> SharedCredentials {
        login.credentials(bare, time.clone())
    }

    fn made_of(parts: ClientParts, polls: Option<PollPolicy>) -> Self {
        let mut dss_runs = parts.runs().clone();
        dss_runs.polls = polls.unwrap_or(DSS_POLLS);
        let own = Own {
            dss_runs,
            uploads: UploadSettings::default(),
        };
        Self {
            parts,
            own: Arc::new(own),
        }
    }
}

impl Diadoc {
    /// Starts with what cannot be left out.
    pub fn builder(
        base: BaseUrl,
        login: DiadocLogin,
        transport: impl Into<SharedTransport>,
    ) -> DiadocBuilder {
        ClientBuilder::new(base, login, transport)
    }

    /// This client, which uploads to the shelf in parts of this size in bytes, 1 to 3,000,000; 512 KiB unless set.
    #[must_use]
    pub fn with_part_size(&self, bytes: usize) -> Self {
        let mut own = Own::clone(&self.own);
        own.uploads = own.uploads.with_part_size(bytes);
        Self {
            parts: self.parts.clone(),
            own: Arc::new(own),
        }
    }

    /// Signs files by Kontur.Certificate with a code by SMS (CloudSign).
    pub fn cloud_sign(&self, files: impl IntoIterator<Item = File>) -> CloudSigning {
        CloudSigning::new(self.clone(), files.into_iter().collect())
    }

    /// Puts a file's bytes on the user's shelf, where they stay for seven days; gives the file as one that is
    /// there. A file that is signed need not be put there first: large ones go by themselves.
    ///
    /// # Errors
    /// A file that cannot be read, is empty or too large, or an upload that failed.
    pub async fn put_on_shelf(&self, file: &File) -> Result<File, Error> {
        put_on_shelf(self, file).await
    }

    /// The calls of one box.
    #[must_use]
    pub fn in_box(&self, id: &BoxId) -> InBox {
        InBox {
            client: self.clone(),
            id: id.clone(),
        }
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
        self.parts.caller()
    }

    pub(crate) fn runs(&self) -> &RunSettings {
        self.parts.runs()
    }

    /// How a DssSign waits; the locks are those of all others.
    pub(crate) fn dss_runs(&self) -> &RunSettings {
        &self.own.dss_runs
    }

    pub(crate) fn uploads(&self) -> &UploadSettings {
        &self.own.uploads
    }

    pub(crate) fn expectation(&self, certificate: Option<Thumbprint>) -> Expectation {
        self.parts.expectation(certificate)
    }

    /// Judges signatures that the caller gave, before anything is sent.
    pub(crate) async fn judge_given(
        &self,
        given: impl IntoIterator<Item = GivenSignature>,
    ) -> Result<(), Error> {
        self.parts.judge_given(given.into_iter().collect()).await
    }

    pub(crate) fn trust(&self) -> Option<TrustCheck> {
        self.parts.trust()
    }
}

/// The calls of one box. Cheap to clone.
#[derive(Clone)]
pub struct InBox {
    pub(crate) client: Diadoc,
    pub(crate) id: BoxId,
}

impl InBox {
    /// The box.
    #[must_use]
    pub fn id(&self) -> &BoxId {
        &self.id
    }

    pub(crate) fn caller(&self) -> &Caller {
        self.client.caller()
    }

    /// Signs files by a DSS certificate or by GosKey (DssSign): the owner confirms on their phone.
    ///
    /// ```no_run
    /// # use podpis_core::wait::{Begin, Deadline, NoPrompt};
    /// # use podpis_diadoc::{BoxId, Diadoc, File};
    /// # async fn example(diadoc: Diadoc, in_box: BoxId) -> Result<(), Box<dyn std::error::Error>> {
    /// let signing = diadoc.in_box(&in_box).dss_sign([File::path("act.xml"), File::bytes("note.txt", "a note")]);
    /// let signatures = signing
    ///     .certificate("00112233445566778899aabbccddeeff00112233".parse()?)
    ///     .run(&mut NoPrompt, Deadline::minutes(10))
    ///     .await?;
    /// for signed in signatures.all()? {
    ///     println!("{}: {} bytes, {}", signed.name(), signed.der().len(), signed.checks().value());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn dss_sign(&self, files: impl IntoIterator<Item = File>) -> DssSigning {
        DssSigning::new(
            self.client.clone(),
            self.id.clone(),
            files.into_iter().collect(),
        )
    }

    /// Signs and sends all receipts that wait in a box (AutoSignReceipts).
    pub fn auto_sign_receipts(&self) -> ReceiptsSigning {
        ReceiptsSigning::new(self.client.clone(), self.id.clone())
    }
}

impl OperationClient for Diadoc {
    const SERVICE: Service = Service::Diadoc;

    fn caller(&self) -> &Caller {
        self.parts.caller()
    }

    fn with_caller(&self, caller: Caller) -> Self {
        Self {
            parts: self.parts.with_caller(caller),
            own: Arc::clone(&self.own),
        }
    }

    fn run_settings(&self) -> &RunSettings {
        self.parts.runs()
    }
}

impl fmt::Debug for InBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InBox")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Diadoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diadoc")
            .field("caller", self.caller())
            .finish_non_exhaustive()
    }
}
