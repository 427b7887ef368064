//! `podpis ops start-over`: signs the same files again in place of an operation that cannot be finished.
//!
//! **Invariant:** nothing is started unless the files are still the ones of the old operation, and the old record
//! goes only when the new one is in the journal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use podpis::cms::{DigestAlgorithm, Digests};
use podpis::operation::{Claim, Fingerprint, Service, State};
use podpis::{AnyRun, BaseUrl, Operation, OperationId, Podpis, Thumbprint};

use super::AgainArguments;
use crate::commands::diadoc::print;
use crate::connection::{Connection, base_of, parse};
use crate::delivery::Goal;
use crate::driving::{Destination, Driver, Plan};
use crate::exit::Exit;
use crate::extern_api::{ExternConnection, FolderGoal, OutFolder};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::signature_file;
use crate::store::{Note, Store};

#[derive(Debug, Args)]
pub(crate) struct StartOverArguments {
    /// The operation
    #[arg(value_name = "ID")]
    id: OperationId,

    /// Start over although the old operation can still be finished; the person is asked twice
    #[arg(long)]
    even_if_open: bool,

    #[command(flatten)]
    again: AgainArguments,
}

/// Starts over, and waits as for any other signing.
pub(super) async fn run(arguments: &StartOverArguments, output: Output) -> Result<Exit, Failure> {
    let again = &arguments.again;
    let store = Store::folder(&again.journal)?;
    let (claim, record) = super::claim(&store, &arguments.id).await?;
    let base = base_of(&record, again.base_url.as_deref())?;
    if record.origin().service == Service::Extern {
        return start_over_extern(arguments, &store, claim, &record, base, output).await;
    }
    // Whether a client of ours knows this kind is found out without asking anybody.
    let offline = Connection::offline(base.clone())?;
    let old = Podpis::new()
        .with_diadoc(offline.diadoc(&again.waiting, output))
        .resume(claim)?;
    if !arguments.even_if_open {
        must_be_hopeless(&store, &old)?;
    }
    let plan = plan(&store, &record)?;

    let connection = Connection::at(base, again.yes, output).await?;
    let asker = connection.asker(again.yes, &again.waiting, output);
    let mut driver = Driver {
        store: &store,
        deadline: again.waiting.deadline(),
        interrupt: &mut Interrupt::new(),
        output,
    };
    let diadoc = connection.diadoc(&again.waiting, output);
    let started = driver.start(&diadoc, &plan).await;
    let run = in_place_of(old, &store, started, output).await?;
    let goal = Destination::Files(&plan.goal);
    let delivery = driver.finish(run, goal, &asker).await?;
    print(delivery, output)
}

/// The same with what was asked of Extern.
async fn start_over_extern(
    arguments: &StartOverArguments,
    store: &Store,
    claim: Claim<'_>,
    record: &Operation,
    base: BaseUrl,
    output: Output,
) -> Result<Exit, Failure> {
    let again = &arguments.again;
    let offline = ExternConnection::offline(base.clone())?;
    let old = Podpis::new()
        .with_extern(offline.client(&again.waiting, output))
        .resume(claim)?;
    if !arguments.even_if_open {
        must_be_hopeless(store, &old)?;
    }
    let id = record.id();
    let noted = store.note(id).ok().flatten();
    let Some((ask, folder)) = noted.and_then(|note| Some((note.ask.clone()?, note.folder()?)))
    else {
        let command = store.command("abandon", id);
        let id = id.to_string();
        let message = Message::AskUnknown { id, command };
        return Err(Failure::usage(message).about(record.id()));
    };
    // What is already at the service is named by its ids; files are still on disk and may be others by now.
    for (path, fingerprint) in ask.files().zip(record.files()) {
        must_be_the_same(&path, fingerprint)?;
    }
    let folder = OutFolder::open(Some(&folder))?;
    let connection = ExternConnection::at(base, again.yes, output).await?;
    let asker = connection.asker(again.yes, &again.waiting, output);
    let goal = FolderGoal {
        client: connection.client(&again.waiting, output),
        folder,
        ask: Some(ask.clone()),
    };
    let certificate = ask.certificate(&goal.client).await?;
    let mut driver = Driver {
        store,
        deadline: again.waiting.deadline(),
        interrupt: &mut Interrupt::new(),
        output,
    };
    let started = driver
        .start_extern(&ask, &goal, certificate, Some(id.clone()))
        .await;
    let run = in_place_of(old, store, started, output).await?;
    let goal = Destination::Folder(&goal);
    let delivery = driver.finish(run, goal, &asker).await?;
    print(delivery, output)
}

