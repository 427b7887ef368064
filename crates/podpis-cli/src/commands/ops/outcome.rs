//! How going on with operations ended: told of each when it ended, and of all in the end.
//!
//! **Invariant:** nothing that is told, and no stream that does not take it, keeps the next operation from its turn.

use podpis::OperationId;
use podpis::operation::UnreadableRecord;
use serde_json::{Value, json};

use crate::address::Elsewhere;
use crate::delivery::Delivery;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::{Output, joined};
use crate::store;

/// How an attempt to go on ended.
pub(super) enum Ended {
    /// Its results were there.
    Delivered(Delivery),
    /// It is none of our business now.
    Skipped(Skip),
    /// It had ended before, in this way, and its record is gone.
    Before(Exit),
    Failed(Failure),
}

/// Why an operation is none of our business now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Skip {
    /// Another program drives it.
    Claimed,
    /// Another program finished it.
    Finished,
    /// Its record is gone, and nobody noted how it ended: it may have been forgotten, moved, or finished on another machine.
    Gone,
    /// It lives at another address than the one that is set up.
    Elsewhere(Elsewhere),
}

/// What was told so far.
pub(super) struct Told {
    output: Output,
    exit: Exit,
    /// None where nobody waits for the end.
    outcomes: Option<Vec<(OperationId, Outcome)>>,
}

impl Told {
    pub(super) fn new(output: Output) -> Self {
        Self {
            output,
            exit: Exit::Done,
            outcomes: Some(Vec::new()),
        }
    }

    /// The same where it may go on for ever.
    pub(super) fn without_end(output: Output) -> Self {
        Self {
            outcomes: None,
            ..Self::new(output)
        }
    }

    /// Tells how one operation ended.
    pub(super) fn tell(&mut self, id: &OperationId, ended: &Ended) {
        let output = self.output;
        let (outcome, told): (Outcome, Value) = match ended {
            Ended::Delivered(delivery) => {
                for failure in &delivery.failures {
                    output.complain(failure);
                }
                let error = delivery.failures.first();
                let mut told = json!({
                    "operation": id,
                    "exit": delivery.exit.code(),
                    "files": delivery.files,
                });
                if let Some(error) = error {
                    told = joined(told, json!({ "error": output.told(error) }));
                }
                (Outcome::Ended(delivery.exit), told)
            }
            Ended::Skipped(skip) => {
                let (why, message) = match skip {
                    Skip::Claimed => ("claimed", Message::Claimed(id.to_string())),
                    Skip::Finished => ("finished", Message::Finished(id.to_string())),
                    Skip::Gone => ("gone", Message::RecordGone(id.to_string())),
                    Skip::Elsewhere(elsewhere) => {
                        let elsewhere = elsewhere.clone();
                        let id = id.to_string();
                        ("elsewhere", Message::OtherHost { id, elsewhere })
                    }
                };
                output.say(&message);
                let told = json!({ "operation": id, "skipped": why });
                (Outcome::Skipped(skip.clone()), told)
            }
            Ended::Before(exit) => {
                let (text, exit) = (id.to_string(), *exit);
                output.say(&Message::FinishedBefore { id: text, exit });
                (Outcome::Ended(exit), finished_before(id, exit))
            }
            Ended::Failed(failure) => {
                output.complain(failure);
                let exit = failure.exit();
                let told = json!({
                    "operation": id,
                    "exit": exit.code(),
                    "error": output.told(failure),
                });
                (Outcome::Ended(exit), told)
            }
        };
        if let Outcome::Ended(exit) = outcome {
            self.exit = self.exit.worst(exit);
        }
        if let Some(outcomes) = &mut self.outcomes {
            outcomes.push((id.clone(), outcome));
        }
        // A stream that is full is no reason to leave the other operations alone.
        if let Err(failure) = output.result(&told) {
            output.complain(&failure);
            self.exit = self.exit.worst(failure.exit());
        }
    }

    /// Tells of records that cannot be read.
    pub(super) fn unreadable(&mut self, records: &[UnreadableRecord]) {
        for record in records {
            let failure = store::unreadable(record.clone());
            self.tell(&record.id, &Ended::Failed(failure));
        }
    }

    /// Names each operation with its outcome, where there are several.
    pub(super) fn end(self) -> Exit {
        let outcomes = self.outcomes.unwrap_or_default();
        if outcomes.len() > 1 {
            for (id, outcome) in outcomes {
                let id = id.to_string();
                self.output.say(&Message::Outcome { id, outcome });
            }
        }
        self.exit
    }
}

/// For programs, an operation that had ended before.
pub(super) fn finished_before(id: &OperationId, exit: Exit) -> Value {
    json!({ "operation": id, "exit": exit.code(), "finished": true })
}

/// How it ended with one operation, in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was driven.
    Ended(Exit),
    /// It was left alone.
    Skipped(Skip),
}
