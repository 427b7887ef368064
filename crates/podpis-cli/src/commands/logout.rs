//! `podpis logout`: removes the login that was kept.
//!
//! **Invariant:** what was kept is nowhere any more when it says so; the service is not told, and its tokens end by themselves.

use clap::Args;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::login::Place;
use crate::messages::LoginMessage;
use crate::output::Output;
use crate::profile::{self, ProfileArguments, ServiceName};

#[derive(Debug, Args)]
pub(crate) struct LogoutArguments {
    /// Which service to log out of; both unless given
    #[arg(long, value_enum)]
    service: Option<ServiceName>,

    #[command(flatten)]
    _profile: ProfileArguments,
}

/// Removes it.
pub(crate) async fn run(arguments: &LogoutArguments, output: Output) -> Result<Exit, Failure> {
    let wanted = |service: &ServiceName| arguments.service.is_none_or(|one| one == *service);
    for service in ServiceName::ALL.into_iter().filter(wanted) {
        let place = Place::required(service, output)?;
        let lock = place.lock().await?;
        let was_there = place.remove(&lock).await?;
        let profile = profile::name().to_owned();
        let service = service.as_str();
        output.result(&json!({ "service": service, "profile": profile, "removed": was_there }))?;
        let message = if was_there {
            LoginMessage::LoggedOut { service, profile }
        } else {
            LoginMessage::NotLoggedIn { service, profile }
        };
        output.say(&message.into());
    }
    Ok(Exit::Done)
}
