//! Resumes an operation whose kind is known only from its record.
//!
//! **Invariant:** only chooses which client goes on; what going on means is the client's.

#[cfg(any(feature = "diadoc", feature = "extern-api"))]
use podpis_cms::Signatures;
use podpis_core::wait::{Deadline, Prompt};
#[cfg(any(feature = "diadoc", feature = "extern-api"))]
use podpis_core::wait::{OperationKind, Run};
use podpis_core::{Error, ErrorKind};
#[cfg(feature = "diadoc")]
use podpis_diadoc::attach::Attached;
use podpis_diadoc::posting::Posted;
use podpis_diadoc::receipts::Receipts;
use podpis_diadoc::{AutoSignReceipts, CloudSign, Diadoc, DssSign, Posting, SignAndAttach};
#[cfg(feature = "extern-api")]
use podpis_extern::{DecryptDocument, Decrypted, Extern, SignDraft, SignPfrReply, SignReply};
use podpis_operation::{Claim, Operation};

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
impl From<Decrypted> for Output {
    fn from(content: Decrypted) -> Self {
        Self::Content(content)
    }
}

impl Podpis {
    /// Without clients; nothing can be resumed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with a client of Diadoc.
    #[cfg(feature = "diadoc")]
    #[must_use]
    pub fn with_diadoc(mut self, diadoc: Diadoc) -> Self {
        self.diadoc = Some(diadoc);
        self
    }

    /// The same, with a client of Kontur.Extern.
    #[cfg(feature = "extern-api")]
    #[must_use]
    pub fn with_extern(mut self, extern_api: Extern) -> Self {
        self.extern_api = Some(extern_api);
        self
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
}
