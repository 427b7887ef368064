//! `podpis whoami`: as whom the services know whoever is logged in.
//!
//! **Invariant:** says what the service says, and nothing that is only kept.

use clap::Args;
use podpis::{Diadoc, Extern};
use serde_json::json;

use crate::connection::{Connection, Service, ServiceArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::LoginMessage;
use crate::output::Output;
use crate::profile::{self, ProfileArguments, ServiceName};

#[derive(Debug, Args)]
pub(crate) struct WhoamiArguments {
    /// Which service to ask; those that are set up unless given
    #[arg(long, value_enum)]
    service: Option<ServiceName>,

    #[command(flatten)]
    _profile: ProfileArguments,
}

/// Asks them.
pub(crate) async fn run(arguments: &WhoamiArguments, output: Output) -> Result<Exit, Failure> {
    let wanted = |service: ServiceName| arguments.service.is_none_or(|one| one == service);
    let mut exit = Exit::Done;
    let mut asked = false;
    if wanted(ServiceName::Diadoc) && Diadoc::is_set_up(output).await? {
        asked = true;
        exit = exit.worst(ended(diadoc(output).await, output));
    }
    if wanted(ServiceName::Extern) && Extern::is_set_up(output).await? {
        asked = true;
        exit = exit.worst(ended(extern_api(output).await, output));
    }
    if !asked {
        let service = arguments.service.unwrap_or(ServiceName::Diadoc).as_str();
        let profile = profile::name().to_owned();
        let message = LoginMessage::NotLoggedIn { service, profile };
        let failure = Failure::failed("login", message.into());
        return Err(failure.advising(Some(LoginMessage::LogInFirst.into())));
    }
    Ok(exit)
}

fn ended(asked: Result<(), Failure>, output: Output) -> Exit {
    match asked {
        Ok(()) => Exit::Done,
        Err(failure) => {
            output.failure(&failure);
            failure.exit()
        }
    }
}

async fn diadoc(output: Output) -> Result<(), Failure> {
    let connection = Connection::<Diadoc>::open(&ServiceArguments::default(), output).await?;
    let organizations = connection.reader().organizations().await?;
    let names = organizations.into_iter().map(|one| one.full_name);
    tell(&connection, "organizations", names.collect(), output)
}

async fn extern_api(output: Output) -> Result<(), Failure> {
    let connection = Connection::<Extern>::open(&ServiceArguments::default(), output).await?;
    let accounts = connection.reader().accounts().await?;
    let names = accounts
        .into_iter()
        .filter_map(|one| one.organization_name.or(one.name));
    tell(&connection, "accounts", names.collect(), output)
}

fn tell<S: Service>(
    connection: &Connection<S>,
    list: &str,
    names: Vec<String>,
    output: Output,
) -> Result<(), Failure> {
    let (service, url) = (S::NAME.as_str(), connection.url());
    let profile = profile::name().to_owned();
    output.result(&json!({
        "service": service,
        "base_url": url,
        "profile": profile,
        list: names,
    }))?;
    let message = LoginMessage::Who {
        service,
        url,
        profile,
        names: names.join("; "),
    };
    output.show(&output.text(&message.into()))
}
