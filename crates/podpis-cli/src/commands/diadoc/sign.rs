//! `podpis diadoc sign`: signs files and writes a signature for each.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with files, folders,
//! the journal and settings is found before that.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use podpis::Thumbprint;
use podpis::core::wait::SystemTimer;

use crate::checks::StrictArguments;
use crate::connection::{Connection, ConnectionArguments, WaitingArguments, parse};
use crate::delivery::{Delivery, Goal};
use crate::driving::{Driver, Method, Plan};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::signature_file;
use crate::store::{JournalArguments, Store};

#[derive(Debug, Args)]
#[command(
    after_help = "A FILE.p7s that is already there is replaced, in one step: at no time is half a signature found \
                  under that name.\n\
                  By dss the signer confirms on the phone, and the program says where and waits. When Diadoc asks \
                  to start over later, that is done inside --timeout, at most three times.\n\
                  By cloud the code from the SMS is asked for on the terminal. When standard input is not a \
                  terminal, one line of it is one code.\n\
                  The operation is in the journal until its signatures are written: whatever stops the program, \
                  `podpis ops` goes on with it. That of --sandbox ends with the program and is not kept."
)]
pub(crate) struct SignArguments {
    /// Files to sign, all with one confirmation
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How to sign
    #[arg(long, value_enum, default_value_t = SignMethod::Dss)]
    method: SignMethod,

    /// Thumbprint of the certificate to sign with; the person's current one unless given
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Folder for the signatures; beside each file unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    connection: ConnectionArguments,

    #[command(flatten)]
    waiting: WaitingArguments,

    #[command(flatten)]
    journal: JournalArguments,

    #[command(flatten)]
    strict: StrictArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SignMethod {
    /// DSS certificate, confirmed on its owner's phone (DssSign)
    Dss,
    /// Kontur.Certificate with a code by SMS (CloudSign)
    Cloud,
}

/// Signs and writes.
pub(crate) async fn run(arguments: SignArguments, output: Output) -> Result<Exit, Failure> {
    let SignArguments {
        files,
        method,
        cert,
        out,
        connection: place,
        waiting,
        journal,
        strict,
    } = arguments;
    let wanted: Option<Thumbprint> = match &cert {
        Some(text) => Some(parse("--cert", text)?),
        None => None,
    };
    let targets = signature_file::plan(&files, out.as_deref())?;
    let store = if place.sandbox {
        Store::memory()
    } else {
        Store::folder(&journal)?
    };
    let connection = Connection::open(&place, output).await?;
    store.starting_in(connection.sandbox_url(), place.base_url.as_deref());
    let side = connection.sandbox.as_ref();
    let (method, seeded) = match method {
        SignMethod::Dss => {
            let in_box = connection.in_box(output).await?;
            let seeded = side.and_then(|side| side.dss_certificate);
            (Method::Dss { in_box }, seeded)
        }
        SignMethod::Cloud => (Method::Cloud, side.and_then(|side| side.certificate)),
    };
    let mut plan = Plan {
        method,
        goal: Goal {
            files: files
                .iter()
                .map(|file| file.display().to_string())
                .collect(),
            targets,
        },
        files,
        certificate: wanted.or(seeded),
        follows: None,
    };
    let asker = connection.asker(place.yes, &waiting, output);
    let mut driver = Driver {
        store: &store,
        deadline: waiting.deadline(),
        interrupt: &mut Interrupt::new(),
        output,
        strict,
    };
    let diadoc = connection.diadoc(&waiting, output);
    let run = driver.start(&diadoc, &plan).await?;
    let time = SystemTimer::new().into();
    let delivery = driver
        .see_through(run, &diadoc, &mut plan, &asker, &time)
        .await?;
    print(delivery, output)
}

/// Prints what came of one operation: an object per file, then what went wrong.
pub(crate) fn print(delivery: Delivery, output: Output) -> Result<Exit, Failure> {
    for file in &delivery.files {
        output.result(file)?;
    }
    for failure in &delivery.failures {
        output.failure(failure);
    }
    Ok(delivery.exit)
}
