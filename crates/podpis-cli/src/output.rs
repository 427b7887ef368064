//! Decides what goes to which stream.
//!
//! **Invariant:** stdout gets one JSON object per line, and only with `--json`; stderr gets lines for people,
//! each one line whatever a service or a file name holds; a stream that is closed is no reason to panic.

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;
use crate::messages::{Language, Message};

/// How this run of the program speaks. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    language: Language,
    json: bool,
}

impl Output {
    pub(crate) fn new(language: Language, json: bool) -> Self {
        Self { language, json }
    }

    /// The words of a message, where something else shows them.
    pub(crate) fn text(self, message: &Message) -> String {
        message.text(self.language)
    }

    /// The words of a failure, where another failure shows them.
    pub(crate) fn words(self, failure: &Failure) -> String {
        failure.line(self.language)
    }

    /// One line for the person.
    pub(crate) fn say(self, message: &Message) {
        self.line(&self.text(message));
    }

    /// One line as it is, for example one to copy into a shell.
    pub(crate) fn line(self, text: &str) {
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        // Nobody is left to be told that nobody listens.
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// One result for programs, where they asked for it.
    pub(crate) fn result(self, result: &impl Serialize) -> Result<(), Failure> {
        if !self.json {
            return Ok(());
        }
        let written = serde_json::to_string(result)
            .map_err(io::Error::from)
            .and_then(|text| {
                let mut stdout = io::stdout().lock();
                writeln!(stdout, "{text}")?;
                stdout.flush()
            });
        match written {
            // The reader has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => {
                Err(Failure::failed("output", Message::ResultNotPrinted).with_source(error))
            }
            Ok(()) => Ok(()),
        }
    }

    /// A failure, for people and, where they asked for it, for programs.
    pub(crate) fn failure(self, failure: &Failure) {
        self.line(&format!("podpis: {}", failure.line(self.language)));
        if let Some(open) = failure.open_operation() {
            self.line(&format!("podpis: {}", self.text(&open)));
        }
        // A stdout that cannot be written was either reported just now or is not worth a second failure.
        let _ = self.result(&json!({ "error": failure.told(self.language) }));
    }
}
