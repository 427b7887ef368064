//! Decides how a failure is told: one line for people, one object for programs.
//!
//! **Invariant:** a failure has words in both languages, an exit code, and a kind that scripts can rely on. Where an
//! operation stays open, the command that goes on with it comes along.

use std::error::Error as StdError;
use std::sync::Arc;

use podpis::operation::State;
use podpis::{Error, ErrorChain, ErrorKind, Meaning, Operation, OperationId, Refusal};
use serde::Serialize;

use crate::exit::Exit;
use crate::login::{Ended, Unusable};
use crate::messages::{Language, List, LoginMessage, Message, library};

/// Why the program did not do what it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    cause: Cause,
    /// The operation it is about, where the cause does not tell.
    operation: Option<OperationId>,
    /// What the person does next.
    advice: Option<Box<Message>>,
    /// Stands before the words of the library, where that says more than how it ended.
    lead: Option<Box<Message>>,
}

#[derive(Clone, Debug)]
enum Cause {
    /// The program itself found it.
    Own(Own),
    /// The library reported it.
    Library(Error),
}

/// A failure that the program found.
#[derive(Clone, Debug)]
struct Own {
    exit: Exit,
    kind: &'static str,
    message: Box<Message>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// A failure as `--json` tells it.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    kind: &'static str,
    message: String,
    /// The service's own word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
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

    /// The program cannot do its work here.
    pub(crate) fn setup(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::failed("setup", Message::Setup).with_source(error)
    }

    /// Any other way to end.
    pub(crate) fn new(exit: Exit, kind: &'static str, message: Message) -> Self {
        let own = Own {
            exit,
            kind,
            message: Box::new(message),
            source: None,
        };
        Self::of(Cause::Own(own))
    }

    fn of(cause: Cause) -> Self {
        Self {
            cause,
            operation: None,
            advice: None,
            lead: None,
        }
    }

    /// Adds the cause.
    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        if let Cause::Own(own) = &mut self.cause {
            own.source = Some(source.into().into());
        }
        self
    }

    /// What was added as the cause.
    pub(crate) fn cause(&self) -> Option<&(dyn StdError + Send + Sync)> {
        match &self.cause {
            Cause::Own(own) => own.source.as_deref(),
            Cause::Library(_) => None,
        }
    }

    /// Adds the operation it is about.
    pub(crate) fn about(mut self, operation: &OperationId) -> Self {
        self.operation = Some(operation.clone());
        self
    }

    /// Adds what the person does next.
    pub(crate) fn advising(mut self, advice: Option<Message>) -> Self {
        self.advice = advice.map(Box::new);
        self
    }

    /// Begins the words of the library with these.
    pub(crate) fn led_by(mut self, lead: Message) -> Self {
        self.lead = Some(Box::new(lead));
        self
    }

    /// This failure where an operation is open all the same: "open" wins over "failed".
    pub(crate) fn leaving_open(mut self) -> Self {
        if let Cause::Own(own) = &mut self.cause
            && own.exit == Exit::Failed
        {
            own.exit = Exit::Open;
        }
        self
    }

    /// The operation it is about.
    pub(crate) fn operation(&self) -> Option<&OperationId> {
        let of_cause = match &self.cause {
            Cause::Own(_) => None,
            Cause::Library(error) => error.operation().map(Operation::id),
        };
        of_cause.or(self.operation.as_ref())
    }

    /// Whether the signer said no.
    pub(crate) fn is_a_no(&self) -> bool {
        match &self.cause {
            Cause::Own(_) => false,
            Cause::Library(error) => matches!(error.refusal(), Some(Refusal::CancelledBySigner)),
        }
    }

    /// Whether nothing was begun, as an earlier operation about the same is open.
    pub(crate) fn is_already_open(&self) -> bool {
        matches!(&self.cause, Cause::Own(own) if own.kind == "already_open")
    }

    /// The number the program ends with.
    pub(crate) fn exit(&self) -> Exit {
        match &self.cause {
            Cause::Own(own) => own.exit,
            Cause::Library(error) => Exit::of(error),
        }
    }

    /// One line, with its causes.
    pub(crate) fn line(&self, language: Language) -> String {
        match &self.cause {
            Cause::Own(own) => {
                let text = own.message.text(language);
                match &own.source {
                    Some(source) => match library::cause(&**source, language) {
                        hint if hint == library::DETAILS => format!("{text}; {hint}"),
                        cause => format!("{text}: {cause}"),
                    },
                    None => text,
                }
            }
            Cause::Library(error) => {
                let (what, meaning) = self.of_library(error, language);
                let lead = match &self.lead {
                    Some(lead) => lead.text(language),
                    None => Message::Lead(self.exit()).text(language),
                };
                let is_told_twice = match error.meaning() {
                    // The lead says it.
                    Some(Meaning::NotStarted) => self.exit() == Exit::Usage,
                    // The advice says it, with the command.
                    Some(Meaning::StillOpen { .. }) => self.advice().is_some(),
                    _ => false,
                };
                let Some(meaning) = meaning.filter(|_| !is_told_twice) else {
                    return format!("{lead}: {what}");
                };
                let what = without_stop(&what);
                // The lead says already how it ended, which is not always that there is no signature.
                let is_refused = matches!(error.meaning(), Some(Meaning::Refused { .. }));
                match meaning.split_once(": ") {
                    Some((_, next)) if is_refused => {
                        format!("{lead}: {what}; {next}")
                    }
                    _ => format!("{lead}: {what}. {meaning}."),
                }
            }
        }
    }

    /// All words of it, as whoever looks for the cause needs them.
    pub(crate) fn unabridged(&self) -> String {
        match &self.cause {
            Cause::Own(_) => self.line(Language::English),
            Cause::Library(error) => ErrorChain(error).to_string(),
        }
    }

    /// What the library says, and what it means where no advice knows that better.
    fn of_library(&self, error: &Error, language: Language) -> (String, Option<String>) {
        let (said, meaning) = library::told(error, language);
        // The library gives on only the English of what the program found.
        let what = match cause::<Unusable>(error) {
            Some(found) => found.failure().line(language),
            None => said,
        };
        let is_open = matches!(error.meaning(), Some(Meaning::StillOpen { .. }));
        let is_known = match self.advice() {
            Some(Message::NoCode { .. }) => true,
            // The service did not know it when it was asked before.
            Some(
                Message::Gone { .. } | Message::GoneSigned { .. } | Message::UnclearStdin { .. },
            ) => is_open,
            _ => false,
        };
        (what, meaning.filter(|_| !is_known))
    }

    /// What the person does next.
    pub(crate) fn advice(&self) -> Option<&Message> {
        self.advice.as_deref()
    }

    /// The failure for `--json`.
    pub(crate) fn told(&self, language: Language) -> Told {
        let operation = self.operation().map(ToString::to_string);
        match &self.cause {
            Cause::Own(own) => Told {
                kind: own.kind,
                message: self.line(language),
                code: None,
                trace_id: None,
                refusal: None,
                operation,
            },
            Cause::Library(error) => Told {
                kind: kind_name(error.kind()),
                message: match (self.of_library(error, language), &self.lead) {
                    ((what, Some(meaning)), None) => {
                        format!("{}. {meaning}.", without_stop(&what))
                    }
                    ((what, None), None) => what,
                    _ => self.line(language),
                },
                code: error.service().and_then(|answer| answer.code.clone()),
                trace_id: error.service().and_then(|answer| answer.trace_id.clone()),
                refusal: error.refusal().and_then(refusal_name),
                operation,
            },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let ended = cause::<Ended>(&error).map(Ended::command);
        let again = ended.map(|command| LoginMessage::LogInAgain(command).into());
        let found = || cause::<Unusable>(&error)?.failure().advice().cloned();
        let listed = || list_of(&error).map(Message::Lists);
        let advice = again.or_else(found).or_else(listed);
        Self::of(Cause::Library(error)).advising(advice)
    }
}

