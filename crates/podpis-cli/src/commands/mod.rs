//! Decides how a command is run: log, runtime, failure, ending.
//!
//! **Invariant:** whatever a command left behind, such as a thread that waits for a line, never holds up the end of
//! the program.

pub(crate) mod diadoc;
pub(crate) mod doctor;
pub(crate) mod extern_api;
pub(crate) mod generate;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod ops;
pub(crate) mod sandbox;
pub(crate) mod verify;
pub(crate) mod whoami;

use std::future::Future;
use std::pin::Pin;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::file_size;
use crate::log;
use crate::output::Output;
use crate::profile;
use crate::store;

/// Runs what was asked for and says how it ended.
pub(crate) fn run(arguments: Arguments) -> Exit {
    let output = arguments.output();
    dispatch(arguments, output).unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit()
    })
}

fn dispatch(arguments: Arguments, output: Output) -> Result<Exit, Failure> {
    log::start(arguments.verbose)?;
    let named = arguments.profile.as_deref();
    match &arguments.command {
        // It says what is wrong with a profile among other things.
        Command::Sandbox(_) | Command::Verify(_) | Command::Doctor(_) | Command::Generate(_) => {}
        Command::Login(_) => profile::begin(named)?,
        // What is set for a service is not for the sandbox inside.
        _ if arguments.embeds => {}
        _ => profile::choose(named)?,
    }
    match arguments.command {
        Command::Sandbox(arguments) => block_on_threads(Box::pin(sandbox::run(arguments, output))),
        Command::Diadoc(command) => block_on(Box::pin(diadoc::run(command, output))),
        Command::Extern(command) => block_on(Box::pin(extern_api::run(command, output))),
        Command::Ops(command) => block_on(Box::pin(ops::run(command, output))),
        Command::Generate(command) => {
            block_on(Box::pin(async move { generate::run(command, output) }))
        }
        Command::Login(arguments) => block_on(Box::pin(login::run(arguments, output))),
        Command::Logout(arguments) => {
            block_on(Box::pin(
                async move { logout::run(&arguments, output).await },
            ))
        }
        Command::Whoami(arguments) => {
            block_on(Box::pin(
                async move { whoami::run(&arguments, output).await },
            ))
        }
        Command::Doctor(asked) => {
            let named = arguments.profile;
            block_on(Box::pin(doctor::run(asked, named, output)))
        }
        Command::Verify(arguments) => block_on(Box::pin(verify::run(arguments, output))),
    }
}

/// So many threads may wait for files and people: for each of the hundreds that tokio would begin, the allocator keeps the most
/// that it ever had.
const BLOCKING_THREADS: usize = 16;

fn block_on(
    command: Pin<Box<dyn Future<Output = Result<Exit, Failure>>>>,
) -> Result<Exit, Failure> {
    ends(tokio::runtime::Builder::new_current_thread(), command)
}

/// Runs a server to its end: its clients do not wait for each other.
fn block_on_threads(
    command: Pin<Box<dyn Future<Output = Result<Exit, Failure>>>>,
) -> Result<Exit, Failure> {
    ends(tokio::runtime::Builder::new_multi_thread(), command)
}

fn ends(
    mut runtime: tokio::runtime::Builder,
    command: Pin<Box<dyn Future<Output = Result<Exit, Failure>>>>,
) -> Result<Exit, Failure> {
    let runtime = runtime
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .build()
        .map_err(Failure::setup)?;
    let ended = runtime.block_on(async {
        file_size::is_an_error();
        let ended = command.await;
        store::close().await;
        ended
    });
    // A thread that waits for a line of stdin cannot be woken up, and nothing it reads is wanted any more.
    runtime.shutdown_background();
    ended
}
