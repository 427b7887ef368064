//! How the person is asked for a code.
//!
//! **Invariant:** the code goes from the prompt to the service and nowhere else.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use podpis_operation::OperationId;

use crate::secret::ConfirmationCode;

/// What is asked of the person.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CodeRequest {
    /// The operation that the code is for.
    pub operation: OperationId,
    /// 1 for the first code, 2 after one wrong code, and so on.
    pub attempt: u32,
    /// What the service said about the code before, in its own words.
    pub rejection: Option<String>,
    /// How much of the deadline is left.
    pub left: Duration,
}

impl CodeRequest {
    /// A question for whoever asks by itself, and not through [`Run::wait`](super::Run::wait).
    #[must_use]
    pub fn new(operation: OperationId, attempt: u32, left: Duration) -> Self {
        Self {
            operation,
            attempt,
            rejection: None,
            left,
        }
    }

    /// With what the service said about the code before.
    #[must_use]
    pub fn after(mut self, rejection: Option<String>) -> Self {
        self.rejection = rejection;
        self
    }
}

/// Asks the person for the code that came by SMS.
///
/// Any `FnMut(CodeRequest) -> impl Future<Output = Result<ConfirmationCode, PromptError>>` is a prompt.
#[async_trait::async_trait]
pub trait Prompt: Send {
    /// Asks once.
    ///
    /// # Errors
    /// When the person cannot or will not answer. The operation stays open.
    async fn code(&mut self, request: CodeRequest) -> Result<ConfirmationCode, PromptError>;
}

#[async_trait::async_trait]
impl<F, Asked> Prompt for F
where
    F: FnMut(CodeRequest) -> Asked + Send,
    Asked: Future<Output = Result<ConfirmationCode, PromptError>> + Send,
{
    async fn code(&mut self, request: CodeRequest) -> Result<ConfirmationCode, PromptError> {
        self(request).await
    }
}

/// A prompt for programs where nobody can be asked: operations that need a code stay open.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing")]
pub struct NoPrompt;

#[async_trait::async_trait]
impl Prompt for NoPrompt {
    async fn code(&mut self, _request: CodeRequest) -> Result<ConfirmationCode, PromptError> {
        Err(PromptError::new("there is nobody to ask for the code"))
    }
}

/// The code was not given.
#[derive(Debug)]
pub struct PromptError {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl PromptError {
    /// Why, as a sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for PromptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PromptError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_ref()
            .map(|source| source.as_ref() as &(dyn std::error::Error + 'static))
    }
}
