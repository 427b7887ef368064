//! What the clients of both services are made of.
//!
//! **Invariant:** a client is a stateless handle: what happens to an operation is in its run and its record, so that one
//! client drives any number of them.

mod binding;
mod builder;
mod staying_file;
mod trust;

use std::fmt;
use std::sync::Arc;

use podpis_cms::{Expectation, Thumbprint, Verifier};

pub use binding::bind;
pub use builder::{ClientBuilder, ServiceClient};
pub use trust::{GivenSignature, TrustCheck, TrustPolicy};

use crate::Error;
use crate::call::Caller;
use crate::wait::{RunSettings, compute};

/// What every client has: it sends calls, waits for operations, and verifies and judges signatures. Cheap to clone.
#[derive(Clone)]
pub struct ClientParts {
    caller: Caller,
    shared: Arc<Shared>,
}

impl fmt::Debug for ClientParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientParts")
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

struct Shared {
    runs: RunSettings,
    verifier: Option<Arc<dyn Verifier>>,
    trust: Option<TrustPolicy>,
}

impl ClientParts {
    /// What sends calls.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// These parts with another caller.
    #[must_use]
    pub fn with_caller(&self, caller: Caller) -> Self {
        Self {
            caller,
            shared: Arc::clone(&self.shared),
        }
    }

    /// How operations wait.
    #[must_use]
    pub fn runs(&self) -> &RunSettings {
        &self.shared.runs
    }

    /// What signatures are expected to be: by this certificate, where one was asked for.
    #[must_use]
    pub fn expectation(&self, certificate: Option<Thumbprint>) -> Expectation {
        let mut expectation = Expectation::new();
        if let Some(certificate) = certificate {
            expectation = expectation.certificate(certificate);
        }
        if let Some(verifier) = &self.shared.verifier {
            expectation = expectation.verifier(Arc::clone(verifier));
        }
        expectation
    }

    /// By what signers are judged, at the present moment; none where that was not asked for.
    #[must_use]
    pub fn trust(&self) -> Option<TrustCheck> {
        let policy = self.shared.trust.as_ref()?;
        Some(policy.at(self.runs().time.now()))
    }

    /// Judges signatures that the caller has, before they are sent; passes where trust was not asked for.
    ///
    /// # Errors
    /// [`NotTrusted`](crate::ErrorKind::NotTrusted) where who signed is not trusted, and
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where one cannot be read, is not for its content or has a wrong
    /// value. Nothing was sent.
    pub async fn judge_given(&self, given: Vec<GivenSignature>) -> Result<(), Error> {
        let Some(trust) = self.trust() else {
            return Ok(());
        };
        let expectation = self.expectation(None);
        let judge = move || {
            given
                .iter()
                .try_for_each(|one| trust.given(one, &expectation))
        };
        compute(judge).await
    }
}
