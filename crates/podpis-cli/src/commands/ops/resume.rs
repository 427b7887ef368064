//! `podpis ops resume`: goes on with operations, one after another.
//!
//! **Invariant:** starts nothing; one operation that cannot go on keeps none of the others from it; an operation
//! that somebody else drives is left to them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use podpis::operation::{Claim, JournalError, Service};
use podpis::{BaseUrl, Operation, OperationId, Podpis};
use serde_json::{Value, json};

use super::AgainArguments;
use crate::connection::{Connection, base_of};
use crate::delivery::{Delivery, Goal};
use crate::driving::Driver;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::signature_file;
use crate::store::Store;

#[derive(Debug, Args)]
pub(crate) struct ResumeArguments {
    /// The operations
    #[arg(
        value_name = "ID",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    ids: Vec<OperationId>,

    /// Every operation in the journal that nobody else drives, oldest first
    #[arg(long)]
    all: bool,

    /// Folder for the signatures; where they were to go from the beginning unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    again: AgainArguments,
}

/// How an attempt to go on ended.
enum Ended {
    /// Its results were there.
    Delivered(Delivery),
    /// It is none of our business now.
    Skipped(&'static str, Message),
    Failed(Failure),
}

/// Goes on with all that is asked for.
pub(super) async fn run(arguments: &ResumeArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::folder(&arguments.again.journal)?;
    let mut exit = Exit::Done;
    let ids = if arguments.all {
        let (records, unreadable) = super::records(&store).await?;
        store.sweep(&records);
        for failure in &unreadable {
            exit = exit.worst(failure.exit());
            output.failure(failure);
        }
        if records.is_empty() {
            output.say(&Message::JournalEmpty(store.shown()));
        }
        records.iter().map(|record| record.id().clone()).collect()
    } else {
        each_once(&arguments.ids)
    };
    let mut interrupt = Interrupt::new();
    let mut round = Round {
        arguments,
        store: &store,
        output,
        connections: HashMap::new(),
    };
    for id in ids {
        let ended = match round.one(&id, &mut interrupt).await {
            Ok(ended) => ended,
            Err(failure) => Ended::Failed(failure.about(&id)),
        };
        exit = exit.worst(tell(&id, &ended, output)?);
        if interrupt.was_pressed() {
            break;
        }
    }
    Ok(exit)
}

fn each_once(ids: &[OperationId]) -> Vec<OperationId> {
    let mut once = Vec::with_capacity(ids.len());
    for id in ids {
        if !once.contains(id) {
            once.push(id.clone());
        }
    }
    once
}

/// One call of the command.
struct Round<'a> {
    arguments: &'a ResumeArguments,
    store: &'a Store,
    output: Output,
    /// By address, so that many operations cost one login.
    connections: HashMap<BaseUrl, (Connection, Podpis)>,
}

