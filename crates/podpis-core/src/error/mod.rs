//! How a failure is described, and what it means for a signature.
//!
//! **Invariant:** `Display` prints one layer and never the source, [`ErrorChain`] prints the chain, and no text
//! holds a query, a header or a body that was sent.

mod chain;
mod meaning;
mod service;

use std::fmt;
use std::sync::Arc;

use podpis_operation::{JournalError, Operation, Refusal, TransitionError};

pub use chain::ErrorChain;
pub use meaning::Meaning;
pub use service::{ServiceAnswer, tidy};

use crate::call::Effect;

/// What a failure asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument, a file or a setting is wrong; nothing was sent. Mend it.
    InvalidInput,
    /// There was no complete answer. See [`Error::may_have_been_applied`].
    NoAnswer,
    /// The service answered with a status that is not success. See [`Error::service`].
    Service,
    /// The service answered with success, and the answer is not what it should be.
    UnreadableAnswer,
    /// The login failed, or the service does not accept it any more.
    Login,
    /// There will be no result. See [`Error::refusal`].
    Refused,
    /// The operation is still open when the time for waiting is over. Resume it later.
    Deadline,
    /// It cannot be told whether a request was applied; a person has to look.
    CannotTell,
    /// The journal did not store or give a record.
    Journal,
    /// The code was not given.
    Prompt,
    /// What came back is not a signature of the files that were sent.
    Signature,
    /// The signatures are those of the files, and who made them is not trusted by the judge that the client was given. See
    /// [`ClientBuilder::trust`](crate::client::ClientBuilder::trust).
    NotTrusted,
}

/// A failure of a call, of an operation or of what stands around them.
///
/// One word wide and cheap to clone. Questions are answered by methods; the text is for people.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    effect: Option<Effect>,
    before_start: bool,
    service: Option<ServiceAnswer>,
    refusal: Option<Refusal>,
    operation: Option<Operation>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with a sentence for people. Name the file, field or parameter; leave secrets out.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            effect: None,
            before_start: false,
            service: None,
            refusal: None,
            operation: None,
            source: None,
        }))
    }

    /// An operation that will have no result.
    #[must_use]
    pub fn refused(refusal: Refusal, message: Option<&str>) -> Self {
        let text = match message {
            Some(message) => format!("{refusal}: {message}"),
            None => refusal.to_string(),
        };
        Self::new(ErrorKind::Refused, text).change(|inner| inner.refusal = Some(refusal))
    }

    fn change(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        change(&mut inner);
        Self(Arc::new(inner))
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.change(|inner| inner.source = Some(Arc::from(source.into())))
    }

    /// Adds the record of the operation, as it stands.
    #[must_use]
    pub fn with_operation(self, operation: &Operation) -> Self {
        self.change(|inner| inner.operation = Some(operation.clone()))
    }

    /// Adds what the service answered.
    #[must_use]
    pub fn with_service(self, answer: ServiceAnswer) -> Self {
        self.change(|inner| inner.service = Some(answer))
    }

    /// Marks a failure of what comes before a start: whatever it was, nothing was started.
    #[must_use]
    pub fn before_start(self) -> Self {
        self.change(|inner| {
            inner.effect = Some(Effect::NotApplied);
            inner.before_start = true;
        })
    }

    /// Adds whether the request was applied.
    #[must_use]
    pub fn with_effect(self, effect: Effect) -> Self {
        self.change(|inner| inner.effect = Some(effect))
    }

    /// Adds why there will be no result.
    #[must_use]
    pub fn with_refusal(self, refusal: Refusal) -> Self {
        self.change(|inner| inner.refusal = Some(refusal))
    }

    /// This failure as one of another kind, for example a rejected call that is a failed login.
    #[must_use]
    pub fn with_kind(self, kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        self.change(|inner| {
            inner.kind = kind;
            inner.message = message;
        })
    }

    /// What the failure asks for.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same may work a little later: no answer, too many requests, or a failing server.
    ///
    /// This says nothing about whether it is **safe** to try again; for that see
    /// [`Error::may_have_been_applied`].
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::NoAnswer => true,
            ErrorKind::Service | ErrorKind::Login => {
                self.0
                    .service
                    .as_ref()
                    .is_some_and(|answer| match answer.status.as_u16() {
                        429 | 500 | 502 | 503 | 504 => true,
                        // A conflict that passes says when to ask again.
                        409 => answer.retry_after.is_some(),
                        _ => false,
                    })
            }
            _ => false,
        }
    }

    /// `true` when the service may have acted, or has acted, although this call failed: do not send again,
    /// reconcile or resume.
    #[must_use]
    pub fn may_have_been_applied(&self) -> bool {
        matches!(self.0.effect, Some(Effect::Unknown | Effect::Applied))
    }

    /// What is known of the request's effect, where the failure is that of a request.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        self.0.effect
    }

    /// What the service answered, where it answered.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceAnswer> {
        self.0.service.as_ref()
    }

    /// Why there will be no result, where that is certain.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// The record of the operation as it stands: keep it, and nothing is lost.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        self.0.operation.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            message,
            effect,
            before_start: _,
            service,
            refusal,
            operation,
            source,
        } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("message", message)
            .field("effect", effect)
            .field("service", service)
            .field("refusal", refusal)
            .field(
                "operation",
                &operation.as_ref().map(|operation| operation.id()),
            )
            .field("source", &source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|source| source.as_ref() as &(dyn std::error::Error + 'static))
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        Self::new(ErrorKind::Journal, format!("the journal failed: {error}")).with_source(error)
    }
}

impl From<TransitionError> for Error {
    fn from(error: TransitionError) -> Self {
        Self::new(
            ErrorKind::UnreadableAnswer,
            format!("the service's answer does not fit the operation: {error}"),
        )
        .with_source(error)
    }
}