/// Forgets the old operation where the new one is in the journal, and gives the new one.
async fn in_place_of<'r>(
    old: AnyRun<'_>,
    store: &Store,
    started: Result<AnyRun<'r>, Failure>,
    output: Output,
) -> Result<AnyRun<'r>, Failure> {
    if let Err(failure) = &started
        && failure.exit() != Exit::Open
    {
        return started;
    }
    let id = old.operation().id().clone();
    // Also when nobody knows what became of the start: the new record stands for both now.
    match old.forget().await {
        Ok(()) => store.drop_note(&id),
        // The new operation is what matters now, and the old record says by itself how it stands.
        Err(error) => output.complain(&error.into()),
    }
    let run = started?;
    output.say(&Message::StartedOver {
        old: id.to_string(),
        new: run.operation().id().to_string(),
    });
    Ok(run)
}

/// An operation that can be finished is finished, and not asked for again.
fn must_be_hopeless(store: &Store, old: &AnyRun<'_>) -> Result<(), Failure> {
    let record = old.operation();
    let id = record.id();
    let command = store.command("resume", id);
    let message = match record.state() {
        State::AwaitingCode { .. } | State::Processing { .. } => Message::StillOpen {
            id: id.to_string(),
            state: record.state().name(),
            command,
        },
        State::Done if old.output().is_ok() => Message::HandOut {
            id: id.to_string(),
            command,
        },
        _ => return Ok(()),
    };
    Err(Failure::usage(message).about(id))
}

/// The same files, with signatures in the same places and by the same certificate.
fn plan(store: &Store, record: &Operation) -> Result<Plan, Failure> {
    let id = record.id();
    let unknown = || {
        Failure::usage(Message::FilesUnknown {
            id: id.to_string(),
            command: store.command("abandon", id),
        })
        .about(id)
    };
    let note = match store.note(id) {
        Ok(note) => note.ok_or_else(unknown)?,
        Err(error) => return Err(unknown().with_source(error)),
    };
    if note.files.len() != record.files().len() {
        return Err(unknown());
    }
    for (noted, fingerprint) in note.files.iter().zip(record.files()) {
        must_be_the_same(&noted.file(), fingerprint)?;
    }
    let places: Vec<PathBuf> = note.files.iter().map(|file| file.signature()).collect();
    let files: Vec<PathBuf> = note.files.iter().map(|file| file.file()).collect();
    Ok(Plan {
        goal: Goal {
            files: files
                .iter()
                .map(|file| file.display().to_string())
                .collect(),
            targets: signature_file::at(&places)?,
        },
        files,
        certificate: certificate(&note)?,
        follows: Some(id.clone()),
    })
}

fn certificate(note: &Note) -> Result<Option<Thumbprint>, Failure> {
    note.certificate
        .as_deref()
        .map(|text| parse("certificate", text))
        .transpose()
}

/// Compares size and digests with those of the operation.
fn must_be_the_same(path: &Path, expected: &Fingerprint) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let unreadable = |error: io::Error| {
        Failure::usage(Message::FileUnreadable(shown.clone())).with_source(error)
    };
    let changed = || Failure::usage(Message::FileChanged(shown.clone()));
    let digests =
        Digests::from_pairs(&expected.digests).map_err(|error| changed().with_source(error))?;
    let file = fs::File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if digests.is_empty() || expected.size.is_some_and(|expected| expected != size) {
        return Err(changed());
    }
    let algorithms: Vec<DigestAlgorithm> = digests.algorithms().cloned().collect();
    if Digests::read(file, &algorithms).map_err(unreadable)? == digests {
        Ok(())
    } else {
        Err(changed())
    }
}