/// What lists the things that can be named, where the service says that there is no such thing.
fn list_of(error: &Error) -> Option<List> {
    let answer = error.service()?;
    let is_of_the_service = !answer.is_page && answer.status.as_u16() == 404;
    let is_over = error.operation().is_some_and(|operation| {
        // What was begun is known, and the service does not know it any more.
        !matches!(operation.state(), State::Starting)
    });
    if !is_of_the_service || is_over {
        return None;
    }
    match answer.endpoint {
        "DssSign" | "DssSignV2" | "CloudSign" | "AutoSignReceipts" | "GetMyCertificates"
        | "GetMyEmployee" | "GetDocuments" | "GetNewEvents" => Some(List::Signers),
        "GetMessage" | "GetEntityContent" | "PrepareDocumentsToSign" => Some(List::Documents),
        "Docflow" | "Documents" | "Document" | "DecryptContent" | "GenerateReply"
        | "PfrGenerateReply" | "Reply" | "PfrReply" => Some(List::Docflows),
        "Certificates" | "Docflows" | "DraftCreate" => Some(List::Accounts),
        _ => None,
    }
}

/// Words of a service often end with a full stop, and something follows here.
fn without_stop(text: &str) -> &str {
    match text.strip_suffix('.') {
        Some(before) if !before.ends_with('.') => before,
        _ => text,
    }
}

/// A cause of this type, where there is one.
pub(crate) fn cause<T: StdError + 'static>(error: &Error) -> Option<&T> {
    let mut cause = error.source();
    while let Some(one) = cause {
        if let Some(found) = one.downcast_ref() {
            return Some(found);
        }
        cause = one.source();
    }
    None
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
        ErrorKind::Journal => "journal",
        ErrorKind::Prompt => "prompt",
        ErrorKind::Signature => "signature",
        ErrorKind::NotTrusted => "not_trusted",
        _ => "other",
    }
}

/// The name under which records store the refusal.
pub(crate) fn refusal_name(refusal: &podpis::Refusal) -> Option<String> {
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
    fn what_is_only_told_with_verbose_is_no_cause() {
        let failure = Failure::usage(Message::Setup).with_source("nobody has said that before");
        let line = failure.line(Language::Russian);
        assert!(line.ends_with("; подробности: --verbose"), "{line}");
    }

    #[test]
    fn that_there_will_be_no_signature_is_said_once() {
        let failure = Failure::from(Error::refused(Refusal::TooManyAttempts, Some("words")));
        for (language, lead) in [
            (Language::English, "there will be no signature: "),
            (Language::Russian, "подписи не будет: "),
        ] {
            let line = failure.line(language);
            assert!(line.starts_with(lead), "{line}");
            assert!(line.contains("; "), "{line}");
            let told = line.to_lowercase();
            let times = told.matches("there will be no signature").count();
            assert_eq!(times, usize::from(language == Language::English), "{line}");
        }
    }

    #[test]
    fn what_a_service_ends_with_a_stop_has_one() {
        let failure = Failure::from(Error::refused(Refusal::TooManyAttempts, Some("words.")));
        for language in [Language::English, Language::Russian] {
            let line = failure.line(language);
            assert!(line.contains("words") && !line.contains(".;"), "{line}");
        }
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
