//! `podpis ops start-over`: signs the same files again in place of an operation that cannot be finished.
//!
//! **Invariant:** nothing is started unless the files are still the ones of the old operation, and the old record
//! goes only when the new one is in the journal.

use clap::Args;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::{Claim, Service as Name, State};
use podpis::{AnyRun, Operation, OperationId, Refusal};

use super::AgainArguments;
use crate::address::{self, Address};
use crate::asked::{Asked, DiadocAsk, ExternAsk};
use crate::connection::{Connection, Service};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::kept::Kept;
use crate::messages::{DiadocMessage, Message};
use crate::moment::told;
use crate::output::Output;
use crate::ready::{LeavingArguments, Manner, Ready};
use crate::store::Store;

#[derive(Debug, Args)]
pub(crate) struct StartOverArguments {
    /// The operation
    #[arg(value_name = "ID", value_parser = super::named)]
    id: OperationId,

    /// Start over although the old operation can still be finished; the person is asked twice
    #[arg(long)]
    even_if_open: bool,

    #[command(flatten)]
    leaving: LeavingArguments,

    #[command(flatten)]
    again: AgainArguments,
}

/// Starts over, and goes on as with any other signing.
pub(super) async fn run(arguments: &StartOverArguments, output: Output) -> Result<Exit, Failure> {
    let again = &arguments.again;
    let is_strict = again.strict.is_asked_for();
    arguments.leaving.must_be_without("--strict", is_strict)?;
    let store = again.store(output).await?;
    let (claim, record) = super::claim(&store, &store.meant(&arguments.id).await?).await?;
    must_not_be_early(&record)?;
    let over = Over {
        arguments,
        store: &store,
        record: &record,
        output,
    };
    match record.origin().service {
        Name::Extern => Box::pin(over.start::<ExternAsk>(claim)).await,
        _ => Box::pin(over.start::<DiadocAsk>(claim)).await,
    }
}

/// One operation that is started over.
struct Over<'a> {
    arguments: &'a StartOverArguments,
    store: &'a Store,
    record: &'a Operation,
    output: Output,
}

impl Over<'_> {
    async fn start<A: Asked>(&self, claim: Claim<'_>) -> Result<Exit, Failure> {
        let (again, store, record) = (&self.arguments.again, self.store, self.record);
        let note = store.own_note(record.id())?;
        let base_url = again.base_url.as_deref();
        let address = Address::of(record, A::Service::ADDRESS, note.as_ref(), base_url)?;
        if let Address::Elsewhere(elsewhere) = &address {
            return Err(elsewhere.failure(record));
        }
        // Whether a client of ours knows this kind is found out without asking anybody.
        let offline = Connection::<A::Service>::offline(address::stored(record)?);
        let old = offline.reader().resume(claim)?;
        if !self.arguments.even_if_open {
            must_be_hopeless(store, &old)?;
        }
        let asked = A::again(store, record)?;
        let connection = Connection::to(&address, again.yes, self.output).await?;
        let connection = connection.map_err(|elsewhere| elsewhere.failure(record))?;
        let manner = Manner {
            leaving: self.arguments.leaving,
            even_if_open: self.arguments.even_if_open,
            ..again.manner(store, self.output)
        };
        let ready = Ready::at(connection, manner);
        ready.starting(base_url);
        let interrupt = &mut Interrupt::new();
        let delivery = ready.carry_out(asked, Some(old), interrupt).await?;
        delivery.print()
    }
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
    let signed = || Kept::of(record).is_some_and(|kept| kept.may_be_of_use());
    let save_first = || Message::SaveFirst {
        id: id.to_string(),
        save: store.save_command(id),
    };
    let message = match record.state() {
        _ if store.is_gone(record) && signed() => save_first(),
        _ if store.is_gone(record) => return Ok(()),
        State::AwaitingCode { .. } | State::Processing { .. } => still_open(),
        State::Starting if podpis::is_found_out(record) => still_open(),
        State::Done if old.output().is_ok() => Message::HandOut {
            id: id.to_string(),
            command,
        },
        // What came cannot be handed out, and starting over forgets it.
        State::Done if signed() => save_first(),
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
            Err(Failure::usage(message.into()).about(record.id()))
        }
        _ => Ok(()),
    }
}
