//! `podpis ops resume`: goes on with operations, one after another.
//!
//! **Invariant:** starts nothing; one operation that cannot go on, whyever, keeps none of the others from it, and the end
//! names each with its outcome; an operation that somebody else drives is left to them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use podpis::core::wait::OperationKind as _;
use podpis::diadoc::{AutoSignReceipts, SignAndAttach};
use podpis::operation::{Claim, JournalError, Service};
use podpis::{Diadoc, Extern, Operation, OperationId, Podpis};

use super::AgainArguments;
use super::outcome::{Ended, Skip, Told};
use crate::address::{self, Address, Elsewhere};
use crate::connection::Connection;
use crate::delivery::Goal;
use crate::driving::{Destination, Driver};
use crate::exit::Exit;
use crate::extern_api::{Ask, ExternConnection, FolderGoal, OutFolder};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::progress;
use crate::prompt::Asker;
use crate::signature_file;
use crate::store::{Note, Store};

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

/// Goes on with all that is asked for.
pub(super) async fn run(arguments: &ResumeArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::folder(&arguments.again.journal)?;
    store.starting_in(None, arguments.again.base_url.as_deref());
    let mut told = Told::new(output);
    let ids = if arguments.all {
        let (records, unreadable) = super::records(&store).await?;
        store.sweep(&records);
        for (id, failure) in unreadable {
            told.tell(&id, &Ended::Failed(failure));
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
        diadoc: HashMap::new(),
        extern_api: HashMap::new(),
    };
    for id in ids {
        let ended = match Box::pin(round.one(&id, &mut interrupt)).await {
            Ok(ended) => ended,
            Err(failure) => Ended::Failed(failure.about(&id)),
        };
        told.tell(&id, &ended);
        if interrupt.was_pressed() {
            break;
        }
    }
    Ok(told.end())
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
    diadoc: HashMap<Address, (Connection, Diadoc)>,
    extern_api: HashMap<Address, (ExternConnection, Extern)>,
}

impl Round<'_> {
    async fn one(&mut self, id: &OperationId, interrupt: &mut Interrupt) -> Result<Ended, Failure> {
        let all = self.arguments.all;
        let claim = match self.store.journal().claim(id).await {
            Ok(claim) => claim,
            Err(JournalError::Claimed { .. }) if all => {
                return Ok(Ended::Skipped(Skip::Claimed));
            }
            Err(error) => return Err(super::not_claimed(id, error)),
        };
        let Some(record) = claim.record().cloned() else {
            if all {
                // It was there a moment ago.
                return Ok(Ended::Skipped(Skip::Finished));
            }
            return Err(self.store.unknown(id));
        };
        let open = !record.state().is_final();
        Box::pin(self.go_on(claim, &record, interrupt))
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
        let again = &self.arguments.again;
        // Nobody is asked for a login that would be of no use.
        if podpis::kept(record).is_none() {
            let (id, kind) = (record.id().to_string(), record.kind().to_string());
            return Err(Failure::failed("other", Message::KindUnknown { id, kind }));
        }
        let note = self.store.own_note(record.id())?;
        let address = Address::of(record, note.as_ref(), again.base_url.as_deref())?;
        if let Address::Elsewhere(elsewhere) = &address
            && !record.state().is_final()
        {
            return self.left_alone(record, elsewhere.clone());
        }
        self.output.say(&Message::GoingOn {
            id: record.id().to_string(),
            files: names(record),
        });
        if let Some(known) = progress::known(record) {
            self.output.say(&known);
        }
        match record.origin().service {
            Service::Diadoc => self.go_on_diadoc(claim, record, address, interrupt).await,
            Service::Extern => self.go_on_extern(claim, record, address, interrupt).await,
            // A kind that is known here is of one of the two.
            _ => Err(Failure::failed("other", Message::ResultNotUnderstood)),
        }
    }

    /// An operation for which the login is not.
    fn left_alone(&self, record: &Operation, elsewhere: Elsewhere) -> Result<Ended, Failure> {
        if self.arguments.all {
            Ok(Ended::Skipped(Skip::Elsewhere(elsewhere)))
        } else {
            Err(elsewhere.failure(record))
        }
    }

    async fn go_on_diadoc(
        &mut self,
        claim: Claim<'_>,
        record: &Operation,
        address: Address,
        interrupt: &mut Interrupt,
    ) -> Result<Ended, Failure> {
        let again = &self.arguments.again;
        let (waiting, output) = (&again.waiting, self.output);
        let out = self.arguments.out.as_deref();
        let (files, attached);
        let goal = if *record.kind() == AutoSignReceipts::KIND {
            Destination::Told
        } else if *record.kind() == SignAndAttach::KIND {
            (attached, _) = folder(self.store, record, out, output)?;
            Destination::Attached(&attached)
        } else {
            files = goal(self.store, record, out, output)?;
            Destination::Files(&files)
        };
        if record.state().is_final() {
            // Nothing is asked of the service, so neither it nor a login need be there.
            let offline = Connection::offline(address::stored(record)?);
            let podpis = Podpis::new().with_diadoc(offline.diadoc(waiting, output));
            let asker = offline.asker(again.yes, waiting, output);
            return self.drive(claim, &podpis, &asker, goal, interrupt).await;
        }
        let (connection, diadoc) = match self.diadoc.remove(&address) {
            Some(known) => known,
            None => {
                let connection = match Connection::to(&address, again.yes, output).await? {
                    Ok(connection) => connection,
                    Err(elsewhere) => return self.left_alone(record, elsewhere),
                };
                let diadoc = connection.diadoc(waiting, output);
                (connection, diadoc)
            }
        };
        let podpis = Podpis::new().with_diadoc(diadoc.clone());
        let asker = connection.asker(again.yes, waiting, output);
        let ended = self.drive(claim, &podpis, &asker, goal, interrupt).await;
        self.diadoc.insert(address, (connection, diadoc));
        ended
    }

    async fn go_on_extern(
        &mut self,
        claim: Claim<'_>,
        record: &Operation,
        address: Address,
        interrupt: &mut Interrupt,
    ) -> Result<Ended, Failure> {
        let again = &self.arguments.again;
        let (waiting, output) = (&again.waiting, self.output);
        let (folder, ask) = folder(self.store, record, self.arguments.out.as_deref(), output)?;
        let mut settled = true;
        let (connection, client) = match self.extern_api.remove(&address) {
            Some(known) => known,
            None => {
                let connection = match ExternConnection::to(&address, again.yes, output).await {
                    Ok(Ok(connection)) => connection,
                    // Signatures that have come are handed out all the same.
                    _ if record.state().is_final() => {
                        settled = false;
                        ExternConnection::offline(address::stored(record)?)
                    }
                    Ok(Err(elsewhere)) => return self.left_alone(record, elsewhere),
                    Err(failure) => return Err(failure),
                };
                let client = connection.client(waiting, output);
                (connection, client)
            }
        };
        let goal = FolderGoal {
            client: client.clone(),
            folder,
            ask,
        };
        let podpis = Podpis::new().with_extern(client.clone());
        let asker = connection.asker(again.yes, waiting, output);
        let goal = Destination::Folder(&goal);
        let ended = self.drive(claim, &podpis, &asker, goal, interrupt).await;
        if settled {
            self.extern_api.insert(address, (connection, client));
        }
        ended
    }

    async fn drive(
        &self,
        claim: Claim<'_>,
        podpis: &Podpis,
        asker: &Asker,
        goal: Destination<'_>,
        interrupt: &mut Interrupt,
    ) -> Result<Ended, Failure> {
        let again = &self.arguments.again;
        let run = podpis.resume(claim)?;
        let mut driver = Driver {
            store: self.store,
            deadline: again.waiting.deadline(),
            interrupt,
            output: self.output,
            strict: again.strict,
        };
        driver.finish(run, goal, asker).await.map(Ended::Delivered)
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

/// The folder of the note, or `--out`, or the current folder; and what was asked.
fn folder(
    store: &Store,
    record: &Operation,
    out: Option<&Path>,
    output: Output,
) -> Result<(OutFolder, Option<Ask>), Failure> {
    let note = store.note(record.id()).ok().flatten();
    let noted = note.as_ref().and_then(Note::folder);
    let ask = note.and_then(|note| note.ask);
    if out.is_none() && noted.is_none() {
        let folder = Path::new(".");
        let shown = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        output.say(&Message::PlaceUnknown {
            id: record.id().to_string(),
            folder: shown.display().to_string(),
        });
    }
    Ok((OutFolder::open(out.or(noted.as_deref()))?, ask))
}

/// What it is about: its files, or its kind where it has none.
fn names(record: &Operation) -> String {
    if record.files().is_empty() {
        return record.kind().to_string();
    }
    let names: Vec<&str> = record.files().iter().map(|file| &*file.name).collect();
    names.join(", ")
}
