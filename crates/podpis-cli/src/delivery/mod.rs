//! Decides what becomes of the results of an operation: files, and lines.
//!
//! | module | what came |
//! |---|---|
//! | `files` | signatures that have their places |
//! | `folder` | what Extern gives, and what goes with it |
//! | `attached` | signatures that are in a message too |
//! | `numbers` | what is told and is no file |
//! | `only_started` | nothing yet, as nobody waits for it |
//!
//! **Invariant:** all that came is written before anything is told: neither a signature that cannot be written nor
//! a stream that is full loses the others.

mod attached;
mod files;
mod folder;
mod numbers;
mod only_started;

use podpis::{Operation, OperationId, Output as Gave, Signed};
use serde_json::{Value, json};

pub(crate) use folder::FolderGoal;
pub(crate) use only_started::{ConfirmedBy, only_started};

use crate::checks;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{CheckName, Message, library};
use crate::output::{Output, joined};
use crate::signature_file::Target;

/// Where the results of an operation go.
#[derive(Debug)]
pub(crate) enum Goal {
    /// A file that was planned for each signature.
    Files {
        /// With the files as people know them, in the order of the request.
        targets: Vec<(String, Target)>,
        /// The checks that people are told of.
        names: &'static [CheckName],
    },
    /// A folder, for names that only the service knows.
    Folder(FolderGoal),
    /// Nowhere: they are numbers that are told.
    Told,
}

/// What became of the results.
#[derive(Debug)]
pub(crate) struct Delivery {
    id: OperationId,
    /// Whether the journal still has what was not written.
    is_kept: bool,
    /// How the operation ended.
    pub(crate) exit: Exit,
    /// Each file's result for `--json`, but for those that were not written.
    pub(crate) files: Vec<Value>,
    /// What was not written, and what else went wrong at the end.
    pub(crate) failures: Vec<Failure>,
    /// Whether every signature that came is proven.
    pub(crate) is_proven: bool,
    /// Whether all that came is a file now.
    pub(crate) is_complete: bool,
    /// The checks that people are told of.
    names: &'static [CheckName],
    /// What people are told, and how.
    lines: Vec<Message>,
    output: Output,
}

/// Writes what came. None for a result of a kind that came after this program.
pub(crate) async fn deliver(
    goal: &Goal,
    operation: &Operation,
    gave: Gave,
    is_kept: bool,
    output: Output,
) -> Option<Delivery> {
    let mut delivery = Delivery::new(operation.id(), is_kept, output);
    match (gave, goal) {
        (Gave::Signatures(signatures), Goal::Files { targets, names }) => {
            delivery.names = names;
            files::deliver(&mut delivery, targets, &signatures);
        }
        (Gave::Attached(attached), Goal::Folder(goal)) => {
            attached::deliver(&mut delivery, &goal.folder, &attached);
        }
        (Gave::Posted(posted), _) => numbers::posted(&mut delivery, &posted),
        (Gave::Receipts(receipts), _) => numbers::receipts(&mut delivery, &receipts),
        (gave, Goal::Folder(goal)) => {
            folder::deliver(&mut delivery, goal, operation, gave).await?;
        }
        _ => return None,
    }
    Some(delivery)
}

impl Delivery {
    /// Nothing yet.
    pub(crate) fn new(id: &OperationId, is_kept: bool, output: Output) -> Self {
        Self {
            id: id.clone(),
            is_kept,
            exit: Exit::Done,
            files: Vec::new(),
            failures: Vec::new(),
            is_proven: true,
            is_complete: true,
            names: checks::ALL,
            lines: Vec::new(),
            output,
        }
    }

    /// Tells people what came.
    pub(crate) fn say(&self) {
        for line in &self.lines {
            self.output.about(&self.id, line);
        }
    }

    /// Prints what came of one operation: an object per file, then what went wrong.
    pub(crate) fn print(self) -> Result<Exit, Failure> {
        for file in &self.files {
            self.output.result(file)?;
        }
        for failure in &self.failures {
            self.output.failure(failure);
        }
        Ok(self.exit)
    }

    /// A line for people, once all is written.
    fn line(&mut self, message: impl Into<Message>) {
        self.lines.push(message.into());
    }

    /// A result for programs.
    fn result(&mut self, result: Value) {
        let result = joined(json!({ "operation": self.id }), result);
        self.files.push(result);
    }

    /// With what is known of its signature; `None` for one that never was here.
    fn signature(&mut self, result: Value, signed: Option<&Signed>) {
        self.is_proven &= signed.is_some_and(|signed| signed.checks().is_proven());
        self.result(checks::result(result, signed));
    }

    /// A signature is in the file `target` now. `result` says for programs where it is, `file` is the file as people
    /// know it.
    fn signed(&mut self, signed: &Signed, result: Value, file: &str, target: String) {
        self.signature(result, Some(signed));
        self.line(Message::Signed {
            file: file.to_owned(),
            target,
        });
        self.lines.extend(checks::lines(signed, self.names, file));
    }

    /// A file has no signature. `result` says for programs which one.
    fn not_signed(&mut self, result: Value, file: &str, reason: &str) {
        self.exit = self.exit.worst(Exit::Refused);
        let reason = library::reason(reason, self.output.language());
        let error = json!({ "kind": "not_signed", "message": reason });
        self.result(joined(result, json!({ "file": file, "error": error })));
        let file = file.to_owned();
        self.line(Message::NotSigned { file, reason });
    }

    /// Something is not in a file; the journal still has it, where there is one.
    fn not_written(&mut self, failure: Failure) {
        self.is_complete = false;
        if self.is_kept && failure.exit() == Exit::Failed {
            self.exit = self.exit.worst(Exit::Open);
        }
        let failure = if self.is_kept {
            failure.leaving_open()
        } else {
            failure
        };
        self.fail(failure);
    }

    /// Something went wrong at the end.
    pub(crate) fn fail(&mut self, failure: Failure) {
        let failure = failure.about(&self.id);
        self.exit = self.exit.worst(failure.exit());
        self.failures.push(failure);
    }
}
