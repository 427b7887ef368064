//! What can be asked of a service, in a form that is noted beside the operation and asked again.
//!
//! | module | what is asked |
//! |---|---|
//! | `diadoc`, `attach` | files, receipts and documents of messages, to be signed in Diadoc |
//! | `to_sign` | files, or standard input |
//! | `extern_api` | drafts, replies, reports and contents in Extern |
//!
//! **Invariant:** a note holds ids and paths, never a secret and never a byte of a document.

mod attach;
mod diadoc;
mod extern_api;
mod to_sign;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use podpis::{AnyRun, Begin, Error, Journal, Operation, OperationId, Run};

pub(crate) use attach::{AttachAsk, AttachMethod};
pub(crate) use diadoc::{DiadocAsk, Method};
pub(crate) use extern_api::{Ask, CertificateChoice, Contents, ExternAsk, What};
pub(crate) use to_sign::{STDIN, ToSign};

use crate::connection::Service;
use crate::delivery::Goal;
use crate::failure::Failure;
use crate::store::{Note, Store};

/// A start under way. It is too large to be carried about.
pub(crate) type Starting<'j> = Pin<Box<dyn Future<Output = Result<AnyRun<'j>, Error>> + 'j>>;

/// What is the same about every start.
pub(crate) struct Start<'j> {
    pub(crate) id: OperationId,
    /// The operation that is started over.
    pub(crate) follows: Option<OperationId>,
    pub(crate) journal: &'j dyn Journal,
}

/// Something that is asked of a service.
pub(crate) trait Asked: Sized {
    /// Which one that is.
    type Service: Service;

    /// The same that this operation was asked for, whose files must still be the same.
    fn again(store: &Store, record: &Operation) -> Result<Self, Failure>;

    /// Fetches what has to be at hand before the start.
    async fn get_ready(&mut self, _client: &Self::Service) -> Result<(), Failure> {
        Ok(())
    }

    /// What is noted before the start.
    fn note(&self) -> Result<Note, Failure>;

    /// Makes the folders for the results, where they are not there.
    fn make_folders(&self) -> Result<(), Failure>;

    /// Starts it.
    fn start<'j>(&self, client: &Self::Service, start: Start<'j>) -> Result<Starting<'j>, Failure>;

    /// Where the results go.
    fn goal(&self, client: &Self::Service) -> Goal;

    /// Whether standard input was what is signed: then no code comes from there.
    fn reads_stdin(&self) -> bool {
        false
    }

    /// The files that are signed again by themselves when the service asks for that; none where it does not.
    fn repeated(&self) -> Option<&[PathBuf]> {
        None
    }
}

impl<'j> Start<'j> {
    /// Starts what `operation` says.
    fn begin<B>(self, operation: B) -> Result<Starting<'j>, Failure>
    where
        B: Begin + 'j,
        AnyRun<'j>: From<Run<'j, B::Kind>>,
    {
        let mut operation = operation.id(self.id);
        if let Some(earlier) = self.follows {
            operation = operation.follows(earlier);
        }
        let journal = self.journal;
        Ok(Box::pin(async move {
            operation.start(journal).await.map(AnyRun::from)
        }))
    }
}
