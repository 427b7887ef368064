//! The settings of a client.
//!
//! **Invariant:** what a service does not say is a default of ours, and every default can be set.

use std::fmt;
use std::sync::Arc;

use podpis_cms::Verifier;
use podpis_transport::{HttpResponse, SharedTransport};

use super::{ClientParts, Shared, TrustPolicy};
use crate::BaseUrl;
use crate::call::{Caller, Explanation, Limit, RepeatPolicy};
use crate::login::SharedCredentials;
use crate::wait::{PollPolicy, RunSettings, SharedObserver, SharedTime, SystemTimer};

/// A client of one service, as far as the builder needs it.
pub trait ServiceClient: Sized {
    /// How it logs in.
    type Login;
    /// How many requests may be in flight at once, unless set.
    const IN_FLIGHT: usize;
    /// The pauses between polls, unless set.
    const POLLS: PollPolicy;
    /// How the service's error answers are read.
    const EXPLAIN: fn(&HttpResponse) -> Explanation;

    /// What logs calls in. `bare` sends calls without a login, for a service whose login is a call of its own;
    /// `transport` is for one that logs in at another service.
    fn credentials(
        login: Self::Login,
        bare: Caller,
        transport: &SharedTransport,
        time: &SharedTime,
    ) -> SharedCredentials;

    /// The client; `polls` are the pauses that were set.
    fn made_of(parts: ClientParts, polls: Option<PollPolicy>) -> Self;
}

/// Settings of a client.
#[must_use = "nothing is made until `build`"]
pub struct ClientBuilder<C: ServiceClient> {
    base: BaseUrl,
    login: C::Login,
    transport: SharedTransport,
    time: SharedTime,
    polls: Option<PollPolicy>,
    repeat: RepeatPolicy,
    in_flight: usize,
    code_attempts: u32,
    observer: Option<SharedObserver>,
    verifier: Option<Arc<dyn Verifier>>,
    trust: Option<TrustPolicy>,
}

impl<C: ServiceClient> ClientBuilder<C> {
    /// Starts with what cannot be left out.
    pub fn new(base: BaseUrl, login: C::Login, transport: impl Into<SharedTransport>) -> Self {
        Self {
            base,
            login,
            transport: transport.into(),
            time: SystemTimer::new().into(),
            polls: None,
            repeat: RepeatPolicy::default(),
            in_flight: C::IN_FLIGHT,
            code_attempts: 3,
            observer: None,
            verifier: None,
            trust: None,
        }
    }

    /// The clock; the machine's own unless set.
    pub fn time(mut self, time: impl Into<SharedTime>) -> Self {
        self.time = time.into();
        self
    }

    /// The pauses between polls. Unless set they grow from one second to fifteen for Diadoc, for a DssSign from two, and
    /// from two seconds to five for Extern.
    pub fn polls(mut self, policy: PollPolicy) -> Self {
        self.polls = Some(policy);
        self
    }

    /// How often a call is repeated where its endpoint allows it; three attempts unless set.
    pub fn repeat(mut self, policy: RepeatPolicy) -> Self {
        self.repeat = policy;
        self
    }

    /// How many requests may be in flight at once; 10 for Diadoc and 20 for Extern unless set.
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
    pub fn observer(mut self, observer: impl Into<SharedObserver>) -> Self {
        self.observer = Some(observer.into());
        self
    }

    /// Checks signature values of algorithms that this library does not know.
    pub fn verifier(mut self, verifier: Arc<dyn Verifier>) -> Self {
        self.verifier = Some(verifier);
        self
    }

    /// Has the signers of signatures judged: of those that the service made before they are attached, posted or handed
    /// over, and of those that the caller gives before anything is sent. Nobody is judged unless set.
    ///
    /// Who is not trusted is an error of the kind [`NotTrusted`](crate::ErrorKind::NotTrusted). The signatures stay in the
    /// record ([`OperationKind::kept`](crate::wait::OperationKind::kept)), and the person is not asked again unless a new
    /// operation is started. A report or an answer of Extern that would be sent under them ends as refused, with the same
    /// words.
    ///
    /// Not judged are signatures whose bytes are never here: those on Diadoc's shelf, test signatures, and those of receipts
    /// that Diadoc signs and sends by itself. Extern attaches a signature to its draft or reply by itself too; it is judged
    /// before anything is sent under it.
    pub fn trust(mut self, policy: TrustPolicy) -> Self {
        self.trust = Some(policy);
        self
    }

    /// Makes the client. Nothing is sent yet; the first call logs in.
    #[must_use]
    pub fn build(self) -> C {
        let caller = || {
            Caller::builder(self.base.clone(), self.transport.clone(), self.time.clone())
                .explain(C::EXPLAIN)
                .repeat(self.repeat)
        };
        let (bare, caller) = (caller().build(), caller());
        let credentials = C::credentials(self.login, bare, &self.transport, &self.time);
        let caller = caller
            .credentials(credentials)
            .limit(Limit::new(self.in_flight))
            .build();
        let mut runs = RunSettings::new(self.time);
        runs.polls = self.polls.unwrap_or(C::POLLS);
        runs.code_attempts = self.code_attempts;
        runs.observer = self.observer;
        let shared = Arc::new(Shared {
            runs,
            verifier: self.verifier,
            trust: self.trust,
        });
        C::made_of(ClientParts { caller, shared }, self.polls)
    }
}

impl<C: ServiceClient> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
