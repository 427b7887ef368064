//! What takes too long, or too much of the machine, for a test: workers that are killed, and how much a database costs.
//!
//! `cargo xtask soak postgres [killed|throughput]` runs it; it starts a server of its own.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a measurement prints, and one that cannot go on has failed"
)]

#[path = "../../tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "it is made for the tests")]
mod cluster;
mod killed;
mod line;
mod throughput;
mod worker;

use std::time::Duration;

use podpis::core::wait::PollPolicy;
use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin, SharedTransport};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The logins of the sandbox, which every process has of its own.
#[derive(Clone, Debug)]
struct Login {
    client_id: String,
    login: String,
    password: String,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["worker", name, journal, service, client_id, login, password] => {
            let login = Login {
                client_id: client_id.to_owned(),
                login: login.to_owned(),
                password: password.to_owned(),
            };
            worker::work(name, journal, service, &login).await
        }
        ["killed"] => killed::run().await,
        ["throughput"] => throughput::run().await,
        [] => {
            killed::run().await?;
            throughput::run().await
        }
        _ => Err("say killed, throughput, or nothing for both".into()),
    }
}

/// A client that polls for the first time after this pause.
fn client(
    base: &str,
    login: &Login,
    transport: impl Into<SharedTransport>,
    first_pause: Duration,
) -> Result<Diadoc, Failure> {
    let login = DiadocLogin::password(
        ApiClientId::new(login.client_id.clone()),
        login.login.clone(),
        Password::new(login.password.clone()),
    );
    let pauses = PollPolicy::growing(first_pause, Duration::from_secs(1));
    let builder = Diadoc::builder(base.parse()?, login, transport.into());
    Ok(builder.polls(pauses).build())
}

fn seeded(sandbox: &podpis_sandbox::Sandbox) -> Login {
    let seeded = sandbox.world_info().diadoc;
    Login {
        client_id: seeded.api_client_id,
        login: seeded.login,
        password: seeded.password,
    }
}