impl Round<'_> {
    async fn one(&mut self, id: &OperationId, interrupt: &mut Interrupt) -> Result<Ended, Failure> {
        let all = self.arguments.all;
        let claim = match self.store.journal().claim(id).await {
            Ok(claim) => claim,
            Err(JournalError::Claimed { .. }) if all => {
                let message = Message::Claimed(id.to_string());
                return Ok(Ended::Skipped("claimed", message));
            }
            Err(error) => return Err(super::not_claimed(id, error)),
        };
        let Some(record) = claim.record().cloned() else {
            if all {
                // It was there a moment ago.
                return Ok(Ended::Skipped(
                    "finished",
                    Message::Finished(id.to_string()),
                ));
            }
            return Err(super::unknown(self.store, id));
        };
        let open = !record.state().is_final();
        self.go_on(claim, &record, interrupt)
            .await
            .or_else(|failure| {
                Ok(Ended::Failed(if open {
                    failure.leaving_open()
                } else {
                    failure
                }))
            })
    }

    async fn go_on(
        &mut self,
        claim: Claim<'_>,
        record: &Operation,
        interrupt: &mut Interrupt,
    ) -> Result<Ended, Failure> {
        if record.origin().service != Service::Diadoc {
            // Nobody is asked for a login that would be of no use.
            return Err(Failure::failed(
                "other",
                Message::KindUnknown {
                    id: record.id().to_string(),
                    kind: record.kind().to_string(),
                },
            ));
        }
        let again = &self.arguments.again;
        let base = base_of(record, again.base_url.as_deref())?;
        self.output.say(&Message::GoingOn {
            id: record.id().to_string(),
            files: names(record),
        });
        let goal = goal(
            self.store,
            record,
            self.arguments.out.as_deref(),
            self.output,
        )?;
        if record.state().is_final() {
            // Nothing is asked of the service, so neither it nor a login need be there.
            let offline = Connection::offline(base)?;
            let podpis = self.podpis(record, &offline);
            return self.drive(claim, &podpis, &offline, &goal, interrupt).await;
        }
        let (connection, podpis) = match self.connections.remove(&base) {
            Some(known) => known,
            None => {
                let connection = Connection::at(base.clone(), again.yes, self.output).await?;
                let podpis = self.podpis(record, &connection);
                (connection, podpis)
            }
        };
        let ended = self
            .drive(claim, &podpis, &connection, &goal, interrupt)
            .await;
        self.connections.insert(base, (connection, podpis));
        ended
    }

    fn podpis(&self, record: &Operation, connection: &Connection) -> Podpis {
        let podpis = Podpis::new();
        match record.origin().service {
            Service::Diadoc => {
                podpis.with_diadoc(connection.diadoc(&self.arguments.again.waiting, self.output))
            }
            _ => podpis,
        }
    }

    async fn drive(
        &self,
        claim: Claim<'_>,
        podpis: &Podpis,
        connection: &Connection,
        goal: &Goal,
        interrupt: &mut Interrupt,
    ) -> Result<Ended, Failure> {
        let again = &self.arguments.again;
        let run = podpis.resume(claim)?;
        let asker = connection.asker(again.yes, &again.waiting, self.output);
        let mut driver = Driver {
            store: self.store,
            deadline: again.waiting.deadline(),
            interrupt,
            output: self.output,
        };
        driver.finish(run, goal, &asker).await.map(Ended::Delivered)
    }
}

/// Where the signatures go: where the person says now, where they were to go from the beginning, or, when nobody
/// knows that any more, into the current folder under the names that the signer was shown.
fn goal(
    store: &Store,
    record: &Operation,
    out: Option<&Path>,
    output: Output,
) -> Result<Goal, Failure> {
    let names: Vec<&str> = record.files().iter().map(|file| &*file.name).collect();
    let note = store.note(record.id()).ok().flatten();
    let note = note.filter(|note| note.files.len() == names.len());
    let files = match &note {
        Some(note) => {
            let paths = note.files.iter();
            paths
                .map(|file| file.file().display().to_string())
                .collect()
        }
        None => names.iter().map(|&name| name.to_owned()).collect(),
    };
    let targets = match (out, &note) {
        (Some(out), _) => signature_file::for_names(&names, out)?,
        (None, Some(note)) => {
            let places: Vec<PathBuf> = note.files.iter().map(|file| file.signature()).collect();
            signature_file::at(&places)?
        }
        (None, None) => {
            let folder = Path::new(".");
            let shown = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            output.say(&Message::PlaceUnknown {
                id: record.id().to_string(),
                folder: shown.display().to_string(),
            });
            signature_file::for_names(&names, folder)?
        }
    };
    Ok(Goal { files, targets })
}

fn names(record: &Operation) -> String {
    let names: Vec<&str> = record.files().iter().map(|file| &*file.name).collect();
    names.join(", ")
}

/// Tells how one operation ended.
fn tell(id: &OperationId, ended: &Ended, output: Output) -> Result<Exit, Failure> {
    let (exit, told): (Exit, Value) = match ended {
        Ended::Delivered(delivery) => {
            for failure in &delivery.failures {
                output.complain(failure);
            }
            let error = delivery
                .failures
                .first()
                .map(|failure| output.told(failure));
            let mut told = json!({
                "operation": id,
                "exit": delivery.exit.code(),
                "files": delivery.files,
            });
            if let (Some(told), Some(error)) = (told.as_object_mut(), error) {
                told.insert("error".into(), json!(error));
            }
            (delivery.exit, told)
        }
        Ended::Skipped(why, message) => {
            output.say(message);
            (Exit::Done, json!({ "operation": id, "skipped": why }))
        }
        Ended::Failed(failure) => {
            output.complain(failure);
            let exit = failure.exit();
            let told = json!({
                "operation": id,
                "exit": exit.code(),
                "error": output.told(failure),
            });
            (exit, told)
        }
    };
    output.result(&told)?;
    Ok(exit)
}
