//! `podpis sandbox`: the sandbox as a server of its own.
//!
//! **Invariant:** listens on this machine only, unless other hosts were allowed in so many words; everyone who reaches a
//! sandbox can read its codes.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, ValueEnum};
use podpis_sandbox::{Bind, PhoneMode, Profile, Sandbox, WorldInfo, WorldOptions};
use serde_json::{Map, Value, json};

use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;
use crate::sandbox::Signatures;

#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: String,

    /// How the person with the virtual phone behaves
    #[arg(long, value_enum, default_value_t = Phone::Manual)]
    phone: Phone,

    /// Which of the two contradicting documents about `forceConfirmation` Extern follows
    #[arg(long, value_enum, default_value_t = Documents::Seed)]
    profile: Documents,

    /// What it signs with
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    signatures: Signatures,

    /// Put a time stamp of the sandbox into every signature (CAdES-T)
    #[arg(long)]
    time_stamps: bool,

    /// The URL at which it is reached, as its certificates say it; that of --listen unless given
    #[arg(long, value_name = "URL")]
    address: Option<String>,

    /// Listen where other machines reach it too, such as inside a container: whoever reaches it reads its codes
    #[arg(long)]
    allow_other_hosts: bool,

    /// What ids, tokens and codes are made from; sandboxes with one seed have the same ones
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Documents {
    /// `true` signs receipts at once
    Seed,
    /// `true` asks for a confirmation
    #[value(name = "2018-09-18")]
    Text2018,
}

impl From<Documents> for Profile {
    fn from(documents: Documents) -> Self {
        match documents {
            Documents::Seed => Self::Seed,
            Documents::Text2018 => Self::Text2018,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Phone {
    /// SMS arrive; a push waits until someone acts
    Manual,
    /// SMS arrive; a push is confirmed by itself
    Confirm,
    /// SMS arrive; a push is declined by itself
    Decline,
    /// Nothing arrives
    Silent,
}

impl From<Phone> for PhoneMode {
    fn from(phone: Phone) -> Self {
        match phone {
            Phone::Manual => Self::Manual,
            Phone::Confirm => Self::Confirm,
            Phone::Decline => Self::Decline,
            Phone::Silent => Self::Silent,
        }
    }
}

/// Runs until Ctrl-C.
pub(crate) async fn run(arguments: SandboxArguments, output: Output) -> Result<Exit, Failure> {
    let bind = bind(&arguments.listen, arguments.allow_other_hosts)?;
    let mut options = WorldOptions::default()
        .phone(arguments.phone.into(), Duration::ZERO)
        .profile(arguments.profile.into())
        .signatures(arguments.signatures.into())
        .time_stamps(arguments.time_stamps)
        .address(arguments.address);
    if let Some(seed) = arguments.seed {
        options = options.seed(seed);
    }
    let server = Sandbox::start(options, bind).await.map_err(|error| {
        Failure::failed("listen", Message::ListenFailed(arguments.listen)).with_source(error)
    })?;
    let url = server.base_url();
    let phone = format!("{url}/phone");
    let variables = variables(url, &server.sandbox().world_info());

    output.say(&Message::SandboxListens(url.to_owned()));
    output.say(&Message::SandboxPhone(phone.clone()));
    output.say(&Message::SandboxVariables);
    for (name, value) in &variables {
        output.line(&format!("export {name}={value}"));
    }
    output.say(&Message::SandboxStop);
    let environment: Map<String, Value> = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    output.result(&json!({ "base_url": url, "phone_url": phone, "environment": environment }))?;

    tokio::signal::ctrl_c().await.map_err(Failure::setup)?;
    Ok(Exit::Done)
}

fn bind(text: &str, other_hosts: bool) -> Result<Bind, Failure> {
    let local = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok())
        .map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let address = match local {
        Some(address) => address,
        None => text.parse().map_err(|error: std::net::AddrParseError| {
            Failure::usage(Message::ListenAddress(text.to_owned())).with_source(error)
        })?,
    };
    let bind = Bind::address(address);
    if other_hosts {
        return Ok(bind.allow_other_hosts());
    }
    if !address.ip().is_loopback() {
        let message = Message::ListenOtherHosts(address.to_string());
        return Err(Failure::usage(message));
    }
    Ok(bind)
}

/// What another program needs. These secrets are in the sandbox's manual.
fn variables(url: &str, world: &WorldInfo) -> [(&'static str, String); 11] {
    [
        (environment::BASE_URL, url.to_owned()),
        (environment::CLIENT_ID, world.diadoc.api_client_id.clone()),
        (environment::LOGIN, world.diadoc.login.clone()),
        (environment::PASSWORD, world.diadoc.password.clone()),
        (environment::BOX, world.diadoc.box_id.clone()),
        (environment::EXTERN_BASE_URL, url.to_owned()),
        (
            environment::EXTERN_CLIENT_ID,
            world.extern_.client_id.clone(),
        ),
        (environment::EXTERN_API_KEY, world.extern_.api_key.clone()),
        (environment::EXTERN_LOGIN, world.extern_.login.clone()),
        (environment::EXTERN_PASSWORD, world.extern_.password.clone()),
        (environment::EXTERN_ACCOUNT, world.extern_.account.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_reach_it_only_where_that_was_allowed() {
        for good in ["127.0.0.1:0", "127.8.8.8:1", "[::1]:8787", "localhost:80"] {
            assert!(bind(good, false).is_ok(), "{good}");
        }
        for others in ["0.0.0.0:8787", "[::]:1", "192.168.0.1:80"] {
            assert_eq!(bind(others, false).unwrap_err().exit(), Exit::Usage);
            assert!(bind(others, true).is_ok(), "{others}");
        }
        for bad in ["127.0.0.1", "localhost", "localhost:port", ""] {
            assert_eq!(bind(bad, true).unwrap_err().exit(), Exit::Usage, "{bad}");
        }
    }
}
