//! `podpis diadoc auto-sign-receipts`: signs and sends all receipts that wait in a box.
//!
//! **Invariant:** a batch is sent once; what stops the program leaves an operation that goes on at its last key.

use clap::Args;
use podpis::Thumbprint;

use super::print;
use crate::checks::StrictArguments;
use crate::connection::{Connection, ConnectionArguments, WaitingArguments, parse};
use crate::driving::{Destination, Driver, ReceiptsPlan};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::store::{JournalArguments, Store};

#[derive(Debug, Args)]
#[command(
    after_help = "Diadoc calls this way obsolete. A service that has removed it answers with 404 or 410, and the program \
                  ends with 1.\n\
                  The operation is in the journal until its last batch is signed: whatever stops the program, \
                  `podpis ops resume` goes on with the next batch. That of --sandbox ends with the program."
)]
pub(crate) struct ReceiptsArguments {
    /// Thumbprint of the certificate to sign with; the user's current one unless given
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    #[command(flatten)]
    connection: ConnectionArguments,

    #[command(flatten)]
    waiting: WaitingArguments,

    #[command(flatten)]
    journal: JournalArguments,
}

/// Signs batch after batch.
pub(super) async fn run(arguments: ReceiptsArguments, output: Output) -> Result<Exit, Failure> {
    let ReceiptsArguments {
        cert,
        connection: place,
        waiting,
        journal,
    } = arguments;
    let certificate: Option<Thumbprint> = cert.map(|text| parse("--cert", &text)).transpose()?;
    let store = if place.sandbox {
        Store::memory()
    } else {
        Store::folder(&journal)?
    };
    let connection = Connection::open(&place, output).await?;
    store.starting_in(connection.sandbox_url(), place.base_url.as_deref());
    let plan = ReceiptsPlan {
        in_box: connection.in_box(output).await?,
        certificate,
        follows: None,
    };
    let asker = connection.asker(place.yes, &waiting, output);
    let mut driver = Driver {
        store: &store,
        deadline: waiting.deadline(),
        interrupt: &mut Interrupt::new(),
        output,
        // What is signed stays at the service.
        strict: StrictArguments::default(),
    };
    let diadoc = connection.diadoc(&waiting, output);
    let run = driver.start_receipts(&diadoc, &plan).await?;
    let delivery = driver.finish(run, Destination::Told, &asker).await?;
    print(delivery, output)
}
