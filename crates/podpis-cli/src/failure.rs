//! Decides how a failure is told: one line for people, one object for programs.
//!
//! **Invariant:** a failure of the library keeps the library's words, a failure of the program has words in both
//! languages, and both have an exit code and a kind that scripts can rely on.

use std::error::Error as StdError;

use podpis::{Error, ErrorKind, Report};
use serde::Serialize;

use crate::exit::Exit;
use crate::messages::{Language, Message};

/// Why the program did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program itself found it.
    Own(Own),
    /// The library reported it.
    Library(Error),
}

/// A failure that the program found.
#[derive(Debug)]
pub(crate) struct Own {
    exit: Exit,
    kind: &'static str,
    message: Box<Message>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A failure as `--json` tells it.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    kind: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
}

impl Failure {
    /// An argument, a setting or a file is wrong, and nothing was started.
    pub(crate) fn usage(message: Message) -> Self {
        Self::new(Exit::Usage, "invalid_input", message)
    }

    /// It failed. `kind` is for scripts; the library's own kinds are used where they fit.
    pub(crate) fn failed(kind: &'static str, message: Message) -> Self {
        Self::new(Exit::Failed, kind, message)
    }

    /// Any other way to end.
    pub(crate) fn new(exit: Exit, kind: &'static str, message: Message) -> Self {
        Self::Own(Own {
            exit,
            kind,
            message: Box::new(message),
            source: None,
        })
    }

    /// Adds the cause.
    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        if let Self::Own(own) = &mut self {
            own.source = Some(source.into());
        }
        self
    }

    /// The number the program ends with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Own(own) => own.exit,
            Self::Library(error) => Exit::of(error),
        }
    }

    /// One line, with its causes.
    pub(crate) fn line(&self, language: Language) -> String {
        match self {
            Self::Own(own) => {
                let text = own.message.text(language);
                match &own.source {
                    Some(source) => format!("{text}: {}", Report(&**source)),
                    None => text,
                }
            }
            Self::Library(error) => {
                let lead = Message::Lead(self.exit()).text(language);
                format!("{lead}: {}", Report(error))
            }
        }
    }

    /// The operation that is still open after this failure.
    pub(crate) fn open_operation(&self) -> Option<Message> {
        let Self::Library(error) = self else {
            return None;
        };
        let operation = error.operation().filter(|_| self.exit() == Exit::Open)?;
        Some(Message::OperationOpen {
            id: operation.id().to_string(),
            state: operation.state().name(),
        })
    }

    /// The failure for `--json`.
    pub(crate) fn told(&self, language: Language) -> Told {
        match self {
            Self::Own(own) => Told {
                kind: own.kind,
                message: self.line(language),
                trace_id: None,
                refusal: None,
                operation: None,
            },
            Self::Library(error) => Told {
                kind: kind_name(error.kind()),
                message: Report(error).to_string(),
                trace_id: error.service().and_then(|answer| answer.trace_id.clone()),
                refusal: error.refusal().and_then(refusal_name),
                operation: error
                    .operation()
                    .map(|operation| operation.id().to_string()),
            },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

fn kind_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidInput => "invalid_input",
        ErrorKind::NoAnswer => "no_answer",
        ErrorKind::Service => "service",
        ErrorKind::UnreadableAnswer => "unreadable_answer",
        ErrorKind::Login => "login",
        ErrorKind::Refused => "refused",
        ErrorKind::Deadline => "deadline",
        ErrorKind::CannotTell => "cannot_tell",
        ErrorKind::NotStarted => "not_started",
        ErrorKind::Journal => "journal",
        ErrorKind::Prompt => "prompt",
        ErrorKind::Signature => "signature",
        _ => "other",
    }
}

/// The name under which records store the refusal.
fn refusal_name(refusal: &podpis::Refusal) -> Option<String> {
    let value = serde_json::to_value(refusal).ok()?;
    Some(value.get("reason")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use podpis::Refusal;

    #[test]
    fn a_refusal_is_told_by_the_name_that_records_use() {
        let failure = Failure::from(Error::refused(Refusal::TooManyAttempts, Some("words")));
        let told = serde_json::to_value(failure.told(Language::English)).unwrap();
        assert_eq!(told["kind"], "refused");
        assert_eq!(told["refusal"], "too-many-attempts");
        assert!(told.get("operation").is_none(), "{told}");
    }

    #[test]
    fn a_line_has_the_causes_and_no_line_end() {
        let cause = std::io::Error::other("disk on fire");
        let failure =
            Failure::failed("output", Message::FolderNotWritable("out".into())).with_source(cause);
        let line = failure.line(Language::English);
        assert!(line.ends_with(": disk on fire"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}
