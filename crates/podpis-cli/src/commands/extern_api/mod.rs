//! The commands for Extern.
//!
//! **Invariant:** tells the commands apart, and finds out what is asked before anything is sent.

mod accounts;
mod answer;
mod answer_waiting;
mod certificates;
mod decrypt;
mod docflows;
mod operation;
mod place;
mod reply;
mod send;
mod sign_draft;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum ExternCommand {
    /// Sign all documents of a draft; each is written with its signature
    SignDraft(Box<sign_draft::SignDraftArguments>),
    /// Sign a reply to a document
    SignReply(Box<reply::SignReplyArguments>),
    /// Sign a PFR reply: all its documents with one confirmation
    SignPfrReply(Box<reply::SignPfrReplyArguments>),
    /// Decrypt a document; it is written under its own name
    Decrypt(Box<decrypt::DecryptArguments>),
    /// Send a report: from files to a docflow, checked, signed, prepared and sent
    Send(Box<send::SendArguments>),
    /// Answer what a docflow asks for: every reply is made, signed and sent
    Reply(Box<answer::AnswerArguments>),
    /// List docflows, or those that ask for replies and for which
    Docflows(Box<docflows::DocflowsArguments>),
    /// List the certificates of an account, and why some cannot sign remotely
    Certificates(certificates::CertificatesArguments),
    /// List the accounts of the user
    Accounts(accounts::AccountsArguments),
}

/// Runs one of them.
pub(crate) async fn run(command: ExternCommand, output: Output) -> Result<Exit, Failure> {
    match command {
        ExternCommand::SignDraft(arguments) => sign_draft::run(*arguments, output).await,
        ExternCommand::SignReply(arguments) => reply::run(*arguments, output).await,
        ExternCommand::SignPfrReply(arguments) => reply::run_pfr(*arguments, output).await,
        ExternCommand::Decrypt(arguments) => decrypt::run(*arguments, output).await,
        ExternCommand::Send(arguments) => send::run(*arguments, output).await,
        ExternCommand::Reply(arguments) => answer::run(*arguments, output).await,
        ExternCommand::Docflows(arguments) => Box::pin(docflows::run(&arguments, output)).await,
        ExternCommand::Certificates(arguments) => certificates::run(&arguments, output).await,
        ExternCommand::Accounts(arguments) => accounts::run(&arguments, output).await,
    }
}
