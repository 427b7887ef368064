//! `podpis doctor`: what stands between this machine and a signature.
//!
//! | module | looks at |
//! |---|---|
//! | `proxy`, `roots`, `probe` | how the service is reached |
//! | `service` | one service, from its address to its login |
//! | `diadoc`, `extern_api` | what the user has there |
//! | `journal` | where operations are kept |
//! | `finding` | how what was found is told |
//!
//! **Invariant:** starts nothing and asks nobody; each thing that is wrong is told by itself, with what to do about it, and what
//! could not be looked at because of it is told as that.

mod diadoc;
mod extern_api;
mod finding;
mod journal;
mod probe;
mod proxy;
mod roots;
mod service;

use clap::Args;
use podpis::{Diadoc, Extern};

use self::finding::Report;
use crate::connection::Service;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage};
use crate::output::Output;
use crate::profile::{self, ProfileArguments};
use crate::sandbox::{self, Signatures};
use crate::store::JournalArguments;

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Look at a sandbox inside the program in place of the services; no account, certificate or phone is needed
    #[arg(long)]
    sandbox: bool,

    #[command(flatten)]
    journal: JournalArguments,

    #[command(flatten)]
    _profile: ProfileArguments,
}

/// Looks at everything that is set up. `named` is `--profile`.
pub(crate) async fn run(
    arguments: DoctorArguments,
    named: Option<String>,
    output: Output,
) -> Result<Exit, Failure> {
    let mut report = Report::new(output);
    let version = DoctorMessage::Version(env!("CARGO_PKG_VERSION").to_owned());
    report.of(None).fine(Check::Version, version)?;
    if !arguments.sandbox
        && let Err(failure) = profile::choose(named.as_deref())
    {
        let advice = DoctorMessage::RepairSettings;
        report.of(None).failure(Check::Settings, &failure, advice)?;
    }
    let embedded = if arguments.sandbox {
        Some(sandbox::embed(Signatures::default()).await?)
    } else {
        None
    };
    let url = embedded.as_ref().map(|server| server.base_url().to_owned());
    let mut looked_at = 0;
    // A kept login that cannot be read is told of as a login.
    if url.is_some() || Diadoc::is_set_up(output).await.unwrap_or(true) {
        looked_at += 1;
        diadoc::examine(url.as_deref(), report.of(Some("diadoc"))).await?;
    }
    if url.is_some() || Extern::is_set_up(output).await.unwrap_or(true) {
        looked_at += 1;
        extern_api::examine(url.as_deref(), report.of(Some("extern"))).await?;
    }
    if looked_at == 0 {
        let (what, advice) = (DoctorMessage::NotSetUp, DoctorMessage::SetUp);
        report.of(None).problem(Check::Settings, what, advice)?;
    }
    journal::examine(&arguments.journal, report.of(None)).await?;
    Ok(report.exit())
}

/// The variable of a service's address.
const fn address_variable<S: Service>() -> &'static str {
    S::ADDRESS.0
}
