//! Decides what goes to which stream.
//!
//! **Invariant:** stdout gets results: with `--json` one object per line, without it only what was asked to be shown;
//! stderr gets lines for people; each is one line without a hidden character, whatever a service or a file name holds;
//! a stream that is closed is no reason to panic.

use std::io::{self, Write as _};

use podpis::OperationId;
use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::{Failure, Told};
use crate::hidden::{in_json, one_line};
use crate::messages::{Language, Message};
use crate::waiting_line;

/// The version of what programs are told. New fields may come; one that goes or means something else makes another version.
const VERSION: u32 = 1;

/// A result for programs, which begins with the version.
#[derive(Serialize)]
struct Versioned<'a, T> {
    v: u32,
    #[serde(flatten)]
    result: &'a T,
}

/// How this run of the program speaks. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    language: Language,
    json: bool,
    /// Whether every line about an operation names it.
    names_operations: bool,
}

impl Output {
    pub(crate) fn new(language: Language, json: bool) -> Self {
        Self {
            language,
            json,
            names_operations: false,
        }
    }

    /// The same where several operations are told of at once.
    #[must_use]
    pub(crate) fn naming_operations(self) -> Self {
        Self {
            names_operations: true,
            ..self
        }
    }

    /// The language in which people are told things.
    pub(crate) fn language(self) -> Language {
        self.language
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

    /// One line for the person, about an operation.
    pub(crate) fn about(self, id: &OperationId, message: &Message) {
        self.line(&self.named(Some(id), self.text(message)));
    }

    /// A text that names the operation that it is about, where that has to be told.
    fn named(self, id: Option<&OperationId>, text: String) -> String {
        match id.filter(|id| self.names_operations && !text.contains(id.as_str())) {
            Some(id) => self.text(&Message::OfOperation {
                id: id.to_string(),
                text,
            }),
            None => text,
        }
    }

    /// One line as it is, for example one to copy into a shell.
    pub(crate) fn line(self, text: &str) {
        waiting_line::aside(|| {
            // In one piece, between the lines of others. Nobody is left to be told that nobody listens.
            let _ = io::stderr().write_all(format!("{}\n", one_line(text)).as_bytes());
        });
    }

    /// Whether a program asked for results.
    pub(crate) fn is_for_programs(self) -> bool {
        self.json
    }

    /// One result for programs, where they asked for it.
    pub(crate) fn result(self, result: &impl Serialize) -> Result<(), Failure> {
        if !self.json {
            return Ok(());
        }
        let v = VERSION;
        let text = serde_json::to_string(&Versioned { v, result }).map_err(io::Error::from);
        to_stdout(text.map(|text| in_json(&text)))
    }

    /// One line of a result for people, where no program asked for it.
    pub(crate) fn show(self, text: &str) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        to_stdout(Ok(one_line(text.trim_end())))
    }

    /// A whole text of our own for people, where no program asked for it.
    pub(crate) fn show_whole(self, text: &str) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        to_stdout(Ok(text.trim_end().to_owned()))
    }

    /// A list of results, or that there are none. `told` makes each for programs, `shown` its lines for people.
    pub(crate) fn list<T>(
        self,
        items: &[T],
        told: impl Fn(&T) -> Value,
        shown: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), Failure> {
        if items.is_empty() {
            self.say(&Message::NothingListed);
        }
        for item in items {
            self.result(&told(item))?;
            for line in shown(item) {
                self.show(&line)?;
            }
        }
        Ok(())
    }

    /// A failure, for people.
    pub(crate) fn complain(self, failure: &Failure) {
        let told = failure.line(self.language);
        let unabridged = failure.unabridged();
        if unabridged != told {
            // With --verbose the library's own words are there too.
            tracing::debug!("{unabridged}");
        }
        let line = self.named(failure.operation(), told);
        self.line(&format!("podpis: {line}"));
        if let Some(advice) = failure.advice() {
            self.line(&format!("podpis: {}", self.text(advice)));
        }
    }

    /// A failure as programs are told it.
    pub(crate) fn told(self, failure: &Failure) -> Told {
        failure.told(self.language)
    }

    /// A failure, for people and, where they asked for it, for programs.
    pub(crate) fn failure(self, failure: &Failure) {
        self.complain(failure);
        // A stdout that cannot be written was either reported just now or is not worth a second failure.
        let _ = self.result(&json!({ "error": self.told(failure) }));
    }
}

/// The words of a line that are there, with a gap between them.
pub(crate) fn columns<const N: usize>(words: [Option<String>; N]) -> String {
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join("  ")
}

fn to_stdout(line: io::Result<String>) -> Result<(), Failure> {
    let written = line.and_then(|line| {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")?;
        stdout.flush()
    });
    match written {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::failed("output", Message::ResultNotPrinted).with_source(error)),
        Ok(()) => Ok(()),
    }
}

/// One object of two. What both have is that of the second.
pub(crate) fn joined(mut one: Value, two: Value) -> Value {
    if let (Some(one), Value::Object(two)) = (one.as_object_mut(), two) {
        one.extend(two);
    }
    one
}
