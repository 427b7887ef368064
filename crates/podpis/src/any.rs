//! Resumes an operation whose kind is known only from its record.
//!
//! **Invariant:** only chooses which client goes on; what going on means is the client's.

use podpis_core::wait::OperationKind;
use podpis_core::wait::{Deadline, Prompt, Run};
use podpis_core::{Error, ErrorKind};
use podpis_diadoc::{CloudSign, Diadoc, Signatures};
use podpis_operation::{Claim, Operation};

/// The clients that operations can be resumed with.
#[derive(Clone, Debug, Default)]
pub struct Podpis {
    diadoc: Option<Diadoc>,
}

/// What an operation gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Output {
    /// Signatures, each bound to its file.
    Signatures(Signatures),
}

/// A run of any kind.
#[derive(Debug)]
#[non_exhaustive]
pub enum AnyRun<'j> {
    /// Signing by SMS in Diadoc.
    CloudSign(Run<'j, CloudSign>),
}

impl Podpis {
    /// Without clients; nothing can be resumed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with a client of Diadoc.
    #[must_use]
    pub fn with_diadoc(mut self, diadoc: Diadoc) -> Self {
        self.diadoc = Some(diadoc);
        self
    }

    /// Goes on with a stored operation of any kind. Sends nothing, asks for no file.
    ///
    /// # Errors
    /// When there is no such record, when no client here is for its kind, or when it is of another host.
    pub fn resume<'j>(&self, claim: Claim<'j>) -> Result<AnyRun<'j>, Error> {
        let kind = claim.record().map(|record| record.kind().clone());
        if let (Some(diadoc), Some(kind)) = (&self.diadoc, &kind)
            && *kind == CloudSign::KIND
        {
            return diadoc.resume(claim).map(AnyRun::CloudSign);
        }
        Err(match kind {
            Some(kind) => Error::new(
                ErrorKind::InvalidInput,
                format!("no client here can go on with a {kind} operation"),
            ),
            None => Error::new(
                ErrorKind::Journal,
                "there is no such operation in the journal",
            ),
        })
    }
}

impl AnyRun<'_> {
    /// The record, as it stands.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        match self {
            Self::CloudSign(run) => run.operation(),
        }
    }

    /// Drives the operation to its end; see [`Run::wait`].
    ///
    /// # Errors
    /// As [`Run::wait`].
    pub async fn wait(
        &mut self,
        prompt: &mut dyn Prompt,
        deadline: Deadline,
    ) -> Result<Output, Error> {
        match self {
            Self::CloudSign(run) => run.wait(prompt, deadline).await.map(Output::Signatures),
        }
    }

    /// Removes the record; see [`Run::forget`].
    ///
    /// # Errors
    /// As [`Run::forget`].
    pub async fn forget(self) -> Result<(), Error> {
        match self {
            Self::CloudSign(run) => run.forget().await,
        }
    }
}
