//! `podpis diadoc auto-sign-receipts`: signs and sends all receipts that wait in a box.
//!
//! **Invariant:** a batch is sent once; what stops the program leaves an operation that goes on at its last key.

use clap::Args;
use podpis::Diadoc;

use crate::asked::DiadocAsk;
use crate::checks::StrictArguments;
use crate::connection::DiadocArguments;
use crate::environment::parse;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::ready::{Ready, StartArguments};

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
    diadoc: DiadocArguments,

    #[command(flatten)]
    start: StartArguments,
}

/// Signs batch after batch.
pub(super) async fn run(arguments: ReceiptsArguments, output: Output) -> Result<Exit, Failure> {
    let (service, start) = (&arguments.diadoc.service, &arguments.start);
    let cert = arguments.cert.as_deref();
    let certificate = cert.map(|text| parse("--cert", text)).transpose()?;
    let store = start.store(service, output).await?;
    let in_box = arguments.diadoc.in_box()?;
    // What is signed stays at the service.
    let strict = StrictArguments::default();
    let ready = Ready::<Diadoc>::open(&store, service, start, strict, output).await?;
    let asked = DiadocAsk::Receipts {
        in_box: ready.connection.in_box(in_box, output).await?,
        certificate,
    };
    let delivery = ready.carry_out(asked, None, &mut Interrupt::new()).await?;
    delivery.print()
}
