//! `podpis ops start-over`: signs the same files again in place of an operation that cannot be finished.
//!
//! **Invariant:** nothing is started unless the files are still the ones of the old operation, and the old record
//! goes only when the new one is in the journal.

use std::path::PathBuf;

use clap::Args;
use podpis::core::wait::{OperationKind as _, SystemTimer, Time as _};
use podpis::diadoc::{AutoSignReceipts, BoxId, DssSign, SignAndAttach};
use podpis::operation::{Claim, Service, State};
use podpis::{AnyRun, Operation, OperationId, Podpis, Refusal, Thumbprint};

use super::AgainArguments;
use crate::address::{self, Address};
use crate::commands::diadoc::print;
use crate::connection::{Connection, parse};
use crate::delivery::Goal;
use crate::driving::{AttachPlan, Destination, Driver, Method, Plan, ReceiptsPlan};
use crate::exit::Exit;
use crate::extern_api::{ExternConnection, FolderGoal, OutFolder};
use crate::failure::Failure;
use crate::files::must_be_the_same;
use crate::interrupt::Interrupt;
use crate::kept::Kept;
use crate::messages::{DiadocMessage, Message};
use crate::moment::told;
use crate::output::Output;
use crate::repeating::in_place_of;
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
    must_not_be_early(&record)?;
    let note = store.own_note(record.id())?;
    let address = Address::of(&record, note.as_ref(), again.base_url.as_deref())?;
    if let Address::Elsewhere(elsewhere) = &address {
        return Err(elsewhere.failure(&record));
    }
    if record.origin().service == Service::Extern {
        let over = start_over_extern(arguments, &store, claim, &record, &address, output);
        return Box::pin(over).await;
    }
    // Whether a client of ours knows this kind is found out without asking anybody.
    let offline = Connection::offline(address::stored(&record)?);
    let old = Podpis::new()
        .with_diadoc(offline.diadoc(&again.waiting, output))
        .resume(claim)?;
    if !arguments.even_if_open {
        must_be_hopeless(&store, &old)?;
    }
    let mut what = what(&store, &record)?;

    let connection = Connection::to(&address, again.yes, output).await?;
    let connection = connection.map_err(|elsewhere| elsewhere.failure(&record))?;
    store.starting_in(connection.sandbox_url(), again.base_url.as_deref());
    let asker = connection.asker(again.yes, &again.waiting, output);
    let mut driver = Driver {
        store: &store,
        deadline: again.waiting.deadline(),
        interrupt: &mut Interrupt::new(),
        output,
        strict: again.strict,
    };
    let diadoc = connection.diadoc(&again.waiting, output);
    let started = match &what {
        Again::Sign(plan) => driver.start(&diadoc, plan).await,
        Again::Receipts(plan) => driver.start_receipts(&diadoc, plan).await,
        Again::Attach(plan) => driver.start_attaching(&diadoc, plan).await,
    };
    let run = in_place_of(old, &store, started, output).await?;
    let delivery = match &mut what {
        Again::Sign(plan) => {
            let time = SystemTimer::new().into();
            driver
                .see_through(run, &diadoc, plan, &asker, &time)
                .await?
        }
        Again::Attach(plan) => {
            let goal = Destination::Attached(&plan.folder);
            driver.finish(run, goal, &asker).await?
        }
        Again::Receipts(_) => driver.finish(run, Destination::Told, &asker).await?,
    };
    print(delivery, output)
}

/// What is started over in Diadoc.
enum Again {
    Sign(Plan),
    Receipts(ReceiptsPlan),
    Attach(AttachPlan),
}

/// The same with what was asked of Extern.
async fn start_over_extern(
    arguments: &StartOverArguments,
    store: &Store,
    claim: Claim<'_>,
    record: &Operation,
    address: &Address,
    output: Output,
) -> Result<Exit, Failure> {
    let again = &arguments.again;
    let offline = ExternConnection::offline(address::stored(record)?);
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
    let connection = ExternConnection::to(address, again.yes, output).await?;
    let connection = connection.map_err(|elsewhere| elsewhere.failure(record))?;
    store.starting_in(connection.sandbox_url(), again.base_url.as_deref());
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
        strict: again.strict,
    };
    let started = driver
        .start_extern(&ask, &goal, certificate, Some(id.clone()))
        .await;
    let run = in_place_of(old, store, started, output).await?;
    let goal = Destination::Folder(&goal);
    let delivery = driver.finish(run, goal, &asker).await?;
    print(delivery, output)
}

/// An operation that can be finished is finished, and not asked for again.
fn must_be_hopeless(store: &Store, old: &AnyRun<'_>) -> Result<(), Failure> {
    let record = old.operation();
    let id = record.id();
    let command = store.command("resume", id);
    let still_open = || Message::StillOpen {
        id: id.to_string(),
        state: record.state().name(),
        command: command.clone(),
    };
    let message = match record.state() {
        State::AwaitingCode { .. } | State::Processing { .. } => still_open(),
        State::Starting if podpis::is_found_out(record) => still_open(),
        State::Done if old.output().is_ok() => Message::HandOut {
            id: id.to_string(),
            command,
        },
        // What came cannot be handed out, and starting over forgets it.
        State::Done if Kept::of(record).is_some_and(|kept| kept.may_be_of_use()) => {
            Message::SaveFirst {
                id: id.to_string(),
                save: store.save_command(id),
            }
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(message).about(id))
}

/// The service may have said from when on it takes another start.
fn must_not_be_early(record: &Operation) -> Result<(), Failure> {
    match record.state() {
        State::Refused {
            refusal: Refusal::MustStartOver { not_before },
            ..
        } if SystemTimer::new().now() < (*not_before).into() => {
            let message = DiadocMessage::TooEarly {
                id: record.id().to_string(),
                moment: told(*not_before),
            };
            Err(Failure::usage(Message::Diadoc(message)).about(record.id()))
        }
        _ => Ok(()),
    }
}

/// The same by the same method.
fn what(store: &Store, record: &Operation) -> Result<Again, Failure> {
    let in_box = || -> Result<BoxId, Failure> {
        parse(
            "origin.place",
            record.origin().place.as_deref().unwrap_or_default(),
        )
    };
    if *record.kind() == AutoSignReceipts::KIND {
        let note = store.note(record.id()).ok().flatten();
        return Ok(Again::Receipts(ReceiptsPlan {
            in_box: in_box()?,
            certificate: note.as_ref().map(certificate).transpose()?.flatten(),
            follows: Some(record.id().clone()),
        }));
    }
    if *record.kind() == SignAndAttach::KIND {
        let note = store.note(record.id()).ok().flatten();
        let Some((ask, folder)) =
            note.and_then(|note| Some((note.attach.clone()?, note.folder()?)))
        else {
            let command = store.command("abandon", record.id());
            let id = record.id().to_string();
            let message = Message::Diadoc(DiadocMessage::AttachUnknown { id, command });
            return Err(Failure::usage(message).about(record.id()));
        };
        return Ok(Again::Attach(AttachPlan {
            ask,
            in_box: in_box()?,
            folder: OutFolder::open(Some(&folder))?,
            follows: Some(record.id().clone()),
        }));
    }
    let method = if *record.kind() == DssSign::KIND {
        Method::Dss { in_box: in_box()? }
    } else {
        Method::Cloud
    };
    plan(store, record, method).map(Again::Sign)
}

/// The same files, with signatures in the same places and by the same certificate.
fn plan(store: &Store, record: &Operation, method: Method) -> Result<Plan, Failure> {
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
        method,
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
