//! The commands for Diadoc.
//!
//! **Invariant:** only tells the commands apart; each has a file of its own.

mod attach;
mod attach_waiting;
mod certificates;
mod documents;
mod organizations;
mod prepare;
mod receipts;
mod sign;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum DiadocCommand {
    /// Sign files and write FILE.p7s for each: a detached signature, CMS in DER
    Sign(Box<sign::SignArguments>),
    /// Sign documents of a message and attach the signatures to them
    Attach(Box<attach::AttachArguments>),
    /// Have the signer written into documents before they are signed; what has to be signed is written
    Prepare(Box<prepare::PrepareArguments>),
    /// Sign and send all receipts that wait in a box, batch after batch
    AutoSignReceipts(Box<receipts::ReceiptsArguments>),
    /// List documents, or what waits for a signature and what it needs
    Documents(Box<documents::DocumentsArguments>),
    /// List the certificates of the user, and why some cannot sign remotely
    Certificates(certificates::CertificatesArguments),
    /// List the organizations of the user, and their boxes
    Organizations(organizations::OrganizationsArguments),
}

/// Runs one of them.
pub(crate) async fn run(command: DiadocCommand, output: Output) -> Result<Exit, Failure> {
    match command {
        DiadocCommand::Sign(arguments) => Box::pin(sign::run(*arguments, output)).await,
        DiadocCommand::Attach(arguments) => Box::pin(attach::run(*arguments, output)).await,
        DiadocCommand::Prepare(arguments) => Box::pin(prepare::run(*arguments, output)).await,
        DiadocCommand::AutoSignReceipts(arguments) => receipts::run(*arguments, output).await,
        DiadocCommand::Documents(arguments) => Box::pin(documents::run(&arguments, output)).await,
        DiadocCommand::Certificates(arguments) => certificates::run(&arguments, output).await,
        DiadocCommand::Organizations(arguments) => organizations::run(&arguments, output).await,
    }
}
